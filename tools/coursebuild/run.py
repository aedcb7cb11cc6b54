"""Execute notebooks, and know when there is no need to."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import polib
from nbclient import NotebookClient

from coursebuild.module import Module
from coursebuild.source import LANGUAGE_INFO

__all__ = ["engine_fingerprint", "execute", "reuse_outputs"]

TIMEOUT = 120
_ROOM = re.compile(r"\bcmlib\.(\w+)|from cmlib import ([\w, ()\n]+)")


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
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(folder)}},
        )
        asyncio.run(client.async_execute(env=kernel_env | (env or {})))
    notebook.metadata["language_info"] = LANGUAGE_INFO


def reuse_outputs(notebook: Any, path: Path) -> bool:
    """Copy into `notebook` the outputs already built; False when they are not of this source."""
    if not path.is_file():
        return False
    built = nbformat.read(path, as_version=4)
    same = built.metadata.get("cm", {})
    for name in ("source", "engine"):
        if same.get(name) != notebook.metadata["cm"].get(name):
            return False
    if [cell.source for cell in built.cells] != [cell.source for cell in notebook.cells]:
        return False
    for cell, former in zip(notebook.cells, built.cells, strict=True):
        if cell.cell_type == "code":
            if former.execution_count is None and cell.source.strip():
                return False
            cell.execution_count = former.execution_count
            cell.outputs = former.outputs
    return True


def engine_fingerprint(root: Path, module: Module, notebook: Any) -> str:
    """Fingerprint what the outputs depend on beside the source: rooms of cmlib, and data.

    Docstrings and comments do not count; the questions of this module do; of the messages only
    those that these rooms and questions display.
    """
    digest = hashlib.sha256()
    strings: set[str] = set()
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    questions = module.folder / "questions.py"
    files = _files(root / "cmlib", _rooms_named(code))
    for path in [*files, *([questions] if questions.is_file() else [])]:
        digest.update(path.relative_to(root).as_posix().encode())
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            text, found = _essential(text)
            strings |= found
        digest.update(text.encode())
    language = notebook.metadata["cm"]["language"]
    package = root / "cmlib" / "locale" / language / "LC_MESSAGES" / "cmlib.po"
    for messages in (package, module.folder / f"{language}.po"):
        if not messages.is_file():
            continue
        for entry in sorted(polib.pofile(str(messages)), key=lambda entry: str(entry.msgid)):
            if entry.msgid in strings:
                digest.update(f"{entry.msgid}\0{entry.msgstr}\0".encode())
    digest.update(_data(root, module, code).encode())
    return digest.hexdigest()[:16]


def _rooms_named(text: str) -> set[str]:
    names: set[str] = set()
    for room, imported in _ROOM.findall(text):
        names |= {room} if room else set(re.findall(r"\w+", imported))
    return names


def _files(package: Path, names: set[str]) -> list[Path]:
    """Return the files of the rooms named, and of the rooms that these name in turn."""
    todo, done, files = names | {"__init__", "i18n", "errors"}, set[str](), set[Path]()
    while todo:
        name = todo.pop()
        done.add(name)
        found = {
            path
            for path in [package / f"{name}.py", *(package / name).rglob("*.*")]
            if path.is_file() and path.suffix in {".py", ".toml", ".json", ".csv"}
        }
        files |= found
        if name not in {"learn", "__init__"}:
            for path in found:
                if path.suffix == ".py":
                    todo |= _rooms_named(path.read_text(encoding="utf-8")) - done
    return sorted(files)


def _essential(text: str) -> tuple[str, set[str]]:
    """Return code without docstrings, comments and blank lines, and the strings it holds."""
    lines = text.split("\n")
    strings = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.add(node.value)
        body = getattr(node, "body", None)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and body:
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                for row in range(first.lineno - 1, first.end_lineno or first.lineno):
                    lines[row] = ""
    kept = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return "\n".join(kept), strings


def _data(root: Path, module: Module, code: str) -> str:
    """Return the lines of the manifest on the packs of a module and the shared tables it names."""
    path = root / "datasets" / "manifest.json"
    if not path.is_file():
        return ""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    packs = {name: manifest["packs"].get(name) for name in sorted(module.packs)}
    common = manifest.get("common", {})
    shared = {name: about for name, about in common.items() if f'"{name}"' in code}
    return json.dumps([packs, shared], sort_keys=True)
