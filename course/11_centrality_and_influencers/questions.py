"""Module 11: centrality and influencers."""

from __future__ import annotations

from functools import cache
from typing import Any

import networkx as nx
import pandas as pd

from cmlib import network
from cmlib.data import data_home
from cmlib.learn.question import Card, Choice, Mistake, Question, community
from cmlib.messages import N_

__all__ = ["QUESTIONS"]


def _graph(*, team: bool = False) -> nx.DiGraph:
    return network.reply_graph(community().view(without=None if team else "team"))


def _scores(measure: str, **options: Any) -> pd.Series:
    return _scored(measure, str(data_home()), **options)


@cache
def _scored(
    measure: str, home: str, team: bool = False, arrows: bool = False, strong: bool = False
) -> pd.Series:
    graph: Any = _graph(team=team)
    graph = graph if arrows else network.symmetrise(graph)
    weight = "weight" if strong else None
    table = network.centralities(graph, measures=[measure], weight=weight)
    scores: pd.Series = table.set_index("member_id")[measure]
    return scores


def _first(measure: str, *, ascending: bool = False, **options: Any) -> list[int]:
    ranked = _scores(measure, **options).sort_values(ascending=ascending, kind="stable")
    return [int(person) for person in ranked.index[:3]]


def _first_column(measure: str, *, ascending: bool = False) -> pd.Series:
    table = _scores(measure).reset_index().sort_values(measure, ascending=ascending)
    column: pd.Series = table["member_id"].head(3)
    return column


def _by_networkx() -> list[int]:
    scores = nx.betweenness_centrality(network.symmetrise(_graph()))
    return sorted(scores, key=lambda person: (-scores[person], person))[:3]


def _accounts() -> pd.DataFrame:
    return community().influencers


def _cheapest_by_hand() -> float:
    rows = _accounts().itertuples(index=False)
    return float(min(row.fee_eur / row.active_followers for row in rows))


def _cost(column: str) -> pd.Series:
    cost: pd.Series = _accounts()["fee_eur"] / _accounts()[column]
    return cost


def _by_member() -> float:
    members = community().audience.groupby("influencer_id")["member_id"].count()
    accounts = _accounts().set_index("influencer_id")
    return float((accounts["fee_eur"] / members).min())


QUESTIONS = (
    Question(
        id="11.1",
        reference=lambda: "b",
        form=Choice(
            options={
                "a": N_("Nia and Oto, who have the most contacts"),
                "b": N_("Rui"),
                "c": N_("Lou and Max, who are in the smaller group"),
                "d": N_("nobody: each group is complete, so all are equal"),
            },
            reasons={
                "a": N_(
                    "They have the most contacts; but from one group to the other there are two "
                    "ways into theirs, one through each. Is there a second way around Rui?"
                ),
                "b": N_(
                    "Yes. Every path from one group to the other passes through Rui: 3 × 5 pairs "
                    "out of 28. Nia and Oto share the ways into their group, half each."
                ),
                "c": N_(
                    "From Kim one may go through Lou or through Max: they share these paths. Who "
                    "shares with nobody?"
                ),
                "d": N_(
                    "Within a complete group nobody is needed in between, that is true. Look at "
                    "the paths from one group to the other."
                ),
            },
        ),
        hints=(
            N_("If somebody goes on holiday, who can no longer reach whom?"),
            N_("Look at Dan in the block Predict of the lesson: which pairs needed him?"),
            N_("From Kim, Lou or Max to Nia, Oto, Pia, Quy or Tom, every path passes through …"),
        ),
    ),
    Question(
        id="11.2",
        reference=lambda: _first("eigenvector"),
        ordered=True,
        right=(
            lambda: _first_column("eigenvector").tolist(),
            lambda: tuple(_first("eigenvector")),
        ),
        mistakes=(
            Mistake(
                lambda: _first("betweenness"),
                N_("These are the first by betweenness. Which word names the measure?"),
            ),
            Mistake(
                lambda: _first("degree"),
                N_("These are the first by contacts. Which word names the measure?"),
            ),
            Mistake(
                lambda: _first("eigenvector", strong=True),
                N_("Strong links count more in your scores. Which argument counts each link once?"),
            ),
            Mistake(
                lambda: _first("eigenvector", ascending=True),
                N_("These have the lowest scores. In which direction is your table sorted?"),
            ),
            Mistake(
                lambda: _first("eigenvector", team=True),
                N_("The team is in your network: begin with both as the exercise made it."),
            ),
        ),
        hints=(
            N_("What changes compared with the lesson: the network, or the measure that ranks?"),
            N_("Look at the cell of the lesson that computes four measures, and its weight."),
            N_('scores = network.centralities(both, weight=None, measures=["degree", …])'),
        ),
    ),
    Question(
        id="11.3",
        reference=lambda: _first("betweenness"),
        ordered=True,
        right=(_by_networkx, lambda: _first_column("betweenness").tolist()),
        mistakes=(
            Mistake(
                lambda: _first_column("betweenness", ascending=True).tolist(),
                N_("Their score is still zero: sorted how, the first row is the highest score?"),
            ),
            Mistake(
                lambda: _first("degree"),
                N_("These have the most contacts. Which column did the colleague mean to sort?"),
            ),
            Mistake(
                lambda: _first("betweenness", arrows=True),
                N_("You kept the direction of the links. Begin with the table between."),
            ),
            Mistake(
                lambda: _first("betweenness", strong=True),
                N_("Strong links count more in your scores. Begin with the table between."),
            ),
        ),
        hints=(
            N_("What does sort_values put in the first row when you say nothing?"),
            N_("Look at the word that follows the column in the lesson's cell on seven people."),
            N_('ranked = between.sort_values("betweenness", ascending=…)'),
        ),
    ),
    Question(
        id="11.4",
        reference=lambda: float(_cost("active_followers").min()),
        right=(_cheapest_by_hand, lambda: _cost("active_followers").sort_values().head(1)),
        mistakes=(
            Mistake(
                lambda: float(_cost("followers").min()),
                N_("You divided by all followers. How many of them were seen this month?"),
            ),
            Mistake(
                lambda: float(_cost("active_followers").max()),
                N_("This is the dearest account. The question asks for the lowest cost."),
            ),
            Mistake(
                lambda: float((1 / _cost("active_followers")).max()),
                N_("You computed active followers for one euro. Which number is divided?"),
            ),
            Mistake(
                lambda: float(_accounts()["fee_eur"].min()),
                N_("This is the lowest price of a post, whoever reads it."),
            ),
            Mistake(
                _by_member,
                N_("This is a cost per member of ours. The question is about active followers."),
            ),
        ),
        hints=(
            N_("Euros for one active follower: which column is divided by which?"),
            N_("Look at the cell of the lesson that computes three prices."),
            N_('cost = accounts["fee_eur"] / accounts[…], then the smallest value'),
        ),
    ),
    Question(
        id="11.5",
        reference=lambda: "b",
        form=Choice(
            options={
                "a": N_("With both accounts we reach 520 of our members."),
                "b": N_("With both accounts we reach 338 of our members; the second one adds 78."),
                "c": N_("70 % of our members follow both accounts."),
                "d": N_("70 % in common: the two accounts are paid by the same people."),
            },
            reasons={
                "a": N_("The members who follow both are counted twice here. How many are there?"),
                "b": N_(
                    "Yes: 260 + 260 − 182. It says who follows, not who will read: the number of "
                    "members reached can only be smaller."
                ),
                "c": N_("70 % of what? Divide the members in common by the audience, not by all."),
                "d": N_(
                    "The figure says that the audiences are alike. It says nothing of a reason: "
                    "the same subject is enough."
                ),
            },
        ),
        hints=(
            N_("A member who follows both accounts: how many people is that?"),
            N_("Look at the cell of the lesson that puts two accounts together."),
            N_("Different members = 260 + 260 − …"),
        ),
    ),
    Question(
        id="11.6",
        form=Card(
            fields={
                "who": N_("Three hosts: by which rule, without a name"),
                "measure": N_("The measure that chose them, and why not another"),
                "ask": N_("What is asked of each of them, how, and in which order"),
                "account": N_("The account or accounts, with the figure that decides"),
            },
            model=N_(
                "Three hosts: members among the first five by betweenness whose contacts lie in "
                "two groups, among those who agreed to be studied by name. Betweenness, for the "
                "evening is to make groups meet; the most contacts all lie in one group, and I "
                "would use that list to thank people. Asked: in private, one by one, whether they "
                "would like to host, with the right to say no; no name goes to Ines before a yes. "
                "Account: not the one with 80,000 followers, the dearest by active follower and "
                "by member; the one with 4,000 reaches more of ours for a tenth of the price. "
                "I stop if few of the members who follow it still visit us."
            ),
            words=5,
        ),
        hints=(
            N_("Would another decision have given you another list?"),
            N_("Look at the table of four measures in the block Run of the lesson."),
            N_("Betweenness, for the evening must …; the account whose cost by … is …"),
        ),
    ),
)
