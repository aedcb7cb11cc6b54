"""What the prose of module 05 states, computed again from the data."""

import pytest

from cmlib import kpi

SINCE = "2025-04-15"  # the three months of the lesson


@pytest.fixture(scope="module")
def brand(brand):
    return brand.view(without="team")


@pytest.fixture(scope="module")
def everybody(brand):
    return brand.view(without=None)


@pytest.fixture(scope="module")
def team(brand):
    return brand.members[brand.members["role"] != "member"]


@pytest.fixture(scope="module")
def people(brand):
    return brand.members[brand.members["role"] == "member"]


@pytest.fixture(scope="module")
def counts(brand, people):
    """Messages of each member, zero for those who never wrote."""
    posts = brand.events[brand.events["kind"].isin(["topic", "reply"])]
    return people["member_id"].map(posts["member_id"].value_counts()).fillna(0)


def topic_starters(brand):
    return brand.events[brand.events["kind"] == "topic"]["member_id"].value_counts()


def test_the_curve_by_hand_agrees_with_the_library(brand, counts):
    writers = counts[counts > 0].sort_values()
    share = writers.cumsum() / writers.sum()
    n = len(writers)
    by_hand = 1 + 1 / n - 2 * share.mean()
    assert by_hand == pytest.approx(kpi.gini(brand))
    top = kpi.top_share(brand, top=0.1)["share"].iloc[0]
    assert share.iloc[n * 9 // 10 - 1] == pytest.approx(1 - top)
    assert (writers <= writers.quantile(0.9)).mean() >= 0.9
    assert 14 < writers.mean() < 16  # “about fifteen messages each”


def test_the_three_people_of_the_lesson():
    shares = [0.1, 0.2, 1.0]
    assert round(sum(shares) / 3, 3) == 0.433
    assert round(1 + 1 / 3 - 2 * sum(shares) / 3, 3) == 0.467
    # sum((2 i - n - 1) x) / (n sum x), worked on 1, 1 and 8
    by_formula = (-2 * 1 + 0 * 1 + 2 * 8) / (3 * 10)
    assert round(by_formula, 3) == 0.467


def test_a_gini_with_zero_posters_is_larger_and_follows_the_formula(brand, counts):
    among_writers = kpi.gini(brand)
    of_all = kpi.gini_all_members(brand)
    never = (counts == 0).mean()
    assert of_all > among_writers + 0.05
    assert of_all == pytest.approx(never + (1 - never) * among_writers)


def test_ninety_nine_one_is_no_law_here(brand, counts):
    top = kpi.top_share(brand, top=[0.01, 0.1], base="members")["share"]
    assert 0.4 < top.iloc[0] < 0.747  # concentrated, less than in van Mierlo (2014)
    assert 1 - top.iloc[1] > 0.013
    assert (counts == 0).mean() < 0.8
    assert (counts >= 10).mean() > 0.02
    assert ((counts >= 1) & (counts < 10)).mean() > 0.18
    assert (counts > 0).mean() > 0.25  # less than 25 % of the accounts in the study


def test_absent_members_make_the_ninety_percent(brand, people):
    recent = brand.events[brand.events["timestamp"] >= SINCE]
    came = people["member_id"].isin(recent["member_id"])
    posts = recent[recent["kind"].isin(["topic", "reply"])]
    wrote = people["member_id"].isin(posts["member_id"])
    assert 1 - wrote.mean() > 0.9
    assert 0.6 < 1 - wrote.sum() / came.sum() < 0.8
    joined = brand.members.query("source != 'import'")["joined_at"]
    assert ((joined >= "2025-04-13") & (joined < SINCE)).sum() < 20  # the spam wave is over


def test_silent_members_react_and_buy(brand, people, counts):
    silent = people[counts == 0]
    reactions = brand.events[brand.events["kind"] == "reaction"]
    assert reactions["member_id"].isin(silent["member_id"]).mean() > 0.3
    orders = brand.orders.merge(people[["member_id", "customer_id"]], on="customer_id")
    quiet = orders[orders["member_id"].isin(silent["member_id"])]
    spent = quiet["amount_eur"].sum() / orders["amount_eur"].sum()
    buyers = quiet["member_id"].nunique() / orders["member_id"].nunique()
    assert spent > 0.5
    assert abs(spent - buyers) < 0.05  # “close to their share of the buyers”


def test_the_team_changes_the_list_and_not_the_summary(brand, everybody, team):
    starters = topic_starters(brand)
    five = starters.head(5)
    roles = brand.members.set_index("member_id")["role"][five.index]
    assert sorted(roles) == ["bot", "member", "member", "staff", "staff"]
    assert starters.iloc[4] > starters.iloc[5]  # no tie at the fifth place
    with_team, without = kpi.gini(everybody), kpi.gini(brand)
    assert abs(with_team - without) < 0.01
    posts = brand.events[brand.events["kind"].isin(["topic", "reply"])]
    assert not posts["member_id"].value_counts().head(5).index.isin(team["member_id"]).any()
    robot = brand.members[brand.members["role"] == "bot"]["member_id"]
    assert set(posts[posts["member_id"].isin(robot)]["kind"]) == {"topic"}
    tops = [kpi.top_share(view, top=0.01)["share"].iloc[0] for view in (everybody, brand)]
    assert 0 < tops[1] - tops[0] < 0.05


def test_the_first_topic_starter_is_gone(brand, team):
    starters = topic_starters(brand)
    five = starters[~starters.index.isin(team["member_id"])].head(5)
    topics = brand.events[brand.events["kind"] == "topic"]
    late = topics[topics["timestamp"] >= SINCE]["member_id"]
    assert (late == five.index[0]).sum() == 0
    assert late.isin(five.index).sum() > 0


def test_replies_are_in_fewer_hands_than_topics(brand):
    topics, replies = (
        kpi.top_share(brand, top=0.1, kinds=[kind])["share"].iloc[0] for kind in ("topic", "reply")
    )
    assert replies > topics + 0.1
    assert kpi.gini(brand, kinds=["reply"]) > kpi.gini(brand, kinds=["topic"])


def test_a_month_is_less_concentrated_than_the_whole_period(brand):
    month = kpi.top_share(brand.view(start="2025-05-01", end="2025-06-01"), top=0.1)
    whole = kpi.top_share(brand, top=0.1)
    assert whole["share"].iloc[0] > month["share"].iloc[0] + 0.15


def test_what_the_slider_is_asked_to_show(brand):
    def left(view, **options):
        return kpi.without_most_active(view, upto=10, **options).iloc[10]

    topics = left(brand, kinds=["topic"])
    assert topics["answered_left"] > topics["share_left"]
    members_only, ranked = left(brand), left(brand.view(without="bots"))  # the box unticked
    assert ranked["answered_left"] < members_only["answered_left"] - 0.05
    assert abs(ranked["share_left"] - members_only["share_left"]) < 0.05


def test_the_answers_given_to_the_trainer(brand, people, counts):
    def share(top=0.1, view=brand, **options):
        return kpi.top_share(view, top=top, **options)["share"].tolist()

    assert [round(x, 2) for x in [*share(), *share(kinds=["topic"]), *share(kinds=["reply"])]] == [
        0.81,
        0.51,
        0.84,
    ]
    first, tenth, everybody = share([0.01, 0.1, 1], base="members")
    parts = [first, tenth - first, everybody - tenth]
    assert [round(100 * part, 1) for part in parts] == [62.9, 28.6, 8.5]
    behaviour = [(counts >= 10).mean(), counts.between(1, 9).mean(), (counts == 0).mean()]
    assert [round(100 * part) for part in behaviour] == [4, 27, 68]
    left = kpi.without_most_active(brand, upto=15)["share_left"]
    assert left[15] < 0.5 < left[14]
    ten = kpi.without_most_active(brand, upto=10, kinds=["topic"])
    assert round(100 * ten["share_left"][10]) == 79
    assert ten["answered_left"][0] - ten["answered_left"][10] < 0.01
    assert round(kpi.gini(brand, kinds=["topic"]), 3) == 0.549
    members = topic_starters(brand)[lambda n: n.index.isin(people["member_id"])]
    assert members.head(5).sum() == 333
    may = share(view=brand.view(start="2025-05-01", end="2025-06-01"))
    assert round(may[0], 3) == 0.529
