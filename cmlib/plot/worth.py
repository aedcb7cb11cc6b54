"""Estimates with their intervals: effects, assumptions, return on investment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from narwhals.typing import IntoFrame

from cmlib.i18n import format_number, format_percent
from cmlib.messages import _
from cmlib.plot.alternative import finish
from cmlib.plot.tables import as_pandas
from cmlib.plot.theme import HATCHES, MARKERS, PALETTE, axes_or_new, ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_effects", "plot_roi", "plot_tornado"]


def plot_effects(
    table: IntoFrame,
    *,
    truth: float | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw several estimates of one effect with their intervals.

    Parameters
    ----------
    table : table of any engine
        The result of :func:`cmlib.value.compare_uplift`.
    truth : float, optional
        The simulator's true effect, EUR a month, drawn as a line.
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
    frame = as_pandas(table, "method", "effect_eur_month", "low", "high")
    ax = axes_or_new(ax)
    places = np.arange(len(frame))[::-1]
    ax.hlines(places, frame["low"], frame["high"], color=PALETTE[0], linewidth=3, alpha=0.4)
    ax.plot(frame["effect_eur_month"], places, MARKERS[0], color=PALETTE[0])
    ax.axvline(0, color=ink(), linewidth=0.8)
    ax.set_yticks(places, [_(str(method)) for method in frame["method"]])
    parts = _("; ").join(
        _("{method}: {value} ({low} to {high})").format(
            method=_(str(row["method"])),
            value=format_number(float(row["effect_eur_month"])),
            low=format_number(float(row["low"])),
            high=format_number(float(row["high"])),
        )
        for _place, row in frame.iterrows()
    )
    if truth is not None:
        ax.axvline(truth, color=PALETTE[1], linestyle="--", label=_("true effect"))
        ax.legend()
        parts += "; " + _("true effect: {value}").format(value=format_number(truth))
    return finish(
        ax,
        title=title or _("Effect of membership on spending"),
        x=_("Effect (EUR a customer a month)"),
        y=_("Method"),
        alternative=_("One point an estimate, with its interval. {parts}.").format(parts=parts),
    )


def plot_tornado(
    table: IntoFrame, *, most: int = 8, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw which assumption moves the return most.

    Parameters
    ----------
    table : table of any engine
        The result of :func:`cmlib.value.tornado`.
    most : int, default 8
        How many assumptions to draw.
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
    frame = as_pandas(table, "assumption", "roi_low", "roi_base", "roi_high", "span")
    frame = frame.nlargest(most, "span")
    ax = axes_or_new(ax)
    places = np.arange(len(frame))[::-1]
    base = float(frame["roi_base"].iloc[0])
    low, high = 100 * frame["roi_low"], 100 * frame["roi_high"]
    ax.barh(
        places, low - 100 * base, left=100 * base, color=PALETTE[1], hatch=HATCHES[1],
        edgecolor="white", label=_("less favourable"),
    )  # fmt: skip
    ax.barh(
        places, high - 100 * base, left=100 * base, color=PALETTE[0], edgecolor="white",
        label=_("more favourable"),
    )  # fmt: skip
    ax.axvline(100 * base, color=ink(), linewidth=1)
    ax.axvline(0, color=ink(), linewidth=0.8, linestyle=":")
    ax.set_yticks(places, frame["assumption"].astype(str))
    ax.legend()
    first = frame.iloc[0]
    return finish(
        ax,
        title=title or _("Which assumption matters most"),
        x=_("Return on investment (%)"),
        y=_("Assumption"),
        alternative=_(
            "Bars around a return of {base}. The widest, {name}, goes from {low} to {high}."
        ).format(
            base=format_percent(base),
            name=first["assumption"],
            low=format_percent(float(first["roi_low"])),
            high=format_percent(float(first["roi_high"])),
        ),
    )


def plot_roi(
    draws: IntoFrame, *, level: float = 0.9, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the return on investment as a range of possible figures.

    Parameters
    ----------
    draws : table of any engine
        The result of :func:`cmlib.value.roi_draws`.
    level : float, default 0.9
        Share of the draws between the two lines.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ColumnError
        When the column is missing.
    TableError
        When the table has no row.
    """
    roi = as_pandas(draws, "roi")["roi"].dropna().astype("float64").to_numpy()
    ax = axes_or_new(ax)
    ax.hist(100 * roi, bins=40, color=PALETTE[0], edgecolor="white")
    low, high = np.quantile(roi, [(1 - level) / 2, (1 + level) / 2])
    for end in (low, high):
        ax.axvline(100 * end, color=PALETTE[1], linestyle="--")
    ax.axvline(0, color=ink(), linewidth=1)
    return finish(
        ax,
        title=title or _("Return on investment, with its uncertainty"),
        x=_("Return on investment (%)"),
        y=_("Draws (number)"),
        alternative=_(
            "Histogram. {level} of the draws lie between {low} and {high}; "
            "{positive} are above zero."
        ).format(
            level=format_percent(level, 0),
            low=format_percent(float(low), 0),
            high=format_percent(float(high), 0),
            positive=format_percent(float((roi > 0).mean()), 0),
        ),
    )
