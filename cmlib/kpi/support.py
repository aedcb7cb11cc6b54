"""How fast people are answered, counted so that questions still waiting are not forgotten.

Two steps. `first_response` (log of events) and `ticket_delay` (table of tickets) make one row a
question: its delay, or the time it has been waiting. The other functions summarise such a table.
"""

from __future__ import annotations

import warnings
from typing import Any

import narwhals as nw
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.data.communities import Community, log_of, table_log
from cmlib.data.conversations import questions
from cmlib.data.frames import Frame, as_list, as_moments, as_seconds, close_table, small
from cmlib.errors import NotCountedWarning, unknown_choice
from cmlib.i18n import _, format_number
from cmlib.kpi._delays import DELAY, HOUR, OBSERVED, delay_summary, mature_rows
from cmlib.kpi._ratios import shares
from cmlib.kpi._rows import By

__all__ = [
    "answered_within",
    "first_response",
    "first_response_summary",
    "ticket_delay",
    "unanswered_rate",
]

_ENDS = ("first_response_at", "resolved_at")
_SHOWN = ("thread_id", "event_id", "member_id", "timestamp")


def first_response(
    community: Community | IntoFrame,
    *,
    keep: By = None,
) -> Any:
    """Measure, for each topic, the delay of the first reply by somebody else than its author.

    ::

        topic 7 by Ana 10:00 · reply by Ana 10:05 · reply by Ben 12:00  ->  delay_h 2.0
        topic 8 by Ben 11:00 · (nothing until the end, 15:00)  ->  delay_h missing, observed_h 4.0

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
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
    Replies dated before their topic are no answers, and a warning says how many there are. A topic
    outside any thread is a question that nobody could answer yet. The answers of a team that is
    left out of the view still answer; those of bots do not. Nor does a reply have to be a good one.

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
    kept = [name for name in as_list(keep) if name not in _SHOWN]
    numbered = ["event_id"] if log.has("event_id") else []
    found = log.from_start(questions(log, by=kept))
    answered = nw.col("answered").cast(nw.Float64)
    opened = nw.col("t").cast(nw.Float64)
    found = found.with_columns(
        delay_h=(answered - opened) / HOUR,
        observed_h=(log.end - opened) / HOUR,
        censored=nw.col("answered").is_null(),
    ).sort("t", *(numbered or ["u"]))
    found = as_moments(found, opened_at="t", responded_at="answered")
    names = {"u": "member_id"} | {f"by_{place}": name for place, name in enumerate(kept)}
    shown = ["thread_id", *numbered, *names]
    shown += ["opened_at", "responded_at", DELAY, OBSERVED, "censored"]
    return close_table(found.select(*shown).rename(names), log.like)


def ticket_delay(
    community: Community | IntoFrame,
    *,
    until: str = "first_response_at",
    keep: By = None,
) -> Any:
    """Measure, for each ticket, the delay between its opening and another of its dates.

    Parameters
    ----------
    community : Community or table of tickets
        Tickets opened from start to end, as known at the end: what happened later counts as not
        yet. Of a bare table, the last opening or answer stands for the end.
    until : {"first_response_at", "resolved_at"}
        When it was answered, or closed.
    keep : str or sequence of str, optional
        Columns to carry along, to group by later (category, team).

    Returns
    -------
    table of the kind of the events
        One row a ticket: ``ticket_id``, the columns of `keep`, ``opened_at``, ``responded_at`` (the
        date in `until`), ``delay_h``, ``observed_h``, ``censored``: as `first_response`; and
        ``impossible``: dated answered before it was opened.

    Raises
    ------
    ColumnError
        When a column is not in the table.

    Notes
    -----
    Delays run day and night; they are not working hours. A date before the opening is an error of
    the export: that ticket has no delay, counts in no summary, and a warning names it.

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
    if until not in _ENDS:
        raise unknown_choice("until", until, _ENDS)
    log = table_log(community, "tickets", "opened_at")
    kept = [name for name in as_list(keep) if name not in ("ticket_id", "opened_at", until)]
    numbered = ["ticket_id"] if log.has("ticket_id") else []
    rows = as_seconds(log.rows(*numbered, until, by=kept), until, called=until)
    stop = log.end
    if not log.ends_said:
        last = small(rows.select(last=nw.col(until).max()))["last"][0]
        stop = max(stop, 0 if last is None or pd.isna(last) else int(last) + 1)
    rows = rows.filter(nw.col("t") >= log.start)
    over, opened = nw.col(until), nw.col("t").cast(nw.Float64)
    seen = over < stop
    rows = rows.with_columns(
        ended=nw.when(seen).then(over),
        impossible=nw.when(seen & (over < nw.col("t"))).then(1).otherwise(0),
    )
    _warn_impossible(rows, numbered)
    right = nw.col("impossible") == 0
    found = rows.with_columns(
        delay_h=nw.when(right).then((nw.col("ended").cast(nw.Float64) - opened) / HOUR),
        observed_h=nw.when(right).then((stop - opened) / HOUR),
        censored=nw.col("ended").is_null(),
        impossible=nw.col("impossible") == 1,
    ).sort("t", *numbered)
    found = as_moments(found, opened_at="t", responded_at="ended")
    names = {f"by_{place}": name for place, name in enumerate(kept)}
    shown = [*numbered, *names, "opened_at", "responded_at", DELAY, OBSERVED, "censored"]
    return close_table(found.select(*shown, "impossible").rename(names), log.like)


def _warn_impossible(rows: Frame, numbered: list[str]) -> None:
    """Say which tickets are dated answered before they were opened."""
    odd = rows.filter(nw.col("impossible") == 1).select("t", "ended", *numbered)
    found = small(odd.sort("t", *numbered))
    n = len(found["t"])
    if not n:
        return
    names = found["ticket_id"][:3] if numbered else []
    warnings.warn(
        _(
            "Tickets dated answered before they were opened: {n}{which}. Their delay is missing "
            "and they count in no share."
        ).format(
            n=format_number(n),
            which=" (" + ", ".join(str(name) for name in names) + ")" if len(names) else "",
        ),
        NotCountedWarning,
        stacklevel=3,
    )


def first_response_summary(
    source: Community | IntoFrame,
    *,
    of: str = "topics",
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> Any:
    """Give the typical delay under each of its definitions, every one by its name.

    Parameters
    ----------
    source : Community, or what `first_response` or `ticket_delay` returned
        A community's periods are cut in its zone; those of a table in UTC.
    of : {"topics", "tickets"}, default "topics"
        Which questions of a community.
    by : str or sequence of str, optional
        Columns of the question.
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
    rows = mature_rows(source, of, 0, by, period)
    return delay_summary(rows, "answered", level=level)


def unanswered_rate(
    source: Community | IntoFrame,
    *,
    of: str = "topics",
    mature_h: float = 168,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> Any:
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
    rows = mature_rows(source, of, mature_h, by, period)
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
) -> Any:
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
    rows = mature_rows(source, of, hours, by, period)
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
