"""``python -m cmlib audit FILE``: a real community on one page."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cmlib.cli.arguments import kind_pairs, whole_number
from cmlib.messages import N_, _

if TYPE_CHECKING:
    from cmlib.report import Audit

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = N_("Sum up on one page a community's log of events: CSV, JSON lines or Parquet.")
_DIGITS = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    column = _("COLUMN")
    parser.add_argument("file", metavar=_("FILE"), help=_("the log: one row an event"))
    parser.add_argument(
        "--time",
        metavar=column,
        help=_('column of the date and time; "#3" is the third one of a file without header'),
    )
    parser.add_argument("--member", metavar=column, help=_("column of the member"))
    parser.add_argument("--thread", metavar=column, help=_("column of the thread or topic"))
    parser.add_argument("--parent", metavar=column, help=_("column of the event replied to"))
    parser.add_argument("--receiver", metavar=column, help=_("column of the person addressed"))
    parser.add_argument("--event", metavar=column, help=_("column of the number of the event"))
    parser.add_argument(
        "--number", metavar=column, help=_("column of the number of a message inside its thread")
    )
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
    parser.add_argument("--start", metavar=_("DATE"), help=_("first day counted (local)"))
    parser.add_argument("--end", metavar=_("DATE"), help=_("day after the last one (local)"))
    people = parser.add_mutually_exclusive_group()
    people.add_argument(
        "--without",
        action="append",
        metavar=_("WHO"),
        help=_("who does not count: team, bots, system, deleted, or an id; can be repeated"),
    )
    people.add_argument(
        "--keep-all", action="store_true", help=_("count everybody, bots and system lines too")
    )
    parser.add_argument(
        "--link",
        choices=("parent", "previous", "opener", "mention"),
        help=_("whom a reply answers where it names nobody"),
    )
    parser.add_argument(
        "--since",
        choices=("joined", "first_event"),
        help=_("day 0 of a newcomer"),
    )
    parser.add_argument(
        "--complete-history",
        action="store_true",
        help=_("the log begins with the community: nobody was there before"),
    )
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
    from cmlib.data import read
    from cmlib.report import audit

    community = read(
        arguments.file,
        time=arguments.time,
        member=arguments.member,
        thread=arguments.thread,
        parent=arguments.parent,
        receiver=arguments.receiver,
        event=arguments.event,
        number=arguments.number,
        kind=arguments.kind,
        kinds=arguments.kinds,
        tz=arguments.tz,
        day_first=arguments.day_first,
        duplicates=arguments.duplicates,
        sep=arguments.sep,
        encoding=arguments.encoding,
        skip=arguments.skip,
        complete_history=arguments.complete_history,
    )
    people = [one.strip() for given in arguments.without or [] for one in given.split(",")]
    view = community.view(
        start=arguments.start,
        end=arguments.end,
        without=None if arguments.keep_all else people,
    )
    found = audit(view, link=arguments.link, since=arguments.since)
    print(json.dumps(_as_json(found), indent=2, ensure_ascii=False) if arguments.json else found)
    return 0


def _as_json(found: Audit) -> dict[str, Any]:
    """Figures with fixed names, the reasons for what is missing, and how the file was read."""
    figures = {name: _rounded(value) for name, value in found.figures.items()}
    readings = [
        {
            "file": Path(report.path).name,
            "rows_in_file": report.rows_in_file,
            "rows_read": report.rows_read,
            "rows_set_aside": report.rows_set_aside,
            "reasons": {row.reason: int(row.rows) for row in report.reasons().itertuples()},
            "notes": list(report.notes),
        }
        for report in found.community.readings
    ]
    return {
        **figures,
        "notes": found.notes,
        "first_event": found.first_event.isoformat(),
        "last_event": found.last_event.isoformat(),
        "tz": found.community.tz,
        "reading": readings,
    }


def _rounded(value: Any) -> Any:
    return round(value, _DIGITS) if isinstance(value, float) else value
