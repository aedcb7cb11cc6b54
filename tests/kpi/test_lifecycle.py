"""Where members stand: states by hand, one reading of silence, each against their own rhythm."""

import numpy as np
import pandas as pd
import pytest
from engines import Engine, same
from hypothesis import given, settings
from hypothesis import strategies as st
from lives import START, log_of, many
from statsmodels.stats.proportion import proportion_confint

from cmlib import data, kpi
from cmlib.errors import NotMeasuredWarning, ParameterError

LIVES = {1: [0, 35, 100], 2: [5], 3: [40, 70, 95], 4: [2, 91]}
STATES = ["new", "retained", "resurrected", "dormant"]


def people(events, **options) -> data.Community:
    """Four months, and the log begins with the community."""
    said = {"start": "2025-01-01", "end": "2025-05-01", "complete_history": True}
    return data.community(events=events, **{**said, **options})


def wide(states: pd.DataFrame) -> pd.DataFrame:
    return states.pivot_table(index="period", columns="state", values="n", aggfunc="sum")


def brute_states(table: pd.DataFrame, firsts: pd.Series, from_: pd.Timestamp) -> pd.DataFrame:
    """Tell the state of each member, month by month, as the definitions are read.

    `firsts` holds the first event of each member in the whole log; who was seen before `from_`
    was there already.
    """
    known = table.dropna(subset="member_id")
    months = known["timestamp"].dt.to_period("M")
    active = {month: set(known.loc[months == month, "member_id"]) for month in months.unique()}
    seen, rows = set(), []
    for month in pd.period_range(months.min(), months.max()):
        now, before = active.get(month, set()), active.get(month - 1, set())
        arrived = now - seen
        own = known[known["member_id"].isin(arrived)].groupby("member_id")["timestamp"].min()
        new = {one for one in arrived if own[one] == firsts[one] and firsts[one] >= from_}
        rows.append(
            {
                "new": len(new),
                "retained": len(now & before),
                "resurrected": len((now & seen) - before),
                "dormant": len(seen - now),
                "already_there": len(arrived - new),
            }
        )
        seen |= now
    return pd.DataFrame(rows)


# --- every function on every engine -----------------------------------------------------------

EVERYWHERE = {
    "lifecycle_states": {},
    "quick_ratio": {"period": "week"},
    "churn_rate": {},
    "comeback_share": {"gap_days": 20},
    "at_risk": {"min_days": 4},
}


@pytest.mark.parametrize("view", ["complete", "young", "chosen"])
@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_result_on_every_engine(engine: Engine, name: str, view: str):
    function, table = getattr(kpi, name), many()
    before = table.copy()

    def community(give):
        found = data.community(
            events=give(table),
            tz="America/New_York",
            end="2025-08-15",
            complete_history=view == "complete",
        ).view(without=[7], start="2025-02-10" if view == "young" else None)
        return (
            found.view(events=give(table[table["event_id"] % 4 > 0])) if view == "chosen" else found
        )

    expected = function(community(lambda events: events), **EVERYWHERE[name])
    found = function(community(engine.give), **EVERYWHERE[name])
    assert len(expected) > (0 if name == "comeback_share" else 3)
    same(engine.take(found), expected)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_bare_table_is_everybody_from_the_first_event_to_the_last(name: str):
    function, options = getattr(kpi, name), EVERYWHERE[name]
    same(function(many(), **options), function(data.community(events=many()), **options))


# --- states -----------------------------------------------------------------------------------


def test_lifecycle_states_by_hand():
    found = kpi.lifecycle_states(people(log_of(LIVES)))
    assert found["state"].to_list() == STATES * 4
    counts = wide(found)
    assert counts["new"].to_list() == [3, 1, 0, 0]
    assert counts["retained"].to_list() == [0, 1, 1, 1]
    assert counts["resurrected"].to_list() == [0, 0, 0, 2]
    assert counts["dormant"].to_list() == [0, 2, 3, 1]
    assert found["complete"].all()


def test_who_was_there_when_the_log_began_is_not_new(engine: Engine):
    """Observed since 1 January: until the 31st nothing tells who is new."""
    community = people(engine.give(log_of(LIVES)), complete_history=False)
    found = engine.take(kpi.lifecycle_states(community))
    assert found["state"].to_list() == [*STATES, "already_there"] * 4
    counts = wide(found)
    assert counts["already_there"].to_list() == [3, 0, 0, 0]
    assert counts["new"].to_list() == [0, 1, 0, 0]
    assert counts[STATES[1:]].equals(wide(kpi.lifecycle_states(people(log_of(LIVES))))[STATES[1:]])
    assert found["complete"].to_list() == [False] * 5 + [True] * 15


def test_incomplete_periods_of_the_lifecycle():
    """Trap P."""
    found = kpi.lifecycle_states(people(log_of(LIVES), end="2025-04-15"))
    assert found["complete"].to_list() == [True] * 12 + [False] * 4


def test_history_before_start_counts_in_the_lifecycle():
    whole = kpi.lifecycle_states(people(log_of(LIVES)))
    late = kpi.lifecycle_states(people(log_of(LIVES)).view(start="2025-03-01"))
    same(late, whole.iloc[8:])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), period=st.sampled_from(["day", "week", "month"]))
def test_states_make_everybody_seen_so_far(seed: int, period: str):
    community = data.community(events=many(seed, 60), complete_history=bool(seed % 2))
    states = kpi.lifecycle_states(community, period=period)
    arrived = kpi.new_members(community, period=period)
    seen = arrived[["n", "already_there"]].sum(axis=1).cumsum()
    assert states.groupby("period")["n"].sum().to_list() == seen.to_list()
    active = states[states["state"] != "dormant"].groupby("period")["n"].sum()
    assert active.to_list() == kpi.active_by_period(community, period=period)["n"].to_list()
    assert wide(states)["new"].to_list() == arrived["n"].to_list()


@pytest.mark.parametrize("chosen", [False, True])
@pytest.mark.parametrize("complete", [False, True])
def test_states_against_a_loop_over_months(complete: bool, chosen: bool):
    for seed in range(10):
        table = many(seed, 120).drop_duplicates("timestamp")
        some = table[table["event_id"] % 3 > 0] if chosen else table
        community = data.community(events=table, complete_history=complete)
        found = wide(kpi.lifecycle_states(community.view(events=some) if chosen else community))
        firsts = table.groupby("member_id")["timestamp"].min()
        from_ = table["timestamp"].min() + pd.Timedelta(days=0 if complete else 30)
        expected = brute_states(some, firsts, from_)
        if complete and not chosen:
            assert expected.pop("already_there").sum() == 0
        shown = found.iloc[: len(expected)][expected.columns]
        assert shown.to_numpy().tolist() == expected.to_numpy().tolist()
        assert list(found.columns) == sorted(expected.columns)


# --- coming and going -------------------------------------------------------------------------


def test_quick_ratio_by_hand():
    found = kpi.quick_ratio(people(log_of(LIVES)))
    assert found["new"].to_list() == [3, 1, 0, 0]
    assert found["resurrected"].to_list() == [0, 0, 0, 2]
    assert found["lost"].to_list() == [0, 2, 1, 0]
    # January has no month before it; in April nobody was lost (trap 0)
    assert found["quick_ratio"].isna().to_list() == [True, False, False, True]
    assert found["quick_ratio"].to_list()[1:3] == [0.5, 0.0]


def test_quick_ratio_needs_the_period_before():
    """Trap P."""
    found = kpi.quick_ratio(people(log_of(LIVES), end="2025-03-20"))
    assert found["complete"].to_list() == [False, True, False]
    assert np.isnan(found["quick_ratio"].iloc[2])


def test_quick_ratio_waits_until_newcomers_can_be_told():
    """Observed since 2 January: February begins within the first 30 days."""
    found = kpi.quick_ratio(people(log_of(LIVES), start="2025-01-02", complete_history=False))
    assert found["complete"].to_list() == [False, False, True, True]
    assert found["new"].to_list() == [0, 1, 0, 0]


def test_churn_by_hand():
    """Of the three of January, 1 is back 35 days after, 2 never, 4 after 89 days."""
    month = kpi.churn_rate(people(log_of(LIVES)), gap_days=30)
    assert month[["n", "churned"]].iloc[0].to_list() == [3, 3]
    longer = kpi.churn_rate(people(log_of(LIVES)), gap_days=np.int64(34))
    assert longer["churned"].iloc[0] == 2
    low, high = proportion_confint(2, 3, method="wilson")
    assert longer[["churn_rate", "low", "high"]].iloc[0].to_list() == pytest.approx(
        [2 / 3, low, high]
    )


def test_churn_is_missing_while_the_gap_is_not_over():
    """Trap C: 31 silent days after 31 March end with 1 May."""
    found = kpi.churn_rate(people(log_of(LIVES)), gap_days=29)
    assert found["complete"].to_list() == [True, True, True, False]
    assert found[["churned", "churn_rate"]].iloc[3].isna().all()
    found = kpi.churn_rate(people(log_of(LIVES)), gap_days=30)
    assert found["complete"].to_list() == [True, True, False, False]


@pytest.mark.parametrize(("back", "churned"), [(10, 0), (11, 0), (12, 1)])
def test_silent_for_more_than_ten_days_is_eleven_whole_days(back: int, churned: int):
    """Active on day 25 and `back` days after: back - 1 whole silent days lie between."""
    alone = people(log_of({1: [25, 25 + back]}), end="2025-03-01")
    assert kpi.churn_rate(alone, gap_days=10)["churned"].iloc[0] == churned
    assert kpi.comeback_share(alone, gap_days=10)["came_back"].iloc[0] == churned
    # and up to the end: days 0 to 4, then back - 1 silent days
    until = people(log_of({1: [0, 1, 2, 3, 4]}), end=START + pd.Timedelta(days=4 + back))
    assert kpi.comeback_share(until, gap_days=10)["n"].iloc[0] == churned
    found = kpi.at_risk(until, factor=10)
    assert (found["silence_days"].iloc[0], found["at_risk"].iloc[0]) == (back - 1, churned == 1)
    assert len(kpi.at_risk(until, max_days=10)) == 1 - churned


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


# --- at risk ----------------------------------------------------------------------------------


def test_at_risk_measures_each_against_their_own_rhythm(engine: Engine):
    daily, monthly = list(range(60, 90)), [0, 20, 40, 60, 75]
    lives = {2: monthly, 1: daily, 5: daily, 3: [0, 50], 4: list(range(9))}
    community = people(engine.give(log_of(lives)), end="2025-04-11")
    expected = pd.DataFrame(
        {
            "member_id": [1, 5, 2],
            "n": [30, 30, 5],
            "silence_days": [10, 10, 24],
            "usual_gap_days": [1.0, 1.0, 20.0],
            "ratio": [10.0, 10.0, 1.2],
            "at_risk": [True, True, False],
        }
    )
    same(engine.take(kpi.at_risk(community)), expected)  # 4 left 91 days ago
    everybody = engine.take(kpi.at_risk(community, max_days=91))
    assert everybody["member_id"].to_list() == [4, 1, 5, 2]
    assert engine.take(kpi.at_risk(community, min_days=31)).empty


def test_silence_follows_the_local_day():
    """Trap Z: 23:30 UTC on 9 April is already the 10th in Paris."""
    stamps = pd.date_range("2025-04-05 23:30", periods=5, freq="D")
    table = log_of({1: range(5)}).assign(timestamp=stamps)
    utc = kpi.at_risk(people(table, end="2025-04-20"))["silence_days"].iloc[0]
    paris = kpi.at_risk(people(table, end="2025-04-20", tz="Europe/Paris"))
    assert (utc, paris["silence_days"].iloc[0]) == (10, 9)


def test_the_last_day_is_not_silent_while_it_lasts():
    """Silence ends with the last whole day, and is never less than 0."""
    today = log_of({1: range(10)})
    found = kpi.at_risk(people(today, end="2025-01-10 18:00"))
    assert found["silence_days"].to_list() == [0]
    assert kpi.at_risk(people(today, end="2025-01-12 18:00"))["silence_days"].to_list() == [1]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), max_days=st.integers(1, 60))
def test_law_of_those_at_risk(seed: int, max_days: int):
    table = many(seed)
    community = data.community(events=table, end="2025-09-20")
    found = kpi.at_risk(community, max_days=max_days)
    shuffled = data.community(events=table.sample(frac=1, random_state=seed), end="2025-09-20")
    same(kpi.at_risk(shuffled, max_days=max_days), found)
    assert found["ratio"].is_monotonic_decreasing
    assert (found["silence_days"] <= max_days).all()
    for _ratio, ties in found.groupby("ratio"):
        assert ties["member_id"].is_monotonic_increasing
    whole = kpi.at_risk(community, max_days=1000)
    same(whole[whole["silence_days"] <= max_days], found)


# --- absent is not zero, and errors -----------------------------------------------------------


@pytest.mark.parametrize("name", EVERYWHERE)
def test_kinds_that_were_never_logged_are_missing(engine: Engine, name: str):
    community = people(engine.give(log_of(LIVES)))
    with pytest.warns(NotMeasuredWarning, match="no event of kind topic") as said:
        found = getattr(kpi, name)(community, kinds=["topic"])
    assert [warning.filename for warning in said] == [__file__]
    found = engine.take(found)
    if name == "at_risk":
        assert found.empty
        assert found.columns.to_list()[:2] == ["member_id", "n"]
        return
    figures = found.drop(columns=["period", "state", "complete"], errors="ignore")
    assert figures.isna().all(axis=None)
    assert len(found) == {"lifecycle_states": 16, "comeback_share": 1}.get(name, 4)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_an_empty_log_gives_the_full_columns(engine: Engine, name: str):
    empty, function = log_of(LIVES).iloc[:0], getattr(kpi, name)
    found = engine.take(function(engine.give(empty)))
    full = function(people(log_of(LIVES)))
    assert found.columns.to_list() == full.columns.to_list()
    assert len(found) == (1 if name == "comeback_share" else 0)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("churn_rate", {"gap_days": 0.5}, r"gap_days=0.5 is not accepted.*from 1 up"),
        ("comeback_share", {"gap_days": 0}, r"gap_days=0 is not accepted"),
        ("at_risk", {"factor": 0}, r"factor=0 is not accepted"),
        ("at_risk", {"min_days": 1}, r"min_days=1 is not accepted.*from 3 up"),
        ("at_risk", {"max_days": True}, r"max_days=True is not accepted.*from 1 up"),
        ("lifecycle_states", {"period": "quarter"}, r"day, week, month"),
        ("quick_ratio", {"period": "quarter"}, r"day, week, month"),
        ("churn_rate", {"period": "quarter"}, r"day, week, month"),
        ("churn_rate", {"level": 2}, r"level=2 is not accepted"),
    ],
)
def test_arguments_are_checked(name: str, options: dict, message: str):
    with pytest.raises(ParameterError, match=message):
        getattr(kpi, name)(log_of(LIVES), **options)
