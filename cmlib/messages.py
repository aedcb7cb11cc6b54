"""Messages in the reader's language, and which language that is.

Messages come from standard gettext catalogues in ``cmlib/locale``: a third language is a third
catalogue. Another package has catalogues of its own (:func:`translator`). Everything else in the
package stands above this module; it imports none of it.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

__all__ = ["LANGUAGES", "N_", "_", "get_language", "switch_language", "translator"]

LANGUAGES = ("en", "fr")


def N_(message: str) -> str:
    """Mark `message` for translation without translating it now."""
    return message


def translator(domain: str, folder: Path) -> Callable[[str], str]:
    """Return the function that says the messages of a package in the current language.

    Parameters
    ----------
    domain : str
        Name of the package's catalogue.
    folder : Path
        Folder that holds ``<language>/LC_MESSAGES/<domain>.mo``.

    Returns
    -------
    function
        It gives back the message itself where the catalogue has no translation.
    """

    @cache
    def catalogue(language: str) -> gettext.NullTranslations:
        return gettext.translation(domain, folder, languages=[language], fallback=True)

    def translate(message: str) -> str:
        return catalogue(_language).gettext(message) if message else ""

    return translate


def get_language() -> str:
    """Return the current language, ``"en"`` or ``"fr"``.

    Examples
    --------
    >>> get_language()
    'en'
    """
    return _language


def switch_language(language: str) -> None:
    """Choose one of `LANGUAGES`; :func:`cmlib.set_language` checks that it is one first."""
    global _language
    _language = language


def _starting_language() -> str:
    wanted = os.environ.get("COURSE_LANG", "en")[:2].lower()
    return wanted if wanted in LANGUAGES else "en"


_language = _starting_language()
_ = translator("cmlib", Path(__file__).parent / "locale")
