"""Who writes: engaged members, posts a member, readers, member types, the rhythm of each."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
from narwhals.typing import IntoFrame

from cmlib.data.clock import check_period
from cmlib.data.communities import Community, log_of
from cmlib.data.frames import as_list, close_frame, one_of, small, table_like
from cmlib.data.log import POSTS, Log
from cmlib.errors import NotMeasuredWarning
from cmlib.i18n import _
from cmlib.kpi._periods import (
    ENGAGED,
    Calendar,
    add_period,
    calendar,
    count_by_period,
    fill,
    share_of,
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
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] = ENGAGED,
    period: str = "month",
    level: float = 0.95,
) -> Any:
    """Count the members who wrote or reacted in each period; a visit is not engagement.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds : list of str
        Kinds of event that are engagement: by default topic, reply, reaction and accept.
    period
        As in :func:`new_members`.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the kind of the events
        One row a period: ``period``, ``n`` engaged members, ``active`` members with an event of
        any kind, ``share`` = n / active with its Wilson interval ``low`` and ``high``
        (missing when nobody was active), ``complete``.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Where visits are not logged, every active member is engaged: the share is missing, with a
    warning that says so.

    References
    ----------
    Discourse, Engaged Users.
    """
    log = log_of(community)
    active, engaged, periods = _two_counts(log, kinds, period)
    base = _visitors(log, active)
    low, high = proportion_interval(engaged, base, level=level)
    return table_like(
        log.like,
        {
            "period": periods.period,
            "n": engaged,
            "active": active,
            "share": share_of(engaged, base),
            "low": low,
            "high": high,
            "complete": periods.complete,
        },
    )


def lurker_ratio(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] = POSTS,
    period: str = "month",
    level: float = 0.95,
) -> Any:
    """Give the share of each period's visitors who posted nothing: 1 - posters / visitors.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds : list of str
        Kinds of event that are a post: by default topic and reply.
    period
        As in :func:`new_members`.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the kind of the events
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
    Visitors who are not logged in are in no log, so the true share of readers is higher. Where
    visits are not logged at all, the ratio is missing, with a warning that says so.

    References
    ----------
    J. Nielsen (2006), The 90-9-1 rule. T. van Mierlo (2014), The 1 % rule in four digital health
    social networks, Journal of Medical Internet Research 16(2), e33.
    """
    log = log_of(community)
    visitors, posters, periods = _two_counts(log, kinds, period)
    base = _visitors(log, visitors)
    low, high = proportion_interval(base - posters, base, level=level)
    return table_like(
        log.like,
        {
            "period": periods.period,
            "n": visitors,
            "posters": posters,
            "lurker_ratio": share_of(base - posters, base),
            "low": low,
            "high": high,
            "complete": periods.complete,
        },
    )


def posts_per_active_member(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] = POSTS,
    period: str = "month",
) -> Any:
    """Give how much the active members of each period post, on average and in the middle.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds : list of str
        Kinds of event that are a post: by default topic and reply.
    period
        As in :func:`new_members`.

    Returns
    -------
    table of the kind of the events
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
    log = log_of(community)
    log.check_kinds(as_list(kinds))
    is_post = nw.when(one_of("kind", as_list(kinds))).then(1).otherwise(0)
    rows = add_period(log.rows("kind").with_columns(post=is_post), log, period)
    each = rows.group_by("p", "u").agg(nw.col("post").sum().alias("posts"))
    each = each.with_columns(known=nw.when(nw.col("u").is_null()).then(0).otherwise(1))
    counted = small(each.group_by("p", "posts", "known").agg(nw.len().alias("n")))
    periods = calendar(log, period)
    known = counted["known"] == 1
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
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
    period: str = "month",
) -> Any:
    """Count the events of each period by who made them: staff, new or returning members.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds, period
        As in :func:`cmlib.kpi.new_members`.

    Returns
    -------
    table of the kind of the events
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
    It counts events, not people. Staff are the members whose role says so; without roles, or where
    the team is left out of the view, that row is 0. In the first period of a log everybody is new.
    """
    check_period(period)
    log = log_of(community)
    rows = add_period(log.rows(kinds=kinds), log, period)
    each = rows.group_by("u", "p").agg(nw.len().alias("n"))
    first = add_period(log.first_seen(kinds=kinds), log, period, name="first")
    each = each.join(first.select("u", "first"), on="u", how="left")
    number = nw.when(nw.col("p") == nw.col("first")).then(1).otherwise(2)
    team = log.staff
    if team:
        number = nw.when(nw.col("u").is_in(list(team))).then(0).otherwise(number)
    typed = each.with_columns(kind_of=nw.when(nw.col("u").is_null()).then(3).otherwise(number))
    found = small(typed.group_by("p", "kind_of").agg(nw.col("n").sum(), nw.len().alias("members")))
    periods = calendar(log, period)
    types = ("staff", "new", "returning", "deleted")
    n, members = (
        np.column_stack(
            [
                fill(periods, found["p"][at], found[column][at])
                for at in (found["kind_of"] == position for position in range(len(types)))
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
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
) -> Any:
    """Tell whether each member comes in bursts, at random or like clockwork.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds
        As in :func:`cmlib.kpi.new_members`; only events from start to end are used.

    Returns
    -------
    table of the kind of the events
        One row a member, in order of ``member_id``; ``n`` events; ``mean_gap_s`` mean time
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
    log = log_of(community)
    frame = log.from_start(log.rows(kinds=kinds)).filter(~nw.col("u").is_null())
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
    return close_frame(each.select(names).sort("u").rename({"u": "member_id"}), log.like)


def _two_counts(
    log: Log, kinds: Sequence[str], period: str
) -> tuple[np.ndarray, np.ndarray, Calendar]:
    """Members with any event, and members with an event of `kinds`, in each period."""
    check_period(period)
    periods = calendar(log, period)
    everyone = count_by_period(log, period, periods)
    return everyone, count_by_period(log, period, periods, kinds=as_list(kinds)), periods


def _visitors(log: Log, active: np.ndarray) -> np.ndarray:
    """Members who came, missing where nobody could be seen without acting."""
    if "visit" in log.kinds:
        return active
    warnings.warn(
        _("Visits are not in this log, so nobody can be seen who came and did nothing."),
        NotMeasuredWarning,
        stacklevel=3,
    )
    return np.full(len(active), np.nan)


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
