"""The simulator's own messages, in the language that cmlib speaks."""

from __future__ import annotations

from pathlib import Path

from cmlib.messages import translator

__all__ = ["_"]

_ = translator("cmsim", Path(__file__).parent / "locale")
