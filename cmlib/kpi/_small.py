"""Small result tables, of the same kind as the table a function was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

_DUCKDB_TYPES = {"b": "BOOLEAN", "i": "BIGINT", "f": "DOUBLE", "M": "TIMESTAMP"}
_SPARK_TYPES = {"b": "boolean", "i": "bigint", "f": "double", "M": "timestamp_ntz"}


def table_like(like: Any, columns: Mapping[str, Any]) -> Any:
    """Make a table from numpy columns; lazy where `like` is lazy.

    In a column of floats, NaN is missing: null on the engines that know null.
    """
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    table = nw.from_native(like)
    implementation = table.implementation
    if implementation.is_duckdb():
        return _duckdb_table(like, arrays)
    if implementation.is_pyspark():
        return _spark_table(like, arrays)
    if implementation.is_polars():
        import polars as pl

        frame = pl.DataFrame([_polars_column(name, array) for name, array in arrays.items()])
        return frame.lazy() if isinstance(table, nw.LazyFrame) else frame
    return pd.DataFrame(
        {
            name: pd.Series(array, dtype="str") if array.dtype.kind in "OU" else array
            for name, array in arrays.items()
        }
    )


def _polars_column(name: str, array: np.ndarray) -> Any:
    import polars as pl

    types: dict[str, Any] = {
        "b": pl.Boolean,
        "i": pl.Int64,
        "f": pl.Float64,
        "M": pl.Datetime("us"),
    }
    return pl.Series(name, _values(array), dtype=types.get(array.dtype.kind, pl.String))


def _duckdb_table(like: Any, arrays: dict[str, np.ndarray]) -> Any:
    parts = ", ".join(
        f"unnest([{', '.join(_sql(value) for value in _values(array))}]"
        f'::{_type(array, _DUCKDB_TYPES)}[]) AS "{name}"'
        for name, array in arrays.items()
    )
    return like.query("_like", f"SELECT {parts}")


def _spark_table(like: Any, arrays: dict[str, np.ndarray]) -> Any:
    """Send the rows as Arrow: no Python is started on the cluster to unpack them."""
    import pyarrow as pa

    kinds = {"b": pa.bool_(), "i": pa.int64(), "f": pa.float64(), "M": pa.timestamp("us")}
    rows = pa.table(
        {
            name: pa.array(_values(array), type=kinds.get(array.dtype.kind, pa.string()))
            for name, array in arrays.items()
        }
    )
    types = ", ".join(f"`{name}` {_type(array, _SPARK_TYPES)}" for name, array in arrays.items())
    return like.sparkSession.createDataFrame(rows, types)


def _type(array: np.ndarray, types: dict[str, str]) -> str:
    default = {"BOOLEAN": "VARCHAR", "boolean": "string"}[types["b"]]
    return types.get(array.dtype.kind, default)


def _values(array: np.ndarray) -> list[Any]:
    if array.dtype.kind == "f":
        return [None if np.isnan(value) else value for value in array.tolist()]
    if array.dtype.kind == "M":
        return array.astype("datetime64[us]").tolist()
    return array.tolist()


def _sql(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
