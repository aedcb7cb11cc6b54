"""The tables around a community: contracts, references, randomness, sentences and exports."""

import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from calibration_posts import calibration

from cmlib.data.dictionary import data_dictionary, dictionary_text
from cmlib.data.schema import PACK_TABLES, SHARED_TABLES, TABLES
from cmlib.data.validate import validate
from cmlib.errors import ParameterError
from cmlib.i18n import set_language
from cmsim.common import common_tables
from cmsim.draw import exact_labels, exact_mask, normal_scores, nudge_to_sum
from cmsim.exports import make_exports
from cmsim.frames import BRAND, FRAMES, RIVALS, TOPIC_WORDS
from cmsim.generate import generate
from cmsim.presets import PACKS
from cmsim.text import pack_topics, write_sentences


@pytest.fixture(scope="module")
def packs():
    return {pack: generate(pack) for pack in PACKS}


@pytest.fixture(scope="module")
def small():
    """A pack far from the default one: fewer people, other dates."""
    return generate("internal", seed=5, members=200, start="2022-03-01", language="en")


# Contracts


def test_every_pack_holds_every_table(packs):
    for simulation in packs.values():
        assert tuple(simulation.community.tables) == PACK_TABLES
        for name, table in simulation.community.tables.items():
            assert len(table) > 10, name
            pd.testing.assert_frame_equal(validate(table, name), table)
            assert table.columns.to_list() == TABLES[name].column_names


def test_every_id_refers_to_a_row(packs, small):
    for simulation in (*packs.values(), small):
        tables = simulation.community.tables
        for name, table in tables.items():
            for column in TABLES[name].columns:
                if column.refers_to is None:
                    continue
                where, other = column.refers_to.split(".")
                known = set(tables[where][other].dropna())
                used = set(table[column.name].dropna())
                assert used <= known, (simulation.community.name, name, column.name)


def test_times_follow_one_another(packs, small):
    for simulation in (*packs.values(), small):
        community = simulation.community
        tickets = community.tickets
        answered = tickets.dropna(subset=["first_response_at"])
        assert (answered["first_response_at"] > answered["opened_at"]).all()
        closed = tickets.dropna(subset=["resolved_at"])
        assert (closed["resolved_at"] >= closed["first_response_at"]).all()
        items = community.moderation.dropna(subset=["decided_at"])
        assert (items["decided_at"] > items["reported_at"]).all()
        for name, column in (
            ("tickets", "opened_at"),
            ("tickets", "first_response_at"),
            ("tickets", "resolved_at"),
            ("feedback", "timestamp"),
            ("moderation", "reported_at"),
            ("moderation", "decided_at"),
            ("mentions", "timestamp"),
            ("orders", "timestamp"),
            ("posts", "published_at"),
            ("surveys", "timestamp"),
            ("time_log", "started_at"),
            ("campaigns", "sent_at"),
        ):
            times = community.tables[name][column].dropna()
            assert times.min() >= community.start, (community.name, name, column)
            assert times.max() < community.end, (community.name, name, column)


def test_members_write_after_they_joined(packs):
    for simulation in packs.values():
        community = simulation.community
        joined = community.members.set_index("member_id")["joined_at"]
        for name, column in (("tickets", "opened_at"), ("feedback", "timestamp")):
            table = community.tables[name].dropna(subset=["member_id"])
            late = joined.loc[table["member_id"].to_numpy()].to_numpy() > table[column].to_numpy()
            # Only what came in before the very first member could not be given to anyone else.
            assert (table.loc[late, column] < joined.min()).all()


def test_the_community_pays_for_nothing_twice(packs):
    """Interactions never exceed reach, reach never exceeds impressions; empty where unpublished."""
    for simulation in packs.values():
        posts = simulation.community.posts
        out = posts["published_at"].notna()
        assert 0.9 < out.mean() < 1
        assert posts.loc[~out, ["reach", "impressions", "reactions"]].isna().all(axis=None)
        done = posts[out]
        assert (done["reach"] <= done["impressions"]).all()
        assert (done["reach"] <= done["followers"] * 2).mean() > 0.99
        assert (done[["reactions", "comments", "shares"]].sum(axis=1) <= done["reach"]).all()


# Randomness


def test_the_same_seed_gives_the_same_tables_and_another_gives_others():
    first, again = generate("internal", seed=3), generate("internal", seed=3)
    other = generate("internal", seed=4)
    for name, table in first.community.tables.items():
        pd.testing.assert_frame_equal(table, again.community.tables[name])
    for name in ("tickets", "orders", "posts", "feedback", "moderation", "mentions"):
        assert not first.community.tables[name].equals(other.community.tables[name])


def test_the_global_random_state_is_left_alone():
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    generate("internal", seed=3)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_exact_draws_do_not_depend_on_the_seed():
    for seed in range(5):
        rng = np.random.default_rng(seed)
        labels = exact_labels(rng, 101, {"a": 2, "b": 1, "c": 1})
        assert pd.Series(labels).value_counts().to_dict() == {"a": 51, "b": 25, "c": 25}
        assert exact_mask(rng, 10, 3).sum() == 3
        assert nudge_to_sum(rng, np.array([1, 5, 3, 3]), 17, 1, 5).sum() == 17
        scores = normal_scores(rng, 1001)
        assert np.median(scores) == pytest.approx(0)
        assert scores.std() == pytest.approx(1, abs=0.01)


def test_a_sum_out_of_reach_stops_at_the_limit():
    moved = nudge_to_sum(np.random.default_rng(1), np.array([1, 2]), 99, 1, 5)
    assert moved.tolist() == [5, 5]


# Sentences


def test_each_language_has_forty_frames_and_each_manner():
    for frames in FRAMES.values():
        assert len({frame.sentence for frame in frames}) == len(frames) >= 40
        assert {frame.manner for frame in frames} == {"plain", "negation", "irony", "mixed"}
        assert {frame.use for frame in frames} == {
            "opinion",
            "question",
            "answer",
            "toxic",
            "spam",
            "mention",
        }


def test_every_frame_can_be_written_with_every_topic():
    rng = np.random.default_rng(1)
    for language, frames in FRAMES.items():
        for use in {frame.use for frame in frames}:
            for topic in TOPIC_WORDS:
                rows = 12
                written = write_sentences(
                    rng,
                    use=[use] * rows,
                    tone=["negative", "neutral", "positive"] * 4,
                    language=[language] * rows,
                    topic=[topic] * rows,
                )
                assert not written["text"].str.contains(r"[{}]").any()
                assert written["text"].str.match(r"^[A-ZÀÉ]").all()


def test_one_sentence_in_twenty_mixes_two_languages():
    rng, rows = np.random.default_rng(1), 6000
    written = write_sentences(
        rng,
        use=["opinion"] * rows,
        tone=["negative"] * rows,
        language=["fr", "en"] * (rows // 2),
        topic=["delivery"] * rows,
    )
    share = written["manner"].value_counts(normalize=True)
    assert share["mixed"] == pytest.approx(0.05, abs=0.01)
    assert share["irony"] == pytest.approx(0.13, abs=0.02)
    assert share["negation"] == pytest.approx(0.20, abs=0.02)


def test_topics_have_words_and_delivery_is_everywhere():
    for pack in PACKS:
        assert "delivery" in pack_topics(pack)
        assert set(pack_topics(pack)) <= set(TOPIC_WORDS)


def test_the_brands_are_the_four_of_the_mentions(packs):
    for simulation in packs.values():
        assert set(simulation.community.mentions["brand"]) == {BRAND, *RIVALS}


def test_texts_read_toxic_or_spam_where_the_labels_say_so(packs):
    simulation = packs["brand"]
    events, labels = simulation.community.events, simulation.world.latent["events"]
    spam = labels["spam"].to_numpy(dtype=bool)
    toxic = labels["toxic"].to_numpy(dtype=bool)
    assert events.loc[spam, "text"].str.contains("http").all()
    assert not events.loc[toxic & ~spam, "text"].str.contains("http").any()
    written = events["kind"].isin(["topic", "reply"])
    assert events.loc[written, "n_chars"].notna().all()
    assert events.loc[~written, "n_chars"].isna().all()
    kept = events["text"].notna()
    assert (events.loc[kept, "text"].str.len() == events.loc[kept, "n_chars"]).all()


# Calibration


def test_the_page_the_tickets_and_the_harm_lie_in_the_measured_bands():
    table = calibration()
    outside = table[(table["mean"] < table["low"]) | (table["mean"] > table["high"])]
    assert outside.empty, outside.round(4).to_string()
    far = table[(table["lowest"] < 0.9 * table["low"]) | (table["highest"] > 1.1 * table["high"])]
    assert far.empty, far.round(4).to_string()


# Exports


@pytest.fixture(scope="module")
def exports(packs):
    return make_exports(packs["brand"])


def test_only_the_main_pack_has_dirty_exports(packs, exports):
    assert make_exports(packs["forum"]) == ({}, {})
    files, traps = exports
    assert set(files) == set(traps)


def test_the_french_export_holds_its_traps(exports):
    files, traps = exports
    raw = files["export_fr.csv"]
    assert raw.startswith(b"\xef\xbb\xbf")
    naive = pd.read_csv(io.BytesIO(raw))
    assert len(naive.columns) == 1
    table = pd.read_csv(io.BytesIO(raw), sep=";", dtype=str, encoding="utf-8-sig")
    expected = traps["export_fr.csv"]
    assert len(table) == expected["rows"] == 300
    reach = table["Portée"].str.replace("\u202f", "").astype(int)
    assert reach.sum() == expected["reach_total"]
    acts = table["Interactions"].str.replace("\u202f", "").astype(int)
    assert acts.sum() == expected["interactions_total"]
    rate = table["Taux d'engagement"].str.removesuffix("\u202f%").str.replace(",", ".")
    assert rate.astype(float).to_numpy() == pytest.approx(
        (100 * acts / reach).to_numpy(), abs=0.006
    )
    days = pd.to_datetime(table["Date de publication"], format="%d/%m/%Y")
    assert days.is_monotonic_increasing
    assert (days.dt.day <= 12).sum() == expected["dates_that_read_both_ways"]


def test_the_windows_export_cannot_be_read_as_utf8(exports):
    files, _traps = exports
    with pytest.raises(UnicodeDecodeError, match="utf-8"):
        files["export_fr_windows.csv"].decode("utf-8")
    assert "Portée" in files["export_fr_windows.csv"].decode("cp1252")


def test_repeated_rows_and_mixed_dates_are_counted(exports):
    files, traps = exports
    table = pd.read_csv(io.BytesIO(files["events_duplicates.csv"]), dtype=str)
    expected = traps["events_duplicates.csv"]
    assert table.duplicated().sum() == expected["repeated_rows"] == 12
    assert len(table.drop_duplicates()) == expected["distinct_rows"] == 3000
    once = table.drop_duplicates()["timestamp"]
    assert once.str.contains("/").sum() == expected["dates_day_first"]
    assert once.str.endswith("Z").sum() == expected["dates_with_T_and_Z"]


def test_local_times_that_do_not_exist_or_occur_twice_are_counted(exports):
    files, traps = exports
    table = pd.read_csv(io.BytesIO(files["events_local_time.csv"]))
    local = pd.to_datetime(table["local_time"])
    expected = traps["events_local_time.csv"]
    with pytest.raises(ValueError, match=r"[Nn]onexistent|[Aa]mbiguous|dst"):
        local.dt.tz_localize("Europe/Paris")
    gap = local.dt.tz_localize("Europe/Paris", nonexistent="NaT", ambiguous=False)
    assert gap.isna().sum() == expected["times_that_do_not_exist"] > 0
    fold = local.dt.tz_localize("Europe/Paris", nonexistent="shift_forward", ambiguous="NaT")
    assert fold.isna().sum() == expected["times_that_occur_twice"] > 0


def test_a_message_becomes_a_row_a_recipient(exports):
    files, traps = exports
    table = pd.read_csv(io.BytesIO(files["messages_exploded.csv"]))
    expected = traps["messages_exploded.csv"]
    assert len(table) == expected["rows"]
    assert table["message_id"].nunique() == expected["messages"] == 60
    assert not table.duplicated().any()


# Shared tables and dictionary


def test_the_profession_repeats_the_figures_of_the_guides():
    table = common_tables()["profession"].set_index("category")
    assert table.loc[["women", "men", "non-binary"], "value"].to_list() == [64, 33, 2]
    assert table.loc[["Slack", "Facebook", "Twitter"], "value"].to_list() == [26, 26, 15]
    assert table.loc["starting", ["value", "value_high"]].to_list() == [1500, 2500]
    assert table.loc["experienced (up to)", "value_high"] == 5000
    yearly = table[table["unit"] == "EUR a year"]["value"]
    assert yearly.to_list() == [24250, 29000, 40410]
    assert table["base_n"].isna().all()
    assert (table["source"].str.len() > 5).all()


def test_sunday_doubles_a_typical_day():
    week = common_tables()["welcome"].set_index("day")["visits"]
    assert week["Sunday"] == 2 * week.median()
    assert week.drop("Sunday").max() < 50


def test_the_glossary_covers_every_module_in_both_languages():
    glossary = common_tables()["glossary"]
    assert len(glossary) >= 80
    assert sorted(set(glossary["module"])) == [f"{number:02d}" for number in range(18)]
    for column in ("term_en", "term_fr", "definition_en"):
        assert glossary[column].is_unique, column
    assert glossary["definition_fr"].is_unique
    assert glossary["definition_en"].str.len().between(20, 120).all()
    assert glossary["definition_fr"].str.len().between(20, 140).all()


def test_the_dictionary_describes_every_column_in_both_languages():
    english = data_dictionary()
    assert len(english) == sum(len(table.columns) for table in TABLES.values())
    assert (english["about"].str.len() > 2).all()
    set_language("fr")
    french = data_dictionary()
    same = english.loc[english["about"] == french["about"], "about"]
    assert set(same) <= {"Segment", "Amount"}
    assert data_dictionary("costs")["column"].to_list() == TABLES["costs"].column_names
    with pytest.raises(ParameterError, match="costs"):
        data_dictionary("cost")


def test_the_dictionary_text_has_a_section_a_table():
    for language in ("en", "fr"):
        text = dictionary_text(language=language)
        titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]
        assert titles == [*TABLES]
    assert dictionary_text(language="fr", tables=SHARED_TABLES).count("## ") == 3


def test_making_the_tables_draws_no_plot_and_loads_no_plotting_library():
    code = (
        "import sys; from cmsim.generate import generate; generate('internal', seed=1);"
        "print(any(name in sys.modules for name in ('matplotlib', 'seaborn', 'networkx')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
