"""What every KPI shares: read any frame, cut time into periods, pair members and periods.

Each KPI is written once, with narwhals, on the frame that :func:`read_log` returns. Time is an
int64 number of seconds since 1970 (UTC), days, weeks and months are whole numbers: every engine
counts with whole numbers in the same way, which is not true of their calendars. On pandas,
distinct (member, period) pairs are packed into one int64 and sorted, several times faster than
``drop_duplicates``.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.data.people import member_list
from cmlib.errors import ColumnError, ParameterError, missing_column
from cmlib.i18n import _
from cmlib.kpi._pairs import NEVER, packed_pairs
from cmlib.kpi._small import table_like
from cmlib.kpi._time import (
    DAY,
    Offsets,
    as_seconds,
    check_period,
    check_zone,
    local_second,
    offset_steps,
    period_of_second,
    period_start,
    periods_of_days,
)

POSTS = ("topic", "reply")
ENGAGED = ("topic", "reply", "reaction", "accept")


@dataclass(frozen=True)
class Log:
    """A log of events ready to count.

    Attributes
    ----------
    frame : narwhals.LazyFrame
        ``u`` the member (null when the account was deleted), ``t`` seconds since 1970, UTC,
        and the columns asked for with `keep`.
    start, end : int
        Reported from `start` (included) to `end` (excluded), seconds, UTC.
    observed_from : int
        `start`, or the first event of the table where that is earlier: history that is known.
    tz : str or None
    like : Any
        The table as it was given: results are made of the same kind.
    """

    frame: nw.LazyFrame[Any]
    start: int
    end: int
    observed_from: int
    tz: str | None
    like: Any

    @cached_property
    def offsets(self) -> Offsets:
        """Offset of local time at the beginning, then its (second, change) steps."""
        return offset_steps(self.tz, self.observed_from, self.end)

    def local(self, seconds: nw.Expr) -> nw.Expr:
        """Turn UTC seconds into seconds on the wall clock of `tz`."""
        first, steps = self.offsets
        result = seconds + first if first else seconds
        for second, change in steps:
            result = result + nw.when(seconds >= second).then(change).otherwise(0)
        return result

    def local_value(self, second: int) -> int:
        """Turn one UTC second into seconds on the wall clock of `tz`."""
        return local_second(second, self.offsets)


@dataclass(frozen=True)
class Calendar:
    """The periods from `start` to `end`: number, first instant (local) and fully observed or not.

    Attributes
    ----------
    index : numpy.ndarray of int64
    period : numpy.ndarray of datetime64[s]
    complete : numpy.ndarray of bool
    """

    index: np.ndarray
    period: np.ndarray
    complete: np.ndarray


def open_frame(table: Any) -> nw.LazyFrame[Any]:
    """Wrap any supported table; the caller gets a lazy view whatever the engine."""
    try:
        return nw.from_native(table).lazy()
    except TypeError as error:
        raise ParameterError(
            _(
                "A table is expected here: pandas, Polars, DuckDB or PySpark. "
                "What was given is of type {given}."
            ).format(given=type(table).__name__)
        ) from error


def close_frame(frame: nw.LazyFrame[Any], like: Any) -> Any:
    """Return `frame` as a table of the same kind as `like`: lazy in, lazy out."""
    if isinstance(nw.from_native(like), nw.LazyFrame):
        return frame.to_native()
    native = frame.collect().to_native()
    return native.reset_index(drop=True) if isinstance(native, pd.DataFrame) else native


def small(frame: nw.LazyFrame[Any]) -> dict[str, np.ndarray]:
    """Bring a small result (periods, totals) to numpy columns, whatever the engine."""
    collected = frame.collect()
    whole = [
        nw.col(name).cast(nw.Int64)
        for name, dtype in collected.schema.items()
        if dtype.is_integer() or dtype.is_decimal()  # SQL sums whole numbers as decimals
    ]
    collected = collected.with_columns(*whole)
    return {name: collected[name].to_numpy() for name in collected.columns}


def need_columns(frame: nw.LazyFrame[Any], **roles: str | None) -> None:
    """Raise where a column named by an argument is not in the table."""
    present = frame.collect_schema().names()
    for role, column in roles.items():
        if column is not None and column not in present:
            raise missing_column(column, present, role=role)


def read_log(
    events: Any,
    *,
    member: str | None,
    time: str | None,
    kind: str | None = None,
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
    keep: Iterable[str] = (),
) -> Log:
    """Read a log of events from any frame.

    Events from `end` on are left out. Events before `start` stay: they are history (who is
    new, who came back). Without `end`, the log ends just after its last event; without `start`,
    it starts with its first one. An event without a time is left out. With ``time=None`` every
    event is kept, there is no column ``t`` and start and end say nothing.
    """
    frame = open_frame(events)
    keep = list(keep)
    need_columns(
        frame,
        member=member,
        time=time,
        kind=kind if kinds is not None else None,
    )
    for name in keep:
        need_columns(frame, keep=name)
    columns = [nw.col(name) for name in keep]
    if member is not None:
        columns.append(nw.col(member).alias("u"))
    if kinds is not None and kind is not None:
        columns.append(nw.col(kind).alias("_kind"))
    first_event, last_event = 0, -1
    if time is None:
        frame = frame.select(*columns)
    else:
        frame = _drop_untimed(with_seconds(frame, time, "t").select(nw.col("t"), *columns))
        first_event, last_event = _time_range(frame)
    begin, stop = as_seconds(start, "start"), as_seconds(end, "end")
    if begin is not None and stop is not None and stop <= begin:
        raise ParameterError(
            _("end={end} must come after start={start}.").format(end=end, start=start)
        )
    wanted = []
    if stop is not None and stop <= last_event:
        wanted.append(nw.col("t") < stop)
    if kinds is not None:
        wanted.append(one_of("_kind", as_list(kinds)))
    left_out = member_list(without, member)
    if left_out:
        wanted.append(nw.col("u").is_null() | ~nw.col("u").is_in(left_out))
    if wanted:
        frame = frame.filter(*wanted)
    if kinds is not None:
        frame = frame.drop("_kind")
    stop = last_event + 1 if stop is None else stop
    begin = min(first_event, stop) if begin is None else begin
    return Log(frame, begin, stop, min(begin, first_event), check_zone(tz), events)


def with_seconds(frame: nw.LazyFrame[Any], time: str, name: str) -> nw.LazyFrame[Any]:
    """Add the column `name`: int64 seconds since 1970 (UTC) of the column `time`.

    A date and time without zone is UTC; whole numbers are seconds already.
    """
    dtype = frame.collect_schema()[time]
    if dtype.is_integer():
        return frame.with_columns(nw.col(time).cast(nw.Int64).alias(name))
    if not isinstance(dtype, nw.Datetime | nw.Date):
        raise ColumnError(
            _(
                "The column {column!r} holds {dtype}, not dates and times. Convert it first: "
                'table["{column}"] = pd.to_datetime(table["{column}"]).'
            ).format(column=time, dtype=dtype)
        )
    native = frame.to_native()
    if isinstance(native, pd.DataFrame):
        seconds = native[time].astype("datetime64[s, UTC]" if _has_zone(dtype) else "datetime64[s]")
        values = seconds.astype("int64")
        if seconds.hasnans:
            values = values.astype("Int64").mask(seconds.isna())
        return nw.from_native(native.assign(**{name: values})).lazy()
    if frame.implementation.is_duckdb():
        quoted = '"' + time.replace('"', '""') + '"'
        query = f'SELECT *, epoch_us({quoted}) // 1000000 AS "{name}" FROM _events'
        return nw.from_native(native.query("_events", query))
    if frame.implementation.is_pyspark():
        quoted = "`" + time.replace("`", "``") + "`"
        return nw.from_native(native.selectExpr("*", f"{_spark_seconds(dtype, quoted)} AS {name}"))
    return frame.with_columns(
        (nw.col(time).cast(nw.Datetime) if dtype == nw.Date else nw.col(time))
        .dt.timestamp("ms")
        .__floordiv__(1000)
        .alias(name)
    )


def one_of(column: str, values: Sequence[str]) -> nw.Expr:
    """Tell where `column` is one of a few values: pandas compares categories by their codes."""
    if not values:
        return nw.lit(False)
    return functools.reduce(operator.or_, (nw.col(column) == value for value in values))


def as_list(names: str | Sequence[str]) -> list[str]:
    """Return a list, also for one name written without brackets."""
    return [names] if isinstance(names, str) else list(names)


def add_period(
    frame: nw.LazyFrame[Any], log: Log, period: str, seconds: str = "t", name: str = "p"
) -> nw.LazyFrame[Any]:
    """Add `name`: the number of the local period of the column `seconds` (UTC).

    A day counts from 1970-01-01, a week from the Monday before it; a month is
    year * 12 + month - 1.
    """
    frame = frame.with_columns(log.local(nw.col(seconds)).alias(name))
    return days_to_periods(frame.with_columns(nw.col(name) // DAY), period, name)


def days_to_periods(frame: nw.LazyFrame[Any], period: str, name: str) -> nw.LazyFrame[Any]:
    """Replace the day numbers of the column `name` by numbers of their day, week or month."""
    if period == "day":
        return frame
    day = nw.col(name)
    if period == "week":
        return frame.with_columns((day + 3) // 7)
    # Years that begin on March 1st. One column a step: nested, SQL engines would choke.
    era, doe, yoe, doy = (nw.col(f"_{part}") for part in ("era", "doe", "yoe", "doy"))
    return (
        frame.with_columns(day + 719_468)
        .with_columns(_era=day // 146_097)
        .with_columns(_doe=day - era * 146_097)
        .with_columns(_yoe=doe - doe // 1_460 + doe // 36_524 - doe // 146_096)
        .with_columns(_yoe=yoe // 365)
        .with_columns(_doy=doe - (yoe * 365 + yoe // 4 - yoe // 100))
        .with_columns(((yoe + era * 400) * 12 + (doy * 5 + 2) // 153 + 2).alias(name))
        .drop("_era", "_doe", "_yoe", "_doy")
    )


def calendar(log: Log, period: str, *, window: int = 1) -> Calendar:
    """List the periods that touch start..end; those not observed to the end are incomplete.

    With `window`, the periods before that the window of a period reaches must be observed too.
    """
    index = np.arange(0, dtype="int64")
    if log.end > log.start:
        first = period_of_second(log.local_value(log.start), period)
        last = period_of_second(log.local_value(log.end - 1), period)
        index = np.arange(first, last + 1, dtype="int64")
    opens = period_start(index - (window - 1), period).astype("int64")
    closes = period_start(index + 1, period).astype("int64")
    complete = (opens >= log.local_value(log.observed_from)) & (closes <= log.local_value(log.end))
    return Calendar(index, period_start(index, period), complete)


def fill(calendar: Calendar, index: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Spread the int counts of some periods over the whole calendar; the others have 0."""
    result = np.zeros(len(calendar.index), dtype="int64")
    if len(calendar.index):
        place = np.asarray(index, dtype="int64") - calendar.index[0]
        inside = (place >= 0) & (place < len(result))
        np.add.at(result, place[inside], np.asarray(values)[inside].astype("int64"))
    return result


def member_periods(log: Log, period: str, *, with_first: bool = False) -> nw.LazyFrame[Any]:
    """Return the distinct (member, period) pairs, deleted members left out.

    Columns: ``u``; ``p`` number of the period; ``before`` periods since the one before in which
    the member was active, ``after`` periods until the next one, `NEVER` where there is none;
    ``first`` the first period of the member, with `with_first`.
    """
    native = log.frame.to_native()
    if isinstance(native, pd.DataFrame):
        packed = packed_pairs(native["u"], native["t"].to_numpy(), log.offsets, period)
        if with_first:
            new = np.flatnonzero(packed["before"].to_numpy() == NEVER)
            each = np.diff(new, append=len(packed))
            packed["first"] = np.repeat(packed["p"].to_numpy()[new], each)
        return nw.from_native(packed).lazy()
    if log.frame.implementation.is_polars() and _fits_packed(log):
        return _packed_polars_pairs(log, period, with_first)
    pairs = (
        add_period(log.frame.filter(~nw.col("u").is_null()).select("u", "t"), log, period)
        .select("u", "p")
        .unique(["u", "p"])
    )
    if with_first:
        pairs = pairs.with_columns(first=nw.col("p").min().over("u"))
    return pairs.with_columns(
        before=(nw.col("p") - nw.col("p").shift(1).over("u", order_by="p")).fill_null(NEVER),
        after=(nw.col("p").shift(-1).over("u", order_by="p") - nw.col("p")).fill_null(NEVER),
    )


def count_by_period(log: Log, period: str, periods: Calendar) -> np.ndarray:
    """Count the members active in each period of the calendar."""
    found = small(member_periods(log, period).group_by("p").agg(nw.len().alias("n")))
    return fill(periods, found["p"], found["n"])


def _fits_packed(log: Log) -> bool:
    """Tell whether ids are whole numbers that leave room for a day in an int64."""
    dtype = log.frame.collect_schema()["u"]
    if not dtype.is_integer():
        return False
    if dtype in (nw.Int64, nw.UInt64):
        found = small(log.frame.select(low=nw.col("u").min(), high=nw.col("u").max()))
        low, high = found["low"][0], found["high"][0]
        return bool(pd.isna(low) or (low > -(1 << 40) and high < 1 << 40))
    return True


def _packed_polars_pairs(log: Log, period: str, with_first: bool) -> nw.LazyFrame[Any]:
    """Sort packed (member, day) pairs and compare neighbours: no hashing, no windows."""
    import polars as pl

    u, p, k = pl.col("u"), pl.col("p"), pl.col("k")
    low = log.local_value(log.observed_from) // DAY - 1
    span = log.local_value(log.end) // DAY - low + 2
    rows = log.frame.filter(~nw.col("u").is_null()).with_columns(
        p=log.local(nw.col("t")) // DAY - low
    )
    pairs = rows.to_native().select(k=u.cast(pl.Int64) * span + p).sort("k")
    pairs = pairs.filter(k.ne_missing(k.shift(1))).select(u=k // span, p=k)
    pairs = pairs.with_columns(p=p - u * span + low)
    if period != "day":
        pairs = days_to_periods(nw.from_native(pairs), period, "p").to_native()
        pairs = pairs.filter(u.ne_missing(u.shift(1)) | p.ne_missing(p.shift(1)))
    same = u == u.shift(1)
    pairs = pairs.with_columns(
        before=pl.when(same).then(p - p.shift(1)).otherwise(NEVER),
        after=pl.when(same.shift(-1)).then(p.shift(-1) - p).otherwise(NEVER),
    )
    if with_first:
        first = pl.when(pl.col("before") == NEVER).then(p).forward_fill()
        pairs = pairs.with_columns(first=first)
    dtype = rows.to_native().collect_schema()["u"]
    return nw.from_native(pairs.with_columns(u.cast(dtype)))


def from_start(log: Log) -> nw.LazyFrame[Any]:
    """Return the events from `start` on, without the history before it."""
    if log.observed_from == log.start:
        return log.frame
    return log.frame.filter(nw.col("t") >= log.start)


def share_of(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Divide counts; missing (NaN) where there is nothing to divide by."""
    part, whole = np.asarray(part, dtype="float64"), np.asarray(whole, dtype="float64")
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def _drop_untimed(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    native = frame.to_native()
    if isinstance(native, pd.DataFrame) and native["t"].dtype == "int64":
        return frame
    return frame.filter(~nw.col("t").is_null()).with_columns(nw.col("t").cast(nw.Int64))


def _time_range(frame: nw.LazyFrame[Any]) -> tuple[int, int]:
    found = small(frame.select(low=nw.col("t").min(), high=nw.col("t").max()))
    low, high = found["low"][0], found["high"][0]
    if pd.isna(low):
        return 0, -1
    return int(low), int(high)


def _has_zone(dtype: Any) -> bool:
    return getattr(dtype, "time_zone", None) is not None


def _spark_seconds(dtype: Any, quoted: str) -> str:
    if _has_zone(dtype):
        return f"CAST({quoted} AS BIGINT)"
    moment = f"CAST({quoted} AS TIMESTAMP_NTZ)"
    return f"timestampdiff(SECOND, TIMESTAMP_NTZ'1970-01-01 00:00:00', {moment})"


__all__ = [
    "DAY",
    "ENGAGED",
    "NEVER",
    "POSTS",
    "Calendar",
    "Log",
    "add_period",
    "as_list",
    "as_seconds",
    "calendar",
    "check_period",
    "check_zone",
    "close_frame",
    "count_by_period",
    "days_to_periods",
    "fill",
    "from_start",
    "member_periods",
    "need_columns",
    "open_frame",
    "period_of_second",
    "period_start",
    "periods_of_days",
    "read_log",
    "share_of",
    "small",
    "table_like",
    "with_seconds",
]
