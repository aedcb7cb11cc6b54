import kpi_cases as cases
import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from engines import same

from cmlib import kpi
from cmlib.data import community
from cmlib.errors import ColumnError, ParameterError

DAY = pd.Timestamp


def plan(engine, end):
    return community(posts=engine.give(cases.posts()), end=end)


def test_publication_counts_keep_empty_periods_and_mark_partial_ones(engine):
    # Trap P: the week of February 10th is cut on its third day
    posts = cases.posts()
    posts.loc[4, "published_at"] = pd.Timestamp("2025-02-03T09:00")
    found = engine.take(
        kpi.publication_counts(
            community(posts=engine.give(posts), start="2025-01-06", end="2025-02-12"),
            period="week",
        )
    )
    weeks = pd.date_range("2025-01-06", "2025-02-10", freq="7D")
    expected = pd.DataFrame(
        {"period": weeks, "n": [4, 0, 0, 0, 1, 0], "complete": [True] * 5 + [False]}
    )
    same(found, expected)


def test_publication_counts_by_group_fill_every_group(engine):
    found = engine.take(
        kpi.publication_counts(
            community(posts=engine.give(cases.posts()), start="2025-01-06", end="2025-01-08"),
            period="day",
            by="format",
        )
    )
    assert found["n"].tolist() == [1, 1]
    both = engine.take(
        kpi.publication_counts(
            community(posts=engine.give(cases.posts()), start="2025-01-07", end="2025-01-09"),
            period="day",
            by="format",
        )
    )
    assert both["format"].tolist() == ["photo", "video", "photo", "video"]
    assert both["n"].tolist() == [1, 0, 0, 1]


def test_days_begin_where_the_community_lives():
    # Trap Z: 23:30 UTC on January 31st is February 1st in Paris
    posts = pd.DataFrame({"published_at": pd.to_datetime(["2025-01-31 23:30"])})
    paris = kpi.publication_counts(community(posts=posts, tz="Europe/Paris"))
    assert paris["period"].tolist() == [DAY("2025-02-01")]
    assert kpi.publication_counts(posts)["period"].tolist() == [DAY("2025-01-01")]


def test_on_time_rate_counts_what_never_came_out_and_leaves_out_what_is_not_due(engine):
    found = engine.take(kpi.on_time_rate(plan(engine, "2025-02-01")))
    expected = pd.DataFrame(
        {
            "n": [5],
            "on_time": [2],  # half an hour late, one hour late
            "early": [1],  # three hours early
            "late": [1],  # four hours late
            "never": [1],
            "on_time_rate": [0.4],
            "low": [0.11762077423264742],  # statsmodels: proportion_confint(2, 5, method="wilson")
            "high": [0.7692757187239871],
        }
    )
    same(found, expected)


def test_on_time_rate_knows_only_what_had_happened_by_the_end(engine):
    # seen from January 9th, 10:00: post 4 (planned 8:00, out at 12:00) is not out yet
    found = engine.take(kpi.on_time_rate(plan(engine, "2025-01-09T10:00")))
    assert found[["n", "on_time", "never"]].iloc[0].tolist() == [4, 2, 1]
    wide = engine.take(kpi.on_time_rate(plan(engine, "2025-02-01"), tolerance_h=4, by="format"))
    assert wide["on_time"].tolist() == [2, 2]


def test_on_time_rate_without_anything_due_is_missing(engine):
    found = engine.take(kpi.on_time_rate(plan(engine, "2025-01-06T08:00")))
    assert found["n"].tolist() == [0]
    assert found["on_time_rate"].isna().all()


def test_half_life_counts_others_within_the_window_and_waits_for_young_posts(engine):
    forum = community(events=engine.give(cases.events()), members=cases.members(), end="2025-02-01")
    found = engine.take(kpi.content_half_life(forum, window_days=7))
    expected = pd.DataFrame(
        {
            "thread_id": [1, 6, 8, 11, 14],
            "event_id": [1, 6, 8, 11, 14],
            "opened_at": cases.moments(
                "2025-01-06T10:00",
                "2025-01-07T10:00",
                "2025-01-08T10:00",
                "2025-01-09T10:00",
                "2025-01-31T19:00",
            ),
            # topic 1: by others after 2, 3 and 26 h (trap S: not the author's own after 5 min)
            "interactions": [3, 0, 1, 1, 0],
            "half_life_h": [3.0, np.nan, 50.0, 10.0, np.nan],
            # trap C: topic 14 is five hours old
            "complete": [True, True, True, True, False],
        }
    )
    same(found, expected)


def test_a_young_post_has_no_half_life_yet():
    # Trap C: half of what it has so far would say 2 h
    events = cases.events()
    young = kpi.content_half_life(events[events["event_id"] <= 5], window_days=7)
    assert young["interactions"].tolist() == [2]
    assert young["half_life_h"].isna().all()
    assert young["complete"].tolist() == [False]


def test_best_slots_follow_daylight_saving_time(engine):
    # Trap Z: 8:00 in Paris is 7:00 UTC in winter, 6:00 UTC in summer; Mondays
    times = ["2025-03-24T07:00", "2025-03-31T06:00", "2025-10-20T06:00", "2025-10-27T07:00"]
    posts = pd.DataFrame({"published_at": cases.moments(*times), "reactions": [1, 2, 3, 6]})
    found = engine.take(
        kpi.best_slots(
            community(posts=engine.give(posts), tz="Europe/Paris"), interactions="reactions"
        )
    )
    assert len(found) == 1
    assert found[["weekday", "hour", "n"]].iloc[0].tolist() == [0, 8, 4]
    assert found["interactions_per_post"][0] == 3
    # normal interval of a mean of four
    width = 1.959963984540054 * np.std([1, 2, 3, 6], ddof=1) / 2
    assert found["high"][0] - 3 == pytest.approx(width)
    plain = engine.take(kpi.best_slots(engine.give(posts), interactions="reactions"))
    assert plain["hour"].tolist() == [6, 7]


def test_slots_by_group_and_with_posts_that_were_not_measured(engine):
    posts = cases.posts().iloc[:4].assign(published_at=cases.moments(*["2025-01-06T09:10"] * 4))
    posts["reactions"] = pd.array([10, None, 12, 2], dtype="Int64")
    found = engine.take(kpi.best_slots(engine.give(posts), interactions="reactions", by="format"))
    assert found[["format", "weekday", "hour"]].values.tolist() == [
        ["photo", 0, 9],
        ["video", 0, 9],
    ]
    assert found[["n", "n_missing"]].values.tolist() == [[1, 1], [2, 0]]
    assert found["interactions"].tolist() == [10, 14]
    assert found["low"].isna().tolist() == [True, False]
    for name in ("slot", "got", "t"):
        own = posts.rename(columns={"format": name})
        again = engine.take(kpi.best_slots(engine.give(own), interactions="reactions", by=name))
        same(again.rename(columns={name: "format"}), found)


def test_a_whole_number_to_group_by_stays_one_where_a_post_has_none(engine):
    posts = cases.posts().iloc[:4].assign(published_at=cases.moments(*["2025-01-06T09:10"] * 4))
    posts["campaign_id"] = pd.array([7, 7, None, 8], dtype="Int64")
    asked = {
        "best_slots": {"interactions": "reactions"},
        "publication_counts": {"period": "month"},
        "engagement_rate": {"period": "month"},
    }
    for name, options in asked.items():
        result = getattr(kpi, name)(engine.give(posts), by="campaign_id", **options)
        kind = nw.from_native(result).collect_schema()["campaign_id"]
        assert kind == nw.Int64, (name, kind)
        assert set(engine.take(result)["campaign_id"].dropna()) == {7, 8}, name
    posts["campaign_id"] = pd.array([7, 7, None, 2**53 + 1], dtype="Int64")
    with pytest.raises(ParameterError, match="more than 15 digits"):
        kpi.best_slots(engine.give(posts), interactions="reactions", by="campaign_id")


def test_slots_compare_posts_not_raw_counts():
    # ten posts at 9:00 with 5 each, one at 18:00 with 20: raw counts prefer 9:00
    times = ["2025-01-06T09:00"] * 10 + ["2025-01-06T18:00"]
    posts = pd.DataFrame({"published_at": cases.moments(*times), "reactions": [5] * 10 + [20]})
    found = kpi.best_slots(posts, interactions="reactions")
    assert found["interactions"].tolist() == [50, 20]
    assert found["interactions_per_post"].tolist() == [5, 20]
    assert found["n"].tolist() == [10, 1]
    assert found["low"].isna().tolist() == [False, True]


def test_local_hours_agree_with_pandas():
    # Outside check: every hour of 2025, across both changes of time
    hours = pd.DatetimeIndex(np.arange("2025-01-01", "2026-01-01", dtype="datetime64[h]"))
    posts = pd.DataFrame({"published_at": hours, "reactions": 1})
    found = kpi.best_slots(community(posts=posts, tz="America/New_York"), interactions="reactions")
    local = hours.tz_localize("UTC").tz_convert("America/New_York")
    expected = pd.DataFrame({"weekday": local.day_of_week, "hour": local.hour}).value_counts()
    assert found.set_index(["weekday", "hour"])["n"].to_dict() == expected.to_dict()


def test_slots_of_topics_from_the_log():
    forum = community(events=cases.events(), end="2025-02-01")
    topics = kpi.content_half_life(forum, window_days=7)
    names = {"posts": {"published_at": "opened_at", "comments": "interactions"}}
    found = kpi.best_slots(community(posts=topics, columns=names), interactions="comments")
    assert found["n"].sum() == 5


def test_ugc_share_counts_the_posts_of_members_among_all_that_say_who_made_them(engine):
    posts = cases.posts()
    found = engine.take(kpi.ugc_share(engine.give(posts)))
    assert found[["n", "by_members"]].iloc[0].tolist() == [6, 1]
    unknown = posts.assign(author_type=[None, "member", "brand", None, None, None])
    assert engine.take(kpi.ugc_share(engine.give(unknown)))["ugc_share"][0] == 0.5
    other = engine.give(posts.assign(author_type="membre"))
    with pytest.raises(ParameterError, match=r"author_type='membre'.*Did you mean 'member'"):
        kpi.ugc_share(other)


def test_errors_say_what_to_do():
    posts = cases.posts()
    with pytest.raises(ParameterError, match=r"is not a time zone.*Did you mean 'Europe/Paris'"):
        kpi.best_slots(community(posts=posts, tz="Europe/Pari"))
    with pytest.raises(ParameterError, match="window_days=0"):
        kpi.content_half_life(cases.events(), window_days=0)
    with pytest.raises(ParameterError, match="tolerance_h=-1 is not accepted"):
        kpi.on_time_rate(posts, tolerance_h=-1)
    with pytest.raises(ColumnError, match="planned_at"):
        kpi.on_time_rate(posts.drop(columns="planned_at"))
    with pytest.raises(ParameterError, match="Use one of: day, week, month"):
        kpi.publication_counts(posts, period="weekly")
