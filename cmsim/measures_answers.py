"""The value of each story about answers and ties, measured on the tables that a learner sees.

Days are those of the home zone. Each function takes an observed world.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cmsim.views import DAY, first_topics, rounded, topics_answered
from cmsim.world import World

__all__ = [
    "channel_mix",
    "connection",
    "staff_cut",
    "super_user",
    "troll_ties",
    "unanswered_newcomers",
]


def channel_mix(world: World) -> dict[str, Any]:
    """Topics left unanswered, first and last half-year: overall and by channel."""
    topics = topics_answered(world)
    last = world.seen_until - 30 * DAY
    parts = {
        "first": topics[topics["timestamp"] < world.seen_from + 180 * DAY],
        "last": topics[(topics["timestamp"] >= last - 180 * DAY) & (topics["timestamp"] < last)],
    }
    result: dict[str, Any] = {}
    for name, rows in parts.items():
        unanswered = rows["hours"].isna()
        result[name] = {
            "all": rounded(unanswered.mean()),
            **{str(k): rounded(v) for k, v in unanswered.groupby(rows["channel"]).mean().items()},
        }
        result[f"{name}_share"] = {
            str(k): rounded(v)
            for k, v in rows["channel"].value_counts(normalize=True).sort_index().items()
        }
    return result


def super_user(world: World) -> dict[str, Any]:
    """Topics left unanswered before and after the most helpful member leaves."""
    when = world.local_day(world.latent["windows"]["super_user"][0])
    member = world.latent["planted"]["super_user"]
    topics = topics_answered(world)
    topics = topics[topics["timestamp"] < world.seen_until - 14 * DAY]
    late = world.local(topics["timestamp"]) >= when
    early = topics[~late]
    return {
        "member_id": member,
        "leaves": str(when.date()),
        "unanswered_before": rounded(early["hours"].isna().mean()),
        "unanswered_after": rounded(topics.loc[late, "hours"].isna().mean()),
        "first_answers_before": rounded((early["first_by"] == member).sum() / len(early)),
    }


def staff_cut(world: World) -> dict[str, Any]:
    """First replies to topics opened on weekends, before and after the cut."""
    when = world.local_day(world.latent["windows"]["staff_cut"][0])
    topics = topics_answered(world)
    local = world.local(topics["timestamp"])
    weekend = topics[
        (local.dt.day_of_week >= 5) & (topics["timestamp"] < world.seen_until - 14 * DAY)
    ]
    late = local[weekend.index] >= when
    before, after = weekend.loc[~late, "hours"], weekend.loc[late, "hours"]
    labels = world.latent["members"].merge(first_topics(world), on="member_id")
    local = world.local(labels["first_topic_at"])
    labels = labels[(local.dt.day_of_week >= 5) & (labels["wave"] == "")]
    newcomer_late = local[labels.index] >= when
    welcomed = labels.groupby(newcomer_late)["welcomed"].mean()
    # Chance to stay with and without an early answer, everything else being the same.
    theta = world.latent["parameters"]["theta"]
    odds = np.log(labels["stay_probability"] / (1 - labels["stay_probability"]))
    odds = odds - theta * labels["answered_24h"]
    without, with_answer = ((1 / (1 + np.exp(-(odds + gain)))).mean() for gain in (0.0, theta))
    expected = without + (with_answer - without) * welcomed
    return {
        "from": str(when.date()),
        "weekend_median_before_h": rounded(before.median()),
        "weekend_median_after_h": rounded(after.median()),
        "ratio": rounded(after.median() / before.median()),
        "weekend_unanswered_before": rounded(before.isna().mean()),
        "weekend_unanswered_after": rounded(after.isna().mean()),
        "newcomers_welcomed_before": rounded(welcomed[False]),
        "newcomers_welcomed_after": rounded(welcomed[True]),
        "newcomers_expected_to_stay_before": rounded(expected[False]),
        "newcomers_expected_to_stay_after": rounded(expected[True]),
    }


def unanswered_newcomers(world: World) -> dict[str, Any]:
    """Members whose first topic, opened 7 to 97 days before the end, nobody answered."""
    first = first_topics(world)
    recent = first["first_topic_at"].between(
        world.seen_until - 97 * DAY, world.seen_until - 7 * DAY, inclusive="left"
    )
    alone = first[recent & first["hours"].isna()]
    return {
        "newcomers": int(recent.sum()),
        "unanswered": len(alone),
        "ever": int(first["hours"].isna().sum()),
    }


def connection(world: World) -> dict[str, Any]:
    """Share of the members who wrote that the largest connected part of the network holds."""
    from cmsim.ties import Ties

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
    from cmsim.ties import Ties

    trolls = np.array(world.latent["planted"]["trolls"], dtype=np.int64)
    since = world.local_day(world.start + world.preset["trolls"]["day"] * DAY)
    ties = Ties(world)
    pairs = ties.pairs[world.local(ties.pairs["timestamp"]) >= since]
    theirs = pairs[pairs["author"].isin(trolls)]
    inside = theirs[theirs["target"].isin(trolls)]
    labels = world.latent["events"]
    toxic = labels["toxic"] & (world.local(world.events["timestamp"]) >= since)
    return {
        "member_ids": [int(x) for x in trolls],
        "since": str(since.date()),
        "share_of_their_replies_to_one_another": rounded(len(inside) / len(theirs)),
        "pairs_linked": rounded(
            len(inside[["author", "target"]].drop_duplicates()) / (len(trolls) * (len(trolls) - 1))
        ),
        "share_of_toxic_messages": rounded(labels.loc[toxic, "true_member_id"].isin(trolls).mean()),
    }
