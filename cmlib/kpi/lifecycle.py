"""Where members stand: new, retained, back again, gone quiet, about to go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np

from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._frames import (
    DAY,
    NEVER,
    Log,
    calendar,
    check_period,
    close_frame,
    days_to_periods,
    fill,
    member_periods,
    period_start,
    read_log,
    share_of,
    small,
    table_like,
)
from cmlib.kpi.survival import proportion_interval

__all__ = ["at_risk", "churn_rate", "comeback_share", "lifecycle_states", "quick_ratio"]

STATES = ("new", "retained", "resurrected", "dormant")


def lifecycle_states(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Count the members who are new, retained, resurrected or dormant in each period.

    Parameters
    ----------
    events : pandas, Polars, DuckDB or PySpark table
        One row an event.
    member, time, kind : str
        Columns of `events`: the member, the time (UTC) and the kind of event.
    kinds : list of str, optional
        Kinds of event that make a member active; every kind by default.
    start, end : date or time, optional
        Reported from `start` (included) to `end` (excluded), UTC; by default from the first event
        of the table to its last. Events before `start` tell who was already there.
    period : {"month", "week", "day"}
        Weeks begin on Monday.
    tz : str, optional
        IANA time zone in which periods are cut. UTC by default.
    without : list or table of members, optional
        Members who do not count: ``without=members.query("role != 'member'")``.

    Returns
    -------
    table of the same kind as `events`
        Four rows a period: ``period``; ``state``; ``n`` members; ``complete``. States: "new" first
        seen in the period; "retained" active in it and in the one before; "resurrected" active
        in it, not in the one before, but earlier; "dormant" seen earlier, not in it.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    The four states of a period make everybody seen so far. In an incomplete last period many
    look dormant who only have not come yet. Deleted accounts are not counted.
    """
    log, found = _pairs_by_period(
        events, member, time, kind, kinds, start, end, period, tz, without
    )
    periods = calendar(log, period)
    new, retained, resurrected = (fill(periods, found["p"], found[state]) for state in STATES[:3])
    active = new + retained + resurrected
    known = _known_before(found, periods.index) + np.cumsum(new)
    n = np.column_stack([new, retained, resurrected, known - active])
    columns = {
        "period": np.repeat(periods.period, len(STATES)),
        "state": np.array(STATES * len(periods.index), dtype="U11"),
        "n": n.ravel(),
        "complete": np.repeat(periods.complete, len(STATES)),
    }
    return table_like(log.like, columns)


def quick_ratio(
    events: Any,
    *,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Give how many members came, or came back, for each one who went quiet.

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, period, tz, without
        As in :func:`lifecycle_states`.

    Returns
    -------
    table of the same kind as `events`
        One row a period: ``period``; ``new``; ``resurrected``; ``lost`` active in the period
        before and not in this one; ``quick_ratio`` = (new + resurrected) / lost; ``complete``
        whether this period and the one before were observed in full.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Above 1 the active public grows. Missing when nobody was lost, and where the period is not
    complete: in half a month everybody who has not come yet would look lost.
    """
    log, found = _pairs_by_period(
        events, member, time, kind, kinds, start, end, period, tz, without
    )
    periods = calendar(log, period, window=2)
    new, resurrected = (fill(periods, found["p"], found[name]) for name in ("new", "resurrected"))
    lost = fill(periods, found["p"] + 1, found["lost"])
    ratio = np.where(periods.complete, share_of(new + resurrected, lost), np.nan)
    columns = {
        "period": periods.period,
        "new": new,
        "resurrected": resurrected,
        "lost": lost,
        "quick_ratio": ratio,
        "complete": periods.complete,
    }
    return table_like(log.like, columns)


def churn_rate(
    events: Any,
    *,
    gap_days: int = 30,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    start: Any = None,
    end: Any = None,
    period: str = "month",
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of each period's active members who then stayed away.

    Parameters
    ----------
    events, member, time, kind, kinds, start, end, period, tz, without
        As in :func:`lifecycle_states`.
    gap_days : int, default 30
        Days without any event, counted from the day after the last one in the period.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the same kind as `events`
        One row a period: ``period``; ``n`` active members; ``churned`` of them silent for the
        `gap_days` days after their last active day of the period; ``churn_rate`` with its Wilson
        interval ``low`` and ``high``; ``complete`` whether the period and the `gap_days` after it
        were observed in full. Where they were not, ``churned`` and the shares are missing.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    It is 1 - retention at a stated gap: always say the gap. Churned is not gone: in one forum
    37 % of those who posted again had been away for more than 90 days
    (see :func:`comeback_share`).

    References
    ----------
    CHAOSS, Inactive Contributors.
    """
    _check_days("gap_days", gap_days)
    check_period(period)
    log = _log(events, member, time, kind, kinds, start, end, tz, without)
    pairs = member_periods(log, "day").select(
        "after", here=nw.col("p"), then=nw.col("p") + nw.col("after")
    )
    for name in ("here", "then"):
        pairs = days_to_periods(pairs, period, name)
    last = pairs.filter(nw.col("here") != nw.col("then"))
    away = nw.when(nw.col("after") > gap_days).then(1).otherwise(0)
    found = small(
        last.with_columns(_away=away)
        .group_by("here")
        .agg(nw.len().alias("n"), nw.col("_away").sum())
    )
    periods = calendar(log, period)
    n = fill(periods, found["here"], found["n"])
    ends = period_start(periods.index + 1, period).astype("int64") + gap_days * DAY
    complete = periods.complete & (ends <= log.local_value(log.end))
    churned = np.where(complete, fill(periods, found["here"], found["_away"]), np.nan)
    low, high = proportion_interval(churned, n, level=level)
    columns = {
        "period": periods.period,
        "n": n,
        "churned": churned,
        "churn_rate": share_of(churned, n),
        "low": low,
        "high": high,
        "complete": complete,
    }
    return table_like(log.like, columns)


def comeback_share(
    events: Any,
    *,
    gap_days: int = 90,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
    level: float = 0.95,
) -> Any:
    """Give the share of members gone quiet who came back all the same.

    Parameters
    ----------
    events, member, time, kind, kinds, end, tz, without
        As in :func:`lifecycle_states`.
    gap_days : int, default 90
        Gone quiet means more than this many days between two active days, or until `end`.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the same kind as `events`
        One row: ``n`` members who went quiet at least once; ``came_back`` of them, after such a
        silence; ``share`` with its Wilson interval ``low`` and ``high`` (missing when nobody
        went quiet); ``repeaters`` members active on two days or more, and
        ``share_of_repeaters`` = came_back / repeaters.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Those who went quiet recently have had little time to come back, so ``share`` is a lower
    bound. It is the reason why churn at a gap is not departure: in one forum the share of
    repeaters who came back after more than 90 days was 37 %.
    """
    _check_days("gap_days", gap_days)
    log = _log(events, member, time, kind, kinds, None, end, tz, without)
    until = log.local_value(log.end) // DAY
    gap = nw.when(nw.col("after") == NEVER).then(until - nw.col("p")).otherwise(nw.col("after"))
    days = member_periods(log, "day").with_columns(
        _quiet=nw.when(gap > gap_days).then(1).otherwise(0),
        _back=nw.when((nw.col("after") < NEVER) & (nw.col("after") > gap_days))
        .then(1)
        .otherwise(0),
    )
    each = days.group_by("u").agg(
        nw.len().alias("days"), nw.col("_quiet").max(), nw.col("_back").max()
    )
    each = each.with_columns(_again=nw.when(nw.col("days") > 1).then(1).otherwise(0))
    counted = each.group_by("_quiet", "_back", "_again").agg(nw.len().alias("n"))
    found = small(counted)
    quiet, back, again = (
        np.array([int(found["n"][found[name] == 1].sum())])
        for name in ("_quiet", "_back", "_again")
    )
    low, high = proportion_interval(back, quiet, level=level)
    columns = {
        "n": quiet,
        "came_back": back,
        "share": share_of(back, quiet),
        "low": low,
        "high": high,
        "repeaters": again,
        "share_of_repeaters": share_of(back, again),
    }
    return table_like(log.like, columns)


def at_risk(
    events: Any,
    *,
    factor: float = 3.0,
    min_days: int = 5,
    member: str = "member_id",
    time: str = "timestamp",
    kind: str = "kind",
    kinds: Sequence[str] | None = None,
    end: Any = None,
    tz: str | None = None,
    without: Any = None,
) -> Any:
    """Find the members who have been silent for longer than is usual for them.

    Parameters
    ----------
    events, member, time, kind, kinds, end, tz, without
        As in :func:`lifecycle_states`; silence is counted up to `end`.
    factor : float, default 3
        At risk when silent for more than this many times their usual gap.
    min_days : int, default 5
        Members active on fewer days have no rhythm yet and are not listed.

    Returns
    -------
    table of the same kind as `events`
        One row a member, in order of `member`: the member; ``n`` active days; ``silence_days``
        full days since the last one; ``usual_gap_days`` median of the days between two active
        days; ``ratio`` = silence_days / usual_gap_days; ``at_risk``.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Each member is measured against their own rhythm: two weeks of silence are a sign from
    somebody who came every day and nothing from somebody who comes every month. It is a list
    of people to write to, not a forecast; holidays make it long.
    """
    _check_days("min_days", min_days, least=3)
    if not factor > 0:
        raise ParameterError(
            _("factor={given!r} is not accepted. Give a number above 0.").format(given=factor)
        )
    log = _log(events, member, time, kind, kinds, None, end, tz, without)
    until = log.local_value(log.end) // DAY
    days = member_periods(log, "day").with_columns(
        _gap=nw.when(nw.col("after") < NEVER).then(nw.col("after").cast(nw.Float64))
    )
    each = days.group_by("u").agg(
        nw.len().alias("n"),
        nw.col("p").max().alias("_last"),
        nw.col("_gap").median().alias("usual_gap_days"),
    )
    silence = until - 1 - nw.col("_last")
    each = each.filter(nw.col("n") >= min_days).with_columns(
        nw.col("n").cast(nw.Int64),
        silence_days=nw.when(silence > 0).then(silence).otherwise(0),
    )
    each = each.with_columns(ratio=nw.col("silence_days") / nw.col("usual_gap_days"))
    each = each.with_columns(at_risk=nw.col("ratio") > factor)
    names = ["u", "n", "silence_days", "usual_gap_days", "ratio", "at_risk"]
    return close_frame(each.select(names).sort("u").rename({"u": member}), events)


def _log(
    events: Any,
    member: str,
    time: str,
    kind: str,
    kinds: Sequence[str] | None,
    start: Any,
    end: Any,
    tz: str | None,
    without: Any,
) -> Log:
    return read_log(
        events, member=member, time=time, kind=kind, kinds=kinds, start=start, end=end, tz=tz,
        without=without,
    )  # fmt: skip


def _pairs_by_period(
    events: Any,
    member: str,
    time: str,
    kind: str,
    kinds: Sequence[str] | None,
    start: Any,
    end: Any,
    period: str,
    tz: str | None,
    without: Any,
) -> tuple[Log, dict[str, np.ndarray]]:
    """Count, in each period, members in each active state and those not seen in the next one."""
    check_period(period)
    log = _log(events, member, time, kind, kinds, start, end, tz, without)
    before, after = nw.col("before"), nw.col("after")
    states = {
        "new": before == NEVER,
        "retained": before == 1,
        "resurrected": (before > 1) & (before < NEVER),
        "lost": after > 1,
    }
    flags = [nw.when(rule).then(1).otherwise(0).alias(name) for name, rule in states.items()]
    rows = member_periods(log, period).select("p", *flags)
    return log, small(rows.group_by("p").agg(*(nw.col(name).sum() for name in states)))


def _known_before(found: dict[str, np.ndarray], index: np.ndarray) -> int:
    return int(found["new"][found["p"] < index[0]].sum()) if len(index) else 0


def _check_days(argument: str, given: int, *, least: int = 1) -> None:
    if isinstance(given, bool) or not isinstance(given, int) or given < least:
        raise ParameterError(
            _("{argument}={given!r} is not accepted. Give a whole number from {least} up.").format(
                argument=argument, given=given, least=least
            )
        )
