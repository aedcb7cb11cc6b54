"""Put the pieces together: read, check, translate, execute, write."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from coursebuild.fingerprints import Built, Fingerprints, built_bytes, built_file, read_built
from coursebuild.module import LANGUAGES
from coursebuild.outputs import clean_outputs, output_problems
from coursebuild.plan import Target, make_plan, read_modules
from coursebuild.problems import CourseError, Problem
from coursebuild.run import execute, reuse_outputs
from coursebuild.source import KINDS

__all__ = ["Report", "build"]

Say = Callable[[str], None]


@dataclass
class Report:
    """What a build did."""

    executed: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def build(
    root: Path,
    *,
    only: str | None = None,
    check: bool = False,
    jobs: int = 2,
    say: Say = lambda line: None,
) -> Report:
    """Build the course, or with `check` only tell whether what is built is up to date.

    Raises :class:`CourseError` with every problem found. A notebook is executed again when its
    source changed, or what it reaches: code, messages, data.
    """
    plan = make_plan(root, read_modules(root, only), only)
    targets, pages = plan.targets, plan.pages
    report = Report(warnings=plan.warnings)
    former, prints = read_built(root), Fingerprints(root)
    stale: dict[Path, str] = {}
    for target in targets:
        if target.kind != "exercises":
            where = f"course/{target.module.slug}/{KINDS[target.kind]}.py"
            target.prints = prints.of(target.module, target.notebook, where)
            why = _why_stale(target, former)
            if why:
                stale[target.path] = why
    todo = [target for target in targets if target.path in stale]
    if check:
        built = _entries(targets, former, set(), only is None)
        _check(root, targets, stale, pages | {built_file(root): built_bytes(built)}, only is None)
        return report
    for target in todo:
        target.path.parent.mkdir(parents=True, exist_ok=True)
    problems: list[Problem] = []
    refused: set[Path] = set()
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        for target, found in zip(todo, pool.map(_run, todo), strict=True):
            report.executed.append(str(target.path.relative_to(root)))
            say(f"executed {report.executed[-1]}")
            problems += found
            refused |= {target.path} if found else set()
    for target in targets:
        if target.path not in refused:
            _write(root, target.path, _bytes(target.notebook), report)
    for path, content in pages.items():
        _write(root, path, content, report)
    built = _entries(targets, former, refused, only is None)
    _write(root, built_file(root), built_bytes(built), report)
    if only is None:
        for path in _orphans(root, {target.path for target in targets} | pages.keys()):
            path.unlink()
            report.written.append(f"{path.relative_to(root)} (removed)")
    if problems:
        raise CourseError(problems)
    return report


def _run(target: Target) -> list[Problem]:
    try:
        execute(target.notebook, target.path.parent)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
        where = f"course/{target.module.slug}/{KINDS[target.kind]}.py"
        said = str(error).strip().splitlines()[-1]
        return [Problem(where, f"does not run to its end: {said}", "run it in JupyterLab to see")]
    language = target.notebook.metadata["cm"]["language"]
    problems = [
        problem
        for cell, where in zip(target.notebook.cells, target.wheres, strict=True)
        if cell.cell_type == "code"
        for problem in output_problems(cell, f"{where}, {target.kind}/{language}")
    ]
    clean_outputs(target.notebook)
    return problems


def _bytes(notebook: Any) -> bytes:
    nbformat.validate(notebook)
    return (nbformat.writes(notebook, version=4).rstrip("\n") + "\n").encode()


def _write(root: Path, path: Path, content: bytes, report: Report) -> None:
    if not _differs(path, content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    report.written.append(str(path.relative_to(root)))


def _why_stale(target: Target, former: Built) -> str:
    """Say why a notebook is to be executed again; empty when it is not."""
    known = former.get(target.module.slug, {}).get(target.name, {})
    if known.get("source") != target.prints["source"]:
        return "is not what its source gives"
    if known.get("reached") != target.prints["reached"]:
        return "was executed with other code, messages or data than it reaches now"
    if not reuse_outputs(target.notebook, target.path):
        return "is not what its source gives"
    return ""


def _entries(targets: list[Target], former: Built, refused: set[Path], full: bool) -> Built:
    """Return the fingerprints to keep; a notebook that was not written keeps its former ones."""
    built: Built = {} if full else {slug: dict(entries) for slug, entries in former.items()}
    for target in targets:
        slug = target.module.slug
        prints = target.prints
        if target.path in refused:
            prints = former.get(slug, {}).get(target.name, {})
        if prints:
            built.setdefault(slug, {})[target.name] = prints
    return built


def _check(
    root: Path, targets: list[Target], stale: dict[Path, str], pages: dict[Path, bytes], full: bool
) -> None:
    """Raise the list of what a build would change, without executing anything."""
    remedy = "run tools/build_course.py and commit what it writes"
    changed = dict(stale)
    for target in targets:
        if target.path not in changed and _differs(target.path, _bytes(target.notebook)):
            changed[target.path] = "is not what its source gives"
    for path, content in pages.items():
        if _differs(path, content) and not (stale and path == built_file(root)):
            changed[path] = "is not what its source gives"
    if full:
        for path in _orphans(root, {target.path for target in targets} | pages.keys()):
            changed[path] = "has no source"
    if changed:
        raise CourseError(
            Problem(str(path.relative_to(root)), what, remedy) for path, what in changed.items()
        )


def _differs(path: Path, content: bytes) -> bool:
    return not path.is_file() or path.read_bytes() != content


def _orphans(root: Path, wanted: set[Path]) -> list[Path]:
    """Return the built files that no source gives any more."""
    places = [(root / kind, "ipynb") for kind in KINDS]
    places += [(root / "docs" / "handouts", "html"), (root / "docs" / "trainer", "md")]
    built = [
        path
        for folder, suffix in places
        for language in LANGUAGES
        for path in (folder / language).glob(f"[0-9][0-9]_*.{suffix}")
    ]
    built += (root / "course").glob("[0-9][0-9]_*/*.mo")
    return sorted(path for path in built if path not in wanted)
