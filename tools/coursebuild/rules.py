"""What a notebook must respect before it runs: size, structure, links, labels."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from coursebuild.problems import Problem
from coursebuild.translate import VERBS

__all__ = ["BLOCKS", "block_problems", "cell_problems", "link_problems", "outline_problems"]

BLOCKS = (
    *("Recall", "Situation", "Predict", "Run", "Explore"),
    *("Modify", "Repair", "Create", "Decide", "Remember"),
)
CODE_LINES = 8
CODE_WIDTH = 72
PROSE_WORDS = 120
_HEADING = re.compile(r"^(#{1,6}) +(.+?)\s*$")
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_WEAK_LINKS = {"here", "click here", "this", "link", "ici", "cliquez ici", "lien", "cliquer ici"}
_WORD = re.compile(r"\w[\w'’.,-]*")


def cell_problems(cell: Any, where: str, language: str) -> list[Problem]:
    """Check the size of a built cell and, in code, its label and its last character."""
    where = f"{where}, {language}"
    if cell.cell_type == "markdown":
        words = len(_WORD.findall(_LINK.sub(r"\2", cell.source)))
        if words > PROSE_WORDS:
            return [Problem(where, f"{words} words, at most {PROSE_WORDS}", "cut the cell in two")]
        return []
    found = []
    lines = cell.source.split("\n")
    if len(lines) > CODE_LINES:
        found.append(
            Problem(where, f"{len(lines)} lines of code, at most {CODE_LINES}", "cut the cell")
        )
    for number, line in enumerate(lines, start=1):
        if len(line) > CODE_WIDTH:
            found.append(
                Problem(
                    where,
                    f"line {number} has {len(line)} characters, at most {CODE_WIDTH}",
                    "break the line or shorten its comment",
                )
            )
        if line.rstrip().endswith(";"):
            found.append(
                Problem(where, f"line {number} ends with ;", "end the cell with plt.show()")
            )
        if re.match(r"\s*[%!]", line):
            found.append(Problem(where, f"line {number} is a notebook magic", "write plain Python"))
    if language == "en" and _needs_verb(cell.source) and not _has_verb(lines):
        found.append(
            Problem(
                where,
                "no verb above the code",
                f"begin with one of: {', '.join('# ' + verb for verb in VERBS)}",
            )
        )
    return found


def outline_problems(cells: list[Any], where: str) -> list[Problem]:
    """Check that there is one H1, at the top, and that no level of heading is skipped."""
    levels = [(level, title) for level, title in _headings(cells)]
    found = []
    if [level for level, _title in levels].count(1) != 1 or levels[0][0] != 1:
        found.append(Problem(where, "not exactly one H1, first", "keep one line that begins '# '"))
    for (before, _), (level, title) in pairwise(levels):
        if level > before + 1:
            found.append(
                Problem(
                    where,
                    f"heading “{title}” skips a level",
                    f"write it with {before + 1} # or fewer",
                )
            )
    return found


def block_problems(cells: list[Any], where: str) -> list[Problem]:
    """Check that the blocks of a lesson are there, in order, as H2 headings."""
    titles = [title for level, title in _headings(cells) if level == 2]
    present = [block for title in titles for block in BLOCKS if re.match(rf"{block}\b", title)]
    found = [
        Problem(where, f"the block {block} is missing", f"add a cell with ## {block}")
        for block in BLOCKS
        if block not in present
    ]
    if not found and present != list(BLOCKS):
        found.append(Problem(where, f"blocks in the order {present}", f"follow {list(BLOCKS)}"))
    return found


def link_problems(
    text: str, folder: Path, anchors: set[str], expected: set[Path], where: str
) -> list[Problem]:
    """Check that relative links and anchors lead somewhere and say where in words."""
    found = []
    for image, label, target in _LINK.findall(_without_code(text)):
        if image and not label.strip():
            found.append(Problem(where, f"image {target} without text", "write ![what it shows]"))
        if not image and label.strip().casefold() in _WEAK_LINKS | {""}:
            found.append(Problem(where, f"link “{label}”", "say in the link where it leads"))
        if re.match(r"(https?|mailto):", target):
            continue
        path, _hash, anchor = target.partition("#")
        leads = (folder / path).resolve() if path else None
        if leads is not None and leads not in expected and not leads.exists():
            found.append(Problem(where, f"the link {target} leads nowhere", "correct its path"))
        if leads is None and anchor not in anchors:
            found.append(Problem(where, f"no heading #{anchor}", "copy the heading's own words"))
    return found


def anchors_of(cells: list[Any]) -> set[str]:
    """Return the anchors that JupyterLab gives to the headings of a notebook."""
    return {title.replace(" ", "-") for _level, title in _headings(cells)}


def _headings(cells: list[Any]) -> list[tuple[int, str]]:
    return [
        (len(found[1]), found[2])
        for cell in cells
        if cell.cell_type == "markdown"
        for line in _without_code(cell.source).split("\n")
        if (found := _HEADING.match(line))
    ]


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)


def _has_verb(lines: list[str]) -> bool:
    pattern = re.compile(rf"\s*# ({'|'.join(VERBS)})(:|$)")
    return any(pattern.match(line) for line in lines)


def _needs_verb(code: str) -> bool:
    """Tell whether a cell does more than import, call `learn` or choose the language."""
    try:
        statements = ast.parse(code).body
    except SyntaxError:
        return True
    for statement in statements:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = ast.unparse(statement.value.func)
            if called.startswith("learn.") or called in {"set_language", "check", "hint"}:
                continue
        return True
    return False
