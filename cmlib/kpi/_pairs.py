"""Distinct (member, day) pairs on pandas: packed into one int64, sorted, masked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.kpi._time import DAY, Offsets, periods_of_days

NEVER = 1 << 30  # more periods than any log holds: "no earlier (later) active period"


def packed_pairs(
    members: pd.Series, seconds: np.ndarray, offsets: Offsets, period: str
) -> pd.DataFrame:
    """Return the distinct (member, period) pairs in order, with the steps to their neighbours.

    `seconds` are UTC, `offsets` those of the local time in which periods are cut. Columns: ``u``,
    ``p``, ``before`` and ``after``, as :func:`cmlib.kpi._frames.member_periods` says.
    """
    codes, ids, known = _member_codes(members)
    if not known.all():
        codes, seconds = codes[known], seconds[known]
    if not len(codes):
        empty = np.empty(0, dtype="int64")
        return pd.DataFrame({"u": members.iloc[:0], "p": empty, "before": empty, "after": empty})
    periods = _local_days(seconds, offsets)
    if period != "day":
        first = int(periods.min())
        days = np.arange(first, int(periods.max()) + 1)
        periods = periods_of_days(days, period)[periods - first]
    low = int(periods.min())
    span = int(periods.max()) - low + 1
    codes *= span
    codes += periods
    codes -= low
    codes.sort()
    new = np.empty(len(codes), dtype=bool)
    new[0] = True
    np.not_equal(codes[1:], codes[:-1], out=new[1:])
    member, p = np.divmod(codes[new], span)
    step = np.diff(p)
    step[member[1:] != member[:-1]] = NEVER
    before, after = np.empty_like(p), np.empty_like(p)
    before[0], before[1:] = NEVER, step
    after[-1], after[:-1] = NEVER, step
    p += low
    return pd.DataFrame({"u": ids(member), "p": p, "before": before, "after": after}, copy=False)


def _local_days(seconds: np.ndarray, offsets: Offsets) -> np.ndarray:
    first, steps = offsets
    if steps:
        at = np.array([second for second, _change in steps])
        offset = np.concatenate([[first], first + np.cumsum([change for _at, change in steps])])
        seconds = seconds + offset[np.searchsorted(at, seconds, side="right")]
    elif first:
        seconds = seconds + first
    return seconds // DAY


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
