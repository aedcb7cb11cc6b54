"""Measures along time, an incomplete period always drawn as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.i18n import format_date, format_number
from cmlib.messages import N_, _
from cmlib.plot.alternative import finish
from cmlib.plot.tables import as_pandas, is_share, label, said, time_column
from cmlib.plot.theme import HATCHES, PALETTE, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_counts", "plot_over_time", "plot_states"]

STATES = {
    "new": N_("New"),
    "retained": N_("Retained"),
    "resurrected": N_("Back again"),
    "dormant": N_("Dormant"),
}


def plot_over_time(
    table: IntoFrame, *, value: str, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a measure along time, with its interval where it has one.

    Parameters
    ----------
    table : table of any engine
        A result with ``period`` or ``day``, the column `value`, and ``complete``; where it
        holds ``low`` and ``high``, they are drawn as a band.
    value : str
        The column to draw.
    title : str, optional
        Its usual words when left out.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes
        Incomplete periods have hollow markers and a dotted line, and the alternative says
        how many there are.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When the table has no row.
    """
    frame = as_pandas(table, value, "complete")
    when = time_column(frame)
    frame = frame.sort_values(when)
    scale = 100 if is_share(value) else 1
    ax = axes_or_new(ax)
    days, values = pd.to_datetime(frame[when]), frame[value].astype("float64") * scale
    whole = frame["complete"].astype(bool)
    ax.plot(days, values.where(whole), color=PALETTE[0], linewidth=1.8)
    ax.plot(days, values, color=PALETTE[0], linewidth=1, linestyle=":", zorder=1)
    if len(frame) <= 40:
        ax.plot(days[whole], values[whole], "o", color=PALETTE[0], markersize=4)
    if not whole.all() and len(frame) <= 40:
        ax.plot(
            days[~whole], values[~whole], "o", color=PALETTE[0], markersize=5,
            markerfacecolor="none", label=_("incomplete period"),
        )  # fmt: skip
        ax.legend()
    if {"low", "high"} <= set(frame.columns):
        ax.fill_between(
            days, frame["low"] * scale, frame["high"] * scale, color=PALETTE[0], alpha=0.2
        )
    ax.set_ylim(bottom=min(0.0, float(values.min()) if values.notna().any() else 0.0))
    ax.tick_params(axis="x", rotation=30)
    known = frame[frame[value].notna()]
    return finish(
        ax,
        title=title or label(value),
        x=_("Date"),
        y=label(value),
        alternative=_extremes(known, when, value) + " " + _incomplete(whole),
    )


def plot_counts(
    table: IntoFrame, *, value: str = "n", title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw one bar a period, an incomplete one hatched.

    Parameters
    ----------
    table : table of any engine
        A result with ``period``, the column `value` and ``complete``.
    value : str, default "n"
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
    frame = as_pandas(table, value, "complete", "period").sort_values("period")
    ax = axes_or_new(ax)
    whole = frame["complete"].astype(bool)
    names = pd.to_datetime(frame["period"]).dt.strftime("%Y-%m-%d").to_list()
    if all(name.endswith("-01") for name in names):
        names = [name[:7] for name in names]
    bars = ax.bar(names, frame[value].astype("float64"), color=PALETTE[0])
    for bar, complete in zip(bars, whole, strict=True):
        if not complete:
            bar.set(facecolor="none", edgecolor=PALETTE[0], hatch=HATCHES[1])
            bar.set_label(_("incomplete period"))
    if not whole.all():
        handles, labels = ax.get_legend_handles_labels()
        ax.legend(handles[:1], labels[:1])
    ax.tick_params(axis="x", rotation=60)
    return finish(
        ax,
        title=title or label(value),
        x=_("Period"),
        y=label(value),
        alternative=_extremes(frame, "period", value) + " " + _incomplete(whole),
    )


def plot_states(table: IntoFrame, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw who is new, retained, back again or dormant, one stacked bar a period.

    Parameters
    ----------
    table : table of any engine
        The result of :func:`cmlib.kpi.lifecycle_states`.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        The dormant are drawn below zero. Each state has its own hatching.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When the table has no row.
    """
    frame = as_pandas(table, "period", "state", "n", "complete")
    wide = frame.pivot_table(
        index="period", columns="state", values="n", aggfunc="sum"
    ).sort_index()
    ax = axes_or_new(ax)
    names = [str(day)[:7] for day in wide.index]
    below = pd.Series(0.0, index=wide.index)
    for place, (state, words) in enumerate(STATES.items()):
        heights = wide[state].fillna(0) if state in wide else below * 0
        sign = -1 if state == "dormant" else 1
        bottom = None if sign < 0 else below
        ax.bar(
            names,
            sign * heights,
            bottom=bottom,
            color=PALETTE[place],
            hatch=HATCHES[place],
            edgecolor="white",
            label=_(words),
        )
        below = below + heights * (sign > 0)
    ax.axhline(0, color=PALETTE[4], linewidth=1)
    ax.legend()
    ax.tick_params(axis="x", rotation=60)
    last = frame[frame["period"] == frame["period"].max()].set_index("state")["n"]
    parts = ", ".join(
        f"{_(words).lower()} {format_number(int(last.get(state, 0)))}"
        for state, words in STATES.items()
    )
    whole = frame.drop_duplicates("period")["complete"].astype(bool)
    return finish(
        ax,
        title=title or _("Where members are in their life with us"),
        x=_("Period"),
        y=_("Members (dormant below zero)"),
        alternative=_("Stacked bars. In the last period: {parts}.").format(parts=parts)
        + " "
        + _incomplete(whole),
    )


def _extremes(frame: pd.DataFrame, when: str, value: str) -> str:
    if frame.empty:
        return _("No value is known.")
    low, high = frame.loc[frame[value].idxmin()], frame.loc[frame[value].idxmax()]
    return _(
        "From {start} to {end}: lowest {low} on {low_day}, highest {high} on {high_day}."
    ).format(
        start=format_date(frame[when].min()),
        end=format_date(frame[when].max()),
        low=said(float(low[value]), value),
        low_day=format_date(low[when]),
        high=said(float(high[value]), value),
        high_day=format_date(high[when]),
    )


def _incomplete(whole: pd.Series) -> str:
    count = int((~whole).sum())
    if count == 0:
        return _("Every period is complete.")
    return _("Incomplete periods, drawn apart: {count}.").format(count=format_number(count))
