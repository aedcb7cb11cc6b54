"""Graphs of who answers whom, from events or from pairs."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.data.people import member_list
from cmlib.errors import TableError, missing_column, unknown_choice
from cmlib.i18n import N_, _

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["interaction_graph", "link_counts", "pair_graph", "reply_graph", "symmetrise"]

_FATES = {
    "read": N_("links in the table"),
    "kept": N_("links in the graph"),
    "self": N_("people who answer themselves"),
    "unattributed": N_("nobody is named as the one answered"),
    "deleted": N_("one of the two accounts was deleted"),
    "excluded": N_("from or to somebody you left out"),
    "weightless": N_("weight empty or zero"),
}
_MISSING_PARENT = ("leave_out", "topic_author")


def reply_graph(
    events: Any,
    *,
    kinds: Iterable[str] = ("reply",),
    missing_parent: str = "leave_out",
    exclude: Any = None,
    people: Any = None,
    start: Any = None,
    end: Any = None,
    member: str = "member_id",
    event: str = "event_id",
    kind: str = "kind",
    thread: str = "thread_id",
    parent: str = "parent_id",
    time: str = "timestamp",
) -> nx.DiGraph:
    """Draw who answers whom: an arrow goes from the one who replies to the one replied to.

    Parameters
    ----------
    events : DataFrame
        The log of activity, one row an event (pandas, or any frame that narwhals reads).
    kinds : iterable of str, default ("reply",)
        The kinds of event that make a link.
    missing_parent : {"leave_out", "topic_author"}, default "leave_out"
        A reply that does not name the message it answers is counted and left out.
        With ``"topic_author"`` it goes to whoever opened the thread: this invents links,
        and many false replies to oneself (see Notes).
    exclude : list of ids, column or table of members, optional
        People to leave out, such as staff, bots or the brand's own account.
    people : list of ids, column or table of members, optional
        People to show even if they wrote nothing. By default the graph holds everyone who
        opened a topic, replied, or did one of the `kinds`.
    start, end : timestamp, optional
        Keep the links made from `start` (included) to `end` (excluded). The messages they
        answer may be older.
    member, event, kind, thread, parent, time : str
        Names of the columns. `thread` is read only with ``"topic_author"``, `time` only
        with `start` or `end`.

    Returns
    -------
    networkx.DiGraph
        One node a person, in sorted order. Each link has ``weight``, the number of events.
        ``link_counts`` tells what became of each event.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When an event number occurs twice.
    ParameterError
        When `missing_parent` is not one of the two.

    Notes
    -----
    Replies to oneself are not links: they are counted apart. In a real forum only 10,001 of
    31,849 replies named whom they answered; sending the others to the author of the topic
    turned 24 % of all replies into replies to oneself.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "event_id": [1, 2, 3, 4], "kind": ["topic", "reply", "reply", "reply"],
    ...     "member_id": [10, 20, 10, 20], "parent_id": [None, 1, 2, 2]})
    >>> list(reply_graph(events).edges(data="weight"))
    [(10, 20, 1), (20, 10, 1)]
    """
    if missing_parent not in _MISSING_PARENT:
        raise unknown_choice("missing_parent", missing_parent, _MISSING_PARENT)
    roles = {"member": member, "event": event, "kind": kind, "parent": parent}
    if missing_parent == "topic_author":
        roles["thread"] = thread
    if start is not None or end is not None:
        roles["time"] = time
    table = read_columns(events, roles)
    codes, labels = pd.factorize(table[member])
    kinds = list(kinds)
    inside = _between(table[time], start, end) if "time" in roles else np.ones(len(table), bool)
    link = table[kind].isin(kinds).to_numpy() & inside
    writes = table[kind].isin([*kinds, "topic", "reply"]).to_numpy() & inside
    place = _positions(table[event], event)(table.loc[link, parent])
    if missing_parent == "topic_author":
        opening = _positions(table[event], event)(table.loc[link, thread])
        place = np.where(place < 0, opening, place)
    attributed = place >= 0
    fates = {"read": int(link.sum()), "unattributed": int((~attributed).sum())}
    pairs = np.column_stack([codes[link], codes[place]])[attributed]
    writers = np.unique(codes[writes & (codes >= 0)])
    return _build(pairs, None, labels, writers, member, people, exclude, fates)


def interaction_graph(events: Any, **options: Any) -> nx.DiGraph:
    """Draw who replies to, reacts to or accepts an answer of whom.

    Parameters
    ----------
    events : DataFrame
        The log of activity, one row an event.
    **options
        As for :func:`reply_graph`.

    Returns
    -------
    networkx.DiGraph
        As :func:`reply_graph`, with replies, reactions and accepted answers as links.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "event_id": [1, 2, 3], "kind": ["topic", "reply", "reaction"],
    ...     "member_id": [10, 20, 10], "parent_id": [None, 1, 2]})
    >>> list(interaction_graph(events).edges)
    [(10, 20), (20, 10)]
    """
    return reply_graph(events, **{"kinds": ("reply", "reaction", "accept"), **options})


def pair_graph(
    pairs: Any,
    *,
    source: str = "source",
    target: str = "target",
    weight: str | None = None,
    exclude: Any = None,
    people: Any = None,
) -> nx.DiGraph:
    """Draw a graph from pairs: messages between two people, mentions, invitations.

    Parameters
    ----------
    pairs : DataFrame
        One row a link (pandas, or any frame that narwhals reads).
    source, target : str
        Columns of the one who acts and the one acted upon.
    weight : str, optional
        Column to add up over the rows of a pair. By default each row counts 1.
    exclude, people : list of ids, column or table of members, optional
        People to leave out, and people to show even without a link.

    Returns
    -------
    networkx.DiGraph
        As :func:`reply_graph`.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When a weight is negative.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source": ["Lea", "Lea", "Tom"], "target": ["Tom", "Tom", "Tom"]})
    >>> graph = pair_graph(pairs)
    >>> list(graph.edges(data="weight"))
    [('Lea', 'Tom', 2)]
    """
    roles = {"source": source, "target": target} | ({} if weight is None else {"weight": weight})
    table = read_columns(pairs, roles)
    codes, labels = pd.factorize(pd.concat([table[source], table[target]], ignore_index=True))
    links = codes.reshape(2, -1).T
    fates = {"read": len(table)}
    values = None
    if weight is not None:
        values = table[weight].to_numpy(dtype="float64", na_value=np.nan)
        if (values < 0).any():
            raise TableError(
                _(
                    "The column {column!r} holds negative weights, for example {example}. "
                    "The weight of a link is a number of events: zero or more."
                ).format(column=weight, example=values[values < 0][0].item())
            )
        heavy = values > 0
        fates["weightless"] = int((~heavy).sum())
        links, values = links[heavy], values[heavy]
    everyone = np.unique(codes[codes >= 0])
    return _build(links, values, labels, everyone, "member_id", people, exclude, fates)


def link_counts(graph: nx.DiGraph) -> pd.DataFrame:
    """Tell what became of each link of the table from which a graph was drawn.

    Parameters
    ----------
    graph : networkx.DiGraph
        Made by :func:`reply_graph`, :func:`interaction_graph` or :func:`pair_graph`.

    Returns
    -------
    pandas.DataFrame
        ``fate`` (read, kept, self, unattributed, deleted, excluded, weightless), ``events``
        (rows of the table) and ``about`` (in the current language). The first row is the sum
        of the others. Empty when the graph was not made here.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source": ["Lea", "Tom"], "target": ["Tom", "Tom"]})
    >>> link_counts(pair_graph(pairs))[["fate", "events"]].head(3)
       fate  events
    0  read       2
    1  kept       1
    2  self       1
    """
    fates = graph.graph.get("link_counts", {})
    rows = [(fate, fates[fate], _(about)) for fate, about in _FATES.items() if fate in fates]
    return pd.DataFrame(rows, columns=["fate", "events", "about"]).astype({"events": "int64"})


def symmetrise(graph: nx.Graph, *, weight: str = "weight") -> nx.Graph:
    """Forget the direction of the links, adding the weights of both directions.

    Parameters
    ----------
    graph : networkx.Graph
        Any graph; parallel links are added up too.
    weight : str
        Attribute that holds the weight; a link without it weighs 1.

    Returns
    -------
    networkx.Graph
        A new graph with the same people and their attributes. Loops are kept.

    Notes
    -----
    ``graph.to_undirected()`` keeps the weight of ONE direction: on a real forum 41 % of the
    replies vanished that way.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source": ["Lea", "Tom"], "target": ["Tom", "Lea"]})
    >>> symmetrise(pair_graph(pairs)).edges["Lea", "Tom"]["weight"]
    2
    """
    import networkx as nx

    result = nx.Graph(**graph.graph)
    result.add_nodes_from(graph.nodes(data=True))
    for one, other, value in graph.edges(data=weight, default=1):
        before = result.get_edge_data(one, other, {}).get(weight, 0)
        result.add_edge(one, other, **{weight: before + value})
    return result


def read_columns(frame: Any, roles: dict[str, str]) -> pd.DataFrame:
    """Read the columns that `roles` names as a pandas table, whatever the kind of frame."""
    try:
        table = nw.from_native(frame)
    except TypeError as error:
        raise TableError(
            _("A table is needed, not {kind}. From a community, give community.events.").format(
                kind=type(frame).__name__
            )
        ) from error
    names = table.collect_schema().names()
    for role, name in roles.items():
        if name not in names:
            raise missing_column(name, names, role=role)
    chosen = table.select(list(dict.fromkeys(roles.values())))
    if isinstance(chosen, nw.LazyFrame):
        chosen = chosen.collect("pandas")
    return chosen.to_pandas()


def canonical_order(nodes: Iterable[Any]) -> list[Any]:
    """Sort nodes so that no result depends on the order in which they came."""
    nodes = list(nodes)
    try:
        return sorted(nodes)
    except TypeError:
        return sorted(nodes, key=lambda node: (type(node).__name__, repr(node)))


def _between(times: pd.Series, start: Any, end: Any) -> np.ndarray:
    inside = np.ones(len(times), dtype=bool)
    if start is not None:
        inside &= (times >= pd.Timestamp(start)).to_numpy()
    if end is not None:
        inside &= (times < pd.Timestamp(end)).to_numpy()
    return inside


def _positions(keys: pd.Series, column: str) -> Any:
    index = pd.Index(keys)
    if not index.is_unique:
        raise TableError(
            _(
                "The column {column!r} identifies an event, and {count} rows repeat one. "
                'Remove the repeats with table.drop_duplicates("{column}").'
            ).format(column=column, count=int(index.duplicated().sum()))
        )

    def find(wanted: pd.Series) -> np.ndarray:
        place = np.full(len(wanted), -1)
        known = wanted.notna().to_numpy()
        place[known] = index.get_indexer(pd.Index(wanted[known].astype(index.dtype)))
        return place

    return find


def _build(
    links: np.ndarray,
    values: np.ndarray | None,
    labels: Any,
    writers: np.ndarray,
    member: str,
    people: Any,
    exclude: Any,
    fates: dict[str, int],
) -> nx.DiGraph:
    names = _plain(labels)
    out = set(member_list(exclude, member, "exclude"))
    unwanted = np.array([*(name in out for name in names), False], dtype=bool)  # -1: deleted
    gone = (links < 0).any(axis=1)
    excluded = ~gone & unwanted[links].any(axis=1)
    own = ~gone & ~excluded & (links[:, 0] == links[:, 1])
    keep = ~(gone | excluded | own)
    fates = {
        **fates,
        "kept": int(keep.sum()),
        "self": int(own.sum()),
        "deleted": int(gone.sum()),
        "excluded": int(excluded.sum()),
    }
    links = links[keep]
    shown = np.union1d(writers, links.ravel()).astype(np.int64)
    present = {names[code] for code in shown[~unwanted[shown]].tolist()}
    extra = [one for one in member_list(people, member, "people") if one not in out]
    nodes = canonical_order(present.union(extra))
    rank = {node: place for place, node in enumerate(nodes)}
    to_rank = np.array([rank.get(name, -1) for name in names], dtype=np.int64)
    weights = None if values is None else values[keep]
    source, target, total = _added_up(to_rank[links], weights, len(nodes))
    return _filled(nodes, source, target, total, fates)


def _plain(labels: Any) -> list[Any]:
    """Native Python labels; 12.0 (how pandas reads ids when one is missing) becomes 12."""
    labels = pd.Index(labels).dropna()
    if pd.api.types.is_float_dtype(labels.dtype) and (labels == labels.round()).all():
        labels = labels.astype("int64")
    return labels.tolist()


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


def _filled(
    nodes: list[Any],
    source: np.ndarray,
    target: np.ndarray,
    total: np.ndarray,
    fates: dict[str, int],
) -> nx.DiGraph:
    """Fill the adjacency dictionaries directly: three times as fast as adding each link."""
    import networkx as nx

    graph = nx.DiGraph(link_counts=fates)
    graph.add_nodes_from(nodes)
    by_target = np.argsort(target, kind="stable")
    with collector_paused():
        data = [{"weight": value} for value in total.tolist()]
        _fill(graph._succ, nodes, source, target, data)
        turned = [data[place] for place in by_target.tolist()]
        _fill(graph._pred, nodes, target[by_target], source[by_target], turned)
    return graph


def _fill(
    adjacency: Any, nodes: list[Any], one: np.ndarray, other: np.ndarray, data: list[dict[str, Any]]
) -> None:
    labels = [nodes[place] for place in other.tolist()]
    changes = np.flatnonzero(np.r_[True, one[1:] != one[:-1], True]) if len(one) else one
    for low, high in itertools.pairwise(changes.tolist()):
        adjacency[nodes[one[low]]].update(zip(labels[low:high], data[low:high], strict=True))


@contextmanager
def collector_paused() -> Iterator[None]:
    """Spare the garbage collector a walk through a million new dictionaries."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
