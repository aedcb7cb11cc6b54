"""The committed datasets: made again byte for byte, loadable, small, and described."""

import json
import shutil

import pandas as pd
import pytest
from places import DATASETS

from cmlib.data.datasets import list_datasets, load, load_table, set_data_home
from cmlib.data.schema import PACK_TABLES, SHARED_TABLES
from cmlib.errors import FileError, ParameterError
from cmlib.i18n import use_language
from cmsim.datasets import differences, files_of
from cmsim.generate import generate
from cmsim.presets import PACKS
from cmsim.write import write_simulation, write_simulations


@pytest.fixture(autouse=True)
def usual_home():
    set_data_home(DATASETS)
    yield
    set_data_home(None)


@pytest.fixture(scope="module")
def small():
    return generate("internal", seed=11, members=220)


def test_the_committed_files_are_what_the_seeds_give():
    assert differences(DATASETS) == []


def test_a_changed_and_a_lost_file_are_named(tmp_path):
    copy = shutil.copytree(DATASETS, tmp_path / "datasets")
    (copy / "README.md").write_text("mine", encoding="utf-8")
    (copy / "brand" / "events.csv").unlink()
    assert differences(copy) == ["README.md", "brand/events.csv"]


def test_the_packs_weigh_less_than_fifteen_megabytes():
    tables = [path for path in files_of(DATASETS) if "truth" not in path.parts]
    assert sum(path.stat().st_size for path in tables if path.suffix == ".csv") < 15e6


@pytest.mark.parametrize("pack", PACKS)
def test_each_pack_loads_with_every_table(pack):
    community = load(pack)
    assert tuple(community.tables) == PACK_TABLES
    made = generate(pack).community
    for name, table in community.tables.items():
        pd.testing.assert_frame_equal(table, made.tables[name], check_categorical=False)


ZONES = {
    "brand": ("Europe/Paris", "2023-12-31 23:00", "2025-07-14 22:00"),
    "forum": ("Europe/Paris", "2023-12-31 23:00", "2025-07-14 22:00"),
    "support": ("Europe/London", "2024-01-01 00:00", "2025-07-14 23:00"),
    "internal": ("Europe/London", "2024-01-01 00:00", "2025-07-14 23:00"),
}


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_says_its_zone_and_ends_at_its_midnight(pack):
    tz, first, last = ZONES[pack]
    manifest = json.loads((DATASETS / "manifest.json").read_text(encoding="utf-8"))["packs"][pack]
    truth = json.loads((DATASETS / "truth" / f"{pack}.json").read_text(encoding="utf-8"))
    for told in (manifest, truth):
        assert (told["tz"], told["start"], told["end"]) == (tz, "2024-01-01", "2025-07-15")
    assert manifest["complete_history"] is True
    community = load(pack)
    assert (community.tz, community.complete_history) == (tz, True)
    assert (community.start, community.end) == (pd.Timestamp(first), pd.Timestamp(last))
    assert community.events["timestamp"].between(first, last, inclusive="left").all()
    made = generate(pack).community
    assert (made.tz, made.start, made.end) == (tz, community.start, community.end)
    for language in ("md", "fr.md"):
        readme = (DATASETS / f"README.{language}").read_text(encoding="utf-8")
        row = next(line for line in readme.splitlines() if line.startswith(f"| `{pack}` |"))
        assert f"| {tz} | 2024-01-01 | 2025-07-15 |" in row
        sheet = (DATASETS / "truth" / f"{pack}_stories.{language}").read_text(encoding="utf-8")
        assert tz in sheet.splitlines()[2]


def test_the_list_names_the_four_packs_in_both_languages():
    english = list_datasets()
    assert english["name"].to_list() == list(PACKS)
    with use_language("fr"):
        french = list_datasets()
    assert not set(english["about"]) & set(french["about"])
    readme = (DATASETS / "README.fr.md").read_text(encoding="utf-8")
    for name, about in zip(french["name"], french["about"], strict=True):
        assert f"| `{name}` | {about} |" in readme


def test_the_shared_tables_load():
    assert [len(load_table(name)) > 5 for name in SHARED_TABLES] == [True] * 3


def test_the_truth_states_each_story_once_with_its_values():
    for pack in PACKS:
        truth = json.loads((DATASETS / "truth" / f"{pack}.json").read_text(encoding="utf-8"))
        ids = [story["id"] for story in truth["stories"]]
        assert len(ids) == len(set(ids)) > 10
        assert all(story["value"] for story in truth["stories"])
        for language in ("md", "fr.md"):
            sheet = (DATASETS / "truth" / f"{pack}_stories.{language}").read_text(encoding="utf-8")
            assert sheet.count("\n## ") == len(ids)


def test_the_french_sheet_is_in_french():
    for pack in PACKS:
        lines = {
            language: (DATASETS / "truth" / f"{pack}_stories{language}.md")
            .read_text(encoding="utf-8")
            .splitlines()
            for language in ("", ".fr")
        }
        titles = {name: [x for x in text if x.startswith("## ")] for name, text in lines.items()}
        assert not set(titles[""]) & set(titles[".fr"])


def test_one_simulation_is_written_loaded_and_never_overwritten(small, tmp_path):
    folder = write_simulation(small, tmp_path / "class", language="fr")
    names = {str(path.relative_to(folder)) for path in files_of(folder)}
    assert {"manifest.json", "README.fr.md", "truth/internal_stories.fr.md"} <= names
    assert "README.md" not in names
    set_data_home(folder)
    assert len(load("internal").members) == len(small.community.members)
    before = (folder / "manifest.json").read_bytes()
    with pytest.raises(FileError, match="is not empty, and nothing in it was changed"):
        write_simulation(small, folder)
    assert (folder / "manifest.json").read_bytes() == before


def test_a_file_or_an_unknown_language_is_refused(small, tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(FileError, match="is a file"):
        write_simulation(small, file)
    with pytest.raises(ParameterError, match="en, fr"):
        write_simulation(small, tmp_path / "new", language="de")
    assert not (tmp_path / "new").exists()


def test_writing_twice_gives_the_same_bytes(small, tmp_path):
    first = write_simulations([small], tmp_path / "a")
    second = write_simulations([generate("internal", seed=11, members=220)], tmp_path / "b")
    for path in files_of(first):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path.name
