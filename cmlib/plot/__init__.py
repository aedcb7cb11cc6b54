"""One chart a result: each draws on `ax`, returns it, and carries a text alternative."""

from cmlib.plot.alternative import describe, show
from cmlib.plot.groups import plot_by_group, plot_lorenz, plot_slots
from cmlib.plot.lasting import plot_cohorts, plot_delays, plot_retention, plot_survival
from cmlib.plot.networks import layout, plot_network, plot_removal
from cmlib.plot.over_time import plot_counts, plot_over_time, plot_states
from cmlib.plot.theme import MARKERS, PALETTE, set_theme
from cmlib.plot.worth import plot_effects, plot_roi, plot_tornado

__all__ = [
    "MARKERS",
    "PALETTE",
    "describe",
    "layout",
    "plot_by_group",
    "plot_cohorts",
    "plot_counts",
    "plot_delays",
    "plot_effects",
    "plot_lorenz",
    "plot_network",
    "plot_over_time",
    "plot_removal",
    "plot_retention",
    "plot_roi",
    "plot_slots",
    "plot_states",
    "plot_survival",
    "plot_tornado",
    "set_theme",
    "show",
]
