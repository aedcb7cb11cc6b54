"""An audit: the figures of a community, shown as a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narwhals.typing import IntoFrame

from cmlib.data import Community, read
from cmlib.data import community as make_community
from cmlib.report.figures import Figures, measure
from cmlib.report.page import audit_page

__all__ = ["Audit", "audit", "first_page"]


@dataclass(frozen=True, repr=False)
class Audit(Figures):
    """The figures of a community and the reason for each one that is missing.

    Printed, it is a page.

    Attributes
    ----------
    community : Community
        What was audited.
    figures : dict
        One value a name in `FIGURES`: int, float, ISO date or None. Shares are between 0 and 1,
        ``_h`` is in hours; ``complete_from`` and ``complete_to`` are the first and the last day
        of the calendar months observed in full.
    notes : dict of str to str
        Why a figure is missing, under its name; and under ``network``, ``newcomers``, ``counted``
        how links were made, who is a newcomer and who was counted.
    first_event, last_event : pandas.Timestamp
        UTC.
    new_members : pandas.DataFrame
        ``period``, ``n``, ``already_there``, ``complete``: one row a calendar month.
    """

    def __str__(self) -> str:
        return audit_page(self)

    __repr__ = __str__


def audit(
    community: Community | IntoFrame,
    *,
    link: str | None = None,
    since: str | None = None,
    seed: int = 0,
) -> Audit:
    """Compute the figures of a community from its log of events.

    Parameters
    ----------
    community : Community or table of events
        Period, zone and who counts are those of the view.
    link : {"parent", "previous", "opener", "mention"}, optional
        Whom a reply answers, as in :func:`cmlib.network.reply_graph`.
    since : {"joined", "first_event"}, optional
        Day 0 of newcomers, as in :func:`cmlib.kpi.retention_curve`.
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
    - Members and events: everything that counts from start to end; deleted authors are events
      without member.
    - Shares of the top, Gini and one-time share: topics and replies of those who posted at least
      once; the top 1 % is rounded up to whole members.
    - DAU/MAU and WAU/MAU: mean over the days whose 30 days before were all observed; every kind
      of event counts, visits too where the log has them.
    - Retention M1, M3, M6: share of newcomers active in days 30-59, 90-119, 180-209 after day 0,
      over those observed to the end of the window.
    - First response: Kaplan-Meier over all topics, so that unanswered ones count; a p90 that is
      never reached is missing. Unanswered: over topics open for at least 7 days.
    - Network: links as `link` says; the page says how many each rule made.

    Examples
    --------
    >>> import pandas as pd
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
    if not isinstance(community, Community):
        community = make_community(events=community, without=None)
    return Audit(**vars(measure(community, link=link, since=since, seed=seed)))


def first_page(path: str | Path, *, link: str | None = None, **options: Any) -> Audit:
    r"""Read a file and give its page: what the command ``audit`` prints, in a notebook.

    Parameters
    ----------
    path : path
        The file.
    link : str, optional
        Whom a reply answers, as in :func:`cmlib.network.reply_graph`.
    **options
        Those of :func:`cmlib.data.read`: ``time=``, ``member=``, ``thread=``, ``tz=``...

    Returns
    -------
    Audit
        Shown as a page at the end of a cell; its figures are in ``.figures``.

    Raises
    ------
    FileError, ColumnError, ParameterError, TableError
        As :func:`cmlib.data.read` says.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "log.csv"
    >>> _size = file.write_text("when,who\n2025-02-13,Ana\n2025-02-14,Ali\n")
    >>> first_page(file, time="when", member="who").figures["members"]
    2
    """
    return audit(read(path, **options), link=link)
