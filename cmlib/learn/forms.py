"""Answer with the keyboard in a form: a choice, lines in order, a decision card.

Every control has a label in words and is reached with the Tab key. The same answer can be
given in code with :func:`cmlib.learn.check`.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cmlib.errors import ParameterError
from cmlib.learn.question import Card, Choice, Order, find
from cmlib.learn.session import check
from cmlib.messages import _

if TYPE_CHECKING:
    import ipywidgets

__all__ = ["form"]

Say = Callable[[str], str]


def form(number: str) -> ipywidgets.VBox:
    """Show the form of a question that is answered without code.

    Parameters
    ----------
    number : str
        The number of the question, such as ``"04.6"``.

    Returns
    -------
    ipywidgets.VBox
        The controls, one under the other, and a button that checks them.

    Raises
    ------
    ParameterError
        When the question does not exist or is answered in code.
    """
    question = find(number)
    builders: dict[type, Any] = {Choice: _choice, Order: _order, Card: _card}
    builder = builders.get(type(question.form))
    if builder is None:
        raise ParameterError(
            _("Question {number} is answered in code. Use check({number!r}, your_answer).").format(
                number=number
            )
        )
    controls, read = builder(question.form, question.say)
    return _with_button(number, controls, read)


def _with_button(number: str, controls: list[Any], read: Any) -> ipywidgets.VBox:
    import ipywidgets

    button = ipywidgets.Button(
        description=_("Check"), tooltip=_("Check the answer to {number}").format(number=number)
    )
    said = ipywidgets.Output()

    def answer(_button: Any) -> None:
        said.clear_output()
        with said:
            check(number, read())

    button.on_click(answer)
    return ipywidgets.VBox([*controls, button, said])


def _choice(shape: Choice, say: Say) -> tuple[list[Any], Any]:
    import ipywidgets

    options = [(f"{key}. {say(text)}", key) for key, text in shape.options.items()]
    picked = ipywidgets.RadioButtons(
        options=options,
        value=None,
        description=_("Answer"),
        layout=ipywidgets.Layout(width="auto"),
    )
    return [picked], lambda: ... if picked.value is None else picked.value


def _order(shape: Order, say: Say) -> tuple[list[Any], Any]:
    import ipywidgets

    shown = "".join(f"<li><code>{html.escape(line)}</code></li>" for line in shape.lines)
    listing = ipywidgets.HTML(f"<ol>{shown}</ol>")
    numbers = [("…", None), *((str(i), i) for i in range(1, len(shape.lines) + 1))]
    picked = [
        ipywidgets.Dropdown(
            options=numbers,
            value=None,
            description=_("Line {place} is").format(place=place),
            style={"description_width": "initial"},
        )
        for place in range(1, len(shape.lines) + 1)
    ]
    return [listing, *picked], lambda: [... if p.value is None else p.value for p in picked]


def _card(shape: Card, say: Say) -> tuple[list[Any], Any]:
    import ipywidgets

    fields = {
        key: ipywidgets.Textarea(
            description=say(label),
            rows=2,
            style={"description_width": "initial"},
            layout=ipywidgets.Layout(width="95%"),
        )
        for key, label in shape.fields.items()
    }
    return list(fields.values()), lambda: {key: box.value for key, box in fields.items()}
