"""What module 03 says in words, computed again from the data it loads."""

import pandas as pd
import pytest

from cmlib import data, kpi

PUBLIC = ["reactions", "comments", "shares"]
ZONE = "Europe/Paris"


@pytest.fixture(scope="module")
def planned(brand):
    return brand.posts


@pytest.fixture(scope="module")
def posts(planned):
    out = planned[planned["reach"] > 0]
    out = out.assign(interactions=out[PUBLIC].sum(axis=1))
    late = out["published_at"] - out["planned_at"]
    return out.assign(
        rate=out["interactions"] / out["reach"], on_time=late <= pd.Timedelta("15min")
    )


@pytest.fixture(scope="module")
def usual(posts):
    return posts[posts["format"] != "contest"]


def rates(posts, by, name="engagement_rate", measure=kpi.engagement_rate):
    return measure(posts, interactions=PUBLIC, by=by).set_index(by)[name]


def test_photos_lead_by_likes_and_questions_by_reach(posts, usual):
    likes = posts.groupby("format")["reactions"].sum()
    assert likes.idxmax() == "photo" and likes["photo"] == 52870
    by_format = rates(usual, "format")
    assert by_format.idxmax() == "question"
    assert by_format.round(3)[["photo", "question"]].tolist() == [0.034, 0.099]
    per_post = usual.groupby("format").agg(n=("post_id", "count"), a_post=("reactions", "mean"))
    assert per_post["n"]["photo"] > 7 * per_post["n"]["question"]
    assert per_post["a_post"].idxmax() == "question"
    reach = usual.groupby("format")["reach"].mean()
    assert reach.idxmin() == "question"


def test_the_frames_of_photos_and_questions_are_apart_those_of_platforms_are_not(usual):
    formats = kpi.engagement_rate(usual, interactions=PUBLIC, by="format").set_index("format")
    assert formats["low"]["question"] > formats["high"]["photo"]
    assert (formats.loc[["question"], ["low", "high"]].round(3) == [0.076, 0.122]).all(axis=None)
    platforms = kpi.engagement_rate(usual, interactions=PUBLIC, by="platform")
    assert platforms["low"].max() < platforms["high"].min()


def test_one_contest_post_lifts_the_page_and_puts_facebook_first(posts, usual):
    contest = posts[posts["format"] == "contest"]
    assert contest["post_id"].tolist() == [229] and contest["platform"].tolist() == ["facebook"]
    one = [
        kpi.engagement_rate(t, interactions=PUBLIC)["engagement_rate"][0] for t in (posts, usual)
    ]
    assert [round(rate, 3) for rate in one] == [0.038, 0.029]
    assert rates(posts, "platform").idxmax() == "facebook"
    assert rates(usual, "platform").idxmin() == "facebook"
    assert posts["interactions"].idxmax() == contest.index[0]


def test_questions_keep_the_first_place_down_to_twenty_posts_set_aside(posts):
    order = posts.sort_values("interactions", ascending=False)
    for n in range(1, 21):
        assert rates(order.iloc[n:], "format").idxmax() == "question"


def test_the_post_with_the_largest_reach_pulls_facebook_down(posts):
    biggest = posts.loc[posts["reach"].idxmax()]
    assert (biggest["post_id"], biggest["format"], biggest["platform"]) == (
        180,
        "video",
        "facebook",
    )
    assert biggest["reach"] == 158430 and round(biggest["rate"], 3) == 0.009
    less = rates(posts[posts["post_id"] != 180], "platform")
    assert less["facebook"] > rates(posts, "platform")["facebook"]


def test_the_two_averages_rank_the_platforms_differently(posts, usual):
    means, totals = usual.groupby("platform")["rate"].mean(), rates(usual, "platform")
    assert means["facebook"] == pytest.approx(means["linkedin"], rel=0.005)
    assert means["facebook"] > means[["x", "instagram"]].max()
    assert totals.idxmin() == "facebook" and totals.idxmax() == "linkedin"
    assert posts.groupby("platform")["rate"].mean()["facebook"] >= means["linkedin"]
    assert round(totals["facebook"], 4) == 0.0263 and round(means["facebook"], 4) == 0.0362


def test_mixed_denominators_make_the_wrong_platform_win(usual):
    by_reach = rates(usual, "platform")
    by_display = rates(usual, "platform", "interaction_rate", kpi.interaction_rate)
    assert by_reach["facebook"] > by_display["linkedin"]
    assert by_reach["facebook"] < by_reach["linkedin"]
    assert by_display["facebook"] < by_display["linkedin"]


def test_members_and_brand_change_places_with_the_denominator(usual):
    by_reach = rates(usual, "author_type").round(4)
    by_display = rates(usual, "author_type", "interaction_rate", kpi.interaction_rate).round(4)
    assert by_reach[["member", "brand"]].tolist() == [0.0288, 0.0295]
    assert by_display[["member", "brand"]].tolist() == [0.0170, 0.0164]


def test_members_start_more_conversation_until_the_contest_is_in(posts, usual):
    def talk(table):
        totals = table.groupby("author_type")[["comments", "reach"]].sum()
        return (1000 * totals["comments"] / totals["reach"]).round(2)

    assert talk(usual)[["member", "brand"]].tolist() == [2.05, 1.0]
    assert talk(posts)["brand"] == 8.35


def test_links_bring_the_clicks(usual):
    assert usual.groupby("format")["clicks"].mean().idxmax() == "link"


def test_since_november_the_reach_of_a_post_falls_and_its_rate_does_not(usual):
    unpaid = usual[~usual["paid"]]
    since = unpaid["published_at"] >= "2024-11-01"
    parts = [unpaid[~since], unpaid[since]]
    assert [round(part["reach"].mean()) for part in parts] == [10653, 6674]
    rate = [part["interactions"].sum() / part["reach"].sum() for part in parts]
    assert [round(value, 3) for value in rate] == [0.031, 0.034]


def kept(posts, zone):
    """Give the number of posts and the share on time of each planned slot."""
    plan = data.split_week(posts, time="planned_at", tz=zone)
    return plan.groupby(["day", "hour"])["on_time"].agg(n="size", on="sum", share="mean")


def test_tuesday_at_18_in_utc_hides_that_it_goes_out_late(posts):
    tuesday = (2, 18)
    wrong = kept(posts, "UTC").loc[tuesday]
    assert (wrong["n"], wrong["share"]) == (5, 1)
    slots = kept(posts, ZONE)
    right, others = slots.loc[tuesday], slots.drop(tuesday)
    assert (right["n"], right["on"]) == (77, 12)
    assert others["share"].min() > 3 * right["share"]
    assert round(others["on"].sum() / others["n"].sum(), 2) == 0.92
    plan = data.split_week(posts, time="planned_at", tz=ZONE)
    slot = plan[(plan["day"] == 2) & (plan["hour"] == 18)]
    delay = (slot["published_at"] - slot["planned_at"]).dt.total_seconds() / 60
    assert round(delay.median()) == 89


def test_fourteen_posts_never_came_out_and_tuesdays_do_not_depend_on_them(planned):
    assert planned["published_at"].isna().sum() == 14
    local = planned["planned_at"].dt.tz_localize("UTC").dt.tz_convert(ZONE)
    tuesday = (local.dt.day_of_week == 1) & (local.dt.hour == 18)
    assert planned[tuesday]["published_at"].notna().all()
    rate = kpi.on_time_rate(planned[~tuesday], tolerance_h=0.25)["on_time_rate"][0]
    assert round(rate, 2) == 0.89


def test_the_best_slot_is_the_contest_and_no_solid_slot_has_won(brand, usual):
    slots = kpi.best_slots(brand, interactions=PUBLIC)
    best = slots.loc[slots["interactions_per_post"].idxmax()]
    assert (best["weekday"], best["hour"], best["n"]) == (0, 2, 1)
    others = slots[slots["interactions_per_post"] < slots["interactions_per_post"].max()]
    assert others["n"].sum() == len(usual)  # the contest alone is gone
    assert others.loc[others["interactions_per_post"].idxmax(), "n"] == 1
    solid = others[others["n"] >= 10].nlargest(3, "interactions_per_post")
    assert solid["low"].max() < solid["high"].min()


def test_the_model_calendar_uses_slots_that_are_kept(posts):
    share = kept(posts, ZONE)["share"]
    for slot in ((5, 19), (7, 19), (5, 16), (3, 8)):
        assert share[slot] == 1
