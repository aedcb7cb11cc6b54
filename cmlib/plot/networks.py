"""Who talks to whom, and what holds when people leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cmlib.i18n import format_number, format_percent
from cmlib.messages import _
from cmlib.plot.alternative import finish
from cmlib.plot.tables import as_pandas
from cmlib.plot.theme import MARKERS, PALETTE, axes_or_new, ink

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.axes import Axes

__all__ = ["layout", "plot_network", "plot_removal"]


def layout(graph: nx.Graph, *, seed: int = 0) -> dict[Any, Any]:
    """Return one fixed place a person, to draw the same network several times alike.

    Parameters
    ----------
    graph : networkx.Graph
    seed : int, default 0

    Returns
    -------
    dict
        Person to (x, y). The place is chosen for a readable drawing and means nothing.

    Examples
    --------
    >>> import networkx as nx
    >>> sorted(layout(nx.path_graph(3)))
    [0, 1, 2]
    """
    import networkx as nx

    order = sorted(graph, key=str)
    plain = nx.Graph()
    plain.add_nodes_from(order)
    rank = {person: place for place, person in enumerate(order)}
    plain.add_edges_from(sorted(graph.edges(), key=lambda pair: (rank[pair[0]], rank[pair[1]])))
    return dict(nx.spring_layout(plain, seed=seed, iterations=60, weight=None))


def plot_network(
    graph: nx.Graph,
    *,
    positions: Mapping[Any, Any] | None = None,
    size: Mapping[Any, float] | None = None,
    group: Mapping[Any, Any] | None = None,
    label: Mapping[Any, str] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a network with few labels and fixed places.

    Parameters
    ----------
    graph : networkx.Graph
    positions : mapping, optional
        Places from :func:`layout`; give the same to compare two drawings.
    size : mapping, optional
        A measure a person; the larger, the larger the mark.
    group : mapping, optional
        A group a person: up to six have their own colour and shape, others share the last.
    label : mapping, optional
        The few people to name, with the words to write.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Places on the drawing mean nothing; read the table beside it.
    """
    positions = layout(graph) if positions is None else positions
    people = [person for person in graph if person in positions]
    ax = axes_or_new(ax)
    segments = [
        (positions[a], positions[b]) for a, b in graph.edges() if a in positions and b in positions
    ]
    if segments:
        from matplotlib.collections import LineCollection

        ax.add_collection(LineCollection(segments, colors=ink(), linewidths=0.4, alpha=0.25))
    names = _group_names(people, group)
    sizes = _mark_sizes(people, size)
    for place, name in enumerate(names):
        here = [i for i, p in enumerate(people) if _group_of(p, group, names) == name]
        points = np.array([positions[people[i]] for i in here])
        if len(points):
            ax.scatter(
                points[:, 0], points[:, 1], s=[sizes[i] for i in here],
                color=PALETTE[place], marker=MARKERS[place], zorder=2,
                label=_("no group") if name is None else str(name),
            )  # fmt: skip
    for person, words in (label or {}).items():
        ax.annotate(words, positions[person], xytext=(5, 5), textcoords="offset points", zorder=3)
    if group is not None:
        ax.legend(loc="best", fontsize=8)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.margins(0.05)
    linked = sum(1 for person in graph if graph.degree(person) > 0)
    words = _("Drawing of {people} people and {links} links; {alone} have no link.").format(
        people=format_number(len(people)),
        links=format_number(graph.number_of_edges()),
        alone=format_number(graph.number_of_nodes() - linked),
    )
    return finish(
        ax,
        title=title or _("Who talks with whom"),
        x=_("Places on the drawing mean nothing"),
        y="",
        alternative=words,
    )


def _group_names(people: list[Any], group: Mapping[Any, Any] | None) -> list[Any]:
    if group is None:
        return [_("person")]
    counts: dict[Any, int] = {}
    for person in people:
        counts[group.get(person)] = counts.get(group.get(person), 0) + 1
    ranked = sorted(counts, key=lambda name: (-counts[name], str(name)))
    return ranked if len(ranked) <= len(PALETTE) else [*ranked[: len(PALETTE) - 1], _("others")]


def _group_of(person: Any, group: Mapping[Any, Any] | None, names: list[Any]) -> Any:
    if group is None:
        return names[0]
    name = group.get(person)
    return name if name in names else names[-1]


def _mark_sizes(people: list[Any], size: Mapping[Any, float] | None) -> list[float]:
    if size is None:
        return [18.0] * len(people)
    values = np.nan_to_num([float(size.get(person, 0) or 0) for person in people])
    top = values.max(initial=0.0)
    return list(10 + 190 * values / top) if top > 0 else [18.0] * len(people)


def plot_removal(curve: Any, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw what stays connected as people leave, against departures at random.

    Parameters
    ----------
    curve : table of any engine
        The result of :func:`cmlib.network.removal_curve`.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When the table has no row.
    """
    from matplotlib.ticker import MaxNLocator

    frame = as_pandas(
        curve, "removed", "giant_share", "random_mean", "random_low", "random_high"
    ).sort_values("removed")
    ax = axes_or_new(ax)
    ax.plot(
        frame["removed"], 100 * frame["giant_share"], color=PALETTE[1], marker=MARKERS[1],
        markersize=3, label=_("in the chosen order"),
    )  # fmt: skip
    ax.plot(
        frame["removed"], 100 * frame["random_mean"], "--", color=PALETTE[0], label=_("at random")
    )
    ax.fill_between(
        frame["removed"], 100 * frame["random_low"], 100 * frame["random_high"],
        color=PALETTE[0], alpha=0.15,
    )  # fmt: skip
    ax.legend()
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(bottom=0)
    last = frame.iloc[-1]
    return finish(
        ax,
        title=title or _("What stays connected when people leave"),
        x=_("People gone"),
        y=_("Largest connected part (% of all)"),
        alternative=_(
            "Two falling lines. After {count} departures: {chosen} connected in the chosen "
            "order, {random} on average at random."
        ).format(
            count=int(last["removed"]),
            chosen=format_percent(float(last["giant_share"])),
            random=format_percent(float(last["random_mean"])),
        ),
    )
