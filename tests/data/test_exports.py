"""Hostile files: what a platform, a spreadsheet or a bad transfer really gives."""

import gzip
import json
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import members, read, reasons, times
from reading import write as write_file

from cmlib.data import read_table
from cmlib.errors import CmlibError, ColumnError, FileError, ParameterError, TableError
from cmlib.i18n import set_language


@pytest.fixture
def write(tmp_path):
    """Write a file and give its path."""

    def _write(content, name="log.csv", encoding="utf-8"):
        return write_file(tmp_path, content, name, encoding)

    return _write


# ---------------------------------------------------------------- separators and encodings

TWO_ROWS = [("2025-01-02 10:00:00", "7"), ("2025-01-03 11:30:00", "8")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(write, separator, end):
    lines = ["time" + separator + "who", *(separator.join(row) for row in TWO_ROWS)]
    events, report = read(write(end.join(lines) + end))
    assert times(events) == [row[0] for row in TWO_ROWS]
    assert members(events) == [7, 8]
    assert (report.separator, report.rows_in_file) == (separator, 2)


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings(write, encoding, read_as):
    text = "Heure du message;Prénom\n2025-01-02 10:00;Zoé\n2025-01-02 10:05;Œdipe\n"
    events, report = read(write(text, encoding=encoding), time="Heure du message", member="Prénom")
    assert members(events) == ["Zoé", "Œdipe"]
    assert report.encoding == read_as


def test_a_byte_order_mark_is_not_part_of_the_first_name(write):
    table, _report = read_table(write("\ufeffDate;Visites\n2025-01-02;3\n"))
    assert list(table.columns) == ["Date", "Visites"]


def test_utf_8_with_one_broken_byte_stays_utf_8(write):
    content = "time,who\n2025-01-02 10:00,Zoé\n2025-01-02 10:05,Éva\n".encode() + (
        b"2025-01-02 10:06,Ma\xe9\n"
    )
    events, report = read(write(content))
    assert members(events) == ["Zoé", "Éva", "Ma\ufffd"]
    assert any("1 characters could not be decoded" in note for note in report.notes)


def test_an_encoding_can_be_said(write):
    events, _report = read(
        write("time,who\n2025-01-02 10:00,Žofie\n", encoding="cp1250"), encoding="cp1250"
    )
    assert members(events) == ["Žofie"]
    with pytest.raises(ParameterError, match='encoding="utf-9" is not known'):
        read(write("time,who\n2025-01-02 10:00,1\n"), encoding="utf-9")


def test_nul_bytes_are_taken_out_and_counted(write):
    events, report = read(write(b"time,who\n2025-01-02 10:00,4\x002\n2025-01-02 10:01,5\x00\n"))
    assert members(events) == [42, 5]
    assert "2 NUL bytes were taken out." in report.notes


def test_a_gzipped_file(write):
    content = gzip.compress(b"time,who\n2025-01-02 10:00,1\n")
    events, _report = read(write(content, name="log.csv.gz"))
    assert times(events) == ["2025-01-02 10:00:00"]
    with pytest.raises(FileError, match="cut short or damaged"):
        read(write(content[:-9], name="cut.csv.gz"))


def test_the_separator_line_that_excel_writes(write):
    events, report = read(write('sep=;\r\n"time";"who"\r\n"2025-01-02 10:00";"1"\r\n'))
    assert members(events) == [1]
    assert report.rows_in_file == 1


def test_a_semicolon_file_with_decimal_commas_is_cut_at_the_semicolons(write):
    events, report = read(write("time;who;score\n2025-01-02 10:00;1;3,5\n2025-01-02 10:01;2;4,5\n"))
    assert (report.separator, members(events)) == (";", [1, 2])


def test_names_that_are_asked_for_decide_between_separators(write):
    events, report = read(
        write("time;who,first;a,b\n2025-01-02 10:00;x,1;c,d\n"), member="who,first"
    )
    assert (report.separator, members(events)) == (";", ["x,1"])


def test_lines_above_the_header_are_skipped_when_said(write):
    path = write("Report of the forum\nMade in 2025\n\ntime,who\n2025-01-02 10:00,1\n")
    with pytest.raises(ColumnError, match=r'time="time": log\.csv has no such column'):
        read(path)
    events, report = read(path, skip=2)
    assert (members(events), report.rows_in_file) == ([1], 1)


@pytest.mark.parametrize("separator", [",", ";", " ", "\t"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_file_longer_than_its_sample_is_read_to_its_end(write, separator, quote):
    quote = quote if separator != " " else ""  # white space has no quotation marks
    rows = [f"{quote}{1735812000 + i}{quote}{separator}{i % 7}" for i in range(1200)]
    events, report = read(write("time" + separator + "who\n" + "\n".join(rows)))
    assert (len(events), report.rows_in_file) == (1200, 1200)
    assert events["event_id"].to_list() == list(range(2, 1202))


# ---------------------------------------------------------------- by position, other formats


def test_a_file_without_header_is_read_by_position(write):
    events, report = read(
        write("# made by a lab\n1 2 1082040961\n3 4 1082155839\n", name="c.txt"),
        time="#3",
        member="#1",
        receiver="#2",
    )
    assert times(events) == ["2004-04-15 14:56:01", "2004-04-16 22:50:39"]
    assert members(events) == [1, 3]
    assert events["receiver_id"].to_list() == [2, 4]
    assert events["kind"].to_list() == ["topic", "topic"]
    assert (report.separator, report.rows_in_file) == ("spaces", 2)


def test_positions_and_names_are_not_mixed(write):
    with pytest.raises(ColumnError, match="name this one too, or give every column by position"):
        read(write("time,who\n2025-01-02,1\n"), member="#2")


def test_a_position_beyond_the_file(write):
    with pytest.raises(ColumnError, match=r'"#4": c\.txt has no such column; it has #1, #2, #3'):
        read(write("1 2 1082040961\n", name="c.txt"), time="#3", member="#4")


def test_a_name_in_a_file_without_header(write):
    with pytest.raises(
        ColumnError, match='without header is read by position, "#1" being its first'
    ):
        read(write("1 2 1082040961\n3 4 1082155839\n"), time="when", member="sender")


def test_json_lines_with_nested_names_and_broken_lines(write):
    rows = [
        json.dumps({"time": "2025-01-02T10:00:00Z", "user": {"id": 7}, "n": None}),
        '{"time": "2025-01-02T10:',
        "",
        json.dumps({"user": {"id": 9}, "time": "2025-01-02T11:00:00+01:00", "more": [1, 2]}),
        "[1, 2]",
    ]
    events, report = read(write("\n".join(rows) + "\n", name="log.jsonl"), member="user.id")
    assert members(events) == [7, 9]
    assert times(events) == ["2025-01-02 10:00:00", "2025-01-02 10:00:00"]
    assert reasons(report) == {"not_json": 2, "blank_line": 1}
    assert report.set_aside["line"].to_list() == [2, 3, 5]


def test_a_json_list(write):
    rows = [{"time": 1735812000, "who": "a"}, 3, {"time": 1735812060, "who": None}]
    events, report = read(write(json.dumps(rows), name="log.json"))
    assert members(events) == ["a", None]
    assert times(events) == ["2025-01-02 10:00:00", "2025-01-02 10:01:00"]
    assert reasons(report) == {"not_json": 1}
    with pytest.raises(FileError, match="JSON list is not well formed"):
        read(write('[{"time": 1}', name="cut.json"))


def test_parquet(tmp_path):
    table = pd.DataFrame(
        {
            "time": pd.to_datetime(["2025-01-02 10:00", None, "2025-01-02 12:00"]),
            "who": [1.0, 2.0, np.nan],
        }
    )
    table.to_parquet(tmp_path / "log.parquet")
    events, report = read(tmp_path / "log.parquet")
    assert members(events) == [1, None]
    assert reasons(report) == {"time_missing": 1}
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "log.parquet").read_bytes()[:200])
    with pytest.raises(FileError, match=r"Parquet file .* is cut short or damaged"):
        read(tmp_path / "cut.parquet")


# ---------------------------------------------------------------- files that are no table


def test_a_missing_file_names_the_nearest(write):
    path = write("time,who\n", name="forum_2025.csv")
    with pytest.raises(FileError, match=r"does not exist\. Did you mean 'forum_2025\.csv'\?"):
        read(path.with_name("forum_2024.csv"))
    with pytest.raises(FileError, match="is a folder"):
        read(path.parent)


@pytest.mark.parametrize("content", [b"", b"\n\n \r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(write, content):
    with pytest.raises(FileError, match=r"log\.csv is empty"):
        read(write(content))


@pytest.mark.parametrize("content", ["time,who\n", "time,who", "\n\ntime;who\r\n"])
def test_a_header_alone_gives_no_event(write, content):
    events, report = read(write(content))
    assert (len(events), report.rows_in_file) == (0, 0)
    assert events.dtypes.astype(str).to_dict()["timestamp"] == "datetime64[s]"


def test_a_workbook_and_a_picture_are_refused(write):
    with pytest.raises(FileError, match="save the sheet as CSV"):
        read(write(b"PK\x03\x04" + b"xl/workbook" * 20, name="export.xlsx"))
    with pytest.raises(FileError, match="is not a text file"):
        read(write(b"\x89PNG" + bytes(range(1, 9)) * 100, name="photo.csv"))


@pytest.mark.parametrize("encoding", ["zip", "base64", "utf-9"])
def test_an_encoding_that_gives_no_text(write, encoding):
    with pytest.raises(ParameterError, match=f'encoding="{encoding}" is not known'):
        read(write("time,who\n2025-01-02,1\n"), encoding=encoding)


@pytest.mark.parametrize("skip", [-1, 10**30])
def test_a_number_of_lines_that_cannot_be(write, skip):
    with pytest.raises(ParameterError, match=r"skip=.* from 0 to 1,000,000"):
        read(write("time,who\n2025-01-02,1\n"), skip=skip)


def test_json_nested_without_end_and_halves_of_characters(write):
    deep = '{"time": "2025-01-02", "who": ' + '{"a":' * 100_000 + "1" + "}" * 100_001
    rows = [deep, json.dumps({"time": "2025-01-03", "who": "a\ud800b"})]
    events, report = read(write("\n".join(rows), name="log.jsonl"))
    assert (members(events), reasons(report)) == (["a\ufffdb"], {"not_json": 1})
    with pytest.raises(FileError, match="JSON list is not well formed"):
        read(write("[" * 200_000, name="deep.json"))


def test_columns_given_by_position_are_no_json(write):
    events, _report = read(
        write("[x] 2025-01-02\n{y} 2025-01-03\n", name="c.txt"), time="#2", member="#1", sep=" "
    )
    assert members(events) == ["[x]", "{y}"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(FileError, match="is not a file that can be read to its end"):
        read(tmp_path / "pipe.csv")


# ---------------------------------------------------------------- rows


def test_ragged_rows_are_set_aside_one_by_one(write):
    content = (
        "time,who,text\n"
        "2025-01-02 10:00,1,ok\n"
        "2025-01-02 10:01,2\n"
        "2025-01-02 10:02,3,a,b\n"
        "2025-01-02 10:03,4,ok,,\n"
        ",,\n"
        "   \n"
        "2025-01-02 10:04,5,last"
    )
    events, report = read(write(content))
    assert members(events) == [1, 4, 5]
    assert reasons(report) == {"blank_line": 2, "cells_missing": 1, "cells_too_many": 1}
    assert report.set_aside.to_dict("list") == {
        "line": [3, 4, 6, 7],
        "reason": ["cells_missing", "cells_too_many", "blank_line", "blank_line"],
        "column": [""] * 4,
        "cell": [""] * 4,
    }


def test_trailing_separators_in_the_header_only(write):
    events, report = read(write("time;who;;\n2025-01-02 10:00;1\n2025-01-02 10:01;2;;\n"))
    assert (members(events), report.rows_set_aside) == ([1, 2], 0)


def test_quoted_line_ends_and_separators_stay_in_their_cell(write):
    content = 'time,who,text\n2025-01-02 10:00,1,"one\ntwo, ""three""\n"\n2025-01-02 10:01,2,x\n'
    events, report = read(write(content))
    assert (members(events), report.rows_in_file) == ([1, 2], 2)
    table, _report = read_table(write(content))
    assert table["text"].to_list() == ['one\ntwo, "three"', "x"]


def test_a_quote_that_never_closes_costs_one_row(write):
    rows = [f"2025-01-02 10:{i:02d},{i},text" for i in range(30)]
    rows[3] = '2025-01-02 10:03,3,"text'
    events, report = read(write("time,who,text\n" + "\n".join(rows) + "\n"))
    assert members(events) == [i for i in range(30) if i != 3]
    assert reasons(report) == {"quote_not_closed": 1}
    assert report.set_aside["line"].to_list() == [5]


def test_two_stray_quotes_do_not_swallow_the_rows_between(write):
    rows = [f"2025-01-02 10:{i:02d},{i},text" for i in range(30)]
    rows[3] = '2025-01-02 10:03,3,"text'
    rows[20] = '2025-01-02 10:20,"20,text'
    events, report = read(write("time,who,text\n" + "\n".join(rows) + "\n"))
    assert members(events) == [i for i in range(30) if i not in (3, 20)]
    assert reasons(report) == {"quote_not_closed": 2}


def test_a_swallowed_row_that_cannot_be_told_is_at_least_noted(write):
    content = 'time,who,text\n2025-01-01,1,"a\n2025-01-02,2,b\n2025-01-03,3,c"\n'
    events, report = read(write(content))
    assert (members(events), report.rows_in_file) == ([1], 1)
    assert any("Lines inside quoted text that look like rows: 1" in n for n in report.notes)


def test_many_stray_quotes_are_read_as_characters(write):
    rows = [f'2025-01-02 10:{i % 60:02d},{i},"text' for i in range(200)]
    events, report = read(write("time,who,text\n" + "\n".join(rows) + "\n"))
    assert len(events) == 149
    assert reasons(report) == {"quote_not_closed": 51}
    assert any("ordinary characters" in note for note in report.notes)


def test_a_cell_beyond_the_limit(write):
    content = 'time,who,text\n2025-01-02 10:00,1,"' + "x" * 140_000 + '"\n2025-01-02 10:01,2,y\n'
    events, report = read(write(content))
    assert (members(events), reasons(report)) == ([2], {"cell_too_long": 1})


def test_columns_of_the_same_name(write):
    events, report = read(write("time,who,who\n2025-01-02 10:00,1,9\n"))
    assert members(events) == [1]
    assert "Two columns are called 'who': the second is 'who_2' here." in report.notes


def test_odd_spaces_in_names_and_cells(write):
    events, _report = read(
        write("\u00a0time\u202f;who \u2009\n\u00a02025-01-02\u00a010:00\u202f;\u20097\u00a0\n")
    )
    assert (times(events), members(events)) == (["2025-01-02 10:00:00"], [7])


# ---------------------------------------------------------------- dates and times


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1735812000", "2025-01-02 10:00:00"),
        ("1735812000.75", "2025-01-02 10:00:00"),
        ("1735812000123", "2025-01-02 10:00:00"),
        ("1735812000123456", "2025-01-02 10:00:00"),
        ("1735812000123456789", "2025-01-02 10:00:00"),
        ("2025-01-02T10:00:00Z", "2025-01-02 10:00:00"),
        ("2025-01-02T10:00:00.713", "2025-01-02 10:00:00"),
        ("2025-01-02 10:00:00,713", "2025-01-02 10:00:00"),
        ("2025-01-02T10:00:00+02:00", "2025-01-02 08:00:00"),
        ("2025-01-02 10:00:00 -0530", "2025-01-02 15:30:00"),
        ("2025-01-02 10:00:00 UTC", "2025-01-02 10:00:00"),
        ("2025/1/2 9:05", "2025-01-02 09:05:00"),
        ("20250102", "2025-01-02 00:00:00"),
        ("20250102100000", "2025-01-02 10:00:00"),
        ("31/01/2025 14h30", "2025-01-31 14:30:00"),
        ("01/31/2025 2:30 PM", "2025-01-31 14:30:00"),
        ("01/31/2025 12:05 a.m.", "2025-01-31 00:05:00"),
        ("31.01.25 14:30:15", "2025-01-31 14:30:15"),
        ("1er février 2025 à 14h05", "2025-02-01 14:05:00"),
        ("lundi 3 mars 2025, 8:00", "2025-03-03 08:00:00"),
        ("15 août 2025", "2025-08-15 00:00:00"),
        ("12 janv. 2025 18:30", "2025-01-12 18:30:00"),
        ("Jan 5, 2025, 2:30 PM", "2025-01-05 14:30:00"),
        ("Mon Jan 06 10:00:00 +0100 2025", "2025-01-06 09:00:00"),
    ],
)
def test_dates_as_exports_write_them(write, written, expected):
    events, _report = read(write(f"time;who\n{written};1\n"))
    assert times(events) == [expected]


@pytest.mark.parametrize(
    "written",
    ["31/02/2025", "2025-02-30", "2025-13-01 10:00", "2025-01-02 25:00", "1,7E+12", "45292",
     "tomorrow", "01/31/2025 13:30 PM", "5 brumaire 2025"],
)  # fmt: skip
def test_dates_that_cannot_be_are_set_aside(write, written):
    events, report = read(write(f"time;who\n{written};1\n2025-01-02 10:00;2\n"))
    assert (members(events), reasons(report)) == ([2], {"time_not_understood": 1})
    assert report.set_aside.iloc[0].to_dict() == {
        "line": 2,
        "reason": "time_not_understood",
        "column": "time",
        "cell": written,
    }


def test_an_ambiguous_order_is_asked_never_guessed(write):
    path = write("time;who\n01/02/2025 10:00;1\n03/04/2025 11:00;2\n")
    with pytest.raises(TableError, match=r"day_first=True .* or day_first=False"):
        read(path)
    assert times(read(path, day_first=True)[0]) == ["2025-02-01 10:00:00", "2025-04-03 11:00:00"]
    assert times(read(path, day_first=False)[0]) == ["2025-01-02 10:00:00", "2025-03-04 11:00:00"]
    set_language("fr")
    with pytest.raises(TableError, match=r"le jour ou le mois .* 01/02/2025"):
        read(path)


def test_one_row_that_shows_the_order_is_said_in_the_report(write):
    events, report = read(write("time;who\n01/02/2025;1\n13/02/2025;2\n"))
    assert times(events) == ["2025-02-01 00:00:00", "2025-02-13 00:00:00"]
    assert "Column 'time': the day was read first, as 13/02/2025 shows." in report.notes
    events, report = read(write("time;who\n01/02/2025;1\n02/13/2025;2\n"))
    assert times(events) == ["2025-01-02 00:00:00", "2025-02-13 00:00:00"]
    assert "Column 'time': the month was read first, as 02/13/2025 shows." in report.notes


def test_two_orders_in_one_column_are_asked(write):
    path = write("time;who\n13/02/2025;1\n02/14/2025;2\n01/02/2025;3\n")
    with pytest.raises(TableError, match=r"mixes two orders, 13/02/2025 .* 02/14/2025"):
        read(path)
    events, report = read(path, day_first=True)
    assert (members(events), reasons(report)) == ([3, 1], {"time_not_understood": 1})


def test_a_day_equal_to_the_month_asks_nothing(write):
    assert times(read(write("time;who\n02/02/2025;1\n"))[0]) == ["2025-02-02 00:00:00"]


def test_mixed_formats_in_one_column(write):
    written = [
        "2025-01-02 10:00",
        "1735812060",
        "1735812120000",
        "02/01/2025 11h",
        "2 janvier 2025",
    ]
    lines = "\n".join(f"{text};{i}" for i, text in enumerate(written))
    events, report = read(write("time;who\n" + lines), day_first=True)
    assert times(events) == [
        "2025-01-02 00:00:00",
        "2025-01-02 10:00:00",
        "2025-01-02 10:01:00",
        "2025-01-02 10:02:00",
        "2025-01-02 11:00:00",
    ]
    assert members(events) == [4, 0, 1, 2, 3]
    assert "Column 'time': Unix time, 1 x s, 1 x ms." in report.notes


def test_no_date_is_one_reason_and_an_unknown_one_another(write):
    events, report = read(write("time,who\n,1\nNULL,2\nn/a,3\nsoon,4\n2025-01-02,5\n"))
    assert members(events) == [5]
    assert reasons(report) == {"time_missing": 3, "time_not_understood": 1}


def test_local_times_become_utc(write):
    events, _report = read(
        write("time,who\n2025-01-15 12:00,1\n2025-07-15 12:00,2\n2025-07-15T12:00Z,3\n"),
        tz="Europe/Paris",
    )
    assert times(events) == ["2025-01-15 11:00:00", "2025-07-15 10:00:00", "2025-07-15 12:00:00"]


def test_the_hour_that_does_not_exist_and_the_one_that_comes_twice(write):
    # 30 March 2025, 02:00 -> 03:00; 26 October 2025, 03:00 -> 02:00 (IANA, Europe/Paris)
    content = "time,who\n2025-03-30 02:30,1\n2025-03-30 03:30,2\n2025-10-26 02:30,3\n"
    events, report = read(write(content), tz="Europe/Paris")
    assert times(events) == ["2025-03-30 01:30:00", "2025-03-30 01:30:00", "2025-10-26 00:30:00"]
    assert (
        sum("do not exist in Europe/Paris (clocks go forward): 1" in n for n in report.notes) == 1
    )
    assert sum("happen twice in Europe/Paris (clocks go back): 1" in n for n in report.notes) == 1


def test_a_zone_that_does_not_exist(write):
    with pytest.raises(ParameterError, match=r"Did you mean 'Europe/Paris'\?"):
        read(write("time,who\n2025-01-02,1\n"), tz="Europe/Pari")


def test_epochs_ignore_the_zone(write):
    events, _report = read(write("time,who\n1735812000,1\n"), tz="Europe/Paris")
    assert times(events) == ["2025-01-02 10:00:00"]


# ---------------------------------------------------------------- members, events, kinds


def test_deleted_authors_are_kept_without_member(write):
    events, report = read(
        write("time,who\n2025-01-01,7\n2025-01-02,\n2025-01-03,[deleted]\n2025-01-04,NULL\n")
    )
    assert members(events) == [7, None, None, None]
    assert str(events["member_id"].dtype) == "Int64"
    assert "Events whose author is missing or deleted: 3, kept without member." in report.notes


def test_the_word_for_a_deleted_author_can_be_said(write):
    events, _report = read(write("time,who\n2025-01-01,ghost\n2025-01-02,ann\n"), deleted=["ghost"])
    assert members(events) == [None, "ann"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (["1", "22"], [1, 22]),
        (["001", "22"], ["001", "22"]),
        (["1.0", "22.0"], [1, 22]),
        (["-1", "5"], [-1, 5]),
        (["12345678901234567890", "5"], ["12345678901234567890", "5"]),
        (["Ann", "5"], ["Ann", "5"]),
        (["1.5", "5"], ["1.5", "5"]),
    ],
)
def test_member_ids_are_kept_as_given(write, written, expected):
    events, _report = read(write(f"time;who\n2025-01-01;{written[0]}\n2025-01-02;{written[1]}\n"))
    assert members(events) == expected


def test_ids_rounded_by_a_spreadsheet_are_told(write):
    events, report = read(write("time;who\n2025-01-01;1,23E+17\n2025-01-02;1,23E+17\n"))
    assert members(events) == ["1,23E+17", "1,23E+17"]
    assert any("rounded by a spreadsheet" in note for note in report.notes)


def test_repeated_rows_and_repeated_numbers_are_two_reasons(write):
    content = "id,time,who\n1,2025-01-01,7\n2,2025-01-02,8\n" + (
        "1,2025-01-01,7\n2,2025-01-05,8\n3,2025-01-03,9\n"
    )
    events, report = read(write(content), event="id")
    assert events["event_id"].to_list() == [1, 2, 3]
    assert reasons(report) == {"duplicate_row": 1, "duplicate_id": 1}
    events, report = read(write(content), event="id", duplicates="keep")
    assert (len(events), report.rows_set_aside) == (5, 0)


def test_equal_rows_without_number_are_kept_and_told(write):
    path = write("time,who\n2025-01-01,7\n2025-01-01,7\n2025-01-02,7\n")
    events, report = read(path)
    assert len(events) == 3
    assert any("Rows equal to an earlier one: 1, kept" in note for note in report.notes)
    events, report = read(path, duplicates="set_aside")
    assert (len(events), reasons(report)) == (2, {"duplicate_row": 1})
    with pytest.raises(ParameterError, match="duplicates='drop' is not accepted"):
        read(path, duplicates="drop")


def test_events_without_number_carry_their_line(write):
    events, _report = read(write("time,who\n2025-01-03,1\nbad,2\n2025-01-01,3\n"))
    assert events["event_id"].to_list() == [4, 2]


def test_the_first_event_of_a_thread_is_its_topic(write):
    content = "time,who,topic\n2025-01-02,2,a\n2025-01-01,1,a\n2025-01-03,3,b\n" + (
        "2025-01-04,4,\n2025-01-05,5,\n"
    )
    events, _report = read(write(content), thread="topic")
    assert events["kind"].to_list() == ["topic", "reply", "topic", "topic", "topic"]
    assert events["thread_id"].fillna("-").to_list() == ["a", "a", "b", "-", "-"]


def test_a_parent_makes_a_reply(write):
    content = "id,time,who,to\n1,2025-01-01,1,\n2,2025-01-02,2,1\n"
    events, _report = read(write(content), event="id", parent="to")
    assert events["kind"].to_list() == ["topic", "reply"]
    assert events["parent_id"].to_list() == [pd.NA, 1]


def test_kinds_are_translated_and_unknown_ones_set_aside(write):
    content = (
        "time,who,type,t\n2025-01-01,1,Question,a\n2025-01-02,2,answer,a\n2025-01-03,3,J'aime,a\n"
        "2025-01-04,4,poke,a\n2025-01-05,5,post,b\n2025-01-06,6,post,b\n2025-01-07,7,,b\n"
    )
    events, report = read(write(content), kind="type", thread="t")
    assert events["kind"].to_list() == ["topic", "reply", "reaction", "topic", "reply"]
    assert reasons(report) == {"kind_not_known": 2}
    assert any("'poke'" in note for note in report.notes)
    events, report = read(write(content), kind="type", thread="t", kinds={"poke": "reaction"})
    assert events["kind"].to_list() == ["topic", "reply", "reaction", "reaction", "topic", "reply"]
    with pytest.raises(ParameterError, match="kinds='wave' is not accepted"):
        read(write(content), kind="type", kinds={"poke": "wave"})


def test_event_and_parent_share_one_type_and_a_thread_has_its_own(write):
    content = "id,time,who,t,p\nq1,2025-01-01,1,7,\nq2,2025-01-02,2,7,q1\n"
    events, _report = read(write(content), event="id", thread="t", parent="p")
    assert events["thread_id"].to_list() == [7, 7]
    assert events["event_id"].to_list() == ["q1", "q2"]
    assert events["parent_id"].to_list()[1] == "q1"


# ---------------------------------------------------------------- errors


def test_a_column_that_is_not_there_names_the_nearest_in_one_sentence(write):
    path = write("created_at;user_id\n2025-01-01;1\n")
    with pytest.raises(ColumnError) as caught:
        read(path, time="create_at", member="user_id")
    assert str(caught.value) == (
        'time="create_at": log.csv has no such column; it has created_at, user_id; '
        "did you mean 'created_at'?"
    )
    set_language("fr")
    with pytest.raises(ColumnError, match=r"n’a pas cette colonne.* created_at"):
        read(path, time="create_at", member="user_id")


def test_a_role_that_is_not_text(write):
    with pytest.raises(ParameterError, match=r'member=2 is not accepted: .* "#3"'):
        read(write("time,who\n2025-01-01,1\n"), member=2)


def test_a_separator_of_two_characters(write):
    with pytest.raises(ParameterError, match="give one character"):
        read(write("time,who\n2025-01-01,1\n"), sep=";;")


def test_no_row_that_can_be_read(write):
    with pytest.raises(TableError, match=r"No row of log\.csv .* line 2 \(time: soon\)"):
        read(write("time,who\nsoon,1\nlater,2\n"))


def test_the_report_speaks_both_languages(write):
    _events, report = read(write("time,who\n2025-01-01,1\nsoon,2\n\n2025-01-02,3\n"))
    assert "4 rows in the file = 2 read + 2 set aside" in str(report)
    assert "1 x date or time not understood, first on line 3: soon\n" in str(report)
    set_language("fr")
    assert "4 lignes dans le fichier = 2 lues + 2 écartées" in str(report)


# ---------------------------------------------------------------- laws

cell = st.text(
    alphabet=st.sampled_from(list('abZé09 ,;"\n\r\t|\u00a0-:/')), max_size=12
) | st.sampled_from(["2025-01-02 10:00", "1735812000", "13/01/2025", "NULL", "7", "", "x\ny"])


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.lists(cell, min_size=0, max_size=4), max_size=12))
def test_every_line_ends_in_a_row_or_in_the_report(tmp_path, rows):
    """Whatever the lines hold, even broken quoting, read + set aside = rows in the file."""
    path = tmp_path / "any.csv"
    body = "\n".join(",".join(row) for row in rows)
    path.write_text("time,who,text\n2025-01-02,1,x\n" + body, encoding="utf-8", newline="")
    events, report = read(path, day_first=True)
    assert len(report.set_aside) == len(report.set_aside["line"].unique())
    assert (
        1 in events["member_id"].astype("str").to_list()
        or "1" in members(events)
        or 1 in members(events)
    )


@settings(
    deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.lists(cell, min_size=3, max_size=3), max_size=12), quoted=st.booleans())
def test_rows_in_the_file_are_those_written(tmp_path, rows, quoted):
    """The csv module of Python writes the file: each row it wrote is counted once."""
    import csv

    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
        writer.writerow(["time", "who", "text"])
        writer.writerows([["2025-01-02", "1", "x"], *rows])
    _events, report = read(path, day_first=True)
    assert report.rows_in_file == len(rows) + 1


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["2025-01-02 10:00", "1735812000", "bad", "", "3 mai 2025"]),
            st.text(alphabet="ab é19-", max_size=5),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_quoting_changes_nothing(tmp_path, rows):
    """A file with quotation marks and the same without them give the same events."""
    plain, quoted = tmp_path / "plain.csv", tmp_path / "quoted.csv"
    rows = [("2025-01-01", "first"), *rows]
    rows = [(time, who) for time, who in rows if (time, who.strip()) != ("", "")]
    plain.write_text("time;who\n" + "".join(f"{t};{w}\n" for t, w in rows), encoding="utf-8")
    quoted.write_text("time;who\n" + "".join(f'"{t}";"{w}"\n' for t, w in rows), encoding="utf-8")
    one, two = read(plain), read(quoted)
    pd.testing.assert_frame_equal(one[0], two[0])
    assert reasons(one[1]) == reasons(two[1])


# ---------------------------------------------------------------- tables


def test_a_french_export(write):
    content = (
        "Mois;Portée;Taux de clic;Dépense;Publié le;Code postal\n"
        "janvier;1\u202f234;3,5 %;1\u00a0250,50 €;13/01/2025;07500\n"
        "février;12\u2009345;12\u202f%;- ;14/02/2025 18h30;75011\n"
        "mars;980;0,25 %;980 €;;33000\n"
    )
    table, report = read_table(write(content, encoding="utf-8-sig"))
    expected = pd.DataFrame(
        {
            "Mois": pd.Series(["janvier", "février", "mars"], dtype="str"),
            "Portée": [1234.0, 12345.0, 980.0],
            "Taux de clic": [0.035, 0.12, 0.0025],
            "Dépense": [1250.5, np.nan, 980.0],
            "Publié le": pd.Series(
                pd.to_datetime(["2025-01-13 00:00", "2025-02-14 18:30", None]),
                dtype="datetime64[s]",
            ),
            "Code postal": pd.Series(["07500", "75011", "33000"], dtype="str"),
        }
    )
    pd.testing.assert_frame_equal(table, expected, check_exact=False)
    assert report.columns["type"].to_list() == ["text", "number", "percent", "euro", "date", "text"]


def test_a_cell_that_its_column_does_not_accept_is_missing_and_listed(write):
    rows = "".join(f"{i};{i},5\n" for i in range(9))
    table, report = read_table(write("n;value\n" + rows + "9;inconnu\n"))
    assert table["value"].isna().sum() == 1
    assert report.cells_set_aside.to_dict("list") == {
        "line": [11],
        "column": ["value"],
        "cell": ["inconnu"],
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1 234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1'234.5", 1234.5),
        ("-3,25", -3.25),
        ("\u22123,25", -3.25),
        (",5", 0.5),
        ("0,125", 0.125),
        ("1,234,567.0", 1234567.0),
        ("1.5e3", 1500.0),
    ],
)
def test_numbers_in_every_writing(write, written, expected):
    table, _report = read_table(write(f"name\tvalue\na\t{written}\n"))
    assert table["value"].to_list() == [expected]


def test_a_comma_before_three_digits_is_asked_where_nothing_shows_it(write):
    path = write('name,value\na,"1,234"\nb,"5,678"\n')
    with pytest.raises(TableError, match=r'1,234 a thousand or a decimal .* decimal=","'):
        read_table(path)
    assert read_table(path, decimal=",")[0]["value"].to_list() == [1.234, 5.678]
    assert read_table(path, decimal=".")[0]["value"].to_list() == [1234.0, 5678.0]
    with pytest.raises(ParameterError, match="decimal='point' is not accepted"):
        read_table(path, decimal="point")


def test_another_column_shows_the_decimal_mark(write):
    table, _report = read_table(write('a\tb\n"1,234"\t0,5\n'))
    assert table["a"].to_list() == [1.234]
    table, _report = read_table(write('a\tb\n"1,234"\t0.5\n'))
    assert table["a"].to_list() == [1234.0]


def test_the_order_of_dates_is_asked_in_a_table_too(write):
    path = write("jour;n\n01/02/2025;1\n03/04/2025;2\n")
    with pytest.raises(TableError, match="day_first=True"):
        read_table(path)
    table, _report = read_table(path, day_first=True)
    assert table["jour"].dt.month.to_list() == [2, 4]


def test_a_date_is_never_turned_into_a_number(write):
    table, _report = read_table(write("jour;n\n13/02/2025;1\u202f234\n14/02/2025;2\n"))
    assert table["jour"].dt.day.to_list() == [13, 14]
    assert table["n"].to_list() == [1234.0, 2.0]


def test_signed_whole_numbers_and_digits_of_other_scripts(write):
    table, _report = read_table(write("week;net;full;far\n1;+12;１２;٣\n2;-3;５;٤\n"))
    assert table["net"].to_list() == [12, -3]
    assert table["full"].to_list() == [12, 5]
    assert table["far"].to_list() == [3, 4]


def test_phone_numbers_are_no_numbers(write):
    table, _report = read_table(write("phone;n\n+33612345678;1\n+33712345678;2\n"))
    assert table["phone"].to_list() == ["+33612345678", "+33712345678"]


def test_columns_left_as_text(write):
    path = write("phone;big;n\n0612345678;12345678901234567890;1\n0712345678;3;2\n")
    table, _report = read_table(path, text=["n"])
    assert [str(dtype) for dtype in table.dtypes] == ["str", "str", "str"]
    with pytest.raises(ColumnError, match="did you mean 'phone'"):
        read_table(path, text="phones")


def test_a_table_with_a_header_alone(write):
    table, report = read_table(write("a;b\n"))
    assert (table.shape, report.rows_in_file) == ((0, 2), 0)


def test_rows_of_a_table_are_all_accounted_for(write):
    table, report = read_table(write("a;b\n1;2\n3\n;\n4;5;6\n7;8;\n"))
    assert table["a"].to_list() == [1, 7]
    assert reasons(report) == {"cells_missing": 1, "blank_line": 1, "cells_too_many": 1}
    assert report.rows_in_file == report.rows_read + report.rows_set_aside == 5


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    start=st.sampled_from(
        [b"", b"time,who\n", b"time;who\n2025-01-02;1\n", b'{"time": 1', b"[", b"PAR1"]
    ),
    rest=st.binary(max_size=80) | st.text(max_size=40).map(str.encode),
)
def test_any_bytes_give_events_or_a_clear_error(tmp_path, start, rest):
    """No file, however broken, ends in an error that is not cmlib's own."""
    path = tmp_path / "any.bin"
    path.write_bytes(start + rest)
    for reader in (lambda: read(path)[1], lambda: read_table(path)[1]):
        try:
            report = reader()
        except CmlibError as error:
            assert str(error)
        else:
            assert report.rows_read + report.rows_set_aside == report.rows_in_file
