"""Speed of the network room, beside what a user would pick instead, in one run.

``python benchmarks/bench_network.py``          NetworkX's paths from 100 people, scaled up to all
``python benchmarks/bench_network.py --whole``  from everyone: many minutes
``python benchmarks/bench_network.py --quick``  without NetworkX alone

Times are processor seconds: all of this runs on one core, and other programs do not count.
"""

from __future__ import annotations

import argparse
import platform
import time
import warnings
from collections.abc import Callable
from typing import Any

import igraph
import networkx as nx
import numpy as np
import pandas as pd

from cmlib.network import centralities, find_groups, link_counts, network_summary, reply_graph
from cmlib.network._graph_view import DISTANCE_UNIT

PEOPLE, LINKS, EVENTS = 5_000, 40_000, 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="do not time NetworkX alone")
    parser.add_argument("--whole", action="store_true", help="NetworkX's paths from everyone")
    parser.add_argument("--repeat", type=int, default=3, help="runs; the fastest is kept")
    options = parser.parse_args()
    versions = f"NetworkX {nx.__version__}, igraph {igraph.__version__}"
    print(f"Python {platform.python_version()}, {versions}; processor seconds, the fastest run")
    warnings.simplefilter("ignore")  # igraph warns that the network has separate pieces
    graph = make_network(PEOPLE, LINKS)
    print(f"\nWhole centrality table, {len(graph):,} people, {graph.number_of_edges():,} links")
    ours, _table = fastest(lambda: centralities(graph), options.repeat)
    bare, parts = fastest(lambda: bare_igraph(graph), options.repeat)
    print(f"  cmlib                  {ours:8.2f} s")
    print(f"  bare igraph calls      {bare:8.2f} s   cmlib / igraph {ours / bare:.2f}")
    for name, seconds in sorted(parts.items(), key=lambda part: -part[1])[:5]:
        print(f"    {name:22s}{seconds:7.2f} s")
    if not options.quick:
        slow = networkx_alone(graph, len(graph) if options.whole else 100)
        total = sum(slow.values())
        how = "measured" if options.whole else "paths from 100 people, scaled up"
        print(
            f"  NetworkX alone         {total:8.2f} s   NetworkX / cmlib {total / ours:.0f} ({how})"
        )
        for name, seconds in sorted(slow.items(), key=lambda part: -part[1])[:5]:
            print(f"    {name:22s}{seconds:7.2f} s")
    print("\nOther functions on that network")
    for name, call in {
        "network_summary": lambda: network_summary(graph),
        "find_groups, 10 runs": lambda: find_groups(graph),
    }.items():
        seconds, _result = fastest(call, options.repeat)
        print(f"  {name:22s} {seconds:8.2f} s")
    for members in (5_000, 50_000):
        events = make_events(EVENTS, members)
        seconds, drawn = fastest(lambda events=events: reply_graph(events), options.repeat)
        kept = int(link_counts(drawn).set_index("fate")["events"]["kept"])
        by_hand, other = fastest(lambda events=events: pandas_by_hand(events), options.repeat)
        same = other.size() == drawn.size() and other.size("weight") == drawn.size("weight")
        print(
            f"\nGraph from {len(events):,} events by {members:,} people: {kept:,} replies, "
            f"{drawn.number_of_edges():,} links"
        )
        print(f"  cmlib                  {seconds:8.2f} s")
        print(f"  pandas and NetworkX    {by_hand:8.2f} s   same links: {same}")


def fastest(call: Callable[[], Any], repeat: int) -> tuple[float, Any]:
    best, result = float("inf"), None
    for _run in range(repeat):
        start = time.process_time()
        value = call()
        seconds = time.process_time() - start
        if seconds < best:
            best, result = seconds, value
    return best, result


def make_network(people: int, links: int) -> nx.DiGraph:
    """Draw a reply network: few write to many, many write to few."""
    rng = np.random.default_rng(0)
    weights: dict[tuple[int, int], int] = {}
    while len(weights) < links:
        one, other = (people * rng.random(2) ** (2, 1.5)).astype(int).tolist()
        if one != other and (one, other) not in weights:
            weights[one, other] = int(rng.geometric(0.5))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(people))
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in weights.items())
    return graph


def make_events(rows: int, members: int) -> pd.DataFrame:
    """Draw a log where people answer recent messages, and some answer much more than others."""
    rng = np.random.default_rng(1)
    number = np.arange(rows)
    reply = rng.random(rows) < 0.8
    back = 1 + (rng.pareto(1.0, rows) * 20).astype(np.int64)
    parent = np.where(reply & (back <= number), number - back, -1)
    return pd.DataFrame(
        {
            "event_id": number,
            "timestamp": np.datetime64("2024-01-01", "s") + 30 * number,
            "member_id": (members * rng.random(rows) ** 4).astype(np.int64),
            "kind": np.where(parent >= 0, "reply", "topic"),
            "parent_id": pd.array(parent, dtype="Int64"),
        }
    ).assign(parent_id=lambda table: table["parent_id"].where(table["parent_id"] >= 0))


def pandas_by_hand(events: pd.DataFrame) -> nx.DiGraph:
    """What one would write without cmlib."""
    replies = events[events["kind"] == "reply"]
    author = events.set_index("event_id")["member_id"]
    replies = replies.assign(answered=replies["parent_id"].astype("int64").map(author))
    replies = replies[replies["member_id"] != replies["answered"]]
    pairs = replies.groupby(["member_id", "answered"]).size().reset_index(name="weight")
    return nx.from_pandas_edgelist(pairs, "member_id", "answered", "weight", nx.DiGraph)


def timed(parts: dict[str, float], name: str, call: Callable[[], Any]) -> None:
    start = time.process_time()
    call()
    parts[name] = time.process_time() - start


def bare_igraph(graph: nx.DiGraph) -> dict[str, float]:
    """Make the same measures by igraph calls alone, its graphs built from the edge list."""
    parts: dict[str, float] = {}
    edges = list(graph.edges(data="weight"))
    there = igraph.Graph(len(graph), [edge[:2] for edge in edges], directed=True)
    strength = [edge[2] for edge in edges]
    length = [DISTANCE_UNIT / value for value in strength]
    there.es["weight"] = strength
    both = there.as_undirected(combine_edges={"weight": "sum"})
    for name, call in {
        "betweenness": lambda: there.betweenness(weights=length),
        "harmonic": lambda: there.harmonic_centrality(mode="in"),
        "closeness": lambda: there.closeness(mode="in"),
        "eigenvector": lambda: there.eigenvector_centrality(weights="weight"),
        "pagerank": lambda: there.pagerank(weights="weight"),
        "hubs": lambda: there.hub_score(weights="weight"),
        "authorities": lambda: there.authority_score(weights="weight"),
        "core": lambda: both.coreness(),
        "constraint": lambda: both.constraint(weights="weight"),
        "clustering": lambda: both.transitivity_local_undirected(),
        "degree, strength": lambda: [
            count(mode=mode)
            for mode in ("in", "out", "all")
            for count in (there.degree, lambda mode: there.strength(weights="weight", mode=mode))
        ],
    }.items():
        timed(parts, name, call)
    return parts


def networkx_alone(graph: nx.DiGraph, sources: int) -> dict[str, float]:
    """Make the same measures by NetworkX's own code, each once.

    The time of paths grows with the number of people they start from.
    """
    parts: dict[str, float] = {}
    some = list(graph)[:: len(graph) // sources]
    plain = {"backend": "networkx"}
    for *_link, data in graph.edges(data=True):
        data["length"] = DISTANCE_UNIT // data["weight"]
    turned = graph.reverse()  # what closeness does first, then it walks from each person
    both = nx.Graph()
    for one, other, weight in graph.edges(data="weight"):
        before = both.get_edge_data(one, other, {"weight": 0})["weight"]
        both.add_edge(one, other, weight=before + weight)
    for name, call in {
        "betweenness": lambda: nx.betweenness_centrality(
            graph, k=sources, weight="length", seed=0, **plain
        ),
        "harmonic": lambda: nx.harmonic_centrality(graph, sources=some, **plain),
        "closeness": lambda: [
            nx.single_source_shortest_path_length(turned, person, **plain) for person in some
        ],
        "eigenvector": lambda: nx.eigenvector_centrality(
            graph, weight="weight", max_iter=1_000, **plain
        ),
        "pagerank": lambda: nx.pagerank(graph, tol=1e-10, max_iter=1_000, **plain),
        "hubs, authorities": lambda: nx.hits(graph, max_iter=1_000, **plain),
        "core": lambda: nx.core_number(both, **plain),
        "constraint": lambda: nx.constraint(both, weight="weight", **plain),
        "effective size": lambda: nx.effective_size(both, weight="weight", **plain),
        "clustering": lambda: nx.clustering(both, **plain),
        "reciprocity": lambda: nx.reciprocity(graph, list(graph)),
    }.items():
        timed(parts, name, call)
    for name in ("betweenness", "harmonic", "closeness"):
        parts[name] *= len(graph) / sources
    return parts


if __name__ == "__main__":
    main()
