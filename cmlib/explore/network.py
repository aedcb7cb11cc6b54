"""From how many exchanges on two people are linked, and what that leaves of a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.data.known import groups_of, team_of
from cmlib.explore.panel import checkbox, dropdown, explorer, slider
from cmlib.i18n import format_number, format_percent
from cmlib.messages import _
from cmlib.network.contacts import exchanges, figures_of, linked

if TYPE_CHECKING:
    import ipywidgets
    import networkx as nx
    from matplotlib.axes import Axes

    from cmlib.data import Community

__all__ = ["network_explorer", "plot_network_at_least"]

A_ROW = 30  # people without any link, drawn in rows under the others


def plot_network_at_least(
    community: Community,
    *,
    at_least: int = 1,
    team: bool = False,
    group: str | None = None,
    seed: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Draw who exchanged replies with whom, at least so many times.

    Parameters
    ----------
    community, at_least, team, group
        As in :func:`cmlib.network.network_at_least`.
    seed : int, default 0
        Of the places on the drawing, which are the same whatever `at_least` and `team`. Another
        seed gives another picture of the same network.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes
        A disc for each member linked with somebody, an open square for the others, a diamond
        for the team. Those whom nobody ever answered stand in rows below. Places mean nothing.

    Raises
    ------
    ParameterError
        As in :func:`cmlib.network.network_at_least`.
    """
    positions = _places(exchanges(community, team=True, group=group), seed)
    pairs = linked(exchanges(community, team=team, group=group), at_least)
    return _drawn(pairs, positions, team_of(community), at_least=at_least, group=group, ax=ax)


def network_explorer(community: Community, *, group: str | None = None) -> ipywidgets.VBox:
    """Ask for more exchanges, add or remove the team, and watch who stays linked.

    Parameters
    ----------
    community : Community
    group : str, optional
        The group drawn first; by default everyone.

    Returns
    -------
    ipywidgets.VBox
        A slider (exchanges), a box (the team) and, where groups are known, a list (the group
        drawn). The places of the people never move.
    """
    names = sorted({str(name) for name in (groups_of(community) or {}).values()})
    places: dict[str | None, Any] = {}
    staff = team_of(community)

    def draw(at_least: int, team: bool, part: str | None = None) -> Axes:
        if part not in places:
            places[part] = _places(exchanges(community, team=True, group=part), 0)
        pairs = linked(exchanges(community, team=team, group=part), at_least)
        return _drawn(pairs, places[part], staff, at_least=at_least, group=part, ax=None)

    controls: dict[str, Any] = {
        "at_least": slider(_("Exchanges needed for a link"), 1, 1, 10),
        "team": checkbox(_("Count the team among the people"), value=False),
    }
    if names:
        controls["part"] = dropdown(
            _("People drawn"), {_("everyone"): None, **{name: name for name in names}}, group
        )
    return explorer(draw, **controls)


def _places(pairs: nx.Graph, seed: int) -> dict[Any, Any]:
    """Spread the linked people above, set the others in rows below."""
    from cmlib.plot import layout

    above = [person for person in pairs if pairs.degree(person)]
    places = layout(pairs.subgraph(above), seed=seed) if above else {}
    floor = min((float(place[1]) for place in places.values()), default=0.0)
    left = min((float(place[0]) for place in places.values()), default=-1.0)
    right = max((float(place[0]) for place in places.values()), default=1.0)
    for rank, person in enumerate(person for person in pairs if not pairs.degree(person)):
        row, column = divmod(rank, A_ROW)
        across = left + (right - left) * column / (A_ROW - 1)
        places[person] = np.array([across, floor - 0.15 * (right - left) * (1 + row / 2)])
    return places


def _drawn(
    pairs: nx.Graph,
    positions: Mapping[Any, Any],
    staff: set[Any],
    *,
    at_least: int,
    group: str | None,
    ax: Axes | None,
) -> Axes:
    from matplotlib.collections import LineCollection

    from cmlib.plot.alternative import finish
    from cmlib.plot.theme import PALETTE, axes_or_new, ink

    ax = axes_or_new(ax)
    lines: Any = [(positions[one], positions[other]) for one, other in pairs.edges()]
    ax.add_collection(LineCollection(lines, colors=ink(), linewidths=0.5, alpha=0.3))
    alone = [person for person in pairs if person not in staff and not pairs.degree(person)]
    together = [person for person in pairs if person not in staff and pairs.degree(person)]
    there = [person for person in pairs if person in staff]
    open_square: dict[str, Any] = {"marker": "s", "facecolors": "none", "edgecolors": PALETTE[1]}
    marks: list[tuple[list[Any], str, dict[str, Any]]] = [
        (together, _("linked"), {"marker": "o", "color": PALETTE[0], "s": 16}),
        (alone, _("linked with nobody"), {**open_square, "s": 18}),
        (there, _("the team"), {"marker": "D", "color": PALETTE[3], "s": 55}),
    ]
    for people, words, look in marks:
        if people:
            points = np.array([positions[person] for person in people])
            label = f"{words} ({format_number(len(people))})"
            ax.scatter(points[:, 0], points[:, 1], zorder=2, label=label, **look)
    every = np.array(list(positions.values()))
    if len(every):
        (left, low), (right, high) = every.min(axis=0), every.max(axis=0)
        ax.set_xlim(left - 0.05 * (right - left), right + 0.55 * (right - left))
        ax.set_ylim(low - 0.08, high + 0.08)
    ax.legend(loc="upper right", fontsize=8)
    ax.set_xticks([])
    ax.set_yticks([])
    who = _("everyone") if group is None else group
    return finish(
        ax,
        title=_("Exchanges needed for a link: {n} ({who})").format(
            n=format_number(int(at_least)), who=who
        ),
        x=_("Places on the drawing mean nothing"),
        y="",
        alternative=_in_words(figures_of(pairs).iloc[0]),
    )


def _in_words(row: pd.Series) -> str:
    if not row["people"]:
        return _("Nobody is drawn.")
    said = _(
        "{people} people, {pairs} pairs linked; {alone} people are linked with nobody. "
        "Largest connected piece: {share} of the people."
    ).format(
        people=format_number(int(row["people"])),
        pairs=format_number(int(row["pairs"])),
        alone=format_number(int(row["alone"])),
        share=format_percent(float(row["connected_share"])),
    )
    if pd.isna(row["reciprocity"]):
        return said
    back = _("Arrows returned: {share}.").format(share=format_percent(float(row["reciprocity"])))
    return f"{said} {back}"
