"""What the prose of module 11 states in words, recomputed from the data."""

import itertools

import networkx as nx
import pytest

from cmlib import network

FOUR = ["degree", "betweenness", "eigenvector", "pagerank"]
BROKERS = {7, 29, 30}


@pytest.fixture(scope="module")
def brand(brand):
    return brand.view(without="team")


@pytest.fixture(scope="module")
def arrows(brand):
    return network.reply_graph(brand)


@pytest.fixture(scope="module")
def both(arrows):
    return network.symmetrise(arrows)


@pytest.fixture(scope="module")
def scores(both):
    return network.centralities(both, measures=FOUR, weight=None)


def first(scores, measure, n=5):
    return network.central_people(scores, measure=measure)["member_id"].head(n).tolist()


def groups_of(brand, both, person):
    members = brand.members
    return members.loc[members["member_id"].isin(list(both[person])), "group"]


def test_three_of_the_first_five_by_betweenness_are_far_down_by_contacts(scores):
    ranked = network.central_people(scores).head(5)
    far = ranked[ranked["rank_by_degree"] > 50]
    assert set(far["member_id"]) == BROKERS
    assert not BROKERS & set(first(scores, "degree", 50))  # a longer list does not help


def test_most_contacts_in_one_group_and_the_brokers_between_two(brand, both, scores):
    assert groups_of(brand, both, first(scores, "degree", 1)[0]).nunique() == 1
    reached = [set(groups_of(brand, both, person)) for person in BROKERS]
    assert all(len(groups) == 2 for groups in reached)
    assert len(set().union(*reached)) == 4  # the evening reaches every group


def test_what_the_measures_agree_on(brand, both, scores):
    assert first(scores, "degree") == first(scores, "pagerank")
    heart = brand.members.set_index("member_id")["group"][first(scores, "eigenvector")]
    assert heart.nunique() == 1
    strong = network.centralities(both, measures=FOUR)
    kept = {m: len(set(first(scores, m)) & set(first(strong, m))) for m in FOUR}
    assert min(kept, key=kept.get) == "eigenvector"  # “which list changes most?”


def test_somebody_never_answered_lies_on_no_path_once_direction_counts(arrows):
    table = network.centralities(arrows, measures=["degree", "betweenness"], weight=None)
    gone = BROKERS - set(first(table, "betweenness"))
    assert gone == {29}
    assert arrows.in_degree(29) == 0
    assert arrows.out_degree(29) > 0


def test_a_weight_read_as_a_length_names_other_people(both, scores):
    wrong = nx.betweenness_centrality(both, weight="weight")
    table = scores.assign(wrong=[wrong[person] for person in scores["member_id"]])
    strong = network.centralities(both, measures=["degree", "betweenness"])
    most_contacts = first(scores, "degree", 1)[0]
    assert first(table, "wrong", 1) != first(strong, "betweenness", 1)
    assert most_contacts not in first(table, "wrong")
    assert first(table, "wrong", 6)[5] == most_contacts  # “sixth there”
    assert first(strong, "betweenness", 1)[0] == most_contacts  # “first in the right one”


def test_the_seven_people_and_the_nine_of_the_exercise():
    seven = nx.Graph(itertools.combinations(["Ada", "Bo", "Cai"], 2))
    seven.add_edges_from(itertools.combinations(["Eva", "Fay", "Gil"], 2))
    seven.add_edges_from([("Cai", "Dan"), ("Dan", "Eva")])
    between = nx.betweenness_centrality(seven)
    assert max(between, key=between.get) == "Dan"
    assert between["Dan"] == 9 / 15
    nine = nx.Graph(itertools.combinations(["Kim", "Lou", "Max"], 2))
    nine.add_edges_from(itertools.combinations(["Nia", "Oto", "Pia", "Quy", "Tom"], 2))
    nine.add_edges_from(("Rui", other) for other in ("Lou", "Max", "Nia", "Oto"))
    between = nx.betweenness_centrality(nine)
    assert max(between, key=between.get) == "Rui"
    assert between["Rui"] == pytest.approx(15 / 28)
    assert max(dict(nine.degree).values()) == nine.degree("Nia") > nine.degree("Rui")


def test_the_offers(brand):
    reach = brand.audience.groupby("influencer_id")["member_id"].nunique()
    table = brand.influencers.set_index("influencer_id")
    table["members"] = reach
    prices = {c: table["fee_eur"] / table[c] for c in ("followers", "active_followers", "members")}
    assert len(table) == 12
    assert table.loc[1, ["followers", "fee_eur"]].tolist() == [80_000, 2_400]
    assert prices["followers"].idxmin() == 1 and round(prices["followers"][1], 2) == 0.03
    assert prices["active_followers"].idxmax() == prices["members"].idxmax() == 1
    assert prices["active_followers"].idxmin() == 2 and table.loc[2, "followers"] == 4_000
    assert table.loc[1, "members"] < table.loc[2, "members"]
    assert table.loc[2, "fee_eur"] / table.loc[1, "fee_eur"] == pytest.approx(0.1, abs=0.01)
    widest = table.nlargest(3, "members")
    assert (widest["followers"] < 20_000).all()


def test_two_audiences_do_not_add_up(brand):
    follow = brand.audience.groupby("influencer_id")["member_id"].agg(set)
    assert len(follow[3]) == len(follow[4]) == 260
    assert len(follow[3] & follow[4]) == 182
    assert len(follow[3] | follow[4]) == 338
    fee = brand.influencers.set_index("influencer_id")["fee_eur"]
    assert len(follow[2] | follow[3]) > 338 and fee[[2, 3]].sum() < fee[[3, 4]].sum()


def test_who_agreed_to_be_studied(brand, scores):
    agreed = brand.members.set_index("member_id")["consent_analytics"]
    assert agreed[first(scores, "betweenness")].all()
    assert agreed[first(scores, "eigenvector")].sum() == 3
