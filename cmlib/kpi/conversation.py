"""What a post sets off: comments, shares and reactions per post, answers per topic."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from cmlib.kpi._frames import read_log
from cmlib.kpi._ratios import distribution, number, ratio_of_totals
from cmlib.kpi._rows import By, Rows, as_list, open_rows, someone_else

__all__ = [
    "amplification_rate",
    "applause_rate",
    "conversation_per_topic",
    "conversation_rate",
]


def conversation_rate(posts: Any, *, comments: str = "comments", by: By = None) -> Any:
    """Count comments per post: whether what is published starts a conversation.

    Parameters
    ----------
    posts : table
        One row a post.
    comments : str
        Comments a post. Platforms count the page's own answers in it: where the events
        are at hand, `conversation_per_topic` leaves them out.
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
    return _count_per_post(posts, "comments", comments, "conversation", by)


def amplification_rate(posts: Any, *, shares: str = "shares", by: By = None) -> Any:
    """Count shares per post: whether people pass it on.

    Parameters
    ----------
    posts, by
        As in `conversation_rate`.
    shares : str
        Shares a post.

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
    return _count_per_post(posts, "shares", shares, "amplification", by)


def applause_rate(posts: Any, *, reactions: str = "reactions", by: By = None) -> Any:
    """Count reactions per post: whether people like it.

    Parameters
    ----------
    posts, by
        As in `conversation_rate`.
    reactions : str
        Reactions (likes) a post.

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
    return _count_per_post(posts, "reactions", reactions, "applause", by)


def conversation_per_topic(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    thread: str = "thread_id",
    topic: str = "topic",
    reply: str = "reply",
    by: By = None,
    start: Any = None,
    end: Any = None,
    without: Any = None,
) -> Any:
    """Count the replies per topic that come from somebody else than its author.

    Parameters
    ----------
    events : table
        One row an event.
    member, time, kind, thread : str
        Columns: who, when (UTC), kind of event, topic that it belongs to.
    topic, reply : str
        Values of `kind` for a new topic and for a reply.
    by : str or sequence of str, optional
        Columns of the topic that make the groups (channel, language).
    start, end : date, optional
        Topics opened from `start` (included) to `end` (excluded); replies before `end`.
    without : list of ids or table of members, optional
        Left out: bots, staff.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` topics, ``n_missing``, ``conversation_mean`` and its quantiles
        (replies by others a topic), ``own_share``: share of all replies that authors wrote under
        their own topic.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    Young topics are still collecting replies: end some days before the last event. Where author
    and replier are both deleted accounts nobody knows, and the reply counts as the author's own.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "timestamp": pd.date_range("2025-01-06 10:00", periods=3, freq="h"),
    ...     "member_id": [1, 1, 2], "kind": ["topic", "reply", "reply"], "thread_id": [7, 7, 7]})
    >>> conversation_per_topic(events)[["n", "conversation_mean", "own_share"]]
       n  conversation_mean  own_share
    0  1                1.0        0.5
    """
    keys = as_list(by)
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=(topic, reply),
        start=start,
        end=end,
        without=without,
        keep=dict.fromkeys([kind, thread, *keys]),
    )
    topics = log.frame.filter(nw.col(kind) == topic, nw.col("t") >= log.start)
    topics = topics.select(*dict.fromkeys([thread, *keys]), _author=nw.col("u"))
    replies = log.frame.filter(nw.col(kind) == reply).select(thread, "u")
    replies = replies.join(topics.select(thread, "_author"), on=thread, how="inner")
    replies = replies.with_columns(_other=someone_else("u", "_author").cast(nw.Int64))
    counted = replies.group_by(thread).agg(nw.len().alias("_all"), nw.col("_other").sum())
    topics = topics.join(counted, on=thread, how="left").with_columns(
        _all=nw.col("_all").cast(nw.Float64).fill_null(0.0),
        _other=nw.col("_other").cast(nw.Float64).fill_null(0.0),
    )
    described = distribution(topics, nw.col("_other"), by=keys, name="conversation")
    totals = ratio_of_totals(
        topics,
        nw.col("_all") - nw.col("_other"),
        nw.col("_all"),
        by=keys,
        names=("_own", "_replies", "own_share"),
        level=0.95,
    ).select(*keys, "own_share")
    rows = Rows(log.frame, keys, events)
    if not keys:
        described = described.with_columns(_one=nw.lit(1))
        totals = totals.with_columns(_one=nw.lit(1))
        return rows.close(described.join(totals, on="_one", how="left").drop("_one"))
    return rows.close(described.join(totals, on=keys, how="left").sort(*keys, nulls_last=True))


def _count_per_post(posts: Any, role: str, column: str, name: str, by: By) -> Any:
    rows = open_rows(posts, columns={role: column}, by=by)
    return rows.close(distribution(rows.frame, number(column), by=rows.by, name=name))
