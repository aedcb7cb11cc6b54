"""Where members stand: new, retained, back again, gone quiet, about to go."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import numpy as np
from narwhals.typing import IntoFrame

from cmlib.checks import above_zero, whole_number
from cmlib.data.clock import DAY, check_period, period_start
from cmlib.data.communities import Community
from cmlib.data.frames import close_frame, small, table_like
from cmlib.data.log import Log
from cmlib.kpi._logged_kinds import log_and_kinds, missing
from cmlib.kpi._periods import NEVER, days_to_periods, member_periods, share_of
from cmlib.kpi.activity import arrivals
from cmlib.kpi.calendar import calendar, fill
from cmlib.kpi.survival import proportion_interval

__all__ = ["at_risk", "churn_rate", "comeback_share", "lifecycle_states", "quick_ratio"]

STATES = ("new", "retained", "resurrected", "dormant", "already_there")


def lifecycle_states(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
    period: str = "month",
) -> IntoFrame:
    """Count the members who are new, retained, resurrected or dormant in each period.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds : list of str, optional
        Kinds of event that make a member active; every kind by default. Where the log holds none
        of them the figures are missing, with a warning.
    period : {"month", "week", "day"}
        Weeks begin on Monday.

    Returns
    -------
    table of the kind of the events
        Four rows a period: ``period``; ``state``; ``n`` members; ``complete``. States: "new" first
        seen in the period; "retained" active in it and in the one before; "resurrected" active
        in it, not in the one before, but earlier; "dormant" seen earlier, not in it. Where the
        history is not complete, a fifth row, "already_there": first seen in the first 30 days of
        the log, and so no newcomer; periods that begin in these days are not complete.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    The states of a period make everybody seen so far. In an incomplete last period many
    look dormant who only have not come yet. Deleted accounts are not counted. In a view of
    chosen events, whoever was first seen by another event is "already_there" too.
    """
    check_period(period)
    log, kinds, measured = log_and_kinds(community, kinds)
    periods = calendar(log, period, since=log.newcomers_from)
    found = _steps(log, period, kinds)
    first, retained, resurrected = (
        fill(periods, found["p"], found[name]) for name in ("first", "retained", "resurrected")
    )
    new, _there = arrivals(log, period, periods, kinds)
    before = found["first"][found["p"] < periods.index[:1].sum()].sum()
    dormant = before + np.cumsum(first) - first - retained - resurrected
    counts = [new, retained, resurrected, dormant, first - new]
    states = STATES[:4] if log.complete_history and not log.is_chosen else STATES
    columns = {
        "period": np.repeat(periods.period, len(states)),
        "state": np.array(states * len(periods.index), dtype="U13"),
        "n": np.column_stack(counts[: len(states)]).ravel(),
        "complete": np.repeat(periods.complete, len(states)),
    }
    return table_like(log.like, columns if measured else missing(columns, "n"))


def quick_ratio(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
    period: str = "month",
) -> IntoFrame:
    """Give how many members came, or came back, for each one who went quiet.

    Parameters
    ----------
    community, kinds, period
        As in :func:`lifecycle_states`.

    Returns
    -------
    table of the kind of the events
        One row a period: ``period``; ``new``; ``resurrected``; ``lost`` active in the period
        before and not in this one; ``quick_ratio`` = (new + resurrected) / lost; ``complete``
        whether this period and the one before were observed in full, newcomers included.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Above 1 the active public grows. Missing when nobody was lost, and where the period is not
    complete: in half a month everybody who has not come yet would look lost.
    """
    check_period(period)
    log, kinds, measured = log_and_kinds(community, kinds)
    periods = calendar(log, period, window=2)
    complete = periods.complete & calendar(log, period, since=log.newcomers_from).complete
    found = _steps(log, period, kinds)
    new, _there = arrivals(log, period, periods, kinds)
    resurrected = fill(periods, found["p"], found["resurrected"])
    lost = fill(periods, found["p"] + 1, found["lost"])
    columns = {
        "period": periods.period,
        "new": new,
        "resurrected": resurrected,
        "lost": lost,
        "quick_ratio": np.where(complete, share_of(new + resurrected, lost), np.nan),
        "complete": complete,
    }
    if not measured:
        columns = missing(columns, "new", "resurrected", "lost", "quick_ratio")
    return table_like(log.like, columns)


def churn_rate(
    community: Community | IntoFrame,
    *,
    gap_days: int = 30,
    kinds: Sequence[str] | None = None,
    period: str = "month",
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of each period's active members who then stayed away.

    Parameters
    ----------
    community, kinds, period
        As in :func:`lifecycle_states`.
    gap_days : int, default 30
        Churned means silent for more than this many days after the last active day of the period.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the kind of the events
        One row a period: ``period``; ``n`` active members; ``churned`` of them;
        ``churn_rate`` with its Wilson interval ``low`` and ``high``; ``complete`` whether the
        period and the `gap_days` + 1 days after it were observed in full. Where they were not,
        ``churned`` and the shares are missing.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    Silent for more than d days is d + 1 whole days without an event, in every measure. It is
    1 - retention at a stated gap: always say the gap. Churned is not gone: in one forum 37 % of
    those who posted again had been away for more than 90 days (see :func:`comeback_share`).

    References
    ----------
    CHAOSS, Inactive Contributors.
    """
    gap_days = whole_number("gap_days", gap_days)
    check_period(period)
    log, kinds, measured = log_and_kinds(community, kinds)
    pairs = member_periods(log, "day", kinds=kinds).select(
        here=nw.col("p"), then=nw.col("p") + nw.col("after"), away=_is_silent(log, gap_days)
    )
    for name in ("here", "then"):
        pairs = days_to_periods(pairs, period, name)
    last = pairs.filter(nw.col("here") != nw.col("then"))
    found = small(last.group_by("here").agg(nw.len().alias("n"), nw.col("away").sum()))
    periods = calendar(log, period)
    n = fill(periods, found["here"], found["n"])
    ends = period_start(periods.index + 1, period).astype("int64") + (gap_days + 1) * DAY
    complete = periods.complete & (ends <= log.local_value(log.end))
    churned = np.where(complete, fill(periods, found["here"], found["away"]), np.nan)
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
    if not measured:
        columns = missing(columns, "n", "churned", "churn_rate", "low", "high")
    return table_like(log.like, columns)


def comeback_share(
    community: Community | IntoFrame,
    *,
    gap_days: int = 90,
    kinds: Sequence[str] | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of members gone quiet who came back all the same.

    Parameters
    ----------
    community, kinds
        As in :func:`lifecycle_states`; the history before the start counts too.
    gap_days : int, default 90
        Gone quiet means silent for more than this many days between two active days, or until
        the end (see :func:`churn_rate`).
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the kind of the events
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
    gap_days = whole_number("gap_days", gap_days)
    log, kinds, measured = log_and_kinds(community, kinds)
    again = nw.when(nw.col("after") < NEVER).then(1).otherwise(0)
    days = member_periods(log, "day", kinds=kinds).select(
        "u", again=again, quiet=_is_silent(log, gap_days)
    )
    days = days.with_columns(back=nw.col("quiet") * nw.col("again"))
    names = ["quiet", "back", "again"]
    each = days.group_by("u").agg(*(nw.col(name).max() for name in names))
    found = small(each.group_by(*names).agg(nw.len().alias("n")))
    quiet, back, repeaters = (np.array([int(found["n"][found[name] == 1].sum())]) for name in names)
    low, high = proportion_interval(back, quiet, level=level)
    columns = {
        "n": quiet,
        "came_back": back,
        "share": share_of(back, quiet),
        "low": low,
        "high": high,
        "repeaters": repeaters,
        "share_of_repeaters": share_of(back, repeaters),
    }
    return table_like(log.like, columns if measured else missing(columns, *columns))


def at_risk(
    community: Community | IntoFrame,
    *,
    factor: float = 3.0,
    min_days: int = 5,
    max_days: int = 90,
    kinds: Sequence[str] | None = None,
) -> IntoFrame:
    """Find the members who have been silent for longer than is usual for them.

    Parameters
    ----------
    community, kinds
        As in :func:`lifecycle_states`; silence is counted up to the end, in whole days.
    factor : float, default 3
        At risk when silent for more than this many times their usual gap.
    min_days : int, default 5
        Members active on fewer days have no rhythm yet and are not listed.
    max_days : int, default 90
        Members silent for more days have left already and are not listed.

    Returns
    -------
    table of the kind of the events
        One row a member, the most unusual silence first (ties in order of ``member_id``):
        ``member_id``; ``n`` active days; ``silence_days`` whole days since the last one;
        ``usual_gap_days`` median of the days between two active days; ``ratio`` =
        silence_days / usual_gap_days; ``at_risk``.

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
    min_days = whole_number("min_days", min_days, 3)
    max_days = whole_number("max_days", max_days)
    factor = above_zero("factor", factor)
    log, kinds, _measured = log_and_kinds(community, kinds)
    is_last = nw.col("after") == NEVER
    days = member_periods(log, "day", kinds=kinds).select(
        "u",
        gap=nw.when(~is_last).then(nw.col("after").cast(nw.Float64)),
        silence_days=nw.when(is_last & (_silence(log) > 0)).then(_silence(log)).otherwise(0),
    )
    each = days.group_by("u").agg(
        nw.len().alias("n"),
        nw.col("silence_days").max(),
        nw.col("gap").median().alias("usual_gap_days"),
    )
    each = each.with_columns(nw.col("n").cast(nw.Int64))
    each = each.filter(nw.col("n") >= min_days, nw.col("silence_days") <= max_days)
    each = each.with_columns(ratio=nw.col("silence_days") / nw.col("usual_gap_days"))
    each = each.with_columns(at_risk=nw.col("ratio") > factor)
    names = ["u", "n", "silence_days", "usual_gap_days", "ratio", "at_risk"]
    each = each.select(names).sort("ratio", "u", descending=[True, False])
    return close_frame(each.rename({"u": "member_id"}), log.like)


def _silence(log: Log) -> nw.Expr:
    """Whole days without an event after each active day, up to the next one or to the end."""
    until = log.local_value(log.end) // DAY
    after = nw.col("after")
    return nw.when(after == NEVER).then(until - nw.col("p")).otherwise(after) - 1


def _is_silent(log: Log, gap_days: int) -> nw.Expr:
    """Mark the active days followed by a silence of more than `gap_days` days."""
    return nw.when(_silence(log) > gap_days).then(1).otherwise(0)


def _steps(log: Log, period: str, kinds: Sequence[str] | None) -> dict[str, np.ndarray]:
    """Count, in each period, members by what came before it, and those not seen in the next."""
    before, after = nw.col("before"), nw.col("after")
    rules = {
        "first": before == NEVER,
        "retained": before == 1,
        "resurrected": (before > 1) & (before < NEVER),
        "lost": after > 1,
    }
    flags = [nw.when(rule).then(1).otherwise(0).alias(name) for name, rule in rules.items()]
    rows = member_periods(log, period, kinds=kinds).select("p", *flags)
    return small(rows.group_by("p").agg(*(nw.col(name).sum() for name in rules)))
