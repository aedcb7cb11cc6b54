"""Whether parents are events, or numbers that begin again in each thread: never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cmlib.data._ids import whole_text, within
from cmlib.data._threads import Conversations
from cmlib.errors import TableError
from cmlib.i18n import format_number, format_percent
from cmlib.messages import _

__all__ = ["check_parents", "own_thread_share"]

_REAL, _SAID = 0.9, 0.5
_NOBODY = ("0", "-1")


def own_thread_share(event: Any, thread: Any, parent: Any) -> tuple[int, float]:
    """Count the parents that are events, and the share of them in the thread of their reply.

    Parameters
    ----------
    event, thread, parent : array or pandas.Series, of one length
        Missing where an event has none.

    Returns
    -------
    found : int
        Events in a thread that name a parent which is an event of the log.
    share : float
        Of these, the share whose parent is in the same thread: near 1 where parents are events,
        near 0 where they are other numbers; missing where none is found.

    Examples
    --------
    >>> own_thread_share([1, 2, 3, 4], [7, 8, 7, 8], [None, None, 1, 2])
    (2, 1.0)
    >>> own_thread_share([1, 2, 3, 4], [7, 8, 8, 8], [None, None, 1, 2])
    (2, 0.5)
    """
    events, threads, parents = (pd.Series(values) for values in (event, thread, parent))
    threads = threads.reset_index(drop=True)
    numbered = events.reset_index(drop=True).dropna().drop_duplicates()
    replies = (parents.notna().to_numpy() & threads.notna().to_numpy()).nonzero()[0]
    place = pd.Index(numbered).get_indexer(pd.Index(parents.iloc[replies]))
    replies, place = replies[place >= 0], place[place >= 0]
    if not len(replies):
        return 0, float("nan")
    codes = pd.factorize(threads)[0]
    own = codes[replies] == codes[numbered.index.to_numpy()[place]]
    return len(replies), float(own.mean())


def check_parents(
    found: Conversations,
    event: pd.Series,
    number: tuple[str, pd.Series] | None,
    others: Mapping[str, pd.Series],
    column: str,
    seconds: np.ndarray,
    by_event: bool,
) -> None:
    """Make sure that parents are events; turn those numbered inside their thread into events.

    `number` is the column (name, cells) given as the one that numbers messages inside a thread;
    without it one is looked for in `others`. `by_event` is false where nothing numbers events.
    """
    if found.parent is None:
        return
    inside = number if number is not None else _recognised(found, others, seconds)
    _drop_none(found, event if by_event else None, inside)
    if not (found.parent != "").any():
        return
    named = int((found.parent != "").sum())
    count, share = 0, float("nan")
    if by_event:
        count, share = own_thread_share(
            *(cells.mask(cells == "") for cells in (event, _thread(found), found.parent))
        )
    real = count > 0 and share >= _REAL
    if inside is not None and found.thread is not None:
        turned = _turned(found, event, inside[1])
        known = int((turned != "").sum())
        enough = _REAL if number is None else _SAID
        if known >= enough * named and known > (count * share if real else 0):
            found.notes.append(
                _(
                    "Column {column}: a number inside the thread (column {number}), turned into "
                    "the event that bears it; {known} of {named} were found."
                ).format(
                    column=repr(column),
                    number=repr(inside[0]),
                    known=format_number(known),
                    named=format_number(named),
                )
            )
            found.parent = turned
            return
    if real or (found.thread is None and by_event):
        return
    raise _refusal(found, column, count, share, named, by_event)


def _drop_none(
    found: Conversations, event: pd.Series | None, inside: tuple[str, pd.Series] | None
) -> None:
    """Drop the parents that stand for none: 0 or -1, the event itself, or its whole thread."""
    assert found.parent is not None
    parent = found.parent
    none = parent.isin(_NOBODY)
    if inside is not None:
        none &= ~within(parent, inside[1])
    whole = (parent == found.thread) if found.thread is not None else none & False
    if event is not None:
        known = within(parent, event)
        none = none & ~known | (parent == event)
        whole &= ~known
    if inside is not None:
        whole &= ~within(parent, inside[1])
    found.replies = (parent.mask(none, "") != "").to_numpy()
    found.parent = parent.mask(none | whole, "")


def _thread(found: Conversations) -> pd.Series:
    assert found.parent is not None
    if found.thread is None:
        return pd.Series("", index=found.parent.index, dtype="str")
    return found.thread


def _turned(found: Conversations, event: pd.Series, number: pd.Series) -> pd.Series:
    """Find the event that bears the number of the parent in the reply's own thread."""
    assert found.parent is not None
    thread = _thread(found)
    bears = (thread + "\x1f" + whole_text(number))[(thread != "") & (number != "")]
    bears = bears.drop_duplicates()
    wanted = thread + "\x1f" + whole_text(found.parent)
    place = pd.Index(bears).get_indexer(wanted)
    known = (place >= 0) & found.replies & (thread != "").to_numpy()
    turned = np.full(len(event), "", dtype=object)
    turned[known] = event.to_numpy()[bears.index.to_numpy()[place[known]]]
    return pd.Series(turned, index=event.index, dtype="str")


def _recognised(
    found: Conversations, others: Mapping[str, pd.Series], seconds: np.ndarray
) -> tuple[str, pd.Series] | None:
    """Find a column that counts from 1 or 0 in each thread, in the order of time."""
    if found.thread is None:
        return None
    inside = (found.thread != "").to_numpy()
    for name, cells in others.items():
        whole = whole_text(cells[inside])
        if not len(whole) or not whole.str.fullmatch("[0-9]{1,9}").all():
            continue
        rows = pd.DataFrame(
            {
                "thread": found.thread[inside].to_numpy(),
                "number": whole.astype("int64").to_numpy(),
                "second": seconds[inside],
            }
        )
        if rows.duplicated(["thread", "number"]).any():
            continue
        first = rows.groupby("thread", sort=False)["number"].min()
        rows = rows.sort_values(["thread", "number"], kind="stable")
        step = rows["second"].diff()[rows["thread"] == rows["thread"].shift()]
        if (first <= 1).mean() >= _REAL and ((step >= 0).mean() >= _REAL or not len(step)):
            return name, cells
    return None


def _refusal(
    found: Conversations, column: str, count: int, share: float, named: int, by_event: bool
) -> TableError:
    if not by_event:
        return TableError(
            _(
                'parent="{column}" names events, and nothing here numbers them: say event="...", '
                'or number="..." for the column that numbers messages inside their thread, or '
                "leave parent= out."
            ).format(column=column)
        )
    own = round(count * share) if count else 0
    return TableError(
        _(
            'parent="{column}": {own} of {named} parents ({share}) are events of the thread of '
            'their reply, so they are something else than event numbers: say number="..." for '
            "the column that numbers messages inside their thread, name another parent= or "
            "event=, or leave parent= out."
        ).format(
            column=column,
            own=format_number(own),
            named=format_number(named),
            share=format_percent(own / named, 0),
        )
    )
