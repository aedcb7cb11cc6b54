"""One more sentence under Python's own message, for the errors a beginner meets.

Python's message is kept: learning to read it is part of the course.
"""

from __future__ import annotations

import builtins
import difflib
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cmlib.errors import CmlibError, nearest
from cmlib.learn.notice import Notice, show
from cmlib.messages import _

__all__ = ["Explanation", "explain", "explain_error", "watch_errors"]


@dataclass(frozen=True)
class Explanation:
    """What the error means and what to try, in the learner's language."""

    meaning: str
    attempt: str


def explain_error(about: str | None = None) -> None:
    """Explain the last error in one sentence, and say what to try.

    Parameters
    ----------
    about : {"kernel"}, optional
        What cannot be read from an error: ``"kernel"`` when the notebook stopped answering.
    """
    if about == "kernel":
        show(
            Notice(
                _("The notebook stopped answering"),
                (
                    _("The kernel, which runs your cells, has stopped: its memory is gone."),
                    _("Try: menu Kernel, Restart Kernel and Run All Cells. Your text is kept."),
                ),
            )
        )
        return
    error = getattr(sys, "last_value", None)
    if error is None:
        show(Notice(_("No error has happened since the notebook started.")))
        return
    show(_notice(error, _user_names()))


def explain(error: BaseException, names: Mapping[str, Any]) -> Explanation | None:
    """Return the explanation of an error; None when it is not one of those foreseen.

    Parameters
    ----------
    error : exception
    names : mapping
        The learner's variables, to find the nearest name.
    """
    for kind, describe in _DESCRIPTIONS:
        if isinstance(error, kind):
            found = describe(error, names)
            if found is not None:
                return found
    return None


def watch_errors() -> None:
    """Explain each error under the cell where it happens, from here on."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or getattr(shell, "_cmlib_watches", False):
        return

    def after_cell(result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        if (
            error is not None
            and not isinstance(error, CmlibError)
            and explain(error, _user_names())
        ):
            show(_notice(error, _user_names()))

    shell.events.register("post_run_cell", after_cell)
    shell._cmlib_watches = True
    _watch_warnings()


def _watch_warnings() -> None:
    python_shows = warnings.showwarning

    def show_and_explain(message: Any, category: Any, *rest: Any, **more: Any) -> None:
        python_shows(message, category, *rest, **more)
        if category.__name__ == "ChainedAssignmentError":
            show(_notice_of(category.__name__, _chained(message, {})))

    warnings.showwarning = show_and_explain


def _notice(error: BaseException, names: Mapping[str, Any]) -> Notice:
    last_line = traceback.format_exception_only(error)[-1].strip()
    return _notice_of(last_line, explain(error, names))


def _notice_of(last_line: str, found: Explanation | None) -> Notice:
    if found is None:
        text = _(
            "Read the last line first. Then compare the line of the arrow with the example above."
        )
        return Notice(last_line, (text,))
    return Notice(last_line, (found.meaning, _("Try: {attempt}").format(attempt=found.attempt)))


def _user_names() -> Mapping[str, Any]:
    from IPython import get_ipython

    shell = get_ipython()
    return {} if shell is None else shell.user_ns


_SHELL_NAMES = {"In", "Out", "exit", "quit", "get_ipython", "open"}


# --- one function an error ----------------------------------------------------------------


def _name(error: Any, names: Mapping[str, Any]) -> Explanation:
    own = [name for name in names if not name.startswith("_") and name not in _SHELL_NAMES]
    close = nearest(error.name, own) or _builtin_like(error.name)
    if close is not None:
        return Explanation(
            _("No variable is called {name!r}.").format(name=error.name),
            _("write {close!r}, if that is what you meant.").format(close=close),
        )
    if error.name[0].isupper() or len(error.name) == 1:
        return Explanation(
            _("No variable is called {name!r}.").format(name=error.name),
            _("put it between quotes, if it is a text to look for: {name!r}.").format(
                name=error.name
            ),
        )
    return Explanation(
        _(
            "No variable is called {name!r}: the cell that makes it has not run since the start."
        ).format(name=error.name),
        _("menu Run, Run All Above Selected Cell."),
    )


def _builtin_like(name: str) -> str | None:
    """Return the word of Python that is nearly `name`: ``print`` for ``pritn``."""
    found = difflib.get_close_matches(name, dir(builtins), n=1, cutoff=0.75)
    return found[0] if found and len(name) > 2 else None


def _key(error: Any, _names: Mapping[str, Any]) -> Explanation | None:
    columns = _columns_at_fault(error)
    if columns is None or not error.args:
        return None
    unknown = re.match(r"Label\(s\) \['(.*?)'", str(error.args[0]))  # what agg says
    name = unknown[1] if unknown else error.args[0]
    close = nearest(name, columns)
    return Explanation(
        _("The table has no column {name!r}.").format(name=name),
        _("write {close!r}.").format(close=close)
        if close
        else _("choose among its columns: {columns}.").format(columns=", ".join(columns[:12])),
    )


def _columns_at_fault(error: BaseException) -> list[str] | None:
    found = None
    for frame, _line in traceback.walk_tb(error.__traceback__):
        owner: Any = frame.f_locals.get("self")
        if type(owner).__name__ == "DataFrameGroupBy":
            owner = vars(owner).get("obj")
        if type(owner).__name__ == "DataFrame":
            found = [str(column) for column in owner.columns]
    return found


def _syntax(error: Any, _names: Mapping[str, Any]) -> Explanation | None:
    message, line = str(error.msg), str(error.text or "")
    if "invalid character" in message or "non-printable" in message:
        return Explanation(
            _("The line holds a character that a word processor writes and Python does not read."),
            _("type the quotes and the spaces again on your keyboard: \" or '."),
        )
    if re.search(r"\d[ \u00a0\u202f]\d{3}", line):
        return Explanation(
            _("A number is written with a space between thousands."),
            _("remove the space: 1500."),
        )
    if "'=='" in message or "Maybe you meant '=='" in message:
        return Explanation(
            _("One = sign stores a value; to compare, Python wants two."),
            _("write == in the comparison."),
        )
    if "never closed" in message or "unmatched" in message or "does not match" in message:
        return Explanation(
            _("A bracket is open and not closed, or closed and not open."),
            _("count the opening and the closing brackets on this line and on the one before."),
        )
    if "unterminated string" in message:
        return Explanation(
            _("A text starts with a quote and has no quote at its end."),
            _("add the missing quote, the same as the first."),
        )
    return None


def _indentation(_error: Any, _names: Mapping[str, Any]) -> Explanation:
    return Explanation(
        _("A line starts with spaces that Python did not expect, or lacks some."),
        _("put every line of the cell at the left edge, except after a line that ends in a colon."),
    )


def _file(error: Any, _names: Mapping[str, Any]) -> Explanation | None:
    if not error.filename:
        return None
    wanted = Path(str(error.filename))
    folder = wanted.parent
    close = nearest(wanted.name, [p.name for p in folder.iterdir()]) if folder.is_dir() else None
    attempt = (
        _("write {close!r}.").format(close=close)
        if close
        else _("look for the file in the panel on the left, and copy its path (right click).")
    )
    return Explanation(
        _("There is no file {name!r} in that folder.").format(name=wanted.name), attempt
    )


def _decoding(_error: Any, _names: Mapping[str, Any]) -> Explanation:
    return Explanation(
        _("The file was saved with another alphabet table than UTF-8, as spreadsheets often do."),
        _('add encoding="cp1252" to read_csv, or use read_table, which finds it.'),
    )


def _value(error: Any, _names: Mapping[str, Any]) -> Explanation | None:
    message = str(error)
    if "broadcast together" in message and "(2,)" in message:
        return _comma()
    if "unconverted data remains" in message:
        return Explanation(
            _("The format ends before the text does: a part of the date was left unread."),
            _("write %Y for a year in four digits; %y stands for two digits."),
        )
    if "doesn't match format" not in message and "does not match format" not in message:
        return None
    return Explanation(
        _("A date is not written the way the other dates are: perhaps the day comes first."),
        _("add dayfirst=True to to_datetime, if the day comes first in the file."),
    )


def _type(error: Any, _names: Mapping[str, Any]) -> Explanation | None:
    message = str(error)
    if "Invalid comparison between dtype=str" in message:
        return Explanation(
            _("A column of texts was compared with a number: its figures were read as texts."),
            _("load the file with read_table, which turns such texts into numbers."),
        )
    if "tuple indices" in message:
        return Explanation(
            _("Several things came out together, and one name holds them all."),
            _("give each its name: table, report = read_table(file)."),
        )
    if "tuple" in message:
        return _comma()
    if "'str' and 'str'" in message:
        return Explanation(
            _("Two texts cannot be subtracted or divided; a date between quotes is a text too."),
            _("turn them into dates with pd.to_datetime(...), or into numbers with float(...)."),
        )
    if "str" in message and ("concatenate" in message or "unsupported operand" in message):
        return Explanation(
            _("A text and a number cannot be added: what stands between quotes is text."),
            _("remove the quotes around the number, or turn the text into one with int(...)."),
        )
    return None


def _comma() -> Explanation:
    return Explanation(
        _("A comma made several numbers out of one: 3,5 is 3 and 5."),
        _("write decimals with a point: 3.5."),
    )


def _attribute(error: Any, _names: Mapping[str, Any]) -> Explanation | None:
    owner = getattr(error, "obj", None)
    if owner is None or error.name is None:
        return None
    close = nearest(error.name, [name for name in dir(owner) if not name.startswith("_")])
    return Explanation(
        _("{kind} has nothing called {name!r}.").format(kind=type(owner).__name__, name=error.name),
        _("write {close!r}.").format(close=close)
        if close
        else _("check the spelling after the point, or use square brackets for a column."),
    )


def _chained(_error: Any, _names: Mapping[str, Any]) -> Explanation:
    return Explanation(
        _("The table did not change: two pairs of brackets in a row work on a copy."),
        _('choose rows and column at once: table.loc[rows, "column"] = value.'),
    )


_Describe = Callable[[Any, Mapping[str, Any]], Explanation | None]
_DESCRIPTIONS: tuple[tuple[type[BaseException], _Describe], ...] = (
    (IndentationError, _indentation),
    (SyntaxError, _syntax),
    (NameError, _name),
    (KeyError, _key),
    (FileNotFoundError, _file),
    (UnicodeDecodeError, _decoding),
    (ValueError, _value),
    (TypeError, _type),
    (AttributeError, _attribute),
)
