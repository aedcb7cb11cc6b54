"""Who is still connected when some people leave, and what a link built in time changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.data import Community
from cmlib.data.known import groups_of, members_of
from cmlib.explore.panel import dropdown, explorer
from cmlib.i18n import format_number, format_percent
from cmlib.messages import _
from cmlib.network.contacts import contact_network
from cmlib.network.departures import after_departures, before_and_after, pieces_of

if TYPE_CHECKING:
    import ipywidgets
    import networkx as nx
    from matplotlib.axes import Axes

__all__ = ["departures_explorer", "plot_departures"]

NAMED = 20  # people: a piece under that size gets no words on the drawing
ROUNDS = 80  # of the springs that place people on the drawing
OFFERED = 8  # first ranks of each measure that the lists offer


def plot_departures(
    community: Community,
    *,
    gone: Iterable[Any] = (),
    links: Iterable[tuple[Any, Any]] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw the largest connected piece of a community, and what departures leave of it.

    Parameters
    ----------
    community : Community
    gone, links
        As in :func:`cmlib.network.after_departures`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes
        Discs for the largest piece, open squares for those cut off, a cross with the number of
        each who left, a thick dashed line for each link built. Places do not change, and mean
        nothing. People who were not in the largest piece to begin with are not drawn.

    Raises
    ------
    ParameterError
        As in :func:`cmlib.network.after_departures`.
    """
    graph = contact_network(community)
    return _drawn(graph, _places(graph), _interests(community), list(gone), list(links), ax)


def departures_explorer(community: Community) -> ipywidgets.VBox:
    """Choose who leaves, and watch the share still connected.

    Parameters
    ----------
    community : Community

    Returns
    -------
    ipywidgets.VBox
        Three lists of people: the first ones by number of contacts, then those by betweenness.
        Only members who agreed to their data being analysed are offered; people keep their places.
    """
    graph = contact_network(community)
    places, interests = _places(graph), _interests(community)
    offered = _offered(community, graph)

    def draw(**chosen: Any) -> Axes:
        gone = list(dict.fromkeys(person for person in chosen.values() if person is not None))
        return _drawn(graph, places, interests, gone, [], None)

    options = {_("nobody"): None} | {
        _("member {person} ({n} contacts)").format(
            person=person, n=format_number(graph.degree(person))
        ): person
        for person in offered
    }
    labels = (_("First departure"), _("Second departure"), _("Third departure"))
    names = ("first", "second", "third")
    controls = {
        name: dropdown(label, options, None) for name, label in zip(names, labels, strict=True)
    }
    return explorer(draw, **controls)


def _places(graph: nx.Graph) -> dict[Any, Any]:
    """Set the people of the largest piece so that those who exchange stand near one another.

    Fruchterman and Reingold's springs, in matrix form: a tenth of the time that the general
    layout of NetworkX takes for so many people.
    """
    people = sorted(pieces_of(graph)[0]) if len(graph) else []
    n = len(people)
    rank = {person: place for place, person in enumerate(people)}
    pairs = np.array([(rank[a], rank[b]) for a, b in graph.edges() if a in rank], dtype=int)
    places = np.random.default_rng(0).random((n, 2)).astype("float32")
    apart = 1 / max(n, 1) ** 0.5
    for heat in np.linspace(0.1, 0, ROUNDS, endpoint=False):
        across, up = (axis[:, None] - axis for axis in places.T)
        push = apart**2 / np.maximum(across**2 + up**2, 1e-4)
        move = np.column_stack([(across * push).sum(axis=1), (up * push).sum(axis=1)])
        if len(pairs):
            gap = places[pairs[:, 0]] - places[pairs[:, 1]]
            pull = gap * np.linalg.norm(gap, axis=1)[:, None] / apart
            np.add.at(move, pairs[:, 0], -pull)
            np.add.at(move, pairs[:, 1], pull)
        length = np.maximum(np.linalg.norm(move, axis=1), 1e-2)[:, None]
        places = (places + heat * move / length).astype("float32")
    return {person: tuple(places[place]) for person, place in rank.items()}


def _interests(community: Community) -> dict[Any, Any]:
    return groups_of(community) or {}


def _offered(community: Community, graph: nx.Graph) -> list[Any]:
    from cmlib.network import centralities

    scores = centralities(graph, measures=["degree", "betweenness"])
    members = members_of(community)
    if "consent_analytics" in members:
        agreed = members.loc[members["consent_analytics"].fillna(False).astype(bool), "member_id"]
        scores = scores[scores["member_id"].isin(agreed)]
    first: list[Any] = []
    for measure in ("degree", "betweenness"):
        ranked = scores.sort_values([measure, "member_id"], ascending=[False, True])
        first += ranked["member_id"].head(OFFERED).tolist()
    return list(dict.fromkeys(first))


def _drawn(
    graph: nx.Graph,
    places: Mapping[Any, Any],
    interests: Mapping[Any, Any],
    gone: list[Any],
    links: list[tuple[Any, Any]],
    ax: Axes | None,
) -> Axes:
    from matplotlib.collections import LineCollection

    from cmlib.plot.alternative import finish
    from cmlib.plot.theme import PALETTE, axes_or_new, ink

    before, left = before_and_after(graph, gone, links)
    pieces = pieces_of(left)
    largest = pieces[0] if pieces else set()
    row = after_departures(graph, gone=gone, links=links).iloc[0]
    ax = axes_or_new(ax)
    lines = [(places[a], places[b]) for a, b in left.edges() if a in places and b in places]
    ax.add_collection(LineCollection(lines, colors=ink(), linewidths=0.3, alpha=0.2))
    built = [(places[a], places[b]) for a, b in links if a in places and b in places]
    ax.add_collection(
        LineCollection(built, colors=ink(), linewidths=2.2, linestyles="--", zorder=3)
    )
    kept = [person for person in places if person in largest]
    cut = [person for person in places if person in left and person not in largest]
    missing = [person for person in gone if person in places]
    _marks(ax, places, kept, _("in the largest piece"), marker="o", s=11, color=PALETTE[0])
    _marks(
        ax, places, cut, _("cut off from it"),
        marker="s", s=14, facecolors="none", edgecolors=PALETTE[1], linewidths=0.9,
    )  # fmt: skip
    _marks(ax, places, missing, _("gone"), marker="X", s=90, color=ink(), zorder=4)
    for person in missing:
        ax.annotate(
            f"{person}", places[person], xytext=(7, 5), textcoords="offset points", zorder=5,
            fontweight="bold", bbox={"boxstyle": "round,pad=0.1", "fc": ax.get_facecolor(),
                                     "ec": "none", "alpha": 0.7},
        )  # fmt: skip
    told = [_told(piece & set(places), interests) for piece in pieces if len(piece) >= NAMED]
    for piece in pieces:
        if len(piece) >= NAMED and gone:
            _write(ax, places, piece & set(places), _told(piece & set(places), interests))
    ax.set_xticks([])
    ax.set_yticks([])
    ax.margins(0.1)
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
    share = format_percent(float(row["connected_share"]), digits=1)
    return finish(
        ax,
        title=_("Still connected: {share} of those who wrote").format(share=share),
        x=_("{n} of {all} people drawn. Places on the drawing mean nothing").format(
            n=format_number(len(places)), all=format_number(len(before))
        ),
        y="",
        alternative=_(
            "Gone: {who}. Largest connected piece: {n} of {all} people ({share}). Cut off from "
            "it: {cut}. Pieces of {few} people or more: {told}."
        ).format(
            who=", ".join(str(person) for person in gone) or _("nobody"),
            n=format_number(int(row["connected"])),
            all=format_number(len(before)),
            share=share,
            cut=format_number(int(row["cut_off"])),
            few=NAMED,
            told=_("; ").join(told) or _("none"),
        ),
    )


def _marks(ax: Axes, places: Mapping[Any, Any], people: list[Any], label: str, **look: Any) -> None:
    if people:
        points = np.array([places[person] for person in people])
        ax.scatter(points[:, 0], points[:, 1], label=label, **{"zorder": 2, **look})


def _told(piece: set[Any], interests: Mapping[Any, Any]) -> str:
    known = [interests[person] for person in sorted(piece) if person in interests]
    if not known:
        return _("{n} people").format(n=format_number(len(piece)))
    counts = pd.Series(known).value_counts()
    return _("{n} people, mostly {interest}").format(
        n=format_number(len(piece)), interest=counts.index[0]
    )


def _write(ax: Axes, places: Mapping[Any, Any], piece: set[Any], words: str) -> None:
    points = np.array([places[person] for person in sorted(piece)])
    below = (np.median(points[:, 0]), np.quantile(points[:, 1], 0.02))
    ax.annotate(
        words, below, xytext=(0, -9), textcoords="offset points", ha="center", va="top",
        zorder=5, fontsize=9,
        bbox={"boxstyle": "round,pad=0.2", "fc": ax.get_facecolor(), "ec": "0.5", "alpha": 0.85},
    )  # fmt: skip
