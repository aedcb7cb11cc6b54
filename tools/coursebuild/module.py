"""Read ``module.toml``: what a module promises, in figures and in words."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursebuild.problems import CourseError, Problem

__all__ = ["LANGUAGES", "Module", "module_folders", "read_module"]

LANGUAGES = ("en", "fr")
_REQUIRED = {
    "title": dict,
    "minutes": dict,
    "level": str,
    "prerequisites": list,
    "packs": list,
    "seeds": list,
    "decision": str,
    "questions": list,
    "objectives": list,
    "keypoints": list,
    "new_names": dict,
}
_OPTIONAL = {"complete": bool, "handout": dict}
_FOLDER = re.compile(r"\d\d_[a-z0-9_]+")


@dataclass(frozen=True)
class Module:
    """A module of the course: its folder and its declarations."""

    folder: Path
    title: dict[str, str]
    minutes: dict[str, int]
    level: str
    prerequisites: list[str]
    packs: list[str]
    seeds: list[str]
    decision: str
    questions: list[str]
    objectives: list[str]
    keypoints: list[str]
    new_names: dict[str, list[str]]
    complete: bool = True
    handout: dict[str, Any] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """Name of the folder and of every built file, such as ``03_engagement``."""
        return self.folder.name

    @property
    def number(self) -> str:
        """The two digits that order the modules."""
        return self.slug[:2]


def module_folders(root: Path) -> list[Path]:
    """Return the folders of ``course/`` that hold a module, in order."""
    return sorted(toml.parent for toml in (root / "course").glob("[0-9][0-9]_*/module.toml"))


def read_module(folder: Path) -> Module:
    """Read and check the ``module.toml`` of one folder."""
    where = f"course/{folder.name}/module.toml"
    try:
        values = tomllib.loads((folder / "module.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CourseError([Problem(where, f"not TOML: {error}", "correct that line")]) from None
    problems = list(_problems(where, folder.name, values))
    if problems:
        raise CourseError(problems)
    values["new_names"] = {"libraries": [], "cmlib": [], **values["new_names"]}
    return Module(folder=folder, **values)


def _problems(where: str, slug: str, values: dict[str, Any]) -> list[Problem]:
    found = []
    if not _FOLDER.fullmatch(slug):
        found.append(Problem(where, f"folder {slug!r}", "name it like 03_engagement"))
    for name, kind in {**_REQUIRED, **_OPTIONAL}.items():
        if name not in values:
            if name in _REQUIRED:
                found.append(Problem(where, f"{name} is missing", "see docs/authoring.md"))
        elif not isinstance(values[name], kind):
            found.append(Problem(where, f"{name} is not a {kind.__name__}", "correct its type"))
    for name in values.keys() - _REQUIRED.keys() - _OPTIONAL.keys():
        found.append(Problem(where, f"{name} is unknown", "remove it or correct its spelling"))
    if not found:
        if set(values["title"]) != set(LANGUAGES):
            found.append(Problem(where, "title needs en and fr", "write both titles"))
        for name in values["prerequisites"]:
            if not re.fullmatch(r"\d\d", str(name)) or name >= slug[:2]:
                found.append(Problem(where, f"prerequisite {name!r}", "name an earlier module"))
        for name in values["seeds"]:
            if not re.fullmatch(r"[SN]\d\d", str(name)):
                found.append(Problem(where, f"seed topic {name!r}", "write it like S07 or N01"))
        if set(values["minutes"]) != {"teaching", "exercises"}:
            found.append(Problem(where, "minutes need teaching and exercises", "write both"))
        if not set(values["new_names"]) <= {"libraries", "cmlib"}:
            found.append(Problem(where, "new_names holds libraries and cmlib", "use these two"))
    return found
