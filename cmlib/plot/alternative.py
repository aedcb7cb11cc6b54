"""The text alternative of a chart: what a reader who does not see it needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["describe", "show"]

_ALTERNATIVES: WeakKeyDictionary[Axes, str] = WeakKeyDictionary()


def describe(ax: Axes) -> str:
    """Return the text alternative of a chart drawn by :mod:`cmlib.plot`.

    Parameters
    ----------
    ax : matplotlib.axes.Axes

    Returns
    -------
    str
        Kind of chart, what it shows and its main figures; empty for a chart drawn elsewhere.
    """
    return _ALTERNATIVES.get(ax, "")


def show(ax: Axes) -> None:
    """Show the chart, then print its text alternative.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
    """
    import matplotlib.pyplot as plt

    plt.show()
    print(describe(ax))


def finish(ax: Axes, *, title: str, x: str, y: str, alternative: str) -> Axes:
    """Write what every chart carries: its title, its labels with units, its alternative."""
    ax.set(title=title, xlabel=x, ylabel=y)
    _ALTERNATIVES[ax] = f"{title}. {alternative}"
    return ax
