"""Who ranks first in a network: it depends on the measure chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.data.known import groups_of
from cmlib.explore.panel import checkbox, dropdown, explorer
from cmlib.i18n import format_number
from cmlib.messages import N_, _
from cmlib.network.ranking import central_people

if TYPE_CHECKING:
    import ipywidgets
    import networkx as nx
    from matplotlib.axes import Axes

    from cmlib.data import Community

__all__ = ["central_explorer", "plot_central"]

DRAWN = 120
_NAMES = {
    "degree": N_("degree: people they exchange with"),
    "betweenness": N_("betweenness: on the paths between others"),
    "eigenvector": N_("eigenvector: contacts who are central themselves"),
    "pagerank": N_("PageRank: where a reader who follows links ends up"),
}
# Where a number may stand, in points from its mark: nearest first.
_SHIFTS = [
    np.array([radius * np.cos(turn), radius * np.sin(turn)])
    for radius in (26, 44, 62)
    for turn in np.radians([50, 130, 230, 310, 90, 180, 0, 270])
]


def plot_central(
    graph: nx.Graph,
    *,
    scores: pd.DataFrame | None = None,
    measure: str = "betweenness",
    top: int = 5,
    drawn: int = DRAWN,
    group: Mapping[Any, Any] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the people with most contacts, the larger the better they rank by one measure.

    Parameters
    ----------
    graph : networkx.Graph
    scores : pandas.DataFrame, optional
        As in :func:`cmlib.network.central_people`; by default computed with the direction
        forgotten and each link counted once.
    measure : str, default "betweenness"
        The column that ranks.
    top : int, default 5
        How many people to name, by their number.
    drawn : int, default 120
        How many people to draw: those with most contacts, and the `top` of each measure. The
        measure itself is computed on everyone.
    group : mapping, optional
        A group a person, drawn with its own colour and shape.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ColumnError
        As in :func:`cmlib.network.central_people`.
    """
    scores = _scores(graph, None) if scores is None else scores
    people = _shown(scores, top, drawn)
    return _drawn(graph, scores, people, None, measure, top, group, ax)


def central_explorer(community: Community) -> ipywidgets.VBox:
    """Choose the measure that ranks people, and watch the marks and the first five change.

    Parameters
    ----------
    community : Community

    Returns
    -------
    ipywidgets.VBox
        A list (the measure) and a box (strong links count more). People keep their places.
    """
    from cmlib.network import reply_graph, symmetrise
    from cmlib.plot import layout

    graph = symmetrise(reply_graph(community))
    group = groups_of(community)
    tables: dict[str | None, pd.DataFrame] = {None: _scores(graph, None)}
    people = _shown(tables[None], 5, DRAWN)
    places = layout(graph.subgraph(people))

    def draw(measure: str, strong: bool) -> Axes:
        weight = "weight" if strong else None
        if weight not in tables:
            tables[weight] = _scores(graph, weight)
        # The places stay; somebody who enters the first five from outside is said in words.
        return _drawn(graph, tables[weight], people, places, measure, 5, group, None)

    return explorer(
        draw,
        measure=dropdown(_("Measure"), {_(name): key for key, name in _NAMES.items()}, "degree"),
        strong=checkbox(_("Strong links count more"), value=False),
    )


def _scores(graph: nx.Graph, weight: str | None) -> pd.DataFrame:
    from cmlib.network import centralities, symmetrise

    both = symmetrise(graph)
    return centralities(both, measures=list(_NAMES), weight=weight)


def _shown(scores: pd.DataFrame, top: int, drawn: int) -> list[Any]:
    people = set(central_people(scores, measure="degree")["member_id"].head(drawn).tolist())
    for measure in [name for name in _NAMES if name in scores.columns]:
        people |= set(central_people(scores, measure=measure)["member_id"].head(top).tolist())
    return sorted(people)


def _drawn(
    graph: nx.Graph,
    scores: pd.DataFrame,
    people: list[Any],
    positions: Mapping[Any, Any] | None,
    measure: str,
    top: int,
    group: Mapping[Any, Any] | None,
    ax: Axes | None,
) -> Axes:
    from cmlib.plot import layout, plot_network
    from cmlib.plot.alternative import finish

    ranked = central_people(scores, measure=measure)
    first = ranked.head(top)
    part = graph.subgraph(people)
    positions = layout(part) if positions is None else positions
    size = dict(zip(ranked["member_id"], ranked["score"].fillna(0), strict=True))
    ax = plot_network(part, positions=positions, size=size, group=group, ax=ax)
    _even_legend(ax)
    _call_out(ax, [person for person in first["member_id"] if person in part], positions)
    listed = _("; ").join(
        _("{rank}. member {person} (rank by contacts: {contacts})").format(
            rank=int(row.rank), person=row.member_id, contacts=int(row.rank_by_degree)
        )
        for row in first.itertuples(index=False)
    )
    return finish(
        ax,
        title=_("Ranked by {measure}").format(measure=_(_NAMES.get(measure, measure))),
        x=_("{n} of {all} people drawn. Places on the drawing mean nothing").format(
            n=format_number(len(part)), all=format_number(len(graph))
        ),
        y="",
        alternative=_("First: {listed}.").format(listed=listed),
    )


def _even_legend(ax: Axes) -> None:
    """Set the legend beside the drawing, its marks all of one size."""
    legend = ax.get_legend()
    if legend is not None:
        legend.set_loc("upper right")
        left, right = ax.get_xlim()
        ax.set_xlim(left, right + 0.25 * (right - left))
        handles: list[Any] = list(legend.legend_handles)
        for handle in handles:
            handle.set_sizes([30])


def _call_out(ax: Axes, people: list[Any], positions: Mapping[Any, Any]) -> None:
    """Write each number beside its mark, a little further where another already stands."""
    from cmlib.plot.theme import ink

    taken: list[Any] = []
    for person in people:
        mark = ax.transData.transform(positions[person]) * 72 / ax.figure.dpi
        shift = next((s for s in _SHIFTS if _free(mark + s, taken)), _SHIFTS[0])
        taken.append(mark + shift)
        ax.annotate(
            f"{person}",
            xy=tuple(positions[person]),
            xytext=tuple(shift),
            textcoords="offset points",
            ha="center",
            va="center",
            zorder=3,
            bbox={
                "boxstyle": "round,pad=0.15",
                "fc": ax.get_facecolor(),
                "ec": "none",
                "alpha": 0.8,
            },
            arrowprops={"arrowstyle": "-", "color": ink(), "linewidth": 0.7},
        )


def _free(here: Any, taken: list[Any]) -> bool:
    return all(abs(here[0] - x) > 26 or abs(here[1] - y) > 13 for x, y in taken)
