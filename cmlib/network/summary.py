"""The network in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.network._graph_view import View, by_member, view, view_of
from cmlib.network._local_measures import local_clustering
from cmlib.network.groups import modularity_of, partition
from cmlib.network.links import Links

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["assortativity", "giant_component_share", "network_summary"]


def network_summary(
    graph: nx.Graph, *, weight: str | None = "weight", seed: int = 0
) -> pd.DataFrame:
    """Sum up a network in one row.

    Parameters
    ----------
    graph : networkx.Graph
        Drawn by :func:`reply_graph`, :func:`pair_graph` or by you.
    weight : str or None, default "weight"
        Attribute that holds the strength of a link; None counts each link once.
    seed : int, default 0
        Of the search for groups that the modularity needs.

    Returns
    -------
    pandas.DataFrame
        One row:

        - ``people``: people in the graph
        - ``links``: pairs linked (directed pairs when the graph is directed), loops apart
        - ``self_links``: weight of the loops set aside, with the self-replies counted when
          the graph was drawn
        - ``isolates``: people linked with nobody
        - ``density``: links over possible links
        - ``reciprocity``: share of links that are returned; missing without direction
        - ``average_clustering``: mean over everyone of the share of one's contacts who are
          linked together, 0 for people with fewer than two contacts, direction forgotten
        - ``modularity``: of the groups found by Louvain, weights of both directions added up
        - ``groups``: how many groups that is, isolates apart
        - ``giant_component_share``: people in the largest connected piece, over people
        - ``degree_assortativity``: correlation of the number of contacts of linked people,
          direction forgotten

        A number that is not defined for this graph is missing.

    Notes
    -----
    A high modularity is no proof of real groups: a random sparse network has some too.

    Examples
    --------
    >>> pairs = pd.DataFrame({"source": ["Lea", "Tom", "Lea"], "target": ["Tom", "Lea", "Max"]})
    >>> from cmlib.network import pair_graph
    >>> network_summary(pair_graph(pairs))[["people", "links", "reciprocity"]]
       people  links  reciprocity
    0       3      3     0.666667
    """
    own = graph.graph.get("link_counts", {}).get("self", 0)
    return pd.DataFrame([_row(view(graph, weight=weight), own, seed)])


def summary_of_links(links: Links, *, seed: int = 0) -> dict[str, Any]:
    """Sum up links that were never drawn as a graph: the row of :func:`network_summary`."""
    return _row(view_of(links), links.fates["self"], seed)


def giant_component_share(graph: nx.Graph) -> float:
    """Return the share of people in the largest connected piece, direction forgotten.

    Parameters
    ----------
    graph : networkx.Graph

    Returns
    -------
    float
        Between 0 and 1; missing when there is nobody.

    Examples
    --------
    >>> import networkx as nx
    >>> giant_component_share(nx.Graph([("Lea", "Tom"), ("Tom", "Max"), ("Zoe", "Ida")]))
    0.6
    """
    return _giant_share(view(graph, weight=None))


def assortativity(graph: nx.Graph, *, attribute: str | None = None) -> float:
    """Say whether people link with people like themselves.

    Parameters
    ----------
    graph : networkx.Graph
    attribute : str, optional
        An attribute of people, such as ``"group"`` or ``"language"``. By default, the number
        of contacts. Links to or from people without the attribute are left out.

    Returns
    -------
    float
        1: links only among people alike; 0: as if by chance; below 0: people unlike seek
        each other. Missing when everyone is alike.

    Notes
    -----
    For an attribute, ``(tr e - sum e^2) / (1 - sum e^2)`` where ``e`` is the mixing matrix of
    the links, direction kept. For the number of contacts, Pearson's correlation over the
    links, direction forgotten. It tells who talks with whom, not why.

    References
    ----------
    Newman (2003), Mixing patterns in networks, Physical Review E 67, 026126.

    Examples
    --------
    >>> import networkx as nx
    >>> assortativity(nx.star_graph(3))
    -1.0
    """
    look = view(graph, weight=None)
    if attribute is None:
        return _pair_correlation(look.together)
    values = by_member(attribute, look.nodes, graph)
    codes = pd.factorize(pd.Series(values, dtype=object))[0]
    rows, columns = look.matrix.nonzero()
    rows, columns = codes[rows], codes[columns]
    known = (rows >= 0) & (columns >= 0)
    if not known.any():
        return float("nan")
    kinds = int(codes.max()) + 1
    mixing = np.bincount(rows[known] * kinds + columns[known], minlength=kinds**2)
    share = mixing.reshape(kinds, kinds) / known.sum()
    by_chance = float(share.sum(axis=1) @ share.sum(axis=0))
    if by_chance >= 1 - 1e-12:
        return float("nan")
    return float((np.trace(share) - by_chance) / (1 - by_chance))


def overall_reciprocity(look: View) -> float:
    """Share of links that are returned."""
    if not look.directed or not look.links:
        return float("nan")
    return float(look.pattern.multiply(look.pattern.T).sum() / look.links)


def _row(look: View, own: int, seed: int) -> dict[str, Any]:
    both = look.together
    n = len(look)
    possible = n * (n - 1) if look.directed else n * (n - 1) // 2
    labels = partition(both, method="louvain", seed=seed)
    linked = np.diff(both.matrix.indptr) > 0
    return {
        "people": n,
        "links": look.links,
        "self_links": look.loops + own,
        "isolates": int((~linked).sum()),
        "density": look.links / possible if possible else np.nan,
        "reciprocity": overall_reciprocity(look),
        "average_clustering": float(local_clustering(both).mean()) if n else np.nan,
        "modularity": modularity_of(both, labels),
        "groups": len(np.unique(labels[linked])),
        "giant_component_share": _giant_share(look),
        "degree_assortativity": _pair_correlation(both),
    }


def _giant_share(look: View) -> float:
    return float(np.bincount(look.pieces()).max() / len(look)) if len(look) else float("nan")


def _pair_correlation(both: View) -> float:
    degree = np.diff(both.matrix.indptr).astype(float)
    rows, columns = both.matrix.nonzero()
    one, other = degree[rows], degree[columns]
    if not len(one) or (one == one[0]).all():
        return float("nan")
    one, other = one - one.mean(), other - other.mean()
    return float((one @ other) / np.sqrt((one @ one) * (other @ other)))
