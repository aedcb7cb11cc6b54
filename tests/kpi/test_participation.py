"""How contributions are shared out: hand counts, a formula written another way, ties."""

import math

import numpy as np
import pandas as pd
import pytest
from engines import Engine, same
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from cmlib import data, kpi
from cmlib.errors import ColumnError, NotMeasuredWarning, ParameterError, TableError


def log_of(posts: list[int], *, visitors: int = 0) -> pd.DataFrame:
    """One member an entry with so many posts; and members who only visited."""
    authors = np.repeat(np.arange(1, len(posts) + 1), posts)
    readers = np.arange(1000, 1000 + visitors)
    return pd.DataFrame(
        {
            "event_id": np.arange(len(authors) + visitors),
            "member_id": pd.array(np.concatenate([authors, readers]), dtype="Int64"),
            "timestamp": pd.date_range("2025-01-01", periods=len(authors) + visitors, freq="h"),
            "kind": ["reply"] * len(authors) + ["visit"] * visitors,
        }
    )


def members_of(n: int) -> pd.DataFrame:
    return pd.DataFrame({"member_id": np.arange(1, n + 1)})


def people(posts: list[int], members: int, *, visitors: int = 0) -> data.Community:
    """The log of these posts in a community of so many members."""
    return data.community(events=log_of(posts, visitors=visitors), members=members_of(members))


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


VIEW = {"without": [2], "end": "2025-01-02"}


def check_same(engine: Engine, found, expected) -> None:
    if isinstance(expected, pd.DataFrame):
        same(engine.take(found), expected)
    else:
        assert found == expected
        assert type(found) is type(expected)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_result_on_every_engine(engine: Engine, name: str):
    function, options = getattr(kpi, name), EVERYWHERE[name]
    expected = function(data.community(events=FEW, **VIEW), **options)
    check_same(
        engine, function(data.community(events=engine.give(FEW), **VIEW), **options), expected
    )


@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_bare_table_counts_whole(engine: Engine, name: str):
    function, options = getattr(kpi, name), EVERYWHERE[name]
    expected = function(data.community(events=FEW), **options)
    check_same(engine, function(engine.give(FEW), **options), expected)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_chosen_events_on_every_engine(engine: Engine, name: str):
    function, options = getattr(kpi, name), EVERYWHERE[name]
    chosen = FEW[FEW["event_id"] % 2 == 0]
    expected = function(chosen, **options)
    view = data.community(events=engine.give(FEW)).view(events=engine.give(chosen))
    check_same(engine, function(view, **options), expected)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_ids_may_be_words_wide_numbers_or_small_ones(name: str):
    """Codes of members are counted, whatever the type of the ids."""
    function, options = getattr(kpi, name), EVERYWHERE[name]
    expected = function(FEW, **options)
    ids = FEW["member_id"]
    for other in (
        ids.astype("str"),
        ids.astype("category"),
        ids * 10**15,
        ids.astype("int16"),
        ids.astype("int64[pyarrow]"),
        -ids,
    ):
        check_same(Engine("pandas"), function(FEW.assign(member_id=other), **options), expected)


@pytest.mark.parametrize("name", OF_ALL_MEMBERS)
def test_all_members_on_every_engine(engine: Engine, name: str):
    function, members = getattr(kpi, name), members_of(12)
    expected = function(data.community(events=FEW, members=members, without=[2]), base="members")
    for given_ in (members, engine.give(members)):
        community = data.community(events=engine.give(FEW), members=given_, without=[2])
        same(engine.take(function(community, base="members")), expected)


def test_gini_of_all_members_on_every_engine(engine: Engine):
    members = members_of(12)
    community = data.community(events=engine.give(FEW), members=engine.give(members), without=[2])
    whole = data.community(events=FEW, members=members, without=[2])
    assert kpi.gini_all_members(community) == kpi.gini_all_members(whole)


@pytest.mark.parametrize("name", OF_ALL_MEMBERS)
def test_base_is_checked(name: str):
    function = getattr(kpi, name)
    with pytest.raises(ParameterError, match=r"base='member' is not accepted.*mean 'members'"):
        function(FEW, base="member")
    with pytest.raises(TableError, match=r"needs the table members"):
        function(FEW, base="members")
    with pytest.raises(TableError, match=r"needs the table members"):
        kpi.gini_all_members(FEW)


@pytest.mark.parametrize(
    "posts", [[1], [3, 3, 3], [0, 0, 9], [1, 2, 3, 4, 10], [7, 1, 1, 1, 1, 1, 30]]
)
def test_gini_against_the_mean_difference(posts: list[int]):
    active = [count for count in posts if count]
    assert kpi.gini(log_of(posts)) == pytest.approx(gini_by_pairs(active))
    found = kpi.gini_all_members(people(posts, len(posts)))
    assert found == pytest.approx(gini_by_pairs(posts))


def test_silent_members_raise_the_gini():
    """Members who never post in or out: z + (1 - z) G."""
    among_posters = kpi.gini(FEW)
    among_all = kpi.gini_all_members(data.community(events=FEW, members=members_of(14)))
    assert among_all == pytest.approx(0.5 + 0.5 * among_posters)


def test_gini_is_twice_the_area_under_the_diagonal():
    curve = kpi.lorenz_curve(FEW)
    area = np.trapezoid(curve["post_share"], curve["member_share"])
    assert kpi.gini(FEW) == pytest.approx(1 - 2 * area)


def test_lorenz_curve_by_hand():
    found = kpi.lorenz_curve(people([6, 1, 1], 4), base="members")
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
    found = kpi.class_shares_by_rank(people(posts, 100), base="members")
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
    by_rank = kpi.class_shares_by_rank(people(posts, 100), base="members")
    by_posts = kpi.class_shares_by_posts(people(posts, 100), base="members", heavy_posts=10)
    assert by_rank["member_share"].to_list() == pytest.approx([0.01, 0.09, 0.9])
    assert by_posts["member_share"].to_list() == pytest.approx([0.10, 0.40, 0.5])
    assert by_posts["post_share"].to_list() == pytest.approx([150 / 190, 40 / 190, 0])
    assert by_posts["member_class"].to_list() == ["heavy", "occasional", "reader"]


def test_visits_and_deleted_accounts_are_not_posters():
    table = pd.concat([FEW, FEW.iloc[:6].assign(member_id=pd.NA)])
    same(kpi.one_time_share(table), kpi.one_time_share(FEW))
    assert kpi.gini(FEW, kinds=None) != kpi.gini(FEW)


def test_the_view_cuts_the_log():
    """Bounds are local: 8 to 12 in Paris is 7 to 11 UTC."""
    found = kpi.top_share(
        data.community(events=FEW).view(start="2025-01-01 08:00", end="2025-01-01 12:00"), top=1.0
    )
    assert found[["n", "posts"]].to_numpy().tolist() == [[2, 4]]
    paris = data.community(events=FEW, tz="Europe/Paris")
    found = kpi.top_share(paris.view(start="2025-01-01 08:00", end="2025-01-01 12:00"), top=1.0)
    assert found[["n", "posts"]].to_numpy().tolist() == [[2, 4]]
    found = kpi.top_share(paris.view(end="2025-01-01 12:00"), top=1.0)
    assert found[["n", "posts"]].to_numpy().tolist() == [[2, 11]]


def test_bots_and_those_left_out_are_nobody():
    """Trap B: 1 is a bot, 2 is of the team: neither poster nor silent member."""
    members = members_of(9).assign(role=["bot", "staff", *["member"] * 7])
    community = data.community(events=FEW, members=members)
    assert kpi.one_time_share(community)["n"].to_list() == [6]
    view = community.view(without="team")
    assert kpi.one_time_share(view)["n"].to_list() == [5]
    assert kpi.top_share(view, top=1.0, base="members")["n"].to_list() == [7]
    assert kpi.top_share(view.view(without=None), top=1.0, base="members")["n"].to_list() == [9]


def test_members_may_be_of_another_kind_than_the_log():
    members = members_of(14)
    expected = kpi.gini_all_members(data.community(events=FEW, members=members))
    for kind in ("polars", "duckdb"):
        other = data.community(events=FEW, members=Engine(kind).give(members))
        assert kpi.gini_all_members(other) == expected


def test_a_member_listed_twice_counts_once():
    members = pd.concat([members_of(14)] * 2)
    once, twice = (
        kpi.gini_all_members(data.community(events=FEW, members=table))
        for table in (members_of(14), members)
    )
    assert once == twice


def test_posts_are_counted_once_for_a_view():
    view = data.community(events=FEW, members=members_of(14))
    gini, tops = kpi.gini(view), kpi.top_share(view, base="members")
    assert kpi.gini(view) == gini  # what is kept is not changed by what was asked in between
    same(kpi.top_share(view, base="members"), tops)
    assert kpi.gini(view, kinds=["reply", "visit"]) != gini
    assert kpi.top_share(view)["n"].to_list() == [7, 7]


def test_nothing_posted_is_missing_not_zero(engine: Engine):
    """Trap 0: posts are in the log, none of them in the period."""
    table = log_of([1], visitors=9)
    community = data.community(events=engine.give(table), members=engine.give(members_of(3)))
    nothing = community.view(start="2025-01-01 02:00")
    assert math.isnan(kpi.gini(nothing))
    assert math.isnan(kpi.gini_all_members(nothing))
    assert kpi.contributor_absence_factor(nothing) is None
    assert engine.take(kpi.lorenz_curve(nothing)).empty
    assert engine.take(kpi.top_share(nothing))["share"].isna().all()
    once = engine.take(kpi.one_time_share(nothing))
    assert once["n"].to_list() == [0]
    assert once[["share", "low", "high"]].isna().all(axis=None)
    ranks = engine.take(kpi.class_shares_by_rank(nothing))
    assert ranks[["member_share", "post_share"]].isna().all(axis=None)
    classes = engine.take(kpi.class_shares_by_posts(nothing, base="members"))
    assert classes["members"].to_list() == [0, 0, 3]
    assert classes["post_share"].isna().all()


@pytest.mark.parametrize("name", [*EVERYWHERE, "gini_all_members"])
def test_posts_that_were_never_logged_are_missing(engine: Engine, name: str):
    """Absent is not zero: without posts in the log nobody can be told a reader."""
    visits = engine.give(log_of([], visitors=2))
    visits = data.community(events=visits, members=engine.give(members_of(3)))
    options = {"base": "members"} if name in OF_ALL_MEMBERS else {}
    with pytest.warns(NotMeasuredWarning, match="no event of kind topic, reply: what"):
        found = getattr(kpi, name)(visits, **options)
    if name == "contributor_absence_factor":
        assert found is None
    elif isinstance(found, float):
        assert math.isnan(found)
    else:
        table = engine.take(found)
        figures = table.drop(columns=["top", "rank", "member_class"], errors="ignore")
        assert len(figures.columns) >= 4
        assert figures.isna().all(axis=None)


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
        ("class_shares_by_posts", {"heavy_posts": 1}, r"heavy_posts=1 is not accepted.*2 up"),
        ("class_shares_by_posts", {"heavy_posts": True}, r"heavy_posts=True is not accepted"),
        ("one_time_share", {"level": 95}, r"level=95 is not accepted"),
    ],
)
def test_arguments_are_checked(name: str, options: dict, message: str):
    with pytest.raises(ParameterError, match=message):
        getattr(kpi, name)(FEW, **options)


@pytest.mark.parametrize("name", [*EVERYWHERE, "gini_all_members"])
def test_kinds_are_checked(name: str):
    with pytest.raises(ParameterError, match=r"kinds='replies' is not accepted.*mean 'reply'"):
        getattr(kpi, name)(FEW, kinds=["replies"])


def test_a_missing_kind_says_how_to_name_it():
    with pytest.raises(ColumnError, match=r"'kind' is not in the table.*\"kinds\": \"kind\""):
        kpi.gini(FEW.rename(columns={"kind": "kinds"}))
