"""The value of each community story, measured on the tables that a learner sees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.simulate.adjust import redefinition_months
from cmlib.simulate.world import World

__all__ = [
    "active_members",
    "arrivals",
    "bot_share",
    "channel_mix",
    "connection",
    "contest",
    "deleted_accounts",
    "outage",
    "partial_month",
    "redefinition",
    "retention_by_source",
    "spam_growth",
    "staff_cut",
    "super_user",
    "troll_ties",
    "unanswered_newcomers",
    "welcome",
]

HOUR = pd.Timedelta(hours=1)
DAY = pd.Timedelta(days=1)
WROTE = ("topic", "reply")


def retention_by_source(world: World) -> dict[str, Any]:
    """Share of mature members (joined 120 days before the end or more) seen on days 90-119."""
    people = _mature(world)
    share = people.groupby("source")["retained_90"].mean()
    return {source: round(float(value), 4) for source, value in share.items()}


def welcome(world: World) -> dict[str, Any]:
    """Retention of those whose first topic was answered within 24 hours, and of the others."""
    people = _mature(world).merge(_first_topics(world), on="member_id")

    def shares(rows: pd.DataFrame) -> dict[str, float]:
        kept = rows.groupby("welcomed")["retained_90"].mean()
        return {"welcomed": _number(kept[True]), "not_welcomed": _number(kept[False])}

    return {
        "members": len(people),
        "all": shares(people),
        "without_contest": shares(people[people["source"] != "contest"]),
    }


def contest(world: World) -> dict[str, Any]:
    """Arrivals around the contest, and the activity that follows."""
    first, last = world.latent["windows"]["contest"]
    joined = _people(world)["joined_at"]
    length = last - first
    return {
        "first_day": str(first.date()),
        "day_after": str(last.date()),
        "arrivals_during": int(((joined >= first) & (joined < last)).sum()),
        "arrivals_same_length_before": int(((joined >= first - length) & (joined < first)).sum()),
        "source_contest": int((_people(world)["source"] == "contest").sum()),
        "extra_arrivals": int(world.latent["parameters"]["contest_extra_arrivals"]),
        "members_by_month": arrivals(world),
        "active_by_month": active_members(world),
    }


def arrivals(world: World) -> dict[str, int]:
    """Cumulative accounts at the end of each month."""
    month = _people(world)["joined_at"].dt.strftime("%Y-%m")
    return {
        str(key): int(value) for key, value in month.value_counts().sort_index().cumsum().items()
    }


def active_members(world: World) -> dict[str, int]:
    """Members with at least one event of any kind in each month."""
    events = _people_events(world)
    month = events["timestamp"].dt.strftime("%Y-%m")
    active = events.groupby(month)["member_id"].nunique()
    return {str(key): int(value) for key, value in active.items()}


def spam_growth(world: World) -> dict[str, Any]:
    """Accounts created during the wave, and what growth looks like without those of the wave."""
    first, last = world.latent["windows"]["spam_wave"]
    labels = world.latent["members"]
    joined = world.members["joined_at"]
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
    events = _people_events(world)
    counts = {}
    for period in (before, month):
        inside = events[(events["timestamp"] >= period.start_time)]
        inside = inside[inside["timestamp"] < (period + 1).start_time]
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
        "false_jump": _number(by_b(month, least) / base - 1),
        "change_a": _number(len(counts[month][0]) / base - 1),
        "change_b": _number(by_b(month, least) / by_b(before, least) - 1),
    }


def channel_mix(world: World) -> dict[str, Any]:
    """Topics left unanswered, first and last half-year: overall and by channel."""
    topics = _topics(world)
    last = world.end - 30 * DAY
    parts = {
        "first": topics[topics["timestamp"] < world.start + 180 * DAY],
        "last": topics[(topics["timestamp"] >= last - 180 * DAY) & (topics["timestamp"] < last)],
    }
    result: dict[str, Any] = {}
    for name, rows in parts.items():
        unanswered = rows["hours"].isna()
        result[name] = {
            "all": _number(unanswered.mean()),
            **{str(k): _number(v) for k, v in unanswered.groupby(rows["channel"]).mean().items()},
        }
        result[f"{name}_share"] = {
            str(k): _number(v)
            for k, v in rows["channel"].value_counts(normalize=True).sort_index().items()
        }
    return result


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


def super_user(world: World) -> dict[str, Any]:
    """Topics left unanswered before and after the most helpful member leaves."""
    when = world.latent["windows"]["super_user"][0]
    member = world.latent["planted"]["super_user"]
    topics = _topics(world)
    topics = topics[topics["timestamp"] < world.end - 14 * DAY]
    late = topics["timestamp"] >= when
    early = topics[~late]
    return {
        "member_id": member,
        "leaves": str(when.date()),
        "unanswered_before": _number(early["hours"].isna().mean()),
        "unanswered_after": _number(topics.loc[late, "hours"].isna().mean()),
        "first_answers_before": _number((early["first_by"] == member).sum() / len(early)),
    }


def staff_cut(world: World) -> dict[str, Any]:
    """First replies to topics opened on weekends, before and after the cut."""
    when = world.latent["windows"]["staff_cut"][0]
    topics = _topics(world)
    zone = world.preset["places"][0]["zone"]
    local = topics["timestamp"].dt.tz_localize("UTC").dt.tz_convert(zone)
    weekend = topics[(local.dt.day_of_week >= 5) & (topics["timestamp"] < world.end - 14 * DAY)]
    late = weekend["timestamp"] >= when
    before, after = weekend.loc[~late, "hours"], weekend.loc[late, "hours"]
    labels = world.latent["members"].merge(_first_topics(world), on="member_id")
    local = labels["first_topic_at"].dt.tz_localize("UTC").dt.tz_convert(zone)
    labels = labels[(local.dt.day_of_week >= 5) & (labels["wave"] == "")]
    newcomer_late = labels["first_topic_at"] >= when
    welcomed = labels.groupby(newcomer_late)["welcomed"].mean()
    # Chance to stay with and without an early answer, everything else being the same.
    theta = world.latent["parameters"]["theta"]
    odds = np.log(labels["stay_probability"] / (1 - labels["stay_probability"]))
    odds = odds - theta * labels["answered_24h"]
    without, with_answer = ((1 / (1 + np.exp(-(odds + gain)))).mean() for gain in (0.0, theta))
    expected = without + (with_answer - without) * welcomed
    return {
        "from": str(when.date()),
        "weekend_median_before_h": _number(before.median()),
        "weekend_median_after_h": _number(after.median()),
        "ratio": _number(after.median() / before.median()),
        "weekend_unanswered_before": _number(before.isna().mean()),
        "weekend_unanswered_after": _number(after.isna().mean()),
        "newcomers_welcomed_before": _number(welcomed[False]),
        "newcomers_welcomed_after": _number(welcomed[True]),
        "newcomers_expected_to_stay_before": _number(expected[False]),
        "newcomers_expected_to_stay_after": _number(expected[True]),
    }


def unanswered_newcomers(world: World) -> dict[str, Any]:
    """Members whose first topic, opened 7 to 97 days before the end, nobody answered."""
    first = _first_topics(world)
    recent = first["first_topic_at"].between(
        world.end - 97 * DAY, world.end - 7 * DAY, inclusive="left"
    )
    alone = first[recent & first["hours"].isna()]
    return {
        "newcomers": int(recent.sum()),
        "unanswered": len(alone),
        "ever": int(first["hours"].isna().sum()),
    }


def connection(world: World) -> dict[str, Any]:
    """Share of the members who wrote that the largest connected part of the network holds."""
    from cmlib.simulate.ties import Ties

    ties = Ties(world)
    brokers = np.array(world.latent["planted"]["brokers"], dtype=np.int64)
    rank = ties.degree_rank()
    rng = world.rng("random removal")
    drawn = rng.choice(ties.members, size=len(brokers), replace=False)
    return {
        "members": len(ties.members),
        "isolated": ties.isolated(),
        "with_team": ties.largest_share(team=True),
        "without_team": ties.largest_share(),
        "brokers": [int(x) for x in brokers],
        "degree_ranks": [int(rank[x]) for x in brokers],
        "without_brokers": ties.largest_share(without=brokers),
        "without_best_connected": ties.largest_share(without=ties.best_connected(len(brokers))),
        "without_random": ties.largest_share(without=drawn),
    }


def troll_ties(world: World) -> dict[str, Any]:
    """Share of their replies that trolls give one another, and of what is toxic."""
    from cmlib.simulate.ties import Ties

    trolls = np.array(world.latent["planted"]["trolls"], dtype=np.int64)
    since = world.start + world.preset["trolls"]["day"] * DAY
    ties = Ties(world)
    pairs = ties.pairs[ties.pairs["timestamp"] >= since]
    theirs = pairs[pairs["author"].isin(trolls)]
    inside = theirs[theirs["target"].isin(trolls)]
    labels = world.latent["events"]
    toxic = labels["toxic"] & (world.events["timestamp"] >= since)
    return {
        "member_ids": [int(x) for x in trolls],
        "since": str(since.date()),
        "share_of_their_replies_to_one_another": _number(len(inside) / len(theirs)),
        "pairs_linked": _number(
            len(inside[["author", "target"]].drop_duplicates()) / (len(trolls) * (len(trolls) - 1))
        ),
        "share_of_toxic_messages": _number(labels.loc[toxic, "true_member_id"].isin(trolls).mean()),
    }


def deleted_accounts(world: World) -> dict[str, Any]:
    """Events whose author is empty."""
    empty = world.events["member_id"].isna()
    wrote = world.events["kind"].isin(WROTE)
    return {
        "accounts": int(world.latent["events"].loc[empty.to_numpy(), "true_member_id"].nunique()),
        "events": int(empty.sum()),
        "share_of_messages": _number(empty[wrote].mean()),
    }


def bot_share(world: World) -> dict[str, Any]:
    """Messages of the bots, and what they do to the first reply."""
    bots = world.members.loc[world.members["role"] == "bot", "member_id"]
    wrote = world.events[world.events["kind"].isin(WROTE)]
    return {
        "bots": [int(x) for x in bots],
        "messages": int(wrote["member_id"].isin(bots).sum()),
        "unanswered_with_bots": _number(_topics(world, bots=True)["hours"].isna().mean()),
        "unanswered_without_bots": _number(_topics(world)["hours"].isna().mean()),
    }


def partial_month(world: World) -> dict[str, Any]:
    """Active members of the last month, which is not over, and of the month before."""
    active = active_members(world)
    month = (world.end - HOUR).to_period("M")
    return {
        "month": str(month),
        "days_observed": (world.end - month.start_time) // DAY,
        "active": active.get(str(month), 0),
        "active_month_before": active.get(str(month - 1), 0),
    }


def _people(world: World) -> pd.DataFrame:
    return world.members[world.members["role"] == "member"]


def _people_events(world: World) -> pd.DataFrame:
    return world.events[world.events["member_id"].isin(_people(world)["member_id"])]


def _mature(world: World) -> pd.DataFrame:
    people = _people(world)
    people = people[people["joined_at"] <= world.end - 120 * DAY]
    events = world.events[["member_id", "timestamp"]].merge(people, on="member_id")
    age = events["timestamp"] - events["joined_at"]
    seen = events.loc[(age >= 90 * DAY) & (age < 120 * DAY), "member_id"]
    return people.assign(retained_90=people["member_id"].isin(seen))


def _topics(world: World, *, bots: bool = False) -> pd.DataFrame:
    """Topics by people, with the hours to the first reply by someone else and who wrote it."""
    events = world.events[world.events["kind"].isin(WROTE)]
    machines = world.members.loc[world.members["role"] == "bot", "member_id"]
    if not bots:
        events = events[~events["member_id"].isin(machines)]
    topics = events[events["kind"] == "topic"]
    replies = events[events["kind"] == "reply"]
    author = replies["thread_id"].map(topics.set_index("event_id")["member_id"])
    known = replies["thread_id"].isin(topics["event_id"])
    own = (author == replies["member_id"]).fillna(False) | (
        author.isna() & replies["member_id"].isna()
    )
    first = replies[known & ~own].drop_duplicates("thread_id").set_index("thread_id")
    when = topics["event_id"].map(first["timestamp"])
    return topics.assign(
        hours=(when - topics["timestamp"]) / HOUR,
        first_by=topics["event_id"].map(first["member_id"]),
    )


def _first_topics(world: World) -> pd.DataFrame:
    topics = _topics(world)
    topics = topics[topics["member_id"].isin(_people(world)["member_id"])]
    first = topics.drop_duplicates("member_id")
    return pd.DataFrame(
        {
            "member_id": first["member_id"].astype("int64"),
            "first_topic_at": first["timestamp"],
            "hours": first["hours"],
            "welcomed": first["hours"] < 24,
        }
    ).reset_index(drop=True)


def _number(value: Any) -> float:
    return round(float(value), 4)
