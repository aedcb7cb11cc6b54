"""Find and load the datasets of the course, or those a trainer made."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd

from cmlib.checks import choice
from cmlib.data.clock import bound_second
from cmlib.data.communities import Community
from cmlib.data.schema import SHARED_TABLES, Table, get_table
from cmlib.data.validate import validate
from cmlib.errors import FileError
from cmlib.messages import N_, _

__all__ = ["data_home", "list_datasets", "load", "load_table", "set_data_home"]

_MANIFEST = "manifest.json"
_DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_home: Path | None = None


def data_home() -> Path:
    """Return the folder the datasets are read from.

    It is the one given to :func:`set_data_home`; else the environment variable
    ``CMLIB_DATA``; else the first folder called ``datasets`` met on the way up from the
    current folder, then from this package.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileError
        When there is no such folder.
    """
    if _home is not None:
        return _home
    if "CMLIB_DATA" in os.environ:
        return _existing(Path(os.environ["CMLIB_DATA"]))
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if (folder / "datasets" / _MANIFEST).is_file():
                return folder / "datasets"
    raise FileError(
        _(
            "No folder called datasets was found from {folder} up. "
            'Say where it is with set_data_home("...").'
        ).format(folder=Path.cwd())
    )


def set_data_home(folder: str | Path | None) -> None:
    """Read the datasets from `folder` from here on; None goes back to the usual place.

    Parameters
    ----------
    folder : path or None
        A folder made by ``python -m cmsim --out``, or a copy of ``datasets``.

    Raises
    ------
    FileError
        When the folder holds no manifest.
    """
    global _home
    _home = None if folder is None else _existing(Path(folder))


def list_datasets() -> pd.DataFrame:
    """List the communities at hand.

    Returns
    -------
    pandas.DataFrame
        One row a community: ``name``, ``about``, ``start``, ``end``, ``members``, ``events``.
    """
    packs = _manifest()["packs"]
    sentences = {name: pack["about"] for name, pack in packs.items()}
    return pd.DataFrame(
        [
            {
                "name": name,
                "about": _(sentences[name]),
                "start": pd.Timestamp(pack["start"]),
                "end": pd.Timestamp(pack["end"]),
                "members": pack["tables"]["members"]["rows"],
                "events": pack["tables"]["events"]["rows"],
            }
            for name, pack in packs.items()
        ],
        columns=["name", "about", "start", "end", "members", "events"],
    )


def load(name: str = "brand") -> Community:
    """Load a community with all its tables, checked against their contracts.

    Parameters
    ----------
    name : str, default "brand"
        One of the names in :func:`list_datasets`.

    Returns
    -------
    Community

    Raises
    ------
    ParameterError
        When no community has that name.
    FileError
        When the folder of the datasets or one of its files is missing.
    TableError
        When a file no longer holds what its contract says.

    Examples
    --------
    >>> community = load("brand")
    >>> community.events.columns[:4].to_list()
    ['event_id', 'timestamp', 'member_id', 'kind']
    """
    packs = _manifest()["packs"]
    choice("name", name, packs)
    pack = packs[name]
    zone = pack["tz"]
    start, end = (bound_second(pack[bound], bound, zone) for bound in ("start", "end"))
    return Community(
        name=name,
        tables={table: load_csv(data_home() / name, table) for table in pack["tables"]},
        tz=zone,
        start=pd.Timestamp(start, unit="s"),
        end=pd.Timestamp(end, unit="s"),
        complete_history=pack["complete_history"],
    )


def load_table(name: str) -> pd.DataFrame:
    """Load one of the small tables that belong to no community.

    Parameters
    ----------
    name : {"profession", "glossary", "welcome"}

    Returns
    -------
    pandas.DataFrame
        The days of ``welcome`` are named in the current language.

    Raises
    ------
    ParameterError
        When no shared table has that name.

    Examples
    --------
    >>> len(load_table("welcome"))
    7
    """
    choice("name", name, SHARED_TABLES)
    table = load_csv(data_home() / "common", name)
    if name == "welcome":
        table["day"] = table["day"].map({day: _(day) for day in _DAYS})
    return table


def load_csv(folder: Path, name: str) -> pd.DataFrame:
    """Read ``folder/name.csv`` and check it against its contract."""
    table = get_table(name)
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise FileError(_("The file {path} is missing.").format(path=path))
    return validate(pd.read_csv(path, dtype=_reading_types(table)), name)


def _reading_types(table: Table) -> dict[str, Any]:
    return {
        column.name: "str" if column.kind == "time" else column.pandas_type
        for column in table.columns
    }


def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((data_home() / _MANIFEST).read_text(encoding="utf-8"))
    return manifest


def _existing(folder: Path) -> Path:
    if not (folder / _MANIFEST).is_file():
        raise FileError(
            _(
                "{folder} holds no {manifest}. Give the folder that "
                "python -m cmsim wrote, or the datasets folder of the course."
            ).format(folder=folder, manifest=_MANIFEST)
        )
    return folder.resolve()
