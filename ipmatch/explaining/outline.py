"""What a matching says as a whole: how many there are of what, who takes no part, and what it answers."""

from __future__ import annotations

from collections import Counter

import numpy as np

from ipmatch.decisions import recorded
from ipmatch.document import FrozenMap
from ipmatch.matching import Counts, NotTakingPart, Run, Summary
from ipmatch.policy import TIERS
from ipmatch.requests import Request
from ipmatch.scoring.pairs import PairScores
from ipmatch.scoring.participants import Participants
from ipmatch.solving.arrays import IndexVector

__all__ = ["not_taking_part", "run_of", "summary_of"]


def summary_of(scores: PairScores, mentors: IndexVector, mentees: IndexVector) -> Summary:
    """The counts of a cohort and of its pairs, by row and column; of tiers those with pairs, best first."""
    cohort, people = scores.cohort, scores.people
    tiers = Counter(TIERS[tier] for tier in scores.tiers_at(mentors, mentees).tolist())
    return Summary.model_construct(
        mentors=len(cohort.mentors),
        mentees=len(cohort.mentees),
        taking_part=Counts.model_construct(mentors=len(people.mentors), mentees=len(people.mentees)),
        places=sum(mentor.capacity for mentor in people.mentors),
        # np.unique would do, and load the whole of numpy.ma for it.
        placed=int(np.count_nonzero(np.bincount(mentees))),
        tiers=FrozenMap({tier: tiers[tier] for tier in TIERS if tiers[tier]}),
    )


def not_taking_part(people: Participants) -> tuple[NotTakingPart, ...]:
    """Everyone who takes no part, and why."""
    return tuple(
        NotTakingPart.model_construct(
            side=out.side, id=out.id, code=out.code, facts=out.facts, because=out.because
        )
        for out in people.left_out
    )


def run_of(request: Request, scores: PairScores, version: str) -> Run:
    """What a matching answers, so that it can be made again; of decisions not who took them, nor why."""
    return Run.model_construct(
        ipmatch=version,
        cohort_sha256=request.fingerprint,
        seed=scores.policy.objective.seed,
        policy=scores.policy,
        decisions=recorded(request.decisions),
        criteria=scores.own_criteria,
    )
