"""Links between people as arrays: who answers whom in a log, and how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from narwhals.typing import IntoFrame

from cmlib.checks import choice
from cmlib.data.communities import Community, log_of
from cmlib.data.conversations import warn_early
from cmlib.data.frames import as_list
from cmlib.data.log import KINDS, POSTS, Log
from cmlib.data.people import member_list
from cmlib.network._answered import LINKS, Messages, as_pandas, find_answered, plain, read_messages

__all__ = ["Links", "canonical_order", "counted_rows", "link_arrays", "summed"]


@dataclass(frozen=True)
class Links:
    """A network as arrays.

    Attributes
    ----------
    nodes : list
        The people, in canonical order.
    source, target, weight : numpy arrays
        Each link once: places in `nodes`, and how many events.
    fates : dict of str to int
        What became of each event, as :func:`cmlib.network.link_counts` tells it.
    link : str, optional
        The rule that says whom a message answers.
    """

    nodes: list[Any]
    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    fates: dict[str, int]
    link: str | None = None


def link_arrays(
    community: Community | IntoFrame,
    *,
    link: str | None = None,
    kinds: Iterable[str] = ("reply",),
    people: Any = None,
) -> Links:
    """Find who answers whom; the parameters are those of :func:`cmlib.network.reply_graph`."""
    log = log_of(community)
    kinds = as_list(kinds)
    for kind in kinds:
        choice("kinds", kind, KINDS)
    messages = read_messages(log, link)
    if messages.link == "mention" and "reply" in kinds:
        kinds = [*kinds, "topic"]  # what opens a conversation is addressed to somebody too
    inside = counted_rows(log, messages)
    read = inside & messages.are(*kinds)
    rows = read & ~messages.private
    found = find_answered(log, messages, rows)
    out = messages.by(log.left_out.ids)
    links = np.column_stack([messages.author, found.person])

    absent = rows & out[messages.author]
    gone = rows & (messages.author < 0) & log.left_out.deleted
    left = rows & ~absent & ~gone
    fates = {"read": int(read.sum()), "excluded": int(absent.sum()), "deleted": int(gone.sum())}
    fates["unattributed"] = int((left & (found.rule < 0)).sum())
    left &= found.rule >= 0
    fates["before"] = int((left & found.before).sum())
    left = np.flatnonzero(left & ~found.before)
    if messages.private.any():
        fates["private"] = int((read & messages.private).sum())
    warn_early(fates["before"], stacklevel=4)

    writers = inside & messages.are(*kinds, *POSTS) & ~messages.private
    drawn, kept = summed(
        links[left],
        None,
        messages.names.tolist(),
        writers=messages.author[writers],
        out=out,
        people=people,
        fates=fates,
    )
    by_rule = np.bincount(found.rule[left][kept], minlength=len(LINKS))
    for rule in dict.fromkeys(
        ["mention"] if messages.link == "mention" else ["parent", messages.link]
    ):
        drawn.fates[rule] = int(by_rule[LINKS.index(rule)])
    return Links(drawn.nodes, drawn.source, drawn.target, drawn.weight, drawn.fates, messages.link)


def summed(
    links: np.ndarray,
    values: np.ndarray | None,
    names: list[Any],
    *,
    writers: np.ndarray,
    out: np.ndarray,
    people: Any,
    fates: dict[str, int],
) -> tuple[Links, np.ndarray]:
    """Add up pairs of codes into links between people who count, and say what became of each.

    `out` tells for each code whether it is left out; its last entry is for -1, deleted accounts.
    The second result tells which pairs were kept.
    """
    gone = (links < 0).any(axis=1)
    excluded = ~gone & out[links].any(axis=1)
    own = ~gone & ~excluded & (links[:, 0] == links[:, 1])
    keep = ~(gone | excluded | own)
    fates = {
        **fates,
        "kept": int(keep.sum()),
        "self": int(own.sum()),
        "deleted": fates.get("deleted", 0) + int(gone.sum()),
        "excluded": fates.get("excluded", 0) + int(excluded.sum()),
    }
    links = links[keep]
    shown = np.zeros(len(names) + 1, dtype=bool)
    shown[writers] = True
    shown[links.ravel()] = True
    shown[-1] = False
    shown &= ~out
    hidden = {names[code] for code in np.flatnonzero(out[:-1]).tolist()}
    wanted = {one for one in member_list(people, "people") if one not in hidden}
    nodes = canonical_order(wanted.union(names[code] for code in np.flatnonzero(shown).tolist()))
    rank = {node: place for place, node in enumerate(nodes)}
    to_rank = np.array([rank.get(name, -1) for name in names], dtype=np.int64)
    weights = None if values is None else values[keep]
    source, target, total = _added_up(to_rank[links], weights, len(nodes))
    return Links(nodes, source, target, total, fates), keep


def canonical_order(nodes: Iterable[Any]) -> list[Any]:
    """Sort nodes so that no result depends on the order in which they came."""
    nodes = list(nodes)
    try:
        return sorted(nodes)
    except TypeError:
        return sorted(nodes, key=lambda node: (type(node).__name__, repr(node)))


def counted_rows(log: Log, messages: Messages) -> np.ndarray:
    """Tell which events are reported, whoever wrote them: from the start, chosen."""
    inside = messages.t >= log.start
    if log.is_chosen:
        chosen = plain(as_pandas(log.rows("event_id"))["event_id"])
        inside &= plain(messages.event).isin(chosen).to_numpy(dtype=bool)
    return inside


def _added_up(
    links: np.ndarray, values: np.ndarray | None, n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum repeated pairs: each pair is packed into one integer, which sorts fast."""
    key = links[:, 0] * n + links[:, 1]
    if values is None:
        key = np.sort(key)
    else:
        order = np.argsort(key, kind="stable")
        key, values = key[order], values[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.arange(0)
    pair = key[first]
    if values is None:
        total = np.diff(np.r_[first, len(key)])
    else:
        total = np.add.reduceat(values, first) if len(key) else values
    source = pair // max(n, 1)
    return source, pair - source * n, total
