"""Checks of the arguments that the functions of every room take: one of each, one sentence each.

Each returns the value as it is then used, or raises :class:`cmlib.errors.ParameterError`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np

from cmlib.errors import ParameterError, unknown_choice
from cmlib.messages import _

__all__ = [
    "above_zero",
    "at_least",
    "choice",
    "inner_share",
    "number",
    "positive_share",
    "share",
    "whole_number",
]

T = TypeVar("T")


def number(name: str, given: Any) -> float:
    """Return `given` as a finite float; `name` is the argument it was given as."""
    value = _finite(given)
    if math.isnan(value):
        raise _refused(name, given, _("Give a number."))
    return value


def at_least(name: str, given: Any, least: float = 0.0) -> float:
    """Return `given` as a float that is not below `least`."""
    value = _finite(given)
    if not value >= least:
        accepted = _("Give a number from {least} up.").format(least=f"{least:g}")
        raise _refused(name, given, accepted)
    return value


def above_zero(name: str, given: Any) -> float:
    """Return `given` as a float above 0."""
    value = _finite(given)
    if not value > 0:
        raise _refused(name, given, _("Give a number above 0."))
    return value


def whole_number(name: str, given: Any, least: int = 1) -> int:
    """Return `given` as an int that is not below `least`; 3.0 is one too."""
    value = _finite(given)
    if not (value >= least and value.is_integer()):
        accepted = _("Give a whole number from {least} up.").format(least=least)
        raise _refused(name, given, accepted)
    return int(given)


def share(name: str, given: Any) -> float:
    """Return `given` as a share from 0 to 1, both included; catch a percentage by name."""
    value = _finite(given)
    if not 0.0 <= value <= 1.0:
        raise _no_share(name, given, _("Give a share between 0 and 1: 43% is written 0.43."))
    return value


def positive_share(name: str, given: Any) -> float:
    """Return `given` as a share above 0, 1 included."""
    value = _finite(given)
    if not 0.0 < value <= 1.0:
        raise _no_share(name, given, _("Give a share above 0 and at most 1."))
    return value


def inner_share(name: str, given: Any) -> float:
    """Return `given` as a share above 0 and below 1, such as a level of confidence."""
    value = _finite(given)
    if not 0.0 < value < 1.0:
        raise _no_share(name, given, _("Give a share above 0 and below 1, such as 0.95."))
    return value


def choice(name: str, given: T, options: Iterable[object]) -> T:
    """Return `given`, one of `options`."""
    accepted = list(options)
    if given not in accepted:
        raise unknown_choice(name, given, accepted)
    return given


def _finite(given: Any) -> float:
    """Read a finite number; NaN for anything else, text and True included."""
    if isinstance(given, (bool, np.bool_, str)):
        return math.nan
    try:
        value = float(given)
    except (TypeError, ValueError, OverflowError):
        return math.nan
    return value if math.isfinite(value) else math.nan


def _no_share(name: str, given: Any, accepted: str) -> ParameterError:
    value = _finite(given)
    if 1.0 < value <= 100.0:
        accepted += " " + _("If you meant {given}%, write {share}.").format(
            given=f"{value:g}", share=f"{value / 100:g}"
        )
    return _refused(name, given, accepted)


def _refused(name: str, given: Any, accepted: str) -> ParameterError:
    plain = given.item() if isinstance(given, np.generic) else given
    message = _("{parameter}={given!r} is not accepted.").format(parameter=name, given=plain)
    return ParameterError(f"{message} {accepted}")
