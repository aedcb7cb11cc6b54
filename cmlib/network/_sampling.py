"""Betweenness, harmonic and closeness from people drawn at random, with their error."""

from __future__ import annotations

from typing import Any

import numpy as np

from cmlib.network._graph_view import View
from cmlib.network.engine import compute

_BATCHES = 8
_BLOCK = 64

Estimate = tuple[np.ndarray, np.ndarray]


def sampled_betweenness(look: View, length: str | None, pivots: int, seed: int) -> Estimate:
    """Estimate betweenness from batches of pivots; the batches' spread gives the error."""
    seeds = np.random.default_rng(seed).integers(2**32, size=_BATCHES).tolist()
    size = -(-pivots // _BATCHES)
    batches = []
    for batch_seed in seeds:
        values = compute(
            "betweenness_centrality", look.graph, k=size, weight=length, seed=batch_seed
        )
        batches.append([values[place] for place in range(len(look))])
    return np.mean(batches, axis=0), _standard_error(np.array(batches))


def sampled_nearness(look: View, pivots: int, seed: int) -> tuple[Estimate, Estimate]:
    """Estimate harmonic and closeness from the distances that separate pivots from everyone."""
    rng = np.random.default_rng(seed)
    size = -(-pivots // _BATCHES)
    sums = []  # one row a batch: 1/distance, distance, arrivals, pivots other than oneself
    for _batch in range(_BATCHES):
        drawn = np.sort(rng.choice(len(look), size=size, replace=False))
        others = size - np.isin(np.arange(len(look)), drawn)
        sums.append((*_distances_from(look.pattern, drawn), others))
    batches = np.array(sums, dtype=float)
    whole = batches.sum(axis=0)
    return (
        (_harmonic(whole), _standard_error(np.array([_harmonic(batch) for batch in batches]))),
        (_closeness(whole), _standard_error(np.array([_closeness(batch) for batch in batches]))),
    )


def _harmonic(sums: np.ndarray) -> np.ndarray:
    inverse, _distance, _reached, others = sums
    return inverse / others


def _closeness(sums: np.ndarray) -> np.ndarray:
    """Share of people who arrive, over their mean distance."""
    _inverse, distance, reached, others = sums
    speed = np.divide(reached, distance, out=np.zeros_like(distance), where=reached > 0)
    return reached / others * speed


def _standard_error(batches: np.ndarray) -> np.ndarray:
    return batches.std(axis=0, ddof=1) / np.sqrt(len(batches))


def _distances_from(pattern: Any, sources: np.ndarray) -> tuple[np.ndarray, ...]:
    """Walk outward from blocks of sources at once; sum 1/distance, distance and arrivals."""
    n = pattern.shape[0]
    backward = pattern.T.tocsr().astype(np.float32)
    inverse, distance, reached = np.zeros(n), np.zeros(n), np.zeros(n)
    for low in range(0, len(sources), _BLOCK):
        block = sources[low : low + _BLOCK]
        front = np.zeros((n, len(block)), dtype=np.float32)
        front[block, np.arange(len(block))] = 1
        seen = front > 0
        step = 0
        while front.any():
            step += 1
            fresh = (backward @ front > 0) & ~seen
            seen |= fresh
            arrivals = fresh.sum(axis=1)
            inverse += arrivals / step
            distance += arrivals * step
            reached += arrivals
            front = fresh.astype(np.float32)
    return inverse, distance, reached
