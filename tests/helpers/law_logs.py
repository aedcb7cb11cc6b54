"""Logs on which the laws are tried: random ones with every trap, and what a law does to one."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cmlib import data

KINDS = ("visit", "topic", "reply", "reaction", "accept")
WEEK = pd.Timedelta(days=7)


@dataclass(frozen=True)
class Log:
    """Tables of a community and what is said of them at the door."""

    events: pd.DataFrame
    members: pd.DataFrame
    start: pd.Timestamp
    end: pd.Timestamp
    tz: str = "UTC"
    complete: bool = True

    def community(self, give=lambda table: table):
        return data.community(
            events=give(self.events),
            members=self.members,
            tz=self.tz,
            start=self.start.tz_localize("UTC"),
            end=self.end.tz_localize("UTC"),
            complete_history=self.complete,
        )


def random_log(seed: int) -> Log:
    """Draw a small log: ties, deleted authors, bots, lone topics, early replies, odd threads."""
    rng = np.random.default_rng(seed)
    n, people = int(rng.integers(5, 80)), int(rng.integers(2, 10))
    start = pd.Timestamp("2025-01-06")
    span = int(rng.choice([3, 40, 150]))
    hours = np.sort(rng.integers(0, span * 24, n))
    if rng.random() < 0.3:
        hours = hours // 12 * 12  # many ties of time
    kind = rng.choice(KINDS, n, p=(0.25, 0.25, 0.35, 0.1, 0.05))
    member = rng.integers(1, people + 1, n).astype("float64")
    member[rng.random(n) < 0.08] = np.nan
    thread = np.full(n, np.nan)
    parent = np.full(n, np.nan)
    number = np.arange(1, n + 1) * 3
    threads: list[list[int]] = []
    for place in range(n):
        if kind[place] == "visit":
            continue
        lonely = rng.random() < 0.1
        if kind[place] == "topic" and (rng.random() < 0.9 or not threads):
            if not lonely:
                threads.append([place])
                thread[place] = 1000 + len(threads)
        elif threads and not lonely:
            chosen = int(rng.integers(len(threads)))
            thread[place] = 1000 + chosen + 1
            if rng.random() < 0.5:
                parent[place] = number[int(rng.choice(threads[chosen]))]
            threads[chosen].append(place)
    if n > 8 and rng.random() < 0.3:  # a reply dated before its topic
        late = np.flatnonzero(kind == "reply")[:1]
        hours[late] = 0
    events = pd.DataFrame(
        {
            "event_id": number,
            "timestamp": (start + pd.to_timedelta(hours, unit="h")).astype("datetime64[s]"),
            "member_id": pd.array(member, dtype="Int64"),
            "kind": pd.Series(kind, dtype="str"),
            "thread_id": pd.array(thread, dtype="Int64"),
            "parent_id": pd.array(parent, dtype="Int64"),
            "channel": pd.Series(rng.choice(["help", "news"], n), dtype="str"),
        }
    )
    everybody = np.arange(1, people + 3)
    roles = np.where(rng.random(len(everybody)) < 0.15, "staff", "member")
    roles[-1] = "bot"
    members = pd.DataFrame(
        {
            "member_id": everybody,
            "joined_at": (start + pd.to_timedelta(rng.integers(0, span, len(everybody)), unit="D"))
            .astype("datetime64[s]"),
            "role": pd.Series(roles, dtype="str"),
        }
    )  # fmt: skip
    return Log(
        events,
        members,
        start,
        start + pd.Timedelta(days=span + int(rng.integers(0, 40))),
        tz=str(rng.choice(["UTC", "Europe/Paris"])),
        complete=bool(rng.random() < 0.5),
    )


def shuffled(log: Log, seed: int) -> Log:
    return replace(
        log,
        events=log.events.sample(frac=1, random_state=seed).reset_index(drop=True),
        members=log.members.sample(frac=1, random_state=seed).reset_index(drop=True),
    )


def with_columns(log: Log) -> Log:
    """Add columns called like those that the package uses inside."""
    names = ["t", "u", "n", "p", "k", "by_0", "period", "before", "after", "first", "opened"]
    names += ["asker", "answered", "_kind", "_flag", "_value", "complete", "delay_h", "local_time"]
    extra = {name: np.arange(len(log.events)) for name in names}
    return replace(
        log,
        events=log.events.assign(**extra),
        members=log.members.assign(t=0, u=1, n=2, j=3, day=4),
    )


def with_types(log: Log, kind: str) -> Log:
    events, members = log.events, log.members
    if kind == "pyarrow":
        arrow = {
            "member_id": "int64[pyarrow]",
            "timestamp": "timestamp[us][pyarrow]",
            "event_id": "int64[pyarrow]",
        }
        return replace(log, events=events.astype(arrow))
    if kind == "categorical":
        return replace(log, events=events.astype({"kind": "category", "channel": "category"}))
    if kind == "zoned":
        zoned = events["timestamp"].dt.tz_localize("UTC").dt.tz_convert("America/New_York")
        joined = members["joined_at"].dt.tz_localize("UTC").dt.tz_convert("Asia/Kolkata")
        return replace(
            log, events=events.assign(timestamp=zoned), members=members.assign(joined_at=joined)
        )
    if kind == "float":
        return replace(log, events=events.astype({"member_id": "float64", "parent_id": "float64"}))
    names = {one: f"m{one:05d}" for one in members["member_id"]}
    text = events["member_id"].map(names).astype("str")
    return replace(
        log,
        events=events.assign(member_id=text.where(events["member_id"].notna())),
        members=members.assign(member_id=members["member_id"].map(names).astype("str")),
    )


def renamed(log: Log, seed: int) -> tuple[Log, dict]:
    """Give members and threads other names at random, events other numbers in order."""
    rng = np.random.default_rng(seed)
    people = log.members["member_id"].to_numpy()
    new = dict(zip(people, rng.permutation(len(people)) * 7 + 500, strict=True))
    threads = log.events["thread_id"].dropna().unique()
    other = dict(zip(threads, rng.permutation(len(threads)) + 90_000, strict=True))
    numbers = np.sort(log.events["event_id"].to_numpy())
    steps = np.cumsum(rng.integers(1, 9, len(numbers))) + 10_000
    events = dict(zip(numbers, steps, strict=True))
    table = log.events.assign(
        event_id=log.events["event_id"].map(events).astype("int64"),
        member_id=log.events["member_id"].map(new).astype("Int64"),
        thread_id=log.events["thread_id"].map(other).astype("Int64"),
        parent_id=log.events["parent_id"].map(events).astype("Int64"),
    )
    members = log.members.assign(member_id=log.members["member_id"].map(new).astype("int64"))
    return replace(log, events=table, members=members), {
        "member_id": new,
        "thread_id": other,
        "event_id": events,
        "source": new,
        "target": new,
    }


def doubled(log: Log) -> Log:
    """Put the same log beside itself under other names."""
    copy = log.events.assign(
        event_id=log.events["event_id"] + 100_000,
        member_id=log.events["member_id"] + 100_000,
        thread_id=log.events["thread_id"] + 100_000,
        parent_id=log.events["parent_id"] + 100_000,
    )
    members = log.members.assign(member_id=log.members["member_id"] + 100_000)
    return replace(
        log,
        events=pd.concat([log.events, copy], ignore_index=True),
        members=pd.concat([log.members, members], ignore_index=True),
    )


def shifted(log: Log, weeks: int) -> Log:
    step = WEEK * weeks
    return replace(
        log,
        events=log.events.assign(timestamp=log.events["timestamp"] + step),
        members=log.members.assign(joined_at=log.members["joined_at"] + step),
        start=log.start + step,
        end=log.end + step,
    )
