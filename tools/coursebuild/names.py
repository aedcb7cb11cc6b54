"""Which names of libraries a notebook uses, and whether a module has introduced them."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

__all__ = ["BASICS", "CMLIB_BUDGET", "LIBRARY_BUDGET", "SAID_ONCE", "budget_problem", "used_names"]

LIBRARY_BUDGET = 3
CMLIB_BUDGET = 4
# What a community says once instead of each function: listed where first used, not counted.
SAID_ONCE = {"view", "counted"}
BASICS = {
    *("print", "len", "range", "sum", "min", "max", "round", "abs", "sorted", "str", "int"),
    *("float", "list", "dict", "set", "zip", "enumerate", "display", "set_language"),
    *("show", "subplots", "title", "set_title", "set_xlabel", "set_ylabel", "columns", "shape"),
    *(
        "plot.describe",
        "plot.show",
        "plot.set_theme",
        "format_number",
        "format_percent",
        "format_euro",
    ),
    *("format_date", "format_month"),
}
_ROOMS = {"data", "explore", "kpi", "learn", "network", "plot", "report", "value"}
_COMMUNITY = {"start", "end", "name", "tables"}


def used_names(codes: Iterable[str], tables: Iterable[str] = ()) -> dict[str, int]:
    """Return the library names used in the cells of a notebook and the first cell that does.

    A name of cmlib comes with its room (``kpi.gini``), any other one alone (``groupby``).
    Names that the notebook defines, columns, tables of a community and basics are left out;
    a cell that does not parse (a bug to repair) is not read.
    """
    ignored = BASICS | _COMMUNITY | set(tables)
    reader = _Reader()
    for index, code in enumerate(codes):
        try:
            tree = ast.parse(code)
        except SyntaxError:
            continue
        reader.index = index
        reader.visit(tree)
    return {name: first for name, first in reader.found.items() if name not in ignored}


def budget_problem(libraries: list[str], cmlib: list[str]) -> str | None:
    """Say which budget of new names is exceeded, or None.

    A chart of ``cmlib.plot`` counts as a library name, for it stands where one of seaborn would;
    `learn`, `explore` and the words of a community (`view`, `counted`) do not count.
    """
    charts = [name for name in cmlib if name.startswith("plot.")]
    free = ("plot.", "learn.", "explore.")
    functions = [name for name in cmlib if not name.startswith(free) and name not in SAID_ONCE]
    if len(libraries) + len(charts) > LIBRARY_BUDGET:
        count = len(libraries) + len(charts)
        return f"{count} new library names (charts of cmlib included), at most {LIBRARY_BUDGET}"
    if len(functions) > CMLIB_BUDGET:
        return f"{len(functions)} new cmlib functions, at most {CMLIB_BUDGET}"
    return None


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.index = 0
        self.found: dict[str, int] = {}
        self.rooms: dict[str, str] = {}
        self.defined: set[str] = set()
        self.modules: set[str] = set()

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            if alias.name.startswith("cmlib."):
                self.rooms[name] = alias.name.removeprefix("cmlib.")
            self.modules.add(name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for alias in node.names:
            name = alias.asname or alias.name
            if module == "cmlib" and alias.name in _ROOMS:
                self.rooms[name] = alias.name
            elif module.startswith("cmlib.") and module != "cmlib.i18n":
                self._found(f"{module.split('.')[1]}.{alias.name}")
            else:
                self._found(alias.name)
            self.modules.add(name)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.defined.add(node.name)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        chain = _chain(node)
        if chain and chain[0] == "cmlib" and len(chain) > 2:
            self._found(".".join(chain[1:3]))
        elif chain and chain[0] in self.rooms and len(chain) > 1:
            self._found(f"{self.rooms[chain[0]]}.{chain[1]}")
        elif chain is None or chain[0] != "cmlib":
            self._found(node.attr)
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func
        known = self.defined | self.modules
        if isinstance(called, ast.Name) and called.id not in known and hasattr(builtins, called.id):
            self._found(called.id)
        self.generic_visit(node)

    def _found(self, name: str) -> None:
        self.found.setdefault(name, self.index)


def _chain(node: ast.expr) -> list[str] | None:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        before = _chain(node.value)
        return None if before is None else [*before, node.attr]
    return None
