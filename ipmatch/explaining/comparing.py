"""Two matchings side by side: by pair, by person, by tier and by points."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from ipmatch.answers import Comparison, PersonCompared, Totals
from ipmatch.document import FrozenMap
from ipmatch.matching import Matching, Pairing
from ipmatch.words import counted

__all__ = ["compare"]


def compare(first: Matching, second: Matching) -> Comparison:
    """What differs between two matchings, of the same cohort or not."""
    ours, theirs = first.pairs(), second.pairs()
    before, after = _by_mentee(first), _by_mentee(second)
    mentees = tuple(
        _person(mentee, before.get(mentee, ()), after.get(mentee, ())) for mentee in sorted({*before, *after})
    )
    changed = sum(person.code != "same" for person in mentees)
    common = counted(len(ours & theirs), "pair is", "pairs are")
    people = counted(changed, "mentee has", "mentees have")
    return Comparison(
        same_cohort=first.run.cohort_sha256 == second.run.cohort_sha256,
        same_policy=first.run.policy == second.run.policy,
        pairs_in_both=len(ours & theirs),
        only_in_first=tuple(sorted(ours - theirs)),
        only_in_second=tuple(sorted(theirs - ours)),
        totals=(_totals(first), _totals(second)),
        mentees=mentees,
        because=f"{common} in both matchings; {people} other mentors in the second than in the first.",
    )


def _by_mentee(matching: Matching) -> dict[str, tuple[Pairing, ...]]:
    found: dict[str, tuple[Pairing, ...]] = {}
    for pairing in matching.pairings:
        found[pairing.mentee] = (*found.get(pairing.mentee, ()), pairing)
    return found


def _person(mentee: str, before: tuple[Pairing, ...], after: tuple[Pairing, ...]) -> PersonCompared:
    code: Literal["same", "moved", "only-in-first", "only-in-second"]
    mentors = tuple(p.mentor for p in before), tuple(p.mentor for p in after)
    if mentors[0] == mentors[1]:
        code = "same"
    elif not after:
        code = "only-in-first"
    else:
        code = "moved" if before else "only-in-second"
    return PersonCompared(
        mentee=mentee,
        code=code,
        mentors=mentors,
        tiers=(tuple(p.tier for p in before), tuple(p.tier for p in after)),
        points=(_sum(before), _sum(after)),
    )


def _totals(matching: Matching) -> Totals:
    return Totals(
        pairs=len(matching.pairings),
        placed=matching.summary.placed,
        tiers=matching.summary.tiers,
        score=_sum(matching.pairings),
        objective=FrozenMap({level.level: level.value for level in matching.objective}),
    )


def _sum(pairings: tuple[Pairing, ...]) -> Decimal:
    return sum((pairing.score for pairing in pairings), Decimal(0))
