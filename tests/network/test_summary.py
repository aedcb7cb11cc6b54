import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from network_helpers import engine, graphs, without_loops  # noqa: F401
from real_logs import FOLDER, needs_real_logs

from cmlib.errors import ColumnError
from cmlib.network import (
    assortativity,
    centralities,
    giant_component_share,
    network_summary,
    pair_graph,
    symmetrise,
)

COLUMNS = [
    "people",
    "links",
    "self_links",
    "isolates",
    "density",
    "reciprocity",
    "average_clustering",
    "modularity",
    "groups",
    "giant_component_share",
    "degree_assortativity",
]
QUICK = settings(max_examples=50, deadline=None)


def summary(graph, **options):
    table = network_summary(graph, **options)
    assert table.columns.to_list() == COLUMNS
    assert len(table) == 1
    return table.iloc[0]


def test_small_network_by_hand(engine):  # noqa: F811
    pairs = pd.DataFrame({"source": [1, 2, 3, 5, 6], "target": [2, 1, 1, 4, 6]})
    row = summary(pair_graph(pairs, people=[7]))
    assert row["people"] == 7
    assert row["links"] == 4
    assert row["self_links"] == 1
    assert row["isolates"] == 2
    assert row["density"] == pytest.approx(4 / 42)
    assert row["reciprocity"] == 0.5
    assert row["average_clustering"] == 0
    # strengths 3, 2, 1 and 1, 1 of 8: 1 - (6/8)^2 - (2/8)^2
    assert row["modularity"] == pytest.approx(1 - (6 / 8) ** 2 - (2 / 8) ** 2)
    assert row["groups"] == 2
    assert row["giant_component_share"] == pytest.approx(3 / 7)


@QUICK
@given(graph=graphs())
def test_summary_agrees_with_networkx(graph):
    row = summary(graph)
    clean = without_loops(graph)
    both = symmetrise(clean)
    assert row["people"] == len(graph)
    assert row["links"] == clean.number_of_edges()
    assert row["isolates"] == nx.number_of_isolates(clean)
    loops = sum(graph[person][person]["weight"] for person in nx.nodes_with_selfloops(graph))
    assert row["self_links"] == loops
    if len(graph) < 2:
        assert np.isnan(row["density"])
    else:
        assert row["density"] == pytest.approx(nx.density(clean))
    if clean.is_directed() and clean.size():
        assert row["reciprocity"] == pytest.approx(nx.overall_reciprocity(clean))
    else:
        assert np.isnan(row["reciprocity"])
    if len(graph):
        assert row["average_clustering"] == pytest.approx(nx.average_clustering(both))
        largest = max(map(len, nx.connected_components(both)))
        assert giant_component_share(graph) == row["giant_component_share"]
        assert row["giant_component_share"] == largest / len(graph)
    degrees = {degree for _person, degree in both.degree() if degree}
    if len(degrees) > 1:
        wanted = nx.degree_assortativity_coefficient(both)
        assert row["degree_assortativity"] == pytest.approx(wanted, abs=1e-9)
    else:
        assert np.isnan(row["degree_assortativity"])


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiDiGraph])
def test_nobody(kind, engine):  # noqa: F811
    row = summary(kind())
    assert row[["people", "links", "self_links", "isolates", "groups"]].to_list() == [0] * 5
    assert row.drop(["people", "links", "self_links", "isolates", "groups"]).isna().all()


def test_one_person(engine):  # noqa: F811
    row = summary(nx.empty_graph(1, create_using=nx.DiGraph))
    assert row["giant_component_share"] == 1
    assert row[["density", "reciprocity", "modularity", "degree_assortativity"]].isna().all()


@QUICK
@given(graph=graphs())
def test_attribute_assortativity_agrees_with_networkx(graph):
    clean = without_loops(graph)
    nx.set_node_attributes(graph, {person: person % 2 for person in graph}, "side")
    nx.set_node_attributes(clean, {person: person % 2 for person in graph}, "side")
    got = assortativity(graph, attribute="side") if len(graph) else float("nan")
    sides = {clean.nodes[person]["side"] for link in clean.edges for person in link}
    if len(sides) < 2:
        assert np.isnan(got)
        return
    with np.errstate(invalid="ignore", divide="ignore"):
        wanted = nx.attribute_assortativity_coefficient(clean, "side")
    assert got == pytest.approx(wanted, abs=1e-9, nan_ok=True)


def test_assortativity_by_hand():
    graph = nx.Graph([(1, 2), (3, 4)])
    nx.set_node_attributes(graph, {1: "fr", 2: "fr", 3: "en", 4: "en"}, "language")
    assert assortativity(graph, attribute="language") == pytest.approx(1)
    graph = nx.Graph([(1, 3), (2, 4)])
    nx.set_node_attributes(graph, {1: "fr", 2: "fr", 3: "en", 4: "en"}, "language")
    assert assortativity(graph, attribute="language") == pytest.approx(-1)
    assert np.isnan(assortativity(nx.cycle_graph(5)))


def test_people_without_the_attribute_are_left_out():
    graph = nx.Graph([(1, 2), (3, 4), (1, 5), (5, 3)])
    nx.set_node_attributes(graph, {1: "fr", 2: "fr", 3: "en", 4: "en"}, "language")
    assert assortativity(graph, attribute="language") == pytest.approx(1)
    with pytest.raises(ColumnError, match="Did you mean 'language'"):
        assortativity(graph, attribute="langage")


@needs_real_logs
def test_messages_of_a_student_community(engine):  # noqa: F811
    # Panzarasa, Opsahl & Carley (2009), figures measured with igraph and pandas.
    names = ["source", "target", "time"]
    pairs = pd.read_csv(FOLDER / "CollegeMsg.txt", sep=" ", header=None, names=names)
    graph = pair_graph(pairs)
    row = summary(graph)
    assert (row["people"], row["links"]) == (1_899, 20_296)
    assert row["reciprocity"] == pytest.approx(0.64, abs=0.005)
    assert row["average_clustering"] == pytest.approx(0.11, abs=0.005)
    assert row["modularity"] == pytest.approx(0.36, abs=0.015)
    assert row["degree_assortativity"] == pytest.approx(-0.19, abs=0.005)
    if engine == "igraph":
        assert centralities(graph)["pagerank"].sum() == pytest.approx(1)
