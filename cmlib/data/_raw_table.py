"""A file as cells of text, the line of each row, and the rows set aside so far with the reason.

The readers of each format fill it; the readers of columns empty it. It imports none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cmlib.messages import N_

__all__ = ["MISSING_WORDS", "REASONS", "Ledger", "RawTable", "Refused", "listed", "shown"]

MISSING_WORDS = frozenset(
    {"", "NA", "N/A", "n/a", "NULL", "null", "None", "NaN", "nan", "<NA>", "\\N", "-", "–"}
)
REASONS = {
    "blank_line": N_("blank line"),
    "cells_missing": N_("fewer cells than the header"),
    "cells_too_many": N_("more cells than the header"),
    "quote_not_closed": N_("a quotation mark opens and never closes"),
    "cell_too_long": N_("a cell holds more than 131,072 characters"),
    "not_json": N_("not a JSON object"),
    "time_missing": N_("no date"),
    "time_not_understood": N_("date or time not understood"),
    "time_far": N_("date far from all the others"),
    "duplicate_row": N_("same as an earlier row"),
    "duplicate_id": N_("number already used by a different row"),
    "kind_not_known": N_("kind of event not known"),
}
Refused = tuple[int, str, str]  # line, column, cell


class Ledger:
    """The rows set aside: line in the file, reason, and the cell at fault where there is one.

    The other cells of a row may hold a message, a name or an address: they are not kept.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, str, str]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(
        self, reason: str, lines: Iterable[int], column: str = "", cells: Iterable[str] = ()
    ) -> None:
        """Set rows aside for one reason; `cells` are those of `column`, one a line."""
        numbers = [int(line) for line in lines]
        faulty = list(cells) or [""] * len(numbers)
        self._rows.extend(
            (line, reason, column, cell) for line, cell in zip(numbers, faulty, strict=True)
        )

    def table(self) -> pd.DataFrame:
        """One row a row set aside, in the order of the file."""
        rows = sorted(self._rows)
        columns = zip(*rows, strict=True) if rows else ((), (), (), ())
        types = {"line": "int64", "reason": "str", "column": "str", "cell": "str"}
        return pd.DataFrame(
            {
                name: pd.Series(list(values), dtype=dtype)
                for (name, dtype), values in zip(types.items(), columns, strict=True)
            }
        )


@dataclass
class RawTable:
    """Text cells by column, the line each row starts on, and the rows set aside so far."""

    frame: pd.DataFrame
    lines: np.ndarray
    rows_in_file: int
    file_format: str
    encoding: str
    separator: str
    ledger: Ledger = field(default_factory=Ledger)
    notes: list[str] = field(default_factory=list)

    def missing(self, column: str) -> pd.Series:
        """Tell where the cells of a column stand for nothing."""
        return self.frame[column].isin(MISSING_WORDS)

    def drop(self, mask: np.ndarray, reason: str, column: str = "") -> None:
        """Set aside the rows where `mask` is true; `column` is the one at fault."""
        if mask.any():
            cells = self.frame[column][mask] if column else ()
            self.ledger.add(reason, self.lines[mask], column, cells)
            self.frame = self.frame[~mask].reset_index(drop=True)
            self.lines = self.lines[~mask]


def shown(cell: str, width: int = 60) -> str:
    """Write a cell so that a screen can show it: short, without control or direction marks."""
    text = "".join(
        character if character.isprintable() else f"\\u{ord(character):04x}"
        for character in cell.strip()[: width + 1]
    )
    return text if len(text) <= width else text[: width - 3] + "..."


def listed(names: Iterable[str], most: int = 12) -> str:
    """Write some names with commas, and dots for the rest."""
    every = [shown(str(name)) for name in names]
    return ", ".join(every[:most]) + (", ..." if len(every) > most else "")
