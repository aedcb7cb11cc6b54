"""Graphs and engines shared by the tests of the network room."""

import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import strategies as st

ENGINES = ("igraph", "networkx")


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    """Run a test with igraph, then with igraph hidden."""
    use_engine(request.param, monkeypatch)
    return request.param


def use_engine(name, monkeypatch):
    if name == "networkx":
        monkeypatch.setitem(sys.modules, "igraph", None)


@st.composite
def graphs(draw, *, directed=None, most=8, loops=True):
    """Draw a small graph: any density, loops, isolates, several pieces, nobody at all."""
    n = draw(st.integers(0, most))
    directed = draw(st.booleans()) if directed is None else directed
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(draw(st.permutations(range(10, 10 + n))))
    if n:
        person = st.integers(10, 9 + n)
        links = draw(st.lists(st.tuples(person, person, st.integers(1, 6)), max_size=3 * n))
        graph.add_weighted_edges_from(
            (one, other, weight) for one, other, weight in links if loops or one != other
        )
    return graph


def without_loops(graph):
    result = graph.copy()
    result.remove_edges_from(list(nx.selfloop_edges(graph)))
    return result


def matrix_of(graph, nodes, weight="weight"):
    if not len(nodes):
        return np.zeros((0, 0))
    return nx.to_numpy_array(without_loops(graph), nodelist=nodes, weight=weight)
