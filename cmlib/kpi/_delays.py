"""Summaries of tables of delays: what is over, what is still waiting, what is old enough."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.errors import ParameterError
from cmlib.i18n import _
from cmlib.kpi._frames import need_columns, open_frame, small, with_seconds
from cmlib.kpi._ratios import refuse_negative
from cmlib.kpi._rows import By, Rows, by_group, open_rows
from cmlib.kpi.survival import kaplan_meier

HOUR = 3600
DELAY, OBSERVED = "delay_h", "observed_h"


def mature_rows(
    delays: Any, mature_h: float, by: By, period: str | None, start: Any, tz: str | None
) -> Rows:
    """Read the rows of a table of delays that were observed for at least `mature_h` hours."""
    if not mature_h >= 0:
        raise ParameterError(
            _("{hours} hours is not accepted: give 0 or more.").format(hours=mature_h)
        )
    frame = open_frame(delays)
    need_columns(frame, delay=DELAY, observed=OBSERVED)
    rows = open_rows(
        delays,
        columns={"delay": DELAY, "observed": OBSERVED},
        by=by,
        time="opened_at",
        period=period,
        start=start,
        end=_last_mature(frame, mature_h) if period is not None else None,
        tz=tz,
    )
    mature = rows.frame.filter(nw.col(OBSERVED) >= mature_h)
    return Rows(mature, rows.by, rows.like, rows.log, rows.period)


def delay_summary(
    delays: Any,
    ended: str,
    *,
    by: By,
    period: str | None,
    start: Any,
    tz: str | None,
    level: float,
) -> Any:
    """Describe the delays of those that ended, and of all with Kaplan-Meier."""
    rows = mature_rows(delays, 0, by, period, start, tz)
    refuse_negative(rows.frame, DELAY)
    collected = small(rows.frame.select(*rows.by, DELAY, OBSERVED))
    groups = by_group(collected, rows.by)
    described = [_describe(group, ended, level) for _key, group in groups]
    columns: dict[str, Any] = {
        name: np.array([key[place] for key, _group in groups]) for place, name in enumerate(rows.by)
    }
    for name, kind in _columns(ended).items():
        columns[name] = np.array([row[name] for row in described], dtype=kind)
    return rows.close_columns(columns)


def _last_mature(frame: nw.LazyFrame[Any], mature_h: float) -> pd.Timestamp:
    """One second after the last opening that is old enough, from the time observed so far."""
    ends = with_seconds(frame, "opened_at", "_opened").select(
        end=(nw.col("_opened").cast(nw.Float64) + nw.col(OBSERVED) * HOUR).max()
    )
    end = small(ends)["end"][0]
    known = 0 if end is None or np.isnan(end) else round(float(end) - mature_h * HOUR)
    return pd.Timestamp(known + (1 if mature_h else 0), unit="s")


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
