"""Summaries of tables of delays: what is over, what is still waiting, what is old enough."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.data.communities import Community, table_log
from cmlib.data.frames import Frame, as_list, as_seconds, need_columns, open_frame, small
from cmlib.data.log import Log
from cmlib.errors import ParameterError, unknown_choice
from cmlib.i18n import _
from cmlib.kpi._rows import By, Rows, by_group, grouped_rows
from cmlib.kpi.survival import kaplan_meier

HOUR = 3600
DELAY, OBSERVED = "delay_h", "observed_h"

__all__ = ["DELAY", "HOUR", "OBSERVED", "delay_summary", "mature_rows"]


def mature_rows(
    source: Community | IntoFrame,
    of: str,
    mature_h: float,
    by: By,
    period: str | None,
    *,
    log: Log | None = None,
) -> Rows:
    """Read the questions that were observed for at least `mature_h` hours.

    `source` is a community, or a table of delays, whose periods are then cut in UTC unless `log`
    is the one it was made from.
    """
    if not mature_h >= 0:
        raise ParameterError(
            _("{hours} hours is not accepted: give 0 or more.").format(hours=mature_h)
        )
    delays, known = delays_of(source, of, by)
    log = log or known
    keys = as_list(by)
    frame = open_frame(delays)
    need_columns(frame, [DELAY, OBSERVED])
    need_columns(frame, keys, argument="by")
    timed = ["opened_at"] if period is not None else []
    need_columns(frame, timed)
    rows = frame.select(
        *timed, DELAY, OBSERVED, *(nw.col(key).alias(f"by_{i}") for i, key in enumerate(keys))
    )
    rows = rows.filter(~nw.col(OBSERVED).is_null())  # a date before its question is no delay
    mature = rows.filter(nw.col(OBSERVED) >= mature_h)
    if period is None:
        return grouped_rows(mature, Log(delays, time="opened_at", without=None), keys, None)
    if log is None:
        end = _last_mature(rows, mature_h)
        log = Log(delays, time="opened_at", without=None, end=end)
        until = end
    else:
        until = log.end - round(mature_h * HOUR) + (1 if mature_h else 0)
    mature = as_seconds(mature.rename({"opened_at": "t"}), "t", called="opened_at")
    if log.start is not None:
        mature = mature.filter(nw.col("t") >= log.start)
    grouped = grouped_rows(mature, log, keys, period, until=max(until, log.start))
    return replace(grouped, log=Log(delays, time="opened_at", without=None))


def delays_of(source: Community | IntoFrame, of: str, by: By) -> tuple[Any, Log | None]:
    """Return a table of delays, and the log of the community from which it was worked out."""
    from cmlib.kpi.support import first_response, ticket_delay

    if not isinstance(source, Community):
        return source, None
    if of == "topics":
        return first_response(source, keep=by), source.log
    if of == "tickets":
        return ticket_delay(source, keep=by), table_log(source, "tickets", "opened_at")
    raise unknown_choice("of", of, ("topics", "tickets"))


def delay_summary(rows: Rows, ended: str, *, level: float) -> Any:
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


def _last_mature(rows: Frame, mature_h: float) -> int:
    """One second after the last opening that is old enough, from the time observed so far."""
    ends = as_seconds(rows, "opened_at", called="opened_at").select(
        end=(nw.col("opened_at").cast(nw.Float64) + nw.col(OBSERVED) * HOUR).max()
    )
    end = small(ends)["end"][0]
    known = 0 if end is None or np.isnan(end) else round(float(end) - mature_h * HOUR)
    return known + (1 if mature_h else 0)


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
