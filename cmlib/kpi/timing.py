"""When content works: the hours and days of the week, on the local clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
from narwhals.typing import IntoFrame

from cmlib.data.communities import Community
from cmlib.kpi._delays import HOUR
from cmlib.kpi._ratios import add_up, ratio_of_totals, whole
from cmlib.kpi._rows import By, open_rows
from cmlib.kpi.engagement import INTERACTIONS, TIME, check_gestures

__all__ = ["best_slots"]

_MADE = ("slot", "posts", "weekday", "hour")


def best_slots(
    community: Community | IntoFrame,
    *,
    interactions: str | Sequence[str] = INTERACTIONS,
    by: By = None,
    level: float = 0.95,
) -> Any:
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
    rows = open_rows(community, "posts", *gestures, time=TIME, by=by, dated=True)
    hour = rows.log.local(nw.col("t")) // HOUR  # hours since 1970 on the local clock
    local = rows.frame.with_columns(slot=(hour + 72) % 168)  # 1970 began on a Thursday
    slots = ratio_of_totals(
        local,
        add_up(gestures),
        nw.lit(1.0),
        by=[*rows.by, "slot"],
        names=("interactions", "posts", "interactions_per_post"),
        level=level,
    )
    slots = slots.with_columns(weekday=nw.col("slot") // 24, hour=nw.col("slot") % 24)
    kept = [name for name in slots.collect_schema().names() if name not in _MADE]
    shown = [*rows.by, "weekday", "hour", *(name for name in kept if name not in rows.by)]
    return rows.close(slots.with_columns(*whole("weekday", "hour")).select(*shown))
