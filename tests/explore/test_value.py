"""The explorer of the return: hand-worked returns, the library's own, the truth, the callback."""

import pytest

from cmlib import explore, learn, value
from cmlib.errors import DoubleCountError, ParameterError
from cmlib.i18n import set_language
from cmlib.plot import describe


@pytest.fixture(scope="module")
def truth(brand):
    return learn.read_truth(brand, "three_rois")


def test_the_return_retained_is_the_one_planted(brand, truth):
    costs = brand.costs[(brand.costs["month"] >= "2024-07") & (brand.costs["month"] <= "2025-06")]
    bills = costs[costs["hours"] == 0]["amount_eur"].sum()
    hour = (truth["cost_eur"] - bills) / costs["hours"].sum()
    table = explore.roi_tornado(
        brand,
        effect=truth["effect_eur_month"],
        contacts=truth["contacts_avoided_month"],
        hour_cost=hour,
    )
    assert table["roi_base"].tolist() == pytest.approx([truth["roi_central"]] * 3, abs=0.002)


def test_each_end_is_worked_by_hand(brand, truth):
    table = explore.roi_tornado(brand, effect=10, effect_off=0.2, contacts_off=0, hour_off=0)
    effect = table[table["assumption"] == "Effect of joining"].iloc[0]
    one = truth["members"] * 12 * truth["margin_rate"]
    cost = table[table["assumption"] == "Cost of an hour"].iloc[0]["base"]
    contacts = 92 * 8 * 12
    assert effect["roi_low"] == pytest.approx((8 * one + contacts - cost) / cost, abs=0.001)
    assert effect["roi_high"] == pytest.approx((12 * one + contacts - cost) / cost, abs=0.001)
    assert table["span"].tolist()[1:] == [0, 0]


def test_the_panel_gives_the_planted_gap_and_effects(brand):
    planted = learn.read_truth(brand, "members_spend_more")
    found = value.compare_uplift(value.customer_panel(brand)).set_index("method")
    effects = found["effect_eur_month"]
    assert effects["naive"] == pytest.approx(planted["naive_gap_eur_month"], abs=0.01)
    assert effects["difference in differences"] == pytest.approx(planted["did_eur_month"], abs=0.01)
    assert effects["invitation (Wald)"] == pytest.approx(planted["wald_eur_month"], abs=0.01)
    true = planted["true_effect_eur_month"]
    holds = (found["low"] <= true) & (found["high"] >= true)
    assert holds.tolist() == [False, False, True, True]


def test_two_of_the_three_gains_count_the_same_problem(brand, truth):
    gains = value.gain_models(brand, effect=truth["effect_eur_month"], contacts=92)
    with pytest.raises(DoubleCountError, match="solved without the support desk"):
        value.total_value(list(gains.values()))
    total = value.total_value([gains["spending"], gains["contacts"]])["value_eur"].sum()
    assert total == pytest.approx((1 + truth["roi_central"]) * truth["cost_eur"], rel=0.001)


def test_the_chart_says_its_figures(brand):
    words = describe(explore.plot_before_after(value.customer_panel(brand)))
    assert "the distance is 8.9" in words


def test_moving_a_control_changes_the_return_and_the_ranking(brand):
    box = explore.roi_explorer(brand)
    before = box.said
    assert "Return retained: 12" in before and before.index("Effect") < before.index("Contacts")
    box.controls["effect"].value = 58
    assert "Return retained: 43" in box.said
    box.controls["effect"].value, box.controls["effect_off"].value = 9, 0
    assert box.said.index("Contacts") < box.said.index("Effect")
    assert 'alt="' in box.children[-1].value


def test_every_control_has_a_label_in_both_languages(brand):
    english = [c.description for c in explore.roi_explorer(brand).controls.values()]
    set_language("fr")
    french = [c.description for c in explore.roi_explorer(brand).controls.values()]
    assert all(english) and all(french)
    assert not set(english) & set(french)


@pytest.mark.parametrize("wrong", [-0.1, 1.5, 50])
def test_a_margin_of_error_is_a_share(brand, wrong):
    with pytest.raises(ParameterError, match="effect_off"):
        explore.roi_tornado(brand, effect=9, effect_off=wrong)
