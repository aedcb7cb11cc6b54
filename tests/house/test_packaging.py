"""The kit installs the same way everywhere: conda, pip and the lock agree."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
# Where conda-forge's name is not PyPI's.
PYPI_NAMES = {
    "matplotlib-base": "matplotlib",
    "python-igraph": "igraph",
    "python-tzdata": "tzdata",
    "seaborn-base": "seaborn",
}
BUILD_TOOLS = {"editables", "hatchling"}  # Binder builds in isolation


def requirements(lines):
    parsed = [Requirement(line) for line in lines]
    return {canonicalize_name(r.name): r for r in parsed}


def needed_by_a_learner():
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *extras["fast"], *extras["lab"]]
    found = requirements(line for line in lines if not line.startswith("cmlib["))
    found["nbval"] = requirements(extras["test"])["nbval"]
    return found


def locked(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        canonicalize_name(found[1]): found[2]
        for found in re.finditer(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", text, flags=re.MULTILINE)
    }


def test_conda_names_the_same_packages_and_ranges_as_pyproject():
    conda = requirements(
        PYPI_NAMES.get(Requirement(line).name, Requirement(line).name)
        + str(Requirement(line).specifier)
        for line in CONDA["dependencies"]
        if isinstance(line, str) and not line.startswith(("python=", "pip"))
    )
    wanted = needed_by_a_learner()
    assert {name: str(r.specifier) for name, r in conda.items()} == {
        name: str(r.specifier) for name, r in wanted.items() if name not in BUILD_TOOLS
    }


def test_conda_pins_python_and_installs_cmlib():
    assert "python=3.12" in CONDA["dependencies"]
    assert CONDA["dependencies"][-1] == {"pip": ["-e ."]}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_lock_satisfies_pyproject(lock):
    versions = locked(lock)
    for name, requirement in needed_by_a_learner().items():
        if name == "nbval" and lock == "requirements.lock":
            continue
        assert requirement.specifier.contains(versions[name]), name


def test_both_locks_hold_the_same_versions_and_only_hashed_ones():
    lab, test = locked("requirements.lock"), locked("requirements-test.lock")
    assert {name: test.get(name) for name in lab} == lab
    for name, versions in (("requirements.lock", lab), ("requirements-test.lock", test)):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"^(?=[A-Za-z0-9_.-]+==)", text, flags=re.MULTILINE)[1:]
        assert len(blocks) >= len(versions)
        assert all("--hash=sha256:" in block for block in blocks)


def test_no_address_of_a_registry_in_a_committed_file():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    address = re.compile(
        r"(https?://[^\s\"')]*(pypi\.org|pythonhosted|anaconda\.org|/simple/?\b))|--(extra-)?index-url"
    )
    found = []
    for name in listed:
        path = ROOT / name
        if path.suffix in {".mo", ".png", ".gz", ".parquet"} or not path.is_file():
            continue
        if path == Path(__file__):
            continue
        if address.search(path.read_text(encoding="utf-8", errors="replace")):
            found.append(name)
    assert found == []


def test_repo2docker_renders_the_environment(tmp_path):
    done = subprocess.run(
        [
            sys.executable, "-m", "repo2docker", "--no-build", "--no-run", "--debug",
            "--user-id", "1000", "--user-name", "learner", str(ROOT),
        ],
        capture_output=True, text=True, cwd=tmp_path, timeout=120,
    )  # fmt: skip
    dockerfile = done.stdout + done.stderr
    assert done.returncode == 0, dockerfile[-2000:]
    assert "environment.yml" in dockerfile
    assert re.search(r"environment\.py-3\.12|py312|python=3\.12|3\.12", dockerfile)


def test_the_wheel_holds_the_package_alone(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    folders = {name.split("/")[0] for name in names}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == {"cmlib"}
    assert "cmlib/locale/fr/LC_MESSAGES/cmlib.mo" in names


def test_an_editable_install_finds_the_simulator_beside_the_package(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel:editable", "-d", str(tmp_path)],
        cwd=ROOT, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (path,) = [name for name in archive.namelist() if name.endswith(".pth")]
        assert Path(archive.read(path).decode().strip()) == ROOT


@pytest.mark.parametrize(
    "module",
    ["seaborn", "networkx", "ipywidgets", "statsmodels", "matplotlib", "scipy", "igraph", "babel"],
)
def test_importing_cmlib_does_not_import(module):
    code = f"import cmlib, cmlib.data, sys; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
