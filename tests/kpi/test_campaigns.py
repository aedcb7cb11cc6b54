import kpi_cases as cases
import numpy as np
import pandas as pd
import pytest
from engines import same
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import kpi
from cmlib.data import community
from cmlib.errors import ColumnError, NotMeasuredWarning, ParameterError, TableError


def test_rate_with_its_interval(engine):
    found = engine.take(
        kpi.rate(engine.give(cases.sent()), outcome="converted", by=["segment", "variant"])
    )
    expected = pd.DataFrame(
        {
            "segment": ["new", "new", "old", "old"],
            "variant": ["A", "B", "A", "B"],
            "n": [20, 100, 100, 20],
            "count": [2, 20, 80, 18],
            "rate": [0.1, 0.2, 0.8, 0.9],
        }
    )
    same(found[expected.columns], expected)
    assert ((found["low"] < found["rate"]) & (found["rate"] < found["high"])).all()


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (Wilson)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_against_the_published_table(count, n, low, high):
    found = kpi.rate(pd.DataFrame({"yes": [True] * count + [False] * (n - count)}), outcome="yes")
    assert found[["low", "high"]].iloc[0].tolist() == pytest.approx([low, high], abs=6e-5)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_interval_against_statsmodels(count, more, level):
    from statsmodels.stats.proportion import proportion_confint

    n = count + more
    expected = proportion_confint(count, n, alpha=1 - level, method="wilson")
    assert kpi.proportion_interval(count, n, level=level) == pytest.approx(expected, abs=1e-12)


def test_simpson_within_segments_b_wins_over_all_it_loses(engine):
    sent = engine.give(cases.sent())
    everybody = engine.take(kpi.compare_variants(sent))
    within = engine.take(kpi.compare_variants(sent, by="segment"))
    assert everybody["difference"][0] == pytest.approx(38 / 120 - 82 / 120)
    assert within["segment"].tolist() == ["new", "old"]
    assert within["difference"].tolist() == pytest.approx([0.1, 0.1])
    adjusted = engine.take(kpi.adjusted_difference(sent))
    # both segments have 120 recipients: weights 1/2; variance by hand
    variance = (0.2 * 0.8 / 100 + 0.1 * 0.9 / 20 + 0.9 * 0.1 / 20 + 0.8 * 0.2 / 100) / 4
    width = 1.959963984540054 * np.sqrt(variance)
    expected = pd.DataFrame(
        {
            "variant": ["B"],
            "n": [240],
            "segments": [2],
            "crude_difference": [-44 / 120],
            "difference": [0.1],
            "low": [0.1 - width],
            "high": [0.1 + width],
        }
    )
    same(adjusted, expected)


def test_300_a_version_cannot_tell_20_from_24_percent():
    # minus 3 to plus 11 points; and Newcombe's interval in statsmodels
    from statsmodels.stats.proportion import confint_proportions_2indep

    sent = pd.DataFrame(
        {
            "variant": ["A"] * 300 + ["B"] * 300,
            "converted": [True] * 60 + [False] * 240 + [True] * 72 + [False] * 228,
        }
    )
    found = kpi.compare_variants(sent).iloc[0]
    assert (round(found["low"], 2), round(found["high"], 2)) == (-0.03, 0.11)
    expected = confint_proportions_2indep(72, 300, 60, 300, method="newcomb", compare="diff")
    assert (found["low"], found["high"]) == pytest.approx(expected)


def test_newcombe_interval_against_the_published_example():
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10:
    # 56/70 - 48/80 = 0.2, interval 0.0524 to 0.3339
    sent = pd.DataFrame(
        {
            "variant": ["A"] * 80 + ["B"] * 70,
            "converted": [True] * 48 + [False] * 32 + [True] * 56 + [False] * 14,
        }
    )
    found = kpi.compare_variants(sent).iloc[0]
    assert (found["low"], found["high"]) == pytest.approx((0.0524, 0.3339), abs=6e-5)


def test_a_version_that_a_segment_never_received_is_missing_there(engine):
    # Trap 0
    sent = cases.sent()
    sent = sent[(sent["segment"] == "old") | (sent["variant"] == "B")]
    found = engine.take(kpi.compare_variants(engine.give(sent), by="segment"))
    assert found["n_control"].tolist() == [0, 100]
    assert found["difference"].isna().tolist() == [True, False]
    assert engine.take(kpi.adjusted_difference(engine.give(sent)))["segments"].tolist() == [1]


def test_sample_size_to_tell_20_from_24_percent():
    # The textbook formula with z rounded to 1.96 and 0.84 gives 1,678
    needed = kpi.sample_size(baseline=0.20, expected=0.24)
    textbook = (1.96 + 0.84) ** 2 * (0.2 * 0.8 + 0.24 * 0.76) / 0.04**2
    assert round(textbook) == 1678
    assert needed == 1681
    assert abs(needed - textbook) / textbook < 0.002
    assert kpi.sample_size(baseline=0.24, expected=0.20) == needed
    # four times as many for half the difference, about
    assert kpi.sample_size(baseline=0.20, expected=0.22) == pytest.approx(4 * needed, rel=0.04)


def test_campaign_lift_is_the_difference_of_the_changes(engine):
    found = engine.take(kpi.campaign_lift(engine.give(cases.panel()), outcome="spend"))
    row = found.iloc[0]
    means = ["treated_before", "treated_after", "control_before", "control_after"]
    assert row[means].tolist() == pytest.approx([100, 130, 70, 80])
    assert row["before_after"] == pytest.approx(30)
    assert row["lift"] == pytest.approx(20)
    assert row["n"] == 16
    # Outside check: the change of each unit, two-sample comparison with the same number of
    # units in each arm. Clustered least squares: sum of squares / 4^2, times G/(G-1)(N-1)/(N-K)
    wobble = np.array([(-1) ** unit for unit in range(4)])
    variance = 2 * (wobble**2).sum() / 4**2 * (8 / 7) * (15 / 12)
    width = 1.959963984540054 * np.sqrt(variance)
    assert row["high"] - 20 == pytest.approx(width)


def test_a_rising_trend_is_not_an_effect():
    # both groups rise by 10: before-after says 10, the lift is 0 (trap: rising trend)
    rng = np.random.default_rng(1)
    rows = [
        (treated, after, 50 + 10 * after + 30 * treated + rng.normal(0, 1))
        for treated in (0, 1)
        for after in (0, 1)
        for _ in range(200)
    ]
    table = pd.DataFrame(rows, columns=["treated", "after", "visits"])
    found = kpi.campaign_lift(table, outcome="visits").iloc[0]
    assert found["before_after"] == pytest.approx(10, abs=0.3)
    assert found["low"] < 0 < found["high"]


def test_members_chosen_for_a_bad_month_recover_by_themselves():
    # Trap: regression to the mean. A control that was as low shows it; one that was not hides it
    rng = np.random.default_rng(2)
    level = rng.normal(10, 2, 4000)
    before, after = level + rng.normal(0, 3, 4000), level + rng.normal(0, 3, 4000)
    low = before < 8
    chosen = low & (np.arange(4000) % 2 == 0)

    def lift(control):
        parts = [
            pd.DataFrame({"treated": t, "after": a, "posts": values[who]})
            for t, who in ((True, chosen), (False, control))
            for a, values in ((False, before), (True, after))
        ]
        return kpi.campaign_lift(pd.concat(parts), outcome="posts").iloc[0]

    assert lift(low & ~chosen)["before_after"] > 2
    assert abs(lift(low & ~chosen)["lift"]) < 0.3
    assert lift(~low)["lift"] > 2


def test_campaign_lift_without_a_control_is_missing(engine):
    # Trap 0
    alone = cases.panel().query("treated")
    found = engine.take(kpi.campaign_lift(engine.give(alone), outcome="spend"))
    assert found["before_after"][0] == pytest.approx(30)
    assert found[["control_before", "lift", "low"]].isna().all(axis=None)


def test_funnel_does_not_count_those_who_skip_a_step(engine):
    found = engine.take(kpi.event_funnel(engine.give(cases.invited()), by="online_event_id"))
    expected = pd.DataFrame(
        {
            "online_event_id": [1, 1, 1, 2, 2, 2],
            "order": [1, 2, 3, 1, 2, 3],
            "step": ["invited", "registered", "attended"] * 2,
            "n": [3, 2, 1, 2, 0, 0],
            "n_previous": [3, 3, 2, 2, 2, 0],
            "n_skipped": [0, 0, 2, 0, 0, 0],
            "share_of_first": [1, 2 / 3, 1 / 3, 1, 0, 0],
            "share_of_previous": [np.nan, 2 / 3, 1 / 2, np.nan, 0, np.nan],
        }
    )
    same(found[expected.columns], expected)
    assert found["low"].isna().tolist() == [True, False, False, True, False, True]


@pytest.mark.parametrize(
    "values",
    [
        [True, False, None, True],  # as read_csv gives blanks
        pd.array([True, False, None, True], dtype="boolean"),
        [1.0, 0.0, None, 1.0],
        np.array([1, 0, 0, 1], dtype="int8"),
        pd.array([1, 0, None, 1], dtype="Int64"),
        ["Oui", "non", None, " oui"],
        ["Yes", "No", "", "TRUE"],
        pd.Categorical(["oui", "non", None, "oui"]),
    ],
    ids=["objects", "boolean", "floats", "int8", "Int64", "oui", "yes", "categories"],
)
def test_yes_and_no_as_files_write_them(engine, values):
    sent = pd.DataFrame({"answered": values})
    if engine.name != "pandas" and isinstance(values, pd.Categorical):
        sent = sent.astype({"answered": "str"})
    found = engine.take(kpi.rate(engine.give(sent), outcome="answered"))
    known = 4 if isinstance(values, np.ndarray) else 3
    assert found[["n", "count"]].values.tolist() == [[known, 2]]


@pytest.mark.parametrize(
    ("values", "given"),
    [([0, 3, 5], "3"), ([0.9, 0.9], "0.9"), (["yes", "perhaps"], "'perhaps'")],
)
def test_a_rate_refuses_what_is_neither_yes_nor_no(engine, values, given):
    sent = engine.give(pd.DataFrame({"converted": values}))
    with pytest.raises(TableError, match=f"'converted' holds {given}, which is neither yes nor no"):
        kpi.rate(sent, outcome="converted")
    dates = engine.give(pd.DataFrame({"converted": cases.moments("2025-01-01")}))
    with pytest.raises(ColumnError, match="not yes and no"):
        kpi.rate(dates, outcome="converted")


def test_an_outcome_nobody_recorded_is_missing_not_zero(engine):
    sent = cases.sent().assign(converted=pd.array([pd.NA] * 240, dtype="boolean"))
    with pytest.warns(NotMeasuredWarning, match="converted is empty in every row"):
        found = engine.take(kpi.rate(engine.give(sent), outcome="converted"))
    assert found["n"].tolist() == [0]
    assert found[["rate", "low", "high"]].isna().all(axis=None)
    nothing = pd.DataFrame({"converted": [None, None]})
    with pytest.warns(NotMeasuredWarning, match="converted is empty in every row"):
        assert kpi.rate(nothing, outcome="converted")["n"].tolist() == [0]


def test_campaigns_of_a_community_by_local_month(engine):
    # Trap Z: 23:30 UTC on January 31st is February in Paris; February is cut on the 15th
    sent = pd.DataFrame(
        {
            "campaign_id": [1, 1, 2, 2],
            "recipient_id": [1, 2, 1, 2],
            "variant": ["A", "B", "A", "B"],
            "sent_at": cases.moments(
                "2025-01-20T10:00", "2025-01-31T22:30", "2025-01-31T23:30", "2025-02-20T10:00"
            ),
            "opened": [True, False, True, True],
            "clicked": [False, False, True, True],
            "converted": [False, False, True, True],
        }
    )
    shop = community(
        campaigns=engine.give(sent), start="2025-01-01", end="2025-02-15", tz="Europe/Paris"
    )
    found = engine.take(kpi.rate(shop, outcome="opened", period="month"))
    assert found["period"].dt.strftime("%Y-%m-%d").tolist() == ["2025-01-01", "2025-02-01"]
    assert found[["n", "count"]].values.tolist() == [[2, 1], [1, 1]]
    assert found["complete"].tolist() == [True, False]
    versions = engine.take(kpi.compare_variants(shop, outcome="clicked"))
    assert versions[["n", "n_control"]].values.tolist() == [[1, 2]]


def test_who_does_not_count_is_not_invited(engine):
    people = cases.invited().assign(member_id=[1, 2, 3, 99, 1, 2])
    members = pd.DataFrame({"member_id": [1, 2, 3, 99], "role": ["member"] * 3 + ["bot"]})
    invited = community(online_events=engine.give(people), members=engine.give(members))
    found = engine.take(kpi.event_funnel(invited))
    assert found["n_skipped"].tolist() == [0, 0, 1]  # the bot, who came unasked, is no walk-in
    everybody = engine.take(kpi.event_funnel(invited.view(without=None)))
    assert everybody["n_skipped"].tolist() == [0, 0, 2]


def test_columns_of_the_user_may_have_any_name(engine):
    own = ["t", "u", "y", "_flag", "outcome", "unit_", "in_0", "did_0", "period"]
    sent = cases.sent()
    sent = sent.assign(**dict.fromkeys(own, sent["converted"]))
    table = engine.give(sent)
    expected = engine.take(kpi.rate(table, outcome="converted", by="segment"))
    for name in own:
        same(engine.take(kpi.rate(table, outcome=name, by="segment")), expected)
        grouped = engine.take(kpi.rate(table, outcome="converted", by=name))
        assert grouped["rate"].tolist() == [0, 1]
    panel = cases.panel()
    panel = panel.assign(**dict.fromkeys(["t", "y", "period"], panel["spend"]))
    for name in ("t", "y", "period"):
        lift = engine.take(kpi.campaign_lift(engine.give(panel), outcome=name))
        assert lift["lift"].tolist() == pytest.approx([20])


def test_errors_say_what_to_do():
    sent = cases.sent()
    with pytest.raises(ParameterError, match=r"control='C' is not accepted\. Use one of: A, B"):
        kpi.compare_variants(sent, control="C")
    with pytest.raises(ParameterError, match="baseline=20 is not accepted"):
        kpi.sample_size(baseline=20, expected=24)
    with pytest.raises(ParameterError, match="difference of 0"):
        kpi.sample_size(baseline=0.2, expected=0.2)
    with pytest.raises(ParameterError, match=r"outcome='convert'.*Did you mean 'converted'"):
        kpi.compare_variants(sent, outcome="convert")
    with pytest.raises(ColumnError, match="Did you mean 'converted'"):
        kpi.rate(sent, outcome="convertd")
    with pytest.raises(ColumnError, match=r"not numbers.*pd\.to_numeric"):
        kpi.campaign_lift(cases.panel().assign(spend="30 EUR"), outcome="spend")
