"""A promise on the delay of the first answer: how often it would have been kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.checks import above_zero
from cmlib.data import split_week
from cmlib.data.frames import need_columns, to_pandas
from cmlib.explore.panel import checkbox, explorer, slider
from cmlib.i18n import format_number, format_percent
from cmlib.messages import _

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

    from cmlib.data import Community

__all__ = ["plot_promise", "promise_explorer", "promise_kept"]

LONGEST = 48  # hours: the end of the slider and of the chart
TARGET = 0.9


def promise_kept(
    delays: pd.DataFrame,
    *,
    hours: float | Sequence[float] = 8,
    answered_only: bool = False,
    tz: str = "Europe/Paris",
) -> pd.DataFrame:
    """Give the share of questions answered within a promise, on weekdays and at weekends.

    Parameters
    ----------
    delays : pandas.DataFrame
        What ``kpi.ticket_delay`` or ``kpi.first_response`` returns.
    hours : number or sequence of numbers, default 8
        The promise, hours. Only questions observed for at least as long count.
    answered_only : bool, default False
        True leaves out the questions still without an answer, as many tools do: it flatters.
    tz : str, default "Europe/Paris"
        IANA time zone in which the week is cut.

    Returns
    -------
    pandas.DataFrame
        One row a promise and part of the week: ``hours``, ``weekend`` (True or False), ``n``
        questions that count, ``kept``, ``share`` (missing when none counts).

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing or a promise is not a number above zero.

    Notes
    -----
    A question nobody has answered is a promise not kept. Delays run day and night: 8 hours after
    Friday 17:00 is Saturday 01:00.

    Examples
    --------
    >>> delays = pd.DataFrame(
    ...     {
    ...         "opened_at": pd.to_datetime(["2025-01-03", "2025-01-03", "2025-01-04"]),
    ...         "delay_h": [1.0, None, 20.0],
    ...         "observed_h": [99.0, 99.0, 75.0],
    ...     }
    ... )
    >>> promise_kept(delays, hours=8)
       hours  weekend  n  kept  share
    0      8    False  2     1    0.5
    1      8     True  1     0    0.0
    """
    need_columns(delays, ("opened_at", "delay_h", "observed_h"))
    promises = list(hours) if isinstance(hours, (Sequence, np.ndarray)) else [hours]
    for promise in promises:
        above_zero("hours", promise)
    rows = split_week(delays, tz=tz)
    if answered_only:
        rows = rows[rows["delay_h"].notna()]
    parts = [(part, rows[rows["weekend"] == part]) for part in (False, True)]
    found = [_judged(part, group, promise) for promise in promises for part, group in parts]
    return pd.DataFrame(found, columns=["hours", "weekend", "n", "kept", "share"])


def plot_promise(
    delays: pd.DataFrame,
    *,
    hours: float = 8,
    answered_only: bool = False,
    tz: str = "Europe/Paris",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each promise from 1 to 48 hours would have been kept.

    Parameters
    ----------
    delays, hours, answered_only, tz
        As in :func:`promise_kept`; `hours` is one promise, marked on both curves.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes
        Solid, weekdays; dashed, weekends; dotted, nine questions in ten.

    Raises
    ------
    ColumnError, ParameterError
        As in :func:`promise_kept`.
    """
    from cmlib.plot.alternative import finish
    from cmlib.plot.theme import PALETTE, axes_or_new, ink

    options: dict[str, Any] = {"answered_only": answered_only, "tz": tz}
    chosen = promise_kept(delays, hours=hours, **options)
    curves = promise_kept(delays, hours=range(1, LONGEST + 1), **options)
    ax = axes_or_new(ax)
    looks = ((False, _("weekdays"), "-", "o"), (True, _("weekends"), "--", "s"))
    for place, (weekend, label, line, marker) in enumerate(looks):
        curve = curves[curves["weekend"] == weekend]
        point = chosen[chosen["weekend"] == weekend].iloc[0]
        color = PALETTE[place]
        ax.plot(curve["hours"], 100 * curve["share"], line, color=color, label=label)
        ax.plot([hours], [100 * point["share"]], marker, color=color, markersize=8)
        if pd.notna(point["share"]):
            side = ("left", 8) if hours < LONGEST / 2 else ("right", -8)
            ax.annotate(
                format_percent(float(point["share"]), digits=0),
                (hours, 100 * point["share"]),
                xytext=(side[1], -14),
                textcoords="offset points",
                ha=side[0],
                color=ink(),
            )
    ax.axhline(100 * TARGET, color=ink(), linestyle=":", linewidth=1, label=_("9 in 10"))
    ax.axvline(hours, color=ink(), linewidth=0.6)
    ax.set_xlim(0, LONGEST + 1)
    ax.set_ylim(0, 103)
    ax.set_xticks(range(0, LONGEST + 1, 6))
    ax.legend(loc="lower right")
    return finish(
        ax,
        title=_("First answer promised within {hours} h: share kept").format(
            hours=format_number(hours)
        ),
        x=_("Promise, hours after the question"),
        y=_("Share of the answered questions (%)")
        if answered_only
        else _("Share of questions (%)"),
        alternative=_in_words(chosen, curves, answered_only),
    )


def promise_explorer(community: Community) -> ipywidgets.VBox:
    """Move a promise on the first answer, and read how often it would have been kept.

    Parameters
    ----------
    community : Community
        Its table ``tickets`` is used; without one, the topics of its log.

    Returns
    -------
    ipywidgets.VBox
        A slider (the promise, 1 to 48 hours) and a box that says whether the questions still
        without an answer count.
    """
    from cmlib.kpi import first_response, ticket_delay

    found = ticket_delay(community) if community.has("tickets") else first_response(community)
    delays = to_pandas(found)

    def draw(hours: int, unanswered: bool) -> Axes:
        return plot_promise(delays, hours=hours, answered_only=not unanswered, tz=community.tz)

    return explorer(
        draw,
        hours=slider(_("Promise, hours"), 8, 1, LONGEST),
        unanswered=checkbox(_("Questions still without an answer count"), value=True),
    )


def _judged(weekend: bool, rows: pd.DataFrame, hours: float) -> tuple[Any, ...]:
    old = rows[rows["observed_h"] >= hours]
    kept = int((old["delay_h"] <= hours).sum())
    return hours, weekend, len(old), kept, kept / len(old) if len(old) else float("nan")


def _in_words(chosen: pd.DataFrame, curves: pd.DataFrame, answered_only: bool) -> str:
    weekday, weekend = (chosen[chosen["weekend"] == part].iloc[0] for part in (False, True))
    said = [
        _("Within {hours} h: {weekday} of the weekday questions and {weekend} of the weekend ones.")
        .format(
            hours=format_number(weekday["hours"]),
            weekday=_share(weekday),
            weekend=_share(weekend),
        ),
        _("Shortest promise kept nine times in ten: {weekday} on weekdays, {weekend} at weekends.")
        .format(weekday=_shortest(curves, False), weekend=_shortest(curves, True)),
    ]  # fmt: skip
    if answered_only:
        said.append(_("The questions still without an answer are left out: these shares flatter."))
    return " ".join(said)


def _share(row: pd.Series) -> str:
    if pd.isna(row["share"]):
        return _("no share (no question)")
    return format_percent(float(row["share"]), digits=1)


def _shortest(curves: pd.DataFrame, weekend: bool) -> str:
    enough = curves[(curves["weekend"] == weekend) & (curves["share"] >= TARGET)]
    if enough.empty:
        return _("none up to {hours} h").format(hours=LONGEST)
    return _("{hours} h").format(hours=format_number(enough["hours"].iloc[0]))
