"""The audit: hand-worked figures, reasons for what is missing, one page in two languages."""

import json
import os
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from cmlib.__main__ import main
from cmlib.data import read_events
from cmlib.errors import TableError
from cmlib.i18n import set_language
from cmlib.report.audit import FIGURES, audit
from cmlib.report.audit_page import WIDTH, audit_page

SPAN = {"start": "2025-01-01", "end": "2025-05-15"}

# Threads t1 (Ana, answered by Ben after 2 h), t2 (Cyd, never), t3 (Ben, by Cyd after 10 h),
# t4 (Ana, never). Thread names are not numbers of events, as on most platforms.
LOG = """time,who,thread
2025-01-01 00:00,Ana,t1
2025-01-01 02:00,Ben,t1
2025-01-01 03:00,Ana,t1
2025-01-02 00:00,Cyd,t2
2025-01-03 00:00,Ben,t3
2025-01-03 10:00,Cyd,t3
2025-04-15 00:00,Ana,t4
"""
BY_HAND = {
    "members": 3,
    "events": 7,
    "top_1_share": 3 / 7,  # one member of three, rounded up: Ana, three posts of seven
    "top_10_share": 3 / 7,
    "gini": 2 / 21,  # posts 2, 2, 3: (-2 * 2 + 0 * 2 + 2 * 3) / (3 * 7)
    "one_time_share": 0.0,
    # From 30 January on, 33 days have a month's public: 3 days after the January posts, none of
    # them with anybody, then 15 April to 14 May with Ana alone, who comes on the first day.
    "dau_mau": 1 / 33,
    "wau_mau": 7 / 33,
    "retention_m1": 0.0,
    "retention_m3": 1 / 3,  # Ana comes back 104 days after her first post
    "retention_m6": None,
    "first_response_median_h": 10.0,  # 2, 10 and two censored: 3/4, then 1/2
    "first_response_p90_h": None,
    "unanswered_rate": 0.5,
    "reciprocity": 0.0,  # Ben -> Ana, Cyd -> Ben
    "average_clustering": 0.0,
    "modularity": 0.0,  # a path of three: one group is best
    "giant_component_share": 1.0,
    "degree_assortativity": -1.0,
    "complete_from": "2025-01-01",
    "complete_to": "2025-04-30",
}


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return path


@pytest.fixture
def events(log):
    return read_events(log, time="time", member="who", thread="thread").events


def test_every_figure_by_hand(events):
    found = audit(events, **SPAN)
    assert tuple(found.figures) == FIGURES == tuple(BY_HAND)
    assert found.figures == pytest.approx(BY_HAND, nan_ok=False)
    assert set(found.notes) == {"retention_m6", "first_response_p90_h", "network"}
    assert found.notes["retention_m6"] == "No newcomer was observed for 210 days."
    assert found.notes["network"] == (
        "Links: from a reply to the author of the message it names, or else of the thread; "
        "0% of the replies name a message. 2 of 3 count; to oneself: 1."
    )


def test_the_log_is_not_changed(events):
    before = events.copy()
    audit(events)
    pd.testing.assert_frame_equal(events, before)


def test_days_and_months_begin_in_the_zone(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("time,who\n2024-12-31 23:30,1\n2025-02-28 22:59:59,2\n", encoding="utf-8")
    events = read_events(path, time="time", member="who").events
    in_utc = audit(events, start="2024-12-31 23:00", end="2025-02-28 23:00")
    in_paris = audit(events, start="2024-12-31 23:00", end="2025-02-28 23:00", tz="Europe/Paris")
    assert in_utc.figures["complete_to"] == "2025-01-31"
    assert in_paris.figures["complete_to"] == "2025-02-28"


def test_a_log_without_thread_says_why(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("time,who\n2025-01-01,1\n2025-01-02,2\n", encoding="utf-8")
    found = audit(read_events(path, time="time", member="who").events)
    missing = {name for name in FIGURES if found.figures[name] is None}
    assert missing == set(FIGURES) - {
        "members",
        "events",
        "top_1_share",
        "top_10_share",
        "gini",
        "one_time_share",
    }
    assert missing == set(found.notes)
    assert "names no thread" in found.notes["unanswered_rate"]
    assert "no link can be drawn" in found.notes["modularity"]
    assert found.notes["complete_from"] == "No calendar month was observed in full."


def test_nothing_to_count(events):
    with pytest.raises(TableError, match="no event to count"):
        audit(events, start="2030-01-01")


def test_only_deleted_authors(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("time,who\n2025-01-01,\n2025-01-02,\n", encoding="utf-8")
    found = audit(read_events(path, time="time", member="who").events)
    assert (found.figures["members"], found.figures["events"]) == (0, 2)
    assert found.figures["gini"] is None
    assert found.notes["gini"] == "No known member wrote a topic or a reply."


def test_network_figures_are_those_of_networkx(tmp_path):
    """Messages to a receiver: NetworkX gives the same numbers from the same pairs."""
    pairs = [(1, 2), (2, 1), (2, 3), (3, 1), (3, 4), (4, 5), (5, 6), (6, 4), (1, 2), (7, 8)]
    path = tmp_path / "log.txt"
    path.write_text(
        "".join(f"{one} {other} {1735689600 + i}\n" for i, (one, other) in enumerate(pairs)),
        encoding="utf-8",
    )
    events = read_events(path, time="#3", member="#1", receiver="#2").events
    found = audit(events).figures
    graph = nx.DiGraph(pairs)
    assert found["reciprocity"] == pytest.approx(nx.overall_reciprocity(graph))
    flat = graph.to_undirected()
    assert found["average_clustering"] == pytest.approx(nx.average_clustering(flat))
    assert found["degree_assortativity"] == pytest.approx(nx.degree_assortativity_coefficient(flat))
    assert found["giant_component_share"] == pytest.approx(6 / 8)


def test_replies_that_name_their_parent_are_followed(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(
        "id,time,who,to\n1,2025-01-01,a,\n2,2025-01-02,b,1\n3,2025-01-03,a,2\n4,2025-01-04,c,1\n",
        encoding="utf-8",
    )
    found = audit(read_events(path, time="time", member="who", event="id", parent="to").events)
    assert found.figures["reciprocity"] == pytest.approx(2 / 3)
    assert found.notes["network"].startswith("Links: from a reply to the author of the message")
    assert "as 100% do" in found.notes["network"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_fits_80_columns(log, events, language):
    set_language(language)
    report = read_events(log, time="time", member="who", thread="thread").report
    page = audit_page(audit(events, **SPAN), title="log.csv", tz="Europe/Paris", report=report)
    assert max(map(len, page.splitlines())) <= WIDTH
    assert len(page.splitlines()) <= 60
    expected = {
        "en": ["Audit of log.csv", "Members who did something", "42.9%", "10 h", "0.10"],
        "fr": ["Audit de log.csv", "Membres qui ont agi", "42,9\u202f%", "10\u00a0h", "0,10"],
    }
    for text in expected[language]:
        assert text in page
    assert "None" not in page and " nan" not in page


def test_a_missing_figure_is_a_dash_and_its_reason_a_note(events):
    page = audit_page(audit(events, **SPAN), title="log.csv")
    line = next(line for line in page.splitlines() if line.startswith("  M6"))
    assert line.endswith(" –")
    assert "- M6 (days 180 to 209): No newcomer was observed for 210 days." in page


def test_json_has_the_figures_and_the_notes_and_no_more(log, capsys):
    arguments = ["--time", "time", "--member", "who", "--thread", "thread", "--json"]
    span = ["--start", SPAN["start"], "--end", SPAN["end"]]
    assert main(["audit", str(log), *arguments, *span]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == [*FIGURES, "notes"]
    assert {name: printed[name] for name in FIGURES} == pytest.approx(BY_HAND, abs=1e-6)
    assert printed["notes"]["retention_m6"] == "No newcomer was observed for 210 days."


REAL = os.environ.get("CMLIB_REALDATA")


@pytest.mark.skipif(not REAL, reason="CMLIB_REALDATA does not name a folder of real logs")
def test_private_messages_of_a_student_community():
    """CollegeMsg (SNAP): figures measured apart with pandas and igraph, to two digits."""
    events = read_events(
        Path(REAL or "") / "CollegeMsg.txt", time="#3", member="#1", receiver="#2"
    ).events
    found = audit(events).figures
    expected = {
        "events": 59835,
        "members": 1350,
        "top_1_share": 0.15,
        "top_10_share": 0.56,
        "gini": 0.71,
        "one_time_share": 0.13,
        "wau_mau": 0.42,
        "retention_m1": 0.39,
        "retention_m3": 0.19,
        "reciprocity": 0.64,
        "average_clustering": 0.11,
        "modularity": 0.36,
        "degree_assortativity": -0.19,
    }
    assert {name: round(found[name], 2) for name in expected} == expected


@pytest.mark.skipif(not REAL, reason="CMLIB_REALDATA does not name a folder of real logs")
def test_a_question_and_answer_meta_forum():
    """history.meta.stackexchange.com: figures measured apart with pandas and igraph."""
    events, report = read_events(
        Path(REAL or "") / "history_meta_events.csv",
        time="created_at",
        member="user_id",
        thread="thread_id",
        parent="parent_id",
        kind="kind",
        event="event_id",
    )
    assert (report.rows_in_file, report.rows_set_aside) == (7421, 0)
    found = audit(events).figures
    expected = {
        "top_10_share": 0.75,
        "retention_m1": 0.11,
        "retention_m6": 0.06,
        "reciprocity": 0.42,
    }
    assert {name: round(found[name], 2) for name in expected} == expected
    assert found["gini"] == pytest.approx(0.79, abs=0.01)
    assert found["modularity"] == pytest.approx(0.32, abs=0.02)
