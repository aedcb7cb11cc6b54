"""Module 06: every figure and every conclusion its prose states, computed again from the data."""

import pandas as pd
import pytest

from cmlib import data, explore, kpi


@pytest.fixture(scope="module")
def delays():
    kept = ["category", "topic", "team", "escalated"]
    rows = kpi.ticket_delay(data.load("brand"), keep=kept)
    return data.split_week(rows)


@pytest.fixture(scope="module")
def weekend(delays):
    return delays[delays["weekend"]]


@pytest.fixture(scope="module")
def weekdays(delays):
    return delays[~delays["weekend"]]


def shown(value, digits=1):
    return f"{value:.{digits}f}"


def test_the_message_of_the_manager_and_the_story(delays, weekdays, weekend):
    assert shown(delays["delay_h"].mean()) == "7.5"
    assert shown(delays["delay_h"].median()) == "2.6"
    assert shown(delays["delay_h"].quantile(0.9)) == "19.8"
    assert shown(weekdays["delay_h"].median()) == "1.5"
    assert shown(weekend["delay_h"].median()) == "13.5"
    assert shown(100 * weekdays["censored"].mean()) == "2.0"
    assert shown(100 * weekend["censored"].mean()) == "9.0"
    # 8 hours are above the mean, and the promise is far from kept at weekends.
    assert delays["delay_h"].mean() < 8


def test_the_five_members_of_the_block_predict():
    waits = pd.DataFrame({"delay_h": [1.0, 2.0, 3.0, 30.0, None], "observed_h": [50.0] * 5})
    found = kpi.first_response_summary(waits).iloc[0]
    assert (found["answered_mean_h"], found["answered_median_h"]) == (9.0, 2.5)
    assert found["km_median_h"] == 3.0
    assert waits["delay_h"].fillna(0).mean() == 7.2


def test_the_ten_members_of_the_first_exercise():
    waits = pd.Series([1.0] * 9 + [41.0])
    assert waits.median() < waits.mean() and (waits > waits.mean()).sum() == 1


def test_weekends_make_the_mean(delays, weekend):
    assert round(100 * len(weekend) / len(delays)) == 30
    assert round(100 * weekend["delay_h"].sum() / delays["delay_h"].sum()) == 73


def test_no_day_waits_about_as_long_as_the_mean(delays):
    means = delays.groupby("day")["delay_h"].mean()
    assert means[means.index <= 5].max() < delays["delay_h"].mean() / 2
    assert means[means.index > 5].min() > 2 * delays["delay_h"].mean()


def test_the_promises_of_the_lesson_and_of_the_trainer(delays, weekend):
    eight = explore.promise_kept(delays, hours=8)["share"]
    assert [shown(100 * share) for share in eight] == ["91.4", "24.4"]
    assert shown(100 * explore.promise_kept(delays, hours=48)["share"][1]) == "85.2"
    flattering = explore.promise_kept(delays, hours=48, answered_only=True)
    assert shown(100 * flattering["share"][1]) == "93.3"
    summary = kpi.first_response_summary(weekend).iloc[0]
    assert (shown(summary["answered_p90_h"]), shown(summary["km_p90_h"])) == ("39.9", "89.4")
    assert summary["km_median_h"] - summary["answered_median_h"] < 2


def test_counting_missing_as_zero_shortens_the_mean(weekend):
    assert weekend["delay_h"].fillna(0).mean() < weekend["delay_h"].mean()


def test_dropna_on_all_columns_removes_most_tickets():
    tickets = data.load("brand").tickets
    assert len(tickets.dropna()) < len(tickets) / 2
    assert tickets["csat"].isna().mean() > 0.5


def test_another_clock(delays):
    def moved(zone):
        return int((data.split_week(delays, tz=zone)["weekend"] != delays["weekend"]).sum())

    assert (moved("UTC"), moved("Asia/Tokyo")) == (0, 141)


def test_what_saturday_is_not(delays, weekdays, weekend):
    by_day = delays["day"].value_counts()
    assert by_day.max() < 1.2 * by_day.min()
    everything, ours = (
        rows["category"].value_counts(normalize=True).sort_index() for rows in (delays, weekend)
    )
    assert (everything - ours).abs().max() < 0.02
    answered = data.split_week(weekend, time="responded_at")["weekend"]
    assert answered.fillna(False).mean() > 0.5
    slow, quick = (
        kpi.first_response_summary(rows, by="category").set_index("category")["km_median_h"]
        for rows in (weekend, weekdays)
    )
    assert slow.max() - slow.min() < 4 and (slow > 5 * quick).all()


def test_topics_teams_and_escalation(delays, weekend):
    for rows in (delays, weekend):
        assert round(100 * rows["topic"].value_counts().head(5).sum() / len(rows)) == 60
    medians = delays.groupby("team")["delay_h"].median()
    assert 60 * (medians.max() - medians.min()) < 30  # minutes
    bounds = kpi.first_response_summary(delays, by="team")
    assert bounds["km_median_low_h"].max() < bounds["km_median_high_h"].min()
    loads = delays["team"].value_counts()
    assert loads.max() > 1.5 * loads.min()
    escalated = delays.groupby("category")["escalated"].mean()
    assert escalated.idxmax() == "complaint" and escalated.max() > 1.5 * escalated.nlargest(2).min()
    assert weekend["escalated"].mean() > 1.5 * delays[~delays["weekend"]]["escalated"].mean()


def test_the_model_card(delays):
    weekday, at_weekend = explore.promise_kept(delays, hours=8)["share"]
    assert round(10 * weekday) == 9 and round(4 * at_weekend) == 1


def test_the_answers_given_to_the_trainer(delays, weekend):
    hours = explore.promise_kept(delays, hours=[40, 41], answered_only=True)
    share = hours[hours["weekend"]].set_index("hours")["share"]
    assert share[40] < 0.9 <= share[41]
    assert explore.promise_kept(delays, hours=48).query("weekend")["share"].max() < 0.9
    judged = delays[delays["observed_h"] >= 8]
    assert round((judged["delay_h"] <= 8).mean(), 3) == 0.713
    line = weekend[(weekend["team"] == "first line") & (weekend["observed_h"] >= 48)]
    assert round((line["delay_h"] <= 48).mean(), 3) == 0.858
    medians = kpi.first_response_summary(weekend, by="category")["km_median_h"]
    assert [shown(hours) for hours in medians] == ["15.6", "16.1", "14.5", "16.4", "13.2", "15.5"]
