import math
from fractions import Fraction

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from network_helpers import ENGINES, engine, graphs, matrix_of, use_engine, without_loops  # noqa: F401

from cmlib.errors import ParameterError
from cmlib.network import centralisation, centralities, symmetrise

ALL = list(centralities(nx.Graph()).columns)[1:]
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def column(graph, name, **options):
    table = centralities(graph, measures=[name], **options)
    return dict(zip(table["member_id"], table[name].astype(float), strict=True))


def expect(graph, name, wanted, **options):
    got = column(graph, name, **options)
    assert set(got) == set(wanted)
    for person, value in wanted.items():
        value = math.nan if value is None else value
        assert got[person] == pytest.approx(value, abs=1e-8, nan_ok=True), (name, person)


def plain(name, graph, **options):
    return getattr(nx, name)(graph, backend="networkx", **options)


def contacts(graph):
    return without_loops(symmetrise(graph))


# Literature ---------------------------------------------------------------------------------


def test_karate_betweenness_as_published(engine):  # noqa: F811
    # Zachary (1977) without weights; values of the UCINET and NetworkX documentation.
    graph = nx.karate_club_graph()
    got = column(graph, "betweenness", weight=None)
    for person, value in {0: 0.437635, 33: 0.304075, 32: 0.145247, 2: 0.143657}.items():
        assert got[person] == pytest.approx(value, abs=1e-6)


def test_borgatti_worked_example(engine):  # noqa: F811
    # Borgatti (1997), Structural holes: unpacking Burt's redundancy measures, figure 1.
    graph = nx.Graph()
    graph.add_edges_from(
        [
            ("A", "B"),
            ("A", "F"),
            ("A", "G"),
            ("A", "E"),
            ("E", "G"),
            ("F", "G"),
            ("B", "G"),
            ("B", "D"),
            ("D", "G"),
            ("G", "C"),
        ]
    )
    table = centralities(graph, measures=["constraint", "effective_size"]).set_index("member_id")
    assert table["constraint"].round(3)[["A", "C", "G"]].to_list() == [0.595, 1.0, 0.4]
    assert table["effective_size"].round(2)[["A", "C", "G"]].to_list() == [2.5, 1.0, 4.67]


def test_hits_on_a_chain_is_not_networkx_3_6_1(engine):  # noqa: F811
    # By hand: A'A = diag(0, 1, 1), so 2 and 3 are equal authorities, 1 and 2 equal hubs.
    chain = nx.DiGraph([(1, 2), (2, 3)])
    expect(chain, "authority", {1: 0, 2: 0.5, 3: 0.5})
    expect(chain, "hub", {1: 0.5, 2: 0.5, 3: 0})


@pytest.mark.parametrize("n", [4, 7, 30])
def test_centralisation_of_star_and_ring(n, engine):  # noqa: F811
    star = centralisation(nx.star_graph(n - 1)).set_index("measure")["centralisation"]
    assert star[["degree", "betweenness", "closeness"]].to_list() == pytest.approx([1, 1, 1])
    assert star[["in_degree", "out_degree"]].isna().all()
    ring = centralisation(nx.cycle_graph(n)).set_index("measure")["centralisation"]
    assert ring[["degree", "betweenness", "closeness"]].to_list() == pytest.approx([0, 0, 0])


def test_centralisation_of_directed_star():
    inward = nx.DiGraph([(person, 0) for person in range(1, 6)])
    table = centralisation(inward).set_index("measure")["centralisation"]
    assert table["in_degree"] == 1.0
    assert table["out_degree"] == pytest.approx(1 / 25)  # by hand: (1 - 0) once, over 5 x 5


def test_centralisation_of_padgetts_families():
    # Wasserman & Faust (1994), chapter 5, marriages among Florentine families: degree 0.267
    # for the sixteen, betweenness 0.437 and closeness 0.322 for the fifteen that have one.
    families = nx.florentine_families_graph()
    fifteen = centralisation(families).set_index("measure")["centralisation"].round(3)
    assert fifteen[["betweenness", "closeness"]].to_list() == [0.437, 0.322]
    families.add_node("Pucci")
    sixteen = centralisation(families).set_index("measure")["centralisation"].round(3)
    assert sixteen["degree"] == 0.267
    assert np.isnan(sixteen["closeness"])  # nobody reaches the Pucci


def test_pagerank_of_a_chain_by_hand(engine):  # noqa: F811
    # x1 = x2 = (0.15 + 0.85 x3)/3 ... solved by hand for 1->3, 2->3, 3 dangling.
    inward = nx.DiGraph([(1, 3), (2, 3)])
    base = 1 / (2 + (1 + 2 * 0.85))
    expect(inward, "pagerank", {1: base, 2: base, 3: base * (1 + 2 * 0.85)})


# Agreement with NetworkX or with the definition, on both engines -------------------------------


@pytest.mark.parametrize("name", ENGINES)
@QUICK
@given(graph=graphs())
def test_counts_and_strengths(name, graph):
    with pytest.MonkeyPatch.context() as patch:
        use_engine(name, patch)
        clean = without_loops(graph)
        both = contacts(graph)
        expect(graph, "degree", dict(both.degree()))
        expect(graph, "strength", dict(both.degree(weight="weight")))
        directed = graph.is_directed()
        for ours, theirs in (("in", "in_degree"), ("out", "out_degree")):
            links = getattr(clean, theirs) if directed else clean.degree
            unknown = dict.fromkeys(clean)
            expect(graph, f"{ours}_degree", dict(links()) if directed else unknown)
            strengths = dict(links(weight="weight")) if directed else unknown
            expect(graph, f"{ours}_strength", strengths)
        mutual = dict(nx.reciprocity(clean, list(clean))) if directed and len(clean) else unknown
        expect(graph, "reciprocity", mutual)


@pytest.mark.parametrize("name", ENGINES)
@QUICK
@given(graph=graphs())
def test_paths(name, graph):
    with pytest.MonkeyPatch.context() as patch:
        use_engine(name, patch)
        clean = without_loops(graph)
        for *_link, data in clean.edges(data=True):
            data["length"] = Fraction(1, data["weight"])
        n = len(clean)
        between = plain("betweenness_centrality", clean, weight="length")
        expect(graph, "betweenness", between if n > 2 else dict.fromkeys(clean))
        harmonic = {
            person: value / (n - 1) if n > 1 else None
            for person, value in plain("harmonic_centrality", clean).items()
        }
        expect(graph, "harmonic", harmonic)
        near = plain("closeness_centrality", clean) if n > 1 else dict.fromkeys(clean)
        expect(graph, "closeness", near)


@pytest.mark.parametrize("name", ENGINES)
@QUICK
@given(graph=graphs())
def test_spectra(name, graph):
    with pytest.MonkeyPatch.context() as patch:
        use_engine(name, patch)
        clean = without_loops(graph)
        rank = plain("pagerank", clean, tol=1e-14, max_iter=5_000)
        expect(graph, "pagerank", rank)
        nodes = sorted(graph)
        matrix = matrix_of(graph, nodes)
        for measure, wanted in kleinberg(matrix).items():
            expect(graph, measure, dict(zip(nodes, wanted, strict=True)))


def kleinberg(matrix):
    """Project equal scores on the leading eigenspace: the limit of Kleinberg's iteration."""
    if not matrix.any():
        return {"hub": [None] * len(matrix), "authority": [None] * len(matrix)}
    values, vectors = np.linalg.eigh(matrix @ matrix.T)
    top = vectors[:, values > values.max() * (1 - 1e-9)]
    hub = top @ top.sum(axis=0)
    authority = matrix.T @ hub
    return {"hub": hub / hub.sum(), "authority": authority / authority.sum()}


@pytest.mark.parametrize("name", ENGINES)
@QUICK
@given(graph=graphs())
def test_contacts(name, graph):
    with pytest.MonkeyPatch.context() as patch:
        use_engine(name, patch)
        both = contacts(graph)
        expect(graph, "core", plain("core_number", both) if len(both) else {})
        alone = {person for person, degree in both.degree() if degree == 0}
        few = {person for person, degree in both.degree() if degree < 2}
        for measure in ("constraint", "effective_size"):
            linked = both.subgraph(set(both) - alone)
            # With nodes=None, NetworkX 3.6.1 divides by the other person's strongest tie and
            # gives another effective size than its own definition.
            nodes = list(linked)
            values = plain(measure, linked, nodes=nodes, weight="weight") if nodes else {}
            expect(graph, measure, {**dict.fromkeys(alone), **values})
        values = {**plain("clustering", both), **dict.fromkeys(few)} if len(both) else {}
        expect(graph, "clustering", values)


@QUICK
@given(graph=graphs(most=7))
def test_eigenvector_is_the_definition_or_missing(graph):
    nodes = sorted(graph)
    matrix = matrix_of(graph, nodes)
    got = centralities(graph, measures=["eigenvector"])["eigenvector"].to_numpy()
    radius = max((abs(value) for value in np.linalg.eigvals(matrix)), default=0)
    if np.isnan(got).all():
        return
    assert radius > 1e-6
    assert (got >= 0).all()
    assert got @ got == pytest.approx(1)
    np.testing.assert_allclose(matrix.T @ got, radius * got, atol=1e-6)


@pytest.mark.parametrize("name", ["karate", "florentine", "davis"])
def test_eigenvector_of_connected_graphs(name):
    graph = {
        "karate": nx.karate_club_graph,
        "florentine": nx.florentine_families_graph,
        "davis": nx.les_miserables_graph,
    }[name]()
    wanted = nx.eigenvector_centrality(
        graph, weight="weight", max_iter=5_000, tol=1e-12, backend="networkx"
    )
    expect(graph, "eigenvector", wanted)


def test_eigenvector_is_missing_where_it_is_not_defined():
    dag = nx.DiGraph([(1, 2), (2, 3), (1, 3)])
    twins = nx.Graph([(1, 2), (2, 3), (4, 5), (5, 6)])
    alone = nx.empty_graph(3)
    for graph in (dag, twins, alone):
        assert centralities(graph, measures=["eigenvector"])["eigenvector"].isna().all()
    uneven = nx.Graph([(1, 2), (2, 3), (3, 1), (4, 5)])
    expect(uneven, "eigenvector", {1: 3**-0.5, 2: 3**-0.5, 3: 3**-0.5, 4: 0, 5: 0})


def test_eigenvector_of_a_large_ring_does_not_fail():
    ring = nx.cycle_graph(400, create_using=nx.DiGraph)
    got = centralities(ring, measures=["eigenvector"])["eigenvector"]
    assert got.to_list() == pytest.approx([400**-0.5] * 400, abs=1e-6)


def test_large_graph_agrees_with_networkx():
    graph = random_network(120, 500, seed=3)
    for *_link, data in graph.edges(data=True):
        data["length"] = Fraction(1, data["weight"])
    n = len(graph)
    expect(graph, "betweenness", plain("betweenness_centrality", graph, weight="length"))
    expect(graph, "closeness", plain("closeness_centrality", graph))
    harmonic = plain("harmonic_centrality", graph)
    expect(graph, "harmonic", {person: value / (n - 1) for person, value in harmonic.items()})
    expect(graph, "pagerank", plain("pagerank", graph, tol=1e-14, max_iter=1_000))
    matrix = matrix_of(graph, range(n))
    for measure, scores in kleinberg(matrix).items():
        expect(graph, measure, dict(enumerate(scores)))
    both = contacts(graph)
    expect(graph, "constraint", plain("constraint", both, weight="weight"))
    got = column(graph, "effective_size")
    some = sorted(both, key=both.degree)[:40:4]  # NetworkX is slow on those with many contacts
    wanted = plain("effective_size", both, nodes=some, weight="weight")
    assert {person: got[person] for person in some} == pytest.approx(wanted)


def random_network(n, m, seed):
    rng = np.random.default_rng(seed)
    source = (n * rng.random(m) ** 2).astype(int)
    target = rng.integers(0, n, m)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    for one, other in zip(source.tolist(), target.tolist(), strict=True):
        if one != other:
            before = graph.get_edge_data(one, other, {"weight": 0})["weight"]
            graph.add_edge(one, other, weight=before + 1)
    return graph


# Laws ---------------------------------------------------------------------------------------------


@QUICK
@given(graph=graphs(), random=st.randoms())
def test_no_result_depends_on_the_order_of_nodes_or_links(graph, random):
    shuffled = graph.__class__()
    nodes, links = list(graph), list(graph.edges(data=True))
    random.shuffle(nodes)
    random.shuffle(links)
    shuffled.add_nodes_from(nodes)
    shuffled.add_edges_from(links)
    pd.testing.assert_frame_equal(centralities(graph), centralities(shuffled))


@QUICK
@given(graph=graphs())
def test_relabelling_only_relabels(graph):
    names = {person: f"p{100 - person}" for person in graph}
    ours = centralities(graph).set_index("member_id")
    theirs = centralities(nx.relabel_nodes(graph, names)).set_index("member_id")
    theirs = theirs.rename(index={name: person for person, name in names.items()})
    pd.testing.assert_frame_equal(ours, theirs.loc[ours.index], check_index_type=False, atol=1e-8)


@QUICK
@given(graph=graphs())
def test_ranges(graph):
    table = centralities(graph)
    for name in ("reciprocity", "betweenness", "harmonic", "closeness", "eigenvector", "pagerank"):
        assert table[name].dropna().between(-1e-12, 1 + 1e-9).all(), name
    for name in ("hub", "authority", "clustering"):
        assert table[name].dropna().between(0, 1 + 1e-9).all(), name
    if len(graph):
        assert table["pagerank"].sum() == pytest.approx(1)
        assert (table["degree"] < len(graph)).all()  # loops do not count


@QUICK
@given(graph=graphs())
def test_both_engines_give_the_same_table(graph):
    ours = centralities(graph)
    with pytest.MonkeyPatch.context() as patch:
        use_engine("networkx", patch)
        theirs = centralities(graph)
    pd.testing.assert_frame_equal(ours, theirs, atol=1e-9)


# Edge cases ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_nobody_gives_an_empty_table_with_all_columns(kind, engine):  # noqa: F811
    table = centralities(kind())
    assert table.columns.to_list() == ["member_id", *ALL]
    assert len(table) == 0
    assert centralisation(kind())["centralisation"].isna().all()


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
def test_one_person_with_a_loop(kind, engine):  # noqa: F811
    graph = kind()
    graph.add_edge("me", "me")
    row = centralities(graph).iloc[0]
    known = row.drop("member_id").dropna().astype(float).to_dict()
    wanted = {"degree": 0, "strength": 0, "pagerank": 1, "core": 0}
    if kind is nx.DiGraph:
        wanted |= {"in_degree": 0, "out_degree": 0, "in_strength": 0, "out_strength": 0}
    assert known == pytest.approx(wanted)


def test_loops_change_nothing(engine):  # noqa: F811
    graph = nx.karate_club_graph()
    looped = graph.copy()
    looped.add_edge(0, 0, weight=50)
    pd.testing.assert_frame_equal(centralities(graph), centralities(looped))


def test_parallel_links_are_added_up(engine):  # noqa: F811
    many = nx.MultiDiGraph([(1, 2), (1, 2), (2, 3)])
    once = nx.DiGraph()
    once.add_weighted_edges_from([(1, 2, 2), (2, 3, 1)])
    pd.testing.assert_frame_equal(centralities(many), centralities(once))


def test_strong_links_are_short(engine):  # noqa: F811
    # 1-3 is a weak link: two strong links are a shorter way. As strengths read as lengths
    # (NetworkX's reading of `weight`), 2 would be no broker.
    graph = nx.Graph()
    graph.add_weighted_edges_from([(1, 2, 10), (2, 3, 10), (1, 3, 1)])
    expect(graph, "betweenness", {1: 0, 2: 1, 3: 0})
    assert nx.betweenness_centrality(graph, weight="weight")[2] == 0


def test_equal_paths_are_equal_despite_rounding(engine):  # noqa: F811
    # 1/3 + 1/3 + 1/3 is exactly as long as 1/1: half of the paths from 0 to 3 take each way.
    graph = nx.Graph()
    graph.add_weighted_edges_from([(0, 1, 3), (1, 2, 3), (2, 3, 3), (0, 3, 1)])
    got = column(graph, "betweenness")
    assert got[1] == got[2] == pytest.approx((1 + 0.5) / 3)


def test_direction_of_influence(engine):  # noqa: F811
    # Everyone replies to 0: 0 is read, not the others.
    graph = nx.DiGraph([(1, 0), (2, 0), (3, 0)])
    for name in ("pagerank", "harmonic", "closeness", "authority", "in_degree"):
        got = column(graph, name)
        assert max(got, key=got.get) == 0, name


def test_one_measure_alone_is_that_column_of_the_whole():
    graph = nx.karate_club_graph()
    whole = centralities(graph)
    for name in ALL:
        pd.testing.assert_series_equal(centralities(graph, measures=[name])[name], whole[name])


def test_mixed_kinds_of_names(engine):  # noqa: F811
    graph = nx.Graph([("a", 1), (1, ("x", 2))])
    assert centralities(graph)["degree"].to_list() == [2, 1, 1]


def test_graph_is_not_changed(engine):  # noqa: F811
    graph = nx.DiGraph([(1, 2), (2, 2)])
    before = (list(graph.edges(data=True)), dict(graph.graph))
    centralities(graph)
    assert (list(graph.edges(data=True)), dict(graph.graph)) == before


def test_errors():
    graph = nx.path_graph(3)
    with pytest.raises(ParameterError, match="Did you mean 'betweenness'"):
        centralities(graph, measures=["betweeness"])
    with pytest.raises(ParameterError, match=r"reply_graph\(community\)"):
        centralities(pd.DataFrame())
    graph.add_edge(0, 2, weight=-1)
    with pytest.raises(ParameterError, match="zero or more"):
        centralities(graph)
    graph.add_edge(0, 2, weight="strong")
    with pytest.raises(ParameterError, match="weight=None"):
        centralities(graph)
    assert len(centralities(graph, weight=None)) == 3


# Sampling -----------------------------------------------------------------------------------------


def test_few_pivots_are_refused():
    graph = nx.path_graph(400)
    with pytest.raises(ParameterError, match="256"):
        centralities(graph, measures=["betweenness"], pivots=255)


def test_exact_says_so_and_as_many_pivots_as_people_is_exact():
    graph = random_network(300, 1_200, seed=1)
    table = centralities(graph, measures=["betweenness", "betweenness_error"], pivots=300)
    assert table.attrs["pivots"] is None
    assert (table["betweenness_error"] == 0).all()
    pd.testing.assert_series_equal(table["betweenness"], centralities(graph)["betweenness"])


@pytest.mark.parametrize("name", ["betweenness", "harmonic", "closeness"])
def test_sample_is_near_the_truth_and_knows_its_error(name):
    graph = random_network(900, 4_000, seed=2)
    exact = centralities(graph, measures=[name])[name]
    top = exact.nlargest(50).index
    within = []
    for seed in range(10):
        table = centralities(graph, measures=[name, f"{name}_error"], pivots=256, seed=seed)
        assert table.attrs["pivots"] == 256
        gap = (table[name] - exact)[top].abs()
        assert (gap / exact[top]).median() < 0.25
        within.append((gap <= 2.36 * table[f"{name}_error"][top]).mean())
    # 95 % of a Student variable with 7 degrees of freedom lies within 2.36.
    assert np.mean(within) > 0.8
    table = centralities(graph, measures=[name], pivots=256, seed=5)
    again = centralities(graph, measures=[name], pivots=256, seed=5)
    pd.testing.assert_series_equal(again[name], table[name])
    other = centralities(graph, measures=[name], pivots=256, seed=6)
    assert not other[name].equals(table[name])


def test_sample_is_the_same_without_igraph():
    graph = random_network(400, 1_200, seed=4)
    ours = centralities(graph, pivots=256)
    with pytest.MonkeyPatch.context() as patch:
        use_engine("networkx", patch)
        theirs = centralities(graph, pivots=256)
    pd.testing.assert_frame_equal(ours, theirs, atol=1e-9)


def test_sampling_starts_above_the_stated_size(monkeypatch):
    monkeypatch.setattr("cmlib.network.centrality.EXACT_UP_TO", 50)
    monkeypatch.setattr("cmlib.network.centrality.USUAL_PIVOTS", 40)
    graph = random_network(60, 300, seed=0)
    table = centralities(graph, measures=["betweenness", "betweenness_error"])
    assert table.attrs["pivots"] == 40
    assert (table["betweenness_error"] > 0).any()
