"""Who writes: engaged members, posts a member, readers, member types, the rhythm of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np

from cmlib.data.people import member_list
from cmlib.kpi._frames import (
    ENGAGED,
    POSTS,
    Calendar,
    add_period,
    as_list,
    calendar,
    check_period,
    close_frame,
    count_by_period,
    fill,
    from_start,
    read_log,
    share_of,
    small,
    table_like,
)
from cmlib.kpi.survival import proportion_interval

__all__ = [
    "activity_by_member_type",
    "burstiness",
    "engaged_members",
    "lurker_ratio",
    "posts_per_active_member",
]


def engaged_members(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] = ENGAGED,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Count the members who wrote or reacted in each period; a visit is not engagement.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    kinds : list of str
        Kinds of event that are engagement: by default topic, reply, reaction and accept.
    member, time, kind, start, end, period, tz, without
        As in :func:`new_members`.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the same kind as `events`
        One row a period: ``period``, ``n`` engaged members, ``active`` members with an event of
        any kind, ``share`` = n / active with its Wilson interval ``low`` and ``high``
        (missing when nobody was active), ``complete``.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Where visits are not logged, every active member is engaged and the share is 1: it then says
    something about the log, not about the members.

    References
    ----------
    Discourse, Engaged Users.
    """
    active, engaged, periods, like = _two_counts(
        events, member, time, kind, kinds, start, end, period, tz, without
    )
    low, high = proportion_interval(engaged, active, level=level)
    return table_like(
        like,
        {
            "period": periods.period,
            "n": engaged,
            "active": active,
            "share": share_of(engaged, active),
            "low": low,
            "high": high,
            "complete": periods.complete,
        },
    )


def lurker_ratio(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] = POSTS,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of each period's visitors who posted nothing: 1 - posters / visitors.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event, visits included.
    kinds : list of str
        Kinds of event that are a post: by default topic and reply.
    member, time, kind, start, end, period, tz, without
        As in :func:`new_members`.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the same kind as `events`
        One row a period: ``period``, ``n`` visitors (members with an event of any kind),
        ``posters``, ``lurker_ratio`` with its Wilson interval ``low`` and ``high`` (missing when
        nobody came), ``complete``.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    The longer the period, the lower the ratio: whoever posts once a year reads for eleven months.
    Visitors who are not logged in are in no log, so the true share of readers is higher.

    References
    ----------
    J. Nielsen (2006), The 90-9-1 rule. T. van Mierlo (2014), The 1 % rule in four digital health
    social networks, Journal of Medical Internet Research 16(2), e33.
    """
    visitors, posters, periods, like = _two_counts(
        events, member, time, kind, kinds, start, end, period, tz, without
    )
    low, high = proportion_interval(visitors - posters, visitors, level=level)
    return table_like(
        like,
        {
            "period": periods.period,
            "n": visitors,
            "posters": posters,
            "lurker_ratio": share_of(visitors - posters, visitors),
            "low": low,
            "high": high,
            "complete": periods.complete,
        },
    )


def posts_per_active_member(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] = POSTS,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Give how much the active members of each period post, on average and in the middle.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    kinds : list of str
        Kinds of event that are a post: by default topic and reply.
    member, time, kind, start, end, period, tz, without
        As in :func:`new_members`.

    Returns
    -------
    table of the same kind as `events`
        One row a period: ``period``; ``n`` active members (an event of any kind); ``posts`` they
        wrote; ``posts_deleted`` posts of accounts deleted since, which count in no mean;
        ``mean`` = posts / n, ``median``, ``p25``, ``p75``, ``p90`` posts a member (missing when
        nobody was active); ``complete``.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    A few members write most posts: the mean is far above what most do, the median is what
    a member in the middle does, often 0 where visits are logged.
    """
    check_period(period)
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        start=start,
        end=end,
        tz=tz,
        without=without,
        keep=[kind],
    )
    is_post = nw.when(nw.col(kind).is_in(as_list(kinds))).then(1).otherwise(0)
    rows = add_period(log.frame.with_columns(_post=is_post), log, period)
    each = rows.group_by("p", "u").agg(nw.col("_post").sum().alias("posts"))
    each = each.with_columns(_known=nw.when(nw.col("u").is_null()).then(0).otherwise(1))
    counted = small(each.group_by("p", "posts", "_known").agg(nw.len().alias("n")))
    periods = calendar(log, period)
    known = counted["_known"] == 1
    n = fill(periods, counted["p"][known], counted["n"][known])
    posts = fill(periods, counted["p"][known], (counted["posts"] * counted["n"])[known])
    deleted = fill(periods, counted["p"][~known], counted["posts"][~known])
    columns: dict[str, Any] = {
        "period": periods.period,
        "n": n,
        "posts": posts,
        "posts_deleted": deleted,
        "mean": share_of(posts, n),
    }
    for name, q in {"median": 0.5, "p25": 0.25, "p75": 0.75, "p90": 0.9}.items():
        columns[name] = np.array(
            [
                _quantile(counted["posts"][at], counted["n"][at], q)
                for at in (known & (counted["p"] == index) for index in periods.index)
            ],
            dtype="float64",
        )
    return table_like(log.like, {**columns, "complete": periods.complete})


def activity_by_member_type(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    staff: Any = None,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Count the events of each period by who made them: staff, new or returning members.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    staff : list or table of members, optional
        The members of staff: ``staff=members.query("role == 'staff'")``.
    member, time, kind, kinds, start, end, period, tz, without
        As in :func:`cmlib.kpi.new_members`; leave bots out with `without`.

    Returns
    -------
    table of the same kind as `events`
        Four rows a period: ``period``; ``member_type`` "staff", "new" (first seen in the period),
        "returning" or "deleted" (account deleted since, type unknown); ``n`` events; ``members``
        of that type (0 for deleted: they cannot be told apart); ``share`` of the period's
        events (missing in a period without any); ``complete``.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    It counts events, not people. In the first period of a log everybody is new.
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
    rows = add_period(log.frame, log, period)
    each = rows.group_by("u", "p").agg(nw.len().alias("n"))
    each = each.with_columns(_first=nw.col("p").min().over("u"))
    team = nw.col("u").is_in(member_list(staff, member, "staff"))
    number = nw.when(nw.col("p") == nw.col("_first")).then(1).otherwise(2)
    typed = each.with_columns(_type=number)
    if staff is not None:
        typed = typed.with_columns(_type=nw.when(team).then(0).otherwise(nw.col("_type")))
    typed = typed.with_columns(
        _type=nw.when(nw.col("u").is_null()).then(3).otherwise(nw.col("_type"))
    )
    found = small(typed.group_by("p", "_type").agg(nw.col("n").sum(), nw.len().alias("members")))
    periods = calendar(log, period)
    types = ("staff", "new", "returning", "deleted")
    n, members = (
        np.column_stack(
            [
                fill(periods, found["p"][at], found[column][at])
                for at in (found["_type"] == position for position in range(len(types)))
            ]
        )
        for column in ("n", "members")
    )
    members[:, 3] = 0
    total = np.repeat(n.sum(axis=1), len(types))
    return table_like(
        log.like,
        {
            "period": np.repeat(periods.period, len(types)),
            "member_type": np.array(types * len(periods.index), dtype="U9"),
            "n": n.ravel(),
            "members": members.ravel(),
            "share": share_of(n.ravel(), total),
            "complete": np.repeat(periods.complete, len(types)),
        },
    )


def burstiness(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    without: Any = None,
) -> Any:
    """Tell whether each member comes in bursts, at random or like clockwork.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    member, time, kind, kinds, start, end, without
        As in :func:`cmlib.kpi.new_members`; only events from `start` to `end` are used.

    Returns
    -------
    table of the same kind as `events`
        One row a member, in order of `member`: the member; ``n`` events; ``mean_gap_s`` mean time
        between two events, in seconds; ``burstiness`` from -1 (clockwork) through 0 (at random)
        to 1 (bursts), and ``burstiness_finite``, corrected for few events. Both are missing with
        fewer than three events (two gaps), or when all happen in the same second.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    With s and m the standard deviation and mean of the n gaps and r = s / m, burstiness is
    (r - 1) / (r + 1). It cannot exceed (sqrt(n - 1) - 1) / (sqrt(n - 1) + 1) with n gaps, so
    members with few events look regular; the corrected form,
    (sqrt(n + 1) r - sqrt(n - 1)) / ((sqrt(n + 1) - 2) r + sqrt(n - 1)), reaches 1.
    Nights and weekends alone make everybody a little bursty. Deleted accounts have no row.

    References
    ----------
    K.-I. Goh, A.-L. Barabasi (2008), Burstiness and memory in complex systems, EPL 81, 48002.
    E.-K. Kim, H.-H. Jo (2016), Measuring burstiness for finite event sequences, Physical Review
    E 94, 032311.
    """
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=kinds,
        start=start,
        end=end,
        without=without,
    )
    frame = from_start(log).filter(~nw.col("u").is_null())
    gaps = frame.select(
        "u", gap=(nw.col("t") - nw.col("t").shift(1).over("u", order_by="t")).cast(nw.Float64)
    )
    each = gaps.group_by("u").agg(
        nw.len().alias("n"),
        nw.col("gap").mean().alias("mean_gap_s"),
        nw.col("gap").std(ddof=0).alias("_s"),
    )
    each = each.with_columns(nw.col("n").cast(nw.Int64))
    count = nw.col("n").cast(nw.Float64)  # one more than the gaps
    usable = (nw.col("n") >= 3) & (nw.col("mean_gap_s") > 0)
    each = each.with_columns(_r=nw.when(usable).then(nw.col("_s") / nw.col("mean_gap_s")))
    r, more, less = nw.col("_r"), nw.col("_more"), nw.col("_less")
    each = each.with_columns(
        _more=count**0.5, _less=nw.when(usable).then(count - 2).otherwise(1.0) ** 0.5
    )
    each = each.with_columns(
        burstiness=(r - 1) / (r + 1),
        burstiness_finite=(more * r - less) / ((more - 2) * r + less),
    )
    names = ["u", "n", "mean_gap_s", "burstiness", "burstiness_finite"]
    return close_frame(each.select(names).sort("u").rename({"u": member}), events)


def _two_counts(
    events: Any,
    member: str,
    time: str,
    kind: str,
    kinds: Sequence[str],
    start: Any,
    end: Any,
    period: str,
    tz: str | None,
    without: Any,
) -> tuple[np.ndarray, np.ndarray, Calendar, Any]:
    """Members with any event, and members with an event of `kinds`, in each period."""
    check_period(period)
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        start=start,
        end=end,
        tz=tz,
        without=without,
        keep=[kind],
    )
    periods = calendar(log, period)
    some = replace(log, frame=log.frame.filter(nw.col(kind).is_in(as_list(kinds))))
    everyone = count_by_period(log, period, periods)
    return everyone, count_by_period(some, period, periods), periods, log.like


def _quantile(values: np.ndarray, times: np.ndarray, q: float) -> float:
    """Quantile of values each seen several times (linear interpolation)."""
    if not len(values):
        return float("nan")
    order = np.argsort(values)
    upto = np.cumsum(times[order])
    place = q * (upto[-1] - 1)
    low = values[order][np.searchsorted(upto, np.floor(place), side="right")]
    high = values[order][np.searchsorted(upto, np.ceil(place), side="right")]
    return float(low + (high - low) * (place - np.floor(place)))
