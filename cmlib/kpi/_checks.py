"""What the KPIs ask of what they are given: whole numbers, and kinds of event that were logged."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
from narwhals.typing import IntoFrame

from cmlib.data.communities import Community, log_of
from cmlib.data.frames import as_list
from cmlib.data.log import Log
from cmlib.errors import ParameterError
from cmlib.kpi._cohorts import are_logged
from cmlib.messages import _

__all__ = ["log_and_kinds", "missing", "whole_number"]


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


def log_and_kinds(
    community: Community | IntoFrame, kinds: Sequence[str] | None
) -> tuple[Log, list[str] | None, bool]:
    """Return the log, the kinds as a list, and whether the log holds any: it warns where not."""
    log = log_of(community)
    if kinds is None:
        return log, None, True
    kinds = as_list(kinds)
    return log, kinds, are_logged(log, kinds)


def missing(columns: dict[str, Any], *names: str) -> dict[str, Any]:
    """Empty columns of figures that were not measured: absent is not zero."""
    return columns | {name: np.full(len(columns[name]), np.nan) for name in names}
