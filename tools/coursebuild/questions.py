"""The texts of a module's questions: found where ``N_`` marks them, compiled for `learn`."""

from __future__ import annotations

import polib
from babel.messages.extract import extract_from_file

from cmlib.learn.course import CONTEXT
from coursebuild.catalogue import Catalogue
from coursebuild.module import Module

__all__ = ["compiled_questions", "question_texts"]


def question_texts(module: Module) -> list[str]:
    """Return the texts that ``questions.py`` marks, in its order; none when it is not written."""
    path = module.folder / "questions.py"
    if not path.is_file():
        return []
    found = extract_from_file("python", str(path), keywords={"N_": None})
    return list(dict.fromkeys(str(text) for _line, text, _comments, _context in found))


def compiled_questions(module: Module, catalogue: Catalogue) -> bytes:
    """Return the catalogue of the questions alone, as `learn` opens it (gettext's .mo)."""
    where = f"course/{module.slug}/questions.py"
    po = polib.POFile()
    po.metadata = {"Language": catalogue.language, "Content-Type": "text/plain; charset=UTF-8"}
    for text in question_texts(module):
        translated = catalogue.get(text, CONTEXT, where)
        po.append(polib.POEntry(msgid=text, msgctxt=CONTEXT, msgstr=translated))
    return bytes(po.to_binary())
