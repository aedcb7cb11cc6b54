"""The errors that cmlib raises, and the words they share.

Every message says what was given, what is accepted, what to do and the nearest name,
in the language chosen with :func:`cmlib.set_language`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from cmlib.messages import _

__all__ = [
    "CmlibError",
    "ColumnError",
    "DoubleCountError",
    "FileError",
    "NotCountedWarning",
    "NotMeasuredWarning",
    "ParameterError",
    "TableError",
    "nearest",
]


class CmlibError(Exception):
    """Base class of every error that cmlib raises on purpose."""


class ParameterError(CmlibError, ValueError):
    """An argument has a value that the function does not accept."""


class TableError(CmlibError, ValueError):
    """A table does not hold what its contract says."""


class ColumnError(TableError):
    """A column that the function needs is not in the table."""


class DoubleCountError(ParameterError):
    """Two value models that count the same gain were to be added."""


class FileError(CmlibError, OSError):
    """A file cannot be found or read."""


class NotMeasuredWarning(UserWarning):
    """A figure is missing because what it needs was not logged: it is not 0."""


class NotCountedWarning(UserWarning):
    """Some rows were left out of a figure because they contradict themselves."""


def nearest(name: object, options: Iterable[object]) -> str | None:
    """Return the option whose spelling is closest to `name`, or None when none is close.

    Parameters
    ----------
    name : object
        What was given.
    options : iterable
        What is accepted.

    Returns
    -------
    str or None

    Examples
    --------
    >>> nearest("membre_id", ["member_id", "timestamp"])
    'member_id'
    >>> nearest("price", ["member_id", "timestamp"]) is None
    True
    """
    spellings = {str(option).casefold(): str(option) for option in options}
    found = difflib.get_close_matches(str(name).casefold(), spellings, n=1, cutoff=0.6)
    return spellings[found[0]] if found else None


def unknown_choice(parameter: str, given: object, options: Iterable[object]) -> ParameterError:
    """Build the error for a value that is not one of the accepted ones."""
    names = [str(option) for option in options]
    message = _("{parameter}={given!r} is not accepted. Use one of: {options}.").format(
        parameter=parameter, given=given, options=", ".join(names)
    )
    return ParameterError(message + _did_you_mean(nearest(given, names)))


def missing_column(
    column: str, present: Iterable[object], *, role: str | None = None
) -> ColumnError:
    """Build the error for a column that is needed and is not in the table.

    `role` is the argument that named the column (``member="member_id"`` gives "member").
    """
    names = [str(name) for name in present]
    message = _("The column {column!r} is not in the table. Its columns are: {present}.").format(
        column=column, present=", ".join(names) or "-"
    )
    close = nearest(column, names)
    if close is not None:
        message += " " + _(
            'Did you mean {close!r}? Rename it with table.rename(columns={{"{close}": "{column}"}})'
        ).format(close=close, column=column)
        if role is not None:
            message += " " + _('or write {role}="{close}"').format(role=role, close=close)
        message += "."
    elif role is not None:
        message += " " + _('Name the right one with {role}="...".').format(role=role)
    return ColumnError(message)


def _did_you_mean(close: str | None) -> str:
    return "" if close is None else " " + _("Did you mean {close!r}?").format(close=close)
