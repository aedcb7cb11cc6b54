import json
import subprocess
import sys

import networkx as nx
import pytest
from hypothesis import given, settings
from network_helpers import graphs, without_loops

from cmlib.errors import ParameterError
from cmlib.network import engine_name, use_igraph
from cmlib.network.backend import IGraph, backend_interface, get_info, offered

BACKEND = "cmlib_igraph"
QUICK = settings(max_examples=30, deadline=None)
CONNECTED = nx.karate_club_graph


@pytest.fixture
def igraph_first():
    use_igraph()
    yield
    use_igraph(False)


@pytest.fixture(autouse=True)
def quiet_cache():
    before = set(nx.config.warnings_to_ignore)
    nx.config.warnings_to_ignore.add("cache")
    yield
    nx.config.warnings_to_ignore = before


def test_networkx_knows_the_backend():
    assert BACKEND in nx.config.backends
    assert set(get_info()["functions"]) == set(offered())
    for name in offered():
        function = getattr(nx, name, None) or getattr(nx.community, name)
        assert BACKEND in function.backends, name


@pytest.mark.parametrize("room", ["cmlib", "cmlib.network", "networkx", "cmlib.network.backend"])
def test_importing_loads_nothing_heavy(room):
    code = (
        f"import sys, json, {room}; "
        "print(json.dumps(sorted({'igraph', 'scipy', 'seaborn', 'pandas'} & set(sys.modules))))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == []


def test_room_names_what_it_offers():
    import cmlib.network as room

    assert set(room.__all__) <= set(dir(room))
    assert all(callable(getattr(room, name)) or name.isupper() for name in room.__all__)
    with pytest.raises(AttributeError, match="no attribute 'centrality_table'"):
        room.centrality_table  # noqa: B018


def test_network_room_does_not_load_networkx():
    code = "import sys, cmlib.network; print('networkx' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


SAME = [
    ("betweenness_centrality", {}),
    ("betweenness_centrality", {"normalized": False}),
    ("betweenness_centrality", {"k": 2, "seed": 3}),
    ("betweenness_centrality", {"k": 2, "seed": 3, "normalized": False}),
    ("edge_betweenness_centrality", {}),
    ("edge_betweenness_centrality", {"normalized": False}),
    ("closeness_centrality", {}),
    ("closeness_centrality", {"wf_improved": False}),
    ("harmonic_centrality", {}),
    ("pagerank", {"tol": 1e-12, "max_iter": 1000}),
    ("pagerank", {"tol": 1e-12, "max_iter": 1000, "alpha": 0.5, "weight": None}),
    ("core_number", {}),
    ("constraint", {}),
    ("constraint", {"weight": "weight"}),
    ("clustering", {}),
    ("average_clustering", {}),
    ("transitivity", {}),
]


@pytest.mark.parametrize(("name", "options"), SAME)
@QUICK
@given(graph=graphs())
def test_igraph_and_networkx_agree(name, options, graph):
    if options.get("k", 0) > len(graph):
        return
    if name in {"core_number", "constraint"}:
        graph = without_loops(graph)
    function = getattr(nx, name)
    if backend_interface.can_run(name, (graph,), options) is not True:
        return
    try:
        ours = function(graph, backend=BACKEND, **options)
    except NotImplementedError:
        return
    theirs = function(graph, backend="networkx", **options)
    if isinstance(theirs, dict):
        assert set(ours) == set(theirs)
    assert ours == pytest.approx(theirs, abs=1e-8, nan_ok=True)


@pytest.mark.parametrize("name", ["betweenness_centrality", "edge_betweenness_centrality"])
def test_weighted_betweenness_agrees(name):
    graph = nx.gnm_random_graph(40, 120, seed=1, directed=True)
    for place, (*_link, data) in enumerate(graph.edges(data=True)):
        data["cost"] = 1 + place % 7
    function = getattr(nx, name)
    ours = function(graph, weight="cost", backend=BACKEND)
    assert ours == pytest.approx(function(graph, weight="cost", backend="networkx"), abs=1e-12)


def test_weighted_nearness_agrees():
    graph = nx.gnm_random_graph(40, 80, seed=1, directed=True)
    for place, (*_link, data) in enumerate(graph.edges(data=True)):
        data["cost"] = 1 + place % 5
    for name in ("closeness_centrality", "harmonic_centrality"):
        function = getattr(nx, name)
        ours = function(graph, distance="cost", backend=BACKEND)
        assert ours == pytest.approx(function(graph, distance="cost", backend="networkx"))


def test_eigenvector_agrees_where_it_is_unique():
    graph = CONNECTED()
    ours = nx.eigenvector_centrality(graph, weight="weight", backend=BACKEND)
    theirs = nx.eigenvector_centrality(graph, weight="weight", tol=1e-12, max_iter=1000)
    assert ours == pytest.approx(theirs, abs=1e-8)


@pytest.mark.parametrize("method", ["louvain_communities", "leiden_communities"])
def test_groups_are_seeded_partitions(method):
    graph = CONNECTED()
    function = getattr(nx.community, method)
    found = function(graph, seed=1, backend=BACKEND)
    assert nx.community.is_partition(graph, found)
    assert found == function(graph, seed=1, backend=BACKEND)
    assert nx.community.modularity(graph, found) > 0.43


def test_unsupported_calls_stay_with_networkx(igraph_first):
    graph = nx.path_graph(4)
    multi = nx.MultiGraph([(0, 1), (0, 1), (1, 2)])
    assert nx.betweenness_centrality(graph, endpoints=True)[1] > 0
    assert nx.betweenness_centrality(multi) == {0: 0.0, 1: 1.0, 2: 0.0}
    assert nx.closeness_centrality(graph, u=0) == 0.5
    assert nx.clustering(graph, 0) == 0
    assert nx.pagerank(graph, personalization={0: 1})[0] > 0.25
    assert nx.pagerank(nx.Graph()) == {}
    assert nx.eigenvector_centrality(nx.Graph([(0, 1), (1, 2), (2, 0), (3, 4)]))[0] > 0.5
    assert nx.betweenness_centrality(graph, weight=lambda u, v, data: 1)[1] > 0
    with pytest.raises(nx.NetworkXNotImplemented, match="self loops"):
        nx.core_number(nx.Graph([(0, 0), (0, 1)]))


@pytest.mark.parametrize("weight", [0, -1, float("nan"), "heavy", None])
def test_weights_igraph_cannot_take_are_left_to_networkx(weight):
    graph = nx.Graph()
    graph.add_edge(0, 1, weight=weight)
    with pytest.raises(NotImplementedError, match="weights that are not"):
        backend_interface.betweenness_centrality(IGraph(graph, {"weight": 1}), weight="weight")


def test_learners_own_calls_get_igraph(igraph_first, monkeypatch):
    asked = []
    real = IGraph.__init__

    def spy(self, *args):
        asked.append(args)
        real(self, *args)

    monkeypatch.setattr(IGraph, "__init__", spy)
    graph = CONNECTED()
    fast = nx.betweenness_centrality(graph)
    assert asked
    use_igraph(False)
    asked.clear()
    assert nx.betweenness_centrality(graph) == pytest.approx(fast)
    assert not asked


def test_changing_the_graph_is_seen(igraph_first):
    graph = nx.path_graph(3)
    assert nx.betweenness_centrality(graph)[1] == 1
    graph.add_edge(0, 2)
    assert nx.betweenness_centrality(graph)[1] == 0


def test_without_igraph(monkeypatch):
    monkeypatch.setitem(sys.modules, "igraph", None)
    assert engine_name() == "networkx"
    assert backend_interface.can_run("pagerank", (nx.path_graph(2),), {}) == (
        "igraph is not installed"
    )
    with pytest.raises(ParameterError, match="pip install igraph"):
        use_igraph()
    use_igraph(False)


def test_conversion_comes_back_to_the_same_graph():
    graph = CONNECTED()
    there = backend_interface.convert_from_nx(graph, edge_attrs={"weight": 1})
    assert backend_interface.convert_to_nx(there) is graph
    assert there.named(there.igraph.degree()) == dict(graph.degree())
    assert there.weights["weight"][:2] == [graph[0][1]["weight"], graph[0][2]["weight"]]


@pytest.mark.slow
def test_networkxs_own_suite():
    run = subprocess.run(
        [sys.executable, "tools/nx_suite.py"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
    assert "5 set aside" in run.stdout
