"""The rows a KPI is about, the columns it is grouped by, and the periods it is reported for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._frames import (
    Calendar,
    Log,
    add_period,
    calendar,
    check_period,
    close_frame,
    need_columns,
    open_frame,
    period_start,
    read_log,
    small,
    table_like,
)

Frame = nw.LazyFrame[Any]
By = str | Sequence[str] | None


@dataclass(frozen=True)
class Rows:
    """The rows a KPI is about.

    Attributes
    ----------
    frame : narwhals.LazyFrame
        The rows from start to end; ``t`` in seconds (UTC) where a time column was needed.
    by : list of str
        Columns to group by; ``period``, a number, comes first where periods were asked for.
    like : Any
        The table as it was given: results are made of the same kind.
    log : Log or None
        Start, end and zone, where a time column was needed.
    period : str or None
    """

    frame: Frame
    by: list[str]
    like: Any
    log: Log | None = None
    period: str | None = None

    @property
    def calendar(self) -> Calendar | None:
        """The periods from start to end, where periods were asked for."""
        return None if self.log is None or self.period is None else calendar(self.log, self.period)

    def like_table(self, table: Any) -> Rows:
        """Give back results of the kind of `table`, from which these rows were prepared."""
        return replace(self, like=table)

    def close(self, result: Frame) -> Any:
        """Give a result back as the kind of table that came in."""
        if self.period is None:
            return close_table(result, self.like)
        return self.close_columns(small(result))

    def close_columns(self, columns: dict[str, np.ndarray]) -> Any:
        """Give columns back, the period as its first day and with the column ``complete``."""
        periods = self.calendar
        if periods is not None and self.period is not None:
            index = np.asarray(columns["period"], dtype="int64")
            place = index - periods.index[0] if len(periods.index) else index
            columns = columns | {
                "period": period_start(index, self.period),
                "complete": periods.complete[place],
            }
        return table_like(self.like, columns)


def open_rows(
    table: Any,
    *,
    columns: dict[str, str | None] | None = None,
    by: By = None,
    time: str | None = None,
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    dated: bool = False,
) -> Rows:
    """Read the columns that a KPI needs: `columns` maps the argument to the column it names.

    The time column is read where a start, an end or a period is given, or where `dated` asks
    for it; rows outside start..end, or without a time, are then left out.
    """
    needed = {role: column for role, column in (columns or {}).items() if column is not None}
    keys = as_list(by)
    names = list(dict.fromkeys([*needed.values(), *keys]))
    frame = open_frame(table)
    need_columns(frame, **needed)
    for key in keys:
        need_columns(frame, by=key)
    if not (dated or period is not None or start is not None or end is not None):
        return Rows(frame.select(*names), keys, table)
    if time is None:
        raise ParameterError(
            _("A start, an end or a period needs a column of times: name it with time=...")
        )
    log = read_log(table, member=None, time=time, start=start, end=end, tz=tz, keep=names)
    frame = log.frame.filter(nw.col("t") >= log.start, nw.col("t") < log.end)
    return period_rows(frame, log, keys, period)


def period_rows(frame: Frame, log: Log, by: Sequence[str], period: str | None) -> Rows:
    """Group rows that have the column ``t`` by period too, where one is asked for."""
    if period is None:
        return Rows(frame, list(by), log.like, log)
    frame = add_period(frame, log, check_period(period), name="period")
    return Rows(frame, ["period", *by], log.like, log, period)


def close_table(frame: Frame, like: Any) -> Any:
    """Give a table back as the kind that came in; on pandas with plain numbers, NaN for missing.

    Columns that were in the table keep their type: an id that may be missing stays ``Int64``.
    """
    native = close_frame(frame, like)
    if not isinstance(native, pd.DataFrame):
        return native
    types = {}
    for name, dtype in native.dtypes.items():
        if name not in like.columns and isinstance(dtype, pd.api.extensions.ExtensionDtype):
            if dtype.kind == "f":
                types[name] = "float64"
            elif dtype.kind in "iu" and native[name].notna().all():
                types[name] = "int64"
            elif dtype.kind == "b" and native[name].notna().all():
                types[name] = "bool"
    return native.astype(types)


def as_list(names: str | Iterable[str] | None) -> list[str]:
    """Return a list of column names out of one name, several or none."""
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(names)


def by_group(
    columns: dict[str, np.ndarray], by: Sequence[str]
) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Cut collected columns into groups, sorted; one group where `by` is empty."""
    table = pd.DataFrame(columns)
    if not by:
        return [((), table)]
    grouped = table.groupby(list(by), dropna=False, sort=True)
    return [(key if isinstance(key, tuple) else (key,), group) for key, group in grouped]


def someone_else(member: str, author: str) -> nw.Expr:
    """Tell where `member` is not `author`; two deleted accounts may be the same person."""
    writer, asker = nw.col(member), nw.col(author)
    unknown = writer.is_null() & asker.is_null()
    return ~unknown & (writer.is_null() | asker.is_null() | (writer != asker))
