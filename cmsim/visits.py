"""Visits, and the reactions left on the way."""

from __future__ import annotations

import numpy as np

from cmsim.clock import Clock
from cmsim.lives import DAY, Lives, draw_channels
from cmsim.log import REACTION, VISIT, Log
from cmsim.members import BOT, LURKER, Population
from cmsim.presets import Preset
from cmsim.world import stream

__all__ = ["write_reactions", "write_visits"]


def write_visits(
    log: Log, people: Population, lives: Lives, preset: Preset, clock: Clock, *, seed: int
) -> np.ndarray:
    """Write the visits of everyone; each account has one at its creation.

    Whoever stays comes at least once between 90 and 120 days after joining; whoever does not
    stay never comes after 90 days.

    Returns
    -------
    numpy.ndarray
        Rows of the visits in the log, the first ones excepted.
    """
    rng = stream(seed, "visits")
    settings, hours = preset["visits"], clock.hours
    who = np.flatnonzero((people.joined < hours) & (people.archetype != BOT))
    joined, zone = people.joined[who], people.zone[who]
    until = np.minimum(lives.end[who], hours)
    weeks = np.maximum(until - joined, 0) / (7 * DAY)
    habit = np.exp(settings["sigma"] * rng.standard_normal(len(who)) - settings["sigma"] ** 2 / 2)
    lurking = np.where(people.archetype[who] == LURKER, settings["lurker_factor"], 1.0)
    count = rng.poisson(np.minimum(settings["per_week"] * habit * lurking * weeks**0.85, 800))
    owner = np.repeat(np.arange(len(who)), count)
    low = clock.operational(joined, zone)
    span = np.maximum(clock.operational(until, zone) - low, 0)
    share = rng.random(len(owner)) ** settings["front"]
    time = clock.real(low[owner] + share * span[owner], zone[owner])
    log.add(
        VISIT,
        joined + 0.01,
        who,
        channel=_channel(preset, rng, joined, clock),
        group=people.group[who],
    )
    _promised(log, people, lives, preset, clock, rng)
    time = np.clip(time, joined[owner] + 0.02, None)
    keep = time < np.minimum(hours, lives.end[who][owner] + 0.5)
    return log.add(
        VISIT,
        time[keep],
        who[owner[keep]],
        channel=_channel(preset, rng, time[keep], clock),
        group=people.group[who[owner[keep]]],
    )


def write_reactions(
    log: Log, people: Population, visits: np.ndarray, preset: Preset, *, seed: int
) -> None:
    """Write reactions: some visits end with one, on a recent message of one's own group."""
    rng = stream(seed, "reactions")
    columns = log.columns()
    chosen = visits[rng.random(len(visits)) < preset["visits"]["reactions"]]
    member, time = columns["member"][chosen], columns["time"][chosen]
    posts = np.flatnonzero((columns["kind"] == 1) | (columns["kind"] == 2))
    span = 1e7
    key = columns["group"][posts] * span + columns["time"][posts]
    order = np.argsort(key)
    key, posts = key[order], posts[order]
    group = people.group[member]
    at = np.searchsorted(key, group * span + time) - rng.geometric(0.25, len(chosen))
    at = np.maximum(at, 0)
    target = posts[at]
    age = group * span + time - key[at]
    keep = (age > 0.01) & (age < 14 * DAY) & (columns["member"][target] != member)
    target = target[keep]
    log.add(
        REACTION,
        time[keep] + 0.01,
        member[keep],
        thread=columns["thread"][target],
        parent=target,
        channel=columns["channel"][target],
        group=columns["group"][target],
    )


def _promised(
    log: Log,
    people: Population,
    lives: Lives,
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
) -> None:
    who = np.flatnonzero(lives.stayed & (people.archetype != BOT))
    zone = people.zone[who]
    low = clock.operational(people.joined[who] + 90 * DAY, zone)
    high = np.minimum(lives.end[who], people.joined[who] + 120 * DAY)
    high = clock.operational(np.maximum(high, people.joined[who] + 91 * DAY), zone)
    time = clock.real(low + rng.random(len(who)) * (high - low), zone)
    joined = people.joined[who]
    time = np.clip(time, joined + 90 * DAY + 0.1, joined + 119 * DAY)
    keep = time < clock.hours
    log.add(
        VISIT,
        time[keep],
        who[keep],
        channel=_channel(preset, rng, time[keep], clock),
        group=people.group[who[keep]],
    )


def _channel(
    preset: Preset, rng: np.random.Generator, time: np.ndarray, clock: Clock
) -> np.ndarray:
    return draw_channels(preset, rng, np.minimum(time, clock.hours) / clock.hours)
