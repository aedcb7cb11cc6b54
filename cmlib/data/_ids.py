"""Ids as a file writes them: one spelling a person, whole numbers where all are, bots told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cmlib.data._raw_table import RawTable, listed
from cmlib.data.people import WORDS
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = [
    "as_family",
    "numbered",
    "one_spelling",
    "tell_bots",
    "whole_numbers",
    "whole_text",
    "within",
]

_WHOLE = r"-?(?:0|[1-9]\d{0,17})"
_ROUNDED = r"[+-]?\d+[.,]?\d*[eE][+-]?\d+"
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BOT = r"(?i).*bot\d*|.*\[bot\]|.*[ _.\-]bot[ _.\-].*|bot[ _.\-].*|system|système|-\d+"


def one_spelling(raw: RawTable, column: str) -> int:
    """Compose accents and tidy the spaces inside ids, in place; return how many were merged."""
    cells = raw.frame[column]
    text = pa.array(cells, type=pa.large_string())
    if pc.all(pc.string_is_ascii(text)).as_py() is not False:
        odd = pc.match_substring_regex(text, r"\s\s|[\t\r\n]")
        if not pc.any(odd).as_py():
            return 0
    unique = pd.Series(cells.unique(), dtype="str")
    tidy = unique.map(_tidied)
    raw.frame[column] = cells.map(dict(zip(unique, tidy, strict=True))).astype("str")
    return len(unique) - tidy.nunique()


def whole_numbers(cells: pd.Series) -> tuple[np.ndarray, np.ndarray] | None:
    """Read ids that are all whole numbers: their values, and which cells are not empty.

    None where one of them is anything else.
    """
    text = pa.array(cells, type=pa.large_string())
    empty = pc.equal(text, "")
    whole = pc.match_substring_regex(text, f"^(?:{_WHOLE})$")
    if not pc.all(pc.or_(empty, whole)).as_py():
        return None
    filled = pc.if_else(empty, "0", text)
    return pc.cast(filled, pa.int64()).to_numpy(), ~empty.to_numpy(zero_copy_only=False)


def within(cells: pd.Series, others: pd.Series) -> pd.Series:
    """Tell which cells occur among `others`: many times faster than ``isin`` for text."""
    place = pd.Index(others.unique()).get_indexer(pd.Index(cells))
    return pd.Series(place >= 0, index=cells.index)


def as_family(raw: RawTable, cells: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    """Convert together ids that refer to each other: all to whole numbers, or all text.

    An empty cell becomes a missing id.
    """
    numbers = {name: whole_numbers(column) for name, column in cells.items()}
    if all(found is not None for found in numbers.values()):
        return {name: _as_int64(*found) for name, found in numbers.items() if found is not None}
    if any(column.str.fullmatch(_ROUNDED).any() for column in cells.values()):
        raw.notes.append(
            _(
                "Identifiers such as 1.23E+17 were rounded by a spreadsheet: different ones may "
                "have become equal. Export again and do not open the file before reading it."
            )
        )
    if all(
        ((column == "") | column.str.fullmatch(_WHOLE + r"(?:\.0)?")).all()
        for column in cells.values()
    ):
        return {name: _as_whole(column) for name, column in cells.items()}
    return {name: column.mask(column == "") for name, column in cells.items()}


def numbered(raw: RawTable, event: pd.Series) -> pd.Series:
    """Give a number to the events of a numbered file that have none: after the last, or a line."""
    without = (event == "").to_numpy()
    if not without.any():
        return event
    raw.notes.append(
        _("Events without number: {count}, numbered here after the others.").format(
            count=format_number(int(without.sum()))
        )
    )
    if event[~without].str.fullmatch(_WHOLE).all():
        last = int(event[~without].astype("int64").max()) if not without.all() else 0
        new = pd.Series(np.arange(last + 1, last + 1 + without.sum()), dtype="int64").astype("str")
    else:
        new = pd.Series([f"line {line}" for line in raw.lines[without]], dtype="str")
    event = event.copy()
    event[without] = new.to_numpy()
    return event


def whole_text(cells: pd.Series) -> pd.Series:
    """Write 12.0, a whole number that another program kept as a float, as 12."""
    return cells.str.replace(r"^(-?\d+)\.0$", r"\1", regex=True)


def tell_bots(raw: RawTable, members: pd.Series, left_out: Iterable[object]) -> None:
    """Report the accounts whose name is that of a bot; they count until somebody says otherwise."""
    names = members.dropna()
    unique = pd.Series(names.unique())
    text = unique.astype("str")
    known = {str(one) for one in left_out}
    bots = unique[(text.str.fullmatch(_BOT) & ~text.isin(known)).to_numpy(dtype=bool)]
    if not len(bots) or len(bots) == len(unique):
        return
    events = int(names.isin(bots).sum())
    raw.notes.append(
        _(
            "Accounts whose name is that of a bot or of the platform: {names} ({count} events). "
            "They are counted; without={option} leaves them out."
        ).format(
            names=listed(bots, 5),
            count=format_number(events),
            option=[_by_hand(one) for one in bots[:5].tolist()],
        )
    )


def _by_hand(one: object) -> object:
    """Write an id as `without=` takes it: in a list of its own where it is one of its words."""
    return [one] if one in WORDS else one


def _tidied(cell: str) -> str:
    return " ".join(_DIRECTION.sub("", unicodedata.normalize("NFC", cell)).split())


def _as_int64(values: np.ndarray, known: np.ndarray) -> pd.Series:
    return pd.Series(pd.arrays.IntegerArray(values.copy(), ~known))


def _as_whole(cells: pd.Series) -> pd.Series:
    filled = cells != ""
    numbers = pd.Series(pd.NA, index=cells.index, dtype="Int64")
    if filled.any():
        numbers[filled] = cells[filled].str.removesuffix(".0").astype("int64")
    return numbers
