"""Open what the simulator wrote down: the figures planted in a community."""

from __future__ import annotations

import json
from typing import Any

from cmlib.checks import choice
from cmlib.data import Community, data_home
from cmlib.errors import FileError
from cmlib.messages import _

__all__ = ["read_truth"]


def read_truth(community: Community, story: str) -> dict[str, Any]:
    """Read the figures that the simulator planted, to score an estimate against them.

    Parameters
    ----------
    community : Community
        One of the simulated communities.
    story : str
        Name of the planted story, such as ``"members_spend_more"``.

    Returns
    -------
    dict of str to object
        The figures of the story by their name, as the trainer's sheet gives them.

    Raises
    ------
    FileError
        When no truth was written for this community: a real one has none.
    ParameterError
        When there is no such story.

    Notes
    -----
    Only simulated data have a truth that can be opened. That is what they are for: they show
    which comparison can be trusted where the truth stays shut.

    Examples
    --------
    >>> from cmlib.data import load
    >>> read_truth(load("brand"), "members_spend_more")["customers"]
    1500
    """
    path = data_home() / "truth" / f"{community.name}.json"
    if not path.is_file():
        raise FileError(
            _(
                "There is no truth to open for {name}: only simulated communities have one, "
                "in the folder truth of their data."
            ).format(name=community.name)
        )
    known = {each["id"]: each["value"] for each in json.loads(path.read_text("utf-8"))["stories"]}
    choice("story", story, known)
    return dict(known[story])
