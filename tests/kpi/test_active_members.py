"""Active at least so many times: hand-worked windows, a count day by day."""

import pandas as pd
import pytest

from cmlib import data, kpi
from cmlib.errors import ParameterError

COLUMNS = ["member_id", "timestamp", "kind"]


def log(*rows):
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(
        event_id=range(len(table)),
        timestamp=pd.to_datetime(table["timestamp"]),
        member_id=table["member_id"].astype("Int64"),
    )


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
