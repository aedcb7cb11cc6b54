"""Who joins, when, from where, and what kind of participant each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cmsim.clock import Clock
from cmsim.presets import Preset
from cmsim.sampling import stratified_normal, take_share
from cmsim.world import stream

__all__ = [
    "ARCHETYPES",
    "SOURCES",
    "Population",
    "draw_population",
    "members_table",
    "timestamps",
    "zone_names",
]

SOURCES = ("search", "social", "referral", "contest", "event", "import")
LANGUAGES = ("fr", "en")
AGE_BANDS = ("18-24", "25-34", "35-44", "45-54", "55+")
ARCHETYPES = ("lurker", "one_time", "asker", "regular", "core", "staff", "bot")
LURKER, ONE_TIME, ASKER, REGULAR, CORE, STAFF, BOT = range(7)
WAVES = ("", "founder", "contest", "spam", "team", "viral")
ORDINARY, FOUNDER, CONTEST, SPAM, TEAM, VIRAL = range(6)


@dataclass
class Population:
    """One array a property, one entry a person, in order of arrival (hours since the start)."""

    joined: np.ndarray
    source: np.ndarray
    place: np.ndarray
    zone: np.ndarray
    language: np.ndarray
    age: np.ndarray
    group: np.ndarray
    archetype: np.ndarray
    wave: np.ndarray
    skill: np.ndarray
    deleted: np.ndarray
    consent: np.ndarray
    contest_extra: int

    def __len__(self) -> int:
        return len(self.joined)

    def having(self, *archetypes: int) -> np.ndarray:
        """Return the positions of the people of these archetypes."""
        return np.flatnonzero(np.isin(self.archetype, archetypes))


def draw_population(
    preset: Preset, clock: Clock, *, seed: int, members: int, language: str
) -> Population:
    """Draw everyone who ever joins: founders, newcomers, campaign waves, team and bots.

    Parameters
    ----------
    preset : Preset
    clock : Clock
        People join at the hours at which the community is awake.
    seed : int
    members : int
        Accounts, without the team, the bots and the spam wave.
    language : {"fr", "en"}
        Main language; where it differs from the preset's, the languages are exchanged.

    Returns
    -------
    Population
    """
    rng = stream(seed, "members")
    joined, wave, extra = _arrivals(preset, clock, rng, members)
    count = len(joined)
    source = _draw(rng, _shares(preset["sources"], SOURCES), count)
    source[wave == CONTEST] = SOURCES.index("contest")
    source[wave == SPAM] = SOURCES.index("search")
    source[np.isin(wave, (FOUNDER, TEAM))] = SOURCES.index("import")
    archetype = _archetypes(preset, rng, wave)
    group, speaks, place, zone = _places(preset, rng, count, language)
    special = np.isin(wave, (SPAM, TEAM, FOUNDER))
    skill = _skill(preset, rng, archetype, wave)
    founders = np.flatnonzero(wave == FOUNDER)
    ranked = founders[np.argsort(-skill[founders], kind="stable")]
    group[ranked] = np.arange(len(ranked)) % len(preset["groups"])
    return Population(
        joined=joined,
        source=source,
        place=place,
        zone=zone,
        language=speaks,
        age=_draw(rng, np.asarray(preset["age_bands"], dtype=float), count),
        group=group,
        archetype=archetype,
        wave=wave,
        skill=skill,
        deleted=(rng.random(count) < preset["members"]["deleted"]) & ~special,
        consent=rng.random(count) < preset["members"]["consent"],
        contest_extra=extra,
    )


def members_table(people: Population, preset: Preset, start: pd.Timestamp) -> pd.DataFrame:
    """Write the table ``members`` of people in the order given."""
    places = preset["places"]
    names = [group["name"] for group in preset["groups"]]
    role = np.where(people.archetype == STAFF, 1, np.where(people.archetype == BOT, 2, 0))
    return pd.DataFrame(
        {
            "member_id": np.arange(1, len(people) + 1),
            "joined_at": timestamps(people.joined, start),
            "source": _words(SOURCES, people.source),
            "country": _words([place["country"] for place in places], people.place),
            "timezone": _words([place["zone"] for place in places], people.place),
            "language": _words(LANGUAGES, people.language),
            "age_band": _words(AGE_BANDS, people.age),
            "role": _words(("member", "staff", "bot"), role),
            "group": _words(names, people.group),
            "customer_id": pd.array([pd.NA] * len(people), dtype="Int64"),
            "consent_analytics": people.consent,
        }
    )


def timestamps(hours: np.ndarray, start: pd.Timestamp) -> np.ndarray:
    """Turn hours since the start into UTC times, to the second."""
    first = start.to_datetime64().astype("datetime64[s]").astype(np.int64)
    seconds: np.ndarray = (hours * 3600).astype(np.int64) + first
    return seconds.astype("datetime64[s]")


def _arrivals(
    preset: Preset, clock: Clock, rng: np.random.Generator, members: int
) -> tuple[np.ndarray, np.ndarray, int]:
    settings, scale = preset["members"], members / preset["members"]["default"]
    founders = max(3, round(settings["founders"] * scale))
    contest, spam = preset.get("contest"), preset.get("spam_wave")
    extra = round(contest["extra_accounts"] * scale) if contest else 0
    ordinary = members - founders - extra
    knots = np.asarray(settings["growth"], dtype=float)
    grid = np.linspace(0, 1, 2001)
    total = np.cumsum(np.interp(grid, knots[:, 0], knots[:, 1]))
    draws = (np.arange(ordinary) + rng.random(ordinary)) / ordinary
    times = [np.interp(draws, (total - total[0]) / (total[-1] - total[0]), grid) * clock.hours]
    times = [clock.real(times[0], 0)]
    waves = [np.full(ordinary, ORDINARY)]
    if contest:
        first, last = 24.0 * contest["day"], 24.0 * (contest["day"] + contest["days"])
        inside = np.flatnonzero((times[0] >= first) & (times[0] < last))
        waves[0][rng.permutation(inside)[: round(contest["displaced"] * len(inside))]] = CONTEST
        times.append(_inside(clock, first, last, rng.beta(1.2, 1.8, extra)))
        waves.append(np.full(extra, CONTEST))
    if spam:
        accounts = max(5, round(spam["accounts"] * scale))
        first, last = 24.0 * spam["day"], 24.0 * (spam["day"] + spam["days"])
        times.append(_inside(clock, first, last, rng.random(accounts)))
        waves.append(np.full(accounts, SPAM))
    times.append(rng.uniform(0.5, 6.0, founders))
    waves.append(np.full(founders, FOUNDER))
    team = settings["staff"] + settings["bots"]
    times.append(np.linspace(0.05, 0.4, team))
    waves.append(np.full(team, TEAM))
    joined, wave = np.concatenate(times), np.concatenate(waves)
    order = np.argsort(joined, kind="stable")
    return joined[order], wave[order], extra


def _inside(clock: Clock, first: float, last: float, share: np.ndarray) -> np.ndarray:
    low, high = clock.operational(np.array([first, last]), 0)
    return np.clip(clock.real(low + share * (high - low), 0), first, last - 0.1)


def _archetypes(preset: Preset, rng: np.random.Generator, wave: np.ndarray) -> np.ndarray:
    settings, count = preset["members"], len(wave)
    mix = np.asarray(preset["members"]["mix"], dtype=float)
    chance = np.full(count, float(settings["posters"]))
    chance[wave == CONTEST] = settings.get("contest_posters", settings["posters"])
    posters = take_share(rng, chance, wave)
    drawn = np.searchsorted(np.cumsum(mix) / mix.sum(), _even(rng, posters), side="right")
    archetype = np.where(posters, ONE_TIME + np.minimum(drawn, 3), LURKER)
    core = rng.random(count) < 0.5
    founder = (wave == FOUNDER) & (not settings.get("founders_ordinary", False))
    archetype = np.where(founder, np.where(core, CORE, REGULAR), archetype)
    archetype[(wave == CONTEST) & (archetype == CORE)] = ASKER
    archetype[wave == SPAM] = LURKER
    team = np.flatnonzero(wave == TEAM)
    archetype[team] = STAFF
    archetype[team[settings["staff"] :]] = BOT
    return archetype


def _skill(
    preset: Preset, rng: np.random.Generator, archetype: np.ndarray, wave: np.ndarray
) -> np.ndarray:
    settings = preset["skill"]
    skill = np.zeros(len(archetype))
    for code, name in ((ASKER, "asker"), (REGULAR, "regular"), (CORE, "core")):
        who = np.flatnonzero(archetype == code)
        skill[who] = np.exp(settings[name] + settings["sigma"] * stratified_normal(rng, len(who)))
    founder = (wave == FOUNDER) & (skill > 0)
    skill[founder] *= settings.get("founder_factor", 1.0)
    return skill


def _places(
    preset: Preset, rng: np.random.Generator, count: int, language: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    groups, places = preset["groups"], preset["places"]
    group = _draw(rng, np.array([item["share"] for item in groups]), count)
    english = np.array([item["english"] for item in groups])
    if language != preset["language"]:
        english = 1 - english
    speaks = (rng.random(count) < english[group]).astype(np.int64)
    place = np.zeros(count, dtype=np.int64)
    for code, name in enumerate(LANGUAGES):
        share = np.array([item["share"] if item["language"] == name else 0.0 for item in places])
        who = np.flatnonzero(speaks == code)
        place[who] = _draw(rng, share, len(who))
    zones = zone_names(preset)
    zone = np.array([zones.index(item["zone"]) for item in places])[place]
    return group, speaks, place, zone


def zone_names(preset: Preset) -> list[str]:
    """Return the time zones of the pack, each once, in the order of its places."""
    return list(dict.fromkeys(place["zone"] for place in preset["places"]))


def _draw(rng: np.random.Generator, shares: np.ndarray, count: int) -> np.ndarray:
    total = np.cumsum(shares, dtype=float)
    even = (rng.permutation(count) + rng.random(count)) / max(count, 1)
    return np.searchsorted(total / total[-1], even, side="right").clip(0, len(shares) - 1)


def _even(rng: np.random.Generator, which: np.ndarray) -> np.ndarray:
    """Return uniform draws, evenly spread among the people chosen by `which`."""
    draws = np.zeros(len(which))
    count = int(which.sum())
    draws[which] = (rng.permutation(count) + rng.random(count)) / max(count, 1)
    return draws


def _shares(table: dict[str, float], names: tuple[str, ...]) -> np.ndarray:
    return np.array([table.get(name, 0.0) for name in names])


def _words(words: Sequence[str], codes: np.ndarray) -> pd.Series:
    return pd.Series(pd.array(np.asarray(words, dtype=object), dtype="str").take(codes))
