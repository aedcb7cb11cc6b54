"""What code can reach in cmlib, found by reading it: nothing is imported, nothing is run.

A definition (function, class, constant at the top of a file) reaches those that its text names,
by a name, an import or an attribute of a module. A class is reached whole, with its methods: so a
method called on an object of unknown class is reached where that class is. What an import
executes beside definitions is reached with the file. ``BY_NAME`` lists the rest: code that finds
what it uses by a name made at run time.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from coursebuild.definitions import Code, File, Imported, read_code, read_file
from coursebuild.problems import CourseError, Problem

__all__ = [
    "BY_NAME",
    "EVERY_QUESTION",
    "QUESTIONS",
    "Reach",
    "Reached",
    "fingerprint",
    "question_files",
]

Node = tuple[str, str]
PACKAGE = "cmlib"
IMPORT, WHOLE = "<import>", "*"
# NetworkX calls the functions of a backend by name: who imports it reaches the backend.
BACKENDS = {
    "networkx": ("cmlib.network.backend.backend_interface", "cmlib.network.backend.get_info")
}
QUESTIONS, EVERY_QUESTION = "the questions named", "every question"
# Definitions that look something up by a name made at run time, and what they reach so beside
# what their text names. A test finds each of them in cmlib and refuses one that is not listed.
BY_NAME: dict[str, tuple[str, ...]] = {
    # The rooms and the tables of names loaded on first use: read where an attribute is looked up.
    "cmlib.__dir__": (),
    "cmlib.__getattr__": (),
    "cmlib.explore.__getattr__": (),
    "cmlib.network.__dir__": (),
    "cmlib.network.__getattr__": (),
    # Modules that hold questions.
    "cmlib.learn.question.question_code": (QUESTIONS,),
    "cmlib.learn.record.certificate": (EVERY_QUESTION,),
    "cmlib.learn.record.progress": (EVERY_QUESTION,),
    # Attributes of an object whose class they name, and that is reached whole.
    "cmlib.network.backend._Backend": (),
    "cmlib.network.backend.get_info": (),
    "cmlib.network.backend.offered": (),
    "cmlib.network.groups.partition": (),
    "cmlib.report.auditing.audit": (),
    # Attributes of a table of pandas.
    "cmlib.learn.explain._columns_at_fault": (),
    # A function of NetworkX, reached with its backend.
    "cmlib.network.engine.compute": (),
}


@dataclass(frozen=True)
class Reached:
    """What some code can reach: definitions, the strings in them, and their fingerprint.

    `questions` are the numbers of the modules whose questions are reached.
    """

    definitions: frozenset[str]
    questions: frozenset[str]
    strings: frozenset[str]
    fingerprint: str


@dataclass(frozen=True)
class _Found:
    """One definition: its fingerprint, its strings and what it reaches at once."""

    fingerprint: str
    strings: frozenset[str]
    next: frozenset[Node]
    by_name: frozenset[str] = frozenset()


def question_files(root: Path) -> dict[str, Path]:
    """Return the file of questions of each module by its number."""
    found = sorted((root / "course").glob("[0-9][0-9]_*/questions.py"))
    return {path.parent.name[:2]: path for path in found}


class Reach:
    """The definitions of cmlib and of the questions, each read once, when first reached."""

    def __init__(self, root: Path) -> None:
        self._paths: dict[str, Path] = {}
        for path in (root / PACKAGE).rglob("*.py"):
            parts = path.relative_to(root).with_suffix("").parts
            self._paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        self._questions = {number: f"questions {number}" for number in question_files(root)}
        self._paths |= {f"questions {n}": path for n, path in question_files(root).items()}
        self._files: dict[str, File] = {}
        self._known: dict[Node, _Found] = {}

    def of(self, cells: Iterable[str], number: str = "", where: str = "") -> Reached:
        """Return what the code cells of a notebook reach, with the questions they ask.

        Parameters
        ----------
        cells : iterable of str
            The code; a cell that Python refuses (a bug to repair) runs nothing.
        number : str
            The module, whose questions are reached when a cell asks one.
        where : str
            Named when a cell cannot be read.
        """
        code = read_code(_parsed(cells, where))
        start, strings = self._edges(None, code)[0], set(code.strings)
        asked = {number, *(text[:2] for text in code.strings if text[2:3] == ".")}
        todo, done, numbers = list(start), set(start), set[str]()
        while todo:
            found = self._found(todo.pop())
            more = set(found.next)
            if found.by_name:
                named = asked if found.by_name == {QUESTIONS} else self._questions.keys()
                numbers |= named & self._questions.keys()
                more |= {(self._questions[each], "QUESTIONS") for each in numbers}
            todo += more - done
            done |= more
        lines = []
        for node in sorted(done):
            found = self._found(node)
            strings |= found.strings
            if found.fingerprint:
                lines.append(f"{node[0]}.{node[1]} {found.fingerprint}")
        names = frozenset(f"{module}.{name}" for module, name in done)
        text = "\n".join(lines)
        return Reached(names, frozenset(numbers), frozenset(strings), fingerprint(text))

    def _found(self, node: Node) -> _Found:
        if node not in self._known:
            self._known[node] = self._read(*node)
        return self._known[node]

    def _read(self, module: str, name: str) -> _Found:
        file = self._file(module)
        if name == WHOLE:
            return _Found("", frozenset(), frozenset(self._whole(module, file)))
        if name == IMPORT:
            code = file.code(file.loose)
            imported = file.code(file.imports)
            following = self._import_edges(imported)
            if "." in module:
                following.add((module.rpartition(".")[0], IMPORT))
        else:
            code = file.code(file.definitions[name])
            following = {(module, IMPORT)}
        if name == "__getattr__":
            code.uses = {names for names in code.uses if not _is_table(file, names[0])}
        edges, resolved = self._edges(file, code)
        by_name = BY_NAME.get(f"{module}.{name}", ())
        for dotted in by_name:
            if dotted not in (QUESTIONS, EVERY_QUESTION):
                edges |= self._attribute(PACKAGE, dotted.split(".")[1:])
        text = code.text if code.text != "[]" else ""
        return _Found(
            fingerprint("\n".join([text, *resolved])) if text else "",
            frozenset(code.strings),
            frozenset(edges | following),
            frozenset(by_name) & {QUESTIONS, EVERY_QUESTION},
        )

    def _edges(self, file: File | None, code: Code) -> tuple[set[Node], list[str]]:
        """Return what code reaches at once, and which name of it stands for what."""
        edges, resolved = self._import_edges(code), []
        imports = file.names if file else {}
        for names in sorted(code.uses):
            targets: set[Node] = set()
            if file and names[0] in file.definitions:
                targets.add((file.name, names[0]))
            sources = code.imports.get(names[0], set()) | imports.get(names[0], set())
            for source in sources:
                targets |= self._imported(source, names[1:])
            if targets or sources:
                meant = [*targets, *((each.module, each.name) for each in sources)]
                resolved.append(f"{'.'.join(names)} = {sorted(meant)}")
            edges |= targets
        return edges, resolved

    def _import_edges(self, code: Code) -> set[Node]:
        edges: set[Node] = set()
        for imported in code.modules:
            for name in (imported.module, f"{imported.module}.{imported.name}"):
                if name in self._paths:
                    edges.add((name, IMPORT))
            for dotted in BACKENDS.get(imported.module.split(".")[0], ()):
                edges |= self._attribute(PACKAGE, dotted.split(".")[1:])
        return edges

    def _imported(self, source: Imported, names: tuple[str, ...]) -> set[Node]:
        return self._attribute(source.module, [*([source.name] if source.name else []), *names])

    def _attribute(self, module: str, names: list[str]) -> set[Node]:
        """Follow ``module.name.name``: a module used without any name is reached whole."""
        if module not in self._paths:
            return set()
        if not names:
            return {(module, WHOLE)}
        name, *rest = names
        file, inner = self._file(module), f"{module}.{name}"
        edges: set[Node] = set()
        if name in file.definitions:
            edges.add((module, name))
        for source in file.names.get(name, set()) - {Imported(module, name)}:
            edges |= {(module, IMPORT)} | self._imported(source, tuple(rest))
        if not edges and inner in self._paths:
            edges = {(inner, IMPORT)} | self._attribute(inner, rest)
        if not edges and "__getattr__" in file.definitions and not name.startswith("__"):
            place = f"{module}.{file.tables.get(name, '')}"
            edges = {(module, "__getattr__")}
            edges |= (
                self._attribute(place, [name, *rest]) if place in self._paths else {(module, WHOLE)}
            )
        return edges

    def _whole(self, module: str, file: File) -> set[Node]:
        edges = {(module, name) for name in file.definitions} | {(module, IMPORT)}
        for name, sources in file.names.items():
            for source in sources - {Imported(module, name)}:
                edges |= self._imported(source, ())
        for name, place in file.tables.items():
            if f"{module}.{place}" in self._paths:
                edges |= self._attribute(f"{module}.{place}", [name])
        if file.is_package:
            inner = (name for name in self._paths if name.rpartition(".")[0] == module)
            edges |= {(name, WHOLE) for name in inner}
        return edges

    def _file(self, module: str) -> File:
        if module not in self._files:
            path = self._paths[module]
            self._files[module] = read_file(
                module,
                path.read_text(encoding="utf-8"),
                is_package=path.name == "__init__.py",
            )
        return self._files[module]


def fingerprint(text: str) -> str:
    """Return a short name for a text, the same for the same text only."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _is_table(file: File, name: str) -> bool:
    """Tell a table of names, of which only the line looked up counts."""
    written = (ast.Dict, ast.Tuple, ast.List, ast.Set)
    return name in file.definitions and all(
        isinstance(getattr(statement, "value", None), written)
        for statement in file.definitions[name]
    )


def _parsed(cells: Iterable[str], where: str) -> list[ast.stmt]:
    statements: list[ast.stmt] = []
    for cell in cells:
        try:
            statements += ast.parse(cell).body
        except SyntaxError as error:
            if any(line.lstrip().startswith(("%", "!")) for line in cell.split("\n")):
                raise CourseError(
                    [Problem(where, "a command of IPython in a cell", "write it in Python")]
                ) from error
    return statements
