"""Tables of any engine: open one, read its times, bring a small result home, close it again.

Every measure is written once, with narwhals, for pandas, Polars, DuckDB and PySpark: it opens
the table it is given as a lazy frame and closes its result as the same kind of table. Time is
an int64 number of seconds since 1970 (UTC): every engine counts with whole numbers in the same
way, which is not true of their calendars.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.errors import ColumnError, ParameterError, missing_column
from cmlib.messages import _

__all__ = [
    "Frame",
    "as_list",
    "as_moments",
    "as_seconds",
    "close_frame",
    "close_table",
    "column_names",
    "need_columns",
    "one_of",
    "open_frame",
    "same_engine",
    "small",
    "table_like",
    "to_pandas",
]

Frame = nw.LazyFrame[Any]


def open_frame(table: IntoFrame) -> Frame:
    """Wrap any supported table; the caller gets a lazy view whatever the engine."""
    try:
        return nw.from_native(table).lazy()
    except TypeError as error:
        raise ParameterError(
            _(
                "A community or a table is expected here (pandas, Polars, DuckDB or PySpark). "
                "What was given is of type {given}."
            ).format(given=type(table).__name__)
        ) from error


def column_names(table: IntoFrame) -> list[str]:
    """List the columns of any supported table."""
    return open_frame(table).collect_schema().names()


def close_frame(frame: Frame, like: IntoFrame) -> IntoFrame:
    """Return `frame` as a table of the same kind as `like`: lazy in, lazy out."""
    if isinstance(nw.from_native(like), nw.LazyFrame):
        return frame.to_native()
    native = frame.collect().to_native()
    return native.reset_index(drop=True) if isinstance(native, pd.DataFrame) else native


def close_table(frame: Frame, like: IntoFrame) -> IntoFrame:
    """Give a table back as the kind that came in; on pandas with plain numbers, NaN for missing.

    Columns that were in the table keep their type: an id that may be missing stays ``Int64``.
    """
    native = close_frame(frame, like)
    if not isinstance(native, pd.DataFrame):
        return native
    types = {}
    for name, dtype in native.dtypes.items():
        if name not in column_names(like) and isinstance(dtype, pd.api.extensions.ExtensionDtype):
            if dtype.kind == "f":
                types[name] = "float64"
            elif dtype.kind in "iu" and native[name].notna().all():
                types[name] = "int64"
            elif dtype.kind == "b" and native[name].notna().all():
                types[name] = "bool"
    return native.astype(types)


def small(frame: Frame) -> dict[str, np.ndarray]:
    """Bring a small result (periods, totals) to numpy columns, whatever the engine."""
    collected = frame.collect()
    whole = [
        nw.col(name).cast(nw.Int64)
        for name, dtype in collected.schema.items()
        if dtype.is_integer() or dtype.is_decimal()  # SQL sums whole numbers as decimals
    ]
    collected = collected.with_columns(*whole)
    return {name: collected[name].to_numpy() for name in collected.columns}


def to_pandas(table: IntoFrame | Frame) -> pd.DataFrame:
    """Bring a small table of any engine to pandas; one of pandas stays what it is."""
    if isinstance(table, pd.DataFrame):
        return table
    frame = table if isinstance(table, nw.LazyFrame) else open_frame(table)
    collected: pd.DataFrame = frame.collect().to_pandas()
    return collected


def need_columns(
    table: Frame | pd.DataFrame, names: Iterable[str], *, argument: str | None = None
) -> None:
    """Raise where a column is not in the table; `argument` is what named it, such as "by"."""
    lazy = isinstance(table, nw.LazyFrame)
    present = table.collect_schema().names() if lazy else list(table.columns)
    for name in names:
        if name not in present:
            raise missing_column(name, present, role=argument)


def one_of(column: str, values: Sequence[Any]) -> nw.Expr:
    """Tell where `column` is one of a few values: pandas compares categories by their codes."""
    if not values:
        return nw.lit(False)
    return functools.reduce(operator.or_, (nw.col(column) == value for value in values))


def as_list(names: str | Iterable[str] | None) -> list[str]:
    """Return a list out of one name, several or none."""
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def as_seconds(frame: Frame, name: str, *, called: str) -> Frame:
    """Turn the times of the column `name` into int64 seconds since 1970 (UTC), in place.

    A date and time without zone is UTC; whole numbers are seconds already. `called` is the name
    that the user knows the column by.
    """
    native = frame.to_native()
    if isinstance(native, pd.DataFrame):
        seconds = _pandas_seconds(native[name], called)
        return nw.from_native(native.assign(**{name: seconds})).lazy()
    dtype = frame.collect_schema()[name]
    if dtype.is_integer():
        return frame.with_columns(nw.col(name).cast(nw.Int64))
    if not isinstance(dtype, nw.Datetime | nw.Date):
        raise _not_times(called, dtype)
    if frame.implementation.is_duckdb():
        query = f'SELECT * REPLACE (epoch_us("{name}") // 1000000 AS "{name}") FROM _table'
        return nw.from_native(native.query("_table", query))
    if frame.implementation.is_pyspark():
        others = [f"`{column}`" for column in native.columns if column != name]
        return nw.from_native(
            native.selectExpr(*others, f"{_spark_seconds(dtype, f'`{name}`')} AS `{name}`")
        )
    moment = nw.col(name).cast(nw.Datetime) if dtype == nw.Date else nw.col(name)
    return frame.with_columns((moment.dt.timestamp("ms") // 1000).alias(name))


def as_moments(frame: Frame, **columns: str) -> Frame:
    """Add columns of dates and times, without zone, from columns of int64 seconds.

    ``as_moments(frame, opened_at="t")`` adds ``opened_at``; missing seconds stay missing.
    """
    native = frame.to_native()
    if isinstance(native, pd.DataFrame):
        moments = {}
        for name, seconds in columns.items():
            values = native[seconds]
            known = values.notna().to_numpy()
            whole = values.to_numpy(dtype="int64", na_value=0).astype("datetime64[s]")
            if not known.all():
                whole = np.where(known, whole, np.datetime64("NaT", "s"))
            moments[name] = pd.Series(whole, index=native.index)
        return nw.from_native(native.assign(**moments)).lazy()
    if frame.implementation.is_duckdb():
        moments_sql = ", ".join(
            f'make_timestamp("{seconds}" * 1000000) AS "{name}"'
            for name, seconds in columns.items()
        )
        kept = ", ".join(f'"{name}"' for name in native.columns if name not in columns)
        return nw.from_native(native.query("_table", f"SELECT {kept}, {moments_sql} FROM _table"))
    if frame.implementation.is_pyspark():
        start = "TIMESTAMP_NTZ'1970-01-01 00:00:00'"
        made = [
            f"timestampadd(SECOND, `{seconds}`, {start}) AS `{name}`"
            for name, seconds in columns.items()
        ]
        others = [f"`{name}`" for name in native.columns if name not in columns]
        return nw.from_native(native.selectExpr(*others, *made))
    import polars as pl

    return nw.from_native(
        native.with_columns(
            pl.from_epoch(pl.col(seconds), time_unit="s").alias(name)
            for name, seconds in columns.items()
        )
    ).lazy()


def table_like(like: IntoFrame, columns: Mapping[str, Any]) -> IntoFrame:
    """Make a table from numpy columns, of the kind of `like`; lazy where `like` is lazy.

    In a column of floats, NaN is missing: null on the engines that know null.
    """
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    if nw.from_native(like).implementation.is_pandas():
        return pd.DataFrame(
            {
                name: pd.Series(array, dtype="str") if array.dtype.kind in "OU" else array
                for name, array in arrays.items()
            }
        )
    return _from_arrow(_arrow_table(arrays), like)


def same_engine(table: IntoFrame, like: IntoFrame) -> IntoFrame:
    """Give `table` as the engine of `like` reads it: a small pandas table beside a lazy log."""
    one, other = nw.from_native(table), nw.from_native(like)
    if one.implementation is other.implementation:
        return table
    return _from_arrow(one.lazy().collect().to_arrow(), like)


def _pandas_seconds(times: pd.Series, called: str) -> pd.Series:
    if isinstance(times.dtype, pd.ArrowDtype) and times.dtype.kind == "M":
        zone = getattr(times.dtype.pyarrow_dtype, "tz", None)
        times = times.astype("datetime64[us, UTC]" if zone else "datetime64[us]")
    if times.dtype.kind in "iu":
        return times.astype("Int64" if times.hasnans else "int64")
    if times.dtype.kind != "M":
        raise _not_times(called, times.dtype)
    zoned = isinstance(times.dtype, pd.DatetimeTZDtype)
    seconds = times.astype("datetime64[s, UTC]" if zoned else "datetime64[s]")
    values = seconds.astype("int64")
    return values.astype("Int64").mask(seconds.isna()) if seconds.hasnans else values


def _not_times(column: str, dtype: object) -> ColumnError:
    return ColumnError(
        _(
            "The column {column!r} holds {dtype}, not dates and times. Convert it first: "
            'table["{column}"] = pd.to_datetime(table["{column}"]).'
        ).format(column=column, dtype=dtype)
    )


def _spark_seconds(dtype: Any, quoted: str) -> str:
    if getattr(dtype, "time_zone", None) is not None:
        return f"CAST({quoted} AS BIGINT)"
    moment = f"CAST({quoted} AS TIMESTAMP_NTZ)"
    return f"timestampdiff(SECOND, TIMESTAMP_NTZ'1970-01-01 00:00:00', {moment})"


def _arrow_table(arrays: Mapping[str, np.ndarray]) -> IntoFrame:
    import pyarrow as pa

    kinds = {"b": pa.bool_(), "i": pa.int64(), "f": pa.float64(), "M": pa.timestamp("us")}
    return pa.table(
        {
            name: pa.array(_values(array), type=kinds.get(array.dtype.kind, pa.string()))
            for name, array in arrays.items()
        }
    )


def _from_arrow(rows: Any, like: Any) -> IntoFrame:
    """Hand Arrow rows to the engine of `like`, in its own connection or session."""
    table = nw.from_native(like)
    if table.implementation.is_duckdb():
        return like.query("_like", "SELECT * FROM rows")  # DuckDB finds `rows` by its name here
    if table.implementation.is_pyspark():
        return like.sparkSession.createDataFrame(rows)
    if table.implementation.is_polars():
        import polars as pl

        frame = pl.DataFrame(pl.from_arrow(rows))
        return frame.lazy() if isinstance(table, nw.LazyFrame) else frame
    return rows.to_pandas()


def _values(array: np.ndarray) -> list[Any]:
    if array.dtype.kind == "f":
        return [None if np.isnan(value) else value for value in array.tolist()]
    if array.dtype.kind == "M":
        return array.astype("datetime64[us]").tolist()
    return array.tolist()
