"""``python -m cmlib audit FILE``: a real community on one page."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from cmlib.cli.arguments import kind_pairs, whole_number
from cmlib.errors import ParameterError, TableError
from cmlib.i18n import N_, _

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = N_("Sum up on one page a community's log of events: CSV, JSON lines or Parquet.")
_DIGITS = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    column = _("COLUMN")
    parser.add_argument("file", metavar=_("FILE"), help=_("the log: one row an event"))
    parser.add_argument(
        "--time",
        required=True,
        metavar=column,
        help=_('column of the date and time; "#3" is the third one of a file without header'),
    )
    parser.add_argument("--member", required=True, metavar=column, help=_("column of the member"))
    parser.add_argument("--thread", metavar=column, help=_("column of the thread or topic"))
    parser.add_argument("--parent", metavar=column, help=_("column of the event replied to"))
    parser.add_argument("--receiver", metavar=column, help=_("column of the person addressed"))
    parser.add_argument("--event", metavar=column, help=_("column of the number of the event"))
    parser.add_argument("--kind", metavar=column, help=_("column of the kind of event"))
    parser.add_argument(
        "--kinds",
        type=kind_pairs,
        metavar="A=reply,...",
        help=_("your words for visit, topic, reply, reaction and accept: poke=reaction,wiki=topic"),
    )
    parser.add_argument(
        "--tz",
        default="UTC",
        metavar=_("ZONE"),
        help=_("zone of the times without one, and of days and months: Europe/Paris"),
    )
    order = parser.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first",
        dest="day_first",
        action="store_true",
        default=None,
        help=_("01/02/2025 is 1 February"),
    )
    order.add_argument(
        "--month-first",
        dest="day_first",
        action="store_false",
        default=None,
        help=_("01/02/2025 is January 2"),
    )
    parser.add_argument("--start", metavar=_("DATE"), help=_("first day counted (UTC)"))
    parser.add_argument("--end", metavar=_("DATE"), help=_("day after the last one counted (UTC)"))
    parser.add_argument(
        "--duplicates",
        choices=("set_aside", "keep"),
        help=_("what to do with rows equal to an earlier one"),
    )
    parser.add_argument("--sep", metavar="C", help=_('separator, or "spaces"'))
    parser.add_argument("--encoding", metavar="E", help=_("encoding, such as cp1252"))
    parser.add_argument(
        "--skip",
        type=whole_number,
        default=0,
        metavar="N",
        help=_("lines to leave out at the top of the file"),
    )
    parser.add_argument("--json", action="store_true", help=_("print JSON instead of the page"))


def run(arguments: argparse.Namespace) -> int:
    """Read the log, audit it, print."""
    from cmlib.data import read_events
    from cmlib.report.audit import audit
    from cmlib.report.audit_page import audit_page

    log = read_events(
        arguments.file,
        time=arguments.time,
        member=arguments.member,
        thread=arguments.thread,
        parent=arguments.parent,
        receiver=arguments.receiver,
        event=arguments.event,
        kind=arguments.kind,
        kinds=arguments.kinds,
        tz=arguments.tz,
        day_first=arguments.day_first,
        duplicates=arguments.duplicates,
        sep=arguments.sep,
        encoding=arguments.encoding,
        skip=arguments.skip,
    )
    if log.events.empty:
        raise TableError(
            _("{file} holds a header and no event.").format(file=Path(arguments.file).name)
        )
    found = audit(
        log.events,
        tz=arguments.tz,
        start=_day(arguments.start, "--start"),
        end=_day(arguments.end, "--end"),
    )
    if arguments.json:
        figures = {name: _rounded(value) for name, value in found.figures.items()}
        print(json.dumps({**figures, "notes": found.notes}, indent=2, ensure_ascii=False))
    else:
        title = Path(arguments.file).name
        print(audit_page(found, title=title, tz=arguments.tz, report=log.report))
    return 0


def _rounded(value: Any) -> Any:
    return round(value, _DIGITS) if isinstance(value, float) else value


def _day(text: str | None, option: str) -> Any:
    import pandas as pd

    if text is None:
        return None
    try:
        return pd.Timestamp(text)
    except ValueError:
        raise ParameterError(
            _("{option} {given} is not a date: write it as 2025-03-01.").format(
                option=option, given=text
            )
        ) from None
