"""How people react to what is published: rates per reach, per impression and per post.

Reach counts people, impressions count displays, followers count who could have seen it: a rate
over one says nothing about a rate over another, so each has its own function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from narwhals.typing import IntoFrame

from cmlib.checks import choice
from cmlib.data.communities import Community
from cmlib.data.frames import as_list
from cmlib.data.values import as_numbers, number, refuse_negative, warn_empty
from cmlib.errors import unknown_choice
from cmlib.kpi._grouped_rows import By, Rows, open_rows
from cmlib.kpi._ratios import add_up, distribution, divide, ratio_of_totals

__all__ = [
    "click_through_rate",
    "dwell_time",
    "engagement_rate",
    "engagement_rate_per_post",
    "interaction_rate",
]

INTERACTIONS = ("reactions", "comments", "shares", "saves")
GESTURES = ("clicks", *INTERACTIONS)
TIME = "published_at"


def engagement_rate(
    community: Community | IntoFrame,
    *,
    interactions: str | Sequence[str] = INTERACTIONS,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Compare the interactions that came back with the people reached: total / total.

    Parameters
    ----------
    community : Community or table of posts
    interactions : str or sequence of str
        Gestures that count: any of clicks, reactions, comments, shares and saves. A missing count
        leaves the post out.
    by : str or sequence of str, optional
        Columns that make the groups; without it, one row.
    period : {"day", "week", "month"}, optional
        One row a period of publication, in local time.
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
        community,
        interactions,
        "reach",
        ("interactions", "reach", "engagement_rate"),
        by=by,
        period=period,
        level=level,
    )


def engagement_rate_per_post(
    community: Community | IntoFrame,
    *,
    interactions: str | Sequence[str] = INTERACTIONS,
    by: By = None,
    period: str | None = None,
) -> IntoFrame:
    """Describe the typical post: interactions / reach of each, then mean and quantiles.

    Parameters
    ----------
    community, interactions, by, period
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
    gestures = check_gestures(interactions)
    rows = open_posts(community, "reach", *gestures, by=by, period=period)
    value = divide(add_up(rows.frame, gestures), number("reach"))
    return rows.close(distribution(rows.frame, value, by=rows.by, name="engagement_rate"))


def interaction_rate(
    community: Community | IntoFrame,
    *,
    interactions: str | Sequence[str] = INTERACTIONS,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Interactions per display: total interactions / total impressions.

    Parameters
    ----------
    community, interactions, by, period, level
        As in `engagement_rate`.

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
        community,
        interactions,
        "impressions",
        ("interactions", "impressions", "interaction_rate"),
        by=by,
        period=period,
        level=level,
    )


def click_through_rate(
    community: Community | IntoFrame,
    *,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Clicks per display: total clicks / total impressions.

    Parameters
    ----------
    community, by, period, level
        As in `engagement_rate`.

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
        community,
        ("clicks",),
        "impressions",
        ("clicks", "impressions", "click_through_rate"),
        by=by,
        period=period,
        level=level,
    )


def dwell_time(
    community: Community | IntoFrame,
    *,
    by: By = None,
    period: str | None = None,
) -> IntoFrame:
    """How long people stay: median seconds, with quantiles.

    Parameters
    ----------
    community : Community or table of posts
    by, period
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
    rows = open_posts(community, "dwell_s", by=by, period=period)
    refuse_negative(rows.frame, "dwell_s")
    return rows.close(distribution(rows.frame, number("dwell_s"), by=rows.by, name="dwell_s"))


def _totals(
    source: Community | IntoFrame,
    above: str | Sequence[str],
    below: str,
    names: tuple[str, str, str],
    *,
    by: By,
    period: str | None,
    level: float,
) -> IntoFrame:
    gestures = check_gestures(above)
    rows = open_posts(source, below, *gestures, by=by, period=period)
    total = add_up(rows.frame, gestures)
    return rows.close(
        ratio_of_totals(rows.frame, total, number(below), by=rows.by, names=names, level=level)
    )


def check_gestures(names: str | Sequence[str]) -> list[str]:
    """Check what is added up: gestures of the contract of posts, each once."""
    gestures = list(dict.fromkeys(as_list(names)))
    for name in gestures:
        choice("interactions", name, GESTURES)
    if not gestures:
        raise unknown_choice("interactions", names, GESTURES)
    return gestures


def open_posts(
    source: Community | IntoFrame,
    *columns: str,
    by: By = None,
    period: str | None = None,
    dated: bool = False,
    warn: bool = True,
) -> Rows:
    """Read figures of the posts, which must be numbers, and warn where one was never measured."""
    rows = open_rows(source, "posts", *columns, time=TIME, by=by, period=period, dated=dated)
    frame = rows.frame
    for name in columns:
        frame = as_numbers(frame, name, called=name)
    if warn:
        warn_empty(frame, *columns)
    return replace(rows, frame=frame)
