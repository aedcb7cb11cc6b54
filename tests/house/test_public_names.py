"""Small: every public name of kpi, network, value and plot is of use to somebody, or reserved.

Somebody is a lesson, an exercise, a question, an explorer, a report, the command line, or a page of
docs/ whose code runs in the tests. A name that waits for a module stands in `reserved_names.toml`.
"""

import ast
import re
import tomllib
from functools import cache

import pytest
from places import ROOT

ROOMS = ("kpi", "network", "value", "plot")
USERS = (
    "course/*/lesson.py",
    "course/*/exercises.py",
    "course/*/questions.py",
    "cmlib/explore/*.py",
    "cmlib/report/*.py",
    "cmlib/cli/*.py",
)
RUN = "audit|backend|engines|own_community|value"  # pages whose code the tests run
RESERVED = tomllib.loads((ROOT / "tests/house/reserved_names.toml").read_text(encoding="utf-8"))


def public(room):
    """The names of `__all__`, read where they are written."""
    tree = ast.parse((ROOT / f"cmlib/{room}/__init__.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    raise AssertionError(f"cmlib.{room} has no list of public names")


def names_in(code):
    """The names of the rooms that code uses, as ``kpi.gini``."""
    tree = ast.parse(code)
    rooms = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "cmlib":
            rooms |= {one.asname or one.name: one.name for one in node.names if one.name in ROOMS}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cmlib."):
            room = node.module.split(".")[1]
            yield from (f"{room}.{one.name}" for one in node.names if room in ROOMS)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            room = rooms.get(ast.unparse(node.value))
            if room is not None:
                yield f"{room}.{node.attr}"


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)


@cache
def used_directly():
    codes = [path.read_text(encoding="utf-8") for form in USERS for path in ROOT.glob(form)]
    pages = [ROOT / "README.md", *(ROOT / f"docs/{name}.md" for name in RUN.split("|"))]
    pages += [page for page in ROOT.glob("docs/recipes/*.md") if ".fr." not in page.name]
    codes += ["\n".join(blocks(page)) for page in pages]
    return {name for code in codes for name in names_in(code)}


def results(room):
    """The classes that each function of a room says it returns."""
    for path in (ROOT / "cmlib" / room).glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.returns is not None:
                words = set(re.findall(r"\w+", ast.unparse(node.returns)))
                yield node.name, words & public(room)


@cache
def used():
    """What is used, and the classes of the results of what is used."""
    found = set(used_directly())
    for room in ROOMS:
        for function, classes in results(room):
            if f"{room}.{function}" in found:
                found |= {f"{room}.{name}" for name in classes}
    return found


def every_name():
    return {f"{room}.{name}" for room in ROOMS for name in public(room)}


def test_every_public_name_is_used_or_reserved():
    assert sorted(every_name() - used() - set(RESERVED)) == []


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_reserved_name_waits_for_a_module_that_is_not_written(name):
    assert name in every_name(), "no such public name"
    assert name not in used(), "it is used by now: take it off the list"
    module = RESERVED[name]
    assert re.fullmatch(r"0\d|1[0-7]", module), "give the number of a module"
    assert not list(ROOT.glob(f"course/{module}_*")), f"module {module} is written"


def test_names_are_found_however_they_are_called():
    code = "from cmlib import kpi as k, data\nfrom cmlib.plot.theme import PALETTE\nk.gini(data.x)"
    assert set(names_in(code)) == {"kpi.gini", "plot.PALETTE"}


def test_the_class_of_a_result_is_used_with_its_function():
    assert dict(results("value"))["roi_interval"] == {"RoiInterval"}
    assert "value.RoiInterval" not in used_directly()
