"""Build the world of a simulation: members, events and what lies behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from cmsim.adjust import adjust_redefinition
from cmsim.clock import Clock
from cmsim.lives import DAY, NEVER, Lives, draw_lives
from cmsim.log import KINDS, REPLY, STORIES, TOPIC, Log, in_order
from cmsim.members import (
    ARCHETYPES,
    BOT,
    LURKER,
    SPAM,
    VIRAL,
    WAVES,
    Population,
    draw_population,
    members_table,
    zone_names,
)
from cmsim.planting import Planted, choose_people, plant_events
from cmsim.presets import Preset
from cmsim.threads import write_threads
from cmsim.viral import add_visitors, viral_hours
from cmsim.visits import write_reactions, write_visits
from cmsim.world import World, stream

__all__ = ["build_world"]


def build_world(
    preset: Preset,
    *,
    seed: int,
    members: int,
    language: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    step: Callable[[str], None] = lambda name: None,
) -> World:
    """Simulate the community of a preset.

    Parameters
    ----------
    preset : Preset
    seed : int
    members : int
        Accounts, without the team, the bots, the spam wave and a viral post's visitors.
    language : {"fr", "en"}
    start, end : pandas.Timestamp
        First day and the day after the last one; the world is drawn from 00:00 UTC to
        00:00 UTC.
    step : callable, optional
        Called with the name of each stage before it starts.

    Returns
    -------
    World
    """
    hours = (end - start) / pd.Timedelta(hours=1)
    step("members")
    clock = _clock(preset, start, hours)
    people = draw_population(preset, clock, seed=seed, members=members, language=language)
    lives = draw_lives(people, preset, clock, seed=seed)
    planted = choose_people(people, lives, preset, seed=seed)
    log = Log()
    step("threads")
    topics = write_threads(log, people, lives, preset, clock, seed=seed, excluded=planted.brokers)
    plant_events(log, people, lives, topics, planted, preset, clock, seed=seed)
    step("visits")
    visits = write_visits(log, people, lives, preset, clock, seed=seed)
    write_reactions(log, people, visits, preset, seed=seed)
    if preset.get("viral"):
        people, lives = add_visitors(
            log, people, lives, preset, clock, seed=seed, members=members, language=language
        )
    step("tables")
    written = log.columns()
    written["time"] = clock.skip_outage(written["time"])
    if preset.get("redefinition"):
        written = adjust_redefinition(written, people, preset, start, seed=seed)
    columns = in_order(written, start)
    number, kept = _numbers(people)
    true_member = number[columns["member"]]
    deleted = people.deleted[columns["member"]]
    return World(
        preset=preset,
        seed=seed,
        language=language,
        start=start,
        end=end,
        members=members_table(_subset(people, kept), preset, start),
        events=_events_table(columns, true_member, deleted, people, preset, seed),
        latent={
            "members": _member_labels(people, lives, planted, kept),
            "events": _event_labels(columns, true_member, seed),
            "windows": _windows(preset, start, lives),
            "parameters": _parameters(people, lives, preset),
            "planted": {
                "brokers": [int(x) for x in number[planted.brokers]],
                "trolls": [int(x) for x in number[planted.trolls]],
                "super_user": int(number[lives.super_user]) if lives.super_user >= 0 else None,
            },
        },
    )


def _clock(preset: Preset, start: pd.Timestamp, hours: float) -> Clock:
    outage = preset.get("outage")
    window = None
    if outage and hours > 24 * outage["day"] + 48:
        first = DAY * outage["day"] + outage["from_hour"]
        window = (first, first + outage["hours"], float(outage["rebound_hours"]))
    return Clock(
        start,
        hours,
        zones=zone_names(preset),
        by_hour=preset["clock"]["by_hour"],
        by_weekday=preset["clock"]["by_weekday"],
        outage=window,
    )


def _numbers(people: Population) -> tuple[np.ndarray, np.ndarray]:
    arrival = np.argsort(people.joined, kind="stable")
    deleted = people.deleted[arrival]
    kept = arrival[~deleted]
    order = np.concatenate([kept, arrival[deleted]])
    number = np.empty(len(people), dtype=np.int64)
    number[order] = np.arange(1, len(people) + 1)
    return number, kept


def _subset(people: Population, rows: np.ndarray) -> Population:
    values = {
        name: value[rows] if isinstance(value, np.ndarray) else value
        for name, value in vars(people).items()
    }
    return Population(**values)


def _events_table(
    columns: dict[str, np.ndarray],
    true_member: np.ndarray,
    deleted: np.ndarray,
    people: Population,
    preset: Preset,
    seed: int,
) -> pd.DataFrame:
    count = len(true_member)
    rng = stream(seed, "event language")
    speaks = people.language[columns["member"]]
    other = rng.random(count) < preset["members"]["code_switching"]
    speaks = np.where(other, 1 - speaks, speaks)
    wrote = (columns["kind"] == TOPIC) | (columns["kind"] == REPLY)
    channels = preset.get("channels")
    names = [item["name"] for item in channels or preset["groups"]]
    section = columns["channel"] if channels else columns["group"]
    return pd.DataFrame(
        {
            "event_id": np.arange(1, count + 1),
            "timestamp": columns["timestamp"],
            "member_id": _nullable(true_member, deleted),
            "kind": pd.Categorical.from_codes(columns["kind"], list(KINDS)),
            "thread_id": _nullable(columns["thread"], columns["thread"] == 0),
            "parent_id": _nullable(columns["parent"], columns["parent"] == 0),
            "channel": pd.Categorical.from_codes(np.maximum(section, 0), names),
            "language": pd.Categorical.from_codes(np.where(wrote, speaks, -1), ["fr", "en"]),
        }
    )


def _nullable(values: np.ndarray, missing: np.ndarray) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(np.where(missing, 1, values).astype(np.int64), missing)


def _member_labels(
    people: Population, lives: Lives, planted: Planted, kept: np.ndarray
) -> pd.DataFrame:
    position = np.arange(len(people))
    frame = pd.DataFrame(
        {
            "archetype": np.asarray(ARCHETYPES, dtype=object)[people.archetype],
            "wave": np.asarray(WAVES, dtype=object)[people.wave],
            "poster": (people.archetype != LURKER) & (people.archetype != BOT),
            "spammer": people.wave == SPAM,
            "troll": np.isin(position, planted.trolls),
            "broker": np.isin(position, planted.brokers),
            "super_user": position == lives.super_user,
            "skill": people.skill,
            "answered_24h": lives.answered_24h,
            "stay_probability": lives.probability,
            "stayed_90": lives.stayed,
            "lifetime_days": np.where(
                lives.end >= NEVER, np.inf, (lives.end - people.joined) / DAY
            ),
        }
    )
    frame = frame.iloc[kept].reset_index(drop=True)
    frame.insert(0, "member_id", np.arange(1, len(frame) + 1))
    return frame


def _event_labels(
    columns: dict[str, np.ndarray], true_member: np.ndarray, seed: int
) -> pd.DataFrame:
    rng = stream(seed, "tone")
    wrote = (columns["kind"] == TOPIC) | (columns["kind"] == REPLY)
    rude = wrote & (columns["story"] == 0) & (rng.random(len(wrote)) < 0.033)
    spam = columns["story"] == STORIES.index("spam_wave")
    stray = wrote & (columns["story"] == 0) & ~rude & (rng.random(len(wrote)) < 0.017)
    return pd.DataFrame(
        {
            "event_id": np.arange(1, len(wrote) + 1),
            "true_member_id": true_member,
            "toxic": columns["toxic"] | rude,
            "spam": spam | stray,
            "story": pd.Categorical.from_codes(columns["story"], list(STORIES)),
        }
    )


def _windows(
    preset: Preset, start: pd.Timestamp, lives: Lives
) -> dict[str, tuple[pd.Timestamp, pd.Timestamp | None]]:
    def at(hours: float) -> pd.Timestamp:
        return start + pd.Timedelta(hours=hours)

    windows: dict[str, tuple[pd.Timestamp, pd.Timestamp | None]] = {}
    outage = preset.get("outage")
    if outage:
        first = DAY * outage["day"] + outage["from_hour"]
        last = first + outage["hours"]
        windows["outage"] = (at(first), at(last))
        windows["rebound"] = (at(last), at(last + outage["rebound_hours"]))
        windows["ticket_surge"] = (at(first), at(last + 48))
    for name in ("contest", "spam_wave"):
        if preset.get(name):
            first = DAY * preset[name]["day"]
            windows[name] = (at(first), at(first + DAY * preset[name]["days"]))
    if preset.get("viral"):
        first, last = viral_hours(preset)
        windows["viral"] = (at(first), at(last))
    for name in ("super_user", "staff_cut"):
        if preset.get(name):
            windows[name] = (at(DAY * preset[name]["day"]), None)
    return windows


def _parameters(people: Population, lives: Lives, preset: Preset) -> dict[str, Any]:
    retention = preset["retention"]
    parameters: dict[str, Any] = {
        "theta": retention["theta"],
        "stay_log_odds_by_source": lives.base,
        "stay_log_odds_by_archetype": {
            name: retention[name] for name in ("one_time", "asker", "regular", "core")
        },
        "stay_90_by_source": dict(retention["stay_90"]),
        "unanswered": preset["replies"]["unanswered"],
        "homophily": preset["replies"]["homophily"],
    }
    if preset.get("contest"):
        parameters["contest_extra_arrivals"] = people.contest_extra
    if preset.get("viral"):
        visitors = people.wave == VIRAL
        parameters["viral_visitors"] = int(visitors.sum())
        stayed = lives.end - people.joined > 30 * DAY
        parameters["viral_visitors_back"] = int((visitors & stayed).sum())
    if preset.get("staff_cut"):
        parameters["weekend_slower"] = preset["staff_cut"]["slower"]
    return parameters
