"""Who is still active, and how often they will come back: the BG/NBD model.

It needs a log with a person and a date: orders, or the posts of a community.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cmlib.checks import at_least, inner_share
from cmlib.data.frames import need_columns
from cmlib.errors import CmlibError, TableError
from cmlib.messages import _

__all__ = ["BgNbd", "expected_repeats", "fit_bgnbd", "predict_repeats"]

_COLUMNS = ("frequency", "recency_weeks", "age_weeks")


@dataclass(frozen=True)
class BgNbd:
    """A fitted BG/NBD model. Times are in weeks.

    Attributes
    ----------
    r, alpha : float
        Shape and rate of the gamma law of the pace across people: r / alpha acts a week on
        average while active.
    a, b : float
        Beta law of the chance to leave after an act: a / (a + b) on average.
    log_likelihood : float
    n : int
        People in the fit.
    covariance : tuple of tuple of float
        Covariance of log r, log alpha, log a, log b (inverse of the observed information).
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    n: int
    covariance: tuple[tuple[float, ...], ...]

    def intervals(self, level: float = 0.95) -> pd.DataFrame:
        """List the parameters with their intervals.

        Parameters
        ----------
        level : float, default 0.95

        Returns
        -------
        pandas.DataFrame
            ``parameter``, ``value``, ``low``, ``high``, ``level``. The interval is normal on
            the logarithm of the parameter.
        """
        from scipy.special import ndtri

        level = inner_share("level", level)
        values = np.array([self.r, self.alpha, self.a, self.b])
        spread = float(ndtri((1 + level) / 2)) * np.sqrt(np.diag(np.array(self.covariance)))
        return pd.DataFrame(
            {
                "parameter": ["r", "alpha", "a", "b"],
                "value": values,
                "low": values * np.exp(-spread),
                "high": values * np.exp(spread),
                "level": level,
            }
        )


def fit_bgnbd(summary: pd.DataFrame) -> BgNbd:
    """Fit the BG/NBD model by maximum likelihood.

    Parameters
    ----------
    summary : pandas.DataFrame
        ``frequency``, ``recency_weeks``, ``age_weeks``, as :func:`repeat_summary` gives them.

    Returns
    -------
    BgNbd

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When nobody came back, or a recency is longer than an age.
    CmlibError
        When the search for the maximum fails.

    Notes
    -----
    While active, a person acts at random times at a pace of their own (gamma across people).
    After each act the person leaves for good with a probability of their own (beta across
    people). Leaving is never seen: a long silence makes it likely.

    The model knows no season, no campaign and no return: someone who comes back after a year
    contradicts it, and a summer break makes it promise a summer's worth of messages that do
    not come. Fit it on the first half of a log and count the second half before you use it
    on a community.

    References
    ----------
    .. [1] Fader, P. S., Hardie, B. G. S. & Lee, K. L. (2005). "Counting Your Customers" the
       Easy Way: An Alternative to the Pareto/NBD Model. Marketing Science, 24(2), 275-284.

    Examples
    --------
    >>> summary = pd.DataFrame(
    ...     {
    ...         "frequency": [0, 0, 1, 2, 5, 9],
    ...         "recency_weeks": [0.0, 0.0, 2.0, 20.0, 8.0, 37.0],
    ...         "age_weeks": [38.0, 30.0, 35.0, 38.0, 39.0, 38.0],
    ...     }
    ... )
    >>> fit_bgnbd(summary).n
    6
    """
    from scipy.optimize import minimize

    x, t_x, age = _arrays(summary)
    if not (x > 0).any():
        raise TableError(
            _(
                "Nobody came back in this table: the model has nothing to learn from. "
                "Observe a longer period, or check that the log holds more than first orders."
            )
        )
    scale = float(age.max())
    data, people = np.unique(
        np.column_stack([x, t_x / scale, age / scale]), axis=0, return_counts=True
    )

    def loss(logs: Any, every: int = 1) -> float:
        some, weight = data[::every], people[::every]
        return -float(weight @ _log_likelihood(np.exp(logs), *some.T)) / weight.sum()

    # A rough search on some 5,000 people (the rows are sorted, so one in so many stands for
    # all), then a fine one on everybody.
    rough = (max(1, len(data) // 5000),)
    best = minimize(loss, np.zeros(4), rough, method="Nelder-Mead", options={"maxiter": 4000})
    best = minimize(loss, best.x, method="BFGS", options={"gtol": 1e-6})
    # BFGS may stop on rounding errors at the maximum: what counts is a flat summit.
    if not np.isfinite(best.fun) or np.abs(best.jac).max() > 1e-3 or np.abs(best.x).max() > 15:
        raise CmlibError(
            _(
                "The model could not be fitted to these {n} people: the data do not pin its "
                "four parameters down. Use more people or a longer period; people who all act "
                "at the same pace do not suit it."
            ).format(n=len(x))
        )
    r, alpha, a, b = np.exp(best.x)
    covariance = np.linalg.pinv(_hessian(loss, best.x) * len(x))
    return BgNbd(
        r=float(r),
        alpha=float(alpha * scale),
        a=float(a),
        b=float(b),
        log_likelihood=float(-best.fun * len(x) - x.sum() * np.log(scale)),
        n=len(x),
        covariance=tuple(tuple(float(cell) for cell in row) for row in covariance),
    )


def predict_repeats(summary: pd.DataFrame, model: BgNbd, *, weeks: float) -> pd.DataFrame:
    """Predict, person by person, whether they are still active and how often they will act.

    Parameters
    ----------
    summary : pandas.DataFrame
        As :func:`repeat_summary` gives it.
    model : BgNbd
        From :func:`fit_bgnbd`.
    weeks : float
        Length of the period to predict, from the end of the observation.

    Returns
    -------
    pandas.DataFrame
        One row a person, in the order of `summary`: ``customer_id`` (``member_id`` where the
        summary counts events), ``p_active`` (probability of being still active, 0 to 1) and
        ``expected_repeats`` (days with an act expected in the coming `weeks`).

    Raises
    ------
    ColumnError
        When a column is missing.
    TableError
        When a recency is longer than an age.
    ParameterError
        When `weeks` is negative.

    Notes
    -----
    In this model nobody leaves before a first repeat, so ``p_active`` is 1 for whoever never
    came back: read ``expected_repeats`` for them instead.

    References
    ----------
    .. [1] Fader, P. S., Hardie, B. G. S. & Lee, K. L. (2005), equation 10.

    Examples
    --------
    >>> model = BgNbd(0.243, 4.414, 0.793, 2.426, -9582.4, 2357, ())
    >>> summary = pd.DataFrame(
    ...     {
    ...         "customer_id": [1, 2],
    ...         "frequency": [2, 2],
    ...         "recency_weeks": [30.43, 4.0],
    ...         "age_weeks": [38.86, 38.86],
    ...     }
    ... )
    >>> predict_repeats(summary, model, weeks=39).round(3)
       customer_id  p_active  expected_repeats
    0            1     0.727             1.226
    1            2     0.099             0.167
    """
    from scipy.special import hyp2f1

    who = "member_id" if "member_id" in summary.columns else "customer_id"
    need_columns(summary, [who], argument="summary")
    x, t_x, age = _arrays(summary)
    t = at_least("weeks", weeks)
    r, alpha, a, b = _parameters(model)
    gone = np.where(
        x > 0,
        a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + t_x)) ** (r + x),
        0.0,
    )
    active = 1 / (1 + gone)
    shrink = ((alpha + age) / (alpha + age + t)) ** (r + x)
    growth = 1 - shrink * hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + age + t))
    return pd.DataFrame(
        {
            who: summary[who].to_numpy(),
            "p_active": active,
            "expected_repeats": (a + b + x - 1) / (a - 1) * growth * active,
        }
    )


def expected_repeats(model: BgNbd, *, weeks: float) -> float:
    """Give the repeats expected from a person picked at random, `weeks` after the first act.

    Parameters
    ----------
    model : BgNbd
    weeks : float
        Weeks since the first act.

    Returns
    -------
    float
        Days with an act, the first not counted.

    Raises
    ------
    ParameterError
        When `weeks` is negative.

    References
    ----------
    .. [1] Fader, P. S., Hardie, B. G. S. & Lee, K. L. (2005), equation 9.

    Examples
    --------
    >>> round(expected_repeats(BgNbd(0.243, 4.414, 0.793, 2.426, -9582.4, 2357, ()), weeks=39), 2)
    1.2
    """
    from scipy.special import hyp2f1

    t = at_least("weeks", weeks)
    r, alpha, a, b = _parameters(model)
    shrink = (alpha / (alpha + t)) ** r
    growth = 1 - shrink * hyp2f1(r, b, a + b - 1, t / (alpha + t))
    return float((a + b - 1) / (a - 1) * growth)


def _arrays(summary: pd.DataFrame) -> tuple[Any, Any, Any]:
    need_columns(summary, _COLUMNS)
    x, t_x, age = (summary[column].to_numpy(dtype=float) for column in _COLUMNS)
    wrong = (x < 0) | (t_x < 0) | (t_x > age) | ((x == 0) != (t_x == 0)) | np.isnan(x + t_x + age)
    if wrong.any():
        raise TableError(
            _(
                "Row {row}: frequency {frequency:g}, recency {recency:g} and age {age:g} weeks "
                "do not go together. Recency runs from the first act to the last one, is 0 "
                "without a repeat and never exceeds the age: build it with repeat_summary()."
            ).format(
                row=int(np.flatnonzero(wrong)[0]),
                frequency=x[wrong][0],
                recency=t_x[wrong][0],
                age=age[wrong][0],
            )
        )
    return x, t_x, age


def _parameters(model: BgNbd) -> tuple[float, float, float, float]:
    # The formulas have a removable hole at a = 1: step over it.
    a = model.a if abs(model.a - 1) > 1e-8 else 1 + 1e-8
    return model.r, model.alpha, a, model.b


def _log_likelihood(parameters: Any, x: Any, t_x: Any, age: Any) -> np.ndarray:
    from scipy.special import betaln, gammaln

    r, alpha, a, b = parameters
    counts, which = np.unique(x, return_inverse=True)
    repeats = np.maximum(counts, 1)
    shared = gammaln(r + counts) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    still = betaln(a, b + counts)[which] - (r + x) * np.log(alpha + age)
    left = betaln(a + 1, b + repeats - 1)[which] - (r + x) * np.log(alpha + t_x)
    return shared[which] + np.where(x > 0, np.logaddexp(still, left), still)


def _hessian(function: Any, at: Any, step: float = 1e-3) -> np.ndarray:
    size = len(at)
    steps = np.eye(size) * step
    result = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            up, across = steps[i], steps[j]
            result[i, j] = result[j, i] = (
                function(at + up + across)
                - function(at + up - across)
                - function(at - up + across)
                + function(at - up - across)
            ) / (4 * step**2)
    return result
