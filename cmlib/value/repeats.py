"""From a log to how often, how recently and for how long each person has come back."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cmlib.errors import TableError
from cmlib.i18n import _
from cmlib.value._checks import moment, need_columns

__all__ = ["repeat_summary"]

_DAYS_A_WEEK = 7.0


def repeat_summary(
    log: pd.DataFrame,
    *,
    end: Any,
    who: str = "customer_id",
    time: str = "timestamp",
) -> pd.DataFrame:
    """Sum a log up to how often, how recently and for how long each person has come back.

    Parameters
    ----------
    log : pandas.DataFrame
        One row an order, or one row a post: the ``orders`` or the ``events`` table.
    end : date
        End of the observation, excluded: ``"2025-07-01"`` observes June 30 and not July 1.
        Rows from `end` on are left out.
    who, time : str
        Columns of the person (``"member_id"`` for events) and of the time (UTC).

    Returns
    -------
    pandas.DataFrame
        One row a person, in the order of their ids: the column named by `who`,
        ``frequency`` (days with an act, the first day not counted), ``recency_weeks``
        (from the first day to the last one with an act; 0 without a repeat) and
        ``age_weeks`` (from the first day to the last day observed).

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When the times are not dates.

    Notes
    -----
    Three traps: the first act is not a repeat; two acts on one (UTC) day are one; recency is
    an age at the last act, not the time since it. Rows without a person are left out.
    A person first seen on the last day has age 0.

    References
    ----------
    .. [1] Fader, P. S. & Hardie, B. G. S. (2005), CDNOW data notes, brucehardie.com.

    Examples
    --------
    >>> orders = pd.DataFrame(
    ...     {
    ...         "customer_id": [1, 1, 1, 2],
    ...         "timestamp": pd.to_datetime(
    ...             ["2025-01-01 09:00", "2025-01-01 18:00", "2025-01-15 12:00", "2025-01-08 12:00"]
    ...         ),
    ...     }
    ... )
    >>> repeat_summary(orders, end="2025-01-30")
       customer_id  frequency  recency_weeks  age_weeks
    0            1          1            2.0        4.0
    1            2          0            0.0        3.0
    """
    need_columns(log, {"who": who, "time": time})
    if not pd.api.types.is_datetime64_any_dtype(log[time]):
        raise TableError(
            _(
                "The column {column!r} does not hold dates. "
                'Convert it with pd.to_datetime(table["{column}"]).'
            ).format(column=time)
        )
    stop = moment("end", end)
    rows = log.loc[log[who].notna() & (log[time] < stop), [who, time]]
    days = rows.assign(_day=rows[time].dt.floor("D"))[[who, "_day"]].drop_duplicates()
    seen = days.groupby(who, sort=True)["_day"].agg(["min", "max", "size"]).reset_index()
    last_day = (stop - pd.Timedelta(1, "s")).floor("D")
    return pd.DataFrame(
        {
            who: seen[who],
            "frequency": seen["size"].astype("int64") - 1,
            "recency_weeks": _weeks(seen["max"] - seen["min"]),
            "age_weeks": _weeks(last_day - seen["min"]),
        }
    )


def _weeks(duration: pd.Series) -> pd.Series:
    return duration / pd.Timedelta(days=_DAYS_A_WEEK)
