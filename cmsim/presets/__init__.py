"""The settings of each pack, kept in TOML files that a trainer can read and change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Any

from cmlib.checks import choice

__all__ = ["PACKS", "Preset", "load_preset"]

PACKS = ("brand", "forum", "support", "internal")


@dataclass(frozen=True)
class Preset:
    """The settings of one pack.

    Attributes
    ----------
    name : str
    settings : mapping
        The sections of ``presets/<name>.toml`` and, where it exists, of
        ``presets/<name>_tables.toml`` (settings of the tables around the community).
        ``preset["clock"]`` is a section.
    """

    name: str
    settings: Mapping[str, Any] = field(hash=False)

    def __getitem__(self, section: str) -> Any:
        return self.settings[section]

    def get(self, section: str, default: Any = None) -> Any:
        """Return a section, or `default` where the pack has none."""
        return self.settings.get(section, default)


def load_preset(name: str) -> Preset:
    """Read the settings of the pack `name`.

    Parameters
    ----------
    name : {"brand", "forum", "support", "internal"}

    Returns
    -------
    Preset

    Raises
    ------
    ParameterError
        When there is no such pack.

    Examples
    --------
    >>> load_preset("forum").name
    'forum'
    """
    choice("pack", name, PACKS)
    folder = resources.files(__name__)
    settings: dict[str, Any] = {}
    for file in (f"{name}.toml", f"{name}_tables.toml"):
        path = folder / file
        if path.is_file():
            settings.update(tomllib.loads(path.read_text(encoding="utf-8")))
    return Preset(name=name, settings=MappingProxyType(settings))
