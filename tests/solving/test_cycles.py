"""A flow made the cheapest by the cycles that its prices call for is the one a solver finds anew."""

import numpy as np
import pytest

from ipmatch.solving import cycles
from ipmatch.solving.cycles import rerouted
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.prices import least_prices, reduced_cost
from tests.solving.test_prices import solved_levels, taken


@pytest.fixture
def patient(monkeypatch):
    monkeypatch.setattr(cycles, "WRONG_OF", 1e-9)
    monkeypatch.setattr(cycles, "FOLLOWED", 10**9)


@pytest.mark.parametrize("seed", range(6))
def test_any_flow_is_made_a_cheapest_one_with_prices_that_prove_it(seed, patient, monkeypatch):
    rng, poor = np.random.default_rng(seed), 0
    for network, level, cost, best, arcs in taken(80, solved_levels(rng)):
        monkeypatch.setattr(cycles, "ROUNDS", int(rng.integers(1, 5)))
        free = arcs[rng.random(len(arcs)) < rng.choice([0.6, 1])]
        flow = cheapest_flow(network, -cost, best, free)
        prices = rng.integers(-level.bound, level.bound + 1, network.nodes)
        prices -= prices[0]
        changed, raised = rerouted(network, cost, flow, free, prices)
        fixed = np.setdiff1d(arcs, free)
        assert (changed[fixed] == flow[fixed]).all()
        assert ((network.low <= changed) & (changed <= network.up)).all()
        for node in range(network.nodes):
            assert changed[network.tail == node].sum() == changed[network.head == node].sum()
        assert cost @ changed == cost @ cheapest_flow(network, cost, flow, free)
        reduced = reduced_cost(network, cost, raised, free)
        assert raised[0] == 0
        assert (reduced[changed[free] < network.up[free]] >= 0).all()
        assert (reduced[changed[free] > network.low[free]] <= 0).all()
        poor += cost @ changed < cost @ flow
    assert poor > 20


def test_a_flow_that_its_prices_prove_is_left_as_it_is(patient):
    for network, level, cost, best, arcs in taken(40, solved_levels(np.random.default_rng(9))):
        prices = least_prices(network, cost, best, arcs, bound=level.bound)
        changed, raised = rerouted(network, cost, best, arcs, prices)
        assert (changed == best).all()
        assert (raised == prices).all()


@pytest.mark.parametrize("name", ["MOST", "FOLLOWED"])
def test_what_would_take_long_is_left_to_a_solver(name, patient, monkeypatch):
    left = 0
    monkeypatch.setattr(cycles, name, 0)
    for network, _, cost, best, arcs in taken(40, solved_levels(np.random.default_rng(3))):
        flow = cheapest_flow(network, -cost, best, arcs)
        left += rerouted(network, cost, flow, arcs, np.zeros(network.nodes, np.int64)) is None
    assert left > 10


def test_a_flow_with_many_wrong_arcs_is_left_to_a_solver(monkeypatch):
    monkeypatch.setattr(cycles, "WRONG_OF", 10**6)
    left = 0
    for network, _, cost, best, arcs in taken(40, solved_levels(np.random.default_rng(3))):
        flow = cheapest_flow(network, -cost, best, arcs)
        left += rerouted(network, cost, flow, arcs, np.zeros(network.nodes, np.int64)) is None
    assert left > 10
