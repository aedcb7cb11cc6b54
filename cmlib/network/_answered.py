"""The messages of a log in order, and whom each one answers.

Rows stand in the order of time, then of the number of the event. People and threads are codes;
-1 is a deleted account, no thread, no message. What answers what is read in the whole log,
whoever counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.checks import choice
from cmlib.data.frames import need_columns
from cmlib.data.log import KINDS, POSTS, Log
from cmlib.data.parents import own_thread_share
from cmlib.errors import TableError, unknown_choice
from cmlib.i18n import format_percent
from cmlib.messages import _
from cmlib.network._mentions import mentioned

__all__ = ["LINKS", "Answered", "Messages", "find_answered", "read_messages"]

LINKS = ("parent", "previous", "opener", "mention")


@dataclass(frozen=True)
class Messages:
    """A log as arrays, one entry an event.

    Attributes
    ----------
    link : str
        The rule that says whom a message answers, one of `LINKS`.
    t, author, thread, kind : numpy arrays
        Second, code of the author, code of the thread, place of the kind in `KINDS`.
    names : pandas.Index
        The people, by code.
    parent : numpy array
        Place of the event that each one names, -1 where it names none of the log.
    addressed : numpy array
        Code of the person that each one is addressed to.
    private : numpy array of bool
    event : pandas.Series, optional
        The number of each event.
    """

    link: str
    t: np.ndarray
    author: np.ndarray
    thread: np.ndarray
    kind: np.ndarray
    names: pd.Index
    parent: np.ndarray
    addressed: np.ndarray
    private: np.ndarray
    event: Any

    def are(self, *kinds: str) -> np.ndarray:
        """Tell which events are of these kinds."""
        wanted = np.zeros(len(KINDS) + 1, dtype=bool)
        wanted[[KINDS.index(kind) for kind in kinds]] = True
        return wanted[self.kind]

    def by(self, people: tuple[Any, ...], *, deleted: bool = False) -> np.ndarray:
        """Tell for each code whether it is one of `people`; the last entry is for deleted."""
        return np.append(self.names.isin(list(people)), deleted)


@dataclass(frozen=True)
class Answered:
    """What each message answers.

    Attributes
    ----------
    place : numpy array
        Place of the message answered; -1 where none is known.
    person : numpy array
        Code of the person answered.
    rule : numpy array
        Place in `LINKS` of the rule that found them, -1 where nobody was found.
    before : numpy array of bool
        Whether it is dated before what it answers.
    """

    place: np.ndarray
    person: np.ndarray
    rule: np.ndarray
    before: np.ndarray


def read_messages(log: Log, link: str | None) -> Messages:
    """Read the events of a log; without `link`, choose the rule."""
    table = _collected(log, link)
    n = len(table)
    order = _order(table["t"].to_numpy(dtype="int64"), table.get("event_id"))
    if order is not None:
        table = table.take(order).reset_index(drop=True)
    nobody = np.full(n, -1)
    thread = _codes(table["thread_id"])[0] if "thread_id" in table else nobody
    kind = _kinds(table["kind"])
    parent, named = nobody, np.zeros(n, dtype=bool)
    if "parent_id" in table:
        named = table["parent_id"].notna().to_numpy(dtype=bool)
        if named.any():
            need_columns(log.events, ["event_id"])
            parent = _places(table["event_id"], table["parent_id"])
            _check_own_thread(thread, parent)
    author, addressed, names = _people(log, table)
    if link is None:
        replies = kind == KINDS.index("reply")
        link = _rule(replies, named, parent, thread, addressed)
    private = np.zeros(n, dtype=bool)
    if "private" in table:
        private = table["private"].eq(True).fillna(False).to_numpy(dtype=bool)
    if link == "mention" and "text" in table:
        open_rows = np.flatnonzero(addressed < 0)
        addressed = addressed.copy()
        addressed[open_rows] = mentioned(
            table["text"].take(open_rows), author[open_rows], names.tolist()
        )
    return Messages(
        link=link,
        t=table["t"].to_numpy(dtype="int64"),
        author=author,
        thread=thread,
        kind=kind,
        names=names,
        parent=parent,
        addressed=addressed,
        private=private,
        event=table.get("event_id"),
    )


def find_answered(log: Log, messages: Messages, rows: np.ndarray) -> Answered:
    """Find whom `rows` answer: the message named, or what the rule puts in its place.

    Only topics and replies are put in relation by their thread: a reaction that names no
    message may be to any of them. Those who answer nobody are nobody's last message either.
    """
    if messages.link == "mention":
        person = np.where(rows, messages.addressed, -1)
        rule = np.where(person >= 0, LINKS.index("mention"), -1)
        return Answered(np.full(len(rows), -1), person, rule, np.zeros(len(rows), dtype=bool))
    place = np.where(rows, messages.parent, -1)
    rule = np.where(place >= 0, LINKS.index("parent"), -1)
    if messages.link != "parent":
        left = np.flatnonzero(rows & (place < 0) & (messages.thread >= 0) & messages.are(*POSTS))
        opener = opened_by(messages)[left]
        found = np.where(opener == left, -1, opener)
        if messages.link == "previous":
            # Where nobody wrote before, what opened the thread later is what it answers.
            someone = messages.author[opener] != messages.author[left]
            late = (opener >= 0) & someone & (messages.t[opener] > messages.t[left])
            last = neighbours(messages, conversing(log, messages))[0][left]
            found = np.where(last >= 0, last, np.where(late, opener, -1))
        place[left] = found
        rule[left[found >= 0]] = LINKS.index(messages.link)
    known = place >= 0
    person = np.where(known, messages.author[place], -1)
    return Answered(place, person, rule, known & (messages.t[place] > messages.t))


def conversing(log: Log, messages: Messages, *, private: bool = False) -> np.ndarray:
    """Tell which messages are part of the talk: those of people who may answer."""
    left_out = log.left_out
    silent = messages.by(left_out.silent, deleted=left_out.deleted)
    talk = messages.are(*POSTS) & ~silent[messages.author]
    return talk if private else talk & ~messages.private


def opened_by(messages: Messages) -> np.ndarray:
    """Give for each event the place of the topic that opened its thread."""
    topics = np.flatnonzero(messages.are("topic") & (messages.thread >= 0))[::-1]
    opener = np.full(int(messages.thread.max(initial=-1)) + 2, -1)  # the last: no thread
    opener[messages.thread[topics]] = topics  # the first one is written last
    return opener[messages.thread]


def neighbours(messages: Messages, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give, among `rows`, the last message before each one by somebody else in its thread.

    And the first one after it.
    """
    n = len(messages.t)
    before, after = np.full(n, -1), np.full(n, -1)
    place = np.flatnonzero(rows & (messages.thread >= 0))
    if not len(place):
        return before, after
    place = np.sort(messages.thread[place] * n + place) % n  # by thread, then in order
    thread, author = messages.thread[place], messages.author[place]
    new = np.r_[True, thread[1:] != thread[:-1]]
    starts = np.r_[True, new[1:] | (author[1:] != author[:-1])]  # of what one person says in a row
    first = np.flatnonzero(starts)
    run = np.cumsum(starts) - 1
    last = first[run] - 1
    known = ~new[first[run]]
    before[place[known]] = place[last[known]]
    follows = np.r_[first, len(place)][run + 1]
    known = (follows < len(place)) & ~np.r_[new, True][follows]
    after[place[known]] = place[follows[known]]
    return before, after


def _collected(log: Log, link: str | None) -> pd.DataFrame:
    """Bring home the columns that the rule reads, as pandas columns."""
    if link is not None and link not in LINKS:
        raise unknown_choice("link", link, LINKS)
    if link == "parent":
        need_columns(log.events, ["event_id", "parent_id"])
    elif link == "mention" and not log.has("text"):
        need_columns(log.events, ["receiver_id"])
    elif link in ("previous", "opener") and not log.has("parent_id"):
        need_columns(log.events, ["thread_id"])
    need_columns(log.events, ["kind"])
    wanted = {"event_id", "thread_id", "private"}
    wanted |= {"receiver_id", "text"} if link == "mention" else {"parent_id"}
    wanted |= {"receiver_id"} if link is None else set()
    names = [name for name in sorted(wanted) if log.has(name)]
    return as_pandas(log.rows("kind", *names, everybody=True))


def as_pandas(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Collect a frame; whole numbers stay whole where some are missing."""
    collected = frame.collect()
    native = collected.to_native()
    if isinstance(native, pd.DataFrame):
        return native

    import pyarrow as pa

    def kept(dtype: Any) -> Any:
        return pd.Int64Dtype() if pa.types.is_integer(dtype) else None

    table: pd.DataFrame = collected.to_arrow().to_pandas(types_mapper=kept)
    return table


def plain(values: pd.Series) -> pd.Series:
    """Ids as whole numbers or as text, whatever held them; 12.0 becomes 12."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        whole = pd.api.types.is_integer_dtype(dtype.categories.dtype)
        return plain(values.astype("Int64" if whole else dtype.categories.dtype))
    if isinstance(dtype, pd.ArrowDtype):
        whole = pd.api.types.is_integer_dtype(dtype)
        return values.astype("Int64" if whole else "str" if dtype.kind in "OU" else dtype)
    if isinstance(dtype, np.dtype) and dtype.kind == "O":
        return values.convert_dtypes()
    if pd.api.types.is_float_dtype(dtype):
        known = values.dropna()
        return values.astype("Int64") if (known == known.round()).all() else values
    return values


def _codes(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    codes, names = pd.factorize(plain(values))
    return codes, pd.Index(names)


def _kinds(values: pd.Series) -> np.ndarray:
    """Places in `KINDS`; -1 where the kind is missing."""
    codes, names = pd.factorize(values)
    for name in names:
        choice("kind", name, KINDS)
    return np.array([*(KINDS.index(name) for name in names), -1])[codes]


def _people(log: Log, table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, pd.Index]:
    """Codes of the authors and of those they write to, and the people by code."""
    parts = [plain(table["u"])]
    if "receiver_id" in table:
        parts.append(plain(table["receiver_id"]))
    if "text" in table and log.members is not None:
        parts.append(plain(as_pandas(log.member_ids())["u"]))
    if len({pd.api.types.is_integer_dtype(part.dtype) for part in parts if len(part)}) > 1:
        parts = [part.astype("str").where(part.notna()) for part in parts]
    n = len(table)
    codes, names = pd.factorize(parts[0] if len(parts) == 1 else pd.concat(parts))
    to_whom = codes[n : 2 * n] if "receiver_id" in table else np.full(n, -1)
    return codes[:n], to_whom, pd.Index(names)


def _order(t: np.ndarray, numbers: pd.Series | None) -> np.ndarray | None:
    """Order rows by time, then by the number of the event; None where they stand so already."""
    order = None if (t[1:] >= t[:-1]).all() else np.argsort(t, kind="stable")
    when = t if order is None else t[order]
    same = when[1:] == when[:-1]
    if numbers is None or not same.any():
        return order
    tied = np.flatnonzero(np.r_[False, same] | np.r_[same, False])
    rows = tied if order is None else order[tied]
    ranked = pd.DataFrame({"t": t[rows], "number": plain(numbers.take(rows)).array})
    ranked = ranked.sort_values(["t", "number"], kind="stable")
    order = np.arange(len(t)) if order is None else order
    order[tied] = rows[ranked.index.to_numpy()]
    return order


def _rule(
    replies: np.ndarray,
    named: np.ndarray,
    parent: np.ndarray,
    thread: np.ndarray,
    addressed: np.ndarray,
) -> str:
    """Choose the rule: the message named, where at least half of the replies name one."""
    of_replies = named & replies
    half = 2 * of_replies.sum() >= replies.sum() > 0
    if half and 2 * (parent[of_replies] >= 0).sum() >= of_replies.sum():
        return "parent"
    if (thread >= 0).any() or named.any():
        return "previous"
    if (addressed >= 0).any():
        return "mention"
    if replies.any():
        raise TableError(_("The log names no receiver, parent or thread: no link can be drawn."))
    return "previous"


def _places(numbers: pd.Series, wanted: pd.Series) -> np.ndarray:
    """Find the row of each event named; -1 where it is not in the log."""
    own, asked = _same_numbers(plain(numbers), plain(wanted))
    rows = np.flatnonzero(own >= 0)
    at = np.full(int(own.max(initial=-1)) + 2, -1)
    at[own[rows]] = rows
    repeated = int((at[own[rows]] != rows).sum())
    if repeated:
        raise TableError(
            _(
                "The column {column!r} identifies an event, and {count} rows repeat one. "
                'Remove the repeats with table.drop_duplicates("{column}").'
            ).format(column="event_id", count=repeated)
        )
    return at[np.where(asked < len(at) - 1, asked, -1)]


def _same_numbers(one: pd.Series, other: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give the ids of two columns the same codes, from 0; -1 where there is none."""
    if all(pd.api.types.is_integer_dtype(ids.dtype) for ids in (one, other)):
        known = one.dropna()
        low, high = (int(known.min()), int(known.max())) if len(known) else (0, 0)
        if high - low <= 8 * len(one) + 1_000:  # they follow each other: they number themselves
            first, second = (
                np.where(ids.notna(), ids.to_numpy(dtype="int64", na_value=low) - low, -1)
                for ids in (one, other)
            )
            return first, np.where((second < 0) | (second > high - low), -1, second)
        both = pd.concat([one, other])
    else:
        both = pd.concat([ids.astype("str").where(ids.notna()) for ids in (one, other)])
    codes = pd.factorize(both)[0]
    return codes[: len(one)], codes[len(one) :]


def _check_own_thread(thread: np.ndarray, parent: np.ndarray) -> None:
    """Refuse parents that mostly lie in another thread than their reply: they are no events."""
    if not (thread >= 0).any():
        return
    codes, places = (pd.arrays.IntegerArray(ids, ids < 0) for ids in (thread, parent))
    found, share = own_thread_share(np.arange(len(thread)), codes, places)
    if found and share < 0.5:
        raise TableError(
            _(
                "Only {share} of the parents in parent_id lie in the thread of their reply, so "
                "they are not event numbers: read the file again with "
                'data.read(..., number="post_number"), naming the column that numbers messages '
                "inside their thread, or leave parent_id out."
            ).format(share=format_percent(share, 0))
        )
