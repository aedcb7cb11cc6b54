"""The simulator: same seed same bytes, valid tables, and truths that estimators recover."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from cmlib.data.validate import validate
from cmlib.errors import ParameterError
from cmsim import PACKS, generate
from cmsim.build import build_world
from cmsim.clock import Clock
from cmsim.generate import END, START
from cmsim.presets import load_preset
from cmsim.sampling import stratified_normal, take_share
from cmsim.world import stream

FINGERPRINT = """
import hashlib, sys
sys.path.insert(0, {folder!r})
from test_core import fingerprint
print(fingerprint({pack!r}, 5))
"""


def world(pack, seed=1, **options):
    preset = load_preset(pack)
    return build_world(
        preset,
        seed=seed,
        members=options.pop("members", preset["members"]["default"]),
        language=options.pop("language", preset["language"]),
        start=START,
        end=END,
    )


def fingerprint(pack, seed):
    made = world(pack, seed, members=400)
    text = made.members.to_csv(index=False) + made.events.to_csv(index=False)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module", params=PACKS)
def made(request):
    return world(request.param, 4)


@pytest.mark.parametrize("pack", PACKS)
def test_the_same_seed_gives_the_same_bytes_in_another_process(pack):
    from pathlib import Path

    code = FINGERPRINT.format(folder=str(Path(__file__).parent), pack=pack)
    other = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "77"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == fingerprint(pack, 5)


def test_another_seed_gives_another_community():
    assert fingerprint("forum", 5) != fingerprint("forum", 6)


def test_a_stream_depends_on_its_name_and_seed_only():
    assert stream(1, "tickets").random(3).tolist() == stream(1, "tickets").random(3).tolist()
    assert stream(1, "tickets").random() != stream(1, "posts").random()
    assert stream(2, "tickets").random() != stream(1, "tickets").random()


def test_members_and_events_keep_their_contracts(made):
    texts = {"text": None, "n_chars": pd.array([pd.NA] * len(made.events), dtype="Int64")}
    validate(made.members, "members")
    validate(made.events.assign(**texts), "events")
    assert made.members["member_id"].tolist() == list(range(1, len(made.members) + 1))
    assert made.members["joined_at"].is_monotonic_increasing
    assert made.events["event_id"].tolist() == list(range(1, len(made.events) + 1))
    assert made.events["timestamp"].is_monotonic_increasing
    assert made.members["consent_analytics"].mean() == pytest.approx(0.80, abs=0.06)


def test_every_event_lies_in_the_period_and_after_its_author_joined(made):
    at = made.events["timestamp"]
    assert at.min() >= START
    assert at.max() < END
    joined = made.events["member_id"].map(made.members.set_index("member_id")["joined_at"])
    assert (at >= joined)[joined.notna()].all()


def test_a_reply_follows_what_it_answers_in_the_same_thread(made):
    events = made.events
    has = events["parent_id"].notna()
    parent = events.loc[events.loc[has, "parent_id"].astype("int64") - 1].reset_index(drop=True)
    child = events[has].reset_index(drop=True)
    assert (child["event_id"] > parent["event_id"]).all()
    assert (child["timestamp"] >= parent["timestamp"]).all()
    assert (child["thread_id"] == parent["thread_id"]).all()
    assert parent["kind"].isin(["topic", "reply"]).all()
    assert has.equals(events["kind"].isin(["reply", "reaction", "accept"]))
    topics = events[events["kind"] == "topic"]
    assert (topics["thread_id"] == topics["event_id"]).all()
    assert events.loc[events["kind"] == "visit", "thread_id"].isna().all()


def test_nobody_replies_to_their_own_topic_first(made):
    author = made.latent["events"]["true_member_id"]
    reply = made.events[made.events["kind"] == "reply"]
    parent = author.to_numpy()[reply["parent_id"].astype("int64") - 1]
    assert (parent != author[reply.index]).mean() > 0.999


@pytest.mark.parametrize("pack", ["brand", "forum"])
def test_theta_is_recovered_by_a_logit_on_the_truth_labels(pack):
    import statsmodels.api as sm

    estimates, covered = [], []
    for seed in range(1, 7):
        made = world(pack, seed)
        labels = made.latent["members"].assign(source=made.members["source"])
        mature = made.members["joined_at"] <= END - pd.Timedelta(days=120)
        chosen = labels[
            mature
            & labels["wave"].isin(["", "contest"])
            & labels["archetype"].isin(["one_time", "asker", "regular", "core"])
            & ~labels["troll"]
        ]
        design = pd.get_dummies(chosen[["source", "archetype"]], drop_first=True, dtype=float)
        design = sm.add_constant(design.assign(answered=chosen["answered_24h"].astype(float)))
        fit = sm.Logit(chosen["stayed_90"].astype(float), design).fit(disp=0)
        low, high = fit.conf_int().loc["answered"]
        theta = made.latent["parameters"]["theta"]
        estimates.append(fit.params["answered"])
        covered.append(low <= theta <= high)
    assert np.mean(estimates) == pytest.approx(theta, abs=0.15)
    assert sum(covered) >= 5


def test_the_answer_before_24_hours_is_what_the_tables_show():
    made = world("forum", 2)
    labels = made.latent["members"].set_index("member_id")
    events = made.events.assign(by=made.latent["events"]["true_member_id"])
    bots = made.members.loc[made.members["role"] == "bot", "member_id"]
    topics = events[(events["kind"] == "topic")].drop_duplicates("by").set_index("event_id")
    replies = events[(events["kind"] == "reply") & ~events["by"].isin(bots)]
    replies = replies[replies["thread_id"].isin(topics.index)]
    opened = replies["thread_id"].astype("int64").map(topics["timestamp"])
    asker = replies["thread_id"].astype("int64").map(topics["by"])
    early = replies[
        (replies["timestamp"] - opened < pd.Timedelta(hours=24)) & (replies["by"] != asker)
    ]
    answered = topics["by"].isin(topics.loc[early["thread_id"].astype("int64").unique(), "by"])
    shown = pd.Series(answered.to_numpy(), index=topics["by"])
    shown = shown[
        shown.index.isin(labels.index[labels["archetype"].isin(["asker", "regular", "one_time"])])
    ]
    assert (shown == labels.loc[shown.index, "answered_24h"]).mean() > 0.99


def test_the_clock_goes_there_and_back():
    clock = Clock(
        START,
        24 * 60,
        zones=["Europe/Paris", "America/Toronto"],
        by_hour=[0.1] * 8 + [2.0] * 12 + [0.5] * 4,
        by_weekday=[1, 1, 1, 1, 1, 0.3, 0.3],
        outage=(100.0, 110.0, 5.0),
    )
    hours = np.concatenate([np.linspace(0, 99.9, 200), np.linspace(110.1, 1400, 200)])
    for zone in (0, 1):
        back = clock.real(clock.operational(hours, zone), zone)
        assert np.abs(back - hours).max() < 0.6
        assert (np.diff(clock.operational(hours, zone)) >= 0).all()
    moved = clock.real(np.linspace(0, 1400, 5000), 0)
    assert not ((moved >= 100) & (moved < 110)).any()


def test_shares_are_exact_to_one_in_each_stratum():
    rng = np.random.default_rng(3)
    stratum = np.repeat([0, 1, 2], [333, 250, 417])
    chance = np.array([0.11, 0.5, 0.9])[stratum]
    taken = take_share(rng, chance, stratum)
    for code in range(3):
        here = stratum == code
        assert abs(taken[here].sum() - chance[here].sum()) <= 1


def test_stratified_draws_have_the_median_of_each_stratum():
    stratum = np.repeat([0, 1], [101, 300])
    drawn = stratified_normal(np.random.default_rng(5), 401, stratum)
    assert abs(np.median(drawn[stratum == 0])) < 0.02
    assert abs(np.median(drawn[stratum == 1])) < 0.02
    assert drawn.std() == pytest.approx(1.0, abs=0.05)


def test_the_size_follows_the_number_of_members():
    small, large = world("forum", 1, members=600), world("forum", 1, members=6000)
    assert len(large.events) / len(small.events) == pytest.approx(10, rel=0.4)


def test_the_language_and_the_period_can_be_chosen():
    english = generate("brand", seed=3, members=300, language="en", start="2023-02-01").community
    assert (english.members["language"] == "en").mean() > 0.6
    # From midnight to midnight in Paris: winter time at the start, summer time at the end.
    assert english.start == pd.Timestamp("2023-01-31 23:00")
    assert english.end == pd.Timestamp("2023-02-01") + (END - START) - pd.Timedelta(hours=2)


def test_what_cannot_be_made_is_refused_with_a_way_out():
    with pytest.raises(
        ParameterError, match=r"brand, forum, support, internal.*Did you mean 'forum'"
    ):
        generate("forums")
    with pytest.raises(ParameterError, match="Ask for 200 or more"):
        generate("forum", members=20)
    with pytest.raises(ParameterError, match="stories need 450 or more"):
        generate("forum", start="2024-01-01", end="2024-03-01")
    with pytest.raises(ParameterError, match=r"start='01/03/2024' can be misread.*2024-03-01"):
        generate("forum", start="01/03/2024")
    with pytest.raises(ParameterError, match=r"end='today' is not a date"):
        generate("forum", end="today")
    with pytest.raises(ParameterError, match=r"language='de'.*fr, en"):
        generate("forum", language="de")


def test_a_simulation_holds_tables_truth_and_stories():
    made = generate("support", seed=8, members=500)
    assert {"members", "events"} <= set(made.community.tables)
    assert {"members", "events"} <= set(made.truth["labels"])
    assert {"staff_cut", "outage"} <= {story.id for story in made.stories}
    assert made.truth["parameters"]["theta"] == load_preset("support")["retention"]["theta"]
