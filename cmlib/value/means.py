"""The same comparisons from published averages, and the step from spending to value."""

from __future__ import annotations

from typing import Any

from cmlib.checks import at_least, number, share

__all__ = ["did_of_means", "uplift_value", "wald_of_means"]


def did_of_means(
    *,
    members_before_eur: float,
    members_after_eur: float,
    others_before_eur: float,
    others_after_eur: float,
) -> float:
    """Difference in differences of four averages.

    Parameters
    ----------
    members_before_eur, members_after_eur, others_before_eur, others_after_eur : float
        Average spending, EUR a customer and period.

    Returns
    -------
    float
        EUR a customer and period. Averages give no interval: ask for the customers'
        rows and use :func:`difference_in_differences`.

    Examples
    --------
    >>> effect = did_of_means(
    ...     members_before_eur=100,
    ...     members_after_eur=130,
    ...     others_before_eur=70,
    ...     others_after_eur=80,
    ... )
    >>> effect * 1750
    35000.0
    """
    members = number("members_after_eur", members_after_eur) - number(
        "members_before_eur", members_before_eur
    )
    others = number("others_after_eur", others_after_eur) - number(
        "others_before_eur", others_before_eur
    )
    return members - others


def wald_of_means(
    *,
    invited_eur: float,
    not_invited_eur: float,
    invited_share: float,
    not_invited_share: float,
) -> float:
    """Effect of membership from four averages of a randomised invitation.

    Parameters
    ----------
    invited_eur, not_invited_eur : float
        Average spending of everyone who was, or was not, invited, EUR.
    invited_share, not_invited_share : float
        Share of each group that joined (0 to 1).

    Returns
    -------
    float
        EUR a complier: someone who joins if invited and does not otherwise. Missing when
        the invitation moved nobody.

    Raises
    ------
    ParameterError
        When a share is not between 0 and 1.

    Examples
    --------
    >>> effect = wald_of_means(
    ...     invited_eur=84, not_invited_eur=82.8, invited_share=0.18, not_invited_share=0.06
    ... )
    >>> round(effect, 6)
    10.0
    """
    moved = share("invited_share", invited_share) - share("not_invited_share", not_invited_share)
    gap = number("invited_eur", invited_eur) - number("not_invited_eur", not_invited_eur)
    return gap / moved if moved else float("nan")


def uplift_value(
    *, members: float, effect_eur_month: float, margin_share: float, months: float = 12.0
) -> float:
    """Turn an effect on spending into margin.

    Parameters
    ----------
    members : float
        Members to whom the effect applies: those who joined, not every account.
    effect_eur_month : float
        Effect on spending, EUR a member and month.
    margin_share : float
        Margin as a share of spending (0 to 1). Spending is not value: the goods cost something.
    months : float, default 12
        Months counted.

    Returns
    -------
    float
        EUR.

    Raises
    ------
    ParameterError
        When the share is not between 0 and 1, or a count is negative.

    Examples
    --------
    >>> uplift_value(members=1750, effect_eur_month=4, margin_share=0.4)
    33600.0
    """
    return float(
        uplift_formula(
            at_least("members", members),
            number("effect_eur_month", effect_eur_month),
            share("margin_share", margin_share),
            at_least("months", months),
        )
    )


def uplift_formula(members: Any, effect_eur_month: Any, margin_share: Any, months: Any) -> Any:
    """Margin of an effect on spending, on numbers or arrays."""
    return members * effect_eur_month * margin_share * months
