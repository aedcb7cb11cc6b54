"""Time as whole numbers: seconds, offsets of a time zone, numbers of days, weeks and months."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd

from cmlib.errors import ParameterError, nearest, unknown_choice
from cmlib.i18n import _

DAY = 86_400
PERIODS = ("day", "week", "month")
Offsets = tuple[int, list[tuple[int, int]]]


def as_seconds(value: Any, argument: str) -> int | None:
    """Turn a date or time (text, date, datetime, Timestamp) into UTC seconds; None stays None."""
    if value is None:
        return None
    cause: Exception | None = None
    try:
        moment = pd.Timestamp(value)
    except (ValueError, TypeError) as error:
        moment, cause = pd.NaT, error
    if moment is pd.NaT:
        raise ParameterError(
            _(
                "{argument}={value!r} is not a date. Write it like {argument}="
                '"2025-07-01", or pass a Timestamp.'
            ).format(argument=argument, value=value)
        ) from cause
    moment = moment.tz_convert("UTC").tz_localize(None) if moment.tz is not None else moment
    return int(moment.as_unit("s").asm8.astype("int64"))


def check_period(period: str) -> str:
    """Return `period`, or raise when it is not one of day, week and month."""
    if period not in PERIODS:
        raise unknown_choice("period", period, PERIODS)
    return period


def check_zone(tz: str | None) -> str | None:
    """Return `tz`, or raise when it is not the name of a time zone."""
    if tz is None:
        return None
    if tz not in available_timezones():
        message = _(
            "tz={tz!r} is not a time zone. Use an IANA name such as Europe/Paris, or None for UTC."
        ).format(tz=tz)
        close = nearest(tz, available_timezones())
        raise ParameterError(
            message + (" " + _("Did you mean {close!r}?").format(close=close) if close else "")
        )
    return tz


def period_start(index: np.ndarray, period: str) -> np.ndarray:
    """First local instant of periods, from their numbers, as datetime64[s]."""
    if period == "month":
        months = (np.asarray(index, dtype="int64") - 1970 * 12).astype("datetime64[M]")
        return months.astype("datetime64[s]")
    days = np.asarray(index, dtype="int64")
    days = days * 7 - 3 if period == "week" else days
    return days.astype("datetime64[D]").astype("datetime64[s]")


def periods_of_days(days: np.ndarray, period: str) -> np.ndarray:
    """Turn day numbers into the numbers of their day, week or month."""
    days = np.asarray(days, dtype="int64")
    if period == "day":
        return days
    if period == "week":
        return (days + 3) // 7
    return days.astype("datetime64[D]").astype("datetime64[M]").astype("int64") + 1970 * 12


def period_of_second(second: int, period: str) -> int:
    """Return the number of the period that holds one local second."""
    return int(periods_of_days(np.array([second // DAY]), period)[0])


def offset_steps(tz: str | None, begin: int, end: int) -> Offsets:
    """Offset of local time at `begin`, then its (second, change) steps up to `end`."""
    if tz is None:
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
