"""Collect the messages of cmlib and cmsim into their catalogues and compile them.

``python tools/messages.py`` adds new messages (untranslated) and drops those no longer used;
``--check`` changes nothing and fails when a message has no translation, is marked fuzzy, is
no longer used, loses a {placeholder}, or when a compiled catalogue is out of date.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import tomllib
from pathlib import Path

import polib
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("cmlib", "cmsim")
KEYWORDS = {"_": None, "N_": None}
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def catalogues(package: str) -> list[Path]:
    """Return the catalogue of each language."""
    return sorted((ROOT / package / "locale").glob(f"*/LC_MESSAGES/{package}.po"))


def messages_of(package: str) -> list[str]:
    """Return every message of the package: those marked in its code and those it reads, sorted."""
    found = extract_from_dir(str(ROOT / package), [("**.py", "python")], keywords=KEYWORDS)
    messages = {str(message) for _file, _line, message, _comments, _context in found if message}
    return sorted(messages | set(about_packs(package)))


def about_packs(package: str) -> list[str]:
    """Return the sentence about each pack: cmsim writes the presets', cmlib reads the datasets'."""
    if package == "cmlib":
        manifest = json.loads((ROOT / "datasets" / "manifest.json").read_text(encoding="utf-8"))
        return [pack["about"] for pack in manifest["packs"].values()]
    presets = (ROOT / "cmsim" / "presets").glob("*.toml")
    settings = [tomllib.loads(path.read_text(encoding="utf-8")) for path in presets]
    return [preset["about"] for preset in settings if "about" in preset]


def update(catalogue: Path, messages: list[str]) -> None:
    """Give the catalogue the messages of the code, and compile it."""
    old = {entry.msgid: entry for entry in polib.pofile(str(catalogue))}
    new = polib.POFile(wrapwidth=100)
    new.metadata = polib.pofile(str(catalogue)).metadata
    for message in messages:
        new.append(old.get(message) or polib.POEntry(msgid=message, msgstr=""))
    new.save(str(catalogue))
    new.save_as_mofile(str(catalogue.with_suffix(".mo")))


def problems(catalogue: Path, messages: list[str]) -> list[str]:
    """List what is wrong with the catalogue, one line each."""
    entries = {entry.msgid: entry for entry in polib.pofile(str(catalogue))}
    lines = [f"not in it: {message!r}" for message in messages if message not in entries]
    lines += [
        f"no longer in the code: {message!r}" for message in entries if message not in messages
    ]
    for entry in entries.values():
        if not entry.msgstr or entry.fuzzy:
            lines.append(f"not translated: {entry.msgid!r}")
        elif set(PLACEHOLDER.findall(entry.msgid)) != set(PLACEHOLDER.findall(entry.msgstr)):
            lines.append(f"placeholders differ: {entry.msgid!r}")
    with tempfile.TemporaryDirectory() as folder:
        compiled = Path(folder) / "compiled.mo"
        polib.pofile(str(catalogue)).save_as_mofile(str(compiled))
        if compiled.read_bytes() != catalogue.with_suffix(".mo").read_bytes():
            lines.append("the compiled catalogue is out of date: run make messages")
    return [f"{catalogue.relative_to(ROOT)}: {line}" for line in lines]


def main() -> None:
    found = []
    for package in PACKAGES:
        messages = messages_of(package)
        for catalogue in catalogues(package):
            if "--check" not in sys.argv:
                update(catalogue, messages)
            found += problems(catalogue, messages)
        print(f"{package}: {len(messages)} messages")
    if found:
        sys.exit("\n".join(found))
    print("all translated")


if __name__ == "__main__":
    main()
