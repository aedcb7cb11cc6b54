"""French spaces: no line may break before « : ; ? ! » or inside quotation marks."""

from __future__ import annotations

import re

__all__ = ["french_spaces", "plain_spaces"]

_CODE = re.compile(r"(```.*?```|`[^`\n]*`|\]\([^)]*\)|<[^>]*>)", re.DOTALL)
_BEFORE = re.compile(r"(?<=[^\s|>-]) (?=(»|[:;?!%](?![\[\w-])))")
_AFTER = re.compile(r"(?<=«) ")
_NARROW = ";?!%"


def french_spaces(text: str) -> str:
    r"""Return `text` with non-breaking spaces where French typography wants them.

    Examples
    --------
    >>> french_spaces("Oui ; `a ; b`") == "Oui\u202f; `a ; b`"
    True
    """
    parts = _masked(text)
    line = _BEFORE.sub(lambda found: "\u202f" if found[1] in _NARROW else "\u00a0", parts[0])
    return _unmasked(_AFTER.sub("\u00a0", line), parts[1])


def plain_spaces(text: str) -> list[str]:
    """Return the passages of `text` where a plain space should be a non-breaking one."""
    line, _codes = _masked(text)
    return [
        line[max(0, found.start() - 12) : found.end() + 3].replace("\ue000", "…").strip()
        for pattern in (_BEFORE, _AFTER)
        for found in pattern.finditer(line)
    ]


def _masked(text: str) -> tuple[str, list[str]]:
    """Put a mark in place of code, links and tags, where spaces are not ours to change."""
    codes = _CODE.findall(text)
    return _CODE.sub("\ue000", text), codes


def _unmasked(text: str, codes: list[str]) -> str:
    for code in codes:
        text = text.replace("\ue000", code, 1)
    return text
