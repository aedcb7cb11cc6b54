"""Support deflection: contacts that the support desk did not receive."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from cmlib.checks import at_least, inner_share, share, whole_number
from cmlib.errors import ParameterError
from cmlib.messages import N_, _
from cmlib.value.estimate import Estimate

__all__ = ["deflected_contacts", "deflection_from_survey", "deflection_value"]

_DRAWS = 1_000_000  # the ends of the interval are steady to the figure shown


def deflected_contacts(
    *, visits: float, came_for_support: float, resolved: float, would_have_contacted: float
) -> float:
    """Count the contacts that the community spared the support desk.

    Parameters
    ----------
    visits : float
        Visits to the community in the period.
    came_for_support : float
        Share of the visits that came with a problem (0 to 1).
    resolved : float
        Share of *those* that left with it solved.
    would_have_contacted : float
        Share of *the solved ones* that would otherwise have contacted support.

    Returns
    -------
    float
        Contacts avoided in the period.

    Raises
    ------
    ParameterError
        When a share is not between 0 and 1, or `visits` is negative.

    Notes
    -----
    visits x P(came for support) x P(resolved | came) x P(would have contacted | resolved).
    The vendor's page prints the shares "0.43 % x 0.65 % x 0.09" and yet gives 2,515: they
    are 43 %, 65 % and 9 %. Taken as printed, the first two would give a quarter of a contact.

    The last share is what people say they would have done. It is small, hard to ask, and
    the figure is proportional to it.

    References
    ----------
    .. [1] Khoros, "How to calculate Cost Savings within a Community", community.khoros.com.

    Examples
    --------
    >>> contacts = deflected_contacts(
    ...     visits=100_000, came_for_support=0.43, resolved=0.65, would_have_contacted=0.09
    ... )
    >>> round(contacts, 1)
    2515.5
    """
    return float(
        contacts_formula(
            at_least("visits", visits),
            share("came_for_support", came_for_support),
            share("resolved", resolved),
            share("would_have_contacted", would_have_contacted),
        )
    )


def deflection_value(
    *,
    visits: float,
    came_for_support: float,
    resolved: float,
    would_have_contacted: float,
    cost_per_contact_eur: float,
) -> float:
    """Put a cost on the contacts that the community spared the support desk.

    Parameters
    ----------
    visits, came_for_support, resolved, would_have_contacted : float
        As in :func:`deflected_contacts`.
    cost_per_contact_eur : float
        What one more contact costs the support desk, EUR. Use the cost that really
        disappears: an agent's salary stays when one call fewer comes in.

    Returns
    -------
    float
        EUR over the period of the visits.

    Raises
    ------
    ParameterError
        When a share is not between 0 and 1, or another argument is negative.

    Notes
    -----
    Never add it to :func:`cmlib.value.answer_value`: both price the same solved problem.
    :func:`cmlib.value.total_value` refuses to.

    Examples
    --------
    >>> value = deflection_value(
    ...     visits=100_000,
    ...     came_for_support=0.43,
    ...     resolved=0.65,
    ...     would_have_contacted=0.09,
    ...     cost_per_contact_eur=8,
    ... )
    >>> round(value)
    20124
    """
    contacts = deflected_contacts(
        visits=visits,
        came_for_support=came_for_support,
        resolved=resolved,
        would_have_contacted=would_have_contacted,
    )
    return contacts * at_least("cost_per_contact_eur", cost_per_contact_eur)


def deflection_from_survey(
    *,
    visits: float,
    asked: int,
    came_for_support: int,
    resolved: int,
    would_have_contacted: int,
    level: float = 0.90,
    seed: int = 0,
) -> Estimate:
    """Estimate the contacts avoided from a visitor survey, with its sampling interval.

    Parameters
    ----------
    visits : float
        Visits to the community in the period, taken as exact.
    asked : int
        People who answered the survey.
    came_for_support : int
        Of them, how many came with a problem.
    resolved : int
        Of these, how many solved it.
    would_have_contacted : int
        Of these, how many would otherwise have contacted support.
    level : float, default 0.90
        Level of the interval.
    seed : int, default 0
        Seed of the draws.

    Returns
    -------
    Estimate
        `value` is visits x would_have_contacted / asked, in contacts; missing when a stage
        of the survey is empty. `n` is the number of people asked.

    Raises
    ------
    ParameterError
        When a stage counts more people than the one before it.

    Notes
    -----
    Each of the three shares is drawn from its posterior under a uniform prior,
    Beta(yes + 1, no + 1), the three are multiplied, and the interval runs between the
    quantiles of the products. The posterior leans to the right (its median lies above the
    point figure) because ten answers say little about a small share.

    The interval knows of the sample size only. It does not know that people who answer
    surveys differ from those who do not, or that they predict their own behaviour poorly.

    Examples
    --------
    Four hundred visitors, ten of whom would have called: the figure could be off by half.

    >>> contacts = deflection_from_survey(
    ...     visits=100_000, asked=400, came_for_support=172, resolved=112, would_have_contacted=10
    ... )
    >>> contacts.value, round(contacts.low, -2), round(contacts.high, -2)
    (2500.0, 1500.0, 4100.0)
    """
    visits = at_least("visits", visits)
    level = inner_share("level", level)
    counts = {
        "asked": whole_number("asked", asked, 0),
        "came_for_support": whole_number("came_for_support", came_for_support, 0),
        "resolved": whole_number("resolved", resolved, 0),
        "would_have_contacted": whole_number("would_have_contacted", would_have_contacted, 0),
    }
    stages = list(counts.items())
    pairs = list(pairwise(stages))
    for (wider, total), (name, count) in pairs:
        if count > total:
            raise ParameterError(
                _(
                    "{parameter}={given} is more than {wider}={total}. Each question is asked "
                    "to those who said yes to the one before: give the number of people "
                    "who said yes, not a share."
                ).format(parameter=name, given=count, wider=wider, total=total)
            )
    method = N_("Beta posteriors with a uniform prior, Monte Carlo")
    unit = N_("contacts")
    missing = float("nan")
    if any(total == 0 for (_name, total), _next in pairs):
        return Estimate(missing, missing, missing, level, counts["asked"], unit, method)
    rng = np.random.default_rng(seed)
    contacts = np.full(_DRAWS, visits)
    for (_wider, total), (_name, count) in pairs:
        contacts *= rng.beta(count + 1, total - count + 1, len(contacts))
    low, high = np.quantile(contacts, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(
        value=visits * counts["would_have_contacted"] / counts["asked"],
        low=float(low),
        high=float(high),
        level=level,
        n=counts["asked"],
        unit=unit,
        method=method,
    )


def contacts_formula(visits: Any, came: Any, resolved: Any, would_have_contacted: Any) -> Any:
    """Multiply the funnel out, on numbers or arrays."""
    return visits * came * resolved * would_have_contacted
