"""The command line: what it prints, where, and with which exit code."""

import json
import subprocess
import sys

import pytest

import cmlib
from cmlib.__main__ import main
from cmlib.i18n import get_language
from cmsim import generate
from cmsim.write import write_simulation

LOG = "time;who;thread\n13/01/2025 10:00;Zoé;a\n14/01/2025 11:00;Ali;a\n"
COLUMNS = ["--time", "time", "--member", "who", "--thread", "thread"]


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "journal.csv"
    path.write_text(LOG, encoding="cp1252")
    return path


def fails(capsys, *arguments):
    """Run a command that must fail; give its message, checked to be one line on stderr."""
    assert main([str(argument) for argument in arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


def test_the_page_of_a_messy_log(log, capsys):
    assert main(["audit", str(log), *COLUMNS, "--tz", "Europe/Paris"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("Audit of journal.csv\n====")
    assert "2 rows in the file = 2 read + 0 set aside." in page
    assert "the day was read first, as 13/01/2025 10:00 shows." in page
    assert "Windows-1252" in page


def test_the_language_is_that_of_the_option_and_does_not_stay(log, capsys):
    assert main(["audit", str(log), *COLUMNS, "--lang", "fr"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("Audit de journal.csv")
    assert "2 lignes dans le fichier = 2 lues + 0 écartées." in page
    assert get_language() == "en"


@pytest.mark.parametrize(
    ("content", "columns", "message"),
    [
        ("", COLUMNS, "is empty"),
        ("time;who;thread\n", COLUMNS, "no event to count"),
        ("time;who;thread\nsoon;1;a\n", COLUMNS, "date or time not understood"),
        ("time;who\n2025-01-01;1\n", COLUMNS, 'thread="thread": journal.csv has no such column'),
        (LOG, ["--time", "tim", "--member", "who"], "did you mean 'time'?"),
        (LOG.replace("13/", "03/").replace("14/", "04/"), COLUMNS, "day_first=True"),
        (LOG, [*COLUMNS, "--tz", "Europe/Pari"], "Did you mean 'Europe/Paris'?"),
        (LOG, [*COLUMNS, "--start", "someday"], "start='someday' is not a date"),
        (LOG, [*COLUMNS, "--start", "2030-01-01"], "no event to count"),
        (LOG, [*COLUMNS, "--encoding", "utf-9"], "is not known"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path, capsys, content, columns, message):
    path = tmp_path / "journal.csv"
    path.write_text(content, encoding="utf-8")
    error = fails(capsys, "audit", path, *columns)
    assert error.startswith("cmlib: ")
    assert message in error
    assert error.count("\n") == 1


def test_a_missing_and_a_broken_file(tmp_path, log, capsys):
    error = fails(capsys, "audit", log.with_name("journa.csv"), *COLUMNS)
    assert "does not exist. Did you mean 'journal.csv'?" in error
    broken = tmp_path / "cut.csv.gz"
    broken.write_bytes(b"\x1f\x8b\x08\x00junk")
    assert "cut short or damaged" in fails(capsys, "audit", broken, *COLUMNS)
    assert "is a folder" in fails(capsys, "audit", tmp_path, *COLUMNS)


def test_the_order_of_day_and_month_is_an_option(tmp_path, capsys):
    path = tmp_path / "log.csv"
    path.write_text("time;who\n01/02/2025;1\n03/02/2025;2\n", encoding="utf-8")
    arguments = ["audit", str(path), "--time", "time", "--member", "who"]
    assert main([*arguments, "--day-first"]) == 0
    assert "From February 1, 2025 to February 3, 2025" in capsys.readouterr().out
    assert main([*arguments, "--month-first"]) == 0
    assert "From January 2, 2025 to March 2, 2025" in capsys.readouterr().out
    assert "not allowed with" in fails(capsys, *arguments, "--day-first", "--month-first")


def test_your_own_words_for_the_kinds(tmp_path, capsys):
    path = tmp_path / "log.csv"
    path.write_text("time;who;what\n2025-01-01;1;poke\n2025-01-02;2;topic\n", encoding="utf-8")
    arguments = ["audit", str(path), "--time", "time", "--member", "who", "--kind", "what"]
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == 1
    assert main([*arguments, "--kinds", "poke=reaction", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == 2
    assert "write pairs such as" in fails(capsys, *arguments, "--kinds", "poke")


def test_json_says_why_in_the_language(log, capsys):
    assert main(["audit", str(log), *COLUMNS, "--json", "--lang=fr"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert notes["retention_m1"] == "Aucun nouveau membre n’a été observé pendant 60 jours."


@pytest.mark.parametrize("command", ["audit", "collect", "doctor"])
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["usage:", "options:"]), ("fr", ["usage\u00a0:", "affiche cette aide"])],
)
def test_help_in_both_languages(capsys, command, language, words):
    assert main([command, "--help", "--lang", language]) == 0
    page = capsys.readouterr().out
    for word in words:
        assert word in page


def test_help_in_the_language_of_the_course():
    done = subprocess.run(
        [sys.executable, "-m", "cmlib", "--help"],
        env={"COURSE_LANG": "fr", "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "L’analyse de communautés en ligne de commande." in done.stdout


def test_arguments_that_miss_or_are_not_known(capsys):
    assert "does not exist" in fails(capsys, "audit", "log.csv")
    assert "il manque les arguments suivants" in fails(capsys, "audit", "--lang", "fr")
    assert "invalid choice" in fails(capsys, "audit", "log.csv", "--lang", "de")
    assert "required" in fails(capsys)
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"cmlib {cmlib.__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--pack", "forum", "--out", "new"]])
def test_the_old_command_of_the_simulator_names_the_new_one(capsys, arguments):
    error = fails(capsys, "simulate", *arguments)
    assert "write python -m cmsim with the same arguments." in error
    assert error.count("\n") == 1
    assert "écrivez python -m cmsim" in fails(capsys, "simulate", *arguments, "--lang", "fr")


def small_home(folder):
    """A data home of one tiny pack, made by the simulator."""
    return write_simulation(generate("forum", members=200), folder)


def test_doctor_finds_everything_in_place_then_what_is_not(tmp_path, capsys, monkeypatch):
    home = small_home(tmp_path / "data")
    monkeypatch.setenv("CMLIB_DATA", str(home))
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert main(["doctor"]) == 0
    page = capsys.readouterr().out
    assert "problem" not in page
    assert page.endswith("Everything is in place.\n")
    for word in ("Python 3.", "pandas ", "dataset forum: ", "messages in the language fr"):
        assert word in page

    costs = home / "forum" / "costs.csv"
    costs.write_bytes(costs.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["doctor"]) == 1
    page = capsys.readouterr().out
    assert "problem  dataset forum: changed since it was made: costs" in page
    assert page.endswith("Problems: 1.\n")

    costs.unlink()
    assert main(["doctor", "--lang", "fr"]) == 1
    assert "problème jeu de données forum" in capsys.readouterr().out


def test_doctor_without_datasets(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CMLIB_DATA", str(tmp_path))
    assert main(["doctor"]) == 1
    assert "manifest.json" in capsys.readouterr().out


def test_doctor_tells_a_package_that_is_too_old(tmp_path, capsys, monkeypatch):
    from importlib import metadata

    true_version = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "1.0" if name == "pandas" else true_version(name)
    )
    monkeypatch.setenv("CMLIB_DATA", str(tmp_path))
    assert main(["doctor"]) == 1
    assert "problem  pandas 1.0: cmlib needs " in capsys.readouterr().out


@pytest.fixture
def progress_files(tmp_path):
    """Two learners: 00.1 is accepted by both, one of them at once; 02.4 by nobody."""
    folder = tmp_path / "group"
    folder.mkdir()
    easy = {"accepted": True, "hints": 0, "solution": False}
    hard = {"tries": 3, "accepted": False, "first_try": False, "hints": 2, "solution": True}
    unread = {"tries": 0, "accepted": False, "first_try": None, "hints": 1, "solution": False}
    ana = {"00.1": {**easy, "tries": 1, "first_try": True}, "02.4": hard}
    bo = {"00.1": {**easy, "tries": 2, "first_try": False}, "02.4": unread}
    for name, recorded in (("ana", ana), ("bo", bo)):
        (folder / f"{name}.json").write_text(json.dumps(recorded), encoding="utf-8")
    return folder


def test_collect_gives_failure_rates_hardest_first(progress_files, capsys):
    assert main(["collect", *map(str, sorted(progress_files.iterdir()))]) == 0
    page = capsys.readouterr().out
    assert page == (
        "Progress files read: 2.\n"
        "\n"
        "Question  Tried by  Failed  First try  Tries  Hints  Solution seen\n"
        "--------  --------  ------  ---------  -----  -----  -------------\n"
        "02.4             1    100%         0%      3      2           100%\n"
        "00.1             2      0%        50%    1.5      0             0%\n"
        "\n"
        "Tried by: learners who checked an answer, hardest question first.\n"
        "Failed: share of them with no answer accepted yet.\n"
        "Tries: median a learner. Hints: mean a learner.\n"
    )
    assert "ana" not in page


def test_collect_reads_a_folder_in_french_within_80_columns(progress_files, capsys):
    assert main(["collect", str(progress_files), "--lang", "fr"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("Fichiers de progression lus\u00a0: 2.\n")
    assert "Corrigé vu" in page
    assert max(map(len, page.splitlines())) <= 80


def test_collect_prints_csv(progress_files, capsys):
    assert main(["collect", str(progress_files), "--csv"]) == 0
    assert capsys.readouterr().out == (
        "question,learners,accepted,first_try,failed,tries,hints,solution\n"
        "02.4,1,0.0,0.0,1.0,3.0,2.0,1.0\n"
        "00.1,2,1.0,0.5,0.0,1.5,0.0,0.0\n"
    )


def test_collect_counts_a_file_given_twice_once(progress_files, capsys):
    assert main(["collect", str(progress_files), str(progress_files / "bo.json")]) == 0
    assert capsys.readouterr().out.startswith("Progress files read: 2.\n")


def test_collect_says_what_it_cannot_read(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    wrong = tmp_path / "notes.json"
    wrong.write_text("[1]", encoding="utf-8")
    for path, message in (
        (tmp_path / "gone.json", "gone.json does not exist."),
        (tmp_path / "empty", "holds no .json file."),
        (wrong, "notes.json is not a progress file."),
    ):
        error = fails(capsys, "collect", path)
        assert error.startswith("cmlib: ") and message in error
        assert error.count("\n") == 1
    wrong.write_text("{}", encoding="utf-8")
    assert main(["collect", str(wrong)]) == 0
    assert "No question has been tried yet." in capsys.readouterr().out
