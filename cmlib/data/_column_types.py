"""From a column of text to numbers, dates or text, as most of its cells are written."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cmlib.data._dates import DateOrder, looks_like_dates, parse_times
from cmlib.data._numbers import Decimal, evidence, number_kind, parse_numbers
from cmlib.data._raw_table import RawTable, Refused

__all__ = ["column_kind", "decimal_of_file", "refused", "typed"]

_MOSTLY = 0.8


def column_kind(cells: pd.Series) -> str:
    """Return what the filled cells of a column are, four in five at least."""
    if not len(cells):
        return "text"
    if cells.str.fullmatch("[+-]?[0-9]+").all():
        # a post code, a long identifier, a phone number
        coded = cells.str.fullmatch(r"[+-]?(?:0[0-9]+|[0-9]{19,})|\+[0-9]{8,}").any()
        return "text" if coded else "whole number"
    if looks_like_dates(cells) >= _MOSTLY:
        return "date"
    if cells.str.fullmatch("0[0-9]+").any():
        return "text"
    kind, share = number_kind(cells)
    return kind if kind is not None and share >= _MOSTLY else "text"


def decimal_of_file(raw: RawTable, kinds: Mapping[str, str]) -> str | None:
    """Return the decimal mark that the whole file shows; a semicolon as separator shows a comma."""
    shown: set[str] = set()
    for name, kind in kinds.items():
        if kind in ("number", "percent", "euro"):
            shown |= evidence(raw.frame[name])
    if len(shown) == 1:
        return shown.pop()
    return "," if not shown and raw.separator == ";" else None


def typed(
    raw: RawTable, name: str, kind: str, *, tz: str, day_first: bool | None, decimal: Decimal
) -> pd.Series:
    """Convert one column to its kind; a cell that is not of that kind is missing."""
    missing = raw.missing(name)
    cells = raw.frame[name].mask(missing, "")
    if kind == "date":
        order = DateOrder(day_first)
        values = parse_times(cells, column=name, tz=tz, order=order, epochs=False)
        raw.notes += order.notes
        return values
    if kind == "text":
        return cells.mask(missing)
    if kind == "whole number":
        return cells.str.removeprefix("+").mask(missing).astype("Int64")
    return parse_numbers(cells, column=name, kind=kind, decimal=decimal)


def refused(raw: RawTable, name: str, values: pd.Series) -> list[Refused]:
    """List the cells that hold something and are missing in `values`."""
    lost = (values.isna() & ~raw.missing(name)).to_numpy()
    cells = raw.frame[name][lost]
    return [(int(line), name, cell) for line, cell in zip(raw.lines[lost], cells, strict=True)]
