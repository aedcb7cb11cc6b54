"""Distinct (member, period) pairs on pandas: packed into one int64, sorted, masked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.data.clock import DAY, periods_of_days
from cmlib.data.log import Log

__all__ = ["NEVER", "day_pairs", "longer_pairs"]

NEVER = 1 << 30  # more periods than any log holds: "no earlier (later) active period"


def day_pairs(members: pd.Series, seconds: np.ndarray, log: Log) -> pd.DataFrame:
    """Return the distinct (member, local day) pairs in order, with the steps to their neighbours.

    `seconds` are UTC. Columns: ``u``, ``p``, ``before``, ``after`` and ``first``, as
    :func:`cmlib.kpi._periods.member_periods` says.
    """
    codes, ids, known = _member_codes(members)
    if not known.all():
        codes, seconds = codes[known], seconds[known]
    if not len(codes):
        empty = np.empty(0, dtype="int64")
        steps = dict.fromkeys(("p", "before", "after", "first"), empty)
        return pd.DataFrame({"u": members.iloc[:0], **steps})
    days = log.local_array(seconds) // DAY
    low = int(days.min())
    span = int(days.max()) - low + 1
    codes *= span
    codes += days
    codes -= low
    codes.sort()
    new = np.empty(len(codes), dtype=bool)
    new[0] = True
    np.not_equal(codes[1:], codes[:-1], out=new[1:])
    member, day = np.divmod(codes[new], span)
    day += low
    return _with_steps(ids(member), member, day)


def longer_pairs(days: pd.DataFrame, period: str) -> pd.DataFrame:
    """Make the pairs of weeks or months from those of days, which are in order."""
    if days.empty:
        return days
    day = days["p"].to_numpy()
    low = int(day.min())
    numbers = periods_of_days(np.arange(low, int(day.max()) + 1), period)
    p = numbers[day - low]
    opens = days["before"].to_numpy() == NEVER
    new = opens | np.r_[True, p[1:] != p[:-1]]
    member = np.cumsum(opens)[new]
    return _with_steps(days["u"].array[new], member, p[new])


def _with_steps(ids: Any, member: np.ndarray, p: np.ndarray) -> pd.DataFrame:
    step = np.diff(p)
    step[member[1:] != member[:-1]] = NEVER
    before, after = np.empty_like(p), np.empty_like(p)
    before[0], before[1:] = NEVER, step
    after[-1], after[:-1] = NEVER, step
    opens = np.flatnonzero(before == NEVER)
    first = np.repeat(p[opens], np.diff(opens, append=len(p)))
    return pd.DataFrame(
        {"u": ids, "p": p, "before": before, "after": after, "first": first}, copy=False
    )


def _member_codes(members: pd.Series) -> tuple[np.ndarray, Any, np.ndarray]:
    """Whole numbers from 0 for members, how to get the ids back, and which are known."""
    if isinstance(members.dtype, np.dtype) and members.dtype.kind in "iu" and len(members):
        values = members.to_numpy()
        low, high = int(values.min()), int(values.max())
        if high - low < 1 << 40:
            return (
                values.astype("int64") - low,
                lambda codes: (codes + low).astype(values.dtype),
                np.ones(len(values), dtype=bool),
            )
    if isinstance(members.dtype, pd.Int64Dtype) and len(members):
        known = members.notna().to_numpy()
        values = members.to_numpy(dtype="int64", na_value=0)
        low = int(values[known].min()) if known.any() else 0
        high = int(values[known].max()) if known.any() else 0
        if high - low < 1 << 40:
            return values - low, lambda codes: pd.array(codes + low, dtype="Int64"), known
    codes, uniques = pd.factorize(members, sort=True)
    return codes.astype("int64"), lambda kept: uniques.take(kept), codes >= 0
