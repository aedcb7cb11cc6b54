"""Does membership raise spending? Four comparisons, from the naive one to the random draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cmlib.checks import inner_share
from cmlib.data.frames import need_columns
from cmlib.errors import TableError
from cmlib.messages import N_, _
from cmlib.value._panel_comparison import OUTCOME, UNIT, one_row_each, symmetric, welch
from cmlib.value.estimate import Estimate
from cmlib.value.invitation import invitation_effect

__all__ = [
    "adjusted_gap",
    "compare_uplift",
    "difference_in_differences",
    "naive_gap",
]


def naive_gap(panel: pd.DataFrame, *, outcome: str = OUTCOME, level: float = 0.95) -> Estimate:
    """Compare the spending of members and of others after joining. It misleads.

    Parameters
    ----------
    panel : pandas.DataFrame
        As :func:`customer_panel` gives it.
    outcome : str, default "spend_eur_month"
        Column to compare, EUR a month.
    level : float, default 0.95

    Returns
    -------
    Estimate
        EUR a month, with Welch's interval; `n` customers compared.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When there are fewer than two members or two others.

    Notes
    -----
    Good customers join: the gap mixes what membership does with who joins. Its interval is
    narrow around the wrong figure. It is here to be compared with the others.
    """
    wide = _compared(panel, outcome)
    level = inner_share("level", level)
    inside = wide.loc[wide["member"], "after"].to_numpy()
    others = wide.loc[~wide["member"], "after"].to_numpy()
    gap, se, freedom = welch(inside, others)
    from scipy.special import stdtrit

    return symmetric(
        gap, se * float(stdtrit(freedom, (1 + level) / 2)), level, len(wide), N_("naive")
    )


def adjusted_gap(
    panel: pd.DataFrame,
    *,
    controls: Sequence[str] = ("tenure_months", "region"),
    outcome: str = OUTCOME,
    level: float = 0.95,
) -> Estimate:
    """Compare members and others of the same known profile, by regression.

    Parameters
    ----------
    panel : pandas.DataFrame
        As :func:`customer_panel` gives it.
    controls : sequence of str, default ("tenure_months", "region")
        Columns to hold equal. Text columns become one indicator a value.
    outcome : str, default "spend_eur_month"
    level : float, default 0.95

    Returns
    -------
    Estimate
        EUR a month, with an interval robust to unequal spread (HC1); `n` customers.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When there are fewer than two members or two others.

    Notes
    -----
    It removes the part of self-selection that the controls know. Liking the brand is in no
    table, so a bias remains, and nothing in the result shows it.
    """
    import statsmodels.api as sm

    need_columns(panel, controls)
    wide = _compared(panel, outcome, controls)
    design = _design(wide[list(controls)])
    design.insert(0, "member", wide["member"].astype(float))
    fit = sm.OLS(wide["after"].astype(float), sm.add_constant(design)).fit(cov_type="HC1")
    return _from_fit(fit, "member", level, len(wide), N_("adjusted"))


def difference_in_differences(
    panel: pd.DataFrame, *, outcome: str = OUTCOME, level: float = 0.95
) -> Estimate:
    """Compare how the spending of members and of others changed over the same dates.

    Parameters
    ----------
    panel : pandas.DataFrame
        As :func:`customer_panel` gives it.
    outcome : str, default "spend_eur_month"
    level : float, default 0.95

    Returns
    -------
    Estimate
        Effect on those who joined, EUR a month; standard error clustered by customer;
        `n` customers.

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When there are fewer than two members or two others.

    Notes
    -----
    (members after - members before) - (others after - others before), as the coefficient of
    member x after in a regression. Constant differences between people cancel out. One
    assumption replaces them: without the community, both groups would have changed alike
    (parallel trends). Someone who joins *because* they are about to buy breaks it, and so
    does a trend in percent when the two groups start far apart.

    References
    ----------
    .. [1] Manchanda, P., Packard, G. & Pattabhiramaiah, A. (2015). Social Dollars: The
       Economic Impact of Customer Participation in a Firm-Sponsored Online Customer
       Community. Marketing Science, 34(3), 367-387. By difference in differences, 19 % of
       what community customers spent after the launch is owed to their joining (figure of
       the 2011 report, MSI 11-115).
    """
    import statsmodels.api as sm

    wide = _compared(panel, outcome)
    member = wide["member"].to_numpy(dtype=float)
    zeros, ones = np.zeros(len(wide)), np.ones(len(wide))
    design = pd.DataFrame(
        {
            "const": 1.0,
            "member": np.concatenate([member, member]),
            "after": np.concatenate([zeros, ones]),
            "effect": np.concatenate([zeros, member]),
        }
    )
    spent = np.concatenate([wide["before"].to_numpy(), wide["after"].to_numpy()])
    customer = np.concatenate([np.arange(len(wide)), np.arange(len(wide))])
    fit = sm.OLS(spent, design).fit(cov_type="cluster", cov_kwds={"groups": customer})
    return _from_fit(fit, "effect", level, len(wide), N_("difference in differences"))


def compare_uplift(
    panel: pd.DataFrame,
    *,
    controls: Sequence[str] = ("tenure_months", "region"),
    invited: str = "invited",
    outcome: str = OUTCOME,
    level: float = 0.95,
) -> pd.DataFrame:
    """Put the four comparisons side by side.

    Parameters
    ----------
    panel : pandas.DataFrame
        As :func:`customer_panel` gives it.
    controls, invited, outcome, level
        As in :func:`adjusted_gap` and :func:`invitation_effect`.

    Returns
    -------
    pandas.DataFrame
        One row a comparison, from the most naive to the draw: ``method``,
        ``effect_eur_month``, ``low``, ``high``, ``level``, ``n``.

    Raises
    ------
    ColumnError, TableError
        As the four comparisons do.

    Notes
    -----
    Differences between the rows are mostly bias, not chance: intervals that do not overlap
    on the same customers show it. The last row is about compliers, the third about everyone
    who joined: they may differ in truth.
    """
    estimates = [
        naive_gap(panel, outcome=outcome, level=level),
        adjusted_gap(panel, controls=controls, outcome=outcome, level=level),
        difference_in_differences(panel, outcome=outcome, level=level),
        invitation_effect(panel, invited=invited, outcome=outcome, level=level).effect,
    ]
    return pd.DataFrame(
        {
            "method": [estimate.method for estimate in estimates],
            "effect_eur_month": [estimate.value for estimate in estimates],
            "low": [estimate.low for estimate in estimates],
            "high": [estimate.high for estimate in estimates],
            "level": [estimate.level for estimate in estimates],
            "n": [estimate.n for estimate in estimates],
        }
    )


def _compared(panel: pd.DataFrame, outcome: str, kept: Sequence[str] = ()) -> pd.DataFrame:
    wide = one_row_each(panel, outcome, kept)
    wide = wide[wide["member"].notna()]
    wide = wide.assign(member=wide["member"].astype(bool))
    inside = int(wide["member"].sum())
    if min(inside, len(wide) - inside) < 2:
        raise TableError(
            _(
                "{inside} members and {others} others can be compared: at least two of each are "
                "needed. Members are those who joined between the two periods: move the dates."
            ).format(inside=inside, others=len(wide) - inside)
        )
    return wide


def _design(controls: pd.DataFrame) -> pd.DataFrame:
    return pd.get_dummies(controls, drop_first=True, dtype=float).astype(float)


def _from_fit(fit: Any, name: str, level: float, n: int, method: str) -> Estimate:
    level = inner_share("level", level)
    low, high = fit.conf_int(alpha=1 - level).loc[name]
    value = float(fit.params[name])
    return Estimate(value, float(low), float(high), level, n, UNIT, method)
