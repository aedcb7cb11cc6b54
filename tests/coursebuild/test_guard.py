"""What nbval does not see: cells that never ran, outputs left in exercises, paths of a machine."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from places import ROOT

EXECUTED = sorted(
    path
    for kind in ("notebooks", "solutions")
    for path in ROOT.glob(f"{kind}/*/[0-9][0-9]_*.ipynb")
)
EXERCISES = sorted(ROOT.glob("exercises/*/[0-9][0-9]_*.ipynb"))


def name(path: Path) -> str:
    return "/".join(path.parts[-3:])


def faults(notebook) -> list[str]:
    """Return what makes the outputs of a notebook unworthy of trust."""
    found = []
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    for number, cell in enumerate(code, start=1):
        if cell.execution_count != number:
            found.append(f"{cell.id}: execution count {cell.execution_count}, expected {number}")
        text = nbformat.v4.writes(nbformat.v4.new_notebook(cells=[cell]))
        if re.search(r"/tmp/|/home/|/root/|site-packages|0x[0-9a-f]{6}", text):
            found.append(f"{cell.id}: a path or an address of the machine that built it")
        for output in cell.outputs:
            if output.output_type == "error" and "raises-exception" not in cell.metadata.tags:
                found.append(f"{cell.id}: fails with {output.ename}")
            if "image/png" in output.get("data", {}):
                alternative = output.metadata.get("image/png", {}).get("alt", "")
                if not alternative.strip():
                    found.append(f"{cell.id}: an image without text alternative")
    return found


@pytest.mark.parametrize("path", EXECUTED, ids=name)
def test_every_cell_was_executed_in_order(path):
    assert faults(nbformat.read(path, as_version=4)) == []


@pytest.mark.parametrize("path", EXERCISES, ids=name)
def test_exercises_hold_no_output(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert (cell.execution_count, cell.outputs) == (None, []), cell.id


@pytest.mark.parametrize("path", [*EXECUTED, *EXERCISES], ids=name)
def test_links_stay_in_the_language_of_the_notebook(path):
    prose = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown"]
    other = {"en": "fr", "fr": "en"}[path.parent.name]
    assert re.findall(rf"\]\([^)]*/{other}/[^)]*\.ipynb", "\n".join(prose)) == []


def test_there_is_something_to_guard():
    assert EXECUTED
    assert EXERCISES


def test_the_guard_bites():
    cell = nbformat.v4.new_code_cell("x = 1", id="a", metadata={"tags": ["core"]})
    assert faults(nbformat.v4.new_notebook(cells=[cell])) == ["a: execution count None, expected 1"]
    image = nbformat.v4.new_output("display_data", {"image/png": "aa"})
    error = nbformat.v4.new_output("error", ename="KeyError", evalue="x", traceback=["/root/x.py"])
    cell = nbformat.v4.new_code_cell("x", id="b", execution_count=2, outputs=[image, error])
    cell.metadata.tags = []
    assert faults(nbformat.v4.new_notebook(cells=[cell])) == [
        "b: execution count 2, expected 1",
        "b: a path or an address of the machine that built it",
        "b: an image without text alternative",
        "b: fails with KeyError",
    ]
