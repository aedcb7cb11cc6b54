"""Explorers: move a control, watch the figure change.

How one is made (``cmlib/explore/activity.py`` is the example):
1. One file a topic. A pure function computes a table, a second, ``plot_...``, draws it on `ax` and
   gives its alternative with ``finish``; a third, ``..._explorer`` (never the name of its file),
   makes controls with ``panel.slider``, ``dropdown`` or ``checkbox`` (label in words, with the
   unit) and returns ``panel.explorer(draw, name=control, ...)``.
2. Heavy libraries are imported inside functions.
3. The public names are added below: to ``_WHERE``, to ``__all__`` and to the imports for typing.
4. Its test (``tests/test_explore_activity.py``) sets ``box.controls["name"].value`` and reads
   ``box.said``: no browser, both languages.
5. In a lesson ``plot.show(explore.plot_...(...))`` comes first, then the widget alone in a cell
   tagged ``nbval-ignore-output``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cmlib.explore.activity import active_curve, activity_explorer, plot_activity
    from cmlib.explore.content import (
        plot_without_biggest,
        without_biggest,
        without_biggest_explorer,
    )

# Each explorer is loaded when it is first used, so that importing this room stays cheap.
_WHERE = {
    "active_curve": "activity",
    "activity_explorer": "activity",
    "plot_activity": "activity",
    "plot_without_biggest": "content",
    "without_biggest": "content",
    "without_biggest_explorer": "content",
}

__all__ = [
    "active_curve",
    "activity_explorer",
    "plot_activity",
    "plot_without_biggest",
    "without_biggest",
    "without_biggest_explorer",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value
    return value
