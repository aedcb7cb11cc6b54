"""Events that stories plant in the log: bots, spam, trolls, brokers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cmsim.clock import Clock
from cmsim.lives import DAY, NEVER, Lives
from cmsim.log import REPLY, STORIES, TOPIC, Log
from cmsim.members import BOT, CORE, FOUNDER, REGULAR, SPAM, STAFF, Population
from cmsim.presets import Preset
from cmsim.threads import Topics
from cmsim.world import stream

__all__ = ["Planted", "choose_people", "plant_events"]


@dataclass
class Planted:
    """People chosen for stories, as positions in the population."""

    brokers: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    trolls: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def choose_people(people: Population, lives: Lives, preset: Preset, *, seed: int) -> Planted:
    """Choose the brokers and the trolls, who stay to the end of the period.

    Brokers belong to the first group; trolls to the group that the preset names.
    """
    rng = stream(seed, "planted people")
    brokers, trolls = preset.get("brokers"), preset.get("trolls")
    chosen = Planted()
    if brokers:
        chosen.brokers = _pick_founders(people, group=0, count=brokers["count"])
        people.archetype[chosen.brokers] = REGULAR
        people.skill[chosen.brokers] = 0.0
        lives.end[chosen.brokers] = NEVER
    if trolls:
        able = lives.stayed & (people.joined < DAY * (trolls["day"] - 30))
        able &= (people.group == trolls["group"]) & (people.wave != FOUNDER)
        chosen.trolls = _pick_regulars(people, rng, able, count=trolls["count"])
        people.archetype[chosen.trolls] = REGULAR
        lives.end[chosen.trolls] = NEVER
    return chosen


def plant_events(
    log: Log,
    people: Population,
    lives: Lives,
    topics: Topics,
    planted: Planted,
    preset: Preset,
    clock: Clock,
    *,
    seed: int,
) -> None:
    """Write the events of the bots, the spam wave, the trolls and the brokers in `log`."""
    _bots(log, people, topics, preset, clock, stream(seed, "bots"))
    if preset.get("spam_wave"):
        _spam(log, people, topics, preset, clock, stream(seed, "spam"))
    if len(planted.trolls):
        _trolls(log, people, topics, planted, preset, clock, stream(seed, "trolls"))
    if len(planted.brokers):
        _brokers(log, topics, planted, people, preset, clock, stream(seed, "brokers"))


def _pick_founders(people: Population, *, group: int, count: int) -> np.ndarray:
    """Choose the least active founders, of the group first; they become members of it."""
    able = np.flatnonzero((people.wave == FOUNDER) & ~people.deleted)
    order = np.lexsort((people.skill[able], people.group[able] != group))
    found = np.sort(able[order][:count])
    people.group[found] = group
    return found


def _pick_regulars(
    people: Population, rng: np.random.Generator, able: np.ndarray, *, count: int
) -> np.ndarray:
    able = able & ~people.deleted & np.isin(people.archetype, (REGULAR, CORE))
    return np.sort(rng.permutation(np.flatnonzero(able))[:count])


def _bots(
    log: Log,
    people: Population,
    topics: Topics,
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
) -> None:
    bots = np.flatnonzero(people.archetype == BOT)
    if not len(bots):
        return
    story = STORIES.index("bot")
    weekly = np.arange(7 * DAY + 8, clock.hours, 7 * DAY)
    log.add(TOPIC, weekly, np.full(len(weekly), bots[0]), channel=_first(topics), story=story)
    share = preset["replies"].get("bot_share", 0.0)
    picked = np.flatnonzero(rng.random(len(topics.row)) < share)
    time = topics.time[picked] + 0.002 + 0.01 * rng.random(len(picked))
    keep = time < clock.hours
    picked, time = picked[keep], time[keep]
    log.add(
        REPLY,
        time,
        np.full(len(picked), bots[-1]),
        thread=topics.row[picked],
        parent=topics.row[picked],
        channel=topics.channel[picked],
        group=topics.group[picked],
        story=story,
    )


def _first(topics: Topics) -> int:
    return int(topics.channel[0]) if len(topics.channel) else -1


def _spam(
    log: Log,
    people: Population,
    topics: Topics,
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
) -> None:
    settings = preset["spam_wave"]
    accounts = np.flatnonzero(people.wave == SPAM)
    writers = np.sort(rng.permutation(accounts)[: round(settings["writers"] * len(accounts))])
    time = people.joined[writers] + 0.05 + rng.exponential(4.0, len(writers))
    before = topics.answers.time < time.min(initial=clock.hours)
    ready = np.flatnonzero(
        topics.answers.answered & before & (people.archetype[topics.author] < STAFF)
    )
    ready = ready[np.argsort(topics.answers.time[ready], kind="stable")]
    if not len(ready):
        return
    # A reply each, in a thread that already has an answer: spam links no groups together.
    thread = ready[-np.minimum(rng.integers(1, 120, len(writers)), len(ready))]
    _reply(log, topics, thread, time, writers, clock, story="spam_wave")


def _trolls(
    log: Log,
    people: Population,
    topics: Topics,
    planted: Planted,
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
) -> None:
    settings, trolls = preset["trolls"], planted.trolls
    first = 24.0 * settings["day"]
    able = topics.answers.answered & (topics.group == settings["group"])
    able &= topics.answers.time > max(first, people.joined[trolls].max() + 1)
    able &= (topics.answers.time < clock.hours - 48) & ~np.isin(topics.author, trolls)
    threads = np.sort(rng.permutation(np.flatnonzero(able))[: settings["threads"]])
    for thread in threads:
        count = settings["replies"]
        order = np.resize(rng.permutation(trolls), count)
        time = topics.answers.time[thread] + 0.05 + np.cumsum(rng.exponential(0.12, count))
        rows = _reply(
            log,
            topics,
            np.full(count, thread),
            time,
            order,
            clock,
            story="troll_cluster",
            toxic=rng.random(count) < settings["toxic"],
        )
        log.set_parent(rows[1:], rows[:-1])


def _brokers(
    log: Log,
    topics: Topics,
    planted: Planted,
    people: Population,
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
) -> None:
    # Each broker answers a few people of the first group and a few of one other group.
    asks = np.bincount(topics.author, minlength=len(people))
    lively = topics.answers.answered & (asks[topics.author] >= 4) & (topics.time > 30 * DAY)
    lively &= topics.answers.time < clock.hours - 240
    lively &= np.isin(people.archetype[topics.author], (REGULAR, CORE))
    for number, broker in enumerate(planted.brokers):
        for group in (0, number + 1):
            able = np.flatnonzero(lively & (topics.group == group))
            able = able[topics.author[able] != broker]
            able = rng.permutation(able)
            _one, unique = np.unique(topics.author[able], return_index=True)
            chosen = able[np.sort(unique)][: preset["brokers"]["links"]]
            time = topics.answers.time[chosen] + 0.2 + rng.exponential(5.0, len(chosen))
            _reply(log, topics, chosen, time, np.full(len(chosen), broker), clock, story="broker")


def _reply(
    log: Log,
    topics: Topics,
    thread: np.ndarray,
    time: np.ndarray,
    author: np.ndarray,
    clock: Clock,
    *,
    story: str,
    toxic: np.ndarray | bool = False,
) -> np.ndarray:
    return log.add(
        REPLY,
        np.minimum(clock.skip_outage(time), clock.hours - 0.01),
        author,
        thread=topics.row[thread],
        parent=topics.row[thread],
        channel=topics.channel[thread],
        group=topics.group[thread],
        story=STORIES.index(story),
        toxic=toxic,
    )
