"""Who is still connected once some people have left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.errors import ParameterError
from cmlib.messages import _

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["after_departures", "before_and_after", "pieces_of"]


def after_departures(
    graph: nx.Graph,
    *,
    gone: Iterable[Any] = (),
    links: Iterable[tuple[Any, Any]] = (),
) -> pd.DataFrame:
    """Count who is still connected once some people have left.

    Parameters
    ----------
    graph : networkx.Graph
        Direction is forgotten; the graph given does not change.
    gone : people, optional
        Those who leave.
    links : pairs of people, optional
        Links built before the departures.

    Returns
    -------
    pandas.DataFrame
        One row:

        - ``gone``: how many people leave
        - ``connected``: people in the largest connected piece
        - ``connected_share``: the same over everyone at the start, those who leave included
        - ``cut_off``: people in the largest piece before, who stay, and are no longer in it
        - ``pieces``: pieces of two people or more

    Raises
    ------
    ParameterError
        When somebody is not in the network.

    Notes
    -----
    The network is taken as it was: people who stay do not look for new contacts, as some of
    them would.

    Examples
    --------
    >>> from cmlib.network import contact_network
    >>> graph = contact_network([("a", "b"), ("b", "c"), ("c", "d")])
    >>> after_departures(graph, gone=["b"])
       gone  connected  connected_share  cut_off  pieces
    0     1          2              0.5        1       1
    >>> after_departures(graph, gone=["b"], links=[("a", "d")])
       gone  connected  connected_share  cut_off  pieces
    0     1          3             0.75        0       1
    """
    before, left = before_and_after(graph, list(gone), list(links))
    largest = pieces_of(left)[0] if len(left) else set()
    was = pieces_of(before)[0] if len(before) else set()
    return pd.DataFrame(
        {
            "gone": [len(before) - len(left)],
            "connected": [len(largest)],
            "connected_share": [len(largest) / len(before) if len(before) else np.nan],
            "cut_off": [len((was & set(left)) - largest)],
            "pieces": [sum(len(piece) > 1 for piece in pieces_of(left))],
        }
    )


def before_and_after(
    graph: nx.Graph, gone: list[Any], links: list[tuple[Any, Any]]
) -> tuple[nx.Graph, nx.Graph]:
    """Return the network as it was, and with the links built, once those have left."""
    import networkx as nx

    for person in [*gone, *(end for link in links for end in link)]:
        if person not in graph:
            raise ParameterError(
                _("{person!r} is not in this network. Give people who are in it.").format(
                    person=person
                )
            )
    before = nx.Graph()
    before.add_nodes_from(graph)
    before.add_edges_from(graph.edges())
    left = before.copy()
    left.add_edges_from(links)
    left.remove_nodes_from(gone)
    return before, left


def pieces_of(graph: nx.Graph) -> list[set[Any]]:
    """List the connected pieces, largest first."""
    import networkx as nx

    return sorted(nx.connected_components(graph), key=len, reverse=True)
