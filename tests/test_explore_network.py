"""The explorers of the network: hand-worked links, NetworkX's own count, the callbacks."""

import networkx as nx
import pandas as pd
import pytest

from cmlib import data, explore, network, plot
from cmlib.errors import ColumnError, ParameterError
from cmlib.i18n import set_language

# 1 and 2 answer each other (three replies), 3 answers 1 once, 4 and 5 hear nothing, 9 is the team.
REPLIES = [(2, 1), (1, 2), (2, 1), (3, 1), (9, 4)]


@pytest.fixture(scope="module")
def brand():
    return data.load("brand")


@pytest.fixture(scope="module")
def small():
    members = pd.DataFrame(
        {
            "member_id": [1, 2, 3, 4, 5, 9],
            "role": ["member"] * 5 + ["staff"],
            "group": ["tips", "tips", "tips", "tips", "outings", "tips"],
        }
    )
    topic_of = {1: 101, 2: 102, 3: 103, 4: 104, 5: 105}
    rows = [(event, member, "topic", event, None) for member, event in topic_of.items()]
    rows += [
        (200 + place, source, "reply", topic_of[target], topic_of[target])
        for place, (source, target) in enumerate(REPLIES)
    ]
    names = ["event_id", "member_id", "kind", "thread_id", "parent_id"]
    events = pd.DataFrame(rows, columns=names).astype({"parent_id": "Int64"})
    events["timestamp"] = pd.date_range("2025-01-01", periods=len(events), freq="h")
    return data.community(
        name="small", members=members, events=events, start="2025-01-01", end="2025-02-01"
    )


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


def test_moving_a_control_changes_the_drawing_and_its_words(brand):
    box = explore.network_explorer(brand, group="international")
    before, picture = box.said, box.children[-1].value
    assert "international" in before
    box.controls["at_least"].value = 3
    assert box.said != before and "needed for a link: 3" in box.said
    box.controls["team"].value = True
    assert box.children[-1].value != picture
    box.controls["part"].value = "tips"
    figures = row(network.network_at_least(brand, at_least=3, team=True, group="tips"))
    assert f"{int(figures['alone']):,} people are linked with nobody" in box.said
    assert 'alt="' in box.children[-1].value and 'role="status"' in box.children[-1].value


def test_places_change_with_the_seed_and_figures_do_not(small):
    first = explore.plot_network_at_least(small, seed=1)
    other = explore.plot_network_at_least(small, seed=2)
    assert plot.describe(first) == plot.describe(other)
    places = [ax.collections[1].get_offsets().tolist() for ax in (first, other)]
    assert places[0] != places[1]


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


def test_the_drawing_shows_the_first_and_computes_on_everyone():
    path = nx.path_graph(9)
    ax = explore.plot_central(path, drawn=3, top=1)
    said = plot.describe(ax)
    assert "1. member 4 (rank by contacts: 1)" in said
    assert "of 9 people drawn" in ax.get_xlabel()
    assert "4" in [text.get_text() for text in ax.texts]


def test_choosing_the_measure_changes_the_first_five(brand):
    box = explore.central_explorer(brand)
    said = {}
    for measure in ("degree", "betweenness", "eigenvector", "pagerank"):
        box.controls["measure"].value = measure
        said[measure] = box.said
    assert len(set(said.values())) == 4
    box.controls["measure"].value = "eigenvector"
    box.controls["strong"].value = True
    assert box.said != said["eigenvector"]
    graph = network.symmetrise(network.reply_graph(brand))
    scores = network.centralities(graph, measures=["degree", "betweenness"], weight=None)
    first = network.central_people(scores)["member_id"].iloc[0]
    assert f"1. member {first} " in said["betweenness"]


def test_every_control_has_a_label_in_both_languages(brand):
    def labels():
        boxes = (explore.network_explorer(brand, group="tips"), explore.central_explorer(brand))
        return [control.description for box in boxes for control in box.controls.values()]

    english = labels()
    set_language("fr")
    french = labels()
    assert all(english) and all(french)
    assert not set(english) & set(french)
