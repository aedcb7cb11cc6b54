import importlib.util
import subprocess
import sys
import warnings

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_helpers import SlowTalk, graphs, random_talk, talk
from real_logs import FOLDER, history_meta, needs_real_logs

from cmlib.data import community, read
from cmlib.errors import ColumnError, NotCountedWarning, ParameterError, TableError
from cmlib.i18n import use_language
from cmlib.network import (
    centralities,
    interaction_graph,
    link_counts,
    network_summary,
    pair_graph,
    reply_graph,
    symmetrise,
)
from cmlib.network.links import link_arrays
from cmlib.network.summary import summary_of_links


def make_events():
    """Ada opens a topic; Bo answers twice, Ada answers Bo, herself and a lost message."""
    return talk(
        [
            (1, "2025-01-01", 10, "topic", 1, None),
            (2, "2025-01-02", 20, "reply", 1, 1),
            (3, "2025-01-03", 20, "reply", 1, 1),
            (4, "2025-01-04", 10, "reply", 1, 3),
            (5, "2025-01-05", 10, "reply", 1, 4),  # to herself
            (6, "2025-01-06", 30, "reply", 1, None),  # nobody named
            (7, "2025-01-07", 10, "reply", 1, 99),  # names a message that is not there
            (8, "2025-01-08", None, "reply", 1, 1),  # deleted account
            (9, "2025-01-09", 90, "reply", 1, 1),  # staff
            (10, "2025-01-10", 40, "topic", 10, None),  # isolate
            (11, "2025-01-11", 50, "reaction", 1, 2),
            (12, "2025-01-12", 60, "visit", None, None),
        ]
    )


def weighted(graph):
    return {(one, other): value for one, other, value in graph.edges(data="weight")}


def counts(graph):
    return link_counts(graph).set_index("fate")["events"].to_dict()


def fates(**known):
    """Fates of replies: those not named are 0."""
    usual = ("self", "unattributed", "before", "deleted", "excluded")
    return {"read": known["kept"], **dict.fromkeys(usual, 0), **known}


MEMBERS = pd.DataFrame(
    {
        "member_id": [10, 20, 30, 40, 50, 60, 90],
        "role": ["member"] * 6 + ["staff"],
    }
)

# --- whom a reply answers ---------------------------------------------------------------------


def test_reply_graph_by_hand():
    graph = reply_graph(make_events())
    assert list(graph) == [10, 20, 30, 40, 90]
    assert weighted(graph) == {(20, 10): 2, (10, 20): 1, (90, 10): 1}
    assert graph.graph["link"] == "parent"  # 7 of 8 replies name a message
    assert counts(graph) == fates(read=8, kept=4, parent=4, self=1, unattributed=2, deleted=1)


def test_previous_is_the_last_other_person_of_the_thread():
    graph = reply_graph(make_events(), link="previous")
    assert weighted(graph) == {
        (20, 10): 2, (10, 20): 1, (90, 10): 1,
        (30, 10): 1,  # after Ada's message
        (10, 30): 1,  # the message Ada names is not there
    }  # fmt: skip
    assert counts(graph) == fates(read=8, kept=6, parent=4, previous=2, self=1, deleted=1)


def test_opener_makes_false_replies_to_oneself():
    graph = reply_graph(make_events(), link="opener")
    assert weighted(graph) == {(20, 10): 2, (10, 20): 1, (30, 10): 1, (90, 10): 1}
    assert counts(graph) == fates(read=8, kept=5, parent=4, opener=1, self=2, deleted=1)


def test_several_messages_in_a_row_answer_the_same_person():
    events = talk(
        [
            (1, "2025-01-01", 1, "topic", "a", None),
            (2, "2025-01-02", 1, "reply", "a", None),  # nobody else has written
            (3, "2025-01-03", 2, "reply", "a", None),
            (4, "2025-01-03", 2, "reply", "a", None),
            (5, "2025-01-03", 1, "reply", "a", None),
            (6, "2025-01-04", 3, "reply", "b", None),  # a thread whose opening is not in the log
            (7, "2025-01-05", 1, "reply", "b", None),
            (8, "2025-01-06", 1, "reply", None, None),  # no thread
        ]
    )
    graph = reply_graph(events)
    assert graph.graph["link"] == "previous"
    assert weighted(graph) == {(2, 1): 2, (1, 2): 1, (1, 3): 1}
    assert counts(graph) == fates(read=7, kept=4, parent=0, previous=4, unattributed=3)
    graph = reply_graph(events, link="opener")
    assert weighted(graph) == {(2, 1): 2}
    assert counts(graph) == fates(read=7, kept=2, parent=0, opener=2, self=2, unattributed=3)


def test_ties_of_time_follow_the_number_of_the_event():
    # A file written newest first, its times cut to the minute.
    events = named(
        [
            (6, "2025-03-12 09:00", "ilan", "reply", 2),
            (5, "2025-03-12 09:00", "maya", "topic", 2),
            (4, "2025-03-10 11:00", "nour", "reply", 1),
            (3, "2025-03-10 10:05", "maya", "reply", 1),
            (2, "2025-03-10 10:00", "ilan", "reply", 1),
            (1, "2025-03-10 10:00", "nour", "topic", 1),
        ]
    )
    graph = reply_graph(events, link="opener")
    assert weighted(graph) == {("ilan", "nour"): 1, ("maya", "nour"): 1, ("ilan", "maya"): 1}
    assert counts(graph)["self"] == 1
    graph = reply_graph(events, link="previous")
    assert weighted(graph) == {
        ("ilan", "nour"): 1, ("maya", "ilan"): 1, ("nour", "maya"): 1, ("ilan", "maya"): 1,
    }  # fmt: skip
    assert counts(graph)["self"] == 0


def named(rows):
    """Make a table of events of people with names, without parents."""
    table = pd.DataFrame(rows, columns=["event_id", "timestamp", "member_id", "kind", "thread_id"])
    return table.assign(timestamp=pd.to_datetime(table["timestamp"]))


def test_the_default_follows_what_the_replies_name():
    events = make_events()
    replies = events["kind"] == "reply"
    half = events.assign(parent_id=events["parent_id"].where(events["event_id"].isin([2, 3, 4, 5])))
    assert (half.loc[replies, "parent_id"].notna().mean()) == 0.5
    assert reply_graph(half).graph["link"] == "parent"
    fewer = events.assign(parent_id=events["parent_id"].where(events["event_id"] < 5))
    assert reply_graph(fewer).graph["link"] == "previous"
    lost = events.assign(parent_id=events["parent_id"] + 1_000)  # named, and not one is there
    assert reply_graph(lost).graph["link"] == "previous"
    assert reply_graph(events.drop(columns="thread_id")).graph["link"] == "parent"
    assert reply_graph(events.drop(columns="parent_id")).graph["link"] == "previous"


def test_nothing_says_who_answers_whom():
    events = make_events().assign(thread_id=None, parent_id=None)
    with pytest.raises(TableError, match="names no receiver, parent or thread"):
        reply_graph(events)
    with pytest.raises(ColumnError, match="'thread_id' is not in the table"):
        reply_graph(events[["event_id", "timestamp", "member_id", "kind"]], link="previous")
    with pytest.raises(ColumnError, match="'receiver_id' is not in the table"):
        reply_graph(events, link="mention")
    with pytest.raises(ColumnError, match="'event_id' is not in the table"):
        reply_graph(make_events().drop(columns="event_id"))
    without_numbers = make_events().drop(columns=["event_id", "parent_id"])
    assert reply_graph(without_numbers).graph["link"] == "previous"


def test_parents_without_thread():
    # A mailing list: each message names the one it answers.
    events = named(
        [
            ("<a1>", "2025-03-10 08:00", "nour", "topic", None),
            ("<a2>", "2025-03-10 10:00", "ilan", "reply", None),
            ("<a3>", "2025-03-10 11:00", "maya", "reply", None),
            ("<b1>", "2025-03-11 08:00", "maya", "topic", None),
            ("<b2>", "2025-03-12 08:00", "nour", "reply", None),
        ]
    ).drop(columns="thread_id")
    events["parent_id"] = [None, "<a1>", "<a2>", None, "<b1>"]
    graph = reply_graph(events)
    assert weighted(graph) == {("ilan", "nour"): 1, ("maya", "ilan"): 1, ("nour", "maya"): 1}


# --- parents that are no events ---------------------------------------------------------------


def inside_their_thread():
    """Parents are numbers inside the thread: 1 is the opener of whatever thread."""
    return talk(
        [
            (1, "2025-03-01 08:00", 1, "topic", 7, None),
            (2, "2025-03-01 09:00", 2, "topic", 8, None),
            (3, "2025-03-01 10:00", 3, "topic", 9, None),
            (4, "2025-03-01 11:00", 4, "reply", 9, 1),
            (5, "2025-03-01 12:00", 3, "reply", 9, 2),
            (6, "2025-03-01 13:00", 4, "reply", 8, 1),
        ]
    )


@pytest.mark.parametrize("link", [None, "parent", "previous", "opener"])
def test_parents_numbered_inside_their_thread_are_refused(link):
    with pytest.raises(TableError, match=r'^Only 0% of the parents .* number="post_number"'):
        reply_graph(inside_their_thread(), link=link)


def test_the_guard_begins_below_one_half():
    events = inside_their_thread()
    two_of_three = events.assign(parent_id=[None, None, None, 3, 4, 1])
    assert weighted(reply_graph(two_of_three)) == {(4, 3): 1, (3, 4): 1, (4, 1): 1}
    one_of_three = events.assign(parent_id=[None, None, None, 3, 2, 1])
    with pytest.raises(TableError, match="Only 33% of the parents"):
        reply_graph(one_of_three)
    without_threads = one_of_three.drop(columns="thread_id")  # nothing to compare with
    assert weighted(reply_graph(without_threads))[3, 2] == 1


# --- dates that contradict each other ---------------------------------------------------------


def early():
    return talk(
        [
            (1, "2025-01-02", 1, "topic", "a", None),
            (2, "2025-01-01", 2, "reply", "a", 1),  # before what it names
            (3, "2025-01-03", 3, "reply", "a", 1),
            (4, "2025-01-01", 2, "reply", "a", None),  # before the topic, nobody before it
            (5, "2025-01-02", 4, "reply", "a", 1),  # in the same second
        ]
    )


@pytest.mark.parametrize(("link", "lost"), [("parent", 1), ("previous", 2), ("opener", 2)])
def test_a_reply_dated_before_what_it_answers_is_no_link(link, lost):
    with pytest.warns(NotCountedWarning, match=f"before what they answer: {lost}"):
        graph = reply_graph(early(), link=link)
    assert weighted(graph) == {(3, 1): 1, (4, 1): 1}
    assert counts(graph)["before"] == lost
    assert list(graph) == [1, 2, 3, 4]


# --- who counts -------------------------------------------------------------------------------


def test_the_team_can_be_left_out():
    club = community(events=make_events(), members=MEMBERS)
    assert weighted(reply_graph(club))[90, 10] == 1
    graph = reply_graph(club.view(without="team"))
    assert 90 not in graph
    assert weighted(graph) == {(20, 10): 2, (10, 20): 1}
    assert counts(graph)["excluded"] == 1


def test_links_to_the_team_do_not_count_when_it_is_left_out():
    events = talk(
        [
            (1, "2025-01-01", 10, "topic", "a", None),
            (2, "2025-01-02", 90, "reply", "a", None),
            (3, "2025-01-03", 20, "reply", "a", None),  # answers the team, not 10
        ]
    )
    club = community(events=events, members=MEMBERS)
    assert weighted(reply_graph(club)) == {(90, 10): 1, (20, 90): 1}
    graph = reply_graph(club.view(without="team"))
    assert weighted(graph) == {}
    assert list(graph) == [10, 20]
    assert counts(graph) == fates(read=2, kept=0, parent=0, previous=0, excluded=2)


def test_a_welcome_bot_is_nobody_s_last_message():
    events = talk(
        [
            (1, "2025-03-01 08:00:00", 10, "topic", "a", None),
            (2, "2025-03-01 08:00:05", 99, "reply", "a", None),
            (3, "2025-03-01 12:00:00", 20, "reply", "a", None),
            (4, "2025-03-02 08:00:00", 99, "topic", "b", None),
            (5, "2025-03-02 12:00:00", 20, "reply", "b", None),  # under the bot's topic
            (6, "2025-03-02 13:00:00", 10, "reply", "b", None),
        ]
    )
    members = pd.DataFrame({"member_id": [10, 20, 99], "role": ["member", "member", "bot"]})
    club = community(events=events, members=members)
    graph = reply_graph(club)
    assert list(graph) == [10, 20]
    assert weighted(graph) == {(20, 10): 1, (10, 20): 1}
    assert counts(graph) == fates(read=4, kept=2, parent=0, previous=2, excluded=1, unattributed=1)
    everybody = reply_graph(club.view(without=None))
    assert weighted(everybody) == {(99, 10): 1, (20, 99): 2, (10, 20): 1}
    by_opener = reply_graph(club, link="opener")  # openers are read whoever counts
    assert weighted(by_opener) == {(20, 10): 1}
    assert counts(by_opener)["excluded"] == 3


def test_people_without_a_message_can_be_shown():
    members = pd.Series([10, 60, 90], dtype="Int64")
    club = community(events=make_events(), members=MEMBERS, without="team")
    graph = reply_graph(club, people=members)
    assert list(graph) == [10, 20, 30, 40, 60]
    assert all(type(person) is int for person in graph)


def test_deleted_accounts_make_no_link():
    club = community(events=make_events(), members=MEMBERS)
    for view in (club, club.view(without="deleted")):
        assert counts(reply_graph(view))["deleted"] == 1
    answered = make_events().assign(
        member_id=lambda table: table["member_id"].mask(table["event_id"] == 3)
    )
    assert counts(reply_graph(answered))["deleted"] == 3  # event 3, event 4 that answers it, 8


# --- which events count -----------------------------------------------------------------------


def test_links_of_a_period_answer_older_messages():
    club = community(events=make_events(), tz="UTC")
    graph = reply_graph(club.view(start="2025-01-03", end="2025-01-05"))
    assert weighted(graph) == {(20, 10): 1, (10, 20): 1}
    assert counts(graph)["read"] == 2
    # Nothing after the end is known, and the rule is chosen on what is known.
    assert list(reply_graph(club.view(end="2025-01-02"))) == [10]


def test_chosen_events_answer_those_that_were_not_chosen():
    club = community(events=make_events())
    log = club.counted()
    graph = reply_graph(club.view(events=log[log["event_id"].isin([4, 6])]), link="previous")
    assert weighted(graph) == {(10, 20): 1, (30, 10): 1}
    assert list(graph) == [10, 20, 30]
    assert counts(graph) == fates(read=2, kept=2, parent=1, previous=1)


def test_private_messages_make_no_link():
    events = make_events().assign(private=lambda table: table["event_id"].isin([3, 6]))
    graph = reply_graph(events, link="previous")
    assert weighted(graph)[20, 10] == 1
    assert 30 not in graph  # wrote in private only
    assert weighted(graph)[10, 20] == 2  # names a private message; answers what is public
    assert counts(graph)["private"] == 2
    assert counts(graph)["read"] == 8
    some = events.assign(private=events["private"].astype("boolean").mask(events["event_id"] > 6))
    assert counts(reply_graph(some))["private"] == 2


def test_kinds_that_make_links():
    graph = interaction_graph(make_events())
    assert weighted(graph)[50, 20] == 1
    assert 60 not in graph
    reactions = reply_graph(make_events(), kinds=["reaction"], link="previous")
    assert weighted(reactions) == {(50, 20): 1}
    unnamed = make_events().assign(parent_id=None)
    assert counts(interaction_graph(unnamed))["unattributed"] == 1  # a reaction names its message
    with pytest.raises(ParameterError, match="Did you mean 'reply'"):
        reply_graph(make_events(), kinds=["replies"])


# --- mentions ---------------------------------------------------------------------------------


def test_messages_with_a_receiver():
    events = pd.DataFrame(
        {
            "event_id": [1, 2, 3, 4],
            "timestamp": pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04"]),
            "member_id": [1, 1, 2, 3],
            "receiver_id": pd.array([2, 2, 1, None], dtype="Int64"),
            "kind": ["topic", "topic", "reply", "topic"],
        }
    )
    graph = reply_graph(events)
    assert graph.graph["link"] == "mention"
    assert weighted(graph) == {(1, 2): 2, (2, 1): 1}
    assert list(graph) == [1, 2, 3]
    assert counts(graph) == fates(read=4, kept=3, mention=3, unattributed=1)
    threaded = events.assign(thread_id=1)
    assert reply_graph(threaded).graph["link"] == "previous"
    assert weighted(reply_graph(threaded, link="mention")) == {(1, 2): 2, (2, 1): 1}
    members = pd.DataFrame({"member_id": [1, 2, 3], "role": ["member", "staff", "member"]})
    alone = reply_graph(community(events=events, members=members, without="team"))
    assert list(alone) == [1, 3]
    assert counts(alone)["excluded"] == 3


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("merci @Léa !", "Léa"),
        ("@léa, oui", "Léa"),
        ("<@U12> look", "U12"),
        ("(@Tom Petit) et @Léa", "Tom Petit"),
        ("@Tom", "Tom"),
        ("@u12.", "U12"),
        ("write to me@Tom or lea@Tom", None),
        ("@nobody then @Tom", "Tom"),
        ("@Max and @Tom", "Tom"),  # Max is the author
        ("@Max only", "self"),
        ("no name", None),
        (None, None),
        ("@", None),
    ],
)
def test_names_in_the_text(text, who):
    people = ["Max", "Léa", "U12", "Tom", "Tom Petit", "max"]
    events = pd.DataFrame(
        {
            "timestamp": pd.date_range("2025-01-01", periods=7, freq="D"),
            "member_id": [*people, "Max"],
            "kind": ["topic"] * 6 + ["reply"],
            "text": pd.Series([None] * 6 + [text], dtype="str"),
        }
    )
    graph = reply_graph(events, link="mention")
    assert list(graph.edges) == ([] if who in (None, "self") else [("Max", who)])
    assert counts(graph)["self"] == (who == "self")


def test_members_who_never_wrote_can_be_named():
    events = pd.DataFrame(
        {
            "event_id": [1],
            "timestamp": pd.to_datetime(["2025-01-01"]),
            "member_id": ["ada"],
            "kind": ["topic"],
            "text": ["welcome @bo"],
        }
    )
    members = pd.DataFrame({"member_id": ["ada", "bo"]})
    club = community(events=events, members=members)
    assert list(reply_graph(club, link="mention").edges) == [("ada", "bo")]
    assert list(reply_graph(events, link="mention").edges) == []


# --- the same, said otherwise -----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(200))
@pytest.mark.filterwarnings("ignore::cmlib.errors.NotCountedWarning")
def test_links_by_hand_on_random_logs(seed):
    club = random_talk(seed)
    left = club.log.left_out
    for rule in ("parent", "previous", "opener"):
        slow = SlowTalk(club, rule, out=left.ids, silent=left.silent, no_deleted=left.deleted)
        for kinds in (("reply",), ("reply", "reaction")):
            graph = reply_graph(club, link=rule, kinds=kinds)
            weights, what = slow.links(kinds)
            assert weighted(graph) == weights
            assert {fate: n for fate, n in counts(graph).items() if n} == what


def test_every_engine_draws_the_same_graph(engine):
    events = make_events().assign(
        private=lambda table: table["event_id"] == 3,
        receiver_id=pd.array([None, 10, 40, None, 10, *[None] * 7], dtype="Int64"),
    )
    here = community(events=events, members=MEMBERS, without="team")
    there = community(events=engine.give(events), members=MEMBERS, without="team")
    for link in (None, "parent", "previous", "opener", "mention"):
        ours, theirs = reply_graph(here, link=link), reply_graph(there, link=link)
        assert weighted(theirs) == weighted(ours)
        assert list(theirs) == list(ours)
        assert counts(theirs) == counts(ours)
    chosen = events[events["event_id"].isin([2, 6])]
    views = here.view(events=chosen), there.view(events=engine.give(chosen))
    ours, theirs = (weighted(reply_graph(view, link="previous")) for view in views)
    assert theirs == ours == {(20, 10): 1, (30, 10): 1}
    bare = reply_graph(engine.give(events))
    assert weighted(bare) == weighted(reply_graph(events))


def test_large_ids_stay_whole_on_every_engine(engine):
    big = 1_100_000_000_000_000_001  # a Discord number: a float would round it
    rows = [(big, 5, "topic", None), (big + 1, 7, "reply", big), (big + 2, 5, "reply", big + 1)]
    table = pd.DataFrame(rows, columns=["event_id", "member_id", "kind", "parent_id"])
    table["parent_id"] = pd.array([None, big, big + 1], dtype="Int64")
    table["member_id"] = pd.array([big + 10, big + 11, big + 10], dtype="Int64")
    table["timestamp"] = pd.date_range("2025-01-01", periods=3, freq="h", unit="s")
    graph = reply_graph(engine.give(table))
    assert weighted(graph) == {(big + 11, big + 10): 1, (big + 10, big + 11): 1}


@pytest.mark.parametrize("kind", ["float", "text", "categorical", "pyarrow", "object", "mixed"])
@pytest.mark.parametrize("link", ["parent", "previous", "opener"])
def test_types_of_ids(kind, link):
    events = make_events()
    ids = ["member_id", "event_id", "parent_id", "thread_id"]
    typed = {
        "float": lambda: events.astype({"member_id": "float64", "parent_id": "float64"}),
        "text": lambda: events.assign(
            **{name: ("x" + events[name].astype("str")).where(events[name].notna()) for name in ids}
        ),
        "categorical": lambda: events.astype(dict.fromkeys([*ids, "kind"], "category")),
        "pyarrow": lambda: events.astype(dict.fromkeys(ids, "int64[pyarrow]")),
        "object": lambda: events.astype(object).assign(timestamp=events["timestamp"]),
        "mixed": lambda: events.astype({"event_id": "str"}),
    }[kind]()
    wanted, found = reply_graph(events, link=link), reply_graph(typed, link=link)
    assert counts(found) == counts(wanted)
    name = (lambda one: f"x{one}") if kind == "text" else int
    assert weighted(found) == {(name(a), name(b)): n for (a, b), n in weighted(wanted).items()}
    assert all(type(person) is (str if kind == "text" else int) for person in found)


def test_links_need_no_graph_to_be_summed_up():
    for seed in range(20):
        club = random_talk(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotCountedWarning)
            links, graph = link_arrays(club, link="previous"), reply_graph(club, link="previous")
        assert links.nodes == list(graph)
        row = network_summary(graph).iloc[0].to_dict()
        assert summary_of_links(links) == pytest.approx(row, nan_ok=True)


@pytest.mark.skipif(importlib.util.find_spec("igraph") is None, reason="igraph is not installed")
def test_links_are_summed_up_without_networkx():
    code = (
        "import sys, pandas as pd\n"
        "from cmlib.network.links import link_arrays\n"
        "from cmlib.network.summary import summary_of_links\n"
        "events = pd.DataFrame({'event_id': [1, 2, 3], 'member_id': [1, 2, 1], 'thread_id': 7,\n"
        "    'kind': ['topic', 'reply', 'reply'], 'timestamp': [0, 60, 120]})\n"
        "print(summary_of_links(link_arrays(events))['reciprocity'], 'networkx' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1.0", "False"]


# --- pairs ------------------------------------------------------------------------------------


def test_pair_graph_by_hand():
    pairs = pd.DataFrame(
        {
            "from": ["a", "a", "b", "c", None],
            "to": ["b", "b", "a", "c", "a"],
            "n": [2.0, 3.0, 1.5, 1.0, 1.0],
        }
    )
    plain = pair_graph(pairs, source="from", target="to")
    assert weighted(plain) == {("a", "b"): 2, ("b", "a"): 1}
    assert list(plain) == ["a", "b", "c"]
    heavy = pair_graph(pairs, source="from", target="to", weight="n")
    assert weighted(heavy) == {("a", "b"): 5.0, ("b", "a"): 1.5}
    assert counts(heavy) == {
        "read": 5,
        "kept": 3,
        "self": 1,
        "deleted": 1,
        "excluded": 0,
        "weightless": 0,
    }


def test_weight_zero_or_empty_is_no_link_and_is_counted():
    pairs = pd.DataFrame({"source": [1, 2, 3], "target": [2, 3, 1], "n": [0, None, 2]})
    graph = pair_graph(pairs, weight="n")
    assert weighted(graph) == {(3, 1): 2.0}
    assert counts(graph)["weightless"] == 2
    assert list(graph) == [1, 2, 3]


def test_negative_weight_is_refused():
    pairs = pd.DataFrame({"source": [1], "target": [2], "n": [-1]})
    with pytest.raises(TableError, match=r"negative weights, for example -1\.0"):
        pair_graph(pairs, weight="n")


def test_ties_without_direction():
    ties = pd.DataFrame({"source": ["A", "B", "A", "C"], "target": ["B", "C", "C", "A"]})
    graph = pair_graph(ties, directed=False)
    assert not graph.is_directed()
    assert weighted(graph) == {("A", "B"): 1, ("A", "C"): 2, ("B", "C"): 1}
    row = network_summary(graph).iloc[0]
    assert (row["links"], row["density"]) == (3, 1)
    assert pd.isna(row["reciprocity"])
    assert centralities(graph, measures=["closeness"])["closeness"].to_list() == [1, 1, 1]
    heavy = pair_graph(ties.assign(n=[1, 2, 3, 4]), weight="n", directed=False, without=["B"])
    assert weighted(heavy) == {("A", "C"): 7}
    assert counts(heavy)["excluded"] == 2
    assert len(pair_graph(ties.head(0), directed=False)) == 0
    assert weighted(symmetrise(pair_graph(ties))) == weighted(graph)


def test_pairs_on_every_engine(engine):
    ties = pd.DataFrame(
        {"a": [1, 2, 1], "b": pd.array([2, None, 3], dtype="Int64"), "n": [1, 2, 3]}
    )
    options = {"source": "a", "target": "b", "weight": "n", "people": [9]}
    ours, theirs = pair_graph(ties, **options), pair_graph(engine.give(ties), **options)
    assert weighted(theirs) == weighted(ours) == {(1, 2): 1, (1, 3): 3}
    assert counts(theirs) == counts(ours)


def test_empty_tables_give_empty_graphs():
    events = make_events()
    graph = reply_graph(events[events["kind"] == "none"])
    assert len(graph) == 0
    assert counts(graph)["read"] == 0
    assert list(reply_graph(events[events["kind"] == "topic"])) == [10, 40]
    assert len(pair_graph(pd.DataFrame({"source": [], "target": []}))) == 0
    for link in ("parent", "previous", "opener"):
        assert len(reply_graph(events.head(0), link=link)) == 0


@given(st.randoms())
def test_row_order_changes_nothing(random):
    events = make_events()
    order = list(range(len(events)))
    random.shuffle(order)
    ours, theirs = reply_graph(events), reply_graph(events.iloc[order])
    assert list(ours) == list(theirs)
    assert list(ours.edges(data=True)) == list(theirs.edges(data=True))


@given(
    st.lists(st.tuples(st.none() | st.integers(0, 5), st.none() | st.integers(0, 5)), max_size=30),
    st.sets(st.integers(0, 5)),
)
def test_every_row_has_one_fate(rows, without):
    pairs = pd.DataFrame(rows, columns=["source", "target"], dtype="Int64")
    graph = pair_graph(pairs, without=without)
    fates = counts(graph)
    assert fates.pop("read") == len(rows) == sum(fates.values())
    assert fates["kept"] == graph.size(weight="weight")
    assert nx.number_of_selfloops(graph) == 0
    graph.remove_nodes_from(list(graph))  # the adjacency is coherent both ways
    assert graph.size() == 0


@given(graphs())
def test_symmetrise_keeps_all_the_weight(graph):
    both = symmetrise(graph)
    assert both.size(weight="weight") == pytest.approx(graph.size(weight="weight"))
    assert set(both) == set(graph)
    if graph.is_directed():
        for one, other in both.edges:
            expected = sum(
                graph[a][b]["weight"]
                for a, b in {(one, other), (other, one)}
                if graph.has_edge(a, b)
            )
            assert both[one][other]["weight"] == expected


def test_to_undirected_loses_weight_and_symmetrise_does_not():
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([(1, 2, 3), (2, 1, 5)])
    assert graph.to_undirected().size(weight="weight") < 8
    assert symmetrise(graph).size(weight="weight") == 8


def test_symmetrise_adds_parallel_links_and_keeps_attributes():
    graph = nx.MultiDiGraph([(1, 2), (1, 2), (2, 1)])
    graph.nodes[1]["role"] = "staff"
    both = symmetrise(graph)
    assert both[1][2]["weight"] == 3
    assert both.nodes[1] == {"role": "staff"}


def test_input_is_not_changed():
    events = make_events()
    before = events.copy()
    reply_graph(events, link="opener")
    pd.testing.assert_frame_equal(events, before)


def test_repeated_event_is_refused_with_the_remedy():
    events = pd.concat([make_events(), make_events().head(1)])
    with pytest.raises(TableError, match=r"drop_duplicates\(\"event_id\"\)"):
        reply_graph(events)


def test_missing_column_names_the_nearest():
    with pytest.raises(ColumnError, match="Did you mean 'parent'"):
        reply_graph(make_events().rename(columns={"parent_id": "parent"}), link="parent")
    with pytest.raises(ColumnError, match="'kind' is not in the table"):
        reply_graph(make_events().drop(columns="kind"))


def test_unknown_choice():
    with pytest.raises(ParameterError, match="parent, previous, opener, mention"):
        reply_graph(make_events(), link="author")
    with pytest.raises(ParameterError, match="kind='poke' is not accepted"):
        reply_graph(make_events().assign(kind="poke"))


def test_what_is_no_log():
    with pytest.raises(ParameterError, match="community or a table is expected"):
        reply_graph({"events": 1})
    with pytest.raises(TableError, match=r"draw reply_graph\(community\)"):
        pair_graph(community(events=make_events()))


def test_link_counts_speak_french():
    with use_language("fr"):
        about = link_counts(reply_graph(make_events()))["about"].to_list()
    assert "réponses à soi-même" in about
    assert link_counts(nx.DiGraph()).empty


def test_people_to_leave_out_may_be_ids_a_column_or_a_table():
    pairs = pd.DataFrame({"source": [20, 30], "target": [10, 10]})
    team = pd.DataFrame({"member_id": [20], "role": ["staff"]})
    for one in ([20], {20}, team["member_id"], team["member_id"].to_numpy(), team):
        assert list(pair_graph(pairs, without=one).edges) == [(30, 10)]
        club = community(events=make_events(), without=one)
        assert 20 not in reply_graph(club)
    with pytest.raises(ColumnError, match="'member_id' is not in the table"):
        pair_graph(pairs, without=team[["role"]])
    with pytest.raises(ParameterError, match=r"without='20' is not a list of members"):
        pair_graph(pairs, without="20")


# --- real logs --------------------------------------------------------------------------------


@needs_real_logs
def test_messages_of_a_student_community():
    club = read(FOLDER / "CollegeMsg.txt", member="#1", receiver="#2", time="#3", sep="spaces")
    graph = reply_graph(club)
    assert graph.graph["link"] == "mention"
    assert (len(graph), graph.number_of_edges()) == (1_899, 20_296)
    assert nx.overall_reciprocity(graph) == pytest.approx(0.64, abs=0.005)


@needs_real_logs
def test_questions_and_answers_of_a_real_site():
    club = history_meta()
    graph = reply_graph(club)
    assert graph.graph["link"] == "parent"
    assert nx.overall_reciprocity(graph) == pytest.approx(0.42, abs=0.005)
