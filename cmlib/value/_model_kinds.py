"""What each value model counts, and its formula. Formulas work on numbers and on arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cmlib.messages import N_
from cmlib.value.advocacy import advocacy_formula
from cmlib.value.deflection import contacts_formula
from cmlib.value.ideas import idea_formula
from cmlib.value.lifetime import ltv_formula
from cmlib.value.means import uplift_formula


@dataclass(frozen=True)
class Kind:
    """One kind of value model."""

    counts: str
    why: str
    formula: Callable[..., Any]
    needed: tuple[str, ...]
    defaults: Mapping[str, float]
    shares: tuple[str, ...]


def _deflection(
    visits: Any,
    came_for_support: Any,
    resolved: Any,
    would_have_contacted: Any,
    cost_per_contact_eur: Any,
) -> Any:
    contacts = contacts_formula(visits, came_for_support, resolved, would_have_contacted)
    return contacts * cost_per_contact_eur


def _answers(answers: Any, value_per_answer_eur: Any, searches_found: Any) -> Any:
    return (answers + searches_found) * value_per_answer_eur


def _lifetime(
    members: Any, margin_eur: Any, retention: Any, retention_without: Any, discount: Any
) -> Any:
    gain = ltv_formula(margin_eur, retention, discount) - ltv_formula(
        margin_eur, retention_without, discount
    )
    return members * gain


_SOLVED = N_("problems solved without the support desk")
_SPENT = N_("what existing members spend more, or longer")
_WHY_SOLVED = N_("a problem solved by an answer is the contact that support did not receive")
_WHY_SPENT = N_("a member who stays longer is a member who spends more over the same months")
KINDS = MappingProxyType(
    {
        "answers": Kind(
            _SOLVED,
            _WHY_SOLVED,
            _answers,
            ("answers", "value_per_answer_eur"),
            {"searches_found": 0.0},
            (),
        ),
        "deflection": Kind(
            _SOLVED,
            _WHY_SOLVED,
            _deflection,
            (
                "visits",
                "came_for_support",
                "resolved",
                "would_have_contacted",
                "cost_per_contact_eur",
            ),
            {},
            ("came_for_support", "resolved", "would_have_contacted"),
        ),
        "uplift": Kind(
            _SPENT,
            _WHY_SPENT,
            uplift_formula,
            ("members", "effect_eur_month", "margin_share"),
            {"months": 12.0},
            ("margin_share",),
        ),
        "lifetime": Kind(
            _SPENT,
            _WHY_SPENT,
            _lifetime,
            ("members", "margin_eur", "retention", "retention_without", "discount"),
            {},
            ("retention", "retention_without"),
        ),
        "advocacy": Kind(
            N_("new customers whom members brought"),
            N_("a new customer can be counted once"),
            advocacy_formula,
            ("referred_customers", "incremental_share", "lifetime_value_eur"),
            {"referred_premium": 0.0, "reward_eur": 0.0},
            ("incremental_share",),
        ),
        "ideas": Kind(
            N_("ideas of members put into practice"),
            N_("the margin of an idea can be counted once"),
            idea_formula,
            ("ideas", "adopted_share", "margin_per_idea_eur", "attribution"),
            {},
            ("adopted_share", "attribution"),
        ),
    }
)
