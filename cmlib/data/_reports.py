"""What was read from a file, what was set aside and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cmlib.data._raw_table import REASONS, RawTable, Refused, shown
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = ["ReadReport", "build_report"]


@dataclass(frozen=True, repr=False)
class ReadReport:
    """What was read from a file, what was set aside and why.

    ``rows_read + rows_set_aside == rows_in_file``, always. Of a row set aside it keeps the line
    and the cell at fault; the other cells may be somebody's words or address.

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
        ``column`` and ``cell`` (the one at fault, empty where the whole row is).
    cells_set_aside : pandas.DataFrame
        One row a cell that the type of its column does not accept and that is missing in the
        table: ``line``, ``column``, ``cell``.
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
            ``line``, ``column`` and ``example`` (the cell at fault in the first row concerned).
        """
        grouped = self.set_aside.groupby("reason", sort=False)
        table = grouped.agg(
            rows=("line", "size"),
            line=("line", "first"),
            column=("column", "first"),
            example=("cell", "first"),
        )
        table = table.reset_index().sort_values(["rows", "line"], ascending=[False, True])
        table.insert(1, "why", [_(REASONS[reason]) for reason in table["reason"]])
        return table.reset_index(drop=True)

    def __str__(self) -> str:
        lines = [
            _("{path}: {format}, {encoding}, separator {separator}").format(
                path=shown(self.path, 200),
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
        lines += [f"  - {sentence}" for sentence in self.sentences()]
        if len(self.cells_set_aside):
            lines.append(
                _("{count} cells are missing because their column does not accept them").format(
                    count=format_number(len(self.cells_set_aside))
                )
            )
            lines += [
                "  - "
                + _("line {line}, column {column}: {cell}").format(
                    line=row.line, column=shown(row.column), cell=shown(row.cell)
                )
                for row in self.cells_set_aside.head(3).itertuples()
            ]
        lines += [f"  * {note}" for note in self.notes]
        return "\n".join(lines)

    __repr__ = __str__

    def sentences(self) -> list[str]:
        """Say in one sentence a reason how many rows were set aside.

        Returns
        -------
        list of str
            With the first line concerned, and the cell at fault where there is one.
        """
        said = []
        for row in self.reasons().itertuples():
            text = _("{rows} x {why}, first on line {line}").format(
                rows=format_number(row.rows), why=row.why, line=row.line
            )
            said.append(f"{text}: {shown(row.example)}" if row.example else text)
        return said


def build_report(
    raw: RawTable,
    path: str | Path,
    table: pd.DataFrame,
    sources: Mapping[str, str],
    *,
    types: Mapping[str, str] | None = None,
    wrong: Iterable[Refused] = (),
) -> ReadReport:
    """Say what became of a file; `sources` names the column of the file behind each column."""
    types = {**{name: str(table[name].dtype) for name in table.columns}, **(types or {})}
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
    cells = list(wrong)
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
                "cell": pd.Series([cell[2] for cell in cells], dtype="str"),
            }
        ),
        columns=columns,
        notes=tuple(raw.notes),
    )
