"""Who is addressed by @name in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np

__all__ = ["mentioned"]

_AT = re.compile(r"(?<![\w.])@")
_WORD = re.compile(r"[\w.+-]+")
_AROUND = ".,;:!?…)>]}»\"'’-"


def mentioned(texts: Iterable[Any], authors: np.ndarray, names: list[Any]) -> np.ndarray:
    """Find the first person each text addresses; -1 where it addresses nobody known.

    `names` are the people by code: those whose id is a text can be named. Somebody else is
    preferred to the author; case does not count where it leaves no doubt.
    """
    known = _known(names)
    longest = max((len(name.split()) for name in known), default=0)
    found = np.full(len(authors), -1)
    if not known:
        return found
    for row, text in enumerate(texts):
        if not isinstance(text, str) or "@" not in text:
            continue
        people = [
            code
            for at in _AT.finditer(text)
            if (code := _named(text[at.end() :], known, longest)) is not None
        ]
        others = [code for code in people if code != authors[row]]
        if people:
            found[row] = (others or people)[0]
    return found


def _known(names: list[Any]) -> dict[str, int]:
    known = {}
    folded: dict[str, int | None] = {}
    for code, name in enumerate(names):
        if isinstance(name, str):
            known[name.removeprefix("@")] = code
            small = name.removeprefix("@").casefold()
            folded[small] = None if small in folded else code
    return {name: code for name, code in folded.items() if code is not None} | known


def _named(rest: str, known: dict[str, int], longest: int) -> int | None:
    """Return who is named where `rest` begins: the longest name wins."""
    words = rest[:200].split(maxsplit=longest)[:longest]
    tries = [" ".join(words[:count]) for count in range(len(words), 0, -1)]
    word = _WORD.match(rest)
    if word is not None:
        tries.append(word.group())
    for one in tries:
        for name in (one, one.rstrip(_AROUND)):
            code = known.get(name, known.get(name.casefold()))
            if code is not None:
                return code
    return None
