"""Return on investment: definition, overlap, scenarios, Monte Carlo, tornado, break-even."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cmlib.errors import DoubleCountError, ParameterError
from cmlib.i18n import use_language
from cmlib.value import (
    Assumption,
    break_even,
    check_overlap,
    deflection_from_survey,
    list_models,
    return_on_investment,
    roi_draws,
    roi_interval,
    scenarios,
    tornado,
    total_value,
    value_model,
)

DEFLECTION = value_model(
    "deflection",
    visits=100_000,
    came_for_support=(0.35, 0.43, 0.50),
    resolved=(0.60, 0.65, 0.70),
    would_have_contacted=(0.05, 0.09, 0.13),
    cost_per_contact_eur=(6, 8, 10),
)
ANSWERS = value_model("answers", answers=100, value_per_answer_eur=15, searches_found=3000)
UPLIFT = value_model("uplift", members=1750, effect_eur_month=(2, 4, 6), margin_share=0.4)
LIFETIME = value_model(
    "lifetime", members=10, margin_eur=60, retention=0.75, retention_without=0.70, discount=0.10
)
ADVOCACY = value_model(
    "advocacy",
    referred_customers=48,
    incremental_share=(0.4, 0.6, 0.8),
    lifetime_value_eur=165,
    referred_premium=(0, 0.16, 0.25),
    reward_eur=25,
)
IDEAS = value_model(
    "ideas",
    ideas=200,
    adopted_share=0.04,
    margin_per_idea_eur=6000,
    attribution=(0.1, 0.25, 0.4),
)
COST = (35_000, 41_180, 55_000)
ALL = [DEFLECTION, UPLIFT, ADVOCACY, IDEAS]


def test_definition():
    assert return_on_investment(value_eur=60_000, cost_eur=40_000) == 0.5
    assert return_on_investment(value_eur=0, cost_eur=40_000) == -1
    assert math.isnan(return_on_investment(value_eur=10, cost_eur=0))
    with pytest.raises(ParameterError, match="cost_eur=-1"):
        return_on_investment(value_eur=10, cost_eur=-1)


def test_models_give_the_worked_figures():
    values = {m.name: m.value_eur for m in (DEFLECTION, ANSWERS, UPLIFT, LIFETIME, *ALL[2:])}
    assert values == pytest.approx(
        {
            "deflection": 20_124,
            "answers": 46_500,
            "uplift": 1750 * 4 * 12 * 0.4,
            "lifetime": 10 * (60 * 1.1 / 0.35 - 165),
            "advocacy": 4312.32,
            "ideas": 12_000,
        }
    )
    assert list_models()["model"].to_list() == [
        "answers",
        "deflection",
        "uplift",
        "lifetime",
        "advocacy",
        "ideas",
    ]


# ---- overlap --------------------------------------------------------------------------------


def test_double_counts_are_refused_with_the_reason():
    message = (
        "'deflection' and 'answers' cannot be added: both count problems solved without the "
        r"support desk \(a problem solved by an answer is the contact that support did not receive"
    )
    for refuse in (
        lambda: check_overlap([DEFLECTION, IDEAS, ANSWERS]),
        lambda: total_value([DEFLECTION, ANSWERS]),
        lambda: scenarios([DEFLECTION, ANSWERS], cost=1),
        lambda: roi_draws([DEFLECTION, ANSWERS], cost=1),
        lambda: roi_interval([DEFLECTION, ANSWERS], cost=1),
        lambda: tornado([DEFLECTION, ANSWERS], cost=1),
        lambda: break_even([DEFLECTION, ANSWERS], cost=1, assumption="answers.answers"),
    ):
        with pytest.raises(DoubleCountError, match=message):
            refuse()
    with pytest.raises(DoubleCountError, match="'uplift' and 'lifetime' cannot be added"):
        total_value([UPLIFT, LIFETIME])
    with pytest.raises(DoubleCountError, match="'ideas' and 'ideas'"):
        total_value([IDEAS, IDEAS])
    with use_language("fr"), pytest.raises(DoubleCountError, match="ne s’additionnent pas"):
        total_value([DEFLECTION, ANSWERS])


def test_models_that_do_not_overlap_add_up():
    table = total_value([DEFLECTION, IDEAS])
    expected = pd.DataFrame(
        {
            "model": ["deflection", "ideas"],
            "counts": [
                "problems solved without the support desk",
                "ideas of members put into practice",
            ],
            "value_eur": [20_124.0, 12_000.0],
            "share": [20_124 / 32_124, 12_000 / 32_124],
        }
    )
    pd.testing.assert_frame_equal(table, expected)
    losing = value_model(
        "advocacy",
        referred_customers=1,
        incremental_share=0,
        lifetime_value_eur=1,
        reward_eur=25,
    )
    assert total_value([losing, IDEAS])["share"].isna().all()


# ---- scenarios and tornado ------------------------------------------------------------------


def test_scenarios_by_hand():
    table = scenarios([DEFLECTION, IDEAS], cost=COST)
    low = 100_000 * 0.35 * 0.60 * 0.05 * 6 + 200 * 0.04 * 6000 * 0.1
    high = 100_000 * 0.50 * 0.70 * 0.13 * 10 + 200 * 0.04 * 6000 * 0.4
    expected = pd.DataFrame(
        {
            "scenario": ["pessimistic", "base", "optimistic"],
            "value_eur": [low, 32_124.0, high],
            "cost_eur": [55_000.0, 41_180.0, 35_000.0],
            "net_eur": [low - 55_000, 32_124.0 - 41_180, high - 35_000],
            "roi": [low / 55_000 - 1, 32_124 / 41_180 - 1, high / 35_000 - 1],
        }
    )
    pd.testing.assert_frame_equal(table, expected)


def test_the_worst_case_of_an_effect_that_can_be_negative():
    """When the effect is a loss, many members are worse than few."""
    model = value_model(
        "uplift", members=(1000, 1500, 2000), effect_eur_month=(-1, 4, 6), margin_share=0.5
    )
    table = scenarios(model, cost=1000).set_index("scenario")
    assert table.loc["pessimistic", "value_eur"] == 2000 * -1 * 12 * 0.5
    assert table.loc["optimistic", "value_eur"] == 2000 * 6 * 12 * 0.5


def test_tornado_by_hand():
    table = tornado(IDEAS, cost=(10_000, 12_000, 16_000))
    assert table["assumption"].to_list()[:2] == ["ideas.attribution", "cost_eur"]
    first, second = table.iloc[0], table.iloc[1]
    assert (first["roi_low"], first["roi_base"], first["roi_high"]) == pytest.approx(
        (4800 / 12_000 - 1, 0, 19_200 / 12_000 - 1)
    )
    assert (second["roi_low"], second["roi_high"]) == pytest.approx((-0.25, 0.2))
    assert (second["low"], second["base"], second["high"]) == (10_000, 12_000, 16_000)
    # Known figures stand at the bottom.
    assert table["span"].iloc[2:].to_list() == [0, 0, 0]
    assert table.columns.to_list() == [
        "assumption",
        "low",
        "base",
        "high",
        "roi_low",
        "roi_base",
        "roi_high",
        "span",
    ]


def test_break_even():
    found = break_even(IDEAS, cost=10_000, assumption="ideas.attribution")
    assert found == pytest.approx(10_000 / 48_000)
    assert break_even(IDEAS, cost=20_000, assumption="cost_eur") == pytest.approx(12_000)
    assert break_even(IDEAS, cost=12_000, assumption="ideas.attribution") == 0.25
    nothing = value_model(
        "ideas", ideas=0, adopted_share=0.1, margin_per_idea_eur=1, attribution=0.5
    )
    assert math.isnan(break_even(nothing, cost=10, assumption="ideas.attribution"))
    with pytest.raises(ParameterError, match=r"Did you mean 'ideas\.attribution'"):
        break_even(IDEAS, cost=10, assumption="attribution")


def test_break_even_is_not_fooled_by_a_pole():
    """A lifetime value changes sign at retention = 1 + discount without ever being the cost."""
    lossy = value_model(
        "lifetime", members=1, margin_eur=60, retention=0.2, retention_without=0.1, discount=0.1
    )
    needed = break_even(lossy, cost=100, assumption="lifetime.retention")
    worth = 60 * 1.1 / (1.1 - needed) - 60 * 1.1 / (1.1 - 0.1)
    assert worth == pytest.approx(100)


# ---- Monte Carlo ----------------------------------------------------------------------------


def test_draws_follow_the_triangular_law():
    table = roi_draws(IDEAS, cost=10_000, draws=20_000, seed=3)
    attribution = table["value_eur"] / 48_000
    law = stats.triang(c=0.5, loc=0.1, scale=0.3)
    assert stats.kstest(attribution, law.cdf).pvalue > 0.001
    assert table.columns.to_list() == ["value_eur", "cost_eur", "roi"]
    np.testing.assert_allclose(table["roi"], table["value_eur"] / 10_000 - 1)


def test_interval_and_probability_against_the_exact_law():
    result = roi_interval(IDEAS, cost=10_000, draws=100_000, seed=5)
    law = stats.triang(c=0.5, loc=0.1, scale=0.3)
    low, high = 4.8 * law.ppf([0.05, 0.95]) - 1
    assert (result.roi.low, result.roi.high) == pytest.approx((low, high), abs=0.01)
    assert result.roi.value == pytest.approx(0.2)
    assert result.p_positive == pytest.approx(law.sf(10_000 / 48_000), abs=0.005)
    assert (result.roi.level, result.roi.n) == (0.90, 100_000)


def test_survey_assumptions_give_the_survey_interval():
    model = value_model(
        "deflection",
        visits=100_000,
        came_for_support=Assumption.from_survey(yes=172, asked=400),
        resolved=Assumption.from_survey(yes=112, asked=172),
        would_have_contacted=Assumption.from_survey(yes=10, asked=112),
        cost_per_contact_eur=1,
    )
    drawn = roi_draws(model, cost=1, draws=200_000, seed=1)["value_eur"]
    direct = deflection_from_survey(
        visits=100_000,
        asked=400,
        came_for_support=172,
        resolved=112,
        would_have_contacted=10,
    )
    low, high = drawn.quantile([0.05, 0.95])
    assert (low, high) == pytest.approx((direct.low, direct.high), rel=0.01)
    assert model.value_eur == pytest.approx(2500)


def test_shared_assumptions_move_together():
    ltv = Assumption(base=165, low=100, high=230, shape="uniform", shared="lifetime value")
    advocacy = value_model(
        "advocacy", referred_customers=10, incremental_share=0.5, lifetime_value_eur=ltv
    )
    ideas = value_model(
        "ideas", ideas=10, adopted_share=0.5, margin_per_idea_eur=ltv, attribution=1
    )
    both = roi_draws([advocacy, ideas], cost=1000, seed=2)["value_eur"]
    apart = roi_draws(advocacy, cost=1000, seed=2)["value_eur"]
    # Two equal models of one shared figure: exactly twice one of them, not a mean of two draws.
    assert both.std() == pytest.approx(2 * apart.std(), rel=0.02)
    table = tornado([advocacy, ideas], cost=1000)
    assert table["assumption"].iloc[0] == "lifetime value"
    assert (table["assumption"] == "lifetime value").sum() == 1
    other = Assumption(base=1, low=1, high=1, shared="lifetime value")
    clash = value_model(
        "ideas", ideas=10, adopted_share=0.5, margin_per_idea_eur=other, attribution=1
    )
    with pytest.raises(ParameterError, match="means one and the same figure"):
        tornado([advocacy, clash], cost=1000)


def test_a_cost_that_can_be_zero_has_no_interval():
    result = roi_interval(IDEAS, cost=0)
    assert math.isnan(result.roi.value) and math.isnan(result.roi.low)
    assert math.isnan(result.p_positive)
    assert scenarios(IDEAS, cost=0)["roi"].isna().all()


def test_draws_depend_on_their_seed_only():
    first, again, other = (roi_draws(ALL, cost=COST, draws=50, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


# ---- errors ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: value_model("deflexion"), "Did you mean 'deflection'"),
        (lambda: value_model("ideas", idea=3), "Did you mean 'ideas'"),
        (lambda: value_model("ideas", ideas=3), "also needs: adopted_share, margin_per_idea"),
        (lambda: value_model("answers", answers=(1, 2), value_per_answer_eur=1), "or three"),
        (
            lambda: value_model("answers", answers=(3, 2, 1), value_per_answer_eur=1),
            "must be in this order",
        ),
        (lambda: value_model("answers", answers=-1, value_per_answer_eur=1), "answers=-1"),
        (
            lambda: value_model("uplift", members=1, effect_eur_month=4, margin_share=40),
            "write 0.4",
        ),
        (
            lambda: value_model(
                "lifetime",
                members=1,
                margin_eur=1,
                retention=1,
                retention_without=0.5,
                discount=0,
            ),
            "no finite lifetime value",
        ),
        (lambda: Assumption(base=1, low=0, high=2, shape="normal"), "shape='normal'"),
        (lambda: Assumption.from_survey(yes=5, asked=4), "yes=5 is more than asked=4"),
        (lambda: total_value([]), "No model was given"),
        (lambda: tornado(IDEAS, cost=(-5, 1, 2)), "cost=-5"),
        (lambda: roi_draws(IDEAS, cost=1, draws=0), "draws=0"),
    ],
)
def test_refused_arguments(call, message):
    with pytest.raises(ParameterError, match=message.replace(".", r"\.")):
        call()


# ---- laws -----------------------------------------------------------------------------------

triples = st.tuples(*[st.floats(0.01, 0.99)] * 3).map(sorted).map(tuple)


@given(adopted=triples, attribution=triples, cost=st.floats(1000, 1e6), scale=st.floats(0.1, 10))
def test_laws_of_the_return(adopted, attribution, cost, scale):
    def ideas(margin):
        return value_model(
            "ideas",
            ideas=200,
            adopted_share=adopted,
            margin_per_idea_eur=margin,
            attribution=attribution,
        )

    spend = (0.9 * cost, cost, 1.2 * cost)
    table = tornado(ideas(6000), cost=spend)
    # Each span holds the return retained.
    assert (table["roi_low"] <= table["roi_base"] + 1e-12).all()
    assert (table["roi_base"] <= table["roi_high"] + 1e-12).all()
    # The scenarios hold every span.
    rows = scenarios(ideas(6000), cost=spend)["roi"].to_list()
    assert rows == sorted(rows)
    assert rows[0] <= table["roi_low"].min() + 1e-12
    assert table["roi_high"].max() - 1e-12 <= rows[2]
    # Value and cost in other units: the return does not change.
    scaled = tuple(scale * end for end in spend)
    assert scenarios(ideas(6000 * scale), cost=scaled)["roi"].to_list() == pytest.approx(rows)
    # Draws stay between the scenarios.
    drawn = roi_draws(ideas(6000), cost=spend, draws=200, seed=1)["roi"]
    assert rows[0] - 1e-9 <= drawn.min() and drawn.max() <= rows[2] + 1e-9
