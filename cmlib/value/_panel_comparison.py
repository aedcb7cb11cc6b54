"""What the comparisons of members and others share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from cmlib.data.frames import need_columns
from cmlib.errors import TableError
from cmlib.messages import N_, _
from cmlib.value.estimate import Estimate

PANEL_COLUMNS = ("customer_id", "period", "member", "exposure")
OUTCOME = "spend_eur_month"
UNIT = N_("EUR a month")


def one_row_each(panel: pd.DataFrame, outcome: str, kept: Sequence[str] = ()) -> pd.DataFrame:
    need_columns(panel, PANEL_COLUMNS)
    need_columns(panel, [outcome], argument="outcome")
    before = panel[panel["period"] == "before"].set_index("customer_id")
    after = panel[panel["period"] == "after"].set_index("customer_id")
    if not (before.index.is_unique and after.index.is_unique) or set(before.index) != set(
        after.index
    ):
        raise TableError(
            _(
                "Each customer needs one row before and one row after: "
                "build the table with customer_panel()."
            )
        )
    wide = pd.DataFrame(
        {
            "before": before[outcome].astype(float),
            "after": after[outcome].reindex(before.index).astype(float),
            "exposure_before": before["exposure"].astype(float),
            "exposure_after": after["exposure"].reindex(before.index).astype(float),
            "member": before["member"],
        }
    )
    return wide.assign(**{column: before[column] for column in kept})


def welch(first: Any, second: Any) -> tuple[float, float, float]:
    parts = first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)
    total = sum(parts)
    spread = parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(second) - 1)
    freedom = total**2 / spread if spread > 0 else float("inf")
    return float(first.mean() - second.mean()), math.sqrt(total), float(freedom)


def symmetric(
    value: float, margin: float, level: float, n: int, method: str, unit: str = UNIT
) -> Estimate:
    return Estimate(value, value - margin, value + margin, level, n, unit, method)
