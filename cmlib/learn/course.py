"""Where the course stands on this computer, the order of its modules, and their words."""

from __future__ import annotations

import gettext
import os
import tomllib
from functools import cache
from pathlib import Path

from cmlib.errors import FileError
from cmlib.messages import _, get_language

__all__ = ["course_folder", "module_file", "modules", "translate"]

CONTEXT = "question"
_MARK = Path("course", "built.json")


def course_folder() -> Path:
    """Return the folder of the course, which holds ``course/built.json``.

    It is the one that the environment variable ``CMLIB_COURSE`` names; else the first one met on
    the way up from the current folder, then from this package. The data home plays no part.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileError
        When there is no such folder.
    """
    wanted = os.environ.get("CMLIB_COURSE")
    if wanted:
        if not (Path(wanted) / _MARK).is_file():
            raise FileError(
                _("CMLIB_COURSE={folder} holds no {mark}: name the folder above course/.").format(
                    folder=wanted, mark=_MARK.as_posix()
                )
            )
        return Path(wanted).resolve()
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if (folder / _MARK).is_file():
                return folder
    raise FileError(
        _(
            "The course is not here (no {mark} from {folder} up, nor from cmlib up): open a "
            "notebook of the course, or name its folder in the variable CMLIB_COURSE."
        ).format(mark=_MARK.as_posix(), folder=Path.cwd())
    )


def modules() -> tuple[str, ...]:
    """Return the numbers of the modules in the order they are taught, written or not.

    Raises
    ------
    FileError
        When there is no course on this computer.
    """
    return _order(course_folder() / "course" / "order.toml")


def module_file(module: str, name: str) -> Path | None:
    """Return a file in the folder of a module, such as ``questions.py``; None without one.

    Raises
    ------
    FileError
        When there is no course on this computer.
    """
    return next((course_folder() / "course").glob(f"{module}_*/{name}"), None)


def translate(text: str, module: str) -> str:
    """Return a text of a module's questions in the current language.

    A text that the module's own catalogue does not hold is looked up in the package's.
    """
    try:
        path = module_file(module, f"{get_language()}.mo")
    except FileError:
        path = None
    found = text if path is None else _catalogue(path).pgettext(CONTEXT, text)
    return _(text) if found == text else found


@cache
def _order(path: Path) -> tuple[str, ...]:
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["modules"])


@cache
def _catalogue(path: Path) -> gettext.GNUTranslations:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)
