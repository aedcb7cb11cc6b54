"""Community analytics: KPI, network centrality and community value.

The rooms follow what a community manager asks for:

``cmlib.data``
    load a community, read an export, check a table
``cmlib.kpi``
    growth, engagement, retention, participation, response times
``cmlib.network``
    who talks to whom, who links groups, what holds when people leave
``cmlib.value``
    what the community is worth, with its uncertainty
``cmlib.plot``
    one chart a result
"""

from __future__ import annotations

import importlib
from types import ModuleType

from cmlib.i18n import get_language, set_language

__version__ = "0.2.0"
_ROOMS = ("data", "explore", "kpi", "learn", "network", "plot", "report", "value")
__all__ = ["get_language", "set_language"]


def __getattr__(name: str) -> ModuleType:
    if name in _ROOMS:
        return importlib.import_module(f"cmlib.{name}")
    raise AttributeError(f"module 'cmlib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_ROOMS])
