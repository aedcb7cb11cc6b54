"""Module 12: groups and resilience."""

from __future__ import annotations

from functools import cache
from typing import Any

import networkx as nx
import pandas as pd
from networkx.algorithms.community import louvain_communities

from cmlib import network
from cmlib.data import data_home
from cmlib.learn.question import Card, Choice, Mistake, Question, community
from cmlib.messages import N_

__all__ = ["QUESTIONS"]

SEED = 3  # of the groups of question 12.3
LARGE = 20


def _network(*, team: bool = False) -> nx.Graph:
    return _made(str(data_home()), team)


@cache
def _made(home: str, team: bool) -> nx.Graph:
    view = community().view(without=None if team else "team")
    return network.symmetrise(network.reply_graph(view))


def _curve(*, most: int = 5, by: str = "degree", team: bool = False) -> pd.DataFrame:
    return network.removal_curve(_network(team=team), by=by, most=most, seed=1)


def _connected(**options: Any) -> float:
    return float(_curve(**options)["giant_share"].min())


def _connected_by_hand() -> float:
    graph = _network()
    order = sorted(graph, key=lambda person: (-graph.degree(person), person))
    left = graph.copy()
    left.remove_nodes_from(order[:5])
    return max(len(piece) for piece in nx.connected_components(left)) / len(graph)


def _over_those_left() -> float:
    return int(_curve()["giant_people"].min()) / (len(_network()) - 5)


def _found() -> list[set[int]]:
    return _louvain(str(data_home()))


@cache
def _louvain(home: str) -> list[set[int]]:
    groups: list[set[int]] = louvain_communities(_network(), seed=SEED)
    return groups


def _tips() -> set[int]:
    members = community().members
    return set(members.loc[members["group"] == "tips", "member_id"])


def _tips_group() -> set[int]:
    return max(_found(), key=lambda group: len(group & _tips()))


def _tips_group_by_table() -> int:
    rows = [(place, person) for place, group in enumerate(_found()) for person in group]
    table = pd.DataFrame(rows, columns=["place", "member_id"])
    inside = table[table["member_id"].isin(_tips())]["place"].value_counts()
    return int((table["place"] == inside.idxmax()).sum())


def _groups() -> pd.DataFrame:
    return _leiden(str(data_home()))


@cache
def _leiden(home: str) -> pd.DataFrame:
    groups = network.find_groups(_network(), seed=1)
    members = community().members[["member_id", "language", "group"]]
    return groups.merge(members.rename(columns={"group": "interest"}), on="member_id")


def _english(by: str = "group") -> pd.Series:
    table = _groups()
    large = table[table["group_size"] > LARGE]
    english: pd.Series = (large["language"] == "en").groupby(large[by]).mean()
    return english


def _english_by_counts() -> float:
    table = _groups()
    large = table[table["group_size"] > LARGE]
    counts = pd.crosstab(large["group"], large["language"])
    return float((counts["en"] / counts.sum(axis=1)).max())


def _english_everywhere() -> float:
    table = _groups()
    return float((table["language"] == "en").mean())


def _english_people() -> int:
    table = _groups()
    large = table[(table["group_size"] > LARGE) & (table["language"] == "en")]
    return int(large["group"].value_counts().max())


def _of_the_english() -> float:
    table = _groups()
    english = table[table["language"] == "en"]
    return float(english["group"].value_counts(normalize=True).max())


QUESTIONS = (
    Question(
        id="12.1",
        reference=lambda: "c",
        form=Choice(
            options={
                "a": N_("That of anybody who has the most contacts."),
                "b": N_("That of any member of the smaller group."),
                "c": N_("That of Leïla, although she has the fewest contacts."),
                "d": N_("Nobody’s: each group holds well together."),
            },
            reasons={
                "a": N_(
                    "In each group everybody exchanges with everybody: take one of them out, and "
                    "look at those who stay. Are they cut from one another?"
                ),
                "b": N_(
                    "The groups are equal, and ten people who all exchange with one another stay "
                    "nine. Who stands on the only path between the two?"
                ),
                "c": N_(
                    "Yes. Four contacts only, and all paths between the groups go through her. One "
                    "link between two other people would protect the place."
                ),
                "d": N_(
                    "Inside, yes. How does a message go from one group to the other once Leïla "
                    "has left?"
                ),
            },
        ),
        hints=(
            N_("Whom does a message meet on its way from one group to the other?"),
            N_("Draw three people a group instead of ten, and cover one person with a finger."),
            N_("With … gone, the groups are two separate pieces."),
        ),
    ),
    Question(
        id="12.2",
        reference=_connected,
        share=True,
        right=(_connected_by_hand, lambda: pd.Series([_connected()])),
        mistakes=(
            Mistake(
                lambda: _connected(most=3),
                N_("This is after three departures. Which argument says how many leave?"),
            ),
            Mistake(
                _over_those_left,
                N_(
                    "You divided by the people who stay. Whoever leaves counts as lost: divide by "
                    "everybody at the start."
                ),
            ),
            Mistake(
                lambda: _connected(by="betweenness"),
                N_(
                    "These five are the first by betweenness. The question lets those with most "
                    "contacts leave."
                ),
            ),
            Mistake(
                lambda: float(_curve()["random_mean"].min()),
                N_("This is the mean of departures at random. Which column follows your order?"),
            ),
            Mistake(
                lambda: _connected(team=True),
                N_("The team is in your network. Use net, made at the top of the notebook."),
            ),
            Mistake(
                lambda: float(_curve()["giant_share"].max()),
                N_("This is the share before anybody leaves. Look at the last row of the curve."),
            ),
            Mistake(
                lambda: int(_curve()["giant_people"].min()),
                N_("These are people. Divide them by everybody at the start to have a share."),
            ),
        ),
        hints=(
            N_("What changes from the lesson: the order of the departures, or their number?"),
            N_("Look at the cell of the lesson that makes hubs, and at its last column but one."),
            N_('curve = network.removal_curve(net, by="degree", most=…, seed=1), then min of …'),
        ),
    ),
    Question(
        id="12.3",
        reference=lambda: len(_tips_group()),
        right=(_tips_group_by_table, lambda: float(len(_tips_group()))),
        mistakes=(
            Mistake(
                lambda: len(_found()[2]),
                N_(
                    "The seed is set, and the group is still chosen by its number. What does this "
                    "group hold?"
                ),
            ),
            Mistake(
                lambda: max(len(group) for group in _found()),
                N_("This is the largest group. Are its members mostly interested in tips?"),
            ),
            Mistake(
                lambda: len(_tips_group() & _tips()),
                N_(
                    "These are the members interested in tips inside the group. We invite the "
                    "whole group: how many people does it hold?"
                ),
            ),
            Mistake(
                lambda: len(_tips() & set(_network())),
                N_(
                    "These are all who declared this interest and wrote. The question is about "
                    "one group found in the network."
                ),
            ),
            Mistake(
                lambda: len(_tips()),
                N_("These are all the members who declared this interest, silent ones included."),
            ),
            Mistake(
                lambda: len(_found()),
                N_("This is the number of groups. How many people are in the one we invite?"),
            ),
        ),
        hints=(
            N_("Two things to repair: what makes the result change, and what designates a group?"),
            N_("Look at the end of the block Repair of the lesson: it counts inside each group."),
            N_("For each group: inside = len(tips[tips[…].isin(group)]); keep len(group) of the …"),
        ),
    ),
    Question(
        id="12.4",
        reference=lambda: float(_english().max()),
        share=True,
        right=(_english_by_counts, lambda: pd.Series([_english().max()])),
        mistakes=(
            Mistake(
                lambda: float(_english("interest").max()),
                N_(
                    "You grouped by declared interest. The question is about the groups found in "
                    "the network."
                ),
            ),
            Mistake(
                _english_everywhere,
                N_("This is the share among all who wrote. Group first, then take the largest."),
            ),
            Mistake(
                _english_people,
                N_("These are people. Divide them by the people of the same group."),
            ),
            Mistake(
                _of_the_english,
                N_(
                    "You divided by all the English speakers. The question divides by the people "
                    "of each group."
                ),
            ),
            Mistake(
                lambda: float(_english().min()),
                N_("This is the smallest of the shares. Which one is asked for?"),
            ),
            Mistake(
                lambda: float((1 - _english()).max()),
                N_("This is a share of French speakers. Which value of language do you compare?"),
            ),
        ),
        hints=(
            N_("The share of what, over whom: English speakers of a group, over … ?"),
            N_("Look at the cell of the lesson that crosses groups and languages."),
            N_('large["english"] = large["language"] == "en", then groupby("group") and the …'),
        ),
    ),
    Question(
        id="12.5",
        reference=lambda: "d",
        form=Choice(
            options={
                "a": N_("“We have four groups: it is the stable answer.”"),
                "b": N_("“We have fifteen groups: more detail is more exact.”"),
                "c": N_("“The method does not work: it contradicts itself.”"),
                "d": N_(
                    "“At a coarse zoom, four groups that we can name by interest and language; a "
                    "finer zoom divides them further. We use the four for the two links.”"
                ),
            },
            reasons={
                "a": N_(
                    "The finer answer is stable as well. What does stability tell: that random "
                    "starts agree, or that it is the only division?"
                ),
                "b": N_(
                    "A finer map is not a truer one. Can you name the fifteen, and would the "
                    "decision change?"
                ),
                "c": N_(
                    "A city has districts, and districts have streets: two zooms need not "
                    "contradict each other. Which one does the decision need?"
                ),
                "d": N_(
                    "Yes: the setting is said, the groups are named by what they hold, and the "
                    "zoom is chosen for the decision."
                ),
            },
        ),
        hints=(
            N_("What would Ines do with four groups, and with fifteen?"),
            N_("Look at the cell zoom of the lesson and the question under it."),
            N_("The sentence that holds says the setting, the names and …"),
        ),
    ),
    Question(
        id="12.6",
        form=Card(
            fields={
                "link_1": N_("First link: between which two groups, and why"),
                "link_2": N_("Second link: between which two groups, and why"),
                "hubs": N_("What we do with the three best connected"),
                "risk": N_("The risk, in one sentence and without a name"),
                "likelihood": N_("Likelihood from 1 to 4, and who judged it"),
                "impact": N_("Impact from 1 to 4, and the number behind it"),
                "action": N_("What we do, who, until when"),
            },
            model=N_(
                "First link: recipes with outings, the largest group that hangs on one person. "
                "Second link: recipes with tips, the next largest. The three best connected: we "
                "thank them and share the welcome of newcomers among more people, for a departure "
                "of theirs strands those they alone answer. Risk: the only person between "
                "two groups stops coming. Likelihood: 2 of 4, judged by the two moderators. "
                "Impact: 4 of 4, about a quarter of those who wrote would be cut off. Action: a "
                "topic opened together each month by two members who agreed, looked at again in "
                "three months. International stays to be linked: we look for somebody who "
                "writes both languages."
            ),
        ),
        hints=(
            N_("Which two links, among those you tried, keep most people together?"),
            N_("Look at the block Create of the lesson and at the table before the drawing."),
            N_("First link: between … and …, because … people hang on one person."),
        ),
    ),
)
