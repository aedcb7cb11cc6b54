"""Days, weeks and months by whole numbers, against Python's own calendar over all its days."""

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from cmlib.data.clock import period_start, periods_of_days
from cmlib.kpi._periods import days_to_periods

EPOCH = dt.date(1970, 1, 1).toordinal()


@pytest.fixture(scope="module")
def days():
    return np.arange(dt.date.min.toordinal(), dt.date.max.toordinal() + 1) - EPOCH


@pytest.fixture(scope="module")
def expected(days):
    """The number of the week and of the month of each day, from Python's dates."""
    dates = [dt.date.fromordinal(ordinal) for ordinal in (days + EPOCH).tolist()]
    mondays = days - np.array([date.weekday() for date in dates])
    months = np.array([date.year * 12 + date.month - 1 for date in dates])
    return {"day": days, "week": (mondays + 3) // 7, "month": months}


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_every_day_that_python_knows_is_in_its_period(period, days, expected):
    assert len(days) == 3_652_059
    assert np.array_equal(periods_of_days(days, period), expected[period])


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_the_engines_count_as_python_does(engine, period, days, expected):
    some = np.arange(len(days))
    if engine.name == "spark":
        some = np.unique(np.r_[some[:1_000], some[-1_000:], some[::997]])
    table = engine.give(pd.DataFrame({"p": days[some], "place": some}))
    found = days_to_periods(nw.from_native(table).lazy(), period, "p").collect().to_pandas()
    found = found.sort_values("place")
    assert np.array_equal(found["p"].to_numpy(dtype="int64"), expected[period][some])


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_a_period_starts_on_its_first_day(period, days, expected):
    starts = period_start(expected[period], period).astype("datetime64[D]").astype("int64")
    opens = np.r_[True, np.diff(expected[period]) > 0]
    opens[0] = starts[0] == days[0]  # the first week began before the first day that Python knows
    assert np.array_equal(starts[opens], days[opens])
    assert (starts <= days).all()
