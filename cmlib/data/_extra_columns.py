"""The columns of a file that play no role: kept, typed, and never in the place of another."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cmlib.data._column_types import column_kind, decimal_of_file, refused, typed
from cmlib.data._numbers import Decimal
from cmlib.data._raw_table import RawTable, Refused
from cmlib.errors import TableError
from cmlib.messages import _

__all__ = ["extra_columns", "free_name"]

_TIME_OF_DAY = r"\d[:h]\d|\d ?[ap]\.?m|T\d"


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or `name` with an ending where it is taken."""
    used = set(taken)
    if name not in used:
        return name
    new, twice = f"{name}_in_file", 2
    while new in used:
        new, twice = f"{name}_in_file_{twice}", twice + 1
    return new


def extra_columns(
    raw: RawTable,
    names: Iterable[str],
    *,
    reserved: Iterable[str],
    as_text: Iterable[str],
    tz: str,
    day_first: bool | None,
) -> tuple[dict[str, pd.Series], dict[str, str], dict[str, str], list[Refused]]:
    """Type columns as :func:`read_table` does, under names that no other column has.

    Where nothing shows how to read a column, it stays text, and a note says so.

    Returns
    -------
    values, sources, kinds : dict by name
    wrong : list of (line, column, cell)
    """
    chosen, text = list(names), set(as_text)
    kinds = {
        name: "text" if name in text else column_kind(raw.frame[name][~raw.missing(name)])
        for name in chosen
    }
    decimal = decimal_of_file(raw, kinds)
    taken = {*reserved, *(name for name in chosen if name not in reserved)}
    values: dict[str, pd.Series] = {}
    sources: dict[str, str] = {}
    became: dict[str, str] = {}
    wrong: list[Refused] = []
    for name in chosen:
        new = name
        if name in reserved:
            new = free_name(name, taken)
            taken.add(new)
            raw.notes.append(
                _("Column {name} of the file is called {new} here: {name} is another one.").format(
                    name=repr(name), new=repr(new)
                )
            )
        zone = _zone_of(raw, name, tz) if kinds[name] == "date" else tz
        try:
            values[new] = typed(
                raw, name, kinds[name], tz=zone, day_first=day_first, decimal=Decimal(decimal)
            )
        except TableError as error:
            raw.notes.append(_("{why} It is left as text.").format(why=str(error)))
            kinds[name] = "text"
            values[new] = raw.frame[name].mask(raw.missing(name))
        wrong += refused(raw, name, values[new])
        sources[new], became[new] = name, kinds[name]
    return values, sources, became, wrong


def _zone_of(raw: RawTable, name: str, tz: str) -> str:
    """Return the zone to read dates in: days without a time of day stay the days they are."""
    return tz if raw.frame[name].str.contains(_TIME_OF_DAY, regex=True).any() else "UTC"
