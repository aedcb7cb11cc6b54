"""Values of a column as numbers, as yes and no, or as the words of a contract, on every engine."""

from __future__ import annotations

import math
import warnings
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.data.frames import Frame, open_frame, small
from cmlib.data.schema import get_table
from cmlib.errors import (
    ColumnError,
    NotMeasuredWarning,
    ParameterError,
    TableError,
    unknown_choice,
)
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = [
    "EXACT",
    "NO",
    "YES",
    "as_flags",
    "as_numbers",
    "check_words",
    "number",
    "pandas_numbers",
    "refuse_negative",
    "warn_empty",
]

YES = ("yes", "y", "true", "1", "1.0", "x", "oui", "o", "vrai")
NO = ("no", "n", "false", "0", "0.0", "non", "faux")
EXACT = 2**53  # whole numbers beyond are not all kept by a float
_NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal", "boolean", "empty")


def number(column: str) -> nw.Expr:
    """Read a column as a number; what is not a number (NaN) is missing on every engine."""
    value = nw.col(column).cast(nw.Float64)
    return nw.when(~value.is_nan()).then(value)


def as_numbers(frame: Frame, column: str, *, called: str) -> Frame:
    """Check that a column holds numbers; a pandas column of objects becomes one that says so."""
    dtype = frame.collect_schema()[column]
    if dtype.is_numeric() or dtype == nw.Boolean:
        return frame
    native = frame.to_native()
    pandas = isinstance(native, pd.DataFrame)
    if pandas:
        values = native[column]
        if pd.api.types.infer_dtype(values, skipna=True) in _NUMBERS:
            values = values.where(values.notna(), np.nan).astype("float64")
            return nw.from_native(native.assign(**{column: values})).lazy()
    if _is_empty(frame, column):
        return frame.with_columns(nw.lit(None, dtype=nw.Float64).alias(column))
    raise ColumnError(
        _(
            "The column {column!r} holds {dtype}, not numbers. Convert it first: "
            'table["{column}"] = pd.to_numeric(table["{column}"]).'
        ).format(column=called, dtype=native[column].dtype if pandas else dtype)
    )


def pandas_numbers(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column as floats, NaN where it is empty, or raise where it holds something else."""
    frame = as_numbers(open_frame(table), column, called=column)
    values = frame.to_native()[column]
    return values.where(values.notna(), math.nan).astype("float64")


def as_flags(frame: Frame, column: str, *, called: str) -> Frame:
    """Turn a column of yes and no into 1 and 0, in place; blanks are missing.

    `called` is what the user calls the column. True and False, 1 and 0, and the words of files
    (yes, oui, true, vrai, ...) are accepted.
    """
    native = frame.to_native()
    if isinstance(native, pd.DataFrame):
        values = native[column]
        if values.dtype == object or isinstance(values.dtype, pd.CategoricalDtype):
            values = values.map(_plain_flag)
            native = native.assign(**{column: values.convert_dtypes()})
            frame = nw.from_native(native).lazy()
    dtype = frame.collect_schema()[column]
    value = nw.col(column)
    if dtype == nw.Boolean:
        return frame.with_columns(value.cast(nw.Int64))
    if dtype == nw.String:
        word = value.str.strip_chars().str.to_lowercase()
        known = nw.when(word.is_in(YES)).then(1).when(word.is_in(NO)).then(0)
        odd = frame.filter(~value.is_null(), ~word.is_in([*YES, *NO, ""])).select(column)
        _refuse_odd(odd, column, called)
        return frame.with_columns(known.alias(column))
    if dtype.is_numeric():
        odd = frame.filter(~value.is_null(), (value != 0) & (value != 1)).select(column)
        if dtype.is_float():
            odd = odd.filter(~nw.col(column).is_nan())
        _refuse_odd(odd, column, called)
        if isinstance(frame.to_native(), pd.DataFrame):  # NaN is missing, and no whole number
            native = frame.to_native()
            whole_numbers = native[column].astype("Int64")
            return nw.from_native(native.assign(**{column: whole_numbers})).lazy()
        return frame.with_columns(number(column).cast(nw.Int64).alias(column))
    if _is_empty(frame, column):
        return frame.with_columns(nw.lit(None, dtype=nw.Int64).alias(column))
    raise ColumnError(
        _("The column {column!r} holds {dtype}, not yes and no.").format(column=called, dtype=dtype)
    )


def check_words(frame: Frame, column: str, table: str) -> None:
    """Raise where a column holds a word that the contract of its table does not know."""
    words = next(one.choices for one in get_table(table).columns if one.name == column)
    value = nw.col(column)
    odd = frame.filter(~value.is_null(), ~value.is_in(list(words))).select(column).head(1)
    for word in odd.collect()[column].to_list():
        raise unknown_choice(column, word, words)


def refuse_negative(frame: Frame, column: str) -> None:
    """Raise where a column of durations or counts goes below 0."""
    lowest = small(frame.select(low=number(column).min()))["low"][0]
    if not pd.isna(lowest) and lowest < 0:
        raise ParameterError(
            _(
                "The column {column!r} goes down to {lowest}: a negative value makes no sense."
            ).format(column=column, lowest=format_number(lowest))
        )


def warn_empty(frame: Frame, *columns: str, called: str | None = None) -> None:
    """Say which columns hold nothing at all: a figure made of them is missing, it is not 0.

    `called` is what the user calls the column, where `frame` has another name for it.
    """
    empty = [column for column in columns if _is_empty(frame, column)]
    if not empty or not len(frame.select(*columns).head(1).collect()):
        return
    for column in empty:
        warnings.warn(
            _(
                "The column {column} is empty in every row: nothing was measured, so that the "
                "figure is missing."
            ).format(column=called or column),
            NotMeasuredWarning,
            stacklevel=3,
        )


def _plain_flag(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _refuse_odd(odd: Frame, column: str, called: str) -> None:
    found = odd.head(1).collect()[column].to_list()
    if found:
        raise TableError(
            _(
                "The column {column!r} holds {value!r}, which is neither yes nor no. Accepted: "
                "True and False, 1 and 0, yes and no, oui and non."
            ).format(column=called, value=found[0])
        )


def _is_empty(frame: Frame, column: str) -> bool:
    """Tell whether no row has a value; engines stop at the first one that has."""
    native = frame.to_native()
    if isinstance(native, pd.DataFrame):
        return not bool(native[column].notna().any())
    known = ~nw.col(column).is_null()
    if frame.collect_schema()[column].is_float():
        known &= ~nw.col(column).is_nan()
    return not len(frame.filter(known).select(column).head(1).collect())
