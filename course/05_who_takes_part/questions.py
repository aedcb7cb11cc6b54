"""Module 05: who takes part."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cmlib import kpi
from cmlib.data import Community
from cmlib.data.frames import to_pandas
from cmlib.learn.question import Card, Choice, Mistake, Question, community
from cmlib.messages import N_

__all__ = ["QUESTIONS"]

MAY = ("2025-05-01", "2025-06-01")


def _members(role: str = "member") -> pd.DataFrame:
    members = community().members
    return members[members["role"] == role]


def _team() -> pd.DataFrame:
    members = community().members
    return members[members["role"] != "member"]


def _brand(
    without: str | None = "team", *, start: str | None = None, end: str | None = None
) -> Community:
    return community().view(without=without, start=start, end=end)


def _gini(*kinds: str, without: str | None = "team") -> float:
    return float(kpi.gini(_brand(without), kinds=kinds or None))


def _gini_by_hand() -> float:
    brand = community()
    kept = brand.events[brand.events["kind"] == "topic"]
    kept = kept[kept["member_id"].isin(_members()["member_id"])]
    n = kept.groupby("member_id").size().sort_values()
    share = n.cumsum() / n.sum()
    return float(1 + 1 / len(n) - 2 * share.mean())


def _gini_of_all_members() -> float:
    return float(kpi.gini_all_members(_brand(), kinds=["topic"]))


def _five(*kinds: str, without: pd.DataFrame | None = None, best: int = 5) -> int:
    events = community().events
    kept = events[events["kind"].isin(list(kinds))]
    if without is not None:
        kept = kept[~kept["member_id"].isin(without["member_id"])]
    return int(kept["member_id"].value_counts().head(best).sum())


def _five_by_hand() -> int:
    events = community().events
    topics = events[events["kind"] == "topic"].merge(_members(), on="member_id")
    n = topics.groupby("member_id").size()
    return int(n.sort_values().tail(5).sum())


def _five_then_out() -> int:
    topics = community().events.query("kind == 'topic'")
    five = topics["member_id"].value_counts().head(5)
    return int(five[~five.index.isin(_team()["member_id"])].sum())


def _may(
    top: float = 0.1,
    *,
    without: str | None = "team",
    start: str | None = MAY[0],
    end: str | None = MAY[1],
    **options: Any,
) -> float:
    table = to_pandas(kpi.top_share(_brand(without, start=start, end=end), top=top, **options))
    return float(table["share"].iloc[0])


def _may_by_hand() -> float:
    events = _brand().counted()
    kept = events[events["kind"].isin(["topic", "reply"])]
    kept = kept[(kept["local_time"] >= MAY[0]) & (kept["local_time"] < MAY[1])]
    kept = kept[kept["member_id"].isin(_members()["member_id"])]
    n = kept["member_id"].value_counts()
    return float(n.head(-(-len(n) // 10)).sum() / n.sum())


QUESTIONS = (
    Question(
        id="05.1",
        reference=lambda: "c",
        form=Choice(
            options={
                "a": N_("It is halved, like the messages."),
                "b": N_("It doubles: fewer messages, so each of the most active weighs more."),
                "c": N_("It does not change: each member keeps the same share of the whole."),
                "d": N_("It cannot be computed any more, for the month is too quiet."),
            },
            reasons={
                "a": N_(
                    "The messages are halved, and the total too. Which column is the curve of "
                    "the lesson drawn from: the messages, or their share?"
                ),
                "b": N_(
                    "Take Aminata, Bilal and Chiara with 2, 2 and 16 messages, then with 1, 1 "
                    "and 8. Which share does Chiara hold each time?"
                ),
                "c": N_(
                    "Yes. The Gini sees shares, not volumes: a community can empty out with the "
                    "same Gini. Never show it without the number of messages."
                ),
                "d": N_(
                    "One message is enough to compute it. What the figure is then worth is "
                    "another question; here each member wrote half as much, no more than that."
                ),
            },
        ),
        hints=(
            N_("Does Chiara's share of the whole change when everybody writes half as much?"),
            N_("Look at the cell of the lesson that builds queue: which column is divided?"),
            N_("2, 2, 16 gives 10 %, 20 %, 100 %; then 1, 1, 8 gives …"),
        ),
    ),
    Question(
        id="05.2",
        reference=lambda: _gini("topic"),
        share=True,
        right=(_gini_by_hand, lambda: pd.Series([_gini("topic")])),
        mistakes=(
            Mistake(
                lambda: _gini("topic", "reply"),
                N_("This is the Gini of all messages. Which argument keeps one kind of event?"),
            ),
            Mistake(
                lambda: _gini("reply"),
                N_("You kept the replies. The question asks for what they answer."),
            ),
            Mistake(
                lambda: _gini("topic", without="bots"),
                N_("The team is in your queue. Which argument leaves it out?"),
            ),
            Mistake(
                lambda: _gini("topic", without=None),
                N_("The team is in your queue. Which argument leaves it out?"),
            ),
            Mistake(
                _gini_of_all_members,
                N_(
                    "Those who never opened a topic are in your queue. The question asks among "
                    "those who did."
                ),
            ),
            Mistake(
                _gini,
                N_("You counted every kind of event, visits included. Which argument chooses?"),
            ),
        ),
        hints=(
            N_("What changes from messages to topics: the people, or the events counted?"),
            N_("Look at the block Modify of the lesson: which argument chooses the kind?"),
            N_("gini = kpi.gini(brand, kinds=[…])"),
        ),
    ),
    Question(
        id="05.3",
        reference=lambda: _five("topic", without=_team()),
        right=(_five_by_hand, lambda: float(_five("topic", without=_team()))),
        mistakes=(
            Mistake(
                lambda: _five("topic"),
                N_(
                    "The team is still in your five. Which line of the lesson leaves it out, and "
                    "before which other line must it stand?"
                ),
            ),
            Mistake(
                lambda: _five("topic", without=_members("staff")),
                N_("The colleagues are gone, somebody else of the team is not. Who never sleeps?"),
            ),
            Mistake(
                lambda: _five("topic", without=_members("bot")),
                N_("The robot is gone, the colleagues are not."),
            ),
            Mistake(
                _five_then_out,
                N_(
                    "The team is taken out after the five are chosen: fewer than five are left. "
                    "Which of the two comes first?"
                ),
            ),
            Mistake(
                lambda: _five("topic", "reply", without=_team()),
                N_("You added up topics and replies. Which kind of event is asked for?"),
            ),
            Mistake(
                lambda: _five("topic", without=_team(), best=len(_members())),
                N_("These are the topics of all members. Keep the first five before you add up."),
            ),
            Mistake(
                lambda: _five("topic", without=_team(), best=1),
                N_("This is the number of the first one alone. Add up the five."),
            ),
        ),
        hints=(
            N_("Whose topics must not be counted, and when: before or after the five are taken?"),
            N_("Look at the block Repair of the lesson, the cell that follows the stop."),
            N_("log = brand.…(): the actions of those who count, and no others"),
        ),
    ),
    Question(
        id="05.4",
        reference=_may,
        share=True,
        right=(_may_by_hand, lambda: pd.DataFrame({"share": [_may()]})),
        mistakes=(
            Mistake(
                lambda: _may(start=None, end=None),
                N_("This is the whole period. Which two arguments keep one month?"),
            ),
            Mistake(
                lambda: _may(0.01),
                N_("This is the 1 % most active. Write ten percent as a share."),
            ),
            Mistake(
                lambda: _may(base="members"),
                N_(
                    "You took ten percent of all members: more people than wrote in the month. "
                    "The question asks among its writers."
                ),
            ),
            Mistake(
                lambda: _may(kinds=None),
                N_("You counted every event, visits included. Messages are topics and replies."),
            ),
            Mistake(
                lambda: _may(without="bots"),
                N_("The team is in your count. Which argument leaves it out?"),
            ),
            Mistake(
                lambda: _may(without=None),
                N_("The team is in your count. Which argument leaves it out?"),
            ),
            Mistake(
                lambda: _may(end="2025-05-31"),
                N_("The last day is missing: end is excluded. Which day comes after it?"),
            ),
            Mistake(
                lambda: _may(start="2025-06-01", end="2025-07-01"),
                N_("This is June. Which day does May begin?"),
            ),
            Mistake(
                lambda: _may(start="2024-05-01", end="2024-06-01"),
                N_("This is May of the year before. Which year is asked for?"),
            ),
        ),
        hints=(
            N_("Which day is the first that no longer belongs to May?"),
            N_("Look at the cell of the lesson with kpi.top_share: which view does it get here?"),
            N_('may = brand.view(start="2025-05-01", end=…), then kpi.top_share(may, top=0.1)'),
        ),
    ),
    Question(
        id="05.5",
        reference=lambda: "b",
        form=Choice(
            options={
                "a": N_("The law is confirmed: cut by rank, we too find 1 %, 9 % and 90 %."),
                "b": N_(
                    "By rank our content is concentrated, less than in the study; by behaviour "
                    "our members are not 90, 9 and 1. It is a rough image, not a law."
                ),
                "c": N_(
                    "A larger share of our members wrote than in the study: our community is "
                    "better run."
                ),
                "d": N_("The rule is right about the 90 %: they can be deleted without a loss."),
            },
            reasons={
                "a": N_(
                    "Cut by rank, every community has 1 %, 9 % and 90 %: you chose these sizes. "
                    "Which numbers did you find, and not choose?"
                ),
                "b": N_(
                    "Yes. The study found a strong concentration in four health communities; it "
                    "says nothing of the sizes by behaviour in yours."
                ),
                "c": N_(
                    "Other subjects, other lengths of time, other ways to count an account: what "
                    "would have to be the same before you compare how two communities are run?"
                ),
                "d": N_(
                    "Look again at the reactions and the orders of those who never wrote, then "
                    "at how many of the 90 % came at all."
                ),
            },
        ),
        hints=(
            N_("In each reading, what is given and what is found?"),
            N_("Look at the cells by-rank and by-behaviour of the lesson, one after the other."),
            N_("By rank: … % against 74.7 %; by behaviour: … %, … % and … % against 1, 9 and 90."),
        ),
    ),
    Question(
        id="05.6",
        form=Card(
            fields={
                "programme": N_("Ambassador programme: yes, no, or another form"),
                "who": N_("Who is invited: the definition in one sentence, who is left out"),
                "protect": N_("What protects the core when one of them stops"),
                "widen": N_("What invites others to write, and whom"),
                "silent": N_("What becomes of readers, and of absent members"),
                "doubt": N_("What would make me change my mind"),
            },
            model=N_(
                "Programme: yes, a small one, for members who answer, since replies are in fewer "
                "hands than topics. Who: at least twenty replies in the last three months, team "
                "and robot left out, consent given, asked one by one. Protect: two people for "
                "each subject, and a break allowed without losing the title. Widen: members who "
                "wrote once are invited to answer a newcomer. Silent: readers stay, they react "
                "and buy; absent members get one message, then their data follow the retention "
                "rule. Doubt: if ambassadors write less after six months, we stop."
            ),
            words=4,
        ),
        hints=(
            N_("Which figure would be different in six months if your decision were a good one?"),
            N_("Look at the chart of the most active, then at the blocks Repair and Create."),
            N_("Invited: members who … at least … times since …, without … and with …"),
        ),
    ),
)
