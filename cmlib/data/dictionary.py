"""The data dictionary: what each column holds, from the contracts, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from cmlib.data.schema import SHARED_TABLES, TABLES, Column, get_table
from cmlib.i18n import use_language
from cmlib.messages import N_, _

__all__ = ["data_dictionary", "dictionary_text"]

_KINDS = {
    "id": N_("number of a row"),
    "integer": N_("whole number"),
    "number": N_("number"),
    "time": N_("date and time (UTC)"),
    "month": N_("month"),
    "text": N_("text"),
    "choice": N_("one of a list"),
    "flag": N_("true or false"),
}


def data_dictionary(table: str | None = None) -> pd.DataFrame:
    """Describe the columns of a table, or of all tables, in the current language.

    Parameters
    ----------
    table : str, optional
        Name of a table; all of them where it is not given.

    Returns
    -------
    pandas.DataFrame
        One row a column: ``table``, ``column``, ``kind``, ``about``, ``accepted`` (values,
        range or the column that holds the same id), ``can_be_empty``.

    Raises
    ------
    ParameterError
        When no table has that name.

    Examples
    --------
    >>> data_dictionary("costs")[["column", "kind"]].head(2)
        column          kind
    0    month         month
    1     item          text
    """
    contracts = TABLES.values() if table is None else [get_table(table)]
    return pd.DataFrame(
        [
            {
                "table": contract.name,
                "column": column.name,
                "kind": _(_KINDS[column.kind]),
                "about": _(column.about),
                "accepted": _accepted(column),
                "can_be_empty": column.nullable,
            }
            for contract in contracts
            for column in contract.columns
        ]
    )


def dictionary_text(*, language: str, tables: Iterable[str] | None = None) -> str:
    """Write the dictionary as a Markdown text.

    Parameters
    ----------
    language : {"en", "fr"}
    tables : iterable of str, optional
        Names of the tables, in order; those of a community and the shared ones by default.

    Returns
    -------
    str
        A title of level 2 and a table for each contract.

    Examples
    --------
    >>> dictionary_text(language="en", tables=["welcome"]).splitlines()[0]
    '## welcome'
    """
    names = [*TABLES] if tables is None else [*tables]
    with use_language(language):
        return "\n".join(_section(name) for name in names)


def _section(name: str) -> str:
    contract = get_table(name)
    heads = (_("Column"), _("Kind"), _("What it holds"), _("Accepted values"), _("May be empty"))
    lines = [f"## {name}", "", _(contract.about) + ".", ""]
    if name in SHARED_TABLES:
        lines[2] += " " + _("Shared by all communities (folder common).")
    lines += ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    empty = {True: _("yes"), False: _("no")}
    lines += [
        f"| `{column.name}` | {_(_KINDS[column.kind])} | {_(column.about)} "
        f"| {_accepted(column)} | {empty[column.nullable]} |"
        for column in contract.columns
    ]
    return "\n".join([*lines, ""])


def _accepted(column: Column) -> str:
    if column.choices:
        return ", ".join(column.choices)
    if column.refers_to is not None:
        return _("an id of {column}").format(column=column.refers_to)
    if column.minimum is None:
        return ""
    if column.maximum is None:
        return _("from {low} up").format(low=f"{column.minimum:g}")
    return _("{low} to {high}").format(low=f"{column.minimum:g}", high=f"{column.maximum:g}")
