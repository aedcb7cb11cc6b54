"""Explorers: move a control, watch the figure change.

How one is made (``cmlib/explore/activity.py`` is the example):
1. One file a topic. What is computed is a measure of ``kpi``, ``network`` or ``value``;
   ``plot_...`` draws it on `ax` and gives its alternative with ``finish``; ``..._explorer`` (never
   the name of its file) makes controls with ``panel.slider``, ``dropdown`` or ``checkbox`` (label
   in words, with the unit) and returns ``panel.explorer(draw, name=control, ...)``.
2. Heavy libraries are imported inside functions.
3. The public names are added below, once.
4. Its test (``tests/explore/test_activity.py``) sets ``box.controls["name"].value`` and reads
   ``box.said``: no browser, both languages.
5. In a lesson ``plot.show(explore.plot_...(...))`` comes first, then the widget alone in a cell
   tagged ``nbval-ignore-output``.
"""

from __future__ import annotations

import importlib
from typing import Any

# The file of each name: it is loaded on first use, so that importing this room stays cheap.
_FILE_OF = {
    "activity_explorer": "activity",
    "central_explorer": "centrality",
    "cohort_explorer": "retention",
    "departures_explorer": "resilience",
    "most_active_explorer": "participation",
    "network_explorer": "network",
    "one_cohort": "retention",
    "plot_activity": "activity",
    "plot_before_after": "value",
    "plot_central": "centrality",
    "plot_cohort": "retention",
    "plot_departures": "resilience",
    "plot_network_at_least": "network",
    "plot_promise": "support",
    "plot_roi_tornado": "value",
    "plot_without_biggest": "content",
    "plot_without_most_active": "participation",
    "promise_explorer": "support",
    "promise_kept": "support",
    "roi_explorer": "value",
    "roi_tornado": "value",
    "without_biggest": "content",
    "without_biggest_explorer": "content",
}

__all__ = list(_FILE_OF)


def __getattr__(name: str) -> Any:
    if name not in _FILE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_FILE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
