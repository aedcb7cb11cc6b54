"""``python -m cmlib simulate``: another community from another seed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cmlib.cli.arguments import whole_number
from cmlib.errors import FileError
from cmlib.i18n import format_number
from cmlib.messages import N_, _

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = N_("Make another community: its tables, data dictionary and trainer's sheet.")
_LONG = 5_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--pack",
        required=True,
        choices=("brand", "forum", "support", "internal"),
        help=_("type of community"),
    )
    parser.add_argument(
        "--seed",
        type=whole_number,
        metavar="N",
        help=_("a whole number; the same one always makes the same community"),
    )
    parser.add_argument(
        "--members", type=whole_number, metavar="N", help=_("number of members, 200 or more")
    )
    parser.add_argument(
        "--start", metavar="YYYY-MM", help=_("first month or first day of the period")
    )
    parser.add_argument("--end", metavar="YYYY-MM", help=_("day after the last one"))
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help=_("a new or empty folder")
    )


def run(arguments: argparse.Namespace) -> int:
    """Make the community and write it."""
    folder: Path = arguments.out
    if folder.exists() and not folder.is_dir():
        raise FileError(_("{folder} is a file: give a new folder.").format(folder=folder))
    if folder.is_dir() and any(folder.iterdir()):
        raise FileError(
            _("The folder {folder} is not empty: give a new one.").format(folder=folder)
        )
    from cmlib.simulate.generate import generate
    from cmlib.simulate.write import write_simulation

    made = generate(
        arguments.pack,
        seed=arguments.seed,
        members=arguments.members,
        language=arguments.lang,
        start=arguments.start,
        end=arguments.end,
        progress=sys.stderr.isatty() or (arguments.members or 0) >= _LONG,
    )
    write_simulation(made, folder)
    print(made)
    print(
        _("{files} files written in {folder}; read them with set_data_home and load.").format(
            folder=folder,
            files=format_number(sum(path.is_file() for path in folder.rglob("*"))),
        )
    )
    return 0
