"""A measure asks only its own question: what is true of a log is said once, on its view."""

import importlib
import inspect

import pytest

ROOMS = ("kpi", "network", "value", "explore", "report")
MOST = 7
# What a view says, and what the door says: no measure asks for it again.
SAID_ELSEWHERE = {
    "tz", "start", "end", "without", "exclude", "member", "time", "kind", "thread", "parent",
    "event", "joined", "staff", "events", "missing_parent",
}  # fmt: skip
# Plain tools on a table of times, which belongs to no community.
ON_ANY_TABLE = {"explore.promise_kept", "explore.plot_promise"}


def public(room):
    module = importlib.import_module(f"cmlib.{room}")
    for name in module.__all__:
        found = getattr(module, name)
        if inspect.isfunction(found):
            yield f"{room}.{name}", inspect.signature(found).parameters


@pytest.mark.parametrize("room", ROOMS)
def test_no_public_function_has_more_than_seven_parameters(room):
    many = {name: len(parameters) for name, parameters in public(room) if len(parameters) > MOST}
    assert many == {}


@pytest.mark.parametrize("room", ROOMS)
def test_no_measure_asks_again_what_a_view_says(room):
    asked = {
        f"{name}({word})"
        for name, parameters in public(room)
        if name not in ON_ANY_TABLE
        for word in SAID_ELSEWHERE & set(parameters)
    }
    # `pair_graph` draws pairs that belong to no community: whom to leave out is said there.
    assert asked - {"network.pair_graph(without)"} == set()
