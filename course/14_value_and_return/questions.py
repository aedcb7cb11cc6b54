"""Questions of module 14: what members bring, what the community costs, what is left."""

from __future__ import annotations

import pandas as pd

from cmlib.data import Community, load_table
from cmlib.data.frames import to_pandas
from cmlib.learn.question import Card, Choice, Mistake, Order, Question, community
from cmlib.messages import N_

__all__ = ["QUESTIONS"]

_START, _END = "2024-07-01", "2025-07-01"
_CHARGES, _HOURS_A_YEAR = 0.42, 1607
_CONTACTS_EUR = 92 * 8 * 12  # given in the text of the exercise
_READ: dict[int, dict[str, float]] = {}


def _known() -> dict[str, float]:
    """Give the figures of the year studied, computed once for each data home."""
    brand = community("brand")
    if id(brand) not in _READ:
        _READ[id(brand)] = _compute(brand)
    return _READ[id(brand)]


def _compute(brand: Community) -> dict[str, float]:
    orders, costs = brand.orders, brand.costs
    year = orders[(orders["timestamp"] >= _START) & (orders["timestamp"] < _END)]
    costs = costs[(costs["month"] >= "2024-07") & (costs["month"] <= "2025-06")]
    people = brand.customers.set_index("customer_id")
    after = year.groupby("customer_id")["amount_eur"].sum().reindex(people.index).fillna(0) / 12
    member = people["joined_community_at"].notna()
    change = after - people["spend_before_eur"]
    return {
        "cost": float(costs["amount_eur"].sum()),
        "bills": float(costs.loc[costs["hours"] == 0, "amount_eur"].sum()),
        "hours": float(costs["hours"].sum()),
        "salary_hours": float(costs.loc[costs["item"] == "salaries", "hours"].sum()),
        "members": float(member.sum()),
        "margin": float(year["margin_eur"].sum() / year["amount_eur"].sum()),
        "did": float(change[member].mean() - change[~member].mean()),
        "naive": float(after[member].mean() - after[~member].mean()),
        "active": _mean_active(brand),
        "active_and_team": _mean_active(brand, without="bots"),
        "active_and_robot": _mean_active(brand, without=None),
        "active_ever": _mean_active(brand, same_year=False),
        "accounts": float((brand.members["role"] == "member").sum()),
    }


def _mean_active(
    brand: Community, *, without: str | None = "team", same_year: bool = True
) -> float:
    from cmlib.kpi import active_by_period

    table = to_pandas(active_by_period(brand.view(without=without)))
    if same_year:
        table = table[(table["period"] >= _START) & (table["period"] < _END)]
    return float(table["n"].mean())


def _experienced_month() -> float:
    jobs = load_table("profession")
    row = jobs[jobs["category"] == "experienced (up to)"]
    return float(row["value_high"].iloc[0])


def _cost_with(
    gross_year: float, *, charges: float = _CHARGES, hours: str = "hours", bills: bool = True
) -> float:
    known = _known()
    hour = gross_year * (1 + charges) / _HOURS_A_YEAR
    return (known["bills"] if bills else 0.0) + known[hours] * hour


def _roi(effect: str = "did", *, margin: bool = True) -> float:
    known = _known()
    rate = known["margin"] if margin else 1.0
    gain = known[effect] * known["members"] * rate * 12 + _CONTACTS_EUR
    return (gain - known["cost"]) / known["cost"]


def _cost_per_active(*, months: int = 12, people: str = "active") -> float:
    known = _known()
    return known["cost"] / months / known[people]


QUESTIONS = (
    Question(
        id="14.1",
        reference=lambda: _cost_with(12 * _experienced_month()),
        mistakes=(
            Mistake(
                lambda: _cost_with(_experienced_month()),
                N_(
                    "An hour at this price would cost a few euros. Read the column unit of the "
                    "row again: is this salary paid once a year?"
                ),
            ),
            Mistake(
                lambda: _cost_with(12 * _experienced_month(), charges=0.0),
                N_(
                    "This is what the employee costs before the employer's charges: the "
                    "employer pays them on top of the gross salary."
                ),
            ),
            Mistake(
                lambda: _cost_with(12 * _experienced_month(), bills=False),
                N_("The hours are priced; the bills, such as the tools, are missing."),
            ),
            Mistake(
                lambda: _cost_with(12 * _experienced_month(), hours="salary_hours"),
                N_(
                    "Only the hours of one item are priced. Moderating and training take hours "
                    "too: the column hours says how many."
                ),
            ),
            Mistake(
                lambda: (
                    _known()["cost"]
                    + _known()["hours"] * 12 * _experienced_month() * 1.42 / _HOURS_A_YEAR
                ),
                N_(
                    "The hours are paid twice: once in the amounts, once at the new price. Take "
                    "the amounts of the rows without hours only."
                ),
            ),
        ),
        right=(
            lambda: (
                _known()["bills"]
                + _known()["hours"] * (_experienced_month() * 12 * 1.42 / _HOURS_A_YEAR)
            ),
            lambda: pd.Series([_cost_with(12 * _experienced_month())]),
            lambda: round(_cost_with(12 * _experienced_month()), 2),
        ),
        hints=(
            N_("What does one hour cost the employer, once the charges are added?"),
            N_(
                "Look at the cell of the lesson that prices the hours at three salaries, and at "
                "the column unit of this row."
            ),
            N_("answer = bills + hours * (... * 12 * 1.42 / 1607)"),
        ),
    ),
    Question(
        id="14.2",
        reference=lambda: [4, 2, 6, 1, 5, 3],
        form=Order(
            lines=(
                'both["change"] = both["amount_eur"] - both["spend_before_eur"]',
                'spent = year.groupby("customer_id")["amount_eur"].sum() / 12',
                "effect = change[True] - change[False]",
                'year = orders[orders["timestamp"] >= "2024-07-01"]',
                'change = both.groupby("member")["change"].mean()',
                'both = customers.merge(spent, on="customer_id", how="left")',
            )
        ),
        ordered=True,
        mistakes=(
            Mistake(
                lambda: [4, 2, 1, 6, 5, 3],
                N_(
                    "The change needs both columns in one table: before stands in customers, "
                    "after comes from the orders. Put them side by side first."
                ),
            ),
            Mistake(
                lambda: [4, 2, 6, 5, 1, 3],
                N_(
                    "The mean of each group is taken from a column that does not exist yet: "
                    "first the change of each customer, then the mean of each group."
                ),
            ),
            Mistake(
                lambda: [2, 4, 6, 1, 5, 3],
                N_(
                    "The orders are added up before they are filtered: the spending of other "
                    "months would come in."
                ),
            ),
            Mistake(
                lambda: [4, 2, 6, 1, 3, 5],
                N_("The last subtraction uses two means that nobody has computed yet."),
            ),
        ),
        hints=(
            N_("Which difference is taken for each customer, and which between two groups?"),
            N_("Follow the names: a line that uses spent comes after the line that makes it."),
            N_("Filter the year, group by customer, merge, change, mean by group, then ..."),
        ),
    ),
    Question(
        id="14.3",
        share=True,
        reference=lambda: _roi(),
        mistakes=(
            Mistake(
                lambda: _roi(margin=False),
                N_(
                    "This counts what customers pay. The goods they take away have to be bought "
                    "or made: what is left of a sale is less."
                ),
            ),
            Mistake(
                lambda: _roi() + 1,
                N_(
                    "This is what comes back for one euro spent. The return is what is left "
                    "once that euro is taken off."
                ),
            ),
            Mistake(
                lambda: _roi("naive"),
                N_(
                    "This credits the community with the whole gap between members and others, "
                    "the part that was there before included."
                ),
            ),
            Mistake(
                lambda: _roi() * _known()["cost"],
                N_("These are euros. A return divides the net gain by the cost."),
            ),
            Mistake(
                lambda: (
                    (
                        (_known()["did"] * _known()["members"] * 12 + _CONTACTS_EUR)
                        * _known()["margin"]
                        - _known()["cost"]
                    )
                    / _known()["cost"]
                ),
                N_(
                    "The margin rate was applied to the contacts too. A contact avoided is a "
                    "cost spared, not a sale."
                ),
            ),
        ),
        right=(
            lambda: (
                (_known()["members"] * 12 * _known()["did"] * _known()["margin"] + 8 * 12 * 92)
                / _known()["cost"]
                - 1
            ),
            lambda: pd.Series([_roi()]),
        ),
        hints=(
            N_("Which euros can the firm spend again: those of the sale, or what is left of it?"),
            N_("Look at the line of gain: one factor of the lesson is missing from it."),
            N_("gain = effect * members * ... * 12 + contacts"),
        ),
    ),
    Question(
        id="14.4",
        reference=lambda: _cost_per_active(),
        mistakes=(
            Mistake(
                lambda: _cost_per_active(months=1),
                N_(
                    "The cost is that of a year, the active members those of a month. Put both "
                    "on the same length of time."
                ),
            ),
            Mistake(
                lambda: _cost_per_active(people="accounts"),
                N_(
                    "This divides by every account ever opened. Most of them did nothing in an "
                    "ordinary month."
                ),
            ),
            Mistake(
                lambda: _cost_per_active(people="active_and_team"),
                N_('The team is among those counted. Leave it out: view(without="team").'),
            ),
            Mistake(
                lambda: _cost_per_active(people="active_and_robot"),
                N_('The team is among those counted. Leave it out: view(without="team").'),
            ),
            Mistake(
                lambda: _cost_per_active(people="active_ever"),
                N_(
                    "The cost is that of twelve months, the members those of every month since "
                    "the opening. Keep the same months on both sides."
                ),
            ),
            Mistake(
                lambda: 1 / _cost_per_active(),
                N_("This is active members for one euro: the division is upside down."),
            ),
        ),
        right=(
            lambda: _known()["cost"] / (_known()["active"] * 12),
            lambda: (_known()["cost"] / 12) / _known()["active"],
            lambda: pd.Series([_cost_per_active()]),
        ),
        hints=(
            N_("What does one month cost, and how many members does an ordinary month see?"),
            N_("Look at the columns period and n of the table active: keep the same months."),
            N_('answer = cost / 12 / months["n"]...'),
        ),
    ),
    Question(
        id="14.5",
        reference=lambda: "c",
        form=Choice(
            options={
                "a": N_("There are too few customers: more of them would bring it to the truth."),
                "b": N_("The level is too low: at 99 %, the interval would hold the truth."),
                "c": N_("An interval speaks of chance; who joins is not a matter of chance."),
                "d": N_("The interval is narrow: this is the estimate to keep."),
            },
            reasons={
                "a": N_(
                    "With more customers the interval gets narrower around the same wrong "
                    "figure. What would they all still have in common?"
                ),
                "b": N_(
                    "A higher level makes it a little wider: compare its width with its "
                    "distance from the truth."
                ),
                "c": N_(
                    "Yes: precise and wrong. No interval repairs a comparison between people "
                    "who differed from the start."
                ),
                "d": N_(
                    "Narrow means that chance moves it little, not that it stands in the right "
                    "place. Compare it with the dashed line."
                ),
            },
        ),
        hints=(
            N_("What would change if the same number of customers were drawn again?"),
            N_("Look at what members spent before they joined: did chance do that?"),
            N_("The interval measures ..., and the naive gap is off because of who ..."),
        ),
    ),
    Question(
        id="14.6",
        form=Card(
            fields={
                "range": N_("The return I announce, from ... to ..., and its comparison"),
                "assumption": N_("The assumption that moves it most, and how I will measure it"),
                "left_out": N_("What is not counted"),
                "request": N_("The budget I ask for, and what would make me give it back"),
            },
            model=N_(
                "The community about pays for itself: from a clear loss if the effect is half "
                "of what we measured and the support team was too hopeful, to a modest gain if "
                "both are right. I compare the change of members with the change of the others; "
                "I refuse the plain gap between members and others, most of which existed before "
                "they joined. The effect of joining moves the result most: we draw the next "
                "invitations at random and measure again. Ideas and recommendations are not "
                "counted; neither are the phone and the mailbox. I ask for the same budget for a "
                "year, and give a part of it back if the second draw shows no effect."
            ),
        ),
        hints=(
            N_("Which single figure would you not be able to defend in front of the committee?"),
            N_("Look at the three scenarios, then at the longest bar of the explorer."),
            N_("Between ... and ..., because ...; I do not count ...; I ask for ..."),
        ),
    ),
)
