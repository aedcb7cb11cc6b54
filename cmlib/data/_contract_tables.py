"""Read a file whose header is that of a contract: posts, tickets, surveys, members..."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cmlib.data._column_types import decimal_of_file, refused
from cmlib.data._date_shapes import folded
from cmlib.data._dates import DateOrder, far_dates, parse_times
from cmlib.data._extra_columns import extra_columns
from cmlib.data._ids import as_family, one_spelling
from cmlib.data._numbers import Decimal, number_kind, parse_numbers
from cmlib.data._raw_table import RawTable
from cmlib.data._reports import ReadReport, build_report
from cmlib.data._set_aside import check_some_left, dated_rows, set_duplicates_aside
from cmlib.data.schema import Column, get_table
from cmlib.data.values import EXACT, NO, YES
from cmlib.errors import TableError
from cmlib.messages import _

__all__ = ["contract_table"]

_DATED = {  # the date without which a row says nothing
    "tickets": "opened_at",
    "campaigns": "sent_at",
    "feedback": "timestamp",
    "moderation": "reported_at",
    "mentions": "timestamp",
    "orders": "timestamp",
    "time_log": "started_at",
    "surveys": "timestamp",
}


def contract_table(
    raw: RawTable,
    table: str,
    path: str | Path,
    *,
    tz: str,
    day_first: bool | None,
    duplicates: str | None,
    since: int | None = None,
    until: int | None = None,
) -> tuple[pd.DataFrame, ReadReport]:
    """Give the columns of a contract their types; cells that do not fit are missing and listed.

    Rows without the date that dates them are set aside, and so are repeated ones.
    """
    contract = get_table(table)
    present = [column for column in contract.columns if column.name in raw.frame.columns]
    names = [column.name for column in present]
    for column in present:
        if column.kind == "id":
            one_spelling(raw, column.name)
    key = contract.key if contract.key in names else None
    set_duplicates_aside(raw, key, duplicates)
    moments, dated = None, _DATED.get(table)
    if dated in names:
        moments = dated_rows(raw, dated, tz=tz, day_first=day_first, since=since, until=until)
    check_some_left(raw, path)
    kinds = {name: _number_kind(raw, name) for name in names}
    decimal = decimal_of_file(raw, kinds)
    values: dict[str, pd.Series] = {}
    for column in present:
        if column.name == dated and moments is not None:
            values[column.name] = moments
        else:
            values[column.name] = _converted(raw, column, tz, day_first, decimal)
    wrong = [cell for name in names for cell in refused(raw, name, values[name])]
    extras, sources, became, more = extra_columns(
        raw,
        [str(name) for name in raw.frame.columns if name not in values],
        reserved=(),
        as_text=(),
        tz=tz,
        day_first=day_first,
    )
    frame = pd.DataFrame({**values, **extras})
    sources |= {name: name for name in names}
    report = build_report(raw, path, frame, sources, types=became, wrong=[*wrong, *more])
    return frame, report


def _converted(
    raw: RawTable, column: Column, tz: str, day_first: bool | None, decimal: str | None
) -> pd.Series:
    missing = raw.missing(column.name)
    cells = raw.frame[column.name].mask(missing, "")
    if column.kind == "time":
        order = DateOrder(day_first)
        moments = parse_times(cells, column=column.name, tz=tz, order=order)
        raw.notes += order.notes
        return moments.mask(pd.Series(far_dates(moments), index=moments.index))
    if column.kind == "id":
        return as_family(raw, {column.name: cells})[column.name]
    if column.kind == "flag":
        return cells.map({cell: _flag(cell) for cell in cells.unique()}).astype("boolean")
    if column.kind == "number":
        return _numbers(raw, column.name, cells, decimal)
    if column.kind == "integer":
        # In a column of whole numbers, a mark before three digits stands for a thousand.
        points = cells.str.contains(".", regex=False).any()
        numbers = _numbers(raw, column.name, cells, "," if points else ".")
        whole = (numbers % 1 == 0) & (numbers.abs() < EXACT)
        return numbers.where(whole).astype("Int64")
    return cells.mask(missing)


def _numbers(raw: RawTable, name: str, cells: pd.Series, decimal: str | None) -> pd.Series:
    kind = _number_kind(raw, name)
    try:
        return parse_numbers(cells, column=name, kind=kind, decimal=Decimal(decimal))
    except TableError as error:
        raise TableError(
            _("{why} Say it to data.read_table, then give the table to data.community.").format(
                why=str(error)
            )
        ) from error


def _number_kind(raw: RawTable, name: str) -> str:
    return number_kind(raw.frame[name][~raw.missing(name)])[0] or "number"


def _flag(cell: str) -> bool | None:
    word = folded(cell)
    return True if word in YES else False if word in NO else None
