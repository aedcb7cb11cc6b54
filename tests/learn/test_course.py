"""Where the companion finds the course, the order it teaches in, and the words of its questions."""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys

import polib
import pytest
from places import ROOT

from cmlib import data
from cmlib.errors import FileError, ParameterError
from cmlib.i18n import use_language
from cmlib.learn import certificate, check, hint, progress, solution, store
from cmlib.learn.course import course_folder, modules
from cmlib.learn.question import find, questions

QUESTION = """
from cmlib.messages import N_
from cmlib.learn.question import Question

QUESTIONS = (
    Question("{number}.1", (N_("Which column?"), N_("Monday"), "total = ..."), lambda: 2),
)
"""


@pytest.fixture(autouse=True)
def usual_places(monkeypatch):
    monkeypatch.delenv("CMLIB_COURSE", raising=False)
    monkeypatch.delenv("CMLIB_PROGRESS", raising=False)
    yield
    data.set_data_home(None)


@pytest.fixture
def small_course(tmp_path):
    """Give a course of three modules: 01 is taught before 00, and 02 has no question."""
    root = tmp_path / "kit"
    for slug in ("00_first", "01_second"):
        folder = root / "course" / slug
        folder.mkdir(parents=True)
        source = QUESTION.format(number=slug[:2])
        (folder / "questions.py").write_text(source, encoding="utf-8")
        french = polib.POFile()
        french.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
        entry = {"msgid": "Which column?", "msgctxt": "question"}
        french.append(polib.POEntry(**entry, msgstr=f"Quelle colonne de {slug}\u202f?"))
        french.save_as_mofile(str(folder / "fr.mo"))
    (root / "course" / "02_third").mkdir()
    (root / "course" / "order.toml").write_text('modules = ["01", "00", "02"]', encoding="utf-8")
    (root / "course" / "built.json").write_text("{}", encoding="utf-8")
    return root


def test_the_course_is_met_on_the_way_up_from_the_current_folder(small_course, monkeypatch):
    inside = small_course / "notebooks" / "en"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert course_folder() == small_course


def test_else_on_the_way_up_from_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert course_folder() == ROOT


def test_the_variable_comes_first_and_a_wrong_one_is_named(small_course, monkeypatch):
    monkeypatch.setenv("CMLIB_COURSE", str(small_course))
    assert course_folder() == small_course
    monkeypatch.setenv("CMLIB_COURSE", str(small_course / "course"))
    with pytest.raises(FileError, match=r"kit/course holds no course/built\.json: name the folder"):
        check("00.1", 2)
    with use_language("fr"), pytest.raises(FileError, match="nommez le dossier au-dessus"):
        check("00.1", 2)


def test_questions_come_from_the_folder_in_its_order(small_course, monkeypatch):
    monkeypatch.setenv("CMLIB_COURSE", str(small_course))
    assert modules() == ("01", "00", "02")
    assert list(questions("00")) == ["00.1"]
    assert dict(questions("02")) == {}
    with pytest.raises(ParameterError, match=r"module='99' is not accepted.*: 00, 01, 02\."):
        questions("99")
    with pytest.raises(ParameterError, match=r"question='00\.2' .*: 00\.1\..*Did you mean"):
        find("00.2")
    with pytest.raises(ParameterError, match=r"question='9' .*: 00\.1, 01\.1\."):
        find("9")


def test_a_text_is_translated_by_its_own_module_then_by_the_package(
    small_course, monkeypatch, capsys
):
    monkeypatch.setenv("CMLIB_COURSE", str(small_course))
    with use_language("fr"):
        for _ in range(3):
            hint("01.1")
    assert [line for line in capsys.readouterr().out.splitlines() if "·" not in line] == [
        "Quelle colonne de 01_second\u202f?",
        "lundi",
        "total = ...",
    ]
    hint("00.1")
    assert "Which column?" in capsys.readouterr().out


def test_progress_and_attestation_follow_the_order(small_course, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("CMLIB_COURSE", str(small_course))
    check("00.1", 2)
    check("01.1", 2)
    capsys.readouterr()
    progress()
    shown = capsys.readouterr().out.splitlines()
    assert "■■·" in shown[0]
    assert [line[:9] for line in shown[1:]] == ["Module 01", "Module 00"]
    page = certificate(name="A. Learner", day=dt.date(2026, 3, 2), hours=2, folder=tmp_path)
    text = page.read_text(encoding="utf-8")
    assert text.index("<td>01</td>") < text.index("<td>00</td>")


def test_other_data_keep_progress_and_solutions(small_course, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("CMLIB_COURSE", str(small_course))
    built = small_course / "solutions" / "en"
    built.mkdir(parents=True)
    cell = {"cell_type": "code", "id": "m00-exercises-e1", "source": ['check("00.1", 1 + 1)']}
    (built / "00_first.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    check("00.1", 1)
    elsewhere = tmp_path / "class" / "data"
    elsewhere.mkdir(parents=True)
    (elsewhere / "manifest.json").write_text("{}", encoding="utf-8")
    data.set_data_home(elsewhere)
    assert store.progress_file() == small_course / "progress" / "progress.json"
    assert store.read()["00.1"]["tries"] == 1
    capsys.readouterr()
    solution("00.1")
    assert 'check("00.1", 1 + 1)' in capsys.readouterr().out
    assert [path.name for path in elsewhere.parent.rglob("*")] == ["data", "manifest.json"]


ALONE = """
from cmlib import learn, set_language
from cmlib.errors import FileError
from cmlib.learn import store
calls = [
    lambda: learn.check("00.1", 1), lambda: learn.hint("00.1"), lambda: learn.solution("00.1"),
    lambda: learn.form("00.6"), learn.progress,
]
for language in ("en", "fr"):
    set_language(language)
    said = set()
    for call in calls:
        try:
            call()
        except FileError as error:
            said.add(str(error))
        else:
            said.add("nothing")
    print(*said, sep=" AND ")
print(store.progress_file())
"""


def test_the_package_alone_says_in_a_sentence_that_the_course_is_not_there(tmp_path):
    site, here = tmp_path / "site", tmp_path / "here"
    here.mkdir()
    shutil.copytree(ROOT / "cmlib", site / "cmlib", ignore=shutil.ignore_patterns("__pycache__"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CMLIB_")}
    done = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=here, env=kept | {"PYTHONPATH": str(site)},
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        f"The course is not here (no course/built.json from {here} up, nor from cmlib up): open a "
        "notebook of the course, or name its folder in the variable CMLIB_COURSE.",
        f"Le cours n’est pas là (aucun course/built.json en remontant depuis {here}, ni depuis "
        "cmlib)\u00a0: ouvrez un notebook du cours, ou nommez son dossier dans la variable "
        "CMLIB_COURSE.",
        str(here / "progress" / "progress.json"),
    ]
