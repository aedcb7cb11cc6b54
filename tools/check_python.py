"""Say in one sentence when this Python is too old or too new. Any Python 3.6 can run it."""

import os
import sys

LOWEST, HIGHEST = (3, 11), (3, 13)

if not LOWEST <= sys.version_info[:2] <= HIGHEST:
    given = ".".join(str(part) for part in sys.version_info[:2])
    if os.environ.get("COURSE_LANG", "en").startswith("fr"):
        sys.exit(
            f"Le cours demande Python 3.11, 3.12 ou 3.13 ; celui-ci est Python {given}. "
            "Indiquez-en un autre : make lab PYTHON=python3.12"
        )
    sys.exit(
        f"The course needs Python 3.11, 3.12 or 3.13; this is Python {given}. "
        "Name another one: make lab PYTHON=python3.12"
    )
