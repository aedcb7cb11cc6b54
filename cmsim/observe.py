"""What is observed of a simulated world: its tables end when the observation does.

The world is drawn by whole UTC days; the observation ends at midnight of the home zone, an
hour or two earlier. Every table is cut there, by what its contract says of its columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from cmlib.data.schema import Table, get_table
from cmsim.world import World

__all__ = ["cut_labels", "cut_tables", "observed", "observed_table"]

# What is known only once a later date has passed, and unknown before it.
_KNOWN_WITH = {
    ("posts", "published_at"): (
        "followers",
        "impressions",
        "reach",
        "clicks",
        "reactions",
        "comments",
        "shares",
        "saves",
        "dwell_s",
    ),
    ("tickets", "resolved_at"): ("reopened", "csat"),
    ("moderation", "decided_at"): (
        "decision",
        "rule_id",
        "reason",
        "appeal",
        "moderator_a",
        "moderator_b",
    ),
}


def cut_tables(tables: Mapping[str, pd.DataFrame], end: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Return what can be seen before `end` of each table.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Tables by the name of their contract. They are not changed.
    end : pandas.Timestamp
        The instant the observation ends (UTC, excluded).

    Returns
    -------
    dict of str to pandas.DataFrame
        Rows whose own time (the first date that is never empty) is at or after `end` are
        gone. Later dates at or after `end` are empty, with what is known only with them. Rows
        that refer to a row that is gone lose the reference where their contract lets it be
        empty, and are gone where it does not.

    Examples
    --------
    >>> surveys = pd.DataFrame(
    ...     {"member_id": [1, 2], "timestamp": pd.to_datetime(["2025-07-01", "2025-07-15"])}
    ... )
    >>> cut_tables({"surveys": surveys}, pd.Timestamp("2025-07-14 22:00"))["surveys"]
       member_id  timestamp
    0          1 2025-07-01
    """
    kept = {name: _before(table, get_table(name), end) for name, table in tables.items()}
    while True:
        gone = {name: _ids_gone(tables[name], kept[name], get_table(name)) for name in tables}
        rest = {name: _without(table, get_table(name), gone) for name, table in kept.items()}
        if all(len(rest[name]) == len(kept[name]) for name in tables):
            return rest
        kept = rest


def cut_labels(
    labels: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return the labels of the rows that `tables` hold: a table of labels has their key."""
    result = {}
    for name, frame in labels.items():
        key = get_table(name).key
        result[name] = frame[frame[key].isin(tables[name][key])].reset_index(drop=True)
    return result


def observed(world: World) -> World:
    """Return the world as far as it was observed: members, events and their labels."""
    tables = cut_tables({"members": world.members, "events": world.events}, world.seen_until)
    labels = {name: world.latent[name] for name in tables}
    return replace(world, **tables, latent={**world.latent, **cut_labels(labels, tables)})


def observed_table(world: World, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return what was observed of one more table of `world`."""
    tables = {"members": world.members, "events": world.events, name: table}
    return cut_tables(tables, world.seen_until)[name]


def _before(table: pd.DataFrame, contract: Table, end: pd.Timestamp) -> pd.DataFrame:
    times = [c for c in contract.columns if c.kind == "time" and c.name in table.columns]
    own = next((column.name for column in times if not column.nullable), None)
    if own is not None:
        table = _rows(table, (table[own] < end).to_numpy())
    for column in times:
        late = (table[column.name] >= end).to_numpy()
        if column.nullable and late.any():
            unknown = (column.name, *_KNOWN_WITH.get((contract.name, column.name), ()))
            table = table.assign(**{name: _unknown(table[name], late) for name in unknown})
    return table


def _unknown(values: pd.Series, late: np.ndarray) -> pd.Series:
    return values.mask(late, False) if values.dtype == bool else values.mask(late)


def _ids_gone(before: pd.DataFrame, after: pd.DataFrame, contract: Table) -> pd.Series:
    if contract.key is None or len(before) == len(after):
        return pd.Series(dtype="int64")
    ids = before[contract.key]
    return ids[~ids.isin(after[contract.key])]


def _without(table: pd.DataFrame, contract: Table, gone: Mapping[str, pd.Series]) -> pd.DataFrame:
    for column in contract.columns:
        where = (column.refers_to or "").partition(".")[0]
        if column.name not in table.columns or not len(gone.get(where, ())):
            continue
        lost = table[column.name].isin(gone[where]).to_numpy()
        if column.nullable and lost.any():
            table = table.assign(**{column.name: table[column.name].mask(lost)})
        elif lost.any():
            table = _rows(table, ~lost)
    return table


def _rows(table: pd.DataFrame, kept: np.ndarray) -> pd.DataFrame:
    return table if kept.all() else table[kept].reset_index(drop=True)
