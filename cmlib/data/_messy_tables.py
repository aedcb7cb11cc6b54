"""Read a table as platforms and spreadsheets export it: text first, then numbers and dates."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cmlib.data._dates import DateOrder, check_zone, looks_like_dates, parse_times
from cmlib.data._event_roles import role_columns
from cmlib.data._numbers import Decimal, evidence, number_kind, parse_numbers
from cmlib.data._reports import ReadReport, build_report
from cmlib.data._text_files import MISSING_WORDS, RawTable, clean_cells, read_raw
from cmlib.errors import unknown_choice

__all__ = ["Export", "read_export"]

_MOSTLY = 0.8


class Export(NamedTuple):
    """A table and the report of how it was read."""

    table: pd.DataFrame
    report: ReadReport


def read_export(
    path: str | Path,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    text: Iterable[str] = (),
    sep: str | None = None,
    encoding: str | None = None,
    skip: int = 0,
) -> Export:
    r"""Read a table that a platform or a spreadsheet exported: numbers, euros, percentages, dates.

    Everything is read as text, spaces of every kind are tidied, then each column is converted
    where at least four cells in five are written as what it becomes. A cell that is not is
    missing in the table and listed in the report.

    Parameters
    ----------
    path : path
        The file: any separator, encoding and decimal mark.
    day_first : bool, optional
        Whether 01/02/2025 is 1 February. Needed only where nothing in the column shows it.
    decimal : {",", "."}, optional
        The decimal mark. Needed only where nothing in the file shows whether 1,234 is a
        thousand.
    text : iterable of str
        Columns to leave as they are written (phone numbers, post codes).
    sep, encoding, skip
        As in :func:`read_events`.

    Returns
    -------
    table : pandas.DataFrame
        The columns of the file, names trimmed: numbers and euros as float64 (Int64 where all are
        whole), percentages as shares (``12,5 %`` is 0.125), dates as datetime64[s] without zone
        (UTC where the file gives an offset), the rest as text.
    report : ReadReport
        ``report.columns`` says what each column became.

    Raises
    ------
    FileError
        When the file is missing, empty or not a table.
    TableError
        When the order of day and month, or the decimal mark, must be said.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "export.csv"
    >>> _size = file.write_text("Mois;Portée;Taux\njanv.;1\u202f234,5;3,5 %\nfévr.;980;4 %\n")
    >>> table, report = read_export(file)
    >>> table
        Mois  Portée   Taux
    0  janv.  1234.5  0.035
    1  févr.   980.0  0.040
    """
    if decimal not in (None, ",", "."):
        raise unknown_choice("decimal", decimal, (",", "."))
    raw = read_raw(path, sep=sep, encoding=encoding, skip=skip)
    as_text = [text] if isinstance(text, str) else list(text)
    for column in as_text:
        role_columns({"text": column}, raw, path)
    clean_cells(raw)
    mark = Decimal(decimal)
    kinds = {}
    for name in raw.frame.columns:
        filled = raw.frame[name][~raw.frame[name].isin(MISSING_WORDS)]
        kinds[name] = "text" if name in as_text else _column_kind(filled)
    if mark.mark is None:
        mark.mark = _decimal_of_file(raw, kinds)
    wrong: list[tuple[int, str, str]] = []
    table, sources = {}, {}
    for name, becomes in kinds.items():
        cells = raw.frame[name]
        missing = cells.isin(MISSING_WORDS)
        cells = cells.mask(missing, "")
        if becomes == "date":
            order = DateOrder(day_first)
            values = parse_times(
                cells, column=name, zone=check_zone("UTC"), order=order, epochs=False
            )
            raw.notes += order.notes
        elif becomes == "text":
            values = cells.mask(missing)
        elif becomes == "whole number":
            values = cells.mask(missing).astype("Int64")
        else:
            values = parse_numbers(cells, column=name, kind=becomes, decimal=mark)
        refused = (values.isna() & ~missing).to_numpy()
        wrong += [
            (int(line), name, cell)
            for line, cell in zip(raw.lines[refused], cells[refused], strict=True)
        ]
        table[name], sources[name] = values, name
    frame = pd.DataFrame(table)
    return Export(frame, build_report(raw, path, frame, sources, kinds=kinds, wrong=wrong))


def _column_kind(cells: pd.Series) -> str:
    """Return what the filled cells of a column are, four in five at least."""
    if not len(cells):
        return "text"
    if cells.str.fullmatch(r"[+-]?\d+").all():
        coded = cells.str.fullmatch(
            r"[+-]?(?:0\d+|\d{19,})"
        ).any()  # a post code, a long identifier
        return "text" if coded else "whole number"
    if looks_like_dates(cells) >= _MOSTLY:
        return "date"
    if cells.str.fullmatch(r"0\d+").any():
        return "text"
    kind, share = number_kind(cells)
    return kind if kind is not None and share >= _MOSTLY else "text"


def _decimal_of_file(raw: RawTable, kinds: dict[str, str]) -> str | None:
    """Return the decimal mark that the whole file shows; a semicolon as separator shows a comma."""
    shown: set[str] = set()
    for name, kind in kinds.items():
        if kind in ("number", "percent", "euro"):
            shown |= evidence(raw.frame[name])
    if len(shown) == 1:
        return shown.pop()
    return "," if not shown and raw.separator == ";" else None
