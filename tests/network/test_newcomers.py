import warnings

import numpy as np
import pandas as pd
import pytest
from engines import plain
from network_helpers import SlowTalk, random_talk, talk
from real_logs import history_meta, needs_real_logs

from cmlib.data import community
from cmlib.errors import ColumnError, NotCountedWarning, ParameterError, TableError
from cmlib.network import newcomer_answers, unanswered_newcomers

COLUMNS = ["member_id", "event_id", "kind", "timestamp", "answered_after_h", "answered"]
MEMBERS = pd.DataFrame(
    {"member_id": [*range(10, 90, 10), 90, 99], "role": ["member"] * 8 + ["staff", "bot"]}
)


def make_events():
    return talk(
        [
            (1, "2025-01-01 00:00", 10, "topic", "a", None),  # answered by 20 after 24 h
            (2, "2025-01-01 01:00", 10, "reply", "a", 1),  # self: no answer
            (3, "2025-01-02 00:00", 20, "reply", "a", 1),  # first message of 20, a reply
            (4, "2025-01-02 06:00", 10, "reply", "a", 3),  # answers 20 by name, after 6 h
            (5, "2025-01-03 00:00", 30, "topic", "b", None),  # a bot only, until the end
            (6, "2025-01-04 00:00", 40, "topic", "c", None),  # answered too late
            (7, "2025-01-20 00:00", 10, "reply", "c", None),
            (8, "2025-01-30 00:00", 50, "topic", "d", None),  # too recent to know
            (9, "2025-01-30 12:00", 60, "topic", "e", None),  # recent, and answered
            (10, "2025-01-30 18:00", 10, "reply", "e", 9),
            (11, "2025-01-05 00:00", 70, "topic", "f", None),  # answered by staff only
            (12, "2025-01-05 01:00", 90, "reply", "f", 11),
            (13, "2025-01-06 00:00", 99, "reply", "b", 5),
            (14, "2025-01-01 00:00", 80, "visit", None, None),
            (15, "2025-02-03 00:00", 20, "reply", "b", 5),  # after the end
        ]
    )


def club(events=None, **options):
    settings = {"end": "2025-02-01", "complete_history": True, **options}
    events = make_events() if events is None else events
    return community(events=events, members=MEMBERS, **settings)


def told(table):
    return {
        row.member_id: (row.event_id, row.answered_after_h, row.answered)
        for row in table.itertuples()
    }


def test_newcomers_by_hand():
    table = newcomer_answers(club(without="team"))
    got = told(table)
    assert list(got) == [10, 20, 30, 40, 70, 50, 60]
    assert got[10] == (1, 24.0, True)
    assert got[20] == (3, 6.0, True)
    assert got[40] == (6, 16 * 24.0, False)
    assert got[60] == (9, 6.0, True)
    assert got[70] == (11, 1.0, True)  # the team is no newcomer, and answers
    assert pd.isna(got[30][1])
    assert got[30][2] == False  # noqa: E712
    assert pd.isna(got[50][2])
    assert table["kind"].to_list() == ["topic", "reply", *["topic"] * 5]
    assert table["timestamp"][1] == pd.Timestamp("2025-01-02")


def test_the_team_is_a_newcomer_where_it_counts():
    got = told(newcomer_answers(club()))
    assert got[70][2]
    assert 90 in got
    assert 99 not in got
    assert told(newcomer_answers(club(without=None)))[30][1] == 72.0  # the bot answers then


def test_people_left_out_by_hand_answer_nobody():
    got = told(newcomer_answers(club(without=[20])))
    assert 20 not in got
    assert pd.isna(got[10][1])
    assert not got[10][2]


def test_deleted_accounts_answer_unless_left_out():
    events = talk(
        [
            (1, "2025-01-01", 10, "topic", "a", None),
            (2, "2025-01-02", None, "reply", "a", None),
            (3, "2025-01-03", 20, "reply", "a", None),
        ]
    )
    assert told(newcomer_answers(club(events)))[10][1] == 24.0
    assert told(newcomer_answers(club(events, without="deleted")))[10][1] == 48.0


def test_list_of_the_unanswered_latest_first():
    table = unanswered_newcomers(club(without="team"))
    assert table["member_id"].to_list() == [40, 30]
    assert table.columns.to_list() == COLUMNS
    apart = unanswered_newcomers(club(without=["team", 10]))
    assert apart["member_id"].to_list() == [40, 30, 20]
    assert unanswered_newcomers(club(), within_days=20)["member_id"].to_list() == [90, 30]


def test_people_of_the_first_days_were_there_already():
    events = talk(
        [
            (1, "2025-01-01", 10, "visit", None, None),
            (2, "2025-01-05", 20, "topic", "a", None),
            (3, "2025-02-05", 10, "topic", "b", None),  # seen in January
            (4, "2025-02-06", 20, "topic", "c", None),
            (5, "2025-02-07", 30, "topic", "d", None),
            (6, "2025-01-31", 40, "topic", "e", None),  # just after the 30 days
        ]
    )
    options = {"end": "2025-03-01"}
    partial = community(events=events, **options)
    assert newcomer_answers(partial)["member_id"].to_list() == [40, 30]
    whole = community(events=events, complete_history=True, **options)
    assert newcomer_answers(whole)["member_id"].to_list() == [20, 40, 10, 30]
    assert newcomer_answers(events)["member_id"].to_list() == [40, 30]  # a bare table
    later = whole.view(start="2025-02-01")
    assert newcomer_answers(later)["member_id"].to_list() == [10, 30]
    # first messages are read in the whole log, then listed where they were chosen
    chosen = events[events["event_id"].isin([3, 4])]
    assert newcomer_answers(whole.view(events=chosen))["member_id"].to_list() == [10]


def test_a_reply_is_answered_by_the_rule():
    events = talk(
        [
            (1, "2025-01-01 00:00", 10, "topic", "a", None),
            (2, "2025-01-01 01:00", 20, "reply", "a", None),
            (3, "2025-01-01 03:00", 30, "reply", "a", None),
            (4, "2025-01-01 07:00", 10, "reply", "a", 2),
        ]
    )
    hours = {}
    for link in (None, "parent", "previous", "opener"):
        found = told(newcomer_answers(club(events), link=link))
        hours[link] = [found[person][1] for person in (10, 20, 30)]
    assert hours["previous"] == pytest.approx([1, 2, np.nan], nan_ok=True)  # 3 follows 2
    for link in ("parent", "opener"):
        assert hours[link] == pytest.approx([1, 6, np.nan], nan_ok=True)
    assert hours[None] == pytest.approx(hours["previous"], nan_ok=True)


def test_topics_outside_any_thread_are_answered_by_name():
    events = talk(
        [
            (1, "2025-01-01 00:00", 10, "topic", None, None),
            (2, "2025-01-01 02:00", 20, "reply", None, 1),
            (3, "2025-01-01 03:00", 30, "topic", None, None),
        ]
    )
    got = told(newcomer_answers(club(events)))
    assert got[10][1] == 2.0
    assert pd.isna(got[30][1])


def test_messages_dated_before_what_they_answer_are_no_answers():
    events = talk(
        [
            (1, "2025-01-02", 10, "topic", "a", None),
            (2, "2025-01-01", 20, "reply", "a", 1),
            (3, "2025-01-05", 30, "reply", "a", 1),
        ]
    )
    with pytest.warns(NotCountedWarning, match="before what they answer: 1"):
        got = told(newcomer_answers(club(events)))
    assert got[10][1] == 72.0


def test_private_messages_answer_and_are_not_listed():
    events = talk(
        [
            (1, "2025-01-01 00:00", 10, "topic", "a", None),
            (2, "2025-01-01 02:00", 20, "reply", "a", None),
            (3, "2025-01-02 00:00", 20, "topic", "b", None),
        ]
    ).assign(private=[False, True, False])
    got = told(newcomer_answers(club(events)))
    assert got[10][1] == 2.0
    assert got[20][0] == 3


def test_answers_by_mention():
    events = talk(
        [
            (1, "2025-01-01 00:00", 10, "topic", None, None),
            (2, "2025-01-01 02:00", 20, "topic", None, None),
            (3, "2025-01-01 05:00", 10, "topic", None, None),
        ]
    ).assign(receiver_id=pd.array([20, 10, 20], dtype="Int64"))
    got = told(newcomer_answers(club(events)))
    assert (got[10][1], got[20][1]) == (2.0, 3.0)
    threads = events.assign(thread_id=["a", "b", "a"])
    got = told(newcomer_answers(club(threads), link="mention"))
    assert pd.isna(got[10][1])  # addressed, in another thread
    assert pd.isna(got[20][1])


@pytest.mark.parametrize("seed", range(200))
def test_newcomers_by_hand_on_random_logs(seed):
    """Threads are numbered apart from events; the slow loop reads the rules one by one."""
    there = random_talk(seed)
    left, log = there.log.left_out, there.log
    since = pd.Timestamp(log.newcomers_from, unit="s")
    for rule in ("parent", "previous", "opener"):
        slow = SlowTalk(there, rule, out=left.ids, silent=left.silent, no_deleted=left.deleted)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotCountedWarning)
            table = newcomer_answers(there, link=rule)
        wanted = slow.newcomers(since)
        assert table["member_id"].to_list() == list(wanted)
        for row in table.itertuples():
            message, answer = wanted[row.member_id]
            assert (row.event_id, row.kind) == (message.event_id, message.kind)
            if answer is None:
                assert pd.isna(row.answered_after_h)
                known = message.timestamp + pd.Timedelta(days=7) <= there.end
                assert row.answered == False if known else pd.isna(row.answered)  # noqa: E712
            else:
                assert row.answered_after_h == (answer - message.timestamp) / pd.Timedelta("1h")


def test_every_engine_tells_the_same(engine):
    for without in ("bots", "team", 90):
        here = club(without=without)
        there = club(engine.give(make_events()), without=without)
        for measure in (newcomer_answers, unanswered_newcomers):
            found = engine.take(measure(there))
            pd.testing.assert_frame_equal(found, plain(measure(here)), check_dtype=False)
            none = measure(
                club(engine.give(make_events()), end="2025-01-01 00:00:00", start="2024-01-01")
            )
            assert engine.take(none).columns.to_list() == COLUMNS


def test_order_of_rows_and_input():
    events = make_events()
    before = events.copy()
    wanted = newcomer_answers(club(events))
    pd.testing.assert_frame_equal(events, before)
    shuffled = events.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(wanted, newcomer_answers(club(shuffled)))


def test_nobody():
    empty = newcomer_answers(make_events().head(0))
    assert empty.columns.to_list() == COLUMNS
    assert len(empty) == 0
    assert len(unanswered_newcomers(make_events().head(0))) == 0
    visits = make_events().query("kind == 'visit'")
    assert len(newcomer_answers(visits)) == 0


def test_errors():
    with pytest.raises(ParameterError, match="above 0"):
        newcomer_answers(make_events(), within_days=0)
    with pytest.raises(ColumnError, match="'event_id' is not in the table"):
        newcomer_answers(make_events().drop(columns="event_id"))
    with pytest.raises(ParameterError, match="parent, previous, opener, mention"):
        newcomer_answers(make_events(), link="topic_author")
    with pytest.raises(TableError, match="names no receiver, parent or thread"):
        newcomer_answers(make_events().drop(columns=["thread_id", "parent_id"]))


@needs_real_logs
def test_a_real_site_whose_threads_are_not_events():
    there = history_meta()
    # Numbered anew, as platforms that do not name a thread after its first message do.
    events = there.events.assign(thread_id="topic " + there.events["thread_id"])
    apart = community(events=events, complete_history=True)
    whole = community(events=there.events, complete_history=True)
    found, same = newcomer_answers(apart), newcomer_answers(whole)
    pd.testing.assert_frame_equal(found, same)
    answered = dict(zip(found["event_id"], found["answered_after_h"], strict=True))
    topics = found[found["kind"] == "topic"].head(60)
    for row in topics.itertuples():
        thread = events.loc[events["event_id"] == row.event_id, "thread_id"].item()
        later = events[
            (events["thread_id"] == thread)
            & (events["member_id"] != row.member_id).fillna(True)  # deleted: somebody else
            & (events["timestamp"] >= row.timestamp)
            & events["kind"].isin(["topic", "reply"])
        ]
        first = (later["timestamp"].min() - row.timestamp) / pd.Timedelta("1h")
        assert answered[row.event_id] == pytest.approx(first, nan_ok=True)
