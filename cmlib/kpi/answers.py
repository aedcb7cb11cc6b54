"""Who answers whom, and whether questions get solved."""

from __future__ import annotations

import warnings

import narwhals as nw
from narwhals.typing import IntoFrame

from cmlib.checks import above_zero
from cmlib.data.clock import DAY
from cmlib.data.communities import Community, log_of
from cmlib.data.conversations import answers, openers, questions, someone_else
from cmlib.data.frames import Frame, as_list
from cmlib.data.log import POSTS, Log
from cmlib.errors import NotCountedWarning, NotMeasuredWarning
from cmlib.i18n import format_number
from cmlib.kpi._grouped_rows import By, Rows, grouped_rows
from cmlib.kpi._logged_kinds import are_logged
from cmlib.kpi._ratios import distribution, ratio_of_totals, shares
from cmlib.messages import _

__all__ = ["conversation_per_topic", "peer_answer_share", "solution_rate"]


def solution_rate(
    community: Community | IntoFrame,
    *,
    within_days: float = 30,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of questions with an answer accepted within some days.

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    within_days : float, default 30
        Days given to each question. Those opened less than that before the end do not count yet.
    by : str or sequence of str, optional
        Columns of the question.
    period : {"day", "week", "month"}, optional
        One row a period of opening, in local time.
    level : float

    Returns
    -------
    table of the kind of the events
        Columns of `by`, ``n`` questions old enough, ``solved``, ``solution_rate`` (share), ``low``,
        ``high``; with a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    It measures the habit of accepting as much as the quality of answers: many who are helped
    never come back to say so. Compare with itself over time, not with another community. Where no
    answer was ever accepted in the log, all but ``n`` is missing. An acceptance dated before its
    question does not count, and a warning says how many there are.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03"]),
    ...     "member_id": [1, 2, 1], "kind": ["topic", "topic", "accept"], "thread_id": [7, 8, 7]})
    >>> from cmlib.data import community
    >>> forum = community(events=events.assign(event_id=[1, 2, 3]), end="2025-03-01")
    >>> solution_rate(forum)[["n", "solved", "solution_rate"]]
       n  solved  solution_rate
    0  2       1            0.5
    """
    log = log_of(community)
    patience = round(above_zero("within_days", within_days) * DAY)
    until = log.end - patience
    topics = log.from_start(questions(log, by=as_list(by))).filter(nw.col("t") < until)
    topics = topics.join(_accepted(log), on="thread_id", how="left")
    in_time = nw.col("accepted") - nw.col("t") <= patience
    solved = nw.when(~nw.col("accepted").is_null()).then(in_time.cast(nw.Int64)).otherwise(0)
    rows = grouped_rows(topics, log, by, period, until=until)
    known = are_logged(log, ("accept",))
    return rows.close(_shares(rows, solved, "solved", "solution_rate", level, known=known))


def peer_answer_share(
    community: Community | IntoFrame,
    *,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of answers that come from members, not from staff.

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    by : str or sequence of str, optional
        Columns of the reply.
    period : {"day", "week", "month"}, optional
        One row a period of the reply, in local time.
    level : float

    Returns
    -------
    table of the kind of the events
        Columns of `by`, ``n`` answers, ``by_members``, ``peer_answer_share`` (share), ``low``,
        ``high``; with a period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    Staff are those whose ``role`` is staff in the table of members; without roles, all but ``n``
    is missing. Leave the team in: in a view without it, its answers are not counted in ``n``. What
    authors add to their own topics is no answer, nor are replies dated before their topic (a
    warning says how many) or without one. A deleted account counts as a member. More peer answers
    is not always better: where staff leave, the share rises too.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "timestamp": pd.date_range("2025-01-06 10:00", periods=3, freq="h"),
    ...     "member_id": [1, 9, 2], "kind": ["topic", "reply", "reply"], "thread_id": [7, 7, 7]})
    >>> from cmlib.data import community
    >>> members = pd.DataFrame({"member_id": [1, 2, 9], "role": ["member", "member", "staff"]})
    >>> forum = community(events=events.assign(event_id=[1, 2, 3]), members=members)
    >>> peer_answer_share(forum)[["n", "by_members", "peer_answer_share"]]
       n  by_members  peer_answer_share
    0  2           1                0.5
    """
    log = log_of(community)
    found = log.from_start(answers(log, by=as_list(by)))
    team = list(log.staff)
    by_member = (~nw.col("u").is_in(team) | nw.col("u").is_null()).cast(nw.Int64)
    if not log.has_roles:
        warnings.warn(
            _("No role is known in this community: members and staff cannot be told apart."),
            NotMeasuredWarning,
            stacklevel=2,
        )
    rows = grouped_rows(found, log, by, period)
    by_member = by_member if team else nw.lit(1)
    return rows.close(
        _shares(rows, by_member, "by_members", "peer_answer_share", level, known=log.has_roles)
    )


def conversation_per_topic(community: Community | IntoFrame, *, by: By = None) -> IntoFrame:
    """Count the replies per topic that come from somebody else than its author.

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    by : str or sequence of str, optional
        Columns of the topic that make the groups (channel, language).

    Returns
    -------
    table of the kind of the events
        Columns of `by`, ``n`` topics, ``n_missing``, ``conversation_mean`` and its quantiles
        (replies by others a topic), ``own_share``: share of all replies that authors wrote under
        their own topic.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    Young topics are still collecting replies: end some days before the last event. Where author
    and replier are both deleted accounts nobody knows, and the reply counts as the author's own.
    A reply dated before its topic does not count; a warning says how many there are. In a log
    without replies all but ``n_missing`` is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "timestamp": pd.date_range("2025-01-06 10:00", periods=3, freq="h"),
    ...     "member_id": [1, 1, 2], "kind": ["topic", "reply", "reply"], "thread_id": [7, 7, 7]})
    >>> conversation_per_topic(events)[["n", "conversation_mean", "own_share"]]
       n  conversation_mean  own_share
    0  1                1.0        0.5
    """
    log = log_of(community)
    topics = log.from_start(questions(log, by=as_list(by)))
    rows = grouped_rows(topics.join(_replies(log), on="thread_id", how="left"), log, by, None)
    known = are_logged(log, ("reply",))
    every, other = (
        nw.col(name).cast(nw.Float64).fill_null(0.0) if known else nw.lit(None, dtype=nw.Float64)
        for name in ("every", "other")
    )
    topics = rows.frame.with_columns(every=every, other=other)
    described = distribution(topics, nw.col("other"), by=rows.by, name="conversation")
    totals = ratio_of_totals(
        topics,
        nw.col("every") - nw.col("other"),
        nw.col("every"),
        by=rows.by,
        names=("own", "replies", "own_share"),
        level=0.95,
    ).select(*rows.by, "own_share")
    if not rows.by:
        described = described.with_columns(one=nw.lit(1))
        totals = totals.with_columns(one=nw.lit(1))
        return rows.close(described.join(totals, on="one", how="left").drop("one"))
    both = described.join(totals, on=rows.by, how="left")
    return rows.close(both.sort(*rows.by, nulls_last=True))


def _accepted(log: Log) -> Frame:
    """Give when an answer was first accepted in each thread: ``thread_id``, ``accepted``."""
    accepts = log.rows("thread_id", kinds=("accept",), everybody=True)
    opened = openers(log).select("thread_id", "opened")
    accepts = accepts.join(opened, on="thread_id", how="inner")
    early = nw.col("t") < nw.col("opened")
    n = log.once("early accepts", lambda: len(accepts.filter(early).select("t").collect()))
    if n:
        warnings.warn(
            _("Answers accepted before their question was asked: {n}. They do not count.").format(
                n=format_number(n)
            ),
            NotCountedWarning,
            stacklevel=3,
        )
    return accepts.filter(~early).group_by("thread_id").agg(accepted=nw.col("t").min())


def _replies(log: Log) -> Frame:
    """Count what was written under each topic: ``thread_id``, ``every``, ``other``."""
    written = log.rows("thread_id", "kind", kinds=POSTS)
    opened = openers(log).select("thread_id", "asker", "opened")
    written = written.join(opened, on="thread_id", how="inner")
    written = written.filter(nw.col("t") >= nw.col("opened")).with_columns(
        other=nw.when(someone_else("u", "asker")).then(1).otherwise(0)
    )
    written = written.filter((nw.col("kind") == "reply") | (nw.col("other") == 1))
    return written.group_by("thread_id").agg(every=nw.len(), other=nw.col("other").sum())


def _shares(
    rows: Rows, flag: nw.Expr, count: str, name: str, level: float, *, known: bool
) -> Frame:
    """Give shares; where they cannot be known, all but ``n`` is missing."""
    found = shares(rows.frame, flag, by=rows.by, count=count, name=name, level=level)
    if known:
        return found
    return found.with_columns(
        nw.lit(None, dtype=nw.Float64).alias(column) for column in (count, name, "low", "high")
    )
