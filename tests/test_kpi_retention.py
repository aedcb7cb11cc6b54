"""Who stays: cohorts by hand, published survival, too young to know, the lifecycle of members."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from engines import Engine, engine, same  # noqa: F401
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from cmlib import kpi
from cmlib.errors import ParameterError

START = pd.Timestamp("2025-01-01")


def log_of(days: dict[int, list[int]], kind: str = "visit") -> pd.DataFrame:
    """Members and the days (0 is 1 January 2025) on which each was active, at noon."""
    rows = [
        (START + pd.Timedelta(days=day, hours=12), u) for u, each in days.items() for day in each
    ]
    table = pd.DataFrame(rows, columns=["timestamp", "member_id"])
    return table.assign(kind=kind).astype({"timestamp": "datetime64[s]"})


def many(seed: int = 1, n: int = 400) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    member = generator.integers(1, 50, n)
    day = np.minimum(member * 3 + generator.integers(0, 120, n), 250)
    seconds = day * 86_400 + generator.integers(0, 86_400, n)
    stamps = (START + pd.to_timedelta(seconds, unit="s")).astype("datetime64[s]")
    table = pd.DataFrame(
        {
            "timestamp": stamps,
            "member_id": pd.array(member, dtype="Int64"),
            "kind": generator.choice(["visit", "topic", "reply"], n),
        }
    )
    table.loc[::31, "member_id"] = pd.NA
    return table


MEMBERS = pd.DataFrame(
    {
        "member_id": np.arange(1, 61),
        "joined_at": (START + pd.to_timedelta(np.arange(60) * 3, unit="D")).astype("datetime64[s]"),
    }
)

EVERYWHERE = {
    "classic_retention": {"windows": 3},
    "classic_retention_by_month": {"months": 3},
    "retention_curve": {"windows": 4, "window_days": 20},
    "rolling_retention": {"windows": 4},
    "survival_curve": {"gap_days": 30},
    "activation_rate": {"within_days": 10},
    "lifecycle_states": {},
    "quick_ratio": {"period": "week"},
    "churn_rate": {},
    "comeback_share": {"gap_days": 20},
    "at_risk": {"min_days": 4},
}
WITH_MEMBERS = [
    "classic_retention",
    "classic_retention_by_month",
    "retention_curve",
    "rolling_retention",
    "activation_rate",
]


@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_result_on_every_engine(engine: Engine, name: str):  # noqa: F811
    function, table = getattr(kpi, name), many()
    options = EVERYWHERE[name] | {"tz": "Europe/Paris", "without": [3], "end": "2025-09-15"}
    before = table.copy()
    expected = function(table, **options)
    assert len(expected)
    same(engine.take(function(engine.give(table), **options)), expected)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", WITH_MEMBERS)
def test_joining_from_the_members_on_every_engine(engine: Engine, name: str):  # noqa: F811
    function = getattr(kpi, name)
    options = EVERYWHERE[name] | {"tz": "Europe/Paris", "without": [3], "start": "2024-12-31"}
    expected = function(many(), members=MEMBERS, end="2025-09-15", **options)
    found = function(engine.give(many()), members=engine.give(MEMBERS), end="2025-09-15", **options)
    same(engine.take(found), expected)


# --- retention --------------------------------------------------------------------------------

# January: 1 comes back in windows 1 and 3, 2 in window 2, 3 never. February: 4 in window 1.
COHORTS = {1: [0, 1, 35, 100], 2: [10, 80], 3: [20], 4: [31, 32, 70]}


def test_classic_retention_by_hand():
    found = kpi.classic_retention(log_of(COHORTS), start="2025-01-01", end="2025-05-31", windows=3)
    january = found[found["cohort"] == START]
    assert january["n"].to_list() == [3, 3, 3, 3]
    assert january["retained"].to_list() == [3, 1, 1, 1]
    assert january["retention"].to_list() == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3])
    low, high = proportion_confint(1, 3, method="wilson")
    assert january[["low", "high"]].iloc[1].to_list() == pytest.approx([low, high])
    assert january["complete"].all()
    february = found[found["cohort"] == "2025-02-01"]
    assert february["retained"].to_list()[:3] == [1, 1, 0]


def test_too_young_is_missing_not_zero():
    """Trap C: on 31 May, whoever joined on 28 February lacks the end of day 119."""
    found = kpi.classic_retention(log_of(COHORTS), start="2025-01-01", end="2025-05-31", windows=3)
    february = found[found["cohort"] == "2025-02-01"]
    assert february["complete"].to_list() == [True, True, True, False]
    assert february[["retained", "retention", "low", "high"]].iloc[3].isna().all()
    nobody = found[found["cohort"] == "2025-03-01"]
    assert nobody["n"].to_list() == [0] * 4
    assert nobody["retention"].isna().all()  # trap 0


def test_the_last_day_of_a_window_must_be_over():
    """Joined on 31 January: window 1 ends with 31 March, seen on 1 April and not a day before."""
    table = log_of({1: [30]})
    options = {"start": "2025-01-01", "windows": 1}
    for end, known in {"2025-03-31": False, "2025-04-01": True}.items():
        found = kpi.classic_retention(table, end=end, **options)
        assert found["complete"].iloc[1] is np.bool_(known)
        assert kpi.retention_curve(table, end=end, **options)["n"].to_list() == [1, int(known)]


def test_calendar_months_are_not_30_day_windows():
    """Joined on 31 January and back the day after: month 1, but window 0."""
    table = log_of({1: [30, 31]})
    options = {"start": "2025-01-01", "end": "2025-04-01"}
    months = kpi.classic_retention_by_month(table, months=1, **options)
    windows = kpi.classic_retention(table, windows=1, **options)
    assert months["retained"].to_list()[:2] == [1, 1]
    assert windows["retained"].to_list()[:2] == [1, 0]
    assert months["cohort"].iloc[0] == START


def test_calendar_month_cohorts_by_hand():
    found = kpi.classic_retention_by_month(
        log_of(COHORTS), start="2025-01-01", end="2025-04-20", months=3
    )
    january = found[found["cohort"] == START]
    assert january["retained"].to_list()[:3] == [3, 1, 1]
    assert january["complete"].to_list() == [True, True, True, False]
    assert january["retention"].isna().to_list() == [False, False, False, True]


def test_a_cohort_whose_month_began_before_the_log_is_not_complete():
    """Trap P: members of January seen from the 15th on are not the cohort of January."""
    found = kpi.classic_retention(log_of({1: [14, 15], 2: [40]}), end="2025-08-01", windows=1)
    assert found.groupby("cohort")["complete"].all().to_list() == [False] + [True] * 4 + [False] * 2


def test_retention_curve_leaves_the_young_out_of_n():
    found = kpi.retention_curve(
        log_of(COHORTS), start="2025-01-01", end="2025-04-15", windows=3
    )  # 104 days
    assert found["n"].to_list() == [4, 4, 2, 0]
    assert found["retained"].to_list() == [4, 2, 1, 0]
    assert found["complete"].to_list() == [True, True, False, False]
    assert np.isnan(found["retention"].iloc[3])


def test_first_seen_is_not_joined():
    """Trap L: three joined, one of them never came and one came 40 days later."""
    members = pd.DataFrame({"member_id": [1, 2, 3], "joined_at": START})
    table = log_of({1: [0, 31], 2: [40]})
    options = {"start": "2025-01-01", "end": "2025-06-01", "windows": 1}
    joined = kpi.retention_curve(table, members=members, **options)
    seen = kpi.retention_curve(table, **options)
    assert joined[["n", "retained"]].to_numpy().tolist() == [[3, 1], [3, 2]]
    assert seen[["n", "retained"]].to_numpy().tolist() == [[2, 2], [2, 1]]


def test_rolling_retention_by_hand_and_above_classic():
    options = {"start": "2025-01-01", "end": "2025-06-01", "windows": 4}
    rolling = kpi.rolling_retention(log_of(COHORTS), **options)
    classic = kpi.retention_curve(log_of(COHORTS), **options)
    assert rolling["retained"].to_list() == [4, 3, 2, 1, 0]
    assert classic["retained"].to_list() == [4, 2, 1, 1, 0]
    assert rolling["n"].to_list() == classic["n"].to_list()


def test_rolling_retention_rewrites_history():
    options = {"start": "2025-01-01", "end": "2025-12-01", "windows": 2}
    once = kpi.rolling_retention(log_of({1: [0]}), **options)["retained"].to_list()
    back = kpi.rolling_retention(log_of({1: [0, 300]}), **options)["retained"].to_list()
    assert (once, back) == ([1, 0, 0], [1, 1, 1])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), window_days=st.integers(1, 40))
def test_laws_of_retention(seed: int, window_days: int):
    table = many(seed, 80)
    options = {"end": "2025-12-31", "windows": 5, "window_days": window_days}
    classic = kpi.retention_curve(table, **options)
    rolling = kpi.rolling_retention(table, **options)
    assert classic["retained"].iloc[0] == classic["n"].iloc[0]
    assert (classic["retained"] <= rolling["retained"]).all()
    assert (rolling["retained"] <= rolling["n"]).all()
    same(kpi.retention_curve(table.iloc[::-1], **options), classic)


# --- survival ---------------------------------------------------------------------------------


def test_survival_against_a_published_table():
    """Remission with 6-MP (Freireich et al. 1963), as tabulated by Kleinbaum and Klein."""
    left = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    followed = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    days = {u: [200 - stay, 200] for u, stay in enumerate(left)}
    days |= {100 + u: [364 - stay, 364] for u, stay in enumerate(followed)}
    found = kpi.survival_curve(log_of(days), gap_days=90, start="2025-01-01", end="2026-01-01")
    expected = {
        0: (21, 0, 1.0),
        6: (21, 3, 0.8571),
        7: (17, 1, 0.8067),
        10: (15, 1, 0.7529),
        13: (12, 1, 0.6902),
        16: (11, 1, 0.6275),
        22: (7, 1, 0.5378),
        23: (6, 1, 0.4482),
    }
    assert found["day"].to_list() == list(expected)
    assert found["n"].to_list() == [n for n, _left, _share in expected.values()]
    assert found["left"].to_list() == [left for _n, left, _share in expected.values()]
    shares = [share for _n, _left, share in expected.values()]
    assert found["survival"].to_list() == pytest.approx(shares, abs=5e-5)
    assert (found["low"] <= found["survival"]).all()
    assert (found["survival"] <= found["high"]).all()


def test_survival_of_members_still_there_is_one():
    """Trap C: nobody has been silent for long enough."""
    found = kpi.survival_curve(log_of({1: [0, 50], 2: [40]}), gap_days=90, end="2025-03-01")
    assert found[["day", "n", "left", "survival"]].to_numpy().tolist() == [[0, 2, 0, 1.0]]


def test_survival_of_nobody_is_empty(engine: Engine):  # noqa: F811
    found = engine.take(kpi.survival_curve(engine.give(log_of({1: [0]}).iloc[:0])))
    assert found.columns.to_list() == ["day", "n", "left", "survival", "low", "high"]
    assert found.empty


# --- activation -------------------------------------------------------------------------------


def test_activation_by_hand():
    members = pd.DataFrame(
        {
            "member_id": [1, 2, 3, 4],
            "joined_at": START + pd.to_timedelta([0, 0, 5, 40], unit="D"),
        }
    )
    events = pd.concat(
        [log_of({1: [3], 2: [20], 3: [2], 4: [41]}, "topic"), log_of({1: [0], 3: [6]}, "visit")]
    )
    found = kpi.activation_rate(events, members=members, start="2025-01-01", end="2025-02-14")
    # 3 wrote before joining only; 4 joined on 10 February: too young on the 14th
    expected = pd.DataFrame(
        {
            "period": pd.to_datetime(["2025-01-01", "2025-02-01"]),
            "n": [3, 0],
            "activated": [1, 0],
            "activation_rate": [1 / 3, np.nan],
            "low": [proportion_confint(1, 3, method="wilson")[0], np.nan],
            "high": [proportion_confint(1, 3, method="wilson")[1], np.nan],
            "complete": [True, False],
        }
    )
    same(found, expected)


def test_activation_waits_for_the_last_newcomer_of_the_month():
    """Trap C: January is complete only 7 days after its end."""
    table = log_of({1: [2], 2: [30]}, "topic")
    for end, complete in {"2025-02-05": False, "2025-02-08": True}.items():
        found = kpi.activation_rate(table, start="2025-01-01", end=end)
        assert found["complete"].iloc[0] == complete
        assert found["n"].iloc[0] == 1 + complete


# --- lifecycle --------------------------------------------------------------------------------

LIVES = {1: [0, 35, 100], 2: [5], 3: [40, 70, 95], 4: [2, 91]}
PERIOD = {"start": "2025-01-01", "end": "2025-05-01"}


def test_lifecycle_states_by_hand():
    found = kpi.lifecycle_states(log_of(LIVES), **PERIOD)
    wide = found.pivot_table(index="period", columns="state", values="n")
    assert wide["new"].to_list() == [3, 1, 0, 0]
    assert wide["retained"].to_list() == [0, 1, 1, 1]
    assert wide["resurrected"].to_list() == [0, 0, 0, 2]
    assert wide["dormant"].to_list() == [0, 2, 3, 1]
    assert found["complete"].all()


def test_incomplete_periods_of_the_lifecycle():
    """Trap P."""
    found = kpi.lifecycle_states(log_of(LIVES), start="2025-01-01", end="2025-04-15")
    assert found["complete"].to_list() == [True] * 12 + [False] * 4


def test_history_before_start_counts_in_the_lifecycle():
    whole = kpi.lifecycle_states(log_of(LIVES), **PERIOD)
    late = kpi.lifecycle_states(log_of(LIVES), start="2025-03-01", end="2025-05-01")
    same(late, whole.iloc[8:])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), period=st.sampled_from(["day", "week", "month"]))
def test_states_make_everybody_seen_so_far(seed: int, period: str):
    table = many(seed, 60)
    states = kpi.lifecycle_states(table, period=period)
    seen = kpi.new_members(table, period=period)["n"].cumsum()
    assert states.groupby("period")["n"].sum().to_list() == seen.to_list()
    active = states[states["state"] != "dormant"].groupby("period")["n"].sum()
    assert active.to_list() == kpi.active_by_period(table, period=period)["n"].to_list()


def test_quick_ratio_by_hand():
    found = kpi.quick_ratio(log_of(LIVES), **PERIOD)
    assert found["new"].to_list() == [3, 1, 0, 0]
    assert found["resurrected"].to_list() == [0, 0, 0, 2]
    assert found["lost"].to_list() == [0, 2, 1, 0]
    # January has no month before it; in April nobody was lost (trap 0)
    assert found["quick_ratio"].isna().to_list() == [True, False, False, True]
    assert found["quick_ratio"].to_list()[1:3] == [0.5, 0.0]


def test_quick_ratio_needs_the_period_before():
    """Trap P."""
    found = kpi.quick_ratio(log_of(LIVES), start="2025-01-01", end="2025-03-20")
    assert found["complete"].to_list() == [False, True, False]
    assert np.isnan(found["quick_ratio"].iloc[2])


def test_churn_by_hand():
    """Of the three of January, 1 is back 35 days after, 2 never, 4 after 89 days."""
    options = {"start": "2025-01-01", "end": "2025-05-01"}
    month = kpi.churn_rate(log_of(LIVES), gap_days=30, **options)
    assert month[["n", "churned"]].iloc[0].to_list() == [3, 3]
    longer = kpi.churn_rate(log_of(LIVES), gap_days=35, **options)
    assert longer["churned"].iloc[0] == 2
    low, high = proportion_confint(2, 3, method="wilson")
    assert longer[["churn_rate", "low", "high"]].iloc[0].to_list() == pytest.approx(
        [2 / 3, low, high]
    )


def test_churn_is_missing_while_the_gap_is_not_over():
    """Trap C."""
    found = kpi.churn_rate(log_of(LIVES), gap_days=30, start="2025-01-01", end="2025-05-01")
    assert found["complete"].to_list() == [True, True, True, False]
    assert found[["churned", "churn_rate"]].iloc[3].isna().all()


def test_churned_members_come_back():
    days = {1: [0, 100, 101], 2: [0], 3: [0, 10], 4: [250, 260, 270]}
    found = kpi.comeback_share(log_of(days), gap_days=90, end="2025-10-01").iloc[0]
    low, high = proportion_confint(1, 3, method="wilson")
    expected = {"n": 3, "came_back": 1, "share": 1 / 3, "low": low, "high": high}
    expected |= {"repeaters": 3, "share_of_repeaters": 1 / 3}
    assert found.to_dict() == pytest.approx(expected)


def test_nobody_went_quiet_is_missing():
    """Trap 0."""
    found = kpi.comeback_share(log_of({1: [0, 5]}), end="2025-01-10")
    assert found["n"].to_list() == [0]
    assert found["share"].isna().all()


def test_at_risk_measures_each_against_their_own_rhythm():
    daily, monthly = list(range(60, 90)), [0, 20, 40, 60, 75]
    found = kpi.at_risk(log_of({1: daily, 2: monthly, 3: [0, 50]}), end="2025-04-11")
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
    table = pd.DataFrame({"timestamp": stamps, "member_id": 1})
    utc = kpi.at_risk(table, end="2025-04-20")["silence_days"].iloc[0]
    paris = kpi.at_risk(table, end="2025-04-20 00:00+02:00", tz="Europe/Paris")
    assert (utc, paris["silence_days"].iloc[0]) == (10, 9)


def test_bots_do_not_stay():
    """Trap B."""
    table = log_of(COHORTS | {99: list(range(140))})
    options = {"start": "2025-01-01", "end": "2025-06-01"}
    same(
        kpi.retention_curve(table, without=[99], **options),
        kpi.retention_curve(log_of(COHORTS), **options),
    )


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("classic_retention", {"windows": -1}, r"-1 is not accepted.*from 0 up"),
        ("retention_curve", {"window_days": 0}, r"0 is not accepted.*from 1 up"),
        ("churn_rate", {"gap_days": 0.5}, r"gap_days=0.5 is not accepted"),
        ("at_risk", {"factor": 0}, r"factor=0 is not accepted"),
        ("at_risk", {"min_days": 1}, r"min_days=1 is not accepted.*from 3 up"),
        ("lifecycle_states", {"period": "quarter"}, r"day, week, month"),
        ("activation_rate", {"end": dt.date(2024, 1, 1), "start": "2025-01-01"}, r"come after"),
    ],
)
def test_arguments_are_checked(name: str, options: dict, message: str):
    with pytest.raises(ParameterError, match=message):
        getattr(kpi, name)(log_of(COHORTS), **options)
