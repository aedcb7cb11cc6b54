"""Every explorer works on a log of one's own, or names the table it needs in one sentence."""

import pandas as pd
import pytest

from cmlib import data, explore
from cmlib.errors import TableError
from cmlib.i18n import set_language

ON_EVENTS = (
    "activity_explorer",
    "central_explorer",
    "cohort_explorer",
    "departures_explorer",
    "most_active_explorer",
    "network_explorer",
    "promise_explorer",
)
ON_A_TABLE = {"without_biggest_explorer": "posts", "roi_explorer": "costs"}


def own_log():
    """A log of one's own: events and nothing else, with ids that are words."""
    events = pd.DataFrame(
        {
            "event_id": range(40),
            "timestamp": pd.date_range("2025-01-01", periods=40, freq="31h"),
            "member_id": [f"m{place % 5}" for place in range(40)],
            "kind": ["topic", "reply", "reply", "reply"] * 10,
            "thread_id": [f"t{place // 4}" for place in range(40)],
        }
    )
    return data.community(events=events, complete_history=True)


def sentence(name, community):
    """What an explorer says, in the place of its chart or as an error."""
    try:
        return getattr(explore, name)(community).said
    except TableError as error:
        return str(error)


def test_no_explorer_is_forgotten():
    named = {name for name in explore.__all__ if name.endswith("_explorer")}
    assert named == {*ON_EVENTS, *ON_A_TABLE}


@pytest.mark.parametrize("name", ON_EVENTS)
def test_explorers_work_with_events_alone(name):
    box = getattr(explore, name)(own_log())
    assert box.said and box.controls


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", [*ON_EVENTS, *ON_A_TABLE])
def test_an_explorer_says_which_table_it_needs(name, language):
    set_language(language)
    orders = pd.DataFrame({"customer_id": [1], "timestamp": pd.to_datetime(["2025-01-01"])})
    other = own_log() if name in ON_A_TABLE else data.community(orders=orders)
    said = sentence(name, other)
    assert ON_A_TABLE.get(name, "events") in said
    assert "\n" not in said
