"""The full cost of a community: the bills, and the hours nobody bills."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import at_least
from cmlib.data.communities import Community, table_of
from cmlib.data.frames import need_columns, open_frame, to_pandas
from cmlib.data.values import pandas_numbers
from cmlib.errors import TableError

__all__ = ["SALARY_EUR", "employer_cost", "full_cost", "hour_cost"]

SALARY_EUR = MappingProxyType({"low": 24_250.0, "median": 29_000.0, "high": 40_410.0})
"""Gross salary of a community manager in France, EUR a year (metier.org)."""


def employer_cost(*, gross_salary_eur: float, employer_charges: float) -> float:
    """Turn a gross salary into what the employer pays.

    Parameters
    ----------
    gross_salary_eur : float
        Gross salary, EUR a year: ``SALARY_EUR["median"]``, or yours.
    employer_charges : float
        Employer's contributions as a share of the gross salary: 0.42 for 42 %. There is no
        default, since it depends on the country, the salary and the firm; in France the
        payslip states it and URSSAF has a simulator (mon-entreprise.urssaf.fr).

    Returns
    -------
    float
        EUR a year.

    Raises
    ------
    ParameterError
        When an argument is negative.

    References
    ----------
    .. [1] metier.org, job sheet of the community manager: EUR 24,250 to 40,410 gross a year,
       median 29,000.

    Examples
    --------
    >>> employer_cost(gross_salary_eur=SALARY_EUR["median"], employer_charges=0.42)
    41180.0
    """
    salary = at_least("gross_salary_eur", gross_salary_eur)
    return salary * (1 + at_least("employer_charges", employer_charges))


def hour_cost(
    *, gross_salary_eur: float, employer_charges: float, hours_a_year: float = 1607.0
) -> float:
    """Turn a gross salary into the cost of one hour of work.

    Parameters
    ----------
    gross_salary_eur, employer_charges : float
        As in :func:`employer_cost`.
    hours_a_year : float, default 1607
        Hours worked in a year at full time. 1,607 is the French legal year.

    Returns
    -------
    float
        EUR an hour; missing when `hours_a_year` is 0.

    Raises
    ------
    ParameterError
        When an argument is negative.

    References
    ----------
    .. [1] Code du travail, article L3121-41: 1,607 hours a year.

    Examples
    --------
    >>> round(hour_cost(gross_salary_eur=29_000, employer_charges=0.42), 2)
    25.63
    """
    hours = at_least("hours_a_year", hours_a_year)
    cost = employer_cost(gross_salary_eur=gross_salary_eur, employer_charges=employer_charges)
    return cost / hours if hours else float("nan")


def full_cost(community: Community | IntoFrame, *, hour_cost_eur: float) -> pd.DataFrame:
    """Add the cost of unbilled hours to the bills, item by item.

    Parameters
    ----------
    community : Community or table of costs
        ``item``, ``amount_eur`` billed and ``hours`` of work. Of a community, the months that its
        period touches; of a bare table, all of them.
    hour_cost_eur : float
        What an hour of work costs, EUR: see :func:`hour_cost`.

    Returns
    -------
    pandas.DataFrame
        One row an item, dearest first: ``item``, ``billed_eur``, ``unbilled_hours``,
        ``unbilled_eur``, ``total_eur``, ``share`` (of the whole, 0 to 1; missing when the
        whole is 0). The full cost is the sum of ``total_eur``.

    Raises
    ------
    ColumnError
        When a column is missing, or holds no numbers.

    Notes
    -----
    A row that carries an amount has its hours paid by that amount: they are not priced
    twice. Hours without an amount (colleagues who answer, volunteers) are priced at
    `hour_cost_eur`. Leaving them out is the usual way a community looks free.

    Value and cost must cover the same months: a month that a view cuts is counted whole.

    Examples
    --------
    >>> costs = pd.DataFrame(
    ...     {
    ...         "month": ["2025-01", "2025-01", "2025-02"],
    ...         "item": ["salary", "colleagues", "colleagues"],
    ...         "amount_eur": [3000.0, 0.0, 0.0],
    ...         "hours": [120.0, 10.0, 30.0],
    ...     }
    ... )
    >>> full_cost(costs, hour_cost_eur=25)
             item  billed_eur  unbilled_hours  unbilled_eur  total_eur  share
    0      salary      3000.0             0.0           0.0     3000.0   0.75
    1  colleagues         0.0            40.0        1000.0     1000.0   0.25
    """
    frame = open_frame(table_of(community, "costs"))
    need_columns(frame, ["item", "amount_eur", "hours"])
    costs = _reported(to_pandas(frame), community)
    price = at_least("hour_cost_eur", hour_cost_eur)
    rows = pd.DataFrame(
        {
            "item": costs["item"].astype(str),
            "billed_eur": pandas_numbers(costs, "amount_eur"),
            "unbilled_hours": pandas_numbers(costs, "hours"),
        }
    )
    rows["unbilled_hours"] = rows["unbilled_hours"].where(~(rows["billed_eur"] > 0), 0.0)
    table = rows.groupby("item", sort=True).sum().reset_index()
    table["unbilled_eur"] = table["unbilled_hours"] * price
    table["total_eur"] = table["billed_eur"] + table["unbilled_eur"]
    whole = float(table["total_eur"].sum())
    table["share"] = table["total_eur"] / (whole if whole else float("nan"))
    return table.sort_values("total_eur", ascending=False, kind="stable").reset_index(drop=True)


def _reported(costs: pd.DataFrame, community: Community | IntoFrame) -> pd.DataFrame:
    """Keep the months that the community reports, where its period is known."""
    if not isinstance(community, Community):
        return costs
    try:
        bounds = community.start, community.end - pd.Timedelta(1, "s")
    except TableError:  # neither said nor in a log
        return costs
    need_columns(costs, ("month",))
    first, last = (
        moment.tz_localize("UTC").tz_convert(community.tz).strftime("%Y-%m") for moment in bounds
    )
    return costs[costs["month"].astype(str).str.slice(0, 7).between(first, last)]
