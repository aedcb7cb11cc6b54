import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_helpers import graphs, matrix_of

from cmlib.network import broker_roles, participation
from cmlib.network.brokerage import BROKER_ROLES

QUICK = settings(max_examples=60, deadline=None)
GROUP = st.sampled_from(["red", "blue", "green", None])


def test_gould_fernandez_by_hand():
    # b is the only go-between. Into b: r1, r2 (red), g (green). Out of b: r3 (red), u (blue).
    # b is red; r1 also writes to u, which closes r1 -> b -> u.
    graph = nx.DiGraph([("r1", "b"), ("r2", "b"), ("g", "b"), ("b", "r3"), ("b", "u"), ("r1", "u")])
    groups = {"r1": "red", "r2": "red", "r3": "red", "b": "red", "g": "green", "u": "blue"}
    table = broker_roles(graph, groups=groups).set_index("member_id")
    # coordinator r1-r3, r2-r3; gatekeeper g-r3; representative r2-u; liaison g-u
    assert table.loc["b", list(BROKER_ROLES)].to_list() == [2, 0, 1, 1, 1]
    assert table.loc["b", "total"] == 5
    assert (table.drop(index="b")["total"] == 0).all()


def test_itinerant_by_hand():
    graph = nx.DiGraph([("r1", "x"), ("x", "r2"), ("x", "r1")])
    table = broker_roles(graph, groups={"r1": "red", "r2": "red", "x": "blue"}).set_index(
        "member_id"
    )
    assert table["itinerant"].to_dict() == {"r1": 0, "r2": 0, "x": 1}
    assert table["total"].sum() == 1  # r1 -> x -> r1 is nobody's mediation


def test_undirected_pairs_count_twice():
    table = broker_roles(nx.star_graph(2), groups=dict.fromkeys(range(3), "all"))
    assert table["coordinator"].to_list() == [2, 0, 0]


def slow_roles(graph, group):
    """Count as the paper defines, triple by triple."""
    nodes = sorted(graph)
    linked = matrix_of(graph, nodes) > 0
    counts = {person: dict.fromkeys(BROKER_ROLES, 0) for person in nodes}
    for a, b, c in itertools.permutations(range(len(nodes)), 3):
        ga, gb, gc = (group[nodes[place]] for place in (a, b, c))
        if None in (ga, gb, gc) or not (linked[a, b] and linked[b, c]) or linked[a, c]:
            continue
        if ga == gb == gc:
            role = "coordinator"
        elif ga == gc:
            role = "itinerant"
        elif gb == gc:
            role = "gatekeeper"
        elif ga == gb:
            role = "representative"
        else:
            role = "liaison"
        counts[nodes[b]][role] += 1
    return counts


@QUICK
@given(graph=graphs(), data=st.data())
def test_roles_equal_the_definition(graph, data):
    group = {person: data.draw(GROUP) for person in graph}
    table = broker_roles(graph, groups=group).set_index("member_id")
    for person, roles in slow_roles(graph, group).items():
        row = table.loc[person]
        if group[person] is None:
            assert row[[*BROKER_ROLES, "total"]].isna().all()
        else:
            assert row[list(BROKER_ROLES)].to_dict() == roles
            assert row["total"] == sum(roles.values())


@QUICK
@given(graph=graphs(), data=st.data())
def test_participation_equals_the_definition(graph, data):
    group = {person: data.draw(GROUP) for person in graph}
    table = participation(graph, groups=group).set_index("member_id")["participation"]
    nodes = sorted(graph)
    matrix = matrix_of(graph, nodes)
    weights = matrix + matrix.T if graph.is_directed() else matrix
    for place, person in enumerate(nodes):
        parts = {}
        for other, weight in zip(nodes, weights[place], strict=True):
            if group[other] is not None:
                parts[group[other]] = parts.get(group[other], 0) + weight
        total = sum(parts.values())
        if not total:
            assert np.isnan(table[person])
        else:
            wanted = 1 - sum((part / total) ** 2 for part in parts.values())
            assert table[person] == pytest.approx(wanted, abs=1e-12)


def test_participation_by_hand():
    # Guimera & Amaral: a has 2 links in its group, 1 in each of two others: 1 - (4 + 1 + 1)/16.
    graph = nx.Graph([("a", "b"), ("a", "c"), ("a", "x"), ("a", "y"), ("b", "c")])
    groups = {"a": 1, "b": 1, "c": 1, "x": 2, "y": 3}
    table = participation(graph, groups=groups).set_index("member_id")
    assert table["participation"].to_dict() == pytest.approx(
        {"a": 0.625, "b": 0.0, "c": 0.0, "x": 0.0, "y": 0.0}
    )
    # Everyone in group 1 has two links inside it: no spread, no score.
    assert table["within_z"].isna().all()


def test_within_z_by_hand():
    graph = nx.star_graph(3)  # inside the one group: 3, 1, 1, 1; mean 1.5, deviation 0.866
    score = participation(graph, groups=dict.fromkeys(graph, "all"))["within_z"]
    assert score.to_list() == pytest.approx([3**0.5, *[-(3**-0.5)] * 3])


@pytest.mark.parametrize("function", [broker_roles, participation])
def test_edge_cases(function):
    assert len(function(nx.DiGraph(), groups={})) == 0
    nobody_grouped = function(nx.path_graph(3), groups={})
    assert nobody_grouped.drop(columns=["member_id"]).isna().all(axis=None)
    single = function(nx.empty_graph(1), groups={0: "a"})
    assert single["group"].to_list() == ["a"]
    looped = nx.DiGraph([(1, 1), (1, 2)])
    pd.testing.assert_frame_equal(
        function(looped, groups={1: "a", 2: "b"}),
        function(nx.DiGraph([(1, 2)]), groups={1: "a", 2: "b"}),
    )
