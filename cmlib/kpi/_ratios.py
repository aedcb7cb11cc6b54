"""Shares, ratios of totals and per-row distributions, as expressions any engine can run."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any

import narwhals as nw

from cmlib.data.frames import Frame
from cmlib.data.values import number
from cmlib.kpi.survival import normal_quantile, wilson

QUANTILES = (0.1, 0.25, 0.75, 0.9)


def add_up(frame: Frame, columns: Sequence[str]) -> nw.Expr:
    """Add columns of `frame`; the sum is missing where one of them is."""
    types = frame.collect_schema()
    parts = [
        nw.col(name).cast(nw.Float64) if types[name].is_integer() else number(name)
        for name in columns
    ]
    return functools.reduce(operator.add, parts)


def is_one_of(column: str, values: Sequence[Any]) -> nw.Expr:
    """Give 1 where the column holds one of the values, 0 elsewhere, missing where it is missing."""
    known = ~nw.col(column).is_null()
    return nw.when(known).then(nw.col(column).is_in(list(values)).cast(nw.Int64))


def aggregate(frame: Frame, by: Sequence[str], *aggregations: nw.Expr) -> Frame:
    """Aggregate the groups of `by`, sorted, or the whole table when there is none.

    The aggregations are plain sums, counts, means and quantiles of columns: what is fast
    on every engine.
    """
    if not by:
        return frame.select(*aggregations)
    return frame.group_by(*by).agg(*aggregations).sort(*by, nulls_last=True)


def whole(*columns: str) -> list[nw.Expr]:
    """Cast counts back to whole numbers (a sum is a decimal in SQL, a count unsigned in Polars)."""
    return [nw.col(column).cast(nw.Int64) for column in columns]


def divide(above: nw.Expr, below: nw.Expr) -> nw.Expr:
    """Divide; missing where there is nothing to divide by."""
    return above / nw.when(below > 0).then(below)


def shares(
    frame: Frame, flag: nw.Expr, *, by: Sequence[str], count: str, name: str, level: float
) -> Frame:
    """Give the share of rows where `flag` (1, 0 or missing) is 1, with Wilson's interval.

    Columns: `by`, ``n`` rows where it is known, `count`, `name`, ``low``, ``high``.
    """
    rows = frame.with_columns(_flag=flag)
    rows = rows.filter(~nw.col("_flag").is_null())
    counted = aggregate(rows, by, nw.len().alias("n"), nw.col("_flag").sum().alias(count))
    return with_share(counted.with_columns(*whole("n", count)), count, "n", name, level)


def with_share(frame: Frame, count: str, n: str, name: str, level: float) -> Frame:
    """Add the share `name` of two counts and its Wilson interval, ``low`` and ``high``."""
    total = nw.when(nw.col(n) > 0).then(number(n))
    low, high = wilson(number(count), total, normal_quantile(level))
    return frame.with_columns(
        (number(count) / total).alias(name),
        low.clip(0.0, 1.0).alias("low"),
        high.clip(0.0, 1.0).alias("high"),
    )


def ratio_of_totals(
    frame: Frame,
    above: nw.Expr,
    below: nw.Expr,
    *,
    by: Sequence[str],
    names: tuple[str, str, str],
    level: float,
) -> Frame:
    """Divide two totals, with an interval from the spread of the rows around that ratio.

    `names` are those of the two totals and of their ratio. Rows where either is missing, or where
    there is nothing to divide by, are left out of both and counted in ``n_missing``; where that
    leaves no row, the totals are missing too.
    """
    top, bottom, ratio = names
    rows = _known_pairs(frame, above, below, by)
    totals = aggregate(
        rows,
        by,
        nw.len().alias("_rows"),
        nw.col("_known").sum().alias("n"),
        *(nw.col(name).sum() for name in ("_above", "_below", "_aa", "_ab", "_bb")),
    ).with_columns(*whole("_rows", "n"))
    totals = totals.with_columns(_ratio=divide(nw.col("_above"), nw.col("_below")))
    totals = totals.with_columns(_width=_ratio_error() * normal_quantile(level))
    return totals.select(
        *by,
        nw.col("n"),
        (nw.col("_rows") - nw.col("n")).alias("n_missing"),
        nw.when(nw.col("n") > 0).then(nw.col("_above")).alias(top),
        nw.when(nw.col("n") > 0).then(nw.col("_below")).alias(bottom),
        nw.col("_ratio").alias(ratio),
        (nw.col("_ratio") - nw.col("_width")).clip(0.0, None).alias("low"),
        (nw.col("_ratio") + nw.col("_width")).alias("high"),
    )


def distribution(frame: Frame, value: nw.Expr, *, by: Sequence[str], name: str) -> Frame:
    """Describe one value a row: n, n_missing, mean, median and quantiles, all by name."""
    rows = frame.select(*by, value.alias("_value"))
    rows = rows.with_columns(_known=(~nw.col("_value").is_null()).cast(nw.Int64))
    described = aggregate(
        rows,
        by,
        nw.len().alias("_rows"),
        nw.col("_known").sum().alias("n"),
        nw.col("_value").mean().alias(f"{name}_mean"),
        nw.col("_value").median().alias(f"{name}_median"),
        *(
            nw.col("_value").quantile(q, interpolation="linear").alias(f"{name}_p{q * 100:.0f}")
            for q in QUANTILES
        ),
    ).with_columns(*whole("_rows", "n"))
    return described.select(
        *by,
        nw.col("n"),
        (nw.col("_rows") - nw.col("n")).alias("n_missing"),
        *(nw.col(f"{name}_{part}") for part in ("mean", "p10", "p25", "median", "p75", "p90")),
    )


def _known_pairs(frame: Frame, above: nw.Expr, below: nw.Expr, by: Sequence[str]) -> Frame:
    rows = frame.select(*by, above.alias("_above"), below.alias("_below"))
    both = ~(nw.col("_above").is_null() | nw.col("_below").is_null())
    known = nw.when(both & (nw.col("_below") > 0)).then(1).otherwise(0)
    rows = rows.with_columns(_known=known).with_columns(
        _above=nw.when(nw.col("_known") == 1).then(nw.col("_above")),
        _below=nw.when(nw.col("_known") == 1).then(nw.col("_below")),
    )
    return rows.with_columns(
        _aa=nw.col("_above") * nw.col("_above"),
        _ab=nw.col("_above") * nw.col("_below"),
        _bb=nw.col("_below") * nw.col("_below"),
    )


def _ratio_error() -> nw.Expr:
    """Give the standard error of a ratio of totals (Cochran): rows are drawn, not single clicks."""
    ratio, several = nw.col("_ratio"), nw.when(nw.col("n") > 1).then(number("n"))
    spread = nw.col("_aa") - 2 * ratio * nw.col("_ab") + ratio * ratio * nw.col("_bb")
    return divide((spread.clip(0.0, None) * several / (several - 1)) ** 0.5, nw.col("_below"))
