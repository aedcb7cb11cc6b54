"""First message, first answer, then who stays: in this order, so that the answer is a cause.

The delay of the first answer is drawn before survival and depends on nothing that survival
depends on, except what the truth states (the source of arrival). ``theta``, the effect of an
answer within 24 hours on the log-odds of staying, is therefore a true causal parameter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cmsim.clock import Clock
from cmsim.members import (
    ASKER,
    BOT,
    CONTEST,
    CORE,
    FOUNDER,
    LURKER,
    ONE_TIME,
    REGULAR,
    SOURCES,
    SPAM,
    STAFF,
    Population,
)
from cmsim.presets import Preset
from cmsim.sampling import stratified_normal, take_share
from cmsim.world import stream

__all__ = ["Answers", "Lives", "draw_answers", "draw_channels", "draw_lives"]

DAY = 24.0
NEVER = 1e9


@dataclass
class Answers:
    """For each topic: whether someone answers, and when the first answer comes (hours)."""

    answered: np.ndarray
    time: np.ndarray


@dataclass
class Lives:
    """For each person: first topic, its answer, the end of activity and the causes of staying."""

    first_topic: np.ndarray
    channel: np.ndarray
    answers: Answers
    answered_24h: np.ndarray
    stayed: np.ndarray
    end: np.ndarray
    probability: np.ndarray
    base: dict[str, float]
    super_user: int


def draw_lives(people: Population, preset: Preset, clock: Clock, *, seed: int) -> Lives:
    """Draw first topics, first answers and lifetimes.

    Parameters
    ----------
    people : Population
    preset : Preset
    clock : Clock
    seed : int

    Returns
    -------
    Lives
    """
    rng = stream(seed, "lives")
    settings = preset["lives"]
    count = len(people)
    posters = np.isin(people.archetype, (ONE_TIME, ASKER, REGULAR, CORE))
    delay = settings["first_topic_median_h"] * np.exp(1.3 * rng.standard_normal(count))
    delay = np.where(people.wave == FOUNDER, delay * 2, delay)
    first = clock.later(people.joined, np.minimum(delay, 40 * DAY), people.zone)
    first = np.where(posters, first, NEVER)
    channel = draw_channels(preset, rng, np.minimum(first, clock.hours) / clock.hours)
    wrote = np.flatnonzero(posters)
    answers = Answers(np.zeros(count, dtype=bool), np.full(count, NEVER))
    drawn = draw_answers(
        preset,
        clock,
        rng,
        time=first[wrote],
        channel=channel[wrote],
        contest=people.wave[wrote] == CONTEST,
    )
    answers.answered[wrote], answers.time[wrote] = drawn.answered, drawn.time
    early = answers.answered & (answers.time - first < 24.0)
    shown = ~people.deleted & (people.joined <= clock.hours - 120 * DAY)
    probability, base = _chance_to_stay(people, preset, early, shown)
    stratum = people.source * 1000 + shown * 500 + early * 50 + people.archetype
    stayed = take_share(rng, probability, stratum)
    end = _ends(people, preset, rng, stayed, np.where(posters, first, people.joined))
    super_user = -1
    if preset.get("super_user"):
        candidates = np.where(people.wave == FOUNDER, people.skill, -1.0)
        super_user = int(np.argmax(candidates))
        end[super_user] = DAY * preset["super_user"]["day"]
    return Lives(first, channel, answers, early, stayed, end, probability, base, super_user)


def draw_channels(preset: Preset, rng: np.random.Generator, when: np.ndarray) -> np.ndarray:
    """Draw the channel of events that happen at `when` (0 start .. 1 end of the period).

    A pack without channels uses the groups as sections: -1 stands for "that of the group".
    """
    channels = preset.get("channels")
    if not channels:
        return np.full(len(when), -1)
    first = np.array([channel["share_start"] for channel in channels])
    last = np.array([channel["share_end"] for channel in channels])
    total = np.cumsum(first[:, None] + (last - first)[:, None] * when[None, :], axis=0)
    drawn: np.ndarray = (rng.random(len(when))[None, :] * total[-1] > total).sum(axis=0)
    return drawn


def draw_answers(
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
    *,
    time: np.ndarray,
    channel: np.ndarray,
    contest: np.ndarray,
) -> Answers:
    """Draw who gets an answer, and after how long.

    The shares are met to one topic in each stratum (channel, period, wave).
    """
    settings, leaving = preset["replies"], preset.get("super_user")
    unanswered = np.full(len(time), float(settings["unanswered"]))
    if preset.get("channels"):
        unanswered = np.array([item["unanswered"] for item in preset["channels"]])[channel]
    late = np.zeros(len(time), dtype=bool)
    if leaving:
        late = time >= DAY * leaving["day"]
        unanswered = np.where(late, leaving["unanswered_after"], unanswered)
    cut = preset.get("staff_cut")
    weekend = np.zeros(len(time), dtype=bool)
    if cut:
        weekend = (time >= DAY * cut["day"]) & (clock.local_weekday(time) >= 5)
        unanswered = np.where(weekend, cut["unanswered"], unanswered)
    if preset.get("contest"):
        unanswered = np.where(contest, preset["contest"]["unanswered"], unanswered)
    stratum = (channel + 1) * 16 + _part(time, clock.hours) * 4
    stratum = stratum + (late | weekend) * 2 + contest
    answered = ~take_share(rng, unanswered, stratum)
    noise = np.exp(
        settings["latency_sigma"]
        * stratified_normal(rng, len(time), _mood(clock, time, weekend, answered))
    )
    first = clock.later(time, settings["latency_median_h"] * noise, 0)
    if cut:
        slower = clock.skip_outage(time + cut["slower"] * (first - time))
        first = np.where(weekend, slower, first)
    return Answers(answered, np.maximum(first, time + 0.005))


def _part(time: np.ndarray, hours: float) -> np.ndarray:
    """Return the part of the period: first half-year 0, middle 1, last half-year 2, end 3."""
    last = hours - 30 * DAY
    return np.digitize(time, [180 * DAY, max(last - 180 * DAY, 180 * DAY + 1), last])


def _mood(clock: Clock, time: np.ndarray, cut: np.ndarray, answered: np.ndarray) -> np.ndarray:
    """Return the stratum in which delays are spread evenly: weekend or not, cut or not."""
    weekend = clock.local_weekday(time) >= 5
    mood: np.ndarray = weekend * 4 + cut * 2 + answered
    return mood


def _chance_to_stay(
    people: Population, preset: Preset, early: np.ndarray, shown: np.ndarray
) -> tuple[np.ndarray, dict[str, float]]:
    settings = preset["retention"]
    offsets = np.zeros(7)
    offsets[[ONE_TIME, ASKER, REGULAR, CORE]] = [
        settings["one_time"],
        settings["asker"],
        settings["regular"],
        settings["core"],
    ]
    slope = settings["theta"] * early + offsets[people.archetype]
    ordinary = ~np.isin(people.wave, (FOUNDER, SPAM)) & (people.archetype < STAFF) & shown
    size = len(SOURCES)
    counts = np.bincount(people.source[ordinary], minlength=size)
    targets = np.array([settings["stay_90"].get(name, 0.3) for name in SOURCES])
    low, high = np.full(size, -12.0), np.full(size, 12.0)
    for _ in range(45):
        middle = (low + high) / 2
        chance = 1 / (1 + np.exp(-(middle[people.source] + slope)))
        mean = np.bincount(people.source[ordinary], chance[ordinary], size) / np.maximum(counts, 1)
        low, high = np.where(mean < targets, middle, low), np.where(mean < targets, high, middle)
    chance = 1 / (1 + np.exp(-((low + high)[people.source] / 2 + slope)))
    chance = np.where(people.wave == SPAM, 0.0, np.where(people.wave == FOUNDER, 1.0, chance))
    chance[people.archetype >= STAFF] = 1.0
    base = {name: float((low + high)[i] / 2) for i, name in enumerate(SOURCES) if counts[i]}
    return chance, base


def _ends(
    people: Population,
    preset: Preset,
    rng: np.random.Generator,
    stayed: np.ndarray,
    active_from: np.ndarray,
) -> np.ndarray:
    settings, count = preset["lives"], len(people)
    factor = np.array([1.0, 0.6, 0.8, 1.0, settings["core_factor"], 1.0, 1.0])[people.archetype]
    lomax = (rng.random(count) ** (-1 / settings["stay_shape"]) - 1) * settings["stay_scale_days"]
    long = people.joined + DAY * (92 + factor * lomax)
    short = active_from + DAY * (0.2 + rng.exponential(settings["leave_mean_days"], count))
    short = np.minimum(short, people.joined + 89.5 * DAY)
    end = np.where(stayed, long, short)
    end = np.where(people.wave == SPAM, people.joined + 3 * DAY, end)
    forever = (people.archetype == STAFF) | (people.archetype == BOT)
    faithful = _faithful(people, rng, settings["founders_forever"], settings.get("pillars", 3))
    lurking = (people.archetype == LURKER) & ~stayed & (people.wave != SPAM)
    end = np.where(lurking & (rng.random(count) < 0.5), people.joined + 0.1, end)
    return np.where(forever | faithful, NEVER, end)


def _faithful(
    people: Population, rng: np.random.Generator, share: float, pillars: int
) -> np.ndarray:
    """Choose the founders who never leave: the most active, and a share of the others."""
    founders = np.flatnonzero(people.wave == FOUNDER)
    ranked = founders[np.argsort(-people.skill[founders], kind="stable")]
    faithful = np.zeros(len(people), dtype=bool)
    faithful[ranked[:pillars]] = True
    rest = ranked[pillars:]
    faithful[rest] = np.diff(np.floor(np.arange(len(rest) + 1) * share + rng.random())) > 0
    return faithful
