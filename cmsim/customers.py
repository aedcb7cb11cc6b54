"""Customers and orders: members spend more, but they did so before they joined.

A latent affinity drives both joining and spending (selection). Joining then adds a known
amount a month, more for those who write than for those who read. A randomised invitation
moves joining and nothing else, so it is an instrument for the effect.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmlib.messages import N_
from cmsim.draw import CONTRAST, ordinary_members, plain, to_seconds, to_times
from cmsim.stories import Story
from cmsim.world import World

__all__ = ["adoption_window", "make_customers"]

_REGIONS = {"capital": 0.28, "north": 0.16, "east": 0.17, "south": 0.21, "west": 0.18}
_REGION_EFFECT = {"capital": 0.18, "north": -0.08, "east": 0.0, "south": -0.04, "west": 0.03}


def adoption_window(world: World) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the full months in which spending is compared with the months before opening.

    The first third of the period, in which customers join, is left out; so is an incomplete
    last month.
    """
    first = world.start.to_period("M").to_timestamp()
    last = world.end.to_period("M").to_timestamp()
    months = max(2, (last.year - first.year) * 12 + last.month - first.month)
    return first + pd.DateOffset(months=max(1, months // 3)), last


def make_customers(world: World) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Make ``customers``, ``orders`` and the ``customer_id`` of ``members``.

    Returns
    -------
    tables : dict of str to DataFrame
        ``"customers"``, ``"orders"``, ``"members"``.
    truth : dict
        ``"parameters"``, ``"stories"`` and ``"labels"``.
    """
    settings = world.preset["customers"]
    rng = world.rng("customers")
    after_from, after_to = adoption_window(world)
    people = _joiners(world, rng, settings, after_from)
    base = _customers(rng, settings, len(people))
    base["joined_at"] = pd.Series(pd.NaT, index=base.index, dtype="datetime64[s]")
    rows = rng.permutation(np.flatnonzero(base["joined"]))
    base.loc[rows, "joined_at"] = people["joined_at"].to_numpy()
    base["poster"] = False
    base.loc[rows, "poster"] = people["poster"].to_numpy()
    member_mean = base.loc[base["joined"], "before"].mean()
    effect = np.where(base["poster"], settings["uplift_posters"], settings["uplift_lurkers"])
    base["effect"] = np.round(effect * member_mean, 2)
    noise = pd.Series(rng.normal(0, settings["noise"], len(base)) * base["before"])
    # Chance must not move the story: within each group the noise adds up to nothing.
    noise -= noise.groupby([base["joined"], base["invited"]]).transform("mean")
    untreated = base["before"] + settings["trend_eur"] + noise
    base["after"] = (untreated + base["effect"] * base["joined"]).clip(lower=1).round(2)

    customers = pd.DataFrame(
        {
            "customer_id": np.arange(1, len(base) + 1),
            "region": base["region"],
            "tenure_months": base["tenure"],
            "spend_before_eur": base["before"],
            "invited": base["invited"],
            "joined_community_at": base["joined_at"],
        }
    )
    members = world.members.copy()
    links = pd.Series(pd.NA, index=members.index, dtype="Int64")
    links.iloc[people["row"].to_numpy()] = customers["customer_id"].to_numpy()[rows]
    members["customer_id"] = links
    orders = _orders(world, rng, base, settings)
    tables = {"customers": customers, "orders": orders, "members": members}
    return tables, _truth(world, base, after_from, after_to, settings)


def _joiners(
    world: World, rng: np.random.Generator, settings: dict[str, Any], before: pd.Timestamp
) -> pd.DataFrame:
    """Choose the members who are customers: a quarter of them writes, the others read."""
    members, latent = world.members, world.latent["members"]
    able = ordinary_members(world) & (members["joined_at"] < before).to_numpy()
    able &= ~latent["troll"].to_numpy(dtype=bool)
    poster = latent["poster"].to_numpy(dtype=bool)
    writers = np.flatnonzero(able & poster)
    readers = np.flatnonzero(able & ~poster)
    share = settings["posters_share"]
    wanted = min(settings["joined"], int(len(writers) / share), int(len(readers) / (1 - share)))
    n_writers = round(wanted * share)
    rows = np.concatenate(
        [
            rng.permutation(writers)[:n_writers],
            rng.permutation(readers)[: wanted - n_writers],
        ]
    )
    rows.sort()
    joined_at = members["joined_at"].to_numpy()[rows]
    return pd.DataFrame({"row": rows, "joined_at": joined_at, "poster": poster[rows]})


def _customers(rng: np.random.Generator, settings: dict[str, Any], joined: int) -> pd.DataFrame:
    low, high = settings["join_not_invited"], settings["join_invited"]
    half = round(joined / (low + high))
    rows = 2 * half
    region = rng.choice(list(_REGIONS), size=rows, p=list(_REGIONS.values()))
    tenure = np.round(np.exp(rng.normal(3.1, 0.7, rows))).clip(1, 120).astype(int)
    affinity = 0.75 * (np.log(tenure) - 3.1) / 0.7 + 0.66 * rng.normal(size=rows)
    effect = pd.Series(region).map(_REGION_EFFECT).to_numpy()
    shape = 0.5 * affinity + effect + rng.normal(0, 0.3, rows)
    invited = _balanced_draw(rng, shape)
    wish = affinity + 0.75 * rng.normal(size=rows)
    asked, others = np.flatnonzero(invited), np.flatnonzero(~invited)
    n_asked = round(half * high)
    keen_asked = asked[np.argsort(-wish[asked], kind="stable")][:n_asked]
    keen_others = others[np.argsort(-wish[others], kind="stable")][: joined - n_asked]
    is_joined = np.zeros(rows, dtype=bool)
    is_joined[keen_asked] = is_joined[keen_others] = True
    spend = _spend_with_ratio(shape, is_joined, settings["ratio_before"])
    spend *= settings["others_spend_eur"] / spend[~is_joined].mean()
    # A complier joins when invited and not otherwise: the wish lies between the two thresholds.
    least_asked, least_others = wish[keen_asked].min(), wish[keen_others].min()
    return pd.DataFrame(
        {
            "region": region,
            "tenure": tenure,
            "invited": invited,
            "joined": is_joined,
            "complier": is_joined & invited & (wish >= least_asked) & (wish < least_others),
            "before": spend.round(2),
        }
    )


def _balanced_draw(rng: np.random.Generator, shape: np.ndarray) -> np.ndarray:
    """Invite one customer of each pair of similar spending, drawn at random.

    The draw is made again a few hundred times and the best balanced one is kept
    (rerandomisation), so that the two halves spent alike before.
    """
    order = np.argsort(shape, kind="stable")
    first, second = order[0::2], order[1::2]
    gap = np.exp(shape[first]) - np.exp(shape[second])
    signs = rng.choice([-1.0, 1.0], size=(400, len(gap)))
    best = signs[np.argmin(np.abs(signs @ gap))] > 0
    invited = np.zeros(len(shape), dtype=bool)
    invited[np.where(best, first, second)] = True
    return invited


def _spend_with_ratio(shape: np.ndarray, joined: np.ndarray, ratio: float) -> np.ndarray:
    """Return exp(k * shape), k such that those who joined spend `ratio` times the others."""
    low, high = 0.0, 4.0
    for _step in range(60):
        middle = (low + high) / 2
        spend = np.exp(middle * shape)
        if spend[joined].mean() / spend[~joined].mean() < ratio:
            low = middle
        else:
            high = middle
    return np.exp(high * shape)


def _orders(
    world: World, rng: np.random.Generator, base: pd.DataFrame, settings: dict[str, Any]
) -> pd.DataFrame:
    after_from, after_to = adoption_window(world)
    month = 365.25 / 12 * 86400
    start, end = to_seconds(world.start), to_seconds(world.end)
    switch, stop = to_seconds(after_from), to_seconds(after_to)
    months = (after_to.year - after_from.year) * 12 + after_to.month - after_from.month
    joined_s = base["joined_at"].fillna(after_from).to_numpy().astype("datetime64[s]").astype(int)
    early = (base["before"] + settings["trend_eur"]) * (switch - start) / month
    early += base["effect"] * base["joined"] * (switch - joined_s).clip(0) / month
    late = base["after"] * (end - stop) / month
    parts = [
        _split(rng, base, early.to_numpy(), start, switch, settings),
        _split(rng, base, base["after"].to_numpy() * months, switch, stop, settings, at_least=1),
        _split(rng, base, late.to_numpy(), stop, end, settings),
    ]
    orders = pd.concat(parts, ignore_index=True)
    order = np.lexsort((orders["customer_id"].to_numpy(), orders["timestamp"].to_numpy()))
    orders = orders.iloc[order].reset_index(drop=True)
    rate = rng.normal(settings["margin_rate"], 0.04, len(orders)).clip(0.1, 0.8)
    orders["margin_eur"] = (orders["amount_eur"] * rate).round(2)
    orders.insert(0, "order_id", np.arange(1, len(orders) + 1))
    return orders


def _split(
    rng: np.random.Generator,
    base: pd.DataFrame,
    totals: np.ndarray,
    start: int,
    end: int,
    settings: dict[str, Any],
    at_least: int = 0,
) -> pd.DataFrame:
    """Split each customer's total into orders that add up to it to the cent."""
    counts = rng.poisson(totals / settings["basket_eur"]).clip(at_least)
    owner = np.repeat(np.arange(len(base)), counts)
    weight = rng.gamma(4.0, size=len(owner))
    total_weight = np.bincount(owner, weights=weight, minlength=len(base))
    running = np.cumsum(weight)
    before = np.concatenate([[0.0], np.cumsum(total_weight)])[:-1]
    cents = np.round(totals * 100)[owner] * (running - before[owner]) / total_weight[owner]
    cents = np.round(cents).astype("int64")
    first = np.concatenate([[True], owner[1:] != owner[:-1]]) if len(owner) else np.zeros(0, bool)
    amount = np.diff(cents, prepend=0)
    amount[first] = cents[first]
    days = rng.integers(0, max(1, (end - start) // 86400), len(owner))
    hours = rng.triangular(6, 17, 22, len(owner))
    return pd.DataFrame(
        {
            "customer_id": owner + 1,
            "timestamp": to_times(start + days * 86400 + hours * 3600),
            "amount_eur": np.maximum(amount, 1) / 100,
        }
    )


def _truth(
    world: World,
    base: pd.DataFrame,
    after_from: pd.Timestamp,
    after_to: pd.Timestamp,
    settings: dict[str, Any],
) -> dict[str, Any]:
    joined = base["joined"]
    before, after = base["before"], base["after"]
    naive = after[joined].mean() - after[~joined].mean()
    gap_before = before[joined].mean() - before[~joined].mean()
    invited = base["invited"]
    lift = after[invited].mean() - after[~invited].mean()
    lift -= before[invited].mean() - before[~invited].mean()
    moved = joined[invited].mean() - joined[~invited].mean()
    value = {
        "customers": len(base),
        "joined": int(joined.sum()),
        "after_from": str(after_from.date()),
        "after_until_excluded": str(after_to.date()),
        "months_after": (after_to.year - after_from.year) * 12 + after_to.month - after_from.month,
        "ratio_before": round(before[joined].mean() / before[~joined].mean(), 3),
        "ratio_after": round(after[joined].mean() / after[~joined].mean(), 3),
        "naive_gap_eur_month": round(naive, 2),
        "did_eur_month": round(naive - gap_before, 2),
        "wald_eur_month": round(lift / moved, 2),
        "true_effect_eur_month": round(float(base.loc[joined, "effect"].mean()), 2),
        "true_effect_compliers_eur_month": round(
            float(base.loc[base["complier"], "effect"].mean()), 2
        ),
        "true_uplift_posters": settings["uplift_posters"],
        "true_uplift_lurkers": settings["uplift_lurkers"],
    }
    story = Story(
        id="members_spend_more",
        pack=world.preset.name,
        title=N_("Members spend more, but they already did before joining"),
        see=N_(
            "Compare spend_before_eur with orders a month over the months after, for those who "
            "joined and the others: most of the gap was there before. The difference of "
            "differences is close to the true effect; so is the invitation used as an instrument."
        ),
        value=plain(value),
        placed=CONTRAST,
    )
    labels = base[["joined", "complier", "poster", "effect", "after"]].copy()
    labels.insert(0, "customer_id", np.arange(1, len(base) + 1))
    labels = labels.rename(columns={"effect": "effect_eur_month", "after": "spend_after_eur"})
    return {"stories": [story], "labels": {"customers": labels}}
