"""Data flows one way: data -> kpi, network, value -> plot -> explore, report; learn sees all."""

import ast
import re
import subprocess

import pytest
from import_graph import circle, import_graph
from places import ROOT

PACKAGE = ROOT / "cmlib"
BASE = {"messages", "errors", "checks", "i18n"}
MAY_USE = {
    "data": set(),
    "kpi": {"data"},
    "network": {"data"},
    "value": {"data"},
    "plot": {"data", "kpi", "network", "value"},
    "explore": {"data", "kpi", "network", "value", "plot"},
    "report": {"data", "kpi", "network", "value", "plot"},
    "learn": {"data", "kpi", "network", "value", "plot", "explore", "report"},
    "cli": {"data", "report", "learn"},
}


def rooms_used(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cmlib."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.ImportFrom) and node.module == "cmlib":
            yield from (a.name for a in node.names if a.name != "__version__")
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("cmlib."))


@pytest.mark.parametrize("room", MAY_USE)
def test_a_room_uses_only_the_rooms_before_it(room):
    files = sorted((PACKAGE / room).rglob("*.py"))
    assert files
    allowed = MAY_USE[room] | {room} | BASE
    broken = {
        f"{path.name} uses {used}"
        for path in files
        for used in rooms_used(path)
        if used not in allowed
    }
    assert broken == set()


def rows_of(title):
    """Return the cells of the table of CONTRIBUTING.md that begins with `title`."""
    lines = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith(f"| {title} |"))
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            return
        yield [re.findall(r"`([^`]+)`", cell) for cell in line.strip("|").split("|")]


def test_the_table_of_rooms_is_the_house():
    told = {cells[0][0]: set(cells[2]) for cells in rows_of("Room of `cmlib`")}
    assert told == MAY_USE
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms == set(MAY_USE)


def test_the_table_of_folders_is_the_repository():
    told = {name.rstrip("/") for cells in rows_of("Folder") for name in cells[0]}
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    assert told == {name.split("/")[0] for name in listed if "/" in name}


def packages_used(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)


def test_the_package_never_uses_the_simulator():
    files = sorted(PACKAGE.rglob("*.py"))
    assert [str(path) for path in files if "cmsim" in packages_used(path)] == []


def test_the_simulator_uses_the_contracts_and_what_its_command_needs():
    files = sorted((ROOT / "cmsim").rglob("*.py"))
    assert {used for path in files for used in rooms_used(path)} <= {"data", "cli", *BASE}


def test_the_statistics_of_the_calibration_use_none_of_our_code():
    used = set(packages_used(ROOT / "cmsim" / "bands.py"))
    assert "igraph" in used and not {"cmlib", "cmsim"} & used


def test_a_private_module_is_used_in_its_own_room_only():
    graph = import_graph(ROOT, [name for name in ("cmlib", "cmsim") if (ROOT / name).is_dir()])
    outside = {
        f"{name} uses {used}"
        for name, every in graph.items()
        for used in every
        if used.rpartition(".")[2].startswith("_")
        and not name.startswith(used.rpartition(".")[0] + ".")
        and name != used.rpartition(".")[0]
    }
    assert outside == set()


def test_readers_import_the_cells_and_never_the_reverse():
    graph = import_graph(ROOT, ["cmlib"])
    cells = ast.parse((PACKAGE / "data" / "_raw_table.py").read_text(encoding="utf-8"))
    defined = {node.name for node in cells.body if isinstance(node, ast.ClassDef)}
    defined |= {
        target.id
        for node in cells.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert {"RawTable", "Ledger", "REASONS", "MISSING_WORDS"} <= defined
    assert not {used for used in graph["cmlib.data._raw_table"] if used.startswith("cmlib.data")}


# No circle of files


def test_no_file_imports_one_that_needs_it():
    packages = ["cmlib", "cmsim", "tools"]
    graph = import_graph(ROOT, packages) | import_graph(ROOT / "tools", ["coursebuild"])
    assert "cmlib.errors" in graph["cmlib.i18n"]
    assert "coursebuild.problems" in graph["coursebuild.build"]
    assert circle(graph) == []


def test_the_language_stands_below_the_errors_and_the_numbers_above_them():
    graph = import_graph(ROOT, ["cmlib"])
    assert graph["cmlib.messages"] == set()
    assert graph["cmlib.errors"] == {"cmlib.messages"}
    assert graph["cmlib.i18n"] == {"cmlib.errors", "cmlib.messages"}


@pytest.fixture
def package(tmp_path):
    """Write a package of three files, the code of each under its name, and give its graph."""

    def write(**files):
        folder = tmp_path / "house"
        folder.mkdir()
        for name in ("__init__", "door", "room", "roof"):
            (folder / f"{name}.py").write_text(files.get(name, ""), encoding="utf-8")
        return import_graph(tmp_path, ["house"])

    return write


HIDDEN = {
    "plain": "import house.door",
    "from": "from house.door import handle",
    "module from the package": "from house import door",
    "relative": "from . import door",
    "relative, from a module": "from .door import handle",
    "in a function": "def build():\n    from house.door import handle\n    return handle",
    "for types only": "import typing\nif typing.TYPE_CHECKING:\n    import house.door",
}


@pytest.mark.parametrize("back", HIDDEN.values(), ids=HIDDEN)
def test_a_circle_is_found_and_named(package, back):
    graph = package(door="from house.room import wall", room="from house import roof", roof=back)
    found = circle(graph)
    assert found[0] == found[-1]
    assert set(found) == {"house.door", "house.room", "house.roof"}


def test_a_way_down_is_no_circle(package):
    down = "from house.room import wall\nfrom house import roof"
    graph = package(__init__="from house import door", door=down, room="import house.roof")
    assert graph["house.door"] == {"house.room", "house.roof"}
    assert circle(graph) == []


def test_what_a_file_takes_from_its_own_package_is_a_circle(package):
    graph = package(__init__="from house.door import handle", door="from house import handle")
    assert set(circle(graph)) == {"house", "house.door"}
