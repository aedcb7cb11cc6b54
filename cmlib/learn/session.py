"""Check an answer, get a hint, see the solution."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cmlib.learn import store
from cmlib.learn.compare import difference
from cmlib.learn.course import course_folder
from cmlib.learn.notice import Notice, heading, show
from cmlib.learn.question import Card, Choice, Order, Question, find
from cmlib.messages import _, get_language

__all__ = ["Verdict", "check", "hint", "judge", "solution"]


@dataclass(frozen=True)
class Verdict:
    """What became of an answer.

    Attributes
    ----------
    outcome : {"accepted", "not yet", "to complete", "cannot tell"}
    lines : tuple of str
        What the learner is told, in their language.
    """

    outcome: str
    lines: tuple[str, ...] = ()


def check(number: str, answer: Any = ...) -> None:
    """Tell whether an answer is accepted, and if not yet, what to look at.

    Parameters
    ----------
    number : str
        The number of the question, such as ``"04.3"``.
    answer : object
        Your answer. A blank (``...``) is answered with "to complete".

    Raises
    ------
    ParameterError
        When there is no question with this number.
    """
    verdict = judge(find(number), answer)
    if verdict.outcome in ("accepted", "not yet"):
        entry = store.record(number)
        accepted = verdict.outcome == "accepted"
        first = accepted if entry["first_try"] is None else entry["first_try"]
        store.record(
            number,
            tries=entry["tries"] + 1,
            accepted=entry["accepted"] or accepted,
            first_try=first,
        )
    show(Notice(f"{number} · {heading(verdict.outcome)}", verdict.lines, tone=verdict.outcome))


def judge(question: Question, answer: Any) -> Verdict:
    """Compare an answer with the reference computed on the data in use. Records nothing."""
    if _is_blank(answer):
        return Verdict("to complete", (_("Replace the three dots with your answer."),))
    try:
        if isinstance(question.form, Card):
            return _judge_card(question, question.form, answer)
        expected = question.reference() if question.reference else None
        if isinstance(question.form, Choice):
            return _judge_choice(question, question.form, answer, expected)
        if isinstance(question.form, Order):
            return _judge_order(question, answer, expected)
        return _judge_value(question, answer, expected)
    except Exception as error:  # a check never shows a traceback to a learner
        return Verdict(
            "cannot tell",
            (
                _("Your answer could not be compared ({error}).").format(
                    error=type(error).__name__
                ),
                _("Restart the kernel, run every cell from the top, then try again."),
            ),
        )


def _is_blank(answer: Any) -> bool:
    if answer is ...:
        return True
    if isinstance(answer, Mapping):
        return any(value is ... for value in answer.values())
    return isinstance(answer, (list, tuple)) and any(item is ... for item in answer)


def _judge_value(question: Question, answer: Any, expected: Any) -> Verdict:
    reason = difference(answer, expected, question)
    if reason is None:
        return Verdict("accepted")
    for mistake in question.mistakes:
        if difference(answer, mistake.answer(), question) is None:
            return Verdict("not yet", (question.say(mistake.message),))
    return Verdict("not yet", (reason, _hint_invitation(question)))


def _judge_choice(question: Question, form: Choice, answer: Any, expected: Any) -> Verdict:
    given = str(answer).strip().lower()
    if given not in form.options:
        letters = ", ".join(form.options)
        return Verdict(
            "not yet", (_("Answer with one letter: {letters}.").format(letters=letters),)
        )
    outcome = "accepted" if given == expected else "not yet"
    return Verdict(outcome, (question.say(form.reasons[given]),))


def _judge_order(question: Question, answer: Any, expected: Any) -> Verdict:
    try:
        given = [int(item) for item in answer]
    except (TypeError, ValueError):
        text = _("Write the numbers between square brackets, with commas, as in [2, 1, 3].")
        return Verdict("not yet", (text,))
    if sorted(given) != list(range(1, len(expected) + 1)):
        return Verdict("not yet", (_("Give each line one number, and each number once."),))
    if given == list(expected):
        return Verdict("accepted")
    for mistake in question.mistakes:
        if given == list(mistake.answer()):
            return Verdict("not yet", (question.say(mistake.message),))
    right = next(i for i, (a, b) in enumerate(zip(given, expected, strict=True)) if a != b)
    if right == 0:
        text = _("The first line is not the right one yet: what must exist before the rest?")
    else:
        text = _("Well begun: the order is right up to line {line}.").format(line=right)
    return Verdict("not yet", (text, _hint_invitation(question)))


def _judge_card(question: Question, form: Card, answer: Any) -> Verdict:
    if not isinstance(answer, Mapping):
        return Verdict("not yet", (_("Fill in the card: one sentence for each field."),))
    short = [
        question.say(label)
        for key, label in form.fields.items()
        if len(re.findall(r"\w+", str(answer.get(key, "")))) < form.words
    ]
    if short:
        text = _("Complete these fields, in at least {count} words: {fields}.").format(
            count=form.words, fields=", ".join(short)
        )
        return Verdict("to complete", (text,))
    return Verdict(
        "accepted",
        (
            _("Your card is complete. Nobody marks it; compare it with this one:"),
            question.say(form.model),
        ),
    )


def _hint_invitation(question: Question) -> str:
    return _('A hint is there if you want one: learn.hint("{number}")').format(number=question.id)


def hint(number: str) -> None:
    """Give the next hint: first a question, then a place to look, then a line to finish.

    Parameters
    ----------
    number : str
        The number of the question, such as ``"04.3"``.
    """
    question = find(number)
    given = int(store.record(number)["hints"])
    step = min(given, len(question.hints) - 1)
    store.record(number, hints=max(given, step + 1))
    title = _("{number} · Hint {step} of {count}").format(
        number=number, step=step + 1, count=len(question.hints)
    )
    show(Notice(title, (question.say(question.hints[step]),)))


def solution(number: str) -> None:
    """Show a solution, once the question was tried.

    Parameters
    ----------
    number : str
        The number of the question, such as ``"04.3"``.
    """
    question = find(number)
    if store.record(number)["tries"] == 0:
        text = _("Try once first: a wrong answer teaches more than a solution read too early.")
        show(Notice(f"{number} · {heading('to complete')}", (text,), tone="to complete"))
        return
    store.record(number, solution=True)
    title = _("{number} · A solution").format(number=number)
    if isinstance(question.form, Card):
        show(Notice(title, (question.say(question.form.model),)))
        return
    code = _solution_cell(number)
    if code is None:
        text = _("The folder of solutions is not in the folder of the course.")
        show(Notice(title, (text,)))
    else:
        show(Notice(title, (_("One way to write it; yours may be as good."),), code=code))


def _solution_cell(number: str) -> str | None:
    """Find, in the built solutions, the cell that answers the question.

    An answer may take two cells: the second one holds the check, the first one comes before it.
    """
    folder = course_folder() / "solutions" / get_language()
    for path in sorted(folder.glob(f"{number[:2]}_*.ipynb")):
        begun: dict[str, str] = {}
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source, exercise = "".join(cell["source"]), cell["id"].rpartition("-")[0]
            if cell["cell_type"] == "code" and f'check("{number}"' in source:
                return f"{begun[exercise]}\n\n{source}" if exercise in begun else source
            if cell["id"].endswith("-answer"):
                begun[exercise] = source
    return None
