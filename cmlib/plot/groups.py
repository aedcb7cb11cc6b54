"""Measures side by side: shares by group, slots of the week, concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from narwhals.typing import IntoFrame

from cmlib.i18n import format_number, format_percent
from cmlib.messages import N_, _
from cmlib.plot.alternative import finish
from cmlib.plot.tables import as_pandas, is_share, label, said
from cmlib.plot.theme import MARKERS, PALETTE, axes_or_new, ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_by_group", "plot_lorenz", "plot_slots"]

DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def plot_by_group(
    table: IntoFrame, *, value: str, by: str, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw one point a group, largest on top, with its interval where it has one.

    Parameters
    ----------
    table : table of any engine
        A result with the columns `value` and `by`; ``low`` and ``high`` are drawn as a bar
        across the point, and ``n`` stands in the labels.
    value, by : str
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
    frame = as_pandas(table, value, by).sort_values(value, na_position="first")
    scale = 100 if is_share(value) else 1
    ax = axes_or_new(ax)
    names = [
        f"{group} (n = {format_number(int(n))})"
        for group, n in zip(frame[by], frame.get("n", [0] * len(frame)), strict=True)
    ]
    if "n" not in frame:
        names = [str(group) for group in frame[by]]
    places = np.arange(len(frame))
    values = frame[value].astype("float64").to_numpy() * scale
    if {"low", "high"} <= set(frame.columns):
        low, high = (frame[end].astype("float64").to_numpy() * scale for end in ("low", "high"))
        ax.hlines(places, low, high, color=PALETTE[0], linewidth=3, alpha=0.4)
    ax.plot(values, places, MARKERS[0], color=PALETTE[0])
    ax.set_yticks(places, names)
    ax.set_xlim(left=min(0.0, float(np.nanmin(values, initial=0.0))))
    ax.grid(axis="x", alpha=0.3)
    listed = _("; ").join(
        f"{group}: {said(number, value)}"
        for group, number in zip(frame[by][::-1], frame[value][::-1], strict=True)
    )
    return finish(
        ax,
        title=title or label(value),
        x=label(value),
        y=by,
        alternative=_("One point a group, with its interval. {listed}.").format(listed=listed),
    )


def plot_slots(
    table: IntoFrame,
    *,
    value: str = "interactions_per_post",
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the week as a grid of hours and weekdays; a slot without posts stays empty.

    Parameters
    ----------
    table : table of any engine
        The result of :func:`cmlib.kpi.best_slots`.
    value : str, default "interactions_per_post"
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Slots with fewer than five posts carry a cross: their figure rests on little.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When the table has no row.
    """
    frame = as_pandas(table, "weekday", "hour", "n", value)
    grid = np.full((7, 24), np.nan)
    grid[frame["weekday"].astype(int), frame["hour"].astype(int)] = frame[value].astype("float64")
    ax = axes_or_new(ax)
    image = ax.imshow(grid, aspect="auto", cmap="cividis", origin="upper")
    few = frame[frame["n"] < 5]
    ax.plot(few["hour"], few["weekday"], "x", color="white", markersize=4, markeredgewidth=1)
    ax.set_yticks(range(7), [_(day) for day in DAYS])
    ax.set_xticks(range(0, 24, 3))
    ax.figure.colorbar(image, ax=ax, label=label(value))
    top = frame[frame["n"] >= 5].nlargest(3, value)
    best = _("; ").join(
        _("{day} {hour} h: {figure} ({n} posts)").format(
            day=_(DAYS[int(row["weekday"])]),
            hour=int(row["hour"]),
            figure=said(float(row[value]), value),
            n=int(row["n"]),
        )
        for _place, row in top.iterrows()
    )
    return finish(
        ax,
        title=title or _("What a post gets, by hour and weekday"),
        x=_("Hour of the day (local time)"),
        y=_("Day of the week"),
        alternative=_("Grid of 7 days and 24 hours; a cross marks fewer than 5 posts. ")
        + (
            _("Highest with 5 posts or more: {best}.").format(best=best)
            if best
            else _("No slot has 5 posts.")
        ),
    )


def plot_lorenz(table: IntoFrame, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the Lorenz curve: who writes how much of everything.

    Parameters
    ----------
    table : table of any engine
        The result of :func:`cmlib.kpi.lorenz_curve`.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        The dashed diagonal is a community where all write as much.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When the table has no row.
    """
    frame = as_pandas(table, "member_share", "post_share").sort_values(
        ["member_share", "post_share"]
    )
    members, posts = (
        frame[name].astype("float64").to_numpy() for name in ("member_share", "post_share")
    )
    ax = axes_or_new(ax)
    ax.plot([0, 100], [0, 100], "--", color=ink(), linewidth=1, label=_("all write as much"))
    ax.plot(100 * members, 100 * posts, color=PALETTE[0], linewidth=2, label=_("this community"))
    ax.fill_between(100 * members, 100 * posts, 100 * members, color=PALETTE[0], alpha=0.12)
    ax.legend()
    ninety = float(np.interp(0.9, members, posts))
    return finish(
        ax,
        title=title or _("Who writes how much"),
        x=_("Members, from the least to the most active (%)"),
        y=_("Posts they wrote (%)"),
        alternative=_(
            "Curve below the diagonal. The least active 90 % wrote {low}, the other 10 % {high}."
        ).format(low=format_percent(ninety), high=format_percent(1 - ninety)),
    )
