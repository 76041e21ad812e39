"""Prices found from earlier ones are those found anew, and prices found soon those found at leisure."""

import numpy as np
import pytest

from ipmatch.errors import InternalError
from ipmatch.solving.flow import cheapest_flow, improved_flow
from ipmatch.solving.heaviest import best_flow
from ipmatch.solving.network import build, narrowed
from ipmatch.solving.prices import (
    canonical_prices,
    least_prices,
    lowered_prices,
    prices_soon,
    raised_prices,
    reduced_cost,
)
from ipmatch.solving.problem import Level
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


@pytest.mark.parametrize("seed", range(4))
def test_a_flow_nearly_the_cheapest_is_one_and_costs_hardly_more(seed):
    rng = np.random.default_rng(seed)
    for network, _, cost, best, arcs in taken(80, solved_levels(rng)):
        flow = cheapest_flow(network, -cost, network.low, arcs)
        nearly = improved_flow(network, cost, flow, arcs, np.zeros(network.nodes, np.int64), nearly=True)
        assert ((network.low <= nearly) & (nearly <= network.up)).all()
        for node in range(network.nodes):
            assert nearly[network.tail == node].sum() == nearly[network.head == node].sum()
        assert cost @ nearly <= cost @ best + np.gcd.reduce(cost) * network.up.sum() // 16


@pytest.mark.parametrize("seed", range(4))
def test_low_prices_prove_the_flow_and_are_below_all_other_such_prices(seed):
    rng = np.random.default_rng(seed)
    for network, level, cost, flow, arcs in taken(80, solved_levels(rng)):
        low = least_prices(network, cost, flow, arcs, bound=level.bound)
        reduced = reduced_cost(network, cost, low, arcs)
        assert low[0] == 0
        assert (reduced[flow < network.up] >= 0).all()
        assert (reduced[flow > network.low] <= 0).all()
        others = canonical_prices(network, cost, flow, arcs, bound=level.bound)
        assert (low <= np.maximum(others, -level.bound)).all()


@pytest.mark.parametrize("seed", range(4))
def test_prices_raised_for_more_arcs_prove_the_flow_wherever_it_is_the_best(seed):
    rng, poor, raised_once = np.random.default_rng(seed), 0, 0
    for network, level, cost, best, arcs in taken(80, solved_levels(rng)):
        for flow in (best, cheapest_flow(network, -cost, network.low, arcs)):
            fewer = arcs[(rng.random(len(arcs)) < 0.6) | (flow != network.low)]
            try:
                prices = least_prices(network, cost, flow, fewer, bound=level.bound)
            except InternalError:
                continue
            raised = raised_prices(network, cost, flow, arcs, prices)
            assert (raised is None) == (cost @ flow > cost @ best)
            if raised is None:
                poor += 1
                continue
            reduced = reduced_cost(network, cost, raised, arcs)
            assert raised[0] == 0
            assert (raised >= prices).all()
            assert (reduced[flow < network.up] >= 0).all()
            assert (reduced[flow > network.low] <= 0).all()
            raised_once += (raised != prices).any()
    assert poor > 2
    assert raised_once > 10


@pytest.mark.parametrize("seed", range(4))
def test_a_flow_that_weighs_people_is_the_best_there_is(seed):
    rng, better = np.random.default_rng(seed), 0
    for network, _, _, flow, arcs in taken(120, solved_levels(rng)):
        people = {"first": network.problem.wanted, "mentor": network.problem.capacity}
        side, most = str(rng.choice(list(people))), int(rng.choice([1, 3, 1000]))
        weight = rng.integers(1, most + 1, len(people[side])) * (rng.random(len(people[side])) < 0.9)
        cost = network.cost(Level("people", most, **{side: weight}))
        free = arcs[rng.random(len(arcs)) < rng.choice([0.6, 0.9, 1])]
        best = best_flow(network, cost, flow, free, np.zeros(network.nodes, np.int64))
        fixed = np.setdiff1d(arcs, free)
        assert (best[fixed] == flow[fixed]).all()
        assert ((network.low <= best) & (best <= network.up)).all()
        for node in range(network.nodes):
            assert best[network.tail == node].sum() == best[network.head == node].sum()
        assert cost @ best == cost @ cheapest_flow(network, cost, flow, free)
        better += cost @ best < cost @ flow
    assert better > 20


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
