"""How much rests on the most active: take them away one by one, and count what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cmlib.checks import whole_number
from cmlib.data.communities import log_of
from cmlib.data.conversations import answering, questions
from cmlib.data.frames import Frame, as_list, to_pandas
from cmlib.data.log import POSTS, Log
from cmlib.explore._people import with_team
from cmlib.explore.panel import checkbox, dropdown, explorer, slider
from cmlib.i18n import format_number, format_percent
from cmlib.messages import _

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes
    from narwhals.typing import IntoFrame

    from cmlib.data import Community

__all__ = ["most_active_explorer", "plot_without_most_active", "without_most_active"]

UPTO = 50


def without_most_active(
    community: Community | IntoFrame, *, upto: int = UPTO, kinds: Sequence[str] = POSTS
) -> pd.DataFrame:
    """Take the most active members away one by one, and count what would be left.

    Parameters
    ----------
    community : Community or table of events
        Whoever does not count in the view is neither ranked nor taken away, and what they write
        is not counted; the answers of the team go on.
    upto : int, default 50
        How many members are taken away at the end.
    kinds : list of str, default topic and reply
        Kinds of event by which members are ranked, and that are counted.

    Returns
    -------
    pandas.DataFrame
        One row a number of members: ``removed`` from 0 to `upto`; ``posts_left``; ``share_left``
        of all posts counted; ``answered_left`` the share of topics that would still have an
        answer by somebody else than their author. Missing when there is no post, or no topic.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or `upto` is not a whole number from 1 up.

    Notes
    -----
    Members who wrote as much are taken in the order of their number. Messages of deleted
    accounts are not counted, but their answers stay. The figures say what rested on these
    members, not what would happen: somebody else might have answered.

    Examples
    --------
    >>> events = pd.DataFrame(
    ...     {
    ...         "event_id": [1, 2, 3],
    ...         "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
    ...         "member_id": [1, 2, 2],
    ...         "kind": ["topic", "reply", "topic"],
    ...         "thread_id": [1, 1, 3],
    ...     }
    ... )
    >>> without_most_active(events, upto=1)["share_left"].round(2).tolist()
    [1.0, 0.33]
    """
    whole_number("upto", upto)
    log = log_of(community)
    kinds = as_list(kinds)
    counted = _pandas(log.from_start(log.rows(kinds=kinds))).dropna(subset=["u"])
    posts = counted.groupby("u").size().reset_index(name="posts")
    posts = posts.sort_values(["posts", "u"], ascending=[False, True])
    gone = np.cumsum(posts["posts"].to_numpy("int64"))[:upto]
    gone = np.concatenate([[0], gone, np.full(upto - len(gone), gone[-1] if len(gone) else 0)])
    total = int(posts["posts"].sum())
    left = total - gone
    topics = _pandas(log.from_start(questions(log)))
    last = _last_answerer(log, topics, posts["u"])
    removed = np.arange(upto + 1)
    return pd.DataFrame(
        {
            "removed": removed,
            "posts_left": left,
            "share_left": left / total if total else np.nan,
            "answered_left": (
                (last[None, :] > removed[:, None]).mean(axis=1) if len(topics) else np.nan
            ),
        }
    )


def plot_without_most_active(
    community: Community | IntoFrame,
    *,
    n: int = 10,
    kinds: Sequence[str] = POSTS,
    ax: Axes | None = None,
) -> Axes:
    """Draw what would be left without the most active, with a mark at `n` of them.

    Parameters
    ----------
    community, kinds
        As in :func:`without_most_active`.
    n : int, default 10
        How many members are taken away.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes
        Two curves, in percent: messages left, and topics that still have an answer.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or `n` is not a whole number from 0 up.
    """
    from cmlib.plot.alternative import finish
    from cmlib.plot.theme import PALETTE, axes_or_new, ink

    whole_number("n", n, 0)
    table = without_most_active(community, upto=max(n, UPTO), kinds=kinds)
    ax = axes_or_new(ax)
    curves = (
        ("share_left", "-", "o", _("messages left"), 0),
        ("answered_left", "--", "s", _("topics that still have an answer"), 1),
    )
    for column, line, mark, label, color in curves:
        ax.plot(
            table["removed"], 100 * table[column], linestyle=line, marker=mark, markevery=5,
            markersize=5, color=PALETTE[color], label=label,
        )  # fmt: skip
    ax.axvline(n, color=ink(), linewidth=1, linestyle=":")
    ax.set_ylim(0, 100)
    ax.legend(loc="upper right")
    return finish(
        ax,
        title=_("Most active members taken away: {n}").format(n=format_number(n)),
        x=_("Most active members taken away"),
        y=_("Left (%)"),
        alternative=_in_words(table.iloc[0], table.iloc[n]),
    )


def most_active_explorer(community: Community) -> ipywidgets.VBox:
    """Take away the n most active, and watch what is left of the conversation.

    Parameters
    ----------
    community : Community

    Returns
    -------
    ipywidgets.VBox
        A slider (how many), a list (ranked by messages, topics or replies) and a box that leaves
        the team out of the ranking.
    """
    rankings = {
        _("messages (topics and replies)"): POSTS,
        _("topics opened"): ("topic",),
        _("replies"): ("reply",),
    }
    views = {alone: with_team(community, counted=not alone) for alone in (True, False)}

    def draw(n: int, kinds: tuple[str, ...], members_only: bool) -> Axes:
        return plot_without_most_active(views[members_only], n=n, kinds=kinds)

    return explorer(
        draw,
        n=slider(_("Members taken away"), 0, 0, UPTO),
        kinds=dropdown(_("Most active by"), rankings, POSTS),
        members_only=checkbox(_("Leave the team out"), value=True),
    )


def _last_answerer(log: Log, topics: pd.DataFrame, ranking: pd.Series) -> np.ndarray:
    """Rank of the member of each topic's answers who is taken away last; 0 without an answer.

    Infinite where one answer is by somebody who is never taken away.
    """
    place = pd.Series(np.arange(1.0, len(ranking) + 1), index=ranking.to_numpy())
    replies = _pandas(answering(log))
    rank = replies["u"].map(place).astype("float64").fillna(np.inf)
    last = rank.groupby(replies["thread_id"]).max()
    return topics["thread_id"].map(last).fillna(0.0).to_numpy("float64")


def _pandas(frame: Frame) -> pd.DataFrame:
    table = to_pandas(frame)
    return table


def _in_words(all_there: pd.Series, left: pd.Series) -> str:
    if np.isnan(left["share_left"]):
        return _("There is no message to count.")
    said = _("{share} of the messages are left.").format(share=format_percent(left["share_left"]))
    if np.isnan(left["answered_left"]):
        return said
    return f"{said} " + _(
        "{answered} of the topics still have an answer, {before} with everybody there."
    ).format(
        answered=format_percent(left["answered_left"]),
        before=format_percent(all_there["answered_left"]),
    )
