"""What was read from a file, what was set aside and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cmlib.i18n import N_, _, format_number

if TYPE_CHECKING:
    from cmlib.data._text_files import RawTable

__all__ = ["REASONS", "Ledger", "ReadReport", "build_report"]

REASONS = {
    "blank_line": N_("blank line"),
    "cells_missing": N_("fewer cells than the header"),
    "cells_too_many": N_("more cells than the header"),
    "quote_not_closed": N_("a quotation mark opens and never closes"),
    "cell_too_long": N_("a cell holds more than 131,072 characters"),
    "not_json": N_("not a JSON object"),
    "time_missing": N_("no date"),
    "time_not_understood": N_("date or time not understood"),
    "duplicate_row": N_("same as an earlier row"),
    "duplicate_id": N_("event number already used by a different row"),
    "kind_not_known": N_("kind of event not known"),
}


class Ledger:
    """The rows set aside, each with one reason, its line in the file and its text."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, str]] = []

    def add(self, reason: str, lines: Iterable[int], texts: Iterable[str]) -> None:
        """Set rows aside for one reason."""
        self._rows.extend(
            (int(line), reason, text) for line, text in zip(lines, texts, strict=True)
        )

    def __len__(self) -> int:
        return len(self._rows)

    def table(self) -> pd.DataFrame:
        """One row a row set aside, in the order of the file."""
        rows = sorted(self._rows)
        return pd.DataFrame(
            {
                "line": pd.Series([row[0] for row in rows], dtype="int64"),
                "reason": pd.Series([row[1] for row in rows], dtype="str"),
                "text": pd.Series([row[2] for row in rows], dtype="str"),
            }
        )


@dataclass(frozen=True, repr=False)
class ReadReport:
    """What was read from a file, what was set aside and why.

    ``rows_read + rows_set_aside == rows_in_file``, always.

    Attributes
    ----------
    path : str
        The file.
    file_format : {"text", "json lines", "json", "parquet"}
    encoding : str
        How the characters were encoded; ``"-"`` for Parquet.
    separator : str
        What stands between two cells; ``"spaces"`` for white space, ``"-"`` without cells.
    rows_in_file : int
        Rows after the header, blank lines included. A row whose quoted text runs over
        several lines is one row.
    rows_read : int
        Rows of the table that was given back.
    set_aside : pandas.DataFrame
        One row a row set aside: ``line`` (first line of the row, from 1), ``reason`` (a code),
        ``text`` (what the file holds there).
    cells_set_aside : pandas.DataFrame
        One row a cell that the type of its column does not accept and that is missing in the
        table: ``line``, ``column``, ``text``.
    columns : pandas.DataFrame
        One row a column of the table: ``column``, ``source`` (its name in the file), ``type``,
        ``missing`` (empty cells).
    notes : tuple of str
        What was decided or corrected on the way, in sentences.
    """

    path: str
    file_format: str
    encoding: str
    separator: str
    rows_in_file: int
    rows_read: int
    set_aside: pd.DataFrame = field(hash=False)
    cells_set_aside: pd.DataFrame = field(hash=False)
    columns: pd.DataFrame = field(hash=False)
    notes: tuple[str, ...] = ()

    @property
    def rows_set_aside(self) -> int:
        """How many rows are not in the table."""
        return len(self.set_aside)

    def reasons(self) -> pd.DataFrame:
        """Count the rows set aside by reason.

        Returns
        -------
        pandas.DataFrame
            The most frequent reason first: ``reason`` (a code), ``why`` (in words), ``rows``,
            ``line`` and ``example`` (the first row concerned).
        """
        grouped = self.set_aside.groupby("reason", sort=False)
        table = grouped.agg(
            rows=("line", "size"), line=("line", "first"), example=("text", "first")
        )
        table = table.reset_index().sort_values(["rows", "line"], ascending=[False, True])
        table.insert(1, "why", [_(REASONS[reason]) for reason in table["reason"]])
        return table.reset_index(drop=True)

    def __str__(self) -> str:
        lines = [
            _("{path}: {format}, {encoding}, separator {separator}").format(
                path=self.path,
                format=self.file_format,
                encoding=self.encoding,
                separator=repr(self.separator),
            ),
            _("{total} rows in the file = {read} read + {aside} set aside").format(
                total=format_number(self.rows_in_file),
                read=format_number(self.rows_read),
                aside=format_number(self.rows_set_aside),
            ),
        ]
        for row in self.reasons().itertuples():
            example = str(row.example).strip()
            example = example if len(example) <= 60 else example[:57] + "..."
            lines.append(
                "  - "
                + _("{rows} x {why}, first on line {line}: {example}").format(
                    rows=format_number(row.rows), why=row.why, line=row.line, example=example
                )
            )
        if len(self.cells_set_aside):
            lines.append(
                _("{count} cells are missing because their column does not accept them").format(
                    count=format_number(len(self.cells_set_aside))
                )
            )
            for cell in self.cells_set_aside.head(3).itertuples():
                lines.append(
                    "  - "
                    + _("line {line}, column {column}: {text}").format(
                        line=cell.line, column=cell.column, text=cell.text
                    )
                )
        lines += [f"  * {note}" for note in self.notes]
        return "\n".join(lines)

    __repr__ = __str__


def build_report(
    raw: RawTable,
    path: str | Path,
    table: pd.DataFrame,
    sources: dict[str, str],
    *,
    kinds: dict[str, str] | None = None,
    wrong: list[tuple[int, str, str]] | None = None,
) -> ReadReport:
    """Say what became of a file; `sources` names the column of the file behind each column."""
    types = kinds or {name: str(table[name].dtype) for name in table.columns}
    columns = pd.DataFrame(
        {
            "column": pd.Series(list(table.columns), dtype="str"),
            "source": pd.Series([sources.get(name, "-") for name in table.columns], dtype="str"),
            "type": pd.Series([types[name] for name in table.columns], dtype="str"),
            "missing": pd.Series(
                [int(table[name].isna().sum()) for name in table.columns], dtype="int64"
            ),
        }
    )
    cells = wrong or []
    return ReadReport(
        path=str(path),
        file_format=raw.file_format,
        encoding=raw.encoding,
        separator=raw.separator,
        rows_in_file=raw.rows_in_file,
        rows_read=len(table),
        set_aside=raw.ledger.table(),
        cells_set_aside=pd.DataFrame(
            {
                "line": pd.Series([cell[0] for cell in cells], dtype="int64"),
                "column": pd.Series([cell[1] for cell in cells], dtype="str"),
                "text": pd.Series([cell[2] for cell in cells], dtype="str"),
            }
        ),
        columns=columns,
        notes=tuple(raw.notes),
    )
