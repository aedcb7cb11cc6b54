"""What a post sets off: comments, shares and reactions per post."""

from __future__ import annotations

from narwhals.typing import IntoFrame

from cmlib.data.communities import Community
from cmlib.data.values import number
from cmlib.kpi._grouped_rows import By
from cmlib.kpi._ratios import distribution
from cmlib.kpi.engagement import open_posts

__all__ = [
    "amplification_rate",
    "applause_rate",
    "conversation_rate",
]


def conversation_rate(community: Community | IntoFrame, *, by: By = None) -> IntoFrame:
    """Count comments per post: whether what is published starts a conversation.

    Parameters
    ----------
    community : Community or table of posts
    by : str or sequence of str, optional

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` posts, ``n_missing``, ``conversation_mean`` (the rate), ``_p10``,
        ``_p25``, ``_median``, ``_p75``, ``_p90`` (comments a post).

    Raises
    ------
    ColumnError
        When a column is not in the table.

    References
    ----------
    A. Kaushik (2011), Best Social Media Metrics: Conversation, Amplification, Applause, Economic
    Value.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"comments": [0, 0, 9]})
    >>> conversation_rate(posts)[["n", "conversation_mean", "conversation_median"]]
       n  conversation_mean  conversation_median
    0  3                3.0                  0.0
    """
    return _count_per_post(community, "comments", "conversation", by)


def amplification_rate(community: Community | IntoFrame, *, by: By = None) -> IntoFrame:
    """Count shares per post: whether people pass it on.

    Parameters
    ----------
    community, by
        As in `conversation_rate`.

    Returns
    -------
    table of the kind that was given
        As `conversation_rate`, under the name ``amplification``.

    Examples
    --------
    >>> import pandas as pd
    >>> amplification_rate(pd.DataFrame({"shares": [1, 3]}))[["n", "amplification_mean"]]
       n  amplification_mean
    0  2                 2.0
    """
    return _count_per_post(community, "shares", "amplification", by)


def applause_rate(community: Community | IntoFrame, *, by: By = None) -> IntoFrame:
    """Count reactions per post: whether people like it.

    Parameters
    ----------
    community, by
        As in `conversation_rate`.

    Returns
    -------
    table of the kind that was given
        As `conversation_rate`, under the name ``applause``.

    Examples
    --------
    >>> import pandas as pd
    >>> applause_rate(pd.DataFrame({"reactions": [10, 30]}))[["n", "applause_mean"]]
       n  applause_mean
    0  2           20.0
    """
    return _count_per_post(community, "reactions", "applause", by)


def _count_per_post(source: Community | IntoFrame, column: str, name: str, by: By) -> IntoFrame:
    rows = open_posts(source, column, by=by)
    return rows.close(distribution(rows.frame, number(column), by=rows.by, name=name))
