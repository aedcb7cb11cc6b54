"""Opinions, surveys and reported content."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.messages import N_
from cmsim.draw import (
    EXACT,
    exact_labels,
    exact_mask,
    nudge_to_sum,
    ordinary_members,
    pick_members,
    plain,
    scaled_count,
    to_seconds,
    to_times,
)
from cmsim.moderation import make_moderation
from cmsim.observe import observed_table
from cmsim.stories import Story
from cmsim.text import pack_topics, write_sentences
from cmsim.world import World

__all__ = ["make_feedback"]

_TOPIC = "delivery"
_OVERALL = 3.6
_BEFORE, _AFTER = 3.8, 2.0  # mean rating of the topic
_SCORE_SHARES = {1: 0.09, 2: 0.13, 3: 0.19, 4: 0.31, 5: 0.28}
_TONES = np.array(["negative", "neutral", "positive"], dtype=object)
# Share of opinions each reader gets wrong, and how much more often irony fools them.
_CODER_ERRORS = (0.11, 0.13)
_HARDER = {"irony": 4.0, "negation": 1.5, "mixed": 1.5, "plain": 1.0}


def make_feedback(world: World) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Make ``feedback``, ``moderation`` and ``surveys``.

    Returns
    -------
    tables : dict of str to DataFrame
    truth : dict
        ``"stories"``, ``"labels"`` and the rule of the moderation score.
    """
    feedback, stories, feedback_labels = _feedback(world)
    moderation, moderation_truth = make_moderation(world)
    tables = {"feedback": feedback, "moderation": moderation, "surveys": _surveys(world)}
    labels = {"feedback": feedback_labels, **moderation_truth.pop("labels")}
    stories += moderation_truth.pop("stories")
    return tables, {"stories": stories, "labels": labels, **moderation_truth}


def _feedback(world: World) -> tuple[pd.DataFrame, list[Story], pd.DataFrame]:
    rng = world.rng("feedback")
    rows = scaled_count(world, world.preset["feedback"]["rows"])
    start, end = to_seconds(world.start), to_seconds(world.end)
    place = np.sort(1 - np.sqrt(1 - 0.75 * rng.random(rows)))[::-1]  # more and more opinions
    seconds = start + (1 - place / place.max()) * (end - start - 1)
    turn = _turn(world)
    after = seconds >= to_seconds(turn)
    topics = pack_topics(world.preset.name)
    others = [name for name in topics if name != _TOPIC]
    shares = {_TOPIC: 0.16, **dict.fromkeys(others, 0.84 / len(others))}
    topic, rating = np.empty(rows, dtype=object), np.zeros(rows, dtype="int64")
    for side, of_topic in ((~after, _BEFORE), (after, _AFTER)):
        at = np.flatnonzero(side)
        topic[at] = exact_labels(rng, len(at), shares)
        rating[at] = exact_labels(rng, len(at), {str(k): v for k, v in _SCORE_SHARES.items()})
        inside, outside = at[topic[at] == _TOPIC], at[topic[at] != _TOPIC]
        total = round(of_topic * len(inside))
        rating[inside] = nudge_to_sum(rng, rating[inside], total, 1, 5)
        rating[outside] = nudge_to_sum(
            rng, rating[outside], round(_OVERALL * len(at)) - total, 1, 5
        )
    member = pick_members(world, rng, to_times(seconds))
    language = world.members["language"].to_numpy(dtype=object)[member - 1]
    tone = _TONES[np.searchsorted([2.5, 3.5], rating)]
    sentences = write_sentences(
        rng, use=np.full(rows, "opinion"), tone=tone, language=language, topic=topic
    )
    ids = pd.Series(member).astype("Int64")
    table = pd.DataFrame(
        {
            "feedback_id": np.arange(1, rows + 1),
            "timestamp": to_times(seconds),
            "member_id": ids.mask(exact_mask(rng, rows, round(0.01 * rows))),
            "language": language,
            "topic": topic,
            "rating": rating,
            "text": sentences["text"],
            "coder_1": _coded(rng, tone, sentences["manner"], _CODER_ERRORS[0]),
            "coder_2": _coded(rng, tone, sentences["manner"], _CODER_ERRORS[1]),
        }
    )
    labels = pd.DataFrame(
        {"feedback_id": table["feedback_id"], "tone": tone, "manner": sentences["manner"]}
    )
    table = observed_table(world, "feedback", table)
    return table, _stories(world, table, turn), labels


def _turn(world: World) -> pd.Timestamp:
    """Return the end of March 2025 in the default period, the same place in another one."""
    usual = pd.Timestamp("2025-04-01")
    if world.start < usual < world.end - pd.Timedelta(days=60):
        return usual
    return (world.start + (world.end - world.start) * 0.82).to_period("M").to_timestamp()


def _coded(
    rng: np.random.Generator, tone: np.ndarray, manner: pd.Series, share: float
) -> np.ndarray:
    """Return what a reader noted: the tone, except for an exact share of mistakes."""
    weight = manner.map(_HARDER).to_numpy(dtype=float)
    wrong = rng.choice(
        len(tone), size=round(share * len(tone)), replace=False, p=weight / weight.sum()
    )
    number = np.searchsorted(_TONES.astype(str), tone.astype(str))
    step = np.where(rng.random(len(wrong)) < 0.5, 1, -1)
    step = np.where(number[wrong] == 0, 1, np.where(number[wrong] == 2, -1, step))
    number[wrong] += step
    return _TONES[number]


def cohen_kappa(first: pd.Series, second: pd.Series) -> float:
    """Return the agreement of two readers beyond chance."""
    table = pd.crosstab(first, second, normalize=True)
    table = table.reindex(index=_TONES, columns=_TONES, fill_value=0.0)
    chance = float((table.sum(axis=0) * table.sum(axis=1)).sum())
    return (float(np.diag(table).sum()) - chance) / (1 - chance)


def _stories(world: World, table: pd.DataFrame, turn: pd.Timestamp) -> list[Story]:
    after = world.local(table["timestamp"]) >= turn
    of_topic = table["topic"] == _TOPIC
    rating = table["rating"]
    pack = world.preset.name
    return [
        Story(
            id="topic_falls",
            pack=pack,
            title=N_("The overall score is flat while one topic falls"),
            see=N_("Mean rating before and after the date: all topics, then this one alone."),
            value=plain(
                {
                    "topic": _TOPIC,
                    "date": str(turn.date()),
                    "overall_before": round(float(rating[~after].mean()), 2),
                    "overall_after": round(float(rating[after].mean()), 2),
                    "topic_before": round(float(rating[~after & of_topic].mean()), 2),
                    "topic_after": round(float(rating[after & of_topic].mean()), 2),
                }
            ),
            placed=EXACT,
        ),
        Story(
            id="two_readers",
            pack=pack,
            title=N_("Two readers agree only in part"),
            see=N_("Cohen's kappa of coder_1 and coder_2; irony is misread most often."),
            value=plain({"kappa": round(cohen_kappa(table["coder_1"], table["coder_2"]), 3)}),
            placed=EXACT,
        ),
    ]


def _surveys(world: World) -> pd.DataFrame:
    """Two waves; people who write recommend more and feel more at home."""
    rng = world.rng("surveys")
    latent = world.latent["members"]
    poster = latent["poster"].to_numpy(dtype=bool)
    role = ordinary_members(world)
    parts = []
    for place in (0.45, 0.90):
        opened = to_seconds(world.start + (world.end - world.start) * place) // 86400 * 86400
        joined = world.members["joined_at"].to_numpy().astype("datetime64[s]").astype("int64")
        able = np.flatnonzero(role & (joined < opened))
        weight = np.where(poster[able], 3.0, 1.0)
        size = min(world.preset["surveys"]["rows"] // 2, len(able) // 3)
        chosen = np.sort(rng.choice(able, size=size, replace=False, p=weight / weight.sum()))
        warm = np.where(poster[chosen], 0.6, -0.3) + rng.normal(0, 1.0, size)
        seconds = opened + rng.integers(8 * 3600, 13 * 86400, size)
        parts.append(
            pd.DataFrame(
                {
                    "member_id": world.members["member_id"].to_numpy()[chosen],
                    "timestamp": to_times(seconds),
                    "nps": np.round(7.6 + 1.7 * warm).clip(0, 10).astype("int64"),
                    "belonging": np.round(3.3 + 0.8 * warm + rng.normal(0, 0.5, size))
                    .clip(1, 5)
                    .astype("int64"),
                }
            ).sort_values("timestamp", kind="stable")
        )
    surveys = pd.concat(parts, ignore_index=True)
    return observed_table(world, "surveys", surveys)
