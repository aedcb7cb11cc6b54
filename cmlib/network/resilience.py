"""What holds when people leave."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.checks import choice, whole_number
from cmlib.errors import ParameterError
from cmlib.messages import _
from cmlib.network._graph_view import View, member_column, view
from cmlib.network.centrality import centralities

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["bridge_links", "cut_points", "removal_curve"]

ORDERS = ("degree", "strength", "betweenness")


def cut_points(graph: nx.Graph) -> pd.DataFrame:
    """List the people whose departure would cut others off.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is forgotten.

    Returns
    -------
    pandas.DataFrame
        ``member_id`` and ``cut_off``, how many people would lose their link with the largest
        part of the piece they are in; the most first. Empty when nobody is such a person.

    Notes
    -----
    Articulation points. Someone may matter without being one: when two people link two
    groups, neither is a cut point.

    Examples
    --------
    >>> import networkx as nx
    >>> cut_points(nx.path_graph(["a", "b", "c", "d", "e"]))
      member_id  cut_off
    0         c        2
    1         b        1
    2         d        1
    """
    import networkx as nx

    look = view(graph, weight=None)
    blocks = list(nx.biconnected_components(look.together.graph))
    held_by = Counter(itertools.chain.from_iterable(blocks))
    points = {person for person, count in held_by.items() if count > 1}
    tree = nx.Graph()  # blocks and cut points make a forest
    for label, block in enumerate(blocks):
        tree.add_edges_from((("block", label), ("point", point)) for point in block & points)
    sizes = {("block", label): len(block) for label, block in enumerate(blocks)}
    parts = _sizes_around(tree, sizes, points)
    cut = {point: sum(around) - max(around) for point, around in parts.items()}
    ranked = sorted(cut, key=lambda point: (-cut[point], point))
    return pd.DataFrame(
        {
            "member_id": member_column([look.nodes[point] for point in ranked]),
            "cut_off": pd.array([cut[point] for point in ranked], dtype="int64"),
        }
    )


def bridge_links(graph: nx.Graph) -> pd.DataFrame:
    """List the links that alone hold two parts of the network together.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is forgotten.

    Returns
    -------
    pandas.DataFrame
        ``member_id`` and ``other_id``, the two people, the one sorted first on the left; the
        rows are in sorted order. Empty when there is no such link.

    Examples
    --------
    >>> import networkx as nx
    >>> bridge_links(nx.barbell_graph(3, 0))
       member_id  other_id
    0          2         3
    """
    import networkx as nx

    look = view(graph, weight=None)
    found = sorted(tuple(sorted(link)) for link in nx.bridges(look.together.graph))
    return pd.DataFrame(
        {
            "member_id": member_column([look.nodes[one] for one, _other in found]),
            "other_id": member_column([look.nodes[other] for _one, other in found]),
        }
    )


def removal_curve(
    graph: nx.Graph,
    *,
    by: str | Iterable[Any] = "degree",
    most: int | None = None,
    runs: int = 100,
    seed: int = 0,
) -> pd.DataFrame:
    """Follow the largest connected piece while people leave, against departures at random.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is forgotten.
    by : {"degree", "strength", "betweenness"} or iterable of people, default "degree"
        Who leaves first: the highest score in the whole network (ties in sorted order), or
        the people given, in that order.
    most : int, optional
        Follow that many departures. By default, all of them.
    runs : int, default 100
        Random orders to compare with.
    seed : int, default 0
        Of those orders.

    Returns
    -------
    pandas.DataFrame
        One row a number of departures, 0 first: ``removed``; ``removed_share``, over people
        at the start; ``member_id``, who left last (missing in the first row);
        ``giant_people`` and ``giant_share``, the largest piece in people and over people at
        the start; ``random_mean``, ``random_low`` and ``random_high``: mean, 5th and 95th
        percentile of ``giant_share`` when as many leave at random.

    Raises
    ------
    ParameterError
        When `by` is unknown, names somebody who is not in the graph or somebody twice, or
        when `runs` is below 1.

    Notes
    -----
    Scores are not computed again after each departure. The network is taken as it was: people
    who stay do not find new contacts.

    References
    ----------
    Albert, Jeong & Barabasi (2000), Error and attack tolerance of complex networks. Newman &
    Ziff (2001) for the method: people are put back one by one, last departure first.

    Examples
    --------
    >>> import networkx as nx
    >>> curve = removal_curve(nx.star_graph(4), most=2)
    >>> curve[["removed", "giant_people", "giant_share"]]
       removed  giant_people  giant_share
    0        0             5          1.0
    1        1             1          0.2
    2        2             1          0.2
    """
    runs = whole_number("runs", runs)
    look = view(graph)
    n = len(look)
    order = _order(look, graph, by)
    last = min(len(order), n if most is None else most)
    contacts = _contacts(look.together)
    giant = _giant_sizes(contacts, order[:last])
    rng = np.random.default_rng(seed)
    at_random = np.array(
        [_giant_sizes(contacts, rng.permutation(n)[:last].tolist()) for _run in range(runs)]
    )
    scale = max(n, 1)
    low, high = np.percentile(at_random, [5, 95], axis=0) / scale
    left = pd.Series([None, *(look.nodes[place] for place in order[:last])])
    table = pd.DataFrame(
        {
            "removed": np.arange(last + 1),
            "removed_share": np.arange(last + 1) / scale,
            "member_id": left.convert_dtypes(),
            "giant_people": giant,
            "giant_share": np.array(giant) / scale,
            "random_mean": at_random.mean(axis=0) / scale,
            "random_low": low,
            "random_high": high,
        }
    )
    return table if n else table.iloc[:0]


def _order(look: View, graph: nx.Graph, by: str | Iterable[Any]) -> list[int]:
    if isinstance(by, str):
        choice("by", by, ORDERS)
        score = centralities(graph, measures=[by])[by].to_numpy(dtype=float, na_value=0.0)
        return np.argsort(-np.nan_to_num(score), kind="stable").tolist()
    rank = {node: place for place, node in enumerate(look.nodes)}
    order = []
    for person in by:
        if person not in rank:
            raise ParameterError(_("{person!r} in `by` is not in the graph.").format(person=person))
        order.append(rank[person])
    if len(set(order)) < len(order):
        raise ParameterError(_("`by` names somebody twice: each person leaves once."))
    return order


def _contacts(both: View) -> list[list[int]]:
    indices = both.matrix.indices.tolist()
    bounds = both.matrix.indptr.tolist()
    return [indices[low:high] for low, high in itertools.pairwise(bounds)]


def _giant_sizes(contacts: list[list[int]], leaving: list[int]) -> list[int]:
    """Return the size of the largest piece after 0, 1, ... departures, found backward."""
    parent = list(range(len(contacts)))
    size = [1] * len(contacts)
    present = [False] * len(contacts)
    largest = 0

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    gone = set(leaving)
    back = [node for node in range(len(contacts)) if node not in gone]
    sizes = []
    for place, node in enumerate([*back, *reversed(leaving)]):
        if place >= len(back):
            sizes.append(largest)
        present[node] = True
        one = node
        for other in contacts[node]:
            if present[other]:
                other = root(other)
                if other != one:
                    if size[one] < size[other]:
                        one, other = other, one
                    parent[other] = one
                    size[one] += size[other]
        largest = max(largest, size[one])
    sizes.append(largest)
    return sizes[::-1]


def _sizes_around(tree: nx.Graph, sizes: dict[Any, int], points: set[int]) -> dict[int, list[int]]:
    """For each cut point, count the people in each part that its departure would leave."""
    import networkx as nx

    below: dict[Any, int] = {}
    around: dict[int, list[int]] = {point: [] for point in points}
    for piece in nx.connected_components(tree):
        start = min(piece)
        order = list(nx.dfs_preorder_nodes(tree, start))
        parent = {child: above for above, child in nx.dfs_edges(tree, start)}
        for node in reversed(order):
            children = [other for other in tree[node] if other != parent.get(node)]
            inner = sum(below[child] for child in children)
            if node[0] == "point":
                below[node] = 1 + inner
            else:  # the points of a block are counted by themselves
                below[node] = sizes[node] - len(tree[node]) + inner
        whole = below[start]
        for node in order:
            if node[0] == "point":
                children = [other for other in tree[node] if other != parent.get(node)]
                parts = [below[child] for child in children]
                above = whole - below[node]
                around[node[1]] = [*parts, above] if node in parent else parts
    return around
