"""BG/NBD against the published CDNOW fit and against the lifetimes package."""

import warnings
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_logs import FOLDER, needs_real_logs

from cmlib import data
from cmlib.errors import CmlibError, ColumnError, ParameterError, TableError
from cmlib.value import BgNbd, expected_repeats, fit_bgnbd, predict_repeats, repeat_summary

# Fader, Hardie & Lee (2005), table 2.
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
PUBLISHED_LOG_LIKELIHOOD = -9582.4
MODEL = BgNbd(**PUBLISHED, log_likelihood=PUBLISHED_LOG_LIKELIHOOD, n=2357, covariance=())


@pytest.fixture(scope="module")
def lifetimes():
    with warnings.catch_warnings():
        # lifetimes 0.11.3 sets an option that pandas 3 no longer has.
        warnings.filterwarnings("ignore", message="The 'mode.chained_assignment' option")
        import lifetimes
        import lifetimes.utils
    return lifetimes


@pytest.fixture(scope="module")
def cdnow(lifetimes):
    # lifetimes.datasets imports pkg_resources, which setuptools no longer ships: read the
    # file that the package carries.
    path = files("lifetimes") / "datasets" / "cdnow_customers_summary.csv"
    with path.open() as file:
        table = pd.read_csv(file)
    names = {"ID": "customer_id", "recency": "recency_weeks", "T": "age_weeks"}
    return table.rename(columns=names)


@pytest.fixture(scope="module")
def fitted(cdnow):
    return fit_bgnbd(cdnow)


def test_fit_gives_the_published_parameters(fitted):
    found = {name: round(getattr(fitted, name), 3) for name in PUBLISHED}
    assert found == PUBLISHED | {"alpha": pytest.approx(4.414, abs=0.0011)}
    assert fitted.log_likelihood == pytest.approx(PUBLISHED_LOG_LIKELIHOOD, abs=0.05)
    assert fitted.n == 2357


def test_fit_agrees_with_lifetimes(lifetimes, cdnow, fitted):
    other = lifetimes.BetaGeoFitter().fit(
        cdnow["frequency"], cdnow["recency_weeks"], cdnow["age_weeks"]
    )
    ours = fitted.intervals().set_index("parameter")
    assert ours["value"].to_dict() == pytest.approx(dict(other.params_), rel=1e-4)
    # lifetimes' standard errors are on the parameter itself, ours on its logarithm.
    se = np.log(ours["high"] / ours["low"]) / (2 * 1.959964) * ours["value"]
    assert se.to_dict() == pytest.approx(dict(other.summary["se(coef)"]), rel=0.02)


def test_predictions_agree_with_lifetimes(lifetimes, cdnow):
    other = lifetimes.BetaGeoFitter()
    other.params_ = pd.Series(PUBLISHED)
    columns = (cdnow["frequency"], cdnow["recency_weeks"], cdnow["age_weeks"])
    ours = predict_repeats(cdnow, MODEL, weeks=39)
    assert ours.columns.to_list() == ["customer_id", "p_active", "expected_repeats"]
    np.testing.assert_allclose(
        ours["p_active"], other.conditional_probability_alive(*columns), rtol=1e-9
    )
    np.testing.assert_allclose(
        ours["expected_repeats"],
        other.conditional_expected_number_of_purchases_up_to_time(39, *columns),
        rtol=1e-9,
    )
    assert expected_repeats(MODEL, weeks=39) == pytest.approx(
        float(other.expected_number_of_purchases_up_to_time(39)), rel=1e-9
    )


def test_summary_agrees_with_lifetimes(lifetimes):
    rng = np.random.default_rng(5)
    log = pd.DataFrame(
        {
            "customer_id": rng.integers(1, 80, 600),
            "timestamp": pd.Timestamp("2025-01-01")
            + pd.to_timedelta(rng.integers(0, 200 * 86400, 600), unit="s"),
        }
    )
    theirs = lifetimes.utils.summary_data_from_transaction_data(
        log, "customer_id", "timestamp", observation_period_end="2025-06-30"
    )
    ours = repeat_summary(data.community(orders=log, end="2025-07-01")).set_index("customer_id")
    assert ours.index.to_list() == theirs.index.to_list()
    np.testing.assert_array_equal(ours["frequency"], theirs["frequency"])
    np.testing.assert_allclose(ours["recency_weeks"] * 7, theirs["recency"])
    np.testing.assert_allclose(ours["age_weeks"] * 7, theirs["T"])


@needs_real_logs
def test_summary_of_the_cdnow_log_is_the_published_summary(cdnow):
    path = FOLDER / "CDNOW_sample.txt"
    log = pd.read_csv(
        path,
        sep=r"\s+",
        header=None,
        usecols=[1, 2],
        names=["customer_id", "day"],
        dtype={2: "str"},
    )
    log["day"] = pd.to_datetime(log["day"], format="%Y%m%d")
    names = {"orders": {"timestamp": "day"}}
    ours = repeat_summary(data.community(orders=log, end="1997-10-01", columns=names))
    np.testing.assert_array_equal(ours["frequency"], cdnow["frequency"])
    np.testing.assert_allclose(ours["recency_weeks"], cdnow["recency_weeks"], atol=0.0051)
    np.testing.assert_allclose(ours["age_weeks"], cdnow["age_weeks"], atol=0.0051)
    fit = fit_bgnbd(ours)
    found = {name: getattr(fit, name) for name in PUBLISHED}
    assert found == pytest.approx(PUBLISHED, abs=0.003)


def test_summary_of_a_hand_worked_log():
    log = pd.DataFrame(
        {
            "member_id": pd.array([1, 1, 1, 2, None, 3, 1, 4], dtype="Int64"),
            "timestamp": pd.to_datetime(
                [
                    "2025-01-01 00:10",  # the first act is no repeat
                    "2025-01-01 23:50",  # nor is the second of the day
                    "2025-01-08 12:00",
                    "2025-01-15 12:00",
                    "2025-01-16 12:00",  # deleted account
                    "2025-01-29 12:00",  # the last day observed: age 0
                    "2025-01-30 00:00",  # end is excluded
                    "2025-02-05 00:00",
                ]
            ),
        }
    )
    kept = log.copy()
    result = repeat_summary(acts(log, "2025-01-30"), of="events")
    expected = pd.DataFrame(
        {
            "member_id": pd.array([1, 2, 3], dtype="Int64"),
            "frequency": [1, 0, 0],
            "recency_weeks": [1.0, 0.0, 0.0],
            "age_weeks": [4.0, 2.0, 0.0],
        }
    )
    pd.testing.assert_frame_equal(result, expected)
    pd.testing.assert_frame_equal(log, kept)
    # An end in the middle of a day observes that day.
    later = repeat_summary(acts(log, "2025-01-30 15:00"), of="events")
    assert later["frequency"].to_list() == [2, 0, 0]
    assert later["age_weeks"].to_list() == pytest.approx([29 / 7, 15 / 7, 1 / 7])


def acts(log, end):
    """Make a community of acts: ids of events and their kind do not matter here."""
    return data.community(events=log.assign(event_id=range(len(log)), kind="visit"), end=end)


def test_days_of_orders_are_local(engine):
    # 23:30 UTC on January 1st is January 2nd in Paris, as the order of the morning after is
    times = ["2025-01-01 10:00", "2025-01-01 23:30", "2025-01-02 09:00"]
    orders = engine.give(pd.DataFrame({"customer_id": 1, "timestamp": pd.to_datetime(times)}))
    assert repeat_summary(orders)["frequency"].to_list() == [1]
    paris = data.community(orders=orders, tz="Europe/Paris", end="2025-01-08")
    found = repeat_summary(paris)
    assert found["frequency"].to_list() == [1]
    assert found["age_weeks"].to_list() == pytest.approx([6 / 7])
    # what came before the start of a view stays known: it is no first order
    assert repeat_summary(paris.view(start="2025-01-02"))["frequency"].to_list() == [1]
    assert repeat_summary(paris.view(end="2025-01-02"))["frequency"].to_list() == [0]
    evening = engine.give(pd.DataFrame({"customer_id": 1, "timestamp": pd.to_datetime(times[:2])}))
    assert repeat_summary(evening)["frequency"].to_list() == [0]
    local = data.community(orders=evening, tz="Europe/Paris")
    assert repeat_summary(local)["frequency"].to_list() == [1]


def test_summary_of_an_empty_log_keeps_its_columns():
    log = pd.DataFrame({"customer_id": [1], "timestamp": pd.to_datetime(["2025-03-01"])})
    empty = repeat_summary(data.community(orders=log, end="2025-01-01"))
    assert empty.columns.to_list() == ["customer_id", "frequency", "recency_weeks", "age_weeks"]
    assert len(empty) == 0


def _simulate(seed, n, r=0.4, alpha=4.0, a=0.8, b=2.5):
    rng = np.random.default_rng(seed)
    pace, leave = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    age = rng.uniform(30, 60, n)
    x, last, clock = np.zeros(n), np.zeros(n), np.zeros(n)
    active = np.ones(n, dtype=bool)
    while active.any():
        clock = clock + rng.exponential(1, n) / np.maximum(pace, 1e-12)
        active &= clock < age
        x, last = x + active, np.where(active, clock, last)
        active &= rng.random(n) >= leave
    return pd.DataFrame({"frequency": x, "recency_weeks": last, "age_weeks": age})


def test_parameters_are_recovered_and_their_intervals_cover():
    """Fifty communities of known parameters: 90 % intervals, binomial tolerance."""
    truth = pd.Series({"r": 0.4, "alpha": 4.0, "a": 0.8, "b": 2.5})
    fits = [fit_bgnbd(_simulate(seed, 1500)).intervals(0.90) for seed in range(50)]
    tables = pd.concat(fits).set_index("parameter")
    covered = (tables["low"] <= tables.index.map(truth)) & (
        tables.index.map(truth) <= tables["high"]
    )
    coverage = covered.groupby(level=0).sum()
    # Of 50 intervals at 90 %, fewer than 38 cover once in 1,000 (binomial).
    assert coverage.min() >= 38, coverage
    medians = tables["value"].groupby(level=0).median()
    assert medians.to_dict() == pytest.approx(truth.to_dict(), rel=0.12)


def test_probability_of_being_active_agrees_with_bayes_by_brute_force():
    """An outside route to the same figure: weigh 400,000 drawn people by their likelihood."""
    rng = np.random.default_rng(12)
    pace, leave = rng.gamma(0.4, 1 / 4.0, 400_000), rng.beta(0.8, 2.5, 400_000)
    summary = pd.DataFrame(
        {
            "customer_id": [1, 2, 3, 4],
            "frequency": [1, 2, 5, 9],
            "recency_weeks": [3.0, 30.0, 12.0, 38.0],
            "age_weeks": [40.0, 40.0, 35.0, 40.0],
        }
    )
    predicted = predict_repeats(summary, BgNbd(0.4, 4.0, 0.8, 2.5, 0.0, 0, ()), weeks=26)
    by_hand = []
    for _id, x, last, age in summary.itertuples(index=False):
        seen = pace**x * (1 - leave) ** (x - 1)
        still = (seen * (1 - leave) * np.exp(-pace * age)).sum()
        gone = (seen * leave * np.exp(-pace * last)).sum()
        by_hand.append(still / (still + gone))
    assert predicted["p_active"].to_list() == pytest.approx(by_hand, abs=0.02)


@given(
    x=st.integers(1, 30),
    age=st.floats(5, 80),
    share=st.floats(0.01, 0.98),
    weeks=st.floats(0.5, 50),
)
def test_laws_of_the_predictions(x, age, share, weeks):
    recent = pd.DataFrame(
        {
            "customer_id": [1, 2, 3],
            "frequency": [x, x, 0],
            "recency_weeks": [age * share, age, 0.0],
            "age_weeks": [age] * 3,
        }
    )
    result = predict_repeats(recent, MODEL, weeks=weeks)
    assert result["p_active"].between(0, 1).all()
    assert result["p_active"][0] <= result["p_active"][1]
    assert result["p_active"][2] == 1.0
    assert (result["expected_repeats"] >= 0).all()
    longer = predict_repeats(recent, MODEL, weeks=2 * weeks)
    assert (longer["expected_repeats"] >= result["expected_repeats"] - 1e-12).all()
    assert expected_repeats(MODEL, weeks=2 * weeks) > expected_repeats(MODEL, weeks=weeks)


def test_a_equal_to_one_is_no_hole():
    near = BgNbd(0.4, 4.0, 1.0001, 2.5, 0.0, 0, ())
    at = BgNbd(0.4, 4.0, 1.0, 2.5, 0.0, 0, ())
    assert expected_repeats(at, weeks=20) == pytest.approx(
        expected_repeats(near, weeks=20), rel=1e-3
    )


def test_errors_say_what_to_do():
    good = pd.DataFrame({"frequency": [1], "recency_weeks": [1.0], "age_weeks": [2.0]})
    with pytest.raises(ColumnError, match="recency_weeks"):
        fit_bgnbd(good.drop(columns="recency_weeks"))
    with pytest.raises(TableError, match="Nobody came back"):
        fit_bgnbd(pd.DataFrame({"frequency": [0], "recency_weeks": [0.0], "age_weeks": [2.0]}))
    with pytest.raises(TableError, match="never exceeds the age"):
        fit_bgnbd(good.assign(recency_weeks=3.0))
    with pytest.raises(CmlibError, match="do not pin"):
        fit_bgnbd(good)
    with pytest.raises(ColumnError, match="customer_id"):
        predict_repeats(good, MODEL, weeks=1)
    with pytest.raises(ParameterError, match="weeks=-1"):
        expected_repeats(MODEL, weeks=-1)
    log = pd.DataFrame({"customer_id": [1], "timestamp": ["2025-01-01"]})
    with pytest.raises(TableError, match="dates and times"):
        data.community(orders=log)
    with pytest.raises(TableError, match=r"pd\.to_datetime"):
        repeat_summary(log)
    with pytest.raises(ParameterError, match="Did you mean 'orders'"):
        repeat_summary(log, of="order")
