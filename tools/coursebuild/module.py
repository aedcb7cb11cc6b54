"""Read ``module.toml``: what a module promises, in figures and in words."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coursebuild.problems import CourseError, Problem

__all__ = ["LANGUAGES", "Module", "module_folders", "order_problems", "read_module", "read_order"]

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
        """The two digits that name the module; ``course/order.toml`` says when it is taught."""
        return self.slug[:2]


def module_folders(root: Path) -> list[Path]:
    """Return the folders of ``course/`` that hold a module, in the order they are taught."""
    order = read_order(root)
    place = {number: position for position, number in enumerate(order)}
    folders = [toml.parent for toml in (root / "course").glob("[0-9][0-9]_*/module.toml")]
    return sorted(folders, key=lambda folder: (place.get(folder.name[:2], len(order)), folder.name))


def read_order(root: Path) -> list[str]:
    """Return the numbers of the modules in the order they are taught, written or not."""
    where = "course/order.toml"
    path = root / where
    try:
        order = tomllib.loads(path.read_text(encoding="utf-8"))["modules"]
        known = all(re.fullmatch(r"\d\d", number) for number in order)
    except (FileNotFoundError, KeyError, TypeError, tomllib.TOMLDecodeError):
        known = False
    if not known or len(set(order)) < len(order):
        problem = Problem(where, "no list of modules", 'write modules = ["00", "01"], each once')
        raise CourseError([problem])
    return list(order)


def order_problems(module: Module, order: list[str]) -> list[Problem]:
    """Say that a module has no place in the order, or needs one that is taught after it."""
    if module.number not in order:
        what = f"module {module.number} is missing"
        return [Problem("course/order.toml", what, "add its number where it is taught")]
    before = order[: order.index(module.number)]
    where = f"course/{module.slug}/module.toml"
    return [
        Problem(where, f"prerequisite {name!r}", "name a module that is taught earlier")
        for name in module.prerequisites
        if name not in before
    ]


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
        for name in values["seeds"]:
            if not re.fullmatch(r"[SN]\d\d", str(name)):
                found.append(Problem(where, f"seed topic {name!r}", "write it like S07 or N01"))
        if set(values["minutes"]) != {"teaching", "exercises"}:
            found.append(Problem(where, "minutes need teaching and exercises", "write both"))
        if not set(values["new_names"]) <= {"libraries", "cmlib"}:
            found.append(Problem(where, "new_names holds libraries and cmlib", "use these two"))
    return found
