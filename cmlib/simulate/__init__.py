"""Make communities whose truth is known: for the course, for tests, for a class of one's own."""

from cmlib.simulate.generate import Simulation, generate
from cmlib.simulate.presets import PACKS
from cmlib.simulate.stories import Story
from cmlib.simulate.world import World

__all__ = ["PACKS", "Simulation", "Story", "World", "generate"]
