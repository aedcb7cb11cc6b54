"""Where members stand: new, retained, back again, gone quiet, about to go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
from narwhals.typing import IntoFrame

from cmlib.data.clock import DAY, check_period, period_start
from cmlib.data.communities import Community, log_of
from cmlib.data.frames import close_frame, small, table_like
from cmlib.data.log import Log
from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._checks import whole_number
from cmlib.kpi._periods import (
    NEVER,
    calendar,
    days_to_periods,
    fill,
    member_periods,
    share_of,
)
from cmlib.kpi.survival import proportion_interval

__all__ = ["at_risk", "churn_rate", "comeback_share", "lifecycle_states", "quick_ratio"]

STATES = ("new", "retained", "resurrected", "dormant")
THERE = "already_there"


def lifecycle_states(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
    period: str = "month",
) -> Any:
    """Count the members who are new, retained, resurrected or dormant in each period.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    kinds : list of str, optional
        Kinds of event that make a member active; every kind by default.
    period : {"month", "week", "day"}
        Weeks begin on Monday.

    Returns
    -------
    table of the kind of the events
        Four rows a period: ``period``; ``state``; ``n`` members; ``complete``. States: "new" first
        seen in the period; "retained" active in it and in the one before; "resurrected" active
        in it, not in the one before, but earlier; "dormant" seen earlier, not in it. Where the
        log does not begin with its community, a fifth row, "already_there": first seen in the
        first 30 days of the log, and so no newcomer.

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, or an argument is not one of those accepted.

    Notes
    -----
    The states of a period make everybody seen so far. In an incomplete last period many
    look dormant who only have not come yet. Deleted accounts are not counted.
    """
    log = log_of(community)
    found = _states(log, period, kinds)
    periods = calendar(log, period, since=log.newcomers_from)
    states = STATES if log.complete_history else (*STATES, THERE)
    counts = {name: fill(periods, found["p"], found[name]) for name in (*STATES[:3], THERE)}
    active = sum(counts.values())
    arrived = counts["new"] + counts[THERE]
    counts["dormant"] = _known_before(found, periods.index) + np.cumsum(arrived) - active
    columns = {
        "period": np.repeat(periods.period, len(states)),
        "state": np.array(states * len(periods.index), dtype="U13"),
        "n": np.column_stack([counts[name] for name in states]).ravel(),
        "complete": np.repeat(periods.complete, len(states)),
    }
    return table_like(log.like, columns)


def quick_ratio(
    community: Community | IntoFrame,
    *,
    kinds: Sequence[str] | None = None,
    period: str = "month",
) -> Any:
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
    log = log_of(community)
    found = _states(log, period, kinds)
    periods = calendar(log, period, window=2, since=log.newcomers_from)
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
    community: Community | IntoFrame,
    *,
    gap_days: int = 30,
    kinds: Sequence[str] | None = None,
    period: str = "month",
    level: float = 0.95,
) -> Any:
    """Give the share of each period's active members who then stayed away.

    Parameters
    ----------
    community, kinds, period
        As in :func:`lifecycle_states`.
    gap_days : int, default 30
        Days without any event, counted from the day after the last one in the period.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    table of the kind of the events
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
    gap_days = whole_number(gap_days, "gap_days")
    check_period(period)
    log = log_of(community)
    pairs = member_periods(log, "day", kinds=kinds).select(
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
    community: Community | IntoFrame,
    *,
    gap_days: int = 90,
    kinds: Sequence[str] | None = None,
    level: float = 0.95,
) -> Any:
    """Give the share of members gone quiet who came back all the same.

    Parameters
    ----------
    community, kinds
        As in :func:`lifecycle_states`.
    gap_days : int, default 90
        Gone quiet means more than this many days between two active days, or until `end`.
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
    gap_days = whole_number(gap_days, "gap_days")
    log = log_of(community)
    until = log.local_value(log.end) // DAY
    gap = nw.when(nw.col("after") == NEVER).then(until - nw.col("p")).otherwise(nw.col("after"))
    days = member_periods(log, "day", kinds=kinds).with_columns(
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
    community: Community | IntoFrame,
    *,
    factor: float = 3.0,
    min_days: int = 5,
    max_days: int = 90,
    kinds: Sequence[str] | None = None,
) -> Any:
    """Find the members who have been silent for longer than is usual for them.

    Parameters
    ----------
    community, kinds
        As in :func:`lifecycle_states`; silence is counted up to `end`.
    factor : float, default 3
        At risk when silent for more than this many times their usual gap.
    min_days : int, default 5
        Members active on fewer days have no rhythm yet and are not listed.
    max_days : int, default 90
        Longest silence listed, days: whoever has been silent for longer has left already, and a
        list of them is no list to write to.

    Returns
    -------
    table of the kind of the events
        One row a member, the most unusual silence first: ``member_id``; ``n`` active days;
        ``silence_days`` full days since the last one; ``usual_gap_days`` median of the days
        between two active days; ``ratio`` = silence_days / usual_gap_days; ``at_risk``.

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
    min_days = whole_number(min_days, "min_days", 3)
    max_days = whole_number(max_days, "max_days")
    if not factor > 0:
        raise ParameterError(
            _("factor={given!r} is not accepted. Give a number above 0.").format(given=factor)
        )
    log = log_of(community)
    until = log.local_value(log.end) // DAY
    days = member_periods(log, "day", kinds=kinds).with_columns(
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
    each = each.filter(nw.col("silence_days") <= max_days)
    each = each.with_columns(ratio=nw.col("silence_days") / nw.col("usual_gap_days"))
    each = each.with_columns(at_risk=nw.col("ratio") > factor)
    names = ["u", "n", "silence_days", "usual_gap_days", "ratio", "at_risk"]
    each = each.select(names).sort("ratio", "u", descending=[True, False])
    return close_frame(each.rename({"u": "member_id"}), log.like)


def _states(log: Log, period: str, kinds: Sequence[str] | None) -> dict[str, np.ndarray]:
    """Count, in each period, members in each active state and those not seen in the next one."""
    check_period(period)
    before, after, p = nw.col("before"), nw.col("after"), nw.col("p")
    arrives = before == NEVER
    pairs = member_periods(log, period, kinds=kinds, with_first=log.is_chosen)
    if log.is_chosen:  # chosen events may begin long after the member did
        arrives = p == nw.col("first")
    there = nw.lit(0)
    if not log.complete_history:
        first = log.first_seen(kinds=kinds)
        old = first.filter(nw.col("t") < log.newcomers_from).select("u", there=nw.lit(1))
        pairs = pairs.join(old, on="u", how="left")
        there = nw.col("there").fill_null(0)
    states = {
        "new": arrives & (there == 0),
        THERE: arrives & (there == 1),
        "retained": before == 1,
        "resurrected": ~arrives & (before > 1),
        "lost": after > 1,
    }
    flags = [nw.when(rule).then(1).otherwise(0).alias(name) for name, rule in states.items()]
    rows = pairs.select("p", *flags)
    return small(rows.group_by("p").agg(*(nw.col(name).sum() for name in states)))


def _known_before(found: dict[str, np.ndarray], index: np.ndarray) -> int:
    arrived = found["new"] + found[THERE]
    return int(arrived[found["p"] < index[0]].sum()) if len(index) else 0
