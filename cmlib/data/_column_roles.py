"""Which column of a file plays which role: the one that is named, else the standard name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from cmlib.data._date_shapes import folded
from cmlib.data._raw_table import RawTable, listed, shown
from cmlib.data.schema import PACK_TABLES, get_table
from cmlib.errors import ColumnError, nearest
from cmlib.messages import _

__all__ = ["STANDARD", "checked_columns", "contract_of", "event_columns"]

STANDARD = {
    "time": "timestamp",
    "member": "member_id",
    "event": "event_id",
    "kind": "kind",
    "thread": "thread_id",
    "parent": "parent_id",
    "receiver": "receiver_id",
}
_USUAL = {
    "time": "timestamp time created_at created date datetime date_time ts created_utc "
    "creation_date published_at posted_at sent_at when horodatage quand date_heure heure jour",
    "member": "member_id member user_id user author author_id username from from_id sender "
    "owner_user_id who actor membre auteur utilisateur pseudo expediteur qui nom email",
    "thread": "thread_id thread topic_id topic thread_ts conversation_id conversation "
    "discussion_id discussion fil sujet",
    "parent": "parent_id parent in_reply_to in_reply_to_id reply_to reply_to_message_id "
    "reply_to_post_number",
    "event": "event_id id message_id msg_id post_id comment_id",
    "kind": "kind type action event_type event_name evenement",
}

_COUNTS = Counter(name for table in PACK_TABLES for name in get_table(table).column_names)
_PROPER = {
    table: {name for name in get_table(table).column_names if _COUNTS[name] == 1}
    for table in PACK_TABLES
}


def checked_columns(given: Mapping[str, str], raw: RawTable, path: str | Path) -> dict[str, str]:
    """Check that each role's column is in the file, or say which one is nearest."""
    present = [str(name) for name in raw.frame.columns]
    for role, column in given.items():
        if column in present:
            continue
        if column.startswith("#") and not any(name.startswith("#") for name in present):
            raise ColumnError(
                _(
                    '{role}="{column}": {file} is read with its header, because other columns are '
                    "named: name this one too, or give every column by position. The columns are: "
                    "{present}."
                ).format(role=role, column=column, file=Path(path).name, present=listed(present))
            )
        message = _('{role}="{column}": {file} has no such column; it has {present}').format(
            role=role, column=column, file=Path(path).name, present=listed(present)
        )
        close = nearest(column, present)
        if close is not None:
            raise ColumnError(message + "; " + _("did you mean {close!r}?").format(close=close))
        raise ColumnError(
            message
            + "; "
            + _('a file without header is read by position, "#1" being its first column.')
        )
    return dict(given)


def contract_of(names: Iterable[str]) -> str | None:
    """Return the table whose contract a header meets, the one with most of its columns.

    A table of events needs who and when: what numbers events and what kind they are can be told
    from the rest of the file. Another one needs what its contract requires and two of its
    columns, one of which no other table has, or all of them.
    """
    present = set(names)
    best, most = None, 1
    for table in ("events", *PACK_TABLES):
        contract = get_table(table)
        events = table == "events"
        needed = ("timestamp", "member_id") if events else contract.required
        found = len(present.intersection(contract.column_names))
        whole = present.issuperset(contract.column_names)
        proper = events or whole or not present.isdisjoint(_PROPER[table])
        if present.issuperset(needed) and proper and found > most:
            best, most = table, found
    return best


def event_columns(given: Mapping[str, str], raw: RawTable, path: str | Path) -> dict[str, str]:
    """Return the column of each role: as given, else the one that bears the standard name."""
    columns = checked_columns(given, raw, path)
    present = [str(name) for name in raw.frame.columns]
    for role, standard in STANDARD.items():
        if role not in columns and standard in present:
            columns[role] = standard
    lacking = [role for role in ("time", "member") if role not in columns]
    if lacking:
        raise _not_said(lacking, present, columns, path)
    return columns


def _not_said(
    lacking: list[str], present: list[str], columns: Mapping[str, str], path: str | Path
) -> ColumnError:
    """Ask for the roles that are needed, with the columns that may play them."""
    taken = set(columns.values())
    likely = {}
    for role in _USUAL:
        if role not in columns:
            name = _likely(role, [name for name in present if name not in taken])
            if name is not None:
                likely[role] = name
                taken.add(name)
    asked = ", ".join(f'{role}="{shown(likely.get(role, "..."))}"' for role in lacking)
    others = [f'{role}="{shown(name)}"' for role, name in likely.items() if role not in lacking]
    more = " " + _("(and perhaps {others})").format(others=", ".join(others)) if others else ""
    return ColumnError(
        _(
            "{file}: say which column holds what, at least the date and the person: "
            "{asked}{more}; or give it the header of a table of cmlib.data.TABLES, such as posts, "
            "tickets or surveys; its columns are {present}."
        ).format(file=Path(path).name, asked=asked, more=more, present=listed(present, 30))
    )


def _likely(role: str, present: list[str]) -> str | None:
    plain = {_plain(name): name for name in reversed(present)}
    words = _USUAL[role].split()
    for word in words:
        if word in plain:
            return plain[word]
    close = nearest(words[0], plain) if role in ("time", "member") else None
    return None if close is None else plain[close]


def _plain(name: str) -> str:
    """Write createdAt, Created-at and "created at" alike."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", folded(apart)).strip("_")
