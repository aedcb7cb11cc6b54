"""Who talks to whom, who links groups, what holds when people leave.

Loading this room is cheap: NetworkX, SciPy and igraph are loaded on first use.
"""

from cmlib.network.engine import engine_name, use_igraph
from cmlib.network.graph import (
    interaction_graph,
    link_counts,
    pair_graph,
    reply_graph,
    symmetrise,
)
from cmlib.network.summary import assortativity, giant_component_share, network_summary

__all__ = [
    "assortativity",
    "engine_name",
    "giant_component_share",
    "interaction_graph",
    "link_counts",
    "network_summary",
    "pair_graph",
    "reply_graph",
    "symmetrise",
    "use_igraph",
]
