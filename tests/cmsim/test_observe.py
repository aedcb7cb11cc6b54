"""The end of the observation: every table is cut there, by its contract, and nothing else moves."""

import dataclasses
import sys

import pandas as pd
import pytest

from cmlib.data.schema import PACK_TABLES, TABLES
from cmlib.errors import ParameterError
from cmsim import PACKS, generate
from cmsim.build import build_world
from cmsim.generate import END, START
from cmsim.observe import cut_labels, cut_tables, observed, observed_table
from cmsim.presets import load_preset
from cmsim.world import midnight

CUT = pd.Timestamp("2025-07-14 22:00")
BEFORE, LATER = pd.Timestamp("2025-07-14 21:59:59"), pd.Timestamp("2025-07-14 22:00")


def test_rows_at_the_end_go_and_those_a_second_before_stay():
    events = pd.DataFrame(
        {
            "event_id": [1, 2, 3],
            "timestamp": [BEFORE, LATER, LATER + pd.Timedelta(hours=1)],
            "member_id": pd.array([1, 1, None], dtype="Int64"),
            "thread_id": pd.array([1, 2, 1], dtype="Int64"),
            "parent_id": pd.array([None, None, 2], dtype="Int64"),
        }
    )
    given = events.copy()
    found = cut_tables({"events": events}, CUT)["events"]
    assert found["event_id"].to_list() == [1]
    assert found.dtypes.to_dict() == given.dtypes.to_dict()
    pd.testing.assert_frame_equal(events, given)


def test_what_came_later_is_unknown_with_what_depends_on_it():
    tickets = pd.DataFrame(
        {
            "ticket_id": [1, 2, 3],
            "member_id": pd.array([1, 2, None], dtype="Int64"),
            "opened_at": [BEFORE] * 3,
            "first_response_at": [BEFORE, LATER, pd.NaT],
            "resolved_at": [LATER, LATER, pd.NaT],
            "reopened": [True, False, False],
            "csat": pd.array([5, 1, None], dtype="Int64"),
        }
    )
    found = cut_tables({"tickets": tickets}, CUT)["tickets"]
    assert found["first_response_at"].to_list() == [BEFORE, pd.NaT, pd.NaT]
    assert found["resolved_at"].isna().all()
    assert found["csat"].isna().all()
    assert found["reopened"].to_list() == [False] * 3
    assert found.dtypes.to_dict() == tickets.dtypes.to_dict()

    items = pd.DataFrame(
        {
            "item_id": [1, 2],
            "event_id": pd.array([1, 2], dtype="Int64"),
            "reported_at": [BEFORE] * 2,
            "decided_at": [BEFORE, LATER],
            "decision": pd.array(["remove", "remove"], dtype="str"),
            "rule_id": pd.array([1, 1], dtype="Int64"),
            "reason": pd.array(["insult", "insult"], dtype="str"),
            "appeal": [True, True],
            "moderator_a": pd.array(["keep", "keep"], dtype="str"),
            "moderator_b": pd.array(["keep", "keep"], dtype="str"),
        }
    )
    found = cut_tables({"moderation": items}, CUT)["moderation"]
    assert found["decision"].to_list()[:1] == ["remove"]
    late = found.loc[1, ["decided_at", "decision", "rule_id", "reason", "moderator_a"]]
    assert late.isna().all()
    assert found["appeal"].to_list() == [True, False]
    assert found["event_id"].to_list() == [1, 2]  # no table of events: the reference stays


def test_who_refers_to_a_row_that_went_goes_too_or_loses_it():
    members = pd.DataFrame({"member_id": [1, 2], "joined_at": [BEFORE, LATER]})
    tables = {
        "members": members,
        "audience": pd.DataFrame({"influencer_id": [7, 7, 8], "member_id": [1, 2, 2]}),
        "influencers": pd.DataFrame({"influencer_id": [7, 8], "followers": [10, 20]}),
        "feedback": pd.DataFrame(
            {
                "feedback_id": [1, 2],
                "timestamp": [BEFORE, BEFORE],
                "member_id": pd.array([1, 2], dtype="Int64"),
            }
        ),
    }
    found = cut_tables(tables, CUT)
    assert found["members"]["member_id"].to_list() == [1]
    assert found["audience"].to_numpy().tolist() == [[7, 1]]
    assert found["influencers"]["influencer_id"].to_list() == [7, 8]  # nothing of theirs went
    assert found["feedback"]["member_id"].to_list() == [1, pd.NA]
    labels = {"members": pd.DataFrame({"member_id": [1, 2], "troll": [True, False]})}
    assert cut_labels(labels, found)["members"].to_numpy().tolist() == [[1, True]]


def test_a_table_without_anything_late_is_given_back_as_it_is():
    orders = pd.DataFrame({"order_id": [1], "customer_id": [4], "timestamp": [BEFORE]})
    costs = pd.DataFrame({"month": ["2025-07"], "item": ["tools"]})
    found = cut_tables({"orders": orders, "costs": costs}, CUT)
    assert found["orders"] is orders
    assert found["costs"] is costs


def test_midnight_follows_the_clock_changes():
    assert midnight(START, "Europe/Paris") == pd.Timestamp("2023-12-31 23:00")
    assert midnight(END, "Europe/Paris") == CUT
    assert midnight(START, "Europe/London") == START
    assert midnight(END, "Europe/London") == pd.Timestamp("2025-07-14 23:00")


@pytest.fixture(scope="module", params=PACKS)
def pack(request):
    return request.param


def test_the_home_zone_is_where_most_members_live(pack):
    made = generate(pack)
    people = made.community.members.query("role == 'member'")
    assert load_preset(pack)["tz"] == people["timezone"].mode().item()


def test_no_time_of_any_table_lies_at_or_after_the_last_midnight(pack):
    made = generate(pack, seed=31)
    end = midnight(END, load_preset(pack)["tz"])
    assert tuple(made.community.tables) == PACK_TABLES
    for name, table in made.community.tables.items():
        for column in TABLES[name].columns:
            if column.kind == "time":
                times = table[column.name].dropna()
                assert times.max() < end, (name, column.name)
                assert times.min() >= START, (name, column.name)


def test_the_cut_changes_nothing_but_the_end(pack):
    preset = load_preset(pack)
    options = {"members": preset["members"]["default"], "language": preset["language"]}
    drawn = build_world(preset, seed=preset["seed"], start=START, end=END, **options)
    made = generate(pack)
    events = made.community.events
    shown = ["event_id", "timestamp", "member_id", "thread_id", "parent_id"]
    first = drawn.events[drawn.events["timestamp"] < made.world.seen_until]
    pd.testing.assert_frame_equal(events[shown], first[shown].reset_index(drop=True))
    labels = made.world.latent["events"]
    assert labels["event_id"].to_list() == events["event_id"].to_list()
    told = made.truth["labels"]
    assert set(told["events"]["event_id"]) <= set(events["event_id"])
    assert told["members"]["member_id"].to_list() == made.community.members["member_id"].to_list()
    for name, key in (("moderation", "item_id"), ("feedback", "feedback_id")):
        assert told[name][key].to_list() == made.community.tables[name][key].to_list()
    again = observed(made.world)
    pd.testing.assert_frame_equal(again.events, made.world.events)
    tickets = made.community.tickets
    pd.testing.assert_frame_equal(observed_table(drawn, "tickets", tickets), tickets)


def test_a_zone_west_of_utc_is_refused(monkeypatch):
    preset = load_preset("forum")
    west = dataclasses.replace(preset, settings={**preset.settings, "tz": "America/Toronto"})
    module = sys.modules[generate.__module__]
    monkeypatch.setattr(module, "load_preset", lambda name: west)
    with pytest.raises(ParameterError, match=r"America/Toronto.*west of UTC.*on UTC or east"):
        generate("forum")
