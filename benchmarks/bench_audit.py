"""Time ``python -m cmlib audit`` on a log of a million events.

``python benchmarks/bench_audit.py [--events 1000000] [--keep log.csv]``

The log is drawn by a few vectorised lines: members whose activity follows a power law, who stay
for a while, open threads and answer in those of the last days. It looks enough like a forum to
make every figure of the audit do its full work; it is no model of a community.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from cmlib.__main__ import main

YEARS = 3


def draw_log(events: int, seed: int = 0) -> pd.DataFrame:
    """Draw a log: event, when, who, thread, parent; about one member for 40 events."""
    rng = np.random.default_rng(seed)
    members = max(events // 40, 2)
    span = YEARS * 365 * 86_400
    weight = rng.pareto(1.2, members) + 0.05
    who = rng.choice(members, size=events, p=weight / weight.sum())
    joined = rng.integers(0, span, members)
    stay = rng.pareto(0.8, members) * 30 * 86_400 + 86_400
    second = joined[who] + rng.random(events) * np.minimum(stay[who], span - joined[who])
    order = np.argsort(second, kind="stable")
    who, second = who[order], second[order].astype("int64")
    opens = rng.random(events) < 0.2
    opens[0] = True
    number = np.arange(1, events + 1)
    openers = number[opens]
    latest = np.cumsum(opens) - 1
    back = np.minimum(rng.geometric(0.05, events) - 1, latest)
    thread = np.where(opens, number, openers[latest - back])
    previous = pd.Series(number).groupby(thread).shift(1)
    return pd.DataFrame(
        {
            "event": number,
            "when": pd.to_datetime(1_640_995_200 + second, unit="s").strftime("%Y-%m-%dT%H:%M:%SZ"),
            "who": who + 1,
            "thread": thread,
            "parent": previous.astype("Int64"),
        }
    )


def audit_seconds(path: Path) -> float:
    """Run the command once and return its wall time, imports apart."""
    columns = ["--time", "when", "--member", "who", "--thread", "thread"]
    columns += ["--parent", "parent", "--event", "event"]
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()) as page:
        code = main(["audit", str(path), *columns])
    seconds = time.perf_counter() - began
    if code:
        raise SystemExit(code)
    print(page.getvalue())
    return seconds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="write the log here and leave it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = options.keep or Path(folder) / "log.csv"
        draw_log(options.events).to_csv(log, index=False)
        size = log.stat().st_size / 1e6
        taken = audit_seconds(log)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.events:,} events, {size:.0f} MB: {taken:.1f} s, peak memory {peak:.0f} MB")
