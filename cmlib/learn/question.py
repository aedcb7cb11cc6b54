"""What a question of the course is: its answer, its hints and the mistakes foreseen."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cmlib.checks import choice
from cmlib.data import Community, data_home, load
from cmlib.errors import unknown_choice

__all__ = [
    "Card",
    "Choice",
    "Mistake",
    "Order",
    "Question",
    "community",
    "find",
    "opened_file",
    "questions",
]

MODULES = tuple(f"{number:02d}" for number in range(18))


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
    """
    choice("module", module, MODULES)
    try:
        source = importlib.import_module(f"cmlib.learn.questions.m{module}")
    except ModuleNotFoundError as error:
        if error.name != f"cmlib.learn.questions.m{module}":
            raise
        return MappingProxyType({})
    return MappingProxyType({question.id: question for question in source.QUESTIONS})


def find(number: str) -> Question:
    """Return the question with this number, or say which numbers there are."""
    module = str(number)[:2]
    known = questions(module) if module in MODULES else {}
    if number not in known:
        every = [name for each in MODULES for name in questions(each)]
        raise unknown_choice("question", number, known or every)
    return known[number]


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
