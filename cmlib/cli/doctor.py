"""``python -m cmlib doctor``: tell whether everything is in place."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from cmlib.errors import CmlibError
from cmlib.i18n import use_language
from cmlib.messages import LANGUAGES, N_, _

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = N_("Check the installation: packages, writing, datasets, languages.")
_OPTIONAL = ("fast", "lab")
_GOOD, _BAD, _NOTE = N_("ok"), N_("problem"), N_("note")

Finding = tuple[str, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command: it has none of its own."""


def run(arguments: argparse.Namespace) -> int:
    """Print one line a check; 1 when something is wrong."""
    findings = [*_python(), *_packages(), *_writing(), *_datasets(), *_languages()]
    for state, text in findings:
        print(f"{_(state):<9}{text}")
    wrong = sum(state == _BAD for state, _text in findings)
    print(_("Problems: {count}.").format(count=wrong) if wrong else _("Everything is in place."))
    return 1 if wrong else 0


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    if supported:
        yield _GOOD, f"Python {version}"
    else:
        yield _BAD, _("Python {version}: cmlib needs 3.11, 3.12 or 3.13").format(version=version)


def _packages() -> Iterator[Finding]:
    from packaging.requirements import Requirement

    yield _GOOD, f"cmlib {metadata.version('cmlib')}"
    for line in metadata.requires("cmlib") or []:
        wanted = Requirement(line)
        extra = next((name for name in _OPTIONAL if _asks(wanted, name)), None)
        if wanted.name == "cmlib" or (wanted.marker is not None and extra is None):
            continue
        try:
            version = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            missing = _("{package} is not installed: {command}").format(
                package=wanted.name,
                command="pip install " + (f'"cmlib[{extra}]"' if extra else wanted.name),
            )
            yield (_BAD, missing) if extra is None else (_NOTE, missing)
            continue
        if wanted.specifier.contains(version, prereleases=True):
            yield _GOOD, f"{wanted.name} {version}"
        else:
            yield (
                _BAD,
                _("{package} {version}: cmlib needs {wanted}").format(
                    package=wanted.name, version=version, wanted=wanted.specifier
                ),
            )


def _asks(wanted: object, extra: str) -> bool:
    marker = getattr(wanted, "marker", None)
    return marker is not None and f'extra == "{extra}"' in str(marker)


def _writing() -> Iterator[Finding]:
    folder = Path.cwd()
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=".cmlib-")
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        yield (
            _BAD,
            _("the current folder {folder} cannot be written in: {why}").format(
                folder=folder, why=error.strerror
            ),
        )
    else:
        yield _GOOD, _("the current folder can be written in")


def _datasets() -> Iterator[Finding]:
    from cmlib.data import data_home, load

    try:
        home = data_home()
        packs = json.loads((home / "manifest.json").read_text(encoding="utf-8"))["packs"]
    except (CmlibError, ValueError, KeyError) as error:
        yield _BAD, _("datasets: {why}").format(why=error)
        return
    for name, pack in packs.items():
        try:
            changed = [
                table
                for table, facts in pack["tables"].items()
                if _digest(home / name / f"{table}.csv") != facts["sha256"]
            ]
            community = load(name)
        except (CmlibError, OSError, KeyError) as error:
            yield _BAD, _("dataset {name}: {why}").format(name=name, why=error)
            continue
        if changed:
            yield (
                _BAD,
                _("dataset {name}: changed since it was made: {tables}").format(
                    name=name, tables=", ".join(changed)
                ),
            )
        else:
            yield (
                _GOOD,
                _("dataset {name}: {count} tables").format(name=name, count=len(community.tables)),
            )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _languages() -> Iterator[Finding]:
    for language in LANGUAGES:
        with use_language(language):
            word = _(_BAD)
        if language == "en" or word != _BAD:
            yield _GOOD, _("messages in the language {language}").format(language=language)
        else:
            yield _BAD, _("no messages in the language {language}").format(language=language)
    package = "jupyterlab-language-pack-fr-FR"
    try:
        yield _GOOD, f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        yield (
            _NOTE,
            _("JupyterLab's menus are in English: {package} is not installed").format(
                package=package
            ),
        )
