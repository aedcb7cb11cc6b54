"""One date as people and platforms write it: shapes of text, names of months, a moment."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

__all__ = ["DAY_OR_MONTH_FIRST", "EPOCH", "ISO", "ISO_ZONED", "folded", "moment_of", "shape_of"]

_MONTHS = {
    1: "january jan janvier janv jan",
    2: "february feb fevrier fevr fev",
    3: "march mar mars",
    4: "april apr avril avr",
    5: "may mai",
    6: "june jun juin",
    7: "july jul juillet juil",
    8: "august aug aout",
    9: "september sep sept septembre",
    10: "october oct octobre",
    11: "november nov novembre",
    12: "december dec decembre",
}
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}
_OFFSET = r"[+-](?:0\d|1[0-4])(?::?[0-5]\d)?"  # no clock is further from UTC than 14 hours
ISO = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?"
ISO_ZONED = ISO + r" ?(?:[Zz]|" + _OFFSET + ")"
EPOCH = r"(?:\d{9,10}(?:[.,]\d+)?|\d{13}(?:[.,]\d+)?|\d{16}|\d{19})"  # s, ms, us, ns
_TIME = (
    r"(?:[t ,]+(?:a |at |- )?(?P<hour>\d{1,2}) ?[:h] ?(?P<minute>\d{2})?"
    r"(?: ?[:m] ?(?P<second>\d{2})(?:[.,]\d+)?s?)? ?(?P<half>[ap]\.? ?m\.?)?)?"
    r"(?: ?(?P<zone>z|utc|gmt|[+-](?:0\d|1[0-4]):?[0-5]\d))?"
)
DAY_OR_MONTH_FIRST = re.compile(
    r"(?P<first>\d{1,2})[/.\-](?P<other>\d{1,2})[/.\-](?P<year>\d{4}|\d{2})" + _TIME
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[/.\-](?P<month>\d{1,2})[/.\-](?P<day>\d{1,2})" + _TIME)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<half>)(?P<zone>z)?)?"
)
_DAY_NAME = re.compile(
    r"(?P<week>[a-z]{3,9}\.?,? )?(?P<day>\d{1,2})(?:er|st|nd|rd|th)?[ \-]"
    r"(?P<name>[a-z]{3,9})\.?,?[ \-](?P<year>\d{4})" + _TIME
)
_NAME_DAY = re.compile(
    r"(?P<week>[a-z]{3,9}\.?,? )?(?P<name>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? "
    r"(?P<year>\d{4})" + _TIME
)
_TWITTER = re.compile(
    r"[a-z]{3} (?P<name>[a-z]{3}) (?P<day>\d\d) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) "
    r"(?P<zone>[+-]\d{4}) (?P<year>\d{4})(?P<half>)"
)
_SHAPES = (DAY_OR_MONTH_FIRST, _YEAR_FIRST, _COMPACT, _DAY_NAME, _NAME_DAY, _TWITTER)


def folded(cell: str) -> str:
    """Write in small letters, without accents, with single spaces."""
    plain = unicodedata.normalize("NFKD", cell.lower())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def shape_of(text: str) -> dict[str, str] | None:
    """Return the parts of a folded date, or None for something else."""
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        if found is not None:
            return found.groupdict()
    return None


def moment_of(cell: str, day_first: bool) -> tuple[datetime | None, bool]:
    """Return the moment and whether it is a local one, without offset."""
    parts = shape_of(folded(cell))
    if parts is None:
        return None, False
    if "first" in parts:
        day, month = parts["first"], parts["other"]
        parts["day"], parts["month"] = (day, month) if day_first else (month, day)
    elif "name" in parts:
        parts["month"] = str(_MONTH_OF.get(parts["name"], 0))
    year, hour = int(parts["year"]), int(parts["hour"] or 0)
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900
    if parts["half"]:
        if not 1 <= hour <= 12:
            return None, False
        hour = hour % 12 + (12 if parts["half"][0] == "p" else 0)
    try:
        moment = datetime(
            year,
            int(parts["month"]),
            int(parts["day"]),
            hour,
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
        )
        offset = parts["zone"]
        if offset is not None and offset[0] in "+-":
            minutes = int(offset[1:3]) * 60 + int(offset[-2:])
            moment -= timedelta(minutes=minutes if offset[0] == "+" else -minutes)
    except (ValueError, OverflowError):
        return None, False
    return moment, offset is None
