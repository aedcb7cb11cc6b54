"""How contributions are shared out: who writes how much of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np

from cmlib.data.people import member_list
from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._frames import (
    POSTS,
    as_list,
    from_start,
    need_columns,
    open_frame,
    read_log,
    share_of,
    small,
    table_like,
)
from cmlib.kpi.survival import proportion_interval

__all__ = [
    "class_shares_by_posts",
    "class_shares_by_rank",
    "contributor_absence_factor",
    "gini",
    "gini_all_members",
    "lorenz_curve",
    "one_time_share",
    "top_share",
]


class Counts(NamedTuple):
    """How many members posted how often: `members` of them `posts` times each, fewest first."""

    posts: np.ndarray
    members: np.ndarray


def gini(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = POSTS,
    start: Any = None,
    end: Any = None,
    without: Any = None,
) -> float:
    """Return how unequally posts are shared among those who posted, from 0 (alike) to near 1.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    member, time, kind : str
        Columns of `events`: the member, the time (UTC; needed only with `start` or `end`) and
        the kind of event.
    kinds : list of str or None
        Kinds of event that are counted: by default topic and reply; None for every event.
    start, end : date or time, optional
        Events from `start` (included) to `end` (excluded), UTC; all of them by default.
    without : list or table of members, optional
        Members who do not count: ``without=members.query("role != 'member'")``.

    Returns
    -------
    float
        Missing (NaN) when nobody posted.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    sum((2 i - n - 1) x_i) / (n sum x), x_i posts of member i from the least to the most active.
    Members who never posted are out; :func:`gini_all_members` has them in, and is always larger.
    State which of the two you show. Its largest value is 1 - 1/n. Posts of deleted accounts are
    left out. A high value is normal: forums stand around 0.8; it says that few carry the
    conversation, not that something is wrong.

    References
    ----------
    C. Gini (1912), Variabilita e mutabilita.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame(
    ...     {"member_id": [1, 2, 2, 2], "timestamp": pd.to_datetime(["2025-01-01"] * 4)}
    ... )
    >>> gini(events, kinds=None)
    0.25
    """
    counts = _counts(events, None, member, time, kind, kinds, start, end, without)
    return _gini(counts)


def gini_all_members(
    events: Any,
    members: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = POSTS,
    start: Any = None,
    end: Any = None,
    without: Any = None,
) -> float:
    """Return how unequally posts are shared among all members, those who never posted included.

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, without
        As in :func:`gini`.
    members : table of the same kind as `events`
        One row a member, with the column `member`.

    Returns
    -------
    float
        Missing (NaN) when nobody posted.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    With a share z of members who never posted it is z + (1 - z) times :func:`gini`.
    """
    return _gini(_counts(events, members, member, time, kind, kinds, start, end, without))


def lorenz_curve(
    events: Any,
    *,
    members: Any = None,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = POSTS,
    start: Any = None,
    end: Any = None,
    without: Any = None,
) -> Any:
    """Give the share of posts written by the least active share of members.

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, without
        As in :func:`gini`.
    members : table of the same kind as `events`, optional
        Given, the curve is over all its members; else over those who posted.

    Returns
    -------
    table of the same kind as `events`
        From (0, 0) to (1, 1), a row each time the number of posts a member changes: ``members``
        and ``posts`` so far, from the least active on, ``member_share`` and ``post_share`` of
        the whole. Members who posted equally often lie on a straight line between two rows.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    :func:`gini` is twice the area between the curve and the diagonal.
    """
    counts = _counts(events, members, member, time, kind, kinds, start, end, without)
    people = np.concatenate([[0], np.cumsum(counts.members)]).astype("int64")
    posts = np.concatenate([[0], np.cumsum(counts.members * counts.posts)]).astype("int64")
    if not posts[-1]:
        people, posts = people[:0], posts[:0]
    columns = {
        "members": people,
        "posts": posts,
        "member_share": people / people[-1:],
        "post_share": posts / posts[-1:],
    }
    return table_like(events, columns)


def top_share(
    events: Any,
    *,
    top: float | Sequence[float] = (0.01, 0.1),
    members: Any = None,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = POSTS,
    start: Any = None,
    end: Any = None,
    without: Any = None,
) -> Any:
    """Give the share of posts written by the most active 1 % and 10 % of members.

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, without
        As in :func:`gini`.
    top : float or list of float, default (0.01, 0.1)
        Shares of the members, above 0 and at most 1.
    members : table of the same kind as `events`, optional
        Given, the shares are of all its members; else of those who posted.

    Returns
    -------
    table of the same kind as `events`
        One row a share: ``top``; ``n`` members it is taken of; ``members`` how many that makes,
        rounded up; ``posts`` they wrote; ``share`` of all posts (missing when nobody posted);
        ``tied`` members left out although they posted as often as the last one taken.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Ties change who is in the top, never the share; with ``tied`` above 0 do not name people.
    """
    tops = np.atleast_1d(np.asarray(top, dtype="float64"))
    if not np.all((tops > 0) & (tops <= 1)):
        raise ParameterError(
            _("top={given!r} is not accepted. Give shares above 0 and at most 1.").format(given=top)
        )
    counts = _counts(events, members, member, time, kind, kinds, start, end, without)
    n, total = int(counts.members.sum()), int((counts.members * counts.posts).sum())
    taken = np.ceil(np.round(tops * n, 9)).astype("int64")
    found = [_top(counts, int(k)) for k in taken]
    posts = np.array([posts for posts, _tied in found], dtype="int64")
    columns = {
        "top": tops,
        "n": np.full(len(tops), n),
        "members": taken,
        "posts": posts,
        "share": share_of(posts, np.full(len(tops), total)),
        "tied": np.array([tied for _posts, tied in found], dtype="int64"),
    }
    return table_like(events, columns)


def contributor_absence_factor(
    events: Any,
    *,
    share: float = 0.5,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = POSTS,
    start: Any = None,
    end: Any = None,
    without: Any = None,
) -> int | None:
    """Return how few members wrote half of all posts ("bus factor").

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, without
        As in :func:`gini`.
    share : float, default 0.5
        Share of the posts, above 0 and at most 1.

    Returns
    -------
    int or None
        The least k such that the k most active members wrote at least `share`; None when nobody
        posted.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Ties do not change k, only who the k are. Deleted accounts are left out: what they wrote is
    a departure that has already happened.

    References
    ----------
    CHAOSS, Contributor Absence Factor.
    """
    if not 0 < share <= 1:
        raise ParameterError(
            _("share={given!r} is not accepted. Give a share above 0 and at most 1.").format(
                given=share
            )
        )
    counts = _counts(events, None, member, time, kind, kinds, start, end, without)
    posts, people = counts.posts[::-1], counts.members[::-1]
    if not len(posts):
        return None
    upto = np.cumsum(posts * people)
    goal = share * upto[-1]
    at = int(np.searchsorted(upto, goal - 1e-9))
    before = upto[at] - posts[at] * people[at]
    return int(people[:at].sum() + np.ceil(round((goal - before) / posts[at], 9)))


def one_time_share(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = POSTS,
    start: Any = None,
    end: Any = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of posters who posted only once.

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, without
        As in :func:`gini`.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the same kind as `events`
        One row: ``n`` posters, ``one_time`` who posted once, ``share`` with its Wilson interval
        ``low`` and ``high`` (missing when nobody posted).

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Newcomers of the last weeks have not had the time to post again: the share falls when you
    look at the same people later.
    """
    counts = _counts(events, None, member, time, kind, kinds, start, end, without)
    n, once = (
        counts.members.sum(keepdims=True),
        counts.members[counts.posts == 1].sum(keepdims=True),
    )
    low, high = proportion_interval(once, n, level=level)
    return table_like(
        events, {"n": n, "one_time": once, "share": share_of(once, n), "low": low, "high": high}
    )


def class_shares_by_rank(
    events: Any,
    *,
    members: Any = None,
    shares: Sequence[float] = (0.01, 0.09, 0.90),
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = POSTS,
    start: Any = None,
    end: Any = None,
    without: Any = None,
) -> Any:
    """Give what the most active 1 %, the next 9 % and the other 90 % of members wrote.

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, without
        As in :func:`gini`.
    members : table of the same kind as `events`, optional
        Given, the classes are cut among all its members; else among those who posted.
    shares : list of float, default (0.01, 0.09, 0.90)
        Sizes of the classes, the most active first; they make 1.

    Returns
    -------
    table of the same kind as `events`
        One row a class: ``rank`` 1 for the most active; ``members`` in it; ``member_share`` their
        share of all; ``posts`` they wrote; ``post_share`` their share of all posts (missing when
        nobody posted).

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    The sizes are given and the content is found; :func:`class_shares_by_posts` does the reverse.
    This one tells how concentrated the content is, and cannot show that "90 % only read": it puts
    90 % in the last class whatever they do. Bounds are rounded up to whole members; ties are cut
    anywhere, which does not change the shares of posts.

    References
    ----------
    T. van Mierlo (2014), The 1 % rule in four digital health social networks, Journal of Medical
    Internet Research 16(2), e33: 74.7, 24.0 and 1.3 % of the content.
    """
    if any(share <= 0 for share in shares) or abs(sum(shares) - 1) > 1e-9:
        raise ParameterError(
            _(
                "shares={given!r} is not accepted. Give sizes above 0 that make 1, such as "
                "(0.01, 0.09, 0.90)."
            ).format(given=shares)
        )
    counts = _counts(events, members, member, time, kind, kinds, start, end, without)
    n = int(counts.members.sum())
    upto = np.ceil(np.round(np.cumsum(shares) * n, 9)).astype("int64")
    posts_upto = np.array([_top(counts, int(k))[0] for k in upto], dtype="int64")
    people, posts = np.diff(upto, prepend=0), np.diff(posts_upto, prepend=0)
    return _class_table(events, "rank", np.arange(1, len(upto) + 1), people, posts)


def class_shares_by_posts(
    events: Any,
    *,
    members: Any = None,
    heavy_posts: int = 10,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = POSTS,
    start: Any = None,
    end: Any = None,
    without: Any = None,
) -> Any:
    """Give how many members post a lot, now and then, or never, and what each class wrote.

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, without
        As in :func:`gini`.
    members : table of the same kind as `events`, optional
        Given, its members without a post are the readers; else nobody can be a reader.
    heavy_posts : int, default 10
        From how many posts on a member is heavy.

    Returns
    -------
    table of the same kind as `events`
        Three rows: ``member_class`` "heavy", "occasional" (1 to `heavy_posts` - 1 posts) or
        "reader" (none), and the columns of :func:`class_shares_by_rank`.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    What members do is given and the sizes are found: this is the one that can confirm or refute
    "90 % read, 9 % post now and then, 1 % post a lot" in your community. It depends on
    `heavy_posts` and on the length of the period: state both.

    References
    ----------
    J. Nielsen (2006), The 90-9-1 rule for participation inequality.
    """
    if isinstance(heavy_posts, bool) or not isinstance(heavy_posts, int) or heavy_posts < 2:
        raise ParameterError(
            _("heavy_posts={given!r} is not accepted. Give a whole number from 2 up.").format(
                given=heavy_posts
            )
        )
    counts = _counts(events, members, member, time, kind, kinds, start, end, without)
    heavy, none = counts.posts >= heavy_posts, counts.posts == 0
    classes = (heavy, ~heavy & ~none, none)
    people = np.array([counts.members[at].sum() for at in classes], dtype="int64")
    posts = np.array([(counts.members * counts.posts)[at].sum() for at in classes], dtype="int64")
    names = np.array(["heavy", "occasional", "reader"])
    return _class_table(events, "member_class", names, people, posts)


def _counts(
    events: Any,
    members: Any,
    member: str,
    time: str,
    kind: str,
    kinds: Sequence[str] | None,
    start: Any,
    end: Any,
    without: Any,
) -> Counts:
    """Count members by number of posts; with `members`, those with none are in."""
    log = read_log(
        events,
        member=member,
        time=time if start is not None or end is not None else None,
        kind=kind,
        kinds=None if kinds is None else as_list(kinds),
        start=start,
        end=end,
        without=without,
    )
    posters = (log.frame if start is None else from_start(log)).filter(~nw.col("u").is_null())
    each = posters.group_by("u").agg(nw.len().alias("posts"))
    found = small(each.group_by("posts").agg(nw.len().alias("members")))
    order = np.argsort(found["posts"])
    posts, people = found["posts"][order], found["members"][order]
    if members is not None:
        table = open_frame(members)
        need_columns(table, member=member)
        if table.implementation is not log.frame.implementation:
            raise ParameterError(
                _(
                    "events and members must be tables of the same kind: one is {one}, the other "
                    "{other}. Convert one of the two."
                ).format(one=log.frame.implementation, other=table.implementation)
            )
        table = table.select(u=nw.col(member)).filter(~nw.col("u").is_null()).unique("u")
        left_out = member_list(without, member)
        if left_out:
            table = table.filter(~nw.col("u").is_in(left_out))
        silent = small(table.join(each, on="u", how="anti").select(n=nw.len()))["n"][0]
        if silent:
            posts, people = np.insert(posts, 0, 0), np.insert(people, 0, silent)
    return Counts(posts.astype("int64"), people.astype("int64"))


def _gini(counts: Counts) -> float:
    total = float((counts.posts * counts.members).sum())
    if not total:
        return float("nan")
    last = np.cumsum(counts.members).astype("float64")
    n = last[-1]
    ranks = 2 * last - counts.members + 1 - n - 1  # mean of 2 i - n - 1 over members who tie
    return float((ranks * counts.members * counts.posts).sum() / (n * total))


def _top(counts: Counts, k: int) -> tuple[int, int]:
    """Count the posts of the k most active, and the others who tie with the last of them."""
    posts, people = counts.posts[::-1], counts.members[::-1]
    upto = np.cumsum(people)
    if not k:
        return 0, 0
    at = int(np.searchsorted(upto, k))
    before = int(upto[at] - people[at])
    written = int((posts[:at] * people[:at]).sum() + (k - before) * posts[at])
    return written, int(upto[at] - k)


def _class_table(
    like: Any, name: str, labels: np.ndarray, people: np.ndarray, posts: np.ndarray
) -> Any:
    columns = {
        name: labels,
        "members": people,
        "member_share": share_of(people, np.full(len(people), people.sum())),
        "posts": posts,
        "post_share": share_of(posts, np.full(len(posts), posts.sum())),
    }
    return table_like(like, columns)
