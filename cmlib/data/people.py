"""Who does not count: words, ids and tables of members turned into two lists of ids.

Whoever is left out is no member, newcomer, author or node. The team's answers still answer;
those of the others who are left out answer nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from cmlib.errors import ParameterError, missing_column, nearest
from cmlib.messages import _

__all__ = [
    "BY_DEFAULT",
    "WORDS",
    "LeftOut",
    "as_parts",
    "check_known",
    "ids_by_role",
    "left_out",
    "member_list",
]

WORDS = {"team": "staff", "bots": "bot", "system": "system", "deleted": None}
BY_DEFAULT = ("bots", "system")


@dataclass(frozen=True)
class LeftOut:
    """Who does not count in a view.

    Attributes
    ----------
    ids : tuple
        Left out of every count.
    silent : tuple
        Those of them who answer nobody: everybody but the team.
    deleted : bool
        Whether events without a member are left out too.
    by_hand : tuple
        Ids that were given one by one: they should be in the log.
    """

    ids: tuple[Any, ...] = ()
    silent: tuple[Any, ...] = ()
    deleted: bool = False
    by_hand: tuple[Any, ...] = ()


def left_out(without: Any, members: Any) -> LeftOut:
    """Read `without`: None, words of `WORDS`, ids, tables of members, alone or in a list.

    Bots and system lines are left out unless `without` is None. `members` is the table of
    members or None; without roles in it, the words name nobody.
    """
    if without is None:
        return LeftOut()
    given = as_parts(without)
    words = {*BY_DEFAULT, *(part for part in given if isinstance(part, str) and part in WORDS)}
    others = [part for part in given if not (isinstance(part, str) and part in WORDS)]
    by_role = ids_by_role(members)
    ids = [one for word in sorted(words) for one in by_role.get(WORDS[word] or "", [])]
    by_hand = [part for part in others if not _is_table(part)]
    listed = [one for part in others if _is_table(part) for one in member_list(part)]
    everybody = list(dict.fromkeys([*ids, *listed, *by_hand]))
    team = set(by_role.get("staff", []))
    return LeftOut(
        ids=tuple(everybody),
        silent=tuple(one for one in everybody if one not in team),
        deleted="deleted" in words,
        by_hand=tuple(by_hand),
    )


def check_known(hand: Iterable[Any], known: pd.Index) -> None:
    """Raise where an id given by hand is neither in the log nor among the members."""
    for one in hand:
        if one in known:
            continue
        message = _(
            "without={given!r}: nobody in this community has that id. Give ids, a table of "
            "members, or one of: {words}."
        ).format(given=one, words=", ".join(WORDS))
        close = nearest(one, [*WORDS, *map(str, known[:5000])])
        raise ParameterError(
            message + (" " + _("Did you mean {close!r}?").format(close=close) if close else "")
        )


def member_list(members: Any, argument: str = "without") -> list[Any]:
    """Return the ids in `members`: a list, a column, or a table with the column ``member_id``."""
    if members is None:
        return []
    table = nw.from_native(members, pass_through=True, allow_series=True)
    if isinstance(table, nw.DataFrame | nw.LazyFrame):
        names = table.collect_schema().names()
        if "member_id" not in names:
            raise missing_column("member_id", names)
        column = table.lazy().select("member_id").drop_nulls().unique().collect()["member_id"]
        return sorted(column.to_list())
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


def as_parts(without: Any) -> list[Any]:
    """Flatten what was given by one level: a word, an id and a table each stay whole."""
    if isinstance(without, str) or not isinstance(without, Iterable) or _is_frame(without):
        return [without]
    if _is_table(without):
        return member_list(without)
    parts: list[Any] = []
    for part in without:
        parts.append(part.item() if isinstance(part, np.generic) else part)
    return parts


def _is_frame(given: Any) -> bool:
    table = nw.from_native(given, pass_through=True)
    return isinstance(table, nw.DataFrame | nw.LazyFrame)


def _is_table(given: Any) -> bool:
    """Tell tables, columns and lists of members from single ids."""
    if isinstance(given, str):
        return False
    table = nw.from_native(given, pass_through=True, allow_series=True)
    return isinstance(table, nw.DataFrame | nw.LazyFrame | nw.Series) or isinstance(
        given, list | tuple | set | frozenset | np.ndarray
    )


def ids_by_role(members: Any) -> dict[str, list[Any]]:
    """Return the ids of staff, bots and system lines; empty where no role is known."""
    if members is None:
        return {}
    table = nw.from_native(members).lazy()
    if not {"role", "member_id"} <= set(table.collect_schema().names()):
        return {}
    roles = [role for role in WORDS.values() if role is not None]
    chosen = table.filter(nw.col("role").cast(nw.String).is_in(roles)).select("member_id", "role")
    rows = chosen.with_columns(nw.col("role").cast(nw.String)).collect()
    found: dict[str, list[Any]] = {}
    for one, role in zip(rows["member_id"].to_list(), rows["role"].to_list(), strict=True):
        found.setdefault(role, []).append(one)
    return {role: sorted(ids) for role, ids in found.items()}
