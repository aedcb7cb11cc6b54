"""What the community costs, and how its manager's week is spent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.messages import N_
from cmsim.customers import adoption_window, make_customers
from cmsim.draw import EXACT, plain, to_seconds, to_times
from cmsim.stories import Story
from cmsim.world import World

__all__ = ["make_business"]

_ITEMS = {  # share of the cost; hours for one euro
    "salaries": (0.66, 1 / 28),
    "tools": (0.12, 0.0),
    "moderation": (0.10, 1 / 24),
    "events and contests": (0.09, 0.0),
    "training": (0.03, 1 / 60),
}
# Assumptions of the scenarios: the benefit beside margin, and what the cautious one keeps.
_CONTACT_EUR, _OTHER_BENEFIT = 8.0, 0.46
_CENTRAL_ROI = 0.11
_CAUTIOUS_EFFECT, _CAUTIOUS_CONTACTS = 0.5, 0.4
_MANUAL_MIN, _AUTOMATABLE_MIN = 690, 240
_OFF_HOURS_SHARE = 0.14
_TASKS = {
    True: ("copy figures", "monthly report", "tag messages", "schedule posts"),
    False: ("answer members", "moderate", "write content", "prepare event", "meetings"),
}


def make_business(world: World) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Make ``costs`` and ``time_log``.

    Returns
    -------
    tables : dict of str to DataFrame
    truth : dict
        ``"stories"``.
    """
    costs, roi = _costs(world)
    log, load = _time_log(world)
    return {"costs": costs, "time_log": log}, {"stories": [roi, load]}


def _costs(world: World) -> tuple[pd.DataFrame, Story]:
    rng = world.rng("costs")
    tables, truth = make_customers(world)
    found = truth["stories"][0].value
    orders = tables["orders"]
    margin = float(orders["margin_eur"].sum() / orders["amount_eur"].sum())
    months, joined = found["months_after"], found["joined"]
    from_members = found["did_eur_month"] * joined * margin * months
    contacts = round(_OTHER_BENEFIT * from_members / months / _CONTACT_EUR)
    from_contacts = contacts * _CONTACT_EUR * months
    total = (from_members + from_contacts) / (1 + _CENTRAL_ROI)

    period = pd.period_range(world.start, world.end - pd.Timedelta(seconds=1), freq="M")
    after_from, after_to = adoption_window(world)
    inside = (period.start_time >= after_from) & (period.start_time < after_to)
    weight = np.linspace(0.95, 1.05, len(period))
    share = np.array([one for one, _hours in _ITEMS.values()])
    jitter = rng.normal(1.0, 0.06, (len(period), len(share)))
    amount = weight[:, None] * share * np.where(share == share.max(), 1.0, jitter)
    days = (np.minimum(period.end_time, world.end) - period.start_time).days + 1
    partial = np.minimum(days / period.days_in_month, 1.0)
    amount = amount * np.asarray(partial)[:, None]
    amount *= total / amount[inside].sum()
    costs = pd.DataFrame(
        {
            "month": np.repeat(period.astype(str).to_numpy(dtype=object), len(share)),
            "item": np.tile(np.array(list(_ITEMS), dtype=object), len(period)),
            "amount_eur": amount.round(2).ravel(),
        }
    )
    rate = costs["item"].map({name: hours for name, (_share, hours) in _ITEMS.items()})
    costs["hours"] = (costs["amount_eur"] * rate).round(1)
    spent = float(costs.loc[np.repeat(inside, len(share)), "amount_eur"].sum())
    naive = from_members * found["naive_gap_eur_month"] / found["did_eur_month"]
    cautious = _CAUTIOUS_EFFECT * from_members + _CAUTIOUS_CONTACTS * from_contacts
    story = Story(
        id="three_rois",
        pack=world.preset.name,
        title=N_("One community, three returns on investment"),
        see=N_(
            "Benefits: effect a month x members x months x margin rate, plus contacts avoided x "
            "cost of a contact; costs of the same months. Cautious: half the effect and 40 % of "
            "the contacts. Naive: the gap between members and others instead of the effect."
        ),
        value=plain(
            {
                "months": months,
                "cost_eur": round(spent, 2),
                "effect_eur_month": found["did_eur_month"],
                "members": joined,
                "margin_rate": round(margin, 4),
                "contacts_avoided_month": contacts,
                "contact_eur": _CONTACT_EUR,
                "roi_cautious": round(cautious / spent - 1, 3),
                "roi_central": round((from_members + from_contacts) / spent - 1, 3),
                "roi_naive": round((naive + from_contacts) / spent - 1, 3),
            }
        ),
        placed=EXACT,
    )
    return costs, story


def _time_log(world: World) -> tuple[pd.DataFrame, Story]:
    """Log whole weeks from Monday: exact minutes by kind, exact share off hours."""
    rng = world.rng("time_log")
    monday = world.start + pd.Timedelta(days=(7 - world.start.day_of_week) % 7)
    weeks = (world.end - monday).days // 7
    parts = []
    for automatable in (True, False):
        mean = _AUTOMATABLE_MIN if automatable else _MANUAL_MIN - _AUTOMATABLE_MIN
        totals = np.round(mean * (1 + 0.15 * np.sin(np.arange(weeks) * 2.4))).astype(int)
        totals[: abs(int(mean * weeks - totals.sum()))] += np.sign(mean * weeks - totals.sum())
        count = 6 if automatable else 11
        cuts = np.cumsum(rng.gamma(6.0, size=(weeks, count)), axis=1)
        ends = np.round(cuts / cuts[:, -1:] * totals[:, None]).astype(int)
        minutes = np.diff(ends, axis=1, prepend=0)
        parts.append(
            pd.DataFrame(
                {
                    "week": np.repeat(np.arange(weeks), count),
                    "task": rng.choice(_TASKS[automatable], size=weeks * count),
                    "minutes": minutes.ravel(),
                    "automatable": automatable,
                }
            )
        )
    log = pd.concat(parts, ignore_index=True)
    off = _some_of(rng, log["minutes"].to_numpy(), _OFF_HOURS_SHARE)
    rows = len(log)
    evening = rng.random(rows) < 0.6
    # Office hours 7:00 to 16:00 UTC; evenings from 19:00 UTC: the same in UTC and in France.
    hour = np.where(off & evening, rng.uniform(19.0, 20.9, rows), rng.uniform(7.0, 15.9, rows))
    day = np.where(off & ~evening, rng.integers(5, 7, rows), rng.integers(0, 5, rows))
    seconds = to_seconds(monday) + (log["week"].to_numpy() * 7 + day) * 86400 + hour * 3600
    log.insert(0, "started_at", to_times(seconds // 300 * 300))
    log = log.drop(columns="week").sort_values(["started_at", "task"], kind="stable")
    log = log.reset_index(drop=True)
    start = log["started_at"]
    off_hours = (start.dt.day_of_week >= 5) | (start.dt.hour >= 18)
    minutes = log["minutes"]
    story = Story(
        id="manual_work",
        pack=world.preset.name,
        title=N_("A day and a half a week done by hand, a third of which a machine could do"),
        see=N_(
            "Minutes of time_log divided by the number of weeks; the part that is automatable; "
            "the part started on a Saturday, a Sunday or from 18:00 (UTC)."
        ),
        value=plain(
            {
                "weeks": weeks,
                "hours_a_week": round(float(minutes.sum()) / 60 / weeks, 2),
                "automatable_hours_a_week": round(
                    float(minutes[log["automatable"]].sum()) / 60 / weeks, 2
                ),
                "off_hours_share": round(float(minutes[off_hours].sum() / minutes.sum()), 4),
            }
        ),
        placed=EXACT,
    )
    return log, story


def _some_of(rng: np.random.Generator, minutes: np.ndarray, share: float) -> np.ndarray:
    """Return rows, drawn at random, that hold the given share of the minutes."""
    order = rng.permutation(len(minutes))
    taken = np.cumsum(minutes[order]) <= share * minutes.sum()
    chosen = np.zeros(len(minutes), dtype=bool)
    chosen[order[taken]] = True
    return chosen
