"""Put the pieces together: read, check, translate, execute, write."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from coursebuild.catalogue import Catalogue, Unit, catalogue_path, update_catalogue
from coursebuild.module import LANGUAGES, Module, module_folders, read_module
from coursebuild.names import budget_problem, used_names
from coursebuild.outputs import clean_outputs, output_problems
from coursebuild.pages import handout, trainer_notes
from coursebuild.problems import CourseError, Problem
from coursebuild.rules import (
    anchors_of,
    block_problems,
    cell_problems,
    link_problems,
    outline_problems,
)
from coursebuild.run import engine_fingerprint, execute, reuse_outputs
from coursebuild.source import KINDS, Cell, built_path, make_notebook, read_cells
from coursebuild.typography import french_spaces

__all__ = ["Report", "build", "import_translation", "update_translations"]

Say = Callable[[str], None]


@dataclass
class Report:
    """What a build did."""

    executed: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Target:
    module: Module
    kind: str
    path: Path
    notebook: Any
    wheres: list[str]


def build(
    root: Path,
    *,
    only: str | None = None,
    check: bool = False,
    jobs: int = 2,
    say: Say = lambda line: None,
) -> Report:
    """Build the course, or with `check` only tell whether what is built is up to date.

    Raises :class:`CourseError` with every problem found. Notebooks whose source, cmlib rooms and
    data did not change are not executed again.
    """
    report = Report()
    modules = _modules(root, only)
    targets, pages = _plan(root, modules, only, report)
    todo = []
    for target in targets:
        notebook = target.notebook
        if target.kind != "exercises":
            notebook.metadata["cm"]["engine"] = engine_fingerprint(root, target.module, notebook)
            if not reuse_outputs(notebook, target.path):
                todo.append(target)
    if check:
        _check(root, targets, todo, pages, only is None)
        return report
    for target in todo:
        target.path.parent.mkdir(parents=True, exist_ok=True)
    problems: list[Problem] = []
    refused: list[Path] = []
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        for target, found in zip(todo, pool.map(_run, todo), strict=True):
            report.executed.append(str(target.path.relative_to(root)))
            say(f"executed {report.executed[-1]}")
            problems += found
            refused += [target.path] if found else []
    for target in targets:
        if target.path not in refused:
            _write(root, target.path, _text(target.notebook), report)
    for path, text in pages.items():
        _write(root, path, text, report)
    if only is None:
        for path in _orphans(root, {target.path for target in targets} | pages.keys()):
            path.unlink()
            report.written.append(f"{path.relative_to(root)} (removed)")
    if problems:
        raise CourseError(problems)
    return report


def update_translations(root: Path, only: str | None = None) -> list[Path]:
    """Bring the catalogues in line with the sources; return their paths."""
    paths = []
    for module in _modules(root, only):
        if _selected(module, only):
            for language in LANGUAGES[1:]:
                path = catalogue_path(root, language, module.number)
                shared = Catalogue(language, catalogue_path(root, language), path)
                update_catalogue(path, _units(module, shared), {})
                paths.append(path)
    return paths


def import_translation(root: Path, number: str, language: str, folder: Path) -> Path:
    """Fill the catalogue of a module from a translated copy of its sources in `folder`.

    The copy has the same cells and blocks in the same order, in the other language; a file
    that is not in the folder is left as it is in the catalogue.
    """
    module = next(found for found in _modules(root, number) if found.number == number)
    twin = read_module(folder) if (folder / "module.toml").is_file() else module
    ours = _by_file(_units(module, Catalogue(language)))
    theirs = _by_file(_units(replace(twin, folder=folder), Catalogue(language)))
    given: dict[Unit, str] = {}
    for name in ("lesson.py", "exercises.py", "trainer.md", "module.toml"):
        if (folder / name).is_file():
            pairs = list(zip_longest(ours.get(name, []), theirs.get(name, [])))
            for one, two in pairs:
                if one is None or two is None or _place(one) != _place(two):
                    left, right = (
                        "nothing" if u is None else f"“{u.text[:40]}”" for u in (one, two)
                    )
                    where = (one or two).where
                    raise CourseError(
                        [Problem(where, f"{left} against {right}", "give both the same blocks")]
                    )
                given[one] = french_spaces(two.text) if language == "fr" else two.text
    path = catalogue_path(root, language, number)
    update_catalogue(path, _units(module, _catalogue(root, module, language)), given)
    return path


def _by_file(units: list[Unit]) -> dict[str, list[Unit]]:
    files: dict[str, list[Unit]] = {}
    for unit in units:
        name = unit.where.split(", cell")[0].rsplit("/", 1)[1]
        files.setdefault(name, []).append(unit)
    return files


def _place(unit: Unit) -> tuple[str, str]:
    return (unit.where, unit.context)


def _units(module: Module, catalogue: Catalogue) -> list[Unit]:
    """Return every text of a module, in the order of its files."""
    for kind, part in KINDS.items():
        make_notebook(module, kind, read_cells(module, part), catalogue)
    trainer_notes(module, catalogue)
    handout(module, [], catalogue)
    return catalogue.units


def _modules(root: Path, only: str | None) -> list[Module]:
    modules = []
    for folder in module_folders(root):
        try:
            modules.append(read_module(folder))
        except CourseError:
            if only is None or folder.name.startswith(only):
                raise
    if only is not None and not any(_selected(module, only) for module in modules):
        raise CourseError([Problem(f"--only {only}", "no such module", "give its two digits")])
    return modules


def _selected(module: Module, only: str | None) -> bool:
    return only is None or module.slug.startswith(only)


def _catalogue(root: Path, module: Module, language: str) -> Catalogue:
    return Catalogue(
        language,
        catalogue_path(root, language),
        catalogue_path(root, language, module.number),
    )


def _plan(
    root: Path, modules: list[Module], only: str | None, report: Report
) -> tuple[list[_Target], dict[Path, str]]:
    problems: list[Problem] = []
    targets: list[_Target] = []
    pages: dict[Path, str] = {}
    expected = {
        built_path(root, kind, language, module.slug).resolve()
        for module in modules
        for kind in KINDS
        for language in LANGUAGES
    }
    introduced: set[str] = set()
    gap = ""
    for position, module in enumerate(modules):
        if int(module.number) != position and not gap:
            gap = f"{position:02d}"
        new = [*module.new_names["libraries"], *module.new_names["cmlib"]]
        if _selected(module, only):
            parts: dict[str, list[Cell]] = {}
            for part in ("lesson", "exercises"):
                try:
                    parts[part] = read_cells(module, part)
                except CourseError as error:
                    problems += error.problems
            if len(parts) < 2:
                continue
            found = _name_problems(module, parts, introduced)
            if gap:
                report.warnings += [str(p) for p in found if "before" in p.what]
                found = [problem for problem in found if "before" not in problem.what]
            problems += found
            for language in LANGUAGES:
                catalogue = _catalogue(root, module, language)
                try:
                    built = _notebooks(root, module, parts, catalogue)
                except CourseError as error:
                    problems += error.problems
                    continue
                for target in built:
                    problems += _static_problems(target, language, parts, expected)
                targets += built
                for folder, text in (
                    (
                        f"docs/handouts/{language}/{module.slug}.html",
                        handout(module, parts["lesson"], catalogue),
                    ),
                    (f"docs/trainer/{language}/{module.slug}.md", trainer_notes(module, catalogue)),
                ):
                    if text:
                        pages[root / folder] = text
                problems += catalogue.problems
        introduced |= set(new)
        if not module.complete and not gap:
            gap = module.number
    if problems:
        raise CourseError(problems)
    return targets, pages


def _notebooks(
    root: Path, module: Module, parts: dict[str, list[Cell]], catalogue: Catalogue
) -> list[_Target]:
    targets = []
    for kind, part in KINDS.items():
        cells = parts[part]
        if cells:
            notebook = make_notebook(module, kind, cells, catalogue)
            kept = [c for c in cells if not (kind == "exercises" and "answer" in c.tags)]
            path = built_path(root, kind, catalogue.language, module.slug)
            targets.append(_Target(module, kind, path, notebook, [cell.where for cell in kept]))
    return targets


def _static_problems(
    target: _Target, language: str, parts: dict[str, list[Cell]], expected: set[Path]
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
                    f"{name} is used before a module introduces it",
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


def _run(target: _Target) -> list[Problem]:
    try:
        execute(target.notebook, target.path.parent)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
        where = f"course/{target.module.slug}/{KINDS[target.kind]}.py"
        said = str(error).strip().splitlines()[-1]
        return [Problem(where, f"does not run to its end: {said}", "run it in JupyterLab to see")]
    clean_outputs(target.notebook)
    language = target.notebook.metadata["cm"]["language"]
    return [
        problem
        for cell, where in zip(target.notebook.cells, target.wheres, strict=True)
        if cell.cell_type == "code"
        for problem in output_problems(cell, f"{where}, {target.kind}/{language}")
    ]


def _text(notebook: Any) -> str:
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def _write(root: Path, path: Path, text: str, report: Report) -> None:
    if not _differs(path, text):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    report.written.append(str(path.relative_to(root)))


def _check(
    root: Path, targets: list[_Target], stale: list[_Target], pages: dict[Path, str], full: bool
) -> None:
    """Raise the list of what a build would change, without executing anything."""
    remedy = "run tools/build_course.py and commit what it writes"
    changed = {target.path: "is not what its source gives" for target in stale}
    for target in targets:
        if target.path not in changed and _differs(target.path, _text(target.notebook)):
            changed[target.path] = "is not what its source gives"
        elif target.path in changed and _same_source(target):
            changed[target.path] = "was executed with another cmlib or other data"
    for path, text in pages.items():
        if _differs(path, text):
            changed[path] = "is not what its source gives"
    if full:
        for path in _orphans(root, {target.path for target in targets} | pages.keys()):
            changed[path] = "has no source"
    if changed:
        raise CourseError(
            Problem(str(path.relative_to(root)), what, remedy) for path, what in changed.items()
        )


def _same_source(target: _Target) -> bool:
    if not target.path.is_file():
        return False
    built = nbformat.read(target.path, as_version=4)
    return bool(
        built.metadata.get("cm", {}).get("source") == target.notebook.metadata["cm"]["source"]
        and [c.source for c in built.cells] == [c.source for c in target.notebook.cells]
    )


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


def _orphans(root: Path, wanted: set[Path]) -> list[Path]:
    """Return the built files that no source gives any more."""
    places = [(root / kind, "ipynb") for kind in KINDS]
    places += [(root / "docs" / "handouts", "html"), (root / "docs" / "trainer", "md")]
    return sorted(
        path
        for folder, suffix in places
        for language in LANGUAGES
        for path in (folder / language).glob(f"[0-9][0-9]_*.{suffix}")
        if path not in wanted
    )
