"""What kind of event a word means, and the kind of a message by its place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cmlib.checks import choice
from cmlib.data._date_shapes import folded
from cmlib.data._raw_table import MISSING_WORDS, RawTable, listed
from cmlib.data.schema import get_table
from cmlib.errors import TableError
from cmlib.i18n import format_number
from cmlib.messages import _

__all__ = ["KINDS", "POST", "by_place", "kinds_in_words", "tell_unknown"]

KINDS = next(column.choices for column in get_table("events").columns if column.name == "kind")
POST = "post"  # a message: topic or reply, as its place says
_WORDS = {
    "visit": "visit, visits, view, page view, pageview, page_view, login, visite, vue, "
    "page vue, connexion",
    "topic": "topic, topics, question, thread, discussion, new topic, sujet, nouveau sujet, fil",
    "reply": "reply, replies, answer, answers, comment, comments, response, reponse, reponses, "
    "commentaire, commentaires",
    "reaction": "reaction, reactions, like, likes, vote, upvote, emoji, j'aime, jaime",
    "accept": "accept, accepted, accepted answer, solution, solved, resolu, "
    "solution acceptee, reponse acceptee",
    POST: "post, posts, message, messages, msg, publication, publications",
}
_KIND_OF = {word: kind for kind, words in _WORDS.items() for word in words.split(", ")}
_LONG, _MANY = 40, 30


def kinds_in_words(
    raw: RawTable, column: str, kinds: Mapping[str, str]
) -> tuple[pd.Series, list[str]]:
    """Return the kind of each event, missing where its word is not known, and the unknown words.

    `kinds` are the user's own words for `KINDS`, or for "post".
    """
    for kind in kinds.values():
        choice("kinds", kind, (*KINDS, POST))
    own = {_word(word): kind for word, kind in kinds.items()}
    cells = raw.frame[column]
    known = {word: own.get(_word(word), _KIND_OF.get(_word(word))) for word in cells.unique()}
    unknown = [word for word, kind in known.items() if kind is None and word not in MISSING_WORDS]
    return cells.map(known).astype("str"), unknown


def tell_unknown(raw: RawTable, column: str, unknown: list[str], path: str) -> None:
    """Say which words are not known; refuse a column that holds something else than kinds."""
    if not unknown:
        return
    if len(unknown) > _MANY or any(len(word) > _LONG for word in unknown):
        raise TableError(
            _(
                'kind="{column}": this column of {file} holds {count} different texts that are no '
                "kind of event; leave kind= out, or name the column that says {kinds}."
            ).format(
                column=column,
                file=path,
                count=format_number(len(unknown)),
                kinds=", ".join(KINDS),
            )
        )
    raw.notes.append(
        _("Kinds of event not known: {words}. Say what they are with kinds={example}.").format(
            words=listed([repr(word) for word in unknown]),
            example="{" + repr(unknown[0]) + ': "reply"}',
        )
    )


def by_place(
    messages: np.ndarray, thread: pd.Series | None, names_parent: np.ndarray
) -> np.ndarray:
    """Tell topics from replies, rows being in the order of time.

    A message that names a parent is a reply; so is one that others come before in its thread.
    """
    reply = names_parent.copy()
    if thread is not None:
        first = np.ones(len(reply), dtype=bool)
        inside = thread[messages & (thread != "").to_numpy()]
        first[inside.index.to_numpy()] = ~inside.duplicated().to_numpy()
        reply |= ~first
    return np.where(reply, "reply", "topic")


def _word(cell: str) -> str:
    return folded(cell.replace("\u2019", "'"))
