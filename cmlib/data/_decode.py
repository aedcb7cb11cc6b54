"""From the bytes of a file to its text: compression, encoding, NUL bytes, binary files."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from cmlib.errors import FileError, ParameterError, nearest
from cmlib.messages import _

__all__ = ["Decoded", "decode", "read_bytes"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True)
class Decoded:
    """The text of a file, how it was encoded and what had to be done to read it."""

    text: str
    encoding: str
    notes: tuple[str, ...]


def read_bytes(path: str | Path) -> bytes:
    """Read a file, unpacked when it is gzipped; refuse what is not a table."""
    path = Path(path)
    if not path.exists():
        raise FileError(_not_found(path))
    if path.exists() and not path.is_file() and not path.is_dir():
        raise FileError(_("{path} is not a file that can be read to its end.").format(path=path))
    if path.is_dir():
        raise FileError(
            _("{path} is a folder: give the file inside it that holds the table.").format(path=path)
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(
            _("The file {path} cannot be opened: {why}.").format(path=path, why=error.strerror)
        ) from error
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise FileError(
                _(
                    "The compressed file {path} is cut short or damaged: "
                    "export or download it again."
                ).format(path=path)
            ) from error
    if content[:4] == b"PK\x03\x04" or content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise FileError(
            _(
                "{path} is a workbook or a zip archive, not a text file: extract it, "
                "or save the sheet as CSV (UTF-8), and read that file."
            ).format(path=path)
        )
    return content


def decode(content: bytes, path: str | Path, encoding: str | None = None) -> Decoded:
    """Turn bytes into text; the encoding is the one given, or the one the bytes show."""
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise FileError(
            _("The file {path} is empty: export it again, or check its name.").format(path=path)
        )
    notes: list[str] = []
    text, name, lost = _as_text(content, encoding)
    if lost:
        notes.append(
            _("{count} characters could not be decoded as {encoding} and stand as \ufffd.").format(
                count=lost, encoding=name
            )
        )
    if encoding is None and name == "cp1252":
        notes.append(
            _(
                "The file is not UTF-8: it was read as Windows-1252 (Western Europe). "
                'Another one is chosen with encoding="...".'
            )
        )
    if not name.startswith("utf-16") and len(_CONTROL.findall(content[:4096])) > 40:
        raise FileError(
            _("{path} is not a text file: export the table as CSV and read that file.").format(
                path=path
            )
        )
    nul = text.count("\x00")
    if nul:
        notes.append(_("{count} NUL bytes were taken out.").format(count=nul))
        text = text.replace("\x00", "")
    return Decoded(text.lstrip("\ufeff"), name, tuple(notes))


def _as_text(content: bytes, encoding: str | None) -> tuple[str, str, int]:
    if encoding is not None:
        try:
            name = codecs.lookup(encoding).name
            "".encode(name)  # "zip" and "base64" turn bytes into bytes
        except (LookupError, ValueError):
            raise ParameterError(
                _(
                    'encoding="{given}" is not known: use "utf-8", "cp1252", "utf-16" '
                    "or another name that Python knows."
                ).format(given=encoding)
            ) from None
        return _counted(content, name)
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _counted(content[len(mark) :], name)
    sample = content[:4096]
    if len(sample) > 3 and sample[1::2].count(0) > 0.3 * len(sample[1::2]):
        return _counted(content, "utf-16-le")
    if len(sample) > 3 and sample[0::2].count(0) > 0.3 * len(sample[0::2]):
        return _counted(content, "utf-16-be")
    try:
        return content.decode("utf-8"), "utf-8", 0
    except UnicodeDecodeError:
        pass
    text, name, lost = _counted(content, "utf-8")
    if len(_MULTIBYTE.findall(content)) > lost:
        return text, name, lost
    return _counted(content, "cp1252")


def _counted(content: bytes, encoding: str) -> tuple[str, str, int]:
    text = content.decode(encoding, errors="replace")
    own = content.count("\ufffd".encode(encoding)) if encoding.startswith("utf") else 0
    return text, encoding, text.count("\ufffd") - own


def _not_found(path: Path) -> str:
    message = _("The file {path} does not exist.").format(path=path)
    close = None
    if path.parent.is_dir():
        close = nearest(path.name, (other.name for other in path.parent.iterdir()))
    if close is not None:
        message += " " + _("Did you mean {close!r}?").format(close=close)
    return message
