"""Conversations found at the door: threads, openers, parents, and numbers that are none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import plain, read, said, write

from cmlib import data, kpi, network
from cmlib.data._threads import Conversations, thread_by_parents
from cmlib.data.parents import own_thread_share
from cmlib.errors import TableError


def rows_of(folder, content, **options):
    """Read a small log whose columns are called id, t (thread), p (parent)."""
    return read(write(folder, content), event="id", **options)


# ---------------------------------------------------------------- threads from parents


def test_the_chain_of_parents_gives_the_threads(tmp_path):
    content = (
        "Message-ID,In-Reply-To,who,time\n"
        '<x1>,,ana,"Mon, 3 Mar 2025 09:00:00 +0100"\n'
        '<x2>,<x1>,bo,"Mon, 3 Mar 2025 10:30:00 +0100"\n'
        '<y1>,,bo,"Tue, 4 Mar 2025 09:00:00 +0100"\n'
        '<x3>,<x2>,cy,"Wed, 5 Mar 2025 09:00:00 +0100"\n'
    )
    events, report = read(write(tmp_path, content), event="Message-ID", parent="In-Reply-To")
    assert events["thread_id"].to_list() == ["<x1>", "<x1>", "<y1>", "<x1>"]
    assert events["kind"].to_list() == ["topic", "reply", "topic", "reply"]
    assert plain(events["parent_id"]) == [None, "<x1>", None, "<x2>"]
    assert said(report, "Threads read from the parents that events name: 2.")


def test_a_parent_that_is_not_in_the_file_leaves_a_reply_alone(tmp_path):
    content = "id,p,time,who\n1,,2025-01-01,1\n2,99,2025-01-02,2\n3,2,2025-01-03,3\n"
    events, report = rows_of(tmp_path, content, parent="p")
    assert events["thread_id"].to_list() == [1, 2, 2]
    assert events["kind"].to_list() == ["topic", "reply", "reply"]
    assert said(report, "Replies that name an event which is not in the file: 1")


def test_a_circle_of_parents_is_opened_at_its_first_event(tmp_path):
    content = (
        "id,p,time,who\na,c,2025-01-01,1\nb,a,2025-01-02,2\nc,b,2025-01-03,3\n"
        "d,c,2025-01-04,4\ne,e,2025-01-05,5\n"
    )
    events, report = rows_of(tmp_path, content, parent="p")
    assert events["thread_id"].to_list() == ["a", "a", "a", "a", "e"]
    assert events["kind"].to_list() == ["topic", "reply", "reply", "reply", "topic"]
    assert plain(events["parent_id"]) == [None, "a", "b", "c", None]
    assert said(report, "Circles of events that answer each other: 1")


@settings(max_examples=200)
@given(up=st.lists(st.integers(-1, 11), min_size=1, max_size=12))
def test_any_parents_give_each_event_the_thread_of_its_parent(up):
    """Against one walk up the parents for each event, whatever circles there are."""
    event = pd.Series([f"e{i}" for i in range(len(up))], dtype="str")
    parent = pd.Series([f"e{one}" if one >= 0 else "" for one in up], dtype="str")
    parent = parent.mask(parent == event, "")
    found = Conversations(None, parent, (parent != "").to_numpy())
    thread_by_parents(found, event, np.ones(len(event), dtype=bool))
    if not (parent != "").any():
        assert found.thread is None
        return
    thread, parents = found.thread.to_list(), found.parent.to_list()
    for i, name in enumerate(parents):
        seen = i
        for _step in range(len(up)):
            above = parents[seen]
            if above == "" or int(above[1:]) >= len(up):
                break
            seen = int(above[1:])
        assert thread[i] == f"e{seen}", (i, name)


# ---------------------------------------------------------------- openers without thread number


def test_the_message_that_gives_a_thread_its_number_opens_it(tmp_path):
    content = (
        "id,t,time,who\n1,,2025-01-01,ana\n2,1,2025-01-02,bo\n3,,2025-01-03,cy\n"
        "4,3,2025-01-04,bo\n5,,2025-01-05,ana\n"
    )
    events, report = rows_of(tmp_path, content, thread="t")
    assert plain(events["thread_id"]) == [1, 1, 3, 3, None]
    assert events["kind"].to_list() == ["topic", "reply", "topic", "reply", "topic"]
    assert said(report, "whose own number is that of a thread: 2")


def test_a_time_can_be_the_number_of_a_thread(tmp_path):
    """Slack: a thread bears the time of its opener, which is numbered only where answered."""
    rows = [
        '{"ts": "1741590300.900000", "user": "U2", "text": "alone"}',
        '{"ts": "1741590300.100000", "user": "U1", "text": "question"}',
        '{"ts": "1741590400.5", "thread_ts": "1741590300.100000", "user": "U3"}',
    ]
    path = write(tmp_path, "\n".join(rows), name="day.jsonl")
    events, _report = read(path, time="ts", member="user", thread="thread_ts")
    assert events["member_id"].to_list() == ["U1", "U2", "U3"]
    assert plain(events["thread_id"]) == ["1741590300.100000", None, "1741590300.100000"]
    assert events["kind"].to_list() == ["topic", "topic", "reply"]


def test_ten_questions_of_which_two_are_answered_stay_ten_topics(tmp_path):
    start = pd.Timestamp("2025-02-03 09:00")
    lines = ["ts,who,thread_ts"]
    for day in range(10):
        asked = start + pd.Timedelta(days=day)
        second = int(asked.timestamp())
        answered = day in (1, 6)
        lines.append(f"{second}.0001,U{day % 3},{f'{second}.0001' if answered else ''}")
        if answered:
            lines.append(f"{second + 3600}.0002,U9,{second}.0001")
    events, _report = read(
        write(tmp_path, "\n".join(lines)), time="ts", thread="thread_ts", event="ts"
    )
    assert (events["kind"] == "topic").sum() == 10
    assert events.loc[events["kind"] == "topic", "thread_id"].isna().sum() == 8


def test_thread_numbers_that_only_look_like_event_numbers_attach_nothing(tmp_path):
    content = (
        "id,t,time,who\n1,3,2025-01-01,1\n2,3,2025-01-02,2\n3,4,2025-01-03,3\n"
        "4,4,2025-01-04,4\n5,,2025-01-05,5\n6,5,2025-01-06,5\n"
    )
    events, report = rows_of(tmp_path, content, thread="t")
    assert plain(events["thread_id"]) == [3, 3, 4, 4, None, 5]
    assert not said(report, "whose own number")


def test_an_opener_is_not_later_than_its_replies(tmp_path):
    content = "id,t,time,who\n7,,2025-01-05,1\n8,7,2025-01-02,2\n"
    events, _report = rows_of(tmp_path, content, thread="t")
    assert plain(events["thread_id"]) == [7, None]


def test_a_reply_without_thread_follows_its_parent(tmp_path):
    content = (
        "id,t,p,time,who\n1,9,,2025-01-01,1\n2,,1,2025-01-02,2\n3,,,2025-01-03,3\n"
        "4,,3,2025-01-04,4\n6,9,1,2025-01-06,5\n7,,,2025-01-07,5\n"
    )
    events, _report = rows_of(tmp_path, content, thread="t", parent="p")
    assert plain(events["thread_id"]) == [9, 9, 3, 3, 9, None]
    assert events["kind"].to_list() == ["topic", "reply", "topic", "reply", "reply", "topic"]


def test_a_thread_made_of_parents_takes_no_name_that_another_has(tmp_path):
    content = (
        "id,t,p,time,who\n1,3,,2025-01-01,1\n2,3,1,2025-01-02,2\n3,5,,2025-01-03,3\n"
        "5,3,1,2025-01-03,3\n6,,,2025-01-03,3\n7,,6,2025-01-04,4\n8,6,,2025-01-01,4\n"
    )
    events, _report = rows_of(tmp_path, content, thread="t", parent="p")
    threads = dict(zip(events["event_id"], events["thread_id"], strict=True))
    assert threads[6] == threads[7] == "event 6"
    assert threads[8] == "6"


# ---------------------------------------------------------------- what measures make of them


def test_questions_without_thread_number_wait_like_the_others(tmp_path):
    """Five questions, one a day; the first is answered after 2 h, four never are."""
    lines = ["ts,who,thread_ts"]
    for day in range(5):
        second = 1_740_000_000 + 86_400 * day
        lines.append(f"{second}.5,U{day},{f'{second}.5' if day == 0 else ''}")
    lines.append("1740007200.5,U9,1740000000.5")
    mine = data.read(
        write(tmp_path, "\n".join(lines)),
        time="ts",
        member="who",
        thread="thread_ts",
        end="2025-03-20",
    )
    delays = kpi.first_response(mine)
    assert kpi.unanswered_rate(delays)["unanswered_rate"].to_list() == [0.8]
    assert kpi.first_response_summary(delays)["km_median_h"].isna().all()


def test_threads_read_from_parents_have_delays_and_links(tmp_path):
    content = (
        "id,p,time,who\na1,,2025-03-10 08:00,ana\na2,a1,2025-03-10 11:00,bo\n"
        "b1,,2025-03-11 08:00,cy\nb2,b1,2025-03-11 09:00,ana\nb3,b2,2025-03-11 10:00,cy\n"
    )
    mine = data.read(write(tmp_path, content), time="time", member="who", event="id", parent="p")
    assert sorted(kpi.first_response(mine)["delay_h"]) == [1.0, 3.0]
    links = network.reply_graph(mine, link="parent")
    assert sorted(links.edges) == [("ana", "cy"), ("bo", "ana"), ("cy", "ana")]


# ---------------------------------------------------------------- parents that are events, or not


def test_own_thread_share():
    event = pd.Series([1, 2, 3, 4, 5], dtype="Int64")
    thread = pd.Series(["a", "b", "a", "b", None])
    parent = pd.Series([None, None, 1, 1, 99], dtype="Int64")
    assert own_thread_share(event, thread, parent) == (2, 0.5)
    found, share = own_thread_share(event, thread, pd.Series([None] * 5, dtype="Int64"))
    assert found == 0
    assert np.isnan(share)


NUMBERED = (
    "id,topic_id,post_number,reply_to,who,time\n"
    "101,51,1,,ana,2025-04-01 08:00\n"
    "102,52,1,,bo,2025-04-01 09:00\n"
    "103,51,2,1,cy,2025-04-01 10:00\n"
    "104,52,2,1,ana,2025-04-01 11:00\n"
    "105,51,3,2,bo,2025-04-01 12:00\n"
)


@pytest.mark.parametrize("number", [None, "post_number"])
@pytest.mark.parametrize("shift", [0, 100])
def test_a_number_inside_its_thread_becomes_an_event(tmp_path, number, shift):
    """Whether event numbers are near those of the posts or far above them."""
    content = NUMBERED
    for id_ in range(101, 106):
        content = content.replace(f"\n{id_},", f"\n{id_ - shift},")
    events, report = rows_of(tmp_path, content, thread="topic_id", parent="reply_to", number=number)
    expected = [None, None, 101 - shift, 102 - shift, 103 - shift]
    assert plain(events["parent_id"]) == expected
    assert events["post_number"].to_list() == [1, 1, 2, 2, 3]
    assert said(report, "3 of 3 were found")


def test_a_number_inside_its_thread_needs_no_event_number(tmp_path):
    content = "\n".join(line.split(",", 1)[1] for line in NUMBERED.splitlines())
    events, _report = read(write(tmp_path, content), thread="topic_id", parent="reply_to")
    assert events["event_id"].to_list() == [2, 3, 4, 5, 6]
    assert plain(events["parent_id"]) == [None, None, 2, 3, 4]


def test_posts_numbered_from_zero(tmp_path):
    content = (
        "id,t,n,p,time,who\n11,1,0,,2025-01-01,1\n12,1,1,0,2025-01-02,2\n13,1,2,1,2025-01-03,1\n"
    )
    events, _report = rows_of(tmp_path, content, thread="t", parent="p")
    assert plain(events["parent_id"]) == [None, 11, 12]


def test_the_answer_to_a_removed_post_stays_a_reply(tmp_path):
    lines = NUMBERED.splitlines()
    more = [f"{106 + i},51,{i + 5},2,cy,2025-04-02 {i:02}:00" for i in range(16)]
    content = "\n".join([*lines, *more, "140,52,9,7,cy,2025-04-03 10:00"])
    events, report = rows_of(tmp_path, content, thread="topic_id", parent="reply_to")
    last = events.iloc[-1]
    assert (last["kind"], last["parent_id"] is pd.NA) == ("reply", True)
    assert said(report, "19 of 20 were found")


def test_parents_that_are_no_events_of_the_thread_are_refused(tmp_path):
    content = (
        "id,t,p,time,who\n1,5,,2025-01-01,1\n2,6,,2025-01-02,2\n3,6,1,2025-01-03,3\n"
        "4,6,1,2025-01-04,4\n"
    )
    with pytest.raises(TableError, match=r'parent="p": 0 of 2 parents \(0%\).* number="\.\.\."'):
        rows_of(tmp_path, content, thread="t", parent="p")
    with pytest.raises(TableError, match=r'nothing here numbers them: say event="\.\.\."'):
        read(write(tmp_path, content), thread="t", parent="p")
    renamed = write(tmp_path, content.replace(",p,", ",parent_id,"))
    events, report = read(renamed, event="id", thread="t")
    assert "parent_id" not in events
    assert plain(events["parent_id_in_file"]) == [None, None, 1, 1]
    assert said(report, 'parent="parent_id": 0 of 2')


def test_few_parents_in_another_thread_are_kept(tmp_path):
    """Posts that moderators moved: one parent in twenty lies elsewhere."""
    lines = ["id,t,p,time,who", "1,1,,2025-01-01,1", "2,2,,2025-01-01,1"]
    lines += [f"{i},1,1,2025-01-02,2" for i in range(3, 22)]
    lines += ["22,1,2,2025-01-03,2"]
    events, _report = rows_of(tmp_path, "\n".join(lines), thread="t", parent="p")
    assert events["parent_id"].to_list()[-1] == 2


@pytest.mark.parametrize("nobody", ["0", "-1", ""])
def test_a_number_for_no_parent_is_no_parent(tmp_path, nobody):
    content = (
        f"id,t,p,time,who\n11,5,{nobody},2025-01-01,1\n12,5,11,2025-01-02,2\n"
        f"13,6,{nobody},2025-01-03,3\n"
    )
    events, _report = rows_of(tmp_path, content, thread="t", parent="p")
    assert plain(events["parent_id"]) == [None, 11, None]
    assert events["kind"].to_list() == ["topic", "reply", "topic"]


def test_the_whole_thread_as_parent_is_a_reply_to_nobody_known(tmp_path):
    content = (
        "id,t,p,time,who\nc1,t9,t9,2025-01-01,1\nc2,t9,c1,2025-01-02,2\nc3,t9,t9,2025-01-03,2\n"
    )
    events, _report = rows_of(tmp_path, content, thread="t", parent="p")
    assert plain(events["parent_id"]) == [None, "c1", None]
    assert events["kind"].to_list() == ["reply", "reply", "reply"]


# ---------------------------------------------------------------- who opened the thread


def test_event_numbers_break_ties_of_a_file_written_newest_first(tmp_path):
    content = (
        "post_id,topic_id,who,time\n"
        "12,2,bo,2025-05-12 09:00\n11,2,cy,2025-05-12 09:00\n"
        "9,1,bo,2025-05-10 10:00\n8,1,ana,2025-05-10 10:00\n"
    )
    path = write(tmp_path, content)
    events, _report = read(path, thread="topic_id", event="post_id")
    assert events["event_id"].to_list() == [8, 9, 11, 12]
    assert events["kind"].to_list() == ["topic", "reply"] * 2
    events, report = read(path, thread="topic_id")
    assert events["member_id"].to_list() == ["ana", "bo", "cy", "bo"]
    assert events["kind"].to_list() == ["topic", "reply"] * 2
    assert events["event_id"].to_list() == [4, 5, 2, 3]  # lines, rising inside each second
    assert said(report, "written newest first")


def test_event_numbers_are_compared_as_numbers(tmp_path):
    long = "9" * 20
    content = f"id,t,time,who\n{long}10,a,2025-01-01,2\n{long}9,a,2025-01-01,1\n"
    events, _report = rows_of(tmp_path, content, thread="t")
    assert events["member_id"].to_list() == [1, 2]
    content = "id,t,time,who\n10,a,2025-01-01,2\n9,a,2025-01-01,1\n"
    assert rows_of(tmp_path, content, thread="t")[0]["member_id"].to_list() == [1, 2]


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("1741590300.1", "1741590300.9"),
        ("1741590300123", "1741590300124"),
        ("1741590300123456789", "1741590300123456790"),
        ("2025-03-10T07:05:00.25Z", "2025-03-10T07:05:00.5Z"),
        ("2025-03-10 07:05:00,250", "2025-03-10 07:05:00,5"),
    ],
)
def test_fractions_of_a_second_are_compared_before_they_are_cut(tmp_path, early, late):
    content = f"time;who;t\n{late};2;a\n{early};1;a\n2025-03-10 07:06;3;a\n"
    events, _report = read(write(tmp_path, content), thread="t")
    assert events["member_id"].to_list() == [1, 2, 3]
    assert events["event_id"].to_list() == [2, 3, 4]
    assert events["kind"].to_list() == ["topic", "reply", "reply"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=12),
    seed=st.randoms(use_true_random=False),
)
def test_the_order_of_a_numbered_file_changes_nothing(tmp_path, rows, seed):
    lines = [
        f"{i},2025-01-01 10:0{minute},{thread},m{i % 3}" for i, (minute, thread) in enumerate(rows)
    ]
    shuffled = list(lines)
    seed.shuffle(shuffled)
    one, other = (
        rows_of(tmp_path, "\n".join(["id,time,t,who", *each]), thread="t")[0]
        for each in (lines, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)
