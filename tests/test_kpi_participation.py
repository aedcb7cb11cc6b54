"""How contributions are shared out: hand counts, a formula written another way, ties."""

import math

import numpy as np
import pandas as pd
import pytest
from engines import Engine, engine, same  # noqa: F401
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from cmlib import kpi
from cmlib.errors import ColumnError, ParameterError
from cmlib.i18n import use_language


def log_of(posts: list[int], *, visitors: int = 0) -> pd.DataFrame:
    """One member an entry with so many posts; and members who only visited."""
    authors = np.repeat(np.arange(1, len(posts) + 1), posts)
    readers = np.arange(1000, 1000 + visitors)
    return pd.DataFrame(
        {
            "member_id": pd.array(np.concatenate([authors, readers]), dtype="Int64"),
            "timestamp": pd.date_range("2025-01-01", periods=len(authors) + visitors, freq="h"),
            "kind": ["reply"] * len(authors) + ["visit"] * visitors,
        }
    )


def members_of(n: int) -> pd.DataFrame:
    return pd.DataFrame({"member_id": np.arange(1, n + 1)})


def gini_by_pairs(posts: list[int]) -> float:
    """Half the relative mean difference: another way to write the same coefficient."""
    x = np.array(posts, dtype=float)
    return float(np.abs(x[:, None] - x).mean() / (2 * x.mean()))


FEW = log_of([10, 5, 5, 2, 1, 1, 1], visitors=3)

EVERYWHERE = {
    "gini": {},
    "lorenz_curve": {},
    "top_share": {"top": (0.1, 0.3, 0.5)},
    "contributor_absence_factor": {},
    "one_time_share": {},
    "class_shares_by_rank": {},
    "class_shares_by_posts": {"heavy_posts": 4},
}
OF_ALL_MEMBERS = ["lorenz_curve", "top_share", "class_shares_by_rank", "class_shares_by_posts"]


@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_result_on_every_engine(engine: Engine, name: str):  # noqa: F811
    function, options = getattr(kpi, name), EVERYWHERE[name] | {"without": [2], "end": "2025-01-02"}
    expected, found = function(FEW, **options), function(engine.give(FEW), **options)
    if isinstance(expected, float | int):
        assert found == expected
        assert type(found) is type(expected)
    else:
        same(engine.take(found), expected)


@pytest.mark.parametrize("name", OF_ALL_MEMBERS)
def test_all_members_on_every_engine(engine: Engine, name: str):  # noqa: F811
    function, members = getattr(kpi, name), members_of(12)
    expected = function(FEW, members=members, without=[2])
    found = function(engine.give(FEW), members=engine.give(members), without=[2])
    same(engine.take(found), expected)


def test_gini_of_all_members_on_every_engine(engine: Engine):  # noqa: F811
    members = members_of(12)
    found = kpi.gini_all_members(engine.give(FEW), engine.give(members), without=[2])
    assert found == kpi.gini_all_members(FEW, members, without=[2])


@pytest.mark.parametrize(
    "posts", [[1], [3, 3, 3], [0, 0, 9], [1, 2, 3, 4, 10], [7, 1, 1, 1, 1, 1, 30]]
)
def test_gini_against_the_mean_difference(posts: list[int]):
    active = [count for count in posts if count]
    assert kpi.gini(log_of(posts)) == pytest.approx(gini_by_pairs(active))
    found = kpi.gini_all_members(log_of(posts), members_of(len(posts)))
    assert found == pytest.approx(gini_by_pairs(posts))


def test_silent_members_raise_the_gini():
    """Members who never post in or out: z + (1 - z) G."""
    among_posters = kpi.gini(FEW)
    among_all = kpi.gini_all_members(FEW, members_of(14))
    assert among_all == pytest.approx(0.5 + 0.5 * among_posters)


def test_gini_is_twice_the_area_under_the_diagonal():
    curve = kpi.lorenz_curve(FEW)
    area = np.trapezoid(curve["post_share"], curve["member_share"])
    assert kpi.gini(FEW) == pytest.approx(1 - 2 * area)


def test_lorenz_curve_by_hand():
    found = kpi.lorenz_curve(log_of([6, 1, 1]), members=members_of(4))
    expected = pd.DataFrame(
        {
            "members": [0, 1, 3, 4],
            "posts": [0, 0, 2, 8],
            "member_share": [0, 0.25, 0.75, 1],
            "post_share": [0, 0, 0.25, 1],
        }
    )
    same(found, expected)


def test_top_share_by_hand_with_ties():
    """Trap K: two members have 5 posts, one of them is in the top 2 of 7."""
    found = kpi.top_share(FEW, top=[0.01, 0.2, 1.0])
    expected = pd.DataFrame(
        {
            "top": [0.01, 0.2, 1.0],
            "n": [7, 7, 7],
            "members": [1, 2, 7],
            "posts": [10, 15, 25],
            "share": [0.4, 0.6, 1.0],
            "tied": [0, 1, 0],
        }
    )
    same(found, expected)


def test_top_tenth_of_thirty_is_three_in_spite_of_rounding():
    assert kpi.top_share(log_of([1] * 30), top=0.1)["members"].to_list() == [3]


@pytest.mark.parametrize(
    ("posts", "share", "expected"),
    [
        ([10, 5, 5, 2, 1, 1, 1], 0.5, 2),
        ([10, 5, 5, 2, 1, 1, 1], 0.4, 1),
        ([1, 1, 1, 1], 0.5, 2),
        ([1, 1, 1, 1], 1.0, 4),
        ([9], 0.5, 1),
        ([1, 1, 1], 0.5, 2),
    ],
)
def test_absence_factor_by_hand(posts: list[int], share: float, expected: int):
    assert kpi.contributor_absence_factor(log_of(posts), share=share) == expected


def test_one_time_share_with_its_interval():
    found = kpi.one_time_share(FEW).iloc[0]
    low, high = proportion_confint(3, 7, method="wilson")
    assert found.to_list() == pytest.approx([7, 3, 3 / 7, low, high])


def test_ranks_1_9_90():
    posts = [60, *[10] * 9, *[1] * 40, *[0] * 50]
    found = kpi.class_shares_by_rank(log_of(posts), members=members_of(100))
    expected = pd.DataFrame(
        {
            "rank": [1, 2, 3],
            "members": [1, 9, 90],
            "member_share": [0.01, 0.09, 0.9],
            "posts": [60, 90, 40],
            "post_share": [60 / 190, 90 / 190, 40 / 190],
        }
    )
    same(found, expected)


def test_the_two_definitions_of_90_9_1_disagree():
    """Half of the members post now and then: only the definition by posts can show it."""
    posts = [60, *[10] * 9, *[1] * 40, *[0] * 50]
    by_rank = kpi.class_shares_by_rank(log_of(posts), members=members_of(100))
    by_posts = kpi.class_shares_by_posts(log_of(posts), members=members_of(100), heavy_posts=10)
    assert by_rank["member_share"].to_list() == pytest.approx([0.01, 0.09, 0.9])
    assert by_posts["member_share"].to_list() == pytest.approx([0.10, 0.40, 0.5])
    assert by_posts["post_share"].to_list() == pytest.approx([150 / 190, 40 / 190, 0])
    assert by_posts["member_class"].to_list() == ["heavy", "occasional", "reader"]


def test_visits_and_deleted_accounts_are_not_posters():
    table = pd.concat([FEW, FEW.iloc[:6].assign(member_id=pd.NA)])
    same(kpi.one_time_share(table), kpi.one_time_share(FEW))
    assert kpi.gini(FEW, kinds=None) != kpi.gini(FEW)


def test_start_and_end_cut_the_log():
    found = kpi.top_share(FEW, top=1.0, start="2025-01-01 08:00", end="2025-01-01 12:00")
    assert found[["n", "posts"]].to_numpy().tolist() == [[2, 4]]


def test_nothing_posted_is_missing_not_zero(engine: Engine):  # noqa: F811
    """Trap 0."""
    nothing = engine.give(log_of([], visitors=2))
    members = engine.give(members_of(3))
    assert math.isnan(kpi.gini(nothing))
    assert math.isnan(kpi.gini_all_members(nothing, members))
    assert kpi.contributor_absence_factor(nothing) is None
    assert engine.take(kpi.lorenz_curve(nothing)).empty
    assert engine.take(kpi.top_share(nothing))["share"].isna().all()
    once = engine.take(kpi.one_time_share(nothing))
    assert once["n"].to_list() == [0]
    assert once[["share", "low", "high"]].isna().all(axis=None)
    ranks = engine.take(kpi.class_shares_by_rank(nothing))
    assert ranks[["member_share", "post_share"]].isna().all(axis=None)


POSTS = st.lists(st.integers(0, 50), min_size=1, max_size=30).filter(any)


@settings(max_examples=25, deadline=None)
@given(posts=POSTS, factor=st.integers(2, 5))
def test_laws_of_concentration(posts: list[int], factor: int):
    table, active = log_of(posts), sum(count > 0 for count in posts)
    gini = kpi.gini(table)
    assert -1e-12 <= gini <= 1 - 1 / active + 1e-12
    assert gini == pytest.approx(gini_by_pairs([count for count in posts if count]))
    assert gini == pytest.approx(kpi.gini(log_of([count * factor for count in posts])))
    assert gini == pytest.approx(kpi.gini(log_of(posts[::-1])))
    curve = kpi.lorenz_curve(table)
    assert (curve["post_share"] <= curve["member_share"] + 1e-12).all()
    assert curve["posts"].iloc[-1] == sum(posts)
    ranked = sorted(posts, reverse=True)
    k = kpi.contributor_absence_factor(table)
    assert sum(ranked[:k]) * 2 >= sum(posts) > sum(ranked[: k - 1]) * 2
    for classes in (kpi.class_shares_by_rank(table), kpi.class_shares_by_posts(table)):
        assert classes["posts"].sum() == sum(posts)
        assert classes["members"].sum() == active


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("top_share", {"top": 10}, r"top=10 is not accepted.*at most 1"),
        ("contributor_absence_factor", {"share": 0}, r"share=0 is not accepted"),
        ("class_shares_by_rank", {"shares": (1, 9, 90)}, r"that make 1, such as"),
        ("class_shares_by_posts", {"heavy_posts": 1}, r"heavy_posts=1 is not accepted"),
    ],
)
def test_arguments_are_checked(name: str, options: dict, message: str):
    with pytest.raises(ParameterError, match=message):
        getattr(kpi, name)(FEW, **options)


def test_a_missing_kind_says_how_to_name_it():
    with pytest.raises(ColumnError, match=r"'kind' is not in the table.*kind=\"kinds\""):
        kpi.gini(FEW.rename(columns={"kind": "kinds"}))


def test_tables_must_be_of_the_same_kind():
    with pytest.raises(ParameterError, match="same kind"):
        kpi.gini_all_members(FEW, Engine("polars").give(members_of(3)))
    with use_language("fr"), pytest.raises(ParameterError, match="du même type"):
        kpi.gini_all_members(FEW, Engine("polars").give(members_of(3)))
