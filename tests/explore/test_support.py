"""The explorer of the promise: hand-worked shares, the library's own count, the callback."""

import pandas as pd
import pytest

from cmlib import data, explore, kpi, plot
from cmlib.errors import ColumnError, ParameterError
from cmlib.i18n import set_language


def questions(*rows):
    """Rows of (opened, delay in hours or None, hours observed)."""
    table = pd.DataFrame(rows, columns=["opened_at", "delay_h", "observed_h"])
    return table.assign(
        opened_at=pd.to_datetime(table["opened_at"]), delay_h=table["delay_h"].astype("float64")
    )


@pytest.fixture(scope="module")
def delays(brand):
    return kpi.ticket_delay(brand)


def test_shares_by_hand():
    table = questions(
        ("2025-01-06 10:00", 1, 200),  # Monday, in time
        ("2025-01-07 10:00", 8, 200),  # Tuesday, on the dot
        ("2025-01-08 10:00", 9, 200),  # too late
        ("2025-01-09 10:00", None, 200),  # never: not kept
        ("2025-01-10 10:00", 2, 5),  # too young to judge a promise of 8 hours
        ("2025-01-11 10:00", None, 5),  # Saturday, too young
        ("2025-01-12 10:00", 30, 200),  # Sunday, too late
    )
    found = explore.promise_kept(table, hours=8)
    expected = pd.DataFrame(
        {
            "hours": [8, 8],
            "weekend": [False, True],
            "n": [4, 1],
            "kept": [2, 0],
            "share": [0.5, 0.0],
        }
    )
    pd.testing.assert_frame_equal(found, expected)
    flattering = explore.promise_kept(table, hours=8, answered_only=True)
    assert flattering["n"].tolist() == [3, 1]


def test_a_part_of_the_week_without_questions_has_no_share():
    found = explore.promise_kept(questions(("2025-01-06 10:00", 1, 200)), hours=[8, 300])
    assert found["n"].tolist() == [1, 0, 0, 0]
    assert found["share"].isna().tolist() == [False, True, True, True]


def test_the_weekend_begins_at_midnight_on_the_local_clock():
    table = questions(("2025-01-03 22:30", 1, 99), ("2025-01-03 23:30", 1, 99))
    assert data.split_week(table)["weekend"].tolist() == [False, True]
    assert data.split_week(table, tz="UTC")["weekend"].tolist() == [False, False]
    assert data.split_week(table, tz="Asia/Tokyo")["day"].tolist() == [6, 6]
    gone = data.split_week(table.assign(opened_at=pd.NaT))
    assert gone["day"].isna().all() and gone["weekend"].isna().all()


def test_summer_time_is_followed():
    table = questions(("2025-07-11 21:30", 1, 99), ("2025-07-11 22:30", 1, 99))
    assert data.split_week(table)["day"].tolist() == [5, 6]


@pytest.mark.parametrize("hours", [1, 8, 24, 48])
def test_it_is_the_share_of_the_library(delays, hours):
    ours = explore.promise_kept(delays, hours=hours)
    theirs = kpi.answered_within(data.split_week(delays), hours=hours, by="weekend")
    assert ours["n"].tolist() == theirs["n"].tolist()
    assert ours["kept"].tolist() == theirs["within"].tolist()


def test_a_longer_promise_is_kept_more_often_when_all_are_old(delays):
    old = delays[delays["observed_h"] > 48]
    table = explore.promise_kept(old, hours=range(1, 49))
    for part in (False, True):
        assert table.loc[table["weekend"] == part, "share"].is_monotonic_increasing


@pytest.mark.parametrize("wrong", [0, -2, True, "8"])
def test_only_promises_above_zero(delays, wrong):
    with pytest.raises(ParameterError, match="above 0"):
        explore.promise_kept(delays, hours=[wrong])


def test_a_missing_column_is_named(delays):
    with pytest.raises(ColumnError, match="observed_h"):
        explore.promise_kept(delays.drop(columns="observed_h"))


def test_moving_the_promise_changes_the_chart_and_its_words(brand, delays):
    box = explore.promise_explorer(brand)
    picture = box.children[-1].value
    box.controls["hours"].value = 24
    share = explore.promise_kept(delays, hours=24)["share"]
    assert f"Within 24 h: {100 * share[0]:.1f}%" in box.said
    assert f"and {100 * share[1]:.1f}%" in box.said
    assert box.children[-1].value != picture
    assert 'alt="' in box.children[-1].value and 'role="status"' in box.children[-1].value
    assert "flatter" not in box.said
    box.controls["unanswered"].value = False
    assert "flatter" in box.said


def test_every_control_has_a_label_in_both_languages(brand):
    english = [c.description for c in explore.promise_explorer(brand).controls.values()]
    set_language("fr")
    box = explore.promise_explorer(brand)
    french = [c.description for c in box.controls.values()]
    assert all(english) and all(french)
    assert not set(english) & set(french)
    assert "neuf fois sur dix" in box.said


def test_the_static_chart_says_its_figures_and_keeps_its_input(delays, capsys):
    before = delays.copy()
    plot.show(explore.plot_promise(delays, hours=4))
    said = capsys.readouterr().out
    assert "First answer promised within 4 h: share kept" in said
    assert "Shortest promise kept nine times in ten" in said
    pd.testing.assert_frame_equal(delays, before)
