"""How much rests on the most active: take them away one by one, and count what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cmlib.checks import whole_number
from cmlib.data.frames import to_pandas
from cmlib.data.known import with_team
from cmlib.data.log import POSTS
from cmlib.explore.panel import checkbox, dropdown, explorer, slider
from cmlib.i18n import format_number, format_percent
from cmlib.messages import _

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes
    from narwhals.typing import IntoFrame

    from cmlib.data import Community

__all__ = ["most_active_explorer", "plot_without_most_active"]

UPTO = 50


def plot_without_most_active(
    community: Community | IntoFrame,
    *,
    n: int = 10,
    kinds: Sequence[str] = POSTS,
    ax: Axes | None = None,
) -> Axes:
    """Draw what would be left without the most active, with a mark at `n` of them.

    Parameters
    ----------
    community, kinds
        As in :func:`cmlib.kpi.without_most_active`.
    n : int, default 10
        How many members are taken away.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes
        Two curves, in percent: messages left, and topics that still have an answer.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or `n` is not a whole number from 0 up.
    """
    from cmlib.kpi import without_most_active
    from cmlib.plot.alternative import finish
    from cmlib.plot.theme import PALETTE, axes_or_new, ink

    whole_number("n", n, 0)
    table = to_pandas(without_most_active(community, upto=max(n, UPTO), kinds=kinds))
    ax = axes_or_new(ax)
    curves = (
        ("share_left", "-", "o", _("messages left"), 0),
        ("answered_left", "--", "s", _("topics that still have an answer"), 1),
    )
    for column, line, mark, label, color in curves:
        ax.plot(
            table["removed"], 100 * table[column], linestyle=line, marker=mark, markevery=5,
            markersize=5, color=PALETTE[color], label=label,
        )  # fmt: skip
    ax.axvline(n, color=ink(), linewidth=1, linestyle=":")
    ax.set_ylim(0, 100)
    ax.legend(loc="upper right")
    return finish(
        ax,
        title=_("Most active members taken away: {n}").format(n=format_number(n)),
        x=_("Most active members taken away"),
        y=_("Left (%)"),
        alternative=_in_words(table.iloc[0], table.iloc[n]),
    )


def most_active_explorer(community: Community) -> ipywidgets.VBox:
    """Take away the n most active, and watch what is left of the conversation.

    Parameters
    ----------
    community : Community

    Returns
    -------
    ipywidgets.VBox
        A slider (how many), a list (ranked by messages, topics or replies) and a box that leaves
        the team out of the ranking.
    """
    rankings = {
        _("messages (topics and replies)"): POSTS,
        _("topics opened"): ("topic",),
        _("replies"): ("reply",),
    }
    views = {alone: with_team(community, counted=not alone) for alone in (True, False)}

    def draw(n: int, kinds: tuple[str, ...], members_only: bool) -> Axes:
        return plot_without_most_active(views[members_only], n=n, kinds=kinds)

    return explorer(
        draw,
        n=slider(_("Members taken away"), 0, 0, UPTO),
        kinds=dropdown(_("Most active by"), rankings, POSTS),
        members_only=checkbox(_("Leave the team out"), value=True),
    )


def _in_words(all_there: pd.Series, left: pd.Series) -> str:
    if np.isnan(left["share_left"]):
        return _("There is no message to count.")
    said = _("{share} of the messages are left.").format(share=format_percent(left["share_left"]))
    if np.isnan(left["answered_left"]):
        return said
    return f"{said} " + _(
        "{answered} of the topics still have an answer, {before} with everybody there."
    ).format(
        answered=format_percent(left["answered_left"]),
        before=format_percent(all_there["answered_left"]),
    )
