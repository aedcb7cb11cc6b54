"""How much rests on the most active: take them away one by one, and count what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.errors import ParameterError, missing_column
from cmlib.explore.panel import checkbox, dropdown, explorer, slider
from cmlib.i18n import _, format_number, format_percent

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

    from cmlib.data import Community

__all__ = ["most_active_explorer", "plot_without_most_active", "without_most_active"]

POSTS = ("topic", "reply")
UPTO = 50


def without_most_active(
    events: pd.DataFrame,
    *,
    upto: int = UPTO,
    kinds: Sequence[str] = POSTS,
    start: Any = None,
    end: Any = None,
    without: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Take the most active members away one by one, and count what would be left.

    Parameters
    ----------
    events : pandas.DataFrame
        One row an event: ``event_id``, ``timestamp`` (UTC), ``member_id``, ``kind``,
        ``thread_id``.
    upto : int, default 50
        How many members are taken away at the end.
    kinds : list of str, default topic and reply
        Kinds of event by which members are ranked, and that are counted.
    start, end : date or time, optional
        Events from `start` (included) to `end` (excluded), UTC; all of them by default.
    without : table of members, optional
        Members who are neither ranked nor taken away, such as the team. What they write is not
        counted either, but their answers go on.

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
    _whole(upto)
    for column in ("event_id", "timestamp", "member_id", "kind", "thread_id"):
        if column not in events.columns:
            raise missing_column(column, events.columns)
    inside = np.ones(len(events), dtype=bool)
    if start is not None:
        inside &= (events["timestamp"] >= pd.Timestamp(start)).to_numpy()
    if end is not None:
        inside &= (events["timestamp"] < pd.Timestamp(end)).to_numpy()
    log = events[inside]
    left_out = log["member_id"].isin([] if without is None else without["member_id"])
    counted = log[
        log["kind"].isin([kinds] if isinstance(kinds, str) else list(kinds))
        & log["member_id"].notna()
        & ~left_out
    ]
    posts = counted.groupby("member_id").size().reset_index(name="posts")
    posts = posts.sort_values(["posts", "member_id"], ascending=[False, True])
    gone = np.cumsum(posts["posts"].to_numpy("int64"))[:upto]
    gone = np.concatenate([[0], gone, np.full(upto - len(gone), gone[-1] if len(gone) else 0)])
    total = int(posts["posts"].sum())
    left = total - gone
    topics = log[(log["kind"] == "topic") & ~left_out]
    last = _last_answerer(log, topics, posts["member_id"])
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
    events: pd.DataFrame,
    *,
    n: int = 10,
    kinds: Sequence[str] = POSTS,
    start: Any = None,
    end: Any = None,
    without: pd.DataFrame | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what would be left without the most active, with a mark at `n` of them.

    Parameters
    ----------
    events, kinds, start, end, without
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

    _whole(n, least=0, name="n")
    table = without_most_active(
        events, upto=max(n, UPTO), kinds=kinds, start=start, end=end, without=without
    )
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
        the team and its robots out of the ranking.
    """
    team = community.members[community.members["role"] != "member"]
    rankings = {
        _("messages (topics and replies)"): POSTS,
        _("topics opened"): ("topic",),
        _("replies"): ("reply",),
    }

    def draw(n: int, kinds: tuple[str, ...], members_only: bool) -> Axes:
        return plot_without_most_active(
            community.events,
            n=n,
            kinds=kinds,
            start=community.start,
            end=community.end,
            without=team if members_only else None,
        )

    return explorer(
        draw,
        n=slider(_("Members taken away"), 0, 0, UPTO),
        kinds=dropdown(_("Most active by"), rankings, POSTS),
        members_only=checkbox(_("Leave the team and its robot out"), value=True),
    )


def _last_answerer(log: pd.DataFrame, topics: pd.DataFrame, ranking: pd.Series) -> np.ndarray:
    """Rank of the member of each topic's answers who is taken away last; 0 without an answer.

    Infinite where one answer is by somebody who is never taken away.
    """
    place = pd.Series(np.arange(1.0, len(ranking) + 1), index=ranking.to_numpy("int64"))
    replies = log.loc[log["kind"] == "reply", ["thread_id", "member_id"]]
    asked = topics.set_index("event_id")["member_id"]
    who = replies["member_id"].astype("Float64").to_numpy("float64", na_value=np.nan)
    asker = replies["thread_id"].map(asked).astype("Float64").to_numpy("float64", na_value=np.nan)
    other = replies[who != asker]
    rank = other["member_id"].map(place).astype("float64").fillna(np.inf)
    last = rank.groupby(other["thread_id"]).max()
    return topics["event_id"].map(last).fillna(0.0).to_numpy("float64")


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


def _whole(value: Any, *, least: int = 1, name: str = "upto") -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ParameterError(
            _("{name}={given!r} is not accepted. Give a whole number from {least} up.").format(
                name=name, given=value, least=least
            )
        )
