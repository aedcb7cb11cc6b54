"""Who exchanges with whom: hand-worked links, the library's own summary, ranks."""

import networkx as nx
import pandas as pd
import pytest
from network_helpers import five_people

from cmlib import network
from cmlib.errors import ColumnError, ParameterError


@pytest.fixture(scope="module")
def small():
    return five_people()


def row(table):
    return table.iloc[0].to_dict()


def test_the_figures_by_hand(small):
    one = row(network.network_at_least(small))
    assert (one["people"], one["pairs"], one["alone"]) == (5, 2, 2)
    assert one["connected_share"] == 3 / 5
    assert one["reciprocity"] == 2 / 3  # 1 and 2 both ways, 3 to 1 one way
    two = row(network.network_at_least(small, at_least=2))
    assert (two["pairs"], two["alone"], two["connected_share"]) == (1, 3, 2 / 5)
    assert two["reciprocity"] == 1.0


def test_the_team_and_the_groups(small):
    team = row(network.network_at_least(small, team=True))
    assert (team["people"], team["alone"]) == (6, 1)
    alone = row(network.network_at_least(small, group="outings"))
    assert (alone["people"], alone["pairs"], alone["alone"]) == (1, 0, 1)
    assert pd.isna(alone["reciprocity"])
    with pytest.raises(ParameterError, match="group"):
        network.network_at_least(small, group="tipps")


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "2"])
def test_only_whole_numbers_from_one_up(small, wrong):
    with pytest.raises(ParameterError, match="at_least"):
        network.network_at_least(small, at_least=wrong)


@pytest.mark.parametrize("team", [True, False])
def test_one_exchange_is_the_summary_of_the_library(brand, team):
    graph = network.reply_graph(brand if team else brand.view(without="team"))
    ours = row(network.network_at_least(brand, team=team))
    theirs = row(network.network_summary(graph))
    assert (ours["people"], ours["alone"]) == (theirs["people"], theirs["isolates"])
    assert ours["connected_share"] == theirs["giant_component_share"]
    assert ours["reciprocity"] == pytest.approx(nx.reciprocity(graph))


def test_asking_for_more_never_links_more(brand):
    tables = [row(network.network_at_least(brand, at_least=k)) for k in (1, 2, 3, 5)]
    shares = [table["connected_share"] for table in tables]
    assert shares == sorted(shares, reverse=True)
    assert [t["alone"] for t in tables] == sorted(t["alone"] for t in tables)


def test_the_measure_ranks():
    two_stars = nx.Graph([(0, i) for i in range(1, 6)] + [(9, i) for i in range(6, 9)])
    two_stars.add_edges_from([(5, 20), (20, 6)])
    scores = network.centralities(two_stars, measures=["degree", "betweenness"], weight=None)
    by_degree = network.central_people(scores, measure="degree")
    assert by_degree.loc[0, ["member_id", "score", "rank_by_degree"]].tolist() == [0, 5, 1]
    between = network.central_people(scores)
    expected = nx.betweenness_centrality(two_stars)
    assert between["member_id"].iloc[0] == max(expected, key=expected.get)
    assert between.set_index("member_id")["score"].to_dict() == pytest.approx(expected)
    assert between["score"].is_monotonic_decreasing
    with pytest.raises(ColumnError, match="popularity"):
        network.central_people(scores, measure="popularity")
