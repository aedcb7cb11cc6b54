"""How long content lives: the time to half of what it sets off."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
from narwhals.typing import IntoFrame

from cmlib.checks import above_zero
from cmlib.data.clock import DAY, HOUR
from cmlib.data.communities import Community, log_of
from cmlib.data.conversations import openers, questions, someone_else
from cmlib.data.frames import as_list, as_moments, close_table
from cmlib.kpi._delays import kept_names
from cmlib.kpi._grouped_rows import By
from cmlib.kpi._logged_kinds import are_logged
from cmlib.kpi._ratios import whole

__all__ = ["content_half_life"]

_MADE = ["opened_at", "interactions", "half_life_h", "complete"]


def content_half_life(
    community: Community | IntoFrame,
    *,
    interactions: Sequence[str] = ("reply", "reaction"),
    window_days: float = 30,
    keep: By = None,
) -> IntoFrame:
    """Measure, for each topic or post, the time to half of the interactions that it will get.

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    interactions : sequence of str
        Kinds of event that count.
    window_days : float, default 30
        Interactions count for that long after publication, for every topic alike.
    keep : str or sequence of str, optional
        Columns of the topic to carry along.

    Returns
    -------
    table of the kind that was given
        One row a topic: ``thread_id``, ``event_id`` (where events are numbered), columns of `keep`,
        ``opened_at`` (UTC), ``interactions`` by others within the window, ``half_life_h`` (hours;
        missing without interaction or where the topic is too young), ``complete`` (observed for the
        whole window).

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    The half-life is the time of the interaction of rank (n + 1) // 2 out of n. A topic younger
    than the window has not had all of its interactions: half of what it has so far comes too
    early, so its half-life is missing. What authors add to their own topic does not count, nor
    does what is dated before it. Where the log holds no such interaction at all, ``interactions``
    is missing too.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "timestamp": pd.date_range("2025-01-06 10:00", periods=4, freq="h"),
    ...     "member_id": [1, 2, 3, 2], "kind": ["topic", "reply", "reply", "reaction"],
    ...     "thread_id": [7, 7, 7, 7]})
    >>> from cmlib.data import community
    >>> forum = community(events=events.assign(event_id=[1, 2, 3, 4]), end="2025-03-01")
    >>> content_half_life(forum)[["interactions", "half_life_h", "complete"]]
       interactions  half_life_h  complete
    0             3          2.0      True
    """
    window = round(above_zero("window_days", window_days) * DAY)
    log = log_of(community)
    numbered = ["event_id"] if log.has("event_id") else []
    kept = kept_names(keep, ["thread_id", *numbered], _MADE)
    topics = log.from_start(questions(log, by=kept))
    known = are_logged(log, as_list(interactions))
    others = log.rows("thread_id", kinds=as_list(interactions))
    opened = openers(log).select("thread_id", "asker", "opened")
    others = others.join(opened, on="thread_id", how="inner")
    others = others.with_columns(age=nw.col("t") - nw.col("opened")).filter(
        someone_else("u", "asker") & (nw.col("age") >= 0) & (nw.col("age") <= window)
    )
    totals = others.group_by("thread_id").agg(every=nw.len()).with_columns(*whole("every"))
    rank = nw.col("age").rank("ordinal").over("thread_id").cast(nw.Int64)
    half = others.select("thread_id", "age", rank=rank).join(totals, on="thread_id", how="inner")
    half = half.filter(nw.col("rank") == (nw.col("every") + 1) // 2)
    found = topics.join(half.select("thread_id", "age", "every"), on="thread_id", how="left")
    n = nw.col("every").cast(nw.Float64).fill_null(0.0).cast(nw.Int64)
    found = found.with_columns(
        complete=nw.col("t") + window < log.end,
        interactions=n if known else nw.lit(None, dtype=nw.Float64),
        half_life_h=nw.col("age").cast(nw.Float64) / HOUR,
    )
    found = found.with_columns(half_life_h=nw.when(nw.col("complete")).then(nw.col("half_life_h")))
    names = {f"by_{place}": name for place, name in enumerate(kept)}
    found = as_moments(found.sort("t", *(numbered or ["thread_id", "u"])), opened_at="t")
    found = found.select("thread_id", *numbered, *names, *_MADE)
    return close_table(found.rename(names), log.like)
