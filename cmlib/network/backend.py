"""igraph as a NetworkX backend: NetworkX's own functions, computed by igraph.

NetworkX finds this module by its entry point, when NetworkX is imported: nothing heavy is
imported here before a function is called. ``docs/backend.md`` tells what is offered.
"""

from __future__ import annotations

import inspect
import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

__all__ = ["IGraph", "backend_interface", "get_info"]

_DEFAULT_STEPS = 100


class IGraph:
    """A NetworkX graph converted for igraph, with what is needed to speak of its nodes again.

    Attributes
    ----------
    origin : networkx.Graph
        The graph it came from.
    nodes : list
        Node `i` of igraph is ``nodes[i]``.
    igraph : igraph.Graph
    weights : dict of str to list of float
        The edge attributes asked for, edge by edge.
    """

    __networkx_backend__ = "cmlib_igraph"

    def __init__(self, origin: Any, edge_attrs: dict[str, Any] | None) -> None:
        import igraph

        if origin.is_multigraph():
            raise NotImplementedError("parallel links")
        self.origin = origin
        self.nodes = list(origin)
        rank = {node: place for place, node in enumerate(self.nodes)}
        pairs = [(rank[one], rank[other]) for one, other in origin.edges()]
        self.loops = any(one == other for one, other in pairs)
        self.igraph = igraph.Graph(len(rank), pairs, directed=origin.is_directed())
        self.weights = {
            name: _numbers([value for *_, value in origin.edges(data=name, default=default)])
            for name, default in (edge_attrs or {}).items()
        }

    @classmethod
    def from_arrays(cls, n: int, source: Any, target: Any, weight: Any) -> IGraph:
        """Make one of `n` nodes without direction, with no NetworkX graph in between."""
        import igraph

        made = cls.__new__(cls)
        made.origin, made.nodes, made.loops = None, list(range(n)), False
        pairs = list(zip(source.tolist(), target.tolist(), strict=True))
        made.igraph = igraph.Graph(n, pairs)
        made.weights = {"weight": weight.tolist()}
        return made

    def is_directed(self) -> bool:
        """Tell whether links have a direction."""
        return bool(self.igraph.is_directed())

    def is_multigraph(self) -> bool:
        """Parallel links are never converted."""
        return False

    def __len__(self) -> int:
        return len(self.nodes)

    def named(self, values: list[float]) -> dict[Any, Any]:
        """Give each value its node."""
        return dict(zip(self.nodes, values, strict=True))

    def positive(self, name: str | None) -> list[float] | None:
        """Return the weights called `name`, all above zero, as igraph needs them."""
        if name is None:
            return None
        values = self.weights[name]
        if any(value <= 0 for value in values):
            raise NotImplementedError("weights that are not above zero")
        return values


def _numbers(values: list[Any]) -> list[float]:
    try:
        numbers = [float(value) for value in values]
    except (TypeError, ValueError) as error:
        raise NotImplementedError("weights that are not numbers") from error
    if not all(map(math.isfinite, numbers)):
        raise NotImplementedError("weights that are not finite")
    return numbers


class _Backend:
    """The functions offered, under the names and arguments that NetworkX gives them.

    A function that cannot do what is asked raises NotImplementedError: NetworkX then does it.
    """

    @staticmethod
    def convert_from_nx(
        graph: Any, *, edge_attrs: dict[str, Any] | None = None, **options: Any
    ) -> IGraph:
        """Convert a NetworkX graph, with the edge attributes that the function reads."""
        return IGraph(graph, edge_attrs)

    @staticmethod
    def convert_to_nx(result: Any, **options: Any) -> Any:
        """Give back the NetworkX graph; other results are already NetworkX's own types."""
        return result.origin if isinstance(result, IGraph) else result

    @staticmethod
    def can_run(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool | str:
        """Tell whether igraph gives what NetworkX would with these arguments."""
        if find_spec("igraph") is None:
            return "igraph is not installed"
        signature = inspect.signature(getattr(backend_interface, name))
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = bound.arguments
        graph = given.pop("G")
        if graph.is_multigraph():
            return "parallel links"
        if len(graph) == 0:
            return "nobody in the graph"
        for argument in ("weight", "distance"):
            if not isinstance(given.get(argument), str | None):
                return f"{argument} must be the name of an attribute"
        if graph.is_directed() and name in _UNDIRECTED_ONLY:
            return "the links have a direction"
        if given.get("k") is not None and given["k"] < 1:
            return "no source drawn"
        for argument, only in _ONLY.get(name, {}).items():
            if given[argument] != only:
                return f"{argument} other than {only}"
        return True

    @staticmethod
    def should_run(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
        """Run whatever can be run: only functions worth a conversion are offered."""
        return True

    @staticmethod
    def betweenness_centrality(
        G: IGraph,
        k: int | None = None,
        normalized: bool = True,
        weight: str | None = None,
        endpoints: bool = False,
        seed: Any = None,
    ) -> dict[Any, float]:
        """Share of shortest paths that pass through each node."""
        n = len(G)
        k = None if k == n else k
        sources = None if k is None else _random(seed).sample(range(n), k)
        values = G.igraph.betweenness(weights=G.positive(weight), sources=sources)
        if n < 3:
            return G.named(values)
        ordered = 1 if G.is_directed() else 2  # igraph halves where there is no direction
        if sources is None:
            scale = ordered / ((n - 1) * (n - 2)) if normalized else 1.0
            return G.named([value * scale for value in values])
        per_source = ordered / (n - 2) if normalized else float(n - 1)
        drawn = set(sources)
        drawn_from = len(sources)
        others = {
            True: drawn_from - 1,
            False: drawn_from,
        }  # a source is no inner node of its own paths
        return G.named(
            [
                value * per_source / others[place in drawn] if others[place in drawn] else math.nan
                for place, value in enumerate(values)
            ]
        )

    @staticmethod
    def edge_betweenness_centrality(
        G: IGraph,
        k: int | None = None,
        normalized: bool = True,
        weight: str | None = None,
        seed: Any = None,
    ) -> dict[Any, float]:
        """Share of shortest paths that pass through each link."""
        n = len(G)
        values = G.igraph.edge_betweenness(weights=G.positive(weight))
        ordered = 1 if G.is_directed() else 2
        scale = ordered / (n * (n - 1)) if normalized and n > 1 else 1.0
        return dict(zip(G.origin.edges(), [value * scale for value in values], strict=True))

    @staticmethod
    def closeness_centrality(
        G: IGraph, u: Any = None, distance: str | None = None, wf_improved: bool = True
    ) -> dict[Any, float]:
        """Return the inverse of the mean distance from those who reach each node."""
        n = len(G)
        values = G.igraph.closeness(mode="in", weights=G.positive(distance), normalized=True)
        reached = _reaching(G.igraph) if wf_improved else [n] * n
        share = [(count - 1) / (n - 1) if n > 1 else 0.0 for count in reached]
        return G.named(
            [
                0.0 if math.isnan(value) else value * part
                for value, part in zip(values, share, strict=True)
            ]
        )

    @staticmethod
    def harmonic_centrality(
        G: IGraph, nbunch: Any = None, distance: str | None = None, sources: Any = None
    ) -> dict[Any, float]:
        """Sum of the inverse distances from every other node."""
        if len(G) == 1:
            return G.named([0])
        weights = G.positive(distance)
        values = G.igraph.harmonic_centrality(mode="in", weights=weights, normalized=False)
        return G.named(values)

    @staticmethod
    def eigenvector_centrality(
        G: IGraph,
        max_iter: int = _DEFAULT_STEPS,
        tol: float = 1e-6,
        nstart: Any = None,
        weight: str | None = None,
    ) -> dict[Any, float]:
        """Score of a node as the sum of its neighbours' scores."""
        if G.loops or len(G) < 3 or not G.igraph.is_connected(mode="strong"):
            raise NotImplementedError("one eigenvector only where everyone reaches everyone")
        values = G.igraph.eigenvector_centrality(weights=G.positive(weight))
        norm = math.sqrt(sum(value * value for value in values))
        return G.named([value / norm for value in values])

    @staticmethod
    def pagerank(
        G: IGraph,
        alpha: float = 0.85,
        personalization: Any = None,
        max_iter: int = _DEFAULT_STEPS,
        tol: float = 1e-6,
        nstart: Any = None,
        weight: str | None = "weight",
        dangling: Any = None,
    ) -> dict[Any, float]:
        """Share of visits of a reader who follows links at random."""
        if max_iter < _DEFAULT_STEPS or (G.loops and not G.is_directed()):
            raise NotImplementedError("few steps, or loops without direction")
        return G.named(G.igraph.pagerank(damping=alpha, weights=G.positive(weight)))

    @staticmethod
    def core_number(G: IGraph) -> dict[Any, int]:
        """Return the largest k such that the node is in a k-core."""
        if G.loops:
            raise NotImplementedError("loops")
        return G.named(G.igraph.coreness(mode="all"))

    @staticmethod
    def constraint(G: IGraph, nodes: Any = None, weight: str | None = None) -> dict[Any, float]:
        """Burt's constraint: how far a node's contacts depend on one another."""
        if G.loops:
            raise NotImplementedError("loops")
        return G.named(G.igraph.constraint(weights=G.positive(weight)))

    @staticmethod
    def clustering(G: IGraph, nodes: Any = None, weight: str | None = None) -> dict[Any, float]:
        """Share of a node's pairs of neighbours that are linked."""
        if G.loops:
            raise NotImplementedError("loops")
        values = G.igraph.transitivity_local_undirected(mode="zero")
        return G.named([value or 0 for value in values])

    @staticmethod
    def average_clustering(
        G: IGraph, nodes: Any = None, weight: str | None = None, count_zeros: bool = True
    ) -> float:
        """Return the mean clustering of the nodes."""
        return sum(backend_interface.clustering(G).values()) / len(G)

    @staticmethod
    def transitivity(G: IGraph) -> float:
        """Share of paths of two links whose ends are linked."""
        if G.loops:
            raise NotImplementedError("loops")
        return G.igraph.transitivity_undirected(mode="zero") or 0

    @staticmethod
    def louvain_communities(
        G: IGraph,
        weight: str | None = "weight",
        resolution: float = 1,
        threshold: float = 1e-7,
        max_level: int | None = None,
        seed: Any = None,
    ) -> list[set[Any]]:
        """Find groups by Louvain's method."""
        with _seeded(seed):
            found = G.igraph.community_multilevel(weights=G.positive(weight), resolution=resolution)
        return _groups(G, found)

    @staticmethod
    def leiden_communities(
        G: IGraph,
        weight: str | None = "weight",
        resolution: float = 1,
        max_level: int | None = None,
        seed: Any = None,
    ) -> list[set[Any]]:
        """Find groups by the Leiden method, until nobody moves."""
        with _seeded(seed):
            found = G.igraph.community_leiden(
                objective_function="modularity",
                weights=G.positive(weight),
                resolution=resolution,
                n_iterations=-1,
            )
        return _groups(G, found)


_UNDIRECTED_ONLY = frozenset(
    {
        "average_clustering",
        "clustering",
        "leiden_communities",
        "louvain_communities",
        "transitivity",
    }
)
_ONLY: dict[str, dict[str, Any]] = {
    "average_clustering": {"nodes": None, "weight": None, "count_zeros": True},
    "betweenness_centrality": {"endpoints": False},
    "closeness_centrality": {"u": None},
    "clustering": {"nodes": None, "weight": None},
    "constraint": {"nodes": None},
    "edge_betweenness_centrality": {"k": None},
    "eigenvector_centrality": {"max_iter": _DEFAULT_STEPS, "nstart": None},
    "harmonic_centrality": {"nbunch": None, "sources": None},
    "leiden_communities": {"max_level": None},
    "louvain_communities": {"max_level": None, "threshold": 1e-7},
    "pagerank": {"personalization": None, "nstart": None, "dangling": None},
}

backend_interface = _Backend()


def offered() -> list[str]:
    """Return the NetworkX functions that igraph can compute."""
    own = {"can_run", "convert_from_nx", "convert_to_nx", "should_run"}
    return sorted(name for name in vars(_Backend) if not name.startswith("_") and name not in own)


def get_info() -> dict[str, Any]:
    """Describe the backend to NetworkX, without importing igraph."""
    functions: dict[str, Callable[..., Any]] = {
        name: getattr(backend_interface, name) for name in offered()
    }
    return {
        "backend_name": "cmlib_igraph",
        "project": "cmlib",
        "package": "cmlib",
        "short_summary": "Computed by igraph (GPL), when it is installed.",
        "functions": {
            name: {"additional_docs": (function.__doc__ or "").strip()}
            for name, function in functions.items()
        },
    }


def _random(seed: Any) -> random.Random:
    if isinstance(seed, int):  # as NetworkX does, without loading it
        return random.Random(seed)
    from networkx.utils import create_py_random_state

    generator: random.Random = create_py_random_state(seed)
    return generator


@contextmanager
def _seeded(seed: Any) -> Iterator[None]:
    """Let igraph draw from a generator of our own, then from Python's again."""
    import igraph

    igraph.set_random_number_generator(random.Random(_random(seed).getrandbits(64)))
    try:
        yield
    finally:
        igraph.set_random_number_generator(random)


def _groups(G: IGraph, found: Any) -> list[set[Any]]:
    return [{G.nodes[place] for place in group} for group in found if group]


def _reaching(graph: Any) -> list[int]:
    """Count who reaches each node, itself included, once for each strong component."""
    components = graph.connected_components(mode="strong")
    first = [component[0] for component in components]
    sizes = graph.neighborhood_size(vertices=first, order=graph.vcount(), mode="in")
    return [sizes[label] for label in components.membership]
