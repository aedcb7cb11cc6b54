"""``python -m cmsim``: what it writes, what it refuses, in both languages."""

import subprocess
import sys

import pandas as pd
import pytest

from cmlib.data import list_datasets, load, set_data_home
from cmlib.i18n import get_language
from cmsim.__main__ import main


def fails(capsys, *arguments):
    """Run a command that must fail; give its message, checked to be on stderr alone."""
    assert main([str(argument) for argument in arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


def test_it_makes_a_pack_that_loads(tmp_path, capsys):
    folder = tmp_path / "new"
    arguments = ["--pack", "forum", "--seed", "7", "--members", "300"]
    arguments += ["--start", "2024-02", "--lang", "fr", "--out", str(folder)]
    assert main(arguments) == 0
    assert "fichiers écrits dans" in capsys.readouterr().out
    assert get_language() == "en"
    try:
        set_data_home(folder)
        community = load("forum")
        assert list_datasets()["name"].to_list() == ["forum"]
    finally:
        set_data_home(None)
    assert community.start == pd.Timestamp("2024-01-31 23:00")  # midnight in Paris
    assert (community.members["role"] == "member").sum() > 290  # some accounts are deleted
    assert (community.members["language"] == "fr").mean() > 0.5
    assert (folder / "README.fr.md").is_file()
    assert list((folder / "truth").glob("*.md"))


def test_it_refuses_a_folder_that_holds_something(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("keep me", encoding="utf-8")
    error = fails(capsys, "--pack", "forum", "--out", tmp_path)
    assert error.startswith("cmsim: ") and error.count("\n") == 1
    assert "is not empty, and nothing in it was changed" in error
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "keep me"
    assert "is a file" in fails(capsys, "--pack", "forum", "--out", tmp_path / "mine.txt")
    french = fails(capsys, "--pack", "forum", "--lang", "fr", "--out", tmp_path)
    assert "n’est pas vide" in french


def test_it_refuses_a_wrong_number_and_a_wrong_period(tmp_path, capsys):
    common = ("--pack", "forum", "--out", tmp_path / "few")
    assert "Ask for 200 or more" in fails(capsys, *common, "--members", "3")
    assert "is not a whole number" in fails(capsys, *common, "--members", "many")
    assert "The stories need 450 or more" in fails(
        capsys, *common, "--start", "2024-01", "--end", "2024-06"
    )
    assert not (tmp_path / "few").exists()


def test_arguments_that_miss_or_are_not_known(capsys):
    assert "required" in fails(capsys)
    assert "il manque les arguments suivants" in fails(capsys, "--lang", "fr")
    assert "invalid choice" in fails(capsys, "--pack", "shop", "--out", "x")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["usage:", "options:", "type of community"]),
        ("fr", ["usage\u00a0:", "affiche cette aide", "type de communauté"]),
    ],
)
def test_help_in_both_languages(capsys, language, words):
    assert main(["--help", "--lang", language]) == 0
    page = capsys.readouterr().out
    for word in words:
        assert word in page


def test_help_in_the_language_of_the_course():
    done = subprocess.run(
        [sys.executable, "-m", "cmsim", "--help"],
        env={"COURSE_LANG": "fr", "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "python -m cmsim" in done.stdout
    assert "type de communauté" in done.stdout
