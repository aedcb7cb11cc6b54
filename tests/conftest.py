import matplotlib
import pytest
from hypothesis import settings

from cmlib.i18n import set_language

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
