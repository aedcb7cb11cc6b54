"""Read the arguments, run the command, turn an error into one sentence and exit code 2."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from cmlib.errors import CmlibError
from cmlib.i18n import get_language, use_language
from cmlib.messages import LANGUAGES, N_, _

__all__ = ["asked_language", "run_parser"]

# What argparse says: marked here so that the catalogues hold it.
_WORDS_OF_ARGPARSE = (
    N_("usage: "),
    N_("options"),
    N_("positional arguments"),
    N_("show this help message and exit"),
    N_("show program's version number and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("unrecognized arguments: %s"),
    N_("expected one argument"),
    N_("ignored explicit argument %r"),
    N_("not allowed with argument %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
)


def run_parser(
    parser: Callable[[], argparse.ArgumentParser], argv: list[str], *, program: str
) -> int:
    """Run the action that `argv` asks for, in the language it asks for.

    Parameters
    ----------
    parser : function
        Builds the parser, in the language; its arguments end up with the action as ``run``.
    argv : list of str
    program : str
        Name said before an error.

    Returns
    -------
    int
        The exit code.
    """
    with use_language(asked_language(argv)), _translated_argparse():
        try:
            arguments = parser().parse_args(argv)
        except SystemExit as stop:  # --help, --version or a wrong argument
            return int(stop.code or 0)
        try:
            action: Callable[[Any], int] = arguments.run
            return action(arguments)
        except CmlibError as error:
            print(f"{program}: {error}", file=sys.stderr)
            return 2
        except BrokenPipeError:  # the reader of the output has gone, as in "... | head"
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except KeyboardInterrupt:
            return 130


def asked_language(argv: list[str]) -> str:
    """Find the language before the parser is built, so that its help is in that language."""
    for argument, following in pairwise([*argv, ""]):
        wanted = following if argument == "--lang" else argument.removeprefix("--lang=")
        if argument.startswith("--lang") and wanted in LANGUAGES:
            return wanted
    return get_language()


@contextmanager
def _translated_argparse() -> Iterator[None]:
    """Have argparse's own words ("usage", "options", ...) in the language too."""
    before = vars(argparse).get("_")
    vars(argparse)["_"] = _
    try:
        yield
    finally:
        vars(argparse)["_"] = before
