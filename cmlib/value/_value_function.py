"""Models and their cost as one function of all their assumptions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cmlib.checks import at_least
from cmlib.errors import ParameterError
from cmlib.messages import _
from cmlib.value.assumption import Assumption, as_assumption
from cmlib.value.models import ValueModel, checked_models

COST = "cost_eur"


def inputs(
    models: Iterable[ValueModel] | ValueModel, cost: Any
) -> tuple[list[ValueModel], dict[str, Assumption]]:
    """Return the checked models, and every assumption by its name, the cost included."""
    chosen = checked_models(models)
    spent = as_assumption("cost", cost)
    at_least("cost", spent.low)
    keys: dict[str, Assumption] = {}
    for model in chosen:
        for name, assumption in model.assumptions.items():
            key = _key(model, name)
            if keys.setdefault(key, assumption) != assumption:
                raise ParameterError(
                    _(
                        "Two assumptions are called {name!r} and have different figures. The "
                        "same shared name means one and the same figure."
                    ).format(name=key)
                )
    keys[COST] = spent
    return chosen, keys


def _key(model: ValueModel, name: str) -> str:
    return model.assumptions[name].shared or f"{model.name}.{name}"


def value_at(models: list[ValueModel], point: dict[str, Any]) -> Any:
    """Value of the models at one figure, or one array, an assumption."""
    return sum(
        model.formula(**{name: point[_key(model, name)] for name in model.assumptions})
        for model in models
    )


def net_at(models: list[ValueModel], point: dict[str, Any]) -> float:
    """Value less cost at one figure an assumption."""
    return float(value_at(models, point) - point[COST])


def roi_at(models: list[ValueModel], point: dict[str, Any]) -> float:
    """Return on investment at one figure an assumption."""
    cost = point[COST]
    return float((value_at(models, point) - cost) / cost) if cost else float("nan")
