"""When content works and how long it lives: slots of the week, half-life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw

from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._frames import DAY, check_zone, need_columns, open_frame, read_log, small
from cmlib.kpi._ratios import add_up, ratio_of_totals, whole
from cmlib.kpi._rows import By, Rows, as_list, close_table, open_rows, someone_else

__all__ = ["best_slots", "content_half_life"]

HOUR = 3600


def content_half_life(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    thread: str = "thread_id",
    topic: str = "topic",
    interactions: Sequence[str] = ("reply", "reaction"),
    window_days: float = 30,
    start: Any = None,
    end: Any = None,
    without: Any = None,
    keep: By = None,
) -> Any:
    """Measure, for each topic or post, the time to half of the interactions that it will get.

    Parameters
    ----------
    events : table
        One row an event.
    member, time, kind, thread : str
        Columns: who, when (UTC), kind of event, topic that it belongs to.
    topic : str
        Value of `kind` for a new topic.
    interactions : sequence of str
        Values of `kind` that count.
    window_days : float, default 30
        Interactions count for that long after publication, for every topic alike.
    start, end : date, optional
        Topics from `start` (included) to `end` (excluded), as known at `end`.
    without : list of ids or table of members, optional
        Whose topics and interactions do not count (bots, staff).
    keep : str or sequence of str, optional
        Columns of the topic to carry along.

    Returns
    -------
    table of the kind that was given
        One row a topic: `thread`, columns of `keep`, ``opened_at``, ``interactions`` by others
        within the window, ``half_life_h`` (hours; missing without interaction or where the topic
        is too young), ``complete`` (observed for the whole window).

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    The half-life is the time of the interaction of rank (n + 1) // 2 out of n. A topic younger
    than the window has not had all of its interactions: half of what it has so far comes too
    early, so its half-life is missing. What authors add to their own topic does not count.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "timestamp": pd.date_range("2025-01-06 10:00", periods=4, freq="h"),
    ...     "member_id": [1, 2, 3, 2], "kind": ["topic", "reply", "reply", "reaction"],
    ...     "thread_id": [7, 7, 7, 7]})
    >>> content_half_life(events, end="2025-03-01")[["interactions", "half_life_h", "complete"]]
       interactions  half_life_h  complete
    0             3          2.0      True
    """
    if not window_days > 0:
        raise ParameterError(
            _("window_days={days} is not accepted: give more than 0.").format(days=window_days)
        )
    kept = [name for name in as_list(keep) if name not in (thread, time)]
    need_columns(open_frame(events), thread=thread, kind=kind)
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=(topic, *as_list(interactions)),
        start=start,
        end=end,
        without=without,
        keep=dict.fromkeys([kind, thread, time, *kept]),
    )
    window = round(window_days * DAY)
    topics = log.frame.filter(nw.col(kind) == topic, nw.col("t") >= log.start).select(
        thread, *kept, _author=nw.col("u"), _opened=nw.col("t"), opened_at=nw.col(time)
    )
    others = log.frame.filter(nw.col(kind) != topic).select(thread, "u", "t")
    others = others.join(topics.select(thread, "_author", "_opened"), on=thread, how="inner")
    others = others.with_columns(_age=nw.col("t") - nw.col("_opened")).filter(
        someone_else("u", "_author") & (nw.col("_age") >= 0) & (nw.col("_age") <= window)
    )
    totals = others.group_by(thread).agg(nw.len().alias("_n")).with_columns(*whole("_n"))
    ranked = others.select(
        thread, "_age", _rank=nw.col("_age").rank("ordinal").over(thread).cast(nw.Int64)
    ).join(totals, on=thread, how="inner")
    half = ranked.filter(nw.col("_rank") == (nw.col("_n") + 1) // 2)
    found = topics.join(half.select(thread, "_age", "_n"), on=thread, how="left").with_columns(
        complete=nw.col("_opened") + window < log.end,
        interactions=nw.col("_n").cast(nw.Float64).fill_null(0.0).cast(nw.Int64),
        _hours=nw.col("_age").cast(nw.Float64) / HOUR,
    )
    found = found.with_columns(half_life_h=nw.when(nw.col("complete")).then(nw.col("_hours")))
    found = found.sort("_opened", thread)
    columns = ["opened_at", "interactions", "half_life_h", "complete"]
    return close_table(found.select(thread, *kept, *columns), events)


def best_slots(
    posts: Any,
    *,
    time: str = "published_at",
    interactions: str | Sequence[str] = ("reactions", "comments", "shares", "saves"),
    tz: str | None = None,
    zone: str | None = None,
    by: By = None,
    start: Any = None,
    end: Any = None,
    level: float = 0.95,
) -> Any:
    """Compare the interactions per post by hour of the day and day of the week, in local time.

    Parameters
    ----------
    posts : table
        One row a post; or a topic, as `content_half_life` returns (``time="opened_at"``,
        ``interactions="interactions"``).
    time : str
        Publication (UTC).
    interactions : str or sequence of str
        Columns added up.
    tz : str, optional
        IANA name of the zone of the audience; UTC without it.
    zone : str, optional
        Column that holds the zone of each row instead, where readers live in several; rows
        without one are left out.
    by : str or sequence of str, optional
    start, end : date, optional
        Posts from `start` (included) to `end` (excluded).
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``weekday`` (0 Monday to 6 Sunday), ``hour`` (0 to 23), ``n`` posts,
        ``n_missing``, ``interactions``, ``interactions_per_post``, ``low``, ``high``. Slots in
        which nothing was published are absent: nothing is known of them.

    Raises
    ------
    ParameterError
        When a zone is not known, or both `tz` and `zone` are given.

    Notes
    -----
    Counting interactions by hour shows when you publish; divided by the posts it says what a post
    in that slot got. With 168 slots and few posts each, the best one is often luck: read `n` and
    the interval, and try the slot before believing it. The formats published in a slot differ too.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({
    ...     "published_at": pd.to_datetime(["2025-01-06 08:00", "2025-07-07 07:00"]),
    ...     "reactions": [10, 20]})
    >>> slots = best_slots(posts, interactions="reactions", tz="Europe/Paris")
    >>> slots[["weekday", "hour", "n", "interactions_per_post"]]
       weekday  hour  n  interactions_per_post
    0        0     9  2                   15.0
    """
    if tz is not None and zone is not None:
        raise ParameterError(
            _("tz and zone were both given. Keep tz for one zone, zone for a column of zones.")
        )
    names = as_list(interactions)
    columns: dict[str, str | None] = {"zone": zone} | dict(zip(_roles(names), names, strict=True))
    rows = open_rows(
        posts, columns=columns, by=by, time=time, start=start, end=end, tz=tz, dated=True
    )
    frame = rows.frame if zone is None else rows.frame.filter(~nw.col(zone).is_null())
    local = frame.with_columns(_local=_wall_clock(rows, zone))
    local = local.with_columns(
        weekday=(nw.col("_local") // DAY + 3) % 7, hour=nw.col("_local") % DAY // HOUR
    )
    keys = [*rows.by, "weekday", "hour"]
    slots = ratio_of_totals(
        local,
        add_up(names),
        nw.lit(1.0),
        by=keys,
        names=("interactions", "_posts", "interactions_per_post"),
        level=level,
    )
    return rows.close(slots.drop("_posts").with_columns(*whole("weekday", "hour")))


def _roles(names: list[str]) -> list[str]:
    return [f"interactions[{place}]" for place in range(len(names))]


def _wall_clock(rows: Rows, zone: str | None) -> nw.Expr:
    """Give seconds on the wall clock of each row: of the log's zone, or of the row's own."""
    log = rows.log
    if log is None:
        raise ParameterError(_("A slot needs a column of times: name it with time=..."))
    if zone is None:
        return log.local(nw.col("t"))
    zones = small(rows.frame.select(zone).unique())[zone]
    local = nw.col("t")
    for name in sorted(name for name in zones if isinstance(name, str)):
        in_zone = replace(log, tz=check_zone(name)).local(nw.col("t"))
        local = nw.when(nw.col(zone) == name).then(in_zone).otherwise(local)
    return local
