"""From JSON lines, a JSON list or a Parquet file to a table of text cells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cmlib.data._raw_table import Ledger
from cmlib.data.values import EXACT
from cmlib.errors import FileError
from cmlib.messages import _

__all__ = ["Source", "json_rows", "parquet_rows"]

Source = tuple[pd.DataFrame, np.ndarray, Ledger]


def json_rows(text: str) -> Source:
    """Read one JSON object a line, or one list of objects; a nested name is ``user.id``."""
    ledger = Ledger()
    if text.lstrip().startswith("["):
        entries = list(enumerate(_list_of(text), start=1))
    else:
        entries = _lines_of(text, ledger)
    rows: list[dict[str, str]] = []
    numbers: list[int] = []
    for number, item in entries:
        try:
            cells = _flat(item) if isinstance(item, dict) else None
        except RecursionError:
            cells = None
        if cells is None:
            ledger.add("not_json", [number])
        else:
            rows.append(cells)
            numbers.append(number)
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pd.DataFrame(
        {name: pd.Series([row.get(name, "") for row in rows], dtype="str") for name in names}
    )
    return frame, np.array(numbers, dtype="int64"), ledger


def parquet_rows(path: str | Path) -> Source:
    """Read a Parquet file; each value is written as text, a missing one as an empty cell."""
    try:
        table = pd.read_parquet(path)
        table = table.reset_index(drop=isinstance(table.index, pd.RangeIndex))
        frame = pd.DataFrame({str(name): _as_text(table[name]) for name in table.columns})
    except Exception as error:  # what a damaged file raises depends on where it is damaged
        raise FileError(
            _("The Parquet file {path} is cut short or damaged: write it again.").format(path=path)
        ) from error
    return frame, np.arange(1, len(frame) + 1), Ledger()


def _lines_of(text: str, ledger: Ledger) -> list[tuple[int, Any]]:
    entries = []
    for number, line in enumerate(text.rstrip("\r\n").split("\n"), start=1):
        if not line.strip():
            ledger.add("blank_line", [number])
            continue
        try:
            entries.append((number, _loaded(line)))
        except (ValueError, RecursionError):
            entries.append((number, None))
    return entries


def _list_of(text: str) -> list[Any]:
    try:
        return list(_loaded(text))
    except (ValueError, RecursionError) as error:
        raise FileError(
            _("The JSON list is not well formed: {why}.").format(why=str(error))
        ) from error


def _loaded(text: str) -> Any:
    """Read JSON with its numbers as they are written."""
    return json.loads(text, parse_float=str, parse_int=str)


def _as_text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(values):
        known = values.dropna()
        if (known % 1 == 0).all() and (known.abs() < EXACT).all():
            values = values.astype("Int64")  # whole numbers with gaps, stored as 12.0
    return values.astype("str").where(values.notna(), "").astype("str")


def _flat(item: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[_sound(prefix + name)] = _cell(value)
    return flat


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _sound(value)
    return _sound(json.dumps(value, ensure_ascii=False))


def _sound(text: str) -> str:
    """Replace halves of a character, which JSON can write and no file can hold."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
