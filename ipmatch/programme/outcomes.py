"""What a round came to: who did what, out of how many, with exact intervals, and no more than that says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ipmatch.cohort import Cohort
from ipmatch.document import Exact, Frozen
from ipmatch.matching import Matching, Pairing
from ipmatch.people import Mentee, Mentor
from ipmatch.programme.intervals import clopper_pearson
from ipmatch.programme.survey import Answer

__all__ = ["Breakdown", "Outcome", "Paired", "Share", "Taker", "interval", "outcome", "pairs_of", "takers_of"]

Label = str | None


class Share(Frozen):
    """How many gave one answer, with the exact 95 % interval of their proportion; ``None`` is not shown."""

    answer: str
    count: int | None
    low: Exact | None = None
    high: Exact | None = None


class Outcome(Frozen):
    """One question: how many of whom gave each answer; ``unknown`` are those of whom it is not known.

    ``of`` counts those of whom it is known; where ``several`` answers could be given, they add up to more.
    """

    code: str
    title: str
    whose: str
    of: int | None
    shares: tuple[Share, ...]
    unknown: int | None = 0
    several: bool = False


class Breakdown(Frozen):
    """One outcome of pairs, group by group; the answer of a share is the group, ``of`` its pairs by group."""

    code: str
    title: str
    by: str
    groups: tuple[Share, ...]
    of: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Taker:
    """A person who was paired, and what they answered, if they did."""

    person: Mentor | Mentee
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Paired:
    """A pair, with both people."""

    pairing: Pairing
    mentor: Taker
    mentee: Taker
    mentor_has_others: bool
    mentee_has_others: bool

    def said(self, field: str) -> object:
        """What the mentee said of the pair; failing that, the mentor: each where it is their only one."""
        return next(iter(self._said(field)), None)

    def differs(self, field: str) -> bool:
        """Whether the two said different things of the pair."""
        return len(set(self._said(field))) > 1

    def _said(self, field: str) -> list[object]:
        """What is known to be said of this pair, for whoever has others may have answered of these."""
        ways = (self.mentee, self.mentee_has_others), (self.mentor, self.mentor_has_others)
        given = [getattr(taker.answer, field) for taker, others in ways if taker.answer and not others]
        return [value for value in given if value is not None]


def takers_of(cohort: Cohort, matching: Matching, answers: Sequence[Answer]) -> dict[str, Taker]:
    """Everyone paired, by id, mentors first."""
    given = {answer.id: answer for answer in answers}
    paired = {identifier for pair in matching.pairs() for identifier in pair}
    people = sorted(cohort.people, key=lambda person: (person.side == "mentee", person.id))
    return {person.id: Taker(person, given.get(person.id)) for person in people if person.id in paired}


def pairs_of(matching: Matching, takers: dict[str, Taker]) -> tuple[Paired, ...]:
    """Every pair, in the order of the matching."""
    pairs = Counter(identifier for pair in matching.pairs() for identifier in pair)
    return tuple(
        Paired(
            pairing,
            takers[pairing.mentor],
            takers[pairing.mentee],
            mentor_has_others=pairs[pairing.mentor] > 1,
            mentee_has_others=pairs[pairing.mentee] > 1,
        )
        for pairing in matching.pairings
    )


def outcome(
    code: str,
    title: str,
    whose: str,
    labels: Sequence[Label],
    answers: Sequence[str],
    *,
    several: Sequence[Sequence[str]] = (),
) -> Outcome:
    """The answers to a question counted, with their intervals.

    Parameters
    ----------
    labels
        For each of whom it could be known, one of the answers; ``None`` where it is not known.
    answers
        The answers in the order they are listed.
    several
        Where more than one could be given: for each label that is known, all that was given.
    """
    known = [label for label in labels if label is not None]
    of = len(known)
    counts = {
        answer: sum(answer in given for given in several) if several else known.count(answer)
        for answer in answers
    }
    shares = tuple(
        Share(answer=answer, count=count, **interval(count, of)) for answer, count in counts.items()
    )
    return Outcome(
        code=code,
        title=title,
        whose=whose,
        of=of,
        shares=shares,
        unknown=len(labels) - of,
        several=bool(several),
    )


def interval(count: int, of: int) -> dict[str, Exact]:
    """The ends of the exact interval, none where there is nobody."""
    if not of:
        return {}
    low, high = clopper_pearson(count, of)
    return {"low": low, "high": high}
