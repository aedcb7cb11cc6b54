"""Worked figures, definitions, errors and laws of the value models."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from cmlib.data import community
from cmlib.errors import ColumnError, ParameterError, TableError
from cmlib.i18n import use_language
from cmlib.value import (
    SALARY_EUR,
    advocacy_value,
    answer_value,
    deflected_contacts,
    deflection_from_survey,
    deflection_value,
    full_cost,
    hour_cost,
    idea_value,
    ltv_from_t0,
    ltv_from_t1,
    ltv_over,
    net_promoter_score,
)
from cmlib.value.cost import employer_cost

FUNNEL = {"visits": 100_000, "came_for_support": 0.43, "resolved": 0.65}
SURVEY = {"asked": 400, "came_for_support": 172, "resolved": 112, "would_have_contacted": 10}
shares = st.floats(0, 1)


# ---- support and answers --------------------------------------------------------------------


def test_deflection_worked_figures():
    assert deflected_contacts(**FUNNEL, would_have_contacted=0.09) == pytest.approx(2515.5)
    assert deflection_value(
        **FUNNEL, would_have_contacted=0.09, cost_per_contact_eur=8
    ) == pytest.approx(20_124)
    # As the vendor prints them, 0.43 % and 0.65 %, the shares give a quarter of a contact.
    printed = deflected_contacts(
        visits=100_000, came_for_support=0.0043, resolved=0.0065, would_have_contacted=0.09
    )
    assert printed == pytest.approx(0.25, abs=0.002)


def test_deflection_survey_worked_figure():
    """Point 2,500; 90 % interval 1,523 to 4,131, found with uniform-prior Beta posteriors."""
    result = deflection_from_survey(visits=100_000, **SURVEY)
    assert (result.value, result.n, result.level) == (2500, 400, 0.90)
    assert result.low == pytest.approx(1523, abs=4)
    assert result.high == pytest.approx(4131, abs=8)
    euros = result.times(8, unit="EUR")
    assert (euros.value, euros.unit) == (20_000, "EUR")
    assert euros.low == pytest.approx(8 * result.low)


def test_deflection_survey_is_close_to_a_single_binomial():
    """Ten of 400 in one step: Wilson's interval (statsmodels) is within 2 % of ours."""
    low, high = proportion_confint(10, 400, alpha=0.10, method="wilson")
    result = deflection_from_survey(visits=100_000, **SURVEY)
    assert result.low == pytest.approx(100_000 * low, rel=0.02)
    assert result.high == pytest.approx(100_000 * high, rel=0.02)


def test_deflection_survey_interval_covers():
    """Three hundred simulated surveys of known shares, with a binomial tolerance."""
    rng = np.random.default_rng(4)
    truth, covered = 0.43 * 0.65 * 0.09 * 100_000, 0
    for seed in range(300):
        came = rng.binomial(400, 0.43)
        solved = rng.binomial(came, 0.65)
        would = rng.binomial(solved, 0.09)
        result = deflection_from_survey(
            visits=100_000,
            asked=400,
            came_for_support=came,
            resolved=solved,
            would_have_contacted=would,
            seed=seed,
        )
        covered += result.low <= truth <= result.high
    low, high = stats.binom.ppf([0.001, 0.999], 300, 0.90)
    assert low <= covered <= high


def test_deflection_survey_with_an_empty_stage_is_missing():
    empty = SURVEY | {"came_for_support": 0, "resolved": 0, "would_have_contacted": 0}
    result = deflection_from_survey(visits=100_000, **empty)
    assert math.isnan(result.value) and math.isnan(result.low) and result.n == 400


def test_deflection_survey_depends_on_its_seed_only():
    again = [deflection_from_survey(visits=1000, **SURVEY, seed=s).low for s in (1, 1, 2)]
    assert again[0] == again[1] != again[2]


def test_answers_worked_figures():
    plain = answer_value(answers=100, value_per_answer_eur=15)
    assert (plain.total_eur, plain.networked_eur, plain.multiplier) == (1500, 0, 1)
    searched = answer_value(answers=100, value_per_answer_eur=15, searches_found=3000)
    assert (searched.total_eur, searched.direct_eur, searched.multiplier) == (46_500, 1500, 31)
    assert math.isnan(answer_value(answers=0, value_per_answer_eur=15).multiplier)


# ---- lifetime, advocacy, ideas --------------------------------------------------------------


def test_lifetime_worked_figures():
    assert ltv_from_t0(margin_eur=60, retention=0.70, discount=0.10) == pytest.approx(165)
    assert ltv_from_t0(margin_eur=60, retention=0.75, discount=0.10) == pytest.approx(
        188.6, abs=0.03
    )
    assert ltv_from_t1(margin_eur=60, retention=0.70, discount=0.10) == pytest.approx(105)


def test_lifetime_without_end_is_missing():
    assert math.isnan(ltv_from_t0(margin_eur=60, retention=1, discount=0))
    assert math.isnan(ltv_from_t1(margin_eur=60, retention=1, discount=0))
    assert ltv_over(margin_eur=60, retention=1, discount=0, periods=3) == 180


def test_advocacy_and_ideas_worked_figures():
    ltv = ltv_from_t0(margin_eur=60, retention=0.70, discount=0.10)
    value = advocacy_value(
        referred_customers=48,
        incremental_share=0.6,
        lifetime_value_eur=ltv,
        referred_premium=0.16,
        reward_eur=25,
    )
    assert value == pytest.approx(4312.32)
    nobody_new = advocacy_value(
        referred_customers=48, incremental_share=0, lifetime_value_eur=ltv, reward_eur=25
    )
    assert nobody_new == -1200
    assert (
        idea_value(ideas=200, adopted_share=0.04, margin_per_idea_eur=6000, attribution=0.25)
        == 12_000
    )


# ---- cost -----------------------------------------------------------------------------------


def test_salary_of_the_trade_and_employer_charges():
    assert dict(SALARY_EUR) == {"low": 24_250, "median": 29_000, "high": 40_410}
    assert employer_cost(gross_salary_eur=29_000, employer_charges=0.42) == pytest.approx(41_180)
    assert hour_cost(gross_salary_eur=29_000, employer_charges=0.42) == pytest.approx(41_180 / 1607)
    assert math.isnan(hour_cost(gross_salary_eur=29_000, employer_charges=0.4, hours_a_year=0))
    with pytest.raises(TypeError, match="employer_charges"):
        employer_cost(gross_salary_eur=29_000)


def test_full_cost_prices_unbilled_hours_once():
    costs = pd.DataFrame(
        {
            "month": ["2025-01", "2025-01", "2025-02", "2025-02"],
            "item": ["salary", "volunteers", "platform", "volunteers"],
            "amount_eur": [2500.0, 0.0, 300.0, 0.0],
            "hours": [100.0, 20.0, 0.0, 28.0],
        }
    )
    kept = costs.copy()
    expected = pd.DataFrame(
        {
            "item": ["salary", "volunteers", "platform"],
            "billed_eur": [2500.0, 0.0, 300.0],
            "unbilled_hours": [0.0, 48.0, 0.0],
            "unbilled_eur": [0.0, 1200.0, 0.0],
            "total_eur": [2500.0, 1200.0, 300.0],
            "share": [0.625, 0.3, 0.075],
        }
    )
    pd.testing.assert_frame_equal(full_cost(costs, hour_cost_eur=25), expected)
    pd.testing.assert_frame_equal(costs, kept)
    empty = full_cost(costs.head(0), hour_cost_eur=25)
    assert empty.columns.to_list() == expected.columns.to_list() and len(empty) == 0
    free = full_cost(costs.assign(amount_eur=0.0), hour_cost_eur=0)
    assert free["share"].isna().all()
    with pytest.raises(ColumnError, match="Did you mean 'hour'"):
        full_cost(costs.rename(columns={"hours": "hour"}), hour_cost_eur=25)
    with pytest.raises(ColumnError, match=r"'hours' holds str, not numbers.*pd\.to_numeric"):
        full_cost(costs.assign(hours="some"), hour_cost_eur=25)


def test_full_cost_of_a_community_is_that_of_its_months(engine):
    months = ["2024-12", "2025-01", "2025-02", "2025-03"]
    costs = pd.DataFrame({"month": months, "item": "platform", "amount_eur": [1.0, 10, 100, 1000]})
    table = engine.give(costs.assign(hours=[0.0, 0, 0, 2]))
    assert full_cost(table, hour_cost_eur=25)["billed_eur"].to_list() == [1111]
    # nothing says what is reported: neither a bound nor a log
    assert full_cost(community(costs=table), hour_cost_eur=25)["billed_eur"].to_list() == [1111]
    shop = community(costs=table, start="2025-01-01", end="2025-03-15", tz="Europe/Paris")
    assert full_cost(shop, hour_cost_eur=25)["billed_eur"].to_list() == [1110]
    # a view that ends at local midnight does not touch the next month
    january = shop.view(end="2025-02-01")
    assert full_cost(january, hour_cost_eur=25)["billed_eur"].to_list() == [10]
    cut = shop.view(start="2025-02-20")
    assert full_cost(cut, hour_cost_eur=25)["billed_eur"].to_list() == [1100]


# ---- net promoter score ---------------------------------------------------------------------


def test_nps_worked_figure():
    """100 answers, a score of 30: about fifteen points either way."""
    answers = pd.DataFrame({"nps": [9] * 50 + [7] * 30 + [6] * 20})
    result = net_promoter_score(answers)
    se = 100 * math.sqrt((0.5 + 0.2 - 0.3**2) / 100)
    assert result.value == pytest.approx(30)
    assert result.high - result.value == pytest.approx(1.959964 * se, rel=1e-6)
    assert result.value - result.low == pytest.approx(15, abs=0.5)
    assert result.n == 100


def test_nps_standard_error_is_that_of_the_mean_of_minus_one_zero_one():
    rng = np.random.default_rng(1)
    answers = pd.Series(rng.integers(0, 11, 400))
    marks = np.where(answers >= 9, 1, np.where(answers <= 6, -1, 0))
    result = net_promoter_score(answers.to_frame("nps"), level=0.6826895)
    assert result.value == pytest.approx(100 * marks.mean())
    assert result.high - result.value == pytest.approx(100 * marks.std() / 20, rel=1e-5)


def test_nps_limits_and_missing_answers():
    answers = pd.DataFrame({"nps": pd.array([10, 9, None], dtype="Int64")})
    result = net_promoter_score(answers)
    assert (result.value, result.low, result.high, result.n) == (100, 100, 100, 2)
    nobody = net_promoter_score(answers.head(0))
    assert math.isnan(nobody.value) and nobody.n == 0
    with pytest.raises(TableError, match="0 to 10"):
        net_promoter_score(pd.DataFrame({"nps": [11]}))
    with pytest.raises(ColumnError, match="Did you mean 'NPS'"):
        net_promoter_score(pd.DataFrame({"NPS": [10]}))
    with pytest.raises(TableError, match=r"nps: 6\.5 is not accepted\. The answers are whole"):
        net_promoter_score(pd.DataFrame({"nps": [9, 6.5]}))
    with pytest.raises(ColumnError, match="'nps' holds str, not numbers"):
        net_promoter_score(pd.DataFrame({"nps": ["10", "very"]}))
    unanswered = net_promoter_score(pd.DataFrame({"nps": [None, None]}))
    assert math.isnan(unanswered.value) and unanswered.n == 0


def test_nps_of_a_community_counts_those_who_count_in_its_period(engine):
    answers = pd.DataFrame(
        {
            "member_id": [1, 2, 3, 4],
            "timestamp": pd.to_datetime(
                ["2025-01-10", "2025-01-31 23:30", "2025-02-10", "2025-02-11"], format="ISO8601"
            ),
            "nps": [10, 0, 9, 0],
        }
    )
    members = pd.DataFrame({"member_id": [1, 2, 3, 4], "role": ["member"] * 3 + ["bot"]})
    tables = {"surveys": engine.give(answers), "members": engine.give(members)}
    assert net_promoter_score(tables["surveys"]).n == 4
    paris = community(**tables, tz="Europe/Paris")
    assert net_promoter_score(paris).n == 3
    assert net_promoter_score(paris.view(without=None)).n == 4
    # Trap Z: 23:30 UTC on January 31st is February in Paris
    february = net_promoter_score(paris.view(start="2025-02-01"))
    assert (february.n, february.value) == (2, 0)
    undated = {**tables, "surveys": engine.give(answers.drop(columns="timestamp"))}
    assert net_promoter_score(community(**undated)).n == 3


# ---- errors ---------------------------------------------------------------------------------


def test_percentages_are_caught_by_name():
    with pytest.raises(ParameterError, match=r"43% is written 0\.43\. If you meant 65%"):
        deflected_contacts(visits=10, came_for_support=0.4, resolved=65, would_have_contacted=0.1)
    with pytest.raises(ParameterError, match=r"retention=-0\.1 .* Give a share between 0 and 1"):
        ltv_from_t0(margin_eur=60, retention=-0.1, discount=0.1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ltv_from_t0(margin_eur="a", retention=0.5, discount=0.1), "Give a number"),
        (lambda: ltv_from_t0(margin_eur=math.nan, retention=0.5, discount=0.1), "Give a number"),
        (lambda: ltv_from_t0(margin_eur=1, retention=0.5, discount=-0.1), "from 0 up"),
        (lambda: ltv_over(margin_eur=1, retention=0.5, discount=0, periods=0), "from 1 up"),
        (lambda: ltv_over(margin_eur=1, retention=0.5, discount=0, periods=1.5), "whole number"),
        (lambda: answer_value(answers=-1, value_per_answer_eur=1), "answers=-1"),
        (
            lambda: deflection_from_survey(visits=10, **(SURVEY | {"resolved": 173})),
            "resolved=173 is more than came_for_support=172",
        ),
        (
            lambda: deflection_from_survey(visits=10, **(SURVEY | {"resolved": 0.65})),
            "Give a whole number",
        ),
        (lambda: deflection_from_survey(visits=10, **SURVEY, level=0), "level=0"),
        (
            lambda: idea_value(ideas=1, adopted_share=0.1, margin_per_idea_eur=1, attribution=25),
            "write 0.25",
        ),
    ],
)
def test_refused_arguments(call, message):
    with pytest.raises(ParameterError, match=message.replace(".", r"\.")):
        call()


def test_errors_are_in_french_too():
    with use_language("fr"), pytest.raises(ParameterError, match="comprise entre 0 et 1"):
        ltv_from_t0(margin_eur=60, retention=70, discount=0.1)


# ---- laws -----------------------------------------------------------------------------------


@given(a=shares, b=shares, c=shares, d=shares)
def test_deflection_grows_with_each_share(a, b, c, d):
    low, high = sorted((a, d))

    def contacts(**change):
        funnel = {"came_for_support": a, "resolved": b, "would_have_contacted": c}
        return deflected_contacts(visits=1000, **(funnel | change))

    for share in ("came_for_support", "resolved", "would_have_contacted"):
        assert contacts(**{share: low}) <= contacts(**{share: high})
    assert 0 <= contacts() <= 1000


@given(margin=st.floats(1, 500), a=shares, b=shares, discount=st.floats(0.01, 1))
def test_lifetime_laws(margin, a, b, discount):
    low, high = sorted((a, b))
    less, more = (
        ltv_from_t0(margin_eur=margin, retention=r, discount=discount) for r in (low, high)
    )
    assert less <= more
    later = ltv_from_t1(margin_eur=margin, retention=low, discount=discount)
    assert less - later == pytest.approx(margin)
    # Paid in one period or today: the second form is the first, kept and discounted once.
    assert later == pytest.approx(less * low / (1 + discount), abs=1e-6)
    few, many = (
        ltv_over(margin_eur=margin, retention=low, discount=discount, periods=n) for n in (3, 400)
    )
    assert few <= many + 1e-9 <= less + 1e-6
    assert ltv_over(margin_eur=margin, retention=low, discount=discount, periods=1) == margin


@given(counts=st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_nps_range_and_row_order(counts):
    table = pd.DataFrame({"nps": counts})
    result = net_promoter_score(table)
    assert -100 <= result.low <= result.value + 1e-9
    assert result.value - 1e-9 <= result.high <= 100
    assert net_promoter_score(table[::-1]) == result
