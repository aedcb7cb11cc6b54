"""What a question of the course is: its answer, its hints and the mistakes foreseen."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from cmlib.checks import choice
from cmlib.data import Community, data_home, load
from cmlib.errors import unknown_choice
from cmlib.learn.course import module_file, modules, translate

__all__ = [
    "Card",
    "Choice",
    "Mistake",
    "Order",
    "Question",
    "community",
    "find",
    "opened_file",
    "question_code",
    "questions",
]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that was foreseen, and the reason the learner is given.

    Attributes
    ----------
    answer : callable
        Computes, from the data in use, what somebody who makes the mistake would hand in.
    message : str
        Why it is not the answer yet, without giving the answer away (English; translated).
    """

    answer: Callable[[], Any]
    message: str


@dataclass(frozen=True)
class Choice:
    """A question answered by choosing one of several sentences.

    Attributes
    ----------
    options : mapping of str to str
        ``{"a": "first sentence", ...}`` (English; translated).
    reasons : mapping of str to str
        What to say to each option, the right one included.
    """

    options: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Order:
    """A question answered by putting lines of code in order (numbered from 1 as shown).

    Attributes
    ----------
    lines : tuple of str
        The lines as the learner sees them, already mixed.
    """

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """A decision or an interpretation in words: complete or not, never right or wrong.

    Attributes
    ----------
    fields : mapping of str to str
        Key and label of each field (English; translated).
    words : int
        Least number of words in each field.
    model : str
        A model answer, shown once the card is complete (English; translated).
    """

    fields: Mapping[str, str]
    model: str
    words: int = 3


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    id : str
        Module and number: ``"04.3"``.
    reference : callable, optional
        Computes the answer from the data in use. A card has none.
    hints : tuple of three str
        A question, a place to look, a nearly complete line.
    mistakes : tuple of Mistake
    form : Choice, Order or Card, optional
        How the answer is given when it is not a value.
    ordered : bool
        The order of rows (or of items) matters.
    share : bool
        The answer is a share between 0 and 1.
    right : tuple of callable
        Right answers written in other styles: they test the check itself.
    """

    id: str
    hints: tuple[str, str, str]
    reference: Callable[[], Any] | None = None
    mistakes: tuple[Mistake, ...] = ()
    form: Choice | Order | Card | None = None
    ordered: bool = False
    share: bool = False
    right: tuple[Callable[[], Any], ...] = ()

    def say(self, text: str) -> str:
        """Return one of the texts of this question in the current language."""
        return translate(text, self.id[:2])


def questions(module: str) -> Mapping[str, Question]:
    """Return the questions of one module by their number.

    Parameters
    ----------
    module : str
        ``"00"`` to ``"17"``.

    Returns
    -------
    mapping of str to Question
        Empty for a module that has none yet.

    Raises
    ------
    ParameterError
        When the course has no such module.
    FileError
        When there is no course on this computer.
    """
    choice("module", module, sorted(modules()))
    path = module_file(module, "questions.py")
    asked = () if path is None else question_code(path).QUESTIONS
    return MappingProxyType({question.id: question for question in asked})


def find(number: str) -> Question:
    """Return the question with this number, or say which numbers there are."""
    module = str(number)[:2]
    known = questions(module) if module in modules() else {}
    if number not in known:
        every = [name for each in sorted(modules()) for name in questions(each)]
        raise unknown_choice("question", number, known or every)
    return known[number]


@cache
def question_code(path: Path) -> ModuleType:
    """Run a ``questions.py`` of the course, once, and return what it defines."""
    name = f"cmlib_questions_{path.parent.name}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    code = importlib.util.module_from_spec(spec)
    sys.modules[name] = code  # a dataclass looks its own module up there
    spec.loader.exec_module(code)
    return code


def opened_file(path: str) -> Path:
    """Return the data file that a notebook opens with ``"../../datasets/" + path``.

    A lesson that teaches reading a file names it by its path, whatever the data home: the
    reference reads that same file, and the one of the data home where there is no notebook.
    """
    beside = Path("../../datasets") / path
    return beside.resolve() if beside.is_file() else data_home() / path


def community(name: str = "brand") -> Community:
    """Load the community that a reference works on, once for each data home."""
    return _loaded(name, str(data_home()))


@cache
def _loaded(name: str, home: str) -> Community:
    return load(name)
