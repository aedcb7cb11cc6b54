"""Graphs, engines and conversations shared by the tests of the network room."""

import sys

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from cmlib.data import community

BEGIN = pd.Timestamp("2025-01-01")
ENGINES = ("igraph", "networkx")
# 1 and 2 answer each other (three replies), 3 answers 1 once, 4 and 5 hear nothing, 9 is the team.
REPLIES = [(2, 1), (1, 2), (2, 1), (3, 1), (9, 4)]


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    """Run a test with igraph, then with igraph hidden."""
    use_engine(request.param, monkeypatch)
    return request.param


def use_engine(name, monkeypatch):
    if name == "networkx":
        monkeypatch.setitem(sys.modules, "igraph", None)


@st.composite
def graphs(draw, *, directed=None, most=8, loops=True):
    """Draw a small graph: any density, loops, isolates, several pieces, nobody at all."""
    n = draw(st.integers(0, most))
    directed = draw(st.booleans()) if directed is None else directed
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(draw(st.permutations(range(10, 10 + n))))
    if n:
        person = st.integers(10, 9 + n)
        links = draw(st.lists(st.tuples(person, person, st.integers(1, 6)), max_size=3 * n))
        graph.add_weighted_edges_from(
            (one, other, weight) for one, other, weight in links if loops or one != other
        )
    return graph


def without_loops(graph):
    result = graph.copy()
    result.remove_edges_from(list(nx.selfloop_edges(graph)))
    return result


def matrix_of(graph, nodes, weight="weight"):
    if not len(nodes):
        return np.zeros((0, 0))
    return nx.to_numpy_array(without_loops(graph), nodelist=nodes, weight=weight)


# --- conversations, counted slowly ------------------------------------------------------------


def talk(rows):
    """Make a table of events from (event, time, member, kind, thread, parent)."""
    names = ["event_id", "timestamp", "member_id", "kind", "thread_id", "parent_id"]
    events = pd.DataFrame(rows, columns=names)
    events["timestamp"] = pd.to_datetime(events["timestamp"]).astype("datetime64[s]")
    whole = {"member_id": "Int64", "parent_id": "Int64"}
    if events["thread_id"].dropna().map(lambda one: isinstance(one, int)).all():
        whole["thread_id"] = "Int64"
    return events.astype(whole)


def random_talk(seed):
    """Draw a small log: threads numbered apart, ties, early replies, deleted accounts, a bot."""
    rng = np.random.default_rng(seed)
    n, people, threads = int(rng.integers(4, 60)), int(rng.integers(2, 8)), int(rng.integers(1, 6))
    days = int(rng.choice([20, 60, 150]))
    hours = np.sort(rng.integers(0, days * 24, n))
    if rng.random() < 0.4:
        hours = hours // 24 * 24
    named = rng.choice([0.0, 0.3, 0.9])
    rows, written = [], {}
    for place in range(n):
        number = 10 + 3 * place
        kind = str(rng.choice(["topic", "reply", "reply", "reaction", "visit"]))
        member = None if rng.random() < 0.07 else int(rng.integers(1, people + 1))
        thread = f"t{rng.integers(threads)}" if rng.random() < 0.9 and kind != "visit" else None
        before = written.setdefault(thread, [])
        parent = None
        if before and thread and kind not in ("topic", "visit") and rng.random() < named:
            parent = int(rng.choice(before)) if rng.random() < 0.95 else 999_999
        before.append(number)
        hour = int(hours[place]) if rng.random() < 0.95 else int(rng.integers(0, days * 24))
        rows.append((number, BEGIN + pd.Timedelta(hours=hour), member, kind, thread, parent))
    events = talk([rows[place] for place in rng.permutation(n)])
    roles = ["member"] * people
    roles[0] = str(rng.choice(["bot", "member"]))
    roles[-1] = str(rng.choice(["staff", "member"]))
    members = pd.DataFrame({"member_id": range(1, people + 1), "role": roles})
    return community(
        events=events,
        members=members,
        start=BEGIN.tz_localize("UTC"),
        end=(BEGIN + pd.Timedelta(days=days)).tz_localize("UTC"),
        complete_history=bool(rng.random() < 0.6),
        without=[None, "bots", "team", "deleted", 2][int(rng.integers(5))],
    )


class SlowTalk:
    """The same rules as the room's, written as one would say them."""

    def __init__(self, club, rule, *, out, silent, no_deleted):
        self.rule, self.out, self.silent, self.no_deleted = rule, out, silent, no_deleted
        table = club.events.sort_values(["timestamp", "event_id"])
        table = table[table["timestamp"] < club.end]
        self.rows = [
            row._replace(**{name: None for name in row._fields if pd.isna(getattr(row, name))})
            for row in table.itertuples(index=False)
        ]
        self.by_number = {row.event_id: row for row in self.rows}

    def answers(self, row):
        """Whether the author of `row` may answer somebody."""
        if row.kind not in ("topic", "reply"):
            return False
        if row.member_id is None:
            return not self.no_deleted
        return row.member_id not in self.silent

    def opener(self, thread):
        topics = [row for row in self.rows if row.kind == "topic" and row.thread_id == thread]
        return topics[0] if topics and thread is not None else None

    def target(self, row):
        """The message that `row` answers and the rule that found it."""
        if row.parent_id in self.by_number:
            return self.by_number[row.parent_id], "parent"
        if self.rule == "parent" or row.thread_id is None or row.kind not in ("topic", "reply"):
            return None, None
        opener = self.opener(row.thread_id)
        if self.rule == "opener":
            return (None, None) if opener in (None, row) else (opener, "opener")
        before = self.rows[: self.rows.index(row)]
        others = [
            other
            for other in before
            if other.thread_id == row.thread_id
            and self.answers(other)
            and other.member_id != row.member_id
        ]
        if others:
            return others[-1], "previous"
        late = opener is not None and opener.timestamp > row.timestamp
        if late and opener.member_id != row.member_id:
            return opener, "previous"
        return None, None

    def links(self, kinds=("reply",)):
        """Weights of the links, and what became of each event."""
        weights, fates = {}, {}

        def count(fate):
            fates[fate] = fates.get(fate, 0) + 1

        for row in self.rows:
            if row.kind not in kinds:
                continue
            count("read")
            target, made = self.target(row)
            if row.member_id in self.out:
                count("excluded")
            elif row.member_id is None and self.no_deleted:
                count("deleted")
            elif target is None:
                count("unattributed")
            elif target.timestamp > row.timestamp:
                count("before")
            elif row.member_id is None or target.member_id is None:
                count("deleted")
            elif target.member_id in self.out:
                count("excluded")
            elif target.member_id == row.member_id:
                count("self")
            else:
                count("kept")
                count(made)
                pair = row.member_id, target.member_id
                weights[pair] = weights.get(pair, 0) + 1
        return weights, fates

    def newcomers(self, since):
        """First message of each newcomer, and the first answer to it."""
        found, seen = {}, {}
        for row in self.rows:
            seen.setdefault(row.member_id, row.timestamp)
        for place, row in enumerate(self.rows):
            person = row.member_id
            if row.kind not in ("topic", "reply") or person is None or person in found:
                continue
            found[person] = (row, None)
            if person in self.out or seen[person] < since:
                continue
            times = []
            for later, other in enumerate(self.rows):
                if not self.answers(other) or other.member_id == person:
                    continue
                together = other.thread_id == row.thread_id and row.thread_id is not None
                if row.kind == "topic" and together and later > place:
                    times.append(other.timestamp)
                if self.target(other)[0] is row and other.timestamp >= row.timestamp:
                    times.append(other.timestamp)
            found[person] = (row, min(times, default=None))
        return {
            person: one
            for person, one in found.items()
            if person not in self.out and seen[person] >= since
        }


def five_people():
    """Who wrote and who was answered: `REPLIES`, two groups, the team."""
    members = pd.DataFrame(
        {
            "member_id": [1, 2, 3, 4, 5, 9],
            "role": ["member"] * 5 + ["staff"],
            "group": ["tips", "tips", "tips", "tips", "outings", "tips"],
        }
    )
    topic_of = {1: 101, 2: 102, 3: 103, 4: 104, 5: 105}
    rows = [(event, member, "topic", event, None) for member, event in topic_of.items()]
    rows += [
        (200 + place, source, "reply", topic_of[target], topic_of[target])
        for place, (source, target) in enumerate(REPLIES)
    ]
    names = ["event_id", "member_id", "kind", "thread_id", "parent_id"]
    events = pd.DataFrame(rows, columns=names).astype({"parent_id": "Int64"})
    events["timestamp"] = pd.date_range("2025-01-01", periods=len(events), freq="h")
    return community(
        name="small", members=members, events=events, start="2025-01-01", end="2025-02-01"
    )
