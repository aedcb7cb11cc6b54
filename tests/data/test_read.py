"""The door: which columns play which role, what else is kept, who and when."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import members, plain, read, reasons, said, times, write

from cmlib import data
from cmlib.data import Community, data_home, load, validate
from cmlib.errors import ColumnError, ParameterError, TableError
from cmlib.i18n import set_language

LOG = "time,who\n2025-01-02 10:00,ana\n2025-01-03 10:00,bo\n"


# ---------------------------------------------------------------- a community comes out


def test_a_file_becomes_a_community(tmp_path):
    path = write(tmp_path, LOG, name="my.forum.csv")
    mine = data.read(path, time="time", member="who", tz="Europe/Paris")
    assert isinstance(mine, Community)
    assert (mine.name, mine.tz, list(mine.tables)) == ("my.forum", "Europe/Paris", ["events"])
    assert (str(mine.start), str(mine.end)) == ("2025-01-02 09:00:00", "2025-01-03 09:00:01")
    (report,) = mine.readings
    assert (report.path, report.rows_read) == (str(path), 2)


@pytest.mark.parametrize(
    ("start", "end"),
    [("2025-01-01", "2025-02-01"), ("2025-01-01T00:00+01:00", "2025-02-01T00:00+01:00")],
)
def test_bounds_are_local_or_what_they_say(tmp_path, start, end):
    path = write(tmp_path, LOG)
    mine = data.read(path, time="time", member="who", tz="Europe/Paris", start=start, end=end)
    assert (str(mine.start), str(mine.end)) == ("2024-12-31 23:00:00", "2025-01-31 23:00:00")


def test_a_local_month_holds_the_events_of_that_month(tmp_path):
    content = (
        "time,who\n2025-03-01 00:20,a\n2025-03-31 23:40,b\n2025-04-01 00:10,a\n2025-02-28 23:50,c\n"
    )
    mine = data.read(
        write(tmp_path, content),
        time="time",
        member="who",
        tz="Europe/Paris",
        start="2025-03-01",
        end="2025-04-01",
    )
    assert len(mine.events) == 4
    assert sorted(mine.counted()["member_id"]) == ["a", "b"]


def test_bounds_that_can_be_misread_are_refused(tmp_path):
    with pytest.raises(ParameterError, match=r'"2025-03-01" .* or "2025-01-03"'):
        data.read(write(tmp_path, LOG), time="time", member="who", start="01/03/2025")


def test_who_is_left_out_and_the_whole_history_are_said_at_the_door(tmp_path):
    path = write(tmp_path, LOG)
    mine = data.read(path, time="time", member="who", without=["bo"], complete_history=True)
    assert mine.counted()["member_id"].to_list() == ["ana"]
    assert mine.complete_history
    assert len(mine.events) == 2


@pytest.mark.parametrize("zone", ["America/New_York", "Etc/GMT+5", "America/Argentina/Ushuaia"])
def test_every_zone_has_its_name(tmp_path, zone):
    mine = data.read(write(tmp_path, LOG), time="time", member="who", tz=zone)
    local = mine.events["timestamp"].dt.tz_localize("UTC").dt.tz_convert(zone)
    assert local.dt.hour.to_list() == [10, 10]


# ---------------------------------------------------------------- roles by name


def test_the_header_of_the_contract_needs_no_word(tmp_path):
    content = "kind,timestamp,member_id,thread_id,mood\n"
    content += "topic,2025-01-02,1,7,good\nreply,2025-01-03,2,7,\n"
    mine = data.read(write(tmp_path, content))
    assert list(mine.events.columns) == [
        "event_id",
        "timestamp",
        "member_id",
        "kind",
        "thread_id",
        "mood",
    ]
    assert mine.events["event_id"].to_list() == [2, 3]
    assert mine.readings[0].notes == ()


def test_a_standard_name_plays_its_role_beside_columns_that_are_named(tmp_path):
    content = "created,member_id,thread_id\n2025-01-02,1,7\n2025-01-03,2,7\n"
    events, report = read(write(tmp_path, content), time="created", member="member_id")
    assert events["thread_id"].to_list() == [7, 7]
    assert said(report, "Columns read for what their standard names say: thread_id.")


def test_columns_that_are_not_said_are_proposed_in_one_sentence(tmp_path):
    path = write(tmp_path, "post id,createdAt,Author,topic_id,body\n1,2025-01-02,ana,3,hi\n")
    with pytest.raises(ColumnError) as caught:
        data.read(path)
    assert str(caught.value) == (
        "log.csv: say which column holds what, at least the date and the person: "
        'time="createdAt", member="Author" (and perhaps thread="topic_id", event="post id"); or '
        "give it the header of a table of cmlib.data.TABLES, such as posts, tickets or surveys; "
        "its columns are post id, createdAt, Author, topic_id, body."
    )
    with pytest.raises(ColumnError, match=r'person: member="Author"'):
        data.read(path, time="createdAt")
    set_language("fr")
    with pytest.raises(ColumnError, match='member="Author"'):
        data.read(path, time="createdAt")


@pytest.mark.parametrize(
    ("header", "time", "member"),
    [
        ("quand;qui", "quand", "qui"),
        ("Horodateur;Nom", "...", "Nom"),
        ("ts;user", "ts", "user"),
        ("Date;From;To", "Date", "From"),
        ("a;b", "...", "..."),
    ],
)
def test_usual_names_are_known_in_both_languages(tmp_path, header, time, member):
    row = ";".join("x" * (header.count(";") + 1))
    with pytest.raises(ColumnError, match=f'time="{time}", member="{member}"'):
        data.read(write(tmp_path, f"{header}\n{row}\n"))


def test_every_pack_comes_through_the_door_as_it_is_loaded():
    """Each file of a pack, read by its header alone, is the table that `load` gives."""
    pack = load("brand")
    for name, table in pack.tables.items():
        mine = data.read(data_home() / "brand" / f"{name}.csv")
        assert list(mine.tables) == [name]
        assert mine.readings[0].rows_set_aside == len(mine.readings[0].cells_set_aside) == 0
        found = validate(mine.tables[name], name)
        if name == "events":  # rows of one second follow their number
            found, table = (
                each.sort_values("event_id", ignore_index=True) for each in (found, table)
            )
        pd.testing.assert_frame_equal(found[table.columns], table)


# ---------------------------------------------------------------- tables that are no log


def test_a_file_of_tickets(tmp_path):
    content = (
        "ticket_id;opened_at;first_response_at;escalated;csat;agent\n"
        "T1;03/03/2025 10:00;03/03/2025 10:30;Oui;5;Lou\n"
        "T2;;;Non;4;Lou\n"
        "T3;31/12/9999;;Non;4;Lou\n"
        "T4;13/03/2025 9h;31/12/9999;peut-être;6,5;Mo\n"
        "T1;14/03/2025;;Non;;\n"
    )
    mine = data.read(write(tmp_path, content, name="desk.csv"), tz="Europe/Paris")
    (report,) = mine.readings
    assert list(mine.tables) == ["tickets"]
    expected = pd.DataFrame(
        {
            "ticket_id": pd.Series(["T1", "T4"], dtype="str"),
            "opened_at": pd.to_datetime(["2025-03-03 09:00", "2025-03-13 08:00"]),
            "first_response_at": pd.to_datetime(["2025-03-03 09:30", None]),
            "escalated": pd.array([True, None], dtype="boolean"),
            "csat": pd.array([5, None], dtype="Int64"),
            "agent": pd.Series(["Lou", "Mo"], dtype="str"),
        }
    ).astype({"opened_at": "datetime64[s]", "first_response_at": "datetime64[s]"})
    pd.testing.assert_frame_equal(mine.tickets, expected)
    assert reasons(report) == {"time_missing": 1, "time_far": 1, "duplicate_id": 1}
    assert report.rows_read + report.rows_set_aside == report.rows_in_file == 5
    assert report.cells_set_aside[["column", "cell"]].to_numpy().tolist() == [
        ["first_response_at", "31/12/9999"],
        ["escalated", "peut-être"],
        ["csat", "6,5"],
    ]


def test_a_file_of_posts_and_one_of_answers_to_a_survey(tmp_path):
    content = 'published_at,reach,paid,Network\n2025-03-03,"1,234",true,x\n2025-03-04,980,false,y\n'
    posts = data.read(write(tmp_path, content)).posts
    assert posts["reach"].to_list() == [1234, 980]
    assert posts["paid"].to_list() == [True, False]
    assert posts["Network"].to_list() == ["x", "y"]
    content = "member_id,timestamp,nps\nAna,2025-03-01,9\nBo,2025-03-02,10\n"
    mine = data.read(write(tmp_path, content))
    assert mine.has("surveys")
    assert not mine.has("events")
    assert mine.surveys["nps"].to_list() == [9, 10]


def test_a_number_that_can_be_read_in_two_ways_sends_to_the_other_door(tmp_path):
    content = 'month,item,amount_eur,hours\n2025-03,tools,"1,234","2,345"\n'
    with pytest.raises(TableError, match=r"data\.read_table, then .* data\.community"):
        data.read(write(tmp_path, content))


# ---------------------------------------------------------------- the other columns


def test_the_other_columns_are_kept_and_typed(tmp_path):
    content = (
        "time;who;score;taux;seen;day;phone;dept;text;channel;n_chars\n"
        "2025-01-02 10:00;1;1\u202f234,5;3,5 %;2025-03-01 10:00;13/02/2025;+33612345678;07;12;5;2\n"
        "2025-01-02 11:00;2;980;4 %;2025-04-01 10:00;14/02/2025;+33612345679;75;13;6;2\n"
    )
    events, report = read(write(tmp_path, content), tz="Europe/Paris")
    extra = events.iloc[:, 4:]
    assert list(extra.columns) == [
        "channel", "text", "n_chars", "score", "taux", "seen", "day", "phone", "dept",
    ]  # fmt: skip
    assert extra["channel"].to_list() == ["5", "6"]
    assert extra["text"].to_list() == ["12", "13"]
    assert extra["n_chars"].to_list() == [2, 2]
    assert extra["score"].to_list() == [1234.5, 980]
    assert extra["taux"].to_list() == [0.035, 0.04]
    assert extra["seen"].dt.hour.to_list() == [9, 8]
    assert extra["day"].astype(str).to_list() == ["2025-02-13", "2025-02-14"]
    assert extra["phone"].to_list() == ["+33612345678", "+33612345679"]
    assert extra["dept"].to_list() == ["07", "75"]
    types = dict(zip(report.columns["column"], report.columns["type"], strict=True))
    assert (types["taux"], types["day"], types["dept"]) == ("percent", "date", "text")


def test_what_nothing_shows_how_to_read_stays_text_and_is_said(tmp_path):
    content = 'time,who,day,price\n2025-01-02,1,01/02/2025,"1,234"\n2025-01-03,2,03/04/2025,\n'
    events, report = read(write(tmp_path, content))
    assert events["day"].to_list() == ["01/02/2025", "03/04/2025"]
    assert plain(events["price"]) == ["1,234", None]
    assert said(report, "Column 'day': is the day or the month first in 01/02/2025?")
    assert said(report, "a thousand or a decimal number?")
    assert sum("It is left as text." in note for note in report.notes) == 2


def test_a_column_whose_name_is_taken_keeps_its_data_under_another(tmp_path):
    content = (
        "when,user,timestamp,kind,member_id,local_time,n_chars,kind_in_file\n"
        "2025-01-01,a,x,red,m1,9,long,z\n2025-01-02,b,y,blue,m2,8,short,z\n"
    )
    events, report = read(write(tmp_path, content), time="when", member="user")
    assert times(events) == ["2025-01-01 00:00:00", "2025-01-02 00:00:00"]
    assert events["kind"].to_list() == ["topic", "topic"]
    assert events["timestamp_in_file"].to_list() == ["x", "y"]
    assert events["kind_in_file"].to_list() == ["z", "z"]
    assert events["kind_in_file_2"].to_list() == ["red", "blue"]
    assert events["member_id_in_file"].to_list() == ["m1", "m2"]
    assert events["local_time_in_file"].to_list() == [9, 8]
    assert events["n_chars_in_file"].to_list() == ["long", "short"]
    assert said(report, "Column 'kind' of the file is called 'kind_in_file_2' here")
    sources = dict(zip(report.columns["column"], report.columns["source"], strict=True))
    assert (sources["timestamp"], sources["timestamp_in_file"]) == ("when", "timestamp")


def test_names_that_measures_use_inside_are_only_names(tmp_path):
    content = "time,who,t,u,n,_kind,by_0\n2025-01-01,1,5,6,7,8,9\n2025-01-02,2,5,6,7,8,9\n"
    path = write(tmp_path, content)
    events, _report = read(path)
    assert events.iloc[0, 4:].to_list() == [5, 6, 7, 8, 9]
    assert len(data.read(path, time="time", member="who").counted()) == 2


# ---------------------------------------------------------------- people


def test_one_person_in_two_spellings_is_one_person(tmp_path):
    composed, apart = "Chloé", "Chloe\u0301"
    content = f"time;who\n2025-01-01;{composed}\n2025-01-02;{apart}\n2025-01-03;Ann  Lee\n" + (
        "2025-01-04;Ann\u00a0Lee\n2025-01-05;\u200eAnn Lee\n2025-01-06;Bo\n"
    )
    events, report = read(write(tmp_path, content))
    assert events["member_id"].nunique() == 3
    assert members(events)[:2] == [composed, composed]
    assert said(report, "Column 'who': 3 spellings merged")


def test_spellings_are_made_one_in_all_ids_that_refer_to_each_other(tmp_path):
    content = "time,who,to\n2025-01-01,e\u0301,\u00e9\n2025-01-02,\u00e9,e\u0301\n"
    events, _report = read(write(tmp_path, content), receiver="to")
    assert set(events["member_id"]) == set(events["receiver_id"]) == {"\u00e9"}


@pytest.mark.parametrize(
    "name",
    ["welcomebot", "slackbot", "system", "discobot", "github-actions[bot]", "Stats Bot", "-1"],
)
def test_an_account_that_looks_like_a_bot_is_only_reported(tmp_path, name):
    people = "7" if name == "-1" else "ana"
    content = f"time,who\n2025-01-01,{people}\n2025-01-02,{name}\n2025-01-03,{name}\n"
    path = write(tmp_path, content)
    events, report = read(path)
    assert len(events) == 3
    option = {"-1": -1, "system": ["system"]}.get(name, name)  # "system" alone is a word
    assert said(report, f"{name} (2 events). They are counted; without=[{option!r}] leaves")
    community = data.read(path, time="time", member="who", without=[option])
    assert len(community.counted()) == 1
    assert not any("bot" in note for note in community.readings[0].notes)


@pytest.mark.parametrize("name", ["ana", "both", "robotics", "bottom"])
def test_people_are_not_taken_for_bots(tmp_path, name):
    _events, report = read(write(tmp_path, f"time,who\n2025-01-01,{name}\n2025-01-02,zed\n"))
    assert report.notes == ()


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    "far", ["9999-12-31 23:59:59", "0001-01-01", "1970-01-01", "2205-03-01", "2034-03-10"]
)
def test_a_date_far_from_the_others_is_set_aside_and_said(tmp_path, far):
    rows = "".join(f"2025-03-{day:02} 10:00,m{day % 4}\n" for day in range(1, 29))
    events, report = read(write(tmp_path, f"time,who\n{rows}{far},m9\n"))
    assert len(events) == 28
    assert reasons(report) == {"time_far": 1}
    assert report.set_aside.iloc[0].to_dict() == {
        "line": 30,
        "reason": "time_far",
        "column": "time",
        "cell": far,
    }
    assert said(report, "Dates far from all the others, in column 'time': 1")


def test_a_date_inside_the_period_that_was_given_is_not_far(tmp_path):
    rows = "".join(f"2025-03-{day:02} 10:00,m{day % 4}\n" for day in range(1, 29))
    path = write(tmp_path, f"time,who\n{rows}2034-03-10,m9\n1985-01-01,m8\n")
    assert len(read(path, end="2035-01-01")[0]) == 29
    assert len(read(path, start="1980-01-01", end="2035-01-01")[0]) == 30


def test_old_archives_and_long_silences_are_read(tmp_path):
    rows = "".join(f"1985-03-{day:02} 10:00,m{day % 4}\n" for day in range(1, 29))
    assert len(read(write(tmp_path, f"time,who\n{rows}"))[0]) == 28
    rows = "".join(f"{year}-0{month}-03,m1\n" for year in (2019, 2024) for month in range(1, 9))
    assert len(read(write(tmp_path, f"time,who\n{rows}"))[0]) == 16


@pytest.mark.parametrize("offset", ["+99:99", "+15:00", "-02:75", "+2", " +99:99"])
def test_an_offset_that_no_clock_has_is_not_understood(tmp_path, offset):
    content = f"time,who\n2025-01-01 10:00{offset},1\n2025-01-02 10:00+14:00,2\n"
    events, report = read(write(tmp_path, content))
    assert times(events) == ["2025-01-01 20:00:00"]
    assert reasons(report) == {"time_not_understood": 1}


# ---------------------------------------------------------------- what is said of the rows


def test_the_report_holds_the_faulty_cell_and_no_other(tmp_path):
    content = (
        "time,who,mail,kind\n2025-01-01,1,a@example.org,post\n31/02/2025,2,zoe@example.org,post\n"
        "2025-01-03,3,b@example.org,wave\n2025-01-04,4,c@example.org\n"
    )
    _events, report = read(write(tmp_path, content), kind="kind", day_first=True)
    assert report.set_aside.to_dict("list") == {
        "line": [3, 4, 5],
        "reason": ["time_not_understood", "kind_not_known", "cells_missing"],
        "column": ["time", "kind", ""],
        "cell": ["31/02/2025", "wave", ""],
    }
    assert "example.org" not in str(report)
    assert report.sentences()[0].endswith("first on line 3: 31/02/2025")


def test_messages_taken_for_kinds_are_not_printed(tmp_path):
    rows = "".join(f"2025-01-01,1,word {i}\n" for i in range(40))
    with pytest.raises(TableError, match="holds 40 different texts that are no kind of event"):
        read(write(tmp_path, f"time,who,message\n{rows}"), kind="message")


def test_control_and_direction_marks_are_shown_as_codes(tmp_path):
    content = "time,who\n\x1b[31msoon\u202e,1\n2025-01-01,2\n"
    _events, report = read(write(tmp_path, content))
    assert "\\u001b[31msoon\\u202e" in str(report)
    assert "\x1b" not in str(report)


def test_words_for_kinds_in_two_languages(tmp_path):
    words = ["Question", "RÉPONSES", "commentaire", "J\u2019aime", "Publication", "vue", "Message"]
    rows = "".join(f"2025-01-0{i},m{i},{word}\n" for i, word in enumerate(words, start=1))
    events, _report = read(write(tmp_path, f"time,who,type\n{rows}"), kind="type")
    kinds = ["topic", "reply", "reply", "reaction", "topic", "visit", "topic"]
    assert events["kind"].to_list() == kinds
    own = {"Publication": "visit", "question": "post"}
    events, _report = read(write(tmp_path, f"time,who,type\n{rows}"), kind="type", kinds=own)
    assert events["kind"].to_list() == ["topic", "reply", "reply", "reaction", "visit", *kinds[5:]]


# ---------------------------------------------------------------- law

cell = st.sampled_from(
    ["", "1", "2", "9", "x1", "2025-01-02 10:00", "1735812000.5", "9999-12-31", "1970-01-01",
     "NULL", "post", "question", "e\u0301", "soon", "13/01/2025", "1,5", "12 %"]
)  # fmt: skip
roles = st.dictionaries(
    st.sampled_from(["thread", "parent", "receiver", "kind", "event", "number"]),
    st.sampled_from(["a", "b", "c", "d"]),
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(cell, min_size=3, max_size=7), max_size=10), chosen=roles)
def test_no_row_is_lost_whatever_the_roles(tmp_path, rows, chosen):
    """Read + set aside = rows in the file, or one sentence; a line is set aside once."""
    good = ["2025-01-01", "1", "1", "", "post", "10"]
    body = "\n".join(",".join(f'"{each}"' for each in row) for row in [good, *rows])
    path = write(tmp_path, f"time,who,a,b,c,d\n{body}\n")
    try:
        events, report = read(path, day_first=True, **chosen)
    except (TableError, ParameterError) as error:
        assert "\n" not in str(error)
        return
    assert report.rows_in_file == len(rows) + 1
    assert report.set_aside["line"].is_unique
    assert events["timestamp"].is_monotonic_increasing
    if "event" not in chosen:
        assert events["event_id"].is_unique
        assert set(events["event_id"]) | set(report.set_aside["line"]) == set(
            range(2, len(rows) + 3)
        )
