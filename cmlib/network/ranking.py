"""Who ranks first by one measure, beside their rank by the number of contacts."""

from __future__ import annotations

import pandas as pd

from cmlib.data.frames import need_columns

__all__ = ["central_people"]


def central_people(scores: pd.DataFrame, *, measure: str = "betweenness") -> pd.DataFrame:
    """Rank people by one measure, beside their rank by the number of contacts.

    Parameters
    ----------
    scores : pandas.DataFrame
        One row a person, from :func:`cmlib.network.centralities`: ``member_id``, ``degree`` and
        the measure.
    measure : str, default "betweenness"
        The column that ranks.

    Returns
    -------
    pandas.DataFrame
        One row a person, first rank first: ``rank`` (equal scores share the best rank),
        ``member_id``, ``score`` by the measure, ``rank_by_degree``.

    Raises
    ------
    ColumnError
        When a column is missing.

    Notes
    -----
    A rank says how somebody stands in this network under this measure, not what they are worth.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     {"member_id": [1, 2, 3], "degree": [1, 2, 1], "betweenness": [0.0, 1.0, 0.0]}
    ... )
    >>> central_people(scores).head(1)
       rank  member_id  score  rank_by_degree
    0     1          2    1.0               1
    """
    need_columns(scores, ("member_id", "degree", measure))
    table = pd.DataFrame(
        {
            "rank": scores[measure].rank(ascending=False, method="min").astype("Int64"),
            "member_id": scores["member_id"],
            "score": scores[measure].astype("float64"),
            "rank_by_degree": scores["degree"].rank(ascending=False, method="min").astype("Int64"),
        }
    )
    order = ["score", "member_id"]
    return table.sort_values(order, ascending=[False, True], ignore_index=True)
