"""One request under many policies: those that differ in weights alone share all that weights do not touch."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ipmatch.answering import solved
from ipmatch.policy import Policy
from ipmatch.posing import Posed, posed_under
from ipmatch.requests import Request
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.best import Solution
from ipmatch.solving.faces import Face, face_of
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.pool import first_pool
from ipmatch.solving.problem import Level
from ipmatch.solving.values import is_linear

__all__ = ["Trials"]


class Trials:
    """The pairings of one request under one policy after the other.

    Every answer is what :func:`ipmatch.match` gives, and is proved. The first policy with given rules is
    solved like any other; under other weights only the levels from ``score`` on are decided anew, among the
    pairings that are best by the levels before.

    Parameters
    ----------
    request
        The people, criteria and decisions; its policy is not looked at.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._known: dict[Policy, _Known] = {}

    def solved(self, policy: Policy) -> tuple[Posed, BoolVector]:
        """The problem under a policy, and the pairs used [P].

        Raises
        ------
        InputError, InfeasibleError, InternalError
            As :func:`ipmatch.match`.
        """
        rules = policy.model_copy(update={"weights": Policy().weights})
        known = self._known.get(rules)
        if known is not None and known.face is not None:
            posed = posed_under(known.posed, policy)
            return posed, _decided(posed, known.face)
        posed, assignment = solved(replace(self._request, policy=policy))
        self._known[rules] = _Known(posed, _before_the_score(posed, assignment))
        return posed, assignment.used


@dataclass(frozen=True, slots=True)
class _Known:
    """A problem, and all pairings best by the levels before ``score``; None where there is no such face."""

    posed: Posed
    face: Face | None


def _before_the_score(posed: Posed, assignment: Solution) -> Face | None:
    if not isinstance(assignment, Assignment):
        return None
    levels = posed.levels
    if not is_linear(levels) or posed.is_stable or not assignment.complete:
        return None
    face = face_of(posed.problem, levels[: _first_weighted(posed)], assignment)
    face.pool[face.network.pairs] |= first_pool(posed.problem, levels) | assignment.used
    return face


def _first_weighted(posed: Posed) -> int:
    names = [level.name for level in posed.levels]
    return names.index("score") if "score" in names else len(names)


def _decided(posed: Posed, face: Face) -> BoolVector:
    for level in posed.levels[_first_weighted(posed) :]:
        if isinstance(level, Level):
            face = face.best(face.network.cost(level))
    return face.drawn().used
