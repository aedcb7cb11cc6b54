"""Questions of module 03: rates, their denominators and the editorial calendar."""

from __future__ import annotations

import pandas as pd

from cmlib.data.frames import to_pandas
from cmlib.kpi import click_through_rate, engagement_rate
from cmlib.learn.question import Card, Choice, Mistake, Order, Question, community
from cmlib.messages import N_

__all__ = ["QUESTIONS"]

_PUBLIC = ["reactions", "comments", "shares"]
_BREAK = "2024-11-01"


def _posts() -> pd.DataFrame:
    posts = community("brand").posts
    posts = posts[posts["reach"] > 0]
    return posts.assign(interactions=posts[_PUBLIC].sum(axis=1))


def _usual() -> pd.DataFrame:
    posts = _posts()
    return posts[posts["format"] != "contest"]


def _of(posts: pd.DataFrame, platform: str = "facebook") -> pd.DataFrame:
    return posts[posts["platform"] == platform]


def _ratio(posts: pd.DataFrame, above: str, below: str) -> float:
    return float(posts[above].sum() / posts[below].sum())


def _ratios(posts: pd.DataFrame, above: str, below: str) -> pd.Series:
    totals = posts.groupby("platform")[[above, below]].sum()
    return totals[above] / totals[below]


def _two_leaders() -> str:
    totals = _usual().groupby("format")[["reactions", "interactions", "reach"]].sum()
    leaders = (totals["reactions"].idxmax(), (totals["interactions"] / totals["reach"]).idxmax())
    return {
        ("photo", "photo"): "a",
        ("photo", "question"): "b",
        ("question", "photo"): "c",
        ("question", "question"): "d",
    }[leaders]


def _since_november() -> str:
    posts = _usual()
    unpaid = posts[~posts["paid"]]
    before, since = (
        unpaid[unpaid["published_at"] < _BREAK],
        unpaid[unpaid["published_at"] >= _BREAK],
    )
    rates = [_ratio(part, "interactions", "reach") for part in (before, since)]
    reaches = [part["reach"].mean() for part in (before, since)]
    return "c" if rates[1] / rates[0] > reaches[1] / reaches[0] else "a"


QUESTIONS = (
    Question(
        id="03.1",
        reference=_two_leaders,
        form=Choice(
            options={
                "a": N_("photos lead both"),
                "b": N_("photos by likes, questions by accounts reached"),
                "c": N_("questions by likes, photos by accounts reached"),
                "d": N_("questions lead both"),
            },
            reasons={
                "a": N_(
                    "The chart of likes agrees with you on one of the two. Likes add up over posts "
                    "and over the people who saw them: what is left once you divide by the reach?"
                ),
                "b": N_(
                    "Yes. Photos are many and widely shown, so their likes add up; a question, "
                    "shown to fewer people, gets more gestures from each. Now find the figures "
                    "that say so."
                ),
                "c": N_(
                    "One of the two formats is published far more often than the other. To which "
                    "total does that add, likes in all or gestures for each account reached?"
                ),
                "d": N_(
                    "The chart of likes in all says something else about one of the two rankings. "
                    "Draw it, then divide by the reach."
                ),
            },
        ),
        hints=(
            N_("How many posts of each format are there, and how many people saw them?"),
            N_("Look at the chart of likes, then at the table made by kpi.engagement_rate."),
            N_('kpi.engagement_rate(usual, interactions=public, by="format") gives the second ...'),
        ),
    ),
    Question(
        id="03.2",
        reference=lambda: [4, 2, 5, 1, 3],
        ordered=True,
        form=Order(
            lines=(
                'groups["rate"] = groups["got"] / groups["reach"]',
                'usual = posts[posts["format"] != "contest"]',
                'groups.sort_values("rate", ascending=False)',
                'posts = data.load("brand").posts',
                'groups = usual.groupby("format").agg(got=("reactions", "sum"), '
                'reach=("reach", "sum"))',
            )
        ),
        mistakes=(
            Mistake(
                lambda: [4, 5, 2, 1, 3],
                N_(
                    "The groups are made from a table that does not exist yet. Which line makes "
                    "the name usual?"
                ),
            ),
            Mistake(
                lambda: [4, 2, 1, 5, 3],
                N_(
                    "This divides before the totals exist. Total first, then divide: it is the "
                    "whole difference between the two averages."
                ),
            ),
            Mistake(
                lambda: [4, 2, 5, 3, 1],
                N_(
                    "This sorts by a column that is made afterwards. What must exist before you "
                    "can rank?"
                ),
            ),
            Mistake(
                lambda: [2, 4, 5, 1, 3],
                N_("This filters a table that is not loaded yet. Where do the posts come from?"),
            ),
        ),
        hints=(
            N_("Which verb comes first: Load, Filter, Group, Compare or Show?"),
            N_("Look at the name on the left of each =, then for the line that needs it."),
            N_("Load 4, Filter 2, Group ..., Compare ..., Show ..."),
        ),
    ),
    Question(
        id="03.3",
        share=True,
        reference=lambda: _ratio(_of(_usual()), "interactions", "reach"),
        mistakes=(
            Mistake(
                lambda: float((_of(_usual())["interactions"] / _of(_usual())["reach"]).mean()),
                N_(
                    "This is still the mean of the rates: a post seen by a hundred accounts weighs "
                    "as much as one seen by ten thousand. Where must the two totals be made?"
                ),
            ),
            Mistake(
                lambda: float((_of(_usual())["interactions"] / _of(_usual())["reach"]).median()),
                N_(
                    "This is the post in the middle, another good question. Here all the accounts "
                    "reached count: totals are needed."
                ),
            ),
            Mistake(
                lambda: _ratio(_of(_posts()), "interactions", "reach"),
                N_(
                    "The contest post is back in. Which of the two tables, posts or usual, leaves "
                    "it out?"
                ),
            ),
            Mistake(
                lambda: _ratio(_of(_usual()), "interactions", "impressions"),
                N_(
                    "You divided by displays. That is the interaction rate; the engagement rate "
                    "asked for is about accounts."
                ),
            ),
            Mistake(
                lambda: _ratio(_usual(), "interactions", "reach"),
                N_("The form is right, the rows are not: this is the rate of all four platforms."),
            ),
            Mistake(
                lambda: _ratio(_of(_usual()), "reactions", "reach"),
                N_("These are the likes only. An interaction is also a comment or a share."),
            ),
        ),
        right=(
            lambda: to_pandas(engagement_rate(_of(_usual()), interactions=_PUBLIC))[
                "engagement_rate"
            ],
            lambda: _of(_usual())["interactions"].sum() / _of(_usual())["reach"].sum(),
            lambda: (
                _of(_usual())[["interactions", "reach"]]
                .sum()
                .pipe(lambda s: s["interactions"] / s["reach"])
            ),
        ),
        hints=(
            N_("How much does a post seen by a hundred accounts weigh in .mean()?"),
            N_(
                "Look at the cell of the three posts, A, B and C: what stands above the bar, what "
                "below?"
            ),
            N_('rate = facebook["interactions"].sum() / ...'),
        ),
    ),
    Question(
        id="03.4",
        reference=lambda: _ratios(_posts(), "clicks", "impressions"),
        mistakes=(
            Mistake(
                lambda: (
                    _posts()
                    .assign(rate=_posts()["clicks"] / _posts()["impressions"])
                    .groupby("platform")["rate"]
                    .mean()
                ),
                N_(
                    "These are means of the rates of posts. Add up the clicks and the impressions "
                    "of each platform first, divide afterwards."
                ),
            ),
            Mistake(
                lambda: _ratios(_posts(), "clicks", "reach"),
                N_(
                    "You divided by the reach. The click rate asked for is per display: which "
                    "column counts displays?"
                ),
            ),
            Mistake(
                lambda: _ratios(_posts(), "reactions", "impressions"),
                N_("Above the bar stand likes. Visits to the shop are another column."),
            ),
            Mistake(
                lambda: 100 * _ratios(_posts(), "clicks", "impressions"),
                N_("These are percentages. Shares between 0 and 1 are asked for."),
            ),
            Mistake(
                lambda: _posts().groupby("platform")["clicks"].sum(),
                N_(
                    "These are the clicks, in all. A platform that is shown more gets more of "
                    "them: divide."
                ),
            ),
            Mistake(
                lambda: (
                    _posts()
                    .groupby("platform")
                    .agg(clicks=("clicks", "sum"), shown=("impressions", "sum"))
                ),
                N_(
                    "Your table holds the two totals. One column is asked for: what do you make "
                    "of these two, and how do you hand in that column alone?"
                ),
            ),
            Mistake(
                lambda: _ratio(_posts(), "clicks", "impressions"),
                N_(
                    "This is one rate for the whole page. One for each platform is asked for: "
                    "which word makes groups?"
                ),
            ),
            Mistake(
                lambda: _ratios(_usual(), "clicks", "impressions"),
                N_("The contest post is missing: its clicks count here. Begin with posts."),
            ),
        ),
        right=(
            lambda: to_pandas(click_through_rate(_posts(), by="platform"))[
                ["platform", "click_through_rate"]
            ],
            lambda: _ratios(_posts(), "clicks", "impressions").sort_values(ascending=False),
            lambda: _ratios(_posts(), "clicks", "impressions").to_dict(),
        ),
        hints=(
            N_("Which two totals does a click rate need, and in which order?"),
            N_("Look at the cell of the lesson with two denominators: change what is added up."),
            N_('agg(clicks=("clicks", "sum"), shown=("impressions", ...)), then divide'),
        ),
    ),
    Question(
        id="03.5",
        reference=_since_november,
        form=Choice(
            options={
                "a": N_("People like us less: fewer of those who see a post react to it."),
                "b": N_("Each post reaches fewer accounts because we publish fewer posts."),
                "c": N_(
                    "Each post is shown to fewer accounts; those who see it react about as before."
                ),
                "d": N_("We pay for fewer posts, so the reach goes down."),
            },
            reasons={
                "a": N_(
                    "Of those who see a post, how many react? Read the column rate, before and "
                    "since: did it fall like the reach?"
                ),
                "b": N_(
                    "Publishing less lowers the reach of a month. The column is the mean reach of "
                    "one post: the number of posts is already divided out."
                ),
                "c": N_(
                    "Two columns, two stories: the reach of a post fell, the rate did not fall "
                    "with it. That fits a change in what the platforms choose to show; the table "
                    "does not prove it, so ask other pages whether they see the same break."
                ),
                "d": N_(
                    "Paid posts are not in this table at all: it keeps those whose display was "
                    "not paid for."
                ),
            },
        ),
        hints=(
            N_("Which column speaks of the platforms, and which of the people?"),
            N_("Look at mean_reach, then at rate: which one fell after November 2024?"),
            N_("mean_reach went ..., rate stayed ..., so the change is in ..."),
        ),
    ),
    Question(
        id="03.6",
        form=Card(
            fields={
                "week_1": N_("Week 1: what, where, when, and the figure it rests on"),
                "week_2": N_("Week 2: what, where, when, and the figure it rests on"),
                "week_3": N_("Week 3: what, where, when, and the figure it rests on"),
                "week_4": N_("Week 4: what, where, when, and the figure it rests on"),
            },
            words=5,
            model=N_(
                "1. A question on LinkedIn, Friday 19:00: by reach, questions get far more than "
                "any other format, and this slot is kept. 2. A member's photo on Instagram, with "
                "consent, Sunday 19:00: members' posts get about twice the comments of the "
                "brand's. 3. A question on Facebook, Friday 16:00: the gaps between platforms are "
                "not solid, so both are tried. 4. A link on Facebook, Wednesday 8:30: links bring "
                "the clicks. Nothing on Tuesday at 18:00 before we know why it goes out late. At "
                "the end of August: interactions divided by reach, total by total, no contest."
            ),
        ),
        hints=(
            N_("For each line: best at what, likes, conversation or visits to the shop?"),
            N_("Look at the frames low and high, at n, and at the map of the share on time."),
            N_("A question on ..., on ... at ..., because ... for 100 accounts reached"),
        ),
    ),
)
