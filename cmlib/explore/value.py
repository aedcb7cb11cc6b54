"""What a community brings and costs: the assumptions, and the return that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cmlib.checks import share
from cmlib.data.clock import on_local_clock
from cmlib.data.frames import need_columns
from cmlib.explore.panel import explorer, slider
from cmlib.i18n import format_number, format_percent
from cmlib.messages import N_, _

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

    from cmlib.data import Community
    from cmlib.value import ValueModel

__all__ = [
    "gain_models",
    "plot_before_after",
    "plot_roi_tornado",
    "roi_explorer",
    "roi_tornado",
    "value_panel",
]

MONTHS = 12
CONTACT_EUR = 8.0  # price of one contact of the support team, an assumption of the course
_LABELS = {
    "uplift.effect_eur_month": N_("Effect of joining"),
    "deflection.visits": N_("Contacts avoided"),
    "cost_eur": N_("Cost of an hour"),
}


def value_panel(community: Community) -> pd.DataFrame:
    """Build the table of customers before and after, over the last twelve whole months.

    Parameters
    ----------
    community : Community
        Its tables ``customers`` and ``orders`` are used.

    Returns
    -------
    pandas.DataFrame
        As :func:`cmlib.value.customer_panel` gives it: two rows a customer.

    Notes
    -----
    Before is the column ``spend_before_eur``, the months that precede the community.
    """
    from cmlib.value import customer_panel

    return customer_panel(community, after=_year(community))


def plot_before_after(panel: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw both groups before and after, and where members would be with the others' change.

    Parameters
    ----------
    panel : pandas.DataFrame
        As :func:`value_panel` gives it.
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


def gain_models(
    community: Community, *, effect: float, contacts: float = 92
) -> dict[str, ValueModel]:
    """Price three gains that people quote for the last twelve whole months.

    Parameters
    ----------
    community : Community
    effect : float
        Effect of joining retained, EUR a customer a month.
    contacts : float, default 92
        Contacts a month that the support team says it was spared.

    Returns
    -------
    dict of str to ValueModel
        ``"spending"`` (margin on what members spend more), ``"contacts"`` (contacts spared)
        and ``"answers"`` (answers accepted by those who asked), the last two at 8 EUR each.
    """
    from cmlib.value import value_model

    start, end = _year(community)
    events = community.counted()
    accepted = events[
        (events["kind"] == "accept")
        & (events["local_time"] >= start)
        & (events["local_time"] < end)
    ]
    models = _models(community, (effect, effect, effect), (contacts, contacts, contacts))
    return {
        "spending": models[0],
        "contacts": models[1],
        "answers": value_model("answers", answers=len(accepted), value_per_answer_eur=CONTACT_EUR),
    }


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

    start, end = _year(community)
    costs = community.costs
    months = costs["month"].astype(str)
    costs = costs[(months >= f"{start:%Y-%m}") & (months < f"{end:%Y-%m}")]
    bills = float(costs.loc[~(costs["hours"] > 0), "amount_eur"].sum())
    hours = float(costs["hours"].sum())
    spent = [bills + hours * price for price in _ends("hour", hour_cost, hour_off)]
    models = _models(
        community,
        _ends("effect", effect, effect_off),
        _ends("contacts", contacts, contacts_off),
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

    Returns
    -------
    ipywidgets.VBox
        Six sliders: for the effect, the contacts avoided and the cost of an hour, the figure
        retained and how far it may be off.
    """

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


def _year(community: Community) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Give the last twelve whole months observed, on the local clock."""
    local = community.end.tz_localize("UTC").tz_convert(community.tz).tz_localize(None)
    end = local.to_period("M").start_time
    return end - pd.DateOffset(months=MONTHS), end


def _models(
    community: Community,
    effect: tuple[float, float, float],
    contacts: tuple[float, float, float],
) -> list[ValueModel]:
    from cmlib.value import value_model

    start, end = _year(community)
    customers, orders = community.customers, community.orders
    ordered = on_local_clock(orders["timestamp"], community.tz)
    orders = orders[(ordered >= start) & (ordered < end)]
    margin = float(orders["margin_eur"].sum() / orders["amount_eur"].sum())
    low, base, high = (MONTHS * figure for figure in contacts)
    return [
        value_model(
            "uplift",
            members=int(
                (on_local_clock(customers["joined_community_at"], community.tz) <= start).sum()
            ),
            effect_eur_month=effect,
            margin_share=margin,
            months=MONTHS,
        ),
        # The contacts are those avoided already: no share remains to be applied.
        value_model(
            "deflection",
            visits=(low, base, high),
            came_for_support=1,
            resolved=1,
            would_have_contacted=1,
            cost_per_contact_eur=CONTACT_EUR,
        ),
    ]


def _ends(name: str, figure: float, off: float) -> tuple[float, float, float]:
    off = share(f"{name}_off", off)
    return figure * (1 - off), float(figure), figure * (1 + off)
