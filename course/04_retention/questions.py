"""Module 04: retention, cohorts, lifecycle."""

from __future__ import annotations

from functools import cache

import pandas as pd

from cmlib import kpi
from cmlib.data import data_home
from cmlib.learn.question import Card, Choice, Mistake, Question, community
from cmlib.messages import N_

__all__ = ["QUESTIONS"]


def _people(*, team: bool = False) -> pd.DataFrame:
    members = community().members
    return members if team else members[members["role"] == "member"]


def _judged(
    low: int = 90, high: int | None = 120, *, age: int | None = None, team: bool = False
) -> pd.DataFrame:
    """Members who joined `age` days before the end or earlier, and whether they were seen."""
    brand, people = community(), _people(team=team)
    seen = brand.events.merge(people, on="member_id")
    days = (seen["timestamp"] - seen["joined_at"]) / pd.Timedelta(days=1)
    late = seen[(days >= low) & ((days < high) if high else True)]
    oldest = brand.end - pd.Timedelta(days=(high or 0) if age is None else age)
    kept = people[people["joined_at"] <= oldest]
    return kept.assign(stayed=kept["member_id"].isin(late["member_id"]))


def _shares(by: str, low: int = 90, high: int | None = 120, **options: int | bool) -> pd.Series:
    shares: pd.Series = _judged(low, high, **options).groupby(by)["stayed"].mean()  # type: ignore[arg-type]
    return shares


def _shares_by_hand(by: str, low: int, high: int) -> pd.DataFrame:
    brand, people = community(), _people()
    people = people[people["joined_at"] <= brand.end - pd.Timedelta(days=high)]
    joined = people.set_index("member_id")["joined_at"]
    events = brand.events[brand.events["member_id"].isin(people["member_id"])]
    waited = events["timestamp"] - events["member_id"].map(joined)
    inside = waited.between(pd.Timedelta(days=low), pd.Timedelta(days=high), inclusive="left")
    kept = people["member_id"].isin(events.loc[inside, "member_id"].unique())
    table = people.assign(stayed=100 * kept).groupby(by, as_index=False)["stayed"].mean()
    return table.assign(stayed=table["stayed"] / 100)


def _triangle() -> pd.DataFrame:
    return _triangle_of(str(data_home()))


@cache
def _triangle_of(_home: str) -> pd.DataFrame:
    brand = community().view(without="team")
    table: pd.DataFrame = kpi.classic_retention(brand, windows=6)
    return table


def _window(window: int = 3, *, whole: bool = True) -> pd.DataFrame:
    rows = _triangle()
    rows = rows[rows["window"] == window]
    return rows[rows["complete"]] if whole else rows


def _overall(window: int = 3, *, whole: bool = True) -> float:
    rows = _window(window, whole=whole)
    return float(rows["retained"].sum() / rows["n"].sum())


QUESTIONS = (
    Question(
        id="04.1",
        reference=lambda: "b",
        form=Choice(
            options={
                "a": N_("28 % of the members active in January 2025 arrived in November 2024."),
                "b": N_(
                    "Of those who arrived in November 2024, 28 % came at least once on days 60 "
                    "to 89 after arriving."
                ),
                "c": N_("Of those who arrived in November 2024, 28 % came regularly until day 89."),
                "d": N_("Of those who arrived in November 2024, 28 % left during window 2."),
            },
            reasons={
                "a": N_(
                    "The base has changed sides. Which people are counted under n in this line: "
                    "those active in a month, or those who arrived in one?"
                ),
                "b": N_(
                    "Yes: the base first (those who arrived), then the act (came once at least), "
                    "then the days. Read every cell in this order."
                ),
                "c": N_(
                    "How many visits does a window ask for? And does it know what happened in "
                    "the windows before it?"
                ),
                "d": N_(
                    "A cell counts those who were seen. Those who were not may still come back: "
                    "look at what window 3 does in the same line."
                ),
            },
        ),
        hints=(
            N_("Out of which people is this share taken: what is its base?"),
            N_("Look at the rows of November 2024 in the block Run of the lesson, column n."),
            N_("Of the … who arrived in November 2024, … came at least once on days …"),
        ),
    ),
    Question(
        id="04.2",
        reference=lambda: _shares("source", 30, 60),
        right=(
            lambda: _shares_by_hand("source", 30, 60),
            lambda: _shares("source", 30, 60).to_dict(),
            lambda: _shares("source", 30, 60).sort_values(ascending=False),
        ),
        mistakes=(
            Mistake(
                lambda: _shares("source"),
                N_("These are still days 90 to 119. Change both ends of the window."),
            ),
            Mistake(
                lambda: _shares("source", 30, 60, age=120),
                N_(
                    "The window is right, and you judge too few people: to be judged on day 59, "
                    "how many days ago must a member have joined?"
                ),
            ),
            Mistake(
                lambda: _shares("source", 30, 60, age=0),
                N_("Members who joined last week count as lost. Who is old enough to be judged?"),
            ),
            Mistake(
                lambda: _shares("source", 30, None, age=60),
                N_(
                    "Without an upper end this is rolling retention: seen on day 30 or at any "
                    "time after it. The question asks for the window itself."
                ),
            ),
            Mistake(
                lambda: _shares("source", 30, 120, age=120),
                N_("Only the lower end has changed: your window holds days 30 to 119."),
            ),
        ),
        hints=(
            N_("On which day does the window begin, on which does it end, and who has lived it?"),
            N_(
                "Look for 90 and 120 in the lines: each place where one of them stands, or is used."
            ),
            N_(
                "low, high = pd.Timedelta(days=30), pd.Timedelta(days=…), and limit = brand.end - …"
            ),
        ),
    ),
    Question(
        id="04.3",
        reference=_overall,
        share=True,
        right=(
            lambda: float(
                _window(whole=False).dropna(subset="retained").eval("retained.sum() / n.sum()")
            ),
            lambda: pd.Series([_overall()]),
        ),
        mistakes=(
            Mistake(
                lambda: _overall(whole=False),
                N_(
                    "The months that are not known are still in the base: their n is added, their "
                    "retained is not. Which column tells them apart?"
                ),
            ),
            Mistake(
                lambda: float(_window()["retention"].mean()),
                N_(
                    "This is the mean of the months' shares: a month of eighty people weighs as "
                    "much as the month of the contest. Divide total by total."
                ),
            ),
            Mistake(
                lambda: float(_window(whole=False)["retention"].fillna(0).mean()),
                N_("You put 0 where nothing is known: those months count as lost."),
            ),
            Mistake(
                lambda: _overall(1),
                N_("The repair is right, the window is not: window 3 is asked for."),
            ),
            Mistake(
                lambda: 1 - _overall(),
                N_("This is the share of those who were not seen. The others are asked for."),
            ),
        ),
        hints=(
            N_("What does sum make of a missing value, above the line and below it?"),
            N_("Look at window.sort_values(…): the last months, columns n, retained and complete."),
            N_('window = window[window["…"]], before the line that divides'),
        ),
    ),
    Question(
        id="04.4",
        reference=lambda: _shares("language"),
        right=(
            lambda: _shares_by_hand("language", 90, 120),
            lambda: _shares("language").to_dict(),
            lambda: _shares("language").reset_index(),
        ),
        mistakes=(
            Mistake(
                lambda: _shares("language", age=0),
                N_(
                    "The youngest count as lost: the days you ask about have not passed for "
                    "them. Who is old enough to be judged?"
                ),
            ),
            Mistake(
                lambda: _shares("language", age=60),
                N_(
                    "The window is the right one, the limit is still that of exercise 04.2: "
                    "members too young for day 119 are in the base."
                ),
            ),
            Mistake(
                lambda: _shares("language", age=90),
                N_(
                    "Whoever joined a hundred days ago has not lived the end of your window yet. "
                    "Which day must be over before a member may be judged?"
                ),
            ),
            Mistake(
                lambda: _shares("language", 30, 60),
                N_("These are days 30 to 59. Which days are asked for?"),
            ),
            Mistake(
                lambda: _judged().groupby("language")["stayed"].sum(),
                N_("These are numbers of people. A share is asked for: what does mean do?"),
            ),
            Mistake(
                lambda: 1 - _shares("language"),
                N_("These are the shares of those who were not seen."),
            ),
        ),
        hints=(
            N_("Who may be judged, and what is asked about each of them?"),
            N_("Look at exercise 04.2: its lines answer the same question by source."),
            N_('old["stayed"] = old["member_id"].isin(…), then old.groupby("…")["stayed"].mean()'),
        ),
    ),
    Question(
        id="04.5",
        reference=lambda: "c",
        form=Choice(
            options={
                "a": N_("Answering within a day keeps all these members: the first gap says so."),
                "b": N_("Answering changes nothing: the gap was the contest."),
                "c": N_(
                    "Members answered early stay more, even without the contest; whether the "
                    "answer is the cause remains to be tested."
                ),
                "d": N_("Nothing: a figure that depends on who is counted is worth nothing."),
            },
            reasons={
                "a": N_(
                    "What became of the first gap when the contest was set aside? And what else "
                    "may differ between those answered early and the others?"
                ),
                "b": N_(
                    "Setting the contest aside took a part of the gap. Is what is left nothing?"
                ),
                "c": N_(
                    "Yes: what was seen, for whom, and what is not proved. The next step is a "
                    "test: welcome by lot for a month (module 07)."
                ),
                "d": N_(
                    "Every figure depends on who is counted: that is why its base is given. With "
                    "both gaps side by side, what can be said all the same?"
                ),
            },
        ),
        hints=(
            N_("Does “A goes with B” say that A makes B?"),
            N_("Look at the table by origin in the block Create: who is answered least?"),
            N_("Seen: …; without the contest: …; not proved: …"),
        ),
    ),
    Question(
        id="04.6",
        form=Card(
            fields={
                "decision": N_("My decision: welcoming or recruiting, and until when"),
                "figure": N_("The figure it rests on, with its base"),
                "definition": N_("“Retained” means: seen when, out of whom"),
                "not_proved": N_("What this figure does not prove"),
                "review": N_("What would make me change my mind"),
            },
            words=4,
            model=N_(
                "Decision: the two hours go to welcoming until the end of October: an answer to "
                "each first topic within a day, and a word to ask members to bring a friend. "
                "Figure: of the members who joined 120 days ago or earlier, half of those who "
                "were referred came on days 90 to 119, and about one in nine of those who came "
                "through the contest. Definition: classic retention, all arrivals as a base. Not "
                "proved: that the early answer causes the gap, which shrinks when the contest is "
                "set aside. Review: I draw by lot whom we welcome for a month; if they stay no "
                "more often, the hours go elsewhere."
            ),
        ),
        hints=(
            N_("If you had only one figure to show Ines, which one would change her mind?"),
            N_("Look at the shares by origin after the repair, and at the two gaps."),
            N_("Two hours for …, because of … out of …; not proved: …; I look again when …"),
        ),
    ),
)
