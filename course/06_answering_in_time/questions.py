"""Module 06: answering in time."""

from __future__ import annotations

from functools import cache

import pandas as pd

from cmlib import kpi
from cmlib.data import data_home, split_week
from cmlib.data.frames import to_pandas
from cmlib.learn.question import Card, Choice, Mistake, Question, community
from cmlib.messages import N_

__all__ = ["QUESTIONS"]


def _delays() -> pd.DataFrame:
    return _made(str(data_home()))


@cache
def _made(home: str) -> pd.DataFrame:
    rows: pd.DataFrame = kpi.ticket_delay(community(), keep=["category", "topic", "team"])
    return split_week(rows)


def _weekend() -> pd.DataFrame:
    rows = _delays()
    return rows[rows["weekend"]]


def _weekdays() -> pd.DataFrame:
    rows = _delays()
    return rows[~rows["weekend"]]


def _first_line(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["team"] == "first line"]


def _kept(rows: pd.DataFrame, hours: float) -> float:
    old = rows[rows["observed_h"] >= hours]
    return float((old["delay_h"] <= hours).sum() / len(old))


def _kept_of_answered(rows: pd.DataFrame, hours: float) -> float:
    return _kept(rows[rows["delay_h"].notna()], hours)


def _kept_with_zeros(rows: pd.DataFrame, hours: float) -> float:
    return _kept(rows.assign(delay_h=rows["delay_h"].fillna(0)), hours)


def _kept_by_dates(hours: float) -> float:
    brand = community()
    tickets = brand.tickets
    promise = pd.Timedelta(hours=hours)
    old = tickets[tickets["opened_at"] + promise <= brand.end]
    return float((old["first_response_at"] - old["opened_at"] <= promise).mean())


def _medians(rows: pd.DataFrame, by: str = "category", column: str = "km_median_h") -> pd.DataFrame:
    summary: pd.DataFrame = kpi.first_response_summary(rows, by=by)
    return summary[[by, column]]


QUESTIONS = (
    Question(
        id="06.1",
        reference=lambda: "a",
        form=Choice(
            options={
                "a": N_("The mean is larger: one long wait pulls it up, the median stays put."),
                "b": N_("The median is larger: it stands halfway between 1 and 41 hours."),
                "c": N_("They are equal: both say what a member usually waits."),
                "d": N_("The mean is larger, so most of them waited longer than the median."),
            },
            reasons={
                "a": N_(
                    "Yes. Add the ten waits and divide by ten, then line them up and take the "
                    "middle: no more than one member waited longer than this mean."
                ),
                "b": N_(
                    "The median is not the middle of the extremes. Line the ten waits up, from "
                    "the shortest to the longest: what do the fifth and the sixth say?"
                ),
                "c": N_(
                    "They would be, if short and long waits balanced. How many hours does the "
                    "tenth member add to the sum?"
                ),
                "d": N_(
                    "The first half is right. Now count on your fingers: how many of the ten "
                    "waited longer than the median?"
                ),
            },
        ),
        hints=(
            N_("Which of the two changes when the tenth member waits 400 hours?"),
            N_("Look at the table of five members in the block Predict."),
            N_("Mean: (9 × 1 + 41) / 10; median: between the fifth and the sixth, that is …"),
        ),
    ),
    Question(
        id="06.2",
        reference=lambda: _kept(_delays(), 8),
        share=True,
        right=(
            lambda: _kept_by_dates(8),
            lambda: to_pandas(kpi.answered_within(_delays(), hours=8))["answered_within"],
        ),
        mistakes=(
            Mistake(
                lambda: _kept_of_answered(_delays(), 8),
                N_(
                    "You divided by the answered ones. A question nobody has answered is a promise "
                    "not kept: it belongs below the line too."
                ),
            ),
            Mistake(
                lambda: _kept(_delays(), 4),
                N_("This is still the promise of 4 hours. Which line holds the number to change?"),
            ),
            Mistake(
                lambda: 1 - _kept(_delays(), 8),
                N_("This is the share of promises broken. Which way does the sign point?"),
            ),
            Mistake(
                lambda: _kept_with_zeros(_delays(), 8),
                N_(
                    "The tickets without an answer count as answered at once. Missing is not zero: "
                    "do not fill the empty boxes."
                ),
            ),
            Mistake(
                lambda: _kept(_weekdays(), 8),
                N_("This is the share on weekdays. The question asks for all days together."),
            ),
        ),
        hints=(
            N_("A question without an answer: was the promise kept, broken, or is it left out?"),
            N_("Look at the two rules of the lesson, just above the cell that begins with hours."),
            N_("share = in_time / len(…)"),
        ),
    ),
    Question(
        id="06.3",
        reference=lambda: _kept(_first_line(_weekend()), 48),
        share=True,
        right=(
            lambda: to_pandas(kpi.answered_within(_first_line(_weekend()), hours=48))[
                "answered_within"
            ].iloc[0],
            lambda: (
                _first_line(_weekend())
                .query("observed_h >= 48")["delay_h"]
                .fillna(float("inf"))
                .le(48)
                .mean()
            ),
        ),
        mistakes=(
            Mistake(
                lambda: _kept_of_answered(_first_line(_weekend()), 48),
                N_(
                    "The rows with an empty box are still removed: those whom nobody answered. "
                    "Which line removes them?"
                ),
            ),
            Mistake(
                lambda: _kept(_weekend(), 48),
                N_("These are the weekends of all the teams. Which line keeps one team?"),
            ),
            Mistake(
                lambda: _kept(_first_line(_delays()), 48),
                N_("This is the whole week of the team. Begin with its weekend tickets."),
            ),
            Mistake(
                lambda: _kept(_first_line(_weekdays()), 48),
                N_("These are its weekdays. Begin with the table of weekend tickets."),
            ),
        ),
        hints=(
            N_("How many rows does the table have before clean = …, and how many after?"),
            N_("Look at the block Repair of the lesson: which tickets does dropna() remove?"),
            N_('share = (line["delay_h"] <= 48).sum() / len(…)'),
        ),
    ),
    Question(
        id="06.4",
        reference=lambda: _medians(_weekend()),
        right=(
            lambda: kpi.first_response_summary(_weekend(), by="category"),
            lambda: _medians(_weekend()).sort_values("km_median_h", ascending=False),
            lambda: _medians(_weekend()).set_index("category")["km_median_h"],
        ),
        mistakes=(
            Mistake(
                lambda: _medians(_weekend(), column="answered_median_h"),
                N_(
                    "This median knows the answered tickets only. Which column of the summary "
                    "counts those still waiting?"
                ),
            ),
            Mistake(
                lambda: _medians(_delays()),
                N_("These are the medians of the whole week. Give the function weekend tickets."),
            ),
            Mistake(
                lambda: _medians(_weekdays()),
                N_("These are the weekdays. In which table are the weekend tickets?"),
            ),
            Mistake(
                lambda: _medians(_weekend(), by="topic"),
                N_("You have one row a topic. The question asks for one row a category."),
            ),
            Mistake(
                lambda: _medians(_weekend(), column="answered_mean_h"),
                N_("This is the mean of the answered, which a few long waits pull up."),
            ),
        ),
        hints=(
            N_("Which function of the lesson gave the Kaplan-Meier median, and for which groups?"),
            N_("Look at the cell that begins with summary = …, and at its by."),
            N_('summary = kpi.first_response_summary(weekend, by="…")'),
        ),
    ),
    Question(
        id="06.5",
        reference=lambda: "c",
        form=Choice(
            options={
                "a": N_("Many more questions come in on a Saturday: the team cannot keep up."),
                "b": N_("Weekend questions are of another kind, longer to answer."),
                "c": N_(
                    "About as many questions, of the same kinds: what differs is how they are "
                    "answered. The table does not say who is on duty: ask before you decide."
                ),
                "d": N_("Nobody answers before Monday: the team does not work at weekends."),
            },
            reasons={
                "a": N_(
                    "Compare the number of questions on a Saturday with that of other days. Does "
                    "it grow as the wait does?"
                ),
                "b": N_(
                    "Put the shares of categories side by side, the whole week and the weekend. "
                    "And what did exercise 06.4 say?"
                ),
                "c": N_(
                    "Yes: it says what the data show, and stops where they stop. Who is on duty, "
                    "and with which instructions, is a question for the team."
                ),
                "d": N_(
                    "Look at the last figures: when do weekend questions get their first answer? "
                    "True means on a Saturday or a Sunday."
                ),
            },
        ),
        hints=(
            N_("What is different at weekends: how many ask, what they ask, or how fast we reply?"),
            N_("Look at the figures of the two cells of the exercise, one after the other."),
            N_("As many questions, the same categories, so what differs is …"),
        ),
    ),
    Question(
        id="06.6",
        form=Card(
            fields={
                "promise": N_("The promise: how many hours, on which days"),
                "kept": N_("How often it would have been kept, in the past"),
                "base": N_("Which tickets this share counts"),
                "action": N_("What I buy: weekend shift, FAQ or neither, and why"),
                "doubt": N_("What would make me change my mind"),
            },
            model=N_(
                "Promise: a first answer within 8 hours, from Monday to Friday; nothing is "
                "promised for weekends yet. Kept: about nine times in ten on weekdays, about one "
                "time in four at weekends. Base: all the tickets old enough, answered or not, "
                "January 2024 to July 2025. I buy a weekend shift for three months: that is where "
                "the wait is. The FAQ comes next, it takes questions away and does not shorten the "
                "wait. Doubt: if the weekend share within 8 hours has not doubled after three "
                "months, I stop the shift."
            ),
            words=4,
        ),
        hints=(
            N_("Would you like to read this promise on a Saturday morning?"),
            N_("Look at the chart of promises: both curves, at the number of hours you write."),
            N_("An answer within … hours, from … to …, kept … times in a hundred of all …"),
        ),
    ),
)
