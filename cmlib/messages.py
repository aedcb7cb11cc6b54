"""Messages in the reader's language, and which language that is.

Messages come from standard gettext catalogues in ``cmlib/locale``: a third language is a third
catalogue. Everything else in the package stands above this module; it imports none of it.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

__all__ = ["LANGUAGES", "N_", "_", "get_language", "switch_language"]

LANGUAGES = ("en", "fr")
_LOCALE_DIR = Path(__file__).parent / "locale"


def N_(message: str) -> str:
    """Mark `message` for translation without translating it now."""
    return message


def _(message: str) -> str:
    """Return `message` in the current language."""
    return _translations.gettext(message) if message else ""


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
    global _language, _translations
    _language = language
    _translations = _catalogue(language)


def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("cmlib", _LOCALE_DIR, languages=[language], fallback=True)


def _starting_language() -> str:
    wanted = os.environ.get("COURSE_LANG", "en")[:2].lower()
    return wanted if wanted in LANGUAGES else "en"


_language = _starting_language()
_translations = _catalogue(_language)
