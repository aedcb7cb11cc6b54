"""Newcomers, and whether anybody answered them."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import above_zero
from cmlib.data.clock import DAY, HOUR
from cmlib.data.communities import Community, log_of
from cmlib.data.conversations import warn_early
from cmlib.data.frames import close_frame, need_columns, open_frame, same_engine
from cmlib.data.log import KINDS, POSTS, Log
from cmlib.network._answered import (
    Messages,
    conversing,
    find_answered,
    neighbours,
    opened_by,
    read_messages,
)
from cmlib.network.links import counted_rows

__all__ = ["newcomer_answers", "unanswered_newcomers"]

_NEVER = np.iinfo(np.int64).max


def newcomer_answers(
    community: Community | IntoFrame, *, link: str | None = None, within_days: float = 7.0
) -> IntoFrame:
    """Tell, for each newcomer's first message, whether somebody else answered it and when.

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    link : {"parent", "previous", "opener", "mention"}, optional
        Whom a message answers, as for :func:`cmlib.network.reply_graph`.
    within_days : float, default 7
        An answer counts when it comes within that many days.

    Returns
    -------
    table of the kind of events
        One row a newcomer who wrote, in the order of their first message: ``member_id``,
        ``event_id``, ``kind`` (topic or reply) and ``timestamp`` (UTC) of that message;
        ``answered_after_h``, hours until the first answer by somebody else, missing when there
        is none; ``answered``, whether that was within the delay; missing when the message is
        too recent to know.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When parents are no event numbers, or when nothing in the log says who answers whom.
    ParameterError
        When `within_days` is not above zero.

    Warns
    -----
    NotCountedWarning
        When messages are dated before what they answer: they answer nothing.

    Notes
    -----
    - First messages are read in the whole log, and listed where they count in the view. Unless
      the log begins with the community, people seen in its first 30 days were there already:
      they are no newcomers.
    - A topic is answered by any later message of somebody else in its thread, a reply by a
      message that answers it by the rule. The team answers, whoever is counted; bots, lines of
      the system and other people left out do not.
    - With ``"mention"``, a message is answered by the next one addressed to its author, in its
      thread where there are threads.
    - Private messages answer, and are not listed.

    References
    ----------
    Joyce & Kraut (2006), Predicting continued participation in newsgroups: newcomers who were
    answered came back more often (56 % against 44 %).

    Examples
    --------
    >>> from cmlib.data import community
    >>> events = pd.DataFrame({
    ...     "event_id": [1, 2, 3], "kind": ["topic", "reply", "topic"],
    ...     "member_id": [10, 20, 30], "thread_id": ["a", "a", "b"],
    ...     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"])})
    >>> club = community(events=events, end="2025-02-01", complete_history=True)
    >>> newcomer_answers(club)[["member_id", "answered_after_h", "answered"]]
       member_id  answered_after_h  answered
    0         10              24.0      True
    1         20               NaN     False
    2         30               NaN     False
    """
    within_days = above_zero("within_days", within_days)
    log = log_of(community)
    need_columns(log.events, ["event_id"])
    messages = read_messages(log, link)
    first = _first_messages(log, messages)
    answer = np.minimum(_answer_in_thread(log, messages, first), _answer_to(log, messages, first))
    begun = messages.t[first]
    found = answer < _NEVER
    hours = np.where(found, (answer - begun) / HOUR, np.nan)
    in_time = pd.array(found & (hours <= 24 * within_days), dtype="boolean")
    young = begun + within_days * DAY > log.end
    in_time[young & ~in_time.to_numpy(dtype=bool)] = pd.NA
    table = pd.DataFrame(
        {
            "member_id": messages.names.take(messages.author[first]).array,
            "event_id": messages.event.take(first).array,
            "kind": pd.array([KINDS[kind] for kind in messages.kind[first]], dtype="str"),
            "timestamp": begun.astype("datetime64[s]"),
            "answered_after_h": hours,
            "answered": in_time,
        }
    )
    return same_engine(table, log.like)


def unanswered_newcomers(
    community: Community | IntoFrame, *, link: str | None = None, within_days: float = 7.0
) -> IntoFrame:
    """List the newcomers nobody answered in time: whom to write to.

    Parameters
    ----------
    community, link, within_days
        As for :func:`newcomer_answers`.

    Returns
    -------
    table of the kind of events
        The rows of :func:`newcomer_answers` where ``answered`` is False, the latest first.

    Examples
    --------
    >>> from cmlib.data import community
    >>> events = pd.DataFrame({
    ...     "event_id": [1, 2], "kind": ["topic", "topic"], "member_id": [10, 20],
    ...     "thread_id": [7, 8], "timestamp": pd.to_datetime(["2025-01-01", "2025-01-30"])})
    >>> club = community(events=events, end="2025-02-01", complete_history=True)
    >>> unanswered_newcomers(club)["member_id"].to_list()
    [10]
    """
    table = newcomer_answers(community, link=link, within_days=within_days)
    alone = open_frame(table).filter(~nw.col("answered"))
    return close_frame(alone.sort("timestamp", "event_id", descending=True), table)


def _first_messages(log: Log, messages: Messages) -> np.ndarray:
    """Places of the first message of each newcomer, in order, where it counts."""
    seen = _first_of(messages, np.ones(len(messages.t), dtype=bool))
    new = np.zeros(len(messages.names), dtype=bool)
    new[seen >= 0] = messages.t[seen[seen >= 0]] >= log.newcomers_from
    new &= ~messages.by(log.left_out.ids)[:-1]
    first = _first_of(messages, messages.are(*POSTS) & ~messages.private)
    first = np.sort(first[new & (first >= 0)])
    return first[counted_rows(log, messages)[first]]


def _first_of(messages: Messages, rows: np.ndarray) -> np.ndarray:
    """Give for each person the place of the first of their `rows`, -1 where there is none."""
    place = np.flatnonzero(rows & (messages.author >= 0))[::-1]
    first = np.full(len(messages.names), -1)
    first[messages.author[place]] = place  # the first one is written last
    return first


def _answer_in_thread(log: Log, messages: Messages, first: np.ndarray) -> np.ndarray:
    """Second of the first message after each topic by somebody else in its thread."""
    after = neighbours(messages, conversing(log, messages, private=True))[1][first]
    answered = messages.are("topic")[first] & (after >= 0)
    return np.where(answered, messages.t[after], _NEVER)


def _answer_to(log: Log, messages: Messages, first: np.ndarray) -> np.ndarray:
    """Second of the first message that answers each one by the rule."""
    talk = conversing(log, messages)
    found = find_answered(log, messages, talk)
    answers = talk & (found.rule >= 0) & (found.person != messages.author)
    opener = opened_by(messages)
    early = talk & (opener >= 0) & (messages.author != messages.author[opener])
    early &= messages.t < messages.t[opener]
    warn_early(int((early | (answers & found.before)).sum()), stacklevel=4)
    answers &= ~found.before
    if messages.link == "mention":
        return _answer_by_mention(messages, found.person, answers, first)
    rows = np.flatnonzero(answers)[::-1]
    at = np.full(len(messages.t), _NEVER)
    at[found.place[rows]] = messages.t[rows]  # the first answer is written last
    return at[first]


def _answer_by_mention(
    messages: Messages, person: np.ndarray, answers: np.ndarray, first: np.ndarray
) -> np.ndarray:
    """Second of the first later message addressed to the author of each one, in its thread."""
    of = np.full(len(messages.names) + 1, -1)
    of[messages.author[first]] = first
    rows = np.flatnonzero(answers)
    asked = of[person[rows]]
    one, other = messages.thread[rows], messages.thread[asked]
    fits = (asked >= 0) & (rows > asked) & ((one == other) | (one < 0) | (other < 0))
    rows, asked = rows[fits][::-1], asked[fits][::-1]
    at = np.full(len(messages.t), _NEVER)
    at[asked] = messages.t[rows]
    return at[first]
