"""Who stays: cohorts, how long members last, whether newcomers get started."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np

from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._frames import (
    DAY,
    NEVER,
    POSTS,
    Log,
    add_period,
    as_list,
    calendar,
    check_period,
    fill,
    member_periods,
    period_of_second,
    period_start,
    periods_of_days,
    read_log,
    share_of,
    small,
    table_like,
)
from cmlib.kpi.survival import kaplan_meier, proportion_interval

__all__ = [
    "activation_rate",
    "classic_retention",
    "classic_retention_by_month",
    "retention_curve",
    "rolling_retention",
    "survival_curve",
]


def classic_retention(
    events: Any,
    *,
    members: Any = None,
    window_days: int = 30,
    windows: int = 12,
    member: str = "member_id",
    time: str = "timestamp",
    joined: str = "joined_at",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of each month's newcomers who were active in each 30-day window after.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    members : table of the same kind as `events`, optional
        Given, day 0 is the day of the column `joined` and those who never came back count;
        else day 0 is the day of the first event.
    window_days : int, default 30
        Days in a window. Window k holds days k * window_days to (k + 1) * window_days - 1.
    windows : int, default 12
        Last window shown.
    member, time, joined, kind : str
        Columns: the member, the time (UTC), the time of joining (UTC) and the kind of event.
    kinds : list of str, optional
        Kinds of event that make a member active; every kind by default.
    start, end : date or time, optional
        Cohorts from `start` (included) to `end` (excluded), UTC; events are known until `end`.
        By default from the first event of the table to its last.
    tz : str, optional
        IANA time zone in which days and months are cut. UTC by default.
    without : list or table of members, optional
        Members who do not count: ``without=members.query("role != 'member'")``.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the same kind as `events`
        One row a cohort and window: ``cohort`` first day of the month; ``window`` 0 to `windows`;
        ``n`` members of the cohort; ``retained`` of them active in the window; ``retention``
        with its Wilson interval ``low`` and ``high``; ``complete`` whether the whole cohort was
        observed to the end of the window. Where it was not, ``retained`` and the shares are
        missing: not 0.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Window 0 holds the first event itself: with `members` absent its retention is 1. A member may
    be absent from window 1 and back in window 3, so retention can rise. First seen is not joined:
    the two choices of `members` answer different questions. Deleted accounts are not counted.

    See Also
    --------
    retention_curve : all cohorts together.
    classic_retention_by_month : calendar months instead of windows.
    """
    _check_windows(window_days, windows)
    log = _log(events, member, time, kind, kinds, start, end, tz, without)
    sizes, reached, first_day = _cohorts(
        log, members, member, joined, without, "day", window_days, windows
    )
    months = calendar(log, "month")
    until = log.local_value(log.end) // DAY
    month_of = periods_of_days(first_day, "month")
    last_day = period_start(months.index + 1, "month").astype("int64") // DAY - 1
    shown = np.arange(windows + 1)
    observed = last_day[:, None] + (shown + 1) * window_days <= until
    observed &= months.complete[:, None]
    n = fill(months, month_of, sizes)
    retained = np.column_stack([fill(months, month_of, column) for column in reached.T])
    return _cohort_table(log, months.period, "window", n, retained, observed, level)


def classic_retention_by_month(
    events: Any,
    *,
    members: Any = None,
    months: int = 12,
    member: str = "member_id",
    time: str = "timestamp",
    joined: str = "joined_at",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of each month's newcomers who were active in each calendar month after.

    Parameters
    ----------
    events, members, member, time, joined, kind, kinds, start, end, tz, without, level
        As in :func:`classic_retention`.
    months : int, default 12
        Last month shown, counted from the month of joining.

    Returns
    -------
    table of the same kind as `events`
        One row a cohort and month: ``cohort``, ``month`` 0 to `months`, and ``n``, ``retained``,
        ``retention``, ``low``, ``high``, ``complete`` as in :func:`classic_retention`.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Who joins on the 30th has two days in month 0 and meets month 1 the day after: month 1 is
    higher than the 30-day window 1, most of all for cohorts that join late in the month.
    """
    _check_windows(1, months)
    log = _log(events, member, time, kind, kinds, start, end, tz, without)
    sizes, reached, first = _cohorts(log, members, member, joined, without, "month", 1, months)
    cohorts = calendar(log, "month")
    shown = np.arange(months + 1)
    ends = period_start(cohorts.index[:, None] + shown + 1, "month").astype("int64")
    observed = (ends <= log.local_value(log.end)) & _begun(log, cohorts.period)[:, None]
    n = fill(cohorts, first, sizes)
    retained = np.column_stack([fill(cohorts, first, column) for column in reached.T])
    return _cohort_table(log, cohorts.period, "month", n, retained, observed, level)


def retention_curve(
    events: Any,
    *,
    members: Any = None,
    window_days: int = 30,
    windows: int = 12,
    member: str = "member_id",
    time: str = "timestamp",
    joined: str = "joined_at",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of all newcomers who were active in each window after joining.

    Parameters
    ----------
    events, members, window_days, windows, member, time, joined, kind, kinds, start, end, tz, \
without, level
        As in :func:`classic_retention`.

    Returns
    -------
    table of the same kind as `events`
        One row a window: ``window``; ``n`` members observed to its end; ``retained`` of them
        active in it; ``retention`` with its Wilson interval ``low`` and ``high`` (missing when
        nobody is old enough); ``complete`` whether `n` is every member.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Members too young for a window are left out of its `n`, so later windows rest on older
    members only.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame(
    ...     {
    ...         "member_id": [1, 1, 2, 3],
    ...         "timestamp": pd.to_datetime(
    ...             ["2025-01-01", "2025-02-05", "2025-01-01", "2025-02-20"]
    ...         ),
    ...     }
    ... )
    >>> curve = retention_curve(events, start="2025-01-01", end="2025-03-05", windows=1)
    >>> curve[["window", "n", "retained", "retention", "complete"]]
       window  n  retained  retention  complete
    0       0  2         2        1.0     False
    1       1  2         1        0.5     False
    """
    _check_windows(window_days, windows)
    log = _log(events, member, time, kind, kinds, start, end, tz, without)
    sizes, reached, first_day = _cohorts(
        log, members, member, joined, without, "day", window_days, windows
    )
    return _curve_table(log, sizes, reached, first_day, window_days, windows, level)


def rolling_retention(
    events: Any,
    *,
    members: Any = None,
    window_days: int = 30,
    windows: int = 12,
    member: str = "member_id",
    time: str = "timestamp",
    joined: str = "joined_at",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of all newcomers last seen in each window or after it.

    Parameters
    ----------
    events, members, window_days, windows, member, time, joined, kind, kinds, start, end, tz, \
without, level
        As in :func:`classic_retention`.

    Returns
    -------
    table of the same kind as `events`
        As :func:`retention_curve`; ``retained`` counts members seen in the window or later.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    One visit after a year counts as retained for the whole year: the figure is much higher than
    the classic one (in one forum 34 % against 12 % in the third month), it rewrites history each
    time somebody comes back, and it falls towards the end of the log because there is less
    "later" left. Never compare it with classic retention.
    """
    _check_windows(window_days, windows)
    log = _log(events, member, time, kind, kinds, start, end, tz, without)
    sizes, reached, first_day = _cohorts(
        log, members, member, joined, without, "day", window_days, windows, last_only=True
    )
    later = np.cumsum(reached[:, ::-1], axis=1)[:, ::-1]
    return _curve_table(log, sizes, later, first_day, window_days, windows, level)


def survival_curve(
    events: Any,
    *,
    gap_days: int = 90,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Estimate how long members stay, those who are still there included (Kaplan-Meier).

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, tz, without, level
        As in :func:`classic_retention`; members first seen from `start` on.
    gap_days : int, default 90
        A member has left when silent for more than this many days until `end`.

    Returns
    -------
    table of the same kind as `events`
        ``day`` days since the first active day, from 0; ``n`` members still followed just before;
        ``left`` members whose last active day it was; ``survival`` share still there after it,
        with its interval ``low`` and ``high``. One row for day 0 and each day on which
        somebody left; empty when there are no members.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    The stay lasts from the first active day to the last one. Members seen within `gap_days` of
    the end may come again: they are censored, counted as long as they were followed, neither as
    leavers nor as loyal. Leaving is judged at `end`: some of the silent will come back
    (see :func:`cmlib.kpi.comeback_share`), so the longer the gap, the surer the curve.

    References
    ----------
    E. L. Kaplan, P. Meier (1958), Journal of the American Statistical Association 53, 457-481.
    """
    _check_windows(gap_days, 0)
    log = _log(events, member, time, kind, kinds, start, end, tz, without)
    until = log.local_value(log.end) // DAY
    pairs = member_periods(log, "day", with_first=True).filter(nw.col("after") == NEVER)
    pairs = pairs.filter(nw.col("first") >= log.local_value(log.start) // DAY)
    silent = nw.when(nw.col("p") < until - 1 - gap_days).then(1).otherwise(0)
    stays = pairs.select(stay=nw.col("p") - nw.col("first"), left=silent)
    found = small(stays.group_by("stay", "left").agg(nw.len().alias("n")))
    durations = np.repeat(found["stay"], found["n"])
    ended = np.repeat(found["left"] == 1, found["n"])
    curve = kaplan_meier(durations, ended, level=level)
    days, at_risk, left = curve.time, curve.at_risk, curve.ended
    shares = [curve.survival, curve.low, curve.high]
    if curve.n and not (len(days) and days[0] == 0):
        days, left = np.insert(days, 0, 0), np.insert(left, 0, 0)
        at_risk = np.insert(at_risk, 0, curve.n)
        shares = [np.insert(share, 0, 1.0) for share in shares]
    columns = {"day": days, "n": at_risk, "left": left}
    columns = {name: values.astype("int64") for name, values in columns.items()}
    return table_like(
        log.like, {**columns, "survival": shares[0], "low": shares[1], "high": shares[2]}
    )


def activation_rate(
    events: Any,
    *,
    members: Any = None,
    within_days: int = 7,
    member: str = "member_id",
    time: str = "timestamp",
    joined: str = "joined_at",
    kind: str = "kind",
    kinds: Sequence[str] = POSTS,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of each period's newcomers who did the key act soon after joining.

    Parameters
    ----------
    events, members, member, time, joined, kind, start, end, tz, without, level
        As in :func:`classic_retention`.
    within_days : int, default 7
        The act counts when done at most this many days (of 24 hours) after joining.
    kinds : list of str
        Kinds of event that are the key act: by default a first topic or reply.
    period : {"month", "week", "day"}
        Cohorts are cut by the period of joining.

    Returns
    -------
    table of the same kind as `events`
        One row a period: ``period``; ``n`` members who joined in it and were observed for
        `within_days`; ``activated`` of them; ``activation_rate`` with its Wilson interval ``low``
        and ``high`` (missing when nobody is old enough); ``complete`` whether the period and all
        its newcomers were observed in full.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Members who joined less than `within_days` before `end` are in neither number. With `members`
    absent, joining is the first event of any kind, and those who never came are not counted.
    """
    check_period(period)
    _check_windows(within_days, 0)
    log = read_log(
        events, member=member, time=time, kind=kind, start=start, end=end, tz=tz,
        without=without, keep=[kind],
    )  # fmt: skip
    rows = log.frame.filter(~nw.col("u").is_null())
    if members is None:
        joins = None
        rows = rows.with_columns(j=nw.col("t").min().over("u"))
    else:
        joins = _joins(log, members, member, joined, without).select("u", j=nw.col("t"))
        rows = rows.join(joins, on="u", how="inner")
    waited = nw.col("t") - nw.col("j")
    acted = nw.col(kind).is_in(as_list(kinds)) & (waited >= 0) & (waited <= within_days * DAY)
    each = rows.with_columns(_done=nw.when(acted).then(1).otherwise(0))
    each = each.group_by("u").agg(nw.col("j").min(), nw.col("_done").max())
    if joins is not None:
        each = joins.join(each.select("u", "_done"), on="u", how="left")
    old = nw.when(nw.col("j") + within_days * DAY <= log.end).then(1).otherwise(0)
    each = each.select(day=log.local(nw.col("j")) // DAY, _old=old, _done="_done")
    each = each.with_columns(_done=nw.col("_done").fill_null(0) * nw.col("_old"))
    found = small(
        each.group_by("day").agg(nw.len().alias("all"), nw.col("_old").sum(), nw.col("_done").sum())
    )
    found["p"] = periods_of_days(found["day"], period)
    periods = calendar(log, period)
    everyone, n, activated = (
        fill(periods, found["p"], found[name]) for name in ("all", "_old", "_done")
    )
    low, high = proportion_interval(activated, n, level=level)
    ends = period_start(periods.index + 1, period).astype("int64") + within_days * DAY
    mature = ends <= log.local_value(log.end)
    columns = {
        "period": periods.period,
        "n": n,
        "activated": activated,
        "activation_rate": share_of(activated, n),
        "low": low,
        "high": high,
        "complete": periods.complete & mature & (n == everyone),
    }
    return table_like(log.like, columns)


def _log(
    events: Any,
    member: str,
    time: str,
    kind: str,
    kinds: Sequence[str] | None,
    start: Any,
    end: Any,
    tz: str | None,
    without: Any,
) -> Log:
    return read_log(
        events, member=member, time=time, kind=kind, kinds=kinds, start=start, end=end, tz=tz,
        without=without,
    )  # fmt: skip


def _joins(log: Log, members: Any, member: str, joined: str, without: Any) -> nw.LazyFrame[Any]:
    """Members with the time they joined, those who joined from `end` on left out."""
    joins = read_log(members, member=member, time=joined, without=without).frame
    return joins.filter(nw.col("t") < log.end, ~nw.col("u").is_null())


def _cohorts(
    log: Log,
    members: Any,
    member: str,
    joined: str,
    without: Any,
    period: str,
    length: int,
    windows: int,
    *,
    last_only: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count, for each first period, its members and those active in each window after it.

    Pairs are in order within a member, so a pair opens a new window when the pair before it lies
    in an earlier one: nothing has to be sorted or made distinct a second time. With `last_only`
    only the window of the last pair counts, and windows after the last one shown are put in it.
    """
    pairs = member_periods(log, period, with_first=members is None)
    if members is None:
        first = pairs.filter(nw.col("before") == NEVER).select(first=nw.col("p"))
    else:
        joins = add_period(_joins(log, members, member, joined, without), log, period)
        first = joins.select("u", first=nw.col("p"))
        pairs = pairs.join(first, on="u", how="inner")
    begin = period_of_second(log.local_value(log.start), period)
    sizes = small(first.filter(nw.col("first") >= begin).group_by("first").agg(nw.len().alias("n")))
    pairs = pairs.filter(nw.col("first") >= begin).with_columns(
        _k=(nw.col("p") - nw.col("first")) // length,
        _before=(nw.col("p") - nw.col("before") - nw.col("first")) // length,
    )
    pairs = pairs.filter(nw.col("_k") >= 0)
    if last_only:
        late = nw.when(nw.col("_k") > windows).then(windows).otherwise(nw.col("_k"))
        pairs = pairs.filter(nw.col("after") == NEVER).with_columns(_k=late)
    else:
        pairs = pairs.filter(nw.col("_k") != nw.col("_before"), nw.col("_k") <= windows)
    found = small(pairs.group_by("first", "_k").agg(nw.len().alias("n")))
    order = np.argsort(sizes["first"])
    first_period = sizes["first"][order].astype("int64")
    reached = np.zeros((len(first_period), windows + 1), dtype="int64")
    rows = np.searchsorted(first_period, found["first"].astype("int64"))
    reached[rows, found["_k"].astype("int64")] = found["n"]
    return sizes["n"][order].astype("int64"), reached, first_period


def _begun(log: Log, begins: np.ndarray) -> np.ndarray:
    """Periods whose beginning was observed."""
    return begins.astype("int64") >= log.local_value(log.observed_from)


def _cohort_table(
    log: Log,
    cohorts: np.ndarray,
    name: str,
    n: np.ndarray,
    retained: np.ndarray,
    observed: np.ndarray,
    level: float,
) -> Any:
    shown = retained.shape[1]
    size = np.repeat(n, shown)
    seen = np.where(observed, retained, np.nan).ravel().astype("float64")
    low, high = proportion_interval(seen, size, level=level)
    columns = {
        "cohort": np.repeat(cohorts, shown),
        name: np.tile(np.arange(shown), len(cohorts)),
        "n": size,
        "retained": seen,
        "retention": share_of(seen, size),
        "low": low,
        "high": high,
        "complete": observed.ravel(),
    }
    return table_like(log.like, columns)


def _curve_table(
    log: Log,
    sizes: np.ndarray,
    reached: np.ndarray,
    first_day: np.ndarray,
    window_days: int,
    windows: int,
    level: float,
) -> Any:
    until = log.local_value(log.end) // DAY
    shown = np.arange(windows + 1)
    old = first_day[:, None] + (shown + 1) * window_days <= until
    n = (sizes[:, None] * old).sum(axis=0)
    retained = (reached * old).sum(axis=0)
    low, high = proportion_interval(retained, n, level=level)
    columns = {
        "window": shown,
        "n": n,
        "retained": retained,
        "retention": share_of(retained, n),
        "low": low,
        "high": high,
        "complete": n == sizes.sum(),
    }
    return table_like(log.like, columns)


def _check_windows(days: int, windows: int) -> None:
    for value, least in ((days, 1), (windows, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise ParameterError(
                _("{given!r} is not accepted: give a whole number from {least} up.").format(
                    given=value, least=least
                )
            )
