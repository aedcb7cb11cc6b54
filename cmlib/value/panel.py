"""From customers and orders to a tidy table: one row a customer and period."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cmlib.checks import at_least, choice
from cmlib.data.clock import local_moment, on_local_clock
from cmlib.data.communities import Community, table_log, table_of
from cmlib.data.frames import need_columns, to_pandas
from cmlib.data.log import Log
from cmlib.data.values import pandas_numbers
from cmlib.errors import ParameterError
from cmlib.messages import _

__all__ = ["YEAR", "customer_panel", "last_year"]

YEAR = 12  # months
_DAYS_A_MONTH = 365.25 / 12
_KEPT = ("invited", "region", "tenure_months")
_AMOUNTS = ("amount_eur", "margin_eur")
_CUSTOMER_COLUMNS = ("customer_id", "joined_community_at")


def customer_panel(
    community: Community,
    *,
    after: tuple[Any, Any] | None = None,
    before: tuple[Any, Any] | None = None,
    amount: str = "amount_eur",
    min_days: float = 28.0,
) -> pd.DataFrame:
    """Build the table that compares customers before and after they joined.

    Parameters
    ----------
    community : Community
        Its tables ``customers`` and ``orders``, observed up to its end. What came before the start
        of a view stays known.
    after : (date, date), optional
        Start (included) and end (excluded) of the period after joining, local. By default the
        last twelve whole months observed.
    before : (date, date), optional
        Start and end of the period before joining. Without it, the spending before is read
        from the column ``spend_before_eur`` of the customers.
    amount : {"amount_eur", "margin_eur"}
        What is added up; margins need `before`.
    min_days : float, default 28
        Shortest period accepted, in observed days.

    Returns
    -------
    pandas.DataFrame
        Two rows a customer: ``customer_id``, ``period`` ("before", "after"),
        ``spend_eur_month`` (EUR a month), ``months`` (observed; missing where the spending
        was read from the customers), ``complete`` (the whole period was observed),
        ``exposure`` (share of the observed time spent as a member, 0 to 1),
        ``member`` (True: joined between the two periods; False: had not joined when the
        second ended; missing: joined in the middle of a period, or before the first), and
        ``invited``, ``region``, ``tenure_months`` where the customers have them.

    Raises
    ------
    ColumnError
        When a column is missing.
    ParameterError
        When a period ends before it starts, overlaps the other one, or has fewer than
        `min_days` observed days.

    Notes
    -----
    A period that runs past what was observed is cut there and its spending is divided by the time
    that was observed, so that an unfinished month does not look like a fall. ``complete``
    says so: a cut period may miss a season. Whole calendar months are counted as such; any
    other length is counted in months of 30.44 days.

    Customers who joined in the middle of a period were members for part of it only. They are
    neither members nor others: :func:`difference_in_differences` leaves them out, and
    :func:`invitation_effect`, which must keep everyone who was drawn, uses ``exposure``.

    Examples
    --------
    >>> customers = pd.DataFrame(
    ...     {
    ...         "customer_id": [1, 2],
    ...         "joined_community_at": pd.to_datetime(["2025-02-01", None]),
    ...     }
    ... )
    >>> orders = pd.DataFrame(
    ...     {
    ...         "customer_id": [1, 1, 2],
    ...         "timestamp": pd.to_datetime(["2025-01-10", "2025-02-10", "2025-02-12"]),
    ...         "amount_eur": [31.0, 56.0, 28.0],
    ...     }
    ... )
    >>> from cmlib.data import community
    >>> shop = community(
    ...     customers=customers, orders=orders, start="2025-01-01", end="2025-03-01"
    ... )
    >>> panel = customer_panel(
    ...     shop, before=("2025-01-01", "2025-02-01"), after=("2025-02-01", "2025-03-01")
    ... )
    >>> panel[["customer_id", "period", "spend_eur_month", "exposure", "member"]].round(1)
       customer_id  period  spend_eur_month  exposure  member
    0            1  before             31.0       0.0    True
    1            1   after             56.0       1.0    True
    2            2  before              0.0       0.0   False
    3            2   after             28.0       0.0   False
    """
    if not isinstance(community, Community):
        raise ParameterError(
            _(
                "A community with the tables customers and orders is needed: "
                "data.community(customers=..., orders=...)."
            )
        )
    choice("amount", amount, _AMOUNTS)
    log = table_log(community, "orders", "timestamp")
    customers, orders = (to_pandas(table_of(community, name)) for name in ("customers", "orders"))
    need_columns(customers, _CUSTOMER_COLUMNS)
    need_columns(orders, ("customer_id", "timestamp", amount))
    shortest = at_least("min_days", min_days)
    seen = (_local(log.observed_from, log), _local(log.end, log))
    later = last_year(community) if after is None else _period("after", after, community.tz)
    people = customers.reset_index(drop=True)
    joined = on_local_clock(people["joined_community_at"], community.tz)
    orders = pd.DataFrame(
        {
            "customer_id": orders["customer_id"],
            "timestamp": on_local_clock(orders["timestamp"], community.tz),
            amount: pandas_numbers(orders, amount),
        }
    )
    if before is None:
        if amount != "amount_eur":
            raise ParameterError(
                _(
                    "amount={amount!r} needs before=(start, end): the column spend_before_eur "
                    "holds spending, and cannot be compared with it."
                ).format(amount=amount)
            )
        need_columns(people, ("spend_before_eur",))
        earlier = None
        first = pd.DataFrame(
            {
                "spend_eur_month": pandas_numbers(people, "spend_before_eur"),
                "months": float("nan"),
                "complete": True,
                "exposure": 0.0,
            }
        )
    else:
        earlier = _period("before", before, community.tz)
        if earlier[1] > later[0]:
            raise ParameterError(
                _(
                    "The period before ends on {before}, later than the period after starts "
                    "({after}). Give two periods that do not overlap."
                ).format(before=earlier[1], after=later[0])
            )
        first = _spending("before", people, orders, joined, earlier, seen, amount, shortest)
    second = _spending("after", people, orders, joined, later, seen, amount, shortest)
    member = _member(joined, earlier, later, seen)
    kept = people[[column for column in _KEPT if column in people.columns]]
    parts = [
        pd.concat(
            [
                people[["customer_id"]],
                pd.Series(name, index=people.index, name="period", dtype="str"),
                values,
                member,
                kept,
            ],
            axis=1,
        )
        for name, values in (("before", first), ("after", second))
    ]
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _local(second: int, log: Log) -> pd.Timestamp:
    return pd.Timestamp(log.local_value(second), unit="s")


def last_year(community: Community) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the bounds of the last twelve whole months observed, on the local clock."""
    local = community.end.tz_localize("UTC").tz_convert(community.tz).tz_localize(None)
    end = local.to_period("M").start_time
    return end - pd.DateOffset(months=YEAR), end


def _period(name: str, given: tuple[Any, Any], tz: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    try:
        start, end = given
    except (TypeError, ValueError):
        raise ParameterError(
            _("{parameter}={given!r} is not accepted. Give two dates: (start, end).").format(
                parameter=name, given=given
            )
        ) from None
    start, end = (local_moment(bound, name, tz) for bound in (start, end))
    if start >= end:
        raise ParameterError(
            _("{parameter}: the end {end} is not after the start {start}.").format(
                parameter=name, start=start, end=end
            )
        )
    return start, end


def _spending(
    name: str,
    people: pd.DataFrame,
    orders: pd.DataFrame,
    joined: pd.Series,
    period: tuple[pd.Timestamp, pd.Timestamp],
    seen: tuple[pd.Timestamp, pd.Timestamp],
    amount: str,
    shortest: float,
) -> pd.DataFrame:
    start, end = max(period[0], seen[0]), min(period[1], seen[1])
    days = max((end - start) / pd.Timedelta(days=1), 0.0)
    if days < shortest:
        raise ParameterError(
            _(
                "{parameter}: only {days:.0f} days of this period were observed, and at least "
                "{least:.0f} are needed. Choose an earlier period, or lower min_days knowing "
                "that a few days say little of a month."
            ).format(parameter=name, days=days, least=shortest)
        )
    inside = orders[(orders["timestamp"] >= start) & (orders["timestamp"] < end)]
    sums = inside.groupby("customer_id")[amount].sum()
    spent = people["customer_id"].map(sums).fillna(0.0).astype(float)
    months = _months(start, end)
    as_member = (end - joined.clip(lower=start)) / pd.Timedelta(days=1)
    return pd.DataFrame(
        {
            "spend_eur_month": spent / months,
            "months": months,
            "complete": (start, end) == period,
            "exposure": as_member.clip(lower=0.0).fillna(0.0) / days,
        }
    )


def _months(start: pd.Timestamp, end: pd.Timestamp) -> float:
    if start == start.to_period("M").start_time and end == end.to_period("M").start_time:
        return float((end.year - start.year) * 12 + end.month - start.month)
    return float((end - start) / pd.Timedelta(days=_DAYS_A_MONTH))


def _member(
    joined: pd.Series,
    earlier: tuple[pd.Timestamp, pd.Timestamp] | None,
    later: tuple[pd.Timestamp, pd.Timestamp],
    seen: tuple[pd.Timestamp, pd.Timestamp],
) -> pd.Series:
    between = joined <= later[0]
    if earlier is not None:
        between &= joined >= earlier[1]
    never = joined.isna() | (joined >= min(later[1], seen[1]))
    member = pd.Series(pd.NA, index=joined.index, dtype="boolean", name="member")
    return member.mask(between, True).mask(never, False)
