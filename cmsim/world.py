"""What every table of a simulation is made from: the community itself.

A :class:`World` is built once from a preset and a seed. Each maker of tables receives it and
draws from its own random stream (``world.rng("tickets")``), so that adding a table, or drawing
one number more in it, changes no other table.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from cmsim.presets import Preset

__all__ = ["World", "midnight", "stream"]


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the random generator called `name` of a simulation.

    Streams of different names are independent; the same seed and name always give the same
    draws, on every Python version.

    Examples
    --------
    >>> bool(stream(1, "tickets").random() == stream(1, "tickets").random())
    True
    """
    key = zlib.crc32(name.encode("utf-8"))
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(key,)))


def midnight(day: pd.Timestamp, tz: str) -> pd.Timestamp:
    """Return the UTC instant at which `day` begins in the zone `tz`.

    Examples
    --------
    >>> midnight(pd.Timestamp("2025-07-15"), "Europe/Paris")
    Timestamp('2025-07-14 22:00:00')
    """
    return day.tz_localize(tz).tz_convert("UTC").tz_localize(None)


@dataclass(frozen=True, repr=False)
class World:
    """A simulated community, with what no table shows.

    Attributes
    ----------
    preset : Preset
        The settings of the pack (``preset.name``, ``preset["threads"]["unanswered"]``...).
    seed : int
    language : str
        Main language of the community, ``"fr"`` or ``"en"``.
    start, end : pandas.Timestamp
        First day and the day after the last one. The world opens at 00:00 UTC of `start` and
        is drawn to 00:00 UTC of `end`; :attr:`seen_from` and :attr:`seen_until` say which part
        of it is observed.
    members : pandas.DataFrame
        The table ``members``; ``customer_id`` is empty until the customers are made.
        Row i holds member_id i + 1, in order of ``joined_at``.
    events : pandas.DataFrame
        The table ``events`` without ``text`` and ``n_chars``, sorted by time; row i holds
        event_id i + 1. ``member_id`` is empty for deleted accounts.
    latent : mapping
        ``"members"``: frame in the row order of `members` (``archetype``, ``wave``,
        ``spammer``, ``troll``, ``broker``, ``deleted``, ``poster``, ``skill``,
        ``answered_24h``, ``stayed_90``, ``lifetime_days``, ...);
        ``"events"``: frame in the row order of `events` (``true_member_id``, never empty,
        ``toxic``, ``spam``, ``story``);
        ``"windows"``: dict of story name to (start, end) timestamps, for example
        ``windows["outage"]``; ``"parameters"``: dict of numbers stated in the truth;
        ``"planted"``: dict of ids chosen for stories.
    """

    preset: Preset
    seed: int
    language: str
    start: pd.Timestamp
    end: pd.Timestamp
    members: pd.DataFrame = field(hash=False)
    events: pd.DataFrame = field(hash=False)
    latent: Mapping[str, Any] = field(hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "latent", MappingProxyType(dict(self.latent)))

    @property
    def tz(self) -> str:
        """The home zone of the community."""
        return str(self.preset["tz"])

    @property
    def seen_from(self) -> pd.Timestamp:
        """The first instant observed (UTC): midnight of `start` in the home zone."""
        return midnight(self.start, self.tz)

    @property
    def seen_until(self) -> pd.Timestamp:
        """The instant the observation ends (UTC): midnight of `end` in the home zone."""
        return midnight(self.end, self.tz)

    def local(self, times: pd.Series) -> pd.Series:
        """Return UTC times on the clock of the home zone, without an offset."""
        return times.dt.tz_localize("UTC").dt.tz_convert(self.tz).dt.tz_localize(None)

    def local_day(self, moment: pd.Timestamp) -> pd.Timestamp:
        """Return the day of a UTC instant in the home zone."""
        return moment.tz_localize("UTC").tz_convert(self.tz).tz_localize(None).normalize()

    def rng(self, name: str) -> np.random.Generator:
        """Return the random generator called `name`: one name a table or a column."""
        return stream(self.seed, name)

    def __repr__(self) -> str:
        return (
            f"World({self.preset.name!r}, seed={self.seed}, members={len(self.members)}, "
            f"events={len(self.events)})"
        )
