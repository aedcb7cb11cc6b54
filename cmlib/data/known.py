"""What a community knows of its members: who is in the team, which group each belongs to."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cmlib.data.communities import Community
from cmlib.data.frames import to_pandas
from cmlib.data.people import as_parts
from cmlib.errors import ParameterError
from cmlib.messages import _

__all__ = ["groups_of", "members_of", "team_of", "with_team"]


def with_team(community: Community, *, counted: bool) -> Community:
    """Return the view with the team counted or not; all else who is left out stays so."""
    if not isinstance(community, Community):
        raise ParameterError(
            _("A community is needed here, as data.load or data.read gives it, not {kind}.").format(
                kind=type(community).__name__
            )
        )
    said = community.without
    parts = [] if said is None else as_parts(said)
    others = [one for one in parts if not (isinstance(one, str) and one == "team")]
    return community.view(without=others if counted else [*others, "team"])


def members_of(community: Community) -> pd.DataFrame:
    """Return the members as pandas; an empty table where nothing is known of them."""
    if not community.has("members"):
        return pd.DataFrame({"member_id": []})
    return to_pandas(community.members)


def team_of(community: Community) -> set[Any]:
    """Return the ids of the staff."""
    members = members_of(community)
    if "role" not in members:
        return set()
    return set(members.loc[members["role"] == "staff", "member_id"].tolist())


def groups_of(community: Community) -> dict[Any, Any] | None:
    """Return the group of each member; None where no group is known."""
    members = members_of(community)
    if "group" not in members:
        return None
    known = members.dropna(subset=["group"])
    return dict(zip(known["member_id"], known["group"], strict=True))
