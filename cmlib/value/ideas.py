"""What members bring by proposing ideas."""

from __future__ import annotations

from typing import Any

from cmlib.checks import at_least, number, share

__all__ = ["idea_value"]


def idea_value(
    *, ideas: float, adopted_share: float, margin_per_idea_eur: float, attribution: float
) -> float:
    """Price the ideas that members proposed and the firm adopted.

    Parameters
    ----------
    ideas : float
        Ideas proposed in the period.
    adopted_share : float
        Share of them that were put into practice (0 to 1).
    margin_per_idea_eur : float
        Margin that one adopted idea brings, EUR; negative when it loses money.
    attribution : float
        Share of that margin owed to the community (0 to 1): the firm developed, priced and
        sold the idea.

    Returns
    -------
    float
        EUR.

    Raises
    ------
    ParameterError
        When a share is not between 0 and 1, or `ideas` is negative.

    Notes
    -----
    ideas x adopted x margin x attribution. Nobody measures the attribution: it is agreed on.
    Write down who agreed, and look at :func:`cmlib.value.tornado` before quoting the figure.

    Examples
    --------
    >>> idea_value(ideas=200, adopted_share=0.04, margin_per_idea_eur=6000, attribution=0.25)
    12000.0
    """
    return float(
        idea_formula(
            at_least("ideas", ideas),
            share("adopted_share", adopted_share),
            number("margin_per_idea_eur", margin_per_idea_eur),
            share("attribution", attribution),
        )
    )


def idea_formula(ideas: Any, adopted_share: Any, margin_per_idea_eur: Any, attribution: Any) -> Any:
    """Value of the adopted ideas, on numbers or arrays."""
    return ideas * adopted_share * margin_per_idea_eur * attribution
