"""Who opened what and who answered first: a log read row by row says the same on every path."""

import warnings

import engines
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import data
from cmlib.data import conversations
from cmlib.data.communities import log_of
from cmlib.errors import ColumnError, NotCountedWarning, ParameterError

START = 1_735_700_000
ROLES = {1: "member", 2: "member", 3: "staff", 9: "bot"}
MEMBERS = pd.DataFrame({"member_id": list(ROLES), "role": list(ROLES.values())})
VIEWS = [{}, {"without": None}, {"without": "team"}, {"without": [2, "deleted"]}]


@st.composite
def logs(draw):
    """Draw up to thirty messages with ties, deleted accounts, bots and topics of any place."""
    n = draw(st.integers(0, 30))
    few = st.integers(0, 6)
    rows = {
        "timestamp": draw(st.lists(few, min_size=n, max_size=n)),
        "member_id": draw(st.lists(st.sampled_from([None, *ROLES]), min_size=n, max_size=n)),
        "kind": draw(
            st.lists(st.sampled_from(["topic", "reply", "reply", "visit"]), min_size=n, max_size=n)
        ),
        "thread_id": draw(st.lists(st.sampled_from([None, 1, 2, 3]), min_size=n, max_size=n)),
    }
    table = pd.DataFrame(rows)
    table["timestamp"] = (START + 3600 * table["timestamp"].astype("int64")).astype("datetime64[s]")
    table["event_id"] = draw(st.permutations(range(100, 100 + n)))
    table["channel"] = "c" + (table["event_id"] % 3).astype("str")
    types = {"member_id": "Int64", "thread_id": "Int64", "event_id": "int64"}
    return table.astype({**types, "kind": "str", "channel": "str"})


def expected(table: pd.DataFrame, *, gone: set, silent: set, deleted: bool) -> dict:
    """Read a log the slow way: opener -> (thread, asker, first answer); and count early messages.

    Of `gone` nobody counts; the `silent` answer nobody.
    """
    found, early = {}, 0
    posts = table[table["kind"] != "visit"].sort_values(["timestamp", "event_id"])
    opened = {}
    for row in posts[posts["kind"] == "topic"].itertuples():
        if pd.isna(row.thread_id):
            found[row.event_id] = [None, row.member_id, None]
        elif row.thread_id not in opened:
            opened[row.thread_id] = row
            found[row.event_id] = [row.thread_id, row.member_id, None]
    for row in posts.itertuples():
        topic = opened.get(row.thread_id) if not pd.isna(row.thread_id) else None
        if topic is None:
            continue
        writer, asker = (None if pd.isna(one.member_id) else one.member_id for one in (row, topic))
        if writer in silent or writer == asker or (deleted and writer is None):
            continue
        if row.timestamp < topic.timestamp:
            early += 1
        elif found[topic.event_id][2] is None:
            found[topic.event_id][2] = row.timestamp
    kept = {
        opener: row
        for opener, row in found.items()
        if not (deleted if pd.isna(row[1]) else row[1] in gone)
    }
    return {"rows": kept, "early": early}


def who(view: dict) -> dict:
    if view.get("without", "") is None:
        return {"gone": set(), "silent": set(), "deleted": False}
    gone = {9} | ({3} if view.get("without") == "team" else set())
    if isinstance(view.get("without"), list):
        gone |= {2}
    return {"gone": gone, "silent": gone - {3}, "deleted": isinstance(view.get("without"), list)}


def found(table, view, *, by=()):
    community = data.community(events=table, members=MEMBERS).view(**view)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rows = conversations.questions(community.log, by=by).collect().to_pandas()
    said = [str(one.message) for one in caught if one.category is NotCountedWarning]
    return rows.sort_values("event_id", ignore_index=True), said


@settings(deadline=None, max_examples=80)
@given(table=logs(), view=st.sampled_from(VIEWS), by=st.sampled_from([(), ("channel",)]))
def test_questions_are_those_of_a_log_read_row_by_row(table, view, by):
    import polars as pl

    wanted = expected(table, **who(view))
    for given_table in (table, pl.from_pandas(table)):
        rows, said = found(given_table, view, by=by)
        assert rows["event_id"].tolist() == sorted(wanted["rows"])
        for row in rows.itertuples():
            thread, asker, answered = wanted["rows"][row.event_id]
            assert (pd.isna(row.thread_id) and thread is None) or row.thread_id == thread
            assert (pd.isna(row.u) and pd.isna(asker)) or row.u == asker
            at = None if answered is None else answered.timestamp()
            assert (pd.isna(row.answered) and at is None) or row.answered == at
            if by:
                assert row.by_0 == f"c{row.event_id % 3}"
        assert len(said) == (wanted["early"] > 0)
        assert not said or f": {wanted['early']}." in said[0]


@settings(deadline=None, max_examples=50)
@given(table=logs(), view=st.sampled_from(VIEWS))
def test_pandas_and_polars_name_the_same_openers_and_answers(table, view):
    import polars as pl

    numbers = []
    for given_table in (table, pl.from_pandas(table)):
        log = data.community(events=given_table, members=MEMBERS).view(**view).log
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotCountedWarning)
            frames = [
                conversations.openers(log),
                conversations.answers(log, by=["event_id"]),
                conversations.answering(log),
            ]
        numbers.append([frame.collect().to_pandas() for frame in frames])
    for one, other, keys in zip(
        *numbers, ["thread_id", "by_0", ["thread_id", "t", "u"]], strict=True
    ):
        engines.same(
            one.sort_values(keys, ignore_index=True),
            other[one.columns].sort_values(keys, ignore_index=True),
        )


def small_log():
    """Topic 1 twice in thread 7, an early reply, a late one; topic 5 outside any thread."""
    return pd.DataFrame(
        {
            "event_id": [1, 2, 3, 4, 5],
            "timestamp": pd.to_datetime(
                [
                    "2025-01-06 10:00",
                    "2025-01-06 09:00",
                    "2025-01-06 10:00",
                    "2025-01-06 12:00",
                    "2025-01-07 10:00",
                ]
            ).astype("datetime64[us]"),
            "member_id": [1, 2, 2, 1, 2],
            "kind": ["topic", "reply", "topic", "reply", "topic"],
            "thread_id": pd.array([7, 7, 7, 7, None], dtype="Int64"),
        }
    )


def test_ties_early_replies_and_lone_topics(engine):
    table = engine.give(small_log())
    log = data.community(events=table).log
    with pytest.warns(NotCountedWarning, match="before what they answer: 1"):
        rows = conversations.questions(log)
    rows = rows.collect().to_pandas().sort_values("event_id", ignore_index=True)
    assert rows["event_id"].tolist() == [1, 5]
    assert rows["u"].tolist() == [1, 2]
    # the second topic of the thread, by somebody else in the same second, is its answer
    assert rows["answered"][0] == rows["t"][0]
    assert np.isnan(rows["answered"].astype("float64")[1])


def test_without_numbers_the_rows_still_make_conversations(engine):
    table = small_log().drop(columns="event_id").assign(channel=list("abcde"))
    table = engine.give(table.iloc[[0, 1, 3, 4]])
    log = log_of(table)
    with pytest.warns(NotCountedWarning, match="before what they answer: 1"):
        rows = conversations.questions(log, by=["channel"])
    rows = rows.collect().to_pandas().sort_values("by_0", ignore_index=True)
    assert rows["by_0"].tolist() == ["a", "e"]
    assert rows["answered"].isna().all()


def test_chosen_topics_are_answered_by_the_whole_log(engine):
    table = small_log()
    community = data.community(events=engine.give(table))
    view = community.view(events=engine.give(table[table["event_id"] == 1]))
    with pytest.warns(NotCountedWarning):
        rows = conversations.questions(view.log).collect().to_pandas()
    assert rows["event_id"].tolist() == [1]
    assert rows["answered"].tolist() == rows["t"].tolist()


def test_errors_name_the_column():
    table = small_log()
    with pytest.raises(ColumnError, match="thread_id"):
        conversations.questions(data.community(events=table.drop(columns="thread_id")).log)
    with pytest.raises(ColumnError, match='by="event_id"'):
        conversations.questions(data.community(events=table).log, by=["event"])
    with pytest.raises(ParameterError, match="question"):
        wrong = table.assign(kind=["question", *table["kind"][1:]])
        conversations.questions(data.community(events=wrong).log)
