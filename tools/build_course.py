"""Build the course from ``course/`` and its translations.

python tools/build_course.py                 all modules
python tools/build_course.py --only 03       one module
python tools/build_course.py --check         change and execute nothing; fail when out of date
python tools/build_course.py --update-po     bring the catalogues in line with the sources
python tools/build_course.py --only 03 --import fr FOLDER
                                             fill a catalogue from a translated copy
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from coursebuild.build import build
from coursebuild.problems import CourseError
from coursebuild.translations import import_translation, update_translations

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the notebooks, handouts and notes.")
    parser.add_argument("--only", metavar="NN", help="build this module only")
    parser.add_argument("--check", action="store_true", help="change nothing, tell what is stale")
    parser.add_argument("--jobs", type=int, default=2, help="notebooks executed at a time")
    parser.add_argument("--update-po", action="store_true", help="update the catalogues, then stop")
    parser.add_argument("--import", dest="imported", nargs=2, metavar=("LANG", "FOLDER"))
    parser.add_argument("--root", type=Path, default=ROOT, help="another copy of the project")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    began = time.monotonic()
    try:
        if options.imported:
            if options.only is None:
                parser.error("--import needs --only NN")
            language, folder = options.imported
            print(import_translation(root, options.only, language, Path(folder).resolve()))
            return 0
        if options.update_po:
            print(*update_translations(root, options.only), sep="\n")
            return 0
        report = build(root, only=options.only, check=options.check, jobs=options.jobs, say=_say)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    for warning in report.warnings:
        print(f"warning: {warning}")
    if options.check:
        print("what is built is up to date")
    else:
        seconds = time.monotonic() - began
        print(
            f"{len(report.executed)} notebooks executed, {len(report.written)} files written "
            f"in {seconds:.0f} s"
        )
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
