import kpi_cases as cases
import numpy as np
import pandas as pd
import pytest
from engines import same
from hypothesis import given, settings
from hypothesis import strategies as st

from cmlib import kpi
from cmlib.data import community
from cmlib.errors import ColumnError, NotMeasuredWarning, ParameterError


def test_share_of_voice_by_period(engine):
    # Trap P: February is cut; the interval of 1 in 4 is wide (Wilson)
    seen = community(mentions=engine.give(cases.mentions()), start="2025-01-01", end="2025-02-15")
    found = engine.take(kpi.share_of_voice(seen, period="month"))
    expected = pd.DataFrame(
        {
            "period": pd.to_datetime(["2025-01-01"] * 2 + ["2025-02-01"] * 2),
            "brand": ["Ours", "Rival"] * 2,
            "mentions": [1, 3, 1, 1],
            "n": [4, 4, 2, 2],
            "share_of_voice": [0.25, 0.75, 0.5, 0.5],
            "low": [0.045587260591217, 0.300641842582402, 0.094531205734230, 0.094531205734230],
            "high": [0.699358157417598, 0.954412739408783, 0.905468794265770, 0.905468794265770],
            "complete": [True, True, False, False],
        }
    )
    same(found, expected)


def test_share_of_voice_adds_up_within_each_group(engine):
    found = engine.take(kpi.share_of_voice(engine.give(cases.mentions()), by="source"))
    assert found.groupby("source")["share_of_voice"].sum().tolist() == pytest.approx([1, 1])
    assert found[["source", "brand", "n"]].values.tolist() == [
        ["blog", "Ours", 4],
        ["blog", "Rival", 4],
        ["press", "Rival", 2],
    ]


def test_a_louder_rival_may_be_a_disliked_one(engine):
    found = engine.take(kpi.net_sentiment(engine.give(cases.mentions()), by="brand"))
    ours, rival = found.iloc[0], found.iloc[1]
    assert ours[["n", "positive", "neutral", "negative"]].tolist() == [2, 2, 0, 0]
    assert ours["net_sentiment"] == 1
    # the mention without a tone is left out; (0 - 2) / 3
    assert rival[["n", "positive", "neutral", "negative"]].tolist() == [3, 0, 1, 2]
    assert rival["net_sentiment"] == pytest.approx(-2 / 3)


def test_the_interval_of_the_net_tone_is_that_of_a_net_promoter_score():
    # n = 100 and a net score of 30 give +- 15 points when half promote (metrics: NPS)
    tones = ["positive"] * 50 + ["neutral"] * 30 + ["negative"] * 20
    found = kpi.net_sentiment(pd.DataFrame({"sentiment": tones}))
    assert found["net_sentiment"][0] == pytest.approx(0.30)
    assert found["high"][0] - 0.30 == pytest.approx(0.15, abs=0.005)
    # outside check: the standard error of the mean of scores -1, 0, 1
    scores = np.repeat([1, 0, -1], [50, 30, 20])
    assert found["high"][0] - 0.30 == pytest.approx(1.959963984540054 * scores.std() / 10)


def test_no_mention_is_missing_not_zero(engine):
    # Trap 0
    none = cases.mentions().iloc[[5]]
    with pytest.warns(NotMeasuredWarning, match="sentiment is empty in every row"):
        found = engine.take(kpi.net_sentiment(engine.give(none)))
    assert found["n"].tolist() == [0]
    assert found["net_sentiment"].isna().all()


def test_a_missing_column_is_named():
    with pytest.raises(ColumnError, match=r"'brand' is not in the table.*Did you mean 'brands'"):
        kpi.share_of_voice(cases.mentions().rename(columns={"brand": "brands"}))
    with pytest.raises(ColumnError, match='or write by="source"'):
        kpi.share_of_voice(cases.mentions(), by="sources")


def test_tones_in_other_words_are_refused_and_not_taken_for_neutral(engine):
    mentions = engine.give(cases.mentions().replace({"sentiment": {"positive": "positif"}}))
    with pytest.raises(ParameterError, match=r"sentiment='positif'.*Did you mean 'positive'"):
        kpi.net_sentiment(mentions)


def test_a_view_says_when_and_in_which_zone(engine):
    # 23:30 UTC on January 31st is February 1st in Paris; its midnight opens the month
    mentions = pd.DataFrame(
        {
            "timestamp": cases.moments("2025-01-31T22:59", "2025-01-31T23:30"),
            "brand": ["Rival", "Ours"],
            "sentiment": ["negative", "positive"],
        }
    )
    seen = community(mentions=engine.give(mentions), start="2025-01-01", tz="Europe/Paris")
    february = seen.view(start="2025-02-01")
    found = engine.take(kpi.share_of_voice(february, period="month"))
    assert found[["brand", "n"]].values.tolist() == [["Ours", 1]]
    assert found["period"].tolist() == [pd.Timestamp("2025-02-01")]
    assert engine.take(kpi.net_sentiment(february))["net_sentiment"].tolist() == [1]
    assert engine.take(kpi.net_sentiment(seen))["net_sentiment"].tolist() == [0]


def test_columns_of_the_user_may_have_any_name(engine):
    own = {"t": "source", "u": "source", "good": "source", "_both": "source", "slot": "source"}
    mentions = cases.mentions()
    mentions = mentions.assign(**{name: mentions[kept] for name, kept in own.items()})
    given_table = engine.give(mentions)
    expected = engine.take(kpi.net_sentiment(given_table, by="source"))
    for name in own:
        found = engine.take(kpi.net_sentiment(given_table, by=name))
        same(found.rename(columns={name: "source"}), expected)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["positive", "neutral", "negative"]), min_size=1, max_size=40))
def test_swapping_the_tones_changes_the_sign(tones):
    table = pd.DataFrame({"sentiment": tones})
    swapped = {"positive": "negative", "negative": "positive"}
    one = kpi.net_sentiment(table)
    other = kpi.net_sentiment(table.replace({"sentiment": swapped}))
    assert one["net_sentiment"][0] == pytest.approx(-other["net_sentiment"][0])
    assert -1 <= one["low"][0] <= one["net_sentiment"][0] <= one["high"][0] <= 1
