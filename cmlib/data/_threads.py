"""Which events belong to one conversation, found in what a file gives: threads, parents, numbers.

Rows stand in the order of time; ids are text, empty where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cmlib.data._ids import whole_numbers, within
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = ["Conversations", "attach_openers", "plainly_linked", "thread_by_parents"]

_AGREE = 0.9


@dataclass
class Conversations:
    """Thread and parent of each event, whether it names a parent, and what was decided.

    Attributes
    ----------
    thread, parent : pandas.Series of text, optional
    replies : numpy array of bool
        Names a parent, found or not: a reply, wherever it stands.
    """

    thread: pd.Series | None
    parent: pd.Series | None
    replies: np.ndarray
    notes: list[str] = field(default_factory=list)


def plainly_linked(found: Conversations, event: pd.Series) -> bool:
    """Tell whether nothing has to be worked out: whole numbers, a thread and earlier parents.

    True where every event is in a thread and every parent is an earlier event of the same one.
    """
    if found.thread is None or found.parent is None:
        return False
    numbers = [whole_numbers(cells) for cells in (event, found.thread, found.parent)]
    if any(one is None for one in numbers):
        return False
    (events, numbered), (threads, inside), (parents, named) = (one for one in numbers if one)
    if not (numbered.all() and inside.all()):
        return False
    index = pd.Index(events)
    if not index.is_unique:
        return False
    rows = np.flatnonzero(named)
    place = index.get_indexer(parents[rows])
    return bool(
        (place >= 0).all() and (place < rows).all() and (threads[place] == threads[rows]).all()
    )


def attach_openers(
    found: Conversations, keys: list[pd.Series], messages: np.ndarray, seconds: np.ndarray
) -> None:
    """Put into its thread the message whose own number the others give as thread number.

    Platforms that number a thread by its first message often number it only in the replies.
    It is done where nine in ten of the threads numbered like an event are numbered like their
    opener: an event that is in no other thread and is not later than the replies.
    """
    if found.thread is None:
        return
    for key in keys:
        named = pd.Index(found.thread[found.thread != ""].unique())
        place = named.get_indexer(key)
        rows = np.flatnonzero((place >= 0) & messages)
        rows = rows[~pd.Series(place[rows]).duplicated().to_numpy()]  # one opener a thread
        if not len(rows):
            continue
        own = found.thread.to_numpy()[rows]
        thread = named.to_numpy()[place[rows]]
        first = found.thread.drop_duplicates()
        opened = pd.Series(first.index, index=first.to_numpy())
        not_late = seconds[rows] <= seconds[opened[thread].to_numpy()]
        agree = ((own == "") | (own == thread)) & not_late
        new = rows[agree & (own == "")]
        if agree.mean() >= _AGREE and len(new):
            found.thread = found.thread.copy()
            found.thread.iloc[new] = key.iloc[new]
            found.notes.append(
                _(
                    "Messages without thread whose own number is that of a thread: {count}. Each "
                    "opens that thread."
                ).format(count=format_number(len(new)))
            )
            return


def thread_by_parents(found: Conversations, event: pd.Series, messages: np.ndarray) -> None:
    """Give a thread to the events that have none and hang together by their parents.

    Where the file has no thread at all, each message that nothing is linked to is a thread too.
    """
    if found.parent is None or not (found.parent != "").any():
        return
    whole = found.thread is None
    thread = pd.Series("", index=event.index, dtype="str") if whole else found.thread
    assert thread is not None
    named = (found.parent != "").to_numpy()
    numbered = event[event != ""].drop_duplicates()
    place = pd.Index(numbered).get_indexer(found.parent)
    known = named & (place >= 0)
    up = np.arange(len(event))
    up[known] = numbered.index.to_numpy()[place[known]]
    lost = int((named & ~known).sum())
    if lost:
        found.notes.append(
            _(
                "Replies that name an event which is not in the file: {count}, kept without the "
                "person they answer."
            ).format(count=format_number(lost))
        )
    cut = _cycle_openers(up)
    if len(cut):
        up[cut] = cut
        found.parent = found.parent.copy()
        found.parent.iloc[cut] = ""
        found.replies = found.replies.copy()
        found.replies[cut] = False
        found.notes.append(
            _(
                "Circles of events that answer each other: {count}, each opened here by its first "
                "event."
            ).format(count=format_number(len(cut)))
        )
    inside = (thread != "").to_numpy()
    up[inside] = np.flatnonzero(inside)  # what has a thread stays there
    root = _roots(up)
    new = ~inside & (thread.to_numpy()[root] != "")
    names = thread.to_numpy().astype(object)
    names[new] = names[root[new]]
    alone = ~inside & ~new
    linked = np.isin(root, root[up != np.arange(len(up))])  # at least two events
    alone &= linked | messages if whole else linked
    names[alone] = _free_names(event.to_numpy()[root[alone]], thread)
    found.thread = pd.Series(names, index=event.index, dtype="str")
    if whole:
        found.notes.append(
            _("Threads read from the parents that events name: {count}.").format(
                count=format_number(found.thread[found.thread != ""].nunique())
            )
        )


def _free_names(events: np.ndarray, thread: pd.Series) -> np.ndarray:
    """Name threads after the event that opens them, unless another thread bears that name."""
    names = pd.Series(events, dtype="str")
    taken = within(names, thread[thread != ""])
    return names.mask(taken, "event " + names).to_numpy(dtype=object)


def _roots(up: np.ndarray) -> np.ndarray:
    """Follow parents to the end; there is no circle left."""
    while True:
        further = up[up]
        if np.array_equal(further, up):
            return up
        up = further


def _cycle_openers(up: np.ndarray) -> np.ndarray:
    """Return the first event of each circle; each circle holds a parent later than its reply."""
    walked = np.full(len(up), -1)
    found = []
    for walk, start in enumerate(np.flatnonzero(up > np.arange(len(up)))):
        path, node = [], int(start)
        while walked[node] < 0 and up[node] != node:
            walked[node] = walk
            path.append(node)
            node = int(up[node])
        if walked[node] == walk and node in path:
            found.append(min(path[path.index(node) :]))
    return np.array(sorted(found), dtype="int64")
