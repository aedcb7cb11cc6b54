"""Real logs, which stay outside the repository: CMLIB_REALDATA names their folder."""

import os
from pathlib import Path

import pytest

from cmlib import data

FOLDER = Path(os.environ.get("CMLIB_REALDATA") or ".")
needs_real_logs = pytest.mark.skipif(
    not os.environ.get("CMLIB_REALDATA"),
    reason="CMLIB_REALDATA does not name a folder of real logs",
)


def history_meta(**options) -> data.Community:
    """Open the questions and answers of history.meta.stackexchange.com."""
    return data.read(
        FOLDER / "history_meta_events.csv",
        time="created_at",
        member="user_id",
        thread="thread_id",
        parent="parent_id",
        event="event_id",
        kind="kind",
        **options,
    )
