"""One clean view of a graph, from which every measure is computed.

Every edge case is settled here, once: loops are set aside, parallel links are added up,
weights are checked, and people are put in an order that does not depend on the graph's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.data.frames import need_columns
from cmlib.errors import ParameterError, missing_column
from cmlib.messages import _
from cmlib.network.graph import collector_paused
from cmlib.network.links import Links, canonical_order

if TYPE_CHECKING:
    import networkx as nx
    from scipy import sparse

# Divisible by 1 to 22: the distances 1/1, 1/2 ... 1/22 become whole numbers, whose sums are
# exact. Paths of equal length are then equal, whatever the order of the additions.
DISTANCE_UNIT = math.lcm(*range(1, 23))


class View:
    """A graph without loops or parallel links, its people in canonical order.

    Attributes
    ----------
    nodes : list
        The people, sorted. Row and column `i` of `matrix` stand for ``nodes[i]``.
    matrix : scipy.sparse.csr_array
        ``matrix[i, j]`` is the weight of the link from `i` to `j`; symmetric when the graph
        has no direction.
    directed : bool
    loops : float
        Weight of the loops that were set aside.
    """

    def __init__(self, nodes: list[Any], matrix: Any, *, directed: bool, loops: float) -> None:
        self.nodes = nodes
        self.matrix = matrix
        self.directed = directed
        self.loops = loops

    def __len__(self) -> int:
        return len(self.nodes)

    @cached_property
    def links(self) -> int:
        """The number of links."""
        return int(self.matrix.nnz) if self.directed else int(self.matrix.nnz) // 2

    @property
    def even(self) -> bool:
        """Whether all links weigh the same: a path is then as long as it has links."""
        values = self.matrix.data
        return not len(values) or bool((values == values[0]).all())

    @cached_property
    def together(self) -> View:
        """The view without direction: the weights of both directions added up."""
        if not self.directed:
            return self
        both = (self.matrix + self.matrix.T).tocsr()
        return View(self.nodes, both, directed=False, loops=self.loops)

    @cached_property
    def pattern(self) -> sparse.csr_array:
        """The matrix of ones and zeros: who is linked, whatever the weight."""
        pattern = self.matrix.copy()
        pattern.data = np.ones_like(pattern.data)
        return pattern

    @cached_property
    def graph(self) -> nx.Graph:
        """The graph on 0 ... n-1, with ``weight`` (strength) and ``distance`` (1/strength)."""
        import networkx as nx

        graph = nx.DiGraph() if self.directed else nx.Graph()
        graph.add_nodes_from(range(len(self)))
        rows, columns, values = self.triples
        distances = np.maximum(np.rint(DISTANCE_UNIT / values), 1.0)
        with collector_paused():
            graph.add_edges_from(
                (one, other, {"weight": value, "distance": distance})
                for one, other, value, distance in zip(
                    *(part.tolist() for part in (rows, columns, values, distances)), strict=True
                )
            )
        return graph

    @cached_property
    def triples(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Every link once: from, to, weight."""
        coo = self.matrix.tocoo()
        rows, columns, values = coo.row, coo.col, coo.data
        if not self.directed:
            once = rows < columns
            rows, columns, values = rows[once], columns[once], values[once]
        return rows, columns, values

    def pieces(self) -> np.ndarray:
        """Label each person with a connected piece, direction forgotten."""
        from scipy.sparse.csgraph import connected_components

        if not len(self):
            return np.zeros(0, dtype=np.int64)
        return connected_components(self.matrix, directed=False)[1].astype(np.int64)

    def table(self, columns: Mapping[str, Any]) -> pd.DataFrame:
        """Return a tidy table with one row a person."""
        return pd.DataFrame({"member_id": member_column(self.nodes), **columns})


def view(graph: nx.Graph, *, weight: str | None = "weight") -> View:
    """Look at `graph` without loops and parallel links, its people in canonical order.

    A link without the attribute `weight` weighs 1, and so does every link with
    ``weight=None``; a link of weight 0 is no link.
    """
    if not hasattr(graph, "is_directed"):
        raise ParameterError(
            _(
                "A NetworkX graph is needed, not {kind}. Draw one from a community with "
                "reply_graph(community), or from pairs with pair_graph(pairs)."
            ).format(kind=type(graph).__name__)
        )
    nodes = canonical_order(graph.nodes)
    rank = {node: place for place, node in enumerate(nodes)}
    rows, columns, values = [], [], []
    for one, other, value in graph.edges(data=weight, default=1):
        rows.append(rank[one])
        columns.append(rank[other])
        values.append(1 if weight is None or value is None else value)
    source, target = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
    strength = _checked(values, weight)
    return _laid_out(nodes, source, target, strength, directed=graph.is_directed())


def view_of(links: Links) -> View:
    """Look at links that were never drawn as a graph."""
    strength = links.weight.astype(float)
    return _laid_out(links.nodes, links.source, links.target, strength, directed=True)


def _laid_out(
    nodes: list[Any],
    source: np.ndarray,
    target: np.ndarray,
    strength: np.ndarray,
    *,
    directed: bool,
) -> View:
    from scipy.sparse import coo_array

    loop = source == target
    keep = ~loop & (strength > 0)
    loops = float(strength[loop].sum())
    source, target, strength = source[keep], target[keep], strength[keep]
    if not directed:
        source, target = np.r_[source, target], np.r_[target, source]
        strength = np.r_[strength, strength]
    matrix = coo_array((strength, (source, target)), shape=(len(nodes), len(nodes))).tocsr()
    matrix.sort_indices()
    return View(nodes, matrix, directed=directed, loops=loops)


def _checked(values: list[Any], weight: str | None) -> np.ndarray:
    try:
        strength = np.array(values, dtype=float)
    except (TypeError, ValueError):
        strength = np.array([np.nan])
    if not np.isfinite(strength).all() or (strength < 0).any():
        raise ParameterError(
            _(
                "The weight {weight!r} of a link must be a number, zero or more. "
                "Use weight=None to count each link once."
            ).format(weight=weight)
        )
    return strength


def member_column(nodes: list[Any]) -> pd.Index | pd.Series:
    """Hold people in a column of their own type, even when there are none."""
    if nodes and all(isinstance(node, tuple) for node in nodes):
        return pd.Series(nodes, dtype=object)
    return pd.Series(nodes) if nodes else pd.Series([], dtype="int64")


def by_member(values: Any, nodes: list[Any], graph: nx.Graph | None = None) -> list[Any]:
    """Read one value a person from an attribute name, a mapping, a Series or a table.

    A table has the columns ``member_id`` and ``group``. People without a value get None.
    """
    if isinstance(values, str):
        held = dict(graph.nodes(data=values)) if graph is not None else {}
        if nodes and all(value is None for value in held.values()):
            names = {name for node in graph.nodes for name in graph.nodes[node]} if graph else set()
            raise missing_column(values, sorted(map(str, names)), role="group")
    elif isinstance(values, pd.DataFrame):
        need_columns(values, ("member_id", "group"))
        held = dict(zip(values["member_id"], values["group"], strict=True))
    else:
        held = dict(values.items())
    return [None if pd.isna(value := held.get(node)) else value for node in nodes]


def undefined_where(values: np.ndarray, undefined: np.ndarray | bool) -> np.ndarray:
    """Return `values` with missing values where the measure is not defined."""
    result = np.asarray(values, dtype=float).copy()
    result[np.broadcast_to(undefined, result.shape)] = np.nan
    return result


def integers_or_missing(values: np.ndarray, *, defined: bool = True) -> pd.array:
    """Hold counts as whole numbers, or as missing when they do not exist for this graph."""
    counts = pd.array(np.rint(values).astype(np.int64), dtype="Int64")
    if not defined:
        counts[:] = pd.NA
    return counts
