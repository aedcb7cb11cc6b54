"""``python -m cmsim``: another community from another seed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cmlib.cli.arguments import whole_number
from cmlib.cli.running import run_parser
from cmlib.i18n import format_number
from cmlib.messages import LANGUAGES
from cmsim.generate import generate
from cmsim.messages import _
from cmsim.presets import PACKS
from cmsim.write import check_folder, write_simulation

__all__ = ["main"]

_LONG = 5_000


def main(argv: list[str] | None = None) -> int:
    """Make one community and return the exit code: 0, or 2 (an error)."""
    return run_parser(_parser, sys.argv[1:] if argv is None else argv, program="cmsim")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cmsim",
        description=_("Make another community: its tables, data dictionary and trainer's sheet."),
    )
    parser.add_argument("--pack", required=True, choices=PACKS, help=_("type of community"))
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
        "--lang",
        choices=LANGUAGES,
        help=_("main language of the members, by default that of the pack; also of this command"),
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help=_("a new or empty folder")
    )
    parser.set_defaults(run=_make)
    return parser


def _make(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.out
    check_folder(folder)
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


if __name__ == "__main__":
    sys.exit(main())
