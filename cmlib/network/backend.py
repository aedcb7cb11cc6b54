"""igraph as a NetworkX backend: NetworkX's functions, computed by igraph."""

from __future__ import annotations

from typing import Any

__all__ = ["backend_interface", "get_info"]


class _Backend:
    """What NetworkX dispatches to."""

    @staticmethod
    def can_run(name: str, args: Any, kwargs: Any) -> bool:
        """Run nothing yet."""
        return False

    @staticmethod
    def convert_from_nx(graph: Any, **options: Any) -> Any:
        """Return the graph."""
        return graph

    @staticmethod
    def convert_to_nx(result: Any, **options: Any) -> Any:
        """Return the result."""
        return result


backend_interface = _Backend()


def get_info() -> dict[str, Any]:
    """Describe the backend to NetworkX."""
    return {"backend_name": "cmlib_igraph"}
