"""The stories planted in a pack: what a learner should see, and the exact value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cmlib.i18n import _
from cmlib.simulate.world import World

__all__ = ["Story", "core_stories"]


@dataclass(frozen=True)
class Story:
    """One planted story, as the trainer's sheet lists it.

    Attributes
    ----------
    id : str
    pack : str
    title, see, placed : str
        English message ids (marked with ``N_``): the title, what to see, how it was placed.
        :meth:`text` gives them in the language in use.
    value : dict
        What the public tables of this very simulation show.
    """

    id: str
    pack: str
    title: str
    see: str
    value: dict[str, Any] = field(hash=False)
    placed: str

    def text(self, part: str) -> str:
        """Return ``title``, ``see`` or ``placed`` in the language in use."""
        return _(getattr(self, part))


def core_stories(world: World) -> list[Story]:
    """Measure the community's stories."""
    return []
