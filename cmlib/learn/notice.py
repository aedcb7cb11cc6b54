"""Say something to the learner: words first, colour only beside them."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

from cmlib.messages import _

__all__ = ["Notice", "show"]

_COLOURS = {"accepted": "#0b7a53", "not yet": "#8a5a00", "to complete": "#3b5b92"}


@dataclass(frozen=True)
class Notice:
    """A short message with a heading in words; a screen reader announces it as a status.

    Attributes
    ----------
    heading : str
    lines : tuple of str
    tone : {"accepted", "not yet", "to complete", ""}
        Chooses the colour of the edge; the heading says the same in words.
    code : str
        Lines of code shown as such.
    """

    heading: str
    lines: tuple[str, ...] = field(default=())
    tone: str = ""
    code: str = ""

    def __repr__(self) -> str:
        body = "\n".join([*self.lines, *([self.code] if self.code else [])])
        return f"{self.heading}\n{body}" if body else self.heading

    def _repr_html_(self) -> str:
        colour = _COLOURS.get(self.tone, "#6b6b6b")
        paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in self.lines)
        code = f"<pre>{html.escape(self.code)}</pre>" if self.code else ""
        return (
            f'<div role="status" style="border-left:4px solid {colour};padding-left:0.8em">'
            f"<p><strong>{html.escape(self.heading)}</strong></p>{paragraphs}{code}</div>"
        )


def show(notice: Notice) -> None:
    """Display the notice in a notebook, print it elsewhere."""
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        print(notice)
    else:
        display(notice)


def heading(tone: str) -> str:
    """Return the words for an outcome."""
    return {
        "accepted": _("Accepted"),
        "not yet": _("Not yet"),
        "to complete": _("To complete"),
        "cannot tell": _("Cannot tell"),
    }[tone]
