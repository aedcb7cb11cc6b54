"""What the texts of module 00 say of the week of visits is what the week holds."""

import pytest

from cmlib.data import load_table
from cmlib.i18n import use_language
from cmlib.learn.question import find
from cmlib.learn.session import judge


@pytest.fixture(scope="module")
def week():
    return load_table("welcome").set_index("day")


def test_sunday_is_about_twice_another_day(week):
    visits = week["visits"]
    assert visits["Sunday"] == 2 * visits.median() == 84
    assert round(visits["Sunday"] / visits.drop("Sunday").mean(), 1) == 2.1


def test_the_manager_is_wrong_about_wednesday(week):
    visits = week["visits"].sort_values(ascending=False)
    assert list(visits.index[:2]) == ["Sunday", "Wednesday"]
    assert visits["Wednesday"] == 45 > visits["Monday"]


def test_the_filter_of_the_lesson_keeps_three_days(week):
    assert list(week.index[week["visits"] > 43]) == ["Wednesday", "Saturday", "Sunday"]


def test_the_answers_of_the_trainer_notes(week):
    answers = {number: find(number).reference() for number in ("00.2", "00.3", "00.4")}
    assert answers == {"00.2": 114, "00.3": week.loc["Saturday", "visits"], "00.4": 85}


def test_the_days_are_named_in_the_language_of_the_notebook():
    with use_language("fr"):
        french = load_table("welcome")
    assert list(french["day"][:2]) == ["lundi", "mardi"]
    assert french.drop(columns="day").equals(load_table("welcome").drop(columns="day"))


def test_the_first_question_is_accepted_and_praises_three_verbs():
    verdict = judge(find("00.1"), "c")
    assert verdict.outcome == "accepted"
    assert "3 of the 5 verbs" in verdict.lines[0]
