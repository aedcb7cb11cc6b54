"""Logs of people who come, stay and leave, worked by hand or drawn."""

import numpy as np
import pandas as pd

START = pd.Timestamp("2025-01-01")


def log_of(days: dict[int, list[int]], kind: str = "visit") -> pd.DataFrame:
    """Members and the days (0 is 1 January 2025) on which each was active, at noon."""
    rows = [
        (START + pd.Timedelta(days=day, hours=12), u) for u, each in days.items() for day in each
    ]
    table = pd.DataFrame(rows, columns=["timestamp", "member_id"])
    table = table.assign(event_id=np.arange(len(table)), kind=kind)
    return table.astype({"timestamp": "datetime64[s]", "member_id": "int64"})


def many(seed: int = 1, n: int = 400) -> pd.DataFrame:
    """Fifty members who come and go over 250 days, some authors deleted."""
    generator = np.random.default_rng(seed)
    member = generator.integers(1, 50, n)
    day = np.minimum(member * 3 + generator.integers(0, 120, n), 250)
    seconds = day * 86_400 + generator.integers(0, 86_400, n)
    stamps = (START + pd.to_timedelta(seconds, unit="s")).astype("datetime64[s]")
    table = pd.DataFrame(
        {
            "event_id": np.arange(n),
            "timestamp": stamps,
            "member_id": pd.array(member, dtype="Int64"),
            "kind": generator.choice(["visit", "topic", "reply"], n),
        }
    )
    table.loc[::31, "member_id"] = pd.NA
    return table
