"""What the build refuses, told in three parts: where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["CourseError", "Problem"]


@dataclass(frozen=True, order=True)
class Problem:
    """One reason to refuse a build."""

    where: str
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n    -> {self.do}"


class CourseError(Exception):
    """The sources of the course cannot be built, or what is built is out of date."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        count = len(self.problems)
        head = f"{count} problem{'s' if count > 1 else ''} in the course"
        super().__init__("\n".join([head, *map(str, self.problems)]))
