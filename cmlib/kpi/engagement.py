"""How people react to what is published: rates per reach, per impression and per post.

Reach counts people, impressions count displays, followers count who could have seen it: a rate
over one says nothing about a rate over another, so each has its own function.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from cmlib.kpi._ratios import (
    add_up,
    distribution,
    divide,
    number,
    ratio_of_totals,
    refuse_negative,
)
from cmlib.kpi._rows import By, Rows, as_list, open_rows

__all__ = [
    "click_through_rate",
    "dwell_time",
    "engagement_rate",
    "engagement_rate_per_post",
    "interaction_rate",
    "interaction_rate_per_post",
]

INTERACTIONS = ("reactions", "comments", "shares", "saves")


def engagement_rate(
    posts: Any,
    *,
    interactions: str | Sequence[str] = INTERACTIONS,
    reach: str = "reach",
    by: By = None,
    time: str = "published_at",
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    level: float = 0.95,
) -> Any:
    """Compare the interactions that came back with the people reached: total / total.

    Parameters
    ----------
    posts : table
        One row a post (pandas, Polars, DuckDB or PySpark).
    interactions : str or sequence of str
        Columns added up to the interactions of a post. A missing count leaves the post out.
    reach : str
        Accounts that saw the post. Not impressions, not followers.
    by : str or sequence of str, optional
        Columns that make the groups; without it, one row.
    time : str
        Publication (UTC), needed for `period`, `start` and `end` only.
    period : {"day", "week", "month"}, optional
        One row a period, dated in `tz`.
    start, end : date, optional
        Posts from `start` (included) to `end` (excluded).
    tz : str, optional
        IANA name of the zone in which days begin; UTC without it.
    level : float
        Level of the interval.

    Returns
    -------
    table of the kind that was given
        ``period`` (where asked for), the columns of `by`, ``n`` posts counted, ``n_missing`` posts
        left out (a count is missing, or nobody was reached), ``interactions``, ``reach``,
        ``engagement_rate`` (share), ``low``, ``high``
        (interval) and, with a period, ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    This is the ratio of totals: a post seen by many weighs more. The typical post is another
    question, see `engagement_rate_per_post`; the two differ as soon as large posts engage less.
    The rate is missing where nobody was reached. The interval takes posts as the units (Cochran's
    standard error of a ratio), since reactions to one post are not independent; it is missing
    for one post and too narrow under some ten. The rate is not a share of people: one person may
    react, comment and share.

    References
    ----------
    W. G. Cochran (1977), Sampling Techniques, 3rd ed., section 2.11.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"reach": [100, 900], "reactions": [10, 27]})
    >>> engagement_rate(posts, interactions="reactions")[["n", "engagement_rate"]]
       n  engagement_rate
    0  2            0.037
    """
    return _totals(
        posts,
        interactions,
        ("reach", reach),
        ("interactions", "reach", "engagement_rate"),
        by=by,
        level=level,
        time=time,
        period=period,
        start=start,
        end=end,
        tz=tz,
    )


def engagement_rate_per_post(
    posts: Any,
    *,
    interactions: str | Sequence[str] = INTERACTIONS,
    reach: str = "reach",
    by: By = None,
    time: str = "published_at",
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
) -> Any:
    """Describe the typical post: interactions / reach of each, then mean and quantiles.

    Parameters
    ----------
    posts, interactions, reach, by, time, period, start, end, tz
        As in `engagement_rate`.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` posts, ``n_missing`` posts without a rate (reach 0 or missing),
        ``engagement_rate_mean``, ``_p10``, ``_p25``, ``_median``, ``_p75``, ``_p90`` (shares);
        with a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    The mean of ratios gives a post seen by ten people the weight of one seen by ten thousand:
    small posts decide it. Prefer the median.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"reach": [100, 900], "reactions": [10, 27]})
    >>> engagement_rate_per_post(posts, interactions="reactions")[["n", "engagement_rate_mean"]]
       n  engagement_rate_mean
    0  2                 0.065
    """
    return _per_post(
        posts,
        interactions,
        ("reach", reach),
        "engagement_rate",
        by=by,
        time=time,
        period=period,
        start=start,
        end=end,
        tz=tz,
    )


def interaction_rate(
    posts: Any,
    *,
    interactions: str | Sequence[str] = INTERACTIONS,
    impressions: str = "impressions",
    by: By = None,
    time: str = "published_at",
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    level: float = 0.95,
) -> Any:
    """Interactions per display: total interactions / total impressions.

    Parameters
    ----------
    posts, interactions, by, time, period, start, end, tz, level
        As in `engagement_rate`.
    impressions : str
        Times the post was shown.

    Returns
    -------
    table of the kind that was given
        As `engagement_rate`, with ``impressions`` and ``interaction_rate``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    Often printed under the name of engagement rate. Impressions exceed reach, so this rate is the
    lower of the two: comparing one's own rate over reach with another's over impressions flatters.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"impressions": [200, 1800], "reactions": [10, 27]})
    >>> interaction_rate(posts, interactions="reactions")[["n", "interaction_rate"]]
       n  interaction_rate
    0  2            0.0185
    """
    return _totals(
        posts,
        interactions,
        ("impressions", impressions),
        ("interactions", "impressions", "interaction_rate"),
        by=by,
        level=level,
        time=time,
        period=period,
        start=start,
        end=end,
        tz=tz,
    )


def interaction_rate_per_post(
    posts: Any,
    *,
    interactions: str | Sequence[str] = INTERACTIONS,
    impressions: str = "impressions",
    by: By = None,
    time: str = "published_at",
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
) -> Any:
    """Interactions / impressions of each post, then mean and quantiles over posts.

    Parameters
    ----------
    posts, interactions, impressions, by, time, period, start, end, tz
        As in `interaction_rate`.

    Returns
    -------
    table of the kind that was given
        As `engagement_rate_per_post`, under the name ``interaction_rate``.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"impressions": [200, 1800], "reactions": [10, 27]})
    >>> interaction_rate_per_post(posts, interactions="reactions")[["interaction_rate_mean"]]
       interaction_rate_mean
    0                 0.0325
    """
    return _per_post(
        posts,
        interactions,
        ("impressions", impressions),
        "interaction_rate",
        by=by,
        time=time,
        period=period,
        start=start,
        end=end,
        tz=tz,
    )


def click_through_rate(
    posts: Any,
    *,
    clicks: str = "clicks",
    impressions: str = "impressions",
    by: By = None,
    time: str = "published_at",
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    level: float = 0.95,
) -> Any:
    """Clicks per display: total clicks / total impressions.

    Parameters
    ----------
    posts, by, time, period, start, end, tz, level
        As in `engagement_rate`.
    clicks : str
        Clicks on the link. Total or unique is the platform's choice: never mix the two.
    impressions : str
        Times the post was shown.

    Returns
    -------
    table of the kind that was given
        As `engagement_rate`, with ``clicks``, ``impressions`` and ``click_through_rate``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    Missing where nothing was shown. A click is not a reading: see `dwell_time`.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"impressions": [200, 1800], "clicks": [4, 16]})
    >>> click_through_rate(posts)[["clicks", "impressions", "click_through_rate"]]
       clicks  impressions  click_through_rate
    0    20.0       2000.0                0.01
    """
    return _totals(
        posts,
        clicks,
        ("impressions", impressions),
        ("clicks", "impressions", "click_through_rate"),
        by=by,
        level=level,
        time=time,
        period=period,
        start=start,
        end=end,
        tz=tz,
    )


def dwell_time(
    visits: Any,
    *,
    seconds: str = "dwell_s",
    by: By = None,
    time: str = "published_at",
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
) -> Any:
    """How long people stay: median seconds, with quantiles.

    Parameters
    ----------
    visits : table
        One row a visit, or a post with the time spent on it.
    seconds : str
        Time spent, seconds; empty where its end is not known.
    by, time, period, start, end, tz
        As in `engagement_rate`.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n``, ``n_missing`` (time not known), ``dwell_s_mean``, ``dwell_s_p10``,
        ``_p25``, ``_median``, ``_p75``, ``_p90`` (seconds); with a period ``period``, ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.
    ParameterError
        When a time spent is negative.

    Notes
    -----
    The last page of a visit has no end: tools leave it empty or write 0, and a 0 pulls the median
    down. Empty ones are left out and counted in ``n_missing``; turn zeros that mean "not known"
    into missing values first. Where many are missing, the figure is about those who went on.

    Examples
    --------
    >>> import pandas as pd
    >>> visits = pd.DataFrame({"dwell_s": [10.0, 20.0, 90.0, None]})
    >>> dwell_time(visits)[["n", "n_missing", "dwell_s_median"]]
       n  n_missing  dwell_s_median
    0  3          1            20.0
    """
    rows = open_rows(
        visits,
        columns={"seconds": seconds},
        by=by,
        time=time,
        period=period,
        start=start,
        end=end,
        tz=tz,
    )
    refuse_negative(rows.frame, seconds)
    return rows.close(distribution(rows.frame, number(seconds), by=rows.by, name="dwell_s"))


def _totals(
    posts: Any,
    above: str | Sequence[str],
    below: tuple[str, str],
    names: tuple[str, str, str],
    *,
    by: By,
    level: float,
    **when: Any,
) -> Any:
    rows, over = _open(posts, above, below, by, when)
    result = ratio_of_totals(
        rows.frame, add_up(as_list(above)), over, by=rows.by, names=names, level=level
    )
    return rows.close(result)


def _per_post(
    posts: Any,
    above: str | Sequence[str],
    below: tuple[str, str],
    name: str,
    *,
    by: By,
    **when: Any,
) -> Any:
    rows, over = _open(posts, above, below, by, when)
    value = divide(add_up(as_list(above)), over)
    return rows.close(distribution(rows.frame, value, by=rows.by, name=name))


def _open(
    posts: Any, above: str | Sequence[str], below: tuple[str, str], by: By, when: dict[str, Any]
) -> tuple[Rows, nw.Expr]:
    role, column = below
    first = "clicks" if role == "impressions" and isinstance(above, str) else "interactions"
    columns = {f"{first}{i or ''}": name for i, name in enumerate(as_list(above))}
    rows = open_rows(posts, columns={role: column, **columns}, by=by, **when)
    return rows, number(column)
