"""Read what platforms really export: event logs and tables, each row accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cmlib.data._dates import DateOrder, check_zone, parse_times
from cmlib.data._event_roles import AUTHORS_DELETED, as_ids, kinds_of, role_columns
from cmlib.data._messy_tables import Export, read_export
from cmlib.data._reports import REASONS, ReadReport, build_report
from cmlib.data._text_files import MISSING_WORDS, RawTable, clean_cells, read_raw
from cmlib.errors import ParameterError, TableError, unknown_choice
from cmlib.i18n import _

__all__ = ["EventLog", "Export", "ReadReport", "read_events", "read_export"]


class EventLog(NamedTuple):
    """A tidy event log and the report of how it was read."""

    events: pd.DataFrame
    report: ReadReport


def read_events(
    path: str | Path,
    *,
    time: str,
    member: str,
    thread: str | None = None,
    parent: str | None = None,
    receiver: str | None = None,
    kind: str | None = None,
    event: str | None = None,
    tz: str = "UTC",
    day_first: bool | None = None,
    kinds: Mapping[str, str] | None = None,
    deleted: Iterable[str] = AUTHORS_DELETED,
    duplicates: str | None = None,
    sep: str | None = None,
    encoding: str | None = None,
    skip: int = 0,
) -> EventLog:
    r"""Read an event log as a platform exports it, and say what became of each of its rows.

    CSV, TSV, semicolons or spaces, JSON lines, a JSON list or Parquet, gzipped or not.
    The encoding and the separator are found; so are epochs, ISO dates and names of months.
    An order of day and month that nothing in the file shows is asked, never guessed.

    Parameters
    ----------
    path : path
        The file.
    time, member : str
        The columns that say when and who. A column is named by its header, or by its position
        in a file without header: ``time="#3"`` is the third column. In JSON, a name inside an
        object is written ``"user.id"``.
    thread, parent, receiver, kind, event : str, optional
        The columns that hold the thread, the event replied to, the person addressed, the kind
        of event and the number of the event.
    tz : str, default "UTC"
        Zone of the times that carry none, for example ``"Europe/Paris"``.
    day_first : bool, optional
        Whether 01/02/2025 is 1 February. Needed only where nothing in the column shows it.
    kinds : mapping of str to str, optional
        Your word for each kind of event: ``{"poke": "reaction"}``. The usual ones (question,
        answer, comment, like, ...) are known.
    deleted : iterable of str
        What stands for a deleted author, beside an empty cell.
    duplicates : {"set_aside", "keep"}, optional
        What to do with a row whose cells are all those of an earlier row. Without it they are
        set aside where `event` is given, and kept and counted where nothing numbers the events:
        two equal messages in one second may both be real.
    sep : str, optional
        The separator, where the one found is wrong; ``"spaces"`` for any white space.
    encoding : str, optional
        The encoding, where the one found is wrong.
    skip : int, default 0
        Lines to leave out at the top of the file.

    Returns
    -------
    events : pandas.DataFrame
        One row an event, in the order of time: ``event_id``, ``timestamp`` (UTC, whole
        seconds), ``member_id`` (missing for a deleted author), ``kind`` (visit, topic, reply,
        reaction or accept), ``thread_id``, ``parent_id``, ``receiver_id``. Identifiers are
        whole numbers (Int64) where all are written so, else text as it stands in the file;
        events without number are numbered by their line in the file.
    report : ReadReport
        What was read, what was set aside and why; ``print(report)``.

    Raises
    ------
    FileError
        When the file is missing, empty or not a table.
    ColumnError
        When a column is not in the file: the message gives the nearest one.
    ParameterError
        When an argument is not accepted.
    TableError
        When the order of day and month must be said, or no row can be read.

    Notes
    -----
    A local time that a clock change skips or repeats is read as PEP 495 does with ``fold=0``,
    and counted in the report. Without `kind`, the first event of a thread is a topic and the
    others are replies; without threads, an event that names a parent is a reply and the others
    are topics. Fractions of a second are cut.

    References
    ----------
    PEP 495, Local Time Disambiguation, https://peps.python.org/pep-0495/

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "log.csv"
    >>> _size = file.write_text("quand;qui\n13/02/2025 14h30;Zoé\n\n2025-02-14 09:00;Ali\n")
    >>> events, report = read_events(file, time="quand", member="qui", tz="Europe/Paris")
    >>> events[["timestamp", "member_id", "kind"]]
                timestamp member_id   kind
    0 2025-02-13 13:30:00       Zoé  topic
    1 2025-02-14 08:00:00       Ali  topic
    >>> report.rows_read, report.rows_set_aside, report.rows_in_file
    (2, 1, 3)
    """
    if duplicates not in (None, "set_aside", "keep"):
        raise unknown_choice("duplicates", duplicates, ("set_aside", "keep"))
    roles = {
        "time": time,
        "member": member,
        "thread": thread,
        "parent": parent,
        "receiver": receiver,
        "kind": kind,
        "event": event,
    }
    given = {role: column for role, column in roles.items() if column is not None}
    for role, column in given.items():
        if not isinstance(column, str):
            raise ParameterError(
                _(
                    '{role}={given!r} is not accepted: write the name of the column, or "#3" for '
                    "the third column of a file without header."
                ).format(role=role, given=column)
            )
    order = DateOrder(day_first)
    zone = check_zone(tz)
    by_position = all(column.startswith("#") for column in given.values())
    raw = read_raw(
        path, header=not by_position, sep=sep, encoding=encoding, skip=skip, wanted=given.values()
    )
    columns = role_columns(given, raw, path)
    clean_cells(raw)
    _set_duplicates_aside(raw, columns.get("event"), duplicates)

    moments = parse_times(
        raw.frame[columns["time"]].mask(lambda cells: cells.isin(MISSING_WORDS), ""),
        column=columns["time"],
        zone=zone,
        order=order,
    )
    raw.notes += order.notes
    missing = raw.frame[columns["time"]].isin(MISSING_WORDS)
    raw.drop(missing.to_numpy(), "time_missing")
    moments = moments[~missing].reset_index(drop=True)
    unknown = moments.isna()
    raw.drop(unknown.to_numpy(), "time_not_understood")
    moments = moments[~unknown].reset_index(drop=True)
    named, unknown = kinds_of(raw, columns, moments, kinds or {}, MISSING_WORDS)
    raw.drop(unknown.to_numpy(), "kind_not_known")
    kept = (~unknown).to_numpy()
    _check_some_left(raw, path)
    events = pd.DataFrame(
        {
            "timestamp": moments[kept].reset_index(drop=True),
            "kind": named[kept].reset_index(drop=True),
            **as_ids(raw, columns, MISSING_WORDS, frozenset(deleted)),
        }
    )[["event_id", "timestamp", "member_id", "kind", "thread_id", "parent_id", "receiver_id"]]
    events = events.sort_values("timestamp", kind="stable", ignore_index=True)
    sources = {f"{role}_id": column for role, column in columns.items()}
    sources |= {"timestamp": columns["time"], "kind": columns.get("kind", "-")}
    return EventLog(events, build_report(raw, path, events, sources))


def _set_duplicates_aside(raw: RawTable, event: str | None, duplicates: str | None) -> None:
    if event is None:
        repeated = raw.frame.duplicated()
        if duplicates == "set_aside":
            raw.drop(repeated.to_numpy(), "duplicate_row")
        elif repeated.any():
            raw.notes.append(
                _(
                    "Rows equal to an earlier one: {count}, kept, because nothing numbers the "
                    'events; duplicates="set_aside" leaves them out.'
                ).format(count=int(repeated.sum()))
            )
        return
    again = raw.frame[event].duplicated() & ~raw.frame[event].isin(MISSING_WORDS)
    if duplicates == "keep" or not again.any():
        return
    whole = again & raw.frame.duplicated()
    raw.drop(whole.to_numpy(), "duplicate_row")
    again = again[~whole]
    raw.drop(again.to_numpy(), "duplicate_id")


def _check_some_left(raw: RawTable, path: str | Path) -> None:
    if len(raw.frame) or not len(raw.ledger):
        return
    reasons = raw.ledger.table()["reason"]
    if (reasons == "blank_line").all():
        return
    first = raw.ledger.table().query("reason != 'blank_line'").iloc[0]
    code = first["reason"]
    raise TableError(
        _("No row of {file} can be read; for example line {line} ({text}): {why}.").format(
            file=Path(path).name,
            line=first["line"],
            text=first["text"].strip()[:60],
            why=_(REASONS[code]),
        )
    )
