"""How far the return moves when the assumptions do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from cmlib.checks import choice
from cmlib.messages import N_
from cmlib.value._value_function import COST, inputs, net_at, roi_at, value_at
from cmlib.value.assumption import Assumption
from cmlib.value.models import ValueModel
from cmlib.value.roi import return_on_investment

__all__ = ["break_even", "scenarios", "tornado"]


def scenarios(models: Iterable[ValueModel] | ValueModel, *, cost: Any) -> pd.DataFrame:
    """Compute the return with every assumption low, as retained, and high.

    Parameters
    ----------
    models : ValueModel or iterable of ValueModel
        They must count different gains.
    cost : float, (low, base, high) or Assumption
        Full cost of the same period, EUR.

    Returns
    -------
    pandas.DataFrame
        One row a scenario, ``scenario`` ("pessimistic", "base", "optimistic"),
        ``value_eur``, ``cost_eur``, ``net_eur``, ``roi``. Pessimistic takes of each
        assumption the end that lowers the net value.

    Raises
    ------
    DoubleCountError
        When two models count the same gain.
    ParameterError
        When there is no model, or an assumption is not acceptable.

    Notes
    -----
    All the worst figures at once hardly ever happen: the two outer rows are wider than any
    honest interval. :func:`roi_interval` says what is likely.

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
    >>> scenarios(ideas, cost=(9_000, 10_000, 12_000)).round(2)
          scenario  value_eur  cost_eur  net_eur  roi
    0  pessimistic     6000.0   12000.0  -6000.0 -0.5
    1         base    12000.0   10000.0   2000.0  0.2
    2   optimistic    18000.0    9000.0   9000.0  1.0
    """
    chosen, keys = inputs(models, cost)
    base = {key: assumption.base for key, assumption in keys.items()}
    worst, best = _extreme(chosen, keys, 1.0), _extreme(chosen, keys, -1.0)
    rows = []
    for name, point in ((N_("pessimistic"), worst), (N_("base"), base), (N_("optimistic"), best)):
        value, spent = value_at(chosen, point), point[COST]
        rows.append(
            {
                "scenario": name,
                "value_eur": float(value),
                "cost_eur": float(spent),
                "net_eur": float(value - spent),
                "roi": return_on_investment(value_eur=value, cost_eur=spent),
            }
        )
    return pd.DataFrame(rows)


def tornado(models: Iterable[ValueModel] | ValueModel, *, cost: Any) -> pd.DataFrame:
    """Rank the assumptions by how far each one alone moves the return.

    Parameters
    ----------
    models : ValueModel or iterable of ValueModel
        They must count different gains.
    cost : float, (low, base, high) or Assumption
        Full cost of the same period, EUR.

    Returns
    -------
    pandas.DataFrame
        One row an assumption, widest first: ``assumption`` ("model.assumption", "cost_eur",
        or the shared name), ``low``, ``base``, ``high`` (its figures), ``roi_low``,
        ``roi_base``, ``roi_high`` (least, retained and greatest return as it goes from one
        end to the other), ``span`` (``roi_high - roi_low``). Known figures have a span of 0.

    Raises
    ------
    DoubleCountError
        When two models count the same gain.
    ParameterError
        When there is no model, or an assumption is not acceptable.

    Notes
    -----
    Measure first what stands at the top. The others stay at their base while one moves, so
    the spans do not add up to that of the scenarios.

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
    >>> table = tornado(ideas, cost=(9_000, 10_000, 12_000))
    >>> table[["assumption", "roi_low", "roi_base", "roi_high"]].head(2).round(2)
              assumption  roi_low  roi_base  roi_high
    0  ideas.attribution     -0.4       0.2      0.80
    1           cost_eur      0.0       0.2      0.33
    """
    chosen, keys = inputs(models, cost)
    base = {key: assumption.base for key, assumption in keys.items()}
    retained = roi_at(chosen, base)
    rows = []
    for key, assumption in keys.items():
        ends = [roi_at(chosen, base | {key: end}) for end in (assumption.low, assumption.high)]
        rows.append(
            {
                "assumption": key,
                "low": assumption.low,
                "base": assumption.base,
                "high": assumption.high,
                "roi_low": float(np.min(ends)),
                "roi_base": retained,
                "roi_high": float(np.max(ends)),
            }
        )
    table = pd.DataFrame(rows)
    table["span"] = table["roi_high"] - table["roi_low"]
    return table.sort_values("span", ascending=False, kind="stable").reset_index(drop=True)


def break_even(models: Iterable[ValueModel] | ValueModel, *, cost: Any, assumption: str) -> float:
    """Find the figure of one assumption at which value and cost are equal.

    Parameters
    ----------
    models : ValueModel or iterable of ValueModel
        They must count different gains.
    cost : float, (low, base, high) or Assumption
        Full cost of the same period, EUR; its base is used.
    assumption : str
        A name of the column ``assumption`` of :func:`tornado`.

    Returns
    -------
    float
        The figure to believe for the community to pay for itself, every other assumption
        at its base. Missing when no figure does.

    Raises
    ------
    DoubleCountError
        When two models count the same gain.
    ParameterError
        When no assumption has that name.

    Notes
    -----
    "Is it plausible that 8 % of the solved visitors would have called?" is a better question
    for a meeting than "is the return 20 %?". A share above 1 in the result means: never.

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
    >>> round(break_even(ideas, cost=10_000, assumption="ideas.attribution"), 3)
    0.208
    """
    from scipy.optimize import brentq

    chosen, keys = inputs(models, cost)
    choice("assumption", assumption, keys)
    base = {key: value.base for key, value in keys.items()}

    def net(figure: float) -> float:
        return net_at(chosen, base | {assumption: figure})

    start = base[assumption]
    size, scale = max(abs(start), 1.0), max(abs(base[COST]), 1.0)
    if net(start) == 0:
        return start
    # Steps of a tenth: wide ones would jump over a zero and the pole that follows it.
    for step in size * np.geomspace(1e-6, 1e6, 291):
        for end in (start - step, start + step):
            if np.isfinite(net(end)) and net(end) * net(start) <= 0:
                figure = float(brentq(net, start, end))
                # A change of sign without a zero is a formula that has no value there.
                return figure if abs(net(figure)) <= 1e-6 * scale else float("nan")
    return float("nan")


def _extreme(
    models: list[ValueModel], keys: dict[str, Assumption], sign: float
) -> dict[str, float]:
    # A gain can turn into a loss on the way, and turn the bad end of another assumption with
    # it: go round until nothing changes.
    point = {key: assumption.base for key, assumption in keys.items()}
    for _round in range(len(keys) + 1):
        before = dict(point)
        for key, assumption in keys.items():
            point[key] = min(
                (assumption.low, assumption.high),
                key=lambda end, key=key: sign * net_at(models, point | {key: end}),  # type: ignore[misc]
            )
        if point == before:
            break
    return point
