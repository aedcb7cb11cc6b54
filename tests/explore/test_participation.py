"""The explorer of the most active: hand-worked takings away, the library's count, the callback."""

import pytest

from cmlib import explore, kpi, plot
from cmlib.errors import ParameterError
from cmlib.i18n import format_percent, set_language


@pytest.fixture(scope="module")
def people(brand):
    return brand.view(without="team")


def test_nothing_to_count_is_said(people):
    ax = explore.plot_without_most_active(
        people.view(start="2025-01-01", end="2025-01-01 00:01"), n=1
    )
    assert "There is no message to count" in plot.describe(ax)


def test_a_negative_number_of_members_is_refused(people):
    with pytest.raises(ParameterError, match="n=-1"):
        explore.plot_without_most_active(people, n=-1)


def test_moving_a_control_changes_the_chart_and_its_words(brand, people):
    box = explore.most_active_explorer(brand)
    before, picture = box.said, box.children[-1].value
    box.controls["n"].value = 10
    ten = kpi.without_most_active(people, upto=10).iloc[10]
    assert box.said != before
    assert format_percent(ten["share_left"]) in box.said
    assert format_percent(ten["answered_left"]) in box.said
    by_messages = box.said
    box.controls["kinds"].value = ("topic",)
    assert box.said != by_messages
    by_topics = box.said
    box.controls["members_only"].value = False
    assert box.said != by_topics
    assert box.children[-1].value != picture
    assert 'alt="' in box.children[-1].value and 'role="status"' in box.children[-1].value


def test_every_control_has_a_label_in_both_languages(brand):
    english = [c.description for c in explore.most_active_explorer(brand).controls.values()]
    set_language("fr")
    box = explore.most_active_explorer(brand)
    french = [c.description for c in box.controls.values()]
    assert all(english) and all(french)
    assert not set(english) & set(french)
    assert "des messages" in box.said


def test_the_static_chart_says_its_figures(people, capsys):
    plot.show(explore.plot_without_most_active(people, n=10))
    assert "Most active members taken away: 10" in capsys.readouterr().out
