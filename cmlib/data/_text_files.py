"""From a text file to a table of text cells in which each row of the file is accounted for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from cmlib.data._decode import decode, read_bytes
from cmlib.data._json_files import json_rows, parquet_rows
from cmlib.data._reports import Ledger
from cmlib.errors import FileError, ParameterError
from cmlib.i18n import _

__all__ = ["MISSING_WORDS", "RawTable", "clean_cells", "clean_spaces", "read_raw"]

SPACES = "spaces"
MISSING_WORDS = frozenset(
    {"", "NA", "N/A", "n/a", "NULL", "null", "None", "NaN", "nan", "<NA>", "\\N"}
)
_SEPARATORS = "\t;|,"  # the first wins a draw
_MAX_STRAY_QUOTES = 50
_CHUNK = 200_000
_ODD_SPACES = re.compile("[\u00a0\u202f\u2009\u2007\u200b\u2060\ufeff]")


@dataclass
class RawTable:
    """Text cells by column, the line each row starts on, and the rows set aside so far."""

    frame: pd.DataFrame
    lines: np.ndarray
    text_of: Callable[[int], str]
    rows_in_file: int
    file_format: str
    encoding: str
    separator: str
    ledger: Ledger = field(default_factory=Ledger)
    notes: list[str] = field(default_factory=list)

    def drop(self, mask: np.ndarray, reason: str) -> None:
        """Set aside the rows where `mask` is true."""
        if mask.any():
            lines = self.lines[mask]
            self.ledger.add(reason, lines, map(self.text_of, lines))
            self.frame = self.frame[~mask].reset_index(drop=True)
            self.lines = self.lines[~mask]


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
    content = read_bytes(path)
    if content[:4] == b"PAR1":
        return _from_objects(parquet_rows(path), "parquet", "-", path)
    decoded = decode(content, path, encoding)
    start = decoded.text.lstrip()[:1]
    if start in ("{", "["):
        rows = json_rows(decoded.text)
        raw = _from_objects(rows, "json lines" if start == "{" else "json", decoded.encoding, path)
    else:
        raw = _from_lines(decoded.text, header=header, sep=sep, skip=skip, wanted=list(wanted))
        raw.encoding = decoded.encoding
    raw.notes[:0] = decoded.notes
    return raw


def clean_spaces(text: str) -> str:
    """Write every odd space as a plain one and trim the ends."""
    return _ODD_SPACES.sub(" ", text).strip()


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
    lines = list(io.StringIO(text, newline=""))
    ledger, notes = Ledger(), []
    first = skip
    if first < len(lines) and re.fullmatch(r"\"?sep=.\"?", lines[first].strip()):
        sep = sep or lines[first].strip().strip('"')[-1]
        first += 1
    start_of_table = first
    while first < len(lines) and (
        not lines[first].strip() or (not header and lines[first][0] in "#%")
    ):
        first += 1
    if first > start_of_table:
        notes.append(
            _("{count} blank lines or comments stand before the table.").format(
                count=first - start_of_table
            )
        )
    if first >= len(lines):
        raise FileError(_("The file holds no table: only blank lines and comments."))
    separator = _checked_separator(sep) or _guess_separator(lines[first : first + 60], wanted)
    names, body = _head(lines, first, separator, header, notes)
    chunks: list[pd.DataFrame] = []
    starts: list[int] = []
    count = 0
    rows = _rows(lines, body, separator, names, ledger, notes)
    while chunk := list(islice(rows, _CHUNK)):
        starts.extend(start for start, _cells in chunk)
        cells = zip(*(cells for _start, cells in chunk), strict=True)
        chunks.append(
            pd.DataFrame({i: pd.Series(column, dtype="str") for i, column in enumerate(cells)})
        )
        count += len(chunk)
    frame = (
        pd.concat(chunks, ignore_index=True)
        if chunks
        else pd.DataFrame({i: pd.Series(dtype="str") for i in range(len(names))})
    )
    frame.columns = pd.Index(names)
    return RawTable(
        frame=frame,
        lines=np.array(starts, dtype="int64"),
        text_of=lambda line: lines[line - 1].rstrip("\r\n"),
        rows_in_file=count + len(ledger),
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
        reader = csv.reader(lines[first:], delimiter=separator)
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


def _rows(
    lines: list[str],
    first: int,
    separator: str,
    names: list[str],
    ledger: Ledger,
    notes: list[str],
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) for each sound row; put the others in the ledger."""
    width = len(names)
    named = max((i for i, name in enumerate(names, start=1) if name != f"#{i}"), default=width)
    position: int | None = first
    stray = 0
    while position is not None:
        plain = stray > _MAX_STRAY_QUOTES
        rest, position = position, None
        for start, end, cells in _records(lines, rest, separator, plain):
            if end == start or (len(cells) == width and not _open(lines, start, end)):
                if len(cells) != width or not any(cells):
                    reason = _ragged(cells, width, named)
                    if reason is not None:
                        ledger.add(reason, [start], [lines[start - 1]])
                        continue
                    cells = (cells + [""] * width)[:width]
                yield start, cells
            else:
                stray += 1
                long = len(lines[start - 1]) > csv.field_size_limit()
                reason = "cell_too_long" if long else "quote_not_closed"
                ledger.add(reason, [start], [lines[start - 1]])
                position = start  # read on from the next line
                break
    if stray > _MAX_STRAY_QUOTES:
        notes.append(
            _(
                "More than {count} quotation marks open and never close: from there on, "
                "quotation marks were read as ordinary characters."
            ).format(count=_MAX_STRAY_QUOTES)
        )


def _records(
    lines: list[str], position: int, separator: str, plain: bool
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (first line, last line, cells), lines counted from 1."""
    if separator == SPACES or plain:
        cut = None if separator == SPACES else separator
        for number, line in enumerate(islice(lines, position, None), start=position + 1):
            cells = line.rstrip("\r\n").split(cut)
            yield number, number, [_unquoted(cell) for cell in cells] if plain else cells
        return
    reader = csv.reader(lines[position:], delimiter=separator)
    start = position + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond the limit: most often a quotation mark never closes
            yield start, position + reader.line_num + 1, []
            return
        end = position + reader.line_num
        yield start, end, cells
        start = end + 1


def _unquoted(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1] if quoted else cell


def _open(lines: list[str], start: int, end: int) -> bool:
    """Tell whether a row over several lines runs to the end with its quotation mark open."""
    if end < len(lines):
        return False
    return "".join(lines[start - 1 :]).count('"') % 2 == 1


def _ragged(cells: list[str], width: int, named: int) -> str | None:
    """Return why a row that is blank or not as wide as the header is set aside, if it is."""
    if not any(clean_spaces(cell) for cell in cells):
        return "blank_line"
    if len(cells) > width and any(clean_spaces(cell) for cell in cells[width:]):
        return "cells_too_many"
    return "cells_missing" if len(cells) < named else None


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
    source: tuple[pd.DataFrame, np.ndarray, Callable[[int], str], Ledger],
    file_format: str,
    encoding: str,
    path: str | Path,
) -> RawTable:
    frame, lines, text_of, ledger = source
    if not len(frame) and not len(frame.columns):
        raise FileError(_("The file {path} holds no row.").format(path=path))
    return RawTable(
        frame=frame,
        lines=lines,
        text_of=text_of,
        rows_in_file=len(frame) + len(ledger),
        file_format=file_format,
        encoding=encoding,
        separator="-",
        ledger=ledger,
    )
