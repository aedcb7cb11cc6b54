"""Checks of the arguments that the value models share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from cmlib.errors import ColumnError, ParameterError, missing_column
from cmlib.messages import _

_NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal", "boolean", "empty")


def number(name: str, given: Any) -> float:
    """Return `given` as a finite float."""
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise ParameterError(
            _("{parameter}={given!r} is not accepted. Give a number.").format(
                parameter=name, given=given
            )
        )
    return value


def at_least(name: str, given: Any, minimum: float = 0.0) -> float:
    """Return `given` as a float that is not below `minimum`."""
    value = number(name, given)
    if value < minimum:
        raise ParameterError(
            _("{parameter}={given} is not accepted. Give a number from {low} up.").format(
                parameter=name, given=given, low=f"{minimum:g}"
            )
        )
    return value


def share(name: str, given: Any) -> float:
    """Return `given` as a share between 0 and 1; catch a percentage by name."""
    value = number(name, given)
    if 0.0 <= value <= 1.0:
        return value
    message = _(
        "{parameter}={given} is not accepted. A share lies between 0 and 1: 43% is written 0.43."
    ).format(parameter=name, given=given)
    if 1.0 < value <= 100.0:
        message += " " + _("If you meant {given}%, write {share}.").format(
            given=f"{value:g}", share=f"{value / 100:g}"
        )
    raise ParameterError(message)


def level_between(given: Any) -> float:
    """Return the level of an interval, strictly between 0 and 1."""
    value = share("level", given)
    if value in (0.0, 1.0):
        raise ParameterError(
            _("level={level!r} is not accepted. Give a share such as 0.95.").format(level=given)
        )
    return value


def whole(name: str, given: Any, minimum: int = 0) -> int:
    """Return `given` as a whole number that is not below `minimum`."""
    value = at_least(name, given, minimum)
    if not value.is_integer():
        raise ParameterError(
            _("{parameter}={given} is not accepted. Give a whole number.").format(
                parameter=name, given=given
            )
        )
    return int(value)


def need_columns(table: pd.DataFrame, roles: dict[str, str]) -> None:
    """Raise when a column is missing; `roles` maps an argument to the column it names."""
    for role, column in roles.items():
        if column not in table.columns:
            raise missing_column(column, table.columns, role=role)


def need_plain_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Raise when one of the columns, which no argument names, is missing."""
    for column in columns:
        if column not in table.columns:
            raise missing_column(column, table.columns)


def numbers(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as floats, NaN where it is empty, or raise where it holds something else."""
    values = table[column]
    if pd.api.types.infer_dtype(values, skipna=True) not in _NUMBERS:
        raise ColumnError(
            _(
                "The column {column!r} holds {dtype}, not numbers. Convert it first: "
                'table["{column}"] = pd.to_numeric(table["{column}"]).'
            ).format(column=column, dtype=values.dtype)
        )
    return values.where(values.notna(), math.nan).astype("float64")
