"""Groups that form of themselves: Louvain and Leiden, with their stability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.checks import choice, whole_number
from cmlib.network._graph_view import View, by_member, view
from cmlib.network._leiden import leiden
from cmlib.network.backend import IGraph, backend_interface
from cmlib.network.engine import compute, engine_name

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["find_groups", "group_agreement", "group_modularity"]

METHODS = ("leiden", "louvain")


def find_groups(
    graph: nx.Graph,
    *,
    method: str = "leiden",
    runs: int = 10,
    resolution: float = 1.0,
    weight: str | None = "weight",
    seed: int = 0,
) -> pd.DataFrame:
    """Find the groups of people who talk among themselves more than with others.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is forgotten, the weights of both directions are added up.
    method : {"leiden", "louvain"}, default "leiden"
        Leiden never leaves a group whose members are not linked together; Louvain may.
    runs : int, default 10
        The search is random: it is run that many times and the run of highest modularity is
        kept. The others tell how stable the groups are.
    resolution : float, default 1.0
        Above 1, more and smaller groups.
    weight : str or None, default "weight"
    seed : int, default 0

    Returns
    -------
    pandas.DataFrame
        One row a person: ``member_id``; ``group``, 1 for the largest group, 2 for the next;
        ``group_size``; ``stability``, how far the runs agree about the company this person is
        in (0 to 1, see Notes; missing with one run). Somebody without links is alone.

    Raises
    ------
    ParameterError
        When the method is unknown or `runs` is below 1.

    Notes
    -----
    Stability is the mean, over pairs of runs, of the overlap of this person's two groups:
    people in both over people in either. Below 0.5 or so, do not tell somebody which group
    they belong to. Groups are found in any network, even one drawn at random.

    igraph and NetworkX draw different random numbers: where the groups are not clear-cut, the
    two engines may differ, as two seeds may.

    References
    ----------
    Blondel et al. (2008), Fast unfolding of communities in large networks. Traag, Waltman &
    van Eck (2019), From Louvain to Leiden: guaranteeing well-connected communities.

    Examples
    --------
    >>> import networkx as nx
    >>> find_groups(nx.barbell_graph(3, 0))
       member_id  group  group_size  stability
    0          0      1           3        1.0
    1          1      1           3        1.0
    2          2      1           3        1.0
    3          3      2           3        1.0
    4          4      2           3        1.0
    5          5      2           3        1.0
    """
    both = view(graph, weight=weight).together
    found = _runs(both, method=method, runs=runs, resolution=resolution, seed=seed)
    quality = [modularity_of(both, labels, resolution) for labels in found]
    best = found[int(np.argmax(quality))] if both.links else found[0]
    size = np.bincount(best)[best] if len(best) else best
    return both.table(
        {
            "group": best + 1,
            "group_size": size,
            "stability": _stability(found) if len(found) > 1 else np.full(len(both), np.nan),
        }
    )


def group_agreement(
    graph: nx.Graph,
    *,
    method: str = "leiden",
    runs: int = 10,
    resolution: float = 1.0,
    weight: str | None = "weight",
    seed: int = 0,
) -> pd.DataFrame:
    """Tell how far the groups depend on the random draw.

    Parameters
    ----------
    graph, method, runs, resolution, weight, seed
        As for :func:`find_groups`.

    Returns
    -------
    pandas.DataFrame
        One row: ``runs``; ``groups_min`` and ``groups_max``, how many groups the runs found,
        people without links apart; ``modularity_min``, ``modularity_mean`` and
        ``modularity_max``; ``rand_mean`` and ``nmi_mean``, the mean adjusted Rand index and
        normalised mutual information over pairs of runs (1: the same groups; 0 for the
        adjusted Rand index: agreement by chance). Missing with a single run or nobody.

    References
    ----------
    Hubert & Arabie (1985), Comparing partitions. Journal of Classification 2, 193-218.

    Examples
    --------
    >>> import networkx as nx
    >>> group_agreement(nx.barbell_graph(4, 0))[["groups_min", "groups_max", "rand_mean"]]
       groups_min  groups_max  rand_mean
    0           2           2        1.0
    """
    both = view(graph, weight=weight).together
    found = _runs(both, method=method, runs=runs, resolution=resolution, seed=seed)
    linked = np.diff(both.matrix.indptr) > 0
    counts = [len(np.unique(labels[linked])) for labels in found]
    quality = np.array([modularity_of(both, labels, resolution) for labels in found])
    pairs = [
        (one, other) for place, one in enumerate(found) for other in found[place + 1 :] if len(one)
    ]
    row = {
        "runs": runs,
        "groups_min": min(counts),
        "groups_max": max(counts),
        "modularity_min": quality.min(),
        "modularity_mean": quality.mean(),
        "modularity_max": quality.max(),
        "rand_mean": np.mean([adjusted_rand(*pair) for pair in pairs]) if pairs else np.nan,
        "nmi_mean": np.mean([mutual_information(*pair) for pair in pairs]) if pairs else np.nan,
    }
    return pd.DataFrame([row])


def group_modularity(
    graph: nx.Graph, *, groups: Any, weight: str | None = "weight", resolution: float = 1.0
) -> float:
    """Tell how far links stay inside given groups, beyond what chance would do.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is forgotten, the weights of both directions are added up.
    groups : str, mapping, Series or DataFrame
        The name of an attribute of people, their group by ``member_id``, or a table with the
        columns ``member_id`` and ``group``. Somebody without a group is alone.
    weight : str or None, default "weight"
    resolution : float, default 1.0

    Returns
    -------
    float
        Newman's modularity, between -0.5 and 1; missing without links.

    References
    ----------
    Newman & Girvan (2004), Finding and evaluating community structure in networks.

    Examples
    --------
    >>> import networkx as nx
    >>> sides = {person: person < 3 for person in range(6)}
    >>> round(group_modularity(nx.barbell_graph(3, 0), groups=sides), 3)
    0.357
    """
    look = view(graph, weight=weight)
    labels = codes_of(by_member(groups, look.nodes, graph))
    alone = labels < 0
    labels[alone] = labels.max(initial=-1) + 1 + np.arange(alone.sum())
    return modularity_of(look.together, labels, resolution)


def codes_of(values: list[Any]) -> np.ndarray:
    """Give each group a number; -1 where there is none."""
    return np.asarray(pd.factorize(pd.Series(values, dtype=object))[0], dtype=np.int64)


def partition(both: View, *, method: str, seed: int, resolution: float = 1.0) -> np.ndarray:
    """Label each person with a group: 0 is the largest, ties by the first person."""
    if not both.links:
        return np.arange(len(both))
    options: dict[str, Any] = {"resolution": resolution, "seed": seed}
    if engine_name() == "igraph":
        there = IGraph.from_arrays(len(both), *both.triples)
        found = getattr(backend_interface, f"{method}_communities")(there, **options)
    elif method == "leiden":  # NetworkX has no Leiden of its own
        found = leiden(both, **options)
    else:
        found = compute(f"{method}_communities", both.graph, **options)
    ranked = sorted((sorted(group) for group in found), key=lambda group: (-len(group), group[0]))
    labels = np.empty(len(both), dtype=np.int64)
    for label, group in enumerate(ranked):
        labels[group] = label
    return labels


def modularity_of(both: View, labels: np.ndarray, resolution: float = 1.0) -> float:
    """Newman's modularity of a partition, weights counted; missing without links."""
    total = both.matrix.sum()
    if not total:
        return float("nan")
    rows, columns, values = both.triples
    inside = 2 * values[labels[rows] == labels[columns]].sum() / total
    strength = np.asarray(both.matrix.sum(axis=1)).ravel()
    share = np.bincount(labels, weights=strength) / total
    return float(inside - resolution * (share**2).sum())


def adjusted_rand(one: np.ndarray, other: np.ndarray) -> float:
    """Hubert and Arabie's adjusted Rand index of two partitions."""
    table = _crossed(one, other)
    together = _pairs(table).sum()
    first, second = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    chance = first * second / max(_pairs(np.array(len(one))), 1)
    highest = (first + second) / 2
    return 1.0 if highest == chance else float((together - chance) / (highest - chance))


def mutual_information(one: np.ndarray, other: np.ndarray) -> float:
    """Mutual information of two partitions over the mean of their entropies."""
    joint = _crossed(one, other) / len(one)
    first, second = joint.sum(axis=1), joint.sum(axis=0)
    entropies = _entropy(first) + _entropy(second)
    return 1.0 if entropies == 0 else float(2 - 2 * _entropy(joint.ravel()) / entropies)


def _runs(both: View, *, method: str, runs: int, resolution: float, seed: int) -> list[np.ndarray]:
    choice("method", method, METHODS)
    runs = whole_number("runs", runs)
    seeds = np.random.default_rng(seed).integers(2**32, size=runs).tolist()
    return [partition(both, method=method, seed=one, resolution=resolution) for one in seeds]


def _stability(found: list[np.ndarray]) -> np.ndarray:
    total, pairs = np.zeros(len(found[0])), 0
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            pairs += 1
            if len(one):
                packed = one * (other.max() + 1) + other
                shared = np.unique_inverse(packed).inverse_indices
                both = np.bincount(shared)[shared]
                total += both / (np.bincount(one)[one] + np.bincount(other)[other] - both)
    return total / pairs


def _crossed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    wide = int(other.max()) + 1
    flat = np.bincount(one * wide + other, minlength=(int(one.max()) + 1) * wide)
    return flat.reshape(-1, wide).astype(float)


def _pairs(counts: np.ndarray) -> np.ndarray:
    return counts * (counts - 1) / 2


def _entropy(shares: np.ndarray) -> float:
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())
