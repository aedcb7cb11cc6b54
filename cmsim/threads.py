"""Topics, replies and the conversations that follow: clusters, generation by generation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cmsim.clock import Clock
from cmsim.crowd import Crowd
from cmsim.lives import DAY, Answers, Lives, draw_answers, draw_channels
from cmsim.log import ACCEPT, REPLY, TOPIC, Log
from cmsim.members import (
    ASKER,
    CORE,
    ONE_TIME,
    REGULAR,
    Population,
)
from cmsim.presets import Preset
from cmsim.sampling import stratified_normal
from cmsim.world import stream

__all__ = ["Topics", "write_threads"]


@dataclass
class Topics:
    """One array a property, one entry a topic; `row` is its place in the log."""

    time: np.ndarray
    author: np.ndarray
    group: np.ndarray
    channel: np.ndarray
    answers: Answers
    row: np.ndarray
    first: np.ndarray  # the author's first one


def write_threads(
    log: Log,
    people: Population,
    lives: Lives,
    preset: Preset,
    clock: Clock,
    *,
    seed: int,
    excluded: np.ndarray,
) -> Topics:
    """Write every topic, reply and accepted answer in `log`.

    Parameters
    ----------
    log : Log
        Filled in place.
    people : Population
    lives : Lives
    preset : Preset
    clock : Clock
    seed : int
    excluded : numpy.ndarray
        People who only open their first topic: their replies are planted.

    Returns
    -------
    Topics
    """
    rng = stream(seed, "threads")
    topics = _topics(log, people, lives, preset, clock, rng, excluded)
    crowd = Crowd(people, lives, preset, rng, hours=clock.hours, excluded=excluded)
    replies = _answers(log, topics, people, lives, preset, clock, rng, crowd)
    _follow_ups(log, topics, people, lives, preset, clock, rng, replies)
    return topics


def _topics(
    log: Log,
    people: Population,
    lives: Lives,
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
    excluded: np.ndarray,
) -> Topics:
    settings, hours = preset["topics"], clock.hours
    first = np.flatnonzero(lives.first_topic < hours)
    active = first[np.isin(people.archetype[first], (ASKER, REGULAR, CORE))]
    active = active[~np.isin(active, excluded)]
    begin, until = lives.first_topic[active], np.minimum(lives.end[active], hours)
    weeks = np.maximum(until - begin, 0) / (7 * DAY)
    pace = np.array([0, 0, settings["asker"], settings["regular"], settings["core"]])
    rate = pace[people.archetype[active]] * np.exp(0.8 * stratified_normal(rng, len(active)) - 0.32)
    count = rng.poisson(np.minimum(rate * weeks + settings["early"], 400))
    person, time = renewal(clock, rng, people, active, begin, until, count, settings["gap_sigma"])
    staff = np.flatnonzero(people.wave == 4)[: preset["members"]["staff"]]
    weekly = rng.poisson(settings["staff_per_week"] * hours / (7 * DAY)) if len(staff) else 0
    team_time = clock.real(rng.uniform(0, clock.operational(hours, 0), weekly), 0)
    team = staff[rng.integers(0, max(len(staff), 1), weekly)] if len(staff) else staff
    later_time = np.concatenate([time, np.maximum(team_time, 1.0)])
    later_author = np.concatenate([person, team])
    later_channel = draw_channels(preset, rng, later_time / hours)
    drawn = draw_answers(
        preset,
        clock,
        rng,
        time=later_time,
        channel=later_channel,
        contest=np.zeros(len(later_time), dtype=bool),
    )
    times = np.concatenate([lives.first_topic[first], later_time])
    author = np.concatenate([first, later_author])
    channel = np.concatenate([lives.channel[first], later_channel])
    answers = Answers(
        np.concatenate([lives.answers.answered[first], drawn.answered]),
        np.concatenate([lives.answers.time[first], drawn.time]),
    )
    group = people.group[author].copy()
    moved = rng.random(len(author)) < 0.5
    staffed = np.isin(author, staff) & moved
    group[staffed] = rng.integers(0, len(preset["groups"]), int(staffed.sum()))
    keep = times < hours
    row = log.add(TOPIC, times[keep], author[keep], channel=channel[keep], group=group[keep])
    return Topics(
        times[keep],
        author[keep],
        group[keep],
        channel[keep],
        Answers(answers.answered[keep], answers.time[keep]),
        row,
        (np.arange(len(times)) < len(first))[keep],
    )


def renewal(
    clock: Clock,
    rng: np.random.Generator,
    people: Population,
    who: np.ndarray,
    begin: np.ndarray,
    until: np.ndarray,
    count: np.ndarray,
    sigma: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Spread `count` events a person over each life, with lognormal gaps between them."""
    gaps = np.exp(sigma * rng.standard_normal(int((count + 1).sum())))
    owner = np.repeat(np.arange(len(who)), count + 1)
    total = np.cumsum(gaps)
    ends = np.cumsum(count + 1)
    before = np.concatenate([[0.0], total[ends - 1][:-1]]) if len(who) else np.zeros(0)
    whole = total[ends - 1] - before if len(who) else np.zeros(0)
    share = (total - before[owner]) / whole[owner]
    inner = np.ones(len(owner), dtype=bool)
    inner[ends - 1] = False
    owner, share = owner[inner], share[inner]
    zone = people.zone[who]
    low = clock.operational(begin, zone)
    span = np.maximum(clock.operational(until, zone) - low, 0)
    time = clock.real(low[owner] + share * span[owner], zone[owner])
    return who[owner], np.clip(time, begin[owner], None)


def _answers(
    log: Log,
    topics: Topics,
    people: Population,
    lives: Lives,
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
    crowd: Crowd,
) -> dict[str, np.ndarray]:
    settings = preset["replies"]
    open_ = np.flatnonzero(topics.answers.answered)
    shape = settings["extra_shape"]
    extra = rng.negative_binomial(shape, shape / (shape + settings["extra_mean"]), len(open_))
    # Where the team answers first, it is often alone: nobody thinks of adding anything.
    team = rng.random(len(open_)) < settings["team_first"]
    extra[team & (rng.random(len(open_)) < settings.get("team_alone", 0.0))] = 0
    more = np.repeat(open_, extra)
    delay = settings["spread_median_h"] * np.exp(
        settings["spread_sigma"] * rng.standard_normal(len(more))
    )
    time = clock.later(topics.answers.time[more], delay, 0)
    thread = np.concatenate([open_, more])
    time = np.concatenate([topics.answers.time[open_], time + 0.01])
    opening = np.concatenate([np.ones(len(open_), bool), np.zeros(len(more), bool)])
    team = np.concatenate([team, rng.random(len(more)) < settings["team_other"]])
    keep = time < clock.hours
    thread, time, opening, team = thread[keep], time[keep], opening[keep], team[keep]
    order = np.argsort(
        (thread.astype(np.int64) << 32) + (time * 3600).astype(np.int64) * 2 + ~opening
    )
    thread, time, opening, team = thread[order], time[order], opening[order], team[order]
    asker = topics.author[thread]
    before = np.arange(len(thread)) - 1
    second = opening[before] & (thread == thread[before]) & topics.first[thread]
    author = crowd.draw(
        rng,
        time=time,
        group=topics.group[thread],
        asker=asker,
        homophily=settings["homophily"],
        sitting=settings["sitting"],
        anyone=second & (rng.random(len(thread)) < settings.get("anyone", 0.0)),
    )
    author = _by_the_team(author, asker, team, people, preset, rng)
    if lives.super_user >= 0:
        mine = opening & (time < lives.end[lives.super_user]) & (asker != lives.super_user)
        mine &= rng.random(len(mine)) < preset["super_user"]["first_answers"]
        author[mine] = lives.super_user
    time = np.maximum(time, people.joined[author] + 0.02)
    chained = ~opening & (rng.random(len(thread)) < settings["chain"])
    chained &= (author != author[before]) & (thread == thread[before])
    top = topics.row[thread]
    row = log.add(
        REPLY,
        time,
        author,
        thread=top,
        parent=top,
        channel=topics.channel[thread],
        group=topics.group[thread],
    )
    log.set_parent(row[chained], row[before[chained]])
    return {
        "row": row,
        "thread": thread,
        "time": time,
        "author": author,
        "parent_author": np.where(chained, author[before], asker),
        "opening": opening,
    }


def _by_the_team(
    author: np.ndarray,
    asker: np.ndarray,
    team: np.ndarray,
    people: Population,
    preset: Preset,
    rng: np.random.Generator,
) -> np.ndarray:
    staff = np.flatnonzero(people.wave == 4)[: preset["members"]["staff"]]
    team = team | (author < 0)
    pick = np.minimum((len(staff) * rng.random(len(author)) ** 1.5).astype(int), len(staff) - 1)
    chosen = staff[pick]
    chosen = np.where(chosen == asker, staff[(pick + 1) % len(staff)], chosen)
    return np.where(team & (chosen != asker), chosen, np.where(author < 0, staff[0], author))


def _follow_ups(
    log: Log,
    topics: Topics,
    people: Population,
    lives: Lives,
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
    replies: dict[str, np.ndarray],
) -> None:
    settings = preset["follow_ups"]
    source = replies
    silent = people.archetype == ONE_TIME
    for generation in range(settings["generations"]):
        chance = settings["first"] if generation == 0 else settings["next"]
        writer = source["parent_author"]
        goes = (rng.random(len(writer)) < chance) & ~silent[writer] & (writer != source["author"])
        delay = settings["median_h"] * np.exp(
            settings["sigma"] * rng.standard_normal(int(goes.sum()))
        )
        picked = {name: values[goes] for name, values in source.items()}
        writer = writer[goes]
        time = clock.later(picked["time"] + 0.005, delay, people.zone[writer])
        keep = (time < clock.hours) & (time < lives.end[writer])
        picked = {name: values[keep] for name, values in picked.items()}
        writer, time = writer[keep], time[keep]
        thread = picked["thread"]
        row = log.add(
            REPLY,
            time,
            writer,
            thread=topics.row[thread],
            parent=picked["row"],
            channel=topics.channel[thread],
            group=topics.group[thread],
        )
        source = {
            "row": row,
            "thread": thread,
            "time": time,
            "author": writer,
            "parent_author": picked["author"],
        }
        if not len(row):
            break
    _accept(log, topics, lives, preset, clock, rng, replies)


def _accept(
    log: Log,
    topics: Topics,
    lives: Lives,
    preset: Preset,
    clock: Clock,
    rng: np.random.Generator,
    replies: dict[str, np.ndarray],
) -> None:
    first = np.flatnonzero(replies["opening"])
    thread = replies["thread"][first]
    asker = topics.author[thread]
    time = clock.later(replies["time"][first], rng.exponential(6.0, len(first)), 0) + 0.02
    goes = (rng.random(len(first)) < preset["replies"]["accepted"]) & (time < clock.hours)
    goes &= time < lives.end[asker]
    log.add(
        ACCEPT,
        time[goes],
        asker[goes],
        thread=topics.row[thread[goes]],
        parent=replies["row"][first[goes]],
        channel=topics.channel[thread[goes]],
        group=topics.group[thread[goes]],
    )
