"""Six KPIs with cmlib and by hand, on pandas and Polars: time and peak memory, side by side.

    python benchmarks/bench_kpi.py              1 million events
    python benchmarks/bench_kpi.py 20           20 million
    python benchmarks/bench_kpi.py 5 --engines pandas polars duckdb
    python benchmarks/bench_kpi.py --engines pandas polars duckdb spark
    python benchmarks/bench_kpi.py --huge       100 million, from Parquet, Polars and DuckDB only

Every variant runs in a process of its own (peak memory), one after the other in the same run, and
must give the same numbers. Reading the file is not timed for pandas; the lazy variants read it
again, by hand for each KPI. Each KPI of cmlib is timed alone, from ``data.community(...)`` on, and
``six`` is the time from one ``data.community(...)`` to all six results; by hand ``six`` is their
sum. The versions by hand are what somebody at ease with the library writes, and give the same
figures: the first topic of a thread opens it (ties of time follow the event's number), nobody
answers themselves, an answer does not come before its question.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

DAYS = 540
END = "2025-06-24"  # 540 days after 2024-01-01
ZONE = "Europe/Paris"
CHUNK = 5_000_000
KPIS = ("activity", "retention", "inequality", "first_reply", "slots", "lifecycle")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("millions", nargs="?", type=float, default=1.0)
    parser.add_argument("--engines", nargs="+", default=["pandas", "polars"])
    parser.add_argument("--huge", action="store_true", help="100 million events, lazy engines")
    parser.add_argument("--repeat", type=int, default=3, help="best of so many")
    parser.add_argument("--only", nargs="+", default=list(KPIS), choices=KPIS)
    parser.add_argument("--variant", help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.variant:
        print(json.dumps(run(options.variant, Path(options.data), options.repeat, options.only)))
        return
    millions = 100.0 if options.huge else options.millions
    variants = ["polars cmlib", "duckdb cmlib"] if options.huge else _variants(options.engines)
    with tempfile.TemporaryDirectory() as folder:
        make_data(Path(folder), round(millions * 1e6))
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        print(f"{millions:g} million events, {size:.0f} MB of Parquet")
        repeat = 1 if options.huge else options.repeat
        results = {
            name: _in_a_process(name, folder, repeat, options.only, variants) for name in variants
        }
    _report(results, options.only)


def _variants(engines: list[str]) -> list[str]:
    by_hand = {"pandas", "polars"}
    return [
        f"{engine} {who}"
        for engine in engines
        for who in (("by-hand", "cmlib") if engine in by_hand else ("cmlib",))
    ]


def _in_a_process(
    name: str, folder: str, repeat: int, only: list[str], variants: list[str]
) -> dict[str, dict[str, float]]:
    command = [sys.executable, __file__, "--variant", name, "--data", folder]
    command += ["--repeat", str(repeat), "--only", *only]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def _report(results: dict[str, dict], only: list[str]) -> None:
    width = max(map(len, results)) + 2
    print(" " * width + "".join(f"{kpi:>13}" for kpi in only) + f"{'six, s':>10}{'peak MB':>10}")
    for name, result in results.items():
        row = "".join(f"{result['seconds'][kpi]:13.3f}" for kpi in only)
        print(f"{name:{width}}{row}{result['seconds']['six']:10.2f}{result['peak_mb']:10.0f}")
    checks = [result["checks"] for result in results.values()]
    same = all(
        math.isclose(one[kpi], checks[0][kpi], rel_tol=1e-9) for one in checks for kpi in checks[0]
    )
    print("All variants give the same numbers." if same else "NUMBERS DIFFER:")
    if not same:
        for name, result in results.items():
            print(f"  {name:{width}}", result["checks"])
    for engine in ("pandas", "polars"):
        hand, ours = (results.get(f"{engine} {who}") for who in ("by-hand", "cmlib"))
        if hand and ours:
            ratio = {kpi: ours["seconds"][kpi] / hand["seconds"][kpi] for kpi in (*only, "six")}
            print(
                f"cmlib on {engine} against by hand: "
                + ", ".join(f"{kpi} x{times:.2f}" for kpi, times in ratio.items())
                + f"; peak memory x{ours['peak_mb'] / hand['peak_mb']:.2f}"
            )
    if len(checks) != 1:
        raise SystemExit(1)


def run(variant: str, folder: Path, repeat: int, only: list[str]) -> dict[str, object]:
    """Run the KPIs of one variant; best time of each, a number to compare, peak memory."""
    engine, who = variant.split()
    events, posts, functions = VARIANTS[engine, who](folder)
    seconds, checks = {}, {}
    for kpi in only:
        times = []
        for _time in range(repeat):
            begin = time.perf_counter()
            value = functions[kpi](_given(who, events, posts, kpi))
            times.append(time.perf_counter() - begin)
        seconds[kpi], checks[kpi] = min(times), round(float(value), 6)
    seconds["six"] = sum(seconds.values())
    if who == "cmlib":
        times = []
        for _time in range(repeat):
            begin = time.perf_counter()
            community = _community(events, posts)
            for kpi in only:
                functions[kpi](community)
            times.append(time.perf_counter() - begin)
        seconds["six"] = min(times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "checks": checks, "peak_mb": peak}


def _community(events, posts):
    from cmlib import data

    return data.community(
        events=events,
        posts=posts,
        start="2024-01-01",
        end=END,
        complete_history=True,
    )


def _given(who: str, events, posts, kpi: str):
    if who == "cmlib":
        return _community(events, posts)
    return posts if kpi == "slots" else events


def make_data(folder: Path, n: int) -> None:
    """Write ``events.parquet`` (half visits, topics and their replies) and ``posts.parquet``."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    generator = np.random.default_rng(1)
    members = max(n // 20, 10)
    joined = np.sort(generator.random(members) ** 0.7 * 0.95)
    generator.shuffle(joined)
    kinds = pa.array(["visit", "topic", "reply"])
    writers: dict[str, pq.ParquetWriter] = {}
    for begin in range(0, n, CHUNK):
        size = min(CHUNK, n - begin)
        member = (members * generator.random(size) ** 3).astype("int32")
        at = joined[member] + (1 - joined[member]) * generator.random(size) ** 2.5
        second = np.floor(at * DAYS * 86_400).astype("int64")
        kind = generator.choice(3, size, p=[0.5, 0.1, 0.4]).astype("int8")
        ids = np.arange(begin, begin + size, dtype="int64")
        topics = np.flatnonzero(kind == 1)
        thread = ids.copy()
        replies = np.flatnonzero(kind == 2)
        parent = topics[(len(topics) * generator.random(len(replies)) ** 1.5).astype("int64")]
        thread[replies] = ids[parent]
        delay = np.exp(generator.normal(9.0, 2.1, len(replies)))
        second[replies] = np.minimum(second[parent] + delay, DAYS * 86_400 - 1).astype("int64")
        stamps = (second + 1_704_067_200).astype("datetime64[s]")
        order = np.argsort(second, kind="stable")
        kind_column = pa.DictionaryArray.from_arrays(pa.array(kind[order]), kinds)
        tables = {
            "events": pa.table(
                {
                    "event_id": ids[order],
                    "timestamp": pa.array(stamps[order]),
                    "member_id": member[order],
                    "kind": kind_column,
                    "thread_id": thread[order],
                }
            ),
            "posts": pa.table(
                {
                    "published_at": pa.array(stamps[topics]),
                    "reactions": generator.poisson(3, len(topics)).astype("int64"),
                }
            ),
        }
        for name, table in tables.items():
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema)
            writers[name].write_table(table, row_group_size=1_000_000)
    for writer in writers.values():
        writer.close()


# --- pandas, by hand ------------------------------------------------------------------------


def pandas_activity(events):
    """Members active in the 28 days that end with each day."""
    import pandas as pd

    pairs = pd.DataFrame({"member": events["member_id"], "day": events["timestamp"].dt.floor("D")})
    pairs = pairs.drop_duplicates().sort_values(["member", "day"])
    gap = (pairs.groupby("member")["day"].shift(-1) - pairs["day"]).dt.days
    previous = (pairs["day"] - pairs.groupby("member")["day"].shift(1)).dt.days
    enter = pairs.loc[~(previous <= 28), "day"].value_counts()
    leave = (pairs.loc[~(gap <= 28), "day"] + pd.Timedelta(days=28)).value_counts()
    days = pd.date_range(pairs["day"].min(), periods=DAYS)
    active = enter.reindex(days, fill_value=0) - leave.reindex(days, fill_value=0)
    return active.cumsum().sum()


def pandas_retention(events):
    """Cohort by month of joining x 30-day window: members active."""
    import pandas as pd

    day = events["timestamp"].dt.floor("D")
    first = day.groupby(events["member_id"]).transform("min")
    window = (day - first).dt.days // 30
    table = pd.DataFrame({"member": events["member_id"], "first": first, "window": window})
    table = table[window <= 12].drop_duplicates(["member", "window"])
    cohort = table["first"].to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    counts = table.groupby([cohort, "window"])["member"].size().unstack(fill_value=0)  # noqa: PD010
    until = counts.index + pd.offsets.MonthBegin(1)
    shown = until.to_numpy()[:, None] + (counts.columns.to_numpy() + 1) * np.timedelta64(30, "D")
    seen = shown - np.timedelta64(1, "D") < np.datetime64(END)
    return (counts.div(counts[0], axis=0).to_numpy() * seen).sum()


def pandas_inequality(events):
    """Gini and share of the top 10 % among posters."""
    posts = events.loc[events["kind"].isin(["topic", "reply"]), "member_id"]
    counts = np.sort(posts.value_counts().to_numpy())
    n = len(counts)
    gini = ((2 * np.arange(1, n + 1) - n - 1) * counts).sum() / (n * counts.sum())
    return gini + counts[-int(np.ceil(n * 0.1)) :].sum() / counts.sum()


def pandas_first_reply(events):
    """Hours to the first reply by somebody else: their sum."""
    columns = ["thread_id", "member_id", "timestamp"]
    posts = events[events["kind"].isin(["topic", "reply"])]
    topics = posts[posts["kind"] == "topic"].sort_values(["timestamp", "event_id"])
    topics = topics.drop_duplicates("thread_id")[columns]
    replies = posts[columns]
    both = replies.merge(topics, on="thread_id", suffixes=("", "_topic"))
    both = both[both["member_id"] != both["member_id_topic"]]
    both = both[both["timestamp"] >= both["timestamp_topic"]]
    first = both.groupby("thread_id")["timestamp"].min().rename("first")
    found = topics.merge(first, left_on="thread_id", right_index=True, how="left")
    return ((found["first"] - found["timestamp"]).dt.total_seconds() / 3600).sum()


def pandas_slots(posts):
    """Interactions per post by local weekday and hour, with their spread."""
    local = posts["published_at"].dt.tz_localize("UTC").dt.tz_convert(ZONE)
    slots = posts.groupby([local.dt.weekday, local.dt.hour])["reactions"].agg(
        ["size", "sum", "mean", "std"]
    )
    return slots["mean"].sum()


def pandas_lifecycle(events):
    """Members new, retained, resurrected, lost, by month."""
    import pandas as pd

    stamps = events["timestamp"].dt
    month = stamps.year * 12 + stamps.month
    pairs = pd.DataFrame({"member": events["member_id"], "month": month}).drop_duplicates()
    pairs = pairs.sort_values(["member", "month"])
    previous = pairs.groupby("member")["month"].shift(1)
    step = pairs["month"] - previous
    state = np.select([previous.isna(), step == 1], ["new", "retained"], "resurrected")
    table = pairs.groupby(["month", state]).size().unstack(fill_value=0)  # noqa: PD010
    known = table["new"].cumsum()
    dormant = known - table.sum(axis=1)
    return (table["new"] + 2 * table["retained"] + 3 * table["resurrected"] + dormant).sum()


# --- Polars, by hand ------------------------------------------------------------------------


def polars_activity(events):
    import polars as pl

    day = pl.col("timestamp").dt.date()
    following, previous = (
        pl.col("day").shift(step).over("member_id", order_by="day") for step in (-1, 1)
    )
    pairs = events.select("member_id", day=day).unique()
    pairs = pairs.with_columns(
        leaves=((following - pl.col("day")).dt.total_days() > 28).fill_null(True),
        enters=((pl.col("day") - previous).dt.total_days() > 28).fill_null(True),
    )
    steps = pairs.group_by("day").agg(pl.col("enters").sum(), pl.col("leaves").sum()).collect()
    change = np.zeros(DAYS + 29)
    place = (steps["day"].to_numpy() - np.datetime64("2024-01-01")).astype("int64")
    np.add.at(change, place, steps["enters"].to_numpy().astype("int64"))
    np.add.at(change, place + 28, -steps["leaves"].to_numpy().astype("int64"))
    return np.cumsum(change)[:DAYS].sum()


def polars_retention(events):
    import polars as pl

    pairs = events.select("member_id", day=pl.col("timestamp").dt.date()).unique()
    pairs = pairs.with_columns(first=pl.col("day").min().over("member_id"))
    window = (pl.col("day") - pl.col("first")).dt.total_days() // 30
    pairs = pairs.with_columns(window=window).filter(pl.col("window") <= 12)
    counts = (
        pairs.unique(["member_id", "window"])
        .group_by(cohort=pl.col("first").dt.truncate("1mo"), window="window")
        .agg(n=pl.len())
        .with_columns(size=pl.col("n").filter(pl.col("window") == 0).sum().over("cohort"))
        .with_columns(until=pl.col("cohort").dt.offset_by("1mo"))
        .filter(
            pl.col("until") + pl.duration(days=30) * (pl.col("window") + 1)
            <= pl.lit(END).str.to_date()
        )
        .collect()
    )
    return (counts["n"] / counts["size"]).sum()


def polars_inequality(events):
    import polars as pl

    posts = events.filter(pl.col("kind").is_in(["topic", "reply"]))
    counts = posts.group_by("member_id").agg(n=pl.len()).select(pl.col("n").sort()).collect()
    x = counts["n"].to_numpy().astype("int64")
    n = len(x)
    gini = ((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum())
    return gini + x[-int(np.ceil(n * 0.1)) :].sum() / x.sum()


def polars_first_reply(events):
    import polars as pl

    columns = ["thread_id", "member_id", "timestamp"]
    topics = events.filter(pl.col("kind") == "topic").sort("timestamp", "event_id")
    topics = topics.unique("thread_id", keep="first", maintain_order=True).select(columns)
    replies = events.filter(pl.col("kind").is_in(["topic", "reply"])).select(columns)
    both = replies.join(topics, on="thread_id", suffix="_topic")
    both = both.filter(
        pl.col("member_id") != pl.col("member_id_topic"),
        pl.col("timestamp") >= pl.col("timestamp_topic"),
    )
    first = both.group_by("thread_id").agg(first=pl.col("timestamp").min())
    found = topics.join(first, on="thread_id", how="left")
    hours = (pl.col("first") - pl.col("timestamp")).dt.total_seconds() / 3600
    return found.select(hours=hours).collect()["hours"].sum()


def polars_slots(posts):
    import polars as pl

    local = pl.col("published_at").dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE)
    slots = posts.group_by(weekday=local.dt.weekday(), hour=local.dt.hour()).agg(
        n=pl.len(),
        total=pl.col("reactions").sum(),
        mean=pl.col("reactions").mean(),
        spread=pl.col("reactions").std(),
    )
    return slots.collect()["mean"].sum()


def polars_lifecycle(events):
    import polars as pl

    month = pl.col("timestamp").dt.year() * 12 + pl.col("timestamp").dt.month()
    pairs = events.select("member_id", month=month).unique()
    step = pl.col("month") - pl.col("month").shift(1).over("member_id", order_by="month")
    table = (
        pairs.with_columns(step=step)
        .group_by("month")
        .agg(
            new=pl.col("step").is_null().sum(),
            retained=(pl.col("step") == 1).sum(),
            resurrected=(pl.col("step") > 1).sum(),
        )
        .sort("month")
        .cast(pl.Int64)
        .with_columns(known=pl.col("new").cum_sum())
        .collect()
    )
    new, retained, resurrected = (table[name] for name in ("new", "retained", "resurrected"))
    dormant = table["known"] - new - retained - resurrected
    return (new + 2 * retained + 3 * resurrected + dormant).sum()


# --- cmlib, any engine ----------------------------------------------------------------------


def cmlib_activity(community):
    from cmlib.kpi import active_members

    return _pandas(active_members(community, window_days=28))["n"].sum()


def cmlib_retention(community):
    from cmlib.kpi import classic_retention

    return _pandas(classic_retention(community))["retention"].sum()


def cmlib_inequality(community):
    from cmlib.kpi import gini, top_share

    return gini(community) + _pandas(top_share(community, top=0.1))["share"].iloc[0]


def cmlib_first_reply(community):
    import narwhals as nw

    from cmlib.kpi import first_response

    delays = nw.from_native(first_response(community)).lazy()
    return delays.select(nw.col("delay_h").sum()).collect()["delay_h"][0]


def cmlib_slots(community):
    from cmlib.kpi import best_slots

    slots = best_slots(community.view(tz=ZONE), interactions="reactions")
    return _pandas(slots)["interactions_per_post"].sum()


def cmlib_lifecycle(community):
    from cmlib.kpi import lifecycle_states

    states = _pandas(lifecycle_states(community))
    weights = {"new": 1, "retained": 2, "resurrected": 3, "dormant": 1}
    return (states["n"] * states["state"].map(weights)).sum()


def _pandas(result):
    import narwhals as nw

    return nw.from_native(result).lazy().collect().to_pandas()


# --- tables ---------------------------------------------------------------------------------


def _functions(prefix: str) -> dict:
    return {kpi: globals()[f"{prefix}_{kpi}"] for kpi in KPIS}


def _on_pandas(prefix: str):
    def tables(folder: Path):
        import pandas as pd

        events, posts = (
            pd.read_parquet(folder / f"{name}.parquet") for name in ("events", "posts")
        )
        return events, posts, _functions(prefix)

    return tables


def _on_polars(prefix: str):
    def tables(folder: Path):
        import polars as pl

        pl.Config.set_engine_affinity("streaming")
        events, posts = (
            pl.scan_parquet(folder / f"{name}.parquet") for name in ("events", "posts")
        )
        return events, posts, _functions(prefix)

    return tables


def _on_duckdb(prefix: str):
    def tables(folder: Path):
        import duckdb

        duckdb.sql("SET memory_limit = '1GB'; SET preserve_insertion_order = false")
        duckdb.sql(f"SET temp_directory = '{folder}/spill'")
        events, posts = (
            duckdb.read_parquet(str(folder / f"{name}.parquet")) for name in ("events", "posts")
        )
        return events, posts, _functions(prefix)

    return tables


def _on_spark(prefix: str):
    """Two cores and no cluster; the peak memory shown is Python's, not the Java machine's."""

    def tables(folder: Path):
        from pyspark.sql import SparkSession

        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.memory", "4g")
            .getOrCreate()
        )
        events, posts = (
            session.read.parquet(str(folder / f"{name}.parquet")) for name in ("events", "posts")
        )
        return events, posts, _functions(prefix)

    return tables


VARIANTS = {
    ("pandas", "by-hand"): _on_pandas("pandas"),
    ("pandas", "cmlib"): _on_pandas("cmlib"),
    ("polars", "by-hand"): _on_polars("polars"),
    ("polars", "cmlib"): _on_polars("cmlib"),
    ("duckdb", "cmlib"): _on_duckdb("cmlib"),
    ("spark", "cmlib"): _on_spark("cmlib"),
}

if __name__ == "__main__":
    main()
