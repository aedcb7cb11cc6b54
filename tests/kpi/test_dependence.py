"""What is left without the most active: hand-worked takings away, the share of the most active."""

import pandas as pd
import pytest

from cmlib import data, kpi
from cmlib.errors import ColumnError, ParameterError

COLUMNS = ["event_id", "timestamp", "member_id", "kind", "thread_id"]


def log(*rows):
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(
        timestamp=pd.to_datetime(table["timestamp"]),
        member_id=table["member_id"].astype("Int64"),
        thread_id=table["thread_id"].astype("Int64"),
    )


# Chiara (3) writes five messages, Bilal (2) two, Aminata (1) one; 9 is the team.
EVENTS = log(
    (1, "2025-01-01", 1, "topic", 1),
    (2, "2025-01-01", 3, "reply", 1),
    (3, "2025-01-02", 2, "topic", 3),
    (4, "2025-01-02", 3, "reply", 3),
    (5, "2025-01-02", 9, "reply", 3),
    (6, "2025-01-03", 3, "topic", 6),
    (7, "2025-01-03", 3, "reply", 6),
    (8, "2025-01-03", 2, "reply", 6),
    (9, "2025-01-04", 3, "topic", 9),
    (10, "2025-01-04", 1, "visit", None),
)


MEMBERS = pd.DataFrame({"member_id": [1, 2, 3, 9], "role": ["member"] * 3 + ["staff"]})


ALL = data.community(events=EVENTS, members=MEMBERS)


PEOPLE = ALL.view(without="team")


@pytest.fixture(scope="module")
def people(brand):
    return brand.view(without="team")


def test_three_people_taken_away_by_hand():
    table = kpi.without_most_active(PEOPLE, upto=4)
    # Topics 1 and 6 lose their only answer by another (3, then 2); topic 3 keeps the team's;
    # topic 9 never had one.
    expected = pd.DataFrame(
        {
            "removed": [0, 1, 2, 3, 4],
            "posts_left": [8, 3, 1, 0, 0],
            "share_left": [1.0, 0.375, 0.125, 0.0, 0.0],
            "answered_left": [0.75, 0.5, 0.25, 0.25, 0.25],
        }
    )
    pd.testing.assert_frame_equal(table, expected)


def test_answers_of_deleted_accounts_stay():
    events = log((1, "2025-01-01", 1, "topic", 1), (2, "2025-01-02", None, "reply", 1))
    table = kpi.without_most_active(events, upto=1)
    assert table["posts_left"].tolist() == [1, 0]
    assert table["answered_left"].tolist() == [1.0, 1.0]


def test_the_period_ends_before_its_end():
    view = PEOPLE.view(start="2025-01-02", end="2025-01-04")
    table = kpi.without_most_active(view, upto=1)
    assert table["posts_left"].tolist() == [5, 2]


def test_one_kind_may_be_given_as_a_word():
    one = kpi.without_most_active(PEOPLE, kinds="topic")
    pd.testing.assert_frame_equal(one, kpi.without_most_active(PEOPLE, kinds=["topic"]))
    assert one["posts_left"].iloc[0] == 4


def test_it_completes_the_top_share_of_the_library(people):
    table = kpi.without_most_active(people, upto=94)
    top = kpi.top_share(people, top=[0.01, 0.1])
    left = table.set_index("removed")["share_left"][top["members"]]
    assert left.tolist() == pytest.approx((1 - top["share"]).tolist())
    assert (table["share_left"].diff().dropna() <= 0).all()
    assert (table["answered_left"].diff().dropna() <= 0).all()


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "2"])
def test_only_whole_numbers(wrong):
    with pytest.raises(ParameterError, match="upto"):
        kpi.without_most_active(EVENTS, upto=wrong)


def test_a_missing_column_is_named():
    with pytest.raises(ColumnError, match="thread_id"):
        kpi.without_most_active(EVENTS.drop(columns="thread_id"))


def test_the_input_is_untouched():
    before = EVENTS.copy()
    kpi.without_most_active(PEOPLE)
    pd.testing.assert_frame_equal(EVENTS, before)


def test_nothing_to_count_is_missing():
    table = kpi.without_most_active(EVENTS[EVENTS["kind"] == "visit"], upto=2)
    assert table["posts_left"].tolist() == [0, 0, 0]
    assert table[["share_left", "answered_left"]].isna().all(axis=None)
