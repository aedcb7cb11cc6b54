"""What every KPI shares: read any frame, cut time into periods, pair members and periods.

Each KPI is written once, with narwhals, on the frame that :func:`read_log` returns. Time is an
int64 number of seconds since 1970 (UTC), days, weeks and months are whole numbers: every engine
counts with whole numbers in the same way, which is not true of their calendars. On pandas,
distinct (member, period) pairs are packed into one int64 and sorted, several times faster than
``drop_duplicates``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.errors import ColumnError, ParameterError, missing_column, unknown_choice
from cmlib.i18n import _
from cmlib.kpi._small import table_like

DAY = 86_400
POSTS = ("topic", "reply")
ENGAGED = ("topic", "reply", "reaction", "accept")
PERIODS = ("day", "week", "month")
NEVER = 1 << 30  # more periods than any log holds: "no earlier (later) active period"


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

    @property
    def offsets(self) -> tuple[int, list[tuple[int, int]]]:
        """Offset of local time at the beginning, then its (second, change) steps."""
        return _offset_steps(self.tz, self.observed_from, self.end)

    def local(self, seconds: nw.Expr) -> nw.Expr:
        """Turn UTC seconds into seconds on the wall clock of `tz`."""
        first, steps = self.offsets
        result = seconds + first if first else seconds
        for second, change in steps:
            result = result + nw.when(seconds >= second).then(change).otherwise(0)
        return result

    def local_value(self, second: int) -> int:
        """Turn one UTC second into seconds on the wall clock of `tz`."""
        first, steps = self.offsets
        return second + first + sum(change for at, change in steps if second >= at)


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
    time: str,
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
    it starts with its first one.
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
    frame = with_seconds(frame, time, "t").select(nw.col("t"), *columns)
    first_event, last_event = _time_range(frame)
    begin, stop = as_seconds(start, "start"), as_seconds(end, "end")
    if begin is not None and stop is not None and stop <= begin:
        raise ParameterError(
            _("end={end} must come after start={start}.").format(end=end, start=start)
        )
    wanted = []
    if stop is not None:
        wanted.append(nw.col("t") < stop)
    if kinds is not None:
        wanted.append(nw.col("_kind").is_in([kinds] if isinstance(kinds, str) else list(kinds)))
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
        missing = seconds.isna()
        values = seconds.astype("int64") if not missing.any() else _nullable(seconds, missing)
        return frame.with_columns(nw.new_series(name, values, backend="pandas"))
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


def as_seconds(value: Any, argument: str) -> int | None:
    """Turn a date or time (text, date, datetime, Timestamp) into UTC seconds; None stays None."""
    if value is None:
        return None
    try:
        moment = pd.Timestamp(value)
    except (ValueError, TypeError) as error:
        moment, cause = pd.NaT, error
    else:
        cause = None
    if moment is pd.NaT:
        raise ParameterError(
            _(
                "{argument}={value!r} is not a date. Write it like {argument}="
                '"2025-07-01", or pass a Timestamp.'
            ).format(argument=argument, value=value)
        ) from cause
    moment = moment.tz_convert("UTC").tz_localize(None) if moment.tz is not None else moment
    return int(moment.as_unit("s").asm8.astype("int64"))


def check_period(period: str) -> str:
    """Return `period`, or raise when it is not one of day, week and month."""
    if period not in PERIODS:
        raise unknown_choice("period", period, PERIODS)
    return period


def check_zone(tz: str | None) -> str | None:
    """Return `tz`, or raise when it is not the name of a time zone."""
    if tz is None:
        return None
    from zoneinfo import available_timezones

    if tz not in available_timezones():
        from cmlib.errors import nearest

        message = _(
            "tz={tz!r} is not a time zone. Use an IANA name such as Europe/Paris, or None for UTC."
        ).format(tz=tz)
        close = nearest(tz, available_timezones())
        raise ParameterError(
            message + (" " + _("Did you mean {close!r}?").format(close=close) if close else "")
        )
    return tz


def member_list(members: Any, member: str | None) -> list[Any]:
    """Return the ids in `members`: a list, a column, or a table with the column `member`."""
    if members is None:
        return []
    table = nw.from_native(members, pass_through=True, allow_series=True)
    if isinstance(table, nw.DataFrame | nw.LazyFrame):
        need_columns(table.lazy(), member=member)
        table = table.lazy().select(nw.col(str(member))).drop_nulls().unique().collect()
        return sorted(table[str(member)].to_list())
    if isinstance(table, nw.Series):
        return [value for value in table.to_list() if not pd.isna(value)]
    if isinstance(members, str) or not isinstance(members, Iterable):
        raise ParameterError(
            _(
                "without={given!r} is not a list of members. Give a list of ids or a table of "
                "members, for example without=members.query(\"role != 'member'\")."
            ).format(given=members)
        )
    return [value.item() if isinstance(value, np.generic) else value for value in members]


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


def period_start(index: np.ndarray, period: str) -> np.ndarray:
    """First local instant of periods, from their numbers, as datetime64[s]."""
    if period == "month":
        months = (np.asarray(index, dtype="int64") - 1970 * 12).astype("datetime64[M]")
        return months.astype("datetime64[s]")
    days = np.asarray(index, dtype="int64")
    days = days * 7 - 3 if period == "week" else days
    return days.astype("datetime64[D]").astype("datetime64[s]")


def period_of_second(second: int, period: str) -> int:
    """Return the number of the period that holds one local second."""
    day = second // DAY
    if period == "day":
        return day
    if period == "week":
        return (day + 3) // 7
    moment = date(1970, 1, 1) + timedelta(days=day)
    return moment.year * 12 + moment.month - 1


def calendar(log: Log, period: str) -> Calendar:
    """List the periods that touch start..end; those not observed to the end are incomplete."""
    first = period_of_second(log.local_value(log.start), period)
    last = period_of_second(log.local_value(log.end - 1), period)
    index = np.arange(first, last + 1, dtype="int64") if log.end > log.start else np.arange(0)
    begins = period_start(index, period)
    ends = period_start(index + 1, period).astype("int64")
    complete = (begins.astype("int64") >= log.local_value(log.observed_from)) & (
        ends <= log.local_value(log.end)
    )
    return Calendar(index, begins, complete)


def fill(calendar: Calendar, index: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Spread the int counts of some periods over the whole calendar; the others have 0."""
    result = np.zeros(len(calendar.index), dtype="int64")
    if len(calendar.index):
        place = np.asarray(index, dtype="int64") - calendar.index[0]
        inside = (place >= 0) & (place < len(result))
        np.add.at(result, place[inside], np.asarray(values)[inside].astype("int64"))
    return result


def member_periods(log: Log, period: str) -> nw.LazyFrame[Any]:
    """Return the distinct (member, period) pairs, deleted members left out.

    Columns: ``u``; ``p`` number of the period; ``before`` periods since the one before in which
    the member was active, ``after`` periods until the next one, `NEVER` where there is none.
    """
    native = log.frame.to_native()
    if isinstance(native, pd.DataFrame):
        return nw.from_native(_packed_pairs(log, native, period)).lazy()
    pairs = (
        add_period(log.frame.filter(~nw.col("u").is_null()).select("u", "t"), log, period)
        .select("u", "p")
        .unique(["u", "p"])
    )
    return pairs.with_columns(
        before=(nw.col("p") - nw.col("p").shift(1).over("u", order_by="p")).fill_null(NEVER),
        after=(nw.col("p").shift(-1).over("u", order_by="p") - nw.col("p")).fill_null(NEVER),
    )


def _packed_pairs(log: Log, native: pd.DataFrame, period: str) -> pd.DataFrame:
    codes, ids, known = _member_codes(native["u"])
    seconds = native["t"].to_numpy()
    if not known.all():
        codes, seconds = codes[known], seconds[known]
    if not len(codes):
        empty = np.empty(0, dtype="int64")
        none = native["u"].iloc[:0]
        return pd.DataFrame({"u": none, "p": empty, "before": empty, "after": empty})
    days = _local_days(log, seconds)
    first = int(days.min())
    lookup = _day_lookup(first, int(days.max()), period)
    low, span = int(lookup[0]), int(lookup[-1] - lookup[0]) + 1
    packed = codes * span
    packed += (days - low) if period == "day" else (lookup - low)[days - first]
    packed.sort()
    new = np.empty(len(packed), dtype=bool)
    new[0] = True
    np.not_equal(packed[1:], packed[:-1], out=new[1:])
    packed = packed[new]
    member, p = np.divmod(packed, span)
    step = np.diff(p)
    step[member[1:] != member[:-1]] = NEVER
    before, after = np.empty_like(p), np.empty_like(p)
    before[0], before[1:] = NEVER, step
    after[-1], after[:-1] = NEVER, step
    return pd.DataFrame({"u": ids(member), "p": p + low, "before": before, "after": after})


def _local_days(log: Log, seconds: np.ndarray) -> np.ndarray:
    first, steps = log.offsets
    if steps:
        at = np.array([second for second, _change in steps])
        offset = np.concatenate([[first], first + np.cumsum([change for _at, change in steps])])
        seconds = seconds + offset[np.searchsorted(at, seconds, side="right")]
    elif first:
        seconds = seconds + first
    return seconds // DAY


def _day_lookup(first: int, last: int, period: str) -> np.ndarray:
    days = pd.DataFrame({"d": np.arange(first, last + 1, dtype="int64")})
    return small(days_to_periods(nw.from_native(days).lazy(), period, "d"))["d"]


def _member_codes(members: pd.Series) -> tuple[np.ndarray, Any, np.ndarray]:
    """Whole numbers from 0 for members, how to get the ids back, and which are known."""
    if isinstance(members.dtype, np.dtype) and members.dtype.kind in "iu" and len(members):
        values = members.to_numpy()
        low, high = int(values.min()), int(values.max())
        if high - low < 1 << 40:
            return (
                values.astype("int64") - low,
                lambda codes: (codes + low).astype(values.dtype),
                np.ones(len(values), dtype=bool),
            )
    if isinstance(members.dtype, pd.Int64Dtype) and len(members):
        known = members.notna().to_numpy()
        values = members.to_numpy(dtype="int64", na_value=0)
        low = int(values[known].min()) if known.any() else 0
        high = int(values[known].max()) if known.any() else 0
        if high - low < 1 << 40:
            return values - low, lambda codes: pd.array(codes + low, dtype="Int64"), known
    codes, uniques = pd.factorize(members, sort=True)
    return codes.astype("int64"), lambda kept: uniques.take(kept), codes >= 0


def _time_range(frame: nw.LazyFrame[Any]) -> tuple[int, int]:
    found = small(frame.select(low=nw.col("t").min(), high=nw.col("t").max()))
    low, high = found["low"][0], found["high"][0]
    if pd.isna(low):
        return 0, -1
    return int(low), int(high)


def _offset_steps(tz: str | None, begin: int, end: int) -> tuple[int, list[tuple[int, int]]]:
    if tz is None:
        return 0, []
    zone = ZoneInfo(tz)

    def offset(second: int) -> int:
        moment = datetime.fromtimestamp(second, UTC).astimezone(zone)
        return int(moment.utcoffset().total_seconds())  # type: ignore[union-attr]

    first, steps = offset(begin), []
    low, before = begin, first
    while low < end:
        high = min(low + DAY, end)
        after = offset(high)
        if after != before:
            left, right = low, high
            while right - left > 1:
                middle = (left + right) // 2
                left, right = (left, middle) if offset(middle) != before else (middle, right)
            steps.append((right, after - before))
        low, before = high, after
    return first, steps


def _has_zone(dtype: Any) -> bool:
    return getattr(dtype, "time_zone", None) is not None


def _nullable(seconds: pd.Series, missing: pd.Series) -> pd.Series:
    return seconds.astype("int64").astype("Int64").mask(missing)


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
    "as_seconds",
    "calendar",
    "check_period",
    "check_zone",
    "close_frame",
    "days_to_periods",
    "fill",
    "member_list",
    "member_periods",
    "need_columns",
    "open_frame",
    "period_of_second",
    "period_start",
    "read_log",
    "small",
    "table_like",
    "with_seconds",
]
