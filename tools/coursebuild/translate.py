"""Put a cell into another language without touching what must not change.

Markdown is cut into its top-level blocks, each is translated whole and put back on its lines:
with the identity as translation, the cell comes back byte for byte. In code only comments
and the strings that the cell declares for display change.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable

from markdown_it import MarkdownIt

__all__ = ["VERBS", "markdown_blocks", "translate_code", "translate_markdown"]

Translate = Callable[[str, str], str]

VERBS = ("Load", "Filter", "Group", "Compare", "Show")
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_KEPT = {"fence", "code_block", "hr"}
_LABEL = re.compile(rf"({'|'.join(VERBS)})(?:: (.*))?")
_LANGUAGE = re.compile(r"""((?:set_language\(|start\(["']\d\d["'], language=)(["']))en\2""")
_LINE_COMMENT = re.compile(r"^(\s*)(#.*)$")


def markdown_blocks(text: str) -> list[tuple[int, int]]:
    """Return the lines (first, one past the last) of each block of prose in `text`."""
    lines = text.split("\n")
    blocks = []
    for token in _MARKDOWN.parse(text):
        if token.level == 0 and token.nesting >= 0 and token.map and token.type not in _KEPT:
            first, last = token.map
            while last > first and not lines[last - 1].strip():
                last -= 1
            blocks.append((first, last))
    return blocks


def translate_markdown(text: str, translate: Translate) -> str:
    """Return `text` with each of its blocks translated."""
    lines = text.split("\n")
    done: list[str] = []
    reached = 0
    for first, last in markdown_blocks(text):
        done += [*lines[reached:first], translate("\n".join(lines[first:last]), "")]
        reached = last
    return "\n".join(done + lines[reached:])


def translate_code(code: str, translate: Translate, strings: list[str], language: str) -> str:
    """Return `code` with its comments and the displayed `strings` translated."""
    lines = code.split("\n")
    translated = [
        (row, start, end, _piece(text, translate))
        for row, start, end, text in _pieces(code, strings)
    ]
    for row, start, end, text in reversed(translated):
        lines[row] = lines[row][:start] + text + lines[row][end:]
    return _LANGUAGE.sub(rf"\g<1>{language}\g<2>", "\n".join(lines))


def _pieces(code: str, strings: list[str]) -> list[tuple[int, int, int, str]]:
    """Return the row, the first and last columns and the text of what can be translated."""
    try:
        ast.parse(code)
    except SyntaxError:
        return [
            (row, len(found[1]), len(line), found[2])
            for row, line in enumerate(code.split("\n"))
            if (found := _LINE_COMMENT.match(line))
        ]
    pieces = []
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        row, start = token.start
        same_row = token.end[0] == row
        wanted = token.type == tokenize.COMMENT or (
            token.type == tokenize.STRING
            and same_row
            and not token.string.startswith(("b", "B"))
            and ast.literal_eval(token.string) in strings
        )
        if wanted:
            pieces.append((row - 1, start, token.end[1], token.string))
    return pieces


def _piece(text: str, translate: Translate) -> str:
    if text.startswith("#"):
        return _comment(text, translate)
    return _quoted(translate(ast.literal_eval(text), "string"))


def _comment(comment: str, translate: Translate) -> str:
    if comment.startswith("###"):
        return comment
    text = comment.removeprefix("#").strip()
    label = _LABEL.fullmatch(text)
    if label is None:
        return "# " + translate(text, "comment") if text else comment
    verb = translate(label[1], "verb")
    if label[2] is None:
        return f"# {verb}"
    return f"# {verb}{translate(':', 'colon')} {translate(label[2], 'comment')}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
