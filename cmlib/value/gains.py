"""Three gains of a community priced from its own tables, over its last twelve whole months."""

from __future__ import annotations

from typing import TypeAlias

from cmlib.data.clock import on_local_clock
from cmlib.data.communities import Community
from cmlib.value.models import ValueModel, value_model
from cmlib.value.panel import YEAR, last_year

__all__ = ["CONTACT_EUR", "gain_models", "spending_and_contacts"]

CONTACT_EUR = 8.0  # one contact of a support team: an assumption to replace by your own
Figure: TypeAlias = "float | tuple[float, float, float]"


def gain_models(
    community: Community, *, effect: float, contacts: float, contact_eur: float = CONTACT_EUR
) -> dict[str, ValueModel]:
    """Price three gains that people quote for the last twelve whole months.

    Parameters
    ----------
    community : Community
        Its tables ``customers`` and ``orders`` are used, and its log.
    effect : float
        Effect of joining retained, EUR a customer a month.
    contacts : float
        Contacts a month that the support team says it was spared.
    contact_eur : float, default 8
        Price of one contact, EUR, which prices an accepted answer too.

    Returns
    -------
    dict of str to ValueModel
        ``"spending"`` (margin on what members spend more), ``"contacts"`` (contacts spared)
        and ``"answers"`` (answers accepted by those who asked), the last two at `contact_eur` each.
    """
    start, end = last_year(community)
    events = community.counted()
    accepted = events[
        (events["kind"] == "accept")
        & (events["local_time"] >= start)
        & (events["local_time"] < end)
    ]
    spending, spared = spending_and_contacts(
        community, effect=effect, contacts=contacts, contact_eur=contact_eur
    )
    return {
        "spending": spending,
        "contacts": spared,
        "answers": value_model("answers", answers=len(accepted), value_per_answer_eur=contact_eur),
    }


def spending_and_contacts(
    community: Community, *, effect: Figure, contacts: Figure, contact_eur: float
) -> list[ValueModel]:
    """Price what members spend more, and the contacts spared, over the last twelve months.

    `effect` and `contacts` (a month) are a figure each, or three: low, base, high.
    """
    start, end = last_year(community)
    customers, orders = community.customers, community.orders
    ordered = on_local_clock(orders["timestamp"], community.tz)
    orders = orders[(ordered >= start) & (ordered < end)]
    margin = float(orders["margin_eur"].sum() / orders["amount_eur"].sum())
    three = contacts if isinstance(contacts, tuple) else (contacts,) * 3
    low, base, high = (YEAR * figure for figure in three)
    return [
        value_model(
            "uplift",
            members=int(
                (on_local_clock(customers["joined_community_at"], community.tz) <= start).sum()
            ),
            effect_eur_month=effect,
            margin_share=margin,
            months=YEAR,
        ),
        # The contacts are those avoided already: no share remains to be applied.
        value_model(
            "deflection",
            visits=(low, base, high),
            came_for_support=1,
            resolved=1,
            would_have_contacted=1,
            cost_per_contact_eur=contact_eur,
        ),
    ]
