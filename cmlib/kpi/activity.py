"""Who is there: new members, active members, how often they come."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import whole_number
from cmlib.data.clock import DAY, check_period
from cmlib.data.communities import Community, log_of, table_log
from cmlib.data.frames import close_frame, need_columns, open_frame, small, table_like
from cmlib.data.log import Log
from cmlib.kpi._cohorts import day_zero
from cmlib.kpi._logged_kinds import log_and_kinds, missing
from cmlib.kpi._periods import NEVER, add_period, count_by_period, member_periods
from cmlib.kpi.calendar import Calendar, calendar, fill

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
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
    period: str = "month",
) -> IntoFrame:
    """Count the members seen for the first time in each period.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds : list of str, optional
        Only events of these kinds count, for example ``["topic", "reply"]`` for first posts.
        By default every kind does. Where the log holds none of them the figures are missing, with
        a warning.
    period : {"month", "week", "day"}
        Weeks begin on Monday.

    Returns
    -------
    table of the kind of the events
        One row a period: ``period`` its first day; ``n`` members first seen in it;
        ``already_there`` members first seen in the first 30 days of a log that does not begin with
        its community, who were there before and are no newcomers; ``complete`` whether newcomers
        were observed from its beginning to its end.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    First seen is not joined: whoever joined in March and first came back in May is new in May
    here, and in March for :func:`joined_members`. In the first weeks of a log almost everybody
    would look new: that is the log beginning, not growth. Deleted accounts are not counted. In a
    view of chosen events a member is new in the period of their first event of all, and counts
    where it is one of those chosen.

    References
    ----------
    CHAOSS, New Contributors.

    Examples
    --------
    >>> import pandas as pd
    >>> from cmlib.data import community
    >>> days = pd.to_datetime(["2025-01-03", "2025-02-01", "2025-02-09"])
    >>> events = pd.DataFrame(
    ...     {"event_id": [1, 2, 3], "member_id": [1, 2, 1], "kind": "visit", "timestamp": days}
    ... )
    >>> club = community(
    ...     events=events, start="2025-01-01", end="2025-03-01", complete_history=True
    ... )
    >>> new_members(club)
          period  n  already_there  complete
    0 2025-01-01  1              0      True
    1 2025-02-01  1              0      True
    """
    check_period(period)
    log, kinds, measured = log_and_kinds(community, kinds)
    periods = calendar(log, period, since=log.newcomers_from)
    n, there = arrivals(log, period, periods, kinds)
    columns = {
        "period": periods.period,
        "n": n,
        "already_there": there,
        "complete": periods.complete,
    }
    return table_like(log.like, columns if measured else missing(columns, "n", "already_there"))


def joined_members(community: Community | IntoFrame, *, period: str = "month") -> IntoFrame:
    """Count the accounts created in each period.

    Parameters
    ----------
    community : Community or table of members
        Period, zone and who counts are those of the view; ``member_id`` and ``joined_at`` are
        read in the table of members.
    period
        As in :func:`new_members`.

    Returns
    -------
    table of the kind of the events
        One row a period: ``period``, ``n`` accounts created, ``complete``.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the members are missing, or an argument is not one of those accepted.

    Notes
    -----
    An account is not a person who came: compare with :func:`new_members` over the same period.
    """
    check_period(period)
    if isinstance(community, Community) and community.has("events"):
        log = log_of(community)
        rows = log.joins()
    else:
        log = table_log(community, "members", "joined_at")
        rows = log.rows().filter(~nw.col("u").is_null())
    first = add_period(rows.group_by("u").agg(nw.col("t").min()), log, period)
    found = small(first.group_by("p").agg(nw.len().alias("n")))
    periods = calendar(log, period)
    n = fill(periods, found["p"], found["n"])
    return table_like(log.like, {"period": periods.period, "n": n, "complete": periods.complete})


def growth_rate(table: IntoFrame, *, value: str = "n") -> IntoFrame:
    """Add how much a count grew since the period before.

    Parameters
    ----------
    table : table of any engine
        One row a period, as :func:`new_members` or :func:`active_by_period` gives it: ``period``
        and, where the table says so, ``complete``.
    value : str, default "n"
        Column of `table` that is compared.

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
    >>> growth_rate(table)
          period   n  growth_rate
    0 2025-01-01   8          NaN
    1 2025-02-01  10         0.25
    """
    frame = open_frame(table)
    need_columns(frame, ["period"])
    need_columns(frame, [value], argument="value")
    now = nw.col(value).cast(nw.Float64)
    before = now.shift(1).over(order_by="period")
    usable = before > 0
    if "complete" in frame.collect_schema().names():
        whole = nw.col("complete").cast(nw.Int64)
        usable = usable & (whole == 1) & (whole.shift(1).over(order_by="period") == 1)
    frame = frame.with_columns(growth_rate=nw.when(usable).then((now - before) / before))
    return close_frame(frame.sort("period"), table)


def active_members(
    community: Community | IntoFrame,
    *,
    at_least: int = 1,
    window_days: int = 30,
    kinds: Sequence[str] | None = None,
) -> IntoFrame:
    """Count, each day, the members active in the days that end with it.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    at_least : int, default 1
        Actions needed to be called active.
    window_days : int, default 30
        1 for daily, 7 for weekly, 30 for monthly active members.
    kinds
        As in :func:`new_members`. Days before the start that the log holds are used in the
        windows of the first days.

    Returns
    -------
    table of the kind of the events
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
    Being active says that somebody was seen, not that the visit was of use to them.

    References
    ----------
    Discourse, monthly active users: days d - 29 to d.

    Examples
    --------
    >>> import pandas as pd
    >>> from cmlib.data import community
    >>> days = pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"])
    >>> events = pd.DataFrame(
    ...     {"event_id": [1, 2, 3], "member_id": [1, 2, 1], "kind": "visit", "timestamp": days}
    ... )
    >>> club = community(events=events, start="2025-01-01", end="2025-01-05")
    >>> active_members(club, window_days=2)
             day  n  complete
    0 2025-01-01  1     False
    1 2025-01-02  2      True
    2 2025-01-03  2      True
    3 2025-01-04  1      True
    >>> active_members(club, at_least=2, window_days=3)["n"].tolist()
    [0, 0, 1, 0]
    """
    at_least = whole_number("at_least", at_least)
    window_days = whole_number("window_days", window_days)
    log, kinds, measured = log_and_kinds(community, kinds)
    days = calendar(log, "day", window=window_days)
    if at_least == 1:
        n = _windows(log, [window_days], kinds)[1][window_days]
    else:
        n = _several_times(log, days, at_least=at_least, window=window_days, kinds=kinds)
    columns = {"day": days.period, "n": n, "complete": days.complete}
    return table_like(log.like, columns if measured else missing(columns, "n"))


def active_by_period(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
    period: str = "month",
) -> IntoFrame:
    """Count the members active at least once in each calendar day, week or month.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds, period
        As in :func:`new_members`.

    Returns
    -------
    table of the kind of the events
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
    log, kinds, measured = log_and_kinds(community, kinds)
    periods = calendar(log, period)
    n = count_by_period(log, period, periods, kinds=kinds)
    columns = {"period": periods.period, "n": n, "complete": periods.complete}
    return table_like(log.like, columns if measured else missing(columns, "n"))


def dau_wau_mau(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
) -> IntoFrame:
    """Count daily, weekly and monthly active members, each day.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds
        As in :func:`active_members`.

    Returns
    -------
    table of the kind of the events
        One row a day: ``day``; ``dau``, ``wau``, ``mau`` members active in the 1, 7 and 30 days
        that end with it; ``complete`` whether all 30 days were observed in full.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.
    """
    log, kinds, measured = log_and_kinds(community, kinds)
    days, counts = _windows(log, [1, 7, 30], kinds)
    columns = {
        "day": days.period,
        "dau": counts[1],
        "wau": counts[7],
        "mau": counts[30],
        "complete": calendar(log, "day", window=30).complete,
    }
    return table_like(log.like, columns if measured else missing(columns, "dau", "wau", "mau"))


def stickiness(
    community: Community | IntoFrame,
    *,
    window_days: int = 30,
    kinds: Sequence[str] | None = None,
) -> float:
    """Return how much of the month's public comes on an average day: mean over days of DAU / MAU.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    window_days : int, default 30
        30 for DAU / MAU, 7 for DAU / WAU.
    kinds
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
    >>> from cmlib.data import community
    >>> days = pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"])
    >>> events = pd.DataFrame(
    ...     {"event_id": [1, 2, 3], "member_id": [1, 2, 1], "kind": "visit", "timestamp": days}
    ... )
    >>> club = community(events=events, start="2025-01-01", end="2025-01-05")
    >>> stickiness(club, window_days=2)
    0.3333333333333333
    """
    window_days = whole_number("window_days", window_days)
    log, kinds, _measured = log_and_kinds(community, kinds)
    _days, counts = _windows(log, sorted({1, window_days}), kinds)
    usable = calendar(log, "day", window=window_days).complete & (counts[window_days] > 0)
    if not usable.any():
        return float("nan")
    return float(np.mean(counts[1][usable] / counts[window_days][usable]))


def arrivals(
    log: Log, period: str, periods: Calendar, kinds: Sequence[str] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Count the newcomers of each period, and who was first seen in it but was there already."""
    if log.complete_history and not log.is_chosen:
        pairs = member_periods(log, period, kinds=kinds).filter(nw.col("before") == NEVER)
        found = small(pairs.group_by("p").agg(nw.len().alias("n")))
        return fill(periods, found["p"], found["n"]), np.zeros_like(periods.index)
    first = day_zero(log, "first_event", kinds)
    if log.is_chosen:
        chosen = log.rows(kinds=kinds).select("u", "t").unique(["u", "t"])
        first = first.join(chosen, on=["u", "t"], how="inner")
    first = add_period(first, log, period)
    found = small(first.group_by("p").agg(nw.len().alias("n"), nw.col("there").sum()))
    there = fill(periods, found["p"], found["there"])
    return fill(periods, found["p"], found["n"]) - there, there


def _windows(
    log: Log, windows: Sequence[int], kinds: Sequence[str] | None
) -> tuple[Calendar, dict[int, np.ndarray]]:
    """Members active in the trailing windows of each day, from steps of +1 and -1."""
    pairs = member_periods(log, "day", kinds=kinds)
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


def _several_times(
    log: Log, days: Calendar, *, at_least: int, window: int, kinds: Sequence[str] | None
) -> np.ndarray:
    """Members who did at least so many things in the trailing window of each day."""
    rows = small(log.rows(kinds=kinds).filter(~nw.col("u").is_null()))
    steps = np.zeros(len(days.index) + window + 1, dtype="int64")
    if len(days.index) and len(rows["t"]):
        day = log.local_array(rows["t"]) // DAY - days.index[0]
        member = pd.factorize(rows["u"])[0]
        enter, leave = _spells(member, day, at_least=at_least, window=window)
        inside = (leave > 0) & (enter < len(days.index))
        np.add.at(steps, np.maximum(enter[inside], 0), 1)
        np.add.at(steps, leave[inside], -1)
    return np.cumsum(steps)[: len(days.index)]


def _spells(
    member: np.ndarray, day: np.ndarray, *, at_least: int, window: int
) -> tuple[np.ndarray, np.ndarray]:
    """Days on which each member becomes active, and the days on which they no longer are.

    The window that ends on the day of an action, or soon after, holds enough of them when the
    action `at_least` - 1 places before is less than `window` days old.
    """
    order = np.lexsort((day, member))
    day, member = day[order], member[order]
    now, before = slice(at_least - 1, None), slice(0, len(day) - at_least + 1)
    enough = (member[now] == member[before]) & (day[now] - day[before] < window)
    enter = day[now][enough]
    leave = day[before][enough] + window
    who = member[now][enough]
    same = np.r_[False, who[1:] == who[:-1]]
    earlier = np.r_[0, leave[:-1]]
    enter = np.where(same, np.maximum(enter, earlier), enter)
    real = enter < leave
    return enter[real], leave[real]
