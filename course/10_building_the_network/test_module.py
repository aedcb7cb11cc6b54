"""What the prose of module 10 states in words, recomputed from the data."""

import networkx as nx
import pytest

from cmlib import kpi, network


@pytest.fixture(scope="module")
def only(brand):
    return brand.view(without="team")


@pytest.fixture(scope="module")
def graph(only):
    return network.reply_graph(only)


def share(brand, **options):
    return network.network_at_least(brand, **options)["connected_share"].item()


def alone(brand, **options):
    return network.network_at_least(brand, **options)["alone"].item()


def test_the_agency_counts_the_team(brand):
    assert round(share(brand, team=True), 2) == 0.93  # “more than nine out of ten”, “93 %”
    assert share(brand, team=False) < share(brand, team=True) - 0.05
    assert alone(brand) - alone(brand, team=True) > 50  # the third choice of the prediction


def test_the_smallest_group_is_the_one_drawn(brand):
    sizes = brand.members["group"].value_counts()
    assert sizes.idxmin() == "international"
    people = network.network_at_least(brand, group="international")["people"].item()
    assert alone(brand, group="international", at_least=3) > people / 2


def test_at_two_exchanges_the_network_comes_apart(brand):
    people = network.network_at_least(brand)["people"].item()
    assert 0.20 < share(brand, at_least=2) < 0.30  # “fell to a quarter”
    assert alone(brand, at_least=2) < people / 2  # “most people still have a link”


def test_the_paper_drawing(brand):
    answers = [("Bilal", "Aminata"), ("Aminata", "Bilal"), ("Chiara", "Aminata")]
    paper = nx.DiGraph(answers)
    paper.add_nodes_from(["Dmitri", "Emiko"])
    assert (paper.number_of_edges(), nx.number_of_isolates(paper)) == (3, 2)
    assert nx.reciprocity(paper) == 2 / 3
    assert network.giant_component_share(paper) == 3 / 5


def test_most_of_the_unanswered_list_is_two_months_and_one_of_them_is_spam(brand):
    lonely = network.unanswered_newcomers(brand)
    who = lonely.merge(brand.members, on="member_id")
    outside = brand.members[~brand.members["member_id"].isin(lonely["member_id"])]
    months = kpi.joined_members(brand.view(without=outside))
    months = months.set_index("period")["n"]
    assert months.idxmax().strftime("%Y-%m") == "2025-04"
    assert 0.4 < months.max() / len(lonely) < 0.5  # “nearly half of the list”
    texts = brand.events.merge(who[["event_id", "joined_at"]], on="event_id")
    april = texts[(texts["joined_at"] >= "2025-04-08") & (texts["joined_at"] < "2025-04-13")]
    assert april["text"].str.contains("http").mean() > 0.95
    since = lonely[lonely["timestamp"] >= "2025-06-01"]
    assert (len(lonely), months.max(), len(since)) == (273, 121, 6)


def test_five_people_can_be_introduced(brand, only):
    assert len(network.unanswered_newcomers(only)) == 272  # the team's answers still answer
    by_members = network.unanswered_newcomers(only.counted())
    ours = by_members[by_members["timestamp"] >= "2025-06-01"].merge(brand.members, on="member_id")
    assert len(ours) == 9
    replies = brand.events.query("kind == 'reply' and timestamp >= '2025-06-01'")
    hosts = brand.members[brand.members["member_id"].isin(replies["member_id"])]
    hosts = hosts[hosts["role"] == "member"]
    kinds = set(zip(hosts["group"], hosts["language"], strict=True))
    wanted = list(zip(ours["group"], ours["language"], strict=True))
    assert all(kind in kinds for kind in wanted[:5])
    assert sum(kind not in kinds for kind in wanted) == 1  # “one of the nine has no host”


def test_forgetting_the_arrows_loses_more_than_half_of_the_replies(graph):
    replies = sum(weight for *_pair, weight in graph.edges(data="weight"))
    kept = sum(weight for *_pair, weight in graph.to_undirected().edges(data="weight"))
    both = sum(weight for *_pair, weight in network.symmetrise(graph).edges(data="weight"))
    assert kept < replies / 2
    assert both == replies
