"""From a text file to a table of text cells in which each row of the file is accounted for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import numpy as np

from cmlib.data._decode import decode, read_bytes
from cmlib.data._json_files import Source, json_rows, parquet_rows
from cmlib.data._raw_table import Ledger, RawTable
from cmlib.data._text_rows import (
    SPACES,
    clean_spaces,
    frame_of_rows,
    sound_frame,
    sound_rows,
    split_lines,
)
from cmlib.errors import FileError, ParameterError
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = ["clean_cells", "read_raw"]

_SEPARATORS = "\t;|,"  # the first wins a draw
_MOST_SKIPPED = 1_000_000


def read_raw(
    path: str | Path,
    *,
    header: bool = True,
    sep: str | None = None,
    encoding: str | None = None,
    skip: int = 0,
    wanted: Iterable[str] = (),
) -> RawTable:
    """Read any supported file as text cells; `wanted` names columns that must be found."""
    if not 0 <= skip <= _MOST_SKIPPED:
        raise ParameterError(
            _("skip={given} is not accepted: give a number of lines, from 0 to {most}.").format(
                given=skip, most=format_number(_MOST_SKIPPED)
            )
        )
    content = read_bytes(path)
    if content[:4] == b"PAR1":
        return _from_objects(parquet_rows(path), "parquet", "-", path)
    decoded = decode(content, path, encoding)
    start = decoded.text.lstrip()[:1]
    if header and start in ("{", "["):  # columns given by position: a text with cells
        rows = json_rows(decoded.text)
        raw = _from_objects(rows, "json lines" if start == "{" else "json", decoded.encoding, path)
    else:
        raw = _from_lines(decoded.text, header=header, sep=sep, skip=skip, wanted=list(wanted))
        raw.encoding = decoded.encoding
    raw.notes[:0] = decoded.notes
    return raw


def clean_cells(raw: RawTable) -> None:
    """Tidy the spaces of each cell."""
    for name in raw.frame.columns:
        cells = raw.frame[name].str.strip()
        odd = cells.str.contains("[^\\x00-\\x7f]")
        if odd.any():
            cells = cells.mask(odd, cells[odd].map(clean_spaces))
        raw.frame[name] = cells


def _from_lines(
    text: str, *, header: bool, sep: str | None, skip: int, wanted: list[str]
) -> RawTable:
    lines = list(islice(io.StringIO(text, newline=""), skip + 500))
    ledger, notes = Ledger(), []
    first = skip
    if first < len(lines) and re.fullmatch(r"\"?sep=.\"?", lines[first].strip()):
        sep = sep or lines[first].strip().strip('"')[-1]
        first += 1
    above = first
    while first < len(lines) and (
        not lines[first].strip() or (not header and lines[first][0] in "#%")
    ):
        first += 1
    if first >= len(lines):
        raise FileError(_("The file holds no table, only blank lines and comments."))
    if first > above:
        notes.append(
            _("Blank lines or comments before the table: {count}.").format(count=first - above)
        )
    separator = _checked_separator(sep) or _guess_separator(lines[first : first + 60], wanted)
    names, body = _head(lines, first, separator, header, notes)
    frame = sound_frame(text, sum(map(len, lines[:body])), separator, names)
    if frame is not None:
        starts = np.arange(body + 1, body + 1 + len(frame))
    else:
        rows = sound_rows(split_lines(text), body, separator, names, ledger, notes)
        frame, starts = frame_of_rows(rows, names)
    return RawTable(
        frame=frame,
        lines=starts,
        rows_in_file=len(frame) + len(ledger),
        file_format="text",
        encoding="",
        separator=separator,
        ledger=ledger,
        notes=notes,
    )


def _head(
    lines: list[str], first: int, separator: str, header: bool, notes: list[str]
) -> tuple[list[str], int]:
    """Return the names of the columns and the index of the first line of data."""
    if separator == SPACES:
        cells, used = lines[first].split(), 1
    else:
        reader = csv.reader(islice(lines, first, None), delimiter=separator)
        cells = next(reader)
        used = reader.line_num
    if not header:
        return [f"#{i}" for i in range(1, len(cells) + 1)], first
    names: list[str] = []
    for i, cell in enumerate(cells, start=1):
        wished = name = clean_spaces(cell) or f"#{i}"
        twice = 2
        while name in names:
            name = f"{wished}_{twice}"
            twice += 1
        if name != wished:
            notes.append(
                _("Two columns are called {name}: the second is {new} here.").format(
                    name=repr(wished), new=repr(name)
                )
            )
        names.append(name)
    return names, first + used


def _checked_separator(sep: str | None) -> str | None:
    if sep is None or sep == SPACES:
        return sep
    if len(sep) != 1 or sep in '"\r\n':
        raise ParameterError(
            _(
                'sep={given!r} is not accepted: give one character such as ";" or "," or "\\t", '
                'or "spaces".'
            ).format(given=sep)
        )
    return SPACES if sep == " " else sep


def _guess_separator(sample: list[str], wanted: list[str]) -> str:
    """Choose the separator that holds the wanted columns, then the one that cuts alike."""
    sample = [line for line in sample if line.strip()]
    best, best_score = SPACES, (False, 0.0, 0, 0)
    for rank, separator in enumerate(_SEPARATORS):
        rows = _sample_rows(sample, separator)
        width = len(rows[0])
        if width == 1:
            continue
        names = {clean_spaces(cell) for cell in rows[0]}
        alike = sum(len(row) == width for row in rows) / len(rows)
        score = (bool(wanted) and names.issuperset(wanted), round(alike, 1), width, -rank)
        if score > best_score:
            best, best_score = separator, score
    if best_score[1]:
        return best
    widths = {len(line.split()) for line in sample}
    return SPACES if len(widths) == 1 and widths != {1} else ","


def _sample_rows(sample: list[str], separator: str) -> list[list[str]]:
    try:
        return list(csv.reader(sample, delimiter=separator))
    except csv.Error:
        return [line.split(separator) for line in sample]


def _from_objects(
    source: Source,
    file_format: str,
    encoding: str,
    path: str | Path,
) -> RawTable:
    frame, lines, ledger = source
    if not len(frame) and not len(frame.columns):
        raise FileError(_("The file {path} holds no row.").format(path=path))
    return RawTable(
        frame=frame,
        lines=lines,
        rows_in_file=len(frame) + len(ledger),
        file_format=file_format,
        encoding=encoding,
        separator="-",
        ledger=ledger,
    )
