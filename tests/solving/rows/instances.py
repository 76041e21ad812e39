"""Seeded small problems under rules that leave the network, and their answers by enumeration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ipmatch.solving.network import build
from ipmatch.solving.problem import SIDES, Level, Problem, Quota
from ipmatch.solving.rows.space import Row, mentees_row, mentors_row, pairs_row
from tests.oracles import lottery_levels
from tests.solving.instances import placed, problem_of, random_levels, score_of


def random_rows_problem(rng: np.random.Generator, *, strict: float = 0.3):
    """At most 13 pairs, up to 5 rows; ``strict`` is how often a rule asks for much."""
    while True:
        mentors, mentees = int(rng.integers(1, 6)), int(rng.integers(1, 6))
        allowed = rng.random((mentors, mentees)) < rng.choice([0.4, 0.6, 0.8, 1.0])
        if allowed.sum() <= 13:
            break
    must = allowed & (rng.random(allowed.shape) < strict / 4)
    problem = problem_of(
        allowed,
        capacity=rng.integers(1, 4, mentors),
        minimum=np.where(rng.random(mentors) < strict / 2, rng.integers(0, 3, mentors), 0),
        wanted=np.where(rng.random(mentees) < 0.4, rng.integers(2, 4, mentees), 1),
        required=np.argwhere(must),
        seed=int(rng.integers(2**32)),
    )
    return problem, random_levels(rng, problem), random_rows(rng, problem, strict)


def random_rows(rng: np.random.Generator, problem: Problem, strict: float) -> list[Row]:
    network, rows = build(problem), []
    sizes = {"pairs": len(problem.mentor), "mentors": len(problem.capacity), "mentees": len(problem.wanted)}
    for i in range(int(rng.integers(1, 6))):
        kind = ["pairs", "pairs", "mentors", "mentees", "mixed"][rng.integers(5)]
        make = {"mentors": mentors_row, "mentees": mentees_row}.get(kind, pairs_row)
        chosen = np.flatnonzero(rng.random(sizes.get(kind, len(problem.mentor))) < rng.choice([0.3, 0.6, 1]))
        low, up = sorted(rng.integers(0, 4, 2).tolist())
        low = low if rng.random() < strict else None
        up = up if rng.random() < 0.7 else None
        if kind == "mixed":
            arcs = np.concatenate(
                [network.pairs.start + chosen, network.first.start + np.arange(len(problem.wanted))]
            )
            rows.append(Row(f"row {i}", arcs, rng.integers(-2, 3, len(arcs)), low and -low, up))
        else:
            rows.append(make(network, f"row {i}", chosen, low=low, up=up))
    return rows


@dataclass
class Enumeration:
    """Every pairing that keeps the rules, one in each row of ``used``."""

    problem: Problem
    used: np.ndarray

    def best(self, levels: list[Level]) -> tuple[tuple[int, ...], np.ndarray]:
        """The lexicographically best values, and the pairings that reach them."""
        used, values = self.used, []
        for level in levels:
            gained = gains(self.problem, level, used)
            values.append(int(gained.max()))
            used = used[gained == gained.max()]
        return tuple(values), used

    def best_by_lot(self, levels: list[Level]) -> np.ndarray:
        """The one best pairing once lots have settled the ties."""
        _, used = self.best(levels)
        for level in lottery_levels(self.problem):
            if len(used) == 1:
                return used[0]
            gained = gains(self.problem, level, used)
            used = used[gained == gained.max()]
        raise AssertionError


def counts(problem: Problem, used: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mentors = np.arange(len(problem.capacity))[None, :] == problem.mentor[:, None]
    mentees = np.arange(len(problem.wanted))[None, :] == problem.mentee[:, None]
    return used.astype(np.int64) @ mentors, used.astype(np.int64) @ mentees


def gains(problem: Problem, level: Level, used: np.ndarray) -> np.ndarray:
    load, given = counts(problem, used)
    total = np.zeros(len(used), np.int64)
    for gain, units in (
        (level.pair, used.astype(np.int64)),
        (level.first, np.minimum(given, 1)),
        (level.further, np.maximum(given - 1, 0)),
        (level.mentor, np.minimum(load, 1)),
    ):
        if gain is not None:
            total += units @ gain
    return total


def enumerate_all(problem: Problem, rows: list[Row]) -> Enumeration:
    pairs, network = len(problem.mentor), build(problem)
    used = (np.arange(2**pairs)[:, None] >> np.arange(pairs) & 1).astype(bool)
    load, given = counts(problem, used)
    holds = np.all((problem.minimum <= load) & (load <= problem.capacity), axis=1)
    holds &= np.all(given <= problem.wanted, axis=1) & np.all(used | ~problem.required, axis=1)
    units = np.zeros((len(used), len(network.tail)), np.int64)
    units[:, network.pairs] = used
    units[:, network.first] = np.minimum(given, 1)
    units[:, network.mentor_first] = np.minimum(load, 1)
    for row in rows:
        total = units[:, row.arcs] @ row.coefficients
        holds &= (total >= (-np.inf if row.low is None else row.low)) & (
            total <= (np.inf if row.up is None else row.up)
        )
    return Enumeration(problem, used[holds])


def crossing_cells(rng: np.random.Generator, mentors: int, mentees: int):
    """Minimum and maximum for each of 4 x 4 groups of mentors and mentees, and floors that cross them."""
    problem = problem_of(rng.random((mentors, mentees)) < 0.5, seed=int(rng.integers(2**32)))
    network = build(problem)
    of_mentor, of_mentee = rng.integers(0, 4, mentors), rng.integers(0, 4, mentees)
    rows = [
        pairs_row(
            network,
            f"cell {a}{b}",
            np.flatnonzero((of_mentor[problem.mentor] == a) & (of_mentee[problem.mentee] == b)),
            low=int((of_mentee == b).sum() / 8),
            up=int((of_mentee == b).sum() / 3) + 1,
        )
        for a in range(4)
        for b in range(4)
    ]
    sector = rng.integers(0, 5, mentees)
    rows += [
        mentees_row(network, f"floor {k}", np.flatnonzero(sector == k), low=int(0.8 * (sector == k).sum()))
        for k in range(3)
    ]
    score = rng.integers(0, 12, (mentors, mentees)) * 25
    return problem, [placed(problem), score_of(score, problem)], rows


def random_quotas(rng: np.random.Generator, problem: Problem) -> tuple[Quota, ...]:
    """Up to 8 groups of either side, many of which cross."""
    quotas = []
    for _ in range(int(rng.integers(4, 9))):
        side = SIDES[rng.integers(2)]
        people = len(problem.capacity if side == "mentor" else problem.wanted)
        members = np.flatnonzero(rng.random(people) < 0.6)
        least = int(rng.integers(0, 3)) if rng.random() < 0.3 else 0
        most = int(rng.integers(1, 4)) if rng.random() < 0.6 else None
        quotas.append(Quota(side, members, minimum=least, maximum=most))
    return tuple(quotas)
