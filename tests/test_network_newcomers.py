import pandas as pd
import polars as pl
import pytest

from cmlib.errors import ColumnError, ParameterError
from cmlib.network import newcomer_answers, unanswered_newcomers

END = "2025-02-01"


def make_events():
    rows = [
        (1, "2025-01-01 00:00", 10, "topic", 1, None),  # answered by 20 after 24 h
        (2, "2025-01-01 01:00", 10, "reply", 1, 1),  # self: no answer
        (3, "2025-01-02 00:00", 20, "reply", 1, 1),  # first message of 20, a reply
        (4, "2025-01-02 06:00", 10, "reply", 1, 3),  # answers 20 by name, after 6 h
        (5, "2025-01-03 00:00", 30, "topic", 5, None),  # nobody ever
        (6, "2025-01-04 00:00", 40, "topic", 6, None),  # answered too late
        (7, "2025-01-20 00:00", 10, "reply", 6, None),
        (8, "2025-01-30 00:00", 50, "topic", 8, None),  # too recent to know
        (9, "2025-01-30 12:00", 60, "topic", 9, None),  # recent, and answered
        (10, "2025-01-30 18:00", 10, "reply", 9, 9),
        (11, "2025-01-05 00:00", 70, "topic", 11, None),  # answered by staff only
        (12, "2025-01-05 01:00", 90, "reply", 11, 11),
        (13, "2025-01-06 00:00", None, "reply", 5, 5),  # a deleted account answers 30
        (14, "2025-01-01 00:00", 80, "visit", None, None),
        (15, "2025-02-03 00:00", 20, "reply", 5, 5),  # after the end
    ]
    events = pd.DataFrame(
        rows, columns=["event_id", "timestamp", "member_id", "kind", "thread_id", "parent_id"]
    )
    return events.astype(
        {
            "timestamp": "datetime64[s]",
            "member_id": "Int64",
            "thread_id": "Int64",
            "parent_id": "Int64",
        }
    )


def test_newcomers_by_hand():
    table = newcomer_answers(make_events(), end=END, exclude=[90])
    got = {
        row.member_id: (row.event_id, row.answered_after_h, row.answered)
        for row in table.itertuples()
    }
    assert list(got) == [10, 20, 30, 40, 70, 50, 60]
    assert got[10] == (1, 24.0, True)
    assert got[20] == (3, 6.0, True)
    assert got[40] == (6, 16 * 24.0, False)
    assert got[60] == (9, 6.0, True)
    for person, known in {30: False, 70: False}.items():
        assert pd.isna(got[person][1])
        assert got[person][2] == known
    assert pd.isna(got[50][2])


def test_staff_answers_count_unless_left_out():
    table = newcomer_answers(make_events(), end=END).set_index("member_id")
    assert table["answered"][70]
    assert 90 in table.index


def test_list_of_the_unanswered_latest_first():
    table = unanswered_newcomers(make_events(), end=END, exclude=[90])
    assert table["member_id"].to_list() == [70, 40, 30]


def test_other_frames_and_row_order():
    events = make_events()
    wanted = newcomer_answers(events, end=END)
    shuffled = newcomer_answers(events.sample(frac=1, random_state=3), end=END)
    pd.testing.assert_frame_equal(wanted, shuffled)
    theirs = newcomer_answers(pl.from_pandas(events), end=END)
    assert theirs["member_id"].to_list() == wanted["member_id"].to_list()
    assert theirs["answered"].to_list() == wanted["answered"].to_list()


def test_edge_cases():
    events = make_events()
    empty = newcomer_answers(events.head(0), end=END)
    assert empty.columns.to_list() == [
        "member_id",
        "event_id",
        "kind",
        "timestamp",
        "answered_after_h",
        "answered",
    ]
    assert len(unanswered_newcomers(events.head(0), end=END)) == 0
    before = events.copy()
    newcomer_answers(events, end=END)
    pd.testing.assert_frame_equal(events, before)


def test_errors():
    with pytest.raises(ParameterError, match="above zero"):
        newcomer_answers(make_events(), end=END, within_days=0)
    with pytest.raises(ColumnError, match='thread="thread"'):
        newcomer_answers(make_events().rename(columns={"thread_id": "thread"}), end=END)
