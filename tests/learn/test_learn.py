"""The learner's companion: what it says to right, wrong, blank and hopeless answers."""

import datetime as dt
import json
import re

import pandas as pd
import pytest

from cmlib.data import load
from cmlib.errors import FileError, ParameterError
from cmlib.i18n import use_language
from cmlib.learn import certificate, check, collect, form, glossary, hint, progress, solution, store
from cmlib.learn import question as question_module
from cmlib.learn.compare import difference
from cmlib.learn.explain import explain
from cmlib.learn.question import Card, Choice, Mistake, Order, Question
from cmlib.learn.session import judge
from cmlib.learn.truth import read_truth

HINTS = ("Which column?", "Look at the table.", "answer = table[...]")
MEAN = Mistake(lambda: 4.0, "This is the mean.")
MEDIAN = Question("00.1", HINTS, reference=lambda: 2.5, mistakes=(MEAN,))
SHARE = Question("00.2", HINTS, reference=lambda: 0.125, share=True)
LETTER = Question(
    "00.3",
    HINTS,
    reference=lambda: "b",
    form=Choice({"a": "Monday", "b": "Sunday"}, {"a": "Count again.", "b": "The bar is highest."}),
)
LINES = Question(
    "00.4",
    HINTS,
    reference=lambda: [2, 3, 1],
    form=Order(("show(table)", "table = load()", "table = filter(table)")),
    mistakes=(Mistake(lambda: [3, 2, 1], "Nothing is loaded yet."),),
)
CARD = Question(
    "00.5", HINTS, form=Card({"choice": "Decision", "why": "Reason"}, "We post on Sunday.")
)
ALL = {q.id: q for q in (MEDIAN, SHARE, LETTER, LINES, CARD)}


@pytest.fixture(autouse=True)
def classroom(monkeypatch, tmp_path):
    """Five questions of our own and an empty progress file."""
    monkeypatch.setenv("CMLIB_PROGRESS", str(tmp_path / "progress.json"))
    monkeypatch.setattr(question_module, "questions", lambda module: ALL if module == "00" else {})
    monkeypatch.setattr("cmlib.learn.record.questions", question_module.questions)


def said(capsys, call):
    call()
    return capsys.readouterr().out.strip()


# --- outcomes ------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [2.5, 2.5001, pd.Series([2.5]), pd.DataFrame({"x": [2.5]})])
def test_a_right_number_is_accepted_however_it_was_computed(answer):
    assert judge(MEDIAN, answer).outcome == "accepted"


@pytest.mark.parametrize("question", ALL.values(), ids=ALL)
def test_a_blank_is_to_complete(question):
    assert judge(question, ...).outcome == "to complete"


def test_a_foreseen_mistake_gets_its_reason():
    verdict = judge(MEDIAN, 4)
    assert (verdict.outcome, verdict.lines) == ("not yet", ("This is the mean.",))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((2, 5), "with a point"),
        ("2.5", "Remove the quotes"),
        ([2.5, 1], "several values"),
        (float("nan"), "missing value"),
        (2, "rounded too early"),
        (None, "One number"),
        (17, "not the number yet"),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong_and_never_the_answer(answer, words):
    verdict = judge(MEDIAN, answer)
    assert verdict.outcome == "not yet"
    assert words in verdict.lines[0]
    assert "2.5" not in " ".join(verdict.lines)


def test_a_percentage_for_a_share_is_recognised():
    assert "percentage" in judge(SHARE, 12.5).lines[0]


def test_zero_is_not_taken_for_a_share_rounded_too_early():
    assert "not the number yet" in judge(SHARE, 0).lines[0]


def test_choice_gives_the_reason_of_the_option():
    assert judge(LETTER, "A").lines == ("Count again.",)
    assert judge(LETTER, "b").outcome == "accepted"
    assert "one letter: a, b" in judge(LETTER, "c").lines[0]


def test_order_tells_how_far_it_is_right():
    assert judge(LINES, [2, 3, 1]).outcome == "accepted"
    assert judge(LINES, [3, 2, 1]).lines == ("Nothing is loaded yet.",)
    assert "up to line 1" in judge(LINES, [2, 1, 3]).lines[0]
    assert "each number once" in judge(LINES, [1, 1, 2]).lines[0]
    assert "between square brackets" in judge(LINES, 231).lines[0]
    assert judge(LINES, [2, ..., 1]).outcome == "to complete"


def test_card_asks_for_words_then_shows_a_model():
    assert "Reason" in judge(CARD, {"choice": "we post on Sunday", "why": "so"}).lines[0]
    full = {"choice": "We post on Sunday", "why": "most visits then"}
    assert judge(CARD, full).lines[-1] == "We post on Sunday."


def test_an_answer_that_cannot_be_compared_never_shows_a_traceback():
    class Stubborn:
        def __iter__(self):
            raise RuntimeError("no")

    assert judge(LINES, Stubborn()).outcome == "cannot tell"


# --- comparison of tables -------------------------------------------------------------------

TABLE = pd.DataFrame({"source": ["search", "contest"], "n": [3, 5]})
AS_TABLE = Question("00.1", HINTS, reference=lambda: TABLE)
IN_ORDER = Question("00.1", HINTS, reference=lambda: TABLE, ordered=True)


@pytest.mark.parametrize(
    "answer",
    [
        TABLE.iloc[::-1],
        TABLE[["n", "source"]],
        TABLE.astype({"n": "float64", "source": "category"}),
        TABLE.set_index("source"),
        TABLE.assign(extra=1),
    ],
    ids=["rows", "columns", "types", "index", "more"],
)
def test_tables_are_equal_where_the_difference_does_not_matter(answer):
    assert difference(answer, TABLE, AS_TABLE) is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (3, "A table is asked for"),
        (TABLE[["n"]], "lacks the column: source"),
        (TABLE.head(1), "fewer rows"),
        (pd.concat([TABLE, TABLE]), "more rows"),
        (TABLE.assign(n=[3, 6]), "column n"),
    ],
)
def test_tables_that_differ_are_told_where(answer, words):
    assert words in difference(answer, TABLE, AS_TABLE)


def test_order_of_rows_matters_where_the_question_says_so():
    assert "their order is not yet" in difference(TABLE.iloc[::-1], TABLE, IN_ORDER)


def test_series_are_compared_by_group():
    counts = pd.Series({"search": 3, "contest": 5})
    assert difference(counts[::-1], counts, AS_TABLE) is None
    assert difference({"search": 3, "contest": 5}, counts, AS_TABLE) is None
    assert "value" in difference(counts + 1, counts, AS_TABLE)


def test_lists_and_words():
    assert difference(("b", "a"), ["a", "b"], AS_TABLE) is None
    assert "order" in difference(["b", "a"], ["a", "b"], IN_ORDER)
    assert "missing" in difference(["a"], ["a", "b"], AS_TABLE)
    assert difference(" Été ", "ete", AS_TABLE) is None
    assert difference("2025-03-01", pd.Timestamp("2025-03-01"), AS_TABLE) is None


# --- what the learner sees --------------------------------------------------------------------


def test_check_prints_words_in_both_languages(capsys):
    assert said(capsys, lambda: check("00.1", 2.5)) == "00.1 · Accepted"
    with use_language("fr"):
        assert said(capsys, lambda: check("00.1", ...)).startswith("00.1 · À compléter")


def test_a_wrong_number_of_a_question_names_those_there_are():
    with pytest.raises(ParameterError, match=r"00\.9.*00\.1, 00\.2"):
        check("00.9", 1)


def test_hints_come_in_three_steps_and_stay_at_the_last(capsys):
    outputs = [said(capsys, lambda: hint("00.1")) for _ in range(4)]
    assert [out.splitlines()[1] for out in outputs] == [*HINTS, HINTS[2]]
    assert outputs[0].splitlines()[0] == "00.1 · Hint 1 of 3"


def test_solution_opens_after_one_try(capsys, monkeypatch, tmp_path):
    assert "Try once first" in said(capsys, lambda: solution("00.1"))
    check("00.1", 1)
    folder = tmp_path / "solutions" / "en"
    folder.mkdir(parents=True)
    source = 'answer = 5 / 2\ncheck("00.1", answer)'
    cells = [
        {"cell_type": "code", "id": "m00-exercises-e1-answer", "source": ["five = 5"]},
        {"cell_type": "code", "id": "m00-exercises-e1-half", "source": [source]},
    ]
    (folder / "00_x.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    monkeypatch.setattr("cmlib.learn.session.course_folder", lambda: tmp_path)
    capsys.readouterr()
    assert f"five = 5\n\n{source}" in said(capsys, lambda: solution("00.1"))


def test_progress_counts_and_collect_gives_failure_rates(capsys, tmp_path):
    check("00.1", 4)
    check("00.1", 2.5)
    check("00.2", 3)
    shown = said(capsys, progress)
    assert "◧" in shown and "1 of 5" in shown
    table = collect([store.progress_file()])
    assert table.to_dict("records") == [
        {"question": "00.2", "learners": 1, "accepted": 0.0, "first_try": 0.0, "failed": 1.0,
         "tries": 1.0, "hints": 0.0, "solution": 0.0},
        {"question": "00.1", "learners": 1, "accepted": 1.0, "first_try": 0.0, "failed": 0.0,
         "tries": 2.0, "hints": 0.0, "solution": 0.0},
    ]  # fmt: skip
    (tmp_path / "other.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(FileError, match=r"other\.json is not a progress file"):
        collect([tmp_path / "other.json"])


def test_a_damaged_progress_file_is_kept_aside(tmp_path):
    store.progress_file().write_text("{", encoding="utf-8")
    check("00.1", 2.5)
    assert (tmp_path / "progress.unreadable.json").read_text(encoding="utf-8") == "{"
    assert store.read()["00.1"]["accepted"] is True


def test_certificate_says_what_it_is_and_overwrites_nothing(tmp_path):
    day = dt.date(2026, 3, 2)
    with pytest.raises(ParameterError, match="nothing to attest"):
        certificate(name="A. Learner", day=day, hours=14.5, folder=tmp_path)
    check("00.1", 2.5)
    with use_language("fr"):
        page = certificate(name="A. Learner", day=day, hours=14.5, folder=tmp_path).read_text(
            encoding="utf-8"
        )
    assert "14,5 heures" in page
    assert "déclarative" in page and "2 mars 2026" in page and "ni une certification" in page
    with pytest.raises(ParameterError, match="hours=0 is not accepted"):
        certificate(name="A. Learner", day=day, hours=0, folder=tmp_path)
    with pytest.raises(FileError, match="was left as it is"):
        certificate(name="A. Learner", day=day, hours=14.5, folder=tmp_path)


def test_glossary_finds_both_languages_and_the_nearest_term(capsys, monkeypatch):
    words = pd.DataFrame(
        {
            "term_en": ["engagement rate"], "term_fr": ["taux d'engagement"],
            "definition_en": ["Interactions for each person reached."],
            "definition_fr": ["Interactions rapportées à la portée."], "module": ["03"],
        }
    )  # fmt: skip
    monkeypatch.setattr("cmlib.learn.words.load_table", lambda name: words)
    assert "each person reached" in said(capsys, lambda: glossary("Taux d’engagement"))
    assert "'engagement rate'" in said(capsys, lambda: glossary("engagment rate"))
    assert "no such term" in said(capsys, lambda: glossary("zzz"))


# --- forms -----------------------------------------------------------------------------------


def controls(box):
    *fields, button, output = box.children
    return fields, button, output


def test_parsons_form_is_numbered_drop_downs_and_its_button_checks():
    fields, button, _ = controls(form("00.4"))
    assert [field.description for field in fields[1:]] == ["Line 1 is", "Line 2 is", "Line 3 is"]
    for field, value in zip(fields[1:], [2, 3, 1], strict=True):
        field.value = value
    button.click()
    assert store.read()["00.4"]["accepted"] is True


def test_choice_and_card_forms_are_labelled_and_check():
    (picked,), button, _ = controls(form("00.3"))
    assert picked.description == "Answer"
    picked.value = "a"
    button.click()
    assert store.read()["00.3"] == {
        "tries": 1, "accepted": False, "first_try": False, "hints": 0, "solution": False
    }  # fmt: skip
    fields, button, _ = controls(form("00.5"))
    assert [field.description for field in fields] == ["Decision", "Reason"]


def test_a_question_in_code_has_no_form():
    with pytest.raises(ParameterError, match="answered in code"):
        form("00.1")


# --- the errors a beginner meets ----------------------------------------------------------------


def raised(code, names=None):
    names = {} if names is None else names
    try:
        exec(compile(code, "<cell>", "exec"), {"pd": pd, **names})
    except BaseException as error:
        return error
    raise AssertionError("the code raised nothing")


BEGINNER = {
    "name": ("posts", "the cell that makes it has not run", "n’a pas été exécutée"),
    "near builtin": ("prin(3)", "write 'print'", "écrivez 'print'"),
    "capital": ("Saturday", "between quotes", "entre guillemets"),
    "one letter": ("b", "between quotes", "entre guillemets"),
    "agg": ("members.groupby('country').agg(n=('contry', 'min'))", "'country'", "'country'"),
    "comma compared": ("pd.Series([1, 2, 3]).to_numpy() > (3,5)", "3.5", "3.5"),
    "short year": ("pd.to_datetime(pd.Series(['01/02/2025']), format='%d/%m/%y')", "%Y", "%Y"),
    "near name": ("member", "write 'members'", "écrivez 'members'"),
    "key": ("members['contry']", "write 'country'", "écrivez 'country'"),
    "bracket": ("print((1)", "bracket is open", "parenthèse"),
    "equals": ("if members = 3: pass", "wants two", "Python en demande deux"),
    "guillemets": ("x = «a»", "word processor", "traitements de texte"),
    "apostrophe": ("x = ’a’", "word processor", "traitements de texte"),
    "decimal comma": ("rate = 3,5\nrate / 2", "3.5", "3.5"),
    "thousands": ("x = 1 500", "remove the space", "retirez l’espace"),
    "indentation": ("x = 1\n  y = 2", "left edge", "bord gauche"),
    "file": ("open('no_such_file.csv')", "no file", "pas de fichier"),
    "encoding": (
        "b'\\xe9t\\xe9'.decode('utf-8')", "cp1252", "cp1252"
    ),
    "date": (
        "pd.to_datetime(pd.Series(['01/02/2025', '13/02/2025']))", "dayfirst=True", "dayfirst=True"
    ),
    "text and number": ("'42' + 1", "remove the quotes", "retirez les guillemets"),
    "attribute": ("members.contry", "write 'country'", "écrivez 'country'"),
    "unfinished text": ("x = 'a", "missing quote", "guillemet manquant"),
}  # fmt: skip


@pytest.mark.parametrize("case", BEGINNER)
def test_a_beginners_error_gets_one_more_sentence(case):
    code, english, french = BEGINNER[case]
    names = {"members": pd.DataFrame({"country": ["FR"]})}
    error = raised(code, names)
    found = explain(error, names)
    assert english in f"{found.meaning} {found.attempt}"
    with use_language("fr"):
        found = explain(error, names)
        assert re.search(french, f"{found.meaning} {found.attempt}")


def test_an_unforeseen_error_is_not_explained_at_random():
    assert explain(raised("raise OverflowError('x')"), {}) is None
    assert explain(raised("raise KeyError('x')"), {}) is None


def test_the_truth_of_an_unknown_story_or_community_is_refused(tmp_path, monkeypatch):
    brand = load("brand")
    with pytest.raises(ParameterError, match="story"):
        read_truth(brand, "members_spend_mor")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("CMLIB_DATA", str(tmp_path))
    with pytest.raises(FileError, match="only simulated communities"):
        read_truth(brand, "members_spend_more")
