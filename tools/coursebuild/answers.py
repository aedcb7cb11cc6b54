"""Cut the answers out of the exercises, at nbgrader's markers."""

from __future__ import annotations

import ast
import re
import textwrap

from coursebuild.problems import Problem

__all__ = ["BEGIN", "END", "marker_problems", "without_answer", "without_markers"]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
_LIKE_A_MARKER = re.compile(
    r"^\s*(###.*|#+\s*(begin|end)\b.*(solution|answer|hidden).*)$", re.IGNORECASE
)


def marker_problems(code: str, where: str) -> list[Problem]:
    """Say which markers of a cell are unknown, nested or without their pair."""
    found = []
    inside = False
    for line in code.split("\n"):
        marker = line.strip()
        if marker == BEGIN:
            if inside:
                found.append(Problem(where, f"nested {BEGIN}", f"close the first with {END}"))
            inside = True
        elif marker == END:
            if not inside:
                found.append(Problem(where, f"{END} without beginning", f"write {BEGIN} above"))
            inside = False
        elif _LIKE_A_MARKER.match(line):
            found.append(
                Problem(where, f"unknown marker {marker!r}", f"write {BEGIN} or {END}, no other")
            )
    if inside:
        found.append(Problem(where, f"{BEGIN} without end", f"write {END} below the answer"))
    return found


def without_markers(code: str) -> str:
    """Return the cell of the solution: the answer kept, the markers gone."""
    return "\n".join(line for line in code.split("\n") if line.strip() not in (BEGIN, END))


def without_answer(code: str, starter: str | None = None) -> str:
    """Return the cell of the exercise: each answer replaced by a line to complete.

    The line is `starter` where the author gives one, else ``name = ...`` for each name that the
    answer defines, else ``...``.
    """
    kept: list[str] = []
    answer: list[str] | None = None
    for line in code.split("\n"):
        if line.strip() == BEGIN:
            answer = []
            indent = line[: len(line) - len(line.lstrip())]
        elif line.strip() == END and answer is not None:
            lines = starter.split("\n") if starter is not None else _blanks("\n".join(answer))
            kept += [indent + blank for blank in lines]
            answer = None
        elif answer is not None:
            answer.append(line)
        else:
            kept.append(line)
    return "\n".join(kept)


def _blanks(answer: str) -> list[str]:
    names: dict[str, None] = {}
    for statement in ast.parse(textwrap.dedent(answer)).body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            names[statement.name] = None
        elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        names[node.id] = None
    return [f"{name} = ..." for name in names] or ["..."]
