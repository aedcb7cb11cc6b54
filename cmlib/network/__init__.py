"""Who talks to whom, who links groups, what holds when people leave.

Loading this room is cheap: NetworkX, SciPy and igraph are loaded on first use.
"""

from cmlib.network.brokerage import BROKER_ROLES, broker_roles, participation
from cmlib.network.centrality import centralisation, centralities
from cmlib.network.engine import engine_name, use_igraph
from cmlib.network.graph import (
    interaction_graph,
    link_counts,
    pair_graph,
    reply_graph,
    symmetrise,
)
from cmlib.network.groups import find_groups, group_agreement, group_modularity
from cmlib.network.newcomers import newcomer_answers, unanswered_newcomers
from cmlib.network.resilience import bridge_links, cut_points, removal_curve
from cmlib.network.summary import assortativity, giant_component_share, network_summary

__all__ = [
    "BROKER_ROLES",
    "assortativity",
    "bridge_links",
    "broker_roles",
    "centralisation",
    "centralities",
    "cut_points",
    "engine_name",
    "find_groups",
    "giant_component_share",
    "group_agreement",
    "group_modularity",
    "interaction_graph",
    "link_counts",
    "network_summary",
    "newcomer_answers",
    "pair_graph",
    "participation",
    "removal_curve",
    "reply_graph",
    "symmetrise",
    "unanswered_newcomers",
    "use_igraph",
]
