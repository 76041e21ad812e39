"""``max_changes`` and the frontier: judged by every pairing of small second rounds, one by one."""

from __future__ import annotations

from collections import Counter
from math import prod

import pytest

import ipmatch as ip
from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError, InputError, UsageError
from ipmatch.front_door import match, rematch, rematch_frontier, verify
from ipmatch.policy import Policy

from .enumerated import every_pairing
from .rounds import judge, second_round

SEEDS = range(160)
MOST = 600


def rounds():
    """Second rounds with few pairings, each with its judge and everything that the rules allow."""
    for seed in SEEDS:
        found = second_round(seed)
        if found is None or not found.previous.pairings:
            continue
        oracle = judge(seed, "tie-break")
        ways = prod(2 ** sum(pair[1] == e for pair in oracle.allowed) for e in oracle.mentees)
        if ways <= MOST and not oracle.clash:
            yield found, oracle, list(every_pairing(oracle))


def values(oracle, pairs):
    return tuple(oracle.value(pairs).values())


def changes(oracle, pairs):
    return len(oracle.still_possible - pairs)


def again(found, **options):
    cohort = Cohort.model_validate(found.cohort)
    return rematch(cohort, found.previous, criteria=found.case.criteria, **options)


def test_the_best_with_so_many_changes_is_that_of_trying_everything():
    met = Counter()
    for found, oracle, pairings in rounds():
        for most in range(len(oracle.still_possible) + 1):
            allowed = [pairs for pairs in pairings if changes(oracle, pairs) <= most]
            if not allowed:
                with pytest.raises(InfeasibleError) as caught:
                    again(found, max_changes=most)
                least = min((changes(oracle, pairs) for pairs in pairings), default=None)
                if least is not None:
                    assert f"allow {least} change" in str(caught.value).lower(), found.case.seed
                    met["least"] += 1
                continue
            matching = again(found, max_changes=most)
            best = max(values(oracle, pairs) for pairs in allowed)
            assert tuple(level.value for level in matching.objective) == best, found.case.seed
            assert matching.rematch.still_possible - matching.rematch.kept <= most
            assert matching.rematch.max_changes == most
            met[matching.certificate.method] += 1
            cohort = Cohort.model_validate(found.cohort)
            assert verify(cohort, matching, criteria=found.case.criteria).faults == (), found.case.seed
    assert met["network"] > 20
    assert met["lagrangian"] > 20
    assert met["least"] > 2


def test_every_point_of_the_frontier_is_the_best_with_so_many_changes():
    longest = 0
    for found, oracle, pairings in rounds():
        cohort = Cohort.model_validate(found.cohort)
        if not pairings:
            continue
        frontier = rematch_frontier(cohort, found.previous, criteria=found.case.criteria)
        expected, best = [], None
        for most in range(len(oracle.still_possible) + 1):
            within = [values(oracle, pairs)[:-1] for pairs in pairings if changes(oracle, pairs) <= most]
            if within and (best is None or max(within) > best):
                best = max(within)
                expected.append((most, best))
        assert [(p.changes, tuple(p.objective.values())) for p in frontier.points] == expected, (
            found.case.seed
        )
        assert frontier.complete
        assert all(point.exact for point in frontier.points)
        assert frontier.still_possible == len(oracle.still_possible)
        longest = max(longest, len(expected))
    assert longest >= 3


STORY = {
    "mentors": [{"id": f"M{n}", "sectors": ["icb"], "region": "Kent"} for n in range(3)],
    "mentees": [{"id": f"E{n}", "sectors": ["icb"], "region": "Kent"} for n in range(3)],
}


def test_a_count_that_no_weight_on_keeping_finds_is_found():
    """Scores 2 3 4 / 5 0 0 / 4 5 1, kept on the diagonal: the best with two changes is not on the hull."""
    worth = {(0, 0): 2, (0, 1): 3, (0, 2): 4, (1, 0): 5, (2, 0): 4, (2, 1): 5, (2, 2): 1}

    class Worth:
        name = "worth"

        def mentor_key(self, mentor):
            return mentor.id

        def mentee_key(self, mentee):
            return mentee.id

        def strength(self, mentor_key, mentee_key):
            return worth.get((int(mentor_key[1]), int(mentee_key[1])), 0) / 10

        def because(self, mentor, mentee, strength):
            return f"{mentor.id} and {mentee.id} are worth {strength}."

    policy = Policy(weights={"worth": 10, "sector": 0, "scope": 0, "region": 0, "organisation": 0})
    cohort = Cohort.model_validate(STORY)
    diagonal = cohort.model_copy(
        update={"required_pairs": tuple(ip.NamedPair(mentor=f"M{n}", mentee=f"E{n}") for n in range(3))}
    )
    first = match(diagonal, policy, criteria=[Worth()])
    frontier = rematch_frontier(cohort, first, criteria=[Worth()])
    assert [(point.changes, point.objective["score"]) for point in frontier.points] == [
        (0, 3),
        (2, 9),
        (3, 14),
    ]
    assert frontier.because == (
        "Beside the matching with 0 changes: 2 changes would gain 6 points; 3 changes would gain 11 points."
    )


def test_the_reason_of_somebody_left_alone_for_the_limit_names_the_limit():
    people = {
        "mentors": [{"id": "M0", "sectors": ["icb"]}, {"id": "M1", "sectors": ["icb"], "avoids": ["E1"]}],
        "mentees": [{"id": "E0", "sectors": ["icb"]}, {"id": "E1", "sectors": ["icb"]}],
    }
    cohort = Cohort.model_validate(people)
    alone = cohort.model_copy(update={"mentees": cohort.mentees[:1], "mentors": cohort.mentors[:1]})
    first = match(alone)
    kept = rematch(cohort, first, max_changes=0)
    (left,) = kept.unmatched_mentees
    assert left.code == "held-by-rule"
    assert left.because.startswith("But for the limit of 0 changes, E1 could have a mentor without anybody")
    assert rematch(cohort, first, max_changes=1).unmatched_mentees == ()


def test_a_limit_below_zero_or_beside_fairness_is_refused():
    cohort = Cohort.model_validate(STORY)
    first = match(cohort)
    with pytest.raises(UsageError, match="max_changes: -1 is not a whole number of 0 or more"):
        rematch(cohort, first, max_changes=-1)
    fair = Policy(objective={"levels": ["placed", "fairness"]})
    with pytest.raises(InputError, match='"fairness" cannot stand beside rules that overlap'):
        rematch(cohort, first, fair, max_changes=1)
    with pytest.raises(InputError, match='"fairness" cannot stand beside rules that overlap'):
        rematch_frontier(cohort, first, fair)
