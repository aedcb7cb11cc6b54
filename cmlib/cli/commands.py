"""The commands of ``python -m cmlib``, each in its own module."""

from __future__ import annotations

import argparse
import sys

from cmlib import __version__
from cmlib.cli import audit, collect, doctor
from cmlib.cli.running import asked_language, run_parser
from cmlib.i18n import use_language
from cmlib.messages import LANGUAGES, _

__all__ = ["run"]


def run(argv: list[str]) -> int:
    """Run the command that `argv` asks for, in the language it asks for."""
    if argv[:1] == ["simulate"]:
        with use_language(asked_language(argv)):
            moved = _(
                "The simulator comes with the course and has its own command: "
                "write python -m cmsim with the same arguments."
            )
        print(f"cmlib: {moved}", file=sys.stderr)
        return 2
    return run_parser(_parser, argv, program="cmlib")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cmlib", description=_("Community analytics from the command line.")
    )
    parser.add_argument("--version", action="version", version=f"cmlib {__version__}")
    commands = parser.add_subparsers(metavar=_("command"), required=True)
    for module in (audit, collect, doctor):
        command = commands.add_parser(
            module.__name__.rpartition(".")[2],
            help=_(module.SUMMARY),
            description=_(module.SUMMARY),
        )
        command.add_argument(
            "--lang",
            choices=LANGUAGES,
            help=_("language of what is written; by default that of COURSE_LANG"),
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
