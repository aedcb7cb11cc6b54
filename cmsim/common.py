"""The small tables that belong to no community, kept as CSV files beside this module."""

from __future__ import annotations

from importlib import resources

import pandas as pd

from cmlib.data.schema import SHARED_TABLES, get_table
from cmlib.data.validate import validate

__all__ = ["common_tables"]


def common_tables() -> dict[str, pd.DataFrame]:
    """Return ``profession``, ``glossary`` and ``welcome``, checked against their contracts.

    Notes
    -----
    ``profession`` repeats the figures that career guides print, with their gaps: a base or a
    year that a guide does not give stays empty. In ``welcome``, Sunday's 84 visits are twice
    the 42 of a typical day (the median of the week).

    Examples
    --------
    >>> week = common_tables()["welcome"].set_index("day")["visits"]
    >>> int(week["Sunday"]), float(week.median())
    (84, 42.0)
    """
    return {name: _read(name) for name in SHARED_TABLES}


def _read(name: str) -> pd.DataFrame:
    path = resources.files("cmsim") / "sources" / f"{name}.csv"
    types = {column.name: column.pandas_type for column in get_table(name).columns}
    with path.open("r", encoding="utf-8") as file:
        return validate(pd.read_csv(file, dtype=types), name)
