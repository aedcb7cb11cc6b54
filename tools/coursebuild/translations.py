"""Keep the catalogues in line with the sources, and fill them from a translated copy."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from coursebuild.catalogue import Catalogue, Unit, catalogue_path, update_catalogue
from coursebuild.module import LANGUAGES, Module, read_module
from coursebuild.pages import handout, trainer_notes
from coursebuild.plan import module_catalogue, read_modules, selected
from coursebuild.problems import CourseError, Problem
from coursebuild.questions import compiled_questions
from coursebuild.source import KINDS, make_notebook, read_cells
from coursebuild.typography import french_spaces

__all__ = ["import_translation", "update_translations"]


def update_translations(root: Path, only: str | None = None) -> list[Path]:
    """Bring the catalogues in line with the sources; return their paths."""
    paths = []
    for module in read_modules(root, only):
        if selected(module, only):
            for language in LANGUAGES[1:]:
                path = catalogue_path(module.folder, language)
                shared = module_catalogue(root, module, language)
                update_catalogue(path, _units(module, shared), {})
                paths.append(path)
    return paths


def import_translation(root: Path, number: str, language: str, folder: Path) -> Path:
    """Fill the catalogue of a module from a translated copy of its sources in `folder`.

    The copy has the same cells and blocks in the same order, in the other language; a file
    that is not in the folder is left as it is in the catalogue.
    """
    module = next(found for found in read_modules(root, number) if found.number == number)
    twin = read_module(folder) if (folder / "module.toml").is_file() else module
    ours = _by_file(_units(module, Catalogue(language)))
    theirs = _by_file(_units(replace(twin, folder=folder), Catalogue(language)))
    given: dict[Unit, str] = {}
    for name in ("lesson.py", "exercises.py", "trainer.md", "module.toml", "questions.py"):
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
    path = catalogue_path(module.folder, language)
    update_catalogue(path, _units(module, module_catalogue(root, module, language)), given)
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
    compiled_questions(module, catalogue)
    return catalogue.units
