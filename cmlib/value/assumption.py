"""An input of a value model, and how far it could be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cmlib.checks import choice, inner_share, number, whole_number
from cmlib.errors import ParameterError
from cmlib.messages import _

__all__ = ["Assumption"]

SHAPES = ("triangular", "uniform", "beta")


@dataclass(frozen=True)
class Assumption:
    """One input of a model: the figure you retain, and how far it could be off.

    Attributes
    ----------
    base : float
        The figure retained.
    low, high : float
        The least and the most you would accept. Equal to `base` for a known figure.
    shape : {"triangular", "uniform", "beta"}
        How random draws fall: around `base`, evenly between the ends, or as a survey says
        (made by :meth:`from_survey`).
    yes, asked : int
        The survey behind a ``"beta"``.
    shared : str
        A name. Assumptions of the same name are one and the same figure in every model:
        they move together.
    """

    base: float
    low: float
    high: float
    shape: str = "triangular"
    yes: int = 0
    asked: int = 0
    shared: str = ""

    def __post_init__(self) -> None:
        for name in ("base", "low", "high"):
            object.__setattr__(self, name, number(name, getattr(self, name)))
        choice("shape", self.shape, SHAPES)
        if not self.low <= self.base <= self.high:
            raise ParameterError(
                _(
                    "low={low:g}, base={base:g}, high={high:g}: the three figures of an "
                    "assumption must be in this order."
                ).format(low=self.low, base=self.base, high=self.high)
            )

    @classmethod
    def from_survey(
        cls, *, yes: int, asked: int, level: float = 0.90, shared: str = ""
    ) -> Assumption:
        """Make the assumption of a share out of a survey.

        Parameters
        ----------
        yes, asked : int
            People who said yes, of how many asked.
        level : float, default 0.90
            Level of `low` and `high`.
        shared : str, optional

        Returns
        -------
        Assumption
            `base` is yes / asked; draws come from Beta(yes + 1, asked - yes + 1).

        Examples
        --------
        >>> came = Assumption.from_survey(yes=172, asked=400)
        >>> came.base, round(came.low, 2), round(came.high, 2)
        (0.43, 0.39, 0.47)
        """
        from scipy.special import betaincinv

        asked, yes = whole_number("asked", asked), whole_number("yes", yes, 0)
        if yes > asked:
            raise ParameterError(
                _("yes={yes} is more than asked={asked}.").format(yes=yes, asked=asked)
            )
        tail = (1 - inner_share("level", level)) / 2
        low, high = (float(betaincinv(yes + 1, asked - yes + 1, q)) for q in (tail, 1 - tail))
        base = yes / asked
        return cls(base, min(low, base), max(high, base), "beta", yes, asked, shared)

    def draw(self, rng: np.random.Generator, draws: int) -> np.ndarray:
        """Draw values at random (an array of `draws` floats)."""
        if self.shape == "beta":
            return rng.beta(self.yes + 1, self.asked - self.yes + 1, draws)
        if self.low == self.high:
            return np.full(draws, self.base)
        if self.shape == "uniform":
            return rng.uniform(self.low, self.high, draws)
        return rng.triangular(self.low, self.base, self.high, draws)


def as_assumption(name: str, given: Any) -> Assumption:
    """Turn a number, three numbers or an assumption into an assumption."""
    if isinstance(given, Assumption):
        return given
    if isinstance(given, (tuple, list)):
        if len(given) != 3:
            raise ParameterError(
                _("{parameter}={given!r}: give one number, or three: (low, base, high).").format(
                    parameter=name, given=given
                )
            )
        low, base, high = (number(name, value) for value in given)
        return Assumption(base=base, low=low, high=high)
    value = number(name, given)
    return Assumption(base=value, low=value, high=value)
