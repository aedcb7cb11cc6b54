"""An audit on one page of text, at most 80 columns, in the current language."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib.data import ReadReport
from cmlib.i18n import format_date, format_month, format_number, format_percent
from cmlib.messages import N_, _
from cmlib.report.figures import Figures

__all__ = ["WIDTH", "audit_page"]

WIDTH = 80
_MANY = 0.05  # above this share of rows set aside, the page says so at its top
_LABEL = 60
_SECTIONS = (
    (
        N_("Activity"),
        (
            ("members", N_("Members who did something"), "number"),
            ("events", N_("Events"), "number"),
            ("new_members", N_("New members in {month}"), "number"),
            ("dau_mau", N_("DAU/MAU: of a month's members, those of an average day"), "share"),
            ("wau_mau", N_("WAU/MAU: of a month's members, those of an average week"), "share"),
        ),
    ),
    (
        N_("Newcomers still active, in windows of 30 days"),
        (
            ("retention_m1", N_("M1 (days 30 to 59)"), "share"),
            ("retention_m3", N_("M3 (days 90 to 119)"), "share"),
            ("retention_m6", N_("M6 (days 180 to 209)"), "share"),
        ),
    ),
    (
        N_("Who writes"),
        (
            ("top_1_share", N_("Share of posts by the most active {one}"), "share"),
            ("top_10_share", N_("Share of posts by the most active {ten}"), "share"),
            ("gini", N_("Gini (0: all write as much; 1: one writes everything)"), "index"),
            ("one_time_share", N_("Members who posted only once"), "share"),
        ),
    ),
    (
        N_("Answers by somebody else (unanswered topics counted)"),
        (
            ("first_response_median_h", N_("First response, median (Kaplan-Meier)"), "hours"),
            ("first_response_p90_h", N_("First response, 9 topics in 10"), "hours"),
            ("unanswered_rate", N_("Topics of 7 days or more without answer"), "share"),
        ),
    ),
    (
        N_("Network"),
        (
            ("reciprocity", N_("Reciprocity: links that are returned"), "share"),
            ("average_clustering", N_("Average clustering"), "index"),
            ("modularity", N_("Modularity (Louvain)"), "index"),
            ("giant_component_share", N_("People in the largest connected piece"), "share"),
            ("degree_assortativity", N_("Degree assortativity"), "index"),
        ),
    ),
)


def audit_page(found: Figures) -> str:
    """Write an audit as text.

    Parameters
    ----------
    found : Audit
        What :func:`cmlib.report.audit` returned.

    Returns
    -------
    str
        Lines of at most `WIDTH` characters, without a line end after the last one.
    """
    files = [Path(report.path).name for report in found.community.readings]
    title = ", ".join(files) or found.community.name or _("a community")
    heading = _("Audit of {title}").format(title=title)
    lines = [*_wrapped(heading), "=" * min(WIDTH, len(heading)), *_wrapped(_period(found))]
    for report in found.community.readings:
        lines += _reading(report)
    lines += _wrapped(found.notes["counted"])
    complete = found.new_members[found.new_members["complete"]]
    values: dict[str, Any] = dict(found.figures)
    values["new_members"] = None if complete.empty else int(complete["n"].iloc[-1])
    month = _("a complete month") if complete.empty else format_month(complete["period"].iloc[-1])
    words = {"month": month, "one": format_percent(0.01, 0), "ten": format_percent(0.1, 0)}
    for section, rows in _SECTIONS:
        lines += ["", _(section)]
        for name, label, form in rows:
            shown = _(label).format(**words)
            dots = "." * (_LABEL - len(shown) - 3)
            lines.append(f"  {shown} {dots}{_shown(values[name], form):>{WIDTH - _LABEL}}")
    lines += ["", _("Notes")]
    for reason in _by_reason(found, words):
        lines += _wrapped(reason, bullet="- ")
    return "\n".join(lines)


def _period(found: Figures) -> str:
    tz = found.community.tz
    text = _("From {first} to {last} ({zone}).").format(
        first=format_date(_local(found.first_event, tz)),
        last=format_date(_local(found.last_event, tz)),
        zone=tz,
    )
    if found.figures["complete_from"] is None:
        return text + " " + _("No calendar month was observed in full.")
    first, last = (pd.Timestamp(found.figures[name]) for name in ("complete_from", "complete_to"))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return (
        text
        + " "
        + _("Complete months: {count}, from {first} to {last}.").format(
            count=format_number(count), first=format_month(first), last=format_month(last)
        )
    )


def _local(moment: pd.Timestamp, tz: str) -> pd.Timestamp:
    return moment.tz_localize("UTC").tz_convert(tz)


def _reading(report: ReadReport) -> list[str]:
    lines = []
    if report.rows_set_aside > _MANY * report.rows_in_file:
        lines = _wrapped(
            _("CAREFUL: {share} of the rows of the file are not in these figures.").format(
                share=format_percent(report.rows_set_aside / report.rows_in_file)
            )
        )
    lines += _wrapped(
        _("{total} rows in the file = {read} read + {aside} set aside").format(
            total=format_number(report.rows_in_file),
            read=format_number(report.rows_read),
            aside=format_number(report.rows_set_aside),
        )
        + "."
    )
    for row in report.reasons().itertuples():
        lines += _wrapped(
            _("{rows} x {why}, first on line {line}: {example}").format(
                rows=format_number(row.rows),
                why=row.why,
                line=row.line,
                example=textwrap.shorten(str(row.example), 60, placeholder="..."),
            ),
            bullet="- ",
        )
    for note in report.notes:
        lines += _wrapped(note, bullet="- ")
    return lines


def _shown(value: Any, form: str) -> str:
    if form == "share":
        return format_percent(value)
    if form == "index":
        return format_number(value, 2)
    if form == "hours" and value is not None:
        return _("{hours} h").format(hours=format_number(value))
    return format_number(value)


def _by_reason(found: Figures, words: dict[str, str]) -> list[str]:
    """One sentence a reason, with the names of the figures it explains."""
    labels = {
        name: re.split(r"\s?:", _(label).format(**words))[0]
        for _section, rows in _SECTIONS
        for name, label, _form in rows
    }
    grouped: dict[str, list[str]] = {}
    for name, reason in found.notes.items():
        if name not in ("counted", "complete_from", "complete_to"):
            grouped.setdefault(reason, []).append(name)
    sentences = []
    for reason, names in grouped.items():
        missing = ", ".join(labels[name] for name in names if name in labels)
        sentences.append(_("{what}: {why}").format(what=missing, why=reason) if missing else reason)
    return sentences


def _wrapped(text: str, bullet: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_on_hyphens=False,
    )
