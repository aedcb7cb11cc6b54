"""The exercises run from top to bottom as they are handed out, and no check accepts a blank."""

from __future__ import annotations

import re

import nbformat
import pytest
from coursebuild.run import execute
from places import ROOT

TO_COMPLETE = {"en": "To complete", "fr": "À compléter"}
EXERCISES = [
    pytest.param(path, marks=[pytest.mark.slow] if path.parent.name == "en" else [])
    for path in sorted(ROOT.glob("exercises/*/[0-9][0-9]_*.ipynb"))
]


def faults(notebook, language: str) -> list[str]:
    """Return what a learner who fills in nothing should not meet."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        said = "".join(
            output.get("text", "") + output.get("data", {}).get("text/plain", "")
            for output in cell.outputs
        )
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in cell.metadata.tags:
                found.append(f"{cell.id}: {output.ename}: {output.evalue}")
        checks = len(re.findall(r"\bcheck\(", cell.source))
        if said.count(TO_COMPLETE[language]) < checks:
            found.append(f"{cell.id}: check says {said!r}, not {TO_COMPLETE[language]!r}")
    return found


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: "/".join(path.parts[-2:]))
def test_exercises_run_with_every_check_to_complete(path):
    notebook = nbformat.read(path, as_version=4)
    execute(notebook, path.parent)
    assert faults(notebook, path.parent.name) == []


def test_a_check_that_accepts_a_blank_is_found():
    notebook = nbformat.v4.new_notebook()
    for text in ("00.1 · To complete\n", "00.1 · Accepted\n"):
        output = nbformat.v4.new_output("stream", text=text)
        cell = nbformat.v4.new_code_cell('learn.check("00.1", ...)', outputs=[output])
        notebook.cells.append(cell)
    (fault,) = faults(notebook, "en")
    assert "check says '00.1 · Accepted" in fault
