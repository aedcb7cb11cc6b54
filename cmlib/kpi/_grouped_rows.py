"""The rows a KPI is about, the columns it is grouped by, and the periods it is reported for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.data.clock import check_period, period_start
from cmlib.data.communities import Community, table_log
from cmlib.data.frames import (
    Frame,
    as_list,
    close_table,
    need_columns,
    small,
    table_like,
)
from cmlib.data.log import Log
from cmlib.data.values import EXACT
from cmlib.errors import ParameterError
from cmlib.kpi._periods import add_period
from cmlib.kpi.calendar import Calendar, calendar
from cmlib.messages import _

__all__ = ["By", "Rows", "by_group", "grouped_rows", "open_rows"]

By = str | Sequence[str] | None


@dataclass(frozen=True)
class Rows:
    """The rows a KPI is about.

    Attributes
    ----------
    frame : narwhals.LazyFrame
        The rows; the user's columns are called ``by_0``, ``by_1``...
    by : list of str
        Columns to group by, as they are called in `frame`; ``period``, a number, comes first
        where periods were asked for.
    names : dict of str to str
        What the user calls each column of `by`.
    log : Log
        Start, end, zone and the table as it was given: results are made of the same kind.
    period : str or None
    calendar : Calendar or None
        The periods from start to end, where periods were asked for.
    """

    frame: Frame
    by: list[str]
    names: dict[str, str]
    log: Log
    period: str | None = None
    calendar: Calendar | None = None

    @property
    def keys(self) -> list[str]:
        """The columns of the user's, as they are called in `frame`."""
        return [name for name in self.by if name in self.names]

    def close(self, result: Frame, *, like: IntoFrame | None = None) -> IntoFrame:
        """Give a result back as the kind of table that came in."""
        like = self.log.like if like is None else like
        if self.period is None:
            self._check_names(result.collect_schema().names())
            return close_table(result.rename(self.names), like)
        return self.close_columns(small(result), like=like)

    def close_columns(
        self, columns: dict[str, np.ndarray], *, like: IntoFrame | None = None
    ) -> IntoFrame:
        """Give columns back, the period as its first day and with the column ``complete``."""
        self._check_names(columns)
        periods = self.calendar
        if periods is not None and self.period is not None:
            index = np.asarray(columns["period"], dtype="int64")
            place = index - periods.index[0] if len(periods.index) else index
            columns = columns | {
                "period": period_start(index, self.period),
                "complete": periods.complete[place],
            }
        named = {self.names.get(name, name): values for name, values in columns.items()}
        table = table_like(self.log.like if like is None else like, named)
        types = self.frame.collect_schema()
        numbers = [
            name
            for name, values in columns.items()
            if name in self.names
            and types[name].is_integer()
            and np.asarray(values).dtype.kind != "i"
        ]
        for name in numbers:
            table = _as_whole(table, self.names[name], columns[name])
        return table

    def _check_names(self, columns: Iterable[str]) -> None:
        """Refuse a column to group by that is called as a column of the result."""
        made = set(columns) - set(self.names)
        for own in self.names.values():
            if own in made or (self.period is not None and own in ("period", "complete")):
                raise ParameterError(
                    _(
                        "by={name!r}: the result has a column of its own with that name. Rename "
                        "yours in the table first."
                    ).format(name=own)
                )


def _as_whole(table: IntoFrame, column: str, values: np.ndarray) -> IntoFrame:
    """Make whole numbers again of a column that became decimals because a row has none."""
    if np.any(np.abs(np.asarray(values, dtype="float64")) >= EXACT):
        raise ParameterError(
            _(
                "by={name!r}: the column holds whole numbers of more than 15 digits, and rows "
                "without one, so that a digit could be lost. Turn it into text first: "
                'table["{name}"] = table["{name}"].astype("string").'
            ).format(name=column)
        )
    if isinstance(table, pd.DataFrame):
        return table.astype({column: "Int64"})
    return nw.from_native(table).with_columns(nw.col(column).cast(nw.Int64)).to_native()


def open_rows(
    source: Community | IntoFrame,
    table: str,
    *columns: str,
    time: str | None,
    by: By = None,
    period: str | None = None,
    dated: bool = False,
    outcome: str | None = None,
) -> Rows:
    """Read what a KPI needs of a table other than the log: `columns` and those of `by`.

    Rows outside the community's period are left out, and members who do not count. A row whose
    column `time` is empty stays, unless a period or `dated` asks when it happened; without `time`
    the table has no date. The column
    that `outcome` names, if any, comes as ``outcome``.
    """
    keys = as_list(by)
    log = table_log(source, table, time or "")
    need_columns(log.events, columns)
    need_columns(log.events, keys, argument="by")
    if outcome is not None:
        need_columns(log.events, [outcome], argument="outcome")
        rows = open_rows(
            source, table, *columns, time=time, by=[*keys, outcome], period=period, dated=dated
        )
        last = f"by_{len(keys)}"
        names = {name: own for name, own in rows.names.items() if name != last}
        return replace(
            rows,
            frame=rows.frame.rename({last: "outcome"}),
            by=[name for name in rows.by if name != last],
            names=names,
        )
    if period is not None:
        check_period(period)
    if time is None or not (log.has(time) or period is not None or dated):
        own = [nw.col(name).alias(f"by_{place}") for place, name in enumerate(keys)]
        frame = log.events
        filters = log.people_filters("member_id") if log.has("member_id") else []
        if filters:
            frame = frame.filter(*filters)
        frame = frame.select(*dict.fromkeys(columns), *own)
        return Rows(frame, [f"by_{place}" for place in range(len(keys))], _names(keys), log)
    untimed = period is None and not dated
    frame = log.rows(*dict.fromkeys(columns), by=keys, untimed=untimed)
    if log.range[0] < log.start:
        inside = nw.col("t") >= log.start
        frame = frame.filter(nw.col("t").is_null() | inside if untimed else inside)
    return grouped_rows(frame, log, keys, period)


def grouped_rows(
    frame: Frame, log: Log, by: By, period: str | None, *, until: int | None = None
) -> Rows:
    """Group rows that have ``t`` and ``by_0``... by period too, where one is asked for.

    `until` is when the log ends for these rows: later ones are too young to be judged.
    """
    names = _names(as_list(by))
    if period is None:
        return Rows(frame, list(names), names, log)
    frame = add_period(frame, log, check_period(period), name="period")
    shown = calendar(log, period, since=log.start, until=until)
    return Rows(frame, ["period", *names], names, log, period, shown)


def by_group(
    columns: dict[str, np.ndarray], by: Sequence[str]
) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Cut collected columns into groups, sorted; one group where `by` is empty."""
    table = pd.DataFrame(columns)
    if not by:
        return [((), table)]
    grouped = table.groupby(list(by), dropna=False, sort=True)
    return [(key if isinstance(key, tuple) else (key,), group) for key, group in grouped]


def _names(keys: Sequence[str]) -> dict[str, str]:
    return {f"by_{place}": name for place, name in enumerate(keys)}
