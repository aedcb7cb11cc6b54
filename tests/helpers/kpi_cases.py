"""Small tables, worked by hand, on which every engagement and support KPI runs on every engine."""

import numpy as np
import pandas as pd


def moments(*texts):
    return pd.to_datetime(pd.Series(list(texts)), format="ISO8601").astype("datetime64[us]")


def events():
    """Five topics: answered, own reply only, a bot's reply only, deleted accounts, young."""
    rows = [
        # topic 1 by member 1: own reply, then member 2 after 2 h, staff 9 after 3 h
        (1, "2025-01-06T10:00", 1, "topic", 1, "help"),
        (2, "2025-01-06T10:05", 1, "reply", 1, "help"),
        (3, "2025-01-06T12:00", 2, "reply", 1, "help"),
        (4, "2025-01-06T13:00", 9, "reply", 1, "help"),
        (5, "2025-01-08T10:00", 1, "accept", 1, "help"),
        # topic 6 by member 2: only the author adds to it
        (6, "2025-01-07T10:00", 2, "topic", 6, "help"),
        (7, "2025-01-07T11:00", 2, "reply", 6, "help"),
        # topic 8 by member 3: the bot after a minute, staff after 50 h
        (8, "2025-01-08T10:00", 3, "topic", 8, "chat"),
        (9, "2025-01-08T10:01", 99, "reply", 8, "chat"),
        (10, "2025-01-10T12:00", 9, "reply", 8, "chat"),
        # topic 11 by a deleted account: a deleted account, then member 1 after 10 h
        (11, "2025-01-09T10:00", None, "topic", 11, "chat"),
        (12, "2025-01-09T11:00", None, "reply", 11, "chat"),
        (13, "2025-01-09T20:00", 1, "reply", 11, "chat"),
        # topic 14 by member 1, opened 5 h before the end
        (14, "2025-01-31T19:00", 1, "topic", 14, "help"),
        # a reaction after the end, by member 5
        (15, "2025-02-02T00:00", 5, "reaction", 14, "help"),
        (16, "2025-01-07T12:00", 5, "reaction", 1, "help"),
    ]
    names = ["event_id", "timestamp", "member_id", "kind", "thread_id", "channel"]
    table = pd.DataFrame(rows, columns=names)
    return table.assign(
        timestamp=moments(*table["timestamp"]),
        member_id=table["member_id"].astype("Int64"),
    )


def members():
    """Member 9 is the staff, 99 a bot; 3 never says what they are not."""
    return pd.DataFrame(
        {
            "member_id": [1, 2, 3, 5, 9, 99],
            "role": ["member", "member", "member", "member", "staff", "bot"],
        }
    )


def posts():
    """Six planned posts: early, on time twice, late, never out, not due before February."""
    return pd.DataFrame(
        {
            "post_id": [1, 2, 3, 4, 5, 6],
            "planned_at": moments(
                "2025-01-06T08:00",
                "2025-01-07T08:00",
                "2025-01-08T08:00",
                "2025-01-09T08:00",
                "2025-01-10T08:00",
                "2025-03-01T08:00",
            ),
            "published_at": moments(
                "2025-01-06T05:00",
                "2025-01-07T08:30",
                "2025-01-08T09:00",
                "2025-01-09T12:00",
                None,
                None,
            ),
            "format": ["photo", "photo", "video", "video", "photo", "video"],
            "author_type": ["brand", "member", "brand", "partner", "brand", "brand"],
            "impressions": pd.array([200, 400, 1000, 0, None, None], dtype="Int64"),
            "reach": pd.array([100, 300, 600, 0, None, None], dtype="Int64"),
            "clicks": pd.array([4, 0, 10, 0, None, None], dtype="Int64"),
            "reactions": pd.array([10, 6, 12, 0, None, None], dtype="Int64"),
            "comments": pd.array([2, 0, 4, 0, None, None], dtype="Int64"),
            "shares": pd.array([1, 0, 1, 0, None, None], dtype="Int64"),
            "saves": pd.array([0, 0, 1, 0, None, None], dtype="Int64"),
            "dwell_s": [10.0, 20.0, 60.0, np.nan, np.nan, np.nan],
        }
    )


def tickets():
    return pd.DataFrame(
        {
            "ticket_id": [1, 2, 3, 4, 5],
            "opened_at": moments(
                "2025-01-06T10:00",
                "2025-01-07T10:00",
                "2025-01-20T10:00",
                "2025-02-03T10:00",
                "2025-02-04T10:00",
            ),
            "first_response_at": moments(
                "2025-01-06T10:30", "2025-01-07T14:00", None, "2025-02-03T11:00", None
            ),
            "resolved_at": moments(
                "2025-01-08T10:00", "2025-02-05T10:00", None, "2025-02-03T22:00", None
            ),
            "category": ["billing", "technical", "technical", "billing", "technical"],
            "topic": ["invoice", "login", "login", "invoice", "colour"],
            "escalated": [False, True, False, False, False],
        }
    )


def sent():
    """Simpson: B is better in each segment and worse over all recipients."""
    counts = [
        ("old", "A", 80, 100),
        ("old", "B", 18, 20),
        ("new", "A", 2, 20),
        ("new", "B", 20, 100),
    ]
    parts = [
        pd.DataFrame({"segment": s, "variant": v, "converted": [True] * k + [False] * (n - k)})
        for s, v, k, n in counts
    ]
    return pd.concat(parts, ignore_index=True)


def panel():
    """Treated 100 to 130, control 70 to 80, four units each, before and after."""
    rows = []
    for unit in range(8):
        treated = unit < 4
        wobble = (unit % 4) - 1.5
        before, after = (100, 130) if treated else (70, 80)
        rows.append((unit, treated, False, before + 4 * wobble))
        rows.append((unit, treated, True, after + 4 * wobble + (-1) ** unit))
    return pd.DataFrame(rows, columns=["unit", "treated", "after", "spend"])


def invited():
    return pd.DataFrame(
        {
            "online_event_id": [1, 1, 1, 1, 2, 2],
            "invited": [True, True, True, False, True, True],
            "registered": [True, True, False, False, False, False],
            "attended": [True, False, True, True, False, False],
        }
    )


def mentions():
    return pd.DataFrame(
        {
            "timestamp": moments(
                "2025-01-06", "2025-01-07", "2025-01-08", "2025-01-09", "2025-02-03", "2025-02-04"
            ),
            "brand": ["Ours", "Rival", "Rival", "Rival", "Ours", "Rival"],
            "source": ["blog", "blog", "press", "press", "blog", "blog"],
            "sentiment": ["positive", "negative", "neutral", "negative", "positive", None],
        }
    )
