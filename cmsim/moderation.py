"""Reported content, and a simple score whose two thresholds each make a different mistake.

Score of an item: 2 points a link (two links at most), 1 point a report (six at most),
3 points when the account is less than 2 days old, 1 point when it is less than 30 days old.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.messages import N_
from cmsim.draw import (
    EXACT,
    exact_labels,
    exact_mask,
    plain,
    scaled_count,
    to_seconds,
    to_times,
)
from cmsim.observe import observed_table
from cmsim.stories import Story
from cmsim.world import World

__all__ = ["SCORE_RULE", "make_moderation", "moderation_score"]

SCORE_RULE = (
    "2 x min(links, 2) + min(reports, 6) + 3 if account_age_days < 2, else 1 if < 30, else 0"
)
CRITIC_REASON = "criticism, within the rules"
_BAD_SHARE, _CRITIC_SHARE = 0.041, 1 / 15
# Share at or above each threshold
_AT_4 = {"bad": 0.91, "critic": 0.59, "ordinary": 0.03}
_AT_6 = {"bad": 0.54, "critic": 0.10, "ordinary": 0.003}
_WAVE_ACCOUNTS = 14
_RULES = {1: "insult", 2: "advertising", 3: "off topic"}
# (both remove, first only, second only)
_MODERATORS = {"bad": (0.50, 0.20, 0.20), "critic": (0.03, 0.13, 0.13),
               "ordinary": (0.001, 0.004, 0.004)}  # fmt: skip


def moderation_score(items: pd.DataFrame) -> pd.Series:
    """Return the score of reported items, from the public columns of ``moderation``.

    Examples
    --------
    >>> moderation_score(
    ...     pd.DataFrame({"links": [1], "reports": [3], "account_age_days": [1.5]})
    ... ).to_list()
    [8]
    """
    points = _age_points(items["account_age_days"].to_numpy(dtype=float))
    return 2 * items["links"].clip(upper=2) + items["reports"].clip(upper=6) + points


def make_moderation(world: World) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Make ``moderation``, with its stories, labels and rule."""
    rng = world.rng("moderation")
    kind, event, wave = _items(world, rng)
    rows = len(kind)
    seconds = world.events["timestamp"].to_numpy().astype("datetime64[s]").astype("int64")[event]
    author = world.latent["events"]["true_member_id"].to_numpy()[event]
    joined = world.members["joined_at"].to_numpy().astype("datetime64[s]").astype("int64")
    age = np.maximum(seconds - joined[author - 1], 0) / 86400
    spam = world.latent["events"]["spam"].to_numpy(dtype=bool)[event]
    links, reports = _signals(rng, kind, _age_points(np.round(age, 1)), spam | wave, wave)
    reported = seconds + np.round(rng.exponential(2.0, rows) * 3600).astype("int64") + 60
    if wave.any():
        night = to_seconds(pd.Timestamp(seconds[wave].max(), unit="s").normalize()) + 86400
        reported[wave] = night + 3600 + rng.integers(0, 3 * 3600, int(wave.sum()))
    end = to_seconds(world.seen_until)
    reported = np.minimum(reported, end - 3600)
    hour = (reported // 3600) % 24
    wait = np.exp(rng.normal(np.where((hour >= 20) | (hour < 6), 2.0, 0.9), 0.8, rows))
    decided = reported + np.maximum(np.round(wait * 3600), 60).astype("int64")
    bad = kind == "bad"
    decided = np.where(bad, np.minimum(decided, end - 60), decided)
    pending = ~bad & (kind != "critic") & ((decided >= end) | (rng.random(rows) < 0.015))
    decided = np.where(pending, end, np.minimum(decided, end - 60))
    decision = np.where(bad, "remove", "keep").astype(object)
    ordinary = np.flatnonzero((kind == "ordinary") & ~pending)
    decision[ordinary[exact_mask(rng, len(ordinary), round(0.03 * len(ordinary)))]] = "warn"
    decision[pending] = None
    rule = np.where(spam | wave, 2, np.where(bad, 1, 3))
    acted = np.isin(decision.astype(str), ["remove", "warn"])
    reason = pd.Series(rule).map(_RULES).where(acted)
    reason = reason.mask(kind == "critic", CRITIC_REASON)
    first, second = _judgements(rng, kind)
    order = np.lexsort((event, reported))
    items = pd.DataFrame(
        {
            "item_id": 0,
            "event_id": world.events["event_id"].to_numpy()[event],
            "reported_at": to_times(reported),
            "decided_at": pd.Series(to_times(decided)).mask(pending),
            "decision": decision,
            "rule_id": pd.Series(rule).astype("Int64").where(acted),
            "reason": reason,
            "appeal": acted & (rng.random(rows) < np.where(kind == "bad", 0.12, 0.22)),
            "links": links,
            "account_age_days": np.round(age, 1),
            "reports": reports,
            "moderator_a": pd.Series(first).mask(pending),
            "moderator_b": pd.Series(second).mask(pending),
            "kind": kind,
            "wave": wave,
        }
    )
    items = items.iloc[order].reset_index(drop=True)
    items["item_id"] = np.arange(1, rows + 1)
    items = observed_table(world, "moderation", items)
    labels = items[["item_id", "kind", "wave"]]
    items = items.drop(columns=["kind", "wave"])
    truth = {
        "stories": _stories(world, items, labels),
        "labels": {"moderation": labels},
        "moderation_score": SCORE_RULE,
    }
    return items, truth


def _items(world: World, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Choose which events are reported: their kind, their row, and who is in the night wave."""
    events, latent = world.events, world.latent["events"]
    people = world.latent["members"]
    text = np.isin(events["kind"].to_numpy(dtype=object), ["topic", "reply"])
    seconds = events["timestamp"].to_numpy().astype("datetime64[s]").astype("int64")
    author = latent["true_member_id"].to_numpy()
    joined = world.members["joined_at"].to_numpy().astype("datetime64[s]").astype("int64")
    here = author <= len(joined)  # the authors of deleted accounts are not in the table
    row = np.where(here, author, 1) - 1
    role = world.members["role"].to_numpy(dtype=object)[row]
    age = (seconds - joined[row]) / 86400
    usable = text & here & (role == "member") & (seconds < to_seconds(world.end) - 2 * 86400)
    toxic, spam = latent["toxic"].to_numpy(dtype=bool), latent["spam"].to_numpy(dtype=bool)
    spammer = people["spammer"].to_numpy(dtype=bool)[row] & here
    wave = _wave(rng, np.flatnonzero(usable & (spam | spammer) & (age < 1.4)), seconds, author)
    rows = min(scaled_count(world, world.preset["moderation"]["rows"]), int(usable.sum() * 0.6))
    n_bad, n_critic = round(_BAD_SHARE * rows), round(_CRITIC_SHARE * rows)
    harmful = np.setdiff1d(np.flatnonzero(usable & (toxic | spam)), wave)
    old_enough = np.setdiff1d(harmful[age[harmful] >= 2], wave)
    bad = rng.permutation(old_enough)[: n_bad - len(wave)]
    clean = np.flatnonzero(usable & ~toxic & ~spam & ~spammer & (age >= 2))
    settled = rng.permutation(clean[age[clean] >= 30])
    critic = settled[:n_critic]
    rest = rng.permutation(np.setdiff1d(clean, critic))
    ordinary = rest[: rows - len(wave) - len(bad) - len(critic)]
    event = np.concatenate([wave, bad, critic, ordinary]).astype(int)
    kind = np.repeat(
        np.array(["bad", "critic", "ordinary"], dtype=object),
        [len(wave) + len(bad), len(critic), len(ordinary)],
    )
    return kind, event, np.arange(len(event)) < len(wave)


def _wave(
    rng: np.random.Generator, rows: np.ndarray, seconds: np.ndarray, author: np.ndarray
) -> np.ndarray:
    """Return one event of each of 14 young accounts that wrote on the same day."""
    if not len(rows):
        return rows
    _accounts, first = np.unique(author[rows], return_index=True)
    rows = np.sort(rows[first])
    day = seconds[rows] // 86400
    best = pd.Series(day).value_counts(sort=False)
    if best.max() < _WAVE_ACCOUNTS:
        return rows[:0]
    return np.sort(rng.permutation(rows[day == best.idxmax()])[:_WAVE_ACCOUNTS])


def _age_points(age: np.ndarray) -> np.ndarray:
    return np.where(age < 2, 3, np.where(age < 30, 1, 0))


def _signals(
    rng: np.random.Generator,
    kind: np.ndarray,
    points: np.ndarray,
    spam: np.ndarray,
    wave: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw links and reports so that each kind passes each threshold in its exact share."""
    score = np.zeros(len(kind), dtype=int)
    for name in ("bad", "critic", "ordinary"):
        at = np.flatnonzero(kind == name)
        high, middle = round(_AT_6[name] * len(at)), round(_AT_4[name] * len(at))
        # The wave is flagged by its age alone; the youngest accounts cannot score low.
        rank = np.lexsort((rng.random(len(at)), -points[at], ~wave[at]))
        at = at[rank] if name == "bad" else rng.permutation(at)
        score[at[:high]] = 6 + np.minimum(rng.geometric(0.5, high) - 1, 3)
        score[at[high:middle]] = rng.integers(4, 6, middle - high)
        low = at[middle:]
        score[low] = rng.integers(points[low] + 1, 4)
    left = score - points
    needed = np.ceil((left - 6) / 2).clip(0, 2).astype(int)
    wanted = np.where(spam, 2, (rng.random(len(kind)) < 0.25).astype(int))
    links = np.maximum(np.minimum(wanted, (left - 1) // 2), needed)
    reports = left - 2 * links
    capped = reports == 6
    reports = reports + np.where(capped, rng.geometric(0.5, len(kind)) - 1, 0)
    links = links + np.where((links == 2) & spam, rng.integers(0, 3, len(kind)), 0)
    return links, reports


def _judgements(rng: np.random.Generator, kind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first = np.full(len(kind), "keep", dtype=object)
    second = first.copy()
    for name, (both, one, other) in _MODERATORS.items():
        at = np.flatnonzero(kind == name)
        shares = {"both": both, "a": one, "b": other, "none": 1 - both - one - other}
        label = exact_labels(rng, len(at), shares)
        first[at[np.isin(label.astype(str), ["both", "a"])]] = "remove"
        second[at[np.isin(label.astype(str), ["both", "b"])]] = "remove"
    return first, second


def _stories(world: World, items: pd.DataFrame, labels: pd.DataFrame) -> list[Story]:
    score = moderation_score(items)
    bad, critic = labels["kind"] == "bad", labels["kind"] == "critic"
    pack = world.preset.name
    stories = [
        Story(
            id="two_thresholds",
            pack=pack,
            title=N_("Either threshold makes its own mistake"),
            see=N_(
                "Score of each item (rule in the truth file), against decision: removed items "
                "caught, and critics within the rules flagged, at 4 points and at 6."
            ),
            value=plain(
                {
                    "items": len(items),
                    "bad_share": round(float(bad.mean()), 4),
                    "doing_nothing_is_right": round(float(1 - bad.mean()), 4),
                    "threshold_4_catches": round(float((score[bad] >= 4).mean()), 4),
                    "threshold_4_flags_critics": round(float((score[critic] >= 4).mean()), 4),
                    "threshold_6_catches": round(float((score[bad] >= 6).mean()), 4),
                    "threshold_6_flags_critics": round(float((score[critic] >= 6).mean()), 4),
                    "critics": int(critic.sum()),
                    "rule": SCORE_RULE,
                }
            ),
            placed=EXACT,
        )
    ]
    if labels["wave"].any():
        wave = items[labels["wave"]]
        accounts = world.events["member_id"].to_numpy()[wave["event_id"].to_numpy(int) - 1]
        stories.append(
            Story(
                id="night_wave",
                pack=pack,
                title=N_("A night wave from young accounts"),
                see=N_(
                    "Removed items reported between 01:00 and 04:00 (UTC) that night by accounts "
                    "less than two days old: count the authors of their events."
                ),
                value=plain(
                    {
                        "night": str(wave["reported_at"].min().date()),
                        "items": len(wave),
                        "accounts": int(pd.Series(accounts).nunique()),
                        "oldest_account_days": float(wave["account_age_days"].max()),
                    }
                ),
                placed=EXACT,
            )
        )
    return stories
