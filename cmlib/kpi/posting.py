"""Who writes: engaged members, posts a member, readers, member types, the rhythm of each."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import narwhals as nw
import numpy as np
from narwhals.typing import IntoFrame

from cmlib.data.clock import check_period
from cmlib.data.communities import Community
from cmlib.data.frames import close_frame, small, table_like
from cmlib.data.log import POSTS, Log
from cmlib.errors import NotMeasuredWarning
from cmlib.kpi._cohorts import day_zero
from cmlib.kpi._logged_kinds import log_and_kinds, missing
from cmlib.kpi._periods import ENGAGED, add_period, count_by_period, share_of
from cmlib.kpi.calendar import calendar, fill
from cmlib.kpi.survival import proportion_interval
from cmlib.messages import _

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
) -> IntoFrame:
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
    warning. So are all figures of which no kind is logged.

    References
    ----------
    Discourse, Engaged Users.
    """
    check_period(period)
    log, acts, measured = log_and_kinds(community, kinds)
    periods = calendar(log, period)
    active = count_by_period(log, period, periods)
    engaged = count_by_period(log, period, periods, kinds=acts)
    low, high = proportion_interval(engaged, active, level=level)
    columns = {
        "period": periods.period,
        "n": engaged,
        "active": active,
        "share": share_of(engaged, active),
        "low": low,
        "high": high,
        "complete": periods.complete,
    }
    if not measured:
        columns = missing(columns, "n", "share", "low", "high")
    elif not _sees_visits(log):
        columns = missing(columns, "share", "low", "high")
    return table_like(log.like, columns)


def lurker_ratio(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] = POSTS,
    period: str = "month",
    level: float = 0.95,
) -> IntoFrame:
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
        nobody came), ``complete``. Where visits are not logged, ``n`` and the ratio are missing,
        with a warning.

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
    check_period(period)
    log, acts, measured = log_and_kinds(community, kinds)
    periods = calendar(log, period)
    visitors = count_by_period(log, period, periods)
    posters = count_by_period(log, period, periods, kinds=acts)
    low, high = proportion_interval(visitors - posters, visitors, level=level)
    columns = {
        "period": periods.period,
        "n": visitors,
        "posters": posters,
        "lurker_ratio": share_of(visitors - posters, visitors),
        "low": low,
        "high": high,
        "complete": periods.complete,
    }
    if not measured:
        columns = missing(columns, "posters", "lurker_ratio", "low", "high")
    elif not _sees_visits(log):
        columns = missing(columns, "n", "lurker_ratio", "low", "high")
    return table_like(log.like, columns)


def posts_per_active_member(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] = POSTS,
    period: str = "month",
) -> IntoFrame:
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
    a member in the middle does, often 0 where visits are logged: where they are not, only those
    who did something are active, and both are higher. Where no post is logged the figures are
    missing, with a warning.
    """
    check_period(period)
    log, acts, measured = log_and_kinds(community, kinds)
    periods = calendar(log, period)
    n = count_by_period(log, period, periods)
    rows = add_period(log.rows(kinds=acts), log, period)
    each = rows.group_by("p", "u").agg(nw.len().alias("posts"))
    each = each.with_columns(known=nw.when(nw.col("u").is_null()).then(0).otherwise(1))
    found = small(each.group_by("p", "posts", "known").agg(nw.len().alias("members")))
    known = found["known"] == 1
    p, written, members = (found[name][known] for name in ("p", "posts", "members"))
    posts = fill(periods, p, written * members)
    columns = {
        "period": periods.period,
        "n": n,
        "posts": posts,
        "posts_deleted": fill(periods, found["p"][~known], found["posts"][~known]),
        "mean": share_of(posts, n),
    }
    silent = n - fill(periods, p, members)
    for name, q in {"median": 0.5, "p25": 0.25, "p75": 0.75, "p90": 0.9}.items():
        columns[name] = np.array(
            [
                _quantile(np.append(written[at], 0), np.append(members[at], none), q)
                for at, none in zip((p == index for index in periods.index), silent, strict=True)
            ],
            dtype="float64",
        )
    if not measured:
        columns = missing(columns, *[name for name in columns if name not in ("period", "n")])
    return table_like(log.like, {**columns, "complete": periods.complete})


def activity_by_member_type(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
    period: str = "month",
) -> IntoFrame:
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
        "returning" (was there before) or "deleted" (account deleted since, type unknown); ``n``
        events; ``members`` of that type (0 for deleted: they cannot be told apart); ``share`` of
        the period's events (missing in a period without any); ``complete``, newcomers included.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    It counts events, not people. Staff are known by their role in the table of members. Without
    roles the rows of staff are missing, with a warning, and staff are counted among the members;
    where the team is left out of the view they are 0. Unless the history is complete, people
    first seen in the first 30 days of the log were there already: "returning".
    """
    check_period(period)
    log, kinds, measured = log_and_kinds(community, kinds)
    periods = calendar(log, period, since=log.newcomers_from)
    rows = add_period(log.rows(kinds=kinds), log, period)
    first = add_period(day_zero(log, "first_event", kinds), log, period, name="first")
    first = first.filter(nw.col("there") == 0).select("u", "first")
    typed = rows.group_by("u", "p").agg(nw.len().alias("n")).join(first, on="u", how="left")
    place = nw.when(nw.col("p") == nw.col("first")).then(1).otherwise(2)
    if log.staff:
        place = nw.when(nw.col("u").is_in(list(log.staff))).then(0).otherwise(place)
    typed = typed.with_columns(place=nw.when(nw.col("u").is_null()).then(3).otherwise(place))
    found = small(typed.group_by("p", "place").agg(nw.col("n").sum(), nw.len().alias("members")))
    types = ("staff", "new", "returning", "deleted")
    of_type = [found["place"] == at for at in range(len(types))]
    n, members = (
        np.column_stack([fill(periods, found["p"][at], found[name][at]) for at in of_type])
        for name in ("n", "members")
    )
    members[:, 3] = 0
    columns = {
        "period": np.repeat(periods.period, len(types)),
        "member_type": np.array(types * len(periods.index), dtype="U9"),
        "n": n.ravel(),
        "members": members.ravel(),
        "share": share_of(n.ravel(), np.repeat(n.sum(axis=1), len(types))),
        "complete": np.repeat(periods.complete, len(types)),
    }
    figures = ("n", "members", "share")
    if not measured:
        columns = missing(columns, *figures)
    elif not log.has_roles:
        warnings.warn(
            _("No role is known in this community: members and staff cannot be told apart."),
            NotMeasuredWarning,
            stacklevel=2,
        )
        known = columns["member_type"] != "staff"
        columns |= {name: np.where(known, columns[name], np.nan) for name in figures}
    return table_like(log.like, columns)


def burstiness(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
) -> IntoFrame:
    """Tell whether each member comes in bursts, at random or like clockwork.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds
        As in :func:`cmlib.kpi.new_members`; only events from start to end are used. Where the log
        holds none of them there is no row, and a warning.

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
    log, kinds, _measured = log_and_kinds(community, kinds)
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


def _sees_visits(log: Log) -> bool:
    """Tell, with a warning, whether visits are among the events that count."""
    seen = "visit" in log.kinds
    if seen and log.is_chosen:
        visits = log.rows(kinds=("visit",)).select(n=nw.len())
        seen = log.once("chosen visits", lambda: int(small(visits)["n"][0])) > 0
    if not seen and log.kinds:
        warnings.warn(
            _("There is no visit among these events: nobody is seen who came and did nothing."),
            NotMeasuredWarning,
            stacklevel=3,
        )
    return seen or not log.kinds


def _quantile(values: np.ndarray, times: np.ndarray, q: float) -> float:
    """Quantile of values each seen several times (linear interpolation)."""
    order = np.argsort(values)
    upto = np.cumsum(times[order])
    if not upto[-1]:
        return float("nan")
    place = q * (upto[-1] - 1)
    low = values[order][np.searchsorted(upto, np.floor(place), side="right")]
    high = values[order][np.searchsorted(upto, np.ceil(place), side="right")]
    return float(low + (high - low) * (place - np.floor(place)))
