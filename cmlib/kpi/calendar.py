"""The days, weeks or months of a view: their number, their first instant, fully observed or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cmlib.data.clock import period_of_second, period_start
from cmlib.data.log import Log

__all__ = ["Calendar", "calendar", "fill"]


@dataclass(frozen=True)
class Calendar:
    """The periods from `start` to `end`: number, first instant (local) and fully observed or not.

    Attributes
    ----------
    index : numpy.ndarray of int64
    period : numpy.ndarray of datetime64[s]
    complete : numpy.ndarray of bool
    """

    index: np.ndarray
    period: np.ndarray
    complete: np.ndarray


def calendar(
    log: Log, period: str, *, window: int = 1, since: int | None = None, until: int | None = None
) -> Calendar:
    """List the periods that touch start..end; those not observed to the end are incomplete.

    With `window`, the periods before that the window of a period reaches must be observed too.
    `since` and `until` are when observation is taken to begin and to end, where that is not when
    the log does.
    """
    end = log.end if until is None else until
    index = np.arange(0, dtype="int64")
    if end > log.start:
        first = period_of_second(log.local_value(log.start), period)
        last = period_of_second(log.local_value(end - 1), period)
        index = np.arange(first, last + 1, dtype="int64")
    opens = period_start(index - (window - 1), period).astype("int64")
    closes = period_start(index + 1, period).astype("int64")
    known = log.local_value(log.observed_from if since is None else since)
    complete = (opens >= known) & (closes <= log.local_value(end))
    return Calendar(index, period_start(index, period), complete)


def fill(calendar: Calendar, index: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Spread the int counts of some periods over the whole calendar; the others have 0."""
    result = np.zeros(len(calendar.index), dtype="int64")
    if len(calendar.index):
        place = np.asarray(index, dtype="int64") - calendar.index[0]
        inside = (place >= 0) & (place < len(result))
        np.add.at(result, place[inside], np.asarray(values)[inside].astype("int64"))
    return result
