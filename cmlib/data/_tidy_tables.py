"""Read a table as platforms and spreadsheets export it: text first, then numbers and dates."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cmlib.data._column_roles import checked_columns
from cmlib.data._column_types import column_kind, decimal_of_file, refused, typed
from cmlib.data._numbers import Decimal
from cmlib.data._raw_table import Refused
from cmlib.data._reports import ReadReport, build_report
from cmlib.data._text_files import clean_cells, read_raw
from cmlib.data.frames import as_list
from cmlib.errors import unknown_choice

__all__ = ["Export", "read_table"]


class Export(NamedTuple):
    """A table and the report of how it was read."""

    table: pd.DataFrame
    report: ReadReport


def read_table(
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
        Columns to leave as they are written (references, post codes).
    sep, encoding, skip
        As in :func:`read`.

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

    See Also
    --------
    read : A community out of a file: who, when, in which conversation.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "export.csv"
    >>> _size = file.write_text("Mois;Portée;Taux\njanv.;1\u202f234,5;3,5 %\nfévr.;980;4 %\n")
    >>> table, report = read_table(file)
    >>> table
        Mois  Portée   Taux
    0  janv.  1234.5  0.035
    1  févr.   980.0  0.040
    """
    if decimal not in (None, ",", "."):
        raise unknown_choice("decimal", decimal, (",", "."))
    raw = read_raw(path, sep=sep, encoding=encoding, skip=skip)
    as_text = as_list(text)
    for column in as_text:
        checked_columns({"text": column}, raw, path)
    clean_cells(raw)
    kinds = {
        name: "text" if name in as_text else column_kind(raw.frame[name][~raw.missing(name)])
        for name in raw.frame.columns
    }
    mark = Decimal(decimal or decimal_of_file(raw, kinds))
    wrong: list[Refused] = []
    table = {}
    for name, kind in kinds.items():
        table[name] = typed(raw, name, kind, tz="UTC", day_first=day_first, decimal=mark)
        wrong += refused(raw, name, table[name])
    frame = pd.DataFrame(table)
    sources = {name: name for name in table}
    return Export(frame, build_report(raw, path, frame, sources, types=kinds, wrong=wrong))
