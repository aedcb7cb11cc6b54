"""The learner's companion: start, check, hint, solution, progress, glossary, attestation."""

from __future__ import annotations

from cmlib.i18n import set_language
from cmlib.learn.explain import explain_error, watch_errors
from cmlib.learn.forms import form
from cmlib.learn.record import certificate, collect, progress
from cmlib.learn.session import check, hint, solution
from cmlib.learn.truth import read_truth
from cmlib.learn.words import glossary
from cmlib.messages import _

__all__ = [
    "certificate",
    "check",
    "collect",
    "explain_error",
    "form",
    "glossary",
    "hint",
    "progress",
    "read_truth",
    "solution",
    "start",
]


def start(module: str, *, language: str) -> None:
    """Open a module: choose the language, and explain errors under the cells that make them.

    Parameters
    ----------
    module : str
        The number of the module, such as ``"04"``.
    language : {"en", "fr"}
        Language of messages, labels and numbers.

    Raises
    ------
    ParameterError
        When the language is not one of the two.
    """
    set_language(language)
    watch_errors()
    print(_("Module {module}: ready.").format(module=module))
