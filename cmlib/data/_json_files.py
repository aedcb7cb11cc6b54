"""From JSON lines, a JSON list or a Parquet file to a table of text cells."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cmlib.data._reports import Ledger
from cmlib.errors import FileError
from cmlib.i18n import _

__all__ = ["json_rows", "parquet_rows"]

Source = tuple[pd.DataFrame, np.ndarray, Callable[[int], str], Ledger]


def json_rows(text: str) -> Source:
    """Read one JSON object a line, or one list of objects; a nested name is ``user.id``."""
    if text.lstrip().startswith("["):
        entries = _list_entries(text)
    else:
        lines = text.rstrip("\r\n").split("\n")
        entries = [(number, line.rstrip("\r")) for number, line in enumerate(lines, start=1)]
    ledger = Ledger()
    rows: list[dict[str, str]] = []
    numbers: list[int] = []
    for number, line in entries:
        if not line.strip():
            ledger.add("blank_line", [number], [line])
            continue
        try:
            item = json.loads(line, parse_float=str, parse_int=str)
        except ValueError:
            item = None
        if not isinstance(item, dict):
            ledger.add("not_json", [number], [line])
            continue
        rows.append(_flat(item))
        numbers.append(number)
    names = list(dict.fromkeys(name for row in rows for name in row))
    frame = pd.DataFrame(
        {name: pd.Series([row.get(name, "") for row in rows], dtype="str") for name in names}
    )
    texts = dict(entries)
    return frame, np.array(numbers, dtype="int64"), lambda line: texts[line], ledger


def parquet_rows(path: str | Path) -> Source:
    """Read a Parquet file; each value is written as text, a missing one as an empty cell."""
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise FileError(
            _("The Parquet file {path} is cut short or damaged: write it again.").format(path=path)
        ) from error
    table = table.reset_index(drop=isinstance(table.index, pd.RangeIndex))
    frame = pd.DataFrame({str(name): _as_text(table[name]) for name in table.columns})

    def text_of(row: int) -> str:
        return ", ".join(frame.iloc[row - 1])

    return frame, np.arange(1, len(frame) + 1), text_of, Ledger()


def _as_text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")  # whole numbers with gaps, stored as 12.0
    return values.astype("str").where(values.notna(), "").astype("str")


def _list_entries(text: str) -> list[tuple[int, str]]:
    try:
        items = json.loads(text)
    except ValueError as error:
        raise FileError(
            _("The JSON list is not well formed: {why}.").format(why=str(error))
        ) from error
    return [
        (number, json.dumps(item, ensure_ascii=False)) for number, item in enumerate(items, start=1)
    ]


def _flat(item: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = _cell(value)
    return flat


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
