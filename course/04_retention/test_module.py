"""What module 04 says in prose is true of the data it loads."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cmlib import data, kpi
from cmlib.learn.question import question_code

m04 = question_code(Path(__file__).with_name("questions.py"))
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def brand(brand):
    return brand.view(without="team")


@pytest.fixture(scope="module")
def people(brand):
    members = brand.members
    members = members[members["role"] == "member"]
    seen = brand.events.merge(members, on="member_id")
    age = seen["timestamp"] - seen["joined_at"]
    late = seen[(age >= 90 * DAY) & (age < 120 * DAY)]
    return members.assign(stayed=members["member_id"].isin(late["member_id"]))


@pytest.fixture(scope="module")
def old(brand, people):
    return people[people["joined_at"] <= brand.end - 120 * DAY]


@pytest.fixture(scope="module")
def triangle(brand):
    return kpi.classic_retention(brand, windows=6)


def between(rows, first, last, column="timestamp"):
    return rows[(rows[column] >= first) & (rows[column] < last)]


def test_the_contest_brought_more_than_any_whole_month_before(people):
    first, after = "2024-09-01 22:00", "2024-09-21 22:00"  # midnight in Paris
    contest = between(people, first, after, "joined_at")
    before = people[people["joined_at"] < "2024-09-01"]
    months = before["joined_at"].dt.strftime("%Y-%m").value_counts()
    assert len(contest) > months.max()
    assert (len(contest), (people["source"] == "contest").sum()) == (535, 451)


def test_eight_in_ten_of_june_and_few_of_all(brand, people):
    here = people[people["joined_at"] < "2025-05-01"]
    may, june = (
        here["member_id"].isin(between(brand.events, first, last)["member_id"])
        for first, last in (("2025-05-01", "2025-06-01"), ("2025-06-01", "2025-07-01"))
    )
    assert (may & june).sum() / june.sum() == pytest.approx(0.82, abs=0.005)
    assert june.mean() == pytest.approx(0.06, abs=0.005)
    assert (int(june.sum()), len(here)) == (168, 2730)


def test_november_rises_in_window_three_and_its_second_window_is_28_percent(triangle):
    line = triangle[triangle["cohort"] == "2024-11-01"].set_index("window")
    assert line["retained"][3] > line["retained"][2]
    assert round(line["retention"][2], 2) == 0.28


def test_the_worst_lines_the_white_cells_and_the_founders(triangle, people):
    worst = {k: triangle[triangle["window"] == k] for k in (1, 3)}
    worst = {k: rows.loc[rows["retention"].idxmin(), "cohort"] for k, rows in worst.items()}
    assert worst == {1: pd.Timestamp("2025-04-01"), 3: pd.Timestamp("2024-09-01")}
    white = triangle.groupby("cohort")["retention"].count() == 0
    assert not white["2024-01-01":"2025-05-01"].any()
    known = triangle[(triangle["window"] == 3) & triangle["complete"]]["retention"]
    assert 0.14 < known.min() < 0.16 and 0.44 < known.max() < 0.46
    january = triangle[triangle["cohort"] == "2024-01-01"]["n"].max()
    founders = people[people["source"] == "import"]
    assert founders["joined_at"].max() < pd.Timestamp("2024-01-31")
    assert round(4 * len(founders) / january) == 1 and founders["stayed"].all()


def test_the_bug_puts_search_under_social_and_the_repair_turns_it(brand, people, old):
    before = people.groupby("source")["stayed"].mean()
    after = old.groupby("source")["stayed"].mean()
    assert before["search"] < before["social"] and after["search"] > after["social"]
    shown = [f"{100 * share:.0f}" for share in (before["search"], before["social"])]
    assert shown == ["17", "20"]
    assert [f"{100 * after[s]:.0f}" for s in ("contest", "social", "search", "event")] == [
        "11", "24", "30", "36",
    ]  # fmt: skip
    assert after["referral"] == 0.5 and after["contest"] == pytest.approx(1 / 9, abs=0.005)
    assert before.drop("import").idxmax() == "referral" and before["import"] == 1
    assert before.idxmin() == "contest"
    young = people[(people["source"] == "search") & (people["joined_at"] > old["joined_at"].max())]
    wave = between(young, "2025-04-08", "2025-04-13", "joined_at")
    assert len(wave) > 0.5 * len(young)


def test_one_arrival_in_four_falls_between_the_two_definitions(brand, people):
    group = between(people, "2024-02-01", "2025-01-01", "joined_at")
    members = brand.members
    arrived = brand.view(without=members[~members["member_id"].isin(group["member_id"])])
    rows = kpi.classic_retention(arrived, windows=5)
    sums = rows[rows["complete"]].groupby("window")[["n", "retained"]].sum()
    classic = (sums["retained"] / sums["n"]).to_numpy()
    rolling = kpi.rolling_retention(arrived, windows=5)
    assert (sums["n"] == len(group)).all() and (rolling["n"] == len(group)).all()
    rolling = rolling["retention"].to_numpy()
    assert classic[1] == pytest.approx(0.23, abs=0.005)
    assert rolling[1] == pytest.approx(0.325, abs=0.005)
    assert classic[3] > classic[2] and (rolling[1:] <= rolling[:-1]).all()
    assert (rolling >= classic).all()


def test_a_part_of_the_gap_goes_with_the_contest_and_most_is_left(brand, old):
    topics = brand.events[brand.events["kind"] == "topic"].sort_values("timestamp")
    first = topics[topics["member_id"].isin(old["member_id"])].drop_duplicates("member_id")
    replies = brand.events[brand.events["kind"] == "reply"]
    pairs = first.merge(replies, on="thread_id", suffixes=("", "_2"))
    pairs = pairs[(pairs["member_id"] != pairs["member_id_2"]).fillna(False)]
    quick = pairs[pairs["timestamp_2"] - pairs["timestamp"] < DAY]
    both = old.merge(first[["member_id", "event_id"]], on="member_id")
    both["welcomed"] = both["event_id"].isin(quick["event_id"])

    def shares(rows):
        return rows.groupby("welcomed")["stayed"].mean().round(3).tolist()

    apart = both[both["source"] != "contest"]
    assert len(both) == 729 and (~apart["welcomed"]).sum() == 139
    assert shares(both) == [0.225, 0.403] and shares(apart) == [0.309, 0.437]
    later = apart[apart["source"] != "import"]
    assert shares(later) == [0.244, 0.414] and (~later["welcomed"]).sum() == 127
    by_source = both.groupby("source")[["welcomed", "stayed"]].mean()
    assert by_source["welcomed"].rank()["import"] == 2 and by_source["stayed"]["import"] == 1
    assert by_source.idxmin().tolist() == ["contest", "contest"]


def test_the_trainer_tells_the_true_effect_of_an_early_answer(brand, old):
    truth = pd.read_csv(data.data_home() / "truth" / "brand" / "members.csv")
    story = json.loads((data.data_home() / "truth" / "brand.json").read_text(encoding="utf-8"))
    theta = story["parameters"]["theta"]
    wrote = brand.events.loc[brand.events["kind"] == "topic", "member_id"]
    asked = old[old["member_id"].isin(wrote) & (old["source"] != "import")]
    asked = asked.merge(truth, on="member_id")
    odds = np.log(asked["stay_probability"] / (1 - asked["stay_probability"]))
    without = odds - theta * asked["answered_24h"]
    effect = 1 / (1 + np.exp(-without - theta)) - 1 / (1 + np.exp(-without))
    assert theta == 0.95
    assert effect.mean() == pytest.approx(0.16, abs=0.005)
    assert effect[asked["source"] != "contest"].mean() == pytest.approx(0.18, abs=0.005)


def test_the_exercises_say_what_the_data_say():
    languages = m04._shares("language")
    assert languages.round(3).to_dict() == {"en": 0.286, "fr": 0.3}
    assert round(m04._overall(), 3) == 0.297 and round(m04._overall(whole=False), 3) == 0.224
    at_30 = m04._shares("source", 30, 60).round(2).to_dict()
    assert at_30 == {
        "contest": 0.11, "search": 0.15, "social": 0.21, "event": 0.27, "referral": 0.37,
        "import": 0.97,
    }  # fmt: skip
