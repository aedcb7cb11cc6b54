"""What each executed notebook was built from: ``course/built.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polib

from coursebuild.module import Module
from coursebuild.reach import Reach, Reached, fingerprint, question_files

__all__ = ["Built", "Fingerprints", "built_bytes", "built_file", "read_built"]

# By module, then by notebook ("solutions/fr"): "source" and "reached".
Built = dict[str, dict[str, dict[str, str]]]


def built_file(root: Path) -> Path:
    """Return the file that keeps the fingerprints."""
    return root / "course" / "built.json"


def read_built(root: Path) -> Built:
    """Read the fingerprints of what is built; none before the first build."""
    path = built_file(root)
    built: Built = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return built


def built_bytes(built: Built) -> bytes:
    """Write fingerprints in an order of their own, one a line, so that branches merge."""
    return (json.dumps(built, indent=1, sort_keys=True) + "\n").encode()


class Fingerprints:
    """Fingerprint notebooks before they are executed.

    ``source`` stands for all that a learner can read in one before it runs, ``reached`` for what
    its outputs depend on beside: the definitions of cmlib that its cells and questions reach,
    the messages in those in its language, and the data. Comments and docstrings count in none.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._reach = Reach(root)
        self._messages: dict[Path, dict[str, str]] = {}
        self._questions = question_files(root)
        path = root / "datasets" / "manifest.json"
        self._data = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def of(self, module: Module, notebook: Any, where: str) -> dict[str, str]:
        """Return both fingerprints of a notebook that is not executed yet."""
        cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        reached = self._reach.of(cells, module.number, where)
        data = self._read_data(module, reached)
        strings = reached.strings | {about.get("about") for about in data["packs"].values()}
        said = [
            f"{msgid}\0{message}"
            for path in self._catalogues(notebook.metadata["cm"]["language"], reached)
            for msgid, message in self._messages_in(path).items()
            if msgid in strings
        ]
        parts = [reached.fingerprint, *sorted(said), json.dumps(data, sort_keys=True)]
        return {
            "source": fingerprint(json.dumps(notebook, sort_keys=True, ensure_ascii=False)),
            "reached": fingerprint("\n".join(parts)),
        }

    def _catalogues(self, language: str, reached: Reached) -> list[Path]:
        """Return the catalogues of the package and of the questions reached."""
        package = self.root / "cmlib" / "locale" / language / "LC_MESSAGES" / "cmlib.po"
        asked = [self._questions[number] for number in sorted(reached.questions)]
        return [package, *(path.parent / f"{language}.po" for path in asked)]

    def _messages_in(self, path: Path) -> Mapping[str, str]:
        if path not in self._messages:
            self._messages[path] = {
                entry.msgid: "\0".join([entry.msgstr, *map(str, entry.msgstr_plural.values())])
                for entry in (polib.pofile(str(path)) if path.is_file() else [])
                if not (entry.obsolete or entry.fuzzy)
            }
        return self._messages[path]

    def _read_data(self, module: Module, reached: Reached) -> dict[str, dict[str, Any]]:
        """Return the manifest of the packs of a module and of the shared tables it names."""
        packs, tables = self._data.get("packs", {}), self._data.get("common", {})
        every = "cmlib.data.datasets.list_datasets" in reached.definitions
        return {
            "packs": {
                name: about for name, about in packs.items() if every or name in module.packs
            },
            "tables": {name: about for name, about in tables.items() if name in reached.strings},
        }
