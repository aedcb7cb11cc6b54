"""Open JupyterLab on the start notebook, in the language of COURSE_LANG."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MENUS = {"en": "default", "fr": "fr_FR"}


def settings_folder(language: str) -> Path:
    """Write JupyterLab's settings for this language beside the environment.

    They stand in the environment's own folder, so that a JupyterLab installed elsewhere on the
    machine keeps its settings.
    """
    folder = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,
        },
        "@jupyterlab/translation-extension:plugin": {"locale": MENUS[language]},
    }
    (folder / "overrides.json").write_text(json.dumps(settings, indent=2), encoding="utf-8")
    return folder


def start_notebook(language: str) -> str:
    """Return the path of the first lesson, from the root of the course."""
    first = min((ROOT / "notebooks" / language).glob("00_*.ipynb"))
    return first.relative_to(ROOT).as_posix()


def main() -> None:
    language = os.environ.get("COURSE_LANG", "en")[:2].lower()
    if language not in MENUS:
        sys.exit(f"COURSE_LANG={language}: en, fr")
    settings_folder(language)
    notebook = start_notebook(language)
    if language == "fr":
        print(f"JupyterLab s'ouvre sur {notebook}. Pour l'arrêter : Ctrl+C deux fois ici.")
    else:
        print(f"JupyterLab opens on {notebook}. To stop it: Ctrl+C twice here.")
    command = [sys.executable, "-m", "jupyter", "lab", f"--LabApp.default_url=/lab/tree/{notebook}"]
    os.chdir(ROOT)
    os.execv(sys.executable, [*command, *sys.argv[1:]])


if __name__ == "__main__":
    main()
