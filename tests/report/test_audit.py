"""The audit: hand-worked figures, reasons for what is missing, one page in two languages."""

import json

import networkx as nx
import pandas as pd
import pytest
from real_logs import FOLDER, needs_real_logs

from cmlib.__main__ import main
from cmlib.data import read
from cmlib.errors import TableError
from cmlib.i18n import set_language
from cmlib.report import audit, audit_page, first_page
from cmlib.report.figures import FIGURES
from cmlib.report.page import WIDTH

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
def club(log):
    whole = read(log, time="time", member="who", thread="thread", complete_history=True)
    return whole.view(**SPAN)


def test_every_figure_by_hand(club):
    found = audit(club, link="opener")
    assert tuple(found.figures) == FIGURES == tuple(BY_HAND)
    assert found.figures == pytest.approx(BY_HAND, nan_ok=False)
    assert found.notes["retention_m6"] == "No newcomer was observed for 210 days."
    assert found.notes["network"] == (
        "Links go from a reply to the author of the message it names, or else of the thread. "
        "2 of 3 count; to oneself: 1; nobody found: 0."
    )


def test_the_log_is_not_changed(club):
    before = club.events
    audit(club)
    pd.testing.assert_frame_equal(club.events, before)


def test_days_and_months_begin_in_the_zone(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("time,who\n2024-12-31 23:30,1\n2025-02-28 22:59:59,2\n", encoding="utf-8")
    whole = read(path, time="time", member="who")
    span = {"start": "2024-12-31T23:00Z", "end": "2025-02-28T23:00Z"}
    in_utc = audit(whole.view(**span))
    in_paris = audit(whole.view(**span, tz="Europe/Paris"))
    assert in_utc.figures["complete_to"] == "2025-01-31"
    assert in_paris.figures["complete_to"] == "2025-02-28"


def test_a_log_without_thread_says_why(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("time,who\n2025-01-01,1\n2025-01-02,2\n", encoding="utf-8")
    found = audit(read(path, time="time", member="who"))
    missing = {name for name in FIGURES if found.figures[name] is None}
    assert missing == set(FIGURES) - {
        "members",
        "events",
        "top_1_share",
        "top_10_share",
        "gini",
        "one_time_share",
    }
    assert missing == set(found.notes) - {"counted", "newcomers"}
    assert "names no thread" in found.notes["unanswered_rate"]
    assert "no link can be drawn" in found.notes["modularity"]
    assert found.notes["complete_from"] == "No calendar month was observed in full."


def test_nothing_to_count(club):
    with pytest.raises(TableError, match="no event to count"):
        audit(club.view(start="2025-05-01"))


def test_only_deleted_authors(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("time,who\n2025-01-01,\n2025-01-02,\n", encoding="utf-8")
    found = audit(read(path, time="time", member="who"))
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
    found = audit(read(path, time="#3", member="#1", receiver="#2")).figures
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
    found = audit(read(path, time="time", member="who", event="id", parent="to"))
    assert found.figures["reciprocity"] == pytest.approx(2 / 3)
    assert found.notes["network"].startswith("Links go from a reply to the author of the message")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_fits_80_columns(club, language):
    set_language(language)
    page = str(audit(club.view(tz="Europe/Paris")))
    assert max(map(len, page.splitlines())) <= WIDTH
    assert len(page.splitlines()) <= 60
    expected = {
        "en": ["Audit of log.csv", "Members who did something", "42.9%", "10 h", "0.10"],
        "fr": ["Audit de log.csv", "Membres qui ont agi", "42,9\u202f%", "10\u00a0h", "0,10"],
    }
    for text in expected[language]:
        assert text in page
    assert "None" not in page and " nan" not in page


def test_a_missing_figure_is_a_dash_and_its_reason_a_note(club):
    page = audit_page(audit(club))
    line = next(line for line in page.splitlines() if line.startswith("  M6"))
    assert line.endswith(" –")
    assert "- M6 (days 180 to 209): No newcomer was observed for 210 days." in page


def command(path, *options, capsys):
    """Run the command; return what it prints as JSON."""
    code = main(["audit", str(path), *options, "--json"])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    return json.loads(printed.out)


def test_json_has_the_figures_the_notes_and_how_the_file_was_read(log, capsys):
    options = ["--time", "time", "--member", "who", "--thread", "thread", "--complete-history"]
    span = ["--start", SPAN["start"], "--end", SPAN["end"], "--link", "opener"]
    printed = command(log, *options, *span, capsys=capsys)
    assert list(printed) == [*FIGURES, "notes", "first_event", "last_event", "tz", "reading"]
    assert {name: printed[name] for name in FIGURES} == pytest.approx(BY_HAND, abs=1e-6)
    assert printed["notes"]["retention_m6"] == "No newcomer was observed for 210 days."
    (reading,) = printed["reading"]
    assert (reading["rows_in_file"], reading["rows_read"]) == (7, 7)
    assert reading["rows_set_aside"] == 0


def test_a_page_without_a_terminal(log):
    found = first_page(log, time="time", member="who", thread="thread")
    assert found.figures["members"] == 3
    assert repr(found).startswith("Audit of log.csv")


def test_many_rows_set_aside_are_said_at_the_top(tmp_path):
    path = tmp_path / "log.csv"
    rows = "".join(f"2025-01-{day:02d},m{day % 3}\n" for day in range(1, 10))
    path.write_text("time,who\n" + rows + "yesterday,m1\n", encoding="utf-8")
    lines = str(first_page(path, time="time", member="who")).splitlines()
    assert "10.0% of the rows" in " ".join(lines[:5])


# --- logs that people bring: each of these once gave a wrong figure in silence ------------------


def write(tmp_path, text):
    path = tmp_path / "posts.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_questions_that_nobody_took_up_count(tmp_path, capsys):
    """Openers without a thread number: four questions, one answered after an hour."""
    path = tmp_path / "chat.json"
    rows = [
        {"ts": "1741590000.1", "user": "U1", "thread_ts": "1741590000.1"},
        {"ts": "1741593600.2", "user": "U9", "thread_ts": "1741590000.1"},
        *({"ts": f"{1741590000 + 86400 * day}.1", "user": f"U{day}"} for day in (1, 2, 3)),
        {"ts": "1744900000.1", "user": "U1"},
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    options = ["--time", "ts", "--member", "user", "--thread", "thread_ts", "--end", "2025-04-20"]
    printed = command(path, *options, capsys=capsys)
    assert printed["unanswered_rate"] == 0.75
    assert printed["first_response_median_h"] is None


def test_a_chain_of_parents_is_a_thread(tmp_path, capsys):
    path = write(
        tmp_path,
        "id,to,who,when\n<a>,,n@example.org,2025-03-10 09:00\n<b>,<a>,i@example.org,"
        "2025-03-10 11:00\n<c>,<b>,m@example.org,2025-03-10 12:00\n<d>,,m@example.org,"
        "2025-03-11 09:00\n<e>,<d>,n@example.org,2025-03-12 09:00\n<f>,,i@example.org,"
        "2025-03-30 09:00\n",
    )
    options = ["--time", "when", "--member", "who", "--event", "id", "--parent", "to"]
    printed = command(path, *options, capsys=capsys)
    assert printed["first_response_median_h"] == 2.0
    assert printed["unanswered_rate"] == 0.0


BOT = """id,topic,user,created
1,1,nour,2025-03-01 08:00:00
2,1,hellobot,2025-03-01 08:00:05
3,1,ilan,2025-03-01 12:00:00
4,2,maya,2025-03-02 08:00:00
5,2,hellobot,2025-03-02 08:00:05
6,2,nour,2025-03-03 08:00:00
7,3,ilan,2025-03-04 08:00:00
8,3,hellobot,2025-03-04 08:00:05
"""


def test_a_robot_is_named_and_can_be_left_out(tmp_path, capsys):
    path = write(tmp_path, BOT)
    options = ["--time", "created", "--member", "user", "--thread", "topic", "--event", "id"]
    options += ["--end", "2025-03-20"]
    kept = command(path, *options, capsys=capsys)
    assert kept["members"] == 4
    assert "hellobot" in " ".join(kept["reading"][0]["notes"])
    printed = command(path, *options, "--without", "hellobot", capsys=capsys)
    assert (printed["members"], printed["first_response_median_h"]) == (3, 24.0)
    assert printed["unanswered_rate"] == pytest.approx(1 / 3)
    assert main(["audit", str(path), *options, "--without", "helobot"]) == 2
    assert "Did you mean 'hellobot'" in capsys.readouterr().err


def test_ties_of_time_follow_the_number_of_the_event(tmp_path, capsys):
    path = write(
        tmp_path,
        "id,topic,user,at\n6,2,ilan,2025-03-12 09:00\n5,2,maya,2025-03-12 09:00\n"
        "4,1,nour,2025-03-10 11:00\n3,1,maya,2025-03-10 10:05\n2,1,ilan,2025-03-10 10:00\n"
        "1,1,nour,2025-03-10 10:00\n",
    )
    options = ["--time", "at", "--member", "user", "--thread", "topic", "--event", "id"]
    opener = command(path, *options, "--link", "opener", capsys=capsys)["notes"]["network"]
    assert "3 of 4 count; to oneself: 1" in opener
    previous = command(path, *options, "--link", "previous", capsys=capsys)["notes"]["network"]
    assert "4 of 4 count; to oneself: 0" in previous


MARCH = """id,who,when
1,nour,2025-03-01 00:10
2,ilan,2025-03-15 12:00
3,maya,2025-03-31 23:50
4,nour,2025-04-01 00:30
5,ilan,2025-04-01 01:30
"""


@pytest.mark.parametrize(
    "span",
    [
        ["--start", "2025-03-01", "--end", "2025-04-01"],
        ["--start", "2025-03-01T00:00+01:00", "--end", "2025-04-01T00:00+02:00"],
    ],
)
def test_bounds_are_local(tmp_path, capsys, span):
    path = write(tmp_path, MARCH)
    options = ["--time", "when", "--member", "who", "--event", "id", "--tz", "Europe/Paris"]
    printed = command(path, *options, *span, capsys=capsys)
    assert (printed["events"], printed["members"]) == (3, 3)
    assert (printed["complete_from"], printed["complete_to"]) == ("2025-03-01", "2025-03-31")


def test_a_bound_that_can_be_misread_is_refused(tmp_path, capsys):
    path = write(tmp_path, MARCH)
    options = ["--time", "when", "--member", "who", "--event", "id"]
    assert main(["audit", str(path), *options, "--start", "01/03/2025"]) == 2
    said = capsys.readouterr().err
    assert "2025-03-01" in said and "2025-01-03" in said and len(said.splitlines()) == 1
    for word in ("now", "today"):
        assert main(["audit", str(path), *options, "--end", word]) == 2
    assert "means the same every day" in capsys.readouterr().err


def test_who_was_there_when_the_log_began_is_no_newcomer(tmp_path, capsys):
    old = "".join(f"{who},2025-0{m}-0{m}\n" for m in range(1, 6) for who in ("o1", "o2"))
    new = "".join(f"n{day},2025-02-{day}\n" for day in range(11, 19))
    path = write(tmp_path, "who,when\n" + old + new + "last,2025-06-30\n")
    printed = command(path, "--time", "when", "--member", "who", capsys=capsys)
    assert (printed["retention_m1"], printed["retention_m3"]) == (0.0, 0.0)
    assert "was there already" in printed["notes"]["newcomers"]
    whole = command(path, "--time", "when", "--member", "who", "--complete-history", capsys=capsys)
    assert whole["retention_m1"] == 0.2


def test_one_person_under_two_spellings_is_one(tmp_path, capsys):
    path = write(
        tmp_path,
        "qui;quand\nZo\u00e9;2025-03-10 10:00\nZoe\u0301;2025-03-11 10:00\nNour;2025-03-12 12:00\n",
    )
    printed = command(path, "--time", "quand", "--member", "qui", capsys=capsys)
    assert (printed["members"], printed["one_time_share"]) == (2, 0.5)


INSIDE = """id,topic_id,post_number,reply_to,user_id,created_at
1,7,1,,nour,2025-03-01 08:00:00 UTC
2,8,1,,ilan,2025-03-01 09:00:00 UTC
3,9,1,,maya,2025-03-01 10:00:00 UTC
4,9,2,1,zoe,2025-03-01 11:00:00 UTC
5,9,3,2,maya,2025-03-01 12:00:00 UTC
6,8,2,1,zoe,2025-03-01 13:00:00 UTC
"""


def test_parents_counted_inside_their_thread_are_recognised_or_refused(tmp_path):
    from cmlib.network import reply_graph

    path = write(tmp_path, INSIDE)
    roles = {"time": "created_at", "member": "user_id", "thread": "topic_id", "event": "id"}
    found = reply_graph(read(path, parent="reply_to", **roles), link="parent")
    assert sorted(found.edges) == [("maya", "zoe"), ("zoe", "ilan"), ("zoe", "maya")]
    without = "\n".join(
        ",".join(cell for place, cell in enumerate(line.split(",")) if place != 2)
        for line in INSIDE.splitlines()
    )
    with pytest.raises(TableError, match="reply_to"):
        read(write(tmp_path, without), parent="reply_to", **roles)


@needs_real_logs
def test_private_messages_of_a_student_community():
    """CollegeMsg (SNAP): figures measured apart with pandas and igraph, to two digits."""
    path = FOLDER / "CollegeMsg.txt"
    whole = read(path, time="#3", member="#1", receiver="#2", complete_history=True)
    found = audit(whole).figures
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


@needs_real_logs
def test_a_question_and_answer_meta_forum():
    """history.meta.stackexchange.com: figures measured apart with pandas and igraph."""
    whole = read(
        FOLDER / "history_meta_events.csv",
        time="created_at",
        member="user_id",
        thread="thread_id",
        parent="parent_id",
        kind="kind",
        event="event_id",
        complete_history=True,
    )
    (report,) = whole.readings
    assert (report.rows_in_file, report.rows_set_aside) == (7421, 0)
    found = audit(whole).figures
    expected = {
        "top_10_share": 0.75,
        "retention_m1": 0.11,
        "retention_m6": 0.06,
        "reciprocity": 0.42,
    }
    assert {name: round(found[name], 2) for name in expected} == expected
    assert found["gini"] == pytest.approx(0.79, abs=0.01)
    assert found["modularity"] == pytest.approx(0.32, abs=0.02)
