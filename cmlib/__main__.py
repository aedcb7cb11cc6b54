"""The command line: ``python -m cmlib ...``."""

from __future__ import annotations


def main(argv: list[str] | None = None) -> int:
    """Run one command."""
    raise NotImplementedError
