"""One contract for every chart, and a palette that everybody can read."""

import itertools

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pandas as pd
import polars as pl
import pytest

from cmlib import plot
from cmlib.errors import ColumnError, TableError
from cmlib.i18n import use_language

MONTHS = pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"])
COUNTS = pd.DataFrame({"period": MONTHS, "n": [30, 45, 12], "complete": [True, True, False]})
RATES = pd.DataFrame(
    {
        "period": MONTHS, "engagement_rate": [0.03, 0.05, np.nan], "low": [0.02, 0.04, np.nan],
        "high": [0.04, 0.06, np.nan], "complete": [True, True, False],
    }
)  # fmt: skip
STATES = pd.DataFrame(
    {
        "period": np.repeat(MONTHS, 4), "state": ["new", "retained", "resurrected", "dormant"] * 3,
        "n": range(12), "complete": [True] * 8 + [False] * 4,
    }
)  # fmt: skip
GROUPS = pd.DataFrame(
    {"format": ["photo", "question"], "n": [40, 12], "engagement_rate": [0.034, 0.099],
     "low": [0.03, 0.08], "high": [0.04, 0.12]}
)  # fmt: skip
SLOTS = pd.DataFrame(
    {"weekday": [0, 6], "hour": [8, 20], "n": [9, 2], "interactions_per_post": [40.0, 90.0]}
)
LORENZ = pd.DataFrame({"member_share": [0, 0.5, 0.9, 1.0], "post_share": [0, 0.1, 0.3, 1.0]})
COHORTS = pd.DataFrame(
    {"cohort": MONTHS[[0, 0, 1, 1]], "window": [0, 1, 0, 1], "n": [10, 10, 20, 20],
     "retention": [1.0, 0.4, 1.0, np.nan]}
)  # fmt: skip
CURVE = pd.DataFrame(
    {"window": [0, 1, 2], "retention": [1, 0.3, np.nan], "low": [0.9, 0.2, np.nan],
     "high": [1, 0.4, np.nan], "source": ["contest"] * 3}
)  # fmt: skip
SURVIVAL = pd.DataFrame(
    {"day": [0, 9], "survival": [0.8, 0.4], "low": [0.7, 0.3], "high": [0.9, 0.5]}
)
DELAYS = pd.DataFrame(
    {
        "delay_h": [0.5, 2.0, np.nan, 30.0],
        "observed_h": [99.0] * 4,
        "censored": [False, False, True, False],
    }
)
GRAPH = nx.DiGraph([("Lea", "Tom"), ("Tom", "Max"), ("Max", "Lea")])
GRAPH.add_node("Zoe")
REMOVAL = pd.DataFrame(
    {"removed": [0, 1, 2], "giant_share": [0.8, 0.4, 0.2], "random_mean": [0.8, 0.7, 0.6],
     "random_low": [0.8, 0.6, 0.5], "random_high": [0.8, 0.8, 0.7]}
)  # fmt: skip
EFFECTS = pd.DataFrame(
    {
        "method": ["naive", "draw"],
        "effect_eur_month": [16.0, 4.0],
        "low": [12.0, -1.0],
        "high": [20.0, 9.0],
    }
)
TORNADO = pd.DataFrame(
    {"assumption": ["effect", "cost"], "roi_low": [-0.5, 0.0], "roi_base": [0.1, 0.1],
     "roi_high": [0.9, 0.3], "span": [1.4, 0.3]}
)  # fmt: skip
DRAWS = pd.DataFrame({"roi": np.linspace(-0.5, 1.5, 101)})

# chart -> (its data, its other arguments, what its alternative must say)
CHARTS = {
    "plot_over_time": (RATES, {"value": "engagement_rate"}, "highest 5.0%"),
    "plot_counts": (COUNTS, {}, "Incomplete periods, drawn apart: 1"),
    "plot_states": (STATES, {}, "dormant 11"),
    "plot_by_group": (GROUPS, {"value": "engagement_rate", "by": "format"}, "question: 9.9%"),
    "plot_slots": (SLOTS, {}, "Mon 8 h: 40"),
    "plot_lorenz": (LORENZ, {}, "the other 10 % 70.0%"),
    "plot_cohorts": (COHORTS, {"highlight": MONTHS[1]}, "highest 40.0% (2025-01)"),
    "plot_retention": (CURVE, {"by": "source"}, "contest 30.0% in window 1"),
    "plot_survival": (SURVIVAL, {}, "after 9 days"),
    "plot_delays": (DELAYS, {"promise_h": 4}, "kept for 50.0%"),
    "plot_network": (
        GRAPH, {"size": {"Tom": 3}, "group": {"Tom": 1}, "label": {"Tom": "T."}}, "1 have"
    ),
    "plot_removal": (REMOVAL, {}, "20.0% connected"),
    "plot_effects": (EFFECTS, {"truth": 4.2}, "true effect: 4.2"),
    "plot_tornado": (TORNADO, {}, "effect, goes from -50.0% to 90.0%"),
    "plot_roi": (DRAWS, {}, "between -40% and 140%"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def drawn(name, data=None, **more):
    table, options, _ = CHARTS[name]
    return getattr(plot, name)(table if data is None else data, **{**options, **more})


def test_every_public_chart_is_under_contract():
    assert {name for name in plot.__all__ if name.startswith("plot_")} == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_it_draws_on_the_given_axes_and_leaves_its_input_alone(name):
    table = CHARTS[name][0]
    before = table.copy()
    _figure, ax = plt.subplots()
    assert drawn(name, ax=ax) is ax
    assert ax.has_data()
    if isinstance(table, pd.DataFrame):
        pd.testing.assert_frame_equal(table, before)
    else:
        assert nx.utils.graphs_equal(table, before)


@pytest.mark.parametrize("name", CHARTS)
def test_it_opens_one_figure_when_no_axes_is_given(name):
    before = len(plt.get_fignums())
    drawn(name).figure.draw_without_rendering()
    assert len(plt.get_fignums()) == before + 1


@pytest.mark.parametrize("name", CHARTS)
def test_title_labels_and_alternative_exist_and_are_translated(name):
    english = drawn(name)
    with use_language("fr"):
        french = drawn(name)
    for ax in (english, french):
        assert ax.get_title()
        assert ax.get_xlabel()
    words = [(ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) for ax in (english, french)]
    assert words[0] != words[1]
    assert CHARTS[name][2] in plot.describe(english)
    assert plot.describe(english) != plot.describe(french)
    assert drawn(name, title="Mine").get_title() == "Mine"


@pytest.mark.parametrize("name", [n for n in CHARTS if isinstance(CHARTS[n][0], pd.DataFrame)])
def test_it_takes_other_engines_and_says_what_is_missing(name):
    table = CHARTS[name][0]
    assert plot.describe(drawn(name, pl.from_pandas(table))) == plot.describe(drawn(name))
    assert plot.describe(drawn(name, pl.from_pandas(table).lazy())) == plot.describe(drawn(name))
    with pytest.raises(TableError, match="no row"):
        drawn(name, table.head(0))
    with pytest.raises(ColumnError, match="is not in the table"):
        drawn(name, table.rename(columns=lambda column: column + "_x"))


def test_an_incomplete_bar_is_hatched_and_in_the_legend():
    ax = drawn("plot_counts")
    assert [bar.get_hatch() for bar in ax.patches] == [None, None, "//"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["incomplete period"]


def test_show_prints_the_alternative(capsys):
    ax = drawn("plot_lorenz")
    plot.show(ax)
    assert capsys.readouterr().out.strip() == plot.describe(ax)


def test_a_chart_drawn_elsewhere_has_no_alternative():
    assert plot.describe(plt.subplots()[1]) == ""


def test_the_same_network_is_placed_alike_whatever_the_order_of_its_people():
    shuffled = nx.DiGraph()
    shuffled.add_nodes_from(["Zoe", "Max", "Tom", "Lea"])
    shuffled.add_edges_from(reversed(list(GRAPH.edges)))
    first, second = plot.layout(GRAPH), plot.layout(shuffled)
    assert all(np.allclose(first[person], second[person]) for person in GRAPH)


# --- palette -----------------------------------------------------------------------------
# Contrast: WCAG 2.1, 1.4.11 (3:1 for graphics). Colour blindness: Machado, Oliveira &
# Fernandes (2009), full severity. Distance: CIE 1976, where about 2 is just visible.

VISION = {
    "all colours": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour):
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def lab(rgb):
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.array(to_xyz) @ rgb / [0.9505, 1, 1.089]
    f = [np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("background", ["#FFFFFF", "#121212"])
def test_each_colour_stands_out_in_light_and_dark(background):
    for colour in plot.PALETTE:
        high, low = sorted([luminance(colour), luminance(background)], reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 3, colour


@pytest.mark.parametrize("vision", VISION)
def test_colours_stay_apart_for_every_reader(vision):
    seen = [lab(np.clip(np.array(VISION[vision]) @ linear(c), 0, 1)) for c in plot.PALETTE]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 15


def test_theme_changes_the_page_and_not_the_data():
    with plt.rc_context():
        plot.set_theme(dark=True)
        assert plt.rcParams["axes.facecolor"] == "#121212"
        assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == list(plot.PALETTE)
