"""A support team's tickets: resolution, backlog, escalation, candidates for the FAQ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
from narwhals.typing import IntoFrame

from cmlib.checks import positive_share
from cmlib.data.clock import DAY, HOUR
from cmlib.data.communities import Community, table_of
from cmlib.data.frames import as_list, as_seconds, column_names, small
from cmlib.data.values import as_flags
from cmlib.kpi._delays import delay_rows, delay_summary, ticket_log, warn_impossible
from cmlib.kpi._grouped_rows import By, by_group, grouped_rows, open_rows
from cmlib.kpi._ratios import aggregate, distribution, shares
from cmlib.kpi.support import ticket_delay

__all__ = [
    "backlog_age",
    "escalation_rate",
    "faq_candidates",
    "resolution_time_by_closing",
    "resolution_time_by_opening",
]


def resolution_time_by_opening(
    community: Community | IntoFrame,
    *,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Tell how long the tickets opened in a period take to be closed, open ones included.

    Parameters
    ----------
    community : Community or table of tickets
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    by : str or sequence of str, optional
    period : {"day", "week", "month"}, optional
        One row a period of OPENING, in local time.
    level : float

    Returns
    -------
    table of the kind that was given
        As `first_response_summary`, with ``n_resolved``, ``resolved_median_h``,
        ``resolved_mean_h``, ``resolved_p90_h`` (of those closed) and the Kaplan-Meier columns (of
        all, hours).

    Notes
    -----
    The question a member asks: "how long will mine take?". Recent periods hold many open tickets;
    read the Kaplan-Meier columns there, those of the resolved only know the quick ones. A ticket
    closed before it was opened is not counted; a warning names it.

    References
    ----------
    CHAOSS project, metric "Issue Resolution Duration".

    Examples
    --------
    >>> import pandas as pd
    >>> tickets = pd.DataFrame({"ticket_id": [1, 2],
    ...     "opened_at": pd.to_datetime(["2025-01-06", "2025-01-07"]),
    ...     "resolved_at": pd.to_datetime(["2025-01-08", None])})
    >>> from cmlib.data import community
    >>> desk = community(tickets=tickets, end="2025-02-01")
    >>> resolution_time_by_opening(desk)[["n", "n_resolved", "km_median_h"]]
       n  n_resolved  km_median_h
    0  2           1         48.0
    """
    delays = ticket_delay(community, until="resolved_at", keep=by)
    rows = delay_rows(delays, by, period, log=ticket_log(community, "resolved_at"))
    return delay_summary(rows, "resolved", level=level)


def resolution_time_by_closing(
    community: Community | IntoFrame, *, by: By = None, period: str | None = None
) -> IntoFrame:
    """Tell how old the tickets were that were closed in a period.

    Parameters
    ----------
    community : Community or table of tickets
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    by : str or sequence of str, optional
    period : {"day", "week", "month"}, optional
        One row a period of CLOSING, in local time.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` tickets closed, ``n_missing``, ``resolution_h_mean``,
        ``resolution_h_p10``, ``_p25``, ``_median``, ``_p75``, ``_p90`` (hours); with a period
        ``period`` and ``complete``.

    Notes
    -----
    The question a team lead asks: "what did we get through?". The figures of a past period never
    change. A week spent on the oldest tickets makes it worse, and leaving them improves it: never
    reward it alone, put `backlog_age` beside it. A ticket closed before it was opened is not
    counted; a warning names it.

    Examples
    --------
    >>> import pandas as pd
    >>> tickets = pd.DataFrame({
    ...     "opened_at": pd.to_datetime(["2025-01-06", "2025-01-07"]),
    ...     "resolved_at": pd.to_datetime(["2025-01-08", None])})
    >>> resolution_time_by_closing(tickets)[["n", "resolution_h_median"]]
       n  resolution_h_median
    0  1                 48.0
    """
    there = column_names(table_of(community, "tickets"))
    numbered = ["ticket_id"] if "ticket_id" in there else []
    needed = ["opened_at", *numbered]
    rows = open_rows(
        community, "tickets", *needed, time="resolved_at", by=by, period=period, dated=True
    )
    ages = as_seconds(rows.frame, "opened_at", called="opened_at")
    warn_impossible(ages, "resolved_at", opened="opened_at", ended="t", numbered=numbered)
    opened = nw.col("opened_at")
    ages = ages.filter(opened.is_null() | (opened <= nw.col("t")))
    hours = (nw.col("t") - opened).cast(nw.Float64) / HOUR
    return rows.close(distribution(ages, hours, by=rows.by, name="resolution_h"))


def backlog_age(community: Community | IntoFrame, *, by: By = None) -> IntoFrame:
    """Tell how long the tickets that are still open at the end have been waiting.

    Parameters
    ----------
    community : Community or table of tickets
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    by : str or sequence of str, optional

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` open tickets, ``n_missing``, ``age_days_mean``, ``age_days_p10``,
        ``_p25``, ``_median``, ``_p75``, ``_p90`` (days).

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    What is open at the end of the view, whenever it was opened and whatever was closed later; where
    no end was said, at the last opening or closing. Read the median: one ticket
    forgotten for a year moves the mean. A young backlog may be a long one: ``n`` says how long.

    References
    ----------
    CHAOSS project, metric "Issue Age".

    Examples
    --------
    >>> import pandas as pd
    >>> tickets = pd.DataFrame({
    ...     "opened_at": pd.to_datetime(["2025-01-06", "2025-01-07"]),
    ...     "resolved_at": pd.to_datetime(["2025-01-08", None])})
    >>> from cmlib.data import community
    >>> desk = community(tickets=tickets, end="2025-01-10")
    >>> backlog_age(desk)[["n", "age_days_median"]]
       n  age_days_median
    0  1              3.0
    """
    log = ticket_log(community, "resolved_at")
    waiting = as_seconds(
        log.rows("resolved_at", by=as_list(by)), "resolved_at", called="resolved_at"
    )
    closed = nw.col("resolved_at")
    rows = grouped_rows(waiting.filter(closed.is_null() | (closed >= log.end)), log, by, None)
    age = (log.end - nw.col("t")).cast(nw.Float64) / DAY
    return rows.close(distribution(rows.frame, age, by=rows.by, name="age_days"))


def escalation_rate(
    community: Community | IntoFrame,
    *,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of tickets passed on to a higher level.

    Parameters
    ----------
    community : Community or table of tickets
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    by, period, level
        As in `engagement_rate`.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` tickets, ``escalated``, ``escalation_rate`` (share), ``low``,
        ``high``; with a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    Young tickets may still be passed on: leave the last days out with a view's `end`.

    Examples
    --------
    >>> import pandas as pd
    >>> tickets = pd.DataFrame({"escalated": [True, False, False, False]})
    >>> escalation_rate(tickets)[["n", "escalated", "escalation_rate"]]
       n  escalated  escalation_rate
    0  4          1             0.25
    """
    rows = open_rows(community, "tickets", "escalated", time="opened_at", by=by, period=period)
    frame = as_flags(rows.frame, "escalated", called="escalated")
    return rows.close(
        shares(
            frame,
            nw.col("escalated"),
            by=rows.by,
            count="escalated",
            name="escalation_rate",
            level=level,
        )
    )


def faq_candidates(
    community: Community | IntoFrame,
    *,
    share: float = 0.8,
    by: By = None,
) -> IntoFrame:
    """List the few topics that make up most of the tickets: what a FAQ should answer first.

    Parameters
    ----------
    community : Community or table of tickets
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    share : float, default 0.8
        Topics are listed, the most frequent first, until they make up this share.
    by : str or sequence of str, optional
        Columns that make groups, each with its own list.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``rank`` (1 the most frequent; equal topics share it), ``topic``, ``n``
        tickets, ``share`` and ``cumulative_share`` of the group's tickets.

    Raises
    ------
    ParameterError
        When `share` is not above 0 and at most 1.

    Notes
    -----
    Topics as frequent as the last one listed are listed too: no topic is dropped because of its
    name. Frequent is not easy: an entry spares tickets only where the answer fits everybody.

    Examples
    --------
    >>> import pandas as pd
    >>> tickets = pd.DataFrame({"topic": ["login"] * 6 + ["invoice"] * 3 + ["colour"]})
    >>> faq_candidates(tickets)
       rank    topic  n  share  cumulative_share
    0     1    login  6    0.6               0.6
    1     2  invoice  3    0.3               0.9
    """
    share = positive_share("share", share)
    topic = "topic"
    rows = open_rows(community, "tickets", topic, time="opened_at", by=by)
    keys = rows.by
    known = rows.frame.filter(~nw.col(topic).is_null())
    counted = small(aggregate(known, [*keys, topic], nw.len().alias("n")))
    parts: dict[str, list[np.ndarray]] = {
        name: [] for name in [*keys, "rank", topic, "n", "share", "cumulative_share"]
    }
    for key, group in by_group(counted, keys):
        listed = group.sort_values(["n", topic], ascending=[False, True])
        n = listed["n"].to_numpy(dtype="int64")
        reached = np.flatnonzero(n.cumsum() >= share * n.sum() - 1e-9)
        kept = n >= n[reached[0]] if reached.size else n > 0
        columns: Sequence[Any] = (
            *(np.repeat(np.array([value]), kept.sum()) for value in key),
            1 + np.array([(n > value).sum() for value in n[kept]], dtype="int64"),
            listed[topic].to_numpy()[kept],
            n[kept],
            n[kept] / n.sum(),
            n.cumsum()[kept] / n.sum(),
        )
        for name, values in zip(parts, columns, strict=True):
            parts[name].append(values)
    return rows.close_columns(
        {name: np.concatenate(values) if values else np.empty(0) for name, values in parts.items()}
    )
