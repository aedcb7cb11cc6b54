"""People given to leave out or to keep: a list of ids, a column, or a table of members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.errors import ParameterError, missing_column
from cmlib.i18n import _

__all__ = ["member_list"]


def member_list(members: Any, member: str | None, argument: str = "without") -> list[Any]:
    """Return the ids in `members`: a list, a column, or a table with the column `member`."""
    if members is None:
        return []
    table = nw.from_native(members, pass_through=True, allow_series=True)
    if isinstance(table, nw.DataFrame | nw.LazyFrame):
        names = table.collect_schema().names()
        if member not in names:
            raise missing_column(str(member), names, role="member")
        table = table.lazy().select(nw.col(str(member))).drop_nulls().unique().collect()
        return sorted(table[str(member)].to_list())
    if isinstance(table, nw.Series):
        return [value for value in table.to_list() if not pd.isna(value)]
    if isinstance(members, str) or not isinstance(members, Iterable):
        raise ParameterError(
            _(
                "{argument}={given!r} is not a list of members. Give a list of ids or a table of "
                "members, for example {argument}=members.query(\"role != 'member'\")."
            ).format(argument=argument, given=members)
        )
    return [value.item() if isinstance(value, np.generic) else value for value in members]
