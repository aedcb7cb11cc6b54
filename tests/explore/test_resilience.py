"""The explorer of departures: hand-worked networks, NetworkX's own count, the callback."""

import matplotlib.pyplot as plt

from cmlib import explore, network, plot
from cmlib.i18n import set_language


def row(table):
    return table.iloc[0].to_dict()


def test_the_drawing_says_who_left_and_what_is_left(brand):
    ax = explore.plot_departures(brand, gone=[7], links=[(14, 11)])
    words = plot.describe(ax)
    share = row(network.after_departures(network.contact_network(brand), gone=[7],
                                         links=[(14, 11)]))["connected_share"]  # fmt: skip
    assert f"{share:.1%}" in words and "Gone: 7." in words
    plt.close(ax.figure)


def test_the_lists_change_the_words_and_offer_only_those_who_agreed(brand):
    box = explore.departures_explorer(brand)
    agreed = set(brand.members.loc[brand.members["consent_analytics"], "member_id"])
    offered = {person for _label, person in box.controls["first"].options if person is not None}
    assert offered and offered <= agreed
    before = box.said
    box.controls["first"].value = 7
    one = box.said
    box.controls["second"].value = 7  # twice the same person: nothing more
    assert box.said == one != before
    box.controls["second"].value = 29
    assert "Gone: 7, 29." in box.said
    assert [control.description for control in box.controls.values()] == [
        "First departure", "Second departure", "Third departure",
    ]  # fmt: skip


def test_the_explorer_speaks_french(brand):
    set_language("fr")
    try:
        box = explore.departures_explorer(brand)
        assert box.controls["first"].description == "Premier départ"
        assert box.said.startswith("Encore d’un seul tenant")
    finally:
        set_language("en")
