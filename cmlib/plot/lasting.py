"""Who stays and how long things take: cohorts, retention, survival, delays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.i18n import format_number, format_percent
from cmlib.messages import _
from cmlib.plot.alternative import finish
from cmlib.plot.tables import as_pandas, columns_of
from cmlib.plot.theme import MARKERS, PALETTE, axes_or_new, ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_cohorts", "plot_delays", "plot_retention", "plot_survival"]


def plot_cohorts(
    table: IntoFrame, *, highlight: Any = None, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the cohort triangle: one row a cohort, one column a window, shares in percent.

    Parameters
    ----------
    table : table of any engine
        The result of :func:`cmlib.kpi.classic_retention` or of
        :func:`cmlib.kpi.classic_retention_by_month`.
    highlight : date, optional
        A cohort to frame.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        Windows too young to know stay empty: they are not 0.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When the table has no row.
    """
    column = "month" if "month" in columns_of(table) else "window"
    frame = as_pandas(table, "cohort", column, "n", "retention")
    frame["cohort"] = pd.to_datetime(frame["cohort"])
    wide = frame.pivot_table(index="cohort", columns=column, values="retention", dropna=False)
    sizes = frame.drop_duplicates("cohort").set_index("cohort")["n"]
    shares = 100 * wide.to_numpy(dtype="float64")
    ax = axes_or_new(ax)
    limit = np.nanquantile(shares[:, 1:], 0.98) if np.isfinite(shares[:, 1:]).any() else 100
    image = ax.imshow(shares, aspect="auto", cmap="cividis", vmin=0, vmax=max(limit, 1))
    for (row, place), share in np.ndenumerate(shares):
        if np.isfinite(share):
            dark_cell = share < 0.55 * max(limit, 1)
            ax.text(
                place, row, f"{share:.0f}", ha="center", va="center", fontsize=7,
                color="white" if dark_cell else "black",
            )  # fmt: skip
    names = [f"{day:%Y-%m} ({int(sizes[day])})" for day in wide.index]
    ax.set_yticks(range(len(names)), names)
    ax.set_xticks(range(len(wide.columns)), [str(name) for name in wide.columns])
    ax.figure.colorbar(image, ax=ax, label=_("Members still active (%)"), extend="max")
    if highlight is not None:
        _frame_row(ax, list(wide.index).index(pd.Timestamp(highlight)), shares.shape[1])
    return finish(
        ax,
        title=title or _("Members still active, by month of arrival"),
        x=_("Months after arrival") if column == "month" else _("30-day windows after arrival"),
        y=_("Cohort (members)"),
        alternative=_cohorts_in_words(wide),
    )


def _frame_row(ax: Axes, row: int, width: int) -> None:
    from matplotlib.patches import Rectangle

    ax.add_patch(
        Rectangle((-0.5, row - 0.5), width, 1, fill=False, edgecolor=PALETTE[1], linewidth=3)
    )


def _cohorts_in_words(wide: pd.DataFrame) -> str:
    after = wide[wide.columns[1]].dropna() if wide.shape[1] > 1 else pd.Series(dtype="float64")
    if after.empty:
        return _("Grid of {count} cohorts; none is old enough for a first figure.").format(
            count=len(wide)
        )
    return _(
        "Grid of {count} cohorts. In the first window after arrival: "
        "lowest {low} ({low_cohort}), highest {high} ({high_cohort})."
    ).format(
        count=len(wide),
        low=format_percent(float(after.min())),
        low_cohort=f"{after.idxmin():%Y-%m}",
        high=format_percent(float(after.max())),
        high_cohort=f"{after.idxmax():%Y-%m}",
    )


def plot_retention(
    table: IntoFrame, *, by: str | None = None, title: str | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the share of members still active, window after window.

    Parameters
    ----------
    table : table of any engine
        The result of :func:`cmlib.kpi.retention_curve` or of
        :func:`cmlib.kpi.rolling_retention`; several of them one under the other when `by`
        names the column that tells them apart.
    by : str, optional
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
    frame = as_pandas(table, "window", "retention", "low", "high", *([by] if by else []))
    ax = axes_or_new(ax)
    parts = []
    groups = frame.groupby(by, sort=True) if by else [("", frame)]
    for place, (name, rows) in enumerate(groups):
        rows = rows.sort_values("window")
        colour = PALETTE[place % len(PALETTE)]
        ax.plot(
            rows["window"], 100 * rows["retention"], color=colour,
            marker=MARKERS[place % len(MARKERS)], label=str(name) or None,
        )  # fmt: skip
        ax.fill_between(
            rows["window"], 100 * rows["low"], 100 * rows["high"], color=colour, alpha=0.15
        )
        known = rows.dropna(subset="retention")
        if len(known):
            last = known.iloc[-1]
            parts.append(
                f"{name} ".lstrip()
                + _("{share} in window {window}").format(
                    share=format_percent(float(last["retention"])), window=int(last["window"])
                )
            )
    if by:
        ax.legend(title=by)
    ax.set_xticks(sorted(frame["window"].unique()))
    ax.set_ylim(bottom=0)
    return finish(
        ax,
        title=title or _("Members still active"),
        x=_("30-day windows after arrival"),
        y=_("Members still active (%)"),
        alternative=_("Falling line with its interval: {parts}.").format(parts=_("; ").join(parts)),
    )


def plot_survival(table: IntoFrame, *, title: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw how long members stay before they leave for good (Kaplan-Meier).

    Parameters
    ----------
    table : table of any engine
        The result of :func:`cmlib.kpi.survival_curve`.
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
    frame = as_pandas(table, "day", "survival", "low", "high").sort_values("day")
    ax = axes_or_new(ax)
    ax.step(frame["day"], 100 * frame["survival"], where="post", color=PALETTE[0], linewidth=2)
    ax.fill_between(
        frame["day"], 100 * frame["low"], 100 * frame["high"],
        step="post", color=PALETTE[0], alpha=0.2,
    )  # fmt: skip
    ax.set_ylim(0, 100)
    half = frame.loc[frame["survival"] <= 0.5, "day"]
    words = (
        _("Half have left after {days} days.").format(days=int(half.iloc[0]))
        if len(half)
        else _("More than half are still there on the last day known.")
    )
    return finish(
        ax,
        title=title or _("How long members stay"),
        x=_("Days since the first activity"),
        y=_("Members still there (%)"),
        alternative=_("Falling staircase with its interval. ") + words,
    )


def plot_delays(
    delays: IntoFrame,
    *,
    promise_h: float | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of questions answered as time goes, open questions included.

    Parameters
    ----------
    delays : table of any engine
        The result of :func:`cmlib.kpi.first_response` or of :func:`cmlib.kpi.ticket_delay`.
    promise_h : float, optional
        A promised delay in hours, drawn as a line.
    title : str, optional
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        One less the Kaplan-Meier curve: a question still open counts for as long as it was
        observed.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When the table has no row.
    """
    from cmlib.kpi.survival import kaplan_meier

    frame = as_pandas(delays, "delay_h", "observed_h", "censored").dropna(subset=["observed_h"])
    censored = frame["censored"].astype(bool)
    durations = frame["delay_h"].where(~censored, frame["observed_h"]).astype("float64")
    curve = kaplan_meier(durations.to_numpy(), ~censored.to_numpy())
    hours, answered = np.asarray(curve.time), 100 * (1 - np.asarray(curve.survival))
    ax = axes_or_new(ax)
    ax.step(hours, answered, where="post", color=PALETTE[0], linewidth=2)
    ax.set_xscale("symlog", linthresh=1)
    ax.set_xlim(left=0)
    ticks = [0, 1, 4, 12, 24, 72, 168, 720]
    ax.set_xticks(ticks, [str(tick) for tick in ticks])
    ax.set_ylim(0, 100)

    def share_by(hour: float) -> float:
        place = int(np.searchsorted(hours, hour, side="right"))
        return float(answered[place - 1]) / 100 if place else 0.0

    words = _("Answered within 1 h: {one}; 24 h: {day}; 72 h: {three}.").format(
        one=format_percent(share_by(1)),
        day=format_percent(share_by(24)),
        three=format_percent(share_by(72)),
    )
    if promise_h is not None:
        ax.axvline(promise_h, color=ink(), linestyle="--", linewidth=1)
        kept = format_percent(share_by(promise_h))
        ax.annotate(
            _("{hours} h: {share}").format(hours=format_number(promise_h), share=kept),
            (promise_h, 5), xytext=(4, 0), textcoords="offset points",
        )  # fmt: skip
        words += " " + _("The promise of {hours} h is kept for {share}.").format(
            hours=format_number(promise_h), share=kept
        )
    return finish(
        ax,
        title=title or _("Questions answered as time goes"),
        x=_("Hours since the question (scale widens the first hour)"),
        y=_("Questions answered (%)"),
        alternative=_("Rising staircase. ") + words,
    )
