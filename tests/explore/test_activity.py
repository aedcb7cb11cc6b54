"""The explorer of “active”: hand-worked windows, the library's own count, the callback."""

from cmlib import explore, kpi, plot
from cmlib.i18n import set_language


def test_moving_a_control_changes_the_chart_and_its_words(brand):
    box = explore.activity_explorer(brand)
    before, picture = box.said, box.children[-1].value
    box.controls["at_least"].value = 5
    assert box.said != before and "at least 5 in 30 days" in box.said
    box.controls["visits"].value = False
    assert "visits do not count" in box.said
    assert box.children[-1].value != picture
    assert 'alt="' in box.children[-1].value and 'role="status"' in box.children[-1].value


def test_the_figure_said_is_the_figure_computed(brand):
    box = explore.activity_explorer(brand)
    box.controls["at_least"].value, box.controls["days"].value = 3, 7
    table = kpi.active_members(brand, at_least=3, window_days=7)
    last = table[table["complete"]].iloc[-1]
    assert f": {last['n']} active members" in box.said


def test_every_control_has_a_label_in_both_languages(brand):
    english = [c.description for c in explore.activity_explorer(brand).controls.values()]
    set_language("fr")
    french = [c.description for c in explore.activity_explorer(brand).controls.values()]
    assert all(english) and all(french)
    assert not set(english) & set(french)


def test_the_static_chart_says_its_figures(brand, capsys):
    ax = explore.plot_activity(brand)
    plot.show(ax)
    assert "Active: at least 1 in 30 days" in capsys.readouterr().out
