"""Write a file as a platform would, read it through the door, and look at what came out."""

import pandas as pd

from cmlib import data

COLUMNS = ["event_id", "timestamp", "member_id", "kind"]


def write(folder, content, name="log.csv", encoding="utf-8"):
    """Write a file and give its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path, **options):
    """Read a log of events: the table and the report, which must account for each row."""
    options = {"time": "time", "member": "who"} | options
    community = data.read(path, **options)
    events, (report,) = community.events, community.readings
    assert list(events.columns[:4]) == COLUMNS
    assert events["event_id"].notna().all()
    assert report.rows_read == len(events)
    assert report.rows_read + report.rows_set_aside == report.rows_in_file
    assert report.columns["column"].to_list() == list(events.columns)
    return events, report


def times(events):
    return events["timestamp"].dt.strftime("%Y-%m-%d %H:%M:%S").to_list()


def plain(values):
    """A column as a list, None where it is missing."""
    return [None if pd.isna(value) else value for value in values]


def members(events):
    return plain(events["member_id"])


def reasons(report):
    return dict(zip(report.reasons()["reason"], report.reasons()["rows"], strict=True))


def said(report, words):
    """Whether a note of the report says these words."""
    return any(words in note for note in report.notes)
