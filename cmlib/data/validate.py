"""Check a table against its contract and give it the contract's types."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.data.frames import open_frame
from cmlib.data.schema import Column, Table, get_table
from cmlib.errors import TableError, missing_column
from cmlib.messages import _

__all__ = ["check_types", "validate"]


def validate(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Check that `table` holds what the contract of the table `name` says.

    Parameters
    ----------
    table : pandas.DataFrame
        The table to check. It is not changed. Columns beyond the contract are kept.
    name : str
        Name of the contract: ``"members"``, ``"events"``, ...

    Returns
    -------
    pandas.DataFrame
        The columns of the contract first, in its order and with its types.

    Raises
    ------
    ParameterError
        When no contract has that name.
    ColumnError
        When a column is missing: the message gives the nearest name and how to rename it.
    TableError
        When a column holds values that its contract does not accept.

    Examples
    --------
    >>> costs = pd.DataFrame(
    ...     {"month": ["2025-01"], "item": ["tools"], "amount_eur": ["40"], "hours": [0]}
    ... )
    >>> validate(costs, "costs").dtypes["amount_eur"]
    dtype('float64')
    """
    contract = get_table(name)
    for column in contract.columns:
        if column.name not in table.columns:
            raise missing_column(column.name, table.columns)
    checked = {
        column.name: _checked(table[column.name], column, contract) for column in contract.columns
    }
    extra = {label: table[label] for label in table.columns if label not in checked}
    result = pd.DataFrame({**checked, **extra}).reset_index(drop=True)
    if contract.key is not None:
        _check_key(result[contract.key], contract)
    return result


def check_types(table: IntoFrame, name: str) -> None:
    """Check the names and the types of a table of any engine; its values are not read.

    Raises
    ------
    ColumnError
        When a required column is missing.
    TableError
        When a column holds another type than its contract says.
    """
    contract = get_table(name)
    types = open_frame(table).collect_schema()
    for required in contract.required:
        if required not in types:
            raise missing_column(required, list(types))
    for column in (*contract.columns, *contract.beyond):
        if column.name in types and not _has_type(types[column.name], column):
            raise _refused(column, contract, str(types[column.name]), _kind_text(column))


def _has_type(dtype: Any, column: Column) -> bool:
    if dtype == nw.Unknown or dtype == nw.Object:  # such as a zone narwhals cannot name
        return True
    if column.kind == "id":
        return bool(dtype.is_numeric()) or dtype in (nw.String, nw.Categorical, nw.Enum)
    if column.kind in ("integer", "number"):
        return bool(dtype.is_numeric())
    if column.kind == "time":
        return bool(dtype.is_temporal() or dtype.is_integer())
    if column.kind == "flag":
        return dtype == nw.Boolean or bool(dtype.is_integer())
    return dtype in (nw.String, nw.Categorical, nw.Enum)


def _checked(values: pd.Series, column: Column, table: Table) -> pd.Series:
    missing = values.isna()
    if missing.any() and not column.nullable:
        raise _refused(
            column,
            table,
            _("{count} empty cells").format(count=int(missing.sum())),
            _("no empty cell"),
        )
    converted = _converted(values, column, table)
    if column.choices:
        wrong = converted[~missing & ~converted.isin(column.choices)]
        if len(wrong):
            raise _refused(column, table, repr(wrong.iloc[0]), ", ".join(column.choices))
    for limit, bad in (
        (column.minimum, lambda x, low: x < low),
        (column.maximum, lambda x, high: x > high),
    ):
        if limit is None:
            continue
        wrong = converted[bad(converted, limit).fillna(False).astype(bool)]
        if len(wrong):
            raise _refused(column, table, repr(wrong.iloc[0].item()), _range_text(column))
    return converted


def _converted(values: pd.Series, column: Column, table: Table) -> pd.Series:
    try:
        return _cast(values, column)
    except (ValueError, TypeError) as error:
        example = next(value for value in values if not _fits(value, column))
        raise _refused(column, table, repr(example), _kind_text(column)) from error


def _cast(values: pd.Series, column: Column) -> pd.Series:
    if column.kind == "time":
        times = pd.to_datetime(values, format="ISO8601")
        if times.dt.tz is not None:
            times = times.dt.tz_convert("UTC").dt.tz_localize(None)
        return times.astype(column.pandas_type)
    if column.kind == "choice" and isinstance(values.dtype, pd.CategoricalDtype):
        return values
    return values.astype(column.pandas_type)


def _fits(value: object, column: Column) -> bool:
    try:
        _cast(pd.Series([value]), column)
    except (ValueError, TypeError):
        return False
    return True


def _check_key(values: pd.Series, table: Table) -> None:
    twice = values[values.duplicated()]
    if len(twice):
        raise TableError(
            _(
                "Table {table}: {column} identifies a row, and {count} rows repeat one, "
                "for example {example}. Remove the repeats with "
                'table.drop_duplicates("{column}").'
            ).format(table=table.name, column=table.key, count=len(twice), example=twice.iloc[0])
        )


def _refused(column: Column, table: Table, given: str, accepted: str) -> TableError:
    return TableError(
        _(
            "Table {table}, column {column}: {given} is not accepted. "
            "It holds: {about}. Accepted: {accepted}."
        ).format(
            table=table.name,
            column=column.name,
            given=given,
            about=_(column.about),
            accepted=accepted,
        )
    )


def _range_text(column: Column) -> str:
    if column.maximum is None:
        return _("numbers from {low} up").format(low=column.minimum)
    return _("numbers from {low} to {high}").format(low=column.minimum, high=column.maximum)


def _kind_text(column: Column) -> str:
    return {
        "id": _("whole numbers"),
        "integer": _("whole numbers"),
        "number": _("numbers"),
        "time": _("dates and times such as 2025-03-01 14:30:00"),
        "month": _("months such as 2025-03"),
        "flag": _("True or False"),
    }.get(column.kind, _("text"))
