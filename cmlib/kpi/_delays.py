"""Summaries of tables of delays: what is over, what is still waiting, what is old enough."""

from __future__ import annotations

import warnings
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.data.clock import HOUR
from cmlib.data.communities import Community, table_log
from cmlib.data.frames import Frame, as_list, as_seconds, need_columns, open_frame, small
from cmlib.data.log import Log
from cmlib.data.values import number
from cmlib.errors import NotCountedWarning, ParameterError
from cmlib.i18n import format_number
from cmlib.kpi._grouped_rows import By, Rows, by_group, grouped_rows
from cmlib.kpi.survival import kaplan_meier
from cmlib.messages import _

__all__ = [
    "DELAY",
    "OBSERVED",
    "delay_rows",
    "delay_summary",
    "kept_names",
    "ticket_log",
    "warn_impossible",
]

DELAY, OBSERVED = "delay_h", "observed_h"
_NAMED = 3


def ticket_log(source: Community | IntoFrame, until: str) -> Log:
    """Return the tickets as a view counts them; the last date in `until` may end them too."""
    log = table_log(source, "tickets", "opened_at")
    need_columns(log.events, [until])
    if log.ends_said:
        return log
    dates = as_seconds(log.events.select(until), until, called=until)
    last = small(dates.select(last=nw.col(until).max()))["last"][0]
    end = max(log.end, 0 if last is None or pd.isna(last) else int(last) + 1)
    if not isinstance(source, Community):
        return Log(log.like, without=None, time="opened_at", end=end)
    view = source.view(end=pd.Timestamp(end, unit="s", tz="UTC"))
    return table_log(view, "tickets", "opened_at")


def kept_names(keep: By, there: list[str], made: list[str]) -> list[str]:
    """Return the columns to carry along, without those `there` already; `made` ones clash."""
    for name in as_list(keep):
        if name in made:
            raise ParameterError(
                _(
                    "keep={name!r}: the result has a column of its own with that name. Rename "
                    "yours in the table first."
                ).format(name=name)
            )
    return [name for name in dict.fromkeys(as_list(keep)) if name not in there]


def delay_rows(
    delays: IntoFrame, by: By, period: str | None, *, mature_h: float = 0, log: Log | None = None
) -> Rows:
    """Read the questions of a table of delays that were observed for at least `mature_h` hours.

    Periods are those of `log`, from which the delays were worked out; without it, in UTC, from
    the first opening to the last moment that the table knows of.
    """
    keys = as_list(by)
    frame = open_frame(delays)
    need_columns(frame, [DELAY, OBSERVED])
    need_columns(frame, keys, argument="by")
    if period is None:
        own, until = Log(delays, without=None), None
        named = [nw.col(name).alias(f"by_{place}") for place, name in enumerate(keys)]
        rows = frame.select(DELAY, OBSERVED, *named)
    else:
        own = _dated(delays, log)
        until = own.end - round(mature_h * HOUR) + bool(mature_h)
        rows = own.rows(DELAY, OBSERVED, by=keys)
    rows = rows.with_columns(number(DELAY).alias(DELAY), number(OBSERVED).alias(OBSERVED))
    if "censored" not in frame.collect_schema():  # made by hand: nobody has looked at it yet
        _warn_negative(rows)
    possible = nw.col(DELAY).is_null() | (nw.col(DELAY) >= 0)
    rows = rows.filter(possible, nw.col(OBSERVED) >= mature_h)
    return grouped_rows(rows, own, keys, period, until=until)


def delay_summary(rows: Rows, ended: str, *, level: float) -> IntoFrame:
    """Describe the delays of those that ended, and of all with Kaplan-Meier."""
    collected = small(rows.frame.select(*rows.by, DELAY, OBSERVED))
    groups = by_group(collected, rows.by)
    described = [_describe(group, ended, level) for _key, group in groups]
    columns: dict[str, Any] = {
        name: np.array([key[place] for key, _group in groups]) for place, name in enumerate(rows.by)
    }
    for name, kind in _columns(ended).items():
        columns[name] = np.array([row[name] for row in described], dtype=kind)
    return rows.close_columns(columns)


def warn_impossible(
    rows: Frame, until: str, *, opened: str, ended: str, numbered: list[str]
) -> None:
    """Say which tickets ended before they were opened; both columns hold seconds."""
    odd = rows.filter(nw.col(ended) < nw.col(opened))
    found = small(odd.select(opened, *numbered, early=nw.col(opened) - nw.col(ended)))
    n = len(found["early"])
    if not n:
        return
    first = np.argsort(found[opened], kind="stable")[:_NAMED]
    which = ", ".join(
        _("{ticket} ({minutes} min before)").format(
            ticket=found[numbered[0]][place] if numbered else "?",
            minutes=format_number(found["early"][place] / 60),
        )
        for place in first
    )
    warnings.warn(
        _(
            "Tickets whose {until} comes before opened_at: {n}. They have no delay and are not "
            "counted: {tickets}."
        ).format(until=until, n=format_number(n), tickets=which + (", …" if n > _NAMED else "")),
        NotCountedWarning,
        stacklevel=3,
    )


def _dated(delays: IntoFrame, log: Log | None) -> Log:
    """Read a table of delays over the period of the log it was made from, where that is known."""
    if log is not None:
        return Log(
            delays,
            without=None,
            time="opened_at",
            tz=log.tz,
            start=log.start,
            end=log.end,
            observed_from=log.start,  # what was asked earlier is not in the table
        )
    frame = open_frame(delays)
    need_columns(frame, ["opened_at"])
    rows = as_seconds(frame.select("opened_at", OBSERVED), "opened_at", called="opened_at")
    seen = nw.col("opened_at").cast(nw.Float64) + number(OBSERVED) * HOUR
    end = small(rows.select(end=seen.max()))["end"][0]
    whole = 0 if end is None or np.isnan(end) else round(float(end))
    return Log(delays, without=None, time="opened_at", end=whole)


def _warn_negative(rows: Frame) -> None:
    n = len(rows.filter(nw.col(DELAY) < 0).select(DELAY).collect())
    if n:
        warnings.warn(
            _("Delays below 0: {n}. They are not counted.").format(n=format_number(n)),
            NotCountedWarning,
            stacklevel=4,
        )


def _describe(group: pd.DataFrame, ended: str, level: float) -> dict[str, float]:
    delay = group[DELAY].to_numpy(dtype="float64")
    over = ~np.isnan(delay)
    curve = kaplan_meier(
        np.where(over, delay, group[OBSERVED].to_numpy(dtype="float64")), over, level=level
    )
    low, high = curve.quantile_interval(0.5)
    known = delay[over]
    median, p90 = np.quantile(known, [0.5, 0.9]) if known.size else (np.nan, np.nan)
    values = (
        delay.size,
        known.size,
        median,
        known.mean() if known.size else np.nan,
        p90,
        curve.quantile(0.5),
        low,
        high,
        curve.quantile(0.9),
    )
    return dict(zip(_columns(ended), values, strict=True))


def _columns(ended: str) -> dict[str, str]:
    return {
        "n": "int64",
        f"n_{ended}": "int64",
        f"{ended}_median_h": "float64",
        f"{ended}_mean_h": "float64",
        f"{ended}_p90_h": "float64",
        "km_median_h": "float64",
        "km_median_low_h": "float64",
        "km_median_high_h": "float64",
        "km_p90_h": "float64",
    }
