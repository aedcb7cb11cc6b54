"""Kinds of argument that several commands read."""

from __future__ import annotations

import argparse

from cmlib.messages import _

__all__ = ["kind_pairs", "whole_number"]


def whole_number(text: str) -> int:
    """Read a whole number, zero or more, with or without thin spaces."""
    digits = "".join(text.replace("_", "").split())
    if not digits.isdecimal():
        raise argparse.ArgumentTypeError(_("{text} is not a whole number").format(text=repr(text)))
    return int(digits)


def kind_pairs(text: str) -> dict[str, str]:
    """Read ``poke=reaction,wiki=topic``."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(word and sign and kind for word, sign, kind in pairs):
        raise argparse.ArgumentTypeError(
            _("write pairs such as poke=reaction,wiki=topic, not {text}").format(text=repr(text))
        )
    return {word.strip(): kind.strip() for word, _sign, kind in pairs}
