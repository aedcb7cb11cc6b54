"""What execution leaves in a notebook: made stable, described, and checked."""

from __future__ import annotations

import ast
import re
from typing import Any

from coursebuild.problems import Problem

__all__ = ["clean_outputs", "output_problems"]

_NOISE = (
    (re.compile(r"/tmp/ipykernel_\d+/\d+\.py"), "<cell>"),
    (re.compile(r"\bat 0x[0-9a-fA-F]+"), "at 0x…"),
    (re.compile(r"(/[^\s'\":]+)?/site-packages/"), ""),
)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_WIDGET = "application/vnd.jupyter.widget-view+json"
_DESCRIBES = {"describe", "plot.describe", "plot.show"}
_DRAWN = re.compile(r"^(<Axes|<Figure|<matplotlib|<seaborn|\[<matplotlib|Text\()")


def clean_outputs(notebook: Any) -> None:
    """Keep of the outputs what is the same at each execution, and give images their text.

    A widget is lost with its kernel: its output goes, the static figure before it stays.
    """
    count = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        shown = [out for out in cell.outputs if _WIDGET not in out.get("data", {})]
        cell.outputs = _merged([_clean(output) for output in shown])
        if cell.source.strip():
            count += 1
            cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            if "image/png" in output.get("data", {}):
                output.metadata["image/png"] = {"alt": text_alternative(cell)}
    notebook.metadata.pop("widgets", None)


def text_alternative(cell: Any) -> str:
    """Return the words that stand for the image of a cell.

    They are the ones its source declares (``alt=``), else what the cell prints when it calls
    ``plot.show`` or ``plot.describe``; empty when there are none.
    """
    declared = cell.metadata.get("alt", "")
    if declared:
        return str(declared)
    if not _calls_describe(cell.source):
        return ""
    printed = "".join(out.text for out in cell.outputs if out.output_type == "stream")
    return " ".join(printed.split())


def output_problems(cell: Any, where: str) -> list[Problem]:
    """Refuse what a learner should not see, and figures that tell nothing in words."""
    found = []
    printed = "".join(
        output.text
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stdout"
    )
    for output in cell.outputs:
        data = output.get("data", {})
        if output.output_type == "error" and "raises-exception" not in cell.metadata.tags:
            said = _ANSI.sub("", f"{output.ename}: {output.evalue}")
            found.append(
                Problem(where, f"fails with {said}", "correct it, or tag it raises-exception")
            )
        if output.output_type == "stream" and output.name == "stderr":
            line = output.text.strip().splitlines()[-1]
            found.append(Problem(where, f"warns: {line}", "remove the cause of the warning"))
        if _DRAWN.match(data.get("text/plain", "")) and "image/png" not in data:
            found.append(
                Problem(where, "shows the object of a chart", "end the cell with plt.show()")
            )
        if _WIDGET in data and "nbval-ignore-output" not in cell.metadata.tags:
            found.append(Problem(where, "shows a widget", "tag the cell nbval-ignore-output"))
        if "image/png" in data and not text_alternative(cell):
            found.append(
                Problem(
                    where,
                    "a figure without text alternative",
                    'end with plot.show(ax), or write alt="..." after # %%',
                )
            )
        if "image/png" in data and not re.search(r"\d", printed):
            found.append(
                Problem(
                    where,
                    "a figure without its key number",
                    "print the number that the figure shows (images are not compared)",
                )
            )
    if "raises-exception" in cell.metadata.tags and not any(
        output.output_type == "error" for output in cell.outputs
    ):
        found.append(Problem(where, "is tagged raises-exception and runs", "remove the tag"))
    return found


def _clean(output: Any) -> Any:
    output.pop("transient", None)
    if output.output_type == "stream":
        output.text = _quiet(output.text)
    elif output.output_type == "error":
        output.evalue = _quiet(output.evalue)
        output.traceback = _short(output.traceback)
    else:
        output.metadata = {}
        for kind, value in output.data.items():
            if isinstance(value, str) and kind != "image/png":
                output.data[kind] = _quiet(value)
    return output


def _quiet(text: str) -> str:
    for pattern, replacement in _NOISE:
        text = pattern.sub(replacement, text)
    return text


def _short(traceback: list[str]) -> list[str]:
    """Keep of a traceback the frames of the notebook and the message, without colours."""
    frames = [_quiet(_ANSI.sub("", frame)) for frame in traceback]
    kept = [frame for frame in frames[1:-1] if frame.startswith(("Cell In", "  Cell In"))]
    if len(frames) == 1:
        return frames
    return [frames[0].strip(), *kept, frames[-1]]


def _merged(outputs: list[Any]) -> list[Any]:
    merged: list[Any] = []
    for output in outputs:
        last = merged[-1] if merged else {}
        same = (output.output_type, output.get("name")) == (
            last.get("output_type"),
            last.get("name"),
        )
        if same and output.output_type == "stream":
            last["text"] += output.text
        else:
            merged.append(output)
    return merged


def _calls_describe(code: str) -> bool:
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return False
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) in _DESCRIBES for node in nodes
    )
