"""From text to moments in UTC: ISO, epochs, day or month first, names of months, time zones."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pandas as pd

from cmlib.errors import ParameterError, TableError, nearest
from cmlib.i18n import _, format_number

__all__ = ["DateOrder", "check_zone", "looks_like_dates", "parse_times"]

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
_ISO = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?"
_ISO_ZONED = _ISO + r" ?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)"
_EPOCH = r"(?:\d{9,10}(?:[.,]\d+)?|\d{13}(?:[.,]\d+)?|\d{16}|\d{19})"  # s, ms, us, ns
_TIME = (
    r"(?:[t ,]+(?:a |at |- )?(?P<hour>\d{1,2}) ?[:h] ?(?P<minute>\d{2})?"
    r"(?: ?[:m] ?(?P<second>\d{2})(?:[.,]\d+)?s?)? ?(?P<half>[ap]\.? ?m\.?)?)?"
    r"(?: ?(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2}))?"
)
_NUMERIC = re.compile(
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
_SHAPES = (_YEAR_FIRST, _COMPACT, _DAY_NAME, _NAME_DAY, _TWITTER)


@dataclass
class DateOrder:
    """Whether 01/02/2025 is 1 February, and what shows it; None until something does."""

    day_first: bool | None = None
    notes: list[str] = field(default_factory=list)


def check_zone(tz: str) -> ZoneInfo:
    """Return the zone called `tz`, or an error with the nearest name."""
    if tz not in available_timezones():
        message = _(
            'tz="{given}" is not a time zone: write its region and city, '
            'for example "Europe/Paris", or "UTC".'
        ).format(given=tz)
        close = nearest(tz, available_timezones())
        if close is not None:
            message += " " + _("Did you mean {close!r}?").format(close=close)
        raise ParameterError(message)
    return ZoneInfo(tz)


def looks_like_dates(text: pd.Series) -> float:
    """Return the share of the cells that are written as a date (digits alone are not)."""
    unique = text.unique()[:2000]
    shaped = [_shape(cell) is not None and not cell.isdigit() for cell in map(_folded, unique)]
    return sum(shaped) / len(shaped) if shaped else 0.0


def parse_times(
    text: pd.Series, *, column: str, zone: ZoneInfo, order: DateOrder, epochs: bool = True
) -> pd.Series:
    """Read trimmed text as moments: datetime64[s], UTC, missing where it is not understood."""
    moments = pd.Series(pd.NaT, index=text.index, dtype="datetime64[s]")
    naive = pd.Series(False, index=text.index)
    zoned_iso = text.str.fullmatch(_ISO_ZONED)
    plain_iso = text.str.fullmatch(_ISO)
    epoch = text.str.fullmatch(_EPOCH) if epochs else naive.copy()
    if zoned_iso.any():
        zoned = text[zoned_iso]
        spaced = zoned.str.contains(" [zZ+-]")
        if spaced.any():
            zoned = zoned.mask(spaced, zoned[spaced].str.replace(r" (?=[zZ+-])", "", regex=True))
        moments = _filled(moments, _iso(zoned))
    if plain_iso.any():
        moments = _filled(moments, _iso(text[plain_iso]))
        naive |= plain_iso
    if epoch.any():
        moments = _filled(moments, _from_epoch(text[epoch], column, order))
    rest = ~(zoned_iso | plain_iso | epoch) & (text != "")
    if rest.any():
        unique = pd.Series(text[rest].unique(), dtype="str")
        _decide_order(unique, column, order)
        found = {cell: _read_one(cell, bool(order.day_first)) for cell in unique}
        read = text[rest].map({cell: pair[0] for cell, pair in found.items()})
        moments = _filled(moments, pd.to_datetime(read).astype("datetime64[s]"))
        local = text[rest].map({cell: pair[1] for cell, pair in found.items()})
        naive |= local.reindex(text.index, fill_value=False).astype(bool)
    if zone.key != "UTC" and naive.any():
        moments = _filled(moments, _to_utc(moments[naive], zone, column, order))
    return moments


def _filled(moments: pd.Series, found: pd.Series) -> pd.Series:
    moments = moments.copy()
    moments.loc[found.index] = found
    return moments


def _iso(text: pd.Series) -> pd.Series:
    times = pd.to_datetime(text, format="ISO8601", utc=True, errors="coerce")
    return times.dt.tz_localize(None).astype("datetime64[s]")


def _from_epoch(text: pd.Series, column: str, order: DateOrder) -> pd.Series:
    digits = text.str.replace(r"[.,]\d+$", "", regex=True)
    length = digits.str.len()
    divisor = length.map({9: 1, 10: 1, 13: 10**3, 16: 10**6, 19: 10**9})
    counts = {
        name: int((divisor == size).sum())
        for name, size in (("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9))
    }
    order.notes.append(
        _("Column {column}: Unix time, {counts}.").format(
            column=repr(column),
            counts=", ".join(
                f"{format_number(count)} x {name}" for name, count in counts.items() if count
            ),
        )
    )
    return (digits.astype("int64") // divisor).astype("datetime64[s]")


def _decide_order(unique: pd.Series, column: str, order: DateOrder) -> None:
    """Find what shows the order of day and month, or ask."""
    shaped = [(cell, _NUMERIC.fullmatch(_folded(cell))) for cell in unique]
    pairs = [(cell, int(m["first"]), int(m["other"])) for cell, m in shaped if m is not None]
    if order.day_first is not None or all(first == other for _cell, first, other in pairs):
        return
    by_day = [cell for cell, first, other in pairs if first > 12 >= other]
    by_month = [cell for cell, first, other in pairs if other > 12 >= first]
    if by_day and by_month:
        raise TableError(
            _(
                "Column {column} mixes two orders, {day} (day first) and {month} (month first): "
                "say how to read dates such as {example} with day_first=True or day_first=False; "
                "the dates that cannot be read so are set aside and counted."
            ).format(column=repr(column), day=by_day[0], month=by_month[0], example=pairs[0][0])
        )
    if not by_day and not by_month:
        example = next(cell for cell, first, other in pairs if first != other)
        raise TableError(
            _(
                "Column {column}: is the day or the month first in {example}? Nothing in the file "
                "shows it: say day_first=True (as in France) or day_first=False (as in the "
                "United States)."
            ).format(column=repr(column), example=example)
        )
    order.day_first = bool(by_day)
    order.notes.append(
        (
            _("Column {column}: the day was read first, as {example} shows.")
            if by_day
            else _("Column {column}: the month was read first, as {example} shows.")
        ).format(column=repr(column), example=(by_day or by_month)[0])
    )


def _read_one(cell: str, day_first: bool) -> tuple[datetime | None, bool]:
    """Return the moment and whether it is a local one, without offset."""
    parts = _shape(_folded(cell))
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
    except ValueError:
        return None, False
    offset = parts["zone"]
    if offset is None:
        return moment, True
    if offset[0] in "+-":
        minutes = int(offset[1:3]) * 60 + int(offset[-2:])
        moment -= timedelta(minutes=minutes if offset[0] == "+" else -minutes)
    return moment, False


def _shape(folded: str) -> dict[str, str] | None:
    for shape in (_NUMERIC, *_SHAPES):
        found = shape.fullmatch(folded)
        if found is not None:
            return found.groupdict()
    return None


def _folded(cell: str) -> str:
    """Write in small letters, without accents, with single spaces."""
    plain = unicodedata.normalize("NFKD", cell.lower())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _to_utc(local: pd.Series, zone: ZoneInfo, column: str, order: DateOrder) -> pd.Series:
    """Read local times in `zone`; those of a clock change as PEP 495 does with fold=0."""
    aware = local.dt.tz_localize(zone.key, ambiguous="NaT", nonexistent="NaT")
    utc = aware.dt.tz_convert("UTC").dt.tz_localize(None).astype("datetime64[s]")
    odd = local[utc.isna() & local.notna()]
    gaps: list[datetime] = []
    for row, clock in odd.dt.to_pydatetime().items():
        moment = clock.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) != clock:
            gaps.append(clock)
        utc.loc[row] = moment.replace(tzinfo=None)
    folds = len(odd) - len(gaps)
    if gaps:
        order.notes.append(
            _(
                "Column {column}, times that do not exist in {zone} (clocks go forward): {count}, "
                "read as if the clock had not changed; the first is {example}."
            ).format(column=repr(column), count=len(gaps), zone=zone.key, example=gaps[0])
        )
    if folds:
        order.notes.append(
            _(
                "Column {column}, times that happen twice in {zone} (clocks go back): {count}, "
                "read as the first of the two, so they may be one hour early."
            ).format(column=repr(column), count=folds, zone=zone.key)
        )
    return utc
