"""From the percent-format sources of a module to its notebooks, in a language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jupytext
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursebuild.answers import marker_problems, without_answer, without_markers
from coursebuild.catalogue import Catalogue
from coursebuild.module import Module
from coursebuild.problems import CourseError, Problem
from coursebuild.translate import translate_code, translate_markdown

__all__ = ["KINDS", "Cell", "built_path", "make_notebook", "read_cells"]

KINDS = {"notebooks": "lesson", "exercises": "exercises", "solutions": "exercises"}
LANGUAGE_INFO = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
TAGS = {"core", "more", "answer", "raises-exception", "nbval-ignore-output", "hide-input"}
_METADATA = {"tags", "key", "alt", "translate", "starter"}
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,40}")
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Cell:
    """A cell of a source, in English."""

    kind: str
    source: str
    key: str
    where: str
    tags: list[str] = field(default_factory=list)
    alt: str = ""
    translate: list[str] = field(default_factory=list)
    starter: str | None = None


def built_path(root: Path, kind: str, language: str, slug: str) -> Path:
    """Return where a notebook is built: ``notebooks/fr/03_engagement.ipynb``."""
    return root / kind / language / f"{slug}.ipynb"


def read_cells(module: Module, part: str) -> list[Cell]:
    """Read ``lesson.py`` or ``exercises.py``; a part that is not written yet has no cell."""
    path = module.folder / f"{part}.py"
    if not path.is_file():
        return []
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    cells: list[Cell] = []
    problems: list[Problem] = []
    for index, raw in enumerate(notebook.cells, start=1):
        metadata = dict(raw.metadata)
        key = str(metadata.get("key", f"{index:03d}"))
        where = f"course/{module.slug}/{part}.py, cell {key}"
        problems += _metadata_problems(metadata, key, {cell.key for cell in cells}, where)
        tags = list(metadata.get("tags", []))
        if raw.cell_type == "code":
            problems += marker_problems(raw.source, where)
        if not {"core", "more"} & set(tags):
            tags.insert(0, "core")
        cells.append(
            Cell(
                kind=raw.cell_type,
                source=raw.source,
                key=key,
                where=where,
                tags=tags,
                alt=str(metadata.get("alt", "")),
                translate=list(metadata.get("translate", [])),
                starter=metadata.get("starter"),
            )
        )
    if problems:
        raise CourseError(problems)
    return cells


def make_notebook(module: Module, kind: str, cells: list[Cell], catalogue: Catalogue) -> Any:
    """Return the notebook of one kind and language, not executed.

    Its cell ids depend on the module and the key of the cell only.
    """
    built = [
        _build_cell(module, kind, cell, catalogue)
        for cell in cells
        if not (kind == "exercises" and "answer" in cell.tags)
    ]
    notebook = new_notebook(cells=built)
    notebook.metadata.update(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": dict(LANGUAGE_INFO),
            "cm": {
                "module": module.number,
                "language": catalogue.language,
                "level": module.level,
                "minutes": module.minutes,
                "questions": [_word(catalogue, module, text) for text in module.questions],
                "objectives": [_word(catalogue, module, text) for text in module.objectives],
                "keypoints": [_word(catalogue, module, text) for text in module.keypoints],
            },
        }
    )
    notebook.nbformat_minor = 5
    return notebook


def _build_cell(module: Module, kind: str, cell: Cell, catalogue: Catalogue) -> Any:
    def translate(text: str, context: str) -> str:
        return catalogue.get(text, context, cell.where)

    identity = f"m{module.number}-{KINDS[kind]}-{cell.key}"
    metadata: dict[str, Any] = {"tags": cell.tags}
    if cell.kind != "code":
        source = translate_markdown(cell.source, _unless_placeholder(translate))
        source = _PLACEHOLDER.sub(
            lambda found: _generated(found[1], module, kind, catalogue, cell.where), source
        )
        return new_markdown_cell(source, id=identity, metadata=metadata)
    code = cell.source
    if kind == "exercises":
        code = without_answer(code, cell.starter)
    code = translate_code(code, translate, cell.translate, catalogue.language)
    if cell.alt:
        metadata["alt"] = translate(cell.alt, "alt")
    return new_code_cell(without_markers(code), id=identity, metadata=metadata)


def _unless_placeholder(translate: Any) -> Any:
    def translated(text: str, context: str) -> str:
        return text if _PLACEHOLDER.fullmatch(text.strip()) else translate(text, context)

    return translated


def _generated(name: str, module: Module, kind: str, catalogue: Catalogue, where: str) -> str:
    def shared(text: str) -> str:
        return catalogue.get(text, "", where)

    def bullets(texts: list[str]) -> str:
        return "\n".join(f"- {_word(catalogue, module, text)}" for text in texts)

    title = module.title[catalogue.language]
    if name == "header":
        return "\n\n".join(_header(title, module, kind, catalogue, shared))
    if name == "objectives":
        asked, aims = shared("**Questions**"), shared("**You will be able to**")
        return f"{asked}\n\n{bullets(module.questions)}\n\n{aims}\n\n{bullets(module.objectives)}"
    if name == "keypoints":
        return bullets(module.keypoints)
    raise CourseError(
        [Problem(where, f"unknown {{{{{name}}}}}", "use header, objectives or keypoints")]
    )


def _header(title: str, module: Module, kind: str, catalogue: Catalogue, shared: Any) -> list[str]:
    minutes = module.minutes["teaching" if kind == "notebooks" else "exercises"]
    heading = {"notebooks": "{title}", "exercises": "Exercises: {title}"}.get(
        kind, "Solutions: {title}"
    )
    lines = [
        "# " + (title if kind == "notebooks" else shared(heading).format(title=title)),
        shared("Module {number} · about {minutes} minutes").format(
            number=module.number, minutes=minutes
        ),
    ]
    if kind == "notebooks":
        decision = _word(catalogue, module, module.decision)
        lines.append(shared("**The decision:** {decision}").format(decision=decision))
    else:
        link = f"../../notebooks/{catalogue.language}/{module.slug}.ipynb"
        lines.append(f"[{shared('Go back to the lesson')}]({link})")
    return lines


def _word(catalogue: Catalogue, module: Module, text: str) -> str:
    return catalogue.get(text, "", f"course/{module.slug}/module.toml")


def _metadata_problems(
    metadata: dict[str, Any], key: str, known: set[str], where: str
) -> list[Problem]:
    found = []
    for name in metadata.keys() - _METADATA:
        found.append(Problem(where, f"unknown cell option {name}", f"use {sorted(_METADATA)}"))
    tags = set(metadata.get("tags", []))
    for tag in tags - TAGS:
        found.append(Problem(where, f"unknown tag {tag!r}", f"use one of {sorted(TAGS)}"))
    if {"core", "more"} <= tags:
        found.append(Problem(where, "both core and more", "keep one of the two tags"))
    if not _KEY.fullmatch(key):
        found.append(Problem(where, f"key {key!r}", "use small letters, digits and hyphens"))
    if key in known:
        found.append(Problem(where, f"key {key!r} is used twice", "give each cell its own key"))
    return found
