"""``python -m cmlib collect FILES``: which questions a group failed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cmlib.errors import FileError
from cmlib.i18n import format_number, format_percent
from cmlib.messages import N_, _

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = N_("Gather the progress files of a group: failure rates, question by question.")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar=_("FILE"),
        help=_("a progress file, or a folder of them; no name is read"),
    )
    parser.add_argument(
        "--csv", action="store_true", help=_("print CSV instead of the table, shares from 0 to 1")
    )


def run(arguments: argparse.Namespace) -> int:
    """Read the files, print one line a question, the hardest first."""
    from cmlib.learn import collect

    files = _files(arguments.files)
    table = collect(files)
    if arguments.csv:
        table.to_csv(sys.stdout, index=False, lineterminator="\n")
        return 0
    print(_("Progress files read: {count}.").format(count=format_number(len(files))))
    if table.empty:
        print(_("No question has been tried yet."))
        return 0
    print()
    print(_page(table.to_dict("records")))
    print()
    print(_("Tried by: learners who checked an answer, hardest question first."))
    print(_("Failed: share of them with no answer accepted yet."))
    print(_("Tries: median a learner. Hints: mean a learner."))
    return 0


def _files(paths: list[Path]) -> list[Path]:
    """Return the files given and, for a folder, the JSON files it holds."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise FileError(_("The file {path} does not exist.").format(path=path))
        found = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not found:
            raise FileError(_("The folder {path} holds no .json file.").format(path=path))
        files += [file for file in found if file not in files]
    return files


def _page(rows: list[dict[Any, Any]]) -> str:
    """Lay the rows out in columns; words to the left, numbers to the right."""
    columns: list[tuple[str, Callable[[dict[Any, Any]], str]]] = [
        (_("Question"), lambda row: str(row["question"])),
        (_("Tried by"), lambda row: format_number(row["learners"])),
        (_("Failed"), lambda row: format_percent(row["failed"], 0)),
        (_("First try"), lambda row: format_percent(row["first_try"], 0)),
        (_("Tries"), lambda row: format_number(row["tries"])),
        (_("Hints"), lambda row: format_number(row["hints"])),
        (_("Solution seen"), lambda row: format_percent(row["solution"], 0)),
    ]
    texts = [[title for title, _cell in columns]]
    texts += [[cell(row) for _title, cell in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = [
        "  ".join(
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in texts
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
