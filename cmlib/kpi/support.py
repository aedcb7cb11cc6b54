"""How fast people are answered, counted so that questions still waiting are not forgotten.

Two steps. `first_response` (log of events) and `ticket_delay` (table of tickets) make one row a
question: its delay, or the time it has been waiting. The other functions summarise such a table.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw
from narwhals.typing import IntoFrame

from cmlib.checks import at_least, choice
from cmlib.data.clock import HOUR
from cmlib.data.communities import Community, log_of
from cmlib.data.conversations import questions
from cmlib.data.frames import Frame, as_moments, as_seconds, close_table
from cmlib.data.log import Log
from cmlib.kpi._delays import (
    DELAY,
    OBSERVED,
    delay_rows,
    delay_summary,
    kept_names,
    ticket_log,
    warn_impossible,
)
from cmlib.kpi._grouped_rows import By, Rows
from cmlib.kpi._logged_kinds import are_logged
from cmlib.kpi._ratios import shares

__all__ = [
    "answered_within",
    "first_response",
    "first_response_summary",
    "ticket_delay",
    "unanswered_rate",
]

_ENDS = ("first_response_at", "resolved_at")
_MADE = ["opened_at", "responded_at", DELAY, OBSERVED, "censored"]


def first_response(community: Community | IntoFrame, *, keep: By = None) -> IntoFrame:
    """Measure, for each topic, the delay of the first reply by somebody else than its author.

    ::

        topic 7 by Ana 10:00 · reply by Ana 10:05 · reply by Ben 12:00  ->  delay_h 2.0
        topic 8 by Ben 11:00 · (nothing until the end, 15:00)  ->  delay_h missing, observed_h 4.0

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    keep : str or sequence of str, optional
        Columns of the topic to carry along, to group by later (channel, language).

    Returns
    -------
    table of the kind of the events
        One row a topic: ``thread_id``, ``event_id`` (of the topic, where events are numbered),
        ``member_id`` (its author), the columns of `keep`, ``opened_at`` and ``responded_at``
        (UTC), ``delay_h`` (hours; missing when nobody answered), ``observed_h`` (hours from opening
        to the end), ``censored`` (True: no answer by the end).

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    An author who adds to their own topic has not been answered. A deleted account (missing member)
    is somebody else, unless the author is deleted too: then nobody knows, and it does not count.
    A reply dated before its topic is no answer; a warning says how many there are. A topic outside
    any thread is a question that nobody has answered. A team that is left out of the view still
    answers, bots do not. In a log without replies ``observed_h`` is missing where nobody answered:
    nothing tells what became of these topics. An answer does not have to be a good one.

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
    log = log_of(community)
    numbered = ["event_id"] if log.has("event_id") else []
    kept = kept_names(keep, ["thread_id", *numbered, "member_id"], _MADE)
    found = log.from_start(questions(log, by=kept))
    if not log.is_pandas:  # there they come in order
        found = found.sort("t", *(numbered or ["thread_id", "u"]))
    found = _delays(found, over="answered", end=log.end)
    if not are_logged(log, ("reply",)):
        waited = nw.when(~nw.col("censored")).then(nw.col(OBSERVED))
        found = found.with_columns(waited.alias(OBSERVED))
    return _closed(found, ["thread_id", *numbered, "u"], kept, _MADE, log)


def ticket_delay(
    community: Community | IntoFrame, *, until: str = "first_response_at", keep: By = None
) -> IntoFrame:
    """Measure, for each ticket, the delay between its opening and another of its dates.

    Parameters
    ----------
    community : Community or table of tickets
        Tickets opened from start to end, as known at the end: what happened later counts as not
        yet. Where no end was said, the last opening or date in `until` stands for it.
    until : {"first_response_at", "resolved_at"}
        When it was answered, or closed.
    keep : str or sequence of str, optional
        Columns to carry along, to group by later (category, team).

    Returns
    -------
    table of the kind of the tickets
        One row a ticket: ``ticket_id``, the columns of `keep`, ``opened_at``, ``responded_at`` (the
        date in `until`), ``delay_h``, ``observed_h``, ``censored``: as `first_response`; and
        ``impossible``: the date in `until` comes before the opening.

    Raises
    ------
    ColumnError
        When a column is not in the table.
    ParameterError
        When `until` is neither of the two dates.

    Notes
    -----
    Delays run day and night; they are not working hours. A date before the opening is an error of
    the export: that ticket keeps its row, without ``delay_h`` and ``observed_h``, and no summary
    counts it; a warning says how many there are and names the first three.

    Examples
    --------
    >>> import pandas as pd
    >>> tickets = pd.DataFrame({
    ...     "ticket_id": [1, 2],
    ...     "opened_at": pd.to_datetime(["2025-01-06 10:00", "2025-01-06 11:00"]),
    ...     "first_response_at": pd.to_datetime(["2025-01-06 10:30", None])})
    >>> from cmlib.data import community
    >>> desk = community(tickets=tickets, end="2025-01-07")
    >>> ticket_delay(desk)[["delay_h", "observed_h", "censored"]]
       delay_h  observed_h  censored
    0      0.5        14.0     False
    1      NaN        13.0      True
    """
    choice("until", until, _ENDS)
    log = ticket_log(community, until)
    numbered = ["ticket_id"] if log.has("ticket_id") else []
    kept = kept_names(keep, numbered, [*_MADE, "impossible"])
    rows = log.from_start(log.rows(*numbered, until, by=kept))
    rows = as_seconds(rows, until, called=until).sort("t", *numbered)
    warn_impossible(rows, until, opened="t", ended=until, numbered=numbered)
    over = nw.col(until)
    rows = rows.with_columns(over=nw.when(over < log.end).then(over))
    impossible = ~nw.col("over").is_null() & (nw.col("over") < nw.col("t"))
    rows = rows.with_columns(impossible=impossible.fill_null(False))
    found = _delays(rows, over="over", end=log.end)
    possible = ~nw.col("impossible")
    found = found.with_columns(
        nw.when(possible).then(nw.col(DELAY)).alias(DELAY),
        nw.when(possible).then(nw.col(OBSERVED)).alias(OBSERVED),
    )
    return _closed(found, numbered, kept, [*_MADE, "impossible"], log)


def first_response_summary(
    source: Community | IntoFrame,
    *,
    of: str = "topics",
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the typical delay under each of its definitions, every one by its name.

    Parameters
    ----------
    source : Community, or what `first_response` or `ticket_delay` returned
        Periods are cut in the zone of a community; those of a table in UTC.
    of : {"topics", "tickets"}, default "topics"
        Which questions of a community, as those two functions find them.
    by : str or sequence of str, optional
        Columns of the topic, of the ticket or of the table.
    period : {"day", "week", "month"}, optional
        One row a period of opening.
    level : float
        Level of the interval of the Kaplan-Meier median.

    Returns
    -------
    table of the kind of the events
        Columns of `by`, ``n`` questions, ``n_answered``, ``answered_median_h``,
        ``answered_mean_h``, ``answered_p90_h`` (hours, of the answered only), ``km_median_h``,
        ``km_median_low_h``, ``km_median_high_h``, ``km_p90_h`` (hours, of all questions); with a
        period ``period`` and ``complete``.

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
    return delay_summary(_rows(source, of, by, period), "answered", level=level)


def unanswered_rate(
    source: Community | IntoFrame,
    *,
    of: str = "topics",
    mature_h: float = 168,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of questions that nobody else has answered, among those old enough.

    Parameters
    ----------
    source, of
        As in `first_response_summary`.
    mature_h : float, default 168
        Hours a question must have been open to count: a younger one may still be answered.
    by, period, level
        As in `first_response_summary`; the interval is that of the share.

    Returns
    -------
    table of the kind of the events
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
    mature_h = at_least("mature_h", mature_h)
    rows = _rows(source, of, by, period, mature_h=mature_h)
    flag = nw.col(DELAY).is_null().cast(nw.Int64)
    return rows.close(
        shares(
            rows.frame, flag, by=rows.by, count="unanswered", name="unanswered_rate", level=level
        )
    )


def answered_within(
    source: Community | IntoFrame,
    *,
    of: str = "topics",
    hours: float = 24,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of ALL questions, answered or not, that got an answer within some hours.

    Parameters
    ----------
    source, of
        As in `first_response_summary`.
    hours : float, default 24
        The promise. Only questions observed for at least as long count.
    by, period, level
        As in `unanswered_rate`.

    Returns
    -------
    table of the kind of the events
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
    hours = at_least("hours", hours)
    rows = _rows(source, of, by, period, mature_h=hours)
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


def _rows(
    source: Community | IntoFrame, of: str, by: By, period: str | None, *, mature_h: float = 0
) -> Rows:
    """Read the delays of a community's topics or tickets, or the table of delays given."""
    choice("of", of, ("topics", "tickets"))
    log: Log | None = None
    delays: Any = source
    if isinstance(source, Community):
        if of == "topics":
            log, delays = source.log, first_response(source, keep=by)
        else:
            log, delays = ticket_log(source, _ENDS[0]), ticket_delay(source, keep=by)
    return delay_rows(delays, by, period, mature_h=mature_h, log=log)


def _delays(rows: Frame, *, over: str, end: int) -> Frame:
    """Add the delay from ``t`` to `over`, the time observed, and whether it is still running."""
    opened = nw.col("t").cast(nw.Float64)
    rows = rows.with_columns(
        ((nw.col(over).cast(nw.Float64) - opened) / HOUR).alias(DELAY),
        ((end - opened) / HOUR).alias(OBSERVED),
        nw.col(over).is_null().alias("censored"),
    )
    return as_moments(rows, opened_at="t", responded_at=over)


def _closed(found: Frame, ids: list[str], kept: list[str], made: list[str], log: Log) -> IntoFrame:
    names = {f"by_{place}": name for place, name in enumerate(kept)}
    found = found.select(*ids, *names, *made)
    return close_table(
        found.rename({**names, **({"u": "member_id"} if "u" in ids else {})}), log.like
    )
