"""Who is there: new members, active members, how often they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np

from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._frames import (
    NEVER,
    Calendar,
    Log,
    calendar,
    check_period,
    close_frame,
    count_by_period,
    fill,
    member_periods,
    need_columns,
    open_frame,
    read_log,
    small,
    table_like,
)

__all__ = [
    "active_by_period",
    "active_members",
    "dau_wau_mau",
    "growth_rate",
    "joined_members",
    "new_members",
    "stickiness",
]


def new_members(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Count the members seen for the first time in each period.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    member, time, kind : str
        Columns of `events`: the member, the time (UTC) and the kind of event.
    kinds : list of str, optional
        Only events of these kinds count, for example ``["topic", "reply"]`` for first posts.
        By default every kind does.
    start, end : date or time, optional
        Reported from `start` (included) to `end` (excluded), UTC. Without them, from the first
        event of the table to its last. Events before `start` tell who was already there.
    period : {"month", "week", "day"}
        Weeks begin on Monday.
    tz : str, optional
        IANA time zone in which days, weeks and months are cut. UTC by default.
    without : list or table of members, optional
        Members who do not count: ``without=members.query("role != 'member'")``.

    Returns
    -------
    table of the same kind as `events`
        One row a period: ``period`` its first day, ``n`` members first seen in it,
        ``complete`` whether it was observed from beginning to end.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    First seen is not joined: whoever joined in March and first came back in May is new in May
    here, and in March for :func:`joined_members`. In the first weeks of a log almost everybody is
    new; that is the log beginning, not growth. Deleted accounts (no member) are not counted.

    References
    ----------
    CHAOSS, New Contributors.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame(
    ...     {
    ...         "member_id": [1, 2, 1],
    ...         "timestamp": pd.to_datetime(["2025-01-03", "2025-02-01", "2025-02-09"]),
    ...     }
    ... )
    >>> new_members(events, start="2025-01-01", end="2025-03-01")
          period  n  complete
    0 2025-01-01  1      True
    1 2025-02-01  1      True
    """
    check_period(period)
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=kinds,
        start=start,
        end=end,
        tz=tz,
        without=without,
    )
    return _first_seen(log, period)


def joined_members(
    members: Any,
    *,
    member: str = "member_id",
    time: str = "joined_at",
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Count the accounts created in each period.

    Parameters
    ----------
    members : pandas, Polars, DuckDB or PySpark table
        One row a member.
    member, time : str
        Columns of `members`: the member, and when the account was created (UTC).
    start, end, period, tz, without
        As in :func:`new_members`.

    Returns
    -------
    table of the same kind as `members`
        One row a period: ``period``, ``n`` accounts created, ``complete``.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    An account is not a person who came: compare with :func:`new_members` over the same period.
    """
    check_period(period)
    log = read_log(members, member=member, time=time, start=start, end=end, tz=tz, without=without)
    return _first_seen(log, period)


def growth_rate(
    table: Any, *, value: str = "n", time: str = "period", complete: str | None = "complete"
) -> Any:
    """Add how much a count grew since the period before.

    Parameters
    ----------
    table : pandas, Polars, DuckDB or PySpark table
        One row a period, as :func:`new_members` or :func:`active_by_period` gives it.
    value, time, complete : str
        Columns of `table`: the count, the period, and whether it is complete
        (``complete=None`` when the table does not say).

    Returns
    -------
    table of the same kind
        The rows of `table` in order of time, and ``growth_rate``, a share: 0.1 is +10 %.

    Raises
    ------
    ColumnError
        When a column is missing.

    Notes
    -----
    (N1 - N0) / N0. Missing for the first period, after a period with 0, and where one of the two
    periods is incomplete: half a month always looks like a fall. It compares a period with the
    row before it, so the table must hold every period.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"period": pd.to_datetime(["2025-01-01", "2025-02-01"]), "n": [8, 10]})
    >>> growth_rate(table, complete=None)
          period   n  growth_rate
    0 2025-01-01   8          NaN
    1 2025-02-01  10         0.25
    """
    frame = open_frame(table)
    need_columns(frame, value=value, time=time, complete=complete)
    now = nw.col(value).cast(nw.Float64)
    usable = now.shift(1).over(order_by=time) > 0
    if complete is not None:
        whole = nw.col(complete).cast(nw.Int64)
        frame = frame.with_columns(_whole=whole, _before=whole.shift(1).over(order_by=time))
        usable = usable & (nw.col("_whole") == 1) & (nw.col("_before") == 1)
    frame = frame.with_columns(_n0=now.shift(1).over(order_by=time), _usable=usable)
    rate = nw.when(nw.col("_usable")).then((now - nw.col("_n0")) / nw.col("_n0"))
    frame = frame.with_columns(growth_rate=rate).drop("_n0", "_usable")
    if complete is not None:
        frame = frame.drop("_whole", "_before")
    return close_frame(frame.sort(time), table)


def active_members(
    events: Any,
    *,
    window_days: int = 30,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Count, each day, the members active at least once in the days that end with it.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    window_days : int, default 30
        1 for daily, 7 for weekly, 30 for monthly active members.
    member, time, kind, kinds, start, end, tz, without
        As in :func:`new_members`. Days before `start` that the table holds are used in the
        windows of the first days.

    Returns
    -------
    table of the same kind as `events`
        One row a day: ``day``, ``n`` members active in its window, ``complete`` whether the day
        and every day of its window were observed in full.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    On day d the window holds d - window_days + 1 to d. Members are counted once a window, so
    these numbers neither add up over days nor over months. Deleted accounts are not counted.

    References
    ----------
    Discourse, monthly active users: days d - 29 to d.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame(
    ...     {
    ...         "member_id": [1, 2, 1],
    ...         "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
    ...     }
    ... )
    >>> active_members(events, window_days=2, start="2025-01-01", end="2025-01-05")
             day  n  complete
    0 2025-01-01  1     False
    1 2025-01-02  2      True
    2 2025-01-03  2      True
    3 2025-01-04  1      True
    """
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=kinds,
        start=start,
        end=end,
        tz=tz,
        without=without,
    )
    days, counts = _windows(log, [window_days])
    complete = calendar(log, "day", window=window_days).complete
    columns = {"day": days.period, "n": counts[window_days], "complete": complete}
    return table_like(log.like, columns)


def active_by_period(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Count the members active at least once in each calendar day, week or month.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    member, time, kind, kinds, start, end, period, tz, without
        As in :func:`new_members`.

    Returns
    -------
    table of the same kind as `events`
        One row a period: ``period`` its first day, ``n`` active members, ``complete``.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Members are counted once a period: the daily counts of a month do not add up to its count.
    In one forum 61 members made 308 daily counts in a month.
    """
    check_period(period)
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=kinds,
        start=start,
        end=end,
        tz=tz,
        without=without,
    )
    periods = calendar(log, period)
    n = count_by_period(log, period, periods)
    return table_like(log.like, {"period": periods.period, "n": n, "complete": periods.complete})


def dau_wau_mau(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Count daily, weekly and monthly active members, each day.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    member, time, kind, kinds, start, end, tz, without
        As in :func:`active_members`.

    Returns
    -------
    table of the same kind as `events`
        One row a day: ``day``; ``dau``, ``wau``, ``mau`` members active in the 1, 7 and 30 days
        that end with it; ``complete`` whether all 30 days were observed in full.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.
    """
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=kinds,
        start=start,
        end=end,
        tz=tz,
        without=without,
    )
    days, counts = _windows(log, [1, 7, 30])
    return table_like(
        log.like,
        {
            "day": days.period,
            "dau": counts[1],
            "wau": counts[7],
            "mau": counts[30],
            "complete": calendar(log, "day", window=30).complete,
        },
    )


def stickiness(
    events: Any,
    *,
    window_days: int = 30,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
) -> float:
    """Return how much of the month's public comes on an average day: mean over days of DAU / MAU.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    window_days : int, default 30
        30 for DAU / MAU, 7 for DAU / WAU.
    member, time, kind, kinds, start, end, tz, without
        As in :func:`active_members`.

    Returns
    -------
    float
        Between 1 / `window_days` and 1; missing (NaN) when no day is complete.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Only days whose whole window was observed count; a day with nobody in its window has no ratio.
    A mean of ratios is not the ratio of the means: the latter gives busy months more weight.
    0.2 means that one in five of the month's members comes on a given day, not that each comes
    every fifth day: a few daily members are enough for it.

    References
    ----------
    Discourse, ``dau_by_mau``.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame(
    ...     {
    ...         "member_id": [1, 2, 1],
    ...         "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
    ...     }
    ... )
    >>> stickiness(events, window_days=2, start="2025-01-01", end="2025-01-05")
    0.3333333333333333
    """
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=kinds,
        start=start,
        end=end,
        tz=tz,
        without=without,
    )
    _days, counts = _windows(log, sorted({1, window_days}))
    usable = calendar(log, "day", window=window_days).complete & (counts[window_days] > 0)
    if not usable.any():
        return float("nan")
    return float(np.mean(counts[1][usable] / counts[window_days][usable]))


def _first_seen(log: Log, period: str) -> Any:
    pairs = member_periods(log, period).filter(nw.col("before") == NEVER)
    found = small(pairs.group_by("p").agg(nw.len().alias("n")))
    periods = calendar(log, period)
    n = fill(periods, found["p"], found["n"])
    return table_like(log.like, {"period": periods.period, "n": n, "complete": periods.complete})


def _windows(log: Log, windows: Sequence[int]) -> tuple[Calendar, dict[int, np.ndarray]]:
    """Members active in the trailing windows of each day, from steps of +1 and -1."""
    for window in windows:
        if isinstance(window, bool) or not isinstance(window, int) or window < 1:
            raise ParameterError(
                _("window_days={given!r} is not accepted. Give a whole number of days.").format(
                    given=window
                )
            )
    pairs = member_periods(log, "day")
    enters = [_one_where("before", window).alias(f"in_{window}") for window in windows]
    leaves = [_one_where("after", window).alias(f"out_{window}") for window in windows]
    names = [f"{way}_{window}" for window in windows for way in ("in", "out")]
    found = small(
        pairs.select("p", *enters, *leaves)
        .group_by("p")
        .agg(*(nw.col(name).sum() for name in names))
    )
    days = calendar(log, "day")
    counts = {}
    for window in windows:
        steps = _steps(found["p"], found[f"in_{window}"], found[f"out_{window}"], window)
        counts[window] = np.array([steps.get(day, 0) for day in days.index.tolist()], dtype="int64")
    return days, counts


def _one_where(column: str, window: int) -> nw.Expr:
    return nw.when(nw.col(column) > window).then(1).otherwise(0)


def _steps(days: np.ndarray, enter: np.ndarray, leave: np.ndarray, window: int) -> dict[int, int]:
    if not len(days):
        return {}
    low, high = int(days.min()), int(days.max())
    change = np.zeros(high - low + window + 1, dtype="int64")
    np.add.at(change, days - low, enter)
    np.add.at(change, days - low + window, -leave)
    return dict(enumerate(np.cumsum(change).tolist(), start=low))
