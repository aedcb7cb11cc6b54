"""The command line: ``python -m cmlib ...``."""

from __future__ import annotations

import sys

from cmlib.cli.commands import run


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 (doctor found a fault) or 2 (an error)."""
    return run(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())
