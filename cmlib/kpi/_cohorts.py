"""Who was new when, and in which windows after that they were active."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import narwhals as nw
import numpy as np
from narwhals.typing import IntoFrame

from cmlib.checks import choice
from cmlib.data.clock import DAY
from cmlib.data.communities import Community, log_of
from cmlib.data.frames import Frame, as_list, small, table_like
from cmlib.data.log import Log
from cmlib.kpi._logged_kinds import are_logged
from cmlib.kpi._periods import NEVER, add_period, member_periods, share_of
from cmlib.kpi.calendar import Calendar, calendar, fill
from cmlib.kpi.survival import proportion_interval

__all__ = [
    "Cohorts",
    "asked",
    "cohort_calendar",
    "cohort_table",
    "cohorts",
    "curve_table",
    "day_zero",
    "newcomers",
]

SINCE = ("joined", "first_event")


class Cohorts(NamedTuple):
    """Newcomers by their first period.

    ``first`` numbers of the periods, in order; ``n`` newcomers; ``there`` people who were there
    already when the log began; ``reached`` newcomers active in each window, one row a period.
    """

    first: np.ndarray
    n: np.ndarray
    there: np.ndarray
    reached: np.ndarray


def asked(
    community: Community | IntoFrame, kinds: Sequence[str] | None, since: str | None
) -> tuple[Log, list[str] | None, str, bool]:
    """Return the log, the kinds, what day 0 is, and whether such kinds are in the log."""
    log = log_of(community)
    if since is None:
        since = "joined" if log.has_joined else "first_event"
    choice("since", since, SINCE)
    if since == "joined" and not log.has_joined:
        log.joins()  # says what is missing
    if kinds is None:
        return log, None, since, True
    kinds = as_list(kinds)
    return log, kinds, since, are_logged(log, kinds)


def cohort_calendar(log: Log, since: str, period: str = "month") -> Calendar:
    """List the periods in which newcomers come; not complete where nothing tells who is new."""
    return calendar(log, period, since=log.newcomers_from if since == "first_event" else None)


def day_zero(log: Log, since: str, kinds: Sequence[str] | None) -> Frame:
    """Members who count, ``u``, with the second ``t`` of their day 0 and ``there``.

    ``there`` is 1 for people who were there already when the log began, else 0. First events
    are those of the whole log, also where the learner chose the events that count.
    """
    if since == "joined":
        return log.joins().with_columns(there=nw.lit(0))

    def make() -> Frame:
        rows = log.rows(kinds=kinds, everybody=True).filter(~nw.col("u").is_null())
        if log.left_out.ids:
            rows = rows.filter(~nw.col("u").is_in(list(log.left_out.ids)))
        first = rows.group_by("u").agg(nw.col("t").min())
        early = nw.when(nw.col("t") < log.newcomers_from).then(1).otherwise(0)
        return first.with_columns(there=nw.lit(0) if log.complete_history else early)

    return log.kept(("day zero", None if kinds is None else tuple(kinds)), make)


def newcomers(
    log: Log, since: str, kinds: Sequence[str] | None, period: str
) -> tuple[Frame, Frame]:
    """Return the pairs (member, period) of newcomers with ``first``; and everybody's ``first``.

    The second frame has one row a member: ``first``, their first period, and ``there``.
    """
    if since == "first_event" and log.complete_history and not log.is_chosen:
        pairs = member_periods(log, period, kinds=kinds, with_first=True)
        return pairs, pairs.filter(nw.col("before") == NEVER).select("first", there=nw.lit(0))
    pairs = member_periods(log, period, kinds=kinds)
    firsts = add_period(day_zero(log, since, kinds), log, period, name="first")
    new = firsts.filter(nw.col("there") == 0).select("u", "first")
    pairs = pairs.select("u", "p", "before", "after").join(new, on="u", how="inner")
    return pairs, firsts.select("first", "there")


def cohorts(
    log: Log,
    since: str,
    kinds: Sequence[str] | None,
    *,
    begin: int,
    windows: int,
    period: str | int,
    last_only: bool = False,
) -> Cohorts:
    """Count, for each first period from `begin` on, its members and those active in each window.

    `period` is "month" or the days of a window: a cohort is then a day.

    Pairs are in order within a member, so a pair opens a new window when the pair before it lies
    in an earlier one: nothing has to be sorted or made distinct a second time. With `last_only`
    only the window of the last pair counts, and windows after the last one shown are put in it.
    """
    unit, length = (period, 1) if isinstance(period, str) else ("day", period)
    pairs, firsts = newcomers(log, since, kinds, unit)
    firsts = firsts.filter(nw.col("first") >= begin)
    sizes = small(firsts.group_by("first").agg(nw.len().alias("n"), nw.col("there").sum()))
    pairs = pairs.filter(nw.col("first") >= begin).with_columns(
        k=(nw.col("p") - nw.col("first")) // length,
        k_before=(nw.col("p") - nw.col("before") - nw.col("first")) // length,
    )
    pairs = pairs.filter(nw.col("k") >= 0)
    if last_only:
        late = nw.when(nw.col("k") > windows).then(windows).otherwise(nw.col("k"))
        pairs = pairs.filter(nw.col("after") == NEVER).with_columns(k=late)
    else:
        pairs = pairs.filter(nw.col("k") != nw.col("k_before"), nw.col("k") <= windows)
    found = small(pairs.group_by("first", "k").agg(nw.len().alias("n")))
    order = np.argsort(sizes["first"])
    first, n, there = (sizes[name][order].astype("int64") for name in ("first", "n", "there"))
    reached = np.zeros((len(first), windows + 1), dtype="int64")
    rows = np.searchsorted(first, found["first"].astype("int64"))
    reached[rows, found["k"].astype("int64")] = found["n"]
    return Cohorts(first, n - there, there, reached)


def cohort_table(
    log: Log, months: Calendar, name: str, found: Cohorts, observed: np.ndarray, level: float
) -> IntoFrame:
    """Lay cohorts out over the calendar: one row a month and window."""
    shown = observed.shape[1]
    n, there = (fill(months, found.first, values) for values in (found.n, found.there))
    retained = np.column_stack([fill(months, found.first, column) for column in found.reached.T])
    size = np.repeat(n, shown)
    seen = np.where(observed, retained, np.nan).ravel().astype("float64")
    low, high = proportion_interval(seen, size, level=level)
    columns = {
        "cohort": np.repeat(months.period, shown),
        name: np.tile(np.arange(shown), len(months.index)),
        "n": size,
        "retained": seen,
        "retention": share_of(seen, size),
        "low": low,
        "high": high,
        "complete": observed.ravel(),
        "already_there": np.repeat(there, shown),
    }
    return table_like(log.like, columns)


def curve_table(log: Log, found: Cohorts, days: int, measured: bool, level: float) -> IntoFrame:
    """Add cohorts up: one row a window, those old enough for it."""
    until = log.local_value(log.end) // DAY
    shown = np.arange(found.reached.shape[1])
    old = found.first[:, None] + (shown + 1) * days <= until
    n = (found.n[:, None] * old).sum(axis=0)
    retained = (found.reached * old).sum(axis=0)
    seen = retained if measured else np.full(len(n), np.nan)
    low, high = proportion_interval(seen, n, level=level)
    columns = {
        "window": shown,
        "n": n,
        "retained": seen,
        "retention": share_of(seen, n),
        "low": low,
        "high": high,
        "complete": n == found.n.sum(),
    }
    return table_like(log.like, columns)
