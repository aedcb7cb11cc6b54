"""What every explorer is made of: labelled controls in one column, a chart, its words.

The chart is an image with a text alternative, and the same words stand under it as a status
that a screen reader announces when a control moves.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from cmlib.errors import CmlibError
from cmlib.plot.alternative import describe

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

__all__ = ["checkbox", "dropdown", "explorer", "slider"]

_WIDE = "98%"


def slider(label: str, value: int, low: int, high: int, *, step: int = 1) -> ipywidgets.IntSlider:
    """Make a slider of whole numbers; the arrow keys move it by `step`.

    Parameters
    ----------
    label : str
        What moves, in words, with its unit.
    value, low, high, step : int

    Returns
    -------
    ipywidgets.IntSlider
        It reports where it stops, not each value on the way.
    """
    import ipywidgets

    return ipywidgets.IntSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=label,
        continuous_update=False,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width=_WIDE),
    )


def dropdown(label: str, options: Mapping[str, Any], value: Any) -> ipywidgets.Dropdown:
    """Make a list to choose from.

    Parameters
    ----------
    label : str
    options : mapping of str to object
        The words shown, and the value each stands for.
    value : object
        The value chosen first.

    Returns
    -------
    ipywidgets.Dropdown
    """
    import ipywidgets

    return ipywidgets.Dropdown(
        options=list(options.items()),
        value=value,
        description=label,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width=_WIDE),
    )


def checkbox(label: str, value: bool) -> ipywidgets.Checkbox:
    """Make a box to tick.

    Parameters
    ----------
    label : str
    value : bool

    Returns
    -------
    ipywidgets.Checkbox
    """
    import ipywidgets

    return ipywidgets.Checkbox(
        value=value,
        description=label,
        indent=False,
        layout=ipywidgets.Layout(width=_WIDE),
    )


def explorer(draw: Callable[..., Axes], **controls: Any) -> ipywidgets.VBox:
    """Put controls one under the other, then the chart they draw and its words.

    Parameters
    ----------
    draw : callable
        Called with the value of each control by its name; returns the Axes of a new figure,
        with a text alternative. An error of cmlib it raises is shown as a sentence.
    **controls : ipywidgets.Widget
        In the order they are shown and reached with the Tab key.

    Returns
    -------
    ipywidgets.VBox
        With two attributes more: ``controls``, the controls by name, and ``said``, the words
        under the chart as they stand now.
    """
    import ipywidgets

    class Explorer(ipywidgets.VBox):
        said = ""

    chart = ipywidgets.HTML()
    box = Explorer([*controls.values(), chart])

    def refresh(_change: Any = None) -> None:
        values = {name: control.value for name, control in controls.items()}
        try:
            ax = draw(**values)
        except CmlibError as error:
            box.said, image = str(error), ""
        else:
            box.said = describe(ax)
            image = _image(ax, box.said)
        chart.value = f'{image}<p role="status">{html.escape(box.said)}</p>'

    for control in controls.values():
        control.observe(refresh, names="value")
    refresh()
    box.controls = controls
    return box


def _image(ax: Axes, alternative: str) -> str:
    import matplotlib.pyplot as plt

    figure: Any = ax.get_figure()
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=110)
    plt.close(figure)
    data = base64.b64encode(stream.getvalue()).decode("ascii")
    alt = html.escape(alternative, quote=True)
    return f'<img style="max-width:100%" alt="{alt}" src="data:image/png;base64,{data}">'
