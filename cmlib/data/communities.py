"""A community: its tables, who counts, when and in which zone. It holds data, no analysis."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import narwhals as nw
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import choice
from cmlib.data.clock import bound_second, check_zone
from cmlib.data.frames import column_names, need_columns, open_frame
from cmlib.data.log import Log
from cmlib.data.people import BY_DEFAULT, left_out
from cmlib.data.schema import PACK_TABLES, TABLES, get_table
from cmlib.data.validate import check_types
from cmlib.errors import ColumnError, ParameterError, TableError, missing_column, unknown_choice
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = ["Community", "community", "log_of", "table_log", "table_of"]


class Community:
    """The tables of one community, and what counts in them.

    A table is read with its name: ``brand.members``. What you do to the table you get never
    changes the community. Tables are whole and in UTC, whatever the view.

    Attributes
    ----------
    name : str
    tz : str
        Home zone: days, weeks and months are cut on its clock.
    start, end : pandas.Timestamp
        Reported from `start` (included) to `end` (excluded), UTC like the tables. A bound that
        you give is local instead: ``brand.view(end="2025-06-01")``.
    complete_history : bool
        Whether the log begins with the community: nobody was there before it.
    tables : mapping of str to table
    readings : tuple of ReadReport
        How each file was read; empty for the packs of the course.

    Notes
    -----
    The tables and their columns:

    {tables}
    """

    name: str
    tz: str
    complete_history: bool
    tables: Mapping[str, Any]
    readings: tuple[Any, ...]

    def __init__(
        self,
        *,
        name: str,
        tables: Mapping[str, Any],
        tz: str = "UTC",
        start: pd.Timestamp | None = None,
        end: pd.Timestamp | None = None,
        complete_history: bool = False,
        without: Any = BY_DEFAULT,
        readings: tuple[Any, ...] = (),
    ) -> None:
        values = {
            "name": name,
            "tables": MappingProxyType(dict(tables)),
            "tz": check_zone(tz),
            "complete_history": bool(complete_history),
            "readings": tuple(readings),
            "_start": _utc_second(start),
            "_end": _utc_second(end),
            "_view_start": None,
            "_without": without,
            "_chosen": None,
        }
        self.__dict__.update(values)
        _check_order(self._start, self._end)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            _(
                "A community does not change. For other bounds, people or zone, make a view: "
                "community.view(...)."
            )
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "tables" not in self.__dict__:
            raise AttributeError(name)
        if name in self.tables:
            table = self.tables[name]
            return table.copy(deep=False) if isinstance(table, pd.DataFrame) else table
        if name in TABLES:
            raise AttributeError(str(no_table(name, self)))
        raise AttributeError(str(unknown_choice("table", name, self.tables)))

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        title = _("Community {name}, from {start} to {end} ({tz})").format(
            name=self.name or "-", start=self._shown("start"), end=self._shown("end"), tz=self.tz
        )
        rows = []
        for name, table in self.tables.items():
            size = (
                _("{rows} rows").format(rows=format_number(len(table)))
                if isinstance(nw.from_native(table), nw.DataFrame)
                else _("not read yet")
            )
            rows.append(f"  {name}: {size}")
        return "\n".join([title, *rows])

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in self.__dict__.items() if name != "log"}
        return {**state, "tables": dict(self.tables)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({**state, "tables": MappingProxyType(state["tables"])})

    @cached_property
    def log(self) -> Log:
        """The events as this view counts them, for the measures."""
        if "events" not in self.tables:
            raise no_table("events", self)
        return Log(
            self.tables["events"],
            self.tables.get("members"),
            tz=self.tz,
            start=self._start if self._view_start is None else self._view_start,
            end=self._end,
            observed_from=self._start,
            without=self._without,
            chosen=self._chosen,
            complete_history=self.complete_history,
        )

    @property
    def without(self) -> Any:
        """Who does not count, as it was said; None when everybody does."""
        return self._without

    @property
    def start(self) -> pd.Timestamp:
        """When the reported period opens, UTC."""
        return self._bound("start")

    @property
    def end(self) -> pd.Timestamp:
        """When the reported period closes (excluded), UTC."""
        return self._bound("end")

    def has(self, table: str) -> bool:
        """Tell whether the community has a table.

        Parameters
        ----------
        table : str
            A name of the contract, such as "tickets".

        Returns
        -------
        bool
        """
        return table in self.tables

    def view(
        self,
        *,
        tz: str | None = None,
        without: Any = ...,
        start: Any = None,
        end: Any = None,
        events: IntoFrame | None = None,
    ) -> Community:
        """Return the same community seen otherwise: what counts changes, never what is stored.

        Parameters
        ----------
        tz : str, optional
            IANA name of the zone on whose clock days, weeks and months are cut.
        without : str, id, table of members or list of these, optional
            Who does not count: "team" (the staff), "bots", "system" (lines that a platform
            writes itself), "deleted" (events whose account was deleted), ids, or a table of
            members. Bots and system lines never count, unless ``without=None``, which counts
            everybody. Left as it is when not given.
        start, end : date or time, optional
            Report from `start` (included) to `end` (excluded), in local time where no offset is
            written. Events before `start` stay known: who came back, who was there already.
            Nothing from `end` on is known.
        events : table, optional
            The events that count: rows that you chose among ``counted()`` or ``events``, with
            their ``event_id``. Who opened a thread, who is answered and on which day somebody was
            first seen are still read in the whole log.

        Returns
        -------
        Community

        Raises
        ------
        ParameterError
            When a bound can be misread, when `end` does not come after `start`, or when a zone
            or an id is not known.
        ColumnError
            When the rows of `events` have no ``event_id``.

        Examples
        --------
        >>> import pandas as pd
        >>> log = pd.DataFrame({"event_id": [1, 2], "member_id": [1, 2], "kind": "visit",
        ...     "timestamp": pd.to_datetime(["2025-02-28 23:30", "2025-03-02 10:00"])})
        >>> paris = community(events=log).view(tz="Europe/Paris", start="2025-03-01")
        >>> len(paris.counted()), len(paris.events)
        (2, 2)
        """
        zone = self.tz if tz is None else check_zone(tz)
        changes: dict[str, Any] = {"tz": zone}
        if without is not ...:
            changes["_without"] = without
            left_out(without, self.tables.get("members"))  # a mistake is said now, not later
        if start is not None:
            changes["_view_start"] = bound_second(start, "start", zone)
        if end is not None:
            changes["_end"] = bound_second(end, "end", zone)
        if events is not None:
            changes["_chosen"] = self._chosen_rows(events)
        other = copy.copy(self)
        other.__dict__.pop("log", None)
        other.__dict__.update(changes)
        opens = other._start if other._view_start is None else other._view_start
        _check_order(opens, other._end)
        return other

    def counted(self) -> Any:
        """Return the events that count in this view, with the local time of each.

        Returns
        -------
        table of the kind of ``events``
            Rows from `start` to `end` of those who count, every column as stored, and
            ``local_time``: date and time on the clock of the home zone, without offset.

        Examples
        --------
        >>> import pandas as pd
        >>> log = pd.DataFrame({"event_id": [1], "member_id": [7], "kind": "visit",
        ...     "timestamp": pd.to_datetime(["2025-02-28 23:30"])})
        >>> community(events=log, tz="Europe/Paris").counted()["local_time"][0]
        Timestamp('2025-03-01 00:30:00')
        """
        return self.log.counted()

    def _bound(self, name: str) -> pd.Timestamp:
        known = self._end
        if name == "start":
            known = self._start if self._view_start is None else self._view_start
        if known is None:
            known = getattr(self.log, name)
        return pd.Timestamp(known, unit="s")

    def _shown(self, name: str) -> str:
        if "events" not in self.tables and getattr(self, f"_{name}") is None:
            return "?"
        moment = self._bound(name).tz_localize("UTC").tz_convert(self.tz)
        if name == "end":
            return str((moment - pd.Timedelta(seconds=1)).date())
        return str(moment.date())

    def _chosen_rows(self, rows: IntoFrame) -> IntoFrame:
        names = column_names(rows)
        if "event_id" not in names:
            raise ColumnError(
                _(
                    "The rows given as events= have no event_id: keep that column when you choose "
                    "rows, for example brand.view(events=log[log['channel'] == 'help'])."
                )
            )
        chosen = open_frame(rows).select("event_id")
        events = open_frame(self.tables["events"]).select("event_id")
        if chosen.implementation is not events.implementation:
            raise ParameterError(
                _(
                    "events= must be a table of the same kind as the log ({kind}): choose the rows "
                    "from community.counted()."
                ).format(kind=events.implementation)
            )
        return chosen.to_native()


def community(
    *,
    name: str = "",
    tz: str = "UTC",
    start: Any = None,
    end: Any = None,
    without: Any = BY_DEFAULT,
    complete_history: bool = False,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    **tables: IntoFrame,
) -> Community:
    """Make a community out of tables that you have already.

    Parameters
    ----------
    name : str
    tz : str, default "UTC"
        IANA name of the home zone.
    start, end : date or time, optional
        When observation began and ended, local where no offset is written; without them, with
        the first event and just after the last one.
    without : str, id, table of members or list of these
        Who does not count, as in :meth:`Community.view`; bots and system lines by default.
    complete_history : bool, default False
        Whether the log begins with the community. If it does not, people seen in its first 30
        days were there already, and are no newcomers.
    columns : mapping of table to mapping of standard name to your name, optional
        ``{"posts": {"reach": "Accounts reached"}}``.
    **tables : tables
        ``events=``, ``members=``, ``posts=``, ``tickets=``...: the tables of the contract, pandas,
        Polars, DuckDB or PySpark. Columns beyond the contract are kept.

    Returns
    -------
    Community

    Raises
    ------
    ParameterError
        When a table has a name that no contract has, or a bound or a zone is not accepted.
    ColumnError
        When a required column is missing.
    TableError
        When a column holds another type than its contract says.

    Notes
    -----
    Names and types are checked here, values by the first measure that needs them.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({"Published": pd.to_datetime(["2025-03-01"]), "Reach": [120]})
    >>> names = {"posts": {"published_at": "Published", "reach": "Reach"}}
    >>> community(posts=posts, columns=names).posts.columns.to_list()
    ['published_at', 'reach']
    """
    zone = check_zone(tz)
    given = {table: value for table, value in tables.items() if value is not None}
    for table in given:
        choice("table", table, PACK_TABLES)
    for table in columns or {}:
        if table not in given:
            raise ParameterError(
                _("columns names the table {table!r}, which was not given.").format(table=table)
            )
    if not given:
        raise ParameterError(_("Give at least one table: data.community(events=...)."))
    renamed = {
        table: _renamed(value, dict((columns or {}).get(table, {})), table)
        for table, value in given.items()
    }
    for table, value in renamed.items():
        check_types(value, table)
    made = Community(
        name=name,
        tables=renamed,
        tz=zone,
        start=_as_timestamp(bound_second(start, "start", zone)),
        end=_as_timestamp(bound_second(end, "end", zone)),
        complete_history=complete_history,
        without=without,
    )
    left_out(without, made.tables.get("members"))
    return made


def log_of(source: Community | IntoFrame) -> Log:
    """Return the log of a community; a bare table means UTC, from first to last, everybody."""
    log = source.log if isinstance(source, Community) else Log(source, without=None)
    need_columns(log.events, ["member_id", "timestamp"])
    return log


def table_of(source: Community | IntoFrame, table: str) -> IntoFrame:
    """Return one table of a community as it is stored, or the bare table that was given."""
    if not isinstance(source, Community):
        open_frame(source)
        return source
    if table not in source.tables:
        raise no_table(table, source)
    return source.tables[table]


def table_log(source: Community | IntoFrame, table: str, time: str) -> Log:
    """Return another dated table as a view counts it: same period, zone and people."""
    native = table_of(source, table)
    if not isinstance(source, Community):
        return Log(native, without=None, time=time)
    return Log(
        native,
        source.tables.get("members"),
        tz=source.tz,
        start=source._start if source._view_start is None else source._view_start,
        end=source._end,
        observed_from=source._start,
        without=source.log.left_out if "events" in source.tables else source._without,
        complete_history=source.complete_history,
        time=time,
    )


def no_table(table: str, source: Community) -> TableError:
    """Build the error for a table that a community has not."""
    return TableError(
        _("This needs the table {table}, and the community has only: {present}.").format(
            table=table, present=", ".join(source.tables)
        )
    )


def _renamed(table: IntoFrame, names: dict[str, str], contract: str) -> IntoFrame:
    """Give the user's columns their standard names; a column in the way is kept under another."""
    if not names:
        return table
    table_contract = get_table(contract)
    known = [*table_contract.column_names, *(column.name for column in table_contract.beyond)]
    present = column_names(table)
    for standard, own in names.items():
        choice(f"columns[{contract!r}]", standard, known)
        if own not in present:
            raise missing_column(own, present)
    moved = {own: standard for standard, own in names.items()}
    for standard, own in names.items():
        if standard in present and standard not in moved and own != standard:
            moved[standard] = f"{standard}_before"
    frame = nw.from_native(table).rename(moved)
    return frame.to_native()


def _utc_second(moment: Any) -> int | None:
    if moment is None:
        return None
    stamp = pd.Timestamp(moment)
    stamp = stamp if stamp.tz is None else stamp.tz_convert("UTC").tz_localize(None)
    return int(stamp.as_unit("s").asm8.astype("int64"))


def _as_timestamp(second: int | None) -> pd.Timestamp | None:
    return None if second is None else pd.Timestamp(second, unit="s")


def _check_order(start: int | None, end: int | None) -> None:
    if start is not None and end is not None and end <= start:
        raise ParameterError(
            _("end={end} must come after start={start}.").format(
                end=_as_timestamp(end), start=_as_timestamp(start)
            )
        )


def _contract_lines() -> str:
    return "\n    ".join(
        f"* ``{table.name}`` ({table.about}): {', '.join(table.column_names)}"
        for table in TABLES.values()
    )


if Community.__doc__:  # absent under python -OO
    Community.__doc__ = Community.__doc__.replace("{tables}", _contract_lines())
