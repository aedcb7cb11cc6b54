import kpi_cases as cases
import numpy as np
import pandas as pd
import pytest
from engines import same
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import kpi
from cmlib.data import community
from cmlib.errors import ColumnError, NotMeasuredWarning, ParameterError

SUFFIXES = ["mean", "p10", "p25", "median", "p75", "p90"]


def distribution(n, n_missing, name, *values):
    named = zip([f"{name}_{suffix}" for suffix in SUFFIXES], values, strict=True)
    return pd.DataFrame([{"n": n, "n_missing": n_missing} | dict(named)])


def test_engagement_rate_is_the_ratio_of_totals(engine):
    # photo: 13 + 6 interactions over 100 + 300; video: 18 over 600, the post nobody saw left out
    found = engine.take(kpi.engagement_rate(engine.give(cases.posts()), by="format"))
    # residuals 13 - .0475 * 100 = 8.25 and 6 - .0475 * 300 = -8.25
    expected = pd.DataFrame(
        {
            "format": ["photo", "video"],
            "n": [2, 1],
            "n_missing": [1, 2],
            "interactions": [19.0, 18.0],
            "reach": [400.0, 600.0],
            "engagement_rate": [0.0475, 0.03],
            "low": [0.0, np.nan],
            "high": [0.0475 + 1.959963984540054 * np.sqrt(2 * (8.25**2 + 8.25**2)) / 400, np.nan],
        }
    )
    same(found, expected)


def test_the_mean_of_ratios_is_another_figure_under_another_name(engine):
    # Trap R: .13, .02 and .03 have mean .06, the totals give 37 / 1,000 = .037
    posts = engine.give(cases.posts())
    found = engine.take(kpi.engagement_rate_per_post(posts))
    same(found, distribution(3, 3, "engagement_rate", 0.06, 0.022, 0.025, 0.03, 0.08, 0.11))
    assert engine.take(kpi.engagement_rate(posts))["engagement_rate"][0] == pytest.approx(0.037)


def test_denominators_are_never_mixed(engine):
    posts = engine.give(cases.posts())
    over_reach = engine.take(kpi.engagement_rate(posts))
    over_impressions = engine.take(kpi.interaction_rate(posts))
    assert "impressions" not in over_reach and "reach" not in over_impressions
    assert over_impressions["interaction_rate"][0] == pytest.approx(37 / 1600)
    assert over_reach["engagement_rate"][0] == pytest.approx(37 / 1000)


def test_periods_say_whether_they_are_complete(engine):
    # Trap P: February is cut at the 15th
    posts = cases.posts().assign(published_at=cases.posts()["planned_at"]).iloc[:5]
    posts.loc[4, ["published_at", "reach"]] = [pd.Timestamp("2025-02-03"), 10]
    posts.loc[4, ["reactions", "comments", "shares", "saves"]] = [1, 0, 0, 0]
    found = engine.take(
        kpi.engagement_rate(
            community(posts=engine.give(posts), start="2025-01-01", end="2025-02-15"),
            period="month",
        )
    )
    assert found["period"].dt.strftime("%Y-%m-%d").tolist() == ["2025-01-01", "2025-02-01"]
    assert found["complete"].tolist() == [True, False]
    assert found["engagement_rate"].tolist() == pytest.approx([0.037, 0.1])


def test_nothing_to_divide_by_is_missing_not_zero(engine):
    # Trap 0
    unseen = cases.posts().iloc[[3]]
    rate = engine.take(kpi.click_through_rate(engine.give(unseen)))
    assert rate["n"].tolist() == [0]
    assert rate["click_through_rate"].isna().all()
    per_post = engine.take(kpi.engagement_rate_per_post(engine.give(unseen)))
    assert per_post["engagement_rate_median"].isna().all()


MEASURES = {
    "engagement_rate": "reach",
    "engagement_rate_per_post": "reach",
    "interaction_rate": "impressions",
    "click_through_rate": "clicks",
    "dwell_time": "dwell_s",
    "conversation_rate": "comments",
    "amplification_rate": "shares",
    "applause_rate": "reactions",
    "best_slots": "saves",
}


@pytest.mark.parametrize("measure", MEASURES)
def test_what_nobody_measured_is_missing_with_the_reason_and_not_zero(engine, measure):
    # Trap 0: the platform does not give this figure, its column is there and empty
    column = MEASURES[measure]
    posts = cases.posts().assign(**{column: pd.array([pd.NA] * 6, dtype="Int64")})
    with pytest.warns(NotMeasuredWarning, match=f"The column {column} is empty in every row"):
        found = engine.take(getattr(kpi, measure)(engine.give(posts)))
    assert (found["n"] == 0).all()
    known = {"n", "n_missing", "weekday", "hour"}
    assert found[[name for name in found if name not in known]].isna().all(axis=None)
    nothing = cases.posts().assign(**{column: None})  # a column of objects, as read_csv gives it
    with pytest.warns(NotMeasuredWarning, match=f"The column {column} is empty in every row"):
        getattr(kpi, measure)(nothing)
    with pytest.raises(ColumnError, match=f"The column '{column}' is not in the table"):
        getattr(kpi, measure)(engine.give(cases.posts().drop(columns=column)))
    with pytest.raises(
        ColumnError, match=f"'{column}' holds (str|String), not numbers.*pd.to_numeric"
    ):
        getattr(kpi, measure)(engine.give(cases.posts().assign(**{column: "many"})))


def test_figures_of_objects_count_as_the_numbers_they_hold():
    posts = cases.posts()
    mixed = posts.assign(reach=posts["reach"].astype(object))
    same(kpi.engagement_rate(mixed), kpi.engagement_rate(posts))


def test_a_view_says_which_posts_count_and_on_which_clock(engine):
    # Trap Z: published at 23:30 UTC on January 31st, in February for Paris
    posts = cases.posts().iloc[:3]
    posts["published_at"] = cases.moments(
        "2025-01-20T10:00", "2025-01-31T22:30", "2025-01-31T23:30"
    )
    page = community(posts=engine.give(posts), start="2025-01-01", tz="Europe/Paris")
    found = engine.take(kpi.engagement_rate(page, period="month"))
    assert found["period"].dt.month.tolist() == [1, 2]
    assert found["reach"].tolist() == [400, 600]
    # Trap P: a view that opens on January 25th reports a part of January
    late = engine.take(kpi.engagement_rate(page.view(start="2025-01-25"), period="month"))
    assert late["reach"].tolist() == [300, 600]
    assert late["complete"].tolist() == [False, False]
    one = engine.take(kpi.applause_rate(page.view(end="2025-02-01")))
    assert one["n"].tolist() == [2]


def test_a_gesture_named_twice_counts_once():
    twice = kpi.engagement_rate(cases.posts(), interactions=["clicks", "clicks"])
    same(twice, kpi.engagement_rate(cases.posts(), interactions="clicks"))
    with pytest.raises(ParameterError, match="Use one of: clicks, reactions"):
        kpi.engagement_rate(cases.posts(), interactions=[])


def test_an_empty_table_gives_the_same_columns(engine):
    posts = cases.posts()
    whole = engine.take(kpi.engagement_rate(engine.give(posts), by="format"))
    empty = engine.take(kpi.engagement_rate(engine.give(posts.iloc[:0]), by="format"))
    assert list(empty.columns) == list(whole.columns)
    assert len(empty) == 0


def test_conversation_amplification_applause(engine):
    posts = engine.give(cases.posts())
    conversation = engine.take(kpi.conversation_rate(posts))
    same(conversation, distribution(4, 2, "conversation", 1.5, 0, 0, 1, 2.5, 3.4))
    assert engine.take(kpi.amplification_rate(posts))["amplification_mean"][0] == 0.5
    assert engine.take(kpi.applause_rate(posts))["applause_mean"][0] == 7


def test_comments_on_ones_own_topic_are_not_a_conversation(engine):
    # Trap S. help: 2 replies by others and 2 own over 3 topics; chat without the bot (trap B):
    # 2 by others, and 1 between two deleted accounts
    found = engine.take(
        kpi.conversation_per_topic(
            community(events=engine.give(cases.events()), members=cases.members()), by="channel"
        )
    )
    assert found["channel"].tolist() == ["chat", "help"]
    assert found["n"].tolist() == [2, 3]
    assert found["conversation_mean"].tolist() == pytest.approx([1, 2 / 3])
    assert found["own_share"].tolist() == pytest.approx([1 / 3, 1 / 2])


def test_dwell_time_leaves_out_visits_without_an_end(engine):
    # Trap C: a last page whose end is not known is not a visit of 0 seconds
    found = engine.take(kpi.dwell_time(engine.give(cases.posts())))
    same(found, distribution(3, 3, "dwell_s", 30, 12, 15, 20, 40, 52))


def test_dwell_time_refuses_negative_times():
    with pytest.raises(ParameterError, match="goes down to -5"):
        kpi.dwell_time(pd.DataFrame({"dwell_s": [3.0, -5.0]}))


def test_a_misspelt_column_is_named():
    with pytest.raises(ColumnError, match="Did you mean 'reech'"):
        kpi.engagement_rate(cases.posts().rename(columns={"reach": "reech"}))
    with pytest.raises(ParameterError, match="Did you mean 'reactions'"):
        kpi.engagement_rate(cases.posts(), interactions="reaction")
    with pytest.raises(ColumnError, match="by="):
        kpi.engagement_rate(cases.posts(), by="formatt")
    with pytest.raises(ParameterError, match="pandas, Polars, DuckDB or PySpark"):
        kpi.engagement_rate([1, 2])
    with pytest.raises(ParameterError, match=r"level=95.*0\.95"):
        kpi.engagement_rate(cases.posts(), level=95)


def test_the_interval_of_a_ratio_against_statsmodels():
    # Outside check: without constant, weighted by 1 / reach, least squares gives the ratio of
    # totals; its HC1 standard error is Cochran's
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    reach = rng.lognormal(8, 1, 60).round()
    reactions = rng.binomial(reach.astype(int), 0.03).astype(float)
    found = kpi.engagement_rate(
        pd.DataFrame({"reach": reach, "reactions": reactions}), interactions="reactions"
    )
    fit = sm.WLS(reactions, reach, weights=1 / reach).fit(cov_type="HC1")
    width = 1.959963984540054 * fit.bse[0]
    assert found["engagement_rate"][0] == pytest.approx(fit.params[0])
    assert found["low"][0] == pytest.approx(fit.params[0] - width)
    assert found["high"][0] == pytest.approx(fit.params[0] + width)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 50)), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
def test_row_order_does_not_matter_and_the_rate_lies_between_its_posts(pairs, random):
    table = pd.DataFrame(pairs, columns=["reach", "reactions"])
    shuffled = table.sample(frac=1, random_state=random.randrange(1000))
    rate = kpi.engagement_rate(table, interactions="reactions")
    again = kpi.engagement_rate(shuffled, interactions="reactions")
    assert rate["engagement_rate"][0] == pytest.approx(again["engagement_rate"][0])
    ratios = table["reactions"] / table["reach"]
    assert ratios.min() - 1e-12 <= rate["engagement_rate"][0] <= ratios.max() + 1e-12


def test_the_table_given_is_not_changed():
    posts = cases.posts()
    kpi.engagement_rate(posts, by="format", period="month")
    pd.testing.assert_frame_equal(posts, cases.posts())
