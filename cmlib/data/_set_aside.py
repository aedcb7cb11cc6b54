"""Rows that a table cannot hold: without a date, far from all the others, or repeated."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cmlib.data._dates import DateOrder, far_dates, parse_times
from cmlib.data._raw_table import REASONS, RawTable, shown
from cmlib.errors import TableError, unknown_choice
from cmlib.messages import _

__all__ = ["check_duplicates", "check_some_left", "dated_rows", "set_duplicates_aside"]


def check_duplicates(duplicates: str | None) -> None:
    """Refuse a word that says nothing about repeated rows."""
    if duplicates not in (None, "set_aside", "keep"):
        raise unknown_choice("duplicates", duplicates, ("set_aside", "keep"))


def set_duplicates_aside(raw: RawTable, key: str | None, duplicates: str | None) -> None:
    """Set repeated rows aside; without a `key` that numbers rows, only when asked to."""
    if key is None:
        repeated = raw.frame.duplicated()
        if duplicates == "set_aside":
            raw.drop(repeated.to_numpy(), "duplicate_row")
        elif repeated.any():
            raw.notes.append(
                _(
                    "Rows equal to an earlier one: {count}, kept, because nothing numbers them; "
                    'duplicates="set_aside" leaves them out.'
                ).format(count=int(repeated.sum()))
            )
        return
    again = raw.frame[key].duplicated() & ~raw.missing(key)
    if duplicates == "keep" or not again.any():
        return
    whole = again & raw.frame.duplicated()
    raw.drop(whole.to_numpy(), "duplicate_row")
    raw.drop(again[~whole].to_numpy(), "duplicate_id", key)


def dated_rows(
    raw: RawTable,
    column: str,
    *,
    tz: str,
    day_first: bool | None,
    since: int | None = None,
    until: int | None = None,
) -> pd.Series:
    """Return the moment of each row, UTC; rows without a date that makes sense are set aside."""
    missing = raw.missing(column).to_numpy()
    raw.drop(missing, "time_missing", column)
    order = DateOrder(day_first)
    moments = parse_times(raw.frame[column], column=column, tz=tz, order=order)
    raw.notes += order.notes
    unknown = moments.isna().to_numpy()
    raw.drop(unknown, "time_not_understood", column)
    moments = moments[~unknown].reset_index(drop=True)
    far = far_dates(moments, since, until)
    if far.any():
        raw.notes.append(
            _(
                "Dates far from all the others, in column {column}: {count} rows set aside. "
                "Where they are right, start= or end= around them keeps them."
            ).format(column=repr(column), count=int(far.sum()))
        )
        raw.drop(far, "time_far", column)
    return moments[~far].reset_index(drop=True)


def check_some_left(raw: RawTable, path: str | Path) -> None:
    """Raise where every row of a file was set aside, with the first one as example."""
    if len(raw.frame) or not len(raw.ledger):
        return
    aside = raw.ledger.table().query("reason != 'blank_line'")
    if aside.empty:
        return
    first = aside.iloc[0]
    cell = f" ({first['column']}: {shown(first['cell'])})" if first["cell"] else ""
    raise TableError(
        _("No row of {file} can be read; for example line {line}{cell}: {why}.").format(
            file=Path(path).name, line=first["line"], cell=cell, why=_(REASONS[first["reason"]])
        )
    )
