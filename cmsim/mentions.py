"""What is said elsewhere: a rival's share of voice that jumps on hostile mentions, our crisis."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cmlib.messages import N_
from cmsim.draw import EXACT, exact_labels, plain, to_seconds, to_times
from cmsim.frames import BRAND, RIVALS
from cmsim.observe import observed_table
from cmsim.stories import Story
from cmsim.text import pack_topics, write_sentences
from cmsim.world import World

__all__ = ["make_mentions"]

_SHARES = {BRAND: 0.30, RIVALS[0]: 0.33, RIVALS[1]: 0.22, RIVALS[2]: 0.15}
_SOURCES = {"social": 0.55, "forum": 0.20, "blog": 0.15, "press": 0.10}
_REACH = {"social": 6.2, "forum": 5.0, "blog": 6.8, "press": 9.2}
# Hostile mentions of the brand, by day around the peak, on top of the ordinary ones.
_CRISIS = {-2: 9, -1: 14, 0: 22, 1: 14, 2: 9, 3: 6, 4: 4, 5: 2}
_FALSE_ALARM_DAY, _FALSE_ALARM = -37, 7
BASELINE_DAYS = 28


def make_mentions(world: World) -> tuple[pd.DataFrame, list[Story]]:
    """Make ``mentions`` and the stories planted in it."""
    rng = world.rng("mentions")
    month = world.preset["mentions"]["month"]
    months = pd.period_range(world.start, world.end - pd.Timedelta(seconds=1), freq="M")
    full = [m for m in months if m.end_time < world.end and m.start_time >= world.start]
    jump = full[-3] if len(full) >= 6 else full[-1]
    peak = (full[min(9, len(full) // 2)].start_time + pd.Timedelta(days=14)).normalize()
    parts = []
    for one in months:
        first = max(to_seconds(one.start_time), to_seconds(world.start)) // 86400
        last = (min(to_seconds(one.end_time), to_seconds(world.end) - 1)) // 86400
        share = (last - first + 1) / one.days_in_month
        rows = round(month * share)
        parts.append(_month(rng, rows, first, last, jumps=one == jump))
    parts.append(_burst(peak, _CRISIS))
    parts.append(_burst(peak, {_FALSE_ALARM_DAY: _FALSE_ALARM}))
    table = pd.concat(parts, ignore_index=True)
    table = table[
        (table["day"] >= to_seconds(world.start) // 86400)
        & (table["day"] <= (to_seconds(world.end) - 1) // 86400)
    ].reset_index(drop=True)
    rows = len(table)
    seconds = table["day"].to_numpy() * 86400 + rng.triangular(6, 13, 21.9, rows) * 3600
    source = exact_labels(rng, rows, _SOURCES)
    reach = np.exp(pd.Series(source).map(_REACH).to_numpy() + rng.normal(0, 1.0, rows))
    french = rng.random(rows) < (0.75 if world.language == "fr" else 0.35)
    topic = rng.choice(np.array(pack_topics(world.preset.name), object), size=rows)
    sentences = write_sentences(
        rng,
        use=np.full(rows, "mention"),
        tone=table["sentiment"].to_numpy(dtype=object),
        language=np.where(french, "fr", "en"),
        topic=topic,
        brand=table["brand"].to_numpy(dtype=object),
    )
    mentions = pd.DataFrame(
        {
            "mention_id": 0,
            "timestamp": to_times(seconds),
            "brand": table["brand"],
            "source": source,
            "reach": np.round(reach).astype("int64"),
            "sentiment": table["sentiment"],
            "text": sentences["text"],
        }
    ).sort_values("timestamp", kind="stable", ignore_index=True)
    mentions["mention_id"] = np.arange(1, rows + 1)
    mentions = observed_table(world, "mentions", mentions)
    return mentions, _stories(world, mentions, jump, peak)


def _month(
    rng: np.random.Generator, rows: int, first: int, last: int, *, jumps: bool
) -> pd.DataFrame:
    """Return the mentions of one month: exact shares of brands and tones."""
    rival = RIVALS[0]
    favourable = round(rows * 0.5)
    if jumps:
        everyone = round(rows * 1.5)
        rivals_own, rivals_good = round(0.61 * everyone), round(0.30 * favourable)
    else:
        everyone = rows
        rivals_own, rivals_good = round(0.33 * rows), round(0.33 * favourable)
    others = {brand: share for brand, share in _SHARES.items() if brand != rival}
    good = exact_labels(rng, favourable - rivals_good, others)
    rest = exact_labels(rng, everyone - rivals_own - len(good), others)
    frames = []
    bad_share = 0.85 if jumps else 0.4
    for brands, tones in (
        (np.full(rivals_good, rival, dtype=object), {"positive": 1.0}),
        (
            np.full(rivals_own - rivals_good, rival, dtype=object),
            {"negative": bad_share, "neutral": 1 - bad_share},
        ),
        (good, {"positive": 1.0}),
        (rest[rest != BRAND], {"negative": 0.4, "neutral": 0.6}),
        (rest[rest == BRAND], {"negative": 0.4, "neutral": 0.6}),
    ):
        tone = exact_labels(rng, len(brands), tones)
        frames.append(
            pd.DataFrame(
                {
                    "day": _even_days(rng, brands, tone, first, last),
                    "brand": brands,
                    "sentiment": tone,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _even_days(
    rng: np.random.Generator, brands: np.ndarray, tone: np.ndarray, first: int, last: int
) -> np.ndarray:
    """Spread rows over the days; hostile mentions of the brand never fall twice on one day."""
    days = rng.integers(first, last + 1, len(brands))
    own = np.flatnonzero(brands == BRAND)
    hostile = own[tone[own] == "negative"]
    for rows in (own[tone[own] != "negative"], hostile):
        step = (last - first + 1) / max(1, len(rows))
        days[rows] = first + np.floor((np.arange(len(rows)) + 0.5) * step).astype(int)
    return days


def _burst(peak: pd.Timestamp, counts: dict[int, int]) -> pd.DataFrame:
    day = to_seconds(peak) // 86400
    days = np.repeat([day + shift for shift in counts], list(counts.values()))
    return pd.DataFrame({"day": days, "brand": BRAND, "sentiment": "negative"})


def alert_days(daily: pd.Series) -> pd.Series:
    """Return the days above the mean plus three deviations of the 28 days before them."""
    before = daily.shift(1).rolling(BASELINE_DAYS)
    return daily[daily > before.mean() + 3 * before.std()]


def _stories(
    world: World, mentions: pd.DataFrame, jump: pd.Period, peak: pd.Timestamp
) -> list[Story]:
    month = mentions["timestamp"].dt.to_period("M")
    good = mentions["sentiment"] == "positive"
    base = (month >= jump - 3) & (month < jump)
    rival = mentions["brand"] == RIVALS[0]

    def share(rows: pd.Series) -> float:
        return round(float(rival[rows].mean()), 4)

    own_bad = mentions[(mentions["brand"] == BRAND) & (mentions["sentiment"] == "negative")]
    days = pd.date_range(world.start.normalize(), world.end, inclusive="left", freq="D")
    daily = own_bad["timestamp"].dt.normalize().value_counts().reindex(days, fill_value=0)
    alerts = alert_days(daily.sort_index())
    near = alerts.index[(alerts.index >= peak - pd.Timedelta(days=10)) & (alerts.index <= peak)]
    window = pd.Timedelta(days=60)
    early = alerts.index[(alerts.index < near[0]) & (alerts.index >= near[0] - window)]
    return [
        Story(
            id="rival_voice",
            pack=world.preset.name,
            title=N_("A rival's share of voice jumps on hostile mentions"),
            see=N_(
                "Share of all mentions, the month of the jump against the three months before; "
                "then the same with favourable mentions only."
            ),
            value=plain(
                {
                    "rival": RIVALS[0],
                    "month": str(jump),
                    "share_before": share(base),
                    "share_after": share(month == jump),
                    "favourable_share_before": share(base & good),
                    "favourable_share_after": share((month == jump) & good),
                }
            ),
            placed=EXACT,
        ),
        Story(
            id="crisis",
            pack=world.preset.name,
            title=N_("A crisis, with an alert two days before its peak"),
            see=N_(
                "Hostile mentions of the brand a day. Alert: more than the mean plus three "
                "standard deviations of the 28 days before, the day itself left out."
            ),
            value=plain(
                {
                    "brand": BRAND,
                    "first_alert": str(near[0].date()),
                    "peak": str(daily.idxmax().date()),
                    "days_gained": int((daily.idxmax() - near[0]).days),
                    "false_alarms_60_days_before": len(early),
                }
            ),
            placed=EXACT,
        ),
    ]
