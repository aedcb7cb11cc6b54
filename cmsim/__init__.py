"""Make communities whose truth is known: for the course, for tests, for a class of one's own."""

from cmsim.generate import Simulation, generate
from cmsim.presets import PACKS
from cmsim.stories import Story
from cmsim.world import World

__all__ = ["PACKS", "Simulation", "Story", "World", "generate"]
