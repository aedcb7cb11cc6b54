"""How every test begins, those of the package, of tests/ and of the modules of the course."""

import importlib.util

import matplotlib
import pytest
from engines import ENGINES, Engine
from hypothesis import settings

from cmlib import data
from cmlib.i18n import set_language

collect_ignore_glob = [
    "course/*/lesson.py",
    "course/*/exercises.py",
    "course/*/questions.py",
    "tests/fixtures/course/*",
]
matplotlib.use("Agg")
# How long an example takes depends on the machine, not on the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def fresh_start():
    """Every test starts in English with matplotlib's own look, and leaves both as they were."""
    set_language("en")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield
    set_language("en")


@pytest.fixture(scope="session")
def brand():
    """Return the pack of the course, everybody counted; a test never changes it."""
    return data.load("brand")


@pytest.fixture(params=ENGINES)
def engine(request) -> Engine:
    """Give each engine in turn: the same figures are expected of all."""
    if request.param == "spark" and importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed")
    return Engine(request.param)
