"""The visitors whom a viral post brings: the wrong audience, which hardly comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cmsim.clock import Clock
from cmsim.draw import exact_labels, exact_mask
from cmsim.lives import DAY, NEVER, Answers, Lives, draw_channels
from cmsim.log import STORIES, VISIT, Log
from cmsim.members import (
    LANGUAGES,
    LURKER,
    SOURCES,
    VIRAL,
    Population,
    zone_names,
)
from cmsim.observe import observed
from cmsim.presets import Preset
from cmsim.world import World, stream

__all__ = ["add_visitors", "viral_hours", "viral_measures"]

_BACK_FROM, _BACK_DAYS = 31.0, 14.0  # inside days 30-59 and inside the next calendar month


def viral_hours(preset: Preset) -> tuple[float, float]:
    """Return when the post comes out and when its visitors stop coming (hours)."""
    settings = preset["viral"]
    first = DAY * settings["day"] + settings["hour"]
    return first, first + DAY * settings["days"]


def add_visitors(
    log: Log,
    people: Population,
    lives: Lives,
    preset: Preset,
    clock: Clock,
    *,
    seed: int,
    members: int,
    language: str,
) -> tuple[Population, Lives]:
    """Add the visitors after everyone else, and write their visits in `log`.

    They write nothing and have their own random stream: the rest of the community is the
    same with them or without. An exact number comes back after a month.

    Returns
    -------
    Population, Lives
        Those given, with the visitors at the end.
    """
    rng, settings = stream(seed, "viral"), preset["viral"]
    count = max(10, round(settings["accounts"] * members / preset["members"]["default"]))
    visitors = _visitors(preset, clock, rng, count, language)
    time, who = _visits(rng, visitors, round(settings["returning"] * count))
    here = time < clock.hours
    time, who = time[here], who[here]
    log.add(
        VISIT,
        time,
        len(people) + who,
        channel=draw_channels(preset, rng, time / clock.hours),
        group=visitors.group[who],
        story=STORIES.index("viral_post"),
    )
    end = np.zeros(count)
    np.maximum.at(end, who, time + 0.02)
    return _joined(people, visitors), _longer(lives, end)


def viral_measures(world: World, published: pd.Timestamp) -> dict[str, Any]:
    """Measure, on the public tables, who joined after the post and who came back.

    The arrivals are the members who joined from social in the three days after it; the share
    who came back is that of those seen again 30 to 59 days after joining.
    """
    world = observed(world)
    day = pd.Timedelta(days=1)
    length = world.preset["viral"]["days"] * day
    people = world.members[world.members["role"] == "member"]
    joined = people["joined_at"]
    after = (joined >= published) & (joined < published + length)
    before = (joined >= published - length) & (joined < published)
    social = people["source"] == "social"
    log = world.events[["member_id", "timestamp"]].merge(people, on="member_id")
    age = log["timestamp"] - log["joined_at"]
    seen = people["member_id"].isin(
        log.loc[(age >= 30 * day) & (age < 60 * day), "member_id"].to_numpy()
    )
    mature = social & (joined <= world.seen_until - 60 * day)
    main = people["language"] == world.language
    return {
        "arrivals_3_days": int(after.sum()),
        "arrivals_3_days_before": int(before.sum()),
        "social_arrivals": int((after & social).sum()),
        "main_language": round(float(main[after & social].mean()), 4),
        "main_language_other_social": round(float(main[social & ~after].mean()), 4),
        "countries": {
            str(name): int(rows)
            for name, rows in people.loc[after & social, "country"].value_counts().items()
        },
        "retained_m1": round(float(seen[after & social].mean()), 4),
        "retained_m1_other_social": round(float(seen[mature & ~after].mean()), 4),
        "visitors_planted": int(world.latent["parameters"]["viral_visitors"]),
        "visitors_back_in_m1": int(world.latent["parameters"]["viral_visitors_back"]),
    }


def _visitors(
    preset: Preset, clock: Clock, rng: np.random.Generator, count: int, language: str
) -> Population:
    settings, places = preset["viral"], preset["places"]
    english = settings["english"] if language == preset["language"] else 1 - settings["english"]
    speaks = exact_mask(rng, count, round(english * count)).astype(np.int64)
    place = np.zeros(count, dtype=np.int64)
    rows = {(item["language"], item["country"]): row for row, item in enumerate(places)}
    for code, name in enumerate(LANGUAGES):
        who = np.flatnonzero(speaks == code)
        countries = exact_labels(rng, len(who), settings[name])
        place[who] = [rows[name, country] for country in countries]
    names = zone_names(preset)
    zone = np.array([names.index(item["zone"]) for item in places])[place]
    first, last = viral_hours(preset)
    low = clock.operational(np.full(count, first), zone)
    high = clock.operational(np.full(count, last), zone)
    joined = clock.real(low + rng.beta(1.0, 2.5, count) * (high - low), zone)
    groups = np.array([item["share"] for item in preset["groups"]])
    ages = np.asarray(preset["age_bands"], dtype=float)
    return Population(
        joined=np.clip(joined, first + 0.02, last - 0.02),
        source=np.full(count, SOURCES.index("social")),
        place=place,
        zone=zone,
        language=speaks,
        age=rng.choice(len(ages), size=count, p=ages / ages.sum()),
        group=rng.choice(len(groups), size=count, p=groups / groups.sum()),
        archetype=np.full(count, LURKER),
        wave=np.full(count, VIRAL),
        skill=np.zeros(count),
        deleted=np.zeros(count, dtype=bool),
        consent=rng.random(count) < preset["members"]["consent"],
        contest_extra=0,
    )


def _visits(
    rng: np.random.Generator, visitors: Population, returning: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return when the visitors come, and which: at once, some the next days, few after a month."""
    count = len(visitors)
    again = np.flatnonzero(rng.random(count) < 0.35)
    back = rng.permutation(count)[:returning]
    who = np.concatenate([np.arange(count), again, back])
    later = np.concatenate(
        [
            np.full(count, 0.01),
            2 * DAY * rng.random(len(again)) + 0.1,
            DAY * (_BACK_FROM + _BACK_DAYS * rng.random(len(back))),
        ]
    )
    return visitors.joined[who] + later, who


def _joined(people: Population, visitors: Population) -> Population:
    both: dict[str, Any] = {
        name: np.concatenate([value, getattr(visitors, name)])
        for name, value in vars(people).items()
        if isinstance(value, np.ndarray)
    }
    return replace(people, **both)


def _longer(lives: Lives, end: np.ndarray) -> Lives:
    """Add lives without a topic, an answer or a chance to stay, that end at `end`."""
    count = len(end)
    no, never = np.zeros(count, dtype=bool), np.full(count, NEVER)
    return replace(
        lives,
        first_topic=np.concatenate([lives.first_topic, never]),
        channel=np.concatenate([lives.channel, np.full(count, -1)]),
        answers=Answers(
            np.concatenate([lives.answers.answered, no]),
            np.concatenate([lives.answers.time, never]),
        ),
        answered_24h=np.concatenate([lives.answered_24h, no]),
        stayed=np.concatenate([lives.stayed, no]),
        end=np.concatenate([lives.end, end]),
        probability=np.concatenate([lives.probability, np.zeros(count)]),
    )
