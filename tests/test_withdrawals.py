"""Every withdrawal is a re-match without the person, and several decisions are solved again together."""

from __future__ import annotations

from pathlib import Path
from random import Random

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.errors import InfeasibleError
from ipmatch.front_door import match
from ipmatch.policy import Policy
from ipmatch.reading.documents import read_cohort
from ipmatch.study import Study

from .asking import applied, lost, rematched, shuffled, study
from .second_scorer import judged

SOME = range(0, 680, 12)


def test_a_withdrawal_is_a_rematch_without_the_person():
    possible = set()
    for case, oracle, matching in judged(SOME):
        asked = study(case)
        for identifier in shuffled(case, [*oracle.mentors, *oracle.mentees])[:2]:
            found = asked.without(identifier)
            assert set(found.partners) == {
                other
                for pair in matching.pairs()
                if identifier in pair
                for other in pair
                if other != identifier
            }
            for keep, outcome in (("all", found.repair), ("tie-break", found.best)):
                again = rematched(case, matching, keep, identifier)
                possible.add(found.possible)
                if again is None or outcome is None:
                    assert (again, outcome, found.possible) == (None, None, False), case.seed
                    assert found.conflict
                    continue
                assert dict(outcome.loss) == lost(matching, again), (case.seed, identifier, keep)
                own = {
                    pair for pair in matching.pairs() if identifier in pair and identifier in oracle.mentees
                }
                assert applied(matching, outcome.moves) - own == set(again.pairs()), (case.seed, identifier)
                had, has = ({mentee for _, mentee in one.pairs()} for one in (matching, again))
                assert set(outcome.newly_alone) == had - has - {identifier}
    assert possible == {True, False}


def test_resilience_is_every_mentors_withdrawal():
    for case, _, matching in judged(range(0, 680, 60)):
        asked = study(case)
        busy = sorted({mentor for mentor, _ in matching.pairs()})
        assert asked.resilience() == tuple(asked.without(mentor) for mentor in busy)


def test_several_decisions_are_solved_again_together():
    compared = 0
    for case, oracle, matching in judged(SOME):
        free = sorted(pair for pair in oracle.allowed if pair not in oracle.required | oracle.forbidden)
        if len(free) < 3:
            continue
        draw = Random(case.seed)
        (m, e), (n, f) = draw.sample(free, 2)
        decisions = [
            Decision(kind="require", mentor=m, mentee=e),
            Decision(kind="forbid", mentor=n, mentee=f),
            Decision(kind="withdraw", id=draw.choice([*oracle.mentors, *oracle.mentees])),
        ]
        cohort, policy = Cohort.model_validate(case.cohort), Policy.model_validate(case.policy)
        found = study(case).what_if(decisions)
        try:
            again = match(cohort, policy, criteria=case.criteria, decisions=decisions)
        except InfeasibleError:
            assert not found.possible
            continue
        assert dict(found.outcome.loss) == lost(matching, again), case.seed
        assert "together, for single prices do not add up" in found.because
        assert {(m, e)} <= applied(matching, found.outcome.moves) or {m, e} & {decisions[2].id}
        compared += 1
    assert compared > 15


def test_decisions_after_a_re_matching_are_what_re_matching_with_them_gives():
    """The present pairs were counted as earlier ones: to decide nothing gained 5 of these."""
    compared = moved = 0
    for case, oracle, matching in judged(range(0, 680, 24)):
        first, *others = shuffled(case, [*oracle.mentors, *oracle.mentees])
        for keep in ("all", "after-placed", "tie-break"):
            now = rematched(case, matching, keep, first)
            if now is None:
                continue
            asked = Study.of(Cohort.model_validate(case.cohort), now, criteria=case.criteria)
            nothing = asked.what_if([]).outcome
            assert (nothing.moves, any(nothing.loss.values())) == ((), False), case.seed
            if not others:
                continue
            found = asked.what_if([Decision(kind="withdraw", id=others[0])])
            again = rematched(case, matching, keep, first, others[0])
            assert found.possible == (again is not None)
            if again is not None:
                assert dict(found.outcome.loss) == lost(now, again), (case.seed, keep)
                compared, moved = compared + 1, moved + bool(found.outcome.moves)
    assert compared > 30
    assert moved > 15


def test_explaining_a_paired_person_tells_what_their_withdrawal_would_do():
    pilot = Study(read_cohort(Path(__file__).parent.parent / "examples" / "pairs.json"))
    paired = pilot.matching.pairings[0]
    assert pilot.explain(mentor=paired.mentor).withdrawal == pilot.without(paired.mentor)
    assert pilot.explain(mentee=paired.mentee).withdrawal == pilot.without(paired.mentee)
    assert pilot.explain(mentor="M10").withdrawal is None
