import matplotlib
import pytest

from cmlib.i18n import set_language

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def english():
    """Every test starts and ends in English."""
    set_language("en")
    yield
    set_language("en")
