"""Newcomers, and whether anybody answered them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.data.people import member_list
from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.network.graph import read_columns

__all__ = ["newcomer_answers", "unanswered_newcomers"]


def newcomer_answers(
    events: Any,
    *,
    end: Any,
    within_days: float = 7.0,
    exclude: Any = None,
    member: str = "member_id",
    event: str = "event_id",
    kind: str = "kind",
    thread: str = "thread_id",
    parent: str = "parent_id",
    time: str = "timestamp",
) -> pd.DataFrame:
    """Tell, for each person's first message, whether somebody else answered it and when.

    Parameters
    ----------
    events : DataFrame
        The log of activity, one row an event (pandas, or any frame that narwhals reads).
    end : timestamp
        When the observation ends (excluded), such as ``community.end``.
    within_days : float, default 7
        An answer counts when it comes within that many days.
    exclude : list of ids, column or table of members, optional
        People who are no newcomers and whose answers do not count, such as staff and bots.
    member, event, kind, thread, parent, time : str
        Names of the columns.

    Returns
    -------
    pandas.DataFrame
        One row a person who wrote, in the order of their first message: ``member_id``,
        ``event_id``, ``kind`` (topic or reply) and ``timestamp`` of that message;
        ``answered_after_h``, hours until the first answer by somebody else, missing when there
        is none; ``answered``, whether that was within the delay; missing when the message is
        too recent to know.

    Raises
    ------
    ColumnError
        When a column is missing.
    ParameterError
        When `within_days` is not above zero.

    Notes
    -----
    A topic is answered by any reply in its thread, a reply by a reply that names it as its
    parent. Replies to oneself do not count, nor do those of deleted accounts. A first message
    in the data is not the first ever when the data start later than the community.

    References
    ----------
    Joyce & Kraut (2006), Predicting continued participation in newsgroups: newcomers who were
    answered came back more often (56 % against 44 %).

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "event_id": [1, 2, 3], "kind": ["topic", "reply", "topic"],
    ...     "member_id": [10, 20, 30], "thread_id": [1, 1, 3], "parent_id": [None, 1, None],
    ...     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"])})
    >>> table = newcomer_answers(events, end="2025-02-01")
    >>> table[["member_id", "answered_after_h", "answered"]]
       member_id  answered_after_h  answered
    0         10              24.0      True
    1         20               NaN     False
    2         30               NaN     False
    """
    if not within_days > 0:
        raise ParameterError(_("within_days={days} must be above zero.").format(days=within_days))
    roles = {"member": member, "event": event, "kind": kind}
    roles |= {"thread": thread, "parent": parent, "time": time}
    table = read_columns(events, roles)
    table = table.rename(columns={name: role for role, name in roles.items()})
    limit = pd.Timestamp(end)
    writes = table["kind"].isin(["topic", "reply"]) & table["member"].notna()
    writes &= table["time"] < limit
    writes &= ~table["member"].isin(member_list(exclude, member, "exclude"))
    written = table[writes].sort_values(["time", "event"])
    first = written.drop_duplicates("member")
    replies = written[written["kind"] == "reply"]
    to_topic = _first_answer(first, replies, "thread")
    to_reply = _first_answer(first, replies, "parent")
    answer = to_topic.where(first["kind"].to_numpy() == "topic", to_reply)
    hours = (answer - first["time"].to_numpy()) / pd.Timedelta(hours=1)
    in_time = pd.array(hours <= 24 * within_days, dtype="boolean")
    young = first["time"] + pd.Timedelta(days=within_days) > limit
    in_time[young.to_numpy() & ~np.asarray(in_time, dtype=bool)] = pd.NA
    return pd.DataFrame(
        {
            "member_id": first["member"].array,
            "event_id": first["event"].array,
            "kind": first["kind"].array,
            "timestamp": first["time"].array,
            "answered_after_h": hours.array,
            "answered": in_time,
        }
    )


def unanswered_newcomers(events: Any, *, end: Any, **options: Any) -> pd.DataFrame:
    """List the newcomers nobody answered in time: whom to write to.

    Parameters
    ----------
    events : DataFrame
    end : timestamp
    **options
        As for :func:`newcomer_answers`.

    Returns
    -------
    pandas.DataFrame
        The rows of :func:`newcomer_answers` where ``answered`` is False, the latest first.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "event_id": [1, 2], "kind": ["topic", "topic"], "member_id": [10, 20],
    ...     "thread_id": [1, 2], "parent_id": [None, None],
    ...     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-30"])})
    >>> unanswered_newcomers(events, end="2025-02-01")["member_id"].to_list()
    [10]
    """
    table = newcomer_answers(events, end=end, **options)
    alone = table[~table["answered"].fillna(True).astype(bool)]
    return alone.iloc[::-1].reset_index(drop=True)


def _first_answer(first: pd.DataFrame, replies: pd.DataFrame, link: str) -> pd.Series:
    """Return the time of the first reply by another that points with `link` to each message."""
    pairs = first[["event", "member"]].merge(
        replies[["member", "time", link]]
        .dropna(subset=[link])
        .astype({link: first["event"].dtype}),
        left_on="event",
        right_on=link,
        suffixes=("", "_reply"),
    )
    others = pairs[pairs["member"] != pairs["member_reply"]]
    return others.groupby("event")["time"].min().reindex(first["event"])
