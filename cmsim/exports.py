"""Exports as real tools give them: French figures, repeated rows, mixed dates, local time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cmsim.draw import exact_mask
from cmsim.generate import Simulation

__all__ = ["make_exports"]

_ROWS, _DUPLICATE_SHARE = 300, 0.004
_NARROW = "\u202f"
_ZONE = "Europe/Paris"
_LOG_COLUMNS = ["event_id", "timestamp", "member_id", "kind", "channel"]
_FRENCH_FORMATS = {
    "photo": "Photo",
    "video": "Vidéo",
    "link": "Lien",
    "text": "Texte",
    "question": "Question",
    "contest": "Concours",
}


def make_exports(simulation: Simulation) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Make the dirty exports of the pack ``brand``; other packs have none.

    Returns
    -------
    files : dict of str to bytes
        ``export_fr.csv`` (semicolons, UTF-8 with a mark at the start, decimal commas, narrow
        spaces in thousands, percentages, day first), ``export_fr_windows.csv`` (the same in
        the Windows code page, with plain non-breaking spaces), ``events_duplicates.csv``
        (repeated rows, three ways to write a date), ``events_local_time.csv`` (French time
        around the changes of hour), ``messages_exploded.csv`` (a row a recipient).
    traps : dict
        The exact count of each trap, by file.
    """
    if simulation.community.name != "brand":
        return {}, {}
    rng = simulation.world.rng("exports")
    files: dict[str, bytes] = {}
    traps: dict[str, Any] = {}
    french, traps["export_fr.csv"] = _french(simulation)
    files["export_fr.csv"] = french.encode("utf-8-sig")
    files["export_fr_windows.csv"] = french.replace(_NARROW, "\u00a0").encode("cp1252")
    traps["export_fr_windows.csv"] = {**traps["export_fr.csv"], "encoding": "cp1252"}
    for name, make in (
        ("events_duplicates.csv", _duplicates),
        ("events_local_time.csv", _local_time),
        ("messages_exploded.csv", _exploded),
    ):
        table, traps[name] = make(simulation, rng)
        files[name] = table.to_csv(index=False, lineterminator="\n").encode("utf-8")
    return files, traps


def _french(simulation: Simulation) -> tuple[str, dict[str, Any]]:
    """Write the last posts as a French tool exports them."""
    posts = simulation.community.tables["posts"]
    posts = posts[posts["published_at"].notna()].tail(_ROWS)
    acts = posts[["reactions", "comments", "shares"]].sum(axis=1)
    rate = (acts / posts["reach"]).astype(float)
    local = posts["published_at"].dt.tz_localize("UTC").dt.tz_convert(_ZONE)
    cost = (posts["impressions"].astype(float) * 0.0042).where(posts["paid"], 0.0)
    table = pd.DataFrame(
        {
            "Date de publication": local.dt.strftime("%d/%m/%Y"),
            "Heure": local.dt.strftime("%H:%M"),
            "Plateforme": posts["platform"].str.capitalize(),
            "Format": posts["format"].map(_FRENCH_FORMATS),
            "Portée": [_thousands(value) for value in posts["reach"]],
            "Impressions": [_thousands(value) for value in posts["impressions"]],
            "Interactions": [_thousands(value) for value in acts],
            "Taux d'engagement": [
                f"{100 * value:.2f}{_NARROW}%".replace(".", ",") for value in rate
            ],
            "Dépense (€)": [_money(value) for value in cost],
        }
    )
    ambiguous = int((local.dt.day <= 12).sum())
    traps = {
        "encoding": "utf-8-sig",
        "separator": ";",
        "rows": len(table),
        "reach_total": int(posts["reach"].sum()),
        "interactions_total": int(acts.sum()),
        "cells_with_thousands": int(
            sum(
                table[column].str.contains(_NARROW).sum()
                for column in ("Portée", "Impressions", "Interactions", "Dépense (€)")
            )
        ),
        "dates_that_read_both_ways": ambiguous,
    }
    return table.to_csv(index=False, sep=";", lineterminator="\r\n"), traps


def _thousands(value: float) -> str:
    return f"{int(value):,}".replace(",", _NARROW)


def _money(value: float) -> str:
    return f"{value:,.2f}".replace(",", _NARROW).replace(".", ",")


def _duplicates(
    simulation: Simulation, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Repeat 0.4 % of the rows and write the dates in three ways."""
    events = simulation.community.tables["events"]
    log = events.loc[events["kind"] != "visit", _LOG_COLUMNS].head(3000).reset_index(drop=True)
    repeated = np.flatnonzero(exact_mask(rng, len(log), round(_DUPLICATE_SHARE * len(log))))
    style = rng.choice(["iso", "french", "zulu"], size=len(log), p=[0.8, 0.15, 0.05])
    time = log["timestamp"]
    written = np.select(
        [style == "french", style == "zulu"],
        [time.dt.strftime("%d/%m/%Y %H:%M"), time.dt.strftime("%Y-%m-%dT%H:%M:%SZ")],
        time.dt.strftime("%Y-%m-%d %H:%M:%S"),
    )
    log["timestamp"] = written
    rows = np.sort(np.concatenate([np.arange(len(log)), repeated]))
    counts = pd.Series(style).value_counts()
    traps = {
        "rows": len(rows),
        "distinct_rows": len(log),
        "repeated_rows": len(repeated),
        "dates_day_first": int(counts["french"]),
        "dates_with_T_and_Z": int(counts["zulu"]),
        "rows_without_member": int(log["member_id"].isna().sum()),
    }
    return log.iloc[rows], traps


def _local_time(
    simulation: Simulation, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Write the events of the days around each change of hour in French local time.

    On the last Sunday of October, one hour occurs twice. On the last Sunday of March, one
    hour does not exist: a few rows bear it, as a tool leaves them whose clock was not set.
    """
    community = simulation.community
    events = community.tables["events"]
    changes = _clock_changes(community.start, community.end)
    parts, twice, missing = [], 0, 0
    for change in changes:
        low, high = change - pd.Timedelta(days=2), change + pd.Timedelta(days=2)
        near = events[(events["timestamp"] >= low) & (events["timestamp"] < high)]
        near = near[_LOG_COLUMNS].copy()
        moved = near.index[rng.permutation(len(near))[:9]]
        # Nine of them are moved to the minutes around the change, where the trap is.
        minutes = np.linspace(-50, 50, len(moved)).round().astype(int)
        near.loc[moved, "timestamp"] = change + pd.to_timedelta(minutes, unit="min")
        local = near["timestamp"].dt.tz_localize("UTC").dt.tz_convert(_ZONE)
        near["timestamp"] = local.dt.tz_localize(None)
        if change.month == 3:
            late = near.index[(near["timestamp"].dt.date == change.date()) & near.index.isin(moved)]
            wrong = [row for row in late if near.loc[row, "timestamp"].hour == 3]
            near.loc[wrong, "timestamp"] -= pd.Timedelta(hours=1)
            missing += len(wrong)
        else:
            same_day = near["timestamp"].dt.date == change.date()
            twice += int((same_day & (near["timestamp"].dt.hour == 2)).sum())
        parts.append(near)
    table = pd.concat(parts, ignore_index=True)
    traps = {
        "rows": len(table),
        "zone": _ZONE,
        "changes_utc": [str(change) for change in changes],
        "times_that_do_not_exist": missing,
        "times_that_occur_twice": twice,
    }
    table["timestamp"] = table["timestamp"].dt.strftime("%Y-%m-%d %H:%M:%S")
    return table.rename(columns={"timestamp": "local_time"}), traps


def _clock_changes(start: pd.Timestamp, end: pd.Timestamp) -> list[pd.Timestamp]:
    """Return the European changes of hour of the period (01:00 UTC, last Sunday)."""
    changes = []
    for year in range(start.year, end.year + 1):
        for month in (3, 10):
            last = pd.Timestamp(year=year, month=month, day=31)
            sunday = last - pd.Timedelta(days=(last.day_of_week + 1) % 7)
            change = sunday + pd.Timedelta(hours=1)
            if start + pd.Timedelta(days=2) <= change < end - pd.Timedelta(days=2):
                changes.append(change)
    return changes


def _exploded(
    simulation: Simulation, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Write newsletters as a mailing tool does: one row a recipient."""
    world = simulation.world
    members = world.members["member_id"].to_numpy()
    staff = members[(world.members["role"] == "staff").to_numpy()]
    joined = world.members["joined_at"].to_numpy()
    count = 60
    span = (world.end - world.start) / (count + 1)
    parts = []
    for number in range(1, count + 1):
        sent = (world.start + span * number).floor("min")
        there = members[joined < np.datetime64(sent, "s")]
        size = min(len(there), int(rng.integers(20, 90)))
        parts.append(
            pd.DataFrame(
                {
                    "message_id": number,
                    "sent_at": str(sent),
                    "sender_id": int(rng.choice(staff)),
                    "recipient_id": np.sort(rng.choice(there, size=size, replace=False)),
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    return table, {"rows": len(table), "messages": count}
