"""Translations: one entry of a gettext catalogue for each block of prose."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polib

from coursebuild.problems import Problem
from coursebuild.typography import plain_spaces

__all__ = ["Catalogue", "Unit", "catalogue_path", "update_catalogue"]


@dataclass(frozen=True)
class Unit:
    """A piece of text to translate, and the cell it stands in."""

    text: str
    context: str
    where: str


class Catalogue:
    """The translations of one module into one language, over those shared by all modules.

    Every text asked for is remembered in `units`; every text that has no translation
    leaves a problem in `problems`. English needs no catalogue and gives the text back.
    """

    def __init__(self, language: str, *paths: Path) -> None:
        self.language = language
        self.units: list[Unit] = []
        self.problems: list[Problem] = []
        self._shared: set[tuple[str, str]] = set()
        self._entries: dict[tuple[str, str], polib.POEntry] = {}
        self._file = "" if not paths else f"course/{paths[-1].parent.name}/{paths[-1].name}"
        for path in paths:
            if path.is_file():
                for entry in polib.pofile(str(path), wrapwidth=0):
                    if not entry.obsolete:
                        self._entries[_key(entry)] = entry
                        if path != paths[-1]:
                            self._shared.add(_key(entry))

    def get(self, text: str, context: str, where: str) -> str:
        """Return `text` in the language of the catalogue."""
        if self.language == "en" or not text.strip():
            return text
        if (text, context) not in self._shared:
            self.units.append(Unit(text, context, where))
        entry = self._entries.get((text, context))
        beginning = text.strip().splitlines()[0][:50]
        if entry is None or not entry.msgstr:
            self.problems.append(
                Problem(
                    where,
                    f"no {self.language} translation of “{beginning}”",
                    f"run tools/build_course.py --update-po, then fill it in {self._file}",
                )
            )
        elif entry.fuzzy:
            self.problems.append(
                Problem(
                    where,
                    f"the source of “{beginning}” changed after its translation",
                    f"correct the entry marked fuzzy in {self._file}, remove the mark",
                )
            )
        else:
            self._check_spaces(entry.msgstr, where)
            return str(entry.msgstr)
        return text

    def _check_spaces(self, text: str, where: str) -> None:
        if self.language == "fr":
            for passage in plain_spaces(text):
                self.problems.append(
                    Problem(
                        where,
                        f"a plain space in “{passage}”",
                        f"write a non-breaking space in {self._file}",
                    )
                )


def catalogue_path(folder: Path, language: str) -> Path:
    """Return the catalogue of a module's folder, or of ``course/``: shared by all modules."""
    return folder / f"{language}.po"


def update_catalogue(path: Path, units: Iterable[Unit], given: dict[Unit, str]) -> None:
    """Bring a catalogue in line with the texts of a module.

    New texts get an empty entry, texts that changed keep the former translation marked fuzzy,
    texts that left the module leave the catalogue. `given` holds translations to write in.
    """
    former = list(polib.pofile(str(path), wrapwidth=0)) if path.is_file() else []
    known = {_key(entry): entry for entry in former if not entry.obsolete}
    unique: dict[tuple[str, str], Unit] = {}
    for unit in units:
        unique.setdefault((unit.text, unit.context), unit)
    orphans = [entry for key, entry in known.items() if key not in unique and entry.msgstr]
    texts = {(unit.text, unit.context): text for unit, text in given.items()}
    po = polib.POFile(wrapwidth=0)
    po.metadata = {
        "Language": path.stem,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for key, unit in unique.items():
        entry = known.get(key) or _changed(unit, orphans)
        if key in texts:
            entry.msgstr = texts[key]
            entry.flags = []
            entry.previous_msgid = None
        entry.comment = unit.where
        po.append(entry)
    text = str(po).rstrip("\n") + "\n"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return (entry.msgid, entry.msgctxt or "")


def _changed(unit: Unit, orphans: list[polib.POEntry]) -> polib.POEntry:
    entry = polib.POEntry(msgid=unit.text, msgctxt=unit.context or None)
    same = [orphan for orphan in orphans if (orphan.msgctxt or "") == unit.context]
    close = difflib.get_close_matches(unit.text, [orphan.msgid for orphan in same], n=1, cutoff=0.7)
    if close:
        before = next(orphan for orphan in same if orphan.msgid == close[0])
        entry.msgstr = before.msgstr
        entry.previous_msgid = before.msgid
        entry.flags = ["fuzzy"]
    return entry
