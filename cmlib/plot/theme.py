"""Colours, markers and the look of every chart, safe for colour-blind readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["HATCHES", "MARKERS", "PALETTE", "set_theme"]

# Each colour stands out at 3:1 or more on white and on near-black, and the six stay apart
# for the three common kinds of colour blindness (a test computes both).
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#9000F0", "#606078", "#786030")
MARKERS = ("o", "s", "^", "D", "v", "P")
HATCHES = ("", "//", "..", "xx", "\\\\", "++")
SIZE = (6.5, 4.0)  # inches: fits a screen 1,024 pixels wide
_BACKGROUND = {False: "#FFFFFF", True: "#121212"}
_INK = {False: "#1A1A1A", True: "#EDEDED"}


def set_theme(*, dark: bool = False) -> None:
    """Give every chart of this session the course's look.

    Parameters
    ----------
    dark : bool, default False
        True for a dark page. The colours of the data are the same on both.

    Examples
    --------
    >>> set_theme()
    """
    import matplotlib as mpl
    from cycler import cycler

    ink, background = _INK[dark], _BACKGROUND[dark]
    mpl.rcParams.update(
        {
            "figure.figsize": SIZE,
            "figure.facecolor": background,
            "figure.constrained_layout.use": True,
            "axes.facecolor": background,
            "axes.edgecolor": ink,
            "axes.labelcolor": ink,
            "axes.prop_cycle": cycler(color=PALETTE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlelocation": "left",
            "text.color": ink,
            "xtick.color": ink,
            "ytick.color": ink,
            "savefig.facecolor": background,
        }
    )


def axes_or_new(ax: Axes | None) -> Axes:
    """Return `ax`, or the Axes of a new figure."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _figure, new = plt.subplots(figsize=SIZE, layout="constrained")
    return new


def ink() -> str:
    """Return the colour of lines and text on the current background."""
    import matplotlib as mpl

    return str(mpl.rcParams["text.color"])
