"""docs/upgrading: the calls it names exist, with these arguments; its example runs."""

import importlib
import inspect
import re

import pytest
from places import DOCS

PAGES = ("upgrading.md", "upgrading.fr.md")
CALL = re.compile(r"`(kpi|network|value|explore)\.(\w+)\(([^`]*)\)`")
ROW = re.compile(rf"^\| {CALL.pattern} \| {CALL.pattern} \|$", re.MULTILINE)


def moved(page):
    """The rows of the tables of calls: room, name and arguments before, the same after."""
    return ROW.findall((DOCS / page).read_text(encoding="utf-8"))


def parameters(room, name):
    return inspect.signature(getattr(importlib.import_module(f"cmlib.{room}"), name)).parameters


@pytest.mark.parametrize("page", PAGES)
def test_the_new_calls_are_those_of_the_package(page):
    rows = moved(page)
    assert len(rows) > 80
    for _room, _name, _before, room, name, after in rows:
        told = [argument.strip("= ") for argument in after.split(",")]
        assert told == list(parameters(room, name)), name


def test_both_pages_name_the_same_calls():
    assert moved(PAGES[0]) == moved(PAGES[1])


@pytest.mark.parametrize("page", PAGES)
def test_the_example_runs(page):
    (block,) = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)
    exec(block, {})
