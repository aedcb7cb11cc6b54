"""Execute notebooks, or take the outputs they have already."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from coursebuild.source import LANGUAGE_INFO

__all__ = ["execute", "reuse_outputs"]

TIMEOUT = 120
# A cell that draws without a seed, to be repaired, draws the same at each build.
SEEDED = '__import__("random").seed(0)'


def execute(notebook: Any, folder: Path, env: dict[str, str] | None = None) -> None:
    """Run all the cells of a notebook in `folder`, as a learner's kernel would.

    The language is the one that the first code cell chooses, so the variable
    ``COURSE_LANG`` is left out; user settings of IPython and a saved progress are not seen.
    """
    with tempfile.TemporaryDirectory() as private:
        kernel_env = {
            name: value
            for name, value in os.environ.items()
            if name not in {"COURSE_LANG", "MPLBACKEND", "PYTHONWARNINGS"}
            and not name.startswith("PYTEST")
        }
        kernel_env |= {
            "IPYTHONDIR": private,
            "CMLIB_PROGRESS": str(Path(private) / "progress.json"),
            "PYTHONHASHSEED": "0",
            "TZ": "UTC",
        }
        client = NotebookClient(
            notebook,
            timeout=TIMEOUT,
            kernel_name="python3",
            allow_errors=True,
            record_timing=False,
            extra_arguments=["--log-level=ERROR", f"--IPKernelApp.exec_lines={SEEDED}"],
            resources={"metadata": {"path": str(folder)}},
        )
        asyncio.run(client.async_execute(env=kernel_env | (env or {})))
    notebook.metadata["language_info"] = LANGUAGE_INFO


def reuse_outputs(notebook: Any, path: Path) -> bool:
    """Copy into `notebook` the outputs already built; False when they are of other cells."""
    if not path.is_file():
        return False
    built = nbformat.read(path, as_version=4)
    if [cell.source for cell in built.cells] != [cell.source for cell in notebook.cells]:
        return False
    for cell, former in zip(notebook.cells, built.cells, strict=True):
        if cell.cell_type == "code":
            if former.execution_count is None and cell.source.strip():
                return False
            cell.execution_count = former.execution_count
            cell.outputs = former.outputs
    return True
