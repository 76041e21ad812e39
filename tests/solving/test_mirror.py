"""What one more unit would lose in a big cohort is what it would lose if all its pairs were listed."""

from dataclasses import replace

import numpy as np
import pytest

from ipmatch.solving.columns import packed, sets, start
from ipmatch.solving.columns.choices import counted_choices
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.columns.mirror import GridWays
from ipmatch.solving.columns.openings import GridOpenings
from ipmatch.solving.columns.terrain import found
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.lexicographic import solve
from ipmatch.solving.marginals import distances, loss_of_placing, loss_of_using
from ipmatch.solving.openings import openings_of
from tests.solving.grids import dense, keys_of, random_goals, random_grid


def told(answer):
    """Losses and what is possible, ready to compare."""
    levels, possible = answer
    return [level.tolist() for level in levels], possible.tolist()


def pairing_of(rng, grid, goals):
    """The best pairing with all pairs listed, its levels, and the problem of its pairs alone; or None."""
    keys, listed = keys_of(grid), dense(grid)
    levels = [grid.level(goal, keys) for goal in goals]
    try:
        used = solve(listed, levels).used
    except RulesClash:
        return None
    own = keys[used]
    few = replace(grid.listed(own), choices=counted_choices(grid.terrain))
    few_levels = [grid.level(goal, own) for goal in goals]
    every = np.ones(len(few.mentor), np.bool_)
    few.kept["ways"] = GridWays(grid, goals, few, few_levels, every, Crew(grid.terrain))
    return listed, levels, used, few, few_levels


@pytest.mark.parametrize("seed", range(120))
def test_losses_and_distances_are_those_of_the_listed_problem(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(start, "FIRST", 1)
    monkeypatch.setattr(start, "ANY", int(rng.integers(0, 2)))
    # In so little room levels do not fit into one number, or only seem to at first.
    monkeypatch.setattr(packed, "_ROOM", 2 ** int(rng.choice([16, 24, 32, 55])))
    grid = random_grid(rng)
    goals = random_goals(rng, grid)
    pairing = pairing_of(rng, grid, goals)
    if pairing is None:
        return
    listed, levels, used, few, few_levels = pairing
    every = np.ones(len(few.mentor), np.bool_)
    for ask in (loss_of_placing, loss_of_using):
        assert told(ask(few, few_levels, every)) == told(ask(listed, levels, used))
    for to_root in (False, True):
        ours = distances(few, few_levels, every, to_root=to_root)
        assert told(ours) == told(distances(listed, levels, used, to_root=to_root))


def test_levels_too_large_for_one_number_are_measured_one_by_one():
    rng, grown = np.random.default_rng(1), 0
    for _ in range(20):
        grid = random_grid(rng)
        goals = random_goals(rng, grid)
        if not goals:
            continue
        costs = [np.array([7]) for _ in goals]
        whole = packed.packed_in(grid.terrain, goals, costs, 1)
        apart = packed.packed_in(grid.terrain, goals, costs, 1, 2**40)
        assert len(apart) == len(goals)
        assert len(whole) <= len(apart)
        grown += len(whole) < len(apart)
        values = np.arange(-5, 6)
        entries = [rng.integers(-9, 10, len(values)) for _ in whole[0].reach]
        sums = sum(
            entry * int(np.prod([2 * reach + 1 for reach in whole[0].reach[place + 1 :]], dtype=object))
            for place, entry in enumerate(entries)
        )
        assert [entry.tolist() for entry in whole[0].unpacked(sums)] == [entry.tolist() for entry in entries]
    assert grown > 10


@pytest.mark.parametrize("seed", range(40))
def test_who_could_still_be_paired_is_what_a_list_of_pairs_says(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    monkeypatch.setattr(sets, "KEPT", seed % 2 << 20)
    grid = random_grid(rng, people=90)
    keys = keys_of(grid)
    used = np.sort(rng.choice(keys, len(keys) // 9, replace=False)) if len(keys) else keys
    ours, listed = GridOpenings(grid.terrain, used), openings_of(dense(grid), found(used, keys)[1])
    for share in (0.02, 0.2, 1):
        mentors, mentees = rng.random(len(grid.capacity)) < share, rng.random(len(grid.wanted)) < share
        assert np.array_equal(ours.mentors_of(mentees), listed.mentors_of(mentees))
        assert np.array_equal(ours.mentees_of(mentors), listed.mentees_of(mentors))
        assert np.array_equal(ours.mentors_of(mentees, mentors), listed.mentors_of(mentees) & mentors)
        among = ours.mentees_of(mentors, mentees)
        assert np.array_equal(among & mentees, listed.mentees_of(mentors) & mentees)
