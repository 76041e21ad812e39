"""Prices found from earlier ones are those found anew, and prices found soon those found at leisure."""

import numpy as np
import pytest

from ipmatch.errors import InternalError
from ipmatch.solving.flow import cheapest_flow, improved_flow
from ipmatch.solving.network import build, narrowed
from ipmatch.solving.prices import canonical_prices, lowered_prices, prices_soon, reduced_cost
from tests.solving.instances import problem_of, random_levels, random_problem, score_of


def solved_levels(rng):
    """Networks with a level's cost and a cheapest flow, wherever the rules allow one."""
    while True:
        problem = random_problem(rng)
        network, arcs = build(problem), np.arange(len(build(problem).tail))
        for level in random_levels(rng, problem):
            cost = network.cost(level)
            flow = cheapest_flow(network, cost, network.low, arcs)
            if flow is not None:
                yield network, level, cost, flow, arcs


def taken(count, generator):
    return [one for one, _ in zip(generator, range(count), strict=False)]


@pytest.mark.parametrize("seed", range(4))
def test_prices_lowered_for_entering_arcs_are_the_canonical_ones_of_all(seed):
    rng, lowered_once = np.random.default_rng(seed), 0
    for network, level, cost, flow, arcs in taken(80, solved_levels(rng)):
        # Arcs that are used must be there from the start: without them the flow would be another.
        entering = arcs[(rng.random(len(arcs)) < 0.4) & (flow == network.low)]
        fewer = np.setdiff1d(arcs, entering)
        prices = canonical_prices(network, cost, flow, fewer, bound=level.bound)
        lowered = lowered_prices(network, cost, flow, arcs, prices, entering)
        assert (lowered == canonical_prices(network, cost, flow, arcs, bound=level.bound)).all()
        lowered_once += (lowered != prices).any()
    assert lowered_once > 10


@pytest.mark.parametrize("seed", range(4))
def test_a_flow_that_is_not_optimal_has_no_prices(seed):
    rng, poor = np.random.default_rng(seed), 0
    for network, level, cost, best, arcs in taken(80, solved_levels(rng)):
        flow = cheapest_flow(network, -cost, network.low, arcs)
        soon = prices_soon(network, cost, flow, arcs, bound=level.bound)
        assert (soon is None) == (cost @ flow > cost @ best)
        if soon is None:
            poor += 1
            with pytest.raises(InternalError, match="A cycle of negative cost remains"):
                canonical_prices(network, cost, flow, arcs, bound=level.bound)
        improved = improved_flow(network, cost, flow, arcs, np.zeros(network.nodes, np.int64))
        assert cost @ improved == cost @ best
    assert poor > 10


def test_a_network_without_some_pairs_is_that_of_the_smaller_problem():
    problem = problem_of(np.ones((3, 4)), capacity=[2, 1, 3], wanted=[1, 2, 1, 2], minimum=[0, 1, 0])
    kept = np.arange(len(problem.mentor)) % 3 != 1
    few, arcs = narrowed(build(problem), kept)
    again = build(problem.only(kept))
    for name in ("nodes", "mentor_first", "mentor_rest", "pairs", "first", "further", "out", "groups"):
        assert getattr(few, name) == getattr(again, name), name
    for name in ("tail", "head", "low", "up"):
        assert (getattr(few, name) == getattr(again, name)).all()
        assert (getattr(few, name) == getattr(build(problem), name)[arcs]).all()
    level = score_of(np.arange(12).reshape(3, 4), few.problem)
    assert (
        reduced_cost(few, few.cost(level), np.zeros(few.nodes, np.int64), np.arange(len(arcs))) <= 0
    ).all()
