"""The explorers of the network: hand-worked links, NetworkX's own count, the callbacks."""

import networkx as nx
import pytest
from network_helpers import five_people

from cmlib import explore, network, plot
from cmlib.i18n import set_language


@pytest.fixture(scope="module")
def small():
    return five_people()


def row(table):
    return table.iloc[0].to_dict()


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
