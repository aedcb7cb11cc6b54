"""Return on investment, with what could make it wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cmlib.checks import at_least, inner_share, number, whole_number
from cmlib.messages import N_
from cmlib.value._value_function import COST, inputs, value_at
from cmlib.value.estimate import Estimate
from cmlib.value.models import ValueModel

__all__ = ["RoiInterval", "return_on_investment", "roi_draws", "roi_interval"]


@dataclass(frozen=True)
class RoiInterval:
    """A return on investment with its interval and its chances.

    Attributes
    ----------
    roi : Estimate
        The return, in net euros a euro spent.
    p_positive : float
        Share of the draws in which the community brings more than it costs (0 to 1).
    """

    roi: Estimate
    p_positive: float


def return_on_investment(*, value_eur: float, cost_eur: float) -> float:
    """Compute (value - cost) / cost.

    Parameters
    ----------
    value_eur : float
        Value brought over a period, EUR.
    cost_eur : float
        Full cost over the same period, EUR: see :func:`cmlib.value.full_cost`.

    Returns
    -------
    float
        0 pays for itself, 1 brings its cost again on top, -1 brings nothing. Missing when
        the cost is 0.

    Raises
    ------
    ParameterError
        When the cost is negative.

    Notes
    -----
    "For one euro, two come back" is a return of 1, not of 2. A return says nothing of size:
    the best one is often that of the smallest community.

    Examples
    --------
    >>> return_on_investment(value_eur=60_000, cost_eur=40_000)
    0.5
    """
    value, cost = number("value_eur", value_eur), at_least("cost_eur", cost_eur)
    return (value - cost) / cost if cost else float("nan")


def roi_draws(
    models: Iterable[ValueModel] | ValueModel, *, cost: Any, draws: int = 10_000, seed: int = 0
) -> pd.DataFrame:
    """Draw every assumption at random, many times, and compute the return each time.

    Parameters
    ----------
    models : ValueModel or iterable of ValueModel
        They must count different gains.
    cost : float, (low, base, high) or Assumption
        Full cost of the same period, EUR.
    draws : int, default 10_000
    seed : int, default 0

    Returns
    -------
    pandas.DataFrame
        One row a draw: ``value_eur``, ``cost_eur``, ``roi`` (missing where the cost is 0).

    Raises
    ------
    DoubleCountError
        When two models count the same gain.
    ParameterError
        When there is no model, or an assumption is not acceptable.

    Notes
    -----
    Assumptions are drawn independently, except those of the same ``shared`` name, which are
    one figure. Figures that rise together in truth (visits and answers) make the real
    spread wider than this one.
    """
    chosen, keys = inputs(models, cost)
    rng = np.random.default_rng(seed)
    size = whole_number("draws", draws)
    point = {key: assumption.draw(rng, size) for key, assumption in keys.items()}
    table = pd.DataFrame(
        {"value_eur": np.broadcast_to(value_at(chosen, point), size), "cost_eur": point[COST]}
    )
    paid = table["cost_eur"].where(table["cost_eur"] > 0)
    return table.assign(roi=(table["value_eur"] - table["cost_eur"]) / paid)


def roi_interval(
    models: Iterable[ValueModel] | ValueModel,
    *,
    cost: Any,
    level: float = 0.90,
    draws: int = 10_000,
    seed: int = 0,
) -> RoiInterval:
    """Give the return with its interval, and the probability that the community pays.

    Parameters
    ----------
    models, cost, draws, seed
        As in :func:`roi_draws`.
    level : float, default 0.90
        Level of the interval.

    Returns
    -------
    RoiInterval
        ``roi.value`` has every assumption at its base; ``roi.n`` counts the draws. The
        interval and the probability are missing when the cost can be 0.

    Raises
    ------
    DoubleCountError
        When two models count the same gain.
    ParameterError
        When there is no model, or an assumption is not acceptable.

    Notes
    -----
    The probability is that of the assumptions, not of the world: it answers "if these ranges
    are right". A model that is wrong (a naive gap, a claimed multiplier) stays wrong inside
    a narrow interval.

    Examples
    --------
    >>> from cmlib.value import value_model
    >>> ideas = value_model(
    ...     "ideas",
    ...     ideas=200,
    ...     adopted_share=0.04,
    ...     margin_per_idea_eur=6000,
    ...     attribution=(0.125, 0.25, 0.375),
    ... )
    >>> result = roi_interval(ideas, cost=10_000, seed=1)
    >>> round(result.roi.value, 2), round(result.roi.low, 1), round(result.roi.high, 1)
    (0.2, -0.2, 0.6)
    >>> round(result.p_positive, 1)
    0.8
    """
    level = inner_share("level", level)
    chosen, keys = inputs(models, cost)
    table = roi_draws(chosen, cost=cost, draws=draws, seed=seed)
    base = {key: assumption.base for key, assumption in keys.items()}
    missing = bool(table["roi"].isna().any())
    low, high = np.quantile(table["roi"], [(1 - level) / 2, (1 + level) / 2])
    estimate = Estimate(
        value=return_on_investment(value_eur=value_at(chosen, base), cost_eur=base[COST]),
        low=float(low),
        high=float(high),
        level=level,
        n=len(table),
        unit=N_("net euros a euro spent"),
        method=N_("Monte Carlo over the assumptions"),
    )
    chance = float("nan") if missing else float((table["roi"] > 0).mean())
    return RoiInterval(roi=estimate, p_positive=chance)
