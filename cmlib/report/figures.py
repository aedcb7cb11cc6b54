"""A community at a glance: one page of figures from any log of events.

Each figure is computed by :mod:`cmlib.kpi` or :mod:`cmlib.network`; this module chooses which
ones and says why one is missing.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import pandas as pd

from cmlib.data.communities import Community, log_of
from cmlib.data.frames import small, to_pandas
from cmlib.data.log import Log
from cmlib.errors import CmlibError, NotCountedWarning, NotMeasuredWarning, TableError
from cmlib.i18n import format_number, format_percent
from cmlib.kpi.activity import dau_wau_mau, new_members
from cmlib.kpi.participation import gini, one_time_share, top_share
from cmlib.kpi.retention import retention_curve
from cmlib.kpi.support import first_response, first_response_summary, unanswered_rate
from cmlib.messages import N_, _

__all__ = ["FIGURES", "Figures", "measure"]

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
_MADE = {
    "parent": N_("Links go from a reply to the author of the message it names."),
    "previous": N_(
        "Links go from a reply to the author of the message it names, or else to the last other "
        "person who wrote in the thread."
    ),
    "opener": N_(
        "Links go from a reply to the author of the message it names, or else of the thread."
    ),
    "mention": N_("Links go from a message to the person it is addressed to."),
}
_RULES = {
    "parent": N_("message named"),
    "previous": N_("last other person"),
    "opener": N_("opener"),
    "mention": N_("person addressed"),
}


@dataclass(frozen=True)
class Figures:
    """What an audit found; :class:`cmlib.report.Audit` says what each attribute is."""

    community: Community
    figures: dict[str, Any]
    notes: dict[str, str]
    first_event: pd.Timestamp
    last_event: pd.Timestamp
    new_members: pd.DataFrame = field(hash=False)


def measure(community: Community, *, link: str | None, since: str | None, seed: int) -> Figures:
    """Compute the figures of a community, as :func:`cmlib.report.audit` says."""
    log = log_of(community)
    basics = _basics(log)
    by_month = to_pandas(new_members(community, period="month"))
    figures: dict[str, Any] = dict.fromkeys(FIGURES)
    figures |= {name: basics[name] for name in ("members", "events")}
    notes = {"counted": _counted(community), "newcomers": _newcomers(log, since)}
    parts: tuple[tuple[dict[str, str], Callable[[], dict[str, Any]]], ...] = (
        (_no_month(), lambda: _complete_months(by_month, log)),
        (_no_post(), lambda: _participation(community)),
        (_no_full_day(), lambda: _activity(community)),
        (_no_newcomer(), lambda: _retention(community, since)),
        (_no_answer(), lambda: _answers(community, log)),
        (_no_link(), lambda: _network(community, log, link, seed, notes)),
    )
    for reasons, part in parts:
        found, why, said = _with_reasons(part)
        for name, reason in reasons.items():
            figures[name] = _plain(found.get(name))
            if figures[name] is None:
                notes[name] = why or reason
        for place, warning in enumerate(said):
            notes.setdefault(f"not_counted_{place}", warning)
    return Figures(
        community=community,
        figures=figures,
        notes=notes,
        first_event=pd.Timestamp(basics["first"], unit="s"),
        last_event=pd.Timestamp(basics["last"], unit="s"),
        new_members=by_month,
    )


def _with_reasons(
    part: Callable[[], dict[str, Any]],
) -> tuple[dict[str, Any], str | None, list[str]]:
    """Run a part; give what it found, why something is missing and what was left out."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", NotMeasuredWarning)
        warnings.simplefilter("always", NotCountedWarning)
        try:
            found, why = part(), None
        except CmlibError as error:
            found, why = {}, str(error)
    for warning in caught:
        if issubclass(warning.category, NotMeasuredWarning):
            why = str(warning.message)
    said = [str(one.message) for one in caught if issubclass(one.category, NotCountedWarning)]
    return found, why, list(dict.fromkeys(said))


def _basics(log: Log) -> dict[str, int]:
    """Members, events, first and last second of what counts between start and end."""
    rows = log.from_start(log.rows())
    found = small(
        rows.select(
            events=nw.len(),
            members=nw.col("u").n_unique() - nw.col("u").is_null().any().cast(nw.Int64),
            first=nw.col("t").min(),
            last=nw.col("t").max(),
        )
    )
    if not int(found["events"][0]):
        raise TableError(_("There is no event to count in this log or in this period."))
    return {name: int(value[0]) for name, value in found.items()}


def _counted(community: Community) -> str:
    """Say who was counted."""
    log = community.log
    found = log.left_out
    if log.asks_for_roles and not log.has_roles:
        return _("No role is known in this log: nobody could be told from the team or the bots.")
    if not found.ids and not found.deleted:
        return _("Everybody in the log is counted.")
    parts = []
    if found.ids:
        parts.append(_("accounts left out: {n}").format(n=format_number(len(found.ids))))
    if found.deleted:
        parts.append(_("events of deleted accounts left out"))
    return _("Who counts: {parts}.").format(parts="; ".join(parts))


def _newcomers(log: Log, since: str | None) -> str:
    """Say what day 0 is."""
    if (since or ("joined" if log.has_joined else "first_event")) == "joined":
        return _("Day 0 of a newcomer is the day of joining.")
    if log.complete_history:
        return _("Day 0 of a newcomer is the day of the first event.")
    return _(
        "Day 0 of a newcomer is the day of the first event; whoever is seen in the first 30 days "
        "of the log was there already and is no newcomer."
    )


def _complete_months(by_month: pd.DataFrame, log: Log) -> dict[str, Any]:
    from cmlib.kpi.calendar import calendar

    months = calendar(log, "month")
    complete = pd.to_datetime(months.period[months.complete])
    if not len(complete):
        return {}
    return {
        "complete_from": complete[0].date().isoformat(),
        "complete_to": (complete[-1] + pd.offsets.MonthEnd(1)).date().isoformat(),
    }


def _participation(community: Community) -> dict[str, Any]:
    top = to_pandas(top_share(community, top=(0.01, 0.1)))["share"]
    return {
        "top_1_share": top.iloc[0],
        "top_10_share": top.iloc[1],
        "gini": gini(community),
        "one_time_share": to_pandas(one_time_share(community))["share"].iloc[0],
    }


def _activity(community: Community) -> dict[str, Any]:
    days = to_pandas(dau_wau_mau(community))
    days = days[days["complete"] & (days["mau"] > 0)]
    return {
        "dau_mau": (days["dau"] / days["mau"]).mean(),
        "wau_mau": (days["wau"] / days["mau"]).mean(),
    }


def _retention(community: Community, since: str | None) -> dict[str, Any]:
    curve = to_pandas(retention_curve(community, windows=6, since=since))
    shares = curve.set_index("window")["retention"]
    return {f"retention_m{window}": shares[window] for window in (1, 3, 6)}


def _answers(community: Community, log: Log) -> dict[str, Any]:
    threads = (
        log.has("thread_id")
        and small(log.events.select(n=(~nw.col("thread_id").is_null()).cast(nw.Int64).sum()))["n"][
            0
        ]
    )
    if not threads:
        raise TableError(_("The log names no thread, so nothing tells which events answer which."))
    delays = first_response(community)
    if not len(to_pandas(delays)):
        raise TableError(_("No topic was opened in the period."))
    summary = to_pandas(first_response_summary(delays)).iloc[0]
    return {
        "first_response_median_h": summary["km_median_h"],
        "first_response_p90_h": summary["km_p90_h"],
        "unanswered_rate": to_pandas(unanswered_rate(delays))["unanswered_rate"].iloc[0],
    }


def _network(
    community: Community, log: Log, link: str | None, seed: int, notes: dict[str, str]
) -> dict[str, Any]:
    from cmlib.network.links import link_arrays
    from cmlib.network.summary import summary_of_links

    links = link_arrays(community, link=link)
    fates = links.fates
    said = [
        _(_MADE[str(links.link)]),
        _("{kept} of {read} count; to oneself: {own}; nobody found: {lost}.").format(
            kept=format_number(fates.get("kept", 0)),
            read=format_number(fates.get("read", 0)),
            own=format_number(fates.get("self", 0)),
            lost=format_number(fates.get("unattributed", 0)),
        ),
    ]
    made = [(rule, fates[rule]) for rule in _MADE if fates.get(rule)]
    if len(made) > 1:
        listed = _("; ").join(f"{_(_RULES[rule])} {format_number(n)}" for rule, n in made)
        said.append(_("Links made by rule: {listed}.").format(listed=listed))
    notes["network"] = " ".join(said)
    if not fates.get("kept"):
        named = [name for name in ("thread_id", "parent_id", "receiver_id") if log.holds(name)]
        if not named:
            del notes["network"]
            raise TableError(
                _("The log names no receiver, parent or thread: no link can be drawn.")
            )
        return {}
    return summary_of_links(links, seed=seed)


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


def _plain(value: Any) -> str | float | None:
    """Return a native value, None where it is missing."""
    if value is None or isinstance(value, str):
        return value
    number = float(value)
    return None if math.isnan(number) else number
