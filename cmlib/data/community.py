"""A community: its validated tables and the period they cover. It holds data, no analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

from cmlib.data.schema import TABLES
from cmlib.errors import unknown_choice
from cmlib.i18n import _

__all__ = ["Community"]


@dataclass(frozen=True, repr=False)
class Community:
    """The tables of one community and the period in which it was observed.

    A table is read with its name: ``community.members``. What you do to the table you get
    never changes the community.

    Attributes
    ----------
    name : str
    start, end : pandas.Timestamp
        Observed from `start` (included) to `end` (excluded), UTC. The month of `end` is
        incomplete unless `end` is the first day of a month.
    tables : mapping of str to pandas.DataFrame

    Notes
    -----
    The tables and their columns:

    {tables}
    """

    name: str
    start: pd.Timestamp
    end: pd.Timestamp
    tables: Mapping[str, pd.DataFrame] = field(hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name == "tables":
            raise AttributeError(name)
        if name not in self.tables:
            raise AttributeError(str(unknown_choice("table", name, self.tables)))
        return self.tables[name].copy(deep=False)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        title = _("Community {name}, from {start} to {end} (UTC)").format(
            name=self.name, start=self.start.date(), end=self.end.date()
        )
        rows = [
            f"  {name}: " + _("{rows} rows").format(rows=len(table))
            for name, table in self.tables.items()
        ]
        return "\n".join([title, *rows])


def _contract_lines() -> str:
    return "\n    ".join(
        f"* ``{table.name}`` ({table.about}): {', '.join(table.column_names)}"
        for table in TABLES.values()
    )


if Community.__doc__:  # absent under python -OO
    Community.__doc__ = Community.__doc__.replace("{tables}", _contract_lines())
