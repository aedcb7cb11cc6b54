"""Laws that every measure of a log obeys, over random logs, packs and engines.

Each measure is one line of `MEASURES`; a law that does not hold for one is named there with its
reason. Other tests say what a measure is worth; these say what it must not depend on.
"""

import inspect
import os
import pickle
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

import narwhals as nw
import networkx as nx
import pandas as pd
import pytest
from engines import ENGINES, Engine, plain
from law_logs import (
    Log,
    doubled,
    random_log,
    renamed,
    shifted,
    shuffled,
    with_columns,
    with_types,
)

from cmlib import data, kpi, network
from cmlib.errors import NotCountedWarning, NotMeasuredWarning

LOGS = int(os.environ.get("CMLIB_LAW_LOGS", "25"))  # `make test-laws` tries 200
# Counts, which double when the log stands twice in it; every other column stays as it is.
COUNTS = {
    "n", "members", "posts", "events", "retained", "activated", "already_there", "active", "dau",
    "wau", "mau", "left", "unanswered", "within", "solved", "by_members", "n_answered", "topics",
    "replies", "one_time", "repeaters", "lost", "new", "resurrected", "posters", "visitors",
    "churned", "gained", "known", "came_back", "tied", "joined", "n_missing", "readers",
    "posts_deleted",
}  # fmt: skip
# What depends on how many there are: intervals, and quantiles that interpolate.
SIZED = ("low", "high", "p10", "p25", "p75", "p90")
MOMENTS = ("period", "day", "cohort", "opened_at", "responded_at", "timestamp", "last_seen")
IDS = ("member_id", "thread_id", "event_id", "source", "target")


@dataclass(frozen=True)
class Measure:
    """A measure, how it is called and the laws that do not hold for it, with the reason."""

    call: Callable
    item: bool = False  # one row a thing of the log: rows double, not their values
    sort: tuple[str, ...] = ()
    but: dict[str, str] = field(default_factory=dict)


def edges(graph: nx.Graph) -> pd.DataFrame:
    """List the links of a graph, people without a link included."""
    rows = [(one, other, weight) for one, other, weight in graph.edges(data="weight")]
    rows += [(one, one, 0) for one in graph if graph.degree(one) == 0]
    return pd.DataFrame(rows, columns=["source", "target", "weight"])


def graph_by(link):
    return lambda community: edges(network.reply_graph(community, link=link))


def contacts(community):
    graph = network.contact_network(community)
    return pd.DataFrame({"weight": sorted(weight for *_pair, weight in graph.edges(data="weight"))})


WHOLE = {"doubled": "a curve with one point a member"}
NEAREST = {"doubled": "whole people are rounded up: see test_top_shares_within_one_person"}
TIES = "of two who wrote as much, the one with the smaller number goes first"
MEASURES = {
    "new_members": Measure(kpi.new_members),
    "joined_members": Measure(kpi.joined_members),
    "active_members": Measure(kpi.active_members),
    "active_several_times": Measure(lambda c: kpi.active_members(c, at_least=3)),
    "without_most_active": Measure(
        lambda c: kpi.without_most_active(c, upto=5),
        but={"renamed": TIES, "types": TIES, "doubled": "people go one by one, of twice as many"},
    ),
    "active_by_period": Measure(kpi.active_by_period),
    "active_by_week": Measure(lambda c: kpi.active_by_period(c, period="week")),
    "dau_wau_mau": Measure(kpi.dau_wau_mau),
    "stickiness": Measure(kpi.stickiness),
    "lifecycle_states": Measure(kpi.lifecycle_states),
    "quick_ratio": Measure(kpi.quick_ratio),
    "churn_rate": Measure(lambda c: kpi.churn_rate(c, gap_days=7)),
    "comeback_share": Measure(lambda c: kpi.comeback_share(c, gap_days=7)),
    "at_risk": Measure(kpi.at_risk, item=True),
    "classic_retention": Measure(kpi.classic_retention),
    "classic_retention_first_event": Measure(
        lambda c: kpi.classic_retention(c, since="first_event")
    ),
    "classic_retention_by_month": Measure(kpi.classic_retention_by_month),
    "retention_curve": Measure(kpi.retention_curve),
    "rolling_retention": Measure(kpi.rolling_retention),
    "survival_curve": Measure(lambda c: kpi.survival_curve(c, gap_days=7)),
    "activation_rate": Measure(kpi.activation_rate),
    "gini": Measure(kpi.gini),
    "gini_all_members": Measure(kpi.gini_all_members),
    "lorenz_curve": Measure(kpi.lorenz_curve, but=WHOLE),
    "top_share": Measure(kpi.top_share, but=NEAREST),
    "contributor_absence_factor": Measure(kpi.contributor_absence_factor, but=NEAREST),
    "one_time_share": Measure(kpi.one_time_share),
    "class_shares_by_rank": Measure(kpi.class_shares_by_rank, but=NEAREST),
    "class_shares_by_posts": Measure(kpi.class_shares_by_posts),
    "engaged_members": Measure(kpi.engaged_members),
    "lurker_ratio": Measure(kpi.lurker_ratio),
    "posts_per_active_member": Measure(kpi.posts_per_active_member),
    "activity_by_member_type": Measure(kpi.activity_by_member_type),
    "burstiness": Measure(kpi.burstiness, item=True),
    "solution_rate": Measure(kpi.solution_rate),
    "solution_rate_by_channel": Measure(lambda c: kpi.solution_rate(c, by="channel")),
    "peer_answer_share": Measure(kpi.peer_answer_share),
    "conversation_per_topic": Measure(kpi.conversation_per_topic),
    "first_response": Measure(lambda c: kpi.first_response(c, keep="channel"), item=True),
    "first_response_summary": Measure(lambda c: kpi.first_response_summary(c, period="month")),
    "unanswered_rate": Measure(lambda c: kpi.unanswered_rate(c, by="channel")),
    "answered_within": Measure(kpi.answered_within),
    "content_half_life": Measure(kpi.content_half_life, item=True),
    "reply_graph": Measure(graph_by(None), item=True),
    "reply_graph_parent": Measure(graph_by("parent"), item=True),
    "reply_graph_previous": Measure(graph_by("previous"), item=True),
    "reply_graph_opener": Measure(graph_by("opener"), item=True),
    "interaction_graph": Measure(lambda c: edges(network.interaction_graph(c)), item=True),
    "newcomer_answers": Measure(network.newcomer_answers, item=True),
    "unanswered_newcomers": Measure(network.unanswered_newcomers, item=True),
    "network_at_least": Measure(
        network.network_at_least, but={"doubled": "two copies are two pieces"}
    ),
    "contact_network": Measure(contacts, but={"doubled": "there are twice as many links"}),
}
TYPES = ("pyarrow", "categorical", "zoned", "float", "text")
# How many of the logs each law is tried on: one in so many.
LAWS = {
    "order": 1, "renamed": 1, "columns": 2, "types": 2, "doubled": 1, "shifted": 2, "pickled": 10,
}  # fmt: skip


@pytest.fixture(autouse=True)
def quietly():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotCountedWarning)
        warnings.simplefilter("ignore", NotMeasuredWarning)
        yield


def result(measure: Measure, community) -> pd.DataFrame | str:
    """Call the measure; a scalar becomes a table, an error that cmlib says becomes its class."""
    from cmlib.errors import CmlibError

    try:
        found = measure.call(community)
    except CmlibError as error:
        return type(error).__name__
    if nw.dependencies.is_into_dataframe(found) or _is_lazy(found):
        return found
    return pd.DataFrame({"value": [found]})


def _is_lazy(found) -> bool:
    return isinstance(nw.from_native(found, pass_through=True), nw.LazyFrame)


def tidy(table, *, drop=()) -> pd.DataFrame:
    """Give plain types and an order that does not depend on the rows' first order."""
    table = plain(table.drop(columns=[name for name in drop if name in table.columns]))
    keys = sorted(table.columns, key=lambda name: (name not in (*MOMENTS, *IDS), name))
    if not len(keys):
        return table
    return table.sort_values(keys, ignore_index=True, key=lambda values: values.astype("str"))


def check_same(one, other, *, drop=()) -> None:
    if isinstance(one, str) or isinstance(other, str):
        assert isinstance(one, str) and one == other
        return
    pd.testing.assert_frame_equal(
        tidy(one, drop=drop), tidy(other, drop=drop), rtol=1e-9, check_dtype=False
    )


def sized(table) -> list[str]:
    return [name for name in table.columns if name.removesuffix("_h").endswith(SIZED)]


def doubled_once(measure: Measure, once):
    """Return what the measure must give on a log that stands twice in it."""
    if isinstance(once, str):
        return once
    if measure.item:
        return pd.concat([once, once], ignore_index=True)
    return once.assign(**{name: 2 * once[name] for name in once if name in COUNTS})


def moved(table, weeks: int):
    """Return what a measure must give on a log shifted by whole weeks."""
    if isinstance(table, str):
        return table
    times = {
        name: pd.to_datetime(table[name]) + pd.Timedelta(days=7 * weeks)
        for name in table.columns
        if name in MOMENTS and not pd.api.types.is_numeric_dtype(table[name])
    }
    return table.assign(**times)


@dataclass(frozen=True)
class Trial:
    """A log that a law changed: what a measure gives there, and what it has to give."""

    community: data.Community
    expected: Callable  # (measure, what it gave on the log as it was) -> what it must give
    drop: Callable = lambda found: ()
    before: data.Community | None = None  # the log as it was, where that is another zone


def trial(law: str, log: Log, seed: int) -> Trial:
    """Change a log as one law says, once for all measures."""
    same = lambda _measure, found: found  # noqa: E731
    if law == "order":
        return Trial(shuffled(log, seed).community(), same)
    if law == "columns":
        return Trial(with_columns(log).community(), same)
    if law == "renamed":
        other, names = renamed(log, seed)

        def expected(_measure, found):
            if isinstance(found, str):
                return found
            return found.assign(**{n: found[n].map(names[n]) for n in found if n in names})

        return Trial(other.community(), expected)
    if law == "types":
        kind = TYPES[seed % len(TYPES)]
        drop = IDS if kind == "text" else ()
        return Trial(with_types(log, kind).community(), same, lambda _found: drop)
    if law == "doubled":
        return Trial(
            doubled(log).community(),
            doubled_once,
            lambda found: () if isinstance(found, str) else [*sized(found), *IDS],
        )
    if law == "shifted":
        weeks, utc = 1 + seed % 80, replace(log, tz="UTC")
        return Trial(
            shifted(utc, weeks).community(),
            lambda _measure, found: moved(found, weeks),
            before=utc.community(),
        )
    return Trial(pickle.loads(pickle.dumps(log.community())), same)


BY_MONTH = {
    "classic_retention", "classic_retention_first_event", "classic_retention_by_month",
    "new_members", "joined_members", "active_by_period", "lifecycle_states", "quick_ratio",
    "churn_rate", "activation_rate", "engaged_members", "lurker_ratio",
    "posts_per_active_member", "activity_by_member_type", "first_response_summary",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(LOGS))
def test_laws(seed):
    log = random_log(seed)
    community = log.community()
    found = {name: result(measure, community) for name, measure in MEASURES.items()}
    for law, one_in in LAWS.items():
        if seed % one_in:
            continue
        other = trial(law, log, seed)
        for name, measure in MEASURES.items():
            if law in measure.but or (law == "shifted" and name in BY_MONTH):
                continue
            before = found[name] if other.before is None else result(measure, other.before)
            try:
                check_same(
                    other.expected(measure, before),
                    result(measure, other.community),
                    drop=other.drop(before),
                )
            except Exception as error:
                error.add_note(f"{name}: law {law!r} on random_log({seed})")
                raise


def test_every_measure_of_a_log_is_here():
    """A measure that takes a community and reads its log stands in `MEASURES`."""
    tables = {
        "adjusted_difference", "amplification_rate", "applause_rate", "backlog_age", "best_slots",
        "click_through_rate", "compare_variants", "conversation_rate", "dwell_time",
        "engagement_rate", "engagement_rate_per_post", "escalation_rate", "event_funnel",
        "faq_candidates", "interaction_rate", "net_sentiment",
        "on_time_rate", "publication_counts", "resolution_time_by_closing",
        "resolution_time_by_opening", "share_of_voice", "ticket_delay", "ugc_share",
    }  # fmt: skip
    takes = {
        name
        for room in (kpi, network)
        for name in room.__all__
        if {"community", "source"} & set(_parameters(getattr(room, name))[:1])
    }
    assert takes - tables <= {name.removesuffix("_parent") for name in MEASURES}


def _parameters(public) -> list[str]:
    return list(inspect.signature(public).parameters) if inspect.isfunction(public) else []


@pytest.mark.parametrize("name", ["top_share", "contributor_absence_factor"])
def test_top_shares_within_one_person(name):
    for seed in range(LOGS):
        log = random_log(seed)
        once = result(MEASURES[name], log.community())
        twice = result(MEASURES[name], doubled(log).community())
        if isinstance(once, str):
            assert once == twice
            continue
        if name == "contributor_absence_factor":
            k, both = once["value"][0], twice["value"][0]
            assert (pd.isna(k) and pd.isna(both)) or both in (2 * k - 1, 2 * k)
        else:
            posters = log.events["kind"].isin(["topic", "reply"])
            posters &= log.events["member_id"].notna()
            most = log.events[posters]["member_id"].value_counts()
            gap = (once["share"] - twice["share"]).abs()
            assert (gap.dropna() <= most.max() / most.sum() + 1e-12).all() if len(most) else True


# --- engines ---------------------------------------------------------------------------------

OTHERS = [engine for engine in ENGINES if engine != "pandas"]


@pytest.fixture(params=OTHERS)
def engine(request) -> Engine:
    if request.param == "spark":
        pytest.importorskip("pyspark")
    return Engine(request.param)


@pytest.mark.parametrize("seed", range(max(4, LOGS // 10)))
def test_engines_agree(seed, engine):
    """The same figures on every engine: twenty logs, or one on Spark, which is slow to start."""
    if engine.name == "spark" and seed:
        return
    log = random_log(7 if engine.name == "spark" else seed)
    community, other = log.community(), log.community(engine.give)
    for name, measure in MEASURES.items():
        found = result(measure, other)
        if not isinstance(found, str) and not isinstance(found, pd.DataFrame):
            found = engine.take(found)
        try:
            check_same(result(measure, community), found)
        except Exception as error:
            error.add_note(f"{name} on {engine.name}, seed {seed}")
            raise


def from_tables(events, members, whole: data.Community) -> data.Community:
    return data.community(
        events=events,
        members=members,
        tz=whole.tz,
        start=whole.start.tz_localize("UTC"),
        end=whole.end.tz_localize("UTC"),
        complete_history=True,
    )


@cache
def on_engine(pack: str, engine_name: str) -> data.Community:
    whole = data.load(pack)
    events = Engine(engine_name).give(whole.events)
    return from_tables(events, whole.members, whole).view(without="team")


@cache
def pack_without_team(pack: str) -> data.Community:
    return data.load(pack).view(without="team")


@pytest.mark.parametrize("pack", ["brand", "forum"])
@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("engine_name", ["polars-lazy", "duckdb"])
def test_engines_agree_on_packs(name, pack, engine_name):
    """Two packs as they are, the team left out, on the two engines for large files."""
    found = result(MEASURES[name], on_engine(pack, engine_name))
    if not isinstance(found, str) and not isinstance(found, pd.DataFrame):
        found = Engine(engine_name).take(found)
    check_same(result(MEASURES[name], pack_without_team(pack)), found)


@cache
def pack_shuffled(pack: str) -> tuple[data.Community, data.Community]:
    whole = data.load(pack)
    noisy = with_columns(
        Log(whole.events.sample(frac=1, random_state=3), whole.members, whole.start, whole.end)
    )
    return whole, from_tables(noisy.events.reset_index(drop=True), noisy.members, whole)


@pytest.mark.parametrize("pack", ["brand", "forum", "support", "internal"])
@pytest.mark.parametrize("name", MEASURES)
def test_order_and_columns_on_packs(name, pack):
    whole, other = pack_shuffled(pack)
    check_same(result(MEASURES[name], whole), result(MEASURES[name], other))


def test_a_view_never_changes_what_is_stored():
    log = random_log(11)
    community = log.community()
    events, members = log.events.copy(), log.members.copy()
    view = community.view(without="team", start="2025-01-07", tz="Asia/Tokyo")
    for measure in MEASURES.values():
        result(measure, view)
    pd.testing.assert_frame_equal(community.events, events)
    pd.testing.assert_frame_equal(community.members, members)
    pd.testing.assert_frame_equal(view.events, events)
