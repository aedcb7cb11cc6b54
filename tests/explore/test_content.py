"""The explorer of the biggest posts: hand-worked ranking, the library's own rate, the callback."""

import pandas as pd
import pytest

from cmlib import explore, kpi, plot
from cmlib.errors import ColumnError, ParameterError
from cmlib.i18n import set_language

POSTS = pd.DataFrame(
    {
        "format": ["photo", "photo", "question", "contest", "photo"],
        "platform": ["x", "facebook", "x", "facebook", "facebook"],
        "reach": pd.array([1000, 200, 100, 400, None], dtype="Int64"),
        "reactions": pd.array([20, 10, 8, 200, None], dtype="Int64"),
        "comments": pd.array([0, 2, 4, 100, None], dtype="Int64"),
        "shares": pd.array([4, 0, 0, 20, None], dtype="Int64"),
    }
)


def test_the_ranking_by_hand():
    table = explore.without_biggest(POSTS)
    # contest 320 / 400, question 12 / 100, photo 36 / 1,200; the fifth post never came out.
    assert table["format"].tolist() == ["contest", "question", "photo"]
    assert table["n"].tolist() == [1, 1, 2]
    assert table["engagement_rate"].tolist() == [0.8, 0.12, 0.03]
    assert table["rank"].tolist() == [1, 2, 3]


def test_biggest_by_interactions_or_by_reach():
    by_interactions = explore.without_biggest(POSTS, n=1, by="platform")
    assert by_interactions["platform"].tolist() == ["facebook", "x"]  # 12 / 200, 36 / 1,100
    assert by_interactions["engagement_rate"].tolist() == pytest.approx([0.06, 36 / 1100])
    by_reach = explore.without_biggest(POSTS, n=1, by="platform", biggest="reach")
    assert by_reach["engagement_rate"].tolist() == pytest.approx([332 / 600, 0.12])


def test_of_two_equal_posts_the_first_goes_and_the_input_is_untouched():
    twice = pd.concat([POSTS.iloc[[2]].assign(format="link"), POSTS.iloc[[2]]])
    before = twice.copy()
    assert explore.without_biggest(twice, n=1)["format"].tolist() == ["question"]
    pd.testing.assert_frame_equal(twice, before)


def test_nothing_left_is_an_empty_table_and_a_chart_that_says_so():
    table = explore.without_biggest(POSTS, n=9)
    assert table.empty and "engagement_rate" in table.columns
    assert "No post is left." in plot.describe(explore.plot_without_biggest(POSTS, n=9))


def test_without_removal_it_is_the_rate_of_the_library(brand):
    ours = explore.without_biggest(brand.posts, by="platform").set_index("platform")
    theirs = kpi.engagement_rate(
        brand.posts, by="platform", interactions=["reactions", "comments", "shares"]
    ).set_index("platform")
    assert ours["engagement_rate"].to_dict() == pytest.approx(theirs["engagement_rate"].to_dict())


@pytest.mark.parametrize("wrong", [-1, 1.5, True, "2"])
def test_only_whole_numbers_from_zero_up(wrong):
    with pytest.raises(ParameterError, match="from 0 up"):
        explore.without_biggest(POSTS, n=wrong)


def test_what_is_not_known_is_named():
    with pytest.raises(ParameterError, match="biggest"):
        explore.without_biggest(POSTS, biggest="likes")
    with pytest.raises(ColumnError, match="topic"):
        explore.without_biggest(POSTS, by="topic")


def test_one_post_less_and_the_platform_that_led_comes_last(brand):
    box = explore.without_biggest_explorer(brand)
    box.controls["by"].value = "platform"
    assert "Highest first. facebook:" in box.said
    picture = box.children[-1].value
    box.controls["n"].value = 1
    assert "biggest posts set aside: 1." in box.said
    assert box.said.index("facebook:") > max(box.said.index(p) for p in ("linkedin", "x:", "insta"))
    assert box.children[-1].value != picture
    assert 'alt="' in box.children[-1].value and 'role="status"' in box.children[-1].value
    box.controls["biggest"].value = "reach"
    assert "Highest first. facebook:" in box.said


def test_few_posts_are_hatched(brand):
    ax = explore.plot_without_biggest(brand.posts)
    assert [bar.get_hatch() for bar in ax.patches] == ["//", "", "", "", "", ""]


def test_every_control_has_a_label_in_both_languages(brand):
    english = [c.description for c in explore.without_biggest_explorer(brand).controls.values()]
    set_language("fr")
    french = [c.description for c in explore.without_biggest_explorer(brand).controls.values()]
    assert all(english) and all(french)
    assert not set(english) & set(french)
