"""What the prose of module 14 says, computed again from the data it speaks of."""

import pytest

from cmlib import data, learn, value


@pytest.fixture(scope="module")
def lesson():
    brand = data.load("brand")
    orders = brand.orders
    year = orders[(orders["timestamp"] >= "2024-07-01") & (orders["timestamp"] < "2025-07-01")]
    costs = brand.costs[(brand.costs["month"] >= "2024-07") & (brand.costs["month"] <= "2025-06")]
    spent = year.groupby("customer_id")["amount_eur"].sum() / 12
    customers = brand.customers.merge(spent, on="customer_id", how="left")
    customers["member"] = customers["joined_community_at"].notna()
    customers["change"] = customers["amount_eur"] - customers["spend_before_eur"]
    margin = year["margin_eur"].sum() / year["amount_eur"].sum()
    effects = value.compare_uplift(value.customer_panel(brand)).set_index("method")
    return {
        "brand": brand,
        "customers": customers,
        "costs": costs,
        "cost": costs["amount_eur"].sum(),
        "each": customers["member"].sum() * 12 * margin,
        "revenue": customers["member"].sum() * 12,
        "contacts": 92 * 8 * 12,
        "effects": effects,
    }


def returned(lesson, effect, *, each="each", contacts=1.0, cost=None):
    cost = lesson["cost"] if cost is None else cost
    return (effect * lesson[each] + contacts * lesson["contacts"] - cost) / cost


def effect(lesson, method):
    return lesson["effects"].loc[method, "effect_eur_month"]


def test_members_spend_about_twice_and_nearly_did_before(lesson):
    means = lesson["customers"].groupby("member")[["spend_before_eur", "amount_eur"]].mean()
    ratio = means.loc[True] / means.loc[False]
    assert 1.9 < ratio["amount_eur"] < 2.1 and 1.7 < ratio["spend_before_eur"] < 1.9
    assert lesson["customers"]["amount_eur"].notna().all()


def test_the_hand_made_effects_are_those_of_the_library(lesson):
    change = lesson["customers"].groupby("member")["change"].mean()
    assert change[True] - change[False] == pytest.approx(
        effect(lesson, "difference in differences")
    )
    drawn = lesson["customers"].groupby("invited")[["spend_before_eur", "member", "change"]].mean()
    wald = (drawn["change"][True] - drawn["change"][False]) / (
        drawn["member"][True] - drawn["member"][False]
    )
    assert wald == pytest.approx(effect(lesson, "invitation (Wald)"))
    # “At the start, both halves should be alike”, and half of the customers were drawn.
    assert drawn["spend_before_eur"][True] == pytest.approx(drawn["spend_before_eur"][False], 0.01)
    assert lesson["customers"]["invited"].mean() == pytest.approx(0.5, abs=0.01)


def test_the_three_scenarios_are_those_of_the_truth(lesson):
    truth = learn.read_truth(lesson["brand"], "three_rois")
    did = effect(lesson, "difference in differences")
    assert returned(lesson, did / 2, contacts=0.4) == pytest.approx(
        truth["roi_cautious"], abs=0.005
    )
    assert returned(lesson, did) == pytest.approx(truth["roi_central"], abs=0.005)
    assert returned(lesson, effect(lesson, "naive")) == pytest.approx(truth["roi_naive"], abs=0.005)


def test_the_two_first_answers_promise_more_than_twice_the_cost_and_the_two_last_little(lesson):
    returns = [returned(lesson, one) for one in lesson["effects"]["effect_eur_month"]]
    assert min(returns[:2]) > 2 and max(returns[2:]) < 0.2 and min(returns[2:]) > 0


def test_the_salary_announced_changes_the_sign(lesson):
    costs, did = lesson["costs"], effect(lesson, "difference in differences")
    jobs = data.load_table("profession")
    pay = jobs[jobs["figure"] == "gross salary a year"].set_index("category")["value"]
    bills = costs[costs["hours"] == 0]["amount_eur"].sum()
    full = bills + costs["hours"].sum() * pay * 1.42 / 1607
    signs = {name: returned(lesson, did, cost=cost) > 0 for name, cost in full.items()}
    assert signs == {"low": True, "median": True, "high": False}
    assert costs[costs["hours"] > 0]["amount_eur"].sum() > lesson["cost"] / 2  # mostly time


def test_revenue_gives_a_return_more_than_ten_times_ours(lesson):
    did = effect(lesson, "difference in differences")
    assert returned(lesson, did, each="revenue") > 10 * returned(lesson, did)


def test_sixty_four_contacts_pay_for_the_community_and_sixty_three_do_not(lesson):
    did = effect(lesson, "difference in differences")
    assert returned(lesson, did, contacts=64 / 92) > 0 > returned(lesson, did, contacts=63 / 92)


def test_the_campaign_pays_with_one_lifetime_value_only():
    first = value.ltv_from_t0(margin_eur=60, retention=0.70, discount=0.10)
    second = value.ltv_from_t1(margin_eur=60, retention=0.70, discount=0.10)
    assert first > 120 > second


def test_the_answers_counted_twice_are_those_the_trainer_reads(lesson):
    gains = value.gain_models(lesson["brand"], effect=1, contacts=92)
    assert gains["answers"].value_eur == 418 * 8
