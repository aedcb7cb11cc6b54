"""What the prose of module 02 says is true of the course's data."""

import json

import pytest

from cmlib import data, kpi
from cmlib.learn.explain import explain

CONTRIBUTIONS = ["topic", "reply", "reaction", "accept"]


@pytest.fixture(scope="module")
def brand(brand):
    return brand.view(without="team")


@pytest.fixture(scope="module")
def active(brand):
    return kpi.active_by_period(brand).set_index("period")


def on(curve, day):
    return int(curve[curve["day"] == day]["n"].sum())


def test_the_lesson_finds_the_contest_of_the_truth(brand, active):
    stories = json.loads((data.data_home() / "truth" / "brand.json").read_text(encoding="utf-8"))
    (truth,) = (s["value"] for s in stories["stories"] if s["id"] == "contest")
    months = [f"{day:%Y-%m}" for day in active.index]
    assert dict(zip(months, active["n"], strict=True)) == truth["active_by_month"]
    joined = kpi.joined_members(brand)["n"].cumsum()
    assert joined.is_monotonic_increasing
    assert dict(zip(months, joined, strict=True)) == truth["members_by_month"]


def test_the_peak_falls_back_below_the_month_before(active):
    n = active["n"]
    assert n["2024-09-01"] == n.max() > 2 * n["2024-08-01"]
    assert n["2025-04-01"] < n["2024-09-01"] and n["2025-04-01"] > 1.5 * n["2025-03-01"]
    assert n["2025-06-01"] < n["2024-08-01"]


def test_the_last_month_alone_is_incomplete(active):
    assert [f"{day:%Y-%m}" for day in active.index[~active["complete"]]] == ["2025-07"]


def test_few_of_september_were_seen_again(brand):
    members, events = brand.members, brand.events
    came = members[members["joined_at"].between("2024-09-01", "2024-10-01")]["member_id"]
    later = events[events["timestamp"] >= "2024-12-01"]["member_id"]
    assert len(came) > 500
    assert came.isin(later).mean() < 0.3


def test_the_busiest_week_is_the_wave_of_april(brand):
    weeks = kpi.active_by_period(brand, period="week")
    busiest = weeks[weeks["complete"]].sort_values("n").iloc[-1]
    assert str(busiest["period"]).startswith("2025-04")
    wave = brand.members[brand.members["joined_at"].between("2025-04-08", "2025-04-13")]
    done = brand.events[brand.events["member_id"].isin(wave["member_id"])]
    assert len(wave) >= 200
    assert done.groupby("member_id").size().median() <= 2


def test_the_days_of_june_add_up_to_about_three_times_the_month(brand, active):
    days = kpi.active_by_period(brand, period="day")
    total = days[days["period"].between("2025-06-01", "2025-06-30")]["n"].sum()
    assert 2.5 < total / active["n"]["2025-06-01"] < 3.5


def test_first_seen_is_not_joined(brand):
    events = brand.counted()
    first = events[events["n_chars"] > 0].groupby("member_id")["local_time"].min()
    wrote = first.between("2025-06-01", "2025-06-30 23:59:59").sum()
    joined = kpi.joined_members(brand).set_index("period")["n"]["2025-06-01"]
    assert 0 < wrote < joined / 2


def test_four_actions_make_the_step_of_april_disappear(brand):
    usual = kpi.active_members(brand)
    strict = kpi.active_members(brand, at_least=4)
    assert on(usual, "2025-04-30") > 1.5 * on(usual, "2025-03-31")
    assert on(strict, "2025-04-30") < 1.1 * on(strict, "2025-03-31")
    assert on(strict, "2024-09-30") > 1.5 * on(strict, "2024-08-31")


def test_a_part_of_the_accounts_of_april_wrote(brand):
    wrote = kpi.active_members(brand, kinds=CONTRIBUTIONS)
    assert on(wrote, "2025-04-30") > 1.5 * on(wrote, "2025-03-31")


def test_the_two_definitions_have_two_signs(brand):
    present = kpi.active_members(brand)
    few = kpi.active_members(brand, at_least=4, kinds=CONTRIBUTIONS)
    assert on(present, "2025-06-30") < on(present, "2024-12-31")
    assert 10 < on(few, "2024-12-31") < on(few, "2025-06-30") < 100


def test_one_channel_grows_while_the_total_falls(brand, active):
    june, august = {}, {}
    for channel, rows in brand.events.groupby("channel"):
        n = kpi.active_by_period(brand.view(events=rows)).set_index("period")["n"]
        june[channel], august[channel] = n["2025-06-01"], n["2024-08-01"]
    assert june["instagram"] > august["instagram"]
    assert june["facebook"] < august["facebook"] and june["website"] < august["website"]
    assert sum(june.values()) > active["n"]["2025-06-01"]


def test_text_dates_give_a_wrong_last_day_and_the_error_is_explained():
    export = (data.data_home() / "brand" / "exports" / "export_fr.csv").read_text(
        encoding="utf-8-sig"
    )
    dates = [line.split(";")[0] for line in export.splitlines()[1:]]
    assert max(dates).endswith("/2024") and dates[-1].endswith("/07/2025")
    with pytest.raises(TypeError, match="'str' and 'str'") as stopped:
        max(dates) - min(dates)
    assert "pd.to_datetime" in str(explain(stopped.value, {}))
