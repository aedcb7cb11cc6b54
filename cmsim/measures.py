"""The value of each story about members and activity, on the tables that a learner sees.

Days and months are those of the home zone. Each function takes an observed world.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from cmsim.adjust import redefinition_months
from cmsim.views import (
    DAY,
    WROTE,
    first_topics,
    mature_people,
    people_events,
    people_table,
    rounded,
    topics_answered,
)
from cmsim.world import World

__all__ = [
    "active_members",
    "arrivals",
    "bot_share",
    "contest",
    "deleted_accounts",
    "outage",
    "partial_month",
    "redefinition",
    "retention_by_source",
    "spam_growth",
    "welcome",
]


def retention_by_source(world: World) -> dict[str, Any]:
    """Share of mature members (joined 120 days before the end or more) seen on days 90-119."""
    people = mature_people(world)
    share = people.groupby("source")["retained_90"].mean()
    return {source: round(float(value), 4) for source, value in share.items()}


def welcome(world: World) -> dict[str, Any]:
    """Retention of those whose first topic was answered within 24 hours, and of the others."""
    people = mature_people(world).merge(first_topics(world), on="member_id")

    def shares(rows: pd.DataFrame) -> dict[str, float]:
        kept = rows.groupby("welcomed")["retained_90"].mean()
        return {"welcomed": rounded(kept[True]), "not_welcomed": rounded(kept[False])}

    return {
        "members": len(people),
        "all": shares(people),
        "without_contest": shares(people[people["source"] != "contest"]),
    }


def contest(world: World) -> dict[str, Any]:
    """Arrivals around the contest, and the activity that follows."""
    first, last = (world.local_day(moment) for moment in world.latent["windows"]["contest"])
    joined = world.local(people_table(world)["joined_at"])
    length = last - first
    return {
        "first_day": str(first.date()),
        "day_after": str(last.date()),
        "arrivals_during": int(((joined >= first) & (joined < last)).sum()),
        "arrivals_same_length_before": int(((joined >= first - length) & (joined < first)).sum()),
        "source_contest": int((people_table(world)["source"] == "contest").sum()),
        "extra_arrivals": int(world.latent["parameters"]["contest_extra_arrivals"]),
        "members_by_month": arrivals(world),
        "active_by_month": active_members(world),
    }


def arrivals(world: World) -> dict[str, int]:
    """Cumulative accounts at the end of each month."""
    month = world.local(people_table(world)["joined_at"]).dt.strftime("%Y-%m")
    return {
        str(key): int(value) for key, value in month.value_counts().sort_index().cumsum().items()
    }


def active_members(world: World) -> dict[str, int]:
    """Members with at least one event of any kind in each month."""
    events = people_events(world)
    month = world.local(events["timestamp"]).dt.strftime("%Y-%m")
    active = events.groupby(month)["member_id"].nunique()
    return {str(key): int(value) for key, value in active.items()}


def spam_growth(world: World) -> dict[str, Any]:
    """Accounts created during the wave, and what growth looks like without those of the wave."""
    first, last = (world.local_day(moment) for moment in world.latent["windows"]["spam_wave"])
    labels = world.latent["members"]
    joined = world.local(world.members["joined_at"])
    month = first.strftime("%Y-%m")
    people = world.members["role"] == "member"
    in_month = people & (joined.dt.strftime("%Y-%m") == month)
    spammer = labels["spammer"].to_numpy()
    return {
        "first_day": str(first.date()),
        "day_after": str(last.date()),
        "accounts": int(spammer.sum()),
        "arrivals_in_window": int((people & (joined >= first) & (joined < last)).sum()),
        "arrivals_in_month": int(in_month.sum()),
        "arrivals_in_month_without": int((in_month & ~spammer).sum()),
    }


def redefinition(world: World) -> dict[str, Any]:
    """Two definitions of "active", and the jump seen when one replaces the other.

    Definition A: at least one topic, reply, reaction or accepted answer in the month.
    Definition B: definition A, or at least `visits` visits in the month.
    """
    before, month = redefinition_months(world.preset, world.start)
    events = people_events(world)
    time = world.local(events["timestamp"])
    counts = {}
    for period in (before, month):
        inside = events[(time >= period.start_time) & (time < (period + 1).start_time)]
        acted = set(inside.loc[inside["kind"] != "visit", "member_id"])
        visits = inside.loc[inside["kind"] == "visit"].groupby("member_id").size()
        counts[period] = (acted, visits[~visits.index.isin(acted)])
    base = len(counts[before][0])

    def by_b(period: pd.Period, least: int) -> int:
        acted, visits = counts[period]
        return len(acted) + int((visits >= least).sum())

    least = world.preset["redefinition"]["visits"]
    return {
        "month_before": str(before),
        "month": str(month),
        "visits": least,
        "before_a": base,
        "month_a": len(counts[month][0]),
        "before_b": by_b(before, least),
        "month_b": by_b(month, least),
        "false_jump": rounded(by_b(month, least) / base - 1),
        "change_a": rounded(len(counts[month][0]) / base - 1),
        "change_b": rounded(by_b(month, least) / by_b(before, least) - 1),
    }


def outage(world: World) -> dict[str, Any]:
    """Events in the hours of the outage and of the rebound, and usually at these hours.

    Usually: mean of the same hours of the four weeks before.
    """
    first, last = world.latent["windows"]["outage"]
    _last, calm = world.latent["windows"]["rebound"]
    time = world.events["timestamp"]

    def count(low: pd.Timestamp, high: pd.Timestamp) -> int:
        return int(((time >= low) & (time < high)).sum())

    def usual(low: pd.Timestamp, high: pd.Timestamp) -> float:
        return sum(count(low - 7 * k * DAY, high - 7 * k * DAY) for k in range(1, 5)) / 4

    return {
        "first_hour": first.isoformat(),
        "hour_after": last.isoformat(),
        "events": count(first, last),
        "events_usual": usual(first, last),
        "rebound_until": calm.isoformat(),
        "rebound_events": count(last, calm),
        "rebound_events_usual": usual(last, calm),
    }


def deleted_accounts(world: World) -> dict[str, Any]:
    """Events whose author is empty."""
    empty = world.events["member_id"].isna()
    wrote = world.events["kind"].isin(WROTE)
    return {
        "accounts": int(world.latent["events"].loc[empty.to_numpy(), "true_member_id"].nunique()),
        "events": int(empty.sum()),
        "share_of_messages": rounded(empty[wrote].mean()),
    }


def bot_share(world: World) -> dict[str, Any]:
    """Messages of the bots, and what they do to the first reply."""
    bots = world.members.loc[world.members["role"] == "bot", "member_id"]
    wrote = world.events[world.events["kind"].isin(WROTE)]
    return {
        "bots": [int(x) for x in bots],
        "messages": int(wrote["member_id"].isin(bots).sum()),
        "unanswered_with_bots": rounded(topics_answered(world, bots=True)["hours"].isna().mean()),
        "unanswered_without_bots": rounded(topics_answered(world)["hours"].isna().mean()),
    }


def partial_month(world: World) -> dict[str, Any]:
    """Active members of the last month, which is not over, and of the month before."""
    active = active_members(world)
    month = (world.end - DAY).to_period("M")
    return {
        "month": str(month),
        "days_observed": (world.end - month.start_time) // DAY,
        "active": active.get(str(month), 0),
        "active_month_before": active.get(str(month - 1), 0),
    }
