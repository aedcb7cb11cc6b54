"""What the community is worth, with its uncertainty and its limits."""

from cmlib.value.advocacy import advocacy_value
from cmlib.value.answers import AnswerValue, answer_value
from cmlib.value.assumption import Assumption
from cmlib.value.bgnbd import BgNbd, expected_repeats, fit_bgnbd, predict_repeats
from cmlib.value.cost import SALARY_EUR, full_cost, hour_cost
from cmlib.value.deflection import deflected_contacts, deflection_from_survey, deflection_value
from cmlib.value.estimate import Estimate
from cmlib.value.gains import gain_models
from cmlib.value.ideas import idea_value
from cmlib.value.invitation import InvitationEffect, invitation_effect
from cmlib.value.lifetime import ltv_from_t0, ltv_from_t1, ltv_over
from cmlib.value.means import did_of_means, uplift_value, wald_of_means
from cmlib.value.models import (
    ValueModel,
    check_overlap,
    list_models,
    total_value,
    value_model,
)
from cmlib.value.nps import net_promoter_score
from cmlib.value.panel import customer_panel
from cmlib.value.repeats import repeat_summary
from cmlib.value.roi import (
    RoiInterval,
    return_on_investment,
    roi_draws,
    roi_interval,
)
from cmlib.value.sensitivity import break_even, scenarios, tornado
from cmlib.value.uplift import (
    adjusted_gap,
    compare_uplift,
    difference_in_differences,
    naive_gap,
)

__all__ = [
    "SALARY_EUR",
    "AnswerValue",
    "Assumption",
    "BgNbd",
    "Estimate",
    "InvitationEffect",
    "RoiInterval",
    "ValueModel",
    "adjusted_gap",
    "advocacy_value",
    "answer_value",
    "break_even",
    "check_overlap",
    "compare_uplift",
    "customer_panel",
    "deflected_contacts",
    "deflection_from_survey",
    "deflection_value",
    "did_of_means",
    "difference_in_differences",
    "expected_repeats",
    "fit_bgnbd",
    "full_cost",
    "gain_models",
    "hour_cost",
    "idea_value",
    "invitation_effect",
    "list_models",
    "ltv_from_t0",
    "ltv_from_t1",
    "ltv_over",
    "naive_gap",
    "net_promoter_score",
    "predict_repeats",
    "repeat_summary",
    "return_on_investment",
    "roi_draws",
    "roi_interval",
    "scenarios",
    "tornado",
    "total_value",
    "uplift_value",
    "value_model",
    "wald_of_means",
]
