"""Where the learner stands, the attestation to sign, and the figures a trainer collects."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib.checks import above_zero
from cmlib.errors import FileError, ParameterError
from cmlib.i18n import format_date, format_number, get_language
from cmlib.learn import store
from cmlib.learn.course import modules
from cmlib.learn.notice import Notice, show
from cmlib.learn.question import questions
from cmlib.messages import _

__all__ = ["certificate", "collect", "progress"]


def progress() -> None:
    """Show how far you are: one square a module, and the questions accepted in each.

    ■ every question accepted, ◧ some of them, □ none yet, · no question in this module yet.
    """
    recorded = store.read()
    squares, lines = "", []
    for module in modules():
        numbers = list(questions(module))
        done = sum(bool(recorded.get(number, {}).get("accepted")) for number in numbers)
        squares += _square(done, len(numbers))
        if done:
            lines.append(
                _("Module {module}: {done} of {count} accepted").format(
                    module=module, done=done, count=len(numbers)
                )
            )
    if not lines:
        lines = [_("No question accepted yet: your first check will show here.")]
    show(Notice(_("Your progress: {squares}").format(squares=squares), tuple(lines)))


def _square(done: int, count: int) -> str:
    if count == 0:
        return "·"
    return "□" if done == 0 else "■" if done == count else "◧"


def certificate(*, name: str, day: date, hours: float, folder: str | Path = ".") -> Path:
    """Write an attestation of attendance that states itself as declared, ready to sign.

    It lists what this computer recorded. It is not a certification and says so.

    Parameters
    ----------
    name : str
        The name to print.
    day : datetime.date
        The day to print.
    hours : float
        The hours worked, as the learner declares them.
    folder : path, default "."
        Where to write the page.

    Returns
    -------
    pathlib.Path
        The HTML page, to open and print.

    Raises
    ------
    ParameterError
        When the name is empty, the hours are not above 0, or no question was accepted yet.
    FileError
        When a page of that name is there already.
    """
    if not name.strip():
        raise ParameterError(
            _('Write the name to print: certificate(name="...", day=..., hours=...).')
        )
    hours = above_zero("hours", hours)
    recorded = store.read()
    done = {
        module: sum(bool(recorded.get(number, {}).get("accepted")) for number in questions(module))
        for module in modules()
    }
    done = {module: count for module, count in done.items() if count}
    if not done:
        raise ParameterError(_("No question was accepted yet, so there is nothing to attest."))
    path = Path(folder) / f"attestation_{day.isoformat()}.html"
    if path.exists():
        raise FileError(
            _("{path} is there already and was left as it is. Move it or choose a folder.").format(
                path=path
            )
        )
    path.write_text(_attestation(name, day, hours, done), encoding="utf-8")
    return path


def _attestation(name: str, day: date, hours: float, done: dict[str, int]) -> str:
    rows = "".join(
        f"<tr><td>{module}</td><td>{count} / {len(questions(module))}</td></tr>"
        for module, count in done.items()
    )
    facts = [
        (_("Learner"), name),
        (_("Date"), format_date(day)),
        (_("Title"), _("Community analytics with Python")),
        (_("Workload declared"), _("{hours} hours").format(hours=format_number(hours))),
        (_("Level it aims at"), _("EQF 4 to 5 (a step towards a level-6 title, not an equal)")),
        (_("Assessment"), _("Self-checked exercises, recorded on the learner's own computer")),
        (
            _("Form of participation"),
            _("Declared by the learner; attendance signed by the trainer"),
        ),
        (_("Quality assurance"), _("Open course; every exercise and solution is tested")),
    ]
    listing = "".join(
        f"<dt>{html.escape(label)}</dt><dd>{html.escape(value)}</dd>" for label, value in facts
    )
    caption, module_word, accepted = _("Questions accepted"), _("Module"), _("Accepted")
    signature = _("Signature of the trainer:")
    title = _("Attestation of attendance (declared)")
    warning = _("This attestation is not a certification, a diploma or an accredited title.")
    return (
        f'<!doctype html>\n<html lang="{get_language()}"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>body{{font:12pt sans-serif;max-width:17cm;margin:2cm auto}}"
        "dt{font-weight:bold;margin-top:.4em}table{border-collapse:collapse}"
        "td,th{border:1px solid;padding:.2em .8em}</style></head><body>"
        f"<h1>{title}</h1><p><strong>{warning}</strong></p><dl>{listing}</dl>"
        f"<table><caption>{caption}</caption>"
        f"<tr><th>{module_word}</th><th>{accepted}</th></tr>{rows}</table>"
        f"<p>{signature} ______________________________</p></body></html>\n"
    )


def collect(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Gather progress files of a group into failure rates a question.

    Parameters
    ----------
    paths : iterable of path
        The ``progress.json`` of each learner, renamed as you like. No name is read.

    Returns
    -------
    pandas.DataFrame
        One row a question: ``question``, ``learners`` (who tried it), ``accepted`` (share),
        ``first_try`` (share accepted at the first try), ``failed`` (share not accepted),
        ``tries`` (median), ``hints`` (mean), ``solution`` (share who looked). Hardest first.

    Raises
    ------
    FileError
        When a file is not a progress file.
    """
    rows: list[dict[str, Any]] = []
    for path in paths:
        try:
            recorded = json.loads(Path(path).read_text(encoding="utf-8"))
            rows += [
                {"question": number, **entry}
                for number, entry in recorded.items()
                if entry["tries"] > 0
            ]
        except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
            raise FileError(_("{path} is not a progress file.").format(path=path)) from error
    table = pd.DataFrame(
        rows, columns=["question", "tries", "accepted", "first_try", "hints", "solution"]
    )
    grouped = table.astype(
        {"accepted": "float64", "first_try": "float64", "solution": "float64"}
    ).groupby("question")
    result = grouped.agg(
        learners=("tries", "size"),
        accepted=("accepted", "mean"),
        first_try=("first_try", "mean"),
        tries=("tries", "median"),
        hints=("hints", "mean"),
        solution=("solution", "mean"),
    ).reset_index()
    result.insert(4, "failed", 1 - result["accepted"])
    return result.sort_values(["failed", "first_try"], ascending=[False, True], ignore_index=True)
