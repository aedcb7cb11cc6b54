"""What charts need of a result table, whatever engine made it."""

from __future__ import annotations

import narwhals as nw
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.data.frames import need_columns, to_pandas
from cmlib.errors import TableError, missing_column
from cmlib.i18n import format_number, format_percent
from cmlib.messages import N_, _

__all__: list[str] = []

LABELS = {
    "n": N_("Members"),
    "dau": N_("Members active that day"),
    "wau": N_("Members active in 7 days"),
    "mau": N_("Members active in 30 days"),
    "growth_rate": N_("Growth (%)"),
    "share": N_("Share (%)"),
    "engagement_rate": N_("Interactions for 100 people reached (%)"),
    "interaction_rate": N_("Interactions for 100 impressions (%)"),
    "click_through_rate": N_("Clicks for 100 impressions (%)"),
    "lurker_ratio": N_("Visitors who did not write (%)"),
    "activation_rate": N_("Newcomers activated (%)"),
    "retention": N_("Members still active (%)"),
    "churn_rate": N_("Members gone quiet (%)"),
    "unanswered_rate": N_("Questions without an answer (%)"),
    "answered_within": N_("Questions answered in time (%)"),
    "peer_answer_share": N_("Answers given by members (%)"),
    "solution_rate": N_("Questions solved (%)"),
    "on_time_rate": N_("Posts out on time (%)"),
    "ugc_share": N_("Posts made by members (%)"),
    "escalation_rate": N_("Tickets passed on (%)"),
    "rate": N_("Share (%)"),
    "share_of_voice": N_("Share of voice (%)"),
    "net_sentiment": N_("Positive less negative mentions (%)"),
    "quick_ratio": N_("Gained for one lost (members)"),
    "interactions_per_post": N_("Interactions per post"),
}
_NOT_SHARES = {"n", "dau", "wau", "mau", "quick_ratio", "interactions_per_post"}


def as_pandas(table: IntoFrame, *columns: str) -> pd.DataFrame:
    """Bring a result of any engine to pandas, and check that it has `columns` and rows."""
    result = to_pandas(table)
    need_columns(result, columns)
    if result.empty:
        raise TableError(_("The table has no row, so there is nothing to draw."))
    return result


def columns_of(table: IntoFrame) -> list[str]:
    """Return the names of the columns of a table of any engine."""
    return list(nw.from_native(table).collect_schema().names())


def time_column(table: pd.DataFrame) -> str:
    """Return the column that holds the time of a result: ``period`` or ``day``."""
    for name in ("period", "day"):
        if name in table.columns:
            return name
    raise missing_column("period", table.columns)


def is_share(column: str) -> bool:
    """Tell whether the values of a known column are shares, drawn as percentages."""
    return column in LABELS and column not in _NOT_SHARES


def label(column: str) -> str:
    """Return the words for a column, with its unit; the name itself when it is not known."""
    return _(LABELS[column]) if column in LABELS else column


def said(value: float, column: str) -> str:
    """Write one value of a column the way the reader's language does."""
    return format_percent(value) if is_share(column) else format_number(value)
