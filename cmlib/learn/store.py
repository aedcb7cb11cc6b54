"""The learner's own progress: one local JSON file, no account, nothing sent."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cmlib.errors import FileError
from cmlib.learn.course import course_folder

__all__ = ["progress_file", "read", "record"]

OFF = "off"


def progress_file() -> Path | None:
    """Return the file that progress is kept in; None when it is switched off.

    ``CMLIB_PROGRESS`` names another file, or ``off``. Otherwise it is
    ``progress/progress.json`` in the folder of the course, whatever the data home; where there
    is no course, in the current folder.
    """
    wanted = os.environ.get("CMLIB_PROGRESS")
    if wanted == OFF:
        return None
    if wanted:
        return Path(wanted)
    try:
        folder = course_folder()
    except FileError:
        folder = Path.cwd()
    return folder / "progress" / "progress.json"


def read() -> dict[str, Any]:
    """Return what was recorded: ``{question: {"tries", "accepted", "hints", "solution"}}``."""
    path = progress_file()
    if path is None:
        return dict(_MEMORY)
    if not path.is_file():
        return {}
    try:
        recorded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        kept = path.with_suffix(".unreadable.json")
        path.replace(kept)
        return {}
    return recorded


def record(question: str, **changes: Any) -> dict[str, Any]:
    """Add to what is known of one question and return it."""
    everything = read()
    entry = everything.setdefault(
        question, {"tries": 0, "accepted": False, "first_try": None, "hints": 0, "solution": False}
    )
    entry.update(changes)
    path = progress_file()
    if path is None:
        _MEMORY.update(everything)
        return entry
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(everything, indent=1, sort_keys=True), encoding="utf-8")
    partial.replace(path)
    return entry


# Where progress is switched off, hints and attempts still count within the running kernel.
_MEMORY: dict[str, Any] = {}
