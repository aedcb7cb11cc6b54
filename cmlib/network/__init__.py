"""Who talks to whom, who links groups, what holds when people leave.

Loading this room is cheap, since NetworkX loads it to learn of the backend: pandas, SciPy and
igraph are loaded on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cmlib.network.brokerage import broker_roles, participation
    from cmlib.network.centrality import centralisation, centralities
    from cmlib.network.contacts import contact_network, network_at_least
    from cmlib.network.departures import after_departures
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
    from cmlib.network.ranking import central_people
    from cmlib.network.resilience import bridge_links, cut_points, removal_curve
    from cmlib.network.summary import assortativity, giant_component_share, network_summary

__all__ = [
    "after_departures",
    "assortativity",
    "bridge_links",
    "broker_roles",
    "central_people",
    "centralisation",
    "centralities",
    "contact_network",
    "cut_points",
    "engine_name",
    "find_groups",
    "giant_component_share",
    "group_agreement",
    "group_modularity",
    "interaction_graph",
    "link_counts",
    "network_at_least",
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

_MODULE_OF = {
    "after_departures": "departures",
    "assortativity": "summary",
    "bridge_links": "resilience",
    "broker_roles": "brokerage",
    "central_people": "ranking",
    "centralisation": "centrality",
    "centralities": "centrality",
    "contact_network": "contacts",
    "cut_points": "resilience",
    "engine_name": "engine",
    "find_groups": "groups",
    "giant_component_share": "summary",
    "group_agreement": "groups",
    "group_modularity": "groups",
    "interaction_graph": "graph",
    "link_counts": "graph",
    "network_at_least": "contacts",
    "network_summary": "summary",
    "newcomer_answers": "newcomers",
    "pair_graph": "graph",
    "participation": "brokerage",
    "removal_curve": "resilience",
    "reply_graph": "graph",
    "symmetrise": "graph",
    "unanswered_newcomers": "newcomers",
    "use_igraph": "engine",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
