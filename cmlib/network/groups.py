"""Groups that form of themselves: Louvain and Leiden, with their stability."""

from __future__ import annotations

import numpy as np

from cmlib.network._view import View
from cmlib.network.engine import compute

METHODS = ("louvain", "leiden")


def partition(both: View, *, method: str, seed: int, resolution: float = 1.0) -> np.ndarray:
    """Label each person with a group: 0 is the largest, ties by the first person."""
    if not both.links:
        return np.arange(len(both))
    found = compute(
        f"{method}_communities", both.graph, weight="weight", resolution=resolution, seed=seed
    )
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
