"""Who exchanges with whom, direction forgotten, and from how many exchanges on it is a link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.checks import choice, whole_number
from cmlib.data.communities import Community
from cmlib.data.known import groups_of, team_of, with_team
from cmlib.network.graph import reply_graph, symmetrise

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["contact_network", "exchanges", "figures_of", "linked", "network_at_least"]


def contact_network(source: Community | Iterable[tuple[Any, Any]]) -> nx.Graph:
    """Make the network of who exchanges with whom, direction forgotten.

    Parameters
    ----------
    source : Community or pairs
        Of a community, the replies between members, the team left out. Or pairs of people, such
        as ``[("Aminata", "Bilal")]``.

    Returns
    -------
    networkx.Graph
        One node a person who wrote; ``weight``, the replies exchanged in both directions.

    Examples
    --------
    >>> len(contact_network([("Aminata", "Bilal"), ("Bilal", "Chiara")]))
    3
    """
    import networkx as nx

    if not isinstance(source, Community):
        graph = nx.Graph()
        graph.add_edges_from(source, weight=1)
        return graph
    return symmetrise(reply_graph(with_team(source, counted=False)))


def network_at_least(
    community: Community, *, at_least: int = 1, team: bool = False, group: str | None = None
) -> pd.DataFrame:
    """Sum up the network of replies when a link asks for so many exchanges.

    Parameters
    ----------
    community : Community
    at_least : int, default 1
        Replies between two people, both directions added, needed to call them linked.
    team : bool, default False
        True counts the team among the people.
    group : str, optional
        Only the members of this group (and the team, when it counts); by default everyone.

    Returns
    -------
    pandas.DataFrame
        One row:

        - ``people``: people who wrote
        - ``pairs``: pairs of people linked, direction forgotten
        - ``alone``: people linked with nobody
        - ``connected_share``: share of the people in the largest connected piece
        - ``reciprocity``: share of the arrows between linked people that are returned

        A share is missing where there is nobody, or no link.

    Raises
    ------
    ParameterError
        When `at_least` is not a whole number from 1 up, or no member has this group.

    Notes
    -----
    Asking for more exchanges never links more people. There is no right number: it depends
    on what a link is to stand for (having met once, or knowing each other).

    Examples
    --------
    >>> from cmlib.data import load
    >>> list(network_at_least(load("brand"), at_least=3).columns)
    ['people', 'pairs', 'alone', 'connected_share', 'reciprocity']
    """
    return figures_of(linked(exchanges(community, team=team, group=group), at_least))


def exchanges(community: Community, *, team: bool, group: str | None) -> nx.Graph:
    """Pairs who exchanged replies: ``weight``, how many, and ``returned``, in both directions."""
    arrows = reply_graph(with_team(community, counted=team))
    if group is not None:
        groups = groups_of(community) or {}
        known = sorted({str(name) for name in groups.values()})
        choice("group", group, known)
        inside = {person for person, name in groups.items() if name == group} | team_of(community)
        arrows = arrows.subgraph([person for person in arrows if person in inside])
    pairs = symmetrise(arrows)
    for one, other, link in pairs.edges(data=True):
        link["returned"] = arrows.has_edge(one, other) and arrows.has_edge(other, one)
    return pairs


def linked(pairs: nx.Graph, at_least: int) -> nx.Graph:
    """Keep the pairs who exchanged at least so many times, and every person."""
    import networkx as nx

    at_least = whole_number("at_least", at_least)
    kept = nx.Graph()
    kept.add_nodes_from(pairs)
    kept.add_edges_from(
        (one, other, link)
        for one, other, link in pairs.edges(data=True)
        if link["weight"] >= at_least
    )
    return kept


def figures_of(pairs: nx.Graph) -> pd.DataFrame:
    """Sum up a network of pairs in one row, as :func:`network_at_least` gives it."""
    import networkx as nx

    people = pairs.number_of_nodes()
    largest = max((len(piece) for piece in nx.connected_components(pairs)), default=0)
    returned = sum(2 for *_both, back in pairs.edges(data="returned") if back)
    arrows = pairs.number_of_edges() + returned // 2
    row = {
        "people": people,
        "pairs": pairs.number_of_edges(),
        "alone": nx.number_of_isolates(pairs),
        "connected_share": largest / people if people else np.nan,
        "reciprocity": returned / arrows if arrows else np.nan,
    }
    return pd.DataFrame([row])
