"""How contributions are shared out: who writes how much of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import choice, positive_share, whole_number
from cmlib.data.communities import Community, log_of
from cmlib.data.frames import Frame, as_list, small, table_like
from cmlib.data.log import POSTS, Log
from cmlib.errors import ParameterError
from cmlib.kpi._logged_kinds import are_logged
from cmlib.kpi._periods import share_of
from cmlib.kpi.survival import proportion_interval
from cmlib.messages import _

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

BASES = ("posters", "members")
LABELS = ("top", "rank", "member_class")


class Counts(NamedTuple):
    """How many members posted how often: `members` of them `posts` times each, fewest first."""

    posts: np.ndarray
    members: np.ndarray
    log: Log
    known: bool = True

    def table(self, columns: dict[str, np.ndarray]) -> IntoFrame:
        """Make a result; its figures are missing where nothing of the kind was logged."""
        if not self.known:
            columns = {
                name: values if name in LABELS else np.full(len(values), np.nan)
                for name, values in columns.items()
            }
        return table_like(self.log.like, columns)


def gini(community: Community | IntoFrame, *, kinds: Sequence[str] | None = POSTS) -> float:
    """Return how unequally posts are shared among those who posted, from 0 (alike) to near 1.

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    kinds : list of str or None
        Kinds of event that are counted: by default topic and reply; None for every event.

    Returns
    -------
    float
        Missing (NaN) when nobody posted.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

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
    return _gini(_counts(community, kinds))


def gini_all_members(
    community: Community | IntoFrame, *, kinds: Sequence[str] | None = POSTS
) -> float:
    """Return how unequally posts are shared among all members, those who never posted included.

    Parameters
    ----------
    community, kinds
        As in :func:`gini`.

    Returns
    -------
    float
        Missing (NaN) when nobody posted.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    With a share z of members who never posted it is z + (1 - z) times :func:`gini`.
    """
    return _gini(_counts(community, kinds, "members"))


def lorenz_curve(
    community: Community | IntoFrame,
    *,
    base: str = "posters",
    kinds: Sequence[str] | None = POSTS,
) -> IntoFrame:
    """Give the share of posts written by the least active share of members.

    Parameters
    ----------
    community, kinds
        As in :func:`gini`.
    base : {"posters", "members"}
        The curve is over those who posted, or over them and everybody in the table of members.

    Returns
    -------
    table of the kind of the events
        From (0, 0) to (1, 1), a row each time the number of posts a member changes: ``members``
        and ``posts`` so far, from the least active on, ``member_share`` and ``post_share`` of
        the whole. Members who posted equally often lie on a straight line between two rows.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    :func:`gini` is twice the area between the curve and the diagonal.
    """
    counts = _counts(community, kinds, base)
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
    return counts.table(columns)


def top_share(
    community: Community | IntoFrame,
    *,
    top: float | Sequence[float] = (0.01, 0.1),
    base: str = "posters",
    kinds: Sequence[str] | None = POSTS,
) -> IntoFrame:
    """Give the share of posts written by the most active 1 % and 10 % of members.

    Parameters
    ----------
    community, kinds
        As in :func:`gini`.
    top : float or list of float, default (0.01, 0.1)
        Shares of the members, above 0 and at most 1.
    base : {"posters", "members"}
        The shares are of those who posted, or of them and everybody in the table of members.

    Returns
    -------
    table of the kind of the events
        One row a share: ``top``; ``n`` members it is taken of; ``members`` how many that makes,
        rounded up; ``posts`` they wrote; ``share`` of all posts (missing when nobody posted);
        ``tied`` members left out although they posted as often as the last one taken.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    Ties change who is in the top, never the share; with ``tied`` above 0 do not name people.
    """
    tops = np.array([positive_share("top", one) for one in np.atleast_1d(top)])
    counts = _counts(community, kinds, base)
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
    return counts.table(columns)


def contributor_absence_factor(
    community: Community | IntoFrame,
    *,
    share: float = 0.5,
    kinds: Sequence[str] | None = POSTS,
) -> int | None:
    """Return how few members wrote half of all posts ("bus factor").

    Parameters
    ----------
    community, kinds
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
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    Ties do not change k, only who the k are. Deleted accounts are left out: what they wrote is
    a departure that has already happened.

    References
    ----------
    CHAOSS, Contributor Absence Factor.
    """
    share = positive_share("share", share)
    counts = _counts(community, kinds)
    posts, people = counts.posts[::-1], counts.members[::-1]
    if not len(posts):
        return None
    upto = np.cumsum(posts * people)
    goal = share * upto[-1]
    at = int(np.searchsorted(upto, goal - 1e-9))
    before = upto[at] - posts[at] * people[at]
    return int(people[:at].sum() + np.ceil(round((goal - before) / posts[at], 9)))


def one_time_share(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = POSTS,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of posters who posted only once.

    Parameters
    ----------
    community, kinds
        As in :func:`gini`.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the kind of the events
        One row: ``n`` posters, ``one_time`` who posted once, ``share`` with its Wilson interval
        ``low`` and ``high`` (missing when nobody posted).

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    Newcomers of the last weeks have not had the time to post again: the share falls when you
    look at the same people later.
    """
    counts = _counts(community, kinds)
    n = counts.members.sum(keepdims=True)
    once = counts.members[counts.posts == 1].sum(keepdims=True)
    low, high = proportion_interval(once, n, level=level)
    return counts.table(
        {"n": n, "one_time": once, "share": share_of(once, n), "low": low, "high": high}
    )


def class_shares_by_rank(
    community: Community | IntoFrame,
    *,
    base: str = "posters",
    shares: Sequence[float] = (0.01, 0.09, 0.90),
    kinds: Sequence[str] | None = POSTS,
) -> IntoFrame:
    """Give what the most active 1 %, the next 9 % and the other 90 % of members wrote.

    Parameters
    ----------
    community, kinds
        As in :func:`gini`.
    base : {"posters", "members"}
        The classes are cut among those who posted, or among them and everybody in the table of
        members.
    shares : list of float, default (0.01, 0.09, 0.90)
        Sizes of the classes, the most active first; they make 1.

    Returns
    -------
    table of the kind of the events
        One row a class: ``rank`` 1 for the most active; ``members`` in it; ``member_share`` their
        share of all; ``posts`` they wrote; ``post_share`` their share of all posts (missing when
        nobody posted).

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

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
    counts = _counts(community, kinds, base)
    n = int(counts.members.sum())
    upto = np.ceil(np.round(np.cumsum(shares) * n, 9)).astype("int64")
    posts_upto = np.array([_top(counts, int(k))[0] for k in upto], dtype="int64")
    people, posts = np.diff(upto, prepend=0), np.diff(posts_upto, prepend=0)
    return _class_table(counts, "rank", np.arange(1, len(upto) + 1), people, posts)


def class_shares_by_posts(
    community: Community | IntoFrame,
    *,
    base: str = "posters",
    heavy_posts: int = 10,
    kinds: Sequence[str] | None = POSTS,
) -> IntoFrame:
    """Give how many members post a lot, now and then, or never, and what each class wrote.

    Parameters
    ----------
    community, kinds
        As in :func:`gini`.
    base : {"posters", "members"}
        With "members", those in the table of members who did not post are the readers; among
        posters nobody is one.
    heavy_posts : int, default 10
        From how many posts on a member is heavy.

    Returns
    -------
    table of the kind of the events
        Three rows: ``member_class`` "heavy", "occasional" (1 to `heavy_posts` - 1 posts) or
        "reader" (none), and the columns of :func:`class_shares_by_rank`.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    What members do is given and the sizes are found: this is the one that can confirm or refute
    "90 % read, 9 % post now and then, 1 % post a lot" in your community. It depends on
    `heavy_posts` and on the length of the period: state both.

    References
    ----------
    J. Nielsen (2006), The 90-9-1 rule for participation inequality.
    """
    heavy_posts = whole_number("heavy_posts", heavy_posts, 2)
    counts = _counts(community, kinds, base)
    heavy, none = counts.posts >= heavy_posts, counts.posts == 0
    classes = (heavy, ~heavy & ~none, none)
    people = np.array([counts.members[at].sum() for at in classes], dtype="int64")
    posts = np.array([(counts.members * counts.posts)[at].sum() for at in classes], dtype="int64")
    names = np.array(["heavy", "occasional", "reader"])
    return _class_table(counts, "member_class", names, people, posts)


def _counts(
    community: Community | IntoFrame, kinds: Sequence[str] | None, base: str = "posters"
) -> Counts:
    """Count members by number of posts, once for a view; with "members" the silent are in."""
    choice("base", base, BASES)
    log = log_of(community)
    asked = None if kinds is None else tuple(as_list(kinds))
    if asked is not None and not are_logged(log, asked):
        nothing = np.empty(0, dtype="int64")
        return Counts(nothing, nothing, log, known=False)
    posts, members = log.once(("posts per member", asked), lambda: _tally(_posts(log, asked)))
    if base == "members":
        silent = log.once(("silent members", asked), lambda: _silent(log, asked))
        if silent:
            posts, members = np.insert(posts, 0, 0), np.insert(members, 0, silent)
    return Counts(posts, members, log)


def _posts(log: Log, kinds: Sequence[str] | None) -> Frame:
    """One row a post that counts: ``u``, who may be a deleted account."""
    return log.from_start(log.rows(kinds=kinds)).select("u")


def _tally(posts: Frame) -> tuple[np.ndarray, np.ndarray]:
    """Count how many members posted how often; on pandas by their codes, without hashing."""
    native = posts.to_native()
    if isinstance(native, pd.DataFrame):
        members = np.bincount(_posts_each(native["u"]))
        often = np.flatnonzero(members[1:]) + 1
        return often, members[often]
    each = posts.filter(~nw.col("u").is_null()).group_by("u").agg(nw.len().alias("posts"))
    found = small(each.group_by("posts").agg(nw.len().alias("members")))
    order = np.argsort(found["posts"])
    return found["posts"][order].astype("int64"), found["members"][order].astype("int64")


def _posts_each(members: pd.Series) -> np.ndarray:
    """Count the rows of each member; 0 for codes that nobody has."""
    if members.dtype.kind in "iu":
        values = members.dropna().to_numpy(dtype="int64")
        low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
        if high - low < 4 * len(values) + 1_000:
            return np.bincount(values - low)
    codes, _ids = pd.factorize(members)
    return np.bincount(codes + 1)[1:]


def _silent(log: Log, kinds: Sequence[str] | None) -> int:
    """Count those in the table of members who did not post."""
    posters = _posts(log, kinds).filter(~nw.col("u").is_null()).unique("u")
    silent = log.member_ids().join(posters, on="u", how="anti")
    return int(small(silent.select(n=nw.len()))["n"][0])


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
    counts: Counts, name: str, labels: np.ndarray, people: np.ndarray, posts: np.ndarray
) -> IntoFrame:
    columns = {
        name: labels,
        "members": people,
        "member_share": share_of(people, np.full(len(people), people.sum())),
        "posts": posts,
        "post_share": share_of(posts, np.full(len(posts), posts.sum())),
    }
    return counts.table(columns)
