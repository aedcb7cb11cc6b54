"""Which kinds of event were logged: a figure made of others is missing, it is not 0."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from narwhals.typing import IntoFrame

from cmlib.data.communities import Community, log_of
from cmlib.data.frames import as_list
from cmlib.data.log import Log
from cmlib.errors import NotMeasuredWarning
from cmlib.messages import _

__all__ = ["are_logged", "log_and_kinds", "missing"]


def are_logged(log: Log, kinds: Sequence[str]) -> bool:
    """Tell, with a warning, whether the log holds events of these kinds: absent is not zero."""
    log.check_kinds(kinds)
    if not kinds or not log.kinds or log.kinds.intersection(kinds):
        return True
    warnings.warn(
        _("The log holds no event of kind {kinds}: what it would show is missing, not 0.").format(
            kinds=", ".join(kinds)
        ),
        NotMeasuredWarning,
        stacklevel=4,
    )
    return False


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
