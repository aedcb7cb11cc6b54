"""From the cells of a file to a log of events: who, when, what kind, in which conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cmlib.data._column_roles import STANDARD, checked_columns, event_columns
from cmlib.data._column_types import column_kind
from cmlib.data._dates import fractions
from cmlib.data._event_kinds import POST, by_place, kinds_in_words, tell_unknown
from cmlib.data._extra_columns import extra_columns
from cmlib.data._ids import as_family, numbered, one_spelling, tell_bots
from cmlib.data._raw_table import RawTable, listed
from cmlib.data._reports import ReadReport, build_report
from cmlib.data._set_aside import check_some_left, dated_rows, set_duplicates_aside
from cmlib.data._threads import (
    Conversations,
    attach_openers,
    plainly_linked,
    thread_by_parents,
)
from cmlib.data._time_order import line_numbers, time_order
from cmlib.data.parents import check_parents
from cmlib.errors import TableError
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = ["EventOptions", "event_log"]

_FIRST = ("event_id", "timestamp", "member_id", "kind", "thread_id", "parent_id", "receiver_id")
_OTHERS = ("channel", "language", "text", "n_chars")  # optional columns of the contract
_ADDED = "local_time"  # what Community.counted adds


@dataclass(frozen=True)
class EventOptions:
    """How to read a log, as :func:`cmlib.data.read` was asked to; bounds in UTC seconds."""

    number: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    tz: str = "UTC"
    day_first: bool | None = None
    deleted: frozenset[str] = frozenset()
    duplicates: str | None = None
    since: int | None = None
    until: int | None = None
    left_out: tuple[Any, ...] = ()


def event_log(
    raw: RawTable, path: str | Path, given: Mapping[str, str], options: EventOptions
) -> tuple[pd.DataFrame, ReadReport]:
    """Give each row its moment, author, kind, thread and parent; keep the other columns."""
    columns = event_columns(given, raw, path)
    if options.number is not None:
        checked_columns({"number": options.number}, raw, path)
    if "kind" in columns and "kind" not in given and _mostly_unknown(raw, columns, options):
        del columns["kind"]
    _merge_spellings(raw, columns)
    set_duplicates_aside(raw, columns.get("event"), options.duplicates)
    moments = dated_rows(
        raw,
        columns["time"],
        tz=options.tz,
        day_first=options.day_first,
        since=options.since,
        until=options.until,
    )
    moments, named = _known_kinds(raw, columns, options, moments, Path(path).name)
    check_some_left(raw, path)
    moments, named = _in_order(raw, columns, options, moments, named)
    seconds = moments.to_numpy().astype("datetime64[s]").astype("int64")
    messages = np.ones(len(moments), dtype=bool)
    if named is not None:
        messages = named.isin(["topic", "reply", POST]).to_numpy()

    event = _event_numbers(raw, columns, seconds)
    found = _conversations(raw, columns, given, options, event, messages, seconds)
    _tell_implied(raw, columns, given)
    placed = by_place(messages, found.thread, found.replies)
    kind = placed if named is None else np.where(named == POST, placed, named)
    ids = _ids(raw, columns, options, event, found)
    tell_bots(raw, ids["member_id"], options.left_out)
    return _finished(raw, path, columns, options, moments, kind, ids)


def _mostly_unknown(raw: RawTable, columns: Mapping[str, str], options: EventOptions) -> bool:
    """Tell whether a column that is only called kind holds something else."""
    named, _unknown = kinds_in_words(raw, columns["kind"], options.kinds)
    return bool(len(named) and named.isna().mean() > 0.5)


def _tell_implied(raw: RawTable, columns: Mapping[str, str], given: Mapping[str, str]) -> None:
    """Say which columns play a role because of their name, where others were named."""
    implied = [column for role, column in columns.items() if role not in given]
    if given and implied:
        raw.notes.append(
            _("Columns read for what their standard names say: {columns}.").format(
                columns=listed(implied)
            )
        )


def _merge_spellings(raw: RawTable, columns: Mapping[str, str]) -> None:
    for role in ("member", "receiver", "thread", "event", "parent"):
        if role not in columns:
            continue
        merged = one_spelling(raw, columns[role])
        if merged:
            raw.notes.append(
                _(
                    "Column {column}: {count} spellings merged with another that looks the same "
                    "(accents in two characters, spaces)."
                ).format(column=repr(columns[role]), count=format_number(merged))
            )


def _known_kinds(
    raw: RawTable,
    columns: Mapping[str, str],
    options: EventOptions,
    moments: pd.Series,
    file: str,
) -> tuple[pd.Series, pd.Series | None]:
    """Read the words for kinds; rows whose word is not known are set aside."""
    if "kind" not in columns:
        return moments, None
    named, unknown = kinds_in_words(raw, columns["kind"], options.kinds)
    tell_unknown(raw, columns["kind"], unknown, file)
    lost = named.isna().to_numpy()
    raw.drop(lost, "kind_not_known", columns["kind"])
    return moments[~lost].reset_index(drop=True), named[~lost].reset_index(drop=True)


def _in_order(
    raw: RawTable,
    columns: Mapping[str, str],
    options: EventOptions,
    moments: pd.Series,
    named: pd.Series | None,
) -> tuple[pd.Series, pd.Series | None]:
    """Put the rows in the order of time."""
    ties = {"event": columns.get("event"), "number": options.number}
    keys = {role: None if name is None else _text(raw, name) for role, name in ties.items()}
    order, upwards = time_order(
        moments.to_numpy().astype("datetime64[s]").astype("int64"),
        fractions(raw.frame[columns["time"]]),
        raw.lines,
        keys["event"],
        keys["number"],
    )
    if upwards:
        raw.notes.append(
            _("The file is written newest first: its rows of one second are read from the end.")
        )
    if (np.diff(order) == 1).all():
        return moments, named
    raw.frame = raw.frame.take(order).reset_index(drop=True)
    raw.lines = raw.lines[order]
    named = None if named is None else named.take(order).reset_index(drop=True)
    return moments.take(order).reset_index(drop=True), named


def _event_numbers(raw: RawTable, columns: Mapping[str, str], seconds: np.ndarray) -> pd.Series:
    if "event" in columns:
        return numbered(raw, _text(raw, columns["event"]))
    return pd.Series(line_numbers(seconds, raw.lines), dtype="int64").astype("str")


def _conversations(
    raw: RawTable,
    columns: dict[str, str],
    given: Mapping[str, str],
    options: EventOptions,
    event: pd.Series,
    messages: np.ndarray,
    seconds: np.ndarray,
) -> Conversations:
    """Find the thread and the parent of each event."""

    def cells(role: str) -> pd.Series | None:
        return _text(raw, columns[role]) if role in columns else None

    parent = cells("parent")
    nobody = np.zeros(len(event), dtype=bool)
    found = Conversations(
        cells("thread"), parent, nobody if parent is None else (parent != "").to_numpy(), raw.notes
    )
    if "event" in columns and plainly_linked(found, event):
        return found
    own = [event] if "event" in columns else []
    attach_openers(found, [*own, _text(raw, columns["time"])], messages, seconds)
    if parent is None:
        return found
    roles = set(columns.values())
    others = {str(name): _text(raw, name) for name in raw.frame.columns if name not in roles}
    number = None if options.number is None else (options.number, _text(raw, options.number))
    try:
        check_parents(
            found,
            event,
            number,
            others,
            column=columns["parent"],
            seconds=seconds,
            by_event="event" in columns,
        )
    except TableError as error:
        if "parent" in given:
            raise
        raw.notes.append(str(error))
        del columns["parent"]
        found.parent, found.replies = None, nobody
    thread_by_parents(found, event, messages)
    return found


def _ids(
    raw: RawTable,
    columns: Mapping[str, str],
    options: EventOptions,
    event: pd.Series,
    found: Conversations,
) -> dict[str, pd.Series]:
    """Convert ids, those that refer to each other together."""
    cells = {"event_id": event}
    if found.parent is not None:
        cells["parent_id"] = found.parent
    people = {}
    for role in ("member", "receiver"):
        if role in columns:
            text = _text(raw, columns[role])
            gone = text.isin(options.deleted) if role == "member" else text == ""
            people[f"{role}_id"] = text.mask(gone, "")
    ids = as_family(raw, cells) | as_family(raw, people)
    if found.thread is not None:
        ids |= as_family(raw, {"thread_id": found.thread})
    if ids["event_id"].dtype == "Int64":
        ids["event_id"] = ids["event_id"].astype("int64")
    authors = int(ids["member_id"].isna().sum())
    if authors:
        raw.notes.append(
            _("Events whose author is missing or deleted: {count}, kept without member.").format(
                count=authors
            )
        )
    return ids


def _finished(
    raw: RawTable,
    path: str | Path,
    columns: Mapping[str, str],
    options: EventOptions,
    moments: pd.Series,
    kind: np.ndarray,
    ids: dict[str, pd.Series],
) -> tuple[pd.DataFrame, ReadReport]:
    """Put the standard columns first, then the others of the file."""
    values = {**ids, "timestamp": moments, "kind": pd.Series(kind, dtype="str")}
    standard = {name: values[name] for name in _FIRST if name in values}
    roles = set(columns.values())
    rest = [str(name) for name in raw.frame.columns if name not in roles]
    reserved = {*STANDARD.values(), _ADDED}
    if "n_chars" in rest:
        counts = column_kind(raw.frame["n_chars"][~raw.missing("n_chars")])
        reserved |= set() if counts in ("whole number", "number") else {"n_chars"}
    extras, sources, kinds, wrong = extra_columns(
        raw,
        [name for name in _OTHERS if name in rest] + [n for n in rest if n not in _OTHERS],
        reserved=reserved,
        as_text=("channel", "language", "text"),
        tz=options.tz,
        day_first=options.day_first,
    )
    events = pd.DataFrame({**standard, **extras})
    for role, column in columns.items():
        sources[STANDARD[role]] = column
    return events, build_report(raw, path, events, sources, types=kinds, wrong=wrong)


def _text(raw: RawTable, column: str) -> pd.Series:
    """Return the cells of a column, empty where they stand for nothing."""
    return raw.frame[column].mask(raw.missing(column), "")
