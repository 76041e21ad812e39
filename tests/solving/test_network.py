import subprocess
import sys

import numpy as np
import pytest

from ipmatch.errors import InternalError
from ipmatch.solving.flow import cheapest_flow
from ipmatch.solving.network import build
from ipmatch.solving.prices import canonical_prices, largest_price
from ipmatch.solving.problem import Level, Problem, check_levels
from tests import oracles
from tests.solving.instances import problem_of, random_levels, random_problem


def arguments(**changes):
    return {
        "capacity": np.array([1, 2]),
        "minimum": np.array([0, 1]),
        "wanted": np.array([1, 1]),
        "mentor": np.array([0, 1]),
        "mentee": np.array([0, 1]),
        "required": np.array([False, True]),
        "mentor_number": np.array([1, 2], np.uint64),
        "mentee_number": np.array([1, 2], np.uint64),
    } | changes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"minimum": np.array([0])}, r"minimum: expected 2 entries of int64, found shape \(1,\) of int64"),
        (
            {"required": np.array([0, 1])},
            r"required: expected 2 entries of bool, found shape \(2,\) of int64",
        ),
        ({"capacity": np.array([0, 1])}, "capacity: every entry must lie between 1 and"),
        ({"minimum": np.array([-1, 1])}, "minimum: every entry must lie between 0 and"),
        ({"wanted": np.array([1, 0])}, "wanted: every entry must lie between 1 and"),
        ({"mentor": np.array([0, 2])}, "mentor: every entry must lie between 0 and 1"),
        ({"mentee": np.array([-1, 0])}, "mentee: every entry must lie between 0 and 1"),
        ({"mentor": np.array([1, 0])}, "the pairs must be sorted by mentor, then mentee, each once"),
        (
            {"mentor": np.array([0, 0]), "mentee": np.array([0, 0])},
            "sorted by mentor, then mentee, each once",
        ),
        ({"mentor_number": np.array([1, 2])}, "mentor_number: expected 2 entries of uint64"),
    ],
)
def test_a_problem_out_of_order_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        Problem(**arguments(**changes))


ONE = np.ones(2, np.int64)


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ([Level("a", 1), Level("a", 1)], "level 'a': the name is taken"),
        ([Level("lottery.pairs.0", 1)], r"level 'lottery\.pairs\.0': the name is taken"),
        ([Level("a", -1)], "level 'a': the bound -1 is negative or too large"),
        ([Level("a", 2**58)], "level 'a': the bound 288230376151711744 is negative or too large"),
        ([Level("a", 1, pair=np.ones(3, np.int64))], "level 'a', pair: expected 2 entries of int64"),
        (
            [Level("a", 1, first=np.ones(2))],
            "level 'a', first: expected 2 entries of int64, found .* of float64",
        ),
        ([Level("a", 1, mentor=-2 * ONE)], "level 'a', mentor: a gain exceeds the bound 1"),
        ([Level("a", 1, further=ONE)], "a first mentor or mentee must never gain less than a further one"),
        ([Level("a", 1), Level("b", 1, mentor=-ONE)], "a first mentor or mentee must never gain less"),
    ],
)
def test_levels_no_flow_can_express_are_refused(levels, message):
    problem = problem_of(np.eye(2), capacity=[2, 2], wanted=[2, 2])
    with pytest.raises(ValueError, match=message):
        check_levels(problem, levels)


def test_a_further_mentor_may_gain_once_the_first_has_gained_more():
    problem = problem_of(np.eye(2), wanted=[2, 2])
    check_levels(problem, [Level("a", 1, first=ONE), Level("b", 1, further=ONE, mentor=-ONE)])


@pytest.mark.parametrize("seed", range(20))
def test_flows_and_costs_count_what_the_definition_counts(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    while len(problem.mentor) > 9:
        problem = random_problem(rng)
    network, levels = build(problem), random_levels(rng, problem)
    for used in oracles.pairings(problem):
        flow = network.flow_of(used)
        assert np.all((network.low <= flow) & (flow <= network.up))
        balance = np.bincount(network.head, flow, network.nodes) - np.bincount(
            network.tail, flow, network.nodes
        )
        assert not balance.any()
        assert tuple(-int(network.cost(level) @ flow) for level in levels) == oracles.values(
            problem, levels, used
        )


@pytest.mark.parametrize("seed", range(20))
def test_the_oracle_that_merges_ways_agrees_with_plain_enumeration(seed):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng)
    while len(problem.mentor) > 9:
        problem = random_problem(rng)
    levels = random_levels(rng, problem)
    every = [oracles.values(problem, levels, used) for used in oracles.pairings(problem)]
    merged = oracles.best(problem, levels)
    assert (merged and merged[:2]) == ((max(every), every.count(max(every))) if every else None)


def test_a_node_cut_off_from_the_root_is_priced_at_most():
    problem = problem_of([[0]])
    network = build(problem)
    nothing = np.zeros(len(network.tail), np.int64)
    prices = canonical_prices(network, nothing, nothing, np.arange(len(network.tail)), bound=3)
    assert prices.tolist() == [0, largest_price(network, 3), 0]
    assert largest_price(network, 3) == 4 * 4 * 4


def test_any_other_verdict_of_the_flow_solver_is_an_internal_error():
    network = build(problem_of([[1]]))
    cost = np.full(len(network.tail), 2**62)
    with pytest.raises(InternalError, match="The flow solver stopped with BAD_COST_RANGE"):
        cheapest_flow(network, cost, network.low, np.arange(len(cost)))


def test_the_cheapest_flow_keeps_what_it_may_not_change():
    network = build(problem_of(np.ones((2, 2))))
    flow = network.flow_of(np.array([True, False, False, False]))
    free = np.setdiff1d(np.arange(len(flow)), [network.pairs.start])
    cost = np.ones(len(flow), np.int64)
    assert cheapest_flow(network, cost, flow, free)[network.pairs].tolist() == [1, 0, 0, 0]


def test_all_but_the_solver_work_where_ortools_is_not_installed():
    names = "balance, certificate, fairness, lottery, marginals, network, prices, problem, quotas, ties"
    program = f"import sys; sys.modules['ortools'] = None; from ipmatch.solving import {names}; print('ok')"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("ok\n", "")
    solver = subprocess.run(
        [sys.executable, "-c", program.replace("certificate", "flow")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ModuleNotFoundError: No module named 'ortools" in solver.stderr
