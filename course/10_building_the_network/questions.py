"""Module 10: building the network."""

from __future__ import annotations

from functools import cache
from typing import Any

import networkx as nx
import pandas as pd

from cmlib import kpi, network
from cmlib.data import data_home
from cmlib.data.frames import to_pandas
from cmlib.learn.question import Card, Mistake, Order, Question, community
from cmlib.messages import N_

__all__ = ["QUESTIONS"]

ALL_KINDS = ("reply", "reaction", "accept")
# Exercise 10.1: who answers whom, message by message.
ANSWERS = (
    ("Goran", "Fatou"),
    ("Hana", "Fatou"),
    ("Fatou", "Hana"),
    ("Fatou", "Hana"),
    ("Fatou", "Hana"),
    ("Ivo", "Ivo"),
    ("Jade", "Goran"),
)


def _people() -> pd.DataFrame:
    members = community().members
    return members[members["role"] == "member"]


def _graph(*, kinds: tuple[str, ...] = ("reply",), team: bool = False) -> nx.DiGraph:
    return _drawn(kinds, team, str(data_home()))


@cache
def _drawn(kinds: tuple[str, ...], team: bool, home: str) -> nx.DiGraph:
    view = community().view(without="bots" if team else "team")
    return network.reply_graph(view, kinds=kinds)


def _links_by_hand() -> int:
    events = community().events
    authors = dict(zip(events["event_id"], events["member_id"], strict=True))
    kept = events[events["kind"].isin(ALL_KINDS)]
    pairs = pd.DataFrame({"one": kept["member_id"], "other": kept["parent_id"].map(authors)})
    inside = _people()["member_id"]
    pairs = pairs[pairs["one"].isin(inside) & pairs["other"].isin(inside)]
    return len(pairs[pairs["one"] != pairs["other"]].drop_duplicates())


def _pairs(*, members_only: bool = True) -> pd.DataFrame:
    events = community().events
    topics, replies = events[events["kind"] == "topic"], events[events["kind"] == "reply"]
    pairs = replies.merge(topics, on="thread_id")[["member_id_x", "member_id_y"]].dropna()
    if members_only:
        inside = _people()["member_id"]
        pairs = pairs[pairs["member_id_x"].isin(inside) & pairs["member_id_y"].isin(inside)]
    return pairs


def _others(**options: Any) -> pd.DataFrame:
    pairs = _pairs(**options)
    return pairs[pairs["member_id_x"] != pairs["member_id_y"]]


def _links(pairs: pd.DataFrame) -> int:
    return len(pairs.drop_duplicates())


def _links_by_graph() -> int:
    others = _others()
    pairs = list(zip(others["member_id_x"], others["member_id_y"], strict=True))
    return int(nx.DiGraph(pairs).number_of_edges())


def _alone(**options: Any) -> pd.DataFrame:
    members = community().members
    return members[members["member_id"].isin(list(nx.isolates(_graph(**options))))]


def _by_month(table: pd.DataFrame) -> pd.Series:
    members = community().members
    others = members[~members["member_id"].isin(table["member_id"])]
    joined = to_pandas(kpi.joined_members(community().view(without=others)))
    months: pd.Series = joined.set_index("period")["n"]
    return months


def _alone_by_hand() -> int:
    joined = _alone()["joined_at"].dt.tz_localize("UTC").dt.tz_convert(community().tz)
    return int(joined.dt.strftime("%Y-%m").value_counts().max())


def _writers_in_largest_month() -> int:
    people = _people()
    return int(_by_month(people[people["member_id"].isin(list(_graph()))]).max())


QUESTIONS = (
    Question(
        id="10.1",
        reference=lambda: len({pair for pair in ANSWERS if pair[0] != pair[1]}),
        right=(lambda: 4.0, lambda: nx.DiGraph(ANSWERS).number_of_edges() - 1),
        mistakes=(
            Mistake(
                lambda: nx.DiGraph(ANSWERS).number_of_edges(),
                N_("One of your arrows comes back to the person it left. Is it between two?"),
            ),
            Mistake(
                lambda: len(ANSWERS) - 1,
                N_("You drew an arrow for each answer. The same direction makes one arrow."),
            ),
            Mistake(
                lambda: len(ANSWERS),
                N_("You counted answers. Which are repeated, and which one has no second person?"),
            ),
            Mistake(
                lambda: nx.Graph(ANSWERS).number_of_edges() - 1,
                N_("You counted pairs. Fatou and Hana answer each other: how many arrows is that?"),
            ),
        ),
        hints=(
            N_("If somebody answers three times in the same direction, how many arrows is that?"),
            N_("Look at the table of the block Predict in the lesson, rows 4, 5 and 6."),
            N_("Goran to Fatou, Hana to Fatou, Fatou to Hana, …"),
        ),
    ),
    Question(
        id="10.2",
        reference=lambda: int(_graph(kinds=ALL_KINDS).number_of_edges()),
        right=(_links_by_hand, lambda: float(_graph(kinds=ALL_KINDS).number_of_edges())),
        mistakes=(
            Mistake(
                lambda: _graph(kinds=ALL_KINDS, team=True).number_of_edges(),
                N_(
                    "The team is among your people. Does reply_graph receive the view that leaves "
                    "it out, as in the lesson?"
                ),
            ),
            Mistake(
                lambda: _graph().number_of_edges(),
                N_("Only replies make links here. Which argument says what makes a link?"),
            ),
            Mistake(
                lambda: _graph(kinds=("reply", "reaction")).number_of_edges(),
                N_("One kind of event is missing: three are asked for."),
            ),
            Mistake(
                lambda: len(_graph(kinds=ALL_KINDS)),
                N_("This is the number of people. The question asks for the links between them."),
            ),
        ),
        hints=(
            N_("What changes compared with the lesson: the people, or what makes a link?"),
            N_("Look at the block Modify of the lesson: the argument kinds, then the number read."),
            N_('wider = network.reply_graph(brand, kinds=["reply", …])'),
        ),
    ),
    Question(
        id="10.3",
        reference=lambda: [6, 4, 2, 5, 1, 3],
        ordered=True,
        form=Order(
            lines=(
                "alone = list(nx.isolates(graph))",
                'team = members[members["role"] != "member"]',
                "print(len(alone) / len(graph))",
                "members = brand.members",
                "graph = network.reply_graph(brand.view(without=team))",
                'brand = data.load("brand")',
            )
        ),
        right=(lambda: (6, 4, 2, 5, 1, 3),),
        mistakes=(
            Mistake(
                lambda: [6, 4, 5, 2, 1, 3],
                N_("The graph leaves the team out before anybody has said who the team is."),
            ),
            Mistake(
                lambda: [4, 6, 2, 5, 1, 3],
                N_("The members are taken out of a community that is not loaded yet."),
            ),
            Mistake(
                lambda: [6, 4, 2, 1, 5, 3],
                N_("You look for people alone in a graph that is drawn one line later."),
            ),
            Mistake(
                lambda: [6, 4, 2, 5, 3, 1],
                N_("The share is printed before the people alone are listed."),
            ),
        ),
        hints=(
            N_("For each name on the right of an equals sign: in which line is it made?"),
            N_("Look at the first code cells of the lesson: load, filter, draw, read."),
            N_("6, 4, 2, then the graph, then …"),
        ),
    ),
    Question(
        id="10.4",
        reference=lambda: _links(_others()),
        right=(_links_by_graph, lambda: len(set(_others().itertuples(index=False, name=None)))),
        mistakes=(
            Mistake(
                lambda: _links(_pairs()),
                N_("The pairs of a person with themselves are still there. Which rows are they?"),
            ),
            Mistake(
                lambda: len(_others()),
                N_("You counted replies. Several replies in one direction make one link."),
            ),
            Mistake(
                lambda: _links(_others(members_only=False)),
                N_("The team is in your pairs: begin with pairs as the exercise made it."),
            ),
            Mistake(
                lambda: len(set(_others().to_numpy().ravel().tolist())),
                N_("This is the number of people. Which method counts the links of a graph?"),
            ),
        ),
        hints=(
            N_("What is true of the two columns when somebody answers in their own thread?"),
            N_("Look at the block Repair of the lesson, its last line: one == other."),
            N_('others = pairs[pairs["member_id_x"] != …], then a DiGraph of its pairs'),
        ),
    ),
    Question(
        id="10.5",
        reference=lambda: int(_by_month(_alone()).max()),
        right=(_alone_by_hand, lambda: float(_by_month(_alone()).max())),
        mistakes=(
            Mistake(
                lambda: len(_alone()),
                N_("These are all the members alone, every month together."),
            ),
            Mistake(
                lambda: int(_by_month(_alone(team=True)).max()),
                N_("The team is in your network: some members are linked with it only."),
            ),
            Mistake(
                lambda: int(_by_month(_people()).max()),
                N_("You counted everyone who joined. Keep the members alone before you count."),
            ),
            Mistake(
                _writers_in_largest_month,
                N_("You kept those who wrote, linked or not. Keep those linked with nobody."),
            ),
        ),
        hints=(
            N_("Which list gives the people without a link, and which table their joining date?"),
            N_("Look at the blocks Run (no link) and Create (joining months) of the lesson."),
            N_('alone = members["member_id"].isin(list(nx.isolates(…)))'),
        ),
    ),
    Question(
        id="10.6",
        form=Card(
            fields={
                "who": N_("Five newcomers: by which rule they are chosen, without a name"),
                "ask": N_("What is asked of the newcomer and of the host, and in which order"),
                "ines": N_("What the figure of the agency says, and what it does not"),
                "check": N_("What tells me that it worked, and when I look"),
            },
            model=N_(
                "Five: the latest newcomers whose first message no member answered within seven "
                "days, spam accounts read and taken out. Asked: in private, first the newcomer "
                "(thanks for the question, is an introduction welcome?), then a host who replied "
                "in June, same interest, same language; where there is no such host, we answer "
                "ourselves. The agency: its figure counts our own "
                "answers; without the team, fewer people hang together, and it says nothing of "
                "who is well. Check: in thirty days, how many of the five have exchanged with a "
                "member, a count and no list."
            ),
            words=5,
        ),
        hints=(
            N_("Could somebody else apply your rule and find the same five people?"),
            N_("Look at the table of two definitions in the block Create of the lesson."),
            N_("Who: the five … whose first message … ; asked: in private, first … then …"),
        ),
    ),
)
