"""From a column of text to moments in UTC: epochs, ISO, day or month first, time zones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from cmlib.data._date_shapes import (
    DAY_OR_MONTH_FIRST,
    EPOCH,
    ISO,
    ISO_ZONED,
    folded,
    moment_of,
    shape_of,
)
from cmlib.data._raw_table import shown
from cmlib.errors import TableError
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = ["DateOrder", "far_dates", "fractions", "looks_like_dates", "parse_times"]

_YEAR = np.timedelta64(366, "D")
_EARLIEST, _LATEST = np.datetime64("1990-01-01"), np.datetime64("2100-01-01")


@dataclass
class DateOrder:
    """Whether 01/02/2025 is 1 February, and what shows it; None until something does."""

    day_first: bool | None = None
    notes: list[str] = field(default_factory=list)


def looks_like_dates(text: pd.Series) -> float:
    """Return the share of the cells that are written as a date (digits alone are not)."""
    unique = text.unique()[:2000]
    shaped = [shape_of(cell) is not None and not cell.isdigit() for cell in map(folded, unique)]
    return sum(shaped) / len(shaped) if shaped else 0.0


def parse_times(
    text: pd.Series, *, column: str, tz: str, order: DateOrder, epochs: bool = True
) -> pd.Series:
    """Read trimmed text as moments: datetime64[s], UTC, missing where it is not understood.

    `tz` is the zone of the times that carry none.
    """
    moments = pd.Series(pd.NaT, index=text.index, dtype="datetime64[s]")
    naive = pd.Series(False, index=text.index)
    zoned_iso = text.str.fullmatch(ISO_ZONED)
    plain_iso = text.str.fullmatch(ISO)
    epoch = text.str.fullmatch(EPOCH) if epochs else naive.copy()
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
        found = {cell: moment_of(cell, bool(order.day_first)) for cell in unique}
        read = text[rest].map({cell: pair[0] for cell, pair in found.items()})
        moments = _filled(moments, pd.to_datetime(read).astype("datetime64[s]"))
        local = text[rest].map({cell: pair[1] for cell, pair in found.items()})
        naive |= local.reindex(text.index, fill_value=False).astype(bool)
    if tz != "UTC" and naive.any():
        moments = _filled(moments, _to_utc(moments[naive], tz, column, order))
    return moments


def fractions(text: pd.Series) -> np.ndarray:
    """Return the nanoseconds that each cell holds beyond its whole second."""
    found = np.zeros(len(text), dtype="int64")
    some = text.str.contains(r"\d[.,]\d|\d{13}").to_numpy()
    if not some.any():
        return found
    finer = text[some]
    parts = finer.str.extract(
        r"(?:^\d{9,10}|:\d{2})[.,](?P<point>\d{1,9})|^\d{10}(?P<digits>\d{3}|\d{6}|\d{9})(?:\D|$)"
    )
    digits = parts["point"].fillna(parts["digits"]).fillna("0")
    found[some] = digits.str.ljust(9, "0").astype("int64")
    return found


def far_dates(moments: pd.Series, since: int | None = None, until: int | None = None) -> np.ndarray:
    """Tell which dates are far from all the others: what stands for "never", or a slip.

    They are those before 1990 and from 2100 on, where most are not; and the last ones, where
    more than a year parts them from all before and they are one row, one row in a hundred or
    one moment repeated. Dates inside a period that was given, from `since` or up to `until` (UTC
    seconds), are not far.
    """
    times = moments.to_numpy()
    known = ~np.isnat(times)
    far = known & ((times < _EARLIEST) | (times >= _LATEST))
    if 2 * far.sum() > known.sum():
        far[:] = False
    near = np.sort(times[known & ~far])
    if not len(near):
        return far
    gaps = np.flatnonzero(np.diff(near) > _YEAR)
    if len(gaps):
        after = near[gaps[-1] + 1 :]
        few = len(after) <= max(1, len(near) // 100) or after[0] == after[-1]
        if few and len(near) - len(after) >= max(3, len(after)):
            far |= known & (times >= after[0])
    middle = near[len(near) // 2]
    if since is not None:
        far &= ~((times < middle) & (times >= np.datetime64(since, "s")))
    if until is not None:
        far &= ~((times > middle) & (times < np.datetime64(until, "s")))
    return far


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
    return (digits.astype("uint64") // divisor).astype("int64").astype("datetime64[s]")


def _decide_order(unique: pd.Series, column: str, order: DateOrder) -> None:
    """Find what shows the order of day and month, or ask."""
    shaped = [(cell, DAY_OR_MONTH_FIRST.fullmatch(folded(cell))) for cell in unique]
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
        ).format(column=repr(column), example=shown((by_day or by_month)[0]))
    )


def _to_utc(local: pd.Series, tz: str, column: str, order: DateOrder) -> pd.Series:
    """Read local times in `tz`; those of a clock change as PEP 495 does with fold=0."""
    zone = ZoneInfo(tz)
    aware = local.dt.tz_localize(tz, ambiguous="NaT", nonexistent="NaT")
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
            ).format(column=repr(column), count=len(gaps), zone=tz, example=gaps[0])
        )
    if folds:
        order.notes.append(
            _(
                "Column {column}, times that happen twice in {zone} (clocks go back): {count}, "
                "read as the first of the two, so they may be one hour early."
            ).format(column=repr(column), count=folds, zone=tz)
        )
    return utc
