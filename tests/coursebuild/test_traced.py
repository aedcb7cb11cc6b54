"""cmlib as it is: what its analysis takes for granted, and what notebooks and questions call."""

from __future__ import annotations

import ast
import cProfile
import importlib
import pkgutil
from pathlib import Path

import pytest
from coursebuild.definitions import read_file
from coursebuild.module import module_folders, read_module
from coursebuild.plan import make_plan, read_modules
from coursebuild.reach import BY_NAME, Reach, question_files
from coursebuild.run import execute
from nbformat.v4 import new_code_cell
from places import ROOT

import cmlib
from cmlib.learn.question import questions
from cmlib.learn.session import judge

_DYNAMIC_CALLS = {"__import__", "eval", "exec", "globals", "import_module", "locals"}
_DYNAMIC_CALLS |= {"exec_module", "module_from_spec", "resolve_name", "run_module", "run_path"}
_DYNAMIC_CALLS |= {"attrgetter", "methodcaller", "spec_from_file_location"}


def _dynamic(tree: ast.stmt) -> bool:
    """Tell whether a definition looks a module or one of its names up by a computed name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.modules":
            return True
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            table_method = isinstance(node.func, ast.Attribute) and called in ("eval", "exec")
            if called in _DYNAMIC_CALLS and not table_method:
                return True
            if called == "vars" and node.args and ast.unparse(node.args[0]) != "self":
                return True
            own = node.args and ast.unparse(node.args[0]).split(".")[0] == "self"
            if called == "getattr" and not own and not isinstance(node.args[1], ast.Constant):
                return True
    return False


def _courses_code() -> dict[str, Path]:
    """Return the files of cmlib that a lesson can reach: all but the command line."""
    found = {}
    for path in sorted((ROOT / "cmlib").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if not name.startswith(("cmlib.cli", "cmlib.__main__")):
            found[name] = path
    return found


def test_every_look_up_by_a_computed_name_is_listed():
    found = {
        f"{module}.{name}"
        for module, path in _courses_code().items()
        for name, statements in read_file(
            module, path.read_text(encoding="utf-8")
        ).definitions.items()
        for statement in statements
        if _dynamic(statement)
    }
    by_questions = {"cmlib.learn.record.certificate", "cmlib.learn.record.progress"}
    assert found | by_questions == BY_NAME.keys()


def test_nothing_hooks_into_a_class_or_sets_a_name_of_another_module():
    modules = _courses_code()
    for module, path in modules.items():
        text = path.read_text(encoding="utf-8")
        for word in ("__init_subclass__", "__set_name__", "import *"):
            assert word not in text, module
        imported = read_file(module, text).names
        ours = {
            name
            for name, sources in imported.items()
            for source in sources
            if f"{source.module}.{source.name}".rstrip(".") in modules
        }
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                assert ast.unparse(node.value) not in ours, f"{module}: {ast.unparse(node)}"


MODULES = [read_module(folder) for folder in module_folders(ROOT)]
TRACE = """
import cProfile, importlib, pkgutil, cmlib
for _module in pkgutil.walk_packages(cmlib.__path__, "cmlib."):
    if not _module.name.endswith("__main__"):
        importlib.import_module(_module.name)
_trace = cProfile.Profile(builtins=False)
_trace.enable()
"""
TRACED = """
_trace.disable()
print(*{f"{each.code.co_filename}\\t{each.code.co_firstlineno}" for each in _trace.getstats()
        if not isinstance(each.code, str) and each.code.co_name != "<module>"}, sep="\\n")
"""


def _called(places: set[tuple[str, int]]) -> set[str]:
    """Return the definitions, at the top of a file, in which functions that ran stand."""
    files = {str(path): name for name, path in _courses_code().items()}
    files |= {str(path): f"questions {n}" for n, path in question_files(ROOT).items()}
    found = set()
    for file in {file for file, _line in places} & files.keys():
        lines = [line for each, line in places if each == file]
        defined = read_file(files[file], Path(file).read_text(encoding="utf-8")).definitions
        for name, statements in defined.items():
            for each in statements:
                decorators = getattr(each, "decorator_list", [])
                first = min(node.lineno for node in [each, *decorators])
                if any(first <= line <= each.end_lineno for line in lines):
                    found.add(f"{files[file]}.{name}")
    return found


@pytest.mark.parametrize("kind", ["notebooks", "solutions"])
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.number)
def test_all_that_a_notebook_calls_is_in_what_it_reaches(module, kind):
    language = "fr" if kind == "notebooks" else "en"
    plan = make_plan(ROOT, read_modules(ROOT, module.number), module.number)
    (target,) = [each for each in plan.targets if each.name == f"{kind}/{language}"]
    cells = [cell.source for cell in target.notebook.cells if cell.cell_type == "code"]
    target.notebook.cells.insert(0, new_code_cell(TRACE))
    target.notebook.cells.append(new_code_cell(TRACED))
    execute(target.notebook, ROOT / kind / language)
    printed = "".join(output.text for output in target.notebook.cells[-1].outputs)
    lines = [line.split("\t") for line in printed.splitlines()]
    called = _called({(file, int(line)) for file, line in lines})
    assert len(called) > 10
    assert called <= Reach(ROOT).of(cells, module.number).definitions


@pytest.mark.parametrize("number", sorted(question_files(ROOT)))
def test_all_that_questions_call_is_in_what_they_reach(number):
    for module in pkgutil.walk_packages(cmlib.__path__, "cmlib."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    asked = questions(number)
    trace = cProfile.Profile(builtins=False)
    trace.enable()
    try:
        for question in asked.values():
            judge(question, question.reference() if question.reference else {})
            for answer in [*question.right, *(mistake.answer for mistake in question.mistakes)]:
                answer()
            judge(question, "no answer anybody foresaw")
    finally:
        trace.disable()
    places = {
        (each.code.co_filename, each.code.co_firstlineno)
        for each in trace.getstats()
        if not isinstance(each.code, str) and each.code.co_name != "<module>"
    }
    reached = Reach(ROOT).of([f'from cmlib import learn\nlearn.check("{number}.1")'], number)
    called = _called(places)
    assert len(called) > 5
    assert called <= reached.definitions
