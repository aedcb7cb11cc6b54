"""Panel and uplift estimators: hand-worked tables, known truths, coverage."""

import engines
import numpy as np
import pandas as pd
import pytest
from customer_world import AFTER, END, OPENING, PERIODS, START, make_customer_world, shop
from hypothesis import given
from hypothesis import strategies as st
from places import DOCS
from scipy import stats

from cmlib import data
from cmlib.data import Community
from cmlib.errors import ColumnError, ParameterError, TableError
from cmlib.value import (
    adjusted_gap,
    compare_uplift,
    customer_panel,
    did_of_means,
    difference_in_differences,
    invitation_effect,
    naive_gap,
    uplift_value,
    wald_of_means,
)

SEEDS = range(50)


@pytest.fixture(scope="module")
def panel():
    world = make_customer_world(seed=7)
    return customer_panel(shop(world.customers, world.orders), **PERIODS)


@pytest.fixture(scope="module")
def runs():
    """The four comparisons in fifty worlds, each with its truth."""
    tables = []
    for seed in SEEDS:
        world = make_customer_world(seed)
        table = compare_uplift(customer_panel(shop(world.customers, world.orders), **PERIODS))
        truth = [world.effect_members] * 3 + [world.effect_compliers]
        tables.append(table.assign(truth=truth, seed=seed))
    return pd.concat(tables, ignore_index=True)


# ---- worked figures -------------------------------------------------------------------------


def test_worked_figures_of_the_field_guide():
    effect = did_of_means(
        members_before_eur=100, members_after_eur=130, others_before_eur=70, others_after_eur=80
    )
    assert 1750 * effect == 35_000
    per_complier = wald_of_means(
        invited_eur=84, not_invited_eur=82.8, invited_share=0.18, not_invited_share=0.06
    )
    assert per_complier == pytest.approx(10)


def test_an_invitation_that_moved_nobody_says_nothing():
    result = wald_of_means(
        invited_eur=84, not_invited_eur=80, invited_share=0.1, not_invited_share=0.1
    )
    assert np.isnan(result)


def test_margin_not_spending():
    assert uplift_value(members=100, effect_eur_month=5, margin_share=0.4, months=6) == 1200
    with pytest.raises(ParameterError, match=r"If you meant 40%, write 0.4"):
        uplift_value(members=100, effect_eur_month=5, margin_share=40)


# ---- the panel ------------------------------------------------------------------------------


CUSTOMERS = pd.DataFrame(
    {
        "customer_id": [1, 2, 3, 4, 5],
        "joined_community_at": pd.to_datetime(
            [None, "2024-07-15", "2024-03-01", "2024-10-31", "2025-03-01"]
        ),
        "spend_before_eur": [10.0, 20.0, 30.0, 40.0, 50.0],
        "invited": [True, False, True, False, True],
    }
)
ORDERS = pd.DataFrame(
    {
        "customer_id": [1, 1, 2, 2, 3, 4, 99],
        "timestamp": pd.to_datetime(
            [
                "2024-06-30 23:59:59",
                "2024-08-01",
                "2024-07-20",  # between the periods: in neither
                "2025-01-31 23:59:59",
                "2024-02-01",
                "2025-02-01",  # the end is excluded
                "2024-08-02",  # not in the table of customers
            ],
            format="ISO8601",
        ),
        "amount_eur": [60.0, 120.0, 1000.0, 6.0, 12.0, 1000.0, 1000.0],
        "margin_eur": [6.0, 12.0, 100.0, 0.6, 1.2, 100.0, 100.0],
    }
)


def test_panel_of_a_hand_worked_table():
    customers, orders = CUSTOMERS.copy(), ORDERS.copy()
    result = customer_panel(shop(customers, orders), **PERIODS)
    expected = pd.DataFrame(
        {
            "customer_id": np.repeat([1, 2, 3, 4, 5], 2),
            "period": ["before", "after"] * 5,
            "spend_eur_month": [10.0, 20.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0],
            "months": 6.0,
            "complete": True,
            # customer 3 was a member for 122 of the 182 first days, customer 4 for 93 of 184.
            "exposure": [0, 0, 0, 1, 122 / 182, 1, 0, 93 / 184, 0, 0],
            "member": pd.array(
                [False, False, True, True, None, None, None, None, False, False], dtype="boolean"
            ),
            "invited": np.repeat([True, False, True, False, True], 2),
        }
    )
    pd.testing.assert_frame_equal(result, expected)
    pd.testing.assert_frame_equal(customers, CUSTOMERS)
    pd.testing.assert_frame_equal(orders, ORDERS)


def test_spending_before_can_come_from_the_customers_table():
    result = customer_panel(shop(CUSTOMERS, ORDERS), after=PERIODS["after"])
    before = result[result["period"] == "before"]
    assert before["spend_eur_month"].to_list() == [10.0, 20.0, 30.0, 40.0, 50.0]
    assert before["months"].isna().all()
    # The community opened after that spending: whoever joined early enough is a member.
    assert before["member"].fillna(False).to_list() == [False, True, True, False, False]


def test_an_unfinished_period_is_cut_and_said_to_be():
    """Orders stop in mid-November: the rate a month is kept, not halved."""
    rows = pd.date_range(START, END, freq="D", inclusive="left")
    orders = pd.DataFrame({"customer_id": 1, "timestamp": rows, "amount_eur": 2.0})
    stop = pd.Timestamp("2024-11-15")
    seen = orders[orders["timestamp"] < stop]
    whole = customer_panel(shop(CUSTOMERS, orders), **PERIODS)
    cut = customer_panel(shop(CUSTOMERS, seen, stop), **PERIODS)
    after = cut[cut["period"] == "after"]
    assert not after["complete"].any()
    assert cut[cut["period"] == "before"]["complete"].all()
    assert whole["complete"].all()
    assert after["months"].iloc[0] == pytest.approx(106 / 30.4375)
    daily = 2.0 * 30.4375
    assert after["spend_eur_month"].iloc[0] == pytest.approx(daily, rel=1e-9)
    # Customer 4 joined on October 31: 15 of the 106 days observed. Still mid-period.
    assert after["exposure"].iloc[3] == pytest.approx(15 / 106)
    assert after["member"].isna().to_list() == [False, False, True, True, False]


def test_what_came_before_the_start_of_a_view_stays_known():
    whole = shop(CUSTOMERS, ORDERS)
    late = whole.view(start=OPENING)
    pd.testing.assert_frame_equal(customer_panel(late, **PERIODS), customer_panel(whole, **PERIODS))


def test_periods_are_local():
    """Midnight in Auckland: the order of January 31st, 23:59 UTC, is of February there."""
    auckland = data.community(
        customers=CUSTOMERS, orders=ORDERS, start=START, end=END, tz="Pacific/Auckland"
    )
    spent = customer_panel(auckland, **PERIODS).query("period == 'after'")["spend_eur_month"]
    assert spent.to_list() == [20.0, 0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("kind", ["polars", "polars-lazy", "duckdb"])
def test_a_panel_is_made_from_tables_of_any_engine(kind):
    give = engines.Engine(kind).give
    found = customer_panel(shop(give(CUSTOMERS), give(ORDERS)), **PERIODS)
    expected = customer_panel(shop(CUSTOMERS, ORDERS), **PERIODS)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    with pytest.raises(ColumnError, match="'amount_eur' holds str, not numbers"):
        customer_panel(
            Community(
                name="",
                tables={"customers": CUSTOMERS, "orders": ORDERS.assign(amount_eur="12 EUR")},
            ),
            **PERIODS,
        )


def test_too_short_or_absurd_periods_are_refused():
    whole = shop(CUSTOMERS, ORDERS)
    with pytest.raises(ParameterError, match="after: only 14 days"):
        customer_panel(shop(CUSTOMERS, ORDERS, "2024-08-15"), **PERIODS)
    with pytest.raises(ParameterError, match="after: only 0 days"):
        customer_panel(shop(CUSTOMERS, ORDERS, "2024-07-15"), **PERIODS)
    with pytest.raises(ParameterError, match="do not overlap"):
        customer_panel(whole, **(PERIODS | {"before": (START, "2024-09-01")}))
    with pytest.raises(ParameterError, match="is not after the start"):
        customer_panel(whole, **(PERIODS | {"after": (END, AFTER)}))
    with pytest.raises(ParameterError, match=r"\(start, end\)"):
        customer_panel(whole, **(PERIODS | {"after": "2024-08"}))
    with pytest.raises(ParameterError, match="is not a date"):
        customer_panel(whole, **(PERIODS | {"after": ("soon", "later")}))
    with pytest.raises(ParameterError, match="needs before"):
        customer_panel(whole, after=(AFTER, END), amount="margin_eur")
    with pytest.raises(ParameterError, match="Did you mean 'amount_eur'"):
        customer_panel(whole, **PERIODS, amount="amount")


def test_margins_can_be_compared():
    spent = customer_panel(shop(CUSTOMERS, ORDERS), **PERIODS)["spend_eur_month"]
    margins = customer_panel(shop(CUSTOMERS, ORDERS), **PERIODS, amount="margin_eur")
    margin = margins["spend_eur_month"]
    assert margin.to_list() == pytest.approx((spent / 10).to_list())


# ---- the estimators -------------------------------------------------------------------------


def _small_panel(before, after, member, invited=None, exposure=None):
    n = len(before)
    exposure = np.array(member, dtype=float) if exposure is None else np.array(exposure)
    return pd.DataFrame(
        {
            "customer_id": np.tile(np.arange(n), 2),
            "period": ["before"] * n + ["after"] * n,
            "spend_eur_month": [*before, *after],
            "exposure": np.concatenate([np.zeros(n), exposure]),
            "member": pd.array([*member, *member], dtype="boolean"),
            "invited": np.tile([False] * n if invited is None else invited, 2),
        }
    )


def test_difference_in_differences_of_four_customers_by_hand():
    """Members go from 95 and 105 to 120 and 140, others from 60 and 80 to 75 and 85."""
    table = _small_panel([95, 105, 60, 80], [120, 140, 75, 85], [True, True, False, False])
    result = difference_in_differences(table)
    assert result.value == pytest.approx(20)
    assert naive_gap(table).value == pytest.approx(50)
    # Changes: 25, 35 | 15, 5. Cluster-robust (CR1): each squared deviation is 25, so each
    # mean has 50 / 4; times 4/3 for the four clusters and 7/4 for the four coefficients.
    se = np.sqrt((50 / 4 + 50 / 4) * (4 / 3) * (7 / 4))
    assert result.high - result.value == pytest.approx(1.959964 * se, rel=1e-6)
    assert (result.n, result.level, result.unit) == (4, 0.95, "EUR a month")


def test_naive_gap_has_welch_interval(panel):
    after = panel[(panel["period"] == "after") & panel["member"].notna()]
    inside = after.loc[after["member"], "spend_eur_month"]
    others = after.loc[~after["member"], "spend_eur_month"]
    expected = stats.ttest_ind(inside, others, equal_var=False).confidence_interval(0.90)
    result = naive_gap(panel, level=0.90)
    assert (result.low, result.high) == pytest.approx((expected.low, expected.high))


def test_wald_is_two_stage_least_squares(panel):
    """The point against two stages done one after the other; the interval by bootstrap."""
    import statsmodels.api as sm

    wide = panel.pivot_table(
        index="customer_id", columns="period", values=["spend_eur_month", "exposure"]
    )
    change = wide["spend_eur_month"]["after"] - wide["spend_eur_month"]["before"]
    treated = wide["exposure"]["after"] - wide["exposure"]["before"]
    drawn = panel.drop_duplicates("customer_id").set_index("customer_id")["invited"].astype(float)
    first = sm.OLS(treated, sm.add_constant(drawn)).fit()
    second = sm.OLS(change, sm.add_constant(first.fittedvalues)).fit()
    result = invitation_effect(panel)
    assert result.effect.value == pytest.approx(second.params.iloc[1])
    assert result.first_stage_f == pytest.approx(
        float(sm.OLS(treated, sm.add_constant(drawn)).fit(cov_type="HC2").tvalues.iloc[1] ** 2)
    )
    rng = np.random.default_rng(3)
    y, d, z = (part.to_numpy() for part in (change, treated, drawn))
    picks = rng.integers(0, len(y), (2000, len(y)))
    again = [np.cov(z[p], y[p])[0, 1] / np.cov(z[p], d[p])[0, 1] for p in picks]
    half = (result.effect.high - result.effect.low) / 2
    assert half == pytest.approx(1.96 * np.std(again), rel=0.06)


def test_invitation_keeps_everyone_who_was_drawn(panel):
    late = panel.copy()
    late.loc[late["customer_id"] <= 200, "member"] = pd.NA
    assert difference_in_differences(late).n == difference_in_differences(panel).n - 200
    assert invitation_effect(late).effect == invitation_effect(panel).effect


def test_a_useless_invitation_gives_a_missing_effect():
    table = _small_panel(
        [1, 2, 3, 4], [2, 3, 4, 6], [True, False, True, False], [True, True, False, False]
    )
    result = invitation_effect(table)
    assert np.isnan(result.effect.value) and np.isnan(result.effect.low)
    assert result.take_up_gap.value == 0
    assert result.first_stage_f == 0


def test_order_of_the_four_comparisons(runs):
    """Naive above adjusted above the truth; the other two around it, as a prototype showed."""
    mean = runs.groupby("method")[["effect_eur_month", "truth"]].mean()
    effect = mean["effect_eur_month"]
    truth = mean.loc["difference in differences", "truth"]
    assert effect["naive"] > effect["adjusted"] + 2 > truth + 4
    every = runs.pivot_table(index="seed", columns="method", values="effect_eur_month")
    assert (every["naive"] > every["adjusted"]).all()
    assert (every["adjusted"] > every["difference in differences"]).all()


@pytest.mark.parametrize("method", ["difference in differences", "invitation (Wald)"])
def test_truth_is_recovered(runs, method):
    """The mean error over fifty seeds is within three of its standard errors of zero."""
    error = runs.loc[runs["method"] == method].eval("effect_eur_month - truth")
    assert abs(error.mean()) < 3 * error.std() / np.sqrt(len(error))


def test_coverage_table(runs):
    """How many of the fifty 95 % intervals hold the truth, with a binomial tolerance."""
    inside = (runs["low"] <= runs["truth"]) & (runs["truth"] <= runs["high"])
    coverage = inside.groupby(runs["method"]).sum()
    least = int(stats.binom.ppf(0.001, len(SEEDS), 0.95))
    assert least == 42
    assert coverage["difference in differences"] >= least
    assert coverage["invitation (Wald)"] >= least
    # The two biased comparisons are confidently wrong.
    assert coverage["naive"] == 0
    assert coverage["adjusted"] == 0


@pytest.mark.parametrize("page", ["value.md", "value.fr.md"])
def test_documented_table_is_what_the_runs_give(runs, page):
    text = (DOCS / page).read_text(encoding="utf-8")
    inside = (runs["low"] <= runs["truth"]) & (runs["truth"] <= runs["high"])
    coverage = inside.groupby(runs["method"]).sum()
    mean = runs.groupby("method")["effect_eur_month"].mean()
    between = "of" if page == "value.md" else "sur"
    printed = []
    for method in ("naive", "adjusted", "difference in differences", "invitation (Wald)"):
        figure = f"{mean[method]:.2f}"
        figure = figure if page == "value.md" else figure.replace(".", ",")
        printed.append(f"| {figure} | {coverage[method]} {between} 50 |")
    assert [line for line in printed if line not in text] == []


def test_no_effect_is_found_where_there_is_none():
    """The eBay case: joining changes nothing, and the naive gap is as large as ever."""
    naive, false_alarms = [], 0
    for seed in range(30):
        world = make_customer_world(seed, customers=800, uplift=0.0)
        table = compare_uplift(customer_panel(shop(world.customers, world.orders), **PERIODS))
        table = table.set_index("method")
        row = table.loc["difference in differences"]
        false_alarms += not row["low"] <= 0 <= row["high"]
        naive.append(table.loc["naive", "low"])
    assert min(naive) > 0
    assert false_alarms <= stats.binom.ppf(0.999, 30, 0.05)


def test_adjusting_for_past_spending_is_the_callers_choice():
    world = make_customer_world(seed=3)
    panel = customer_panel(shop(world.customers, world.orders), **PERIODS)
    past = panel["customer_id"].map(world.customers.set_index("customer_id")["spend_before_eur"])
    rich = panel.assign(spend_before_eur=past)
    little = adjusted_gap(rich, controls=["tenure_months"])
    much = adjusted_gap(rich, controls=["tenure_months", "spend_before_eur"])
    assert world.effect_members < much.value < little.value


def test_errors_of_the_estimators(panel):
    with pytest.raises(ColumnError, match="exposure"):
        naive_gap(panel.drop(columns="exposure"))
    with pytest.raises(ColumnError, match="outcome="):
        naive_gap(panel, outcome="spend_eur")
    with pytest.raises(ColumnError, match="city"):
        adjusted_gap(panel, controls=["city"])
    with pytest.raises(ColumnError, match='invited="invited"'):
        invitation_effect(panel, invited="invite")
    with pytest.raises(TableError, match=r"0 members and .* others can be compared"):
        naive_gap(panel[~panel["member"].fillna(True)])
    with pytest.raises(TableError, match="one row before and one row after"):
        difference_in_differences(panel[panel["period"] == "after"])
    with pytest.raises(TableError, match="0 customers were invited"):
        invitation_effect(panel.assign(invited=False))
    with pytest.raises(ParameterError, match="level=1"):
        naive_gap(panel, level=1)


@given(shift=st.floats(-50, 50), scale=st.floats(0.1, 10))
def test_laws_of_difference_in_differences(shift, scale):
    """A trend common to all, or a gap that was there before, changes nothing."""
    rng = np.random.default_rng(0)
    member = rng.random(30) < 0.5
    before, after = rng.normal(50, 5, 30), rng.normal(55, 5, 30)
    plain = difference_in_differences(_small_panel(before, after, member))
    trend = difference_in_differences(_small_panel(before, after + shift, member))
    apart = difference_in_differences(
        _small_panel(before + shift * member, after + shift * member, member)
    )
    cents = difference_in_differences(_small_panel(before * scale, after * scale, member))
    assert trend.value == pytest.approx(plain.value, abs=1e-8)
    assert apart.value == pytest.approx(plain.value, abs=1e-8)
    assert cents.value == pytest.approx(plain.value * scale, abs=1e-8)
    assert cents.high - cents.low == pytest.approx((plain.high - plain.low) * scale)


def test_row_order_does_not_matter(panel):
    shuffled = panel.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(compare_uplift(shuffled), compare_uplift(panel))


# ---- the simulator of the course ------------------------------------------------------------


def _world_of_members(seed, members=1600):
    """A simulated community without its messages: what the maker of customers reads."""
    from cmsim import World
    from cmsim.presets import load_preset

    rng = np.random.default_rng(seed)
    start, end = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-07-15")
    arrival = start + pd.to_timedelta(np.sort(rng.integers(0, 180, members)), unit="D")
    accounts = pd.DataFrame(
        {
            "member_id": np.arange(1, members + 1),
            "joined_at": arrival.astype("datetime64[s]"),
            "role": "member",
        }
    )
    latent = pd.DataFrame(
        {
            "poster": rng.random(members) < 0.3,
            "spammer": False,
            "troll": False,
            "deleted": False,
            "wave": "",
        }
    )
    return World(
        preset=load_preset("brand"),
        seed=seed,
        language="fr",
        start=start,
        end=end,
        members=accounts,
        events=pd.DataFrame(),
        latent={"members": latent},
    )


@pytest.fixture(scope="module")
def simulated():
    from cmsim.customers import make_customers

    tables = []
    for seed in range(20):
        world = _world_of_members(seed)
        made, truth = make_customers(world)
        story = truth["stories"][0].value
        panel = customer_panel(
            data.community(
                customers=made["customers"],
                orders=made["orders"],
                start=world.start.tz_localize("UTC"),
                end=world.end.tz_localize("UTC"),
            ),
            after=(story["after_from"], story["after_until_excluded"]),
        )
        told = [story["naive_gap_eur_month"], np.nan, story["did_eur_month"]]
        true = [story["true_effect_eur_month"]] * 3
        tables.append(
            compare_uplift(panel).assign(
                told=[*told, story["wald_eur_month"]],
                truth=[*true, story["true_effect_compliers_eur_month"]],
            )
        )
    return pd.concat(tables, ignore_index=True)


def test_simulated_story_tells_what_the_estimators_find(simulated):
    told = simulated.dropna(subset="told")
    np.testing.assert_allclose(told["effect_eur_month"], told["told"], atol=0.0101)


def test_estimators_recover_the_truth_of_the_simulator(simulated):
    inside = (simulated["low"] <= simulated["truth"]) & (simulated["truth"] <= simulated["high"])
    coverage = inside.groupby(simulated["method"]).sum()
    least = stats.binom.ppf(0.001, 20, 0.95)
    assert coverage["difference in differences"] >= least
    assert coverage["invitation (Wald)"] >= least
    assert coverage["naive"] == coverage["adjusted"] == 0
    error = (simulated["effect_eur_month"] - simulated["truth"]).groupby(simulated["method"])
    mean, se = error.mean(), error.std() / np.sqrt(20)
    for method in ("difference in differences", "invitation (Wald)"):
        # A cent: the tables are rounded to it.
        assert abs(mean[method]) < max(3.5 * se[method], 0.01)
    assert mean["naive"] > mean["adjusted"] > 20
