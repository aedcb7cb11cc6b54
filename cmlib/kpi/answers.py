"""Who answers whom, and whether questions get solved."""

from __future__ import annotations

import warnings
from typing import Any

import narwhals as nw
from narwhals.typing import IntoFrame

from cmlib.data.clock import DAY
from cmlib.data.communities import Community, log_of
from cmlib.data.conversations import answers, openers, questions, someone_else
from cmlib.data.frames import as_list
from cmlib.errors import NotMeasuredWarning, ParameterError
from cmlib.i18n import _
from cmlib.kpi._ratios import distribution, ratio_of_totals, shares
from cmlib.kpi._rows import By, grouped_rows

__all__ = ["conversation_per_topic", "peer_answer_share", "solution_rate"]

UNKNOWN = nw.when(nw.col("t").is_null()).then(1)  # every row has a time: missing in all


def solution_rate(
    community: Community | IntoFrame,
    *,
    within_days: float = 30,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> Any:
    """Give the share of questions with an answer accepted within some days.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    within_days : float, default 30
        Days given to each question. Those opened less than that before `end` do not count yet.
    by : str or sequence of str, optional
        Columns of the question.
    period : {"day", "week", "month"}, optional
        One row a period of opening, in local time.
    tz : str, optional
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
    never come back to say so. Compare with itself over time, not with another community.

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
    if not within_days > 0:
        raise ParameterError(
            _("within_days={days} is not accepted: give more than 0.").format(days=within_days)
        )
    log = log_of(community)
    patience = round(within_days * DAY)
    until = max(log.end - patience, log.start)
    topics = log.from_start(questions(log, by=as_list(by))).filter(nw.col("t") < until)
    accepts = log.rows("thread_id", kinds=("accept",), everybody=True)
    accepted = accepts.join(openers(log).select("thread_id", "opened"), on="thread_id", how="inner")
    accepted = accepted.filter(nw.col("t") >= nw.col("opened"))
    accepted = accepted.group_by("thread_id").agg(accepted=nw.col("t").min())
    topics = topics.join(accepted, on="thread_id", how="left").with_columns(
        waited=(nw.col("accepted") - nw.col("t")).cast(nw.Float64)
    )
    waited = nw.col("waited")
    in_time = nw.when(~waited.is_null()).then((waited <= patience).cast(nw.Int64)).otherwise(0)
    if "accept" not in log.kinds:
        in_time = UNKNOWN
        warnings.warn(
            _("No answer was ever accepted in this log: whether questions are solved is unknown."),
            NotMeasuredWarning,
            stacklevel=2,
        )
    rows = grouped_rows(topics, log, by, period, until=until)
    return rows.close(
        shares(rows.frame, in_time, by=rows.by, count="solved", name="solution_rate", level=level)
    )


def peer_answer_share(
    community: Community | IntoFrame,
    *,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> Any:
    """Give the share of answers that come from members, not from staff.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    by : str or sequence of str, optional
        Columns of the reply.
    period : {"day", "week", "month"}, optional
        One row a period of the reply, in local time.
    tz : str, optional
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
    What authors add to their own topics is no answer and does not count, nor do replies whose
    topic is not in the table. A deleted account counts as a member, since staff are known by
    their ids. More peer answers is not always better: where staff leave, the share rises too.

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
    by_member: nw.Expr = (
        nw.when(nw.col("u").is_in(team)).then(0).otherwise(1) if team else nw.lit(1)
    )
    if not log.has_roles:
        by_member = UNKNOWN
        warnings.warn(
            _("No role is known in this community: members and staff cannot be told apart."),
            NotMeasuredWarning,
            stacklevel=2,
        )
    rows = grouped_rows(found, log, by, period)
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


def conversation_per_topic(
    community: Community | IntoFrame,
    *,
    by: By = None,
) -> Any:
    """Count the replies per topic that come from somebody else than its author.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
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
    keys = [f"by_{place}" for place in range(len(as_list(by)))]
    topics = log.from_start(questions(log, by=as_list(by)))
    replies = log.rows("thread_id", kinds=("reply",))
    opened = openers(log).select("thread_id", "asker", "opened")
    replies = replies.join(opened, on="thread_id", how="inner")
    replies = replies.filter(nw.col("t") >= nw.col("opened")).with_columns(
        other=nw.when(someone_else("u", "asker")).then(1).otherwise(0)
    )
    counted = replies.group_by("thread_id").agg(every=nw.len(), other=nw.col("other").sum())
    topics = topics.join(counted, on="thread_id", how="left").with_columns(
        every=nw.col("every").cast(nw.Float64).fill_null(0.0),
        other=nw.col("other").cast(nw.Float64).fill_null(0.0),
    )
    described = distribution(topics, nw.col("other"), by=keys, name="conversation")
    totals = ratio_of_totals(
        topics,
        nw.col("every") - nw.col("other"),
        nw.col("every"),
        by=keys,
        names=("own", "replies", "own_share"),
        level=0.95,
    ).select(*keys, "own_share")
    rows = grouped_rows(topics, log, by, None)
    if not keys:
        described = described.with_columns(one=nw.lit(1))
        totals = totals.with_columns(one=nw.lit(1))
        return rows.close(described.join(totals, on="one", how="left").drop("one"))
    return rows.close(described.join(totals, on=keys, how="left").sort(*keys, nulls_last=True))
