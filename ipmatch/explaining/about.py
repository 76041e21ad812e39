"""Everything a matching says about one person, or about one pair whether it was made or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ipmatch.answers.alternatives import Withdrawal
from ipmatch.answers.overviews import Explanation
from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import expect
from ipmatch.explaining.pairings import explain_pairs
from ipmatch.matching import Matching
from ipmatch.people import Side, clean_id
from ipmatch.words import counted, names

if TYPE_CHECKING:
    # Behind it stands the solver, which verify must do without.
    from ipmatch.explaining.pair_prices import Prices
    from ipmatch.explaining.why_not import Questions

__all__ = ["about"]

# With more people than this on both sides, single questions are quicker than the prices of all pairs.
MOST_PRICED = 1000


def about(
    matching: Matching,
    questions: Questions,
    prices: Prices | None,
    *,
    pair: tuple[str, str] | None = None,
    mentee: str | None = None,
    mentor: str | None = None,
) -> Explanation:
    """Everything about one pair (mentor, mentee), one mentee or one mentor, prices included.

    Without ``prices``, as where rules leave the network, other pairs are not looked at.

    Raises
    ------
    UsageError
        If not exactly one subject is given, or an id is not known.
    """
    if sum(subject is not None for subject in (pair, mentee, mentor)) != 1:
        raise UsageError([Fault("explain", "give exactly one of pair, mentee and mentor.")])
    expect(pair=(pair, tuple, list, None), mentee=(mentee, str, None), mentor=(mentor, str, None))
    if pair is not None:
        mentor, mentee = _two(pair)
        found = about_pair(matching, questions, mentor, mentee)
    else:
        side: Side = "mentor" if mentee is None else "mentee"
        found = about_person(matching, clean_id(mentor or mentee or ""), side)
        if found.pairings and questions.proved and not questions.posed.is_stable:
            found = found.model_copy(update={"withdrawal": _leaving(questions, found.subject)})
        if prices is None and not questions.posed.is_stable and (found.unmatched or found.spare):
            # What the matching leaves to single questions.
            because = f"{found.because} {questions.one_more(side, found.subject)}".rstrip()
            found = found.model_copy(update={"because": because})
    few = min(len(questions.mentors), len(questions.mentees)) <= MOST_PRICED
    if prices is None or not few or found.not_taking_part or found.candidate:
        return found
    return found.model_copy(update={"alternatives": prices.best(mentor=mentor, mentee=mentee)})


def _two(pair: Sequence[str]) -> tuple[str, str]:
    if len(pair) != 2 or not all(isinstance(one, str) for one in pair):
        raise UsageError([Fault("pair", "a pair is two ids.", "Name the mentor first, then the mentee.")])
    return clean_id(pair[0]), clean_id(pair[1])


def _leaving(questions: Questions, identifier: str) -> Withdrawal:
    # Solved again, which verify must do without.
    from ipmatch.explaining.withdrawals import withdrawal

    return withdrawal(questions, identifier)


def about_person(matching: Matching, identifier: str, side: Side) -> Explanation:
    """What a matching says of one mentor or mentee.

    Raises
    ------
    UsageError
        If nobody of that side has this id.
    """
    pairings = tuple(pairing for pairing in matching.pairings if getattr(pairing, side) == identifier)
    unmatched = next((left for left in matching.unmatched_mentees if left.mentee == identifier), None)
    spare = next((left for left in matching.spare_mentors if left.mentor == identifier), None)
    out = next((out for out in matching.not_taking_part if out.id == identifier and out.side == side), None)
    if side == "mentor":
        unmatched = None
    else:
        spare = None
    if not (pairings or unmatched or spare or out):
        raise UsageError([Fault(side, f'no {side} has the id "{identifier}".', "Check the id.")])
    sentences = []
    if pairings:
        others = [pairing.mentee if side == "mentor" else pairing.mentor for pairing in pairings]
        sentences.append(f"{identifier} is paired with {names(others)}.")
    sentences += [reason.because for reason in (unmatched, spare, out) if reason]
    return Explanation(
        subject=identifier,
        because=" ".join(sentences),
        pairings=pairings,
        unmatched=unmatched,
        spare=spare,
        not_taking_part=out,
    )


def about_pair(matching: Matching, questions: Questions, mentor: str, mentee: str) -> Explanation:
    """What a matching says of one pair: why it was made, or how it would have scored and what removes it.

    Raises
    ------
    UsageError
        If the mentor or the mentee is not in the cohort.
    """
    scores, rows, columns = questions.posed.scores, questions.rows, questions.columns
    out = {person.id: person for person in matching.not_taking_part}
    faults = [
        Fault("pair", f'no {side} has the id "{identifier}".', "Name the mentor first, then the mentee.")
        for side, identifier, known in (("mentor", mentor, rows), ("mentee", mentee, columns))
        if identifier not in known and (identifier not in out or out[identifier].side != side)
    ]
    if faults:
        raise UsageError(faults)
    subject = f"{mentor} with {mentee}"
    absent = [out[identifier] for identifier in (mentor, mentee) if identifier in out]
    if absent:
        because = f"{mentor} and {mentee} are not paired. {' '.join(person.because for person in absent)}"
        return Explanation(subject=subject, because=because, allowed=False, not_taking_part=absent[0])
    made = tuple(
        pairing for pairing in matching.pairings if (pairing.mentor, pairing.mentee) == (mentor, mentee)
    )
    if made:
        points = counted(made[0].score, "point")
        because = f"{mentor} and {mentee} are paired ({made[0].basis}), for {points}."
        return Explanation(subject=subject, because=because, pairings=made, allowed=True)
    i, j = rows[mentor], columns[mentee]
    removed_by = scores.rules_against(i, j)
    candidate = next(explain_pairs(scores, np.array([i]), np.array([j]), ["chosen"]))
    price = questions.why_not(mentor, mentee)
    because = price.because
    if not removed_by:
        because = f"{mentor} and {mentee} may be paired, for {counted(candidate.score, 'point')}. {because}"
    return Explanation(
        subject=subject,
        because=because,
        candidate=candidate,
        allowed=not removed_by,
        removed_by=removed_by,
        price=price,
    )
