"""A figure and its interval: what every estimate of this room gives back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cmlib.checks import number

__all__ = ["Estimate"]


@dataclass(frozen=True)
class Estimate:
    """One estimated figure with the interval that goes with it.

    Attributes
    ----------
    value : float
        The figure itself.
    low, high : float
        Ends of the interval.
    level : float
        How often such an interval holds the true figure, for example 0.95, when the
        model's assumptions are right.
    n : int
        How many people, answers or draws stand behind it.
    unit : str
        ``"EUR a month"``, ``"contacts"``, ``"points"`` ...
    method : str
        How the figure and its interval were obtained. `unit` and `method` are English
        whatever the language; the catalogue holds their French.

    Notes
    -----
    The interval speaks of chance only. A biased comparison gives a narrow interval around
    the wrong figure: see :func:`cmlib.value.compare_uplift`.

    Examples
    --------
    >>> effect = Estimate(4.0, 2.0, 6.0, 0.95, 2000, "EUR a month", "example")
    >>> effect.times(12, unit="EUR a year").value
    48.0
    """

    value: float
    low: float
    high: float
    level: float
    n: int
    unit: str
    method: str

    def times(self, factor: float, *, unit: str) -> Estimate:
        """Multiply the figure and its interval by a number that is known exactly.

        Parameters
        ----------
        factor : float
            For example the cost of a contact or a number of members. A factor that is
            itself uncertain belongs in :func:`cmlib.value.roi_draws`.
        unit : str
            Unit of the product.

        Returns
        -------
        Estimate
        """
        factor = number("factor", factor)
        ends = sorted((self.low * factor, self.high * factor))
        return replace(self, value=self.value * factor, low=ends[0], high=ends[1], unit=unit)
