"""Decide what is to build, and check all that can be checked before anything runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursebuild.catalogue import Catalogue, catalogue_path
from coursebuild.module import (
    LANGUAGES,
    Module,
    module_folders,
    order_problems,
    read_module,
    read_order,
)
from coursebuild.names import budget_problem, used_names
from coursebuild.pages import handout, trainer_notes
from coursebuild.problems import CourseError, Problem
from coursebuild.questions import compiled_questions
from coursebuild.rules import (
    anchors_of,
    block_problems,
    cell_problems,
    link_problems,
    outline_problems,
)
from coursebuild.source import KINDS, Cell, built_path, make_notebook, read_cells

__all__ = ["Plan", "Target", "make_plan", "module_catalogue", "read_modules", "selected"]

EARLY = "is used before a module introduces it"


@dataclass
class Target:
    """A notebook to build, the source of each of its cells, and its fingerprints."""

    module: Module
    kind: str
    path: Path
    notebook: Any
    wheres: list[str]
    prints: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its kind and language: ``"solutions/fr"``."""
        return f"{self.kind}/{self.path.parent.name}"


@dataclass
class Plan:
    """All that a build writes, and what deserves a warning."""

    targets: list[Target] = field(default_factory=list)
    pages: dict[Path, bytes] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def make_plan(root: Path, modules: list[Module], only: str | None) -> Plan:
    """Translate and check the selected modules; raise every problem found at once."""
    plan = Plan()
    expected = {
        built_path(root, kind, language, module.slug).resolve()
        for module in modules
        for kind in KINDS
        for language in LANGUAGES
    }
    introduced: set[str] = set()
    order = read_order(root)
    gap = False
    for position, module in enumerate(modules):
        gap = gap or module.number != order[position]
        if selected(module, only):
            try:
                parts = {part: read_cells(module, part) for part in ("lesson", "exercises")}
            except CourseError as error:
                plan.problems += error.problems
            else:
                _plan_names(plan, module, parts, introduced, gap)
                for language in LANGUAGES:
                    _plan_language(plan, root, module, parts, language, expected)
        introduced |= {*module.new_names["libraries"], *module.new_names["cmlib"]}
        gap = gap or not module.complete
    if plan.problems:
        raise CourseError(plan.problems)
    return plan


def read_modules(root: Path, only: str | None) -> list[Module]:
    """Read all the modules, in the order they are taught.

    One that is broken only matters when it is selected.
    """
    order = read_order(root)
    modules = []
    for folder in module_folders(root):
        try:
            module = read_module(folder)
            problems = order_problems(module, order)
            if problems:
                raise CourseError(problems)
            modules.append(module)
        except CourseError:
            if only is None or folder.name.startswith(only):
                raise
    if only is not None and not any(selected(module, only) for module in modules):
        raise CourseError([Problem(f"--only {only}", "no such module", "give its two digits")])
    return modules


def selected(module: Module, only: str | None) -> bool:
    """Tell whether ``--only`` keeps this module."""
    return only is None or module.slug.startswith(only)


def module_catalogue(root: Path, module: Module, language: str) -> Catalogue:
    """Return the translations of a module, over those shared by all."""
    shared = catalogue_path(root / "course", language)
    return Catalogue(language, shared, catalogue_path(module.folder, language))


def _plan_names(
    plan: Plan, module: Module, parts: dict[str, list[Cell]], introduced: set[str], gap: bool
) -> None:
    """Check the names; while an earlier module is not complete, an unknown one only warns."""
    for problem in _name_problems(module, parts, introduced):
        if gap and problem.what.endswith(EARLY):
            plan.warnings.append(str(problem))
        else:
            plan.problems.append(problem)


def _plan_language(
    plan: Plan,
    root: Path,
    module: Module,
    parts: dict[str, list[Cell]],
    language: str,
    expected: set[Path],
) -> None:
    catalogue = module_catalogue(root, module, language)
    try:
        targets = _notebooks(root, module, parts, catalogue)
        page = handout(module, parts["lesson"], catalogue)
        notes = trainer_notes(module, catalogue)
        questions = compiled_questions(module, catalogue)
    except CourseError as error:
        plan.problems += error.problems
        return
    for target in targets:
        plan.problems += _static_problems(target, language, parts, expected)
    plan.targets += targets
    plan.pages[root / f"docs/handouts/{language}/{module.slug}.html"] = page.encode()
    if notes:
        path = root / f"docs/trainer/{language}/{module.slug}.md"
        plan.pages[path] = notes.encode()
        where = f"course/{module.slug}/trainer.md, {language}"
        plan.problems += link_problems(notes, path.parent, set(), expected, where)
    if language != "en" and (module.folder / "questions.py").is_file():
        plan.pages[module.folder / f"{language}.mo"] = questions
    plan.problems += catalogue.problems


def _notebooks(
    root: Path, module: Module, parts: dict[str, list[Cell]], catalogue: Catalogue
) -> list[Target]:
    targets = []
    for kind, part in KINDS.items():
        cells = parts[part]
        if cells:
            notebook = make_notebook(module, kind, cells, catalogue)
            kept = [c for c in cells if not (kind == "exercises" and "answer" in c.tags)]
            path = built_path(root, kind, catalogue.language, module.slug)
            targets.append(Target(module, kind, path, notebook, [cell.where for cell in kept]))
    return targets


def _static_problems(
    target: Target, language: str, parts: dict[str, list[Cell]], expected: set[Path]
) -> list[Problem]:
    cells = target.notebook.cells
    where = f"course/{target.module.slug}/{KINDS[target.kind]}.py"
    anchors = anchors_of(cells)
    found = outline_problems(cells, f"{where}, {language}")
    if target.kind == "notebooks" and target.module.complete and language == "en":
        found += block_problems(cells, where)
    if target.kind == "notebooks" and any("SOLUTION" in c.source for c in parts["lesson"]):
        found.append(Problem(where, "an answer in a lesson", "keep answers in exercises.py"))
    for cell, cell_where in zip(cells, target.wheres, strict=True):
        found += cell_problems(cell, cell_where, language)
        if cell.cell_type == "markdown":
            found += link_problems(
                cell.source, target.path.parent, anchors, expected, f"{cell_where}, {language}"
            )
    return found


def _name_problems(
    module: Module, parts: dict[str, list[Cell]], introduced: set[str]
) -> list[Problem]:
    where = f"course/{module.slug}/module.toml"
    libraries, cmlib = module.new_names["libraries"], module.new_names["cmlib"]
    found = []
    exceeded = budget_problem(libraries, cmlib)
    if exceeded:
        found.append(Problem(where, exceeded, "teach fewer names in this module"))
    for name in introduced & {*libraries, *cmlib}:
        found.append(Problem(where, f"{name} is not new", "an earlier module lists it: remove it"))
    taught: set[str] = set()
    for part, cells in parts.items():
        codes = [
            (cell.where, cell.source)
            for cell in cells
            if cell.kind == "code" and "more" not in cell.tags
        ]
        more = [(c.where, c.source) for c in cells if c.kind == "code" and "more" in c.tags]
        used = used_names((code for _where, code in codes + more), _tables())
        taught |= set(used) if part == "lesson" else set()
        for name, index in used.items():
            if name in introduced or name in libraries or name in cmlib:
                continue
            if name.startswith("learn."):
                continue
            found.append(
                Problem(
                    (codes + more)[index][0],
                    f"{name} {EARLY}",
                    "use a known name, or list it in new_names of module.toml",
                )
            )
    for name in {*libraries, *cmlib} - taught:
        if parts["lesson"]:
            found.append(Problem(where, f"the lesson never uses {name}", "remove it or teach it"))
    return found


def _tables() -> list[str]:
    from cmlib.data import TABLES

    return list(TABLES)
