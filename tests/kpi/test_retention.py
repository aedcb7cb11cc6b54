"""Who stays: cohorts by hand, published survival, too young to know, there before the log."""

import numpy as np
import pandas as pd
import pytest
from engines import Engine, same
from hypothesis import given, settings
from hypothesis import strategies as st
from lives import START, log_of, many
from statsmodels.stats.proportion import proportion_confint

from cmlib import data, kpi
from cmlib.errors import ColumnError, NotMeasuredWarning, ParameterError, TableError


def joined(days: dict[int, int]) -> pd.DataFrame:
    """Members and the day on which each joined, at midnight."""
    at = START + pd.to_timedelta(list(days.values()), unit="D")
    return pd.DataFrame({"member_id": list(days), "joined_at": at.astype("datetime64[s]")})


def people(events: pd.DataFrame, *, end: str, **options) -> data.Community:
    """A community observed from 1 January 2025, whose log begins with it."""
    options = {"start": "2025-01-01", "complete_history": True} | options
    return data.community(events=events, end=end, **options)


MEMBERS = joined(dict(zip(range(1, 61), range(0, 180, 3), strict=True)))

COHORTS_OF = {
    "classic_retention": {"windows": 3},
    "classic_retention_by_month": {"months": 3},
    "retention_curve": {"windows": 4, "window_days": 20},
    "rolling_retention": {"windows": 4},
    "activation_rate": {"within_days": 10},
}
EVERYWHERE = COHORTS_OF | {"survival_curve": {"gap_days": 30}}
PARIS = {"tz": "Europe/Paris", "without": [3], "end": "2025-09-15"}


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_result_on_every_engine(engine: Engine, name: str, complete: bool):
    function, table = getattr(kpi, name), many()
    options, view = EVERYWHERE[name], PARIS | {"complete_history": complete}
    before = table.copy()
    expected = function(data.community(events=table, **view), **options)
    assert len(expected)
    found = function(data.community(events=engine.give(table), **view), **options)
    same(engine.take(found), expected)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", COHORTS_OF)
def test_joining_from_the_members_on_every_engine(engine: Engine, name: str):
    function, options = getattr(kpi, name), COHORTS_OF[name]
    view = PARIS | {"start": "2024-12-31"}
    expected = function(data.community(events=many(), members=MEMBERS, **view), **options)
    for members in (MEMBERS, engine.give(MEMBERS)):
        given_ = data.community(events=engine.give(many()), members=members, **view)
        same(engine.take(function(given_, **options)), expected)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_chosen_events_on_every_engine(engine: Engine, name: str):
    function, options, table = getattr(kpi, name), EVERYWHERE[name], many()
    chosen = table[table["event_id"] % 2 == 0]
    whole = data.community(events=table, **PARIS)
    expected = function(whole.view(events=chosen), **options)
    view = data.community(events=engine.give(table), **PARIS).view(events=engine.give(chosen))
    same(engine.take(function(view, **options)), expected)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_bare_table_means_from_the_first_event_to_the_last(name: str):
    function, options, table = getattr(kpi, name), EVERYWHERE[name], many()
    same(function(table, **options), function(data.community(events=table), **options))


@pytest.mark.parametrize("name", EVERYWHERE)
def test_the_view_says_who_when_and_where(name: str):
    """Left out is as if never there; a view's bounds and zone are those of the door."""
    function, options, table = getattr(kpi, name), EVERYWHERE[name], many()
    door = data.community(events=table[table["member_id"] != 3], **PARIS | {"without": "bots"})
    view = data.community(events=table, end="2025-12-01")
    view = view.view(tz="Europe/Paris", without=pd.DataFrame({"member_id": [3]}), end="2025-09-15")
    same(function(view, **options), function(door, **options))


# --- retention --------------------------------------------------------------------------------

# January: 1 comes back in windows 1 and 3, 2 in window 2, 3 never. February: 4 in window 1.
COHORTS = {1: [0, 1, 35, 100], 2: [10, 80], 3: [20], 4: [31, 32, 70]}


def test_classic_retention_by_hand():
    found = kpi.classic_retention(people(log_of(COHORTS), end="2025-05-31"), windows=3)
    january = found[found["cohort"] == START]
    assert january["n"].to_list() == [3, 3, 3, 3]
    assert january["retained"].to_list() == [3, 1, 1, 1]
    assert january["retention"].to_list() == pytest.approx([1, 1 / 3, 1 / 3, 1 / 3])
    low, high = proportion_confint(1, 3, method="wilson")
    assert january[["low", "high"]].iloc[1].to_list() == pytest.approx([low, high])
    assert january["complete"].all()
    assert not found["already_there"].any()
    february = found[found["cohort"] == "2025-02-01"]
    assert february["retained"].to_list()[:3] == [1, 1, 0]


def test_too_young_is_missing_not_zero():
    """Trap C: on 31 May, whoever joined on 28 February lacks the end of day 119."""
    found = kpi.classic_retention(people(log_of(COHORTS), end="2025-05-31"), windows=3)
    february = found[found["cohort"] == "2025-02-01"]
    assert february["complete"].to_list() == [True, True, True, False]
    assert february[["retained", "retention", "low", "high"]].iloc[3].isna().all()
    nobody = found[found["cohort"] == "2025-03-01"]
    assert nobody["n"].to_list() == [0] * 4
    assert nobody["retention"].isna().all()  # trap 0


def test_the_last_day_of_a_window_must_be_over():
    """Joined on 31 January: window 1 ends with 31 March, seen on 1 April and not a day before."""
    table = log_of({1: [30]})
    for end, known in {"2025-03-31": False, "2025-04-01": True}.items():
        found = kpi.classic_retention(people(table, end=end), windows=1)
        assert found["complete"].iloc[1] is np.bool_(known)
        curve = kpi.retention_curve(people(table, end=end), windows=1)
        assert curve["n"].to_list() == [1, int(known)]


def test_calendar_months_are_not_30_day_windows():
    """Joined on 31 January and back the day after: month 1, but window 0."""
    community = people(log_of({1: [30, 31]}), end="2025-04-01")
    months = kpi.classic_retention_by_month(community, months=1)
    windows = kpi.classic_retention(community, windows=1)
    assert months["retained"].to_list()[:2] == [1, 1]
    assert windows["retained"].to_list()[:2] == [1, 0]
    assert months["cohort"].iloc[0] == START


def test_calendar_month_cohorts_by_hand():
    found = kpi.classic_retention_by_month(people(log_of(COHORTS), end="2025-04-20"), months=3)
    january = found[found["cohort"] == START]
    assert january["retained"].to_list()[:3] == [3, 1, 1]
    assert january["complete"].to_list() == [True, True, True, False]
    assert january["retention"].isna().to_list() == [False, False, False, True]


def test_a_cohort_whose_month_began_before_the_log_is_not_complete():
    """Trap P: members of January seen from the 15th on are not the cohort of January."""
    table = log_of({1: [14, 15], 2: [40]})
    community = data.community(events=table, end="2025-08-01", complete_history=True)
    found = kpi.classic_retention(community, windows=1)
    assert found.groupby("cohort")["complete"].all().to_list() == [False] + [True] * 4 + [False] * 2


def test_a_view_that_opens_within_a_month_reports_its_whole_cohort():
    """History before the start is known: the cohort of January has all its three members."""
    view = people(log_of(COHORTS), end="2025-05-31").view(start="2025-01-15")
    for function in (kpi.classic_retention, kpi.classic_retention_by_month):
        found = function(view)
        assert found["n"].iloc[0] == 3
        assert found["complete"].iloc[0]
    assert kpi.retention_curve(view)["n"].iloc[0] == 2  # members 3 and 4: from the start on


def test_history_before_the_view_tells_newcomers():
    view = people(log_of(COHORTS), end="2025-05-31").view(start="2025-02-01")
    whole = kpi.classic_retention(people(log_of(COHORTS), end="2025-05-31"), windows=2)
    found = kpi.classic_retention(view, windows=2)
    same(found, whole[whole["cohort"] >= "2025-02-01"])
    assert found["n"].iloc[0] == 1


def test_retention_curve_leaves_the_young_out_of_n():
    found = kpi.retention_curve(people(log_of(COHORTS), end="2025-04-15"), windows=3)  # 104 days
    assert found["n"].to_list() == [4, 4, 2, 0]
    assert found["retained"].to_list() == [4, 2, 1, 0]
    assert found["complete"].to_list() == [True, True, False, False]
    assert np.isnan(found["retention"].iloc[3])


def test_rolling_retention_by_hand_and_above_classic():
    community = people(log_of(COHORTS), end="2025-06-01")
    rolling = kpi.rolling_retention(community, windows=4)
    classic = kpi.retention_curve(community, windows=4)
    assert rolling["retained"].to_list() == [4, 3, 2, 1, 0]
    assert classic["retained"].to_list() == [4, 2, 1, 1, 0]
    assert rolling["n"].to_list() == classic["n"].to_list()


def test_rolling_retention_rewrites_history():
    once, back = (
        kpi.rolling_retention(people(log_of({1: days}), end="2025-12-01"), windows=2)
        for days in ([0], [0, 300])
    )
    assert once["retained"].to_list() == [1, 0, 0]
    assert back["retained"].to_list() == [1, 1, 1]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), window_days=st.integers(1, 40), complete=st.booleans())
def test_laws_of_retention(seed: int, window_days: int, complete: bool):
    table = many(seed, 80)
    view = {"end": "2025-12-31", "complete_history": complete}
    options = {"windows": 5, "window_days": window_days}
    classic = kpi.retention_curve(data.community(events=table, **view), **options)
    rolling = kpi.rolling_retention(data.community(events=table, **view), **options)
    assert classic["retained"].iloc[0] == classic["n"].iloc[0]
    assert (classic["retained"] <= rolling["retained"]).all()
    assert (rolling["retained"] <= rolling["n"]).all()
    backwards = data.community(events=table.iloc[::-1], **view)
    same(kpi.retention_curve(backwards, **options), classic)


def test_bots_do_not_stay():
    """Trap B."""
    table = log_of(COHORTS | {99: list(range(140))})
    members = pd.DataFrame({"member_id": [1, 2, 3, 4, 99], "role": ["member"] * 4 + ["bot"]})
    alone = kpi.retention_curve(people(log_of(COHORTS), end="2025-06-01"))
    same(kpi.retention_curve(people(table, members=members, end="2025-06-01")), alone)
    same(kpi.retention_curve(people(table, end="2025-06-01").view(without=[99])), alone)


# --- day 0 ------------------------------------------------------------------------------------


def test_first_seen_is_not_joined():
    """Trap L: three joined, one of them never came and one came 40 days later."""
    members = joined({1: 0, 2: 0, 3: 0})
    community = people(log_of({1: [0, 31], 2: [40]}), members=members, end="2025-06-01")
    by_joining = kpi.retention_curve(community, windows=1, since="joined")
    seen = kpi.retention_curve(community, windows=1, since="first_event")
    assert by_joining[["n", "retained"]].to_numpy().tolist() == [[3, 1], [3, 2]]
    assert seen[["n", "retained"]].to_numpy().tolist() == [[2, 2], [2, 1]]


@pytest.mark.parametrize("name", COHORTS_OF)
def test_joined_by_default_where_it_is_known(name: str):
    function, options = getattr(kpi, name), COHORTS_OF[name]
    known = data.community(events=many(), members=MEMBERS, **PARIS)
    unknown = data.community(events=many(), members=MEMBERS[["member_id"]], **PARIS)
    same(function(known, **options), function(known, since="joined", **options))
    same(function(unknown, **options), function(unknown, since="first_event", **options))
    same(function(unknown, **options), function(known, since="first_event", **options))


@pytest.mark.parametrize("name", COHORTS_OF)
def test_since_is_checked(name: str):
    function = getattr(kpi, name)
    community = people(log_of(COHORTS), end="2025-06-01")
    with pytest.raises(
        ParameterError, match=r"since='join' is not accepted.*Did you mean 'joined'"
    ):
        function(community, since="join")
    with pytest.raises(TableError, match=r"needs the table members"):
        function(community, since="joined")
    undated = people(log_of(COHORTS), members=MEMBERS[["member_id"]], end="2025-06-01")
    with pytest.raises(ColumnError, match=r"'joined_at' is not in the table"):
        function(undated, since="joined")


def older_than_the_log() -> pd.DataFrame:
    """Two who come every month from the first day; eight in February who never come back."""
    days = {1: [0, 35, 68, 103, 138], 2: [0, 35, 68, 103, 138], 99: [180]}
    return log_of(days | {10 + n: [41 + n] for n in range(8)})


def test_who_was_there_when_the_log_began_is_no_newcomer(engine: Engine):
    """None of the eight newcomers came back; the two who did were there before."""
    table = engine.give(older_than_the_log())
    curve = engine.take(kpi.retention_curve(data.community(events=table), windows=3))
    assert curve["n"].to_list() == [8, 8, 8, 8]
    assert curve["retained"].to_list() == [8, 0, 0, 0]
    for function, name in (
        (kpi.classic_retention, "windows"),
        (kpi.classic_retention_by_month, "months"),
    ):
        found = engine.take(function(table, **{name: 1}))
        january, february = (found[found["cohort"] == f"2025-0{month}-01"] for month in (1, 2))
        assert january["n"].to_list() == [0, 0]
        assert january["already_there"].to_list() == [2, 2]
        assert not january["complete"].any()
        assert february["n"].to_list() == [8, 8]
        assert february["retention"].to_list() == [1, 0]
        assert february["already_there"].to_list() == [0, 0]


def test_complete_history_has_newcomers_from_the_first_day():
    community = data.community(events=older_than_the_log(), complete_history=True)
    found = kpi.classic_retention(community, windows=1)
    assert found["n"].iloc[0] == 2
    assert not found["already_there"].any()
    assert kpi.retention_curve(community, windows=1)["retained"].to_list()[1] == 2


def test_a_month_that_begins_within_the_first_30_days_is_not_complete():
    """First event on 3 January at noon: who comes until 2 February, noon, was there already."""
    table = log_of({1: [2], 2: [31], 3: [32], 4: [40], 5: [170]})
    table.loc[table["member_id"] == 3, "timestamp"] -= pd.Timedelta(seconds=1)
    found = kpi.classic_retention(table, windows=0).set_index("cohort")
    assert found["already_there"].to_list() == [1, 2, 0, 0, 0, 0]
    assert found["n"].to_list() == [0, 1, 0, 0, 0, 1]
    assert found["complete"].to_list() == [False, False, True, True, False, False]
    assert np.isnan(found["retention"].iloc[1])
    at_noon = log_of({1: [2], 2: [31], 3: [32], 4: [40], 5: [170]})  # not a second later
    assert kpi.classic_retention(at_noon, windows=0)["already_there"].to_list()[1] == 1


def test_cohorts_hold_the_new_members(engine: Engine):
    """The same people are new, and the same were there, in every measure of newcomers."""
    community = data.community(events=engine.give(many()), tz="Europe/Paris", end="2025-09-15")
    new = engine.take(kpi.new_members(community))
    for function in (kpi.classic_retention, kpi.classic_retention_by_month):
        found = engine.take(function(community))
        first = found.groupby("cohort", as_index=False).first()
        assert first["n"].to_list() == new["n"].to_list()
        assert first["already_there"].to_list() == new["already_there"].to_list()
    activation = engine.take(kpi.activation_rate(community, kinds=["topic"], within_days=1))
    assert activation["n"].sum() == new["n"].sum()
    assert activation["already_there"].to_list() == new["already_there"].to_list()


def test_chosen_events_leave_the_first_days_of_the_whole_log():
    """Of the three of January, only member 1 comes to the help channel, and later."""
    table = log_of(COHORTS)
    community = people(table, end="2025-05-31")
    view = community.view(events=table[table["timestamp"] >= "2025-02-01"])
    found = kpi.classic_retention(view, windows=3)
    january = found[found["cohort"] == START]
    assert january["n"].to_list() == [3, 3, 3, 3]
    assert january["retained"].to_list() == [0, 1, 1, 1]
    months = kpi.classic_retention_by_month(view, months=1)
    assert months["retained"].to_list()[:2] == [0, 1]


def test_kinds_say_what_is_active_and_which_event_is_the_first():
    table = pd.concat([log_of({1: [0, 40]}, "visit"), log_of({1: [35, 70]}, "reply")])
    table = table.assign(event_id=range(4))
    community = people(table, end="2025-06-01", members=joined({1: 0}))
    first_reply = kpi.classic_retention(community, kinds=["reply"], since="first_event", windows=1)
    assert first_reply["n"].to_list()[:4] == [0, 0, 1, 1]
    assert first_reply["retained"].to_list()[2:4] == [1, 1]
    joining = kpi.classic_retention(community, kinds=["reply"], windows=2)
    assert joining["retained"].to_list()[:3] == [0, 1, 1]


@pytest.mark.parametrize("name", COHORTS_OF)
def test_kinds_that_were_never_logged_are_missing(name: str):
    """Absent is not zero."""
    community = people(log_of(COHORTS), members=joined({1: 0, 2: 3}), end="2025-06-01")
    with pytest.warns(NotMeasuredWarning, match="no event of kind accept: what"):
        found = getattr(kpi, name)(community, kinds=["accept"])
    assert found["n"].max() == 2
    figures = [name for name in found if name in ("retained", "activated", "low", "high")]
    figures += [name for name in found if name in ("retention", "activation_rate")]
    assert len(figures) == 4
    assert found[figures].isna().all(axis=None)
    with pytest.raises(ParameterError, match=r"kinds='accepts' is not accepted"):
        getattr(kpi, name)(community, kinds=["accepts"])


# --- survival ---------------------------------------------------------------------------------


def test_survival_against_a_published_table():
    """Remission with 6-MP (Freireich et al. 1963), as tabulated by Kleinbaum and Klein.

    Followed to day 274, 90 days before the last: the censored are all active after it.
    """
    left = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    followed = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    days = {u: [200 - stay, 200] for u, stay in enumerate(left)}
    days |= {100 + u: [274 - stay, 280 + 7 * u] for u, stay in enumerate(followed)}
    days |= {500: [275], 501: [300, 360]}  # first seen later: not followed at all
    found = kpi.survival_curve(people(log_of(days), end="2026-01-01"), gap_days=90)
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


def test_survival_recovers_a_constant_leaving_rate():
    """Active every day, 1 % leave each day: 40.1, 16.2 and 6.6 % stay more than 90, 180, 270."""
    generator = np.random.default_rng(3)
    n, end = 6_000, 600
    first = generator.integers(0, end, n)
    stays = np.minimum(generator.geometric(0.01, n), end - first)
    member = np.repeat(np.arange(n), stays)
    day = first[member] + np.arange(len(member)) - np.repeat(np.cumsum(stays) - stays, stays)
    table = pd.DataFrame(
        {
            "event_id": np.arange(len(day)),
            "timestamp": (START + pd.to_timedelta(day, unit="D")).astype("datetime64[s]"),
            "member_id": member,
            "kind": "visit",
        }
    )
    community = people(table, end=str((START + pd.Timedelta(days=end)).date()))
    curve = kpi.survival_curve(community, gap_days=90).set_index("day")
    for day_, true in {90: 0.401, 180: 0.162, 270: 0.066}.items():
        row = curve.loc[:day_].iloc[-1]
        assert row["survival"] == pytest.approx(true, abs=0.02)
        assert row["low"] - 0.005 < true < row["high"] + 0.005


def test_survival_of_members_still_there_is_one():
    """Trap C: nobody has been silent for long enough; who came last is not followed yet."""
    table = log_of({1: [0, 50], 2: [10, 49], 3: [49], 4: [58]})
    found = kpi.survival_curve(people(table, end="2025-03-01"), gap_days=10)
    assert found[["day", "n", "left", "survival"]].to_numpy().tolist() == [[0, 2, 0, 1.0]]


def test_silent_for_exactly_the_gap_has_not_left():
    """The last day is 28 February, day 58: silent since day 48 is 10 days, since 47 is 11."""
    still, gone = (
        kpi.survival_curve(people(log_of({1: [0, last]}), end="2025-03-01"), gap_days=10)
        for last in (48, 47)
    )
    assert still[["day", "left"]].to_numpy().tolist() == [[0, 0]]
    assert gone[["day", "left"]].to_numpy().tolist() == [[0, 0], [47, 1]]


def test_survival_of_nobody_is_empty(engine: Engine):
    nobody = log_of({1: [0]}).iloc[:0]
    too_young = data.community(events=engine.give(log_of({1: [0]})), complete_history=True)
    for source in (engine.give(nobody), too_young):
        found = engine.take(kpi.survival_curve(source))
        assert found.columns.to_list() == ["day", "n", "left", "survival", "low", "high"]
        assert found.empty


def test_survival_leaves_out_who_was_there_when_the_log_began():
    table = older_than_the_log()
    found = kpi.survival_curve(table, gap_days=10)
    assert found[["day", "n", "left"]].to_numpy().tolist() == [[0, 8, 8]]
    whole = kpi.survival_curve(data.community(events=table, complete_history=True), gap_days=10)
    assert whole["n"].iloc[0] == 10


# --- activation -------------------------------------------------------------------------------


def test_activation_by_hand():
    members = joined({1: 0, 2: 0, 3: 5, 4: 40})
    events = pd.concat(
        [log_of({1: [3], 2: [20], 3: [2], 4: [41]}, "topic"), log_of({1: [0], 3: [6]}, "visit")]
    )
    events = events.assign(event_id=range(len(events)))
    found = kpi.activation_rate(people(events, members=members, end="2025-02-14"))
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
            "already_there": [0, 0],
        }
    )
    same(found, expected)


def test_activation_waits_for_the_last_newcomer_of_the_month():
    """Trap C: January is complete only 7 days after its end."""
    table = pd.concat([log_of({1: [2]}, "topic"), log_of({2: [30]}, "visit")])
    table = table.assign(event_id=range(2))
    for end, complete in {"2025-02-05": False, "2025-02-08": True}.items():
        found = kpi.activation_rate(people(table, end=end))
        assert found["complete"].iloc[0] == complete
        assert found["n"].iloc[0] == 1 + complete


def test_activation_where_only_the_key_act_is_logged_is_missing(engine: Engine):
    """In a log of posts everybody's first event is a post: 100 % by construction."""
    table = log_of({1: [2], 2: [30]}, "topic")
    posts = people(engine.give(table), members=engine.give(joined({1: 0, 2: 3})), end="2025-03-01")
    with pytest.warns(NotMeasuredWarning, match="holds only topic"):
        found = engine.take(kpi.activation_rate(posts, since="first_event"))
    assert found["n"].to_list() == [2, 0]
    assert found[["activated", "activation_rate", "low", "high"]].isna().all(axis=None)
    joining = engine.take(kpi.activation_rate(posts))  # the day of joining says more
    assert joining["activation_rate"].iloc[0] == 0.5


def test_activation_of_chosen_events_keeps_the_first_day():
    """The first topic of member 1, who came on day 0, is on day 20: too late."""
    table = pd.concat([log_of({1: [0], 2: [0]}, "visit"), log_of({1: [20], 2: [3]}, "topic")])
    table = table.assign(event_id=range(4))
    view = people(table, end="2025-03-01").view(events=table[table["kind"] == "topic"])
    found = kpi.activation_rate(view)
    assert found[["n", "activated"]].iloc[0].to_list() == [2, 1]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("classic_retention", {"windows": -1}, r"windows=-1 is not accepted.*from 0 up"),
        ("classic_retention_by_month", {"months": True}, r"months=True is not accepted"),
        ("retention_curve", {"window_days": 0}, r"window_days=0 is not accepted.*from 1 up"),
        ("rolling_retention", {"windows": 2.5}, r"windows=2.5 is not accepted"),
        ("survival_curve", {"gap_days": 0.5}, r"gap_days=0.5 is not accepted"),
        ("activation_rate", {"within_days": "7"}, r"within_days='7' is not accepted"),
        ("activation_rate", {"period": "quarter"}, r"day, week, month"),
        ("retention_curve", {"level": 95}, r"level=95 is not accepted"),
    ],
)
def test_arguments_are_checked(name: str, options: dict, message: str):
    with pytest.raises(ParameterError, match=message):
        getattr(kpi, name)(log_of(COHORTS), **options)


def test_numpy_whole_numbers_will_do():
    community = people(log_of(COHORTS), end="2025-06-01")
    found = kpi.retention_curve(community, windows=np.int64(2), window_days=np.int32(30))
    same(found, kpi.retention_curve(community, windows=2))
