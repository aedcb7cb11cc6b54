"""One cohort followed: its line in the triangle, its curve among the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cmlib.data.frames import need_columns, to_pandas
from cmlib.data.known import members_of
from cmlib.data.people import as_parts
from cmlib.errors import TableError, unknown_choice
from cmlib.explore.panel import checkbox, dropdown, explorer
from cmlib.i18n import format_month, format_number, format_percent
from cmlib.messages import _

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

    from cmlib.data import Community

__all__ = ["cohort_explorer", "one_cohort", "plot_cohort"]

_SIZE = (6.5, 8.2)  # inches: the triangle above, the curves below, one column


def one_cohort(table: pd.DataFrame, *, cohort: Any) -> pd.DataFrame:
    """Give the line of one cohort, with what all the other cohorts do together.

    Parameters
    ----------
    table : pandas.DataFrame
        The result of :func:`cmlib.kpi.classic_retention`.
    cohort : date
        First day of the month of arrival.

    Returns
    -------
    pandas.DataFrame
        One row a window: ``window``; ``n`` members of the cohort; ``retained`` of them active in
        the window and ``retention``, both missing while the cohort is too young; ``others``
        share of the members of the other cohorts, as far as they are old enough.

    Raises
    ------
    ColumnError
        When a column is missing.
    ParameterError
        When the table has no such cohort.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "cohort": pd.to_datetime(["2025-01-01"] * 2 + ["2025-02-01"] * 2),
    ...         "window": [0, 1, 0, 1],
    ...         "n": [4, 4, 5, 5],
    ...         "retained": [4, 1, 5, None],
    ...         "retention": [1, 0.25, 1, None],
    ...     }
    ... )
    >>> one_cohort(table, cohort="2025-02-01")
       window  n  retained  retention  others
    0       0  5       5.0        1.0    1.00
    1       1  5       NaN        NaN    0.25
    """
    need_columns(table, ("cohort", "window", "n", "retained", "retention"))
    months = pd.to_datetime(table["cohort"])
    chosen = months == pd.Timestamp(cohort)
    if not chosen.any():
        known = [f"{month:%Y-%m-%d}" for month in months.drop_duplicates()]
        raise unknown_choice("cohort", f"{pd.Timestamp(cohort):%Y-%m-%d}", known)
    known = table[~chosen & table["retained"].notna()].groupby("window")[["retained", "n"]].sum()
    rows = table.loc[chosen, ["window", "n", "retained", "retention"]].reset_index(drop=True)
    return rows.assign(others=rows["window"].map(known["retained"] / known["n"]))


def plot_cohort(table: pd.DataFrame, *, cohort: Any) -> Axes:
    """Draw the triangle with one line framed, and that line as a curve among the others.

    Parameters
    ----------
    table : pandas.DataFrame
        The result of :func:`cmlib.kpi.classic_retention`.
    cohort : date
        First day of the month of arrival of the cohort to follow.

    Returns
    -------
    matplotlib.axes.Axes
        The curves, drawn under the triangle in a figure of their own. Windows too young to be
        known are empty above and missing below: a curve stops, it does not fall to 0.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column is missing, when the table has no such cohort, or no window after arrival.
    """
    import matplotlib.pyplot as plt

    from cmlib.plot.alternative import finish
    from cmlib.plot.lasting import plot_cohorts
    from cmlib.plot.theme import MARKERS, PALETTE

    line = one_cohort(table, cohort=cohort)
    later = line[line["window"] > 0]
    if later.empty:
        raise TableError(_("The table has no window after arrival: ask for windows=1 or more."))
    _figure, (above, below) = plt.subplots(
        2, 1, figsize=_SIZE, layout="constrained", height_ratios=(3, 2)
    )
    plot_cohorts(table, highlight=cohort, ax=above)
    after = table[(table["window"] > 0) & table["retention"].notna()]
    for _month, rows in after.groupby("cohort"):
        below.plot(rows["window"], 100 * rows["retention"], color="#B0B0B8", linewidth=0.8)
    below.plot(
        later["window"], 100 * later["others"], color=PALETTE[4], linestyle="--",
        label=_("all the others together"),
    )  # fmt: skip
    below.plot(
        later["window"], 100 * later["retention"], color=PALETTE[1], marker=MARKERS[1],
        linewidth=2.5, label=format_month(pd.Timestamp(cohort)),
    )  # fmt: skip
    below.set_xticks(sorted(later["window"]))
    below.set_ylim(bottom=0)
    below.legend(loc="upper right")
    n = int(line["n"].iloc[0])
    return finish(
        below,
        title=_("Arrivals of {month}: {n} members").format(
            month=format_month(pd.Timestamp(cohort)), n=format_number(n)
        ),
        x=_("30-day windows after arrival"),
        y=_("Members still active (%)"),
        alternative=_in_words(later),
    )


def cohort_explorer(
    community: Community, *, windows: int = 6, since: str | None = None
) -> ipywidgets.VBox:
    """Choose a cohort: its line lights up in the triangle and in the curves.

    Parameters
    ----------
    community : Community
    windows : int, default 6
        Last 30-day window shown.
    since : {"joined", "first_event"}, optional
        Day 0, as in :func:`cmlib.kpi.classic_retention`.

    Returns
    -------
    ipywidgets.VBox
        A list of cohorts and, where the members' source is known, a box that leaves out those who
        came through a contest.

    Raises
    ------
    TableError
        When the log holds no cohort.
    """
    views = {True: community}
    members = members_of(community)
    if "source" in members:
        said = community.without
        rest = [] if said is None else as_parts(said)
        views[False] = community.view(without=[*rest, members[members["source"] == "contest"]])
    tables = {
        contest: _triangle(view, windows=windows, since=since) for contest, view in views.items()
    }
    months = list(pd.to_datetime(tables[True]["cohort"]).drop_duplicates())
    if not months:
        raise TableError(_("Nobody is known to have arrived in this period: there is no cohort."))
    known = tables[True].loc[tables[True]["retention"].notna(), "cohort"]
    first = pd.Timestamp(known.iloc[0]) if len(known) else months[0]

    def draw(cohort: pd.Timestamp, contest: bool = True) -> Axes:
        return plot_cohort(tables[contest], cohort=cohort)

    controls = {
        "cohort": dropdown(
            _("Month of arrival"), {format_month(month): month for month in months}, first
        )
    }
    if False in tables:
        controls["contest"] = checkbox(_("Count those who came through a contest"), value=True)
    return explorer(draw, **controls)


def _triangle(community: Community, *, windows: int, since: str | None) -> pd.DataFrame:
    from cmlib.kpi import classic_retention

    return to_pandas(classic_retention(community, windows=windows, since=since))


def _in_words(later: pd.DataFrame) -> str:
    known = later.dropna(subset="retention")
    parts = [
        _("{share} in window {window} (the others: {others})").format(
            share=format_percent(float(row["retention"])),
            window=int(row["window"]),
            others=format_percent(float(row["others"])),
        )
        for _row, row in known.iterrows()
    ]
    words = _("Seen again: {parts}.").format(parts=", ".join(parts)) if parts else ""
    young = [str(window) for window in later.loc[later["retention"].isna(), "window"]]
    if young:
        words += " " + _("Not known: windows {windows}.").format(windows=", ".join(young))
    return words.strip()
