"""What a campaign brought: rates, people from step to step, change against a control."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals.typing import IntoFrame

from cmlib.data.communities import Community
from cmlib.data.frames import column_names, small
from cmlib.data.values import as_flags, as_numbers, number, warn_empty
from cmlib.kpi._grouped_rows import By, by_group, open_rows
from cmlib.kpi._ratios import aggregate, shares
from cmlib.kpi.survival import normal_quantile, proportion_interval

__all__ = ["campaign_lift", "event_funnel", "rate"]

_LIFT = (
    "n",
    "treated_before",
    "treated_after",
    "control_before",
    "control_after",
    "before_after",
    "lift",
    "low",
    "high",
)


def rate(
    table: Community | IntoFrame,
    *,
    outcome: str,
    by: By = None,
    period: str | None = None,
    level: float = 0.95,
) -> IntoFrame:
    """Give the share of rows with an outcome (opened, clicked, converted), with its interval.

    Parameters
    ----------
    table : table, or Community for its campaigns
        One row a recipient, a person, a ticket.
    outcome : str
        What is measured, a column of yes and no; rows where it is missing are left out.
    by : str or sequence of str, optional
        Columns that make the groups (segment, variant).
    period : {"day", "week", "month"}, optional
        One row a period of ``sent_at``, in local time.
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` rows, ``count``, ``rate`` (share), ``low``, ``high`` (Wilson); with a
        period ``period`` and ``complete``.

    Raises
    ------
    ColumnError
        When a column is not in the table.
    TableError
        When the outcome holds anything but yes and no.

    Notes
    -----
    Say of what: clicks among those who received is not clicks among those who opened. For the
    second, keep the rows that opened first.

    References
    ----------
    E. B. Wilson (1927), see `proportion_interval`.

    Examples
    --------
    >>> import pandas as pd
    >>> sent = pd.DataFrame({"clicked": [True, False, False, False]})
    >>> rate(sent, outcome="clicked").round(3)
       n  count  rate    low   high
    0  4      1  0.25  0.046  0.699
    """
    rows = open_rows(table, "campaigns", time="sent_at", by=by, period=period, outcome=outcome)
    frame = as_flags(rows.frame, "outcome", called=outcome)
    warn_empty(frame, "outcome", called=outcome)
    flag = nw.col("outcome")
    return rows.close(shares(frame, flag, by=rows.by, count="count", name="rate", level=level))


def campaign_lift(
    table: IntoFrame,
    *,
    outcome: str,
    by: By = None,
    level: float = 0.95,
) -> IntoFrame:
    """Estimate what a campaign added: change of those it reached minus change of a control.

    ::

                    before   after   change
        treated        100     130       30
        control         70      80       10      lift = 30 - 10 = 20

    Parameters
    ----------
    table : table of any engine
        One row a unit (member, shop, day) and period: ``treated`` and ``after`` (yes and no:
        reached by the campaign, observed after it began) and, where the same unit is observed
        several times, ``unit``: the interval then takes units, not rows, as what was drawn
        (cluster-robust).
    outcome : str
        What is measured; rows where it is missing are left out.
    by : str or sequence of str, optional
    level : float

    Returns
    -------
    table of the kind that was given
        Columns of `by`, ``n`` rows, ``treated_before``, ``treated_after``, ``control_before``,
        ``control_after`` (means), ``before_after`` (change of the treated: the naive figure),
        ``lift`` (difference in differences), ``low``, ``high``.

    Raises
    ------
    ColumnError
        When a column is not in the table, or `outcome` holds no numbers.

    Notes
    -----
    Ordinary least squares of the outcome on treated, after and both, robust to unequal variances
    (HC1). It is missing where one of the four cells is empty; its interval needs more rows than
    cells. It rests on one supposition, that both groups would have changed alike: on a rising
    trend the naive figure credits the campaign with the trend; units chosen because they were low
    (or high) come back by themselves (regression to the mean), and the control must have been as
    low. Check it on two periods before the campaign: the lift there should be 0.

    References
    ----------
    J. D. Angrist, J.-S. Pischke (2009), Mostly Harmless Econometrics, section 5.2.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"treated": [1, 1, 0, 0], "after": [0, 1, 0, 1],
    ...     "visits": [100, 130, 70, 80]})
    >>> campaign_lift(table, outcome="visits")[["n", "before_after", "lift"]]
       n  before_after  lift
    0  4          30.0  20.0
    """
    units = ["unit"] if "unit" in column_names(table) else []
    rows = open_rows(table, "panel", "treated", "after", *units, time=None, by=by, outcome=outcome)
    frame = as_flags(rows.frame, "treated", called="treated")
    frame = as_flags(frame, "after", called="after")
    frame = as_numbers(frame, "outcome", called=outcome)
    warn_empty(frame, "outcome", called=outcome)
    frame = frame.select(
        *rows.by, *units, y=number("outcome"), treated=number("treated"), after=number("after")
    ).drop_nulls(["y", "treated", "after"])
    groups = by_group(small(frame), rows.by)
    lifts = [_lift(group, bool(units), level) for _key, group in groups]
    keys: dict[str, Any] = {
        name: np.array([key[place] for key, _group in groups]) for place, name in enumerate(rows.by)
    }
    values = {
        name: np.array([lift[place] for lift in lifts], dtype="int64" if name == "n" else "float64")
        for place, name in enumerate(_LIFT)
    }
    return rows.close_columns(keys | values)


def event_funnel(
    community: Community | IntoFrame,
    *,
    by: By = None,
    level: float = 0.95,
) -> IntoFrame:
    """Follow people from one step to the next: invited, registered, attended.

    Parameters
    ----------
    community : Community or table of online_events
    by : str or sequence of str, optional
        Columns that make the groups (``online_event_id``).
    level : float

    Returns
    -------
    table of the kind that was given
        One row a step: columns of `by`, ``order`` (1 the first), ``step``, ``n`` people who did it
        and all those before, ``n_previous`` who did all those before, ``n_skipped`` who did it
        without one before (walk-ins), ``share_of_first``, ``share_of_previous``, ``low``,
        ``high`` (interval of the latter; missing for the first step).

    Notes
    -----
    Missing counts as no. People who skip a step are not in the funnel: someone who attends without
    registering would make a share of more than 1.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"invited": [1, 1, 1, 1], "registered": [1, 1, 0, 0],
    ...     "attended": [1, 0, 1, 0]})
    >>> event_funnel(people)[["step", "n", "n_skipped", "share_of_previous"]]
             step  n  n_skipped  share_of_previous
    0     invited  4          0                NaN
    1  registered  2          0                0.5
    2    attended  1          1                0.5
    """
    names = ["invited", "registered", "attended"]
    rows = open_rows(community, "online_events", *names, time="started_at", by=by)
    frame = rows.frame
    for place, name in enumerate(names):
        frame = as_flags(frame, name, called=name)
        did = nw.col(name).fill_null(0)
        before = nw.col(f"in_{place - 1}") if place else nw.lit(1)
        frame = frame.with_columns((did * before).alias(f"in_{place}"), did.alias(f"did_{place}"))
    sums = [nw.col(f"{part}{i}").sum() for i in range(len(names)) for part in ("in_", "did_")]
    counted = small(aggregate(frame, rows.by, *sums))
    groups = len(next(iter(counted.values())))
    order = np.tile(np.arange(len(names)), groups)
    inside = np.stack([counted[f"in_{i}"].astype("int64") for i in range(len(names))], axis=1)
    did_it = np.stack([counted[f"did_{i}"].astype("int64") for i in range(len(names))], axis=1)
    before_it = np.concatenate([inside[:, :1], inside[:, :-1]], axis=1)
    return rows.close_columns(
        {name: np.repeat(counted[name], len(names)) for name in rows.by}
        | _funnel_columns(names, order, inside, before_it, did_it, level)
    )


def _lift(group: pd.DataFrame, clustered: bool, level: float) -> tuple[float, ...]:
    y = group["y"].to_numpy(dtype="float64")
    treated = group["treated"].to_numpy(dtype="float64") > 0
    after = group["after"].to_numpy(dtype="float64") > 0
    cells = [treated & ~after, treated & after, ~treated & ~after, ~treated & after]
    means = [float(y[cell].mean()) if cell.any() else float("nan") for cell in cells]
    lift = (means[1] - means[0]) - (means[3] - means[2])
    low = high = float("nan")
    if all(cell.any() for cell in cells) and y.size > len(cells):
        error = _lift_error(y, treated, after, group["unit"] if clustered else None)
        width = normal_quantile(level) * error
        low, high = lift - width, lift + width
    return (y.size, *means, means[1] - means[0], lift, low, high)


def _lift_error(
    y: np.ndarray, treated: np.ndarray, after: np.ndarray, unit: pd.Series | None
) -> float:
    import statsmodels.api as sm

    design = np.column_stack([np.ones(y.size), treated, after, treated & after]).astype("float64")
    if unit is None:
        fit = sm.OLS(y, design).fit(cov_type="HC1")
    else:
        codes = pd.factorize(unit)[0]
        if codes.max() < len(design[0]):  # fewer units than the model has coefficients
            return float("nan")
        fit = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": codes})
    return float(fit.bse[3])


def _funnel_columns(
    names: list[str],
    order: np.ndarray,
    inside: np.ndarray,
    before: np.ndarray,
    did: np.ndarray,
    level: float,
) -> dict[str, np.ndarray]:
    first = np.repeat(inside[:, 0], len(names))
    n, previous = inside.ravel(), before.ravel()
    later = order > 0
    low, high = proportion_interval(n, previous, level=level)
    return {
        "order": order + 1,
        "step": np.array(names, dtype=object)[order],
        "n": n,
        "n_previous": previous,
        "n_skipped": did.ravel() - n,
        "share_of_first": n / np.where(first > 0, first, np.nan),
        "share_of_previous": np.where(later, n / np.where(previous > 0, previous, np.nan), np.nan),
        "low": np.where(later, low, np.nan),
        "high": np.where(later, high, np.nan),
    }
