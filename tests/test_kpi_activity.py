"""Who is there, who writes: hand counts, one result on every engine, the traps of each figure."""

import datetime as dt
import math
import warnings

import numpy as np
import pandas as pd
import pytest
from engines import Engine, engine, plain, same  # noqa: F401
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from cmlib import kpi
from cmlib.errors import CmlibError, ColumnError, ParameterError
from cmlib.i18n import use_language

TABLE = pd.DataFrame(
    [
        ("2025-01-02 10:00", 1, "visit"),
        ("2025-01-02 11:00", 1, "topic"),
        ("2025-01-02 12:00", 2, "visit"),
        ("2025-01-20 09:00", 9, "reply"),
        ("2025-01-31 22:59", 3, "visit"),
        ("2025-01-31 23:30", 4, "topic"),
        ("2025-02-03 10:00", 1, "reply"),
        ("2025-02-03 10:05", 1, "reply"),
        ("2025-02-04 10:00", 3, "reaction"),
        ("2025-02-10 10:00", None, "reply"),
        ("2025-02-20 10:00", 5, "visit"),
        ("2025-03-05 10:00", 2, "topic"),
    ],
    columns=["timestamp", "member_id", "kind"],
).astype({"timestamp": "datetime64[s]", "member_id": "Int64"})
YEAR = {"start": "2025-01-01", "end": "2025-03-15"}
MONTHS = pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"])


def many(seed: int = 3, n: int = 400, members: int = 40) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    seconds = generator.integers(0, 120 * 86_400, n)
    table = pd.DataFrame(
        {
            "timestamp": (pd.Timestamp("2024-02-10") + pd.to_timedelta(seconds, unit="s")),
            "member_id": pd.array(generator.integers(1, members, n), dtype="Int64"),
            "kind": generator.choice(["visit", "topic", "reply", "reaction"], n),
        }
    )
    table["timestamp"] = table["timestamp"].astype("datetime64[s]")
    table.loc[::23, "member_id"] = pd.NA
    return table


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
    "activity_by_member_type": {"staff": [3, 4]},
    "burstiness": {},
}


@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_result_on_every_engine(engine: Engine, name: str):  # noqa: F811
    function, options = getattr(kpi, name), {"without": [7], "end": "2024-06-01"}
    if name != "burstiness":
        options["tz"] = "America/New_York"
    options |= EVERYWHERE[name]
    table = many()
    before = table.copy()
    expected, found = function(table, **options), function(engine.give(table), **options)
    if isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-12)
        assert type(found) is float
    else:
        assert len(expected) > 3
        same(engine.take(found), expected)
    pd.testing.assert_frame_equal(table, before)


def test_growth_rate_and_joined_members_on_every_engine(engine: Engine):  # noqa: F811
    members = pd.DataFrame(
        {
            "member_id": [1, 2, 3],
            "joined_at": pd.to_datetime(["2025-01-05", "2025-02-05", "2025-02-06"]),
        }
    )
    joined = kpi.joined_members(engine.give(members), start="2025-01-01", end="2025-03-01")
    grown = kpi.growth_rate(joined)
    expected = pd.DataFrame(
        {
            "period": MONTHS[:2],
            "n": [1, 2],
            "complete": [True, True],
            "growth_rate": [np.nan, 1.0],
        }
    )
    same(engine.take(grown), expected)


# --- hand counts ------------------------------------------------------------------------------


def test_new_members_by_hand():
    found = kpi.new_members(TABLE, **YEAR)
    expected = pd.DataFrame({"period": MONTHS, "n": [5, 1, 0], "complete": [True, True, False]})
    same(found, expected)


def test_first_post_is_not_first_visit():
    found = kpi.new_members(TABLE, kinds=["topic", "reply"], **YEAR)
    assert found["n"].to_list() == [3, 0, 1]


def test_first_seen_is_not_joined():
    """Trap L: member 5 joined in January and was first seen in February."""
    members = pd.DataFrame(
        {"member_id": [5], "joined_at": pd.to_datetime(["2025-01-10"]).astype("datetime64[s]")}
    )
    assert kpi.joined_members(members, **YEAR)["n"].to_list() == [1, 0, 0]
    seen = kpi.new_members(TABLE[TABLE["member_id"] == 5], **YEAR)
    assert seen["n"].to_list() == [0, 1, 0]


def test_history_before_start_tells_who_is_new():
    found = kpi.new_members(TABLE, start="2025-02-01", end="2025-03-01")
    assert found["n"].to_list() == [1]
    assert found["complete"].to_list() == [True]


def test_half_months_are_not_complete():
    """Trap P: without start and end only what lies between first and last event is known."""
    assert kpi.active_by_period(TABLE)["complete"].to_list() == [False, True, False]
    assert kpi.active_by_period(TABLE, end="2025-04-01")["complete"].to_list() == [
        False,
        True,
        True,
    ]


def test_time_zone_moves_an_event_to_another_month():
    """Trap Z: 23:30 UTC on 31 January is February in Paris."""
    utc = kpi.active_by_period(TABLE, **YEAR)["n"].to_list()
    paris = kpi.active_by_period(TABLE, tz="Europe/Paris", **YEAR)["n"].to_list()
    assert utc == [5, 3, 1]
    assert paris == [4, 4, 1]


@pytest.mark.parametrize("tz", ["Europe/Paris", "America/New_York", "Australia/Lord_Howe"])
def test_days_follow_daylight_saving(engine: Engine, tz: str):  # noqa: F811
    """Trap Z, against zoneinfo: an event every 30 minutes over both changes of the year."""
    stamps = pd.date_range("2024-03-08", "2024-11-10", freq="37min", unit="s")
    if engine.name == "spark":
        stamps = stamps[::20]
    table = pd.DataFrame({"timestamp": stamps, "member_id": np.arange(len(stamps), dtype="int64")})
    found = engine.take(kpi.active_members(engine.give(table), window_days=1, tz=tz))
    local = stamps.tz_localize("UTC").tz_convert(tz).tz_localize(None).floor("D")
    expected = local.value_counts().sort_index()
    assert found["n"].to_list() == expected.to_list()
    assert found["day"].to_list() == expected.index.to_list()


def test_a_local_period_is_complete_only_when_its_hours_are():
    """UTC midnight is 01:00 in Paris: the first hour of January is missing."""
    found = kpi.active_by_period(TABLE, start="2025-01-01", end="2025-03-01", tz="Europe/Paris")
    assert found["complete"].to_list() == [False, True, False]
    aware = kpi.active_by_period(
        TABLE, start="2025-01-01 00:00+01:00", end="2025-03-01 00:00+01:00", tz="Europe/Paris"
    )
    assert aware["complete"].to_list() == [True, True]


def test_bots_and_staff_are_left_out_in_three_ways(engine: Engine):  # noqa: F811
    """Trap B."""
    members = pd.DataFrame({"member_id": [1, 9, 4], "role": ["member", "bot", "staff"]})
    others = members.query("role != 'member'")
    given = engine.give(TABLE)
    expected = kpi.active_by_period(TABLE[~TABLE["member_id"].isin([9, 4])], **YEAR)
    for without in ([9, 4], others["member_id"], others, engine.give(others)):
        found = engine.take(kpi.active_by_period(given, without=without, **YEAR))
        same(found, expected)


def test_monthly_uniques_do_not_add_up():
    """Trap U: the daily counts of a month are more than its members."""
    daily = kpi.active_members(many(), window_days=1, start="2024-03-01", end="2024-04-01")
    month = kpi.active_by_period(many(), start="2024-03-01", end="2024-04-01")
    assert daily["n"].sum() > month["n"].iloc[0]


@pytest.mark.parametrize("window", [1, 2, 7, 30, 200])
def test_windows_against_a_loop_over_days(window: int):
    table = many()
    found = kpi.active_members(table, window_days=window, start="2024-02-01", end="2024-06-20")
    days = pd.date_range("2024-02-01", "2024-06-19")
    assert found["n"].to_list() == brute_window(table, days, window)
    known = days >= pd.Timestamp("2024-02-01") + pd.Timedelta(days=window - 1)
    assert found["complete"].to_list() == known.tolist()


def test_dau_wau_mau_are_the_windows_of_1_7_and_30_days():
    found = kpi.dau_wau_mau(many(), end="2024-06-20")
    for column, window in {"dau": 1, "wau": 7, "mau": 30}.items():
        alone = kpi.active_members(many(), window_days=window, end="2024-06-20")
        assert found[column].to_list() == alone["n"].to_list()
    assert found["complete"].to_list() == alone["complete"].to_list()


def test_stickiness_is_a_mean_of_ratios():
    """Trap R: two days of 1 of 1 and 1 of 3 members make 2/3, not 2 of 4."""
    table = pd.DataFrame(
        {
            "timestamp": pd.to_datetime(
                ["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-03", "2025-01-03"]
            ),
            "member_id": [1, 1, 1, 2, 3],
        }
    )
    options = {"start": "2025-01-01", "end": "2025-01-05", "window_days": 2}
    # complete days: 2 (1 of 1), 3 (3 of 3), 4 (0 of 3)
    assert kpi.stickiness(table, **options) == pytest.approx((1 + 1 + 0) / 3)
    # the ratio of means would be (1 + 3 + 0) / (1 + 3 + 3)


def test_stickiness_is_missing_without_a_complete_day():
    """Traps P and 0."""
    assert math.isnan(kpi.stickiness(TABLE, window_days=100, **YEAR))
    quiet = kpi.stickiness(TABLE, window_days=1, start="2026-01-01", end="2026-02-01")
    assert math.isnan(quiet)


def test_growth_rate_knows_zero_and_incomplete_periods():
    """Traps 0 and P."""
    table = pd.DataFrame(
        {
            "period": pd.date_range("2025-01-01", periods=6, freq="MS"),
            "n": [4, 5, 0, 3, 6, 2],
            "complete": [True, True, True, True, True, False],
        }
    )
    found = kpi.growth_rate(table.iloc[[3, 0, 1, 2, 5, 4]])["growth_rate"].to_list()
    assert found[1:3] == [0.25, -1.0]
    assert found[4] == 1.0
    assert np.isnan([found[0], found[3], found[5]]).all()


def test_engaged_members_do_not_only_visit():
    found = kpi.engaged_members(TABLE, **YEAR)
    assert found["n"].to_list() == [3, 2, 1]
    assert found["active"].to_list() == [5, 3, 1]
    low, high = proportion_confint(3, 5, method="wilson")
    assert found.loc[0, ["share", "low", "high"]].to_list() == pytest.approx([0.6, low, high])


def test_lurker_ratio_by_hand():
    found = kpi.lurker_ratio(TABLE, start="2025-01-01", end="2025-05-01")
    assert found["n"].to_list() == [5, 3, 1, 0]
    assert found["posters"].to_list() == [3, 1, 1, 0]
    assert found["lurker_ratio"].to_list()[:3] == pytest.approx([0.4, 2 / 3, 0])
    assert found.loc[3, ["lurker_ratio", "low", "high"]].isna().all()  # trap 0


def test_posts_per_active_member_shows_mean_and_median():
    found = kpi.posts_per_active_member(TABLE, start="2025-01-01", end="2025-05-01")
    assert found["posts"].to_list() == [3, 2, 1, 0]
    assert found["posts_deleted"].to_list() == [0, 1, 0, 0]
    assert found["mean"].to_list()[:3] == pytest.approx([0.6, 2 / 3, 1])
    assert found["median"].to_list()[:3] == [1, 0, 1]
    assert found.loc[3, ["mean", "median", "p25", "p75", "p90"]].isna().all()  # trap 0


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
    found = kpi.activity_by_member_type(TABLE, staff=[9], **YEAR)
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


# --- burstiness -------------------------------------------------------------------------------


def rhythm(gaps: list[float]) -> pd.DataFrame:
    seconds = np.concatenate([[0], np.cumsum(gaps)])
    stamps = pd.Timestamp("2025-01-01") + pd.to_timedelta(seconds, unit="s")
    return pd.DataFrame({"timestamp": stamps, "member_id": 1})


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
    lambda rows: pd.DataFrame(
        {
            "timestamp": pd.Timestamp("2025-01-01")
            + pd.to_timedelta([hour for hour, _member in rows], unit="h"),
            "member_id": [member for _hour, member in rows],
        }
    )
)


@settings(max_examples=20, deadline=None)
@given(table=LOGS, window=st.integers(1, 40))
def test_law_of_windows(table: pd.DataFrame, window: int):
    options = {"start": "2025-01-01", "end": "2025-03-02"}
    found = kpi.active_members(table, window_days=window, **options)["n"]
    wider = kpi.active_members(table, window_days=window + 1, **options)["n"]
    shuffled = kpi.active_members(table.iloc[::-1], window_days=window, **options)["n"]
    renamed = table.assign(member_id="m" + table["member_id"].astype("str"))
    assert (found <= wider).all()
    assert found.max() <= table["member_id"].nunique()
    assert found.to_list() == shuffled.to_list()
    assert (
        found.to_list() == kpi.active_members(renamed, window_days=window, **options)["n"].to_list()
    )


@settings(max_examples=20, deadline=None)
@given(table=LOGS, period=st.sampled_from(["day", "week", "month"]))
def test_every_member_is_new_once(table: pd.DataFrame, period: str):
    found = kpi.new_members(table, period=period)
    assert found["n"].sum() == table["member_id"].nunique()


# --- tables of all sorts ----------------------------------------------------------------------


def test_an_empty_log_gives_the_full_columns(engine: Engine):  # noqa: F811
    empty = engine.give(TABLE.iloc[:0])
    found = engine.take(kpi.new_members(empty))
    assert found.columns.to_list() == ["period", "n", "complete"]
    assert found.empty
    kept = engine.take(kpi.new_members(empty, **YEAR))
    assert kept["n"].to_list() == [0, 0, 0]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.assign(member_id=t["member_id"].astype("float64")),
        lambda t: t.assign(member_id=t["member_id"].map("u{}".format, na_action="ignore")),
        lambda t: t.assign(member_id=t["member_id"].astype("category")),
        lambda t: t.assign(timestamp=t["timestamp"].astype("int64")),
        lambda t: t.assign(timestamp=t["timestamp"].dt.tz_localize("UTC").dt.tz_convert("Iran")),
        lambda t: t.assign(timestamp=t["timestamp"].astype("datetime64[ns]")),
        lambda t: pd.concat([t, t.iloc[:1].assign(timestamp=pd.NaT)]),
        lambda t: t.set_index("timestamp", drop=False),
    ],
    ids=["float", "text", "category", "seconds", "aware", "nanoseconds", "no time", "index"],
)  # fmt: skip
def test_column_types_do_not_matter(change):
    same(kpi.dau_wau_mau(change(TABLE), **YEAR), kpi.dau_wau_mau(TABLE, **YEAR))


def test_time_can_be_aware_or_whole_seconds_on_every_engine(engine: Engine):  # noqa: F811
    expected = kpi.new_members(TABLE, **YEAR)
    seconds = TABLE.assign(timestamp=TABLE["timestamp"].astype("int64"))
    aware = TABLE.assign(timestamp=TABLE["timestamp"].dt.tz_localize("UTC"))
    for table in (seconds, aware):
        same(engine.take(kpi.new_members(engine.give(table), **YEAR)), expected)


def test_a_table_without_kinds_will_do():
    assert kpi.active_by_period(TABLE.drop(columns="kind"), **YEAR)["n"].to_list() == [5, 3, 1]


def test_end_can_be_written_in_many_ways():
    expected = kpi.new_members(TABLE, **YEAR)
    for end in (dt.date(2025, 3, 15), dt.datetime(2025, 3, 15), np.datetime64("2025-03-15")):
        same(kpi.new_members(TABLE, start="2025-01-01", end=end), expected)


# --- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"period": "moth"}, r"period='moth' is not accepted.*day, week, month.*'month'"),
        ({"tz": "Europe/Pari"}, r"tz='Europe/Pari'.*'Europe/Paris'"),
        ({"end": "soon"}, r"end='soon' is not a date"),
        ({"start": "2025-03-01", "end": "2025-02-01"}, r"must come after"),
        ({"without": 9}, r"without=9 is not a list of members"),
    ],
)
def test_arguments_are_checked(options, message):
    with pytest.raises(ParameterError, match=message):
        kpi.new_members(TABLE, **options)


def test_a_missing_column_is_named_with_the_nearest():
    with pytest.raises(ColumnError, match=r"'member_id'.*'memberid'.*member=\"memberid\""):
        kpi.new_members(TABLE.rename(columns={"member_id": "memberid"}))


def test_text_dates_are_caught_by_name():
    table = TABLE.assign(timestamp=TABLE["timestamp"].astype("str"))
    with pytest.raises(ColumnError, match=r"pd\.to_datetime"):
        kpi.new_members(table)


def test_windows_are_whole_days():
    with pytest.raises(ParameterError, match="window_days=0"):
        kpi.active_members(TABLE, window_days=0)


def test_what_is_not_a_table_is_refused():
    with pytest.raises(ParameterError, match="of type list"):
        kpi.new_members([1, 2])


def test_messages_speak_french():
    with use_language("fr"), pytest.raises(CmlibError, match="fuseau horaire"):
        kpi.new_members(TABLE, tz="Paris")


def test_duckdb_keeps_its_own_connection():
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register("log", TABLE.astype({"member_id": "float64"}))
    found = kpi.new_members(connection.sql("select * from log"), **YEAR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert plain(found.df())["n"].to_list() == [5, 1, 0]
