"""Draws whose result is exact: shares, medians and sums that hold whatever the seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cmlib.messages import N_
from cmsim.world import World

__all__ = [
    "CONTRAST",
    "EXACT",
    "exact_labels",
    "exact_mask",
    "normal_scores",
    "nudge_to_sum",
    "ordinary_members",
    "pick_members",
    "plain",
    "scaled_count",
    "to_seconds",
    "to_times",
]

EXACT = N_("Placed by exact counts, whatever the seed")
CONTRAST = N_("An imposed contrast; its value moves a little with the seed")


def normal_scores(rng: np.random.Generator, rows: int) -> np.ndarray:
    """Return the quantiles of a normal law in random order: its median and spread never vary.

    Examples
    --------
    >>> scores = normal_scores(np.random.default_rng(1), 5)
    >>> bool(abs(np.median(scores)) < 1e-12)
    True
    """
    from scipy.special import ndtri

    return rng.permutation(ndtri((np.arange(rows) + 0.5) / rows)) if rows else np.zeros(0)


def exact_mask(rng: np.random.Generator, rows: int, count: int) -> np.ndarray:
    """Return `rows` booleans of which exactly `count` are True.

    Examples
    --------
    >>> int(exact_mask(np.random.default_rng(1), 50, 7).sum())
    7
    """
    return rng.permutation(np.arange(rows) < count)


def exact_labels(
    rng: np.random.Generator, rows: int, shares: Mapping[str, float], *, shuffle: bool = True
) -> np.ndarray:
    """Return `rows` labels in the given shares, rounded by largest remainder.

    Examples
    --------
    >>> labels = exact_labels(np.random.default_rng(1), 10, {"a": 0.7, "b": 0.3})
    >>> int((labels == "a").sum())
    7
    """
    weights = np.array(list(shares.values()), dtype=float)
    wanted = weights / weights.sum() * rows
    counts = np.floor(wanted + 1e-9).astype(int)
    first = np.argsort(-(wanted - counts), kind="stable")[: rows - counts.sum()]
    counts[first] += 1
    labels = np.repeat(np.array(list(shares), dtype=object), counts)
    return rng.permutation(labels) if shuffle else labels


def nudge_to_sum(
    rng: np.random.Generator, values: np.ndarray, total: int, low: int, high: int
) -> np.ndarray:
    """Move integers by one step each, at random, until they add up to `total`.

    Examples
    --------
    >>> int(nudge_to_sum(np.random.default_rng(1), np.array([3, 3, 3]), 11, 1, 5).sum())
    11
    """
    values = np.asarray(values).copy()
    total = int(np.clip(total, low * len(values), high * len(values)))
    while (gap := total - int(values.sum())) != 0:
        movable = np.flatnonzero(values < high if gap > 0 else values > low)
        chosen = rng.permutation(movable)[: abs(gap)]
        values[chosen] += 1 if gap > 0 else -1
    return values


def pick_members(
    world: World, rng: np.random.Generator, times: np.ndarray, *, who: np.ndarray | None = None
) -> np.ndarray:
    """Return, for each time, a member who had joined by then.

    Parameters
    ----------
    world : World
    rng : numpy.random.Generator
    times : array of datetime64
    who : array of bool, optional
        Members who may be drawn, in the row order of ``world.members``; those of
        :func:`ordinary_members` where it is not given.

    Returns
    -------
    numpy.ndarray
        One member_id a time. A time before the first arrival takes the first arrival.
    """
    members = world.members
    if who is None:
        who = ordinary_members(world)
    rows = np.flatnonzero(who)
    joined = members["joined_at"].to_numpy()[rows]
    order = np.argsort(joined, kind="stable")
    there = np.searchsorted(joined[order], times.astype(joined.dtype), side="right").clip(1)
    chosen = rows[order][(rng.random(len(times)) * there).astype(int)]
    return members["member_id"].to_numpy()[chosen]


def ordinary_members(world: World) -> np.ndarray:
    """Return which rows of ``world.members`` are people who came for the community.

    The team, the bots, the spammers and the visitors of a viral post are left out, and those
    who joined when the observation was over.
    """
    passing = world.latent["members"]["wave"].isin(["spam", "viral"]).to_numpy()
    known = (world.members["joined_at"] < world.seen_until).to_numpy()
    return (world.members["role"] == "member").to_numpy() & known & ~passing


def plain(value: dict[str, Any]) -> dict[str, Any]:
    """Return the same values as Python's own numbers, so that they print and save alike.

    Examples
    --------
    >>> plain({"mean_h": np.float64(7.5)})
    {'mean_h': 7.5}
    """
    return {
        name: item.item() if isinstance(item, np.generic) else item for name, item in value.items()
    }


def scaled_count(world: World, rows: int) -> int:
    """Return `rows` of the default pack, grown or shrunk with the number of members."""
    ratio = len(world.members) / world.preset["members"]["default"]
    return rows if 0.75 <= ratio <= 1.33 else max(round(rows * ratio), 60)


def to_seconds(time: pd.Timestamp) -> int:
    """Return a UTC time as whole seconds since 1970."""
    return int(pd.Timestamp(time).value // 10**9)


def to_times(seconds: np.ndarray) -> np.ndarray:
    """Return whole seconds since 1970 as ``datetime64[s]``."""
    return np.asarray(np.floor(seconds), dtype="int64").astype("datetime64[s]")
