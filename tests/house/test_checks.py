"""Each check returns the value as it is used, or says what was given and what is accepted."""

import numpy as np
import pytest

from cmlib import checks
from cmlib.errors import ParameterError
from cmlib.i18n import use_language

ACCEPTED = [
    (checks.number, 0.5, 0.5),
    (checks.number, -3, -3.0),
    (checks.at_least, 0, 0.0),
    (checks.above_zero, np.float64(0.1), 0.1),
    (checks.whole_number, 1, 1),
    (checks.whole_number, 3.0, 3),
    (checks.whole_number, np.int64(7), 7),
    (checks.share, 0, 0.0),
    (checks.share, 1, 1.0),
    (checks.positive_share, 1, 1.0),
    (checks.inner_share, 0.95, 0.95),
]
REFUSED = [
    (checks.number, "many", r"n='many' is not accepted. Give a number."),
    (checks.number, float("nan"), r"n=nan is not accepted. Give a number."),
    (checks.number, True, "n=True is not accepted. Give a number."),
    (checks.above_zero, "8", "n='8' is not accepted. Give a number above 0."),
    (checks.number, None, r"n=None is not accepted. Give a number."),
    (checks.at_least, -0.5, r"n=-0.5 is not accepted. Give a number from 0 up."),
    (checks.above_zero, 0, r"n=0 is not accepted. Give a number above 0."),
    (checks.whole_number, 0, r"n=0 is not accepted. Give a whole number from 1 up."),
    (checks.whole_number, 2.5, r"n=2.5 is not accepted. Give a whole number from 1 up."),
    (checks.whole_number, True, r"n=True is not accepted. Give a whole number from 1 up."),
    (checks.whole_number, "3", r"n='3' is not accepted. Give a whole number from 1 up."),
    (
        checks.share,
        43,
        "n=43 is not accepted. Give a share between 0 and 1: 43% is written 0.43. "
        "If you meant 43%, write 0.43.",
    ),
    (checks.above_zero, np.float64(-1), "n=-1.0 is not accepted. Give a number above 0."),
    (checks.positive_share, 0, r"n=0 is not accepted. Give a share above 0 and at most 1."),
    (
        checks.inner_share,
        1,
        r"n=1 is not accepted. Give a share above 0 and below 1, such as 0.95.",
    ),
]


@pytest.mark.parametrize(("check", "given", "value"), ACCEPTED)
def test_the_value_comes_back_as_it_is_used(check, given, value):
    found = check("n", given)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("check", "given", "message"), REFUSED)
def test_what_is_refused_and_what_is_accepted_are_said(check, given, message):
    with pytest.raises(ParameterError) as refusal:
        check("n", given)
    assert str(refusal.value) == message


def test_a_limit_can_be_given():
    assert checks.at_least("premium", -1, -1.0) == -1.0
    assert checks.whole_number("windows", 0, 0) == 0
    with pytest.raises(ParameterError, match="from 3 up"):
        checks.whole_number("min_days", 2, 3)


def test_a_choice_names_the_others():
    assert checks.choice("period", "week", ("day", "week")) == "week"
    with pytest.raises(ParameterError, match=r"Use one of: day, week\. Did you mean 'week'"):
        checks.choice("period", "weeks", ("day", "week"))


def test_checks_speak_french():
    with use_language("fr"), pytest.raises(ParameterError) as refusal:
        checks.whole_number("fenêtres", 0)
    assert str(refusal.value) == (
        "fenêtres=0 n’est pas accepté. Donnez un nombre entier à partir de 1."
    )
