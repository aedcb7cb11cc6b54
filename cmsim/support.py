"""Tickets: quick on weekdays, slow at weekends, and a surge after the outage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.messages import N_
from cmsim.draw import (
    EXACT,
    exact_labels,
    exact_mask,
    normal_scores,
    pick_members,
    plain,
    scaled_count,
    to_seconds,
    to_times,
)
from cmsim.observe import observed_table
from cmsim.stories import Story
from cmsim.world import World

__all__ = ["make_support"]

_HOUR = 3600
# topic: (category, team); the first five make most of the questions
_TOPICS = {
    "parcel late": ("order", "orders"),
    "password": ("account", "first line"),
    "app connection": ("technical", "technical"),
    "refund": ("billing", "orders"),
    "watering gauge": ("technical", "technical"),
    "invoice": ("billing", "orders"),
    "change of address": ("account", "first line"),
    "part missing": ("order", "orders"),
    "broken on arrival": ("complaint", "orders"),
    "notification": ("technical", "technical"),
    "loyalty points": ("account", "first line"),
    "gift card": ("billing", "orders"),
    "wrong item": ("order", "orders"),
    "leak": ("complaint", "technical"),
    "new feature": ("idea", "first line"),
    "new variety": ("idea", "first line"),
    "translation": ("technical", "technical"),
    "data request": ("account", "first line"),
}
_TOP_SHARES = (0.17, 0.14, 0.11, 0.10, 0.08)


def make_support(world: World) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Make ``tickets``.

    Returns
    -------
    tables : dict of str to DataFrame
        ``"tickets"``.
    truth : dict
        ``"stories"``.
    """
    settings = world.preset["tickets"]
    rng = world.rng("tickets")
    opened, surge = _openings(world, rng, settings)
    weekend = _is_weekend(opened)
    answered = np.ones(len(opened), dtype=bool)
    delay_s = np.zeros(len(opened), dtype="int64")
    medians = (settings["weekday_median_h"], settings["weekend_median_h"])
    unanswered = (settings["weekday_unanswered"], settings["weekend_unanswered"])
    groups = [np.flatnonzero(~weekend), np.flatnonzero(weekend)]
    scores = []
    for rows, share in zip(groups, unanswered, strict=True):
        silent = exact_mask(rng, len(rows), round(share * len(rows)))
        answered[rows[silent]] = False
        scores.append(normal_scores(rng, int((~silent).sum())))
    sigmas = _spreads(scores, medians, settings)
    end = to_seconds(world.seen_until)
    for rows, score, median, sigma in zip(groups, scores, medians, sigmas, strict=True):
        rows = rows[answered[rows]]
        delay = np.round(median * np.exp(sigma * score) * _HOUR).astype("int64")
        delay_s[rows] = _answered_in_time(delay, end - opened[rows])
    responded = opened + delay_s

    topic = _topics(rng, settings, surge)
    category = np.array([_TOPICS[name][0] for name in topic], dtype=object)
    work = np.round(np.exp(rng.normal(2.6, 1.2, len(opened))) * _HOUR).astype("int64")
    resolved = responded + work
    closed = answered & (resolved < end) & (rng.random(len(opened)) > 0.04)
    hours = delay_s / _HOUR
    slow = (np.log1p(hours) / 4).clip(0, 1)
    csat = np.round(4.4 - 2.2 * slow + rng.normal(0, 0.9, len(opened))).clip(1, 5)
    tickets = pd.DataFrame(
        {
            "ticket_id": np.arange(1, len(opened) + 1),
            "member_id": pd.array(pick_members(world, rng, to_times(opened)), dtype="Int64"),
            "opened_at": to_times(opened),
            "first_response_at": pd.Series(to_times(responded)).where(answered),
            "resolved_at": pd.Series(to_times(resolved)).where(closed),
            "category": category,
            "topic": topic,
            "team": [_TOPICS[name][1] for name in topic],
            "escalated": rng.random(len(opened))
            < 0.05 + 0.12 * slow + 0.10 * (category == "complaint"),
            "reopened": closed & (rng.random(len(opened)) < 0.06),
            "csat": pd.Series(csat)
            .where(closed & (rng.random(len(opened)) < 0.45))
            .astype("Int64"),
        }
    )
    tickets.loc[exact_mask(rng, len(tickets), round(0.015 * len(tickets))), "member_id"] = pd.NA
    tickets = observed_table(world, "tickets", tickets)
    return {"tickets": tickets}, {"stories": _stories(world, tickets, surge)}


def _openings(
    world: World, rng: np.random.Generator, settings: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Return opening times, sorted, and which of them belong to the surge."""
    rows = scaled_count(world, settings["rows"])
    first, last = to_seconds(world.start) // 86400, (to_seconds(world.end) - 1) // 86400
    days = np.arange(first, last + 1)
    weekday = (days + 3) % 7
    times = np.zeros(0)
    window = world.latent["windows"].get("ticket_surge")
    if window is not None:
        low, high = to_seconds(window[0]), to_seconds(window[1])
        usual = rows / len(days) * (high - low) / 86400
        surge = low + np.sort(rng.beta(1.0, 2.2, int(usual * settings["surge_factor"]))) * (
            high - low
        )
        times = surge
    n_weekend = round(settings["weekend_share"] * rows)
    from_surge = _is_weekend(times) if len(times) else np.zeros(0, dtype=bool)
    growth = np.linspace(0.7, 1.3, len(days))
    parts = [times]
    flags = [np.ones(len(times), dtype=bool)]
    for is_weekend, total in ((False, rows - n_weekend), (True, n_weekend)):
        left = max(0, total - int((from_surge == is_weekend).sum()))
        able = (weekday >= 5) == is_weekend
        weight = np.where(able, growth, 0.0)
        chosen = rng.choice(days, size=left, p=weight / weight.sum())
        # No ticket late on a Friday or a Sunday evening: the weekend is then the same two
        # days in UTC and in France.
        chosen_hours = rng.triangular(5, 10, 21.9, left)
        parts.append(chosen * 86400 + chosen_hours * _HOUR)
        flags.append(np.zeros(left, dtype=bool))
    opened = np.floor(np.concatenate(parts)).astype("int64")
    order = np.argsort(opened, kind="stable")
    return opened[order], np.concatenate(flags)[order]


def _is_weekend(seconds: np.ndarray) -> np.ndarray:
    return (np.floor(np.asarray(seconds) / 86400).astype("int64") + 3) % 7 >= 5


def _spreads(
    scores: list[np.ndarray], medians: tuple[float, float], settings: dict[str, Any]
) -> tuple[float, float]:
    """Return the spread of weekday and weekend delays that give the stated median and mean."""
    sigmas = (settings["weekday_sigma"], settings["weekend_sigma"])
    if "mean_h" not in settings:
        return sigmas
    weekend_low, weekend_high = 0.2, 1.6
    weekday = sigmas[0]
    for _step in range(40):
        weekend = (weekend_low + weekend_high) / 2
        tail = medians[1] * np.exp(weekend * scores[1])
        low, high = 0.2, 2.0
        for _inner in range(40):
            weekday = (low + high) / 2
            both = np.concatenate([medians[0] * np.exp(weekday * scores[0]), tail])
            if np.median(both) < settings["median_h"]:
                low = weekday
            else:
                high = weekday
        if both.mean() < settings["mean_h"]:
            weekend_low = weekend
        else:
            weekend_high = weekend
    return weekday, weekend


def _answered_in_time(delay: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Exchange delays so that no answer falls after the end of the period."""
    delay = delay.copy()
    late = np.flatnonzero(delay >= left)
    for row in late[np.argsort(left[late], kind="stable")]:
        other = np.flatnonzero((delay < left[row]) & (left > delay[row]))
        if len(other):
            delay[row], delay[other[0]] = delay[other[0]], delay[row]
    return delay


def _topics(rng: np.random.Generator, settings: dict[str, Any], surge: np.ndarray) -> np.ndarray:
    """Draw topics in exact shares; those who write after the outage ask about the app."""
    names = list(_TOPICS)
    share = settings["top_topics_share"] / sum(_TOP_SHARES)
    rest = np.linspace(1.3, 0.7, len(names) - len(_TOP_SHARES))
    rest = rest / rest.sum() * (1 - settings["top_topics_share"])
    shares = dict(zip(names, [*(s * share for s in _TOP_SHARES), *rest], strict=True))
    topic = exact_labels(rng, len(surge), shares)
    after = np.flatnonzero(surge)
    wanted = np.flatnonzero(~surge & (topic == "app connection"))
    away = after[topic[after] != "app connection"][: len(wanted)]
    here = wanted[: len(away)]
    topic[here], topic[away] = topic[away].copy(), topic[here].copy()
    return topic


def _stories(world: World, tickets: pd.DataFrame, surge: np.ndarray) -> list[Story]:
    opened = tickets["opened_at"].astype("datetime64[s]")
    hours = (tickets["first_response_at"] - opened).dt.total_seconds() / _HOUR
    weekend = pd.Series(_is_weekend(opened.to_numpy().astype("int64")))
    silent = hours.isna()
    top = tickets["topic"].value_counts()
    pack = world.preset.name
    stories = [
        Story(
            id="weekend_wait",
            pack=pack,
            title=N_("The mean hides the weekend"),
            see=N_(
                "Hours from opened_at to first_response_at: mean against median, weekday against "
                "Saturday and Sunday, and the share without an answer, which the mean ignores."
            ),
            value=plain(
                {
                    "mean_h": round(hours.mean(), 2),
                    "median_h": round(hours.median(), 2),
                    "p90_h": round(hours.quantile(0.9), 2),
                    "weekday_median_h": round(hours[~weekend].median(), 2),
                    "weekend_median_h": round(hours[weekend].median(), 2),
                    "weekday_unanswered": round(float(silent[~weekend].mean()), 4),
                    "weekend_unanswered": round(float(silent[weekend].mean()), 4),
                }
            ),
            placed=EXACT,
        ),
        Story(
            id="five_topics",
            pack=pack,
            title=N_("Five topics make most of the questions"),
            see=N_("Count the tickets by topic: the first five are the FAQ to write."),
            value=plain(
                {
                    "topics": top.index[:5].to_list(),
                    "share": round(float(top.iloc[:5].sum() / top.sum()), 4),
                }
            ),
            placed=EXACT,
        ),
    ]
    if surge.any():
        low, high = world.latent["windows"]["ticket_surge"]
        inside = (opened >= low) & (opened < high)
        calm = world.seen_until - world.seen_from - (high - low)
        usual = (~inside).sum() / calm.total_seconds()
        rate = inside.sum() / (high - low).total_seconds()
        stories.append(
            Story(
                id="ticket_surge",
                pack=pack,
                title=N_("Tickets surge after the outage"),
                see=N_("Tickets an hour in the days after the outage, against all other hours."),
                value=plain(
                    {
                        "from": str(low),
                        "until": str(high),
                        "tickets": int(inside.sum()),
                        "times_usual": round(float(rate / usual), 2),
                    }
                ),
                placed=EXACT,
            )
        )
    return stories
