"""Betweenness, harmonic and closeness from people drawn at random, with their error."""

from __future__ import annotations

from typing import Any

import numpy as np

from cmlib.network._view import View
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
    return _pooled(np.array(batches))


def sampled_nearness(look: View, pivots: int, seed: int) -> tuple[Estimate, Estimate]:
    """Estimate harmonic and closeness from the distances that separate pivots from everyone."""
    rng = np.random.default_rng(seed)
    size = -(-pivots // _BATCHES)
    harmonic, closeness = [], []
    for _batch in range(_BATCHES):
        drawn = np.sort(rng.choice(len(look), size=size, replace=False))
        inverse, distance, reached = _distances_from(look.pattern, drawn)
        others = size - np.isin(np.arange(len(look)), drawn)
        harmonic.append(inverse / others)
        mean = np.divide(distance, reached, out=np.ones(len(look)), where=reached > 0)
        closeness.append(reached / others / mean)
    return _pooled(np.array(harmonic)), _pooled(np.array(closeness))


def _pooled(batches: np.ndarray) -> Estimate:
    return batches.mean(axis=0), batches.std(axis=0, ddof=1) / np.sqrt(len(batches))


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
