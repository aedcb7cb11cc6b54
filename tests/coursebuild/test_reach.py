"""Which notebooks a change makes stale, on a small package."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from coursebuild.definitions import read_code, read_file
from coursebuild.fingerprints import Fingerprints
from coursebuild.problems import CourseError
from coursebuild.reach import Reach, fingerprint
from nbformat.v4 import new_code_cell, new_notebook
from places import ROOT

# A package in small: a door with a reader that no lesson calls, measures, a lazy room.
PACKAGE = {
    "cmlib/__init__.py": """
import importlib

_ROOMS = ("data", "explore", "kpi", "learn")


def __getattr__(name):
    if name in _ROOMS:
        return importlib.import_module(f"cmlib.{name}")
    raise AttributeError(name)
""",
    "cmlib/data/__init__.py": """
from cmlib.data.door import Community, load
from cmlib.data.readers import read
""",
    "cmlib/data/door.py": """
from __future__ import annotations

from cmlib.messages import _
from cmlib.kpi import deep


class Community:
    \"\"\"What a community holds.\"\"\"

    zone = "UTC"

    def counted(self):
        return deep.visits(self)

    def never_called(self):
        return 0


def load(name: str = "brand") -> Community:
    \"\"\"Load a pack.\"\"\"
    print(_("The pack is read."))  # said once
    return Community()
""",
    "cmlib/data/readers.py": """
from cmlib.data.door import Community
from cmlib.data.tables import open_table


def read(path):
    return Community(), open_table(path)
""",
    "cmlib/data/tables.py": """
ENCODINGS = ("utf-8", "latin-1")


def open_table(path):
    return open(path, encoding=ENCODINGS[0])
""",
    "cmlib/kpi/__init__.py": "from cmlib.kpi.measures import mean, total\n",
    "cmlib/kpi/deep.py": """
def visits(community):
    return [1, 2]


def longest(community):
    return max(visits(community))
""",
    "cmlib/kpi/measures.py": """
from cmlib.kpi import deep as below
from cmlib.kpi.deep import visits as rows

DIGITS = 2


def total(community, factor=1):
    return _added(community) * factor


def mean(community):
    return round(_added(community) / 2, DIGITS)


def _added(community):
    return sum(rows(community))
""",
    "cmlib/explore/__init__.py": """
import importlib

_WHERE = {"curve": "shapes", "bars": "shapes"}


def __getattr__(name):
    if name not in _WHERE:
        raise AttributeError(name)
    value = getattr(importlib.import_module(f"cmlib.explore.{_WHERE[name]}"), name)
    globals()[name] = value
    return value
""",
    "cmlib/explore/shapes.py": """
def curve(community):
    from cmlib.kpi.deep import longest

    return longest(community)


def bars(community):
    return []
""",
    "cmlib/learn/__init__.py": "from cmlib.learn.question import check\n",
    "cmlib/learn/question.py": """
import runpy


def check(number):
    return questions(number[:2])[0]()


def questions(module):
    return question_code(f"course/{module}_any/questions.py")["QUESTIONS"]


def question_code(path):
    return runpy.run_path(path)
""",
    "course/04_any/questions.py": """
from cmlib import kpi
from cmlib.messages import _

QUESTIONS = (lambda: _("How many?") + kpi.mean(None),)
""",
    "course/04_any/fr.po": """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "How many?"
msgstr "Combien ?"
""",
    "course/05_any/questions.py": "QUESTIONS = (lambda: 5,)\n",
    "cmlib/i18n.py": """
def _(text):
    return text
""",
    "cmlib/locale/fr/LC_MESSAGES/cmlib.po": """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "The pack is read."
msgstr "Le paquet est lu."

msgid "Nobody says this."
msgstr "Personne ne dit ceci."
""",
}
CELLS = {
    "totals": "from cmlib import data, kpi\nkpi.total(data.load())",
    "means": "import cmlib\nprint(cmlib.kpi.mean([1]))",
    "curves": "from cmlib import data, explore\nexplore.curve(data.load())",
    "checks": 'from cmlib import learn\nlearn.check("04.1")',
    "plain": "import pandas as pd\npd.DataFrame()",
}
EVERY = {f"{name} {language}" for name in CELLS for language in ("en", "fr")}


@pytest.fixture
def small(tmp_path) -> Path:
    for name, text in PACKAGE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def both(*names: str) -> set[str]:
    return {f"{name} {language}" for name in names for language in ("en", "fr")}


def prints(root: Path) -> dict[str, str]:
    made = Fingerprints(root)
    found = {}
    for name, code in CELLS.items():
        for language in ("en", "fr"):
            notebook = new_notebook(cells=[new_code_cell(code, id=name)])
            notebook.metadata["cm"] = {"language": language}
            module = SimpleNamespace(number="05", packs=[])
            found[f"{name} {language}"] = made.of(module, notebook, name)["reached"]
    return found


CHANGES = {
    "a reader nobody calls": ("data/tables.py", "return open(", "print(1)\n    return open(", ()),
    "a constant nobody reads": ("data/tables.py", '"latin-1"', '"cp1252"', ()),
    "three levels down": ("kpi/deep.py", "return [1, 2]", "return [1, 3]", "*"),
    "two levels down": ("kpi/measures.py", "sum(rows", "max(rows", ("totals", "means", "checks")),
    "a comment": ("data/door.py", "  # said once", "  # said twice", ()),
    "a docstring": ("data/door.py", "Load a pack.", "Load one pack.", ()),
    "the docstring of a class": ("data/door.py", "What a community holds.", "Tables.", ()),
    "the layout": ("kpi/measures.py", "sum(rows(community))", "sum(\n  rows(community)\n )", ()),
    "a method": ("data/door.py", "return 0", "return 1", ("totals", "curves")),
    "a class attribute": ("data/door.py", '"UTC"', '"Europe/Paris"', ("totals", "curves")),
    "a default argument": ("kpi/measures.py", "factor=1", "factor=2", ("totals",)),
    "a default argument of a loader": ("data/door.py", '"brand"', '"forum"', ("totals", "curves")),
    "an annotation": ("data/door.py", "-> Community", "-> object", ("totals", "curves")),
    "a constant": ("kpi/measures.py", "DIGITS = 2", "DIGITS = 3", ("means", "checks")),
    "a name loaded on first use": ("explore/shapes.py", "return longest", "1\n    return longest",
                                   ("curves",)),
    "another one": ("explore/shapes.py", "return []", "return [0]", ()),
    "an import within a function": ("kpi/deep.py", "max(", "min(", ("curves",)),
    "where a lazy name lives": ("explore/__init__.py", '"bars": "shapes"', '"bars": "bars"', ()),
    "how lazy names are found": ("explore/__init__.py", "not in _WHERE:", "in '':", ("curves",)),
    "what an import stands for": ("kpi/measures.py", "visits as rows", "longest as rows",
                                  ("totals", "means", "checks")),
    "an import that is not used": ("kpi/measures.py", "deep as below", "deep as beneath", ()),
    "a decorator": ("kpi/measures.py", "def total(", "@staticmethod\ndef total(",
                    ("totals", "means", "curves", "checks")),
    "a decorator that only wraps": ("kpi/measures.py", "def total(", "@cache\ndef total(",
                                    ("totals",)),
    "a statement run by the import": ("kpi/measures.py", "DIGITS = 2", "DIGITS = 2\nprint(0)",
                                      ("totals", "means", "curves", "checks")),
    "what only typing reads": ("kpi/measures.py", "DIGITS = 2",
                               "DIGITS = 2\nif TYPE_CHECKING:\n    import cmlib.data", ()),
    "how questions are found": ("learn/question.py", "[0]()", "[-1]()", ("checks",)),
    "the questions asked": ("../course/04_any/questions.py", "None", "[]", ("checks",)),
    "the questions of the module": ("../course/05_any/questions.py", "5", "6", ("checks",)),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_makes_stale_the_notebooks_that_reach_it(small, name):
    file, before, after, stale = CHANGES[name]
    former = prints(small)
    path = small / "cmlib" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    now = prints(small)
    names = [each for each in CELLS if each != "plain"] if stale == "*" else stale
    assert {each for each in now if now[each] != former[each]} == both(*names)


def test_a_french_message_makes_stale_the_french_notebooks_that_show_it(small):
    former, path = prints(small), small / "cmlib/locale/fr/LC_MESSAGES/cmlib.po"
    path.write_text(path.read_text(encoding="utf-8").replace("ne dit ceci", "ne le dit"))
    assert prints(small) == former
    path.write_text(path.read_text(encoding="utf-8").replace("est lu", "a été lu"))
    now = prints(small)
    assert {name for name in now if now[name] != former[name]} == {"totals fr", "curves fr"}


def test_a_question_in_french_makes_stale_the_french_notebooks_that_ask_it(small):
    former, path = prints(small), small / "course/04_any/fr.po"
    path.write_text(path.read_text(encoding="utf-8").replace("Combien", "Quel nombre"))
    now = prints(small)
    assert {name for name in now if now[name] != former[name]} == {"checks fr"}


def test_the_data_that_a_notebook_reads_count(small):
    path = small / "datasets" / "manifest.json"
    path.parent.mkdir()
    module = SimpleNamespace(number="05", packs=["brand"])

    def fingerprint_of(code: str, language: str = "fr", **changes: str) -> str:
        seeds = {"brand": "1", "forum": "1", "glossary": "1", "welcome": "1"} | changes
        about = {"brand": "The pack is read.", "forum": "Nobody says this."}
        packs = {name: {"about": text, "seed": seeds[name]} for name, text in about.items()}
        common = {name: {"sha256": seeds[name]} for name in ("glossary", "welcome")}
        path.write_text(json.dumps({"packs": packs, "common": common}))
        notebook = new_notebook(cells=[new_code_cell(code, id="a")])
        notebook.metadata["cm"] = {"language": language}
        return Fingerprints(small).of(module, notebook, "")["reached"]

    glossary = 'data.load_table("glossary")'
    first = fingerprint_of(glossary)
    assert fingerprint_of(glossary, forum="2", welcome="2") == first
    assert fingerprint_of(glossary, brand="2") != first
    assert fingerprint_of(glossary, glossary="2") != first
    assert fingerprint_of(glossary, language="en") != first
    names = small / "cmlib/data/datasets.py"
    names.write_text("def list_datasets():\n    return []\n")
    listed = "from cmlib.data.datasets import list_datasets\nlist_datasets()"
    assert fingerprint_of(listed, forum="2") != fingerprint_of(listed)


def test_a_module_handed_over_whole_is_reached_whole(small):
    reached = Reach(small).of(["from cmlib import kpi\nhelp(kpi)"]).definitions
    assert {"cmlib.kpi.measures.mean", "cmlib.kpi.deep.longest"} <= reached
    assert Reach(small).of(["from cmlib.kpi import *"]).definitions >= reached


def test_a_lazy_name_that_no_table_places_reaches_the_whole_room(small):
    path = small / "cmlib/explore/__init__.py"
    path.write_text(path.read_text().replace('_WHERE = {"curve": "shapes", "bars": "shapes"}', ""))
    reached = Reach(small).of(["from cmlib import explore\nexplore.curve()"]).definitions
    assert "cmlib.explore.shapes.bars" in reached


def test_who_imports_networkx_reaches_its_backend():
    reached = Reach(ROOT).of(["import networkx as nx\nnx.Graph()"]).definitions
    assert {"cmlib.network.backend._Backend", "cmlib.network.backend.get_info"} <= reached


def test_a_cell_to_repair_reaches_nothing_and_a_command_is_refused(small):
    assert not Reach(small).of(["from cmlib import kpi\nkpi.total("]).definitions
    with pytest.raises(CourseError, match="a command of IPython"):
        Reach(small).of(["%matplotlib inline"], where="course/04")


@pytest.mark.parametrize(
    ("code", "uses"),
    [
        ("kpi.gini(data.load().events)", {("kpi", "gini"), ("data", "load")}),
        ("def f(data): return data.head()", set()),
        ("def f():\n    data = 1\n    return data.head()", set()),
        ("def f():\n    global data\n    data = 1", {("data",)}),
        ("def f(x):\n    return g(x)\n\n\ndef g(x): return x", {("g",)}),
        ("def f(a=data.x): return a", {("data", "x")}),
        ("[kpi.x for kpi in kpi.all]", {("kpi", "all")}),
        ("def f(kpi):\n    def g():\n        import kpi\n        kpi.x", {("kpi", "x")}),
        ("f = lambda kpi: kpi.x", {("f",)}),
        ("@kpi.register\nclass A(kpi.B):\n    c = kpi.d",
         {("kpi", "B"), ("kpi", "d"), ("kpi", "register"), ("c",)}),
    ],
)  # fmt: skip
def test_names_of_a_function_itself_are_no_use_of_the_file(code, uses):
    assert read_code(ast.parse(code).body).uses == uses


def test_the_text_of_code_is_the_same_for_every_python():
    code = "def f(x):\n    return f'{x:<{w - 1}} {x!r} {x=}', 1.5, b'a', ..., None"
    assert fingerprint(read_code(ast.parse(code).body).text) == "0bc96b86748ff6fd"


def test_relative_imports_are_read_from_where_they_stand():
    file = read_file("cmlib.kpi.a", "from . import b\nfrom ..data import load\n")
    assert {name: [(s.module, s.name) for s in found] for name, found in file.names.items()} == {
        "b": [("cmlib.kpi", "b")],
        "load": [("cmlib.data", "load")],
    }
