"""What surrounds a community: content, campaigns, events, influencers and mentions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.messages import N_
from cmsim.draw import EXACT, exact_mask, ordinary_members, plain, to_seconds, to_times
from cmsim.mentions import make_mentions
from cmsim.posts import make_posts
from cmsim.stories import Story
from cmsim.world import World

__all__ = ["make_brand"]

# First campaign: recipients and clicks by segment and variant. B wins by 4 points in each
# segment and loses overall, because A went mostly to the segment that clicks anyway.
_SIMPSON = {
    ("loyal", "A"): (675, 270),
    ("loyal", "B"): (225, 99),
    ("new", "A"): (225, 45),
    ("new", "B"): (675, 162),
}
# Second campaign: 20 % against 24 %, with 300 people each, proves nothing.
_SMALL = {("all", "A"): (300, 60), ("all", "B"): (300, 72)}
_WEBINAR_REGISTERED, _WEBINAR_SHOW_UP = 400, 0.31
_BIG, _SMALL_ACCOUNT, _PARTNERS = 1, 2, (3, 4)


def make_brand(world: World) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Make posts, campaigns, online events, influencers with their audience, and mentions.

    Returns
    -------
    tables : dict of str to DataFrame
    truth : dict
        ``"stories"``.
    """
    posts, posts_stories = make_posts(world)
    mentions, mentions_stories = make_mentions(world)
    campaigns, campaign_stories = _campaigns(world)
    online_events, event_story = _online_events(world)
    influencers, audience, influence_stories = _influencers(world)
    tables = {
        "posts": posts,
        "campaigns": campaigns,
        "online_events": online_events,
        "mentions": mentions,
        "influencers": influencers,
        "audience": audience,
    }
    stories = [
        *posts_stories,
        *campaign_stories,
        event_story,
        *influence_stories,
        *mentions_stories,
    ]
    return tables, {"stories": stories}


def _campaigns(world: World) -> tuple[pd.DataFrame, list[Story]]:
    rng = world.rng("campaigns")
    parts = []
    for number, (cells, place) in enumerate(((_SIMPSON, 0.45), (_SMALL, 0.75)), start=1):
        day = to_seconds(world.start + (world.end - world.start) * place) // 86400
        rows = [_cell(rng, *key, *counts) for key, counts in cells.items()]
        campaign = pd.concat(rows, ignore_index=True)
        campaign = campaign.iloc[rng.permutation(len(campaign))].reset_index(drop=True)
        batch = np.sort(rng.integers(0, 10, len(campaign)))
        seconds = (day + batch) * 86400 + 8 * 3600 + rng.integers(0, 1800, len(campaign))
        campaign.insert(0, "campaign_id", number)
        campaign.insert(1, "recipient_id", np.arange(1, len(campaign) + 1))
        campaign.insert(4, "sent_at", to_times(seconds))
        parts.append(campaign)
    campaigns = pd.concat(parts, ignore_index=True)
    return campaigns, _campaign_stories(world.preset.name, campaigns)


def _cell(
    rng: np.random.Generator, segment: str, variant: str, sent: int, clicks: int
) -> pd.DataFrame:
    """Return recipients of one segment and variant: a third of those who click converts."""
    clicked = np.arange(sent) < clicks
    opened = clicked.copy()
    opened[clicks:] = exact_mask(rng, sent - clicks, round(0.35 * (sent - clicks)))
    return pd.DataFrame(
        {
            "segment": segment,
            "variant": variant,
            "opened": opened,
            "clicked": clicked,
            "converted": np.arange(sent) < clicks // 3,
        }
    )


def _campaign_stories(pack: str, campaigns: pd.DataFrame) -> list[Story]:
    first = campaigns[campaigns["campaign_id"] == 1]
    overall = first.groupby("variant")["clicked"].mean()
    split = first.pivot_table(index="segment", columns="variant", values="clicked")
    gain = split["B"] - split["A"]
    second = campaigns[campaigns["campaign_id"] == 2].groupby("variant")["clicked"].mean()
    return [
        Story(
            id="simpson",
            pack=pack,
            title=N_("A wins overall, B wins in each segment"),
            see=N_("Campaign 1: share who clicked by variant, then by segment and variant."),
            value=plain(
                {
                    "campaign_id": 1,
                    "rate_a": round(float(overall["A"]), 4),
                    "rate_b": round(float(overall["B"]), 4),
                    **{f"gain_b_{name}": round(float(gain[name]), 4) for name in gain.index},
                }
            ),
            placed=EXACT,
        ),
        Story(
            id="too_small_a_test",
            pack=pack,
            title=N_("A test too small to decide"),
            see=N_(
                "Campaign 2: the difference between B and A and its 95 % interval, which holds "
                "zero; nearly 1,700 people a variant would be needed."
            ),
            value=plain(
                {
                    "campaign_id": 2,
                    "rate_a": round(float(second["A"]), 4),
                    "rate_b": round(float(second["B"]), 4),
                    "people_per_variant": 300,
                }
            ),
            placed=EXACT,
        ),
    ]


def _online_events(world: World) -> tuple[pd.DataFrame, Story]:
    rng = world.rng("online_events")
    people = _people(world)
    invited = min(world.preset["online_events"]["invited"], int(0.8 * len(people)))
    registered = _WEBINAR_REGISTERED if invited >= 2.5 * _WEBINAR_REGISTERED else invited // 4
    webinar = (invited, registered, round(_WEBINAR_SHOW_UP * registered))
    small = [(max(invited // 8, 20), 0.3, 0.55), (max(invited // 6, 20), 0.22, 0.42),
             (max(invited // 10, 20), 0.4, 0.63)]  # fmt: skip
    sizes = [webinar]
    sizes += [(n, round(n * share), round(n * share * came)) for n, share, came in small]
    parts = []
    for number, (sent, signed, came) in enumerate(sizes, start=1):
        rank = rng.permutation(sent)
        attended = rank < came
        stay = np.round(rng.beta(2.2, 1.2, sent) * 62, 0).clip(1)
        parts.append(
            pd.DataFrame(
                {
                    "online_event_id": number,
                    "member_id": np.sort(rng.choice(people, size=sent, replace=False)),
                    "invited": True,
                    "registered": rank < signed,
                    "attended": attended,
                    "stayed_min": pd.Series(stay).where(attended),
                }
            )
        )
    story = Story(
        id="webinar",
        pack=world.preset.name,
        title=N_("Many register, few come"),
        see=N_("Online event 1: invited, registered, came."),
        value=plain(
            {
                "online_event_id": 1,
                "invited": webinar[0],
                "registered": webinar[1],
                "attended": webinar[2],
                "attended_share": round(webinar[2] / webinar[1], 4),
            }
        ),
        placed=EXACT,
    )
    return pd.concat(parts, ignore_index=True), story


def _influencers(world: World) -> tuple[pd.DataFrame, pd.DataFrame, list[Story]]:
    rng = world.rng("influencers")
    people = _people(world)
    followers = np.array(
        [80000, 4000, 12500, 15200, 3100, 6400, 900, 22000, 48000, 2500, 7800, 1400]
    )
    active = np.array([3200, 2480, 3900, 4300, 1500, 2100, 610, 4200, 5100, 1350, 2600, 790])
    fee = np.array([2400, 260, 620, 700, 240, 380, 80, 950, 1600, 180, 430, 100], dtype=float)
    share = np.array(
        [0.020, 0.090, 0.100, 0.100, 0.030, 0.045, 0.015, 0.035, 0.025, 0.02, 0.04, 0.01]
    )
    size = np.maximum(np.round(share * len(people)).astype(int), 3)
    size[_PARTNERS[0] - 1] = size[_PARTNERS[1] - 1] = max(10, size[2] // 10 * 10)
    sets = [rng.choice(people, size=n, replace=False) for n in size]
    first, second = (number - 1 for number in _PARTNERS)
    common = round(0.7 * size[first])
    away = np.setdiff1d(people, sets[first])
    sets[second] = np.concatenate(
        [sets[first][:common], rng.choice(away, size=size[second] - common, replace=False)]
    )
    audience = pd.DataFrame(
        {
            "influencer_id": np.repeat(np.arange(1, len(size) + 1), size),
            "member_id": np.concatenate([np.sort(one) for one in sets]),
        }
    )
    influencers = pd.DataFrame(
        {
            "influencer_id": np.arange(1, len(size) + 1),
            "followers": followers,
            "active_followers": active,
            "fee_eur": fee,
        }
    )
    pack = world.preset.name
    stories = [
        Story(
            id="followers_are_not_influence",
            pack=pack,
            title=N_("The account with 80,000 followers reaches fewer of our members"),
            see=N_("Rows of audience by influencer_id, beside followers and fee_eur."),
            value=plain(
                {
                    "big": _BIG,
                    "big_followers": 80000,
                    "big_members": int(size[_BIG - 1]),
                    "small": _SMALL_ACCOUNT,
                    "small_followers": 4000,
                    "small_members": int(size[_SMALL_ACCOUNT - 1]),
                }
            ),
            placed=EXACT,
        ),
        Story(
            id="same_audience_twice",
            pack=pack,
            title=N_("Two partners share most of their audience"),
            see=N_("Members in both audiences, divided by the size of either (they are equal)."),
            value=plain(
                {
                    "partners": list(_PARTNERS),
                    "members_each": int(size[first]),
                    "in_common": int(common),
                    "share": round(common / int(size[first]), 4),
                }
            ),
            placed=EXACT,
        ),
    ]
    return influencers, audience, stories


def _people(world: World) -> np.ndarray:
    """Return the members who came for the community."""
    able = ordinary_members(world)
    return world.members["member_id"].to_numpy()[able]
