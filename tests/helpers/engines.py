"""Run one function on every engine and compare what comes back.

``engine`` is a fixture of conftest.py: ``engine.give(table)`` makes a frame of that engine out of
a pandas table, ``engine.take(result)`` brings a result back to pandas with plain types, and
checks that it was of the same kind as what was given.
"""

import os
import sys
from dataclasses import dataclass
from functools import cache

import pandas as pd
import pytest

ENGINES = [
    "pandas",
    "polars",
    "polars-lazy",
    "duckdb",
    pytest.param("spark", marks=pytest.mark.spark),
]


@dataclass(frozen=True)
class Engine:
    name: str

    def give(self, table: pd.DataFrame):
        if self.name == "pandas":
            return table
        import pyarrow as pa

        arrow = pa.Table.from_pandas(table, preserve_index=False)
        if self.name == "duckdb":
            import duckdb

            return duckdb.from_arrow(arrow)
        if self.name == "spark":
            return spark_session().createDataFrame(arrow)
        import polars as pl

        frame = pl.from_arrow(arrow)
        return frame.lazy() if self.name == "polars-lazy" else frame

    def take(self, result, *, sort=None) -> pd.DataFrame:
        """Bring a result to pandas: int64, float64, bool, str and datetime64[us] columns."""
        kinds = {
            "pandas": ("pandas", "DataFrame"),
            "polars": ("polars", "DataFrame"),
            "polars-lazy": ("polars", "LazyFrame"),
            "duckdb": ("duckdb", "DuckDBPyRelation"),
            "spark": ("pyspark", "DataFrame"),
        }
        package = type(result).__module__.split(".")[0].lstrip("_")
        assert (package, type(result).__name__) == kinds[self.name]
        if self.name == "polars-lazy":
            result = result.collect()
        if self.name.startswith("polars"):
            result = result.to_arrow()
        elif self.name == "duckdb":
            result = result.to_arrow_table()
        elif self.name == "spark":
            result = result.toArrow()
        table = result if self.name == "pandas" else result.to_pandas()
        table = plain(table)
        if sort is not None:
            table = table.sort_values(sort, ignore_index=True)
        return table


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table plain types, so that engines can be compared."""
    return pd.DataFrame({name: _plain(table[name]) for name in table.columns}).reset_index(
        drop=True
    )


def _plain(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.astype("datetime64[us]")
    if values.dtype == object and values.notna().any():
        yes_no = values.dropna().map(lambda one: isinstance(one, bool)).all()
        values = values.astype("boolean") if yes_no else values  # Arrow's, some missing
    if pd.api.types.is_bool_dtype(values):
        return values.astype("boolean").astype(bool if values.notna().all() else "boolean")
    if pd.api.types.is_numeric_dtype(values):
        whole = pd.api.types.is_integer_dtype(values) and values.notna().all()
        return values.astype("int64" if whole else "float64")
    return values.astype("str")


@cache
def spark_session():
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "America/New_York")
        .config("spark.sql.timestampType", "TIMESTAMP_NTZ")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    """Compare two tables: values and columns, floats to 1e-9."""
    pd.testing.assert_frame_equal(plain(left), plain(right), rtol=1e-9, check_dtype=False)
