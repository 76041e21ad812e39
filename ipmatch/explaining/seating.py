"""Which session each pair goes to, and the words for places that run out."""

from __future__ import annotations

import numpy as np

from ipmatch.requests import AnyPosed
from ipmatch.scoring.rules import able_pairs
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.sessions import shared_out

__all__ = ["sessions_of"]


def sessions_of(posed: AnyPosed, used: BoolVector) -> dict[int, str | None]:
    """For each pair used, by index, the label of its session; ``None`` where the policy lists none."""
    sessions, pairs = posed.scores.policy.sessions, np.flatnonzero(used).tolist()
    if not sessions:
        return dict.fromkeys(pairs)
    able = able_pairs(posed.scores.people, posed.scores.policy)
    theirs = able[posed.problem.mentor[used], posed.problem.mentee[used]].tolist()
    where = shared_out(theirs, [session.places for session in sessions])
    return {pair: None if k is None else sessions[k].label for pair, k in zip(pairs, where, strict=True)}
