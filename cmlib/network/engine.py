"""Which engine computes: igraph when it is installed, NetworkX when it is not."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

__all__ = ["compute", "engine_name", "use_igraph"]

BACKEND = "cmlib_igraph"


def engine_name() -> str:
    """Return the engine that computes the heavy measures: ``"igraph"`` or ``"networkx"``.

    Examples
    --------
    >>> engine_name() in {"igraph", "networkx"}
    True
    """
    return "networkx" if find_spec("igraph") is None else "igraph"


def use_igraph(active: bool = True) -> None:
    """Let igraph compute your own NetworkX calls too, where it can.

    Parameters
    ----------
    active : bool, default True
        False gives every call back to NetworkX.

    Raises
    ------
    ParameterError
        When igraph is not installed.

    Notes
    -----
    ``nx.betweenness_centrality(graph)`` on 5,000 people then takes seconds instead of minutes.
    What igraph cannot do stays with NetworkX. igraph is under the GPL: see ``docs/backend.md``.

    Examples
    --------
    >>> use_igraph(False)
    """
    import networkx as nx

    from cmlib.errors import ParameterError
    from cmlib.messages import _

    if active and engine_name() == "networkx":
        raise ParameterError(
            _("igraph is not installed. Install it with: pip install igraph. NetworkX still works.")
        )
    others = [name for name in nx.config.backend_priority.algos if name != BACKEND]
    nx.config.backend_priority.algos = [BACKEND, *others] if active else others
    nx.config.warnings_to_ignore.add("cache")


def compute(name: str, graph: Any, **options: Any) -> Any:
    """Call the NetworkX function `name`, computed by igraph where it is installed."""
    import networkx as nx

    backend = BACKEND if engine_name() == "igraph" else "networkx"
    function = getattr(nx, name, None) or getattr(nx.community, name)
    with nx.config(warnings_to_ignore={*nx.config.warnings_to_ignore, "cache"}):
        return function(graph, backend=backend, **options)
