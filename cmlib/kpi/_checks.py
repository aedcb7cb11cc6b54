"""What the KPIs ask of the numbers they are given."""

from __future__ import annotations

from numbers import Integral
from typing import Any

from cmlib.errors import ParameterError
from cmlib.i18n import _

__all__ = ["whole_number"]


def whole_number(value: Any, name: str, least: int = 1) -> int:
    """Return `value` as an int, or raise where it is not a whole number from `least` up.

    `name` is the argument it was given as. Whole numbers of NumPy will do; True, 3.0 and "3"
    will not.
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ParameterError(
            _("{argument}={given!r} is not accepted. Give a whole number from {least} up.").format(
                argument=name, given=value, least=least
            )
        )
    return int(value)
