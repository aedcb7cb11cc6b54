"""From the columns of an export to the roles of an event log: who, what kind, which thread."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cmlib.data._text_files import RawTable
from cmlib.data.schema import get_table
from cmlib.errors import ColumnError, nearest, unknown_choice
from cmlib.i18n import _

__all__ = ["AUTHORS_DELETED", "KINDS", "as_ids", "kinds_of", "role_columns"]

AUTHORS_DELETED = ("[deleted]", "[removed]", "[supprimé]", "[supprimée]")
KINDS = next(column.choices for column in get_table("events").columns if column.name == "kind")
_WORDS = {
    "visit": "visit view pageview login connexion visite vue",
    "topic": "topic question thread discussion sujet fil",
    "reply": "reply answer comment response réponse reponse commentaire",
    "reaction": "reaction like vote upvote emoji réaction j'aime",
    "accept": "accept accepted solution solved résolu",
    "post": "post message msg",
}
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_WHOLE = r"-?(?:0|[1-9]\d{0,17})"
_ROUNDED = r"[+-]?\d+[.,]?\d*[eE][+-]?\d+"


def role_columns(given: Mapping[str, str], raw: RawTable, path: str | Path) -> dict[str, str]:
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
                ).format(role=role, column=column, file=Path(path).name, present=_listed(present))
            )
        message = _('{role}="{column}": {file} has no such column; it has {present}').format(
            role=role, column=column, file=Path(path).name, present=_listed(present)
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


def kinds_of(
    raw: RawTable,
    columns: Mapping[str, str],
    moments: pd.Series,
    kinds: Mapping[str, str],
    missing: frozenset[str],
) -> tuple[pd.Series, pd.Series]:
    """Return the kind of each event and where it is not known."""
    for kind in kinds.values():
        if kind not in KINDS:
            raise unknown_choice("kinds", kind, KINDS)
    placed = _by_place(raw.frame, columns, moments, missing)
    if "kind" not in columns:
        return placed, pd.Series(False, index=placed.index)
    words = raw.frame[columns["kind"]]
    known = {
        word: kinds.get(word, kinds.get(word.casefold(), _KIND_OF.get(word.casefold())))
        for word in words.unique()
    }
    unknown_words = [word for word, kind in known.items() if kind is None and word not in missing]
    if unknown_words:
        raw.notes.append(
            _("Kinds of event not known: {words}. Say what they are with kinds={example}.").format(
                words=_listed([repr(word) for word in unknown_words]),
                example="{" + repr(unknown_words[0]) + ': "reply"}',
            )
        )
    named = words.map(known).astype("str")
    named = named.mask(named == "post", placed)
    return named, named.isna()


def as_ids(
    raw: RawTable,
    columns: Mapping[str, str],
    missing: frozenset[str],
    deleted: frozenset[str],
) -> dict[str, pd.Series]:
    """Return the identifiers, whole numbers where all those of one family are."""
    empty = pd.Series("", index=raw.frame.index, dtype="str")
    text = {
        role: raw.frame[columns[role]] if role in columns else empty
        for role in ("event", "thread", "parent", "member", "receiver")
    }
    text = {
        role: cells.mask(cells.isin(missing | (deleted if role == "member" else frozenset())), "")
        for role, cells in text.items()
    }
    ids = _family(raw, {role: text[role] for role in ("event", "thread", "parent")})
    ids |= _family(raw, {role: text[role] for role in ("member", "receiver")})
    if "event" not in columns:
        ids["event"] = pd.Series(raw.lines, index=raw.frame.index, dtype="int64")
    authors = int(ids["member"].isna().sum())
    if authors:
        raw.notes.append(
            _("Events whose author is missing or deleted: {count}, kept without member.").format(
                count=authors
            )
        )
    return {f"{role}_id": values for role, values in ids.items()}


def _family(raw: RawTable, text: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """Convert together identifiers that refer to each other: all to Int64, or all text."""
    if any(cells.str.fullmatch(_ROUNDED).any() for cells in text.values()):
        raw.notes.append(
            _(
                "Identifiers such as 1.23E+17 were rounded by a spreadsheet: different ones may "
                "have become equal. Export again and do not open the file before reading it."
            )
        )
    if all(
        ((cells == "") | cells.str.fullmatch(_WHOLE + r"(?:\.0)?")).all() for cells in text.values()
    ):
        return {role: _whole(cells) for role, cells in text.items()}
    return {role: cells.mask(cells == "") for role, cells in text.items()}


def _whole(cells: pd.Series) -> pd.Series:
    if cells.str.endswith(".0").any():  # whole numbers that another program kept as 12.0
        cells = cells.str.removesuffix(".0")
    filled = cells != ""
    if filled.all():
        return cells.astype("int64").astype("Int64")
    numbers = pd.Series(pd.NA, index=cells.index, dtype="Int64")
    numbers[filled] = cells[filled].astype("int64")
    return numbers


def _by_place(
    frame: pd.DataFrame, columns: Mapping[str, str], moments: pd.Series, missing: frozenset[str]
) -> pd.Series:
    """Tell topics from replies by their place in the thread, or by the parent they name."""
    kinds = pd.Series("topic", index=frame.index, dtype="str")
    if "thread" in columns:
        threads = frame[columns["thread"]]
        in_order = threads[moments.argsort(kind="stable").to_numpy()]
        later = in_order.duplicated().reindex(frame.index) & ~threads.isin(missing)
        return kinds.mask(later, "reply")
    if "parent" in columns:
        return kinds.mask(~frame[columns["parent"]].isin(missing), "reply")
    return kinds


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:12])
    return shown if len(names) <= 12 else shown + ", ..."
