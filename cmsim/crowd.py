"""Who answers: the people present in each block of ten days, and their weight that day."""

from __future__ import annotations

import numpy as np

from cmsim.lives import Lives
from cmsim.members import ASKER, CORE, FOUNDER, REGULAR, Population
from cmsim.presets import Preset

__all__ = ["BLOCK", "Crowd"]

BLOCK = 240.0  # hours


class Crowd:
    """The people who may answer, in cells of (ten-day block, group).

    The weight of a person in a block is skill x episode, where the episode is a lognormal
    autoregressive factor: people come and go in waves, which makes activity bursty.
    """

    def __init__(
        self,
        people: Population,
        lives: Lives,
        preset: Preset,
        rng: np.random.Generator,
        *,
        hours: float,
        excluded: np.ndarray,
    ) -> None:
        self.groups = len(preset["groups"])
        self.blocks = int(np.ceil(hours / BLOCK))
        who = people.having(ASKER, REGULAR, CORE)
        who = who[~np.isin(who, excluded)]
        begin = np.floor(np.minimum(lives.first_topic[who], hours) / BLOCK).astype(np.int64) + 1
        founder = people.wave[who] == FOUNDER
        begin[founder] = 0
        # Whole blocks only: nobody answers before their first topic or after they left.
        last = (
            np.floor(np.minimum(lives.end[who], self.blocks * BLOCK) / BLOCK).astype(np.int64) - 1
        )
        length = np.maximum(last - begin + 1, 0)
        person = np.repeat(np.arange(len(who)), length)
        starts = np.cumsum(length) - length
        block = np.arange(len(person)) - starts[person] + begin[person]
        weight = people.skill[who][person] * _episodes(
            rng,
            starts,
            length,
            sigma=preset["skill"]["episode_sigma"],
            memory=preset["skill"]["episode_memory"],
        )
        cell = block * self.groups + people.group[who][person]
        order = np.argsort(cell.astype(np.int32), kind="stable")
        self._member = who[person[order]]
        self._total = np.concatenate([[0.0], np.cumsum(weight[order])])
        bounds = np.arange(self.blocks * self.groups + 1)
        self._bounds = np.searchsorted(cell[order], bounds)

    def draw(
        self,
        rng: np.random.Generator,
        *,
        time: np.ndarray,
        group: np.ndarray,
        asker: np.ndarray,
        homophily: float,
        sitting: float,
        anyone: np.ndarray,
    ) -> np.ndarray:
        """Draw who writes each reply; -1 where nobody but the asker is there.

        Parameters
        ----------
        rng : numpy.random.Generator
        time, group, asker : numpy.ndarray
            Of the replies: hours, group of the thread, person who opened it.
        homophily : float
            Chance that the reply comes from the thread's own group.
        sitting : float
            Chance that the author of the previous reply of the group, less than three hours
            ago, goes on: someone who reads goes through several threads in one sitting.
        anyone : numpy.ndarray of bool
            Replies that anyone present may write, whatever their weight.

        Returns
        -------
        numpy.ndarray
            Positions in the population.
        """
        count = len(time)
        block = np.minimum((time / BLOCK).astype(np.int64), self.blocks - 1)
        own = rng.random(count) < homophily
        low = np.where(own, block * self.groups + group, block * self.groups)
        high = np.where(own, low + 1, (block + 1) * self.groups)
        first, last = self._bounds[low], self._bounds[high]
        target = self._total[first] + rng.random(count) * (self._total[last] - self._total[first])
        position = np.searchsorted(self._total, target, side="right") - 1
        position = np.clip(position, first, np.maximum(last - 1, first))
        even = first + (rng.random(count) * (last - first)).astype(np.int64)
        position = self._go_on(rng, position, low, high, time, sitting)
        position = np.where(anyone, even, position)
        position = np.minimum(position, max(len(self._member) - 1, 0))
        if not len(self._member):
            return np.full(count, -1)
        author = self._member[position]
        again = np.flatnonzero(author == asker)
        following = position[again] + 1
        following = np.where(following >= last[again], first[again], following)
        author[again] = self._member[np.minimum(following, len(self._member) - 1)]
        author[(first == last) | (author == asker)] = -1
        return author

    @staticmethod
    def _go_on(
        rng: np.random.Generator,
        position: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
        time: np.ndarray,
        sitting: float,
    ) -> np.ndarray:
        minutes = (time * 60).astype(np.int64)
        cell = low * 2 + (high - low == 1)
        order = np.argsort((cell << 24) + minutes, kind="stable")
        same = np.zeros(len(order), dtype=bool)
        same[1:] = (np.diff(cell[order]) == 0) & (np.diff(minutes[order]) < 180)
        same &= rng.random(len(order)) < sitting
        origin = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
        result = np.empty_like(position)
        result[order] = position[order][origin]
        return result


def _episodes(
    rng: np.random.Generator,
    starts: np.ndarray,
    length: np.ndarray,
    *,
    sigma: float,
    memory: float,
) -> np.ndarray:
    noise = rng.standard_normal(int(length.sum()))
    fresh = np.sqrt(1 - memory**2)
    for step in range(1, int(length.max(initial=0))):
        at = starts[length > step] + step
        noise[at] = memory * noise[at - 1] + fresh * noise[at]
    return np.exp(sigma * noise)
