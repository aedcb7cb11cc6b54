"""Who stands between groups: broker roles and presence across groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.network._graph_view import View, by_member, integers_or_missing, undefined_where, view
from cmlib.network.groups import codes_of

if TYPE_CHECKING:
    import networkx as nx
    from scipy import sparse

__all__ = ["BROKER_ROLES", "broker_roles", "participation"]

BROKER_ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison")


def broker_roles(graph: nx.Graph, *, groups: Any) -> pd.DataFrame:
    """Count how often each person is the go-between of two people, role by role.

    A person is a go-between of `a` and `c` when `a` writes to them, they write to `c`, and
    `a` does not write to `c`.

    Parameters
    ----------
    graph : networkx.Graph
        Without direction, each link counts in both directions, and each pair of people twice.
    groups : str, mapping, Series or DataFrame
        The name of an attribute of people, their group by ``member_id``, or a table with the
        columns ``member_id`` and ``group`` (such as :func:`find_groups` returns).

    Returns
    -------
    pandas.DataFrame
        One row a person: ``member_id``, ``group`` and the number of pairs (a, c) for which
        they are

        - ``coordinator``: all three in one group
        - ``itinerant``: `a` and `c` in one group, they in another (also: consultant)
        - ``gatekeeper``: `a` outside, they and `c` in one group: they let in
        - ``representative``: `a` and they in one group, `c` outside: they speak for it
        - ``liaison``: three groups
        - ``total``: the five together

        People without a group, and the pairs they take part in, are left out: their counts
        are missing.

    Notes
    -----
    Counts grow with the number of links: compare people of similar activity, or shares of
    ``total``. The strengths of links play no part.

    References
    ----------
    Gould & Fernandez (1989), Structures of mediation: a formal approach to brokerage in
    transaction networks. Sociological Methodology 19, 89-126.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("a", "b"), ("b", "c")])
    >>> table = broker_roles(graph, groups={"a": "sales", "b": "sales", "c": "support"})
    >>> table[["member_id", "representative", "total"]]
      member_id  representative  total
    0         a               0      0
    1         b               1      1
    2         c               0      0
    """
    look = view(graph, weight=None)
    values = by_member(groups, look.nodes, graph)
    codes = codes_of(values)
    counts = _role_counts(look, codes)
    known = codes >= 0
    columns = {role: _known(counts[role], known) for role in BROKER_ROLES}
    columns["total"] = _known(sum(counts.values(), np.zeros(len(look))), known)
    return look.table({"group": pd.Series(values, dtype=object).infer_objects(), **columns})


def participation(graph: nx.Graph, *, groups: Any, weight: str | None = "weight") -> pd.DataFrame:
    """Tell how evenly each person's links spread over the groups.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is forgotten, the weights of both directions are added up.
    groups : str, mapping, Series or DataFrame
        As for :func:`broker_roles`.
    weight : str or None, default "weight"

    Returns
    -------
    pandas.DataFrame
        One row a person: ``member_id``, ``group``; ``participation``, 0 when all their links
        lead to one group, near 1 when they spread over many; ``within_z``, by how many
        standard deviations their links inside their own group exceed the group's mean.
        Links to people without a group are left out. Participation is missing without links,
        ``within_z`` without a group or where all in the group have the same.

    Notes
    -----
    ``1 - sum_s (k_s / k)^2`` where ``k_s`` is the strength of the links to group ``s``. With
    G groups it cannot exceed ``1 - 1/G``. Somebody with two links in two groups scores as
    high as a busy broker: read it next to the strength.

    References
    ----------
    Guimera & Amaral (2005), Functional cartography of complex metabolic networks.
    Nature 433, 895-900.

    Examples
    --------
    >>> import networkx as nx
    >>> sides = {"a": 1, "b": 1, "c": 2}
    >>> participation(nx.path_graph(["a", "b", "c"]), groups=sides)["participation"].to_list()
    [0.0, 0.5, 0.0]
    """
    look = view(graph, weight=weight)
    values = by_member(groups, look.nodes, graph)
    codes = codes_of(values)
    known = codes >= 0
    toward = (look.together.matrix @ _membership(codes)).toarray()
    total = toward.sum(axis=1)
    linked = total > 0
    share = np.divide(toward, total[:, None], out=np.zeros_like(toward), where=linked[:, None])
    score = undefined_where(1 - (share**2).sum(axis=1), ~linked)
    inside = np.zeros(len(look))
    inside[known] = toward[known, codes[known]]
    return look.table(
        {
            "group": pd.Series(values, dtype=object).infer_objects(),
            "participation": score,
            "within_z": _standardised(inside, codes),
        }
    )


def _known(counts: np.ndarray, known: np.ndarray) -> pd.array:
    column = integers_or_missing(counts)
    column[~known] = pd.NA
    return column


def _membership(codes: np.ndarray) -> sparse.csr_array:
    from scipy.sparse import csr_array

    people = np.flatnonzero(codes >= 0)
    shape = (len(codes), int(codes.max(initial=0)) + 1)
    return csr_array((np.ones(len(people)), (people, codes[people])), shape=shape)


def _standardised(inside: np.ndarray, codes: np.ndarray) -> np.ndarray:
    frame = pd.DataFrame({"inside": inside, "code": codes})[codes >= 0]
    by_group = frame.groupby("code")["inside"]
    gap = frame["inside"] - by_group.transform("mean")
    spread = by_group.transform("std", ddof=0)
    result = np.full(len(codes), np.nan)
    result[frame.index] = (gap / spread.where(spread > 0)).to_numpy()
    return result


def _role_counts(look: View, codes: np.ndarray) -> dict[str, np.ndarray]:
    """Count open paths a -> b -> c: all paths, less those with a = c or a -> c.

    ``same`` and ``cross`` hold the links inside a group and between groups. The closed paths
    at b are ``sum_a X[a, b] (Z Y')[a, b]`` for links X from a to b, Y from b to c, Z from a to c.
    """
    from scipy.sparse import coo_array

    rows, columns = look.pattern.nonzero()
    known = (codes[rows] >= 0) & (codes[columns] >= 0)
    rows, columns = rows[known], columns[known]
    inside = codes[rows] == codes[columns]
    shape = look.pattern.shape

    def links(chosen: np.ndarray) -> sparse.csr_array:
        ones = np.ones(chosen.sum())
        return coo_array((ones, (rows[chosen], columns[chosen])), shape=shape).tocsr()

    def closed(first: Any, second: Any, shortcut: Any) -> np.ndarray:
        return _sums(first.multiply(shortcut @ second.T))

    same, cross = links(inside), links(~inside)
    same_in, same_out = _sums(same), _sums(same.T)
    cross_in, cross_out = _sums(cross), _sums(cross.T)
    group = _membership(codes)
    one_group = ((cross.T @ group).multiply(cross @ group)).sum(axis=1)
    one_group = np.asarray(one_group, dtype=float).ravel()
    back = _sums(same.multiply(same.T))
    back_across = _sums(cross.multiply(cross.T))
    return {
        "coordinator": same_in * same_out - back - closed(same, same, same),
        "itinerant": one_group - back_across - closed(cross, cross, same),
        "gatekeeper": cross_in * same_out - closed(cross, same, cross),
        "representative": same_in * cross_out - closed(same, cross, cross),
        "liaison": cross_in * cross_out - one_group - closed(cross, cross, cross),
    }


def _sums(matrix: Any) -> np.ndarray:
    """Sum over the first index, for each person in the second."""
    return np.asarray(matrix.sum(axis=0), dtype=float).ravel()
