"""Who answers whom, and whether questions get solved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals as nw

from cmlib.data.people import member_list
from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._frames import DAY, need_columns, open_frame, read_log
from cmlib.kpi._ratios import shares
from cmlib.kpi._rows import By, as_list, period_rows, someone_else

__all__ = ["peer_answer_share", "solution_rate"]


def solution_rate(
    events: Any,
    *,
    time: str = "timestamp",
    kind: str = "kind",
    thread: str = "thread_id",
    topic: str = "topic",
    accept: str = "accept",
    within_days: float = 30,
    by: By = None,
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    member: str = "member_id",
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of questions with an answer accepted within some days.

    Parameters
    ----------
    events : table
        One row an event.
    time, kind, thread, member : str
        Columns: when (UTC), kind of event, topic that it belongs to, who.
    topic, accept : str
        Values of `kind` for a question and for an accepted answer.
    within_days : float, default 30
        Days given to each question. Those opened less than that before `end` do not count yet.
    by : str or sequence of str, optional
        Columns of the question.
    period : {"day", "week", "month"}, optional
        One row a period of opening, dated in `tz`.
    start, end : date, optional
        Questions opened from `start` (included), as known at `end` (excluded).
    tz : str, optional
    without : list of ids or table of members, optional
        Whose questions do not count (staff, bots).
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` questions old enough, ``solved``, ``solution_rate`` (share), ``low``,
        ``high``; with a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    It measures the habit of accepting as much as the quality of answers: many who are helped
    never come back to say so. Compare with itself over time, not with another community.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
    ...     "member_id": [1, 2, 1], "kind": ["topic", "topic", "accept"], "thread_id": [7, 8, 7]})
    >>> solution_rate(events, end="2025-03-01")[["n", "solved", "solution_rate"]]
       n  solved  solution_rate
    0  2       1            0.5
    """
    keys = as_list(by)
    need_columns(open_frame(events), thread=thread, kind=kind)
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=(topic, accept),
        start=start,
        end=end,
        tz=tz,
        keep=dict.fromkeys([kind, thread, *keys]),
    )
    if not within_days > 0:
        raise ParameterError(
            _("within_days={days} is not accepted: give more than 0.").format(days=within_days)
        )
    patience = round(within_days * DAY)
    log = replace(log, end=log.end - patience)
    topics = log.frame.filter(
        nw.col(kind) == topic, nw.col("t") >= log.start, nw.col("t") < log.end
    )
    left_out = member_list(without, member)
    if left_out:
        topics = topics.filter(nw.col("u").is_null() | ~nw.col("u").is_in(left_out))
    accepts = log.frame.filter(nw.col(kind) == accept)
    accepted = accepts.group_by(thread).agg(nw.col("t").min().alias("_accepted"))
    topics = topics.join(accepted, on=thread, how="left").with_columns(
        _days=(nw.col("_accepted") - nw.col("t")).cast(nw.Float64)
    )
    in_time = nw.when(~nw.col("_days").is_null()).then((nw.col("_days") <= patience).cast(nw.Int64))
    rows = period_rows(topics, log, keys, period)
    return rows.close(
        shares(
            rows.frame,
            in_time.fill_null(0),
            by=rows.by,
            count="solved",
            name="solution_rate",
            level=level,
        )
    )


def peer_answer_share(
    events: Any,
    *,
    staff: Any,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    thread: str = "thread_id",
    topic: str = "topic",
    reply: str = "reply",
    by: By = None,
    period: str | None = None,
    start: Any = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of answers that come from members, not from staff.

    Parameters
    ----------
    events : table
        One row an event.
    staff : list of ids or table of members
        Who is paid to answer.
    member, time, kind, thread : str
        Columns: who, when (UTC), kind of event, topic that it belongs to.
    topic, reply : str
        Values of `kind` for a new topic and for a reply.
    by : str or sequence of str, optional
        Columns of the reply.
    period : {"day", "week", "month"}, optional
        One row a period of the reply, dated in `tz`.
    start, end : date, optional
        Replies from `start` (included) to `end` (excluded).
    tz : str, optional
    without : list of ids or table of members, optional
        Bots: their replies are nobody's.
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` answers, ``by_members``, ``peer_answer_share`` (share), ``low``,
        ``high``; with a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    What authors add to their own topics is no answer and does not count, nor do replies whose
    topic is not in the table. A deleted account counts as a member, since staff are known by
    their ids. More peer answers is not always better: where staff leave, the share rises too.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "timestamp": pd.date_range("2025-01-06 10:00", periods=3, freq="h"),
    ...     "member_id": [1, 9, 2], "kind": ["topic", "reply", "reply"], "thread_id": [7, 7, 7]})
    >>> peer_answer_share(events, staff=[9])[["n", "by_members", "peer_answer_share"]]
       n  by_members  peer_answer_share
    0  2           1                0.5
    """
    keys = as_list(by)
    need_columns(open_frame(events), thread=thread, kind=kind)
    log = read_log(
        events,
        member=member,
        time=time,
        kind=kind,
        kinds=(topic, reply),
        start=start,
        end=end,
        tz=tz,
        without=without,
        keep=dict.fromkeys([kind, thread, *keys]),
    )
    topics = log.frame.filter(nw.col(kind) == topic).select(thread, _asker=nw.col("u"))
    answers = log.frame.filter(nw.col(kind) == reply, nw.col("t") >= log.start)
    answers = answers.join(topics, on=thread, how="inner")
    answers = answers.filter(someone_else("u", "_asker"))
    paid = member_list(staff, member)
    by_member = nw.lit(1)
    if paid:
        by_member = nw.when(nw.col("u").is_in(paid)).then(0).otherwise(1)
    rows = period_rows(answers, log, keys, period)
    return rows.close(
        shares(
            rows.frame,
            by_member,
            by=rows.by,
            count="by_members",
            name="peer_answer_share",
            level=level,
        )
    )
