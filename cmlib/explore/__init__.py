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
    from cmlib.explore.centrality import central_explorer, central_people, plot_central
    from cmlib.explore.content import (
        plot_without_biggest,
        without_biggest,
        without_biggest_explorer,
    )
    from cmlib.explore.network import network_at_least, network_explorer, plot_network_at_least
    from cmlib.explore.participation import (
        most_active_explorer,
        plot_without_most_active,
        without_most_active,
    )
    from cmlib.explore.resilience import (
        after_departures,
        contact_network,
        departures_explorer,
        plot_departures,
    )
    from cmlib.explore.retention import cohort_explorer, one_cohort, plot_cohort
    from cmlib.explore.support import plot_promise, promise_explorer, promise_kept, split_week
    from cmlib.explore.value import (
        gain_models,
        plot_before_after,
        plot_roi_tornado,
        roi_explorer,
        roi_tornado,
        value_panel,
    )

# Each explorer is loaded when it is first used, so that importing this room stays cheap.
_WHERE = {
    "active_curve": "activity",
    "activity_explorer": "activity",
    "after_departures": "resilience",
    "central_explorer": "centrality",
    "central_people": "centrality",
    "cohort_explorer": "retention",
    "contact_network": "resilience",
    "departures_explorer": "resilience",
    "gain_models": "value",
    "most_active_explorer": "participation",
    "network_at_least": "network",
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
    "split_week": "support",
    "value_panel": "value",
    "without_biggest": "content",
    "without_biggest_explorer": "content",
    "without_most_active": "participation",
}

__all__ = [
    "active_curve",
    "activity_explorer",
    "after_departures",
    "central_explorer",
    "central_people",
    "cohort_explorer",
    "contact_network",
    "departures_explorer",
    "gain_models",
    "most_active_explorer",
    "network_at_least",
    "network_explorer",
    "one_cohort",
    "plot_activity",
    "plot_before_after",
    "plot_central",
    "plot_cohort",
    "plot_departures",
    "plot_network_at_least",
    "plot_promise",
    "plot_roi_tornado",
    "plot_without_biggest",
    "plot_without_most_active",
    "promise_explorer",
    "promise_kept",
    "roi_explorer",
    "roi_tornado",
    "split_week",
    "value_panel",
    "without_biggest",
    "without_biggest_explorer",
    "without_most_active",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value
    return value
