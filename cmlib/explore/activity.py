"""What “active” means: at least k actions in d days, and the curve that follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.errors import ParameterError, missing_column
from cmlib.explore.panel import checkbox, explorer, slider
from cmlib.i18n import _, format_date, format_number

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

    from cmlib.data import Community

__all__ = ["active_curve", "activity_explorer", "plot_activity"]

CONTRIBUTIONS = ("topic", "reply", "reaction", "accept")
USUAL = (1, 30)  # at least one action in thirty days


def active_curve(
    events: pd.DataFrame,
    *,
    at_least: int = 1,
    days: int = 30,
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str = "UTC",
    without: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count, each day, the members who did at least so many things in the days that end with it.

    Parameters
    ----------
    events : pandas.DataFrame
        One row an event: ``member_id``, ``timestamp`` (UTC), ``kind``.
    at_least : int, default 1
        Actions needed to be called active.
    days : int, default 30
        Length of the window, days; the day itself is the last of them.
    kinds : list of str, optional
        Only these kinds count as actions. By default every kind does, visits included.
    start, end : date or time, optional
        Observed from `start` (included) to `end` (excluded), UTC; by default from the first
        event to the last.
    tz : str, default "UTC"
        IANA time zone in which days are cut.
    without : table of members, optional
        Members who do not count, such as the team and its robots.

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
    >>> events = pd.DataFrame(
    ...     {
    ...         "member_id": [1, 2, 1],
    ...         "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
    ...         "kind": ["visit", "topic", "reply"],
    ...     }
    ... )
    >>> active_curve(events, at_least=2, days=3, start="2025-01-01", end="2025-01-05")
             day  n  complete
    0 2025-01-01  0     False
    1 2025-01-02  0     False
    2 2025-01-03  1      True
    3 2025-01-04  0      True
    """
    _whole(at_least, "at_least")
    _whole(days, "days")
    for column in ("member_id", "timestamp", "kind"):
        if column not in events.columns:
            raise missing_column(column, events.columns)
    begin = pd.Timestamp(start) if start is not None else events["timestamp"].min()
    stop = (
        pd.Timestamp(end)
        if end is not None
        else events["timestamp"].max() + pd.Timedelta(seconds=1)
    )
    kept = events[events["member_id"].notna() & (events["timestamp"] < stop)]
    if kinds is not None:
        kept = kept[kept["kind"].isin(list(kinds))]
    if without is not None:
        kept = kept[~kept["member_id"].isin(without["member_id"])]
    calendar = _calendar(begin, stop, tz)
    steps = np.zeros(len(calendar) + days + 1, dtype="int64")
    enter, leave = _spells(kept, calendar[0], tz, at_least=at_least, days=days)
    inside = (leave > 0) & (enter < len(calendar))
    np.add.at(steps, np.maximum(enter[inside], 0), 1)
    np.add.at(steps, leave[inside], -1)
    edges = pd.DatetimeIndex([begin, stop]).tz_localize("UTC").tz_convert(tz).tz_localize(None)
    whole = (calendar - pd.Timedelta(days=days - 1) >= edges[0]) & (
        calendar + pd.Timedelta(days=1) <= edges[1]
    )
    return pd.DataFrame(
        {"day": calendar, "n": np.cumsum(steps)[: len(calendar)], "complete": whole}
    )


def plot_activity(
    events: pd.DataFrame,
    *,
    at_least: int = 1,
    days: int = 30,
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str = "UTC",
    without: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the curve of active members under one definition, over the usual one.

    Parameters
    ----------
    events, at_least, days, kinds, start, end, tz, without
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

    rest = {"start": start, "end": end, "tz": tz, "without": without}
    table = active_curve(events, at_least=at_least, days=days, kinds=kinds, **rest)
    usual = active_curve(events, at_least=USUAL[0], days=USUAL[1], **rest)
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


def activity_explorer(community: Community, *, tz: str = "Europe/Paris") -> ipywidgets.VBox:
    """Choose what “active” means, and watch the curve of a community change.

    Parameters
    ----------
    community : Community
    tz : str, default "Europe/Paris"

    Returns
    -------
    ipywidgets.VBox
        Two sliders (actions, days) and a box that says whether a visit is an action. The team
        and its robots are left out.
    """
    team = community.members[community.members["role"] != "member"]

    def draw(at_least: int, days: int, visits: bool) -> Axes:
        return plot_activity(
            community.events,
            at_least=at_least,
            days=days,
            kinds=None if visits else CONTRIBUTIONS,
            start=community.start,
            end=community.end,
            tz=tz,
            without=team,
        )

    return explorer(
        draw,
        at_least=slider(_("Actions, at least"), 1, 1, 10),
        days=slider(_("In how many days"), 30, 1, 60),
        visits=checkbox(_("A visit counts as an action"), value=True),
    )


def _spells(
    events: pd.DataFrame, first_day: pd.Timestamp, tz: str, *, at_least: int, days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Days on which each member becomes active, and the days on which they no longer are.

    The window that ends on the day of an action, or soon after, holds enough of them when the
    action `at_least` - 1 places before is less than `days` old.
    """
    local = events["timestamp"].dt.tz_localize("UTC").dt.tz_convert(tz).dt.tz_localize(None)
    day = ((local.dt.normalize() - first_day) // pd.Timedelta(days=1)).to_numpy("int64")
    member = events["member_id"].to_numpy("int64")
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


def _calendar(begin: pd.Timestamp, stop: pd.Timestamp, tz: str) -> pd.DatetimeIndex:
    edges = pd.DatetimeIndex([begin, stop - pd.Timedelta(seconds=1)])
    local = edges.tz_localize("UTC").tz_convert(tz).tz_localize(None).normalize()
    return pd.date_range(local[0], local[1], freq="D")


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


def _whole(value: int, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ParameterError(
            _("{name}={given!r} is not accepted. Give a whole number from 1 up.").format(
                name=name, given=value
            )
        )
