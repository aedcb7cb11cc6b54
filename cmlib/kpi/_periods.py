"""What the KPIs of a log share: days, weeks and months, and who was active in which.

Distinct (member, day) pairs are worked out once for a view. On pandas and Polars they are
packed into one int64 and sorted, several times faster than ``drop_duplicates``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.data.clock import DAY
from cmlib.data.frames import Frame, small
from cmlib.data.log import Log
from cmlib.kpi._packed_pairs import NEVER, day_pairs, longer_pairs
from cmlib.kpi.calendar import Calendar, fill

__all__ = [
    "ENGAGED",
    "NEVER",
    "add_period",
    "count_by_period",
    "days_to_periods",
    "member_periods",
    "share_of",
]

ENGAGED = ("topic", "reply", "reaction", "accept")


def add_period(frame: Frame, log: Log, period: str, seconds: str = "t", name: str = "p") -> Frame:
    """Add `name`: the number of the local period of the column `seconds` (UTC)."""
    frame = frame.with_columns(log.local(nw.col(seconds)).alias(name))
    return days_to_periods(frame.with_columns(nw.col(name) // DAY), period, name)


def days_to_periods(frame: Frame, period: str, name: str) -> Frame:
    """Replace the day numbers of the column `name` by numbers of their day, week or month.

    The numbers are those of :func:`cmlib.data.clock.periods_of_days`, for every day from
    0001-01-01 to 9999-12-31. Whole numbers only, so every engine agrees; each step is used once
    or twice, or DuckDB would plan for a minute.

    References
    ----------
    C. Neri, L. Schneider (2023), Euclidean affine functions and their application to calendar
    algorithms, Software: Practice and Experience 53(4), 937-970, doi:10.1002/spe.3172: centuries
    and years that begin on March 1st, then the month as (5 N + 461) // 153.
    """
    if period == "day":
        return frame
    day = nw.col(name)
    if period == "week":
        return frame.with_columns((day + 3) // 7)
    # Quarters of days, in centuries and then in years that begin on March 1st.
    ages, years = nw.col("_ages"), nw.col("_years")
    return (
        frame.with_columns(_ages=(day + 719_468) * 4 + 3)
        .with_columns(_years=(ages % 146_097) // 4 * 4 + 3)
        .with_columns(
            (
                (ages // 146_097 * 100 + years // 1_461) * 12
                + ((years % 1_461) // 4 * 5 + 461) // 153
                - 1
            ).alias(name)
        )
        .drop("_ages", "_years")
    )


def member_periods(
    log: Log, period: str, *, kinds: Sequence[str] | None = None, with_first: bool = False
) -> Frame:
    """Return the distinct (member, period) pairs, deleted members left out.

    Columns: ``u``; ``p`` number of the period; ``before`` periods since the one before in which
    the member was active, ``after`` periods until the next one, `NEVER` where there is none;
    with `with_first`, ``first`` the first period of the member: in the whole log, also where
    the learner chose the events that count.
    """
    key = None if kinds is None else tuple(kinds)
    pairs = log.kept(("pairs", period, key), lambda: _pairs(log, period, key))
    if not log.in_memory:
        pairs = _with_steps(pairs)
    if not with_first:
        return pairs
    if not log.is_chosen:
        if log.in_memory:
            return pairs
        return pairs.with_columns(first=nw.col("p").min().over("u"))
    rows = log.rows(kinds=kinds, everybody=True).filter(~nw.col("u").is_null())
    first = add_period(rows.group_by("u").agg(nw.col("t").min()), log, period, name="first")
    pairs = pairs.drop("first") if log.in_memory else pairs
    return pairs.join(first.select("u", "first"), on="u", how="left")


def count_by_period(
    log: Log, period: str, periods: Calendar, *, kinds: Sequence[str] | None = None
) -> np.ndarray:
    """Count the members active in each period of the calendar."""
    found = small(member_periods(log, period, kinds=kinds).group_by("p").agg(nw.len().alias("n")))
    return fill(periods, found["p"], found["n"])


def share_of(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide counts; missing (NaN) where there is nothing to divide by."""
    part, whole = np.asarray(part, dtype="float64"), np.asarray(whole, dtype="float64")
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def _pairs(log: Log, period: str, kinds: tuple[str, ...] | None) -> Frame:
    """Work the pairs out; on pandas and Polars longer periods are made from the days."""
    if log.in_memory and period != "day":
        days = member_periods(log, "day", kinds=kinds).to_native()
        if isinstance(days, pd.DataFrame):
            return nw.from_native(longer_pairs(days, period)).lazy()
        return _longer_polars_pairs(days, period)
    rows = log.rows(kinds=kinds)
    native = rows.to_native()
    if isinstance(native, pd.DataFrame):
        return nw.from_native(day_pairs(native["u"], native["t"].to_numpy(), log)).lazy()
    rows = rows.filter(~nw.col("u").is_null())
    if log.events.implementation.is_polars():
        return _polars_pairs(log, rows)
    return add_period(rows, log, period).select("u", "p").unique(["u", "p"])


def _with_steps(pairs: Frame) -> Frame:
    return pairs.with_columns(
        before=(nw.col("p") - nw.col("p").shift(1).over("u", order_by="p")).fill_null(NEVER),
        after=(nw.col("p").shift(-1).over("u", order_by="p") - nw.col("p")).fill_null(NEVER),
    )


def _fits_packed(rows: Frame) -> bool:
    """Tell whether ids are whole numbers that leave room for a day in an int64."""
    dtype = rows.collect_schema()["u"]
    if not dtype.is_integer():
        return False
    if dtype in (nw.Int64, nw.UInt64):
        found = small(rows.select(low=nw.col("u").min(), high=nw.col("u").max()))
        low, high = found["low"][0], found["high"][0]
        return bool(pd.isna(low) or (low > -(1 << 40) and high < 1 << 40))
    return True


def _polars_pairs(log: Log, rows: Frame) -> Frame:
    """Sort packed (member, day) pairs and compare neighbours: no hashing, no windows."""
    import polars as pl

    u, p, k = pl.col("u"), pl.col("p"), pl.col("k")
    rows = rows.with_columns(p=log.local(nw.col("t")) // DAY)
    dtype = rows.to_native().collect_schema()["u"]
    if not _fits_packed(rows):
        pairs = rows.to_native().select(u, p).unique().sort("u", "p")
        return _polars_steps(pairs)
    low = log.local_value(log.known_from) // DAY - 1
    span = log.local_value(log.end) // DAY - low + 2
    pairs = rows.to_native().select(k=u.cast(pl.Int64) * span + p - low).sort("k")
    pairs = pairs.filter(k.ne_missing(k.shift(1))).select(u=k // span, p=k)
    pairs = pairs.with_columns(p=p - u * span + low)
    return _polars_steps(pairs.with_columns(u.cast(dtype)))


def _longer_polars_pairs(days: Any, period: str) -> Frame:
    import polars as pl

    u, p = pl.col("u"), pl.col("p")
    pairs = days_to_periods(nw.from_native(days.lazy().select("u", "p")), period, "p").to_native()
    return _polars_steps(pairs.filter(u.ne_missing(u.shift(1)) | p.ne_missing(p.shift(1))))


def _polars_steps(pairs: Any) -> Frame:
    """Compare each pair with its neighbours; `pairs` are sorted by member and period."""
    import polars as pl

    u, p = pl.col("u"), pl.col("p")
    same = u == u.shift(1)
    pairs = pairs.with_columns(
        before=pl.when(same).then(p - p.shift(1)).otherwise(NEVER),
        after=pl.when(same.shift(-1)).then(p.shift(-1) - p).otherwise(NEVER),
    )
    first = pl.when(pl.col("before") == NEVER).then(p).forward_fill()
    return nw.from_native(pairs.with_columns(first=first)).lazy()
