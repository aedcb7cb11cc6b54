"""How fast people are answered, counted so that questions still waiting are not forgotten.

Two steps. `first_response` (log of events) and `ticket_delay` (table of tickets) make one row a
question: its delay, or the time it has been waiting. The other functions summarise such a table.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from cmlib.kpi._delays import DELAY, HOUR, OBSERVED, delay_summary, mature_rows
from cmlib.kpi._frames import (
    need_columns,
    open_frame,
    read_log,
    small,
    with_seconds,
)
from cmlib.kpi._ratios import shares
from cmlib.kpi._rows import By, as_list, close_table, someone_else

__all__ = [
    "answered_within",
    "first_response",
    "first_response_summary",
    "ticket_delay",
    "unanswered_rate",
]


def first_response(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    thread: str = "thread_id",
    topic: str = "topic",
    reply: str = "reply",
    start: Any = None,
    end: Any = None,
    without: Any = None,
    keep: By = None,
) -> Any:
    """Measure, for each topic, the delay of the first reply by somebody else than its author.

    ::

        topic 7 by Ana 10:00 · reply by Ana 10:05 · reply by Ben 12:00  ->  delay_h 2.0
        topic 8 by Ben 11:00 · (nothing until the end, 15:00)  ->  delay_h missing, observed_h 4.0

    Parameters
    ----------
    events : table
        One row an event (pandas, Polars, DuckDB or PySpark).
    member, time, kind, thread : str
        Columns: who, when (UTC), kind of event, topic that the event belongs to.
    topic, reply : str
        Values of `kind` for a new topic and for a reply.
    start, end : date, optional
        Topics opened from `start` (included) to `end` (excluded), and what had happened by `end`;
        without `end`, just after the last event.
    without : list of ids or table of members, optional
        Whose topics and replies do not count: bots (an automatic welcome answers nobody). Leave
        staff in: they do answer.
    keep : str or sequence of str, optional
        Columns of the topic to carry along, to group by later (channel, language).

    Returns
    -------
    table of the kind that was given
        One row a topic: `thread`, `member` (its author), the columns of `keep`, ``opened_at`` and
        ``responded_at`` (as in `time`), ``delay_h`` (hours; missing when nobody answered),
        ``observed_h`` (hours from opening to `end`), ``censored`` (True: no answer by `end`).

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    An author who adds to their own topic has not been answered. A deleted account (missing member)
    is somebody else, unless the author is deleted too: then nobody knows, and it does not count.
    Replies dated before their topic are ignored. Nor does a reply have to be a good one.

    References
    ----------
    CHAOSS project, metric "Time to First Response".

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "timestamp": pd.date_range("2025-01-06 10:00", periods=3, freq="h"),
    ...     "member_id": [1, 1, 2], "kind": ["topic", "reply", "reply"], "thread_id": [7, 7, 7]})
    >>> first_response(events)[["thread_id", "delay_h", "censored"]]
       thread_id  delay_h  censored
    0          7      2.0     False
    """
    kept = [name for name in as_list(keep) if name not in (thread, member, time)]
    need_columns(open_frame(events), thread=thread, kind=kind)
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=(topic, reply),
        start=start,
        end=end,
        without=without,
        keep=dict.fromkeys([kind, thread, time, *kept]),
    )
    topics = log.frame.filter(nw.col(kind) == topic, nw.col("t") >= log.start).select(
        thread, *kept, _asker=nw.col("u"), _opened=nw.col("t"), opened_at=nw.col(time)
    )
    replies = log.frame.filter(nw.col(kind) == reply)
    replies = replies.select(thread, "u", "t", responded_at=nw.col(time))
    answers = replies.join(topics.select(thread, "_asker", "_opened"), on=thread, how="inner")
    answers = answers.filter(someone_else("u", "_asker") & (nw.col("t") >= nw.col("_opened")))
    first = answers.group_by(thread).agg(nw.col("responded_at").min(), nw.col("t").min())
    found = topics.join(first, on=thread, how="left").select(
        thread,
        *kept,
        "opened_at",
        "responded_at",
        "_opened",
        _asker=nw.col("_asker"),
        delay_h=(nw.col("t") - nw.col("_opened")).cast(nw.Float64) / HOUR,
        observed_h=(log.end - nw.col("_opened")).cast(nw.Float64) / HOUR,
    )
    found = found.with_columns(censored=nw.col("delay_h").is_null()).sort("_opened", thread)
    columns = ["opened_at", "responded_at", DELAY, OBSERVED, "censored"]
    return close_table(
        found.select(thread, nw.col("_asker").alias(member), *kept, *columns), events
    )


def ticket_delay(
    tickets: Any,
    *,
    ticket: str = "ticket_id",
    opened: str = "opened_at",
    until: str = "first_response_at",
    start: Any = None,
    end: Any = None,
    keep: By = None,
) -> Any:
    """Measure, for each ticket, the delay between its opening and another of its dates.

    Parameters
    ----------
    tickets : table
        One row a ticket.
    ticket, opened : str
        Columns: number of the ticket, when it was opened (UTC).
    until : str
        When it was answered (``first_response_at``) or closed (``resolved_at``); empty while it
        was not.
    start, end : date, optional
        Tickets opened from `start` (included) to `end` (excluded), as known at `end`: what
        happened later counts as not yet. Give the end of the export: without it, the last opening
        or date of `until` stands for it.
    keep : str or sequence of str, optional
        Columns to carry along, to group by later (category, team).

    Returns
    -------
    table of the kind that was given
        One row a ticket: `ticket`, the columns of `keep`, ``opened_at``, ``responded_at`` (the date
        in `until`), ``delay_h``, ``observed_h``, ``censored``: as `first_response`.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    Delays run day and night; they are not working hours. A date before the opening is an error of
    the export: that ticket keeps a negative delay, and the summaries refuse it.

    Examples
    --------
    >>> import pandas as pd
    >>> tickets = pd.DataFrame({
    ...     "ticket_id": [1, 2],
    ...     "opened_at": pd.to_datetime(["2025-01-06 10:00", "2025-01-06 11:00"]),
    ...     "first_response_at": pd.to_datetime(["2025-01-06 10:30", None])})
    >>> ticket_delay(tickets, end="2025-01-07")[["delay_h", "observed_h", "censored"]]
       delay_h  observed_h  censored
    0      0.5        14.0     False
    1      NaN        13.0      True
    """
    kept = [name for name in as_list(keep) if name not in (ticket, opened, until)]
    frame = open_frame(tickets)
    need_columns(frame, ticket=ticket, opened=opened, until=until)
    for name in kept:
        need_columns(frame, keep=name)
    frame = with_seconds(with_seconds(frame, opened, "_opened"), until, "_until")
    if end is None:
        last = small(frame.select(a=nw.col("_opened").max(), b=nw.col("_until").max()))
        known = [int(value[0]) for value in last.values() if not pd.isna(value[0])]
        end = pd.Timestamp(max(known, default=-1) + 1, unit="s")
    rows = read_log(
        frame.to_native(),
        member=None,
        time=opened,
        start=start,
        end=end,
        keep=dict.fromkeys([ticket, opened, until, "_until", *kept]),
    )
    seen = nw.col("_until") < rows.end
    found = rows.frame.filter(nw.col("t") >= rows.start).select(
        ticket,
        *kept,
        "t",
        opened_at=nw.col(opened),
        responded_at=nw.when(seen).then(nw.col(until)),
        delay_h=nw.when(seen).then((nw.col("_until") - nw.col("t")).cast(nw.Float64) / HOUR),
        observed_h=(rows.end - nw.col("t")).cast(nw.Float64) / HOUR,
    )
    found = found.with_columns(censored=nw.col("delay_h").is_null()).sort("t", ticket)
    return close_table(found.drop("t"), tickets)


def first_response_summary(
    delays: Any,
    *,
    by: By = None,
    period: str | None = None,
    start: Any = None,
    tz: str | None = None,
    level: float = 0.95,
) -> Any:
    """Give the typical delay under each of its definitions, every one by its name.

    Parameters
    ----------
    delays : table
        What `first_response` or `ticket_delay` returns.
    by : str or sequence of str, optional
    period : {"day", "week", "month"}, optional
        One row a period of opening, dated in `tz`.
    start : date, optional
        Questions opened from then on; say when observation began, or the first period counts as
        incomplete.
    tz : str, optional
        IANA name of the zone in which days begin; UTC without it.
    level : float
        Level of the interval of the Kaplan-Meier median.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` questions, ``n_answered``, ``answered_median_h``,
        ``answered_mean_h``, ``answered_p90_h`` (hours, of the answered only), ``km_median_h``,
        ``km_median_low_h``, ``km_median_high_h``, ``km_p90_h`` (hours, of all questions); with a
        period ``period`` and ``complete``.

    Raises
    ------
    ParameterError
        When a delay is negative.

    Notes
    -----
    The figures of the answered flatter: a question nobody ever answers leaves them as they are,
    and a team that stops answering the hard ones improves. Kaplan-Meier counts every question for
    as long as it has been waiting; where 10 % or more are never answered, ``km_p90_h`` does not
    exist and is missing. The mean is pulled up by a few very late answers: a promise to members
    rests on the p90.

    References
    ----------
    E. L. Kaplan, P. Meier (1958), see `kaplan_meier`.

    Examples
    --------
    >>> import pandas as pd
    >>> delays = pd.DataFrame({"delay_h": [1.0, 2.0, None], "observed_h": [50.0, 50.0, 50.0]})
    >>> first_response_summary(delays)[["n", "answered_median_h", "km_median_h", "km_p90_h"]]
       n  answered_median_h  km_median_h  km_p90_h
    0  3                1.5          2.0       NaN
    """
    return delay_summary(delays, "answered", by=by, period=period, start=start, tz=tz, level=level)


def unanswered_rate(
    delays: Any,
    *,
    mature_h: float = 168,
    by: By = None,
    period: str | None = None,
    start: Any = None,
    tz: str | None = None,
    level: float = 0.95,
) -> Any:
    """Give the share of questions that nobody else has answered, among those old enough.

    Parameters
    ----------
    delays : table
        What `first_response` or `ticket_delay` returns.
    mature_h : float, default 168
        Hours a question must have been open to count: a younger one may still be answered.
    by, period, start, tz, level
        As in `first_response_summary`; the interval is that of the share.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` questions old enough, ``unanswered``, ``unanswered_rate`` (share),
        ``low``, ``high``; with a period ``period`` and ``complete`` (all of its questions are old
        enough).

    Notes
    -----
    "Not answered by the end of the log": an old question had more time to find an answer than a
    young one. To compare periods fairly use `answered_within`.

    Examples
    --------
    >>> import pandas as pd
    >>> delays = pd.DataFrame({"delay_h": [1.0, None, None], "observed_h": [500.0, 500.0, 2.0]})
    >>> unanswered_rate(delays)[["n", "unanswered", "unanswered_rate"]]
       n  unanswered  unanswered_rate
    0  2           1              0.5
    """
    rows = mature_rows(delays, mature_h, by, period, start, tz)
    flag = nw.col(DELAY).is_null().cast(nw.Int64)
    return rows.close(
        shares(
            rows.frame, flag, by=rows.by, count="unanswered", name="unanswered_rate", level=level
        )
    )


def answered_within(
    delays: Any,
    *,
    hours: float = 24,
    by: By = None,
    period: str | None = None,
    start: Any = None,
    tz: str | None = None,
    level: float = 0.95,
) -> Any:
    """Give the share of ALL questions, answered or not, that got an answer within some hours.

    Parameters
    ----------
    delays : table
        What `first_response` or `ticket_delay` returns.
    hours : float, default 24
        The promise. Only questions observed for at least as long count.
    by, period, start, tz, level
        As in `unanswered_rate`.

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` questions observed for `hours` or more, ``within``,
        ``answered_within`` (share), ``low``, ``high``; with a period ``period``, ``complete``.

    Notes
    -----
    Divided by the answered only, the same count would rise when fewer are answered.

    Examples
    --------
    >>> import pandas as pd
    >>> delays = pd.DataFrame({"delay_h": [1.0, 30.0, None], "observed_h": [99.0, 99.0, 99.0]})
    >>> answered_within(delays, hours=24)[["n", "within"]]
       n  within
    0  3       1
    """
    rows = mature_rows(delays, hours, by, period, start, tz)
    in_time = nw.when(~nw.col(DELAY).is_null()).then((nw.col(DELAY) <= hours).cast(nw.Int64))
    return rows.close(
        shares(
            rows.frame,
            in_time.fill_null(0),
            by=rows.by,
            count="within",
            name="answered_within",
            level=level,
        )
    )
