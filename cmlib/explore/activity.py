"""What “active” means: at least k actions in d days, and the curve that follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.checks import whole_number
from cmlib.data.clock import DAY
from cmlib.data.communities import log_of
from cmlib.data.frames import small
from cmlib.explore.panel import checkbox, explorer, slider
from cmlib.i18n import format_date, format_number
from cmlib.kpi.calendar import calendar
from cmlib.messages import _

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes
    from narwhals.typing import IntoFrame

    from cmlib.data import Community

__all__ = ["active_curve", "activity_explorer", "plot_activity"]

CONTRIBUTIONS = ("topic", "reply", "reaction", "accept")
USUAL = (1, 30)  # at least one action in thirty days


def active_curve(
    community: Community | IntoFrame,
    *,
    at_least: int = 1,
    days: int = 30,
    kinds: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Count, each day, the members who did at least so many things in the days that end with it.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    at_least : int, default 1
        Actions needed to be called active.
    days : int, default 30
        Length of the window, days; the day itself is the last of them.
    kinds : list of str, optional
        Only these kinds count as actions. By default every kind does, visits included.

    Returns
    -------
    pandas.DataFrame
        One row a day: ``day``, ``n`` members active, ``complete`` whether the day and all of
        its window were observed.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or a number is not a whole number from 1 up.

    Notes
    -----
    Actions of deleted accounts have no member and are not counted. Being active says that
    somebody was seen, not that the visit was of use to them.

    Examples
    --------
    >>> from cmlib import data
    >>> events = pd.DataFrame(
    ...     {
    ...         "event_id": [1, 2, 3],
    ...         "member_id": [1, 2, 1],
    ...         "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
    ...         "kind": ["visit", "topic", "reply"],
    ...     }
    ... )
    >>> week = data.community(events=events, start="2025-01-01", end="2025-01-05")
    >>> active_curve(week, at_least=2, days=3)
             day  n  complete
    0 2025-01-01  0     False
    1 2025-01-02  0     False
    2 2025-01-03  1      True
    3 2025-01-04  0      True
    """
    whole_number("at_least", at_least)
    whole_number("days", days)
    log = log_of(community)
    shown = calendar(log, "day", window=days)
    rows = small(log.rows(kinds=kinds).filter(~nw.col("u").is_null()))
    steps = np.zeros(len(shown.index) + days + 1, dtype="int64")
    if len(shown.index) and len(rows["t"]):
        day = log.local_array(rows["t"]) // DAY - shown.index[0]
        enter, leave = _spells(pd.factorize(rows["u"])[0], day, at_least=at_least, days=days)
        inside = (leave > 0) & (enter < len(shown.index))
        np.add.at(steps, np.maximum(enter[inside], 0), 1)
        np.add.at(steps, leave[inside], -1)
    return pd.DataFrame(
        {
            "day": shown.period,
            "n": np.cumsum(steps)[: len(shown.index)],
            "complete": shown.complete,
        }
    )


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
    community, at_least, days, kinds
        As in :func:`active_curve`.
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

    table = active_curve(community, at_least=at_least, days=days, kinds=kinds)
    usual = active_curve(community, at_least=USUAL[0], days=USUAL[1])
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


def _spells(
    member: np.ndarray, day: np.ndarray, *, at_least: int, days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Days on which each member becomes active, and the days on which they no longer are.

    The window that ends on the day of an action, or soon after, holds enough of them when the
    action `at_least` - 1 places before is less than `days` old.
    """
    order = np.lexsort((day, member))
    day, member = day[order], member[order]
    now, before = slice(at_least - 1, None), slice(0, len(day) - at_least + 1)
    enough = (member[now] == member[before]) & (day[now] - day[before] < days)
    enter = day[now][enough]
    leave = day[before][enough] + days
    who = member[now][enough]
    same = np.r_[False, who[1:] == who[:-1]]
    earlier = np.r_[0, leave[:-1]]
    enter = np.where(same, np.maximum(enter, earlier), enter)
    real = enter < leave
    return enter[real], leave[real]


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
