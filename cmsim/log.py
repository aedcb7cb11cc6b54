"""The log of events while it is being written, and the table it becomes."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["ACCEPT", "KINDS", "REACTION", "REPLY", "STORIES", "TOPIC", "VISIT", "Log"]

KINDS = ("visit", "topic", "reply", "reaction", "accept")
VISIT, TOPIC, REPLY, REACTION, ACCEPT = range(5)
STORIES = ("", "spam_wave", "troll_cluster", "broker", "bot", "viral_post")
_FIELDS = ("kind", "time", "member", "thread", "parent", "channel", "group", "story", "toxic")


class Log:
    """Arrays of events, one a column; ``add`` gives back the rows it wrote."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: dict[str, list[np.ndarray]] = {name: [] for name in _FIELDS}
        self._parents: list[tuple[np.ndarray, np.ndarray]] = []

    def add(
        self,
        kind: int,
        time: np.ndarray,
        member: np.ndarray,
        *,
        thread: np.ndarray | None = None,
        parent: np.ndarray | None = None,
        channel: np.ndarray | int = -1,
        group: np.ndarray | int = 0,
        story: int = 0,
        toxic: np.ndarray | bool = False,
    ) -> np.ndarray:
        """Write events and return their rows.

        A topic is its own thread. ``-1`` stands for none.
        """
        count = len(time)
        rows = np.arange(self.size, self.size + count)
        if thread is None:
            thread = rows if kind == TOPIC else np.full(count, -1)
        values = {
            "kind": np.full(count, kind, dtype=np.int8),
            "time": np.asarray(time, dtype=float),
            "member": np.asarray(member, dtype=np.int32),
            "thread": np.asarray(thread, dtype=np.int32),
            "parent": np.asarray(np.full(count, -1) if parent is None else parent, dtype=np.int32),
            "channel": np.broadcast_to(np.asarray(channel, dtype=np.int8), (count,)),
            "group": np.broadcast_to(np.asarray(group, dtype=np.int8), (count,)),
            "story": np.full(count, story, dtype=np.int8),
            "toxic": np.broadcast_to(np.asarray(toxic, dtype=bool), (count,)),
        }
        for name, value in values.items():
            self._parts[name].append(value)
        self.size += count
        return rows

    def set_parent(self, rows: np.ndarray, parents: np.ndarray) -> None:
        """Change whom `rows` reply to."""
        self._parents.append((rows, parents))

    def columns(self) -> dict[str, np.ndarray]:
        """Return the columns as they stand, in the order of writing."""
        columns = {name: np.concatenate(parts) for name, parts in self._parts.items()}
        for rows, parents in self._parents:
            columns["parent"][rows] = parents
        self._parts = {name: [column] for name, column in columns.items()}
        self._parents = []
        return columns


def in_order(columns: dict[str, np.ndarray], start: pd.Timestamp) -> dict[str, np.ndarray]:
    """Sort the log by second, then by order of writing; rows become event ids from 1."""
    first = int(start.to_datetime64().astype("datetime64[s]").astype(np.int64))
    seconds = (columns["time"] * 3600).astype(np.int64)
    packed = np.sort((seconds << 32) | np.arange(len(seconds)))
    order = packed & 0xFFFFFFFF
    place = np.empty(len(order) + 1, dtype=np.int32)
    place[order] = np.arange(1, len(order) + 1, dtype=np.int32)
    place[-1] = 0
    result = {name: column[order] for name, column in columns.items() if name != "time"}
    result["thread"] = place[result["thread"]]
    result["parent"] = place[result["parent"]]
    result["timestamp"] = ((packed >> 32) + first).astype("datetime64[s]")
    return result
