"""The explorer of “active”: hand-worked windows, the library's own count, the callback."""

import pandas as pd
import pytest

from cmlib import data, explore, kpi, plot
from cmlib.errors import ParameterError, TableError
from cmlib.i18n import set_language

COLUMNS = ["member_id", "timestamp", "kind"]


def log(*rows):
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(
        event_id=range(len(table)),
        timestamp=pd.to_datetime(table["timestamp"]),
        member_id=table["member_id"].astype("Int64"),
    )


@pytest.fixture(scope="module")
def brand():
    return data.load("brand")


def test_two_actions_in_three_days_by_hand():
    events = log(
        (1, "2025-01-01 10:00", "visit"),
        (1, "2025-01-03 10:00", "reply"),
        (1, "2025-01-04 10:00", "visit"),
        (2, "2025-01-02 10:00", "topic"),
        (2, "2025-01-02 11:00", "topic"),
        (3, "2025-01-01 10:00", "visit"),
        (3, "2025-01-04 10:00", "visit"),
        (None, "2025-01-02 10:00", "visit"),
        (None, "2025-01-02 11:00", "visit"),
    )
    week = data.community(events=events, start="2025-01-01", end="2025-01-07")
    table = kpi.active_members(week, at_least=2, window_days=3)
    # Member 1 on the 3rd, 4th and 5th; member 2 on the 2nd, 3rd and 4th; member 3 never.
    assert table["n"].tolist() == [0, 1, 2, 2, 1, 0]
    assert table["complete"].tolist() == [False, False, True, True, True, True]
    posts = kpi.active_members(week, window_days=1, kinds=["topic", "reply"])
    assert posts["n"].tolist() == [0, 1, 1, 0, 0, 0]


def test_history_before_the_start_counts_in_the_first_windows():
    events = log((1, "2024-12-31 10:00", "visit"), (2, "2025-01-02 10:00", "visit"))
    view = data.community(events=events).view(start="2025-01-01", end="2025-01-04")
    table = kpi.active_members(view, window_days=2)
    assert table["n"].tolist() == [1, 1, 1]


@pytest.mark.parametrize(("at_least", "days"), [(1, 7), (2, 7), (4, 30)])
def test_some_days_counted_one_by_one(brand, at_least, days):
    people = brand.view(without="team")
    table = kpi.active_members(people, at_least=at_least, window_days=days).set_index("day")["n"]
    events = people.counted().dropna(subset="member_id")
    for day in pd.to_datetime(["2024-02-10", "2024-09-30", "2025-07-13"]):
        after = day + pd.Timedelta(days=1)
        inside = events["local_time"].between(after - pd.Timedelta(days=days), after, "left")
        counts = events.loc[inside, "member_id"].value_counts()
        assert table[day] == (counts >= at_least).sum()


def test_asking_for_more_never_counts_more(brand):
    counts = [kpi.active_members(brand, at_least=k)["n"] for k in (1, 2, 5)]
    assert (counts[0] >= counts[1]).all() and (counts[1] >= counts[2]).all()
    assert counts[0].sum() > counts[2].sum()


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "2"])
def test_only_whole_numbers_from_one_up(wrong):
    events = log((1, "2025-01-01", "visit"))
    with pytest.raises(ParameterError, match="at_least"):
        kpi.active_members(events, at_least=wrong)
    with pytest.raises(ParameterError, match="days"):
        kpi.active_members(events, window_days=wrong)


def test_moving_a_control_changes_the_chart_and_its_words(brand):
    box = explore.activity_explorer(brand)
    before, picture = box.said, box.children[-1].value
    box.controls["at_least"].value = 5
    assert box.said != before and "at least 5 in 30 days" in box.said
    box.controls["visits"].value = False
    assert "visits do not count" in box.said
    assert box.children[-1].value != picture
    assert 'alt="' in box.children[-1].value and 'role="status"' in box.children[-1].value


def test_the_figure_said_is_the_figure_computed(brand):
    box = explore.activity_explorer(brand)
    box.controls["at_least"].value, box.controls["days"].value = 3, 7
    table = kpi.active_members(brand, at_least=3, window_days=7)
    last = table[table["complete"]].iloc[-1]
    assert f": {last['n']} active members" in box.said


def test_every_control_has_a_label_in_both_languages(brand):
    english = [c.description for c in explore.activity_explorer(brand).controls.values()]
    set_language("fr")
    french = [c.description for c in explore.activity_explorer(brand).controls.values()]
    assert all(english) and all(french)
    assert not set(english) & set(french)


def test_the_static_chart_says_its_figures(brand, capsys):
    ax = explore.plot_activity(brand)
    plot.show(ax)
    assert "Active: at least 1 in 30 days" in capsys.readouterr().out


def own_log():
    """A log of one's own: events and nothing else, with ids that are words."""
    events = pd.DataFrame(
        {
            "event_id": range(40),
            "timestamp": pd.date_range("2025-01-01", periods=40, freq="31h"),
            "member_id": [f"m{place % 5}" for place in range(40)],
            "kind": ["topic", "reply", "reply", "reply"] * 10,
            "thread_id": [f"t{place // 4}" for place in range(40)],
        }
    )
    return data.community(events=events, complete_history=True)


@pytest.mark.parametrize(
    "name",
    [
        "activity_explorer",
        "most_active_explorer",
        "cohort_explorer",
        "promise_explorer",
        "network_explorer",
        "central_explorer",
        "departures_explorer",
    ],
)
def test_explorers_work_with_events_alone(name):
    box = getattr(explore, name)(own_log())
    assert box.said and box.controls


@pytest.mark.parametrize(
    ("name", "table"), [("without_biggest_explorer", "posts"), ("roi_explorer", "costs")]
)
def test_an_explorer_says_which_table_it_needs(name, table):
    with pytest.raises(TableError, match=table):
        getattr(explore, name)(own_log())
