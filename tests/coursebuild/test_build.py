"""The course machine, on a small course of one module: what it builds and what it refuses."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path

import nbformat
import polib
import pytest
from coursebuild.answers import marker_problems, without_answer, without_markers
from coursebuild.build import build
from coursebuild.catalogue import Catalogue, catalogue_path
from coursebuild.module import module_folders, read_module
from coursebuild.names import used_names
from coursebuild.outputs import clean_outputs, output_problems
from coursebuild.plan import make_plan, read_modules
from coursebuild.problems import CourseError
from coursebuild.run import execute
from coursebuild.source import KINDS, make_notebook, read_cells
from coursebuild.translate import translate_code, translate_markdown
from coursebuild.translations import import_translation, update_translations
from coursebuild.typography import french_spaces, plain_spaces
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from places import FIXTURES, ROOT

COURSE = FIXTURES / "course"

SLUG = "00_first"
MODULES = [read_module(folder) for folder in module_folders(ROOT)]


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    """Give a root with the sources of the small course and its French catalogue, not built."""
    root = tmp_path_factory.mktemp("sources")
    shutil.copytree(COURSE / "en", root / "course")
    shutil.copy(catalogue_path(ROOT / "course", "fr"), root / "course")
    import_translation(root, "00", "fr", COURSE / "fr" / SLUG)
    return root


@pytest.fixture(scope="module")
def built(sources, tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("built") / "kit"
    shutil.copytree(sources, root)
    build(root)
    return root


@pytest.fixture
def fresh(sources, tmp_path) -> Path:
    return Path(shutil.copytree(sources, tmp_path / "kit"))


@pytest.fixture
def copy(built, tmp_path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "kit"))


def change(root: Path, name: str, before: str, after: str) -> None:
    path = root / "course" / SLUG / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def read(root: Path, kind: str, language: str):
    return nbformat.read(root / kind / language / f"{SLUG}.ipynb", as_version=4)


def by_key(notebook, key: str):
    return next(cell for cell in notebook.cells if cell.id.endswith(f"-{key}"))


def french(root: Path) -> Path:
    return catalogue_path(root / "course" / SLUG, "fr")


def files(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for folder in (*KINDS, "docs", "course")
        for path in sorted((root / folder).rglob("*.*"))
        if folder != "course" or path.suffix == ".mo"
    }


# What is built


def test_every_file_of_the_module_is_built_in_both_languages(built):
    assert set(files(built)) == {
        f"{folder}/{language}/{SLUG}.{suffix}"
        for language in ("en", "fr")
        for folder, suffix in (
            *((kind, "ipynb") for kind in KINDS),
            ("docs/handouts", "html"),
            ("docs/trainer", "md"),
        )
    } | {f"course/{SLUG}/fr.mo"}


def test_the_french_lesson_is_in_french_and_its_code_chooses_french(built):
    notebook = read(built, "notebooks", "fr")
    assert notebook.cells[0].source.startswith("# Premiers pas\n\nModule 00 · environ 10")
    assert by_key(notebook, "load").source.startswith("# Charger\u00a0: trois jours\n")
    assert 'set_language("fr")' in by_key(notebook, "load").source
    chart = by_key(notebook, "chart")
    assert chart.source.endswith(
        'print("Le plus de visites\u00a0:", week["visits"].max())  # le maximum'
    )
    assert "- une barre par jour\n    - imbriqué, avec `code`" in by_key(notebook, "run").source


def test_lessons_and_solutions_are_executed_and_exercises_are_not(built):
    for kind in KINDS:
        for language in ("en", "fr"):
            code = [c for c in read(built, kind, language).cells if c.cell_type == "code"]
            expected = [None] * len(code) if kind == "exercises" else list(range(1, len(code) + 1))
            assert [cell.execution_count for cell in code] == expected
            assert any(cell.outputs for cell in code) == (kind != "exercises")


def test_answers_leave_the_exercises_and_stay_in_the_solutions(built):
    for language in ("en", "fr"):
        exercises, solutions = (
            read(built, "exercises", language),
            read(built, "solutions", language),
        )
        assert by_key(exercises, "e1-answer").source.split("\n")[1:] == [
            "total = ...",
            "print(total)",
        ]
        assert by_key(solutions, "e1-answer").source.split("\n")[1:] == [
            'total = sum(week["visits"])',
            "print(total)",
        ]
        assert by_key(solutions, "e2-answer").outputs[0].text == "26\n"
        assert not [cell for cell in exercises.cells if cell.id.endswith("e2-model")]
        assert "SOLUTION" not in nbformat.writes(solutions) + nbformat.writes(exercises)
    assert by_key(read(built, "exercises", "fr"), "e2-answer").source == (
        "# Comparer\u00a0: le double\ndouble = total  # deux fois\nprint(double)"
    )


def test_an_image_carries_its_text_alternative_into_html(built):
    from nbconvert import HTMLExporter

    notebook = read(built, "notebooks", "fr")
    (image,) = [out for out in by_key(notebook, "chart").outputs if "data" in out]
    words = "Deux barres\u202f; la seconde est plus haute."
    assert image.metadata == {"image/png": {"alt": words}}
    html, _resources = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    assert f'alt="{words}"' in html


def test_a_traceback_shows_the_cell_and_the_message_only(built):
    (error,) = by_key(read(built, "notebooks", "en"), "bug-code").outputs
    assert error.evalue == 'can only concatenate str (not "int") to str'
    assert "/" not in "".join(error.traceback)
    assert error.traceback[-1] == f"TypeError: {error.evalue}"


def test_the_handout_holds_the_code_the_chart_the_decision_and_the_words(built):
    page = (built / "docs/handouts/fr" / f"{SLUG}.html").read_text(encoding="utf-8")
    for words in ("Module 00", "Charger", "plt.bar(", "Quel jour", "mer.", "Lignes et colonnes."):
        assert words in page
    assert '<html lang="fr">' in page
    assert "size: A4" in page
    assert not re.search(r"#(?!000|fff|999)[0-9a-f]{3,6}\b", page)


def test_trainer_notes_are_copied_in_english_and_translated_in_french(built):
    notes = built / "docs" / "trainer"
    source = (COURSE / "en" / SLUG / "trainer.md").read_text(encoding="utf-8")
    assert (notes / "en" / f"{SLUG}.md").read_text(encoding="utf-8") == source
    assert "Demandez\u00a0: «\u00a0Quelle" in (notes / "fr" / f"{SLUG}.md").read_text(
        encoding="utf-8"
    )


def test_the_texts_of_the_questions_are_compiled_apart_from_the_prose(built):
    entries = polib.mofile(str(built / "course" / SLUG / "fr.mo"))
    assert {(entry.msgctxt, entry.msgid): entry.msgstr for entry in entries} == {
        ("question", "Which column?"): "Quelle colonne\u202f?",
        ("question", "Count: all of it!"): "Comptez\u00a0: le tout\u202f!",
        ("question", "total = sum(...)"): "total = sum(...)",
    }


# One way, the same bytes, and only what changed


def test_two_builds_give_the_same_bytes(built, fresh):
    build(fresh)
    assert files(fresh) == files(built)


def test_a_second_build_executes_nothing_and_the_check_agrees(copy):
    before = files(copy)
    report = build(copy)
    assert (report.executed, report.written) == ([], [])
    build(copy, check=True)
    assert files(copy) == before


def test_only_the_notebook_that_changed_is_executed(copy):
    change(copy, "exercises.py", 'sum(week["visits"])', 'max(week["visits"])')
    report = build(copy)
    assert report.executed == [f"solutions/{language}/{SLUG}.ipynb" for language in ("en", "fr")]


def test_the_check_names_a_source_that_changed_without_a_build(copy):
    change(copy, "lesson.py", '"visits": [4, 9]', '"visits": [4, 8]')
    with pytest.raises(CourseError, match=r"notebooks/fr/00_first\.ipynb: is not what its source"):
        build(copy, check=True)


def test_the_check_names_a_built_file_edited_by_hand_or_without_source(copy):
    page = copy / "docs/trainer/fr" / f"{SLUG}.md"
    page.write_text(page.read_text(encoding="utf-8") + "x", encoding="utf-8")
    shutil.copy(copy / f"notebooks/en/{SLUG}.ipynb", copy / "notebooks/en/01_gone.ipynb")
    with pytest.raises(CourseError) as refusal:
        build(copy, check=True)
    assert [(problem.where, problem.what) for problem in refusal.value.problems] == [
        (f"docs/trainer/fr/{SLUG}.md", "is not what its source gives"),
        ("notebooks/en/01_gone.ipynb", "has no source"),
    ]


def test_the_check_names_questions_translated_without_a_build_or_gone(copy):
    text = french(copy).read_text(encoding="utf-8")
    french(copy).write_text(text.replace("Quelle colonne", "Laquelle"), encoding="utf-8")
    with pytest.raises(CourseError, match=r"course/00_first/fr\.mo: is not what its source gives"):
        build(copy, check=True)
    (copy / "course" / SLUG / "questions.py").unlink()
    with pytest.raises(CourseError, match=r"course/00_first/fr\.mo: has no source"):
        build(copy, check=True)


def test_no_notebook_holds_a_fingerprint_and_built_json_has_each_executed_one(built):
    for kind in KINDS:
        assert not {"source", "engine"} & read(built, kind, "en").metadata["cm"].keys()
    text = (built / "course" / "built.json").read_text(encoding="utf-8")
    entries = json.loads(text)
    assert text == json.dumps(entries, indent=1, sort_keys=True) + "\n"
    assert set(entries[SLUG]) == {
        f"{k}/{lang}" for k in ("notebooks", "solutions") for lang in ("en", "fr")
    }
    assert all(set(prints) == {"source", "reached"} for prints in entries[SLUG].values())


def test_only_what_the_cells_reach_makes_a_notebook_stale_and_equal_outputs_change_none(copy):
    package = copy / "cmlib"
    package.mkdir()
    (package / "__init__.py").write_text("from cmlib.i18n import set_language\n")
    code = "def set_language(code):\n    return code\n\n\ndef other():\n    return 1\n"
    (package / "i18n.py").write_text(code)
    lessons = [f"notebooks/{language}/{SLUG}.ipynb" for language in ("en", "fr")]
    with pytest.raises(CourseError, match="was executed with other code, messages or data"):
        build(copy, check=True)
    before = files(copy)
    report = build(copy)
    assert (report.executed, report.written) == (lessons, ["course/built.json"])
    assert files(copy) == before
    (package / "i18n.py").write_text(code.replace("return 1", "return 2"))
    build(copy, check=True)
    (package / "i18n.py").write_text(code.replace("return code", "return None"))
    with pytest.raises(CourseError) as refusal:
        build(copy, check=True)
    assert [problem.where for problem in refusal.value.problems] == lessons


def test_a_build_begins_without_built_json_and_a_notebook_refused_keeps_its_entry(copy):
    path = copy / "course" / "built.json"
    former = json.loads(path.read_text(encoding="utf-8"))
    change(copy, "exercises.py", 'sum(week["visits"])', "1 / 0")
    with pytest.raises(CourseError, match="ZeroDivisionError"):
        build(copy)
    assert json.loads(path.read_text(encoding="utf-8")) == former
    change(copy, "exercises.py", "1 / 0", 'sum(week["visits"])')
    assert build(copy).executed == []
    path.write_text("{}\n")
    report = build(copy)
    assert (len(report.executed), report.written) == (4, ["course/built.json"])
    assert json.loads(path.read_text(encoding="utf-8")) == former


def test_one_module_built_leaves_the_entries_of_the_others_and_gone_ones_leave(copy):
    path = copy / "course" / "built.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(kept | {"01_gone": {"notebooks/en": {}}}))
    build(copy, only="00")
    assert "01_gone" in json.loads(path.read_text(encoding="utf-8"))
    with pytest.raises(CourseError, match=r"course/built\.json: is not what its source gives"):
        build(copy, check=True)
    build(copy)
    assert json.loads(path.read_text(encoding="utf-8")) == kept


def test_a_cell_that_draws_without_a_seed_gives_the_same_at_each_build(tmp_path):
    printed = []
    for _time in range(2):
        cell = new_code_cell("import random\nprint(random.random())", id="a")
        notebook = new_notebook(cells=[cell])
        execute(notebook, tmp_path)
        assert notebook.cells[0].execution_count == 1
        printed.append(notebook.cells[0].outputs[0].text)
    assert printed[0] == printed[1]


# The order they are taught in


def teach(root: Path, *numbers: str) -> None:
    text = f"modules = {list(numbers)}".replace("'", '"')
    (root / "course" / "order.toml").write_text(text, encoding="utf-8")


def test_a_name_is_new_in_the_module_taught_first(fresh):
    shutil.copytree(fresh / "course" / SLUG, fresh / "course" / "01_second")
    for order, later in ((["00", "01"], "01_second"), (["01", "00"], SLUG)):
        teach(fresh, *order)
        assert [module.number for module in read_modules(fresh, None)] == order
        with pytest.raises(CourseError) as refusal:
            build(fresh, check=True)
        not_new = [p.where for p in refusal.value.problems if p.what == "bar is not new"]
        assert not_new == [f"course/{later}/module.toml"]


def test_a_prerequisite_is_taught_earlier(fresh):
    change(fresh, "module.toml", "prerequisites = []", 'prerequisites = ["15"]')
    teach(fresh, "00", "15")
    with pytest.raises(CourseError, match=r"00_first/module\.toml: prerequisite '15'"):
        read_modules(fresh, None)
    teach(fresh, "15", "00")
    assert [module.slug for module in read_modules(fresh, None)] == [SLUG]


def test_a_module_that_is_not_written_yet_turns_unknown_names_into_warnings(fresh):
    change(fresh, "lesson.py", "plt.show()", "plt.grid()")
    with pytest.raises(CourseError, match="grid is used before"):
        build(fresh, check=True)
    teach(fresh, "15", "00")
    (warning,) = make_plan(fresh, read_modules(fresh, None), None).warnings
    assert "cell chart: grid is used before" in warning


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('modules = ["01"]', "module 00 is missing"),
        ("modules = [0]", "no list of modules"),
        ('modules = ["00", "00"]', "no list of modules"),
        ("modules", "no list of modules"),
        ("", "no list of modules"),
    ],
)
def test_an_order_that_says_nothing_of_a_module_is_refused(fresh, text, message):
    (fresh / "course" / "order.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=rf"course/order\.toml: {message}"):
        build(fresh)


# Translation


def test_the_identity_translation_gives_the_same_notebook():
    for module in MODULES:
        for kind, part in KINDS.items():
            for cell in read_cells(module, part):
                if cell.kind == "markdown":
                    assert translate_markdown(cell.source, lambda text, _: text) == cell.source
                else:
                    code = translate_code(cell.source, lambda text, _: text, [], "en")
                    assert code == cell.source, kind


@pytest.mark.parametrize(
    "text",
    [
        "- a\n    - b\n\n      deep\n- c\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nafter",
        "> [!NOTE]\n> quoted\n\n:::{tip}\ntext\n:::\n",
        "```python\nx = 1\n\n\ny = 2\n```\n\n\n\nend  ",
        "Title\n=====\n\n1. one\n\n   two\n\n<div>\n\nhtml</div>\n\n[ref]: http://x.org",
        "$$\nx\n$$\n\n* * *\n",
    ],
)
def test_markdown_of_every_kind_comes_back_byte_for_byte(text):
    assert translate_markdown(text, lambda block, _: block) == text


@given(st.text(alphabet="ab #>-*`|1.\n \t[]()!_:", max_size=80))
def test_any_text_comes_back_byte_for_byte(text):
    assert translate_markdown(text, lambda block, _: block) == text


def test_a_block_is_one_entry_and_code_in_prose_is_none():
    asked = []
    translate_markdown(
        "# T\n\n- a\n- b\n\n```\nc\n```\n\nd\ne", lambda text, _: asked.append(text) or text
    )
    assert asked == ["# T", "- a\n- b", "d\ne"]


def test_only_comments_and_declared_strings_change_in_code():
    code = '# Load\nx = "a # b"  # note\n\nprint("Total:", "Total")'
    words = {"note": "remarque", "Total:": 'Le "total"', "Load": "Charger"}
    assert translate_code(code, lambda text, _: words[text], ["Total:"], "fr") == (
        '# Charger\nx = "a # b"  # remarque\n\nprint("Le \\"total\\"", "Total")'
    )


@pytest.mark.parametrize("call", ['set_language("{}")', 'learn.start("04", language="{}")'])
def test_the_notebook_chooses_its_own_language(call):
    def same(text, _):
        return text

    assert translate_code(call.format("en"), same, [], "fr") == call.format("fr")
    kept = 'score(text, language="en")'
    assert translate_code(kept, same, [], "fr") == kept


def test_the_code_of_the_two_languages_is_the_same():
    for english in sorted(ROOT.glob("*/en/[0-9][0-9]_*.ipynb")):
        french = english.parent.parent / "fr" / english.name
        pairs = zip(
            nbformat.read(english, as_version=4).cells,
            nbformat.read(french, as_version=4).cells,
            strict=True,
        )
        for one, two in pairs:
            assert (one.id, one.cell_type) == (two.id, two.cell_type)
            if one.cell_type == "code" and "raises-exception" not in one.metadata.tags:
                assert _skeleton(one.source) == _skeleton(two.source), f"{english.name} {one.id}"


def _skeleton(code: str) -> list[str]:
    return [
        "" if token.type == tokenize.STRING else token.string
        for token in tokenize.generate_tokens(io.StringIO(code).readline)
        if token.type not in (tokenize.COMMENT, tokenize.NL)
    ]


def test_a_changed_source_keeps_its_translation_as_fuzzy(fresh):
    change(fresh, "lesson.py", "fails on purpose", "fails for a reason")
    update_translations(fresh)
    with pytest.raises(CourseError, match=r"lesson\.py, cell bug: the source of .* changed after"):
        build(fresh)
    path = french(fresh)
    (entry,) = [entry for entry in polib.pofile(str(path)) if entry.fuzzy]
    assert entry.msgid == "The next cell fails for a reason."
    assert entry.previous_msgid == "The next cell fails on purpose."
    assert entry.msgstr == "La cellule suivante échoue exprès."


def test_the_catalogue_is_stable_and_loses_what_left_the_source(fresh):
    path = french(fresh)
    before = path.read_text(encoding="utf-8")
    update_translations(fresh, "00")
    assert path.read_text(encoding="utf-8") == before
    change(fresh, "lesson.py", "# > A quotation\n# > on two lines.\n", "# Two.\n")
    update_translations(fresh, "00")
    texts = [entry.msgid for entry in polib.pofile(str(path))]
    assert "Two." in texts
    assert "> A quotation\n> on two lines." not in texts


def test_a_translated_copy_with_other_blocks_is_refused(fresh, tmp_path):
    twin = Path(shutil.copytree(COURSE / "fr" / SLUG, tmp_path / SLUG))
    lesson = (twin / "lesson.py").read_text(encoding="utf-8")
    (twin / "lesson.py").write_text(lesson.replace("# ## Réparer\n#\n", ""), encoding="utf-8")
    with pytest.raises(CourseError, match=r"(?s)lesson\.py, cell bug: .* the same blocks"):
        import_translation(fresh, "00", "fr", twin)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oui ; non : « a » !", "Oui\u202f; non\u00a0: «\u00a0a\u00a0»\u202f!"),
        ("`a ; b` : 3 % [x](a :b)", "`a ; b`\u00a0: 3\u202f% [x](a :b)"),
        ("| :-- | :-: |\n- ![alt](x.png)", "| :-- | :-: |\n- ![alt](x.png)"),
    ],
)
def test_french_spaces(text, expected):
    assert french_spaces(text) == expected
    assert plain_spaces(expected) == []
    assert bool(plain_spaces(text)) == (text != expected)


# What the build refuses

LONG = "word " * 121
REFUSED = {
    "missing translation": (
        "lesson.py",
        "fails on purpose",
        "is new",
        "cell bug: no fr translation",
    ),
    "missing translation of a question": (
        "questions.py",
        "Which column",
        "Which row",
        r"course/00_first/questions\.py: no fr translation of “Which row\?”",
    ),
    "unbalanced": (
        "exercises.py",
        "### END SOLUTION\nprint(t",
        "print(t",
        "BEGIN SOLUTION without end",
    ),
    "unpaired end": (
        "exercises.py",
        "### BEGIN SOLUTION\ntotal",
        "total",
        "END SOLUTION without begin",
    ),
    "nested": ("exercises.py", "total = s", "### BEGIN SOLUTION\ntotal = s", "nested ### BEGIN"),
    "unknown marker": (
        "exercises.py",
        "### BEGIN SOLUTION\nt",
        "### BEGIN ANSWER\nt",
        "unknown marker",
    ),
    "loose marker": (
        "exercises.py",
        "### BEGIN SOLUTION\nt",
        "# begin solution\nt",
        "unknown marker",
    ),
    "marker in lesson": (
        "lesson.py",
        '"42" + 1',
        '### BEGIN SOLUTION\n"42" + 1\n### END SOLUTION',
        "answer in a lesson",
    ),
    "early name": ("lesson.py", "plt.show()", "plt.grid()", "cell chart: grid is used before"),
    "early cmlib name": (
        "lesson.py",
        "import pandas",
        "from cmlib import kpi\nkpi.gini\nimport pandas",
        "kpi.gini is used",
    ),
    "library budget": (
        "module.toml",
        '"bar"]',
        '"bar", "a", "b"]',
        "4 new library names .* at most 3",
    ),
    "cmlib budget": (
        "module.toml",
        "cmlib = []",
        'cmlib = ["kpi.a", "kpi.b", "kpi.c", "value.d", "data.e", "explore.f"]',
        "5 new cmlib",
    ),
    "chart budget": (
        "module.toml",
        "cmlib = []",
        'cmlib = ["plot.a", "plot.b"]',
        "4 new library names .* at most 3",
    ),
    "name not taught": ("module.toml", '"bar"]', '"bar", "head"]', "the lesson never uses head"),
    "long cell": (
        "lesson.py",
        "plt.show()\n",
        "plt.show()\n\n\n\n\n\n",
        "9 lines of code, at most 8",
    ),
    "wide line": ("lesson.py", "plt.show()", f"plt.show()  # {'x' * 60}", "characters, at most 72"),
    "long prose": ("lesson.py", "fails on purpose", LONG, r"words, at most 120"),
    "skipped level": ("lesson.py", "# ## Run", "# ### Run", "“Run” skips a level"),
    "two H1": ("lesson.py", "# ## Repair", "# # Repair", "not exactly one H1"),
    "dead link": ("lesson.py", "#First-steps", "../en/nothing.md", "leads nowhere"),
    "dead anchor": ("lesson.py", "#First-steps", "#first", "no heading #first"),
    "weak link": ("lesson.py", "[back to the top]", "[here]", "link “here”"),
    "image without text": (
        "lesson.py",
        "fails on purpose",
        "![](x.png)",
        "image x.png without text",
    ),
    "missing block": (
        "module.toml",
        "complete = false",
        "complete = true",
        "the block Decide is missing",
    ),
    "no verb": ("lesson.py", "# Show: a bar", "# a bar", "cell chart, en: no verb above"),
    "semicolon": ("lesson.py", "plt.show()", "plt.show();", "line 3 ends with ;"),
    "magic": ("lesson.py", "plt.show()", "!ls", "is a notebook magic"),
    "unknown tag": ("lesson.py", '["raises-exception"]', '["rasies"]', "unknown tag 'rasies'"),
    "both tags": ("lesson.py", '["raises-exception"]', '["core", "more"]', "both core and more"),
    "unknown option": (
        "lesson.py",
        'key="bug"',
        'key="bug" colour="red"',
        "unknown cell option colour",
    ),
    "same key": ("lesson.py", 'key="bug"', 'key="run"', "key 'run' is used twice"),
    "placeholder": ("lesson.py", "{{keypoints}}", "{{points}}", "unknown {{points}}"),
    "toml syntax": ("module.toml", "[title]", "[title", "not TOML"),
    "toml word": ("module.toml", "seeds =", "seads =", "seeds is missing"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_build_refuses(fresh, name):
    file, before, after, message = REFUSED[name]
    change(fresh, file, before, after)
    with pytest.raises(CourseError) as refusal:
        build(fresh)
    assert re.search(message, str(refusal.value)), refusal.value
    assert all(problem.do for problem in refusal.value.problems)
    assert not (fresh / "notebooks").exists()


def test_a_plain_space_in_french_is_refused(fresh):
    path = french(fresh)
    path.write_text(
        path.read_text(encoding="utf-8").replace("tout\u202f?", "tout ?"), encoding="utf-8"
    )
    with pytest.raises(CourseError, match=r"cell e1: a plain space in “ites en tout \?”"):
        build(fresh)


def test_blocks_in_another_order_are_refused():
    from coursebuild.rules import BLOCKS, block_problems

    def cells(blocks):
        return [nbformat.v4.new_markdown_cell(f"## {block}: why") for block in blocks]

    assert block_problems(cells(BLOCKS), "x") == []
    (problem,) = block_problems(cells(BLOCKS[::-1]), "x")
    assert problem.what.startswith("blocks in the order ['Remember'")


def test_a_figure_that_says_nothing_is_refused_and_not_written(fresh):
    change(fresh, "lesson.py", 'alt="Two bars; the second is higher." ', "")
    change(fresh, "lesson.py", 'week["visits"].max())', '"nine")')
    with pytest.raises(CourseError) as refusal:
        build(fresh)
    assert {(p.where.split(", ")[-1], p.what) for p in refusal.value.problems} == {
        (f"notebooks/{language}", what)
        for language in ("en", "fr")
        for what in ("a figure without text alternative", "a figure without its key number")
    }
    assert not (fresh / "notebooks" / "en" / f"{SLUG}.ipynb").exists()
    assert (fresh / "solutions" / "en" / f"{SLUG}.ipynb").exists()


OUTPUT = nbformat.v4.new_output


@pytest.mark.parametrize(
    ("output", "tags", "message"),
    [
        (OUTPUT("stream", name="stderr", text="x.py:1: FutureWarning: old\n"), [], "FutureWarning"),
        (
            OUTPUT("error", ename="KeyError", evalue="'visit'", traceback=[]),
            [],
            "fails with KeyError",
        ),
        (
            OUTPUT("stream", text="fine"),
            ["raises-exception"],
            "is tagged raises-exception and runs",
        ),
        (OUTPUT("execute_result", {"text/plain": "<Axes: xlabel='day'>"}), [], "object of a chart"),
        (
            OUTPUT("display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}),
            [],
            "shows a widget",
        ),
    ],
)
def test_outputs_that_a_learner_should_not_see(output, tags, message):
    cell = nbformat.v4.new_code_cell("x", outputs=[output], metadata={"tags": tags})
    (problem,) = output_problems(cell, "here")
    assert message in problem.what


@pytest.mark.parametrize("code", ["print(plot.describe(ax))", "plot.show(ax)"])
def test_what_describe_prints_stands_for_the_image(code):
    image = OUTPUT("display_data", {"image/png": "aaaa"})
    words = OUTPUT("stream", text="Line chart: 3 months,\nhighest in May (12).\n")
    cell = nbformat.v4.new_code_cell(code, outputs=[image, words])
    cell.metadata.tags = ["core"]
    clean_outputs(nbformat.v4.new_notebook(cells=[cell]))
    assert cell.outputs[0].metadata["image/png"].alt == "Line chart: 3 months, highest in May (12)."
    assert output_problems(cell, "here") == []


def test_noise_of_the_kernel_is_removed():
    text = (
        "<function f at 0x7f01> in /tmp/ipykernel_12/34.py and /opt/lib/site-packages/pandas/a.py"
    )
    outputs = [OUTPUT("stream", text=text), OUTPUT("stream", text="\nmore\n")]
    cell = nbformat.v4.new_code_cell("x", outputs=outputs)
    cell.metadata.execution = {"iopub.status.idle": "now"}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {}})
    clean_outputs(notebook)
    assert [out.text for out in cell.outputs] == [
        "<function f at 0x…> in <cell> and pandas/a.py\nmore\n"
    ]
    assert cell.metadata == {}
    assert notebook.metadata == {}


# Pieces


def test_names_are_read_with_their_room_and_without_those_of_the_learner():
    codes = [
        "import pandas as pd\nfrom cmlib import data, kpi as k\nfrom cmlib.plot import bars",
        "week = pd.read_csv('a').head(3)\ndef double(x): return 2 * x\ndouble(len(week))",
        "k.gini(week.groupby('day').visits.sum())\nopen('x')\ndata.load('forum').members",
    ]
    found = used_names(codes, tables=["members"])
    assert found == {
        **{"plot.bars": 0, "read_csv": 1, "head": 1},
        **{"kpi.gini": 2, "groupby": 2, "visits": 2, "open": 2, "data.load": 2},
    }


def test_starters():
    answer = "b, c = 2, 3\nd: int = 4\ndef f():\n    e = 1"
    code = f"a = 1\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION\nb"
    assert marker_problems(code, "x") == []
    assert without_answer(code) == "a = 1\nb = ...\nc = ...\nd = ...\nf = ...\nb"
    shown = "def f():\n    ### BEGIN SOLUTION\n    print(1)\n    ### END SOLUTION"
    assert without_answer(shown) == "def f():\n    ..."
    assert without_answer(shown, "return 0") == "def f():\n    return 0"
    assert without_markers(shown) == "def f():\n    print(1)"


def test_no_line_of_an_answer_reaches_the_exercises():
    for module in MODULES:
        for language in ("en", "fr"):
            catalogue = Catalogue(
                language,
                catalogue_path(ROOT / "course", language),
                catalogue_path(module.folder, language),
            )
            cells = read_cells(module, "exercises")
            shown = make_notebook(module, "exercises", cells, catalogue).cells
            path = ROOT / "exercises" / language / f"{module.slug}.ipynb"
            built = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
            assert built == {cell.id: cell.source for cell in shown}
            for cell in cells:
                key = f"m{module.number}-exercises-{cell.key}"
                if "answer" in cell.tags:
                    assert key not in built
                elif cell.kind == "code":
                    starter = (cell.starter or "").split("\n")
                    for line in _answer_lines(cell.source):
                        assert line in starter or line not in built[key].split("\n"), key


def _answer_lines(code: str) -> list[str]:
    lines = re.findall(r"### BEGIN SOLUTION\n(.*?)\n\s*### END SOLUTION", code, flags=re.DOTALL)
    return [line for block in lines for line in block.split("\n") if line.strip()]


# nbval bites


def nbval(root: Path) -> str:
    command = [
        *(sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env"),
        *("--nbval-sanitize-with", str(ROOT / "tests" / "nbval_sanitize.cfg")),
        *("-p", "no:cacheprovider", "--rootdir", ".", "notebooks/fr", "solutions/fr"),
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return re.sub(r"\x1b\[\d+m", "", done.stdout)


def edit(root: Path, kind: str, before: str, after: str) -> None:
    path = root / kind / "fr" / f"{SLUG}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_nbval_passes_what_was_built(copy):
    assert " passed in" in (said := nbval(copy)), said
    assert "failed" not in said


def test_nbval_names_the_notebook_the_cell_the_expected_and_the_obtained(copy):
    edit(copy, "notebooks", "Le plus de visites\u00a0: 9", "Le plus de visites\u00a0: 8")
    edit(copy, "solutions", "total = sum(", "total = max(")
    said = nbval(copy)
    for words in (
        "notebooks/fr/00_first.ipynb::Cell 1",
        "- Le plus de visites\u00a0: 9\n",
        "+ Le plus de visites\u00a0: 8\n",
        "solutions/fr/00_first.ipynb::Cell 1",
        "- 9\n",
        "+ 13\n",
    ):
        assert words in said.replace("  -", "-").replace("  +", "+"), said
