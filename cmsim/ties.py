"""Who replies to whom, and how far the network holds together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cmsim.world import World

__all__ = ["Ties"]


class Ties:
    """The reply network of a world: authors tied to the authors they reply to.

    Attributes
    ----------
    members : numpy.ndarray
        Ids of the people of role ``member`` who wrote at least once.
    pairs : pandas.DataFrame
        One row a reply: ``author``, ``target``, ``timestamp``; bots and deleted accounts out.
    """

    def __init__(self, world: World) -> None:
        events = world.events
        wrote = events[events["kind"].isin(["topic", "reply"]) & events["member_id"].notna()]
        role = world.members.set_index("member_id")["role"]
        wrote = wrote.assign(role=wrote["member_id"].map(role))
        wrote = wrote[wrote["role"] != "bot"]
        author = wrote.set_index("event_id")["member_id"]
        replies = wrote[wrote["kind"] == "reply"]
        pairs = pd.DataFrame(
            {
                "author": replies["member_id"],
                "target": replies["parent_id"].map(author),
                "timestamp": replies["timestamp"],
            }
        ).dropna()
        pairs = pairs.astype({"author": "int64", "target": "int64"})
        self.pairs = pairs[pairs["author"] != pairs["target"]].reset_index(drop=True)
        self.members = np.unique(wrote.loc[wrote["role"] == "member", "member_id"].astype("int64"))
        low = self.pairs[["author", "target"]].min(axis=1)
        high = self.pairs[["author", "target"]].max(axis=1)
        edges = pd.DataFrame({"low": low, "high": high}).drop_duplicates()
        self._all = edges.to_numpy()
        inside = np.isin(self._all, self.members).all(axis=1)
        self._edges = self._all[inside]

    def largest_share(self, *, team: bool = False, without: np.ndarray | None = None) -> float:
        """Return the share of the members in the largest connected part.

        Parameters
        ----------
        team : bool, default False
            Let the team's accounts link people.
        without : numpy.ndarray, optional
            Members taken out; the share is of all members, those taken out included.
        """
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        edges = self._all if team else self._edges
        if without is not None:
            edges = edges[~np.isin(edges, without).any(axis=1)]
        nodes = np.unique(np.concatenate([self.members, edges.ravel()]))
        ends = np.searchsorted(nodes, edges)
        size = len(nodes)
        matrix = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
        _count, part = connected_components(matrix, directed=False)
        part = part[np.isin(nodes, self.members)]
        return round(float(np.bincount(part).max() / len(self.members)), 4)

    def isolated(self) -> int:
        """Return the number of members tied to no other member."""
        return int((~np.isin(self.members, self._edges)).sum())

    def degree_rank(self) -> pd.Series:
        """Return the rank of each member by number of people tied, 1 for the most."""
        degree = pd.Series(self._edges.ravel()).value_counts().reindex(self.members, fill_value=0)
        return degree.rank(ascending=False, method="min").astype("int64")

    def best_connected(self, count: int) -> np.ndarray:
        """Return the ids of the `count` members tied to the most people."""
        return self.degree_rank().sort_values(kind="stable").index[:count].to_numpy()
