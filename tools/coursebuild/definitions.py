"""Read a Python file without running it: what it defines, and what each definition names."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

__all__ = ["Code", "File", "Imported", "read_code", "read_file"]

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_DOCUMENTED = (*_FUNCTIONS, ast.ClassDef, ast.Module)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NAMING = (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)
_LAYOUT = {"ctx", "kind", "type_comment"}
# Decorators that only wrap what they decorate. Any other one may do something when the file is
# imported (put the function into a list...), so what it decorates counts with its file.
_WRAPPERS = {
    *("abstractmethod", "cache", "contextmanager", "dataclass", "lru_cache", "overload"),
    *("runtime_checkable", "total_ordering", "wraps"),
}


@dataclass(frozen=True, order=True)
class Imported:
    """What a name of an import stands for: a module, or a name in a module."""

    module: str
    name: str = ""


@dataclass
class Code:
    """What some statements say, without layout, comments and docstrings.

    `uses` holds names with the attributes read from them: ``("kpi", "gini")``.
    """

    text: str = ""
    uses: set[tuple[str, ...]] = field(default_factory=set)
    imports: dict[str, set[Imported]] = field(default_factory=dict)
    modules: set[Imported] = field(default_factory=set)
    strings: set[str] = field(default_factory=set)


@dataclass
class File:
    """The top level of a file.

    `loose` are the statements that do something when the file is imported, `tables` the
    dictionaries written out, in which a module ``__getattr__`` finds where a name lives.
    """

    name: str
    is_package: bool
    lazy_annotations: bool
    definitions: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: list[ast.stmt] = field(default_factory=list)
    loose: list[ast.stmt] = field(default_factory=list)
    tables: dict[str, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, set[Imported]]:
        """What each name that the file imports stands for."""
        return self.code(self.imports).imports

    def code(self, statements: Sequence[ast.stmt]) -> Code:
        """Read some of the statements of this file."""
        package = self.name if self.is_package else self.name.rpartition(".")[0]
        return read_code(statements, package, annotations=not self.lazy_annotations)


def read_file(name: str, text: str, *, is_package: bool = False) -> File:
    """Sort the statements at the top of a file into definitions, imports and the rest."""
    body = ast.parse(text).body
    lazy = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in body)
    file = File(name, is_package, lazy)
    for statement in _executed(body):
        _sort(file, statement)
        for node in ast.walk(statement) if not isinstance(statement, _SCOPES) else ():
            if isinstance(node, ast.Dict):
                file.tables.update(_strings_of(node))
    return file


def read_code(
    statements: Sequence[ast.stmt], package: str = "", *, annotations: bool = True
) -> Code:
    """Read statements: their text, the names they use, what they import, their strings."""
    reader = _Reader(package, annotations)
    for statement in statements:
        reader.visit(statement)
    open_names = reader.declared_global | reader.code.imports.keys()
    reader.code.uses |= {names for names in reader.hidden if names[0] in open_names}
    reader.code.text = _text(list(statements))
    return reader.code


def _executed(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Leave out what does not run when the file is imported: typing, and ``__main__``."""
    for statement in body:
        if isinstance(statement, ast.If) and ast.unparse(statement.test) in (
            "TYPE_CHECKING",
            "typing.TYPE_CHECKING",
            "__name__ == '__main__'",
        ):
            yield from _executed(statement.orelse)
        elif not _is_docstring(statement):
            yield statement


def _sort(file: File, statement: ast.stmt) -> None:
    loose = True
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        file.imports.append(statement)
        return
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        loose = not all(_last_name(each) in _WRAPPERS for each in statement.decorator_list)
        loose = loose or bool(getattr(statement, "keywords", []))
    elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        loose = any(
            isinstance(node, (ast.Attribute, ast.Subscript))
            for target in targets
            for node in ast.walk(target)
        )
    else:
        file.imports += [
            node for node in _inside([statement]) if isinstance(node, (ast.Import, ast.ImportFrom))
        ]
    for name in _bound([statement]):
        file.definitions.setdefault(name, []).append(statement)
    if loose:
        file.loose.append(statement)


def _last_name(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called).rpartition(".")[2]


def _strings_of(table: ast.Dict) -> Iterator[tuple[str, str]]:
    for key, value in zip(table.keys, table.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(value, ast.Constant):
            yield str(key.value), str(value.value)


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _inside(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Go through the nodes of one scope; of an inner one only itself is given."""
    todo = list(nodes)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (*_SCOPES, *_COMPREHENSIONS)):
            todo += ast.iter_child_nodes(node)


def _bound(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that statements give a value, imports left out."""
    found, elsewhere = set[str](), set[str]()
    for node in _inside(nodes):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (*_FUNCTIONS, ast.ClassDef, *_NAMING)) and node.name:
            found.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            found.add(node.rest)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            elsewhere |= set(node.names)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            elsewhere |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
    return found - elsewhere


def _text(value: Any) -> str:
    """Write a tree the same way under every version of Python, docstrings left out."""
    if isinstance(value, list):
        return f"[{' '.join(map(_text, value))}]"
    if isinstance(value, ast.Constant):
        return repr(value.value)
    if not isinstance(value, ast.AST):
        return str(value)
    said = [type(value).__name__]
    for name, inner in ast.iter_fields(value):
        if isinstance(inner, list) and isinstance(value, _DOCUMENTED) and name == "body":
            inner = inner[1:] if inner and _is_docstring(inner[0]) else inner
        if isinstance(value, ast.JoinedStr):  # Python 3.12 ends a format with an empty string
            inner = [each for each in inner if getattr(each, "value", None) != ""]
        if name not in _LAYOUT and inner is not None and inner != []:
            said.append(f"{name}={_text(inner)}")
    return f"({' '.join(said)})"


class _Reader(ast.NodeVisitor):
    """Collect what code uses. A name that a function gives a value is that function's own."""

    def __init__(self, package: str, annotations: bool) -> None:
        self.code = Code()
        self.package = package
        self.annotations = annotations
        self.own: list[set[str]] = []
        self.hidden: set[tuple[str, ...]] = set()
        self.declared_global: set[str] = set()

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            first = alias.name.split(".")[0]
            self._import(alias.asname or first, Imported(alias.name if alias.asname else first))
            self.code.modules.add(Imported(alias.name))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        if node.level:
            parts = self.package.split(".")
            above = parts[: len(parts) - node.level + 1]
            module = ".".join([*above, module] if module else above)
        for alias in node.names:
            imported = Imported(module, "" if alias.name == "*" else alias.name)
            self._import(alias.asname or alias.name, imported)
            if alias.name == "*":
                self.code.uses.add(("*",))
            self.code.modules.add(imported)

    def _import(self, name: str, imported: Imported) -> None:
        self.code.imports.setdefault(name, set()).add(imported)

    def visit_Name(self, node: ast.Name) -> None:
        self._use((node.id,))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        names = [node.attr]
        inner: ast.expr = node.value
        while isinstance(inner, ast.Attribute):
            names.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            self._use((inner.id, *reversed(names)))
        else:
            self.visit(inner)

    def _use(self, names: tuple[str, ...]) -> None:
        own = any(names[0] in own for own in self.own)
        (self.hidden if own else self.code.uses).add(names)

    def visit_Global(self, node: ast.Global) -> None:
        self.declared_global |= set(node.names)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.code.strings.add(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for each in node.decorator_list:
            self.visit(each)
        if self.annotations and node.returns:
            self.visit(node.returns)
        self._function(node.args, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node.args, [node.body])

    def _function(self, given: ast.arguments, body: Sequence[ast.AST]) -> None:
        names = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        arguments = [each for each in names if each is not None]
        for each in [*given.defaults, *given.kw_defaults]:
            if each is not None:
                self.visit(each)
        for argument in arguments:
            if self.annotations and argument.annotation:
                self.visit(argument.annotation)
        self.own.append({argument.arg for argument in arguments} | _bound(body))
        self._body(body)
        self.own.pop()

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for each in [*node.decorator_list, *node.bases, *(word.value for word in node.keywords)]:
            self.visit(each)
        self._body(node.body)

    def _body(self, body: Sequence[ast.AST]) -> None:
        for index, each in enumerate(body):
            if index or not (isinstance(each, ast.stmt) and _is_docstring(each)):
                self.visit(each)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.target)
        if self.annotations:
            self.visit(node.annotation)
        if node.value:
            self.visit(node.value)

    def visit_ListComp(self, node: Any) -> None:
        self.visit(node.generators[0].iter)
        self.own.append({name for each in node.generators for name in _bound([each.target])})
        for index, each in enumerate(node.generators):
            for inner in [*([each.iter] if index else []), *each.ifs]:
                self.visit(inner)
        for inner in [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]:
            self.visit(inner)
        self.own.pop()

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp
