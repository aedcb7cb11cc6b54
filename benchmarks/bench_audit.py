"""Time ``python -m cmlib audit`` on a log of a million events, beside a script by hand.

``python benchmarks/bench_audit.py [--events 1000000]``

The log is drawn by a few vectorised lines: members whose activity follows a power law, who stay
for a while, open threads and answer in those of the last days. It looks enough like a forum to
make every figure of the audit do its full work; it is no model of a community.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

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


def timed(command: list[str]) -> tuple[float, float, str]:
    """Run a command as a process; return its seconds, its peak memory in MB and its output."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read() if process.stdout else ""
    _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {status}")
    return time.perf_counter() - began, usage.ru_maxrss / 1024, output


def same(ours: dict, hand: dict) -> list[str]:
    """Name the figures that differ; groups are drawn, so modularity is compared loosely."""
    loose = {"modularity": 0.02}
    return [
        name
        for name, value in hand.items()
        if (value is None) != (ours[name] is None)
        or (value is not None and abs(ours[name] - value) > loose.get(name, 1e-6))
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.csv"
        draw_log(options.events).to_csv(log, index=False)
        print(f"{options.events:,} events, {log.stat().st_size / 1e6:.0f} MB")
        columns = ["--time", "when", "--member", "who", "--thread", "thread"]
        columns += ["--parent", "parent", "--event", "event", "--json"]
        by_hand = [sys.executable, str(Path(__file__).with_name("audit_by_hand.py")), str(log)]
        audit = [sys.executable, "-m", "cmlib", "audit", str(log), *columns]
        for _time in range(options.repeat):
            hand_s, hand_mb, hand = timed(by_hand)
            ours_s, ours_mb, ours = timed(audit)
            differ = same(json.loads(ours), json.loads(hand))
            print(
                f"by hand {hand_s:.2f} s {hand_mb:.0f} MB; cmlib audit {ours_s:.2f} s "
                f"{ours_mb:.0f} MB; x{ours_s / hand_s:.2f}; "
                + ("same figures" if not differ else f"DIFFERENT: {differ}")
            )
