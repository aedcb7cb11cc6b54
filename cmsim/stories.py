"""The stories planted in a pack: what a learner should see, and the exact value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cmlib.messages import N_
from cmsim import measures, measures_answers
from cmsim.messages import _
from cmsim.observe import observed
from cmsim.world import World

__all__ = ["Story", "core_stories"]


@dataclass(frozen=True)
class Story:
    """One planted story, as the trainer's sheet lists it.

    Attributes
    ----------
    id : str
    pack : str
    title, see, placed : str
        English message ids (marked with ``N_``): the title, what to see, how it was placed.
        :meth:`text` gives them in the language in use.
    value : dict
        What the public tables of this very simulation show.
    """

    id: str
    pack: str
    title: str
    see: str
    value: dict[str, Any] = field(hash=False)
    placed: str

    def text(self, part: str) -> str:
        """Return ``title``, ``see`` or ``placed`` in the language in use."""
        return _(getattr(self, part))


def core_stories(world: World) -> list[Story]:
    """Measure the stories of the community on what was observed of this very world.

    Returns
    -------
    list of Story
        Those of the pack, in the order of the course.
    """
    world = observed(world)
    told = [plan for plan in _PLANS if plan.needs is None or world.preset.get(plan.needs)]
    return [
        Story(plan.id, world.preset.name, plan.title, plan.see, plan.measure(world), plan.placed)
        for plan in told
    ]


@dataclass(frozen=True)
class _Plan:
    id: str
    needs: str | None  # section of the preset that plants it; None in every pack
    title: str
    see: str
    placed: str
    measure: Callable[[World], dict[str, Any]]


_PLANS = (
    _Plan(
        "contest",
        "contest",
        N_("The contest brings sign-ups, not members"),
        N_(
            "Accounts keep growing month after month; monthly active members peak in the month "
            "of the contest and fall afterwards. The contest was launched on a rising trend: "
            "comparing with the weeks before credits it with arrivals that were coming anyway."
        ),
        N_(
            "A fixed number of arrivals is added to a rising trend, and a share of the ordinary "
            "arrivals of these weeks comes in through the contest instead."
        ),
        measures.contest,
    ),
    _Plan(
        "retention_by_source",
        "contest",
        N_("Contest arrivals leave, referred members stay"),
        N_(
            "Of the members who joined 120 days before the end or earlier, the share seen again "
            "90 to 119 days after joining, by source of arrival."
        ),
        N_("The number who stay is drawn exactly, to one member, for each source."),
        measures.retention_by_source,
    ),
    _Plan(
        "welcome",
        "contest",
        N_("Members answered within 24 hours stay more, partly because of where they came from"),
        N_(
            "Retention at 90 days of the members whose first topic was answered within 24 hours, "
            "and of the others; the gap narrows once the contest is set aside."
        ),
        N_(
            "The delay of the first answer is drawn before survival; an early answer adds theta "
            "to the log-odds of staying. Contest arrivals are answered less and stay less."
        ),
        measures.welcome,
    ),
    _Plan(
        "spam_wave",
        "spam_wave",
        N_("A wave of spam accounts looks like growth"),
        N_(
            "In five days hundreds of accounts are created; a part of them write one message "
            "with a link. Without them the month is an ordinary one."
        ),
        N_("An exact number of accounts is created in the five days; none comes back."),
        measures.spam_growth,
    ),
    _Plan(
        "redefinition",
        "redefinition",
        N_("A new definition of active looks like growth"),
        N_(
            "Definition A: at least one topic, reply, reaction or accepted answer in the month. "
            "Definition B: the same, or five visits or more. Each definition stands still; "
            "passing from A to B between two months makes a jump."
        ),
        N_("A few visits and reactions of both months are added or taken away to reach the jump."),
        measures.redefinition,
    ),
    _Plan(
        "channel_mix",
        "channels",
        N_("More topics stay unanswered, and no channel got worse"),
        N_(
            "The share of topics without an answer rises between the first and the last "
            "half-year, while it stands still in every channel: activity moved to the channel "
            "where fewer are answered."
        ),
        N_("The share unanswered is met exactly in each channel and period; the mix drifts."),
        measures_answers.channel_mix,
    ),
    _Plan(
        "outage",
        "outage",
        N_("An outage, then a rebound"),
        N_("No event for ten hours of a working day, then a busy evening."),
        N_("What would have happened is moved, in the same order, to the hours that follow."),
        measures.outage,
    ),
    _Plan(
        "super_user",
        "super_user",
        N_("The most helpful member leaves"),
        N_("The share of topics without an answer doubles from one week to the next."),
        N_(
            "That member wrote a fixed share of the first answers; both shares of unanswered "
            "topics are met exactly, to one topic."
        ),
        measures_answers.super_user,
    ),
    _Plan(
        "staff_cut",
        "staff_cut",
        N_("The weekend team is cut"),
        N_(
            "First answers to topics opened on weekends take three times longer, more of them "
            "never come, and weekend newcomers are less likely to stay."
        ),
        N_(
            "The delay of each first answer is multiplied by three from that day on, on weekends; "
            "survival follows through theta."
        ),
        measures_answers.staff_cut,
    ),
    _Plan(
        "unanswered_newcomers",
        None,
        N_("Newcomers nobody answered"),
        N_(
            "Members whose first topic, opened between 97 and 7 days before the end, has no "
            "reply by anyone else."
        ),
        N_("A fixed share of first topics is left without an answer."),
        measures_answers.unanswered_newcomers,
    ),
    _Plan(
        "brokers",
        "brokers",
        N_("Silos held together by three people, and a team that hides it"),
        N_(
            "With the team's accounts nearly all members who wrote hang together; without them "
            "fewer do; without three brokers the network falls apart, while losing the three "
            "best connected or three at random changes much less. The brokers rank first by "
            "betweenness and far down by number of links."
        ),
        N_(
            "Members answer in their own group only; each broker answers a few people of the "
            "first group and a few of one other group."
        ),
        measures_answers.connection,
    ),
    _Plan(
        "troll_cluster",
        "trolls",
        N_("A small cluster of trolls"),
        N_("A few accounts of one group answer one another and write most of what is toxic."),
        N_("They take turns in a fixed number of threads of the last months."),
        measures_answers.troll_ties,
    ),
    _Plan(
        "deleted_accounts",
        None,
        N_("Messages of deleted accounts"),
        N_("Some events have no author: the account was deleted."),
        N_("A share of the accounts is taken out of the members; their events stay."),
        measures.deleted_accounts,
    ),
    _Plan(
        "bots",
        None,
        N_("A bot among the members"),
        N_("A bot opens a topic every week; counted as a member, it changes the shares."),
        N_("Its messages are written on a timetable."),
        measures.bot_share,
    ),
    _Plan(
        "partial_month",
        None,
        N_("The last month is not over"),
        N_("Active members seem to fall in the last month: only its first days are observed."),
        N_("The period ends in the course of a month."),
        measures.partial_month,
    ),
)
