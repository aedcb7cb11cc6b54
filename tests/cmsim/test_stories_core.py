"""The community's planted stories, recomputed from the public tables on twenty seeds.

Everything here is plain pandas (igraph for the betweenness): the values that the truth states
are measured again with other code, and each contrast must hold on every seed. Days and months
are those of the home zone of the pack; nothing at or after its last midnight is observed.
"""

from dataclasses import replace

import igraph as ig
import numpy as np
import pandas as pd
import pytest

from cmlib.i18n import use_language
from cmsim.build import build_world
from cmsim.generate import END, START
from cmsim.observe import observed
from cmsim.posts import make_posts
from cmsim.presets import load_preset
from cmsim.stories import core_stories

SEEDS = range(1, 21)
DAY, HOUR = pd.Timedelta(days=1), pd.Timedelta(hours=1)


def make(pack, seed, without=None, **options):
    preset = load_preset(pack)
    kept = {name: value for name, value in preset.settings.items() if name != without}
    preset = replace(preset, settings=kept)
    settings = {
        "members": preset["members"]["default"],
        "language": preset["language"],
        "start": START,
        "end": END,
    }
    return build_world(preset, seed=seed, **{**settings, **options})


def utc(day, zone):
    """The UTC instant of a local midnight."""
    return pd.Timestamp(day, tz=zone).tz_convert("UTC").tz_localize(None)


class Tables:
    """The public tables of a world and the stories its truth states."""

    def __init__(self, pack, seed):
        drawn = make(pack, seed)
        self.world = world = observed(drawn)
        self.zone = {"brand": "Europe/Paris", "forum": "Europe/Paris"}.get(pack, "Europe/London")
        self.start, self.end = utc("2024-01-01", self.zone), utc("2025-07-15", self.zone)
        self.drawn, self.members, self.events = drawn, world.members, world.events
        self.people = self.members[self.members["role"] == "member"]
        self.stories = {story.id: story.value for story in core_stories(world)}

    def local(self, times):
        return times.dt.tz_localize("UTC").dt.tz_convert(self.zone).dt.tz_localize(None)

    def retained(self):
        """Mature members, with True where they were seen 90 to 119 days after joining."""
        mature = self.people[self.people["joined_at"] + 120 * DAY <= self.end]
        joined = mature.set_index("member_id")["joined_at"]
        log = self.events[self.events["member_id"].isin(joined.index)]
        days = (log["timestamp"] - log["member_id"].map(joined)) / DAY
        back = log.loc[days.between(90, 120, inclusive="left"), "member_id"].unique()
        return mature.set_index("member_id").assign(back=lambda t: t.index.isin(back))

    def topics(self):
        """Topics by people, with the hours to the first reply by anyone else but a bot."""
        bots = self.members.loc[self.members["role"] == "bot", "member_id"]
        log = self.events[~self.events["member_id"].isin(bots)]
        author = log["member_id"].fillna(-1).astype("int64")
        topic = log["kind"] == "topic"
        opened = pd.DataFrame(
            {
                "id": log.loc[topic, "event_id"],
                "author": author[topic],
                "at": log.loc[topic, "timestamp"],
                "channel": log.loc[topic, "channel"].astype("str"),
            }
        ).set_index("id")
        answer = log["kind"] == "reply"
        replies = pd.DataFrame(
            {
                "id": log.loc[answer, "thread_id"].astype("int64"),
                "by": author[answer],
                "when": log.loc[answer, "timestamp"],
            }
        ).join(opened, on="id", how="inner")
        first = replies[replies["by"] != replies["author"]].groupby("id")["when"].min()
        opened["hours"] = (first.reindex(opened.index) - opened["at"]) / HOUR
        return opened

    def first_topics(self):
        topics = self.topics().sort_values("at", kind="stable").reset_index()
        topics = topics[topics["author"].isin(self.people["member_id"])]
        return topics.drop_duplicates("author").set_index("author")

    def network(self, team):
        """Undirected graph of the members who wrote; with the team's accounts or without."""
        log = self.events[self.events["kind"].isin(["topic", "reply"])]
        log = log[log["member_id"].notna()]
        role = self.members.set_index("member_id")["role"]
        log = log.assign(role=log["member_id"].map(role))
        log = log[log["role"].isin(["member", "staff"] if team else ["member"])]
        author = dict(zip(log["event_id"], log["member_id"], strict=True))
        replies = log[log["kind"] == "reply"]
        pairs = {
            frozenset((int(a), int(author[p])))
            for a, p in zip(replies["member_id"], replies["parent_id"], strict=True)
            if p in author and author[p] != a
        }
        names = sorted({int(x) for x in log["member_id"]})
        graph = ig.Graph()
        graph.add_vertices([str(n) for n in names])
        graph.add_edges(
            [tuple(sorted(str(x) for x in pair)) for pair in sorted(map(sorted, pairs))]
        )
        counted = set(self.people["member_id"])
        graph.vs["counted"] = [n in counted for n in names]
        return graph


def largest_share(graph, total=None):
    parts = graph.connected_components()
    counted = np.array(graph.vs["counted"])
    sizes = np.bincount(np.array(parts.membership)[counted])
    return sizes.max() / (total or counted.sum())


@pytest.fixture(scope="module", params=SEEDS)
def brand(request):
    return Tables("brand", request.param)


@pytest.fixture(scope="module", params=SEEDS)
def forum(request):
    return Tables("forum", request.param)


@pytest.fixture(scope="module", params=SEEDS)
def support(request):
    return Tables("support", request.param)


def close(value):
    return pytest.approx(value, abs=6e-5)


def test_contest_arrivals_leave_and_referred_members_stay(brand):
    share = brand.retained().groupby("source")["back"].mean()
    told = brand.stories["retention_by_source"]
    assert share.to_dict() == {source: close(value) for source, value in told.items()}
    assert share["contest"] == pytest.approx(0.11, abs=0.01)
    assert share["referral"] == pytest.approx(0.50, abs=0.01)


def test_part_of_the_welcome_effect_is_the_source(brand):
    people = brand.retained().join(brand.first_topics(), how="inner")
    told = brand.stories["welcome"]
    gaps = []
    for name, rows in (("all", people), ("without_contest", people[people["source"] != "contest"])):
        back = rows.groupby(rows["hours"] < 24)["back"].mean()
        assert back[True] == close(told[name]["welcomed"])
        assert back[False] == close(told[name]["not_welcomed"])
        gaps.append(np.log(back[True] / (1 - back[True])) - np.log(back[False] / (1 - back[False])))
    assert len(people) == told["members"]
    assert told["all"]["welcomed"] - told["all"]["not_welcomed"] > 0.15
    assert gaps[0] > gaps[1] > 0


def test_the_contest_brings_sign_ups_and_not_activity(brand):
    told = brand.stories["contest"]
    joined = brand.local(brand.people["joined_at"])
    first, last = pd.Timestamp(told["first_day"]), pd.Timestamp(told["day_after"])
    assert ((joined >= first) & (joined < last)).sum() == told["arrivals_during"]
    assert (brand.people["source"] == "contest").sum() == told["source_contest"]
    log = brand.events[brand.events["member_id"].isin(brand.people["member_id"])]
    month = brand.local(log["timestamp"]).dt.strftime("%Y-%m")
    active = log.groupby(month)["member_id"].nunique()
    assert active.to_dict() == told["active_by_month"]
    assert active["2024-09"] > 1.5 * active["2024-12"] > 1.5 * 0.95 * active["2025-06"]
    total = told["members_by_month"]
    assert total["2024-08"] < total["2024-09"] < total["2024-12"] < total["2025-06"]
    # The eight weeks before: more arrivals in the last four than in the first four.
    weeks = [
        ((joined >= first - 28 * k * DAY) & (joined < first - 28 * (k - 1) * DAY)).sum()
        for k in (1, 2)
    ]
    assert weeks[0] > weeks[1]


def test_the_true_uplift_of_the_contest_is_recovered_by_the_trend(brand):
    told = brand.stories["contest"]
    joined = brand.local(brand.people.loc[brand.people["source"] != "import", "joined_at"])
    day = ((joined - START) // DAY).to_numpy()
    daily = np.bincount(day, minlength=562)
    first = (pd.Timestamp(told["first_day"]) - START) // DAY
    last = (pd.Timestamp(told["day_after"]) - START) // DAY
    before = np.arange(first - 182, first)
    slope, level = np.polyfit(before, daily[before], 1)
    expected = (slope * np.arange(first, last) + level).sum()
    excess = daily[first:last].sum() - expected
    naive = daily[first:last].sum() - daily[before].mean() * (last - first)
    assert excess == pytest.approx(told["extra_arrivals"], rel=0.05)
    assert naive > excess + 20


def test_the_spam_wave_looks_like_growth(brand):
    told = brand.stories["spam_wave"]
    joined = brand.local(brand.people["joined_at"])
    first, last = pd.Timestamp(told["first_day"]), pd.Timestamp(told["day_after"])
    wave = brand.people[(joined >= first) & (joined < last)]
    assert len(wave) == told["arrivals_in_window"]
    assert told["accounts"] == 300
    assert (last - first).days == 5
    seen = brand.local(brand.events.groupby("member_id")["timestamp"].max())
    gone = wave["member_id"].map(seen) < last + 4 * DAY
    assert gone.sum() >= 300
    assert told["arrivals_in_month"] > 3 * told["arrivals_in_month_without"]


def test_the_new_definition_of_active_makes_a_false_jump(brand):
    told = brand.stories["redefinition"]
    log = brand.events[brand.events["member_id"].isin(brand.people["member_id"])]
    month = brand.local(log["timestamp"]).dt.strftime("%Y-%m")
    counts = {}
    for name in ("month_before", "month"):
        rows = log[month == told[name]]
        acted = set(rows.loc[rows["kind"] != "visit", "member_id"])
        visits = rows.loc[rows["kind"] == "visit", "member_id"].value_counts()
        counts[name] = (len(acted), len(acted | set(visits[visits >= told["visits"]].index)))
    assert counts["month_before"] == (told["before_a"], told["before_b"])
    assert counts["month"] == (told["month_a"], told["month_b"])
    # Placed by UTC months: a night owl or two fall in the other month of the home zone.
    assert told["month_a"] == pytest.approx(told["before_a"], abs=3)
    assert told["month_b"] == pytest.approx(told["before_b"], abs=3)
    assert counts["month"][1] / counts["month_before"][0] - 1 == pytest.approx(0.18, abs=0.025)


def test_the_channel_mix_shifts_and_no_channel_gets_worse(brand):
    told = brand.stories["channel_mix"]
    topics = brand.topics()
    last = brand.end - 30 * DAY
    parts = {
        "first": topics[topics["at"] < brand.start + 180 * DAY],
        "last": topics[(topics["at"] >= last - 180 * DAY) & (topics["at"] < last)],
    }
    rate = {
        name: rows["hours"].isna().groupby(rows["channel"]).mean() for name, rows in parts.items()
    }
    overall = {name: rows["hours"].isna().mean() for name, rows in parts.items()}
    for name in parts:
        assert overall[name] == close(told[name]["all"])
        assert rate[name].to_dict() == {k: close(v) for k, v in told[name].items() if k != "all"}
    assert overall["last"] > overall["first"] + 0.02
    assert (rate["last"] - rate["first"]).abs().max() < 0.03


def test_the_outage_leaves_hours_of_zeros_then_a_rebound(brand):
    check_outage(brand)


def test_the_outage_of_the_support_forum(support):
    check_outage(support)


def check_outage(tables):
    told = tables.stories["outage"]
    at = tables.events["timestamp"]
    first, last, calm = (
        pd.Timestamp(told[k]) for k in ("first_hour", "hour_after", "rebound_until")
    )
    assert ((at >= first) & (at < last)).sum() == told["events"] == 0
    weeks = [7 * k * DAY for k in (1, 2, 3, 4)]
    usual = np.mean([((at >= last - w) & (at < calm - w)).sum() for w in weeks])
    rebound = ((at >= last) & (at < calm)).sum()
    assert rebound == told["rebound_events"]
    assert told["rebound_events_usual"] == usual
    assert rebound > 1.3 * usual
    assert told["events_usual"] > 10


def test_newcomers_nobody_answered(brand):
    told = brand.stories["unanswered_newcomers"]
    first = brand.first_topics()
    recent = first[(first["at"] >= brand.end - 97 * DAY) & (first["at"] < brand.end - 7 * DAY)]
    assert len(recent) == told["newcomers"]
    assert recent["hours"].isna().sum() == told["unanswered"] >= 3
    assert first["hours"].isna().sum() == told["ever"]


def test_three_brokers_hold_the_silos_together(brand):
    told = brand.stories["brokers"]
    with_team, graph = brand.network(team=True), brand.network(team=False)
    size = graph.vcount()
    assert size == told["members"]
    assert largest_share(with_team) == close(told["with_team"])
    assert largest_share(graph) == close(told["without_team"])
    assert told["with_team"] - told["without_team"] > 0.04
    names = graph.vs["name"]
    brokers = [str(x) for x in told["brokers"]]
    between = pd.Series(graph.betweenness(), index=names).rank(ascending=False)
    degree = pd.Series(graph.degree(), index=names)
    assert (between[brokers] <= 10).all()
    assert (degree.rank(ascending=False, method="min")[brokers] > 25).all()
    cut = graph.copy()
    cut.delete_vertices(brokers)
    assert largest_share(cut, size) == close(told["without_brokers"])
    hubs = graph.copy()
    hubs.delete_vertices(degree.sort_values(ascending=False, kind="stable").index[:3].tolist())
    assert largest_share(hubs, size) == pytest.approx(told["without_best_connected"], abs=0.02)
    assert told["without_brokers"] < 0.40
    assert told["without_best_connected"] > 0.60
    assert told["without_random"] > told["without_team"] - 0.03


def test_trolls_answer_one_another_and_write_most_of_what_is_toxic(brand):
    told = brand.stories["troll_cluster"]
    since = pd.Timestamp(told["since"])
    log = brand.events[brand.events["kind"].isin(["topic", "reply"])]
    author = log.set_index("event_id")["member_id"]
    trolls = told["member_ids"]
    assert len(trolls) == 8
    theirs = log[
        log["member_id"].isin(trolls)
        & (log["kind"] == "reply")
        & (brand.local(log["timestamp"]) >= since)
    ]
    target = theirs["parent_id"].map(author)
    known = target.notna() & (target != theirs["member_id"]).fillna(False)
    share = target[known].isin(trolls).mean()
    assert share == pytest.approx(told["share_of_their_replies_to_one_another"], abs=0.02)
    assert share > 0.4
    assert told["pairs_linked"] > 0.6
    assert told["share_of_toxic_messages"] > 0.5


def test_the_viral_post_reaches_many_who_care_little(forum):
    posts, told = viral_post(forum)
    done = posts[posts["published_at"].notna()].set_index("post_id").convert_dtypes()
    acts = done[["reactions", "comments", "shares"]].sum(axis=1)
    post, others = done.loc[told["post_id"]], done.drop(index=told["post_id"])
    assert post["reach"] / others["reach"].median() == pytest.approx(30, abs=0.05)
    assert told["times_median"] == pytest.approx(30, abs=0.05)
    assert post["reach"] == told["reach"]
    assert acts[told["post_id"]] / post["reach"] == close(told["rate"])
    usual = acts.drop(told["post_id"]).sum() / others["reach"].sum()
    assert usual == close(told["rate_other_posts"])
    assert usual > 3 * told["rate"]


def test_the_viral_post_brings_the_wrong_audience_which_does_not_stay(forum):
    told = viral_post(forum)[1]
    out = pd.Timestamp(told["published_at"])
    people = forum.people.set_index("member_id")
    joined = people["joined_at"]
    three_days = (joined >= out) & (joined < out + 3 * DAY)
    before = (joined >= out - 3 * DAY) & (joined < out)
    assert three_days.sum() == told["arrivals_3_days"] > 4 * before.sum()
    assert before.sum() == told["arrivals_3_days_before"]
    social = people["source"] == "social"
    came, others = people[three_days & social], people[~three_days & social]
    assert len(came) == told["social_arrivals"] >= told["visitors_planted"] == 120
    assert came["country"].value_counts().to_dict() == told["countries"]
    french = [(rows["language"] == "fr").mean() for rows in (came, others)]
    assert french == [close(told["main_language"]), close(told["main_language_other_social"])]
    assert french[0] < 0.25 < 0.85 < french[1]
    assert (came["country"] == "FR").mean() < 0.1 < 0.6 < (others["country"] == "FR").mean()
    # Seen 30 to 59 days after joining; nobody whose 59 days are not over is counted.
    log = forum.events[forum.events["member_id"].isin(people.index)]
    days = (log["timestamp"] - log["member_id"].map(joined)) / DAY
    back = set(log.loc[days.between(30, 60, inclusive="left"), "member_id"])
    others = others[others["joined_at"] + 60 * DAY <= forum.end]
    shares = [rows.index.isin(back).mean() for rows in (came, others)]
    assert shares == [close(told["retained_m1"]), close(told["retained_m1_other_social"])]
    assert shares[0] < 0.05 < 0.14 < shares[1]
    assert told["visitors_back_in_m1"] == 2


def test_the_rest_of_the_forum_is_the_same_without_the_viral_post(forum):
    calm = observed(make("forum", forum.world.seed, without="viral"))
    wrote = forum.events["kind"].isin(["topic", "reply", "reaction", "accept"])
    same = calm.events["kind"].isin(["topic", "reply", "reaction", "accept"])
    columns = ["timestamp", "kind", "channel"]
    assert forum.events.loc[wrote, columns].to_numpy().tolist() == (
        calm.events.loc[same, columns].to_numpy().tolist()
    )
    assert len(forum.members) == len(calm.members) + 120


def viral_post(forum):
    posts, stories = make_posts(forum.drawn)
    return posts, next(story.value for story in stories if story.id == "viral_post")


def test_the_most_helpful_member_leaves(forum):
    told = forum.stories["super_user"]
    topics = forum.topics()
    topics = topics[topics["at"] < forum.end - 14 * DAY]
    late = forum.local(topics["at"]) >= pd.Timestamp(told["leaves"])
    unanswered = topics["hours"].isna()
    assert unanswered[~late].mean() == close(told["unanswered_before"])
    assert unanswered[late].mean() == close(told["unanswered_after"])
    assert told["unanswered_before"] == pytest.approx(0.12, abs=0.01)
    assert told["unanswered_after"] == pytest.approx(0.25, abs=0.04)
    assert told["first_answers_before"] > 0.12
    after = forum.local(forum.events["timestamp"]) >= pd.Timestamp(told["leaves"]) + 2 * HOUR
    gone = forum.events["member_id"].eq(told["member_id"]).fillna(False)
    assert not (after & gone).any()


def test_the_weekend_team_is_cut(support):
    told = support.stories["staff_cut"]
    topics = support.topics()
    local = support.local(topics["at"])
    topics = topics[(local.dt.day_of_week >= 5) & (topics["at"] < support.end - 14 * DAY)]
    late = support.local(topics["at"]) >= pd.Timestamp(told["from"])
    median = topics.groupby(late)["hours"].median()
    assert median[False] == close(told["weekend_median_before_h"])
    assert median[True] == close(told["weekend_median_after_h"])
    assert 1.8 < told["ratio"] < 5.5
    assert topics["hours"].isna().groupby(late).mean()[True] == close(
        told["weekend_unanswered_after"]
    )
    assert told["newcomers_welcomed_after"] < told["newcomers_welcomed_before"] - 0.1
    assert (
        told["newcomers_expected_to_stay_after"] < told["newcomers_expected_to_stay_before"] - 0.02
    )


def test_nothing_of_the_brand_is_seen_outside_its_local_days(brand):
    check_bounds(brand)


def test_nothing_of_the_support_forum_is_seen_outside_its_local_days(support):
    check_bounds(support)


def check_bounds(tables):
    low, high = tables.start, tables.end
    assert (tables.world.seen_from, tables.world.seen_until) == (low, high)
    assert tables.events["timestamp"].between(low, high, inclusive="left").all()
    assert tables.members["joined_at"].between(low, high, inclusive="left").all()
    gone = tables.drawn.events["timestamp"] >= high
    assert len(tables.events) == len(tables.drawn.events) - gone.sum()
    assert len(tables.world.latent["events"]) == len(tables.events)
    assert len(tables.world.latent["members"]) == len(tables.members)


def test_deleted_accounts_bots_and_the_partial_month(brand):
    empty = brand.events["member_id"].isna()
    assert empty.sum() == brand.stories["deleted_accounts"]["events"] > 0
    told = brand.stories["bots"]
    wrote = brand.events["kind"].isin(["topic", "reply"])
    assert (brand.events["member_id"].isin(told["bots"]) & wrote).sum() == told["messages"] > 50
    assert told["unanswered_with_bots"] > told["unanswered_without_bots"]
    partial = brand.stories["partial_month"]
    assert partial["month"] == "2025-07"
    assert partial["days_observed"] == 14
    assert partial["active"] < 0.9 * partial["active_month_before"]


@pytest.mark.parametrize("pack", ["brand", "forum", "support", "internal"])
def test_a_story_is_written_in_both_languages(pack):
    stories = core_stories(make(pack, 3))
    assert len({story.id for story in stories}) == len(stories)
    for story in stories:
        for part in ("title", "see", "placed"):
            with use_language("fr"):
                french = story.text(part)
            assert french != getattr(story, part)


def test_a_story_survives_another_size_language_and_start():
    world = make(
        "brand",
        9,
        members=1200,
        language="en",
        start=pd.Timestamp("2022-05-01"),
        end=pd.Timestamp("2023-11-12"),
    )
    told = {story.id: story.value for story in core_stories(world)}
    assert told["retention_by_source"]["contest"] == pytest.approx(0.11, abs=0.02)
    assert told["outage"]["events"] == 0
    # Some sixty people: two of them in the other month of the home zone move it by 0.03.
    assert told["redefinition"]["false_jump"] == pytest.approx(0.18, abs=0.04)
    assert (world.members["language"] == "en").mean() > 0.6
