"""Key figures of a community: activity, participation, retention, engagement, support."""

from cmlib.kpi.activity import (
    active_by_period,
    active_members,
    dau_wau_mau,
    growth_rate,
    joined_members,
    new_members,
    stickiness,
)
from cmlib.kpi.answers import (
    conversation_per_topic,
    peer_answer_share,
    solution_rate,
)
from cmlib.kpi.campaigns import (
    campaign_lift,
    event_funnel,
    rate,
)
from cmlib.kpi.content import (
    on_time_rate,
    publication_counts,
    ugc_share,
)
from cmlib.kpi.conversation import (
    amplification_rate,
    applause_rate,
    conversation_rate,
)
from cmlib.kpi.dependence import without_most_active
from cmlib.kpi.engagement import (
    click_through_rate,
    dwell_time,
    engagement_rate,
    engagement_rate_per_post,
    interaction_rate,
)
from cmlib.kpi.experiments import (
    adjusted_difference,
    compare_variants,
    sample_size,
)
from cmlib.kpi.half_life import content_half_life
from cmlib.kpi.lifecycle import (
    at_risk,
    churn_rate,
    comeback_share,
    lifecycle_states,
    quick_ratio,
)
from cmlib.kpi.participation import (
    class_shares_by_posts,
    class_shares_by_rank,
    contributor_absence_factor,
    gini,
    gini_all_members,
    lorenz_curve,
    one_time_share,
    top_share,
)
from cmlib.kpi.posting import (
    activity_by_member_type,
    burstiness,
    engaged_members,
    lurker_ratio,
    posts_per_active_member,
)
from cmlib.kpi.reputation import (
    net_sentiment,
    share_of_voice,
)
from cmlib.kpi.retention import (
    activation_rate,
    classic_retention,
    classic_retention_by_month,
    retention_curve,
    rolling_retention,
    survival_curve,
)
from cmlib.kpi.support import (
    answered_within,
    first_response,
    first_response_summary,
    ticket_delay,
    unanswered_rate,
)
from cmlib.kpi.survival import proportion_interval
from cmlib.kpi.tickets import (
    backlog_age,
    escalation_rate,
    faq_candidates,
    resolution_time_by_closing,
    resolution_time_by_opening,
)
from cmlib.kpi.timing import best_slots

__all__ = [
    "activation_rate",
    "active_by_period",
    "active_members",
    "activity_by_member_type",
    "adjusted_difference",
    "amplification_rate",
    "answered_within",
    "applause_rate",
    "at_risk",
    "backlog_age",
    "best_slots",
    "burstiness",
    "campaign_lift",
    "churn_rate",
    "class_shares_by_posts",
    "class_shares_by_rank",
    "classic_retention",
    "classic_retention_by_month",
    "click_through_rate",
    "comeback_share",
    "compare_variants",
    "content_half_life",
    "contributor_absence_factor",
    "conversation_per_topic",
    "conversation_rate",
    "dau_wau_mau",
    "dwell_time",
    "engaged_members",
    "engagement_rate",
    "engagement_rate_per_post",
    "escalation_rate",
    "event_funnel",
    "faq_candidates",
    "first_response",
    "first_response_summary",
    "gini",
    "gini_all_members",
    "growth_rate",
    "interaction_rate",
    "joined_members",
    "lifecycle_states",
    "lorenz_curve",
    "lurker_ratio",
    "net_sentiment",
    "new_members",
    "on_time_rate",
    "one_time_share",
    "peer_answer_share",
    "posts_per_active_member",
    "proportion_interval",
    "publication_counts",
    "quick_ratio",
    "rate",
    "resolution_time_by_closing",
    "resolution_time_by_opening",
    "retention_curve",
    "rolling_retention",
    "sample_size",
    "share_of_voice",
    "solution_rate",
    "stickiness",
    "survival_curve",
    "ticket_delay",
    "top_share",
    "ugc_share",
    "unanswered_rate",
    "without_most_active",
]
