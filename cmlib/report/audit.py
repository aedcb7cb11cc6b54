"""A community at a glance: one page of figures from any log of events.

Each figure is computed by :mod:`cmlib.kpi` or :mod:`cmlib.network`; this module chooses which
ones, on which events, and says why one is missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from cmlib.errors import CmlibError, TableError
from cmlib.i18n import _, format_number, format_percent
from cmlib.kpi.activity import dau_wau_mau, new_members, stickiness
from cmlib.kpi.participation import gini, one_time_share, top_share
from cmlib.kpi.retention import retention_curve
from cmlib.kpi.support import first_response, first_response_summary, unanswered_rate

__all__ = ["FIGURES", "Audit", "audit"]

FIGURES = (
    "members",
    "events",
    "top_1_share",
    "top_10_share",
    "gini",
    "one_time_share",
    "dau_mau",
    "wau_mau",
    "retention_m1",
    "retention_m3",
    "retention_m6",
    "first_response_median_h",
    "first_response_p90_h",
    "unanswered_rate",
    "reciprocity",
    "average_clustering",
    "modularity",
    "giant_component_share",
    "degree_assortativity",
    "complete_from",
    "complete_to",
)


@dataclass(frozen=True)
class Audit:
    """The figures of a community and the reason for each one that is missing.

    Attributes
    ----------
    figures : dict
        One value a name in `FIGURES`: int, float, ISO date or None. Shares are between 0 and 1,
        ``_h`` is in hours; ``complete_from`` and ``complete_to`` are the first and the last day
        of the calendar months observed in full.
    notes : dict of str to str
        Why a figure is missing, under its name; and under ``network`` from what its links were
        made.
    first_event, last_event : pandas.Timestamp
        UTC.
    new_members : pandas.DataFrame
        ``period``, ``n``, ``complete``: one row a calendar month.
    """

    figures: dict[str, Any]
    notes: dict[str, str]
    first_event: pd.Timestamp
    last_event: pd.Timestamp
    new_members: pd.DataFrame = field(hash=False)


def audit(
    events: pd.DataFrame,
    *,
    tz: str = "UTC",
    start: Any = None,
    end: Any = None,
    seed: int = 0,
) -> Audit:
    """Compute the figures of a community from its log of events.

    Parameters
    ----------
    events : pandas.DataFrame
        The table that :func:`cmlib.data.read_events` returns, or ``community.events``.
    tz : str, default "UTC"
        Zone in which days and months begin.
    start, end : date, optional
        Period of the figures: from `start` (included) to `end` (excluded), UTC; by default from
        the first event to just after the last one.
    seed : int, default 0
        Of the search for groups behind the modularity.

    Returns
    -------
    Audit

    Raises
    ------
    TableError
        When there is no event.

    Notes
    -----
    - Members and events: everything in the log between `start` and `end`; deleted authors are
      events without member.
    - Shares of the top, Gini and one-time share: topics and replies of those who posted at least
      once; the top 1 % is rounded up to whole members.
    - DAU/MAU and WAU/MAU: mean over the days whose 30 days before were all observed; every kind
      of event counts, visits too where the log has them.
    - Retention M1, M3, M6: share of newcomers active in days 30-59, 90-119, 180-209 after their
      first event, over those observed to the end of the window.
    - First response: Kaplan-Meier over all topics, so that unanswered ones count; a p90 that is
      never reached is missing. Unanswered: over topics open for at least 7 days.
    - Network: messages to a receiver where the log names one; else replies to the author of the
      parent, or of the thread where fewer than half of the replies name a parent.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "event_id": [1, 2, 3, 4], "member_id": [1, 2, 1, 3],
    ...     "kind": ["topic", "reply", "reply", "reply"], "thread_id": [1, 1, 1, 1],
    ...     "parent_id": [None, 1, 2, 1],
    ...     "timestamp": pd.date_range("2025-01-01", periods=4, freq="h")})
    >>> found = audit(events)
    >>> found.figures["members"], found.figures["first_response_median_h"]
    (3, 1.0)
    >>> found.figures["retention_m1"] is None
    True
    """
    chosen = _chosen(events, start, end)
    span: dict[str, Any] = {"start": start, "end": end}
    by_month = new_members(events, period="month", tz=tz, **span)
    figures: dict[str, Any] = dict.fromkeys(FIGURES)
    figures["members"] = int(chosen["member_id"].nunique())
    figures["events"] = len(chosen)
    notes: dict[str, str] = {}
    measures: tuple[tuple[dict[str, str], Callable[[], dict[str, Any]]], ...] = (
        (_no_month(), lambda: _complete_months(by_month)),
        (_no_post(), lambda: _participation(events, span)),
        (_no_full_day(), lambda: _activity(events, tz, span)),
        (_no_newcomer(), lambda: _retention(events, tz, span)),
        (_no_answer(), lambda: _answers(events, span)),
        (_no_link(), lambda: _network(events, span, seed, notes)),
    )
    for reasons, measure in measures:
        try:
            found = measure()
        except CmlibError as error:
            found, reasons = {}, dict.fromkeys(reasons, str(error))
        for name, reason in reasons.items():
            figures[name] = _plain(found.get(name))
            if figures[name] is None:
                notes[name] = reason
    return Audit(
        figures=figures,
        notes=notes,
        first_event=chosen["timestamp"].min(),
        last_event=chosen["timestamp"].max(),
        new_members=by_month,
    )


def _chosen(events: pd.DataFrame, start: Any, end: Any) -> pd.DataFrame:
    times = events["timestamp"]
    inside = times.notna()
    if start is not None:
        inside &= times >= pd.Timestamp(start)
    if end is not None:
        inside &= times < pd.Timestamp(end)
    if not inside.any():
        raise TableError(_("There is no event to count in this log or in this period."))
    return events[inside]


def _complete_months(by_month: pd.DataFrame) -> dict[str, Any]:
    complete = by_month.loc[by_month["complete"], "period"]
    if complete.empty:
        return {}
    return {
        "complete_from": complete.iloc[0].date().isoformat(),
        "complete_to": (complete.iloc[-1] + pd.offsets.MonthEnd(1)).date().isoformat(),
    }


def _participation(events: pd.DataFrame, span: dict[str, Any]) -> dict[str, Any]:
    top = top_share(events, top=(0.01, 0.1), **span)["share"]
    return {
        "top_1_share": top.iloc[0],
        "top_10_share": top.iloc[1],
        "gini": gini(events, **span),
        "one_time_share": one_time_share(events, **span)["share"].iloc[0],
    }


def _activity(events: pd.DataFrame, tz: str, span: dict[str, Any]) -> dict[str, Any]:
    days = dau_wau_mau(events, tz=tz, **span)
    days = days[days["complete"] & (days["mau"] > 0)]
    return {
        "dau_mau": stickiness(events, tz=tz, **span),
        "wau_mau": (days["wau"] / days["mau"]).mean(),
    }


def _retention(events: pd.DataFrame, tz: str, span: dict[str, Any]) -> dict[str, Any]:
    curve = retention_curve(events, window_days=30, windows=6, tz=tz, **span)
    shares = curve.set_index("window")["retention"]
    return {f"retention_m{window}": shares[window] for window in (1, 3, 6)}


def _answers(events: pd.DataFrame, span: dict[str, Any]) -> dict[str, Any]:
    if events["thread_id"].isna().all():
        raise TableError(_("The log names no thread, so nothing tells which events answer which."))
    delays = first_response(events[events["thread_id"].notna()], **span)
    if delays.empty:
        raise TableError(_("No topic was opened in the period."))
    summary = first_response_summary(delays).iloc[0]
    return {
        "first_response_median_h": summary["km_median_h"],
        "first_response_p90_h": summary["km_p90_h"],
        "unanswered_rate": unanswered_rate(delays)["unanswered_rate"].iloc[0],
    }


def _network(
    events: pd.DataFrame, span: dict[str, Any], seed: int, notes: dict[str, str]
) -> dict[str, Any]:
    from cmlib.network import link_counts, network_summary, pair_graph, reply_graph

    has_receiver = "receiver_id" in events and events["receiver_id"].notna().any()
    replies = events["kind"] == "reply"
    if has_receiver:
        pairs = _chosen(events, **span)
        pairs = pairs[pairs["receiver_id"].notna()]
        graph = pair_graph(pairs, source="member_id", target="receiver_id")
        made = _("Links: from the sender of a message to its receiver.")
    elif not replies.any() or events[["thread_id", "parent_id"]].isna().all(axis=None):
        raise TableError(_("The log names no receiver, parent or thread: no link can be drawn."))
    else:
        named = events.loc[replies, "parent_id"].notna().mean()
        to_author = named < 0.5 and events["thread_id"].notna().any()
        graph = reply_graph(
            _threads_as_openers(events) if to_author else events,
            missing_parent="topic_author" if to_author else "leave_out",
            **span,
        )
        made = (
            _(
                "Links: from a reply to the author of the message it names, or else of the thread; "
                "{share} of the replies name a message."
            )
            if to_author
            else _("Links: from a reply to the author of the message it names, as {share} do.")
        ).format(share=format_percent(named, 0))
    fates = link_counts(graph).set_index("fate")["events"]
    notes["network"] = (
        made
        + " "
        + _("{kept} of {read} count; to oneself: {own}.").format(
            kept=format_number(fates.get("kept", 0)),
            read=format_number(fates.get("read", 0)),
            own=format_number(fates.get("self", 0)),
        )
    )
    return dict(network_summary(graph, seed=seed).iloc[0])


def _threads_as_openers(events: pd.DataFrame) -> pd.DataFrame:
    """Name each thread by the event that opened it, which platforms number apart."""
    topics = events[(events["kind"] == "topic") & events["thread_id"].notna()]
    opener = topics.drop_duplicates("thread_id").set_index("thread_id")["event_id"]
    return events.assign(thread_id=events["thread_id"].map(opener))


def _no_month() -> dict[str, str]:
    reason = _("No calendar month was observed in full.")
    return {"complete_from": reason, "complete_to": reason}


def _no_post() -> dict[str, str]:
    reason = _("No known member wrote a topic or a reply.")
    return dict.fromkeys(("top_1_share", "top_10_share", "gini", "one_time_share"), reason)


def _no_full_day() -> dict[str, str]:
    reason = _("No day has its 30 days observed in full.")
    return {"dau_mau": reason, "wau_mau": reason}


def _no_newcomer() -> dict[str, str]:
    reason = _("No newcomer was observed for {days} days.")
    return {f"retention_m{window}": reason.format(days=30 * (window + 1)) for window in (1, 3, 6)}


def _no_answer() -> dict[str, str]:
    reason = _("Fewer than {share} of the topics were answered by somebody else.")
    return {
        "first_response_median_h": reason.format(share=format_percent(0.5, 0)),
        "first_response_p90_h": reason.format(share=format_percent(0.9, 0)),
        "unanswered_rate": _("No topic is 7 days old."),
    }


def _no_link() -> dict[str, str]:
    nobody = _("Nobody is linked with anybody.")
    return {
        "reciprocity": nobody,
        "average_clustering": nobody,
        "modularity": nobody,
        "giant_component_share": nobody,
        "degree_assortativity": _("All linked people have as many contacts as each other."),
    }


def _plain(value: Any) -> Any:
    """Return a native value, None where it is missing."""
    if value is None or isinstance(value, str):
        return value
    number = float(value)
    return None if math.isnan(number) else number
