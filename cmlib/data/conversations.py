"""Who opened each conversation, and who answered first.

A thread is opened by its first topic; ties of time follow the number of the event. A topic
outside any thread is a conversation of its own, with nobody in it yet. Openers are read in the
whole log, whoever counts: a reply under a bot's topic is still a reply.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.data.frames import Frame, need_columns, small
from cmlib.data.log import POSTS, Log
from cmlib.errors import NotCountedWarning
from cmlib.i18n import _, format_number

__all__ = ["answering", "answers", "openers", "questions", "someone_else", "warn_early"]


def openers(log: Log) -> Frame:
    """Give the event that opened each thread: ``thread_id``, ``opener``, ``asker``, ``opened``.

    ``opener`` is its number where events are numbered, ``asker`` its author (missing when the
    account was deleted) and ``opened`` its UTC second.
    """
    return log.kept("openers", lambda: _openers(log))


def questions(log: Log, *, by: Sequence[str] = ()) -> Frame:
    """Give the topics that open a conversation and count, with the time of their first answer.

    Returns
    -------
    frame
        ``thread_id``, ``event_id`` (where events are numbered), ``u`` the author, ``t`` when it
        was opened, ``answered`` when somebody else first answered, missing where nobody had by
        the end; the columns of `by` as ``by_0``...
    """
    need_columns(log.events, ["kind", "thread_id"])
    log.check_kinds(POSTS)
    return _pandas_questions(log, by) if log.is_pandas else _any_questions(log, by)


def answers(log: Log, *, by: Sequence[str] = ()) -> Frame:
    """Give the messages that answer somebody else's topic and count.

    Returns
    -------
    frame
        ``thread_id``, ``u``, ``t``, ``asker``, ``opened`` and the columns of `by`. Messages dated
        before what they answer are left out; their number is said in a warning.
    """
    need_columns(log.events, ["kind", "thread_id"])
    rows = log.rows("thread_id", kinds=POSTS, by=by).filter(~nw.col("thread_id").is_null())
    rows = rows.join(openers(log), on="thread_id", how="inner")
    rows = rows.filter(someone_else("u", "asker"))
    early = nw.col("t") < nw.col("opened")
    warn_early(log, lambda: small(rows.select(n=early.cast(nw.Int64).sum()))["n"][0])
    return rows.filter(~early)


def someone_else(member: str, author: str) -> nw.Expr:
    """Tell where `member` is not `author`; two deleted accounts may be the same person."""
    writer, asker = nw.col(member), nw.col(author)
    unknown = writer.is_null() & asker.is_null()
    return ~unknown & (writer.is_null() | asker.is_null() | (writer != asker))


def warn_early(log: Log, count: Any) -> None:
    """Say how many messages are dated before what they answer; `count` is worked out once."""
    n = int(log.once("early", count) or 0)
    if n:
        warnings.warn(
            _(
                "Messages dated before what they answer: {n}. They are neither answers nor links."
            ).format(n=format_number(n)),
            NotCountedWarning,
            stacklevel=2,
        )


def _openers(log: Log) -> Frame:
    numbered = ["event_id"] if log.has("event_id") else []
    topics = log.rows("thread_id", *numbered, kinds=("topic",), everybody=True)
    topics = topics.filter(~nw.col("thread_id").is_null())
    order = ["t", *numbered] if numbered else ["t", "u"]
    first = topics.with_columns(one=nw.lit(1)).with_columns(
        rank=nw.col("one").cum_sum().over("thread_id", order_by=order)
    )
    first = first.filter(nw.col("rank") == 1)
    names = {"asker": nw.col("u"), "opened": nw.col("t")}
    if numbered:
        names["opener"] = nw.col("event_id")
    return first.select("thread_id", **names)


def _any_questions(log: Log, by: Sequence[str]) -> Frame:
    """Find the questions on any engine: joins of topics, openers and answers."""
    numbered = ["event_id"] if log.has("event_id") else []
    topics = log.rows("thread_id", *numbered, kinds=("topic",), by=by)
    opened = openers(log)
    keys = [f"by_{place}" for place in range(len(by))]
    shown = ["thread_id", *numbered, "u", "t", *keys]
    if numbered:
        same = opened.select("thread_id", "opener")
        first = topics.join(same, on="thread_id", how="left").filter(
            nw.col("thread_id").is_null() | (nw.col("event_id") == nw.col("opener"))
        )
    else:
        first = topics.join(opened, on="thread_id", how="left").filter(
            nw.col("thread_id").is_null()
            | ((nw.col("t") == nw.col("opened")) & ~someone_else("u", "asker"))
        )
    first = first.select(*shown)
    found = log.kept(
        "first answers",
        lambda: answering(log).group_by("thread_id").agg(answered=nw.col("t").min()),
    )
    return first.join(found, on="thread_id", how="left").select(*shown, "answered")


def answering(log: Log) -> Frame:
    """Give the messages that answer somebody else's topic, by whoever may answer.

    Unlike :func:`answers`, those of a team that is left out are here: they do answer. Columns:
    ``thread_id``, ``u``, ``t``, ``asker``, ``opened``.
    """
    opened = openers(log).select("thread_id", "asker", "opened")
    rows = log.rows("thread_id", kinds=POSTS, everybody=True)
    rows = rows.filter(~nw.col("thread_id").is_null())
    silent = list(log.left_out.silent)
    if silent:
        rows = rows.filter(nw.col("u").is_null() | ~nw.col("u").is_in(silent))
    if log.left_out.deleted:
        rows = rows.filter(~nw.col("u").is_null())
    rows = rows.join(opened, on="thread_id", how="inner")
    rows = rows.filter(someone_else("u", "asker"))
    early = nw.col("t") < nw.col("opened")
    warn_early(log, lambda: small(rows.select(n=early.cast(nw.Int64).sum()))["n"][0])
    return rows.filter(~early)


def _pandas_questions(log: Log, by: Sequence[str]) -> Frame:
    """Do the same on pandas, in one pass over sorted rows; a test holds the two together."""
    need_columns(log.events, by, argument="by")
    places, answered, early = log.once("questions", lambda: _questions_found(log))
    warn_early(log, lambda: early)
    events = log.like
    names = ["thread_id", *(["event_id"] if log.has("event_id") else [])]
    columns = {name: events[name].take(places) for name in names}
    columns["u"] = events["member_id"].take(places)
    columns["t"] = pd.Series(log.seconds[places], index=columns["u"].index)
    columns["answered"] = pd.Series(answered, index=columns["u"].index)
    for place, name in enumerate(by):
        columns[f"by_{place}"] = events[name].take(places)
    return nw.from_native(pd.DataFrame(columns).reset_index(drop=True)).lazy()


def _questions_found(log: Log) -> tuple[np.ndarray, pd.api.extensions.ExtensionArray, int]:
    """Rows of the questions that count, the second of their first answer, and early messages."""
    events, seconds = log.like, log.seconds
    is_topic = (events["kind"] == "topic").to_numpy(dtype=bool, na_value=False)
    is_reply = (events["kind"] == "reply").to_numpy(dtype=bool, na_value=False)
    rows = np.flatnonzero((is_topic | is_reply) & log.timed & (seconds < log.end))
    rows = rows[_order(events, seconds, rows)]
    threads, _names = pd.factorize(events["thread_id"].take(rows))
    authors, known = pd.factorize(events["member_id"].take(rows))
    inside = threads >= 0
    topics = is_topic[rows]
    n_threads = int(threads.max(initial=-1)) + 1

    opener = np.full(n_threads, -1)
    at = np.flatnonzero(inside & topics)[::-1]
    opener[threads[at]] = at  # the first one is written last
    of_row = np.where(inside, opener[threads], -1)
    followed = of_row >= 0
    asker = np.where(followed, authors[of_row], -1)
    when = seconds[rows]
    other = followed & (authors != asker)
    other &= ~_silent(log, known)[authors]
    opened = np.where(followed, when[of_row], 0)
    early = int((other & (when < opened)).sum())
    at = np.flatnonzero(other & (when >= opened))[::-1]
    first = np.full(n_threads, -1)
    first[threads[at]] = at

    own = np.flatnonzero(topics & (~inside | (of_row == np.arange(len(rows)))))
    counts = log.counts_rows(rows[own])
    own = own[counts]
    answer = np.where(inside[own], first[threads[own]], -1)
    answered = pd.array(np.where(answer >= 0, when[answer], 0), dtype="Int64")
    answered[answer < 0] = pd.NA
    back = np.argsort(rows[own], kind="stable")
    return rows[own][back], answered[back], early


def _order(events: pd.DataFrame, seconds: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Order rows by time, then by the number of the event."""
    when = seconds[rows]
    step = np.diff(when)
    if "event_id" not in events:
        return np.argsort(when, kind="stable")
    numbers = events["event_id"].take(rows)
    if (step >= 0).all():
        tied = np.flatnonzero(step == 0)
        if not len(tied):
            return np.arange(len(rows))
        values = numbers.to_numpy()
        if (values[tied] <= values[tied + 1]).all():
            return np.arange(len(rows))
    return (
        pd.DataFrame({"when": when, "number": numbers.to_numpy()})
        .sort_values(["when", "number"], kind="stable")
        .index.to_numpy()
    )


def _silent(log: Log, known: Any) -> np.ndarray:
    """Tell for each author whether they answer nobody; the last entry is deleted accounts."""
    found = log.left_out
    silent = pd.Index(known).isin(list(found.silent))
    return np.append(silent, found.deleted)
