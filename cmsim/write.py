"""Write a simulation to a folder: its tables, their dictionary, the truth and a trainer's sheet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib.data.dictionary import dictionary_text
from cmlib.data.schema import SHARED_TABLES
from cmlib.errors import FileError, unknown_choice
from cmlib.i18n import use_language
from cmlib.messages import LANGUAGES, N_
from cmsim.common import common_tables
from cmsim.exports import make_exports
from cmsim.generate import Simulation
from cmsim.messages import _
from cmsim.world import World

__all__ = ["check_folder", "write_simulation", "write_simulations"]

LICENSE = "CC BY 4.0"
_ABOUT_TITLE = N_("Data of a simulated community")
_ABOUT = N_(
    "Every person, brand and message here is made up by a program. Times are UTC, written "
    "year-month-day; an empty cell means that the value is missing. The file manifest.json "
    "holds the zone, the seed, the number of rows and the SHA-256 of each file."
)
_BOUNDS = N_(
    "Each community has a home zone. It is observed from midnight of its first day to midnight "
    "of the day after its last one, on the clock of that zone; the columns stay in UTC. The log "
    "begins with the community: nothing happened before."
)


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds something, or a file in its place."""
    if folder.exists() and not folder.is_dir():
        raise FileError(_("{folder} is a file. Give the name of a folder.").format(folder=folder))
    if folder.is_dir() and any(folder.iterdir()):
        raise FileError(
            _(
                "{folder} is not empty, and nothing in it was changed. Give the name of a new "
                "folder, or empty this one first."
            ).format(folder=folder)
        )


def write_simulation(
    simulation: Simulation, folder: str | Path, *, language: str | None = None
) -> Path:
    """Write one simulation to a folder that :func:`cmlib.data.set_data_home` can read.

    Parameters
    ----------
    simulation : Simulation
        What :func:`cmsim.generate` returned.
    folder : path
        A new or empty folder.
    language : {"en", "fr"}, optional
        Language of the data dictionary and of the trainer's sheet; both where it is not given.

    Returns
    -------
    pathlib.Path
        The folder, which then holds ``manifest.json``, ``<pack>/*.csv``, ``common/*.csv``, the
        data dictionary (``README.md``, ``README.fr.md``) and, for instructors, ``truth/``.

    Raises
    ------
    FileError
        When the folder is not empty, or is a file.
    ParameterError
        When the language is neither of the two.
    """
    return write_simulations([simulation], folder, language=language)


def write_simulations(
    simulations: Iterable[Simulation], folder: str | Path, *, language: str | None = None
) -> Path:
    """Write several simulations, of different packs, to one folder.

    Parameters, results and errors are those of :func:`write_simulation`.
    """
    if language is not None and language not in LANGUAGES:
        raise unknown_choice("language", language, LANGUAGES)
    languages = LANGUAGES if language is None else (language,)
    target = Path(folder)
    check_folder(target)
    target.mkdir(parents=True, exist_ok=True)
    packs: dict[str, Any] = {}
    for simulation in simulations:
        packs[simulation.community.name] = _write_pack(simulation, target, languages)
    manifest = {"packs": packs, "common": _write_common(target)}
    _write_text(target / "manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
    for one in languages:
        _write_text(target / _named("README", one), _readme(manifest, one))
    return target


def _write_pack(simulation: Simulation, folder: Path, languages: tuple[str, ...]) -> dict[str, Any]:
    community, world = simulation.community, simulation.world
    name = community.name
    tables = {
        table: _write_table(frame, folder / name / f"{table}.csv")
        for table, frame in community.tables.items()
    }
    exports, traps = make_exports(simulation)
    for file, content in exports.items():
        path = folder / name / "exports" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    facts = {key: value for key, value in simulation.truth.items() if key != "labels"}
    truth = {
        "pack": name,
        "seed": world.seed,
        "language": world.language,
        **_period(world),
        **facts,
        **({"exports": traps} if traps else {}),
    }
    text = json.dumps(truth, indent=1, ensure_ascii=False, default=_as_json)
    _write_text(folder / "truth" / f"{name}.json", text)
    for label, frame in simulation.truth["labels"].items():
        _write_table(frame, folder / "truth" / name / f"{label}.csv")
    for one in languages:
        _write_text(folder / "truth" / _named(f"{name}_stories", one), _sheet(simulation, one))
    return {
        "about": world.preset["about"],
        "seed": world.seed,
        "language": world.language,
        **_period(world),
        "complete_history": True,
        "license": LICENSE,
        "tables": tables,
        "exports": {file: {"sha256": _sha256(content)} for file, content in exports.items()},
    }


def _period(world: World) -> dict[str, str]:
    """Return the home zone, the first day and the day after the last one in that zone."""
    return {"tz": world.tz, "start": str(world.start.date()), "end": str(world.end.date())}


def _write_common(folder: Path) -> dict[str, Any]:
    return {
        name: _write_table(table, folder / "common" / f"{name}.csv")
        for name, table in common_tables().items()
    }


def _write_table(table: pd.DataFrame, path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = table.to_csv(
        index=False, lineterminator="\n", date_format="%Y-%m-%d %H:%M:%S"
    ).encode("utf-8")
    path.write_bytes(content)
    return {"rows": len(table), "sha256": _sha256(content)}


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((text.rstrip("\n") + "\n").encode("utf-8"))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _named(stem: str, language: str) -> str:
    return f"{stem}.md" if language == "en" else f"{stem}.{language}.md"


def _as_json(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return str(value)
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(type(value).__name__)


def _readme(manifest: Mapping[str, Any], language: str) -> str:
    packs = manifest["packs"]
    with use_language(language):
        lines = [f"# {_(_ABOUT_TITLE)}", "", _(_ABOUT), "", _(_BOUNDS), ""]
        heads = (
            _("Community"),
            _("What it is"),
            _("Home zone"),
            _("From"),
            _("Until (excluded)"),
            _("Seed"),
        )
        lines += ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
        keys = ("about", "tz", "start", "end", "seed")
        for name, pack in packs.items():
            about, *facts = (pack[key] for key in keys)
            cells = (f"`{name}`", _(about), *map(str, facts))
            lines.append("| " + " | ".join(cells) + " |")
        lines += ["", _("Licence: {license}.").format(license=LICENSE), ""]
    tables = [*next(iter(packs.values()))["tables"], *SHARED_TABLES]
    return "\n".join(lines) + "\n" + dictionary_text(language=language, tables=tables)


def _sheet(simulation: Simulation, language: str) -> str:
    """Return the trainer's sheet: the stories planted in a pack, with their values."""
    name, world = simulation.community.name, simulation.world
    with use_language(language):
        lines = [
            "# " + _("Stories planted in {name}: the trainer's sheet").format(name=name),
            "",
            _(
                "Seed {seed}, from {start} to {end} (last day excluded). Days and months are "
                "those of {tz}; hours are UTC, as in the tables."
            ).format(seed=world.seed, **_period(world)),
            "",
        ]
        for story in simulation.stories:
            lines += [f"## {story.text('title')}", "", story.text("see"), ""]
            lines += [f"- `{name}`: {value}" for name, value in story.value.items()]
            lines += ["", f"{story.text('placed').rstrip('.')}. (`{story.id}`)", ""]
    return "\n".join(lines)
