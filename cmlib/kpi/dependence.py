"""How much rests on the most active: what would be left without them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import whole_number
from cmlib.data.communities import Community, log_of
from cmlib.data.conversations import answering, questions
from cmlib.data.frames import as_list, table_like, to_pandas
from cmlib.data.log import POSTS, Log

__all__ = ["without_most_active"]


def without_most_active(
    community: Community | IntoFrame, *, upto: int = 50, kinds: Sequence[str] = POSTS
) -> IntoFrame:
    """Take the most active members away one by one, and count what would be left.

    Parameters
    ----------
    community : Community or table of events
        Whoever does not count in the view is neither ranked nor taken away, and what they write
        is not counted; the answers of the team go on.
    upto : int, default 50
        How many members are taken away at the end.
    kinds : list of str, default topic and reply
        Kinds of event by which members are ranked, and that are counted.

    Returns
    -------
    table of the kind of the events
        One row a number of members: ``removed`` from 0 to `upto`; ``posts_left``; ``share_left``
        of all posts counted; ``answered_left`` the share of topics that would still have an
        answer by somebody else than their author. Missing when there is no post, or no topic.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or `upto` is not a whole number from 1 up.

    Notes
    -----
    Members who wrote as much are taken in the order of their number. Messages of deleted
    accounts are not counted, but their answers stay. The figures say what rested on these
    members, not what would happen: somebody else might have answered.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame(
    ...     {
    ...         "event_id": [1, 2, 3],
    ...         "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
    ...         "member_id": [1, 2, 2],
    ...         "kind": ["topic", "reply", "topic"],
    ...         "thread_id": [1, 1, 3],
    ...     }
    ... )
    >>> without_most_active(events, upto=1)["share_left"].round(2).tolist()
    [1.0, 0.33]
    """
    upto = whole_number("upto", upto)
    log = log_of(community)
    kinds = as_list(kinds)
    counted = to_pandas(log.from_start(log.rows(kinds=kinds))).dropna(subset=["u"])
    posts = counted.groupby("u").size().reset_index(name="posts")
    posts = posts.sort_values(["posts", "u"], ascending=[False, True])
    gone = np.cumsum(posts["posts"].to_numpy("int64"))[:upto]
    gone = np.concatenate([[0], gone, np.full(upto - len(gone), gone[-1] if len(gone) else 0)])
    total = int(posts["posts"].sum())
    left = total - gone
    topics = to_pandas(log.from_start(questions(log)))
    last = _last_answerer(log, topics, posts["u"])
    removed = np.arange(upto + 1)
    unknown = np.full(upto + 1, np.nan)
    return table_like(
        log.like,
        {
            "removed": removed,
            "posts_left": left,
            "share_left": left / total if total else unknown,
            "answered_left": (
                (last[None, :] > removed[:, None]).mean(axis=1) if len(topics) else unknown
            ),
        },
    )


def _last_answerer(log: Log, topics: pd.DataFrame, ranking: pd.Series) -> np.ndarray:
    """Rank of the member of each topic's answers who is taken away last; 0 without an answer.

    Infinite where one answer is by somebody who is never taken away.
    """
    place = pd.Series(np.arange(1.0, len(ranking) + 1), index=ranking.to_numpy())
    replies = to_pandas(answering(log))
    rank = replies["u"].map(place).astype("float64").fillna(np.inf)
    last = rank.groupby(replies["thread_id"]).max()
    return topics["thread_id"].map(last).fillna(0.0).to_numpy("float64")
