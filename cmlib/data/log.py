"""A log of events as a view counts it: which rows, from when to when, in which zone.

What is true of a log is said once and worked out once. The rows that come out have internal
names (``u`` the member, ``t`` the UTC second, ``by_0``... the user's columns), so that no
column of the user's can take the place of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import choice
from cmlib.data.clock import DAY, Offsets, local_second, offset_steps, zone_offsets
from cmlib.data.frames import (
    Frame,
    as_moments,
    as_seconds,
    close_frame,
    column_names,
    need_columns,
    one_of,
    open_frame,
    same_engine,
    small,
)
from cmlib.data.people import BY_DEFAULT, LeftOut, as_parts, check_known, ids_by_role, left_out
from cmlib.data.schema import get_table
from cmlib.errors import TableError, unknown_choice
from cmlib.messages import _

__all__ = ["KINDS", "POSTS", "RUNNING_IN_DAYS", "Log"]

KINDS = next(column.choices for column in get_table("events").columns if column.name == "kind")
POSTS = ("topic", "reply")
RUNNING_IN_DAYS = 30
T = TypeVar("T")
_YEAR_3000 = 32_503_680_000


class Log:
    """The events of one view: what counts, and what was worked out once.

    Parameters
    ----------
    events : table of any engine
    members : table, optional
        Of the same engine as `events`, or pandas.
    tz : str
        Zone on whose clock days, weeks and months are cut.
    start, end : int, optional
        Reported from `start` (included) to `end` (excluded), UTC seconds; without them from the
        first event to one second after the last.
    observed_from : int, optional
        Since when the log is known; `start` or the first event, whichever is earlier.
    without
        As in :meth:`cmlib.data.Community.view`.
    chosen : table, optional
        The events that count, by their ``event_id``; without it, all do.
    complete_history : bool
        Whether the log begins with the community.
    time : str
        The column that says when: other dated tables are counted in the same way.
    """

    def __init__(
        self,
        events: IntoFrame,
        members: IntoFrame | None = None,
        *,
        tz: str = "UTC",
        start: int | None = None,
        end: int | None = None,
        observed_from: int | None = None,
        without: Any = BY_DEFAULT,
        chosen: IntoFrame | None = None,
        complete_history: bool = False,
        time: str = "timestamp",
    ) -> None:
        self.like: Any = events
        self.time = time
        self.members = members
        self.tz = tz
        self.complete_history = complete_history
        self._start, self._end, self._observed_from = start, end, observed_from
        self._without = without
        self._chosen: Any = chosen
        self._kept: dict[Any, Any] = {}

    # --- when ------------------------------------------------------------------------------

    @cached_property
    def events(self) -> Frame:
        """The whole log, as it is stored."""
        return open_frame(self.like)

    @cached_property
    def range(self) -> tuple[int, int]:
        """Seconds of the first and of the last event; (0, -1) where there is none."""
        low, high = self._times["low"], self._times["high"]
        if low is None or pd.isna(low):
            return 0, -1
        if high > _YEAR_3000:
            raise TableError(
                _(
                    "The last event is in the year {year}: whole numbers of seconds since 1970 "
                    "are expected in {column}. Divide milliseconds by 1,000."
                ).format(year=1970 + int(high) // 31_556_952, column=self.time)
            )
        return int(low), int(high)

    @cached_property
    def end(self) -> int:
        """What happened from this second on is not known yet."""
        return self.range[1] + 1 if self._end is None else self._end

    @property
    def ends_said(self) -> bool:
        """Whether the end was said, and is not the last row."""
        return self._end is not None

    @cached_property
    def start(self) -> int:
        """Reported from this second on; what was before is history."""
        return min(self.range[0], self.end) if self._start is None else self._start

    @cached_property
    def observed_from(self) -> int:
        """Since when the log is known."""
        if self._observed_from is not None:
            return self._observed_from
        first = self.range[0] if self.range[1] >= self.range[0] else self.start
        return min(self.start, first)

    @cached_property
    def known_from(self) -> int:
        """The earliest second in the log: events may lie before what was said to be observed."""
        low, high = self.range
        return min(self.observed_from, low) if high >= low else self.observed_from

    @cached_property
    def newcomers_from(self) -> int:
        """Who is first seen before this second was there when the log began."""
        if self.complete_history:
            return self.observed_from
        return self.observed_from + RUNNING_IN_DAYS * DAY

    @cached_property
    def offsets(self) -> Offsets:
        """Offset of local time at the beginning, then its (second, change) steps."""
        return offset_steps(self.tz, self.known_from, self.end)

    def local(self, seconds: nw.Expr) -> nw.Expr:
        """Turn UTC seconds into seconds on the local clock."""
        first, steps = self.offsets
        result = seconds + first if first else seconds
        for second, change in steps:
            result = result + nw.when(seconds >= second).then(change).otherwise(0)
        return result

    def local_value(self, second: int) -> int:
        """Turn one UTC second into seconds on the local clock."""
        return local_second(second, self.offsets)

    def local_array(self, seconds: np.ndarray) -> np.ndarray:
        """Turn an array of UTC seconds into seconds on the local clock."""
        at, offsets = zone_offsets(self.tz, self.known_from, self.end)
        return seconds + offsets[np.searchsorted(at, seconds, side="right")]

    # --- who -------------------------------------------------------------------------------

    @cached_property
    def left_out(self) -> LeftOut:
        """Who does not count."""
        if isinstance(self._without, LeftOut):
            return self._without
        found = left_out(self._without, self.members)
        if not found.by_hand or not self.in_memory:
            return found
        known = pd.Index(self._ids())
        wanted = [_as_id(one, known) for one in found.by_hand]
        check_known(wanted, known)
        same = dict(zip(found.by_hand, wanted, strict=True))
        return LeftOut(
            ids=tuple(same.get(one, one) for one in found.ids),
            silent=tuple(same.get(one, one) for one in found.silent),
            deleted=found.deleted,
            by_hand=tuple(wanted),
        )

    @cached_property
    def staff(self) -> tuple[Any, ...]:
        """The members of staff, whether they count or not; empty where no role is known."""
        return tuple(ids_by_role(self.members).get("staff", ()))

    @property
    def has_roles(self) -> bool:
        """Whether the table of members says who is staff."""
        return self.members is not None and "role" in column_names(self.members)

    @property
    def asks_for_roles(self) -> bool:
        """Whether somebody asked to leave the team out."""
        said = self._without
        return said is not None and "team" in [
            one for one in as_parts(said) if isinstance(one, str)
        ]

    @property
    def has_joined(self) -> bool:
        """Whether the members' day of joining is known."""
        return self.members is not None and "joined_at" in column_names(self.members)

    def joins(self) -> Frame:
        """Members who count, ``u``, with the second they joined, ``t``, before the end."""
        if self.members is None:
            raise TableError(_("This needs the table members, which this community has not."))
        table = open_frame(same_engine(self.members, self.like))
        need_columns(table, ["member_id", "joined_at"])
        rows = table.select(u=nw.col("member_id"), t=nw.col("joined_at"))
        rows = as_seconds(rows, "t", called="joined_at")
        rows = rows.filter(
            ~nw.col("u").is_null(), ~nw.col("t").is_null(), nw.col("t") < self.end
        ).with_columns(nw.col("t").cast(nw.Int64))
        return self._without_left_out(rows).unique("u")

    def member_ids(self) -> Frame:
        """Everybody in the table of members who counts: ``u``."""
        if self.members is None:
            raise TableError(_("This needs the table members, which this community has not."))
        table = open_frame(same_engine(self.members, self.like))
        need_columns(table, ["member_id"])
        rows = table.select(u=nw.col("member_id")).filter(~nw.col("u").is_null()).unique("u")
        return self._without_left_out(rows)

    # --- which rows ------------------------------------------------------------------------

    def rows(
        self,
        *names: str,
        kinds: Sequence[str] | None = None,
        by: Sequence[str] = (),
        everybody: bool = False,
        untimed: bool = False,
    ) -> Frame:
        """Return the events before the end that count, history before the start included.

        Parameters
        ----------
        *names : str
            Standard columns to bring along.
        kinds : sequence of str, optional
            Only events of these kinds.
        by : sequence of str
            Columns of the user's; they come as ``by_0``, ``by_1``...
        everybody : bool
            Bring the rows that do not count too: openers and parents are read from them.
        untimed : bool
            Bring the rows without a time too.

        Returns
        -------
        frame
            ``u`` (where the table names members), ``t``, `names` and `by`.
        """
        need_columns(self.events, by, argument="by")
        wanted = list(names)
        if kinds is not None:
            self.check_kinds(kinds)
            if "kind" not in wanted:
                wanted.append("kind")
        if not everybody and self._chosen is not None and "event_id" not in wanted:
            wanted.append("event_id")
        frame = self._select(wanted, by)
        filters = []
        if self._has_untimed and not untimed:
            filters.append(~nw.col("t").is_null())
        if self.range[1] >= self.end:
            late = nw.col("t") < self.end
            filters.append(nw.col("t").is_null() | late if untimed else late)
        if kinds is not None:
            filters.append(one_of("kind", list(kinds)))
        if not everybody and self.names_members:
            filters += self.people_filters()
        if filters:
            frame = frame.filter(*filters)
        if self._has_untimed and not untimed:
            frame = frame.with_columns(nw.col("t").cast(nw.Int64))
        if not everybody and self._chosen is not None:
            frame = frame.join(self._chosen_ids(), on="event_id", how="semi")
        who = ["u"] if self.names_members else []
        return frame.select(*who, "t", *names, *(f"by_{place}" for place in range(len(by))))

    @cached_property
    def names_members(self) -> bool:
        """Whether each row names a member."""
        return self.has("member_id")

    def counted(self) -> IntoFrame:
        """Return the events from start to end that count, as stored, with their local time."""
        present = self.events.collect_schema().names()
        frame, shown = self.events, list(present)
        if "local_time" in present:
            frame = frame.rename({"local_time": "local_time_before"})
            shown = ["local_time_before" if name == "local_time" else name for name in present]
        seconds, member = _free("t", shown), _free("u", shown)
        copied = frame.with_columns(
            nw.col("timestamp").alias(seconds), nw.col("member_id").alias(member)
        )
        copied = as_seconds(copied, seconds, called="timestamp")
        at = nw.col(seconds)
        copied = copied.filter(~at.is_null(), at >= self.start, at < self.end)
        copied = copied.filter(*self.people_filters(member)) if self._hides_people else copied
        if self._chosen is not None:
            copied = copied.join(self._chosen_ids(), on="event_id", how="semi")
        local = self.local(at.cast(nw.Int64)).cast(nw.Int64)
        timed = as_moments(copied.with_columns(local_time=local), local_time="local_time")
        return close_frame(timed.select(*shown, "local_time"), self.like)

    @property
    def is_chosen(self) -> bool:
        """Whether only some events, chosen by the learner, count."""
        return self._chosen is not None

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of event in the whole log; an unknown one is an error."""
        need_columns(self.events, ["kind"])
        words = self.events.select("kind").unique()
        found = words.select(kind=nw.col("kind").cast(nw.String)).collect()
        kinds = {kind for kind in found["kind"].to_list() if kind is not None}
        for kind in sorted(kinds - set(KINDS)):
            raise unknown_choice("kind", kind, KINDS)
        return frozenset(kinds)

    def check_kinds(self, kinds: Sequence[str]) -> None:
        """Raise where a kind is asked for that no event can have."""
        need_columns(self.events, ["kind"])
        for kind in kinds:
            choice("kinds", kind, KINDS)
        _known = self.kinds

    def has(self, *names: str) -> bool:
        """Whether the log has these columns."""
        return set(names) <= set(self.events.collect_schema().names())

    def holds(self, name: str) -> bool:
        """Whether the log has this column and something stands in it."""
        if not self.has(name):
            return False
        known = (~nw.col(name).is_null()).cast(nw.Int64).sum()
        return bool(self.once(("holds", name), lambda: small(self.events.select(n=known))["n"][0]))

    def from_start(self, frame: Frame) -> Frame:
        """Leave out the history before the start."""
        if self.observed_from == self.start and self.range[0] >= self.start:
            return frame
        return frame.filter(nw.col("t") >= self.start)

    # --- kept ------------------------------------------------------------------------------

    @cached_property
    def in_memory(self) -> bool:
        """Whether tables worked out once are kept: on pandas and Polars."""
        implementation = self.events.implementation
        return bool(implementation.is_pandas() or implementation.is_polars())

    @cached_property
    def is_pandas(self) -> bool:
        """Whether the log is a pandas table."""
        return isinstance(self.like, pd.DataFrame)

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """Return what `make` gives, made once: small things, on every engine."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def kept(self, key: Any, make: Callable[[], Frame]) -> Frame:
        """Return the frame that `make` gives; kept in memory on pandas and Polars only."""
        if not self.in_memory:
            return make()
        return self.once(key, lambda: make().collect().lazy())

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in vars(self).items() if name in _GIVEN}
        return {**state, "_kept": {}}

    # --- inside ----------------------------------------------------------------------------

    def _select(self, names: Iterable[str], by: Sequence[str] = ()) -> Frame:
        """Take columns of the whole log under internal names, times in seconds."""
        wanted = list(dict.fromkeys(names))
        who = ["member_id"] if self.names_members else []
        need_columns(self.events, [*who, self.time, *wanted])
        if self.is_pandas:
            events = self.like
            columns = {"u": events["member_id"]} if who else {}
            columns["t"] = self._pandas_seconds
            columns |= {name: events[name] for name in wanted}
            columns |= {f"by_{place}": events[name] for place, name in enumerate(by)}
            return nw.from_native(pd.DataFrame(columns, copy=False)).lazy()
        rows = self.events.select(
            *(nw.col(name).alias("u") for name in who),
            nw.col(self.time).alias("t"),
            *wanted,
            *(nw.col(name).alias(f"by_{place}") for place, name in enumerate(by)),
        )
        return as_seconds(rows, "t", called=self.time)

    @cached_property
    def _pandas_seconds(self) -> pd.Series:
        need_columns(self.events, [self.time])
        rows = nw.from_native(pd.DataFrame({"t": self.like[self.time]}, copy=False)).lazy()
        return as_seconds(rows, "t", called=self.time).to_native()["t"]

    @cached_property
    def seconds(self) -> np.ndarray:
        """UTC seconds of every row of a pandas log; 0 where there is no time."""
        return np.asarray(self._pandas_seconds.to_numpy(dtype="int64", na_value=0))

    @cached_property
    def timed(self) -> np.ndarray:
        """Rows of a pandas log that have a time."""
        return np.asarray(self._pandas_seconds.notna().to_numpy())

    def counts_rows(self, places: np.ndarray) -> np.ndarray:
        """Tell which of these rows of a pandas log count, whatever their time and kind."""
        members = self.like["member_id"].take(places)
        counts = np.ones(len(places), dtype=bool)
        if self.left_out.ids:
            counts &= ~members.isin(list(self.left_out.ids)).to_numpy(dtype=bool)
        if self.left_out.deleted:
            counts &= members.notna().to_numpy()
        if self._chosen is not None:
            counts &= self.like["event_id"].take(places).isin(self._chosen["event_id"]).to_numpy()
        return counts

    @cached_property
    def _has_untimed(self) -> bool:
        if self.is_pandas:
            return bool(self._pandas_seconds.dtype != "int64")
        return bool(self._times["missing"])

    @cached_property
    def _times(self) -> dict[str, Any]:
        """First and last second, and rows without one: one look at the table."""
        t = nw.col("t")
        missing = t.is_null().cast(nw.Int64).sum()
        found = small(self._select(()).select(low=t.min(), high=t.max(), missing=missing))
        return {name: values[0] for name, values in found.items()}

    @property
    def _hides_people(self) -> bool:
        return bool(self.left_out.ids) or self.left_out.deleted

    def people_filters(self, member: str = "u") -> list[nw.Expr]:
        """Give the filters that leave out who does not count; `member` holds the ids."""
        found, u = self.left_out, nw.col(member)
        filters = []
        if found.deleted:
            filters.append(~u.is_null())
        if found.ids:
            kept = ~u.is_in(list(found.ids))
            filters.append(kept if found.deleted else u.is_null() | kept)
        return filters

    def _chosen_ids(self) -> Frame:
        return open_frame(self._chosen).select("event_id").unique()

    def _without_left_out(self, rows: Frame) -> Frame:
        ids = list(self.left_out.ids)
        return rows.filter(~nw.col("u").is_in(ids)) if ids else rows

    def _ids(self) -> list[Any]:
        """Everybody known by an id, in the log or among the members."""
        writers = self.events.select("member_id").drop_nulls().unique().collect()
        ids = writers["member_id"].to_list()
        if self.members is not None and "member_id" in column_names(self.members):
            table = open_frame(self.members).select("member_id").drop_nulls().unique().collect()
            ids += table["member_id"].to_list()
        return ids


_GIVEN = frozenset(
    [
        "like",
        "members",
        "tz",
        "complete_history",
        "time",
        "_start",
        "_end",
        "_observed_from",
        "_without",
        "_chosen",
    ]
)


def _free(name: str, present: Sequence[str]) -> str:
    """Make a name that no column has."""
    while name in present:
        name += "_"
    return name


def _as_id(one: Any, known: pd.Index) -> Any:
    """Read an id typed as text, where the log's ids are whole numbers."""
    if isinstance(one, str) and pd.api.types.is_integer_dtype(known.dtype):
        text = one.strip()
        if text.lstrip("-").isdigit():
            return int(text)
    return one
