"""Where members stand: states by hand, churn, comebacks, each against their own rhythm."""

import numpy as np
import pandas as pd
import pytest
from engines import Engine, engine, same  # noqa: F401
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint
from test_kpi_retention import PARIS, log_of, many, people

from cmlib import data, kpi
from cmlib.errors import ParameterError

EVERYWHERE = {
    "lifecycle_states": {},
    "quick_ratio": {"period": "week"},
    "churn_rate": {},
    "comeback_share": {"gap_days": 20},
    "at_risk": {"min_days": 4},
}


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_result_on_every_engine(engine: Engine, name: str, complete: bool):  # noqa: F811
    function, table = getattr(kpi, name), many()
    options, view = EVERYWHERE[name], PARIS | {"complete_history": complete}
    before = table.copy()
    expected = function(data.community(events=table, **view), **options)
    assert len(expected)
    found = function(data.community(events=engine.give(table), **view), **options)
    same(engine.take(found), expected)
    pd.testing.assert_frame_equal(table, before)


LIVES = {1: [0, 35, 100], 2: [5], 3: [40, 70, 95], 4: [2, 91]}
LIFE = people(log_of(LIVES), end="2025-05-01")


def test_lifecycle_states_by_hand():
    found = kpi.lifecycle_states(LIFE)
    wide = found.pivot_table(index="period", columns="state", values="n")
    assert wide["new"].to_list() == [3, 1, 0, 0]
    assert wide["retained"].to_list() == [0, 1, 1, 1]
    assert wide["resurrected"].to_list() == [0, 0, 0, 2]
    assert wide["dormant"].to_list() == [0, 2, 3, 1]
    assert found["complete"].all()


def test_incomplete_periods_of_the_lifecycle():
    """Trap P."""
    found = kpi.lifecycle_states(LIFE.view(end="2025-04-15"))
    assert found["complete"].to_list() == [True] * 12 + [False] * 4


def test_history_before_start_counts_in_the_lifecycle():
    whole = kpi.lifecycle_states(LIFE)
    late = kpi.lifecycle_states(LIFE.view(start="2025-03-01"))
    same(late, whole.iloc[8:])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), period=st.sampled_from(["day", "week", "month"]))
def test_states_make_everybody_seen_so_far(seed: int, period: str):
    table = data.community(events=many(seed, 60), complete_history=True)
    states = kpi.lifecycle_states(table, period=period)
    seen = kpi.new_members(table, period=period)["n"].cumsum()
    assert states.groupby("period")["n"].sum().to_list() == seen.to_list()
    active = states[states["state"] != "dormant"].groupby("period")["n"].sum()
    assert active.to_list() == kpi.active_by_period(table, period=period)["n"].to_list()


def test_quick_ratio_by_hand():
    found = kpi.quick_ratio(LIFE)
    assert found["new"].to_list() == [3, 1, 0, 0]
    assert found["resurrected"].to_list() == [0, 0, 0, 2]
    assert found["lost"].to_list() == [0, 2, 1, 0]
    # January has no month before it; in April nobody was lost (trap 0)
    assert found["quick_ratio"].isna().to_list() == [True, False, False, True]
    assert found["quick_ratio"].to_list()[1:3] == [0.5, 0.0]


def test_quick_ratio_needs_the_period_before():
    """Trap P."""
    found = kpi.quick_ratio(LIFE.view(end="2025-03-20"))
    assert found["complete"].to_list() == [False, True, False]
    assert np.isnan(found["quick_ratio"].iloc[2])


def test_churn_by_hand():
    """Of the three of January, 1 is back 35 days after, 2 never, 4 after 89 days."""
    month = kpi.churn_rate(LIFE, gap_days=30)
    assert month[["n", "churned"]].iloc[0].to_list() == [3, 3]
    longer = kpi.churn_rate(LIFE, gap_days=35)
    assert longer["churned"].iloc[0] == 2
    low, high = proportion_confint(2, 3, method="wilson")
    assert longer[["churn_rate", "low", "high"]].iloc[0].to_list() == pytest.approx(
        [2 / 3, low, high]
    )


def test_churn_is_missing_while_the_gap_is_not_over():
    """Trap C: silent since 31 March is 30 whole days on 1 May, and more than 30 on 2 May."""
    found = kpi.churn_rate(LIFE, gap_days=30)
    assert found["complete"].to_list() == [True, True, False, False]
    assert found[["churned", "churn_rate"]].iloc[2:].isna().all(axis=None)
    later = kpi.churn_rate(people(log_of(LIVES), end="2025-05-02"), gap_days=30)
    assert later["complete"].to_list() == [True, True, True, False, False]


def test_churned_members_come_back():
    days = {1: [0, 100, 101], 2: [0], 3: [0, 10], 4: [250, 260, 270]}
    found = kpi.comeback_share(people(log_of(days), end="2025-10-01"), gap_days=90).iloc[0]
    low, high = proportion_confint(1, 3, method="wilson")
    expected = {"n": 3, "came_back": 1, "share": 1 / 3, "low": low, "high": high}
    expected |= {"repeaters": 3, "share_of_repeaters": 1 / 3}
    assert found.to_dict() == pytest.approx(expected)


def test_nobody_went_quiet_is_missing():
    """Trap 0."""
    found = kpi.comeback_share(people(log_of({1: [0, 5]}), end="2025-01-10"))
    assert found["n"].to_list() == [0]
    assert found["share"].isna().all()


def test_at_risk_measures_each_against_their_own_rhythm():
    daily, monthly = list(range(60, 90)), [0, 20, 40, 60, 75]
    found = kpi.at_risk(people(log_of({1: daily, 2: monthly, 3: [0, 50]}), end="2025-04-11"))
    expected = pd.DataFrame(
        {
            "member_id": [1, 2],
            "n": [30, 5],
            "silence_days": [10, 24],
            "usual_gap_days": [1.0, 20.0],
            "ratio": [10.0, 1.2],
            "at_risk": [True, False],
        }
    )
    same(found, expected)


def test_silence_follows_the_local_day():
    """Trap Z: 23:30 UTC on 9 April is already the 10th in Paris."""
    stamps = pd.date_range("2025-04-05 23:30", periods=5, freq="D")
    table = pd.DataFrame({"timestamp": stamps, "member_id": 1, "event_id": range(5)})
    community = data.community(events=table.assign(kind="visit"), end="2025-04-20")
    utc, paris = (
        kpi.at_risk(community.view(tz=tz, end="2025-04-20"))["silence_days"].iloc[0]
        for tz in ("UTC", "Europe/Paris")
    )
    assert (utc, paris) == (10, 9)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("churn_rate", {"gap_days": 0.5}, r"gap_days=0.5 is not accepted"),
        ("at_risk", {"factor": 0}, r"factor=0 is not accepted"),
        ("at_risk", {"min_days": 1}, r"min_days=1 is not accepted.*from 3 up"),
        ("lifecycle_states", {"period": "quarter"}, r"day, week, month"),
    ],
)
def test_arguments_are_checked(name: str, options: dict, message: str):
    with pytest.raises(ParameterError, match=message):
        getattr(kpi, name)(LIFE, **options)
