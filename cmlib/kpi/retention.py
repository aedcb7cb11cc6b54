"""Who stays: cohorts, how long members last, whether newcomers get started."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import narwhals as nw
import numpy as np
from narwhals.typing import IntoFrame

from cmlib.checks import whole_number
from cmlib.data.clock import DAY, check_period, period_start, periods_of_days
from cmlib.data.communities import Community
from cmlib.data.frames import as_list, small, table_like
from cmlib.data.log import POSTS, Log
from cmlib.errors import NotMeasuredWarning
from cmlib.kpi._cohorts import (
    asked,
    cohort_calendar,
    cohort_table,
    cohorts,
    curve_table,
    day_zero,
    newcomers,
)
from cmlib.kpi._logged_kinds import log_and_kinds
from cmlib.kpi._periods import NEVER, share_of
from cmlib.kpi.calendar import fill
from cmlib.kpi.survival import kaplan_meier, proportion_interval
from cmlib.messages import _

__all__ = [
    "activation_rate",
    "classic_retention",
    "classic_retention_by_month",
    "retention_curve",
    "rolling_retention",
    "survival_curve",
]


def classic_retention(
    community: Community | IntoFrame,
    *,
    windows: int = 12,
    window_days: int = 30,
    kinds: Sequence[str] | None = None,
    since: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of each month's newcomers who were active in each 30-day window after.

    Parameters
    ----------
    community : Community or table of events
        See :class:`cmlib.data.Community`; period, zone and who counts are said there.
    windows : int, default 12
        Last window shown.
    window_days : int, default 30
        Days in a window. Window k holds days k * window_days to (k + 1) * window_days - 1.
    kinds : list of str, optional
        Kinds of event that make a member active; every kind by default.
    since : {"joined", "first_event"}, optional
        What day 0 is: the day of joining, in the table of members, so that those who never came
        count; or the day of the first event (of `kinds`). By default "joined" where the table of
        members has the column ``joined_at``, else "first_event".
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the kind of the events
        One row a cohort and window: ``cohort`` first day of the month; ``window`` 0 to `windows`;
        ``n`` members of the cohort; ``retained`` of them active in the window; ``retention``
        with its Wilson interval ``low`` and ``high``; ``complete`` whether the whole cohort was
        observed to the end of the window; ``already_there`` people first seen in that month who
        were there when the log began. Where the cohort was not observed, ``retained`` and the
        shares are missing: not 0.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    With "first_event" window 0 holds the first event itself: its retention is 1. A member may
    be absent from window 1 and back in window 3, so retention can rise. First seen is not joined:
    the two choices of `since` answer different questions. Deleted accounts are not counted.

    Nothing tells who is new when a log begins: unless its history is complete, people first seen
    in its first 30 days are in no cohort but in ``already_there``, and a month that begins within
    these days is not complete. Whoever joined has a day of joining: ``already_there`` is 0 then.

    In a view of chosen events, first days are still those of the whole log and only the chosen
    events make a member active: window 0 may be less than 1. To follow some members, leave the
    others out: ``community.view(without=others)``.

    Kinds that the log does not hold leave the retention missing, with a warning.

    See Also
    --------
    retention_curve : all cohorts together.
    classic_retention_by_month : calendar months instead of windows.
    """
    windows, days = whole_number("windows", windows, 0), whole_number("window_days", window_days)
    log, kinds, since, measured = asked(community, kinds, since)
    months = cohort_calendar(log, since)
    begin = int(period_start(months.index[:1], "month").astype("int64").sum()) // DAY
    found = cohorts(log, since, kinds, period=days, begin=begin, windows=windows)
    found = found._replace(first=periods_of_days(found.first, "month"))
    last_day = period_start(months.index + 1, "month").astype("int64") // DAY - 1
    until = log.local_value(log.end) // DAY
    observed = last_day[:, None] + (np.arange(windows + 1) + 1) * days <= until
    observed &= months.complete[:, None] & measured
    return cohort_table(log, months, "window", found, observed, level)


def classic_retention_by_month(
    community: Community | IntoFrame,
    *,
    months: int = 12,
    kinds: Sequence[str] | None = None,
    since: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of each month's newcomers who were active in each calendar month after.

    Parameters
    ----------
    community, kinds, since, level
        As in :func:`classic_retention`.
    months : int, default 12
        Last month shown, counted from the month of joining.

    Returns
    -------
    table of the kind of the events
        One row a cohort and month: ``cohort``, ``month`` 0 to `months`, and ``n``, ``retained``,
        ``retention``, ``low``, ``high``, ``complete``, ``already_there`` as in
        :func:`classic_retention`.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    Who joins on the 30th has two days in month 0 and meets month 1 the day after: month 1 is
    higher than the 30-day window 1, most of all for cohorts that join late in the month.
    """
    months = whole_number("months", months, 0)
    log, kinds, since, measured = asked(community, kinds, since)
    shown = cohort_calendar(log, since)
    begin = int(shown.index[:1].sum())
    found = cohorts(log, since, kinds, period="month", begin=begin, windows=months)
    ends = period_start(shown.index[:, None] + np.arange(months + 1) + 1, "month")
    observed = ends.astype("int64") <= log.local_value(log.end)
    observed &= shown.complete[:, None] & measured
    return cohort_table(log, shown, "month", found, observed, level)


def retention_curve(
    community: Community | IntoFrame,
    *,
    windows: int = 12,
    window_days: int = 30,
    kinds: Sequence[str] | None = None,
    since: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of all newcomers who were active in each window after joining.

    Parameters
    ----------
    community, windows, window_days, kinds, since, level
        As in :func:`classic_retention`.

    Returns
    -------
    table of the kind of the events
        One row a window: ``window``; ``n`` members observed to its end; ``retained`` of them
        active in it; ``retention`` with its Wilson interval ``low`` and ``high`` (missing when
        nobody is old enough); ``complete`` whether `n` is every newcomer.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    Members too young for a window are left out of its `n`, so later windows rest on older
    members only. Who was there when the log began is no newcomer, and in no `n`:
    :func:`classic_retention` counts them.

    Examples
    --------
    >>> import pandas as pd
    >>> from cmlib import data
    >>> events = pd.DataFrame(
    ...     {
    ...         "event_id": [1, 2, 3, 4],
    ...         "member_id": [1, 2, 1, 3],
    ...         "kind": "visit",
    ...         "timestamp": pd.to_datetime(
    ...             ["2025-01-01", "2025-01-01", "2025-02-05", "2025-02-20"]
    ...         ),
    ...     }
    ... )
    >>> people = data.community(
    ...     events=events, start="2025-01-01", end="2025-03-05", complete_history=True
    ... )
    >>> retention_curve(people, windows=1)[["window", "n", "retained", "retention", "complete"]]
       window  n  retained  retention  complete
    0       0  2         2        1.0     False
    1       1  2         1        0.5     False
    """
    windows, days = whole_number("windows", windows, 0), whole_number("window_days", window_days)
    log, kinds, since, measured = asked(community, kinds, since)
    begin = log.local_value(log.start) // DAY
    found = cohorts(log, since, kinds, period=days, begin=begin, windows=windows)
    return curve_table(log, found, days, measured, level)


def rolling_retention(
    community: Community | IntoFrame,
    *,
    windows: int = 12,
    window_days: int = 30,
    kinds: Sequence[str] | None = None,
    since: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of all newcomers last seen in each window or after it.

    Parameters
    ----------
    community, windows, window_days, kinds, since, level
        As in :func:`classic_retention`.

    Returns
    -------
    table of the kind of the events
        As :func:`retention_curve`; ``retained`` counts members seen in the window or later.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    One visit after a year counts as retained for the whole year: the figure is much higher than
    the classic one (in one forum 34 % against 12 % in the third month), it rewrites history each
    time somebody comes back, and it falls towards the end of the log because there is less
    "later" left. Never compare it with classic retention.
    """
    windows, days = whole_number("windows", windows, 0), whole_number("window_days", window_days)
    log, kinds, since, measured = asked(community, kinds, since)
    begin = log.local_value(log.start) // DAY
    found = cohorts(log, since, kinds, period=days, begin=begin, windows=windows, last_only=True)
    later = np.cumsum(found.reached[:, ::-1], axis=1)[:, ::-1]
    return curve_table(log, found._replace(reached=later), days, measured, level)


def survival_curve(
    community: Community | IntoFrame,
    *,
    gap_days: int = 90,
    kinds: Sequence[str] | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Estimate how long members stay, those who are still there included (Kaplan-Meier).

    Parameters
    ----------
    community, kinds, level
        As in :func:`classic_retention`; members first seen from the start of the view on.
    gap_days : int, default 90
        A member has left when silent for more than this many days until the end.

    Returns
    -------
    table of the kind of the events
        ``day`` days since the first active day, from 0; ``n`` members still followed just before;
        ``left`` members whose last active day it was; ``survival`` share still there after it,
        with its interval ``low`` and ``high``. One row for day 0 and each day on which
        somebody left; empty when there are no members.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    The stay lasts from the first active day to the last one. Whether a member left can be told
    only up to `gap_days` before the last day of the log: everybody is followed until then, and
    no longer. Who was active later is censored there, counted as long as they were followed,
    neither as a leaver nor as loyal; who was first seen later is left out, and so is who was
    there when the log began, unless its history is complete. Censoring at the last active day
    instead would keep those about to leave out of the leavers, and show stays too long.

    Leaving is judged at the end: some of the silent will come back
    (see :func:`cmlib.kpi.comeback_share`), so the longer the gap, the surer the curve.

    References
    ----------
    E. L. Kaplan, P. Meier (1958), Journal of the American Statistical Association 53, 457-481.
    """
    gap_days = whole_number("gap_days", gap_days)
    log, kinds, _measured = log_and_kinds(community, kinds)
    followed_to = log.local_value(log.end) // DAY - 1 - gap_days
    pairs, _firsts = newcomers(log, "first_event", kinds, "day")
    first, last = nw.col("first"), nw.col("p")
    pairs = pairs.filter(
        nw.col("after") == NEVER, first >= log.local_value(log.start) // DAY, first <= followed_to
    )
    gone = last < followed_to
    stays = pairs.select(
        stay=nw.when(gone).then(last).otherwise(followed_to) - first,
        left=nw.when(gone).then(1).otherwise(0),
    )
    found = small(stays.group_by("stay", "left").agg(nw.len().alias("n")))
    durations = np.repeat(found["stay"], found["n"])
    ended = np.repeat(found["left"] == 1, found["n"])
    curve = kaplan_meier(durations, ended, level=level)
    days, at_risk, left = curve.time, curve.at_risk, curve.ended
    shares = [curve.survival, curve.low, curve.high]
    if curve.n and not (len(days) and days[0] == 0):
        days, left = np.insert(days, 0, 0), np.insert(left, 0, 0)
        at_risk = np.insert(at_risk, 0, curve.n)
        shares = [np.insert(share, 0, 1.0) for share in shares]
    columns = {"day": days, "n": at_risk, "left": left}
    columns = {name: values.astype("int64") for name, values in columns.items()}
    return table_like(
        log.like, {**columns, "survival": shares[0], "low": shares[1], "high": shares[2]}
    )


def activation_rate(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] = POSTS,
    within_days: int = 7,
    period: str = "month",
    since: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of each period's newcomers who did the key act soon after joining.

    Parameters
    ----------
    community, level
        As in :func:`classic_retention`.
    kinds : list of str
        Kinds of event that are the key act: by default a first topic or reply.
    within_days : int, default 7
        The act counts when done at most this many days (of 24 hours) after joining.
    period : {"month", "week", "day"}
        Cohorts are cut by the period of joining.
    since : {"joined", "first_event"}, optional
        What joining is, as in :func:`classic_retention`; the first event may be of any kind.

    Returns
    -------
    table of the kind of the events
        One row a period: ``period``; ``n`` members who joined in it and were observed for
        `within_days`; ``activated`` of them; ``activation_rate`` with its Wilson interval ``low``
        and ``high`` (missing when nobody is old enough); ``complete`` whether the period and all
        its newcomers were observed in full; ``already_there`` as in :func:`classic_retention`.

    Raises
    ------
    ColumnError, ParameterError, TableError
        When a column or the table of members is missing, or an argument is not accepted.

    Notes
    -----
    Members who joined less than `within_days` before the end are in neither number. With
    "first_event" those who never came are not counted; and where the log holds nothing but the
    key act, everybody in it did it first: the rate would be 1 whatever happened, and is missing,
    with a warning. It is missing too where the log holds no event of `kinds`.
    """
    check_period(period)
    within_days = whole_number("within_days", within_days)
    acts = as_list(kinds)
    log, _acts, since, measured = asked(community, acts, since)
    measured = measured and not _first_by_construction(log, acts, since)
    firsts = day_zero(log, since, None).select("u", "there", joined=nw.col("t"))
    waited = nw.col("t") - nw.col("joined")
    done = log.rows(kinds=acts).join(firsts, on="u", how="inner")
    done = done.filter(waited >= 0, waited <= within_days * DAY).select("u").unique("u")
    each = firsts.join(done.with_columns(done=nw.lit(1)), on="u", how="left")
    new, old = nw.col("there") == 0, nw.col("joined") + within_days * DAY <= log.end
    each = each.select(
        "there",
        day=log.local(nw.col("joined")) // DAY,
        old=nw.when(new & old).then(1).otherwise(0),
        done=nw.when(new & old & ~nw.col("done").is_null()).then(1).otherwise(0),
    )
    totals = [nw.col(name).sum() for name in ("there", "old", "done")]
    found = small(each.group_by("day").agg(nw.len().alias("all"), *totals))
    of = periods_of_days(found["day"], period)
    periods = cohort_calendar(log, since, period)
    everyone, there, n, activated = (
        fill(periods, of, found[name]) for name in ("all", "there", "old", "done")
    )
    seen = activated if measured else np.full(len(n), np.nan)
    low, high = proportion_interval(seen, n, level=level)
    ends = period_start(periods.index + 1, period).astype("int64") + within_days * DAY
    mature = ends <= log.local_value(log.end)
    columns = {
        "period": periods.period,
        "n": n,
        "activated": seen,
        "activation_rate": share_of(seen, n),
        "low": low,
        "high": high,
        "complete": periods.complete & mature & (n == everyone - there),
        "already_there": there,
    }
    return table_like(log.like, columns)


def _first_by_construction(log: Log, acts: Sequence[str], since: str) -> bool:
    """Tell, with a warning, where everybody's first event can only be the key act."""
    if since != "first_event" or not log.kinds or not log.kinds <= set(acts):
        return False
    warnings.warn(
        _(
            "The log holds only {kinds}: everybody in it did the key act on the first day. The "
            "activation rate is missing; it needs other events, or the day members joined."
        ).format(kinds=", ".join(sorted(log.kinds))),
        NotMeasuredWarning,
        stacklevel=3,
    )
    return True
