"""docs/own_community: the code of three lessons, on an export that names everything otherwise.

The export is made here from the forum of the course. Each figure is compared with that of the
pack, of which only what the export holds is kept.
"""

import re

import pandas as pd
import pytest
from places import DOCS

from cmlib import data, kpi, network
from cmlib.data import community

PAGES = ("own_community.md", "own_community.fr.md")
COLUMNS = ["event_id", "timestamp", "member_id", "kind", "thread_id", "parent_id"]
OUTCOMES = ("november", "cohorts", "delays", "summary", "unanswered", "promise", "links", "lonely")


def blocks(page):
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)


def author(member):
    """Another name for a member: text, in another order."""
    return f"user-{int(member) * 7919 % 100_003:06d}"


def topic(thread):
    return f"t{int(thread) * 3:x}"


def message(event):
    return event + 500_000


def renamed(column, name):
    return column.map(name, na_action="ignore").astype("object").fillna("")


def export(events, path):
    """Write events as a platform would: other columns, other ids, local times, no order."""
    local = events["timestamp"].dt.tz_localize("UTC").dt.tz_convert("Europe/Paris")
    rows = pd.DataFrame(
        {
            "created_at": local.map(pd.Timestamp.isoformat),
            "author": renamed(events["member_id"], author),
            "topic": renamed(events["thread_id"], topic),
            "in_reply_to": message(events["parent_id"]),
            "message_no": message(events["event_id"]),
            "action": events["kind"],
        }
    )
    rows.sample(frac=1, random_state=1).to_csv(path, index=False)


def as_exported(table):
    """The ids of a result on the pack, as the export names them."""
    names = {"member_id": author, "thread_id": topic, "event_id": message}
    table = table.copy()
    for column in names.keys() & set(table.columns):
        known = table[column].notna()
        changed = table[column].astype("object")
        changed[known] = table.loc[known, column].map(names[column])
        table[column] = changed
    return table


def same(found, expected):
    found, expected = found.astype("object"), as_exported(expected).astype("object")
    found, expected = found.where(found.notna(), None), expected.where(expected.notna(), None)
    pd.testing.assert_frame_equal(found, expected, check_column_type=False)


@pytest.fixture(scope="module")
def forum():
    return data.load("forum")


@pytest.fixture(scope="module", params=["visits", "no visits"])
def events(request, forum):
    events = forum.events[COLUMNS]
    return events if request.param == "visits" else events[events["kind"] != "visit"]


@pytest.fixture(scope="module", params=PAGES)
def run(request, events, tmp_path_factory):
    """What the code of a page finds on the export."""
    import matplotlib.pyplot as plt

    folder = tmp_path_factory.mktemp("export")
    export(events, folder / "my_export.csv")
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for block in blocks(request.param):
            exec(block, names)
    plt.close("all")
    return names


@pytest.fixture(scope="module")
def expected(events):
    """The same calls on the pack, with the ids of the pack."""
    names = {"mine": community(events=events, tz="Europe/Paris")}
    code = "\n".join(blocks(PAGES[0])[1:])
    calls = [line for line in code.splitlines() if not line.startswith("explore.")]
    exec("from cmlib import explore, kpi, network\n" + "\n".join(calls), names)
    return names


def test_every_row_is_read(run, events):
    (report,) = run["mine"].readings
    assert (report.rows_read, report.rows_set_aside) == (len(events), 0)
    assert run["mine"].events["event_id"].to_list() == message(events["event_id"]).to_list()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_figures_are_those_of_the_pack(run, expected, outcome):
    assert len(run[outcome])
    same(run[outcome], expected[outcome])


def test_the_links_are_those_of_the_pack(run, expected):
    found, graph = run["everybody"], expected["everybody"]
    assert found.graph["link"] == graph.graph["link"] == "parent"
    assert set(found) == set(map(author, graph))
    links = {(author(a), author(b), n) for a, b, n in graph.edges(data="weight")}
    assert set(found.edges(data="weight")) == links


def test_who_was_there_already_is_said(run):
    cohorts = run["cohorts"].drop_duplicates("cohort")
    assert cohorts["already_there"].iloc[0] > 50
    assert cohorts["already_there"].iloc[1:].sum() == 0


def test_with_the_whole_history_it_is_the_pack_itself(forum, tmp_path):
    """Nothing is lost in the file: bounds, history and everybody said, the pack's own figures."""
    export(forum.events, tmp_path / "my_export.csv")
    mine = data.read(
        tmp_path / "my_export.csv", time="created_at", member="author", thread="topic",
        parent="in_reply_to", event="message_no", kind="action", tz="Europe/Paris",
        start="2024-01-01", end="2025-07-15", complete_history=True,
    )  # fmt: skip
    pack = forum.view(without=None)
    assert (mine.start, mine.end) == (pack.start, pack.end)
    asked = {"windows": 6, "since": "first_event"}
    same(kpi.classic_retention(mine, **asked), kpi.classic_retention(pack, **asked))
    same(kpi.first_response(mine), kpi.first_response(pack))
    same(kpi.first_response_summary(mine), kpi.first_response_summary(pack))
    same(network.newcomer_answers(mine), network.newcomer_answers(pack))
    staff = forum.members.loc[forum.members["role"] != "member", "member_id"]
    left = mine.view(without=[author(one) for one in staff])
    same(
        kpi.classic_retention(left, **asked),
        kpi.classic_retention(forum.view(without=list(staff)), **asked),
    )


def test_both_pages_hold_the_same_code():
    assert blocks(PAGES[0]) == blocks(PAGES[1])
