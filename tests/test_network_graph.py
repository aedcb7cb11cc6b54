import networkx as nx
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_helpers import graphs

from cmlib.errors import ColumnError, ParameterError, TableError
from cmlib.i18n import use_language
from cmlib.network import (
    interaction_graph,
    link_counts,
    pair_graph,
    reply_graph,
    symmetrise,
)


def make_events():
    """Ada opens a topic; Bo answers twice, Ada answers Bo, herself and a lost message."""
    return pd.DataFrame(
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
        ],
        columns=["event_id", "timestamp", "member_id", "kind", "thread_id", "parent_id"],
    ).astype(
        {
            "member_id": "Int64",
            "thread_id": "Int64",
            "parent_id": "Int64",
            "timestamp": "datetime64[s]",
        }
    )


def weighted(graph):
    return {(one, other): value for one, other, value in graph.edges(data="weight")}


def counts(graph):
    return link_counts(graph).set_index("fate")["events"].to_dict()


def test_reply_graph_by_hand():
    graph = reply_graph(make_events())
    assert list(graph) == [10, 20, 30, 40, 90]
    assert weighted(graph) == {(20, 10): 2, (10, 20): 1, (90, 10): 1}
    assert counts(graph) == {
        "read": 8,
        "kept": 4,
        "self": 1,
        "unattributed": 2,
        "deleted": 1,
        "excluded": 0,
    }


def test_topic_author_only_on_request_and_it_makes_false_self_replies():
    graph = reply_graph(make_events(), missing_parent="topic_author")
    assert weighted(graph) == {(20, 10): 2, (10, 20): 1, (30, 10): 1, (90, 10): 1}
    assert counts(graph)["unattributed"] == 0
    assert counts(graph)["self"] == 2  # event 7 became a reply of Ada to herself


def test_staff_can_be_left_out():
    graph = reply_graph(make_events(), exclude=[90])
    assert 90 not in graph
    assert counts(graph)["excluded"] == 1
    assert weighted(graph) == {(20, 10): 2, (10, 20): 1}


def test_people_without_a_message_can_be_shown():
    members = pd.Series([10, 60, 90], dtype="Int64")
    graph = reply_graph(make_events(), people=members, exclude=[90])
    assert list(graph) == [10, 20, 30, 40, 60]
    assert all(type(person) is int for person in graph)


def test_links_of_a_period_answer_older_messages():
    graph = reply_graph(make_events(), start="2025-01-03", end="2025-01-05")
    assert weighted(graph) == {(20, 10): 1, (10, 20): 1}
    assert counts(graph)["read"] == 2


def test_interaction_graph_adds_reactions():
    graph = interaction_graph(make_events())
    assert weighted(graph)[50, 20] == 1
    assert 60 not in graph


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


@pytest.mark.parametrize("kind", ["topic", "reply"])
def test_empty_table_gives_an_empty_graph(kind):
    events = make_events()
    graph = reply_graph(events[events["kind"] == "none"])
    assert len(graph) == 0
    assert counts(graph)["read"] == 0
    assert len(pair_graph(pd.DataFrame({"source": [], "target": []}))) == 0


@pytest.mark.parametrize("frame", ["polars", "lazy", "duckdb"])
def test_other_frames_give_the_same_graph(frame):
    events = make_events()
    there = pl.from_pandas(events)
    if frame == "lazy":
        there = there.lazy()
    if frame == "duckdb":
        import duckdb

        there = duckdb.from_arrow(there.to_arrow())
    ours, theirs = reply_graph(events), reply_graph(there)
    assert weighted(theirs) == weighted(ours)
    assert list(theirs) == list(ours)
    assert counts(theirs) == counts(ours)


def test_ids_read_as_decimals_become_whole_numbers():
    events = make_events().astype({"member_id": "float64", "parent_id": "float64"})
    assert list(reply_graph(events)) == [10, 20, 30, 40, 90]


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
def test_every_row_has_one_fate(rows, exclude):
    pairs = pd.DataFrame(rows, columns=["source", "target"], dtype="Int64")
    graph = pair_graph(pairs, exclude=exclude)
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
    reply_graph(events, missing_parent="topic_author")
    pd.testing.assert_frame_equal(events, before)


def test_repeated_event_is_refused_with_the_remedy():
    events = pd.concat([make_events(), make_events().head(1)])
    with pytest.raises(TableError, match=r"drop_duplicates\(\"event_id\"\)"):
        reply_graph(events)


def test_missing_column_names_the_nearest():
    with pytest.raises(ColumnError, match="Did you mean 'parent'"):
        reply_graph(make_events().rename(columns={"parent_id": "parent"}))


def test_unknown_choice():
    with pytest.raises(ParameterError, match="leave_out, topic_author"):
        reply_graph(make_events(), missing_parent="author")


def test_a_community_is_not_a_table():
    with pytest.raises(TableError, match=r"give community\.events"):
        reply_graph({"events": 1})


def test_link_counts_speak_french():
    with use_language("fr"):
        about = link_counts(reply_graph(make_events()))["about"].to_list()
    assert "réponses à soi-même" in about
    assert link_counts(nx.DiGraph()).empty


def test_people_to_leave_out_may_be_ids_a_column_or_a_table():
    events = pd.DataFrame(
        {"event_id": [1, 2, 3], "kind": ["topic", "reply", "reply"], "member_id": [10, 20, 30],
         "parent_id": [None, 1, 1]}
    )  # fmt: skip
    team = pd.DataFrame({"member_id": [20], "role": ["staff"]})
    for one in ([20], {20}, team["member_id"], team["member_id"].to_numpy(), team):
        assert list(reply_graph(events, exclude=one).edges) == [(30, 10)]
    with pytest.raises(ColumnError, match="'member_id' is not in the table"):
        reply_graph(events, exclude=team[["role"]])
    with pytest.raises(ParameterError, match=r"exclude='20' is not a list of members"):
        reply_graph(events, exclude="20")
