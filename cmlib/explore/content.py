"""What ranks first in the content, once the biggest posts are set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cmlib.checks import choice, whole_number
from cmlib.data.communities import table_of
from cmlib.data.frames import need_columns, to_pandas
from cmlib.errors import missing_column
from cmlib.explore.panel import dropdown, explorer, slider
from cmlib.i18n import format_number, format_percent
from cmlib.messages import N_, _

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes
    from narwhals.typing import IntoFrame

    from cmlib.data import Community

__all__ = ["plot_without_biggest", "without_biggest", "without_biggest_explorer"]

PUBLIC = ("reactions", "comments", "shares")  # what other people can see
SIZES = ("interactions", "reach")
FEW = 10  # posts: under that, a rate says little
_NAMES = {
    "format": N_("Format"),
    "platform": N_("Platform"),
    "author_type": N_("Author of the content"),
}


def without_biggest(
    community: Community | IntoFrame,
    *,
    n: int = 0,
    by: str = "format",
    biggest: str = "interactions",
    interactions: Sequence[str] = PUBLIC,
) -> pd.DataFrame:
    """Rank groups of posts by their engagement rate, without the n biggest posts.

    Parameters
    ----------
    community : Community or table of posts
        Posts without a reach (never published) are left out.
    n : int, default 0
        How many posts to set aside, all groups together.
    by : str, default "format"
        Column that makes the groups.
    biggest : {"interactions", "reach"}, default "interactions"
        What makes a post big. Of two equal posts, the one that stands first goes first.
    interactions : sequence of str
        Gestures added up to the interactions of a post: by default those that other people see.

    Returns
    -------
    pandas.DataFrame
        One row a group, highest rate first: `by`, ``n`` posts left, ``interactions``, ``reach``,
        ``engagement_rate`` (share: total / total), ``rank`` (1 for the highest).

    Raises
    ------
    ColumnError, ParameterError
        When a column is missing, `n` is not a whole number from 0 up, or `biggest` is not known.

    Notes
    -----
    A group whose posts are all set aside has no row. A ranking that changes with one post is a
    ranking of that post.

    Examples
    --------
    >>> posts = pd.DataFrame(
    ...     {
    ...         "format": ["photo", "photo", "contest"],
    ...         "reach": [100, 300, 200],
    ...         "reactions": [4, 8, 90],
    ...     }
    ... )
    >>> without_biggest(posts, n=1, interactions=["reactions"])
      format  n  interactions  reach  engagement_rate  rank
    0  photo  2          12.0  400.0             0.03     1
    """
    from cmlib.kpi import engagement_rate

    whole_number("n", n, 0)
    choice("biggest", biggest, SIZES)
    posts = to_pandas(table_of(community, "posts"))
    need_columns(posts, (by, "reach", *interactions))
    names = list(interactions)
    seen = posts[posts["reach"].notna()]
    size = seen[names].sum(axis=1) if biggest == "interactions" else seen["reach"]
    order = np.argsort(-size.to_numpy(dtype="float64"), kind="stable")
    left = seen.iloc[np.sort(order[n:])]
    table = to_pandas(engagement_rate(left, interactions=names, by=by))
    table = table[table["n"] > 0].sort_values(
        ["engagement_rate", by], ascending=[False, True], ignore_index=True
    )
    table["rank"] = np.arange(1, len(table) + 1)
    return table[[by, "n", "interactions", "reach", "engagement_rate", "rank"]]


def plot_without_biggest(
    community: Community | IntoFrame,
    *,
    n: int = 0,
    by: str = "format",
    biggest: str = "interactions",
    interactions: Sequence[str] = PUBLIC,
    ax: Axes | None = None,
) -> Axes:
    """Draw the ranking of the groups, without the n biggest posts.

    Parameters
    ----------
    community, n, by, biggest, interactions
        As in :func:`without_biggest`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure when left out.

    Returns
    -------
    matplotlib.axes.Axes
        One bar a group, the highest on top, with its rate and its number of posts. Groups of
        fewer than ten posts are hatched.

    Raises
    ------
    ColumnError, ParameterError
        As in :func:`without_biggest`.
    """
    from cmlib.plot.alternative import finish
    from cmlib.plot.theme import PALETTE, axes_or_new, ink

    table = without_biggest(community, n=n, by=by, biggest=biggest, interactions=interactions)
    ax = axes_or_new(ax)
    for place, row in enumerate(table.itertuples(index=False)):
        few = row.n < FEW
        ax.barh(
            place,
            100 * row.engagement_rate,
            color="none" if few else PALETTE[0],
            edgecolor=PALETTE[0],
            hatch="//" if few else "",
        )
        end = 100 * row.engagement_rate
        ax.text(end, place, f"  {_figure(row)}", va="center", color=ink())
    ax.set_yticks(range(len(table)), [str(name) for name in table[by]])
    ax.invert_yaxis()
    highest = 100 * float(table["engagement_rate"].max()) if len(table) else 1.0
    ax.set_xlim(0, 1.65 * max(highest, 0.1))
    title = _("Engagement rate, biggest posts set aside: {n}").format(n=format_number(int(n)))
    return finish(
        ax,
        title=title if n else _("Engagement rate, all posts"),
        x=_("Interactions divided by reach (%); hatched: fewer than {few} posts").format(few=FEW),
        y=_(_NAMES.get(by, by)),
        alternative=_in_words(table, by),
    )


def without_biggest_explorer(community: Community) -> ipywidgets.VBox:
    """Set the biggest posts aside one by one, and watch the ranking change.

    Parameters
    ----------
    community : Community
        One with the table ``posts``.

    Returns
    -------
    ipywidgets.VBox
        A slider (how many posts), what makes a post big, and what is ranked.
    """
    posts = to_pandas(table_of(community, "posts"))
    names = {_(name): by for by, name in _NAMES.items() if by in posts}
    if not names:
        raise missing_column("format", posts.columns)

    def draw(n: int, biggest: str, by: str) -> Axes:
        return plot_without_biggest(posts, n=n, by=by, biggest=biggest)

    return explorer(
        draw,
        n=slider(_("Biggest posts set aside"), 0, 0, 20),
        biggest=dropdown(
            _("Biggest by"),
            {_("interactions"): "interactions", _("reach"): "reach"},
            "interactions",
        ),
        by=dropdown(_("Rank"), names, next(iter(names.values()))),
    )


def _figure(row: Any) -> str:
    return _("{rate} (posts: {n})").format(
        rate=format_percent(float(row.engagement_rate), digits=1), n=format_number(int(row.n))
    )


def _in_words(table: pd.DataFrame, by: str) -> str:
    if table.empty:
        return _("No post is left.")
    listed = _("; ").join(
        _("{name}: {figure}").format(name=name, figure=_figure(row))
        for name, row in zip(table[by], table.itertuples(index=False), strict=True)
    )
    return _("Highest first. {listed}.").format(listed=listed)
