import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_helpers import engine, graphs  # noqa: F401

from cmlib.errors import ColumnError, ParameterError
from cmlib.network import find_groups, group_agreement, group_modularity
from cmlib.network.groups import METHODS, adjusted_rand, mutual_information

QUICK = settings(max_examples=25, deadline=None)


def cliques(k=4, size=5):
    return nx.connected_caveman_graph(k, size)


@pytest.mark.parametrize("method", METHODS)
def test_clear_groups_are_found_whole(method, engine):  # noqa: F811
    table = find_groups(cliques(), method=method)
    assert table["member_id"].to_list() == list(range(20))
    by_clique = table["group"].to_numpy().reshape(4, 5)
    assert (by_clique == by_clique[:, :1]).all()
    assert sorted(set(table["group"])) == [1, 2, 3, 4]
    assert (table["group_size"] == 5).all()
    assert (table["stability"] == 1).all()


@pytest.mark.parametrize("method", METHODS)
def test_karate_reaches_the_best_known_modularity(method, engine):  # noqa: F811
    # 0.4198 is the optimum without weights (Brandes et al. 2008, On modularity clustering).
    graph = nx.karate_club_graph()
    table = find_groups(graph, method=method, weight=None, runs=20)
    found = group_modularity(graph, groups=table, weight=None)
    assert found == pytest.approx(0.4198, abs=5e-4)


@pytest.mark.parametrize("method", METHODS)
@QUICK
@given(graph=graphs(), random=st.randoms())
def test_order_of_nodes_changes_nothing(method, graph, random):
    nodes, links = list(graph), list(graph.edges(data=True))
    random.shuffle(nodes)
    random.shuffle(links)
    shuffled = graph.__class__()
    shuffled.add_nodes_from(nodes)
    shuffled.add_edges_from(links)
    options = {"method": method, "runs": 3}
    pd.testing.assert_frame_equal(find_groups(graph, **options), find_groups(shuffled, **options))


@QUICK
@given(graph=graphs())
def test_a_partition_of_everyone(graph):
    table = find_groups(graph, runs=3)
    assert table["member_id"].to_list() == sorted(graph)
    sizes = table["group"].value_counts()
    assert sorted(sizes.index) == list(range(1, len(sizes) + 1))
    assert (table["group_size"] == table["group"].map(sizes)).all()
    assert sizes.sort_index().is_monotonic_decreasing
    assert table["stability"].dropna().between(0, 1).all()
    for person in nx.isolates(graph):
        assert table.set_index("member_id")["group_size"][person] == 1


@pytest.mark.parametrize("seed", range(5))
def test_leiden_groups_hold_together(seed, engine):  # noqa: F811
    graph = nx.gnm_random_graph(60, 90, seed=seed)
    for _group, people in find_groups(graph, runs=2).groupby("group")["member_id"]:
        assert nx.is_connected(graph.subgraph(people))


def test_same_seed_same_groups_and_no_global_state(engine):  # noqa: F811
    import random

    graph = nx.gnm_random_graph(50, 100, seed=1)
    random.seed(3)
    first = find_groups(graph, seed=1, runs=2)
    after = random.random()
    random.seed(4)
    pd.testing.assert_frame_equal(first, find_groups(graph, seed=1, runs=2))
    random.seed(3)
    assert random.random() == after


def test_engines_find_groups_of_the_same_quality(monkeypatch):
    graph = nx.LFR_benchmark_graph(250, 3, 1.5, 0.1, average_degree=5, min_community=20, seed=10)
    graph = nx.Graph(graph.edges)
    ours = group_modularity(graph, groups=find_groups(graph))
    monkeypatch.setitem(__import__("sys").modules, "igraph", None)
    theirs = group_modularity(graph, groups=find_groups(graph))
    assert theirs == pytest.approx(ours, abs=0.01)


def test_direction_is_forgotten_and_both_weights_count():
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([(1, 2, 3), (2, 1, 5), (3, 4, 8), (2, 3, 1)])
    sides = {1: "a", 2: "a", 3: "b", 4: "b"}
    both = nx.Graph()
    both.add_weighted_edges_from([(1, 2, 8), (3, 4, 8), (2, 3, 1)])
    wanted = nx.community.modularity(both, [{1, 2}, {3, 4}], weight="weight")
    assert group_modularity(graph, groups=sides) == pytest.approx(wanted)


def test_agreement_is_full_where_groups_are_clear(engine):  # noqa: F811
    row = group_agreement(cliques(), runs=5).iloc[0]
    assert row[["groups_min", "groups_max", "rand_mean", "nmi_mean"]].to_list() == [4, 4, 1, 1]


def test_random_network_has_modularity_but_unstable_groups():
    graph = nx.gnm_random_graph(200, 400, seed=2)
    row = group_agreement(graph, runs=6).iloc[0]
    assert row["modularity_max"] > 0.4
    assert row["rand_mean"] < 0.8
    assert find_groups(graph, runs=6)["stability"].mean() < 0.8


def test_rand_and_information_by_hand():
    # Hubert & Arabie: pairs together in both 2, in each 4 and 3, of 15: (2 - .8) / (3.5 - .8).
    one = np.array([0, 0, 0, 1, 1, 2])
    other = np.array([0, 0, 1, 1, 1, 1])
    together = 1 + 1
    first, second, pairs = 3 + 1, 1 + 6, 15
    chance = first * second / pairs
    wanted = (together - chance) / ((first + second) / 2 - chance)
    assert adjusted_rand(one, other) == pytest.approx(wanted)
    assert adjusted_rand(one, one) == mutual_information(one, one) == 1
    independent = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    assert mutual_information(*independent) == pytest.approx(0)


def test_group_modularity_reads_every_form():
    graph = nx.barbell_graph(3, 0)
    sides = {person: int(person < 3) for person in graph}
    nx.set_node_attributes(graph, sides, "team")
    table = pd.DataFrame({"member_id": list(sides), "group": list(sides.values())})
    values = [
        group_modularity(graph, groups=given) for given in (sides, pd.Series(sides), table, "team")
    ]
    assert values == pytest.approx([5 / 14] * 4)  # by hand: 12/14 - 2 (7/14)^2


def test_edge_cases(engine):  # noqa: F811
    empty = find_groups(nx.Graph())
    assert empty.columns.to_list() == ["member_id", "group", "group_size", "stability"]
    assert len(empty) == 0
    alone = find_groups(nx.empty_graph(3))
    assert alone["group_size"].to_list() == [1, 1, 1]
    assert find_groups(nx.path_graph(2), runs=1)["stability"].isna().all()
    assert np.isnan(group_modularity(nx.empty_graph(2), groups={0: 1, 1: 1}))
    assert group_agreement(nx.Graph())["rand_mean"].isna().all()
    looped = nx.Graph([(1, 1), (1, 2)])
    assert find_groups(looped)["group_size"].to_list() == [2, 2]


def test_errors():
    graph = nx.path_graph(3)
    with pytest.raises(ParameterError, match="leiden, louvain"):
        find_groups(graph, method="leyden")
    with pytest.raises(ParameterError, match="runs=0"):
        find_groups(graph, runs=0)
    with pytest.raises(ColumnError, match="'team'"):
        group_modularity(graph, groups="team")
    with pytest.raises(ColumnError, match="group"):
        group_modularity(graph, groups=pd.DataFrame({"member_id": [0]}))
