"""Make a whole community: its tables, the truth behind them and its planted stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cmlib.checks import choice
from cmlib.data.clock import bound_second
from cmlib.data.communities import Community
from cmlib.data.schema import TABLES
from cmlib.data.validate import validate
from cmlib.errors import ParameterError
from cmsim.brand import make_brand
from cmsim.build import build_world
from cmsim.business import make_business
from cmsim.customers import make_customers
from cmsim.feedback import make_feedback
from cmsim.messages import _
from cmsim.observe import cut_labels, cut_tables, observed
from cmsim.presets import load_preset
from cmsim.stories import Story, core_stories
from cmsim.support import make_support
from cmsim.text import write_event_texts
from cmsim.truth import core_truth
from cmsim.world import World, midnight

__all__ = ["MAKERS", "Simulation", "generate"]

START, END = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-07-15")

# Each maker turns a World into (tables, truth); its truth may hold "stories" and "labels".
MAKERS = {
    "customers": make_customers,
    "brand": make_brand,
    "support": make_support,
    "feedback": make_feedback,
    "business": make_business,
}


@dataclass(frozen=True, repr=False)
class Simulation:
    """A simulated community with what a real one never shows.

    Attributes
    ----------
    community : Community
        The public tables, checked against their contracts.
    truth : mapping
        Parameters and labels: ``truth["labels"]`` holds one table a file of labels, the other
        entries can be written as JSON.
    stories : list of Story
    world : World
        As far as it was observed, like the tables.
    """

    community: Community
    truth: Mapping[str, Any] = field(hash=False)
    stories: list[Story] = field(hash=False)
    world: World = field(hash=False)

    def __repr__(self) -> str:
        return repr(self.community)


def generate(
    pack: str,
    *,
    seed: int | None = None,
    members: int | None = None,
    language: str | None = None,
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
    progress: bool = False,
) -> Simulation:
    """Make a community from a preset and a seed.

    Parameters
    ----------
    pack : {"brand", "forum", "support", "internal"}
        The type of community.
    seed : int, optional
        The same seed always gives the same community; the preset has its own.
    members : int, optional
        Number of accounts, at least 200; the team, the bots, the spam wave and the visitors
        of a viral post come on top.
    language : {"fr", "en"}, optional
        Main language of the members.
    start, end : date, optional
        First day observed and the day after the last one, from midnight to midnight in the
        home zone of the pack. The stories need at least fifteen months; by default
        2024-01-01 to 2025-07-15.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    Simulation

    Raises
    ------
    ParameterError
        When the pack or the language is unknown, or the size or the period too small.

    Examples
    --------
    >>> made = generate("forum", seed=1, members=400)
    >>> made.community.members["role"].value_counts().index.tolist()
    ['member', 'staff', 'bot']
    """
    preset = load_preset(pack)
    language = preset["language"] if language is None else language
    choice("language", language, ("fr", "en"))
    members = preset["members"]["default"] if members is None else int(members)
    if members < 200:
        raise ParameterError(
            _("members={members} is too few to plant the stories. Ask for 200 or more.").format(
                members=members
            )
        )
    first, last = _period(start, end, preset["tz"])
    seed = preset["seed"] if seed is None else int(seed)
    with _Bar(progress) as bar:
        world = build_world(
            preset,
            seed=seed,
            members=members,
            language=language,
            start=first,
            end=last,
            step=bar,
        )
        bar("texts")
        tables = {"members": world.members, "events": _with_texts(world)}
        seen = observed(world)
        truth = core_truth(seen)
        stories = core_stories(seen)
        for name, maker in MAKERS.items():
            bar(name)
            made, facts = maker(world)
            tables.update(made)
            facts = dict(facts)
            stories += facts.pop("stories", [])
            truth["labels"].update(facts.pop("labels", {}))
            truth.update(facts)
        bar("checks")
        tables = cut_tables(tables, world.seen_until)
        truth["labels"] = cut_labels(truth["labels"], tables)
        checked = {name: validate(tables[name], name) for name in TABLES if name in tables}
    truth["stories"] = [
        {"id": story.id, "title": story.title, "value": story.value} for story in stories
    ]
    return Simulation(community=_community(seen, checked), truth=truth, stories=stories, world=seen)


class _Bar:
    """A progress bar of the stages; silent unless asked for, and only past two seconds."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown
        self._bar: Any = None

    def __enter__(self) -> _Bar:
        if self._shown:
            from tqdm import tqdm

            self._bar = tqdm(total=6 + len(MAKERS), delay=2, unit="stage")
        return self

    def __call__(self, name: str) -> None:
        if self._bar is not None:
            self._bar.set_description(name)
            self._bar.update(1)

    def __exit__(self, *_exception: object) -> None:
        if self._bar is not None:
            self._bar.close()


def _community(world: World, tables: dict[str, pd.DataFrame]) -> Community:
    return Community(
        name=world.preset.name,
        tables=tables,
        tz=world.tz,
        start=world.seen_from,
        end=world.seen_until,
        complete_history=True,
    )


def _period(
    start: str | pd.Timestamp | None, end: str | pd.Timestamp | None, tz: str
) -> tuple[pd.Timestamp, pd.Timestamp]:
    first = START if start is None else _local_day(start, "start", tz)
    last = first + (END - START) if end is None else _local_day(end, "end", tz)
    if (last - first) < pd.Timedelta(days=450):
        raise ParameterError(
            _(
                "From {start} to {end} there are {days} days. The stories need 450 or more: "
                "choose a later end."
            ).format(start=first.date(), end=last.date(), days=(last - first).days)
        )
    if midnight(first, tz) > first or midnight(last, tz) > last:
        raise ParameterError(
            _(
                "tz={tz!r} lies west of UTC: the last hours of the period would not be drawn. "
                "Give the preset a zone on UTC or east of it."
            ).format(tz=tz)
        )
    return first, last


def _local_day(value: str | pd.Timestamp, argument: str, tz: str) -> pd.Timestamp:
    """Return the day of the home zone that holds a bound, without an offset."""
    second = bound_second(value, argument, tz)
    return pd.Timestamp(second, unit="s", tz=tz).tz_localize(None).normalize()


def _with_texts(world: World) -> pd.DataFrame:
    events = world.events.astype(dict.fromkeys(("kind", "channel", "language"), "str"))
    texts = write_event_texts(world).reindex(events.index)
    return events.assign(text=texts["text"].astype("str"), n_chars=texts["n_chars"].astype("Int64"))
