"""The editorial calendar: what came out, whether on time, and who made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._frames import need_columns, open_frame, read_log, small, with_seconds
from cmlib.kpi._ratios import aggregate, is_one_of, shares, whole, with_share
from cmlib.kpi._rows import By, as_list, open_rows, period_rows

__all__ = ["on_time_rate", "publication_counts", "ugc_share"]

HOUR = 3600


def publication_counts(
    posts: Any,
    *,
    time: str = "published_at",
    period: str = "month",
    by: By = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
) -> Any:
    """Count what was published in each period, empty periods included.

    Parameters
    ----------
    posts : table
        One row a post; those never published (no time) are left out.
    time : str
        Publication (UTC).
    period : {"day", "week", "month"}
    by : str or sequence of str, optional
        Columns that make the groups (platform, format).
    start, end : date, optional
        Period observed, `end` excluded; without them, from the first post to the last.
    tz : str, optional
        IANA name of the zone in which days begin; UTC without it.

    Returns
    -------
    table of the kind that was given
        ``period`` (its first day), columns of `by`, ``n`` posts, ``complete``.

    Raises
    ------
    ParameterError
        When the period or the zone is not known.

    Notes
    -----
    Periods without a post have ``n`` 0, for every group that published at least once.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"published_at": pd.to_datetime(["2025-01-31", "2025-03-01"])})
    >>> publication_counts(posts, start="2025-01-01", end="2025-03-15")
          period  n  complete
    0 2025-01-01  1      True
    1 2025-02-01  0      True
    2 2025-03-01  1     False
    """
    rows = open_rows(posts, by=by, time=time, period=period, start=start, end=end, tz=tz)
    counted = pd.DataFrame(small(aggregate(rows.frame, rows.by, nw.len().alias("n"))))
    keys = rows.by[1:]
    index = pd.DataFrame({"period": rows.calendar.index})  # type: ignore[union-attr]
    if keys:
        index = index.merge(counted[keys].drop_duplicates().sort_values(keys), how="cross")
    full = index.merge(counted, on=rows.by, how="left")
    full["n"] = full["n"].fillna(0).astype("int64")
    return rows.close_columns({name: full[name].to_numpy() for name in full.columns})


def on_time_rate(
    posts: Any,
    *,
    planned: str = "planned_at",
    published: str = "published_at",
    tolerance_h: float = 1,
    by: By = None,
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    level: float = 0.95,
) -> Any:
    """Give the share of planned posts that came out when the editorial calendar said.

    Parameters
    ----------
    posts : table
        One row a planned post.
    planned, published : str
        Columns of the planned and the actual publication (UTC); the second is empty when the post
        never came out.
    tolerance_h : float, default 1
        Hours between plan and publication, before or after, that still count as on time.
    by : str or sequence of str, optional
    period : {"day", "week", "month"}, optional
        One row a period of the plan, dated in `tz`.
    start, end : date, optional
        Posts planned from `start` (included), as known at `end`. What is not due yet at `end`,
        tolerance included, is left out. Without `end`, just after the last plan or publication.
    tz : str, optional
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` posts due, ``on_time``, ``early``, ``late``, ``never`` (not out by
        `end`), ``on_time_rate`` (share), ``low``, ``high``; with a period ``period``, ``complete``.

    Raises
    ------
    ParameterError
        When the tolerance is negative.

    Notes
    -----
    A post that never came out was not on time: it stays in ``n``.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({
    ...     "planned_at": pd.to_datetime(["2025-01-06 10:00", "2025-01-07 10:00"]),
    ...     "published_at": pd.to_datetime(["2025-01-06 10:20", None])})
    >>> on_time_rate(posts, end="2025-02-01")[["n", "on_time", "never", "on_time_rate"]]
       n  on_time  never  on_time_rate
    0  2        1      1           0.5
    """
    if not tolerance_h >= 0:
        raise ParameterError(
            _("{hours} hours is not accepted: give 0 or more.").format(hours=tolerance_h)
        )
    frame = open_frame(posts)
    keys = as_list(by)
    need_columns(frame, planned=planned, published=published)
    for key in keys:
        need_columns(frame, by=key)
    frame = with_seconds(with_seconds(frame, planned, "_due"), published, "_out")
    frame = frame.select("_due", "_out", *keys)
    tolerance = round(tolerance_h * HOUR)
    log = read_log(
        frame.to_native(),
        member=None,
        time="_due",
        start=start,
        end=end,
        tz=tz,
        keep=["_out", *keys],
    )
    stop = log.end if end is not None else _last(frame, "_due", "_out") + tolerance + 1
    late_by = (nw.col("_out") - nw.col("t")).cast(nw.Float64)
    out = nw.when(nw.col("_out") < stop).then(late_by)
    due = log.frame.filter(nw.col("t") >= log.start, nw.col("t") + tolerance < stop)
    due = due.with_columns(_late=out).with_columns(
        _never=nw.col("_late").is_null().cast(nw.Int64),
        _early=_flag(nw.col("_late") < -tolerance),
        _too_late=_flag(nw.col("_late") > tolerance),
    )
    rows = period_rows(due, replace(log, end=stop - tolerance, like=posts), keys, period)
    counted = aggregate(
        rows.frame,
        rows.by,
        nw.len().alias("n"),
        nw.col("_early").sum().alias("early"),
        nw.col("_too_late").sum().alias("late"),
        nw.col("_never").sum().alias("never"),
    ).with_columns(*whole("n", "early", "late", "never"))
    counted = counted.with_columns(
        on_time=nw.col("n") - nw.col("early") - nw.col("late") - nw.col("never")
    )
    result = with_share(counted, "on_time", "n", "on_time_rate", level)
    columns = ["n", "on_time", "early", "late", "never", "on_time_rate", "low", "high"]
    return rows.close(result.select(*rows.by, *columns))


def ugc_share(
    posts: Any,
    *,
    author: str = "author_type",
    members: Sequence[Any] = ("member",),
    without: Sequence[Any] = (),
    by: By = None,
    time: str = "published_at",
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    level: float = 0.95,
) -> Any:
    """Give the share of posts made by members and not by the brand, its staff or partners.

    Parameters
    ----------
    posts : table
        One row a post; or an event joined with the role of its author (``author="role"``).
    author : str
        Column of the type of author. Rows where it is missing are left out.
    members : sequence
        Values of `author` that stand for members.
    without : sequence
        Values that do not count at all, such as ``("bot",)``.
    by, time, period, start, end, tz, level
        As in `engagement_rate`.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` posts, ``by_members``, ``ugc_share`` (share), ``low``, ``high``; with
        a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"author_type": ["brand", "member", "brand", "partner"]})
    >>> ugc_share(posts)[["n", "by_members", "ugc_share"]]
       n  by_members  ugc_share
    0  4           1       0.25
    """
    rows = open_rows(
        posts,
        columns={"author": author},
        by=by,
        time=time,
        period=period,
        start=start,
        end=end,
        tz=tz,
    )
    frame = rows.frame
    if as_list(without):
        frame = frame.filter(~nw.col(author).is_in(as_list(without)))
    flag = is_one_of(author, as_list(members))
    return rows.close(
        shares(frame, flag, by=rows.by, count="by_members", name="ugc_share", level=level)
    )


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(1).otherwise(0)


def _last(frame: nw.LazyFrame[Any], *columns: str) -> int:
    found = small(frame.select(*(nw.col(name).max() for name in columns)))
    return max((int(value[0]) for value in found.values() if not pd.isna(value[0])), default=-1)
