"""From a log to how often, how recently and for how long each person has come back."""

from __future__ import annotations

import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.checks import choice
from cmlib.data.communities import Community, log_of, table_log
from cmlib.data.frames import to_pandas

__all__ = ["repeat_summary"]

_DAYS_A_WEEK = 7.0
_WHO = {"orders": "customer_id", "events": "member_id"}


def repeat_summary(community: Community | IntoFrame, *, of: str = "orders") -> pd.DataFrame:
    """Sum a log up to how often, how recently and for how long each person has come back.

    Parameters
    ----------
    community : Community, or table of orders or events
        Of a community, acts before its end, by days on its clock; a bare table is observed until
        its last act, in UTC.
    of : {"orders", "events"}, default "orders"
        Whose acts: orders of customers, or events of members.

    Returns
    -------
    pandas.DataFrame
        One row a person, in the order of their ids: ``customer_id`` (``member_id`` for events),
        ``frequency`` (days with an act, the first day not counted), ``recency_weeks``
        (from the first day to the last one with an act; 0 without a repeat) and
        ``age_weeks`` (from the first day to the last day observed).

    Raises
    ------
    ColumnError
        When a column is missing, or the times are not dates.

    Notes
    -----
    Three traps: the first act is not a repeat; two acts on one local day are one; recency is
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
    >>> from cmlib.data import community
    >>> repeat_summary(community(orders=orders, end="2025-01-30"))
       customer_id  frequency  recency_weeks  age_weeks
    0            1          1            2.0        4.0
    1            2          0            0.0        3.0
    """
    choice("of", of, _WHO)
    who = _WHO[of]
    if of == "events":
        log = log_of(community)
        rows = to_pandas(log.rows()).rename(columns={"u": who})
    else:
        log = table_log(community, of, "timestamp")
        rows = to_pandas(log.rows(who))
    rows = rows[rows[who].notna()]
    local = log.local_array(rows["t"].to_numpy(dtype="int64")).astype("datetime64[s]")
    days = rows[[who]].assign(_day=local).assign(_day=lambda table: table["_day"].dt.floor("D"))
    days = days.drop_duplicates()
    seen = days.groupby(who, sort=True)["_day"].agg(["min", "max", "size"]).reset_index()
    last_day = pd.Timestamp(log.local_value(log.end - 1), unit="s").floor("D")
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
