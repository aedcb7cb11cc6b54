"""The glossary of the trade, in both languages."""

from __future__ import annotations

from cmlib.data import load_table
from cmlib.errors import nearest
from cmlib.learn.notice import Notice, show
from cmlib.messages import _, get_language

__all__ = ["glossary"]


def glossary(term: str) -> None:
    """Explain a term of the trade, given in English or French.

    Parameters
    ----------
    term : str
        For example ``"engagement rate"`` or ``"taux d'engagement"``.
    """
    table = load_table("glossary")
    wanted = term.strip().casefold().replace("’", "'")
    found = table[
        (table["term_en"].str.casefold() == wanted) | (table["term_fr"].str.casefold() == wanted)
    ]
    if found.empty:
        close = nearest(term, [*table["term_en"], *table["term_fr"]])
        text = (
            _("Did you mean {close!r}?").format(close=close)
            if close
            else _("The glossary has no such term.")
        )
        show(Notice(term, (text,)))
        return
    row = found.iloc[0]
    language = get_language()
    other = "fr" if language == "en" else "en"
    show(
        Notice(
            f"{row[f'term_{language}']} ({row[f'term_{other}']})",
            (
                row[f"definition_{language}"],
                _("Met in module {module}.").format(module=row["module"]),
            ),
        )
    )
