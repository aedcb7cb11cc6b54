"""From text to numbers, percentages and euros, as French and English exports write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from cmlib.errors import TableError
from cmlib.messages import _

__all__ = ["Decimal", "number_kind", "parse_numbers"]

_EURO = re.compile(r"€|\bEUR\b", re.IGNORECASE)
_DIGITS = re.compile(r"[+\-]?(?:\d[\d ']*(?:[.,]\d+)*|[.,]\d+)(?:[eE][+\-]?\d+)?")
_GROUPS = {
    ",": re.compile(r"[+\-]?[1-9]\d{0,2}(?:,\d{3})+"),
    ".": re.compile(r"[+\-]?[1-9]\d{0,2}(?:\.\d{3})+"),
}
_SPACED = re.compile(r"[+\-]?\d{1,3}(?:[ ']\d{3})+(?:[.,]\d*)?|[^ ']*")


@dataclass
class Decimal:
    """The decimal mark of a file, ``","`` or ``"."``, and what shows it; None until known."""

    mark: str | None = None


def number_kind(text: pd.Series) -> tuple[str | None, float]:
    """Return ``"percent"``, ``"euro"`` or ``"number"`` and the share of cells written so."""
    unique = pd.Series(text.unique(), dtype="str").head(5000)
    if not len(unique):
        return None, 0.0
    numeric = [_bare(cell) is not None for cell in unique]
    share = sum(numeric) / len(numeric)
    if not share:
        return None, 0.0
    shaped = unique[numeric]
    if shaped.str.contains("%").mean() > 0.5:
        return "percent", share
    if shaped.map(lambda cell: bool(_EURO.search(cell))).mean() > 0.5:
        return "euro", share
    return "number", share


def evidence(text: pd.Series) -> set[str]:
    """Return the decimal marks that the cells of a column show beyond doubt."""
    shown = set()
    for cell in text.unique():
        bare = _bare(cell)
        if bare is None:
            continue
        comma, point = bare.rfind(","), bare.rfind(".")
        if comma >= 0 and point >= 0:
            shown.add("," if comma > point else ".")
        elif comma >= 0 and bare.count(",") == 1 and not _GROUPS[","].fullmatch(bare):
            shown.add(",")
        elif point >= 0 and bare.count(".") == 1 and not _GROUPS["."].fullmatch(bare):
            shown.add(".")
    return shown


def parse_numbers(text: pd.Series, *, column: str, kind: str, decimal: Decimal) -> pd.Series:
    """Read trimmed text as float64, missing where it is not a number; a percentage as a share."""
    shown = evidence(text)
    mark = shown.pop() if len(shown) == 1 else decimal.mark
    values = {cell: _value(cell, kind, column, mark) for cell in text.unique()}
    return text.map(values).astype("float64")


def _bare(cell: str) -> str | None:
    """Return the digits and marks of a number, without its unit; None for something else."""
    bare = _EURO.sub("", cell).replace("%", "").replace("\u2212", "-").strip()
    if not _DIGITS.fullmatch(bare) or not _SPACED.fullmatch(bare):
        return None
    return bare.replace(" ", "").replace("'", "")


def _value(cell: str, kind: str, column: str, mark: str | None) -> float | None:
    bare = _bare(cell)
    if bare is None or ("%" in cell) != (kind == "percent"):
        return None
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and point >= 0:
        mark = "," if comma > point else "."
    elif comma >= 0 and bare.count(",") == 1:
        if not _GROUPS[","].fullmatch(bare):
            mark = ","
        elif mark is None:
            raise TableError(
                _(
                    "Column {column}: is {example} a thousand or a decimal number? Nothing in the "
                    'file shows it: say decimal="," (1,234 is a little more than one) or '
                    'decimal="." (1,234 is a thousand and more).'
                ).format(column=repr(column), example=cell)
            )
    elif point >= 0 and bare.count(".") == 1 and (mark is None or not _GROUPS["."].fullmatch(bare)):
        mark = "."
    thousands, point_mark = (".", ",") if mark == "," else (",", ".")
    bare = bare.replace(thousands, "").replace(point_mark, ".")
    try:
        number = float(bare)
    except ValueError:
        return None
    return number / 100 if kind == "percent" else number
