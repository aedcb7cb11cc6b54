"""The explorer of cohorts: hand-worked lines, the library's triangle, the callback."""

import pandas as pd
import pytest

from cmlib import explore, kpi, plot
from cmlib.errors import ColumnError, ParameterError, TableError
from cmlib.i18n import set_language


@pytest.fixture(scope="module")
def brand(brand):
    return brand.view(without="team")


@pytest.fixture(scope="module")
def triangle(brand):
    return kpi.classic_retention(brand, windows=6)


@pytest.fixture
def small():
    return pd.DataFrame(
        {
            "cohort": pd.to_datetime(["2025-01-01"] * 3 + ["2025-02-01"] * 3 + ["2025-03-01"] * 3),
            "window": [0, 1, 2] * 3,
            "n": [4] * 3 + [6] * 3 + [10] * 3,
            "retained": [4, 2, 1, 6, 0, None, 10, None, None],
            "retention": [1, 0.5, 0.25, 1, 0, None, 1, None, None],
        }
    )


def test_the_others_are_added_up_as_far_as_they_are_known(small):
    line = explore.one_cohort(small, cohort="2025-03-01")
    expected = pd.DataFrame(
        {
            "window": [0, 1, 2],
            "n": [10, 10, 10],
            "retained": [10, None, None],
            "retention": [1, None, None],
            "others": [1.0, 2 / 10, 1 / 4],
        }
    ).astype({"retained": "float64", "retention": "float64"})
    pd.testing.assert_frame_equal(line, expected)


def test_a_known_zero_stays_zero_and_the_unknown_stays_missing(small):
    line = explore.one_cohort(small, cohort="2025-02-01")
    assert line["retention"].tolist()[:2] == [1, 0]
    assert line["retention"].isna().tolist() == [False, False, True]
    words = plot.describe(explore.plot_cohort(small, cohort="2025-02-01"))
    assert "0.0% in window 1" in words and "Not known: windows 2." in words


def test_the_curve_has_no_point_where_nothing_is_known(small):
    ax = explore.plot_cohort(small, cohort="2025-02-01")
    curve = next(line for line in ax.get_lines() if line.get_label() == "Feb 2025")
    heights = pd.Series(curve.get_ydata())
    assert heights.tolist()[0] == 0 and heights.isna().tolist() == [False, True]
    assert len(ax.figure.axes) >= 2


def test_what_is_missing_is_said(small):
    with pytest.raises(ColumnError, match="retained"):
        explore.one_cohort(small.drop(columns="retained"), cohort="2025-01-01")
    with pytest.raises(ParameterError, match="2025-01-01"):
        explore.one_cohort(small, cohort="2024-01-01")
    with pytest.raises(TableError, match="windows=1"):
        explore.plot_cohort(small[small["window"] == 0], cohort="2025-01-01")


def test_the_input_is_left_alone(small):
    before = small.copy()
    explore.plot_cohort(small, cohort="2025-01-01")
    pd.testing.assert_frame_equal(small, before)


def test_choosing_a_cohort_changes_the_chart_and_its_words(brand, triangle):
    box = explore.cohort_explorer(brand)
    picture = box.children[-1].value
    box.controls["cohort"].value = pd.Timestamp("2024-09-01")
    line = triangle[triangle["cohort"] == "2024-09-01"].set_index("window")
    assert f"Sep 2024: {int(line['n'][0])} members" in box.said
    assert f"{100 * line['retention'][3]:.1f}% in window 3" in box.said
    assert box.children[-1].value != picture
    assert 'alt="' in box.children[-1].value and 'role="status"' in box.children[-1].value
    with_contest = box.said
    box.controls["contest"].value = False
    fewer = brand.members[(brand.members["source"] != "contest")]
    assert len(fewer) < len(brand.members) and box.said != with_contest


def test_the_youngest_cohorts_are_not_known_rather_than_zero(brand):
    box = explore.cohort_explorer(brand, windows=3)
    box.controls["cohort"].value = pd.Timestamp("2025-06-01")
    assert "Not known: windows 1, 2, 3." in box.said and "0.0%" not in box.said


def test_every_control_has_a_label_in_both_languages(brand):
    english = [c.description for c in explore.cohort_explorer(brand, windows=1).controls.values()]
    set_language("fr")
    french = [c.description for c in explore.cohort_explorer(brand, windows=1).controls.values()]
    assert all(english) and all(french)
    assert not set(english) & set(french)
