"""What “active” means: at least k actions in d days, and the curve that follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cmlib.data.frames import to_pandas
from cmlib.explore.panel import checkbox, explorer, slider
from cmlib.i18n import format_date, format_number
from cmlib.messages import _

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes
    from narwhals.typing import IntoFrame

    from cmlib.data import Community

__all__ = ["activity_explorer", "plot_activity"]

CONTRIBUTIONS = ("topic", "reply", "reaction", "accept")
USUAL = (1, 30)  # at least one action in thirty days


def plot_activity(
    community: Community | IntoFrame,
    *,
    at_least: int = 1,
    days: int = 30,
    kinds: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the curve of active members under one definition, over the usual one.

    Parameters
    ----------
    community, kinds
        As in :func:`cmlib.kpi.active_members`.
    at_least : int, default 1
        Actions needed to be called active.
    days : int, default 30
        In how many days.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes
        Dashed, the usual definition: one action of any kind in thirty days. Days whose window
        was not observed in full are dotted.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or a number is not a whole number from 1 up.
    """
    from cmlib.plot.alternative import finish
    from cmlib.plot.theme import PALETTE, axes_or_new

    table = _daily(community, at_least=at_least, window_days=days, kinds=kinds)
    usual = _daily(community, at_least=USUAL[0], window_days=USUAL[1])
    ax = axes_or_new(ax)
    ax.plot(
        usual["day"], usual["n"], color=PALETTE[4], linestyle="--", linewidth=1,
        label=_("usual definition: 1 action, 30 days"),
    )  # fmt: skip
    ax.plot(table["day"], table["n"], color=PALETTE[0], linestyle=":", linewidth=1)
    whole = table["n"].where(table["complete"])
    ax.plot(table["day"], whole, color=PALETTE[0], linewidth=1.8, label=_("your definition"))
    ax.set_ylim(0, 1.3 * max(1, int(usual["n"].max()), int(table["n"].max())))  # legend above
    ax.tick_params(axis="x", rotation=30)
    ax.legend(loc="upper left")
    what = _("visits count") if kinds is None else _("visits do not count")
    return finish(
        ax,
        title=_("Active: at least {at_least} in {days} days, {what}").format(
            at_least=format_number(at_least), days=format_number(days), what=what
        ),
        x=_("Date"),
        y=_("Active members"),
        alternative=_in_words(table[table["complete"]]),
    )


def activity_explorer(community: Community) -> ipywidgets.VBox:
    """Choose what “active” means, and watch the curve of a community change.

    Parameters
    ----------
    community : Community
        Period, zone and who counts are those of the view.

    Returns
    -------
    ipywidgets.VBox
        Two sliders (actions, days) and a box that says whether a visit is an action.
    """

    def draw(at_least: int, days: int, visits: bool) -> Axes:
        kinds = None if visits else CONTRIBUTIONS
        return plot_activity(community, at_least=at_least, days=days, kinds=kinds)

    return explorer(
        draw,
        at_least=slider(_("Actions, at least"), 1, 1, 10),
        days=slider(_("In how many days"), 30, 1, 60),
        visits=checkbox(_("A visit counts as an action"), value=True),
    )


def _daily(community: Community | IntoFrame, **definition: Any) -> pd.DataFrame:
    from cmlib.kpi import active_members

    return to_pandas(active_members(community, **definition))


def _in_words(table: pd.DataFrame) -> str:
    if table.empty:
        return _("No window was observed in full.")
    last, highest = table.iloc[-1], table.loc[table["n"].idxmax()]
    return _("On {day}: {n} active members. Highest: {high}, on {high_day}.").format(
        day=format_date(last["day"]),
        n=format_number(int(last["n"])),
        high=format_number(int(highest["n"])),
        high_day=format_date(highest["day"]),
    )
