"""What a community brings and costs: the assumptions, and the return that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cmlib.checks import share
from cmlib.data.communities import table_of
from cmlib.data.frames import need_columns
from cmlib.explore.panel import explorer, slider
from cmlib.i18n import format_number, format_percent
from cmlib.messages import N_, _

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

    from cmlib.data import Community

__all__ = [
    "plot_before_after",
    "plot_roi_tornado",
    "roi_explorer",
    "roi_tornado",
]

_LABELS = {
    "uplift.effect_eur_month": N_("Effect of joining"),
    "deflection.visits": N_("Contacts avoided"),
    "cost_eur": N_("Cost of an hour"),
}


def plot_before_after(panel: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw both groups before and after, and where members would be with the others' change.

    Parameters
    ----------
    panel : pandas.DataFrame
        As :func:`cmlib.value.customer_panel` gives it.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    matplotlib.axes.Axes
        The dashed line is the assumption of the difference in differences.

    Raises
    ------
    ColumnError
        When a column is missing.
    """
    from cmlib.plot.alternative import finish
    from cmlib.plot.theme import MARKERS, PALETTE, axes_or_new

    need_columns(panel, ("member", "period", "spend_eur_month"))
    known = panel[panel["member"].notna()]
    means = known.groupby(["member", "period"])["spend_eur_month"].mean()
    inside = [float(means[True, "before"]), float(means[True, "after"])]
    others = [float(means[False, "before"]), float(means[False, "after"])]
    without = inside[0] + others[1] - others[0]
    ax = axes_or_new(ax)
    ax.plot([0, 1], inside, marker=MARKERS[0], color=PALETTE[0], label=_("joined"))
    ax.plot([0, 1], others, marker=MARKERS[1], color=PALETTE[1], label=_("did not join"))
    ax.plot(
        [0, 1], [inside[0], without], linestyle="--", color=PALETTE[0],
        label=_("joined, with the change of the others"),
    )  # fmt: skip
    ax.set_xticks([0, 1], [_("before"), _("after")])
    ax.set_xlim(-0.2, 1.2)
    ax.set_ylim(0, 1.35 * max(inside + others))
    ax.legend(loc="upper left")
    return finish(
        ax,
        title=_("Spending before and after, by group"),
        x=_("Period"),
        y=_("Spending (EUR a customer a month)"),
        alternative=_(
            "Those who joined go from {a} to {b}, the others from {c} to {d}. With the change "
            "of the others, those who joined would be at {e}: the distance is {f}."
        ).format(
            a=format_number(inside[0]),
            b=format_number(inside[1]),
            c=format_number(others[0]),
            d=format_number(others[1]),
            e=format_number(without),
            f=format_number(inside[1] - without),
        ),
    )


def roi_tornado(
    community: Community,
    *,
    effect: float,
    effect_off: float = 0.5,
    contacts: float = 92,
    contacts_off: float = 0.6,
    hour_cost: float = 28,
    hour_off: float = 0.3,
) -> pd.DataFrame:
    """Rank three assumptions by how far each one moves the return of the last twelve months.

    Parameters
    ----------
    community : Community
        Its tables ``customers``, ``orders`` and ``costs`` are used.
    effect : float
        Effect of joining retained, EUR a customer a month.
    contacts : float, default 92
        Contacts avoided a month, at 8 EUR each.
    hour_cost : float, default 28
        Cost of an hour of work, EUR.
    effect_off, contacts_off, hour_off : float
        How far each may be off, up and down, as a share: 0.5 is half.

    Returns
    -------
    pandas.DataFrame
        As :func:`cmlib.value.tornado`, widest first, with ``assumption`` in words.

    Raises
    ------
    ParameterError
        When a share is not between 0 and 1, or a figure is not acceptable.

    Notes
    -----
    Cost: the bills without hours, and every hour at `hour_cost`. The margin is the one
    measured on the orders. Gains: margin on the effect for each customer who joined, and
    contacts avoided.
    """
    from cmlib.value import tornado
    from cmlib.value.gains import CONTACT_EUR, spending_and_contacts
    from cmlib.value.panel import last_year

    start, end = last_year(community)
    costs = community.costs
    months = costs["month"].astype(str)
    costs = costs[(months >= f"{start:%Y-%m}") & (months < f"{end:%Y-%m}")]
    bills = float(costs.loc[~(costs["hours"] > 0), "amount_eur"].sum())
    hours = float(costs["hours"].sum())
    spent = [bills + hours * price for price in _ends("hour", hour_cost, hour_off)]
    models = spending_and_contacts(
        community,
        effect=_ends("effect", effect, effect_off),
        contacts=_ends("contacts", contacts, contacts_off),
        contact_eur=CONTACT_EUR,
    )
    table = tornado(models, cost=tuple(spent))
    table = table[table["assumption"].isin(list(_LABELS))].reset_index(drop=True)
    return table.assign(assumption=[_(_LABELS[name]) for name in table["assumption"]])


def plot_roi_tornado(community: Community, *, ax: Axes | None = None, **assumptions: Any) -> Axes:
    """Draw which of the three assumptions moves the return most.

    Parameters
    ----------
    community : Community
    ax : matplotlib.axes.Axes, optional
    **assumptions
        Those of :func:`roi_tornado`.

    Returns
    -------
    matplotlib.axes.Axes
        The full line is the return retained, the dotted one a return of zero.

    Raises
    ------
    ParameterError
        As :func:`roi_tornado`.
    """
    from cmlib.plot import plot_tornado
    from cmlib.plot.alternative import finish

    table = roi_tornado(community, **assumptions)
    ax = plot_tornado(table, ax=ax)
    ax.set_ylim(bottom=-1.1)  # room for the legend under the bars
    ax.legend(loc="lower center", ncols=2)
    parts = [
        _("{name}: from {low} to {high}").format(
            name=row["assumption"],
            low=format_percent(row["roi_low"], 0),
            high=format_percent(row["roi_high"], 0),
        )
        for row in table.to_dict("records")
    ]
    base = format_percent(float(table["roi_base"].iloc[0]), 0)
    return finish(
        ax,
        title=_("Which assumption moves the return most"),
        x=_("Return on investment (%)"),
        y=_("Assumption"),
        alternative=_("Return retained: {base}. {parts}.").format(
            base=base, parts=_("; ").join(parts)
        ),
    )


def roi_explorer(community: Community) -> ipywidgets.VBox:
    """Move the assumptions of the return, and watch which one matters most.

    Parameters
    ----------
    community : Community
        One with the tables ``costs``, ``customers`` and ``orders``.

    Returns
    -------
    ipywidgets.VBox
        Six sliders: for the effect, the contacts avoided and the cost of an hour, the figure
        retained and how far it may be off.

    Raises
    ------
    TableError
        When the community has no table ``costs``, ``customers`` or ``orders``.
    """
    for table in ("costs", "customers", "orders"):
        table_of(community, table)

    def draw(
        effect: int, effect_off: int, contacts: int, contacts_off: int, hour: int, hour_off: int
    ) -> Axes:
        return plot_roi_tornado(
            community,
            effect=effect,
            effect_off=effect_off / 100,
            contacts=contacts,
            contacts_off=contacts_off / 100,
            hour_cost=hour,
            hour_off=hour_off / 100,
        )

    return explorer(
        draw,
        effect=slider(_("Effect of joining, EUR a customer a month"), 9, 0, 60),
        effect_off=slider(_("The effect may be off by, %"), 50, 0, 100, step=5),
        contacts=slider(_("Contacts avoided a month"), 92, 0, 200),
        contacts_off=slider(_("The contacts may be off by, %"), 60, 0, 100, step=5),
        hour=slider(_("Cost of an hour of work, EUR"), 28, 15, 60),
        hour_off=slider(_("The cost of an hour may be off by, %"), 30, 0, 100, step=5),
    )


def _ends(name: str, figure: float, off: float) -> tuple[float, float, float]:
    off = share(f"{name}_off", off)
    return figure * (1 - off), float(figure), figure * (1 + off)
