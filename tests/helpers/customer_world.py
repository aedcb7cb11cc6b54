"""Customers and orders with a known effect of membership, for the tests of cmlib.value.

An affinity that no table shows drives both joining and spending. The invitation is drawn at
random and moves joining only. Members then spend a known share more than they would have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cmlib import data

START, OPENING, AFTER, END = (
    pd.Timestamp(day) for day in ("2024-01-01", "2024-07-01", "2024-08-01", "2025-02-01")
)
PERIODS = {"before": (START, OPENING), "after": (AFTER, END)}
UPLIFT_POSTERS, UPLIFT_LURKERS, TREND_EUR = 0.15, 0.06, 3.0


def shop(customers, orders, end=END):
    """Make a community out of the two tables, observed from `START` to `end`."""
    return data.community(customers=customers, orders=orders, start=START, end=end)


@dataclass(frozen=True)
class CustomerWorld:
    """The two tables and the truth: EUR a month, over members and over compliers."""

    customers: pd.DataFrame
    orders: pd.DataFrame
    effect_members: float
    effect_compliers: float


def make_customer_world(seed: int, customers: int = 1500, uplift: float = 1.0) -> CustomerWorld:
    rng = np.random.default_rng(seed)
    affinity = rng.normal(size=customers)
    tenure = np.exp(3 + 0.5 * affinity + rng.normal(0, 0.6, customers)).round().astype(int)
    base = 60 + 14 * affinity + rng.normal(0, 8, customers)
    base = base.clip(5)
    invited = rng.permutation(np.arange(customers) % 2 == 0)
    wish = affinity + rng.logistic(0, 1, customers)
    joins_alone, joins_invited = wish > 2.2, wish > 0.2
    joined = np.where(invited, joins_invited, joins_alone)
    poster = rng.random(customers) < 0.3
    effect = uplift * base * np.where(poster, UPLIFT_POSTERS, UPLIFT_LURKERS)

    months = pd.date_range(START, END, freq="MS", inclusive="left")
    is_after = months >= AFTER
    mean = base[:, None] + TREND_EUR * is_after + (effect * joined)[:, None] * is_after
    amount = mean * rng.gamma(6, 1 / 6, (customers, len(months)))
    owner, month = np.indices(amount.shape)
    days = rng.integers(0, 28, amount.size)
    orders = pd.DataFrame(
        {
            "order_id": np.arange(1, amount.size + 1),
            "customer_id": owner.ravel() + 1,
            "timestamp": months[month.ravel()] + pd.to_timedelta(days, unit="D"),
            "amount_eur": amount.ravel(),
            "margin_eur": 0.4 * amount.ravel(),
        }
    )
    joined_at = OPENING + pd.to_timedelta(rng.integers(0, 31, customers), unit="D")
    table = pd.DataFrame(
        {
            "customer_id": np.arange(1, customers + 1),
            "region": rng.choice(["north", "south", "west"], customers),
            "tenure_months": tenure,
            "spend_before_eur": amount[:, :6].mean(axis=1),
            "invited": invited,
            "joined_community_at": pd.Series(joined_at).where(joined),
        }
    )
    return CustomerWorld(
        customers=table,
        orders=orders,
        effect_members=float(effect[joined].mean()),
        effect_compliers=float(effect[joins_invited & ~joins_alone].mean()),
    )
