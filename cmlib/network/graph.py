"""Graphs of who answers whom, from a community or from pairs."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.data.communities import Community
from cmlib.data.frames import need_columns, open_frame
from cmlib.data.people import member_list
from cmlib.errors import TableError
from cmlib.messages import N_, _
from cmlib.network._answered import as_pandas, plain
from cmlib.network.links import Links, link_arrays, summed

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["interaction_graph", "link_counts", "pair_graph", "reply_graph", "symmetrise"]

_FATES = {
    "read": N_("events that may make a link"),
    "kept": N_("links in the graph"),
    "parent": N_("of these, to the author of the message named"),
    "previous": N_("of these, to the last other person who wrote in the thread"),
    "opener": N_("of these, to the person who opened the thread"),
    "mention": N_("of these, to the person addressed"),
    "self": N_("people who answer themselves"),
    "unattributed": N_("nobody is known as the one answered"),
    "before": N_("dated before what they answer"),
    "deleted": N_("one of the two accounts was deleted"),
    "excluded": N_("from or to somebody you left out"),
    "private": N_("private messages, which make no link"),
    "weightless": N_("weight empty or zero"),
}


def reply_graph(
    community: Community | IntoFrame,
    *,
    link: str | None = None,
    kinds: Iterable[str] = ("reply",),
    people: Any = None,
) -> nx.DiGraph:
    """Draw who answers whom: an arrow goes from the one who replies to the one replied to.

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    link : {"parent", "previous", "opener", "mention"}, optional
        Whom a reply answers: the author of the message it names (``"parent"``); that author, or
        where it names none the last other person who wrote in the thread (``"previous"``), or
        whoever opened the thread (``"opener"``); or the person it is addressed to, by
        ``receiver_id`` or @name (``"mention"``). Without it, ``"parent"`` where at least half of
        the replies name a message, else ``"previous"``; ``"mention"`` where a log has receivers,
        and neither threads nor parents.
    kinds : iterable of str, default ("reply",)
        The kinds of event that make a link. With ``"mention"``, topics count as replies do.
    people : list of ids, column or table of members, optional
        People to show even if they wrote nothing. By default the graph holds everyone who
        opened a topic, replied, or did one of the `kinds`.

    Returns
    -------
    networkx.DiGraph
        One node a person, in sorted order. Each link has ``weight``, the number of events.
        ``graph.graph["link"]`` is the rule; :func:`link_counts` tells what became of each event
        and how many links each rule made.

    Raises
    ------
    ColumnError
        When a column that the rule reads is missing.
    TableError
        When an event number occurs twice, when parents are no event numbers, or when nothing in
        the log says who answers whom.
    ParameterError
        When `link` or one of the `kinds` is not known.

    Warns
    -----
    NotCountedWarning
        When replies are dated before what they answer: they make no link.

    Notes
    -----
    The messages answered are read in the whole log, whoever counts and whenever it was; links
    are those of events that count in the view. Who is left out is no node; lines of bots and of
    the system are nobody's last message. Private messages make no link, nor do replies to
    oneself. Where it could be checked, ``"previous"`` named the right person in 55 to 86 % of
    the replies, ``"opener"`` in 21 to 55 %.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "event_id": [1, 2, 3, 4], "kind": ["topic", "reply", "reply", "reply"],
    ...     "member_id": [10, 20, 10, 30], "thread_id": [1, 1, 1, 1],
    ...     "timestamp": pd.date_range("2025-01-01", periods=4, freq="h")})
    >>> list(reply_graph(events).edges(data="weight"))
    [(10, 20, 1), (20, 10, 1), (30, 10, 1)]
    >>> reply_graph(events).graph["link"]
    'previous'
    """
    return _graph(link_arrays(community, link=link, kinds=kinds, people=people))


def interaction_graph(
    community: Community | IntoFrame, *, link: str | None = None, people: Any = None
) -> nx.DiGraph:
    """Draw who replies to, reacts to or accepts an answer of whom.

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    link, people
        As for :func:`reply_graph`.

    Returns
    -------
    networkx.DiGraph
        As :func:`reply_graph`, with replies, reactions and accepted answers as links. A reaction
        that does not name its message makes none.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "event_id": [1, 2, 3], "kind": ["topic", "reply", "reaction"],
    ...     "member_id": [10, 20, 10], "parent_id": [None, 1, 2],
    ...     "timestamp": pd.date_range("2025-01-01", periods=3, freq="h")})
    >>> list(interaction_graph(events).edges)
    [(10, 20), (20, 10)]
    """
    kinds = ("reply", "reaction", "accept")
    return _graph(link_arrays(community, link=link, kinds=kinds, people=people))


def pair_graph(
    pairs: IntoFrame,
    *,
    source: str = "source",
    target: str = "target",
    weight: str | None = None,
    directed: bool = True,
    people: Any = None,
    without: Any = None,
) -> nx.Graph:
    """Draw a graph from pairs: messages between two people, mentions, invitations.

    Parameters
    ----------
    pairs : table
        One row a link (pandas, Polars, DuckDB or PySpark).
    source, target : str
        Columns of the one who acts and the one acted upon.
    weight : str, optional
        Column to add up over the rows of a pair. By default each row counts 1.
    directed : bool, default True
        False for ties without direction, such as friends: A, B and B, A are the same tie, and
        their weights are added up.
    people, without : list of ids, column or table of members, optional
        People to show even without a link, and people to leave out.

    Returns
    -------
    networkx.DiGraph
        As :func:`reply_graph`; a networkx.Graph where there is no direction.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When a weight is negative.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source": ["Lea", "Lea", "Tom"], "target": ["Tom", "Tom", "Lea"]})
    >>> list(pair_graph(pairs).edges(data="weight"))
    [('Lea', 'Tom', 2), ('Tom', 'Lea', 1)]
    >>> list(pair_graph(pairs, directed=False).edges(data="weight"))
    [('Lea', 'Tom', 3)]
    """
    table = _pairs(pairs, [source, target, *([] if weight is None else [weight])])
    both = pd.concat([plain(table[source]), plain(table[target])], ignore_index=True)
    codes, labels = pd.factorize(both)
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
    names = pd.Index(labels)
    drawn, _kept = summed(
        links if directed else np.sort(links, axis=1),
        values,
        names.tolist(),
        writers=codes[codes >= 0],
        out=np.append(names.isin(member_list(without)), False),
        people=people,
        fates=fates,
    )
    return _graph(drawn, directed=directed)


def link_counts(graph: nx.Graph) -> pd.DataFrame:
    """Tell what became of each event or pair from which a graph was drawn.

    Parameters
    ----------
    graph : networkx.Graph
        Made by :func:`reply_graph`, :func:`interaction_graph` or :func:`pair_graph`.

    Returns
    -------
    pandas.DataFrame
        ``fate``, ``events`` (rows of the table) and ``about`` (in the current language). Those
        ``read`` are ``kept``, or else: ``self``, ``unattributed``, ``before`` (dated before what
        they answer), ``deleted``, ``excluded``, ``private``, ``weightless``. Those kept are told
        apart by the rule that made them: ``parent``, ``previous``, ``opener``, ``mention``.
        Empty when the graph was not made here.

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


def _pairs(pairs: IntoFrame, names: list[str]) -> pd.DataFrame:
    """Read the columns of a table of pairs as pandas columns."""
    if isinstance(pairs, Community):
        raise TableError(
            _(
                "A table of pairs is needed here. From a community, draw reply_graph(community), "
                "or give one of its tables."
            )
        )
    frame = open_frame(pairs)
    need_columns(frame, names)
    return as_pandas(frame.select(list(dict.fromkeys(names))))


def _graph(links: Links, *, directed: bool = True) -> nx.Graph:
    """Fill the adjacency dictionaries directly: three times as fast as adding each link."""
    import networkx as nx

    graph = nx.DiGraph() if directed else nx.Graph()
    graph.graph["link_counts"] = links.fates
    if links.link is not None:
        graph.graph["link"] = links.link
    nodes, source, target = links.nodes, links.source, links.target
    graph.add_nodes_from(nodes)
    with collector_paused():
        data = [{"weight": value} for value in links.weight.tolist()]
        if directed:
            by_target = np.argsort(target, kind="stable")
            _fill(graph._succ, nodes, source, target, data)
            turned = [data[place] for place in by_target.tolist()]
            _fill(graph._pred, nodes, target[by_target], source[by_target], turned)
        else:
            names = ([nodes[place] for place in part.tolist()] for part in (source, target))
            graph.add_edges_from(zip(*names, data, strict=True))
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
