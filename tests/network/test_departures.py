"""Who is still connected after departures: hand-worked networks, NetworkX's own count."""

import networkx as nx
import pytest

from cmlib import network
from cmlib.errors import ParameterError

PAIRS = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("x", "y")]


@pytest.fixture
def line():
    return network.contact_network(PAIRS)


def row(table):
    return table.iloc[0].to_dict()


def test_departures_by_hand(line):
    assert row(network.after_departures(line)) == {
        "gone": 0, "connected": 5, "connected_share": 5 / 7, "cut_off": 0, "pieces": 2,
    }  # fmt: skip
    assert row(network.after_departures(line, gone=["c"])) == {
        "gone": 1, "connected": 2, "connected_share": 2 / 7, "cut_off": 2, "pieces": 3,
    }  # fmt: skip
    built = network.after_departures(line, gone=["c"], links=[("b", "d")])
    assert row(built) == {
        "gone": 1, "connected": 4, "connected_share": 4 / 7, "cut_off": 0, "pieces": 2,
    }  # fmt: skip


def test_the_network_given_does_not_change(line):
    before = sorted(line.edges())
    network.after_departures(line, gone=["c"], links=[("a", "e")])
    assert sorted(line.edges()) == before


def test_a_link_to_somebody_who_leaves_is_lost(line):
    assert row(network.after_departures(line, gone=["c"], links=[("b", "c")]))["connected"] == 2


def test_somebody_who_is_not_in_the_network_is_refused(line):
    with pytest.raises(ParameterError, match="'z' is not in this network"):
        network.after_departures(line, gone=["z"])
    with pytest.raises(ParameterError, match="'w' is not in this network"):
        network.after_departures(line, links=[("a", "w")])


def test_nobody_at_all():
    assert network.after_departures(nx.Graph())["connected_share"].isna().all()


def test_the_team_is_left_out_and_both_directions_are_added(brand):
    members = brand.members
    team = members.loc[members["role"] != "member", "member_id"]
    replies = network.reply_graph(brand.view(without="team"))
    net = network.contact_network(brand)
    assert not set(net) & set(team)
    assert net.size("weight") == replies.size("weight")


def test_the_same_figures_as_the_curve_of_removals(brand):
    net = network.contact_network(brand)
    curve = network.removal_curve(net, by="degree", most=3, runs=1)
    gone = curve["member_id"].dropna().tolist()
    assert row(network.after_departures(net, gone=gone))["connected"] == curve["giant_people"].min()
