"""Every story of the tables around a community, recomputed from the public tables on 20 seeds.

Nothing of ``cmsim`` is used to measure: only pandas, on the tables a learner has.
"""

import numpy as np
import pandas as pd
import pytest

from cmsim.generate import generate

SEEDS = range(1, 21)
OTHERS = [(pack, seed) for pack in ("forum", "support", "internal") for seed in (1, 2)]


class Made:
    """The public tables of one simulation and the values its truth states."""

    def __init__(self, pack, seed):
        simulation = generate(pack, seed=seed)
        self.pack = pack
        self.tables = simulation.community
        self.stories = {story.id: story.value for story in simulation.stories}
        self.labels = simulation.truth["labels"]


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed{seed}")
def brand(request):
    return Made("brand", request.param)


@pytest.fixture(scope="module", params=OTHERS, ids=lambda one: f"{one[0]}{one[1]}")
def other(request):
    return Made(*request.param)


def published(made):
    posts = made.tables.posts
    posts = posts[posts["published_at"].notna()].copy()
    posts["acts"] = (posts["reactions"] + posts["comments"] + posts["shares"]).astype(float)
    posts["reach"] = posts["reach"].astype(float)
    return posts


def pooled(posts):
    return posts["acts"].sum() / posts["reach"].sum()


# Content


def test_photos_get_most_likes_but_questions_engage_more(brand):
    posts = published(brand)
    usual = posts[posts["format"] != "contest"]
    assert usual.groupby("format")["reactions"].sum().astype(float).idxmax() == "photo"
    by_format = {name: pooled(rows) for name, rows in posts.groupby("format")}
    assert by_format["question"] == pytest.approx(0.099, abs=0.0005)
    assert by_format["photo"] == pytest.approx(0.034, abs=0.0005)
    value = brand.stories["photos_or_questions"]
    assert value["question_rate"] == round(by_format["question"], 4)
    assert value["photo_rate"] == round(by_format["photo"], 4)


def test_one_contest_post_lifts_the_rate_of_the_page(brand):
    posts = published(brand)
    contest = posts["format"] == "contest"
    assert contest.sum() == 1
    assert pooled(posts[~contest]) == pytest.approx(0.029, abs=0.0001)
    assert pooled(posts) == pytest.approx(0.038, abs=0.0001)
    assert brand.stories["contest_post"]["rate_with"] == round(pooled(posts), 4)
    assert brand.stories["contest_post"]["post_id"] == posts.loc[contest, "post_id"].item()


def test_the_viral_post_reaches_thirty_times_the_median(brand):
    posts = published(brand).set_index("post_id")
    value = brand.stories["viral_post"]
    usual = posts[posts["format"] != "contest"].drop(index=value["post_id"])
    viral = posts.loc[value["post_id"]]
    times = viral["reach"] / usual["reach"].median()
    assert times == pytest.approx(30, abs=0.5)
    assert value["times_median"] == round(times, 2)
    assert viral["acts"] / viral["reach"] < pooled(usual) / 2


def test_posts_of_members_start_more_conversation(brand):
    posts = published(brand)
    posts = posts[posts["format"] != "contest"]
    sums = posts.groupby("author_type")[["comments", "reach"]].sum().astype(float)
    talk = sums["comments"] / sums["reach"] * 1000
    assert talk["member"] > 1.2 * talk["brand"]
    value = brand.stories["members_start_talk"]
    assert value["member_comments_per_1000"] == round(talk["member"], 2)
    assert value["brand_comments_per_1000"] == round(talk["brand"], 2)


def test_reach_breaks_in_november_2024(brand):
    posts = published(brand)
    posts = posts[~posts["paid"]]
    value = brand.stories["algorithm_change"]
    assert value["date"] == "2024-11-01"
    new = posts["published_at"] >= value["date"]
    before, after = posts.loc[~new, "reach"].median(), posts.loc[new, "reach"].median()
    assert after / before == pytest.approx(0.60, abs=0.05)
    assert (value["median_before"], value["median_after"]) == (before, after)


def test_posts_planned_for_tuesday_evening_go_out_late(brand):
    posts = published(brand)
    local = posts["planned_at"].dt.tz_localize("UTC").dt.tz_convert("Europe/Paris")
    tuesday = (local.dt.day_of_week == 1) & (local.dt.hour == 18)
    delay = (posts["published_at"] - posts["planned_at"]).dt.total_seconds() / 60
    on_time = (delay <= 15).groupby(tuesday).mean()
    assert on_time[True] == pytest.approx(0.15, abs=0.02)
    assert on_time[False] == pytest.approx(0.92, abs=0.02)
    value = brand.stories["late_tuesdays"]
    assert value["on_time_tuesday_18h"] == round(on_time[True], 4)


# Campaigns and events


def test_a_wins_overall_and_b_in_each_segment(brand):
    campaign = brand.tables.campaigns.query("campaign_id == 1")
    overall = campaign.groupby("variant")["clicked"].mean()
    assert overall.to_dict() == {"A": 0.35, "B": 0.29}
    split = campaign.pivot_table(index="segment", columns="variant", values="clicked")
    assert (split["B"] - split["A"]).to_numpy() == pytest.approx([0.04, 0.04])
    sales = campaign.pivot_table(index="segment", columns="variant", values="converted")
    assert (sales["B"] > sales["A"]).all()
    assert campaign.groupby("variant")["converted"].mean().idxmax() == "A"
    assert brand.stories["simpson"]["rate_a"] == 0.35


def test_three_hundred_people_a_variant_prove_nothing(brand):
    campaign = brand.tables.campaigns.query("campaign_id == 2")
    rates = campaign.groupby("variant")["clicked"].agg(["mean", "size"])
    assert rates["mean"].to_list() == [0.20, 0.24]
    assert rates["size"].to_list() == [300, 300]
    error = np.sqrt((rates["mean"] * (1 - rates["mean"]) / rates["size"]).sum())
    assert round(100 * (0.04 - 1.96 * error)) == -3
    assert round(100 * (0.04 + 1.96 * error)) == 11


def test_many_register_and_few_come(brand):
    webinar = brand.tables.online_events.query("online_event_id == 1")
    assert webinar["registered"].sum() == 400
    assert webinar["attended"].sum() == 124
    assert (webinar["attended"] <= webinar["registered"]).all()
    assert webinar["stayed_min"].notna().equals(webinar["attended"])
    assert brand.stories["webinar"]["attended_share"] == 0.31


# Tickets


def waits(made):
    tickets = made.tables.tickets
    hours = (tickets["first_response_at"] - tickets["opened_at"]).dt.total_seconds() / 3600
    return hours, tickets["opened_at"].dt.day_of_week >= 5


def test_the_mean_wait_hides_the_weekend(brand):
    hours, weekend = waits(brand)
    assert len(hours) == 2400
    assert hours.mean() == pytest.approx(7.5, abs=0.05)
    assert hours.median() == pytest.approx(2.6, abs=0.05)
    assert hours[~weekend].median() == pytest.approx(1.5, abs=0.02)
    assert hours[weekend].median() == pytest.approx(13.5, abs=0.1)
    assert hours[~weekend].isna().mean() == pytest.approx(0.02, abs=0.001)
    assert hours[weekend].isna().mean() == pytest.approx(0.09, abs=0.001)
    value = brand.stories["weekend_wait"]
    assert value["mean_h"] == round(hours.mean(), 2)
    assert value["weekend_median_h"] == round(hours[weekend].median(), 2)


def test_the_weekend_is_the_same_in_utc_and_in_france(brand):
    opened = brand.tables.tickets["opened_at"]
    local = opened.dt.tz_localize("UTC").dt.tz_convert("Europe/Paris")
    assert ((opened.dt.day_of_week >= 5) == (local.dt.day_of_week >= 5)).all()


def test_five_topics_make_sixty_percent_of_the_tickets(brand):
    counts = brand.tables.tickets["topic"].value_counts()
    assert counts.iloc[:5].sum() / counts.sum() == pytest.approx(0.60, abs=0.002)
    assert counts.iloc[4] > 1.5 * counts.iloc[5]
    assert brand.stories["five_topics"]["topics"] == counts.index[:5].to_list()


def test_tickets_surge_after_the_outage(brand):
    value = brand.stories["ticket_surge"]
    opened = brand.tables.tickets["opened_at"]
    low, high = pd.Timestamp(value["from"]), pd.Timestamp(value["until"])
    inside = (opened >= low) & (opened < high)
    span = brand.tables.end - brand.tables.start - (high - low)
    usual = (~inside).sum() / (span / pd.Timedelta(hours=1))
    times = inside.sum() / ((high - low) / pd.Timedelta(hours=1)) / usual
    assert times > 4
    assert value["times_usual"] == round(times, 2)
    asked = brand.tables.tickets.loc[inside, "topic"].value_counts()
    assert asked.index[0] == "app connection"


# Feedback and moderation


def test_the_overall_score_is_flat_while_delivery_falls(brand):
    feedback = brand.tables.feedback
    local = feedback["timestamp"].dt.tz_localize("UTC").dt.tz_convert("Europe/Paris")
    after = local >= pd.Timestamp("2025-04-01", tz="Europe/Paris")
    delivery = feedback["topic"] == "delivery"
    rating = feedback["rating"].astype(float)
    assert rating[after].mean() == pytest.approx(rating[~after].mean(), abs=0.02)
    assert rating[after & delivery].mean() == pytest.approx(2.0, abs=0.05)
    assert rating[~after & delivery].mean() == pytest.approx(3.8, abs=0.05)
    value = brand.stories["topic_falls"]
    assert value["topic_after"] == round(rating[after & delivery].mean(), 2)


def _kappa(first, second):
    from statsmodels.stats.inter_rater import cohens_kappa

    return cohens_kappa(pd.crosstab(first, second).to_numpy()).kappa


def test_two_readers_agree_only_in_part(brand):
    feedback = brand.tables.feedback
    found = _kappa(feedback["coder_1"].to_numpy(), feedback["coder_2"].to_numpy())
    assert 0.5 < found < 0.7
    assert brand.stories["two_readers"]["kappa"] == pytest.approx(found, abs=0.001)


def test_irony_fools_the_readers_more_than_plain_words(brand):
    labels = brand.labels["feedback"].set_index("feedback_id")
    feedback = brand.tables.feedback.set_index("feedback_id")
    wrong = (feedback["coder_1"] != labels["tone"]).astype(float)
    wrong += (feedback["coder_2"] != labels["tone"]).astype(float)
    by_manner = wrong.groupby(labels["manner"]).mean()
    assert by_manner["irony"] > 2 * by_manner["plain"]


def score(items):
    age = items["account_age_days"]
    young = np.where(age < 2, 3, np.where(age < 30, 1, 0))
    return 2 * items["links"].clip(upper=2) + items["reports"].clip(upper=6) + young


def test_each_threshold_makes_its_own_mistake(brand):
    items = brand.tables.moderation
    points = score(items)
    bad = items["decision"] == "remove"
    critic = items["reason"] == "criticism, within the rules"
    assert len(items) == 3000
    assert bad.mean() == pytest.approx(0.041, abs=0.0005)
    found = {
        "threshold_4_catches": (points[bad] >= 4).mean(),
        "threshold_4_flags_critics": (points[critic] >= 4).mean(),
        "threshold_6_catches": (points[bad] >= 6).mean(),
        "threshold_6_flags_critics": (points[critic] >= 6).mean(),
    }
    assert list(found.values()) == pytest.approx([0.91, 0.59, 0.54, 0.10], abs=0.005)
    value = brand.stories["two_thresholds"]
    assert {name: round(share, 4) for name, share in found.items()} == {
        name: value[name] for name in found
    }


def test_two_moderators_agree_half_of_the_way(brand):
    items = brand.tables.moderation.dropna(subset=["moderator_a"])
    found = _kappa(items["moderator_a"].to_numpy(), items["moderator_b"].to_numpy())
    assert 0.45 < found < 0.6


def test_a_night_wave_from_fourteen_young_accounts(brand):
    items = brand.tables.moderation
    value = brand.stories["night_wave"]
    night = items["reported_at"].dt.date == pd.Timestamp(value["night"]).date()
    hour = items["reported_at"].dt.hour
    wave = items[night & (hour >= 1) & (hour < 4) & (items["account_age_days"] < 2)]
    wave = wave[wave["decision"] == "remove"]
    events = brand.tables.events.set_index("event_id")
    authors = events.loc[wave["event_id"].to_numpy(), "member_id"]
    assert authors.nunique() == value["accounts"] == 14
    members = brand.tables.members.set_index("member_id")["joined_at"]
    age = (
        events.loc[wave["event_id"].to_numpy(), "timestamp"].to_numpy()
        - members.loc[authors.to_numpy()].to_numpy()
    )
    assert (age < np.timedelta64(2, "D")).all()


# Mentions and influence


def test_the_rival_jumps_on_hostile_mentions(brand):
    mentions = brand.tables.mentions
    month = mentions["timestamp"].dt.strftime("%Y-%m")
    rival = mentions["brand"] == "Pousselande"
    before = month.isin(["2025-01", "2025-02", "2025-03"])
    after = month == "2025-04"
    good = mentions["sentiment"] == "positive"
    found = [
        rival[before].mean(),
        rival[after].mean(),
        rival[before & good].mean(),
        rival[after & good].mean(),
    ]
    assert found == pytest.approx([0.33, 0.61, 0.33, 0.30], abs=0.002)
    value = brand.stories["rival_voice"]
    assert value["share_after"] == round(found[1], 4)


def test_the_alert_comes_two_days_before_the_peak_with_one_false_alarm(brand):
    mentions = brand.tables.mentions
    hostile = mentions.query("brand == 'Verdignolle' and sentiment == 'negative'")
    daily = hostile.set_index("timestamp").resample("D").size()
    daily = daily.reindex(pd.date_range("2024-01-01", "2025-07-14"), fill_value=0)
    past = daily.shift(1).rolling(28)
    alerts = daily.index[daily > past.mean() + 3 * past.std()]
    peak = daily.idxmax()
    first = alerts[alerts >= peak - pd.Timedelta(days=10)][0]
    assert (peak - first).days == 2
    early = alerts[(alerts < first) & (alerts >= first - pd.Timedelta(days=60))]
    assert len(early) == 1
    assert brand.stories["crisis"]["first_alert"] == str(first.date())


def test_many_followers_and_few_of_our_members(brand):
    ours = brand.tables.audience["influencer_id"].value_counts()
    accounts = brand.tables.influencers.set_index("influencer_id")["followers"]
    assert accounts[1] == 80000
    assert accounts[2] == 4000
    assert ours[1] < ours[2] / 3
    assert brand.stories["followers_are_not_influence"]["big_members"] == ours[1]


def test_two_partners_share_seventy_percent_of_their_audience(brand):
    followed = brand.tables.audience.groupby("influencer_id")["member_id"].agg(set)
    first, second = followed[3], followed[4]
    assert len(first) == len(second)
    assert len(first & second) / len(first) == pytest.approx(0.70)


# Value


def spending(made):
    """One row a customer: before, after (EUR a month), joined, invited, region, tenure."""
    customers, orders = made.tables.customers, made.tables.orders
    value = made.stories["members_spend_more"]
    inside = orders["timestamp"] >= value["after_from"]
    inside &= orders["timestamp"] < value["after_until_excluded"]
    total = orders[inside].groupby("customer_id")["amount_eur"].sum()
    after = total.reindex(customers["customer_id"], fill_value=0.0).to_numpy()
    return customers.assign(
        after=after / value["months_after"],
        before=customers["spend_before_eur"],
        joined=customers["joined_community_at"].notna(),
    ), value


def wald(people, outcome):
    means = people.groupby("invited")[[outcome, "joined"]].mean()
    return (means.loc[True, outcome] - means.loc[False, outcome]) / (
        means.loc[True, "joined"] - means.loc[False, "joined"]
    )


def test_members_spend_more_but_already_did_before(brand):
    people, value = spending(brand)
    groups = people.groupby("joined")[["before", "after"]].mean()
    ratio = groups.loc[True] / groups.loc[False]
    assert ratio["before"] == pytest.approx(1.84, abs=0.005)
    assert ratio["after"] == pytest.approx(1.98, abs=0.01)
    naive = groups.loc[True, "after"] - groups.loc[False, "after"]
    did = naive - (groups.loc[True, "before"] - groups.loc[False, "before"])
    truth = value["true_effect_eur_month"]
    assert did == pytest.approx(truth, abs=0.1)
    assert naive == pytest.approx(58, abs=1)
    assert value["did_eur_month"] == pytest.approx(did, abs=0.02)


def test_adjusting_for_region_and_tenure_is_not_enough(brand):
    people, value = spending(brand)
    columns = [
        np.ones(len(people)),
        people["joined"].astype(float),
        np.log1p(people["tenure_months"]),
        *pd.get_dummies(people["region"], drop_first=True, dtype=float).to_numpy().T,
    ]
    design = np.column_stack(columns)
    adjusted = np.linalg.lstsq(design, people["after"].to_numpy(), rcond=None)[0][1]
    naive = value["naive_gap_eur_month"]
    assert naive > 1.2 * adjusted > 1.2 * 2 * value["true_effect_eur_month"]
    change = people["after"] - people["before"]
    fixed = np.linalg.lstsq(design, change.to_numpy(), rcond=None)[0][1]
    assert fixed == pytest.approx(value["true_effect_eur_month"], abs=1.0)


def test_the_random_invitation_recovers_the_effect_of_those_it_moves(brand):
    people, value = spending(brand)
    people["change"] = people["after"] - people["before"]
    truth = value["true_effect_compliers_eur_month"]
    assert wald(people, "change") == pytest.approx(truth, abs=1.5)
    assert wald(people, "after") == pytest.approx(truth, abs=2.5)


def test_the_known_effect_is_the_stated_uplift(brand):
    """Fifteen percent for those who write, six for the others, of the members' mean before."""
    people, value = spending(brand)
    members, events = brand.tables.members, brand.tables.events
    writers = set(events.loc[events["kind"].isin(["topic", "reply"]), "member_id"].dropna())
    linked = members.dropna(subset=["customer_id"]).set_index("customer_id")["member_id"]
    assert len(linked) == people["joined"].sum()
    joined = people[people["joined"]]
    joined_at = members.set_index("member_id")["joined_at"]
    same = joined_at.loc[linked.loc[joined["customer_id"]].to_numpy()].to_numpy()
    assert (same == joined["joined_community_at"].to_numpy()).all()
    effect = brand.labels["customers"].query("joined")
    mean = joined["before"].mean()
    posters = effect["poster"]
    assert effect.loc[posters, "effect_eur_month"].mean() == pytest.approx(0.15 * mean, abs=0.01)
    assert effect.loc[~posters, "effect_eur_month"].mean() == pytest.approx(0.06 * mean, abs=0.01)
    wrote = linked.loc[effect["customer_id"]].isin(writers).to_numpy()
    assert not wrote[~posters.to_numpy()].any()
    assert value["true_uplift_posters"] == 0.15


def test_one_community_has_three_returns(brand):
    people, value = spending(brand)
    costs, orders = brand.tables.costs, brand.tables.orders
    low, high = (value[name][:7] for name in ("after_from", "after_until_excluded"))
    spent = costs.loc[(costs["month"] >= low) & (costs["month"] < high), "amount_eur"].sum()
    roi = brand.stories["three_rois"]
    margin = orders["margin_eur"].sum() / orders["amount_eur"].sum()
    effect = roi["effect_eur_month"] * people["joined"].sum() * margin * roi["months"]
    contacts = roi["contacts_avoided_month"] * roi["contact_eur"] * roi["months"]
    assert roi["contacts_avoided_month"] > 0
    assert (0.5 * effect + 0.4 * contacts) / spent - 1 == pytest.approx(-0.48, abs=0.01)
    assert (effect + contacts) / spent - 1 == pytest.approx(0.11, abs=0.01)
    naive = effect * value["naive_gap_eur_month"] / value["did_eur_month"]
    assert (naive + contacts) / spent - 1 == pytest.approx(4.3, abs=0.15)
    assert roi["cost_eur"] == pytest.approx(spent, abs=0.01)


def test_a_third_of_the_manual_work_could_be_automated(brand):
    log = brand.tables.time_log
    weeks = (log["started_at"].max() - log["started_at"].min()).days // 7 + 1
    hours = log["minutes"].sum() / 60 / weeks
    assert hours == pytest.approx(11.5, abs=0.01)
    assert log.loc[log["automatable"], "minutes"].sum() / 60 / weeks == pytest.approx(4.0, abs=0.01)
    for start in (
        log["started_at"],
        log["started_at"].dt.tz_localize("UTC").dt.tz_convert("Europe/Paris"),
    ):
        off = (start.dt.day_of_week >= 5) | (start.dt.hour >= 18)
        share = log.loc[off, "minutes"].sum() / log["minutes"].sum()
        assert share == pytest.approx(0.14, abs=0.002)
    assert brand.stories["manual_work"]["weeks"] == weeks


# The other packs keep the contrasts


def test_the_other_packs_keep_the_contrasts(other):
    hours, weekend = waits(other)
    assert hours[weekend].median() == pytest.approx(13.5, abs=0.2)
    assert hours[~weekend].median() == pytest.approx(1.5, abs=0.05)
    assert hours[weekend].isna().mean() > 3 * hours[~weekend].isna().mean()
    campaign = other.tables.campaigns.query("campaign_id == 1")
    assert campaign.groupby("variant")["clicked"].mean().to_dict() == {"A": 0.35, "B": 0.29}
    posts = published(other)
    rates = {name: pooled(rows) for name, rows in posts.groupby("format")}
    assert rates["question"] > 2.5 * rates["photo"]
    items = other.tables.moderation
    points, bad = score(items), items["decision"] == "remove"
    assert (points[bad] >= 4).mean() == pytest.approx(0.91, abs=0.01)
    assert (points[bad] >= 6).mean() == pytest.approx(0.54, abs=0.01)
    people, value = spending(other)
    change = (people["after"] - people["before"]).groupby(people["joined"]).mean()
    assert change[True] - change[False] == pytest.approx(value["true_effect_eur_month"], abs=0.3)
    assert value["naive_gap_eur_month"] > 4 * value["did_eur_month"]
    assert other.stories["crisis"]["days_gained"] == 2
    assert other.stories["crisis"]["false_alarms_60_days_before"] == 1
    voice = other.stories["rival_voice"]
    assert voice["share_after"] > 0.6 > 2 * voice["favourable_share_after"] - 0.1
