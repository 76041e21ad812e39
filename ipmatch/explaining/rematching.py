"""What a re-match did with the earlier pairs: which ended and why, which were kept, and who changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

from ipmatch.matching import Change, EndedPair, Rematch
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector
from ipmatch.words import names, rule_words

__all__ = ["explain_rematch"]

Code = Literal["not-in-cohort", "not-taking-part", "removed-by-rule"]


def explain_rematch(posed: Posed, used: BoolVector) -> Rematch | None:
    """How the pairs used follow on from the earlier matching; ``None`` if there was none."""
    earlier = posed.request.earlier
    if earlier is None:
        return None
    ended = tuple(_ended(posed, earlier.pairs))
    return Rematch(
        keep=earlier.keep,
        earlier=tuple(sorted(earlier.pairs)),
        still_possible=int(posed.earlier.sum()),
        kept=int((posed.earlier & used).sum()),
        ended=ended,
        changes=tuple(_changes(posed, used, earlier.pairs, ended)),
    )


def _ended(posed: Posed, pairs: Iterable[tuple[str, str]]) -> Iterable[EndedPair]:
    people = posed.scores.people
    rows = {person.id: i for i, person in enumerate(people.mentors)}
    columns = {person.id: j for j, person in enumerate(people.mentees)}
    out = {person.id: person for person in people.left_out}
    for mentor, mentee in sorted(pairs):
        absent = [one for one, known in ((mentor, rows), (mentee, columns)) if one not in known]
        left = [out[one] for one in absent if one in out]
        if left:
            facts = {"id": left[0].id, "code": left[0].code}
            yield _ending(mentor, mentee, "not-taking-part", facts, left[0].because)
        elif absent:
            because = f"{names(absent)} {'is' if len(absent) == 1 else 'are'} not in this cohort."
            yield _ending(mentor, mentee, "not-in-cohort", {"ids": absent}, because)
        elif not posed.scores.allowed[rows[mentor], columns[mentee]]:
            rules = posed.scores.rules_against(rows[mentor], columns[mentee])
            words = names([rule_words(rule) for rule in rules])
            because = f"{mentor} and {mentee} may no longer be paired: {words}."
            yield _ending(mentor, mentee, "removed-by-rule", {"rules": rules}, because)


def _ending(mentor: str, mentee: str, code: Code, facts: dict[str, Any], because: str) -> EndedPair:
    return EndedPair(mentor=mentor, mentee=mentee, code=code, facts=facts, because=because)


def _changes(
    posed: Posed, used: BoolVector, pairs: Iterable[tuple[str, str]], ended: Iterable[EndedPair]
) -> Iterable[Change]:
    people, problem = posed.scores.people, posed.problem
    why = {(pair.mentor, pair.mentee): pair.because for pair in ended}
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for mentor, mentee in sorted(pairs):
        before.setdefault(mentee, []).append(mentor)
    for pair in np.flatnonzero(used):
        after.setdefault(people.mentees[problem.mentee[pair]].id, []).append(
            people.mentors[problem.mentor[pair]].id
        )
    out = {person.id: person.because for person in people.left_out}
    for mentee in sorted({*before, *after}):
        old, new = tuple(before.get(mentee, ())), tuple(after.get(mentee, ()))
        if old == new:
            continue
        lost = [mentor for mentor in old if mentor not in new]
        reasons = [
            why.get((mentor, mentee), f"{mentor} is still possible, but others fit better now.")
            for mentor in lost
        ]
        if mentee in out:
            code, told, reasons = "left", f"{mentee} no longer takes part", [out[mentee]]
        elif not old:
            code, told = "newly-placed", f"{mentee} now has {names(new)}"
        elif not new:
            code, told = "newly-alone", f"{mentee} had {names(old)} and is now without a mentor"
        elif len(new) == len(old):
            code, told = (
                "moved",
                f"{mentee} moves from {names(lost)} to {names([one for one in new if one not in old])}",
            )
        else:
            code = "more-mentors" if len(new) > len(old) else "fewer-mentors"
            told = f"{mentee} had {names(old)} and now has {names(new)}"
        because = " ".join([f"{told}.", *dict.fromkeys(reasons)])
        yield Change(mentee=mentee, before=old, after=new, code=code, because=because)
