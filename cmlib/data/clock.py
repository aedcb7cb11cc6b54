"""Time as whole numbers: bounds given by people, zones, numbers of days, weeks and months.

Tables hold UTC. People think in local time: a bound without an offset is read in the zone of
the community, and days, weeks and months are cut on its clock.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from cmlib.checks import choice
from cmlib.errors import ParameterError, missing_column, nearest
from cmlib.i18n import format_date
from cmlib.messages import _

__all__ = [
    "DAY",
    "HOUR",
    "PERIODS",
    "Offsets",
    "bound_second",
    "check_period",
    "check_zone",
    "local_moment",
    "local_second",
    "offset_steps",
    "on_local_clock",
    "period_of_second",
    "period_start",
    "periods_of_days",
    "split_week",
    "zone_offsets",
]

HOUR = 3_600
DAY = 24 * HOUR
SATURDAY = 6  # 1 is Monday
PERIODS = ("day", "week", "month")
Offsets = tuple[int, list[tuple[int, int]]]

_ISO = re.compile(
    r"\d{4}(-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?)?)?( ?(Z|z|[+-]\d{2}:?\d{2}))?"
)
_SLASHED = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")


def check_zone(tz: str) -> str:
    """Return `tz`, or raise when it is not the name of a time zone."""
    if isinstance(tz, str) and tz in _zone_names():
        return tz
    message = _(
        "tz={tz!r} is not a time zone. Write its region and city, such as Europe/Paris, or UTC."
    ).format(tz=tz)
    close = nearest(tz, _zone_names())
    raise ParameterError(
        message + (" " + _("Did you mean {close!r}?").format(close=close) if close else "")
    )


def check_period(period: str) -> str:
    """Return `period`, or raise when it is not one of day, week and month."""
    choice("period", period, PERIODS)
    return period


def bound_second(value: Any, argument: str, tz: str) -> int | None:
    """Turn a bound that a person gave into UTC seconds; None stays None.

    Without an offset it is read on the clock of `tz`; with one, it is what it says. A time that
    a clock change skips or repeats is read as PEP 495 does with ``fold=0``.
    """
    if value is None:
        return None
    moment = _read_moment(value, argument)
    if moment.tz is None:
        local = moment.to_pydatetime(warn=False).replace(tzinfo=ZoneInfo(tz), microsecond=0)
        return int(local.timestamp())
    return int(moment.tz_convert("UTC").tz_localize(None).as_unit("s").asm8.astype("int64"))


def local_moment(value: Any, argument: str, tz: str) -> pd.Timestamp:
    """Turn a bound that a person gave into a date and time on the clock of `tz`, without zone."""
    second = bound_second(value, argument, tz)
    return pd.Timestamp(second, unit="s", tz="UTC").tz_convert(tz).tz_localize(None)


def on_local_clock(times: pd.Series, tz: str) -> pd.Series:
    """Turn a column of UTC times into times on the clock of `tz`, without zone."""
    moments = pd.to_datetime(times)
    moments = moments.dt.tz_localize("UTC") if moments.dt.tz is None else moments
    return moments.dt.tz_convert(tz).dt.tz_localize(None)


def split_week(
    table: pd.DataFrame, *, time: str = "opened_at", tz: str = "Europe/Paris"
) -> pd.DataFrame:
    """Add to each row its day and its hour on the local clock, and whether it is a weekend.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a question, or anything else that has a time.
    time : str, default "opened_at"
        Column of times (UTC).
    tz : str, default "Europe/Paris"
        IANA time zone of the clock.

    Returns
    -------
    pandas.DataFrame
        The table with three columns more: ``day`` (1 Monday to 7 Sunday), ``hour`` (0 to 23) and
        ``weekend`` (True on Saturday and Sunday). They are missing where the time is.

    Raises
    ------
    ColumnError
        When the column is missing.

    Notes
    -----
    Saturday and Sunday are the weekend of most of Europe, not of the whole world; public holidays
    count as ordinary days.

    Examples
    --------
    >>> import pandas as pd
    >>> times = pd.to_datetime(["2025-01-03 22:30", "2025-01-03 23:30"])
    >>> split_week(pd.DataFrame({"opened_at": times}))[["day", "hour", "weekend"]]
       day  hour  weekend
    0    5    23    False
    1    6     0     True
    """
    if time not in table.columns:
        raise missing_column(time, table.columns)
    local = on_local_clock(table[time], tz)
    day = (local.dt.day_of_week + 1).astype("Int64")
    return table.assign(day=day, hour=local.dt.hour.astype("Int64"), weekend=day >= SATURDAY)


def _read_moment(value: Any, argument: str) -> pd.Timestamp:
    moment: Any = pd.NaT
    if isinstance(value, str):
        _refuse_day_first(value.strip(), argument)
        if _ISO.fullmatch(value.strip()):
            try:
                moment = pd.Timestamp(value.strip())
            except ValueError:
                moment = pd.NaT
    elif isinstance(value, datetime | date | np.datetime64):
        moment = pd.Timestamp(value)
    if moment is pd.NaT:
        raise ParameterError(
            _(
                "{argument}={value!r} is not a date that means the same every day. Write it like "
                '{argument}="2025-07-01" or "2025-07-01 14:30".'
            ).format(argument=argument, value=value)
        )
    return moment


def _refuse_day_first(text: str, argument: str) -> None:
    """Refuse 01/03/2025: nothing tells 1 March from January 3."""
    found = _SLASHED.match(text)
    if found is None:
        return
    one, other, year = (int(part) for part in found.groups())
    days = []
    for month, day in ((other, one), (one, other)):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    readings = [f'"{day.isoformat()}" ({format_date(day)})' for day in dict.fromkeys(days)]
    if not readings:
        return
    raise ParameterError(
        _("{argument}={value!r} can be misread. Write the year first: {readings}.").format(
            argument=argument, value=text, readings=" {} ".format(_("or")).join(readings)
        )
    )


def period_start(index: np.ndarray, period: str) -> np.ndarray:
    """First local instant of periods, from their numbers, as datetime64[s]."""
    if period == "month":
        months = (np.asarray(index, dtype="int64") - 1970 * 12).astype("datetime64[M]")
        return months.astype("datetime64[s]")
    days = np.asarray(index, dtype="int64")
    days = days * 7 - 3 if period == "week" else days
    return days.astype("datetime64[D]").astype("datetime64[s]")


def periods_of_days(days: np.ndarray, period: str) -> np.ndarray:
    """Turn day numbers into the numbers of their day, week or month.

    A day counts from 1970-01-01, a week from the Monday before it; a month is
    year * 12 + month - 1.
    """
    days = np.asarray(days, dtype="int64")
    if period == "day":
        return days
    if period == "week":
        return (days + 3) // 7
    return days.astype("datetime64[D]").astype("datetime64[M]").astype("int64") + 1970 * 12


def period_of_second(second: int, period: str) -> int:
    """Return the number of the period that holds one local second."""
    return int(periods_of_days(np.array([second // DAY]), period)[0])


@lru_cache(maxsize=64)
def zone_offsets(tz: str, begin: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the seconds at which the offset of `tz` changes, and the offset before and after each.

    The second array has one entry more than the first: ``offsets[np.searchsorted(at, t, "right")]``
    is the offset at `t`.
    """
    first, steps = offset_steps(tz, begin, end)
    at = np.array([second for second, _change in steps], dtype="int64")
    return at, first + np.cumsum([0, *(change for _at, change in steps)])


@lru_cache(maxsize=64)
def offset_steps(tz: str, begin: int, end: int) -> Offsets:
    """Offset of local time at `begin`, then its (second, change) steps up to `end`."""
    if tz == "UTC":
        return 0, []
    zone = ZoneInfo(tz)

    def offset(second: int) -> int:
        moment = datetime.fromtimestamp(second, UTC).astimezone(zone)
        return int(moment.utcoffset().total_seconds())  # type: ignore[union-attr]

    first, steps = offset(begin), []
    low, before = begin, first
    while low < end:
        high = min(low + DAY, end)
        after = offset(high)
        if after != before:
            left, right = low, high
            while right - left > 1:
                middle = (left + right) // 2
                left, right = (left, middle) if offset(middle) != before else (middle, right)
            steps.append((right, after - before))
        low, before = high, after
    return first, steps


def local_second(second: int, offsets: Offsets) -> int:
    """Turn one UTC second into seconds on the local clock."""
    first, steps = offsets
    return second + first + sum(change for at, change in steps if second >= at)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones())
