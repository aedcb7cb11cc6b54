"""The door: files that platforms export become a community or a table, each row accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib.data._column_roles import contract_of
from cmlib.data._contract_tables import contract_table
from cmlib.data._event_log import EventOptions, event_log
from cmlib.data._reports import ReadReport
from cmlib.data._set_aside import check_duplicates
from cmlib.data._text_files import clean_cells, read_raw
from cmlib.data._tidy_tables import Export, read_table
from cmlib.data.clock import bound_second, check_zone
from cmlib.data.communities import Community
from cmlib.data.frames import as_list
from cmlib.data.people import BY_DEFAULT, WORDS, left_out
from cmlib.errors import ParameterError
from cmlib.messages import _

__all__ = ["Export", "ReadReport", "read", "read_table"]

AUTHORS_DELETED = ("[deleted]", "[removed]", "[supprimé]", "[supprimée]")


def read(
    path: str | Path,
    *,
    time: str | None = None,
    member: str | None = None,
    thread: str | None = None,
    parent: str | None = None,
    receiver: str | None = None,
    kind: str | None = None,
    event: str | None = None,
    number: str | None = None,
    kinds: Mapping[str, str] | None = None,
    tz: str = "UTC",
    day_first: bool | None = None,
    deleted: Iterable[str] = AUTHORS_DELETED,
    duplicates: str | None = None,
    sep: str | None = None,
    encoding: str | None = None,
    skip: int = 0,
    start: Any = None,
    end: Any = None,
    complete_history: bool = False,
    without: Any = BY_DEFAULT,
) -> Community:
    r"""Read what a platform exports as a community, and say what became of each row.

    CSV, TSV, semicolons or spaces, JSON lines, a JSON list or Parquet, gzipped or not.
    The encoding and the separator are found; so are epochs, ISO dates and names of months.
    What nothing in the file shows is asked, never guessed.

    Parameters
    ----------
    path : path
        The file.
    time, member : str, optional
        The columns that say when and who. A column is named by its header, or by its position
        in a file without header: ``time="#3"`` is the third column. In JSON, a name inside an
        object is written ``"user.id"``. Without them, the header must be that of a table of
        `cmlib.data.TABLES`: events, posts, tickets, surveys, mentions, ...
    thread, parent, receiver, kind, event : str, optional
        The columns that hold the conversation, the event replied to, the person addressed, the
        kind of event and the number of the event. A column that bears the standard name
        (``thread_id``, ...) plays its role without being named.
    number : str, optional
        The column that numbers messages inside their thread, where `parent` is such a number.
    kinds : mapping of str to str, optional
        Your word for each kind of event: ``{"poke": "reaction"}``. The usual ones (question,
        answer, comment, like, ...) are known, in French and English; ``"post"`` is a message that
        its place makes a topic or a reply.
    tz : str, default "UTC"
        Zone of the times that carry none, and home zone of the community.
    day_first : bool, optional
        Whether 01/02/2025 is 1 February. Needed only where nothing in the column shows it.
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
    start, end : date or time, optional
        When observation began and ended, local where no offset is written; without them, with
        the first event and just after the last one.
    complete_history : bool, default False
        Whether the log begins with the community. If it does not, people seen in its first 30
        days were there already, and are no newcomers.
    without : str, id, table of members or list of these
        Who does not count, as in :meth:`Community.view`; bots and system lines by default.

    Returns
    -------
    Community
        Named after the file. ``community.readings[0]`` says what was read, what was set aside
        and why; print it. The table is ``events`` where `time` and `member` were found:
        ``event_id``, ``timestamp`` (UTC, whole seconds), ``member_id`` (missing for a deleted
        author), ``kind``; ``thread_id``, ``parent_id`` and ``receiver_id`` where the file tells
        them; then every other column of the file, typed as :func:`read_table` does. Ids are whole
        numbers where all of one column are, and of the columns it refers to; else text.

    Raises
    ------
    FileError
        When the file is missing, empty or not a table.
    ColumnError
        When a column is not in the file, or is not said: the message gives the nearest one.
    ParameterError
        When an argument is not accepted.
    TableError
        When the order of day and month must be said, when parents are not events, or when no row
        can be read.

    Notes
    -----
    - **Order.** Rows are in the order of time; those of one second follow their event number, then
      the fraction of a second that the file gives, then the line. Where no number speaks, a file
      written newest first is read from its end. Events that the file does not number bear the
      number of their line; those of one second share theirs out in order.
    - **Kinds.** Without `kind`, a message that names a parent, or that is not the first of its
      thread, is a reply; the others are topics.
    - **Conversations.** Without `thread`, the chain of parents gives the threads. A message
      without thread whose own number is a thread's opens that thread. Parents must be events of
      the thread of their reply: a number that begins again in each thread is turned into the event
      that bears it, and anything else is refused.
    - **Dates.** A local time that a clock change skips or repeats is read as PEP 495 does with
      ``fold=0``, and counted in the report. Dates before 1990, from 2100 on, or more than a year
      after all the others are set aside unless `start` and `end` enclose them.
    - **Names.** Accents written in two ways and spaces inside ids are made one spelling.

    References
    ----------
    PEP 495, Local Time Disambiguation, https://peps.python.org/pep-0495/

    See Also
    --------
    read_table : One clean table out of a file.
    community : A community out of tables that you have already.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "forum.csv"
    >>> _size = file.write_text("quand;qui\n13/02/2025 14h30;Zoé\n\n2025-02-14 09:00;Ali\n")
    >>> forum = read(file, time="quand", member="qui", tz="Europe/Paris")
    >>> forum.events[["timestamp", "member_id", "kind"]]
                timestamp member_id   kind
    0 2025-02-13 13:30:00       Zoé  topic
    1 2025-02-14 08:00:00       Ali  topic
    >>> report = forum.readings[0]
    >>> report.rows_read, report.rows_set_aside, report.rows_in_file
    (2, 1, 3)
    """
    check_duplicates(duplicates)
    zone = check_zone(tz)
    bounds = [bound_second(start, "start", zone), bound_second(end, "end", zone)]
    left_out(without, None)
    given = _named_columns(
        {
            "time": time,
            "member": member,
            "thread": thread,
            "parent": parent,
            "receiver": receiver,
            "kind": kind,
            "event": event,
            "number": number,
        }
    )
    by_position = bool(given) and all(column.startswith("#") for column in given.values())
    raw = read_raw(
        path, header=not by_position, sep=sep, encoding=encoding, skip=skip, wanted=given.values()
    )
    clean_cells(raw)
    table = "events" if given else contract_of(map(str, raw.frame.columns)) or "events"
    if table == "events":
        options = EventOptions(
            number=given.pop("number", None),
            kinds=kinds or {},
            tz=zone,
            day_first=day_first,
            deleted=frozenset(as_list(deleted)),
            duplicates=duplicates,
            since=bounds[0],
            until=bounds[1],
            left_out=_ids_said(without),
        )
        frame, report = event_log(raw, path, given, options)
    else:
        frame, report = contract_table(
            raw,
            table,
            path,
            tz=zone,
            day_first=day_first,
            duplicates=duplicates,
            since=bounds[0],
            until=bounds[1],
        )
    opens, closes = (None if bound is None else pd.Timestamp(bound, unit="s") for bound in bounds)
    return Community(
        name=Path(Path(path).name.removesuffix(".gz")).stem,
        tables={table: frame},
        tz=zone,
        start=opens,
        end=closes,
        complete_history=complete_history,
        without=without,
        readings=(report,),
    )


def _named_columns(roles: Mapping[str, str | None]) -> dict[str, str]:
    """Keep the roles that were given, each by the name of a column."""
    given: dict[str, str] = {}
    for role, column in roles.items():
        if column is None:
            continue
        if not isinstance(column, str):
            raise ParameterError(
                _(
                    '{role}={given!r} is not accepted: write the name of the column, or "#3" for '
                    "the third column of a file without header."
                ).format(role=role, given=column)
            )
        given[role] = column
    return given


def _ids_said(without: Any) -> tuple[Any, ...]:
    """Return the ids given by hand, which need no further word about bots."""
    said: list[Any] = []
    for part in without if isinstance(without, list | tuple) else [without]:
        if isinstance(part, list | tuple):
            said += part
        elif isinstance(part, str | int) and part not in WORDS:
            said.append(part)
    return tuple(said)
