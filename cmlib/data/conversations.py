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
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = ["answering", "answers", "openers", "questions", "someone_else", "warn_early"]

_NEVER = np.iinfo("int64").max


def openers(log: Log) -> Frame:
    """Give the event that opened each thread: ``thread_id``, ``opener``, ``asker``, ``opened``.

    ``opener`` is its number where events are numbered, ``asker`` its author (missing when the
    account was deleted) and ``opened`` its UTC second.
    """
    found = _conversations(log) if log.in_memory else _openers(log, _posts(log))
    found = found.filter(~nw.col("thread_id").is_null())
    return found.select("thread_id", *_number(log, "opener"), "asker", "opened")


def questions(log: Log, *, by: Sequence[str] = ()) -> Frame:
    """Give the topics that open a conversation and count, with the time of their first answer.

    Returns
    -------
    frame
        ``thread_id``, ``event_id`` (where events are numbered), ``u`` the author, ``t`` when it
        was opened, ``answered`` when somebody else first answered, missing where nobody had by
        the end; the columns of `by` as ``by_0``...
    """
    _check(log, by)
    found = _conversations(log)
    _warn_early(log)
    if log.is_pandas:
        found = _counted_on_pandas(log, found, by)
    elif by or log.is_chosen:
        found = _counted_elsewhere(log, found, by)
    else:
        found = _by_others(found, log.left_out.ids, deleted=log.left_out.deleted, member="asker")
    numbered = [nw.col(name).alias("event_id") for name in _number(log, "opener")]
    renamed = [nw.col("asker").alias("u"), nw.col("opened").alias("t")]
    return found.select("thread_id", *numbered, *renamed, "answered", *_keys(by))


def answers(log: Log, *, by: Sequence[str] = ()) -> Frame:
    """Give the messages that answer somebody else's topic and count.

    Returns
    -------
    frame
        ``thread_id``, ``u``, ``t``, ``asker``, ``opened`` and the columns of `by`. Messages dated
        before what they answer are left out; their number is said in a warning.
    """
    _check(log, by)
    return _answers_among(log, log.rows("thread_id", kinds=POSTS, by=by))


def answering(log: Log) -> Frame:
    """Give the messages that answer somebody else's topic, by whoever may answer.

    Unlike :func:`answers`, those of a team that is left out are here: they do answer. Columns:
    ``thread_id``, ``u``, ``t``, ``asker``, ``opened``.
    """
    _check(log, ())
    return _answers_among(log, _heard(log, log.rows("thread_id", kinds=POSTS, everybody=True)))


def someone_else(member: str, author: str) -> nw.Expr:
    """Tell where `member` is not `author`; two deleted accounts may be the same person."""
    writer, asker = nw.col(member), nw.col(author)
    unknown = writer.is_null() & asker.is_null()
    return ~unknown & (writer.is_null() | asker.is_null() | (writer != asker))


def warn_early(n: int, *, stacklevel: int = 2) -> None:
    """Say how many messages are dated before what they answer: they answer nothing."""
    if n:
        warnings.warn(
            _(
                "Messages dated before what they answer: {n}. They are neither answers nor links."
            ).format(n=format_number(n)),
            NotCountedWarning,
            stacklevel=stacklevel,
        )


def _check(log: Log, by: Sequence[str]) -> None:
    need_columns(log.events, ["kind", "thread_id"])
    need_columns(log.events, by, argument="by")
    log.check_kinds(POSTS)


def _number(log: Log, name: str) -> list[str]:
    return [name] if log.has("event_id") else []


def _keys(by: Sequence[str]) -> list[str]:
    return [f"by_{place}" for place in range(len(by))]


def _warn_early(log: Log) -> None:
    found = _conversations(log).select(n=nw.col("early").sum())
    n = log.once("early", lambda: np.nan_to_num(small(found)["n"][0]))
    warn_early(int(n or 0))


def _answers_among(log: Log, rows: Frame) -> Frame:
    _warn_early(log)
    opened = openers(log).select("thread_id", "asker", "opened")
    rows = rows.filter(~nw.col("thread_id").is_null()).join(opened, on="thread_id", how="inner")
    return rows.filter(someone_else("u", "asker"), nw.col("t") >= nw.col("opened"))


def _by_others(rows: Frame, ids: Sequence[Any], *, deleted: bool, member: str = "u") -> Frame:
    """Leave out the rows of some members, and of deleted accounts where `deleted`."""
    if ids:
        rows = rows.filter(nw.col(member).is_null() | ~nw.col(member).is_in(list(ids)))
    return rows.filter(~nw.col(member).is_null()) if deleted else rows


def _heard(log: Log, rows: Frame) -> Frame:
    """Keep the rows of those who may answer: a team that is left out, but no bots."""
    return _by_others(rows, log.left_out.silent, deleted=log.left_out.deleted)


def _conversations(log: Log) -> Frame:
    """Find every conversation, whoever opened it: a row each, kept in memory where there is one.

    ``thread_id`` (missing for a topic outside any thread), ``opener``, ``asker``, ``opened``,
    ``answered`` and ``early``, messages dated before the topic; on pandas ``place``, the row of
    the topic in the log.
    """
    if log.is_pandas:
        return log.once("conversations", lambda: _found_on_pandas(log))
    return log.kept("conversations", lambda: _found_elsewhere(log))


def _posts(log: Log) -> Frame:
    """Read the topics and replies of everybody; once, where they fit in memory."""
    numbered = _number(log, "event_id")
    rows = log.rows("thread_id", "kind", *numbered, kinds=POSTS, everybody=True)
    return rows.collect().lazy() if log.in_memory else rows


def _openers(log: Log, posts: Frame) -> Frame:
    """Take the first topic of each thread, and the topics outside any thread."""
    topics = posts.filter(nw.col("kind") == "topic").select(
        "thread_id",
        nw.col("u").alias("asker"),
        nw.col("t").alias("opened"),
        *(nw.col(name).alias("opener") for name in _number(log, "event_id")),
    )
    outside = nw.col("thread_id").is_null()
    first = topics.filter(~outside)
    if not (log.in_memory and _all_differ(first, "thread_id")):
        order = ["opened", *(_number(log, "opener") or ["asker"])]
        first = first.unique("thread_id", keep="first", order_by=order)
    return nw.concat([first, topics.filter(outside)])


def _all_differ(rows: Frame, name: str) -> bool:
    found = small(rows.select(n=nw.len(), different=nw.col(name).n_unique()))
    return bool(found["n"][0] == found["different"][0])


def _found_elsewhere(log: Log) -> Frame:
    posts = _posts(log)
    opened = _openers(log, posts)
    threads = opened.filter(~nw.col("thread_id").is_null()).select("thread_id", "asker", "opened")
    others = _heard(log, posts).join(threads, on="thread_id", how="inner")
    others = others.filter(someone_else("u", "asker"))
    in_time = nw.when(nw.col("t") >= nw.col("opened")).then(nw.col("t"))
    timed = others.select("thread_id", at=in_time).group_by("thread_id")
    found = timed.agg(answered=nw.col("at").min(), early=nw.len() - nw.col("at").count())
    return opened.join(found, on="thread_id", how="left")


def _counted_elsewhere(log: Log, found: Frame, by: Sequence[str]) -> Frame:
    """Keep the conversations opened by topics that count, with the columns of `by`."""
    keys = _keys(by)
    numbered = _number(log, "event_id")
    topics = log.rows("thread_id", *numbered, kinds=("topic",), by=by)
    if numbered:
        topics = topics.select("event_id", *keys)
        return found.join(topics, left_on="opener", right_on="event_id", how="inner")
    inside = topics.filter(~nw.col("thread_id").is_null()).join(found, on="thread_id", how="inner")
    inside = inside.filter((nw.col("t") == nw.col("opened")) & ~someone_else("u", "asker"))
    inside = inside.unique("thread_id", keep="any")
    outside = topics.filter(nw.col("thread_id").is_null()).select(
        "thread_id", *keys, asker=nw.col("u"), opened=nw.col("t")
    )
    never = nw.lit(None).cast(nw.Int64)
    names = ["thread_id", *keys, "asker", "opened", "answered"]
    return nw.concat([inside.select(*names), outside.with_columns(answered=never).select(*names)])


def _counted_on_pandas(log: Log, found: Frame, by: Sequence[str]) -> Frame:
    table: Any = found.to_native()
    events: Any = log.like
    counts = log.counts_rows(table["place"].to_numpy())
    if not counts.all():
        table = table[counts].reset_index(drop=True)
    places = table["place"].to_numpy()
    columns = {
        key: events[name].array.take(places) for key, name in zip(_keys(by), by, strict=True)
    }
    return nw.from_native(table.assign(**columns)).lazy()


def _found_on_pandas(log: Log) -> Frame:
    """Do the same with NumPy, in order of opening; a test holds the two together."""
    events: Any = log.like
    seconds = log.seconds
    is_topic, is_reply = (_is_kind(events, kind) for kind in POSTS)
    rows = np.flatnonzero((is_topic | is_reply) & log.timed & (seconds < log.end))
    threads, n_threads = _codes(events["thread_id"], rows, dense=True)
    authors, _n = _codes(events["member_id"], rows)
    when = seconds[rows]

    topics = np.flatnonzero(is_topic[rows])
    topics = topics[_order(events, when[topics], rows[topics])]
    inside = topics[threads[topics] >= 0][::-1]
    opener = np.full(n_threads + 1, -1)  # the last one stands for "outside any thread"
    opener[threads[inside]] = inside  # the first one is written last
    of_row = opener[threads]
    other = (of_row >= 0) & (authors != authors[of_row])
    if log.left_out.silent:
        silent = events["member_id"].take(rows).isin(list(log.left_out.silent))
        other &= ~silent.to_numpy(dtype=bool, na_value=False)
    if log.left_out.deleted:
        other &= authors >= 0
    before = other & (when < when[of_row])
    other &= ~before
    first = np.full(n_threads + 1, _NEVER)
    np.minimum.at(first, threads[other], when[other])

    own = topics[(threads[topics] < 0) | (of_row[topics] == topics)]
    answered = first[threads[own]]
    places = rows[own]
    columns = {
        "thread_id": events["thread_id"].array.take(places),
        **{name: events["event_id"].array.take(places) for name in _number(log, "opener")},
        "asker": events["member_id"].array.take(places),
        "opened": when[own],
        "answered": pd.arrays.IntegerArray(answered, answered == _NEVER),
        "early": np.bincount(threads[before], minlength=n_threads + 1)[threads[own]],
        "place": places,
    }
    return nw.from_native(pd.DataFrame(columns)).lazy()


def _is_kind(events: pd.DataFrame, kind: str) -> np.ndarray:
    return (events["kind"] == kind).to_numpy(dtype=bool, na_value=False)


def _codes(column: pd.Series, rows: np.ndarray, *, dense: bool = False) -> tuple[np.ndarray, int]:
    """Write ids as whole numbers from 0, missing ones as -1; with `dense`, few are left unused."""
    taken = column.array.take(rows)
    if pd.api.types.is_integer_dtype(column.dtype) and len(rows):
        known = ~np.asarray(pd.isna(taken))
        numbers = pd.Series(taken).to_numpy(dtype="int64", na_value=0)
        inside = numbers if known.all() else numbers[known]
        low, high = (int(inside.min()), int(inside.max())) if len(inside) else (0, 0)
        span = high - low + 1
        if span < (4 * len(rows) + 1_000 if dense else 1 << 62):
            return np.where(known, numbers - low, -1), span
    codes, uniques = pd.factorize(taken)
    return codes, len(uniques)


def _order(events: pd.DataFrame, when: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Order rows by time, then by the number of the event."""
    step = np.diff(when)
    if "event_id" not in events:
        return np.arange(len(rows)) if (step >= 0).all() else np.argsort(when, kind="stable")
    numbers = events["event_id"].array.take(rows)
    tied = np.flatnonzero(step == 0)
    if (step >= 0).all() and (numbers[tied] <= numbers[tied + 1]).all():
        return np.arange(len(rows))
    table = pd.DataFrame({"when": when, "number": numbers})
    return table.sort_values(["when", "number"], kind="stable").index.to_numpy()
