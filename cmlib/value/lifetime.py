"""Lifetime value: what a customer who stays is worth today."""

from __future__ import annotations

from typing import Any

import numpy as np

from cmlib.checks import at_least, number, share, whole_number

__all__ = ["ltv_from_t0", "ltv_from_t1", "ltv_over"]


def ltv_from_t0(*, margin_eur: float, retention: float, discount: float) -> float:
    """Value today of a customer whose first margin arrives today (t = 0).

    Parameters
    ----------
    margin_eur : float
        Margin of one period, EUR. Margin, not revenue.
    retention : float
        Share of the customers who are still there one period later (0 to 1).
    discount : float
        Discount rate of one period: 0.10 for 10 %.

    Returns
    -------
    float
        EUR. Missing when `retention` is 1 and `discount` is 0: the sum has no end.

    Raises
    ------
    ParameterError
        When retention is not between 0 and 1, or the discount rate is negative.

    Notes
    -----
    sum over t = 0, 1, 2, ... of margin x (retention / (1 + discount))^t
    = margin x (1 + discount) / (1 + discount - retention).
    Use it for a customer won today, before the first payment.

    Retention is taken as constant. Real groups leave fast at first and slowly later: the
    formula is too low for the survivors, and fits no single person. Two members are not
    comparable because one group stays longer: staying may be why they joined.

    References
    ----------
    .. [1] Gupta, S. & Lehmann, D. R. (2003). Customers as assets. Journal of Interactive
       Marketing, 17(1), 9-24.

    Examples
    --------
    >>> round(ltv_from_t0(margin_eur=60, retention=0.70, discount=0.10), 1)
    165.0
    >>> round(ltv_from_t0(margin_eur=60, retention=0.75, discount=0.10), 1)
    188.6
    """
    margin = number("margin_eur", margin_eur)
    stay = share("retention", retention)
    rate = at_least("discount", discount)
    if 1 + rate == stay:
        return float("nan")
    return float(ltv_formula(margin, stay, rate))


def ltv_from_t1(*, margin_eur: float, retention: float, discount: float) -> float:
    """Value today of a customer whose next margin arrives in one period (t = 1).

    Parameters
    ----------
    margin_eur, retention, discount : float
        As in :func:`ltv_from_t0`.

    Returns
    -------
    float
        EUR, exactly one margin less than :func:`ltv_from_t0`. Missing when `retention` is 1
        and `discount` is 0.

    Raises
    ------
    ParameterError
        When retention is not between 0 and 1, or the discount rate is negative.

    Notes
    -----
    sum over t = 1, 2, ... of margin x (retention / (1 + discount))^t
    = margin x retention / (1 + discount - retention).
    Use it for a customer who has just paid: what remains to come.

    References
    ----------
    .. [1] Gupta, S. & Lehmann, D. R. (2003). Customers as assets. Journal of Interactive
       Marketing, 17(1), 9-24.

    Examples
    --------
    >>> round(ltv_from_t1(margin_eur=60, retention=0.70, discount=0.10), 1)
    105.0
    """
    now = ltv_from_t0(margin_eur=margin_eur, retention=retention, discount=discount)
    return now - float(margin_eur)


def ltv_over(*, margin_eur: float, retention: float, discount: float, periods: int) -> float:
    """Value today of a customer over a stated number of periods, first margin today.

    Parameters
    ----------
    margin_eur, retention, discount : float
        As in :func:`ltv_from_t0`.
    periods : int
        Payments counted, today's included. A firm that plans three years ahead counts three.

    Returns
    -------
    float
        EUR. It grows towards :func:`ltv_from_t0` with the number of periods.

    Raises
    ------
    ParameterError
        When retention is not between 0 and 1, the discount rate is negative, or `periods`
        is not a whole number from 1 up.

    Examples
    --------
    >>> round(ltv_over(margin_eur=60, retention=0.70, discount=0.10, periods=3), 1)
    122.5
    """
    margin = number("margin_eur", margin_eur)
    ratio = share("retention", retention) / (1 + at_least("discount", discount))
    return float(margin * sum(ratio**t for t in range(whole_number("periods", periods))))


def ltv_formula(margin: Any, retention: Any, discount: Any) -> Any:
    """Lifetime value from t = 0, on numbers or arrays."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(margin * (1 + discount), 1 + discount - retention)
