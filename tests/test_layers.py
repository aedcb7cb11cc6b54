"""Data flows one way: data -> kpi, network, value -> plot -> explore, report; learn sees all."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cmlib"
BASE = {"errors", "i18n"}
MAY_USE = {
    "data": set(),
    "kpi": {"data"},
    "network": {"data"},
    "value": {"data"},
    "plot": {"data", "kpi", "network", "value"},
    "explore": {"data", "kpi", "network", "value", "plot"},
    "report": {"data", "kpi", "network", "value", "plot"},
    "learn": {"data", "kpi", "network", "value", "plot", "explore", "report"},
}


def rooms_used(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("cmlib."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.ImportFrom) and node.module == "cmlib":
            yield from (alias.name for alias in node.names)
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
