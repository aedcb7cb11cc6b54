"""The editorial calendar: what came out, whether on time, and who made it."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import at_least
from cmlib.data.clock import HOUR
from cmlib.data.communities import Community, table_log
from cmlib.data.frames import Frame, as_list, as_seconds, small
from cmlib.data.values import check_words, warn_empty
from cmlib.kpi._grouped_rows import By, grouped_rows, open_rows
from cmlib.kpi._ratios import aggregate, is_one_of, shares, whole, with_share

__all__ = ["on_time_rate", "publication_counts", "ugc_share"]


def publication_counts(
    community: Community | IntoFrame,
    *,
    period: str = "month",
    by: By = None,
) -> IntoFrame:
    """Count what was published in each period, empty periods included.

    Parameters
    ----------
    community : Community or table of posts
    period : {"day", "week", "month"}
    by : str or sequence of str, optional
        Columns that make the groups (platform, format).

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
    >>> from cmlib.data import community
    >>> publication_counts(community(posts=posts, start="2025-01-01", end="2025-03-15"))
          period  n  complete
    0 2025-01-01  1      True
    1 2025-02-01  0      True
    2 2025-03-01  1     False
    """
    rows = open_rows(community, "posts", time="published_at", by=by, period=period)
    counted = pd.DataFrame(small(aggregate(rows.frame, rows.by, nw.len().alias("n"))))
    keys = rows.by[1:]
    index = pd.DataFrame({"period": rows.calendar.index})  # type: ignore[union-attr]
    if keys:
        index = index.merge(counted[keys].drop_duplicates().sort_values(keys), how="cross")
    full = index.merge(counted, on=rows.by, how="left")
    full["n"] = full["n"].fillna(0).astype("int64")
    return rows.close_columns({name: full[name].to_numpy() for name in full.columns})


def on_time_rate(
    community: Community | IntoFrame,
    *,
    tolerance_h: float = 1,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of planned posts that came out when the editorial calendar said.

    Parameters
    ----------
    community : Community or table of posts
    tolerance_h : float, default 1
        Hours between plan and publication, before or after, that still count as on time.
    by : str or sequence of str, optional
    period : {"day", "week", "month"}, optional
        One row a period of the plan, in local time.
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
    >>> from cmlib.data import community
    >>> january = community(posts=posts, end="2025-02-01")
    >>> on_time_rate(january)[["n", "on_time", "never", "on_time_rate"]]
       n  on_time  never  on_time_rate
    0  2        1      1           0.5
    """
    tolerance = round(at_least("tolerance_h", tolerance_h) * HOUR)
    plan = table_log(community, "posts", "planned_at")
    planned = plan.rows("published_at", by=as_list(by))
    planned = as_seconds(planned, "published_at", called="published_at")
    stop = plan.end
    if not plan.ends_said:
        stop = max(plan.range[1], _last(planned, "published_at")) + tolerance + 1
    late_by = (nw.col("published_at") - nw.col("t")).cast(nw.Float64)
    out = nw.when(nw.col("published_at") < stop).then(late_by)
    due = planned.filter(nw.col("t") >= plan.start, nw.col("t") + tolerance < stop)
    due = due.with_columns(_late=out).with_columns(
        _never=nw.col("_late").is_null().cast(nw.Int64),
        _early=_flag(nw.col("_late") < -tolerance),
        _too_late=_flag(nw.col("_late") > tolerance),
    )
    rows = grouped_rows(due, plan, by, period, until=stop - tolerance)
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
    community: Community | IntoFrame,
    *,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of posts made by members and not by the brand, its staff or partners.

    Parameters
    ----------
    community : Community or table of posts
    by, period, level
        As in `engagement_rate`.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` posts that say who made them, ``by_members``, ``ugc_share`` (share),
        ``low``, ``high``; with a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.
    ParameterError
        When an ``author_type`` is none of brand, member and partner.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"author_type": ["brand", "member", "brand", "partner"]})
    >>> ugc_share(posts)[["n", "by_members", "ugc_share"]]
       n  by_members  ugc_share
    0  4           1       0.25
    """
    rows = open_rows(community, "posts", "author_type", time="published_at", by=by, period=period)
    warn_empty(rows.frame, "author_type")
    check_words(rows.frame, "author_type", "posts")
    flag = is_one_of("author_type", ["member"])
    return rows.close(
        shares(rows.frame, flag, by=rows.by, count="by_members", name="ugc_share", level=level)
    )


def _flag(condition: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(1).otherwise(0)


def _last(frame: Frame, column: str) -> int:
    last = small(frame.select(last=nw.col(column).max()))["last"][0]
    return -1 if last is None or pd.isna(last) else int(last)
