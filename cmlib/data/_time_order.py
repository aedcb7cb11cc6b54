"""The order of events in time, and their numbers where the file gives none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cmlib.data._ids import whole_numbers

__all__ = ["line_numbers", "time_order"]


def time_order(
    seconds: np.ndarray,
    fraction: np.ndarray,
    lines: np.ndarray,
    event: pd.Series | None,
    number: pd.Series | None,
) -> tuple[np.ndarray, bool]:
    """Return the rows in the order of time, and whether a newest-first file was read upwards.

    Rows of one second follow their event number, then their number inside the thread, the
    fraction of a second, and the line. Where no number speaks, a file written newest first is
    read from its end.
    """
    keys = [seconds]
    for ids in (event, number):
        keys += [] if ids is None else _number_keys(ids)
    steps = np.diff(seconds)
    upwards = len(keys) == 1 and bool((steps < 0).any() and (steps <= 0).all())
    keys += [fraction, -lines if upwards else lines]
    tied = bool((steps == 0).any())
    if not tied and (steps > 0).all():
        return np.arange(len(seconds)), False
    order = np.lexsort(keys[::-1])
    return order, upwards and tied


def line_numbers(seconds: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Give events the number of their line, so that those of one second rise in the order given.

    `seconds` are in order. Rows of one second share their lines out again, smallest first.
    """
    return lines[np.lexsort((lines, seconds))]


def _number_keys(ids: pd.Series) -> list[np.ndarray]:
    """Return what to sort ids by where all are numbers, 12 or 1741590300.000200; else nothing."""
    whole_ids = whole_numbers(ids)
    if whole_ids is not None:
        values, known = whole_ids
        return [~known, values] if known.any() else []
    filled = ids[ids != ""]
    if not len(filled) or not filled.str.fullmatch(r"-?[0-9]{1,40}(?:\.[0-9]{1,18})?").all():
        return []
    parts = ids.str.extract(r"^(-?)([0-9]+)(?:\.([0-9]+))?$").fillna("")
    width = int(parts[1].str.len().max())
    if width <= 18:
        whole = pd.to_numeric(parts[1].where(parts[1] != "", "0")).to_numpy("int64")
    else:
        whole = pd.factorize(parts[1].str.zfill(width), sort=True)[0]
    sign = np.where(parts[0] == "-", -1, 1)
    finer = parts[2].str.ljust(18, "0").astype("int64").to_numpy()
    unnumbered = (parts[1] == "").to_numpy()
    return [unnumbered, sign * whole, finer]
