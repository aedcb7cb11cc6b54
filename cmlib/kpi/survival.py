"""Durations that are not over yet, and shares that rest on few: the two corrections KPIs need.

Both take plain arrays; the KPI functions collect a column and call them.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cmlib.checks import inner_share
from cmlib.errors import ParameterError
from cmlib.messages import _

__all__ = ["SurvivalCurve", "kaplan_meier", "proportion_interval"]


@dataclass(frozen=True)
class SurvivalCurve:
    """The share of durations still running after each time at which at least one ended.

    Attributes
    ----------
    n, n_ended : int
        Durations, and how many of them ended within the observed period.
    time : numpy.ndarray
        Times, in the unit of the durations, in growing order.
    survival, low, high : numpy.ndarray
        Kaplan-Meier estimate just after `time` and its interval (log-log); where nothing is
        left, `high` is missing.
    at_risk, ended : numpy.ndarray
        Durations still running just before `time`, and those that ended at `time`.
    """

    n: int
    n_ended: int
    time: np.ndarray
    survival: np.ndarray
    low: np.ndarray
    high: np.ndarray
    at_risk: np.ndarray
    ended: np.ndarray

    def quantile(self, q: float) -> float:
        """Return the time by which a share `q` has ended; missing when never reached.

        Examples
        --------
        >>> curve = kaplan_meier([1, 2, 3, 9], [True, True, False, False])
        >>> curve.quantile(0.5), curve.quantile(0.9)
        (2.0, nan)
        """
        return _first_time(self.time, self.survival, 1 - q)

    def quantile_interval(self, q: float) -> tuple[float, float]:
        """Return the interval of `quantile`; an end that is never reached is missing."""
        return _first_time(self.time, self.low, 1 - q), _first_time(self.time, self.high, 1 - q)

    def at(self, time: float) -> tuple[float, float, float]:
        """Return the share still running after `time`, with its interval.

        Examples
        --------
        >>> curve = kaplan_meier([1, 2, 3, 4], [True, True, True, True])
        >>> round(curve.at(2)[0], 2)
        0.5
        """
        if self.n == 0:
            return float("nan"), float("nan"), float("nan")
        position = int(np.searchsorted(self.time, time, side="right")) - 1
        if position < 0:
            return 1.0, 1.0, 1.0
        return float(self.survival[position]), float(self.low[position]), float(self.high[position])


def kaplan_meier(durations: ArrayLike, ended: ArrayLike, *, level: float = 0.95) -> SurvivalCurve:
    """Estimate how long something lasts when some of it is not over yet (Kaplan-Meier).

    Parameters
    ----------
    durations : array-like of float
        Time from the beginning to the end or, where it is not over, to the last moment observed.
        Negative or missing durations are refused.
    ended : array-like of bool
        Whether the end was seen; False means censored, still running when last observed.
    level : float, default 0.95
        Level of the interval.

    Returns
    -------
    SurvivalCurve

    Raises
    ------
    ParameterError
        When a duration is missing or negative, or the two arrays differ in length.

    Notes
    -----
    S(t) is the product over end times s <= t of (1 - ended(s) / at_risk(s)). A quantile is the
    first time where S falls to 1 - q or under it; the curve of topics of which many were never
    answered may never get there, and the quantile is then missing: the honest answer to "after
    how long are 90 % answered?" can be "we have not seen that". The interval is that of
    Kalbfleisch and Prentice (log of minus log), which stays within 0 and 1.
    It supposes that what is censored would have gone on like the rest: a topic opened yesterday
    is censored, a topic deleted by moderators is not.

    References
    ----------
    E. L. Kaplan, P. Meier (1958), Nonparametric estimation from incomplete observations, Journal
    of the American Statistical Association 53, 457-481.

    Examples
    --------
    >>> curve = kaplan_meier([2, 4, 4, 10], [True, True, False, False])
    >>> curve.time.tolist(), curve.survival.round(3).tolist()
    ([2.0, 4.0], [0.75, 0.5])
    """
    times = np.asarray(durations, dtype="float64")
    seen = np.asarray(ended, dtype="bool")
    z = normal_quantile(level)
    if times.shape != seen.shape:
        raise ParameterError(
            _("{a} durations and {b} marks of their end: give one mark a duration.").format(
                a=times.size, b=seen.size
            )
        )
    if not np.all(times >= 0):
        raise ParameterError(
            _(
                "A duration is missing or negative. Drop rows without a beginning, and use the "
                "time observed so far where the end is missing."
            )
        )
    if not seen.any():
        empty = np.empty(0)
        return SurvivalCurve(times.size, 0, empty, empty, empty, empty, empty, empty)
    from statsmodels.duration.survfunc import SurvfuncRight

    fit = SurvfuncRight(times, seen)
    low, high = _log_log_band(np.asarray(fit.surv_prob), np.asarray(fit.surv_prob_se), z)
    return SurvivalCurve(
        n=int(times.size),
        n_ended=int(seen.sum()),
        time=np.asarray(fit.surv_times, dtype="float64"),
        survival=np.asarray(fit.surv_prob),
        low=low,
        high=high,
        at_risk=np.asarray(fit.n_risk, dtype="int64"),
        ended=np.asarray(fit.n_events, dtype="int64"),
    )


def proportion_interval(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> tuple[Any, Any]:
    """Return the Wilson interval of a share.

    Parameters
    ----------
    count, n : int or array-like of int
        How many, out of how many. Where `n` is 0 the interval is missing.
    level : float, default 0.95

    Returns
    -------
    low, high : float, or numpy.ndarray when arrays were given

    Notes
    -----
    Unlike share +- 1.96 standard errors, it stays within 0 and 1 and is not of zero width when
    `count` is 0 or `n`.

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> [round(end, 3) for end in proportion_interval(3, 10)]
    [0.108, 0.603]
    >>> proportion_interval(0, 0)
    (nan, nan)
    """
    counts = np.asarray(count, dtype="float64")
    totals = np.asarray(n, dtype="float64")
    low, high = wilson(counts, np.where(totals > 0, totals, np.nan), normal_quantile(level))
    low, high = np.clip(low, 0, 1), np.clip(high, 0, 1)
    if np.ndim(low) == 0:
        return float(low), float(high)
    return low, high


def wilson(count: Any, n: Any, z: float) -> tuple[Any, Any]:
    """Apply Wilson's formula to whatever can be added and multiplied: arrays, expressions."""
    centre = (count + z * z / 2) / (n + z * z)
    half = (count * (n - count) / n + z * z / 4) ** 0.5 * (z / (n + z * z))
    return centre - half, centre + half


def normal_quantile(level: float) -> float:
    """Return the number of standard errors each side of an estimate at a level of confidence."""
    return NormalDist().inv_cdf(0.5 + inner_share("level", level) / 2)


def _first_time(time: np.ndarray, curve: np.ndarray, threshold: float) -> float:
    reached = np.flatnonzero(curve <= threshold + 1e-12)
    return float(time[reached[0]]) if reached.size else float("nan")


def _log_log_band(
    survival: np.ndarray, error: np.ndarray, z: float
) -> tuple[np.ndarray, np.ndarray]:
    low, high = survival.copy(), np.where(survival > 0, survival, np.nan)
    inside = (survival > 0) & (survival < 1)
    log_survival = np.log(survival[inside])
    width = z * error[inside] / (survival[inside] * np.abs(log_survival))
    low[inside] = np.exp(log_survival * np.exp(width))
    high[inside] = np.exp(log_survival * np.exp(-width))
    return low, high
