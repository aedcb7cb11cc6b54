"""The tables of an observed world as a learner sees them, cut for measuring."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cmsim.world import World

__all__ = [
    "DAY",
    "HOUR",
    "WROTE",
    "first_topics",
    "mature_people",
    "people_events",
    "people_table",
    "rounded",
    "topics_answered",
]

HOUR = pd.Timedelta(hours=1)
DAY = pd.Timedelta(days=1)
WROTE = ("topic", "reply")


def people_table(world: World) -> pd.DataFrame:
    """Return the members who are neither of the team nor bots."""
    return world.members[world.members["role"] == "member"]


def people_events(world: World) -> pd.DataFrame:
    """Return the events of these people, without those of deleted accounts."""
    return world.events[world.events["member_id"].isin(people_table(world)["member_id"])]


def mature_people(world: World) -> pd.DataFrame:
    """Return people who joined 120 days before the end or more, and who came on days 90-119."""
    people = people_table(world)
    people = people[people["joined_at"] <= world.seen_until - 120 * DAY]
    events = world.events[["member_id", "timestamp"]].merge(people, on="member_id")
    age = events["timestamp"] - events["joined_at"]
    seen = events.loc[(age >= 90 * DAY) & (age < 120 * DAY), "member_id"]
    return people.assign(retained_90=people["member_id"].isin(seen))


def topics_answered(world: World, *, bots: bool = False) -> pd.DataFrame:
    """Return topics by people, with the hours to the first reply by others and its author."""
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


def first_topics(world: World) -> pd.DataFrame:
    """Return the first topic of each person, and whether it was answered within 24 hours."""
    topics = topics_answered(world)
    topics = topics[topics["member_id"].isin(people_table(world)["member_id"])]
    first = topics.drop_duplicates("member_id")
    return pd.DataFrame(
        {
            "member_id": first["member_id"].astype("int64"),
            "first_topic_at": first["timestamp"],
            "hours": first["hours"],
            "welcomed": first["hours"] < 24,
        }
    ).reset_index(drop=True)


def rounded(value: Any) -> float:
    """Round a figure as the truth states it, to four decimals."""
    return round(float(value), 4)
