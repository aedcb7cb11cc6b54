"""When content works: the hours and days of the week, on the local clock."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.data.communities import Community
from cmlib.data.frames import Frame, small
from cmlib.data.log import Log
from cmlib.data.values import warn_empty
from cmlib.kpi._delays import HOUR
from cmlib.kpi._grouped_rows import By
from cmlib.kpi._ratios import add_up, aggregate
from cmlib.kpi.engagement import INTERACTIONS, check_gestures, open_posts
from cmlib.kpi.survival import normal_quantile

__all__ = ["best_slots"]


def best_slots(
    community: Community | IntoFrame,
    *,
    interactions: str | Sequence[str] = INTERACTIONS,
    by: By = None,
    level: float = 0.95,
) -> IntoFrame:
    """Compare the interactions per post by hour of the day and day of the week, in local time.

    Parameters
    ----------
    community : Community or table of posts
        Hours and days are those of the community's zone; of a bare table, UTC.
    interactions : str or sequence of str
        Gestures added up: any of clicks, reactions, comments, shares and saves.
    by : str or sequence of str, optional
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``weekday`` (0 Monday to 6 Sunday), ``hour`` (0 to 23), ``n`` posts,
        ``n_missing``, ``interactions``, ``interactions_per_post``, ``low``, ``high``. Slots in
        which nothing was published are absent: nothing is known of them.

    Raises
    ------
    ParameterError
        When a gesture is not known.

    Notes
    -----
    Counting interactions by hour shows when you publish; divided by the posts it says what a post
    in that slot got. With 168 slots and few posts each, the best one is often luck: read `n` and
    the interval, and try the slot before believing it. The formats published in a slot differ too.

    Examples
    --------
    >>> import pandas as pd
    >>> posts = pd.DataFrame({
    ...     "published_at": pd.to_datetime(["2025-01-06 08:00", "2025-07-07 07:00"]),
    ...     "reactions": [10, 20]})
    >>> from cmlib.data import community
    >>> page = community(posts=posts, tz="Europe/Paris")
    >>> slots = best_slots(page, interactions="reactions")
    >>> slots[["weekday", "hour", "n", "interactions_per_post"]]
       weekday  hour  n  interactions_per_post
    0        0     9  2                   15.0
    """
    gestures = check_gestures(interactions)
    rows = open_posts(community, *gestures, by=by, dated=True, warn=False)
    frame = _add_slot(rows.frame, rows.log).with_columns(got=add_up(rows.frame, gestures))
    sums = aggregate(
        frame.with_columns(square=nw.col("got") * nw.col("got")),
        [*rows.by, "slot"],
        nw.len().alias("posts"),
        nw.col("got").count().alias("n"),
        nw.col("got").sum(),
        nw.col("square").sum(),
    )
    found = small(sums)
    if not found["n"].any():
        warn_empty(rows.frame, *gestures)
    n = np.where(found["n"] > 0, found["n"], np.nan)
    got = found["got"] + n - n  # missing where nothing is known
    mean = got / n
    several = np.where(n > 1, n - 1, np.nan)
    spread = np.maximum(found["square"] - got * mean, 0) / several
    width = np.sqrt(spread / n) * normal_quantile(level)
    return rows.close_columns(
        {name: found[name] for name in rows.by}
        | {
            "weekday": found["slot"] // 24,
            "hour": found["slot"] % 24,
            "n": found["n"],
            "n_missing": found["posts"] - found["n"],
            "interactions": got,
            "interactions_per_post": mean,
            "low": np.maximum(mean - width, 0),
            "high": mean + width,
        }
    )


def _add_slot(frame: Frame, log: Log) -> Frame:
    """Add ``slot``: hours since Monday at midnight on the local clock; 1970 began on a Thursday."""
    native = frame.to_native()
    if isinstance(native, pd.DataFrame):
        hour = log.local_array(native["t"].to_numpy()) // HOUR + 72
        slot = hour - hour // 168 * 168  # NumPy is several times slower with %
        return nw.from_native(native.assign(slot=slot)).lazy()
    return frame.with_columns(slot=(log.local(nw.col("t")) // HOUR + 72) % 168)
