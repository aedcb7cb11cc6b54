"""The value models of this room, with what each one counts and its assumptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from cmlib.checks import at_least, choice, share
from cmlib.errors import DoubleCountError, ParameterError, nearest
from cmlib.messages import _
from cmlib.value._model_kinds import KINDS
from cmlib.value.assumption import Assumption, as_assumption

__all__ = ["ValueModel", "check_overlap", "list_models", "total_value", "value_model"]


@dataclass(frozen=True)
class ValueModel:
    """A value model with its assumptions, made by :func:`value_model`.

    Attributes
    ----------
    name : str
    counts : str
        The gain it prices. Two models that count the same gain cannot be added.
    assumptions : mapping of str to Assumption
    formula : callable
    """

    name: str
    counts: str
    assumptions: Mapping[str, Assumption]
    formula: Callable[..., Any]

    @property
    def value_eur(self) -> float:
        """Value at the base of every assumption, EUR."""
        return float(self.formula(**{k: a.base for k, a in self.assumptions.items()}))


def list_models() -> pd.DataFrame:
    """List the value models: what each counts and what it needs.

    Returns
    -------
    pandas.DataFrame
        ``model``, ``counts`` (the gain, in the current language; two models with the same
        gain cannot be added), ``assumptions`` (their names, separated by commas).

    Examples
    --------
    >>> list_models()["model"].to_list()
    ['answers', 'deflection', 'uplift', 'lifetime', 'advocacy', 'ideas']
    """
    return pd.DataFrame(
        [
            {
                "model": name,
                "counts": _(kind.counts),
                "assumptions": ", ".join((*kind.needed, *kind.defaults)),
            }
            for name, kind in KINDS.items()
        ]
    )


def value_model(model: str, **assumptions: Any) -> ValueModel:
    """Make a value model out of its assumptions.

    Parameters
    ----------
    model : {"answers", "deflection", "uplift", "lifetime", "advocacy", "ideas"}
        See :func:`list_models`.
    **assumptions : float, (low, base, high) or Assumption
        The arguments of the function of the same topic (:func:`answer_value`,
        :func:`deflection_value`, :func:`uplift_value`, :func:`advocacy_value`,
        :func:`idea_value`): a number that is known, three numbers, or an
        :class:`Assumption`. ``"lifetime"`` prices a longer stay: ``members`` x (value with
        ``retention`` - value with ``retention_without``), both by :func:`ltv_from_t0`.

    Returns
    -------
    ValueModel

    Raises
    ------
    ParameterError
        When the model is unknown, an assumption is missing, unknown or not a number, or a
        share is not between 0 and 1.

    Notes
    -----
    All models and the cost must cover the same period, a year for instance.

    Examples
    --------
    >>> deflection = value_model(
    ...     "deflection",
    ...     visits=100_000,
    ...     came_for_support=(0.35, 0.43, 0.50),
    ...     resolved=0.65,
    ...     would_have_contacted=(0.05, 0.09, 0.13),
    ...     cost_per_contact_eur=8,
    ... )
    >>> round(deflection.value_eur)
    20124
    """
    choice("model", model, KINDS)
    kind = KINDS[model]
    accepted = (*kind.needed, *kind.defaults)
    for name in assumptions:
        if name not in accepted:
            message = _("The model {model!r} has no assumption {name!r}. It has: {names}.").format(
                model=model, name=name, names=", ".join(accepted)
            )
            close = nearest(name, accepted)
            if close is not None:
                message += " " + _("Did you mean {close!r}?").format(close=close)
            raise ParameterError(message)
    missing = [name for name in kind.needed if name not in assumptions]
    if missing:
        raise ParameterError(
            _("The model {model!r} also needs: {names}.").format(
                model=model, names=", ".join(missing)
            )
        )
    given = {name: assumptions.get(name, kind.defaults.get(name)) for name in accepted}
    ready = {name: as_assumption(name, value) for name, value in given.items()}
    for name, assumption in ready.items():
        _check_range(name, assumption, name in kind.shares)
    if model == "lifetime" and ready["discount"].low == 0:
        stay = max(ready["retention"].high, ready["retention_without"].high)
        if stay == 1:
            raise ParameterError(
                _(
                    "A retention of 1 with a discount of 0 has no finite lifetime value: "
                    "use a retention below 1 or a discount above 0."
                )
            )
    return ValueModel(model, kind.counts, MappingProxyType(ready), kind.formula)


def check_overlap(models: Iterable[ValueModel]) -> None:
    """Refuse models that count the same gain twice.

    Parameters
    ----------
    models : iterable of ValueModel

    Raises
    ------
    DoubleCountError
        When two of the models count the same gain. The message says which, and why.

    Examples
    --------
    >>> answers = value_model("answers", answers=100, value_per_answer_eur=15)
    >>> ideas = value_model(
    ...     "ideas", ideas=200, adopted_share=0.04, margin_per_idea_eur=6000, attribution=0.25
    ... )
    >>> check_overlap([answers, ideas])
    """
    seen: dict[str, ValueModel] = {}
    for model in models:
        if model.counts in seen:
            raise DoubleCountError(
                _(
                    "The models {first!r} and {second!r} cannot be added: both count "
                    "{gain} ({why}). Keep the one you can defend, and quote the other beside it."
                ).format(
                    first=seen[model.counts].name,
                    second=model.name,
                    gain=_(model.counts),
                    why=_(KINDS[model.name].why),
                )
            )
        seen[model.counts] = model


def total_value(models: Iterable[ValueModel]) -> pd.DataFrame:
    """Add up models that count different gains.

    Parameters
    ----------
    models : iterable of ValueModel
        At least one.

    Returns
    -------
    pandas.DataFrame
        One row a model: ``model``, ``counts`` (the gain, in the current language),
        ``value_eur``, ``share`` (of the total, 0 to 1; missing when the total is 0 or a
        value is negative). The total is the sum of ``value_eur``.

    Raises
    ------
    DoubleCountError
        When two models count the same gain.
    ParameterError
        When there is no model.

    Examples
    --------
    >>> answers = value_model("answers", answers=100, value_per_answer_eur=15)
    >>> ideas = value_model(
    ...     "ideas", ideas=200, adopted_share=0.04, margin_per_idea_eur=6000, attribution=0.25
    ... )
    >>> float(total_value([answers, ideas])["value_eur"].sum())
    13500.0
    """
    chosen = checked_models(models)
    values = [model.value_eur for model in chosen]
    whole_eur = sum(values) if min(values) >= 0 and sum(values) > 0 else float("nan")
    return pd.DataFrame(
        {
            "model": [model.name for model in chosen],
            "counts": [_(model.counts) for model in chosen],
            "value_eur": values,
            "share": [value / whole_eur for value in values],
        }
    )


def checked_models(models: Iterable[ValueModel] | ValueModel) -> list[ValueModel]:
    """Return the models as a list, refused when empty or overlapping."""
    chosen = [models] if isinstance(models, ValueModel) else list(models)
    if not chosen:
        raise ParameterError(_("No model was given. Make one with value_model()."))
    check_overlap(chosen)
    return chosen


def _check_range(name: str, assumption: Assumption, is_share: bool) -> None:
    signed = ("effect_eur_month", "margin_eur", "margin_per_idea_eur", "referred_premium")
    for value in (assumption.low, assumption.high):
        if is_share:
            share(name, value)
        elif name not in signed:
            at_least(name, value)
