"""The story of the redefined "active": counts of two months brought to exact values.

A few reactions and visits are taken away, a few visits are added; nothing replies to either.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from cmsim.log import REACTION, VISIT
from cmsim.members import STAFF, Population
from cmsim.presets import Preset
from cmsim.world import stream

__all__ = ["adjust_redefinition", "redefinition_months"]


def redefinition_months(preset: Preset, start: pd.Timestamp) -> tuple[pd.Period, pd.Period]:
    """Return the month before the new definition and the month of the new definition."""
    month = (start + pd.Timedelta(days=preset["redefinition"]["day"])).to_period("M")
    return month - 1, month


def adjust_redefinition(
    columns: dict[str, np.ndarray],
    people: Population,
    preset: Preset,
    start: pd.Timestamp,
    *,
    seed: int,
) -> dict[str, np.ndarray]:
    """Make the old definition stand still, and the change of definition look like growth.

    Parameters
    ----------
    columns : dict of numpy.ndarray
        The log in its order of writing.
    people : Population
    preset : Preset
    start : pandas.Timestamp
    seed : int

    Returns
    -------
    dict of numpy.ndarray
        The log, with rows taken out and added at the end.
    """
    rng = stream(seed, "redefinition")
    settings = preset["redefinition"]
    months = [_hours(month, start) for month in redefinition_months(preset, start)]
    counted = (people.archetype < STAFF) & ~people.deleted
    actors = [_actors(columns, counted, *month) for month in months]
    goal = min(len(found) for found in actors)
    removed = np.zeros(len(columns["time"]), dtype=bool)
    for month, found in zip(months, actors, strict=True):
        removed |= _silence(columns, rng, found, len(found) - goal, *month)
    columns = _without(columns, removed)
    base = len(_actors(columns, counted, *months[0]))
    readers = round((1 + settings["jump"]) * base) - base
    for month in months:
        columns = _set_readers(columns, rng, counted, settings["visits"], readers, *month)
    return columns


def _hours(month: pd.Period, start: pd.Timestamp) -> tuple[float, float]:
    hour = pd.Timedelta(hours=1)
    return (month.start_time - start) / hour, ((month + 1).start_time - start) / hour


def _inside(columns: dict[str, np.ndarray], first: float, last: float) -> np.ndarray:
    # Compared in whole seconds, as the table will show them.
    seconds = np.floor(columns["time"] * 3600)
    inside: np.ndarray = (seconds >= first * 3600) & (seconds < last * 3600)
    return inside


def _actors(
    columns: dict[str, np.ndarray], counted: np.ndarray, first: float, last: float
) -> np.ndarray:
    acted = _inside(columns, first, last) & (columns["kind"] != VISIT)
    members = np.unique(columns["member"][acted])
    return members[counted[members]]


def _silence(
    columns: dict[str, np.ndarray],
    rng: np.random.Generator,
    actors: np.ndarray,
    surplus: int,
    first: float,
    last: float,
) -> np.ndarray:
    """Mark the reactions of `surplus` people who did nothing else in the month."""
    inside = _inside(columns, first, last)
    more = np.unique(
        columns["member"][inside & (columns["kind"] != VISIT) & (columns["kind"] != REACTION)]
    )
    only = np.setdiff1d(actors, more)
    chosen = rng.permutation(only)[:surplus]
    marked: np.ndarray = inside & (columns["kind"] == REACTION) & np.isin(columns["member"], chosen)
    return marked


def _set_readers(
    columns: dict[str, np.ndarray],
    rng: np.random.Generator,
    counted: np.ndarray,
    least: int,
    goal: int,
    first: float,
    last: float,
) -> dict[str, np.ndarray]:
    """Bring to `goal` the number of people with `least` visits or more and no action."""
    actors = _actors(columns, counted, first, last)
    rows = np.flatnonzero(_inside(columns, first, last) & (columns["kind"] == VISIT))
    rows = rows[counted[columns["member"][rows]] & ~np.isin(columns["member"][rows], actors)]
    member, count = np.unique(columns["member"][rows], return_counts=True)
    readers = member[count >= least]
    if len(readers) > goal:
        fewer = readers[np.argsort(count[count >= least], kind="stable")][: len(readers) - goal]
        return _without(columns, _extra_visits(columns, rows, fewer, least))
    near = member[count < least][np.argsort(-count[count < least], kind="stable")]
    near = near[: goal - len(readers)]
    missing = least - count[np.searchsorted(member, near)]
    theirs = rows[np.isin(columns["member"][rows], near)]
    latest = {int(columns["member"][row]): int(row) for row in theirs}
    source = np.repeat([latest[int(who)] for who in near], missing).astype(np.int64)
    time = columns["time"][source]
    room = np.maximum(last - 0.01 - time, 0)
    shift = np.minimum(rng.uniform(0.3, 30.0, len(source)), 0.9 * room)
    added = {name: column[source] for name, column in columns.items()}
    added["time"] = time + shift
    return {name: np.concatenate([column, added[name]]) for name, column in columns.items()}


def _extra_visits(
    columns: dict[str, np.ndarray], rows: np.ndarray, who: np.ndarray, least: int
) -> np.ndarray:
    """Mark the visits to take from `who` so that one is missing to reach `least`.

    The first visit of a person in the month stays.
    """
    marked = np.zeros(len(columns["time"]), dtype=bool)
    for person in who:
        theirs = rows[columns["member"][rows] == person]
        theirs = theirs[np.argsort(columns["time"][theirs], kind="stable")]
        marked[theirs[least - 1 :]] = True
    return marked


def _without(columns: dict[str, np.ndarray], removed: np.ndarray) -> dict[str, np.ndarray]:
    """Take rows out; the rows they point to are renumbered."""
    kept = ~removed
    place = np.append(np.cumsum(kept, dtype=np.int32) - 1, np.int32(-1))
    result = {name: column[kept] for name, column in columns.items()}
    result["thread"] = place[result["thread"]]
    result["parent"] = place[result["parent"]]
    return result
