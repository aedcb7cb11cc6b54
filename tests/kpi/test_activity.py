"""Who is there, who writes: hand counts, one result on every engine, the traps of each figure."""

import datetime as dt
import math
import warnings

import numpy as np
import pandas as pd
import pytest
from engines import Engine, plain, same
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from cmlib import data, kpi
from cmlib.errors import CmlibError, ColumnError, NotMeasuredWarning, ParameterError, TableError
from cmlib.i18n import use_language

TABLE = pd.DataFrame(
    [
        (1, "2025-01-02 10:00", 1, "visit"),
        (2, "2025-01-02 11:00", 1, "topic"),
        (3, "2025-01-02 12:00", 2, "visit"),
        (4, "2025-01-20 09:00", 9, "reply"),
        (5, "2025-01-31 22:59", 3, "visit"),
        (6, "2025-01-31 23:30", 4, "topic"),
        (7, "2025-02-03 10:00", 1, "reply"),
        (8, "2025-02-03 10:05", 1, "reply"),
        (9, "2025-02-04 10:00", 3, "reaction"),
        (10, "2025-02-10 10:00", None, "reply"),
        (11, "2025-02-20 10:00", 5, "visit"),
        (12, "2025-03-05 10:00", 2, "topic"),
    ],
    columns=["event_id", "timestamp", "member_id", "kind"],
).astype({"timestamp": "datetime64[s]", "member_id": "Int64"})
YEAR = {"start": "2025-01-01", "end": "2025-03-15"}
MONTHS = pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"])
MEMBERS = pd.DataFrame(
    {
        "member_id": [1, 2, 3, 4, 5, 9],
        "joined_at": pd.to_datetime(["2025-01-02"] * 2 + ["2025-01-10"] * 3 + ["2024-12-31"]),
        "role": ["member"] * 5 + ["staff"],
    }
)


def club(events=TABLE, **options) -> data.Community:
    """Everything of the quarter, and the log begins with the community."""
    return data.community(events=events, **{"complete_history": True, **YEAR, **options})


def many(seed: int = 3, n: int = 400, members: int = 40) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    seconds = generator.integers(0, 120 * 86_400, n)
    table = pd.DataFrame(
        {
            "event_id": np.arange(n),
            "timestamp": (pd.Timestamp("2024-02-10") + pd.to_timedelta(seconds, unit="s")),
            "member_id": pd.array(generator.integers(1, members, n), dtype="Int64"),
            "kind": generator.choice(["visit", "topic", "reply", "reaction"], n),
        }
    )
    table["timestamp"] = table["timestamp"].astype("datetime64[s]")
    table.loc[::23, "member_id"] = pd.NA
    return table


def one_kind(stamps, members, kind: str = "visit") -> pd.DataFrame:
    table = pd.DataFrame({"timestamp": stamps, "member_id": members, "kind": kind})
    return table.assign(event_id=np.arange(len(table)))


def brute_window(table: pd.DataFrame, days: pd.DatetimeIndex, window: int) -> list[int]:
    """Count by looping over days: the definition, written as it is read."""
    known = table.dropna(subset="member_id")
    found = []
    for day in days:
        begin = day - pd.Timedelta(days=window - 1)
        inside = known["timestamp"].between(begin, day + pd.Timedelta(days=1), inclusive="left")
        found.append(known.loc[inside, "member_id"].nunique())
    return found


# --- every function on every engine -----------------------------------------------------------

EVERYWHERE = {
    "new_members": {"period": "week"},
    "active_members": {"window_days": 7},
    "active_by_period": {"period": "month"},
    "dau_wau_mau": {},
    "stickiness": {},
    "engaged_members": {},
    "lurker_ratio": {},
    "posts_per_active_member": {},
    "activity_by_member_type": {},
    "burstiness": {},
    "joined_members": {"period": "day"},
}
WITH_KINDS = [name for name in EVERYWHERE if name != "joined_members"]
ROLES = pd.DataFrame(
    {
        "member_id": np.arange(1, 40),
        "joined_at": pd.date_range("2024-02-01", periods=39, unit="s"),
        "role": ["member", "member", "staff", "staff", *["member"] * 34, "bot"],
    }
)


@pytest.mark.parametrize("view", ["complete", "young", "chosen"])
@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_result_on_every_engine(engine: Engine, name: str, view: str):
    function, table = getattr(kpi, name), many()
    before = table.copy()

    def people(give):
        found = data.community(
            events=give(table),
            members=ROLES,
            tz="America/New_York",
            end="2024-06-01",
            complete_history=view == "complete",
        ).view(without=["bots", 7], start="2024-02-20" if view == "young" else None)
        return (
            found.view(events=give(table[table["event_id"] % 3 > 0])) if view == "chosen" else found
        )

    options = EVERYWHERE[name]
    expected = function(people(lambda table: table), **options)
    found = function(people(engine.give), **options)
    if isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-12)
        assert type(found) is float
    else:
        assert len(expected) > 3
        same(engine.take(found), expected)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("name", WITH_KINDS)
def test_a_bare_table_is_everybody_from_the_first_event_to_the_last(name: str):
    found = getattr(kpi, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotMeasuredWarning)  # no roles
        bare = found(TABLE)
        same_thing = found(data.community(events=TABLE, without=None))
    if isinstance(bare, float):
        assert bare == pytest.approx(same_thing, nan_ok=True)
    else:
        same(bare, same_thing)


def test_growth_rate_and_joined_members_on_every_engine(engine: Engine):
    members = pd.DataFrame(
        {
            "member_id": [1, 2, 3],
            "joined_at": pd.to_datetime(["2025-01-05", "2025-02-05", "2025-02-06"]),
        }
    )
    bounds = {"start": "2025-01-01", "end": "2025-03-01"}
    expected = pd.DataFrame(
        {
            "period": MONTHS[:2],
            "n": [1, 2],
            "complete": [True, True],
            "growth_rate": [np.nan, 1.0],
        }
    )
    only_members = data.community(members=engine.give(members), **bounds)
    beside_events = data.community(events=engine.give(TABLE), members=members, **bounds)
    for people in (only_members, beside_events):
        same(engine.take(kpi.growth_rate(kpi.joined_members(people))), expected)
    bare = engine.take(kpi.joined_members(engine.give(members)))
    assert bare["n"].to_list() == [1, 2]
    assert not bare["complete"].any()


# --- hand counts ------------------------------------------------------------------------------


def test_new_members_by_hand():
    expected = pd.DataFrame(
        {
            "period": MONTHS,
            "n": [5, 1, 0],
            "already_there": [0, 0, 0],
            "complete": [True, True, False],
        }
    )
    same(kpi.new_members(club()), expected)


def test_first_post_is_not_first_visit():
    assert kpi.new_members(club(), kinds=["topic", "reply"])["n"].to_list() == [3, 0, 1]
    assert kpi.new_members(club(), kinds="topic")["n"].to_list() == [2, 0, 1]


def test_who_was_there_when_the_log_began_is_no_newcomer(engine: Engine):
    """The log opens on 2 January at 10:00: until 1 February at 10:00 nothing tells who is new."""
    events = pd.concat(
        [
            TABLE,
            one_kind(
                pd.to_datetime(["2025-02-01 09:59:59", "2025-02-01 10:00:00"]), [20, 21]
            ).assign(event_id=[13, 14]),
        ]
    ).astype({"timestamp": "datetime64[s]", "member_id": "Int64"})
    people = data.community(events=engine.give(events), end="2025-03-15")
    found = engine.take(kpi.new_members(people))
    assert found["n"].to_list() == [0, 2, 0]
    assert found["already_there"].to_list() == [5, 1, 0]
    assert found["complete"].to_list() == [False, False, False]
    assert kpi.active_by_period(data.community(events=events, end="2025-04-01"))[
        "complete"
    ].to_list() == [False, True, True]
    weeks = engine.take(kpi.new_members(people, period="week"))
    assert weeks["complete"].to_list() == [False] * 5 + [True] * 5 + [False]


def test_observation_said_to_begin_before_the_first_event():
    """Known since 1 November: who is first seen in January is new."""
    found = kpi.new_members(club(complete_history=False, start="2024-11-01"))
    assert found["n"].to_list() == [0, 0, 5, 1, 0]
    assert found["already_there"].sum() == 0
    assert found["complete"].to_list() == [False, True, True, True, False]


def test_chosen_events_count_newcomers_whose_first_event_is_one(engine: Engine):
    """Of the writers, 2 and 3 visited first: they are new in no post."""
    writing = TABLE[TABLE["kind"] != "visit"]
    people = club(engine.give(TABLE)).view(events=engine.give(writing))
    found = engine.take(kpi.new_members(people))
    assert found["n"].to_list() == [2, 0, 0]  # 9 and 4; the first event of 1 is a visit
    assert engine.take(kpi.active_by_period(people))["n"].to_list() == [3, 2, 1]
    firsts = TABLE[TABLE["event_id"].isin([1, 3, 4, 5, 6, 11])]
    all_of_them = club(engine.give(TABLE)).view(events=engine.give(firsts))
    assert engine.take(kpi.new_members(all_of_them))["n"].to_list() == [5, 1, 0]
    young = club(engine.give(TABLE), complete_history=False).view(events=engine.give(writing))
    found = engine.take(kpi.new_members(young))
    assert (found["n"].sum(), found["already_there"].to_list()) == (1, [1, 0, 0])  # 4 came late


def test_first_seen_is_not_joined():
    """Trap L: member 5 joined in January and was first seen in February."""
    people = club(TABLE[TABLE["member_id"] == 5], members=MEMBERS[MEMBERS["member_id"] == 5])
    assert kpi.joined_members(people)["n"].to_list() == [1, 0, 0]
    assert kpi.new_members(people)["n"].to_list() == [0, 1, 0]


def test_joined_members_are_those_of_the_view():
    people = club(members=pd.concat([MEMBERS, MEMBERS.iloc[:1]]))
    assert kpi.joined_members(people)["n"].to_list() == [5, 0, 0]
    december = data.community(events=TABLE, members=MEMBERS, start="2024-12-01", end="2025-03-15")
    assert kpi.joined_members(december)["n"].to_list() == [1, 5, 0, 0]
    assert kpi.joined_members(december.view(without="team"))["n"].to_list() == [0, 5, 0, 0]
    late = december.view(tz="Asia/Tokyo", start="2025-01-01", end="2025-01-03")
    assert kpi.joined_members(late, period="day")["n"].to_list() == [0, 2]
    # without bounds, over the same months as new_members
    free = data.community(events=TABLE, members=MEMBERS)
    assert kpi.joined_members(free)["period"].to_list() == kpi.new_members(free)["period"].to_list()


def test_history_before_start_tells_who_is_new():
    people = club().view(start="2025-02-01", end="2025-03-01")
    found = kpi.new_members(people)
    assert found["n"].to_list() == [1]
    assert found["complete"].to_list() == [True]


def test_half_months_are_not_complete():
    """Trap P: without start and end only what lies between first and last event is known."""
    assert kpi.active_by_period(TABLE)["complete"].to_list() == [False, True, False]
    longer = data.community(events=TABLE, end="2025-04-01")
    assert kpi.active_by_period(longer)["complete"].to_list() == [False, True, True]


def test_time_zone_moves_an_event_to_another_month():
    """Trap Z: 23:30 UTC on 31 January is February in Paris."""
    assert kpi.active_by_period(club())["n"].to_list() == [5, 3, 1]
    assert kpi.active_by_period(club().view(tz="Europe/Paris"))["n"].to_list() == [4, 4, 1]


@pytest.mark.parametrize("tz", ["Europe/Paris", "America/New_York", "Australia/Lord_Howe"])
def test_days_follow_daylight_saving(engine: Engine, tz: str):
    """Trap Z, against zoneinfo: an event every 37 minutes over both changes of the year."""
    stamps = pd.date_range("2024-03-08", "2024-11-10", freq="37min", unit="s")
    if engine.name == "spark":
        stamps = stamps[::20]
    table = one_kind(stamps, np.arange(len(stamps), dtype="int64"))
    people = data.community(events=engine.give(table), tz=tz)
    found = engine.take(kpi.active_members(people, window_days=1))
    local = stamps.tz_localize("UTC").tz_convert(tz).tz_localize(None).floor("D")
    expected = local.value_counts().sort_index()
    assert found["n"].to_list() == expected.to_list()
    assert found["day"].to_list() == expected.index.to_list()


def test_a_local_period_is_complete_only_when_its_hours_are():
    """UTC midnight is 01:00 in Paris: the first hour of January is missing."""
    paris = {"tz": "Europe/Paris"}
    utc = club(start="2025-01-01 00:00Z", end="2025-03-01 00:00Z", **paris)
    assert kpi.active_by_period(utc)["complete"].to_list() == [False, True, False]
    local = club(start="2025-01-01", end="2025-03-01", **paris)
    assert kpi.active_by_period(local)["complete"].to_list() == [True, True]


def test_bots_and_staff_are_left_out_in_three_ways(engine: Engine):
    """Trap B."""
    members = pd.DataFrame({"member_id": [1, 9, 4], "role": ["member", "bot", "staff"]})
    others = members.query("role != 'member'")
    people = club(engine.give(TABLE), members=members, without=None)
    assert engine.take(kpi.active_by_period(people))["n"].to_list() == [5, 3, 1]
    expected = kpi.active_by_period(club(TABLE[~TABLE["member_id"].isin([9, 4])]))
    for without in ([9, 4], others["member_id"], others, engine.give(others), ["team", "bots"]):
        found = engine.take(kpi.active_by_period(people.view(without=without)))
        same(found, expected)


def test_monthly_uniques_do_not_add_up():
    """Trap U: the daily counts of a month are more than its members."""
    march = club(many(), start="2024-03-01", end="2024-04-01")
    daily = kpi.active_members(march, window_days=1)
    assert daily["n"].sum() > kpi.active_by_period(march)["n"].iloc[0]


@pytest.mark.parametrize("window", [1, 2, 7, 30, np.int64(200)])
def test_windows_against_a_loop_over_days(window: int):
    table = many()
    people = club(table, start="2024-02-01", end="2024-06-20")
    found = kpi.active_members(people, window_days=window)
    days = pd.date_range("2024-02-01", "2024-06-19")
    assert found["n"].to_list() == brute_window(table, days, int(window))
    known = days >= pd.Timestamp("2024-02-01") + pd.Timedelta(days=int(window) - 1)
    assert found["complete"].to_list() == known.tolist()


def test_windows_reach_back_before_the_view():
    people = club(many(), start="2024-02-01", end="2024-06-20")
    whole = kpi.active_members(people)
    may = kpi.active_members(people.view(start="2024-05-01"))
    same(may, whole[whole["day"] >= "2024-05-01"])
    assert may["complete"].all()


def test_dau_wau_mau_are_the_windows_of_1_7_and_30_days():
    people = data.community(events=many(), end="2024-06-20")
    found = kpi.dau_wau_mau(people)
    for column, window in {"dau": 1, "wau": 7, "mau": 30}.items():
        alone = kpi.active_members(people, window_days=window)
        assert found[column].to_list() == alone["n"].to_list()
    assert found["complete"].to_list() == alone["complete"].to_list()


def test_stickiness_is_a_mean_of_ratios():
    """Trap R: two days of 1 of 1 and 1 of 3 members make 2/3, not 2 of 4."""
    stamps = pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-03", "2025-01-03"])
    people = club(one_kind(stamps, [1, 1, 1, 2, 3]), end="2025-01-05")
    # complete days: 2 (1 of 1), 3 (3 of 3), 4 (0 of 3)
    assert kpi.stickiness(people, window_days=2) == pytest.approx((1 + 1 + 0) / 3)
    # the ratio of means would be (1 + 3 + 0) / (1 + 3 + 3)


def test_stickiness_is_missing_without_a_complete_day():
    """Traps P and 0."""
    assert math.isnan(kpi.stickiness(club(), window_days=100))
    quiet = club(start="2026-01-01", end="2026-02-01")
    assert math.isnan(kpi.stickiness(quiet, window_days=1))


def test_growth_rate_knows_zero_and_incomplete_periods(engine: Engine):
    """Traps 0 and P; columns of the user's stay."""
    table = pd.DataFrame(
        {
            "period": pd.date_range("2025-01-01", periods=6, freq="MS"),
            "n": [4, 5, 0, 3, 6, 2],
            "complete": [True, True, True, True, True, False],
            "_n0": range(6),
        }
    )
    mixed = table.iloc[[3, 0, 1, 2, 5, 4]]
    grown = engine.take(kpi.growth_rate(engine.give(mixed)))
    found = grown["growth_rate"].to_list()
    assert found[1:3] == [0.25, -1.0]
    assert found[4] == 1.0
    assert np.isnan([found[0], found[3], found[5]]).all()
    assert grown["_n0"].to_list() == list(range(6))
    other = mixed.rename(columns={"n": "visits"}).drop(columns="complete")
    found = engine.take(kpi.growth_rate(engine.give(other), value="visits"))["growth_rate"]
    assert found.iloc[5] == pytest.approx(-2 / 3)  # nothing says that the month is half


def test_engaged_members_do_not_only_visit():
    found = kpi.engaged_members(club())
    assert found["n"].to_list() == [3, 2, 1]
    assert found["active"].to_list() == [5, 3, 1]
    low, high = proportion_confint(3, 5, method="wilson")
    assert found.loc[0, ["share", "low", "high"]].to_list() == pytest.approx([0.6, low, high])


def test_lurker_ratio_by_hand():
    found = kpi.lurker_ratio(club(end="2025-05-01"))
    assert found["n"].to_list() == [5, 3, 1, 0]
    assert found["posters"].to_list() == [3, 1, 1, 0]
    assert found["lurker_ratio"].to_list()[:3] == pytest.approx([0.4, 2 / 3, 0])
    assert found.loc[3, ["lurker_ratio", "low", "high"]].isna().all()  # trap 0


def test_posts_per_active_member_shows_mean_and_median():
    found = kpi.posts_per_active_member(club(end="2025-05-01"))
    assert found["n"].to_list() == [5, 3, 1, 0]
    assert found["posts"].to_list() == [3, 2, 1, 0]
    assert found["posts_deleted"].to_list() == [0, 1, 0, 0]
    assert found["mean"].to_list()[:3] == pytest.approx([0.6, 2 / 3, 1])
    assert found["median"].to_list()[:3] == [1, 0, 1]
    assert found.loc[3, ["mean", "median", "p25", "p75", "p90"]].isna().all()  # trap 0
    known = kpi.posts_per_active_member(club().view(without="deleted"))
    assert known["posts_deleted"].sum() == 0


def test_quantiles_are_those_of_numpy():
    table = many()
    found = kpi.posts_per_active_member(table)
    known = table.dropna(subset="member_id")
    month = known["timestamp"].dt.to_period("M")
    posts = known["kind"].isin(["topic", "reply"]).groupby([month, known["member_id"]]).sum()
    for column, q in {"median": 0.5, "p25": 0.25, "p75": 0.75, "p90": 0.9}.items():
        expected = posts.groupby(level=0).agg(lambda each, q=q: np.quantile(each, q))
        assert found[column].to_list() == pytest.approx(expected.to_list())


def test_activity_by_member_type_by_hand():
    found = kpi.activity_by_member_type(club(members=MEMBERS))
    january = found[found["period"] == MONTHS[0]].drop(columns=["period", "complete"])
    same(
        january,
        pd.DataFrame(
            {
                "member_type": ["staff", "new", "returning", "deleted"],
                "n": [1, 5, 0, 0],
                "members": [1, 4, 0, 0],
                "share": [1 / 6, 5 / 6, 0, 0],
            }
        ),
    )
    february = found[found["period"] == MONTHS[1]]
    assert february["n"].to_list() == [0, 1, 3, 1]
    assert found["n"].sum() == len(TABLE)  # it counts events, those of deleted accounts too
    left_out = kpi.activity_by_member_type(club(members=MEMBERS).view(without="team"))
    assert left_out["n"].to_list()[:4] == [0, 5, 0, 0]


def test_who_was_there_already_is_returning(engine: Engine):
    people = club(engine.give(TABLE), members=MEMBERS, complete_history=False)
    found = engine.take(kpi.activity_by_member_type(people))
    assert found["n"].to_list()[:8] == [1, 2, 3, 0, 0, 1, 3, 1]  # 3 and 4 came on the 31st
    assert found["complete"].to_list() == [False] * 4 + [True] * 4 + [False] * 4


def test_member_types_of_chosen_events_know_the_whole_log(engine: Engine):
    """Member 2 visits in January and writes in March: not new in March."""
    writing = TABLE[TABLE["kind"] != "visit"]
    people = club(engine.give(TABLE), members=MEMBERS).view(events=engine.give(writing))
    march = engine.take(kpi.activity_by_member_type(people)).iloc[8:]
    assert march["n"].to_list() == [0, 0, 1, 0]


# --- absent is not zero -----------------------------------------------------------------------


def test_without_visits_nobody_is_seen_who_only_reads(engine: Engine):
    writing = TABLE[TABLE["kind"] != "visit"]
    whole = club(engine.give(TABLE))
    for people in (club(engine.give(writing)), whole.view(events=engine.give(writing))):
        with pytest.warns(NotMeasuredWarning, match="no visit among these events"):
            engaged = engine.take(kpi.engaged_members(people))
        assert engaged["n"].to_list() == [3, 2, 1]
        assert engaged["active"].to_list() == [3, 2, 1]
        assert engaged[["share", "low", "high"]].isna().all(axis=None)
        with pytest.warns(NotMeasuredWarning, match="no visit among these events"):
            readers = engine.take(kpi.lurker_ratio(people))
        assert readers["posters"].to_list() == [3, 1, 1]
        assert readers[["n", "lurker_ratio", "low", "high"]].isna().all(axis=None)


FIGURES = {
    "new_members": ["n", "already_there"],
    "active_members": ["n"],
    "active_by_period": ["n"],
    "dau_wau_mau": ["dau", "wau", "mau"],
    "engaged_members": ["n", "share", "low", "high"],
    "lurker_ratio": ["posters", "lurker_ratio", "low", "high"],
    "posts_per_active_member": ["posts", "posts_deleted", "mean", "median", "p25", "p75", "p90"],
    "activity_by_member_type": ["n", "members", "share"],
}


@pytest.mark.parametrize("name", WITH_KINDS)
def test_kinds_that_were_never_logged_are_missing(engine: Engine, name: str):
    people = club(engine.give(TABLE), members=MEMBERS)
    with pytest.warns(NotMeasuredWarning, match="no event of kind accept") as said:
        found = getattr(kpi, name)(people, kinds=["accept"])
    assert [warning.filename for warning in said] == [__file__]
    if name == "stickiness":
        assert math.isnan(found)
        return
    found = engine.take(found)
    if name == "burstiness":
        assert found.empty
        return
    assert found[FIGURES[name]].isna().all(axis=None)
    assert found.drop(columns=FIGURES[name]).notna().all(axis=None)


def test_without_roles_staff_are_missing(engine: Engine):
    for members in (None, MEMBERS[["member_id"]]):
        people = club(engine.give(TABLE), members=members)
        with pytest.warns(NotMeasuredWarning, match="No role is known"):
            found = engine.take(kpi.activity_by_member_type(people))
        staff = found["member_type"] == "staff"
        assert found.loc[staff, ["n", "members", "share"]].isna().all(axis=None)
        assert found.loc[~staff, "n"].to_list()[:3] == [6, 0, 0]


# --- burstiness -------------------------------------------------------------------------------


def rhythm(gaps: list[float]) -> pd.DataFrame:
    seconds = np.concatenate([[0], np.cumsum(gaps)])
    stamps = pd.Timestamp("2025-01-01") + pd.to_timedelta(seconds, unit="s")
    return one_kind(stamps, 1)


def test_burstiness_of_clockwork_is_minus_one():
    found = kpi.burstiness(rhythm([3600] * 20)).iloc[0]
    assert found["burstiness"] == pytest.approx(-1)
    assert found["burstiness_finite"] == pytest.approx(-1)


def test_burstiness_limits_of_kim_and_jo():
    """With n gaps of which one is not 0, r = sqrt(n - 1): the corrected form reaches 1."""
    n = 17
    found = kpi.burstiness(rhythm([0] * (n - 1) + [1000])).iloc[0]
    assert found["burstiness"] == pytest.approx((math.sqrt(16) - 1) / (math.sqrt(16) + 1))
    assert found["burstiness_finite"] == pytest.approx(1)


def test_burstiness_of_chance_is_about_zero():
    """Goh and Barabasi: 0 for a Poisson process."""
    gaps = np.random.default_rng(5).exponential(1e5, 20_000)
    found = kpi.burstiness(rhythm(gaps.tolist())).iloc[0]
    assert abs(found["burstiness"]) < 0.02
    assert abs(found["burstiness_finite"]) < 0.02


def test_burstiness_is_missing_with_one_gap_or_no_time_between():
    """Trap n < 2."""
    one = kpi.burstiness(rhythm([100])).iloc[0]
    assert one["n"] == 2
    assert np.isnan(one["burstiness"])
    assert np.isnan(kpi.burstiness(rhythm([0, 0, 0]))["burstiness_finite"].iloc[0])


# --- laws -------------------------------------------------------------------------------------

LOGS = st.lists(st.tuples(st.integers(0, 60 * 24), st.integers(1, 6)), min_size=1, max_size=40).map(
    lambda rows: one_kind(
        pd.Timestamp("2025-01-01") + pd.to_timedelta([hour for hour, _member in rows], unit="h"),
        [member for _hour, member in rows],
    )
)


@settings(max_examples=20, deadline=None)
@given(table=LOGS, window=st.integers(1, 40))
def test_law_of_windows(table: pd.DataFrame, window: int):
    def counts(events, days):
        people = club(events, start="2025-01-01", end="2025-03-02")
        return kpi.active_members(people, window_days=days)["n"]

    found = counts(table, window)
    renamed = table.assign(member_id="m" + table["member_id"].astype("str"))
    assert (found <= counts(table, window + 1)).all()
    assert found.max() <= table["member_id"].nunique()
    assert found.to_list() == counts(table.iloc[::-1], window).to_list()
    assert found.to_list() == counts(renamed, window).to_list()


@settings(max_examples=20, deadline=None)
@given(table=LOGS, period=st.sampled_from(["day", "week", "month"]), complete=st.booleans())
def test_every_member_arrives_once(table: pd.DataFrame, period: str, complete: bool):
    people = data.community(events=table, complete_history=complete)
    found = kpi.new_members(people, period=period)
    assert found[["n", "already_there"]].sum().sum() == table["member_id"].nunique()
    early = table.groupby("member_id")["timestamp"].min()
    early = early < table["timestamp"].min() + pd.Timedelta(days=30)
    assert found["already_there"].sum() == (0 if complete else early.sum())


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), complete=st.booleans())
def test_newcomers_of_two_halves_add_up(seed: int, complete: bool):
    """Whichever way events are shared out, each first event lies in one part."""
    table = many(seed, 80).drop_duplicates("timestamp")
    people = data.community(events=table, complete_history=complete)
    whole = kpi.new_members(people)
    one = kpi.new_members(people.view(events=table[table["event_id"] % 2 == 0]))
    other = kpi.new_members(people.view(events=table[table["event_id"] % 2 == 1]))
    for column in ("n", "already_there"):
        assert (one[column] + other[column]).to_list() == whole[column].to_list()


# --- tables of all sorts ----------------------------------------------------------------------


def test_an_empty_log_gives_the_full_columns(engine: Engine):
    empty = engine.give(TABLE.iloc[:0])
    found = engine.take(kpi.new_members(empty))
    assert found.columns.to_list() == ["period", "n", "already_there", "complete"]
    assert found.empty
    assert engine.take(kpi.new_members(club(empty)))["n"].to_list() == [0, 0, 0]
    for name in WITH_KINDS:
        if name != "activity_by_member_type":  # which knows no role
            getattr(kpi, name)(empty)


def test_member_without_events_of_the_view_is_nobody(engine: Engine):
    people = club(engine.give(TABLE)).view(events=engine.give(TABLE.iloc[:0]))
    assert engine.take(kpi.new_members(people))["n"].to_list() == [0, 0, 0]
    assert engine.take(kpi.burstiness(people)).empty


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.assign(member_id=t["member_id"].map("u{}".format, na_action="ignore")),
        lambda t: t.assign(member_id=t["member_id"].astype("category")),
        lambda t: t.assign(timestamp=t["timestamp"].dt.tz_localize("UTC").dt.tz_convert("Iran")),
        lambda t: t.assign(timestamp=t["timestamp"].astype("datetime64[ns]")),
        lambda t: pd.concat([t, t.iloc[:1].assign(timestamp=pd.NaT)]),
        lambda t: t.set_index("timestamp", drop=False),
        lambda t: t.assign(u=0, t=1, p=2, n=3, before=4, first=5, there=6, place=7, known=8),
    ],
    ids=["text", "category", "aware", "nanoseconds", "no time", "index", "our names"],
)  # fmt: skip
def test_column_types_do_not_matter(change):
    same(kpi.dau_wau_mau(club(change(TABLE))), kpi.dau_wau_mau(club()))
    same(kpi.posts_per_active_member(club(change(TABLE))), kpi.posts_per_active_member(club()))


@pytest.mark.parametrize("column", ["member_id", "timestamp"])
def test_a_bare_table_may_hold_floats_and_seconds(column: str):
    kind = {"member_id": "float64", "timestamp": "int64"}[column]
    same(kpi.dau_wau_mau(TABLE.astype({column: kind})), kpi.dau_wau_mau(TABLE))


def test_time_can_be_aware_or_whole_seconds_on_every_engine(engine: Engine):
    expected = kpi.new_members(TABLE)
    seconds = TABLE.assign(timestamp=TABLE["timestamp"].astype("int64"))
    aware = TABLE.assign(timestamp=TABLE["timestamp"].dt.tz_localize("UTC"))
    for table in (seconds, aware):
        same(engine.take(kpi.new_members(engine.give(table))), expected)


def test_a_table_without_kinds_will_do():
    assert kpi.active_by_period(TABLE.drop(columns="kind"))["n"].to_list() == [5, 3, 1]


def test_end_can_be_written_in_many_ways():
    expected = kpi.new_members(club())
    for end in (dt.date(2025, 3, 15), dt.datetime(2025, 3, 15), np.datetime64("2025-03-15")):
        same(kpi.new_members(club(end=end)), expected)


def test_what_was_asked_of_a_view_is_worked_out_once():
    """Pairs of member and day are shared by the measures of one view."""
    people = club(many(), start="2024-02-01", end="2024-06-20")
    kpi.active_members(people)
    days = people.log.kept(("pairs", "day", None), lambda: pytest.fail("worked out again"))
    for name in ("new_members", "active_by_period", "dau_wau_mau", "stickiness"):
        getattr(kpi, name)(people)
    assert people.log.kept(("pairs", "day", None), lambda: None) is days


# --- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERYWHERE)
def test_arguments_are_checked(name: str):
    function, people = getattr(kpi, name), club(members=MEMBERS)
    if "period" in function.__kwdefaults__:
        with pytest.raises(
            ParameterError, match=r"period='moth' is not.*day, week, month.*'month'"
        ):
            function(people, period="moth")
    if "kinds" in function.__kwdefaults__:
        with pytest.raises(ParameterError, match=r"kinds='topics' is not accepted.*'topic'"):
            function(people, kinds=["topics"])
    if "window_days" in function.__kwdefaults__:
        for wrong in (0, True, 7.5, "7"):
            with pytest.raises(ParameterError, match=f"window_days={wrong!r} is.*from 1 up"):
                function(people, window_days=wrong)
    with pytest.raises(ParameterError, match="of type list"):
        function([1, 2])


def test_a_missing_column_is_named_with_the_nearest():
    with pytest.raises(ColumnError, match=r"'member_id'.*'memberid'.*rename"):
        kpi.new_members(TABLE.rename(columns={"member_id": "memberid"}))
    with pytest.raises(
        ColumnError, match=r"'m' is not in the table.*Name the right one with value"
    ):
        kpi.growth_rate(kpi.new_members(club()), value="m")
    with pytest.raises(ColumnError, match="'joined_at' is not in the table"):
        kpi.joined_members(club(members=MEMBERS.drop(columns="joined_at")))


def test_joining_needs_the_members():
    with pytest.raises(TableError, match="needs the table members"):
        kpi.joined_members(club())


def test_text_dates_are_caught_by_name():
    table = TABLE.assign(timestamp=TABLE["timestamp"].astype("str"))
    with pytest.raises(ColumnError, match=r"pd\.to_datetime"):
        kpi.new_members(table)


def test_messages_speak_french():
    with use_language("fr"), pytest.raises(CmlibError, match="n’est pas accepté"):
        kpi.new_members(club(), period="moth")


def test_duckdb_keeps_its_own_connection():
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register("log", TABLE.astype({"member_id": "float64"}))
    found = kpi.new_members(connection.sql("select * from log"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert plain(found.df())["already_there"].to_list() == [5, 0, 0]
