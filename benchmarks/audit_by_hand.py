"""The figures of ``python -m cmlib audit`` as an analyst writes them with pandas and igraph.

    python benchmarks/audit_by_hand.py log.csv

One file of known columns, ISO dates in UTC, ids that are numbers: nothing is checked, nothing set
aside, no message. It is what the command is timed against.
"""

from __future__ import annotations

import json
import random
import sys

import igraph
import numpy as np
import pandas as pd

DAY = 86_400


def figures(path: str) -> dict[str, float | int | None]:
    """Read the log and compute what the audit computes."""
    log = pd.read_csv(path, engine="pyarrow", dtype={"parent": "Int64"})
    when = pd.to_datetime(log["when"], utc=True).dt.tz_localize(None).astype("datetime64[s]")
    second = when.astype("int64").to_numpy()
    order = np.lexsort((log["event"].to_numpy(), second))
    second = second[order]
    who, thread, event = (log[name].to_numpy()[order] for name in ("who", "thread", "event"))
    parent = log["parent"].to_numpy(dtype="int64", na_value=-1)[order]
    end = int(second[-1]) + 1
    return {
        "members": int(pd.unique(who).size),
        "events": len(log),
        **participation(who),
        **activity(who, second, end),
        **retention(who, second, end),
        **answers(who, second, thread, end),
        **network(who, second, event, parent),
    }


def participation(who: np.ndarray) -> dict[str, float]:
    """Every event is a topic or a reply here."""
    counts = np.sort(pd.Series(who).value_counts().to_numpy())
    n, total = len(counts), counts.sum()
    return {
        "top_1_share": counts[-int(np.ceil(n * 0.01)) :].sum() / total,
        "top_10_share": counts[-int(np.ceil(n * 0.1)) :].sum() / total,
        "gini": ((2 * np.arange(1, n + 1) - n - 1) * counts).sum() / (n * total),
        "one_time_share": (counts == 1).sum() / n,
    }


def days_of(who: np.ndarray, second: np.ndarray) -> pd.DataFrame:
    """Distinct (member, day) pairs, in order."""
    pairs = pd.DataFrame({"member": who, "day": second // DAY}).drop_duplicates()
    return pairs.sort_values(["member", "day"], ignore_index=True)


def active(pairs: pd.DataFrame, window: int, first: int, days: int) -> np.ndarray:
    """Members active in the `window` days that end with each day."""
    day = pairs["day"].to_numpy() - first
    member = pairs["member"].to_numpy()
    same = member[1:] == member[:-1]
    enters = np.r_[True, ~same | (np.diff(day) > window)]
    leaves = np.r_[~same | (np.diff(day) > window), True]
    steps = np.zeros(days + window + 1, dtype="int64")
    np.add.at(steps, day[enters], 1)
    np.add.at(steps, day[leaves] + window, -1)
    return np.cumsum(steps)[:days]


def activity(who: np.ndarray, second: np.ndarray, end: int) -> dict[str, float]:
    """Means over the days whose thirty days were observed."""
    pairs = days_of(who, second)
    first = int(second[0]) // DAY
    days = (end - 1) // DAY - first + 1
    dau, wau, mau = (active(pairs, window, first, days) for window in (1, 7, 30))
    shown = np.arange(days)
    whole = (shown >= 29 + (second[0] % DAY > 0)) & (shown < days - (end % DAY > 0)) & (mau > 0)
    return {
        "dau_mau": float((dau[whole] / mau[whole]).mean()),
        "wau_mau": float((wau[whole] / mau[whole]).mean()),
    }


def retention(who: np.ndarray, second: np.ndarray, end: int) -> dict[str, float]:
    """Newcomers: those first seen after the first thirty days of the log."""
    pairs = days_of(who, second)
    first = pairs.groupby("member")["day"].transform("first").to_numpy()
    start = pd.Series(second).groupby(who).min()
    newcomers = start.index[start.to_numpy() >= second[0] + 30 * DAY]
    new = pairs["member"].isin(newcomers).to_numpy()
    window = (pairs["day"].to_numpy() - first)[new] // 30
    people = pd.DataFrame({"member": pairs["member"][new], "window": window, "first": first[new]})
    people = people.drop_duplicates(["member", "window"])
    size = people.drop_duplicates("member")["first"].to_numpy()
    until = end // DAY
    found = {}
    for k in (1, 3, 6):
        old = size + (k + 1) * 30 <= until
        back = people[(people["window"] == k) & (people["first"] + (k + 1) * 30 <= until)]
        found[f"retention_m{k}"] = len(back) / old.sum() if old.any() else float("nan")
    return found


def answers(
    who: np.ndarray, second: np.ndarray, thread: np.ndarray, end: int
) -> dict[str, float | None]:
    """Kaplan-Meier over all topics: the first event of each thread, and its first answer."""
    codes, _names = pd.factorize(thread)
    opener = np.full(codes.max() + 1, -1)
    opener[codes[::-1]] = np.arange(len(codes))[::-1]
    other = np.flatnonzero(who != who[opener[codes]])[::-1]
    first = np.full(len(opener), -1)
    first[codes[other]] = other
    opened = second[opener]
    seen = first >= 0
    stay = np.where(seen, second[first], end) - opened
    times, ended = np.unique(stay[seen], return_counts=True)
    at_risk = len(stay) - np.searchsorted(np.sort(stay), times, side="left")
    survival = np.cumprod(1 - ended / at_risk)
    found: dict[str, float | None] = {}
    for name, q in (("median", 0.5), ("p90", 0.9)):
        reached = np.flatnonzero(survival <= 1 - q + 1e-12)
        found[f"first_response_{name}_h"] = times[reached[0]] / 3600 if reached.size else None
    mature = end - opened >= 7 * DAY
    found["unanswered_rate"] = float((~seen[mature]).mean())
    return found


def network(
    who: np.ndarray, second: np.ndarray, event: np.ndarray, parent: np.ndarray
) -> dict[str, float]:
    """Replies to the author of the event they name."""
    place = pd.Index(event).get_indexer(parent)
    named = (place >= 0) & (parent >= 0)
    source, target = who[named], who[place[named]]
    later = second[named] >= second[place[named]]
    links = pd.DataFrame({"source": source, "target": target})[later & (source != target)]
    weights = links.value_counts(sort=False).reset_index(name="weight")
    people, names = pd.factorize(np.r_[np.unique(who), weights["source"], weights["target"]])
    everyone = len(names)
    ends = people[len(np.unique(who)) :].reshape(2, -1).T
    directed = igraph.Graph(n=everyone, edges=ends, directed=True)
    both = igraph.Graph(n=everyone, edges=ends, directed=False)
    both.es["weight"] = weights["weight"].to_numpy()
    both.simplify(combine_edges={"weight": "sum"})
    random.seed(0)
    groups = both.community_multilevel(weights="weight")
    linked = both.induced_subgraph([v for v, degree in enumerate(both.degree()) if degree])
    return {
        "reciprocity": directed.reciprocity(),
        "average_clustering": both.transitivity_avglocal_undirected(mode="zero"),
        "modularity": both.modularity(groups, weights="weight"),
        "giant_component_share": max(both.connected_components().sizes()) / everyone,
        "degree_assortativity": linked.assortativity_degree(directed=False),
    }


if __name__ == "__main__":
    print(json.dumps(figures(sys.argv[1]), default=float))
