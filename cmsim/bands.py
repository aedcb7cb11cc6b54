"""The statistics of the calibration bands, with plain pandas and igraph: no code of cmlib.

Posting means topics and replies by members who are neither bots nor deleted accounts.
"""

from __future__ import annotations

import itertools
import random

import igraph as ig
import numpy as np
import pandas as pd

__all__ = ["BANDS", "OUTSIDE", "posting", "reply_graph", "statistics"]

DAY = np.timedelta64(86400, "s")

_FORUM = {
    "top_1": (0.35, 0.60),
    "top_10": (0.75, 0.80),
    "gini": (0.79, 0.84),
    "one_time": (0.17, 0.35),
    "burstiness": (0.57, 0.60),
    "dau_mau": (0.08, 0.13),
    "retention_m1": (0.10, 0.22),
    "retention_m3": (0.06, 0.15),
    "retention_m6": (0.04, 0.11),
    "first_reply_median_h": (2.0, 3.0),
    "first_reply_p90_h": (30.0, 45.0),
    "unanswered": (0.03, 0.15),
    "reciprocity": (0.42, 0.66),
    "modularity": (0.30, 0.33),
    "clustering": (0.39, 0.54),
    "weekend": (0.14, 0.24),
}
BANDS = {
    "forum": _FORUM,
    "support": _FORUM,
    # The brand pack follows the forum column; its weekends are those of a brand page.
    "brand": {**_FORUM, "weekend": (0.27, 0.33)},
    "internal": {
        "top_1": (0.08, 0.15),
        "top_10": (0.40, 0.55),
        "gini": (0.58, 0.70),
        "one_time": (0.01, 0.08),
        "burstiness": (0.39, 0.65),
        "dau_mau": (0.17, 0.40),
        "retention_m1": (0.55, 0.90),
        "retention_m3": (0.55, 0.90),
        "retention_m6": (0.55, 0.90),
        "first_reply_median_h": (1.0, 5.0),
        "unanswered": (0.10, 0.25),
        "reciprocity": (0.58, 0.88),
        "modularity": (0.40, 0.70),
        "clustering": (0.52, 0.59),
        "weekend": (0.00, 0.03),
    },
}
# Bands that a pack leaves on purpose; docs/calibration.md says why.
OUTSIDE = {("brand", "modularity")}


def posting(members: pd.DataFrame, events: pd.DataFrame, drop: set | None = None) -> pd.DataFrame:
    """Topics and replies of people: bots, deleted accounts and the ids in `drop` set aside."""
    bots = set(members.loc[members["role"] == "bot", "member_id"])
    out = events[events["kind"].isin(["topic", "reply"]) & events["member_id"].notna()].copy()
    out = out[~out["member_id"].isin(bots | (drop or set()))]
    out["member_id"] = out["member_id"].astype("int64")
    return out


def top_share(counts: np.ndarray, share: float) -> float:
    """Part of the total that the biggest ones write, `share` of them."""
    ranked = np.sort(counts)[::-1]
    return ranked[: max(1, round(share * len(ranked)))].sum() / ranked.sum()


def gini(counts: np.ndarray) -> float:
    """Gini coefficient of the counts."""
    x = np.sort(counts)
    n = len(x)
    return float(((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum()))


def burstiness(posts: pd.DataFrame, least: int = 20) -> float:
    """Median of Kim & Jo's finite-size form, over people with at least 20 events."""
    values = []
    for _member, times in posts.groupby("member_id")["timestamp"]:
        if len(times) < least:
            continue
        gaps = np.diff(np.sort(times.to_numpy().astype("int64"))).astype(float)
        n, r = len(gaps), gaps.std() / gaps.mean()
        up, down = np.sqrt(n + 1), np.sqrt(n - 1)
        values.append((up * r - down) / ((up - 2) * r + down))
    return float(np.median(values))


def stickiness(posts: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Mean over days of DAU / MAU, MAU over the 30 days that end with the day."""
    day = ((posts["timestamp"] - start) // DAY).to_numpy()
    seen = pd.DataFrame({"day": day, "member": posts["member_id"].to_numpy()}).drop_duplicates()
    days = int((end - start) / DAY)
    groups = {d: set(g) for d, g in seen.groupby("day")["member"]}
    ratios = []
    for last in range(29, days):
        month = set(
            itertools.chain.from_iterable(groups.get(d, ()) for d in range(last - 29, last + 1))
        )
        if month:
            ratios.append(len(groups.get(last, ())) / len(month))
    return float(np.mean(ratios))


def retention(posts: pd.DataFrame, end: pd.Timestamp, months: int) -> float:
    """Share of posters who post again in [30 k, 30 k + 30) days after their first post."""
    first = posts.groupby("member_id")["timestamp"].transform("min")
    age = (posts["timestamp"] - first) / DAY
    mature = first + pd.Timedelta(days=30 * months + 30) <= end
    inside = mature & (age >= 30 * months) & (age < 30 * months + 30)
    return posts.loc[inside, "member_id"].nunique() / posts.loc[mature, "member_id"].nunique()


def first_replies(posts: pd.DataFrame, end: pd.Timestamp, mature_days: int = 30) -> pd.DataFrame:
    """First reply by someone else to each topic: hours, missing where there is none."""
    topics = posts[posts["kind"] == "topic"].set_index("event_id")
    replies = posts[posts["kind"] == "reply"]
    author = replies["thread_id"].map(topics["member_id"])
    others = replies[
        author.notna().to_numpy() & (author != replies["member_id"]).to_numpy(bool, na_value=False)
    ]
    first = others.groupby("thread_id")["timestamp"].min()
    topics = topics[topics["timestamp"] <= end - pd.Timedelta(days=mature_days)]
    hours = (first.reindex(topics.index) - topics["timestamp"]) / np.timedelta64(3600, "s")
    return topics.assign(hours=hours)


def reply_graph(posts: pd.DataFrame) -> ig.Graph:
    """Who replies to whom (the author of the parent), weighted, without self-replies."""
    author = posts.set_index("event_id")["member_id"]
    replies = posts[posts["kind"] == "reply"]
    target = replies["parent_id"].map(author)
    pairs = pd.DataFrame(
        {"a": replies["member_id"].to_numpy(), "b": target.to_numpy(dtype=float, na_value=np.nan)}
    )
    pairs = pairs.dropna().astype("int64")
    pairs = pairs[pairs["a"] != pairs["b"]]
    edges = pairs.groupby(["a", "b"]).size().reset_index(name="weight")
    people = np.sort(posts["member_id"].unique())
    graph = ig.Graph(n=len(people), directed=True)
    graph.vs["member"] = people.tolist()
    graph.add_edges(
        list(
            zip(
                np.searchsorted(people, edges["a"]).tolist(),
                np.searchsorted(people, edges["b"]).tolist(),
                strict=True,
            )
        )
    )
    graph.es["weight"] = edges["weight"].tolist()
    return graph


def statistics(
    members: pd.DataFrame,
    events: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
    drop: set | None = None,
) -> dict[str, float]:
    """Every statistic of the bands, for one community."""
    posts = posting(members, events, drop)
    counts = posts.groupby("member_id").size().to_numpy()
    answers = first_replies(posts, end)
    graph = reply_graph(posts)
    both = graph.as_undirected(combine_edges="sum")
    random.seed(0)
    ig.set_random_number_generator(random)
    modularity = both.community_multilevel(weights="weight").modularity
    zones = members.set_index("member_id")["timezone"]
    weekend = []
    for zone, group in posts.groupby(posts["member_id"].map(zones).fillna("UTC")):
        local = group["timestamp"].dt.tz_localize("UTC").dt.tz_convert(zone)
        weekend.append((local.dt.day_of_week >= 5).to_numpy())
    return {
        "top_1": top_share(counts, 0.01),
        "top_10": top_share(counts, 0.10),
        "gini": gini(counts),
        "one_time": float((counts == 1).mean()),
        "burstiness": burstiness(posts),
        "dau_mau": stickiness(posts, start, end),
        "retention_m1": retention(posts, end, 1),
        "retention_m3": retention(posts, end, 3),
        "retention_m6": retention(posts, end, 6),
        "first_reply_median_h": float(answers["hours"].median()),
        "first_reply_p90_h": float(answers["hours"].quantile(0.9)),
        "unanswered": float(answers["hours"].isna().mean()),
        "reciprocity": graph.reciprocity(),
        "modularity": modularity,
        "clustering": both.transitivity_avglocal_undirected(mode="zero"),
        "weekend": float(np.concatenate(weekend).mean()),
    }
