import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_helpers import engine, graphs, without_loops  # noqa: F401

from cmlib.errors import ParameterError
from cmlib.network import bridge_links, cut_points, removal_curve, symmetrise

QUICK = settings(max_examples=50, deadline=None)


def giant(graph):
    return max(map(len, nx.connected_components(symmetrise(graph))), default=0)


@QUICK
@given(graph=graphs())
def test_cut_points_equal_the_definition(graph):
    table = cut_points(graph).set_index("member_id")["cut_off"]
    both = symmetrise(graph)
    wanted = {}
    for person in nx.articulation_points(without_loops(both)):
        piece = nx.node_connected_component(both, person)
        rest = [len(part) for part in nx.connected_components(both.subgraph(piece - {person}))]
        wanted[person] = sum(rest) - max(rest)
    assert table.to_dict() == wanted
    assert table.is_monotonic_decreasing


@QUICK
@given(graph=graphs())
def test_bridges_equal_networkx(graph):
    got = list(bridge_links(graph).itertuples(index=False, name=None))
    both = without_loops(symmetrise(graph))
    assert got == sorted(tuple(sorted(link)) for link in nx.bridges(both))


@QUICK
@given(graph=graphs(), data=st.data())
def test_curve_equals_removal_one_by_one(graph, data):
    order = data.draw(st.permutations(sorted(graph)))
    curve = removal_curve(graph, by=order, runs=3)
    left = graph.copy()
    wanted = [giant(left)] if len(graph) else []
    for person in order:
        left.remove_node(person)
        wanted.append(giant(left))
    assert curve["giant_people"].to_list() == wanted
    assert curve["member_id"].to_list()[1:] == order
    inside = curve["random_low"] <= curve["random_high"]
    assert inside.all()
    assert curve["giant_share"].between(0, 1).all()


def test_the_star_falls_at_once_and_chance_spares_it(engine):  # noqa: F811
    star = nx.star_graph(9)
    for by in ("degree", "betweenness", "strength"):
        curve = removal_curve(star, by=by, most=1, runs=400)
        assert curve["giant_share"].to_list() == [1.0, 0.1]
        assert curve["member_id"][1] == 0
        # by hand: the hub leaves once in ten, 0.1 x 0.1 + 0.9 x 0.9
        assert curve["random_mean"][1] == pytest.approx(0.82, abs=0.05)
        assert curve["random_high"][1] == 0.9


def test_two_silos_held_by_one_broker_of_low_degree():
    silos = nx.disjoint_union(nx.complete_graph(6), nx.complete_graph(6))
    silos.add_edges_from([("broker", 0), ("broker", 6)])
    assert removal_curve(silos, by="betweenness", most=1)["giant_people"].to_list() == [13, 6]
    assert removal_curve(silos, by="degree", most=1)["giant_people"].to_list() == [13, 7]
    assert cut_points(silos)["cut_off"].to_list() == [6, 5, 5]  # the broker, then 0 and 6
    assert len(bridge_links(silos)) == 2


@pytest.mark.parametrize("by", ["degree", "betweenness", "strength"])
def test_order_of_nodes_changes_nothing(by):
    graph = nx.gnm_random_graph(30, 45, seed=1)
    turned = nx.Graph()
    turned.add_nodes_from(reversed(list(graph)))
    turned.add_edges_from(reversed(list(graph.edges)))
    pd.testing.assert_frame_equal(removal_curve(graph, by=by), removal_curve(turned, by=by))


def test_seed_changes_chance_only():
    graph = nx.gnm_random_graph(30, 35, seed=1)
    one, other = removal_curve(graph, seed=1, runs=5), removal_curve(graph, seed=2, runs=5)
    assert one["giant_share"].equals(other["giant_share"])
    assert not one["random_mean"].equals(other["random_mean"])


def test_edge_cases():
    empty = removal_curve(nx.Graph())
    assert len(empty) == 0
    assert "random_mean" in empty.columns
    single = removal_curve(nx.empty_graph(1))
    assert single["giant_people"].to_list() == [1, 0]
    assert len(cut_points(nx.Graph())) == len(bridge_links(nx.Graph())) == 0
    assert bridge_links(nx.Graph()).columns.to_list() == ["member_id", "other_id"]
    assert len(removal_curve(nx.path_graph(4), most=99)) == 5


def test_errors():
    graph = nx.path_graph(3)
    with pytest.raises(ParameterError, match="Did you mean 'degree'"):
        removal_curve(graph, by="degre")
    with pytest.raises(ParameterError, match="9 in `by` is not in the graph"):
        removal_curve(graph, by=[9])
    with pytest.raises(ParameterError, match="somebody twice"):
        removal_curve(graph, by=[1, 1])
    with pytest.raises(ParameterError, match="from 1 up"):
        removal_curve(graph, runs=0)
