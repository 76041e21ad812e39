"""Two matchings side by side: by pair, by person, by tier and by points."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Literal

from ipmatch.answers.overviews import Comparison, PersonCompared, Totals
from ipmatch.document import FrozenMap
from ipmatch.expecting import expect
from ipmatch.matching import Matching, Pairing
from ipmatch.policy import TIERS
from ipmatch.words import counted, listed

__all__ = ["compare"]


def compare(first: Matching, second: Matching) -> Comparison:
    """What differs between two matchings, of the same cohort or not.

    Trusts neither: all but the values of the levels is counted from the pairs themselves. Raises
    ``UsageError`` if either is no matching.
    """
    expect(first=(first, Matching), second=(second, Matching))
    ours, theirs = first.pairs(), second.pairs()
    before, after = _by_mentee(first), _by_mentee(second)
    mentees = tuple(
        _person(mentee, before.get(mentee, ()), after.get(mentee, ())) for mentee in sorted({*before, *after})
    )
    totals = _totals(first), _totals(second)
    same_policy = first.run.policy == second.run.policy
    same_criteria = set(first.run.criteria) == set(second.run.criteria)
    decided = [[decision.words for decision in matching.run.decisions] for matching in (first, second)]
    return Comparison(
        same_cohort=first.run.cohort_sha256 == second.run.cohort_sha256,
        same_policy=same_policy,
        same_decisions=decided[0] == decided[1],
        same_criteria=same_criteria,
        pairs_in_both=len(ours & theirs),
        only_in_first=tuple(sorted(ours - theirs)),
        only_in_second=tuple(sorted(theirs - ours)),
        totals=totals,
        mentees=mentees,
        because=" ".join(
            [
                _pairs_in_words(len(ours & theirs), mentees),
                _difference_in_words(*totals, same_rules=same_policy and same_criteria),
            ]
        ),
    )


def _by_mentee(matching: Matching) -> dict[str, tuple[Pairing, ...]]:
    found: dict[str, dict[str, Pairing]] = {}
    for pairing in sorted(matching.pairings, key=lambda pairing: pairing.mentor):
        found.setdefault(pairing.mentee, {})[pairing.mentor] = pairing
    return {mentee: tuple(pairings.values()) for mentee, pairings in found.items()}


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
    pairings = tuple(pairing for own in _by_mentee(matching).values() for pairing in own)
    tiers = Counter[str](pairing.tier for pairing in pairings)
    return Totals(
        pairs=len(pairings),
        placed=len({pairing.mentee for pairing in pairings}),
        tiers=FrozenMap({tier: tiers[tier] for tier in TIERS if tiers[tier]}),
        score=_sum(pairings),
        objective=FrozenMap({level.level: level.value for level in matching.objective}),
    )


def _sum(pairings: tuple[Pairing, ...]) -> Decimal:
    return sum((pairing.score for pairing in pairings), Decimal(0))


def _pairs_in_words(common: int, mentees: tuple[PersonCompared, ...]) -> str:
    changed = Counter[str](person.code for person in mentees if person.code != "same")
    if not mentees:
        return "Neither matching has a pair."
    if not changed:
        return f"The two matchings have the same {counted(common, 'pair')}."
    pairs = counted(common, "pair is", "pairs are")
    ways = {
        "moved": "other mentors in the second than in the first",
        "only-in-first": "a mentor in the first only",
        "only-in-second": "a mentor in the second only",
    }
    people = [
        f"{counted(changed[code], 'mentee has', 'mentees have')} {words}"
        for code, words in ways.items()
        if changed[code]
    ]
    return f"{pairs} in both matchings; {listed(people)}."


def _difference_in_words(first: Totals, second: Totals, *, same_rules: bool) -> str:
    """Who places more, for more points; each matching's points are those of the rules it was made by."""
    placed, points = second.placed - first.placed, second.score - first.score
    own = "" if same_rules else ", each by its own rules"
    parts = []
    if placed:
        than = "more" if placed > 0 else "fewer"
        parts.append(f"places {counted(abs(placed), f'mentee {than}', f'mentees {than}')}")
    if points:
        than = "more" if points > 0 else "fewer"
        parts.append(f"scores {counted(abs(points), f'point {than}', f'points {than}')}{own}")
    if not parts:
        return f"Both place as many, for as many points{own}."
    return f"The second {listed(parts)}."
