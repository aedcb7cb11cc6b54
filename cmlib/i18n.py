"""Messages, numbers, dates and money in the reader's language.

Messages come from standard gettext catalogues in ``cmlib/locale``: a third language is a
third catalogue. Another package has catalogues of its own (:func:`translator`). Numbers, dates
and euros are written by Babel, which needs no system locale.
"""

from __future__ import annotations

import gettext
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

__all__ = [
    "LANGUAGES",
    "format_date",
    "format_euro",
    "format_month",
    "format_number",
    "format_percent",
    "get_language",
    "set_language",
    "translator",
    "use_language",
]

LANGUAGES = ("en", "fr")
_MISSING = "–"


def N_(message: str) -> str:
    """Mark `message` for translation without translating it now."""
    return message


def _starting_language() -> str:
    wanted = os.environ.get("COURSE_LANG", "en")[:2].lower()
    return wanted if wanted in LANGUAGES else "en"


_language = _starting_language()


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


_ = translator("cmlib", Path(__file__).parent / "locale")


def set_language(language: str) -> None:
    r"""Choose the language of every message, label and number from here on.

    Parameters
    ----------
    language : {"en", "fr"}
        English or French. At start, the environment variable ``COURSE_LANG`` decides,
        and English where it is not set.

    Raises
    ------
    ParameterError
        When the language is not one of the two.

    Examples
    --------
    >>> set_language("fr")
    >>> format_percent(0.125)
    '12,5\u202f%'
    >>> set_language("en")
    >>> format_percent(0.125)
    '12.5%'
    """
    global _language
    if language not in LANGUAGES:
        from cmlib.errors import unknown_choice

        raise unknown_choice("language", language, LANGUAGES)
    _language = language


def get_language() -> str:
    """Return the current language, ``"en"`` or ``"fr"``.

    Examples
    --------
    >>> get_language()
    'en'
    """
    return _language


@contextmanager
def use_language(language: str) -> Iterator[None]:
    r"""Use `language` inside a ``with`` block and the former one after it.

    Examples
    --------
    >>> with use_language("fr"):
    ...     format_number(1234.5)
    '1\u202f234,5'
    """
    before = _language
    set_language(language)
    try:
        yield
    finally:
        set_language(before)


def format_number(value: Any, digits: int = 1) -> str:
    """Write a number the way the current language does; a missing one as a dash.

    Parameters
    ----------
    value : float, int or missing
    digits : int, default 1
        Decimals kept; trailing zeros are dropped for whole numbers.

    Returns
    -------
    str

    Examples
    --------
    >>> format_number(36990), format_number(2.75, 2), format_number(None)
    ('36,990', '2.75', '–')
    """
    if _is_missing(value):
        return _MISSING
    from babel.numbers import format_decimal

    pattern = "#,##0" if float(value).is_integer() else "#,##0." + "0" * digits
    return str(format_decimal(value, format=pattern if digits else "#,##0", locale=_language))


def format_percent(share: Any, digits: int = 1) -> str:
    """Write a share between 0 and 1 as a percentage.

    Examples
    --------
    >>> format_percent(0.784)
    '78.4%'
    """
    if _is_missing(share):
        return _MISSING
    from babel.numbers import format_percent as babel_percent

    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    if _language == "fr":
        pattern = pattern.replace("%", "\u202f%")
    return str(babel_percent(share, format=pattern, locale=_language))


def format_euro(amount: Any, digits: int = 0) -> str:
    """Write an amount in euros.

    Examples
    --------
    >>> format_euro(20124)
    '€20,124'
    """
    if _is_missing(amount):
        return _MISSING
    from babel.numbers import format_currency

    decimals = "." + "0" * digits if digits else ""
    pattern = f"#,##0{decimals}\u00a0¤" if _language == "fr" else f"¤#,##0{decimals}"
    return str(
        format_currency(amount, "EUR", format=pattern, locale=_language, currency_digits=False)
    )


def format_date(day: date | datetime | Any) -> str:
    """Write a day in full.

    Examples
    --------
    >>> format_date(date(2025, 3, 1))
    'March 1, 2025'
    """
    if _is_missing(day):
        return _MISSING
    from babel.dates import format_date as babel_date

    return str(babel_date(day, format="long", locale=_language))


def format_month(day: date | datetime | Any) -> str:
    """Write the month of a day, short, for the axis of a chart.

    Examples
    --------
    >>> format_month(date(2025, 3, 1))
    'Mar 2025'
    """
    if _is_missing(day):
        return _MISSING
    from babel.dates import format_date as babel_date

    return str(babel_date(day, format="MMM y", locale=_language))


def _is_missing(value: Any) -> bool:
    if value is None or str(value) in {"<NA>", "NaT"}:
        return True
    return isinstance(value, float) and math.isnan(value)
