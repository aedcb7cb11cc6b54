"""The Leiden method in plain Python, for machines without igraph.

Traag, Waltman & van Eck (2019), From Louvain to Leiden: guaranteeing well-connected
communities. Scientific Reports 9, 5233. Names follow the paper.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict, deque
from dataclasses import dataclass

from cmlib.network._graph_view import View

_RANDOMNESS = 0.01


@dataclass
class _Level:
    """An aggregate graph: links between nodes, strength of each node, weight of all links."""

    links: list[dict[int, float]]
    strength: list[float]
    pull: float

    def gain(self, inside: float, node: int, total: float) -> float:
        """Gain of modularity (times all weights) when `node` joins a community."""
        return inside - self.pull * self.strength[node] * total


def leiden(both: View, *, resolution: float, seed: int) -> list[set[int]]:
    """Return the communities, improved until an iteration changes nothing."""
    draw = random.Random(seed)
    matrix = both.matrix
    links = [
        dict(
            zip(
                matrix.indices[low:high].tolist(),
                matrix.data[low:high].tolist(),
                strict=True,
            )
        )
        for low, high in zip(matrix.indptr[:-1].tolist(), matrix.indptr[1:].tolist(), strict=True)
    ]
    strength = [float(sum(others.values())) for others in links]
    base = _Level(links, strength, resolution / sum(strength))
    membership = list(range(len(links)))
    while True:
        better = _iteration(base, membership, draw)
        if _same(better, membership):
            break
        membership = better
    groups: dict[int, set[int]] = defaultdict(set)
    for node, community in enumerate(membership):
        groups[community].add(node)
    return list(groups.values())


def _iteration(base: _Level, membership: list[int], draw: random.Random) -> list[int]:
    """Move, refine, aggregate, until no node of the aggregate graph can move."""
    level, labels = base, list(membership)
    place = list(range(len(base.links)))  # node of the current level for each person
    while True:
        _move(level, labels, draw)
        if len(set(labels)) == len(labels):
            return [labels[node] for node in place]
        refined = _refine(level, labels, draw)
        number = {label: rank for rank, label in enumerate(dict.fromkeys(refined))}
        if len(number) == len(refined):
            return [labels[node] for node in place]
        parts = [number[label] for label in refined]
        community = dict(zip(parts, labels, strict=True))
        place = [parts[node] for node in place]
        level = _aggregate(level, parts, len(number))
        labels = [community[part] for part in range(len(number))]


def _move(level: _Level, labels: list[int], draw: random.Random) -> None:
    """Let each node join its best community; revisit the neighbours of those who moved."""
    totals: dict[int, float] = defaultdict(float)
    for node, label in enumerate(labels):
        totals[label] += level.strength[node]
    order = list(range(len(labels)))
    draw.shuffle(order)
    queue, waiting = deque(order), [True] * len(labels)
    free = max(labels, default=0) + 1
    while queue:
        node = queue.popleft()
        waiting[node] = False
        toward: dict[int, float] = defaultdict(float)
        for other, weight in level.links[node].items():
            if other != node:
                toward[labels[other]] += weight
        old = labels[node]
        totals[old] -= level.strength[node]
        best, most = old, level.gain(toward.get(old, 0.0), node, totals[old])
        for label, inside in toward.items():
            gain = level.gain(inside, node, totals[label])
            if gain > most + 1e-12:
                best, most = label, gain
        if most < -1e-12:
            best, free = free, free + 1
        totals[best] += level.strength[node]
        if best == old:
            continue
        labels[node] = best
        for other in level.links[node]:
            if not waiting[other] and labels[other] != best:
                waiting[other] = True
                queue.append(other)


def _refine(level: _Level, labels: list[int], draw: random.Random) -> list[int]:
    """Merge nodes inside each community, only where they are well connected to it."""
    refined = list(range(len(labels)))
    size = [1] * len(labels)
    totals = list(level.strength)
    community: dict[int, float] = defaultdict(float)
    outward = [0.0] * len(labels)  # weight from a refined part to the rest of its community
    for node, label in enumerate(labels):
        community[label] += level.strength[node]
        outward[node] = sum(
            weight
            for other, weight in level.links[node].items()
            if other != node and labels[other] == label
        )
    order = list(range(len(labels)))
    draw.shuffle(order)
    for node in order:
        rest = community[labels[node]] - level.strength[node]
        if size[refined[node]] > 1 or outward[node] < level.pull * level.strength[node] * rest:
            continue
        toward: dict[int, float] = defaultdict(float)
        for other, weight in level.links[node].items():
            if other != node and labels[other] == labels[node]:
                toward[refined[other]] += weight
        choices, odds = [node], [1.0]
        for part, inside in toward.items():
            part_rest = community[labels[node]] - totals[part]
            if outward[part] < level.pull * totals[part] * part_rest:
                continue
            gain = level.gain(inside, node, totals[part])
            if gain >= 0:
                choices.append(part)
                odds.append(math.exp(min(gain * level.pull / _RANDOMNESS, 500.0)))
        part = draw.choices(choices, odds)[0]
        if part != node:
            refined[node] = part
            size[part] += 1
            totals[part] += level.strength[node]
            outward[part] += outward[node] - 2 * toward[part]
    return refined


def _aggregate(level: _Level, parts: list[int], count: int) -> _Level:
    links: list[dict[int, float]] = [defaultdict(float) for _ in range(count)]
    strength = [0.0] * count
    for node, part in enumerate(parts):
        strength[part] += level.strength[node]
        for other, weight in level.links[node].items():
            links[part][parts[other]] += weight
    return _Level([dict(others) for others in links], strength, level.pull)


def _same(one: list[int], other: list[int]) -> bool:
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))
