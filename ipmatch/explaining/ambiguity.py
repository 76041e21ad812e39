"""Is the matching the only best one? What the data fix, and what the lottery decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ipmatch.answers.insights import Ambiguity, Odds, PairStanding
from ipmatch.expecting import whole
from ipmatch.people import Mentee, Mentor, Side
from ipmatch.posing import Posed
from ipmatch.requests import pair_ids
from ipmatch.solving.alternatives import SampledOdds, Standing, most_different, sampled_odds, standing
from ipmatch.solving.arrays import BoolVector, HashVector, IntVector
from ipmatch.solving.lexicographic import Assignment
from ipmatch.solving.lottery import lottery_numbers
from ipmatch.words import counted

__all__ = ["explain_ambiguity"]


def explain_ambiguity(posed: Posed, assignment: Assignment, *, drawings: int) -> Ambiguity:
    """What all the pairings best by the policy's levels have in common with the one that was drawn.

    Parameters
    ----------
    drawings
        How many seeds, from 0 up, to sample the lottery's odds with.
    """
    drawings = whole("drawings", drawings)
    problem, levels, used = posed.problem, posed.levels, assignment.used
    among = standing(problem, levels, assignment)
    apart = used if among.unique else most_different(problem, levels, assignment)
    odds = sampled_odds(problem, levels, assignment, _draws(posed, drawings))
    changed = int((used & ~apart).sum())
    return Ambiguity(
        unique=among.unique,
        tied=int((used & among.sometimes).sum()),
        pairs=_standings(posed, used, among, odds, chosen=True),
        others=_standings(posed, ~used & among.sometimes, among, odds, chosen=False),
        changed=changed,
        most_different=pair_ids(posed, apart),
        drawings=drawings,
        people=(
            *_people(posed.scores.people.mentors, "mentor", problem.mentor[used], odds.mentors, drawings),
            *_people(posed.scores.people.mentees, "mentee", problem.mentee[used], odds.mentees, drawings),
        ),
        because=_because(int(used.sum()), int((used & among.always).sum()), changed, unique=among.unique),
    )


def _draws(posed: Posed, drawings: int) -> Iterator[tuple[HashVector, HashVector]]:
    mentors, mentees = ([person.id for person in side] for side in _sides(posed))
    for seed in range(drawings):
        yield lottery_numbers(mentors, "mentor", seed), lottery_numbers(mentees, "mentee", seed)


def _sides(posed: Posed) -> tuple[tuple[Mentor, ...], tuple[Mentee, ...]]:
    return posed.scores.people.mentors, posed.scores.people.mentees


def _standings(
    posed: Posed, which: BoolVector, among: Standing, odds: SampledOdds, *, chosen: bool
) -> tuple[PairStanding, ...]:
    counts = odds.pairs[which].tolist()
    tied = among.sometimes[which].tolist()
    return tuple(
        _pair(mentor, mentee, drawn, odds.drawings, chosen=chosen, tied=is_tied)
        for (mentor, mentee), drawn, is_tied in zip(pair_ids(posed, which), counts, tied, strict=True)
    )


def _pair(mentor: str, mentee: str, drawn: int, drawings: int, *, chosen: bool, tied: bool) -> PairStanding:
    who = f"{mentor} with {mentee}"
    if not tied:
        because = f"{who} is in every pairing as good as this one: fixed by the data."
    else:
        verdict = f"Other pairings as good do without {who}" if chosen else f"{who} would be as good"
        sampled = f" It was drawn in {drawn:,} of {drawings:,} sampled drawings." if drawings else ""
        because = f"{verdict}: a tie the lottery decided.{sampled}"
    return PairStanding(
        mentor=mentor,
        mentee=mentee,
        code="tie" if tied else "fixed",
        chosen=chosen,
        drawn=drawn,
        because=because,
    )


def _people(
    people: Sequence[Mentor | Mentee], side: Side, paired: IntVector, drawn: IntVector, drawings: int
) -> Iterator[Odds]:
    """Those whom some sampled drawing treats otherwise than the matching does."""
    now = np.isin(np.arange(len(people)), paired)
    for place in np.flatnonzero(drawn != np.where(now, drawings, 0)).tolist():
        yield Odds(side=side, id=people[place].id, chosen=bool(now[place]), drawn=int(drawn[place]))


def _because(pairs: int, fixed: int, changed: int, *, unique: bool) -> str:
    if unique and not pairs:
        return "No pair is made, and nothing is left to the lottery."
    if unique:
        all_are = "the one pair is" if pairs == 1 else f"all {counted(pairs, 'pair')} are"
        return f"No other pairing is as good: {all_are} fixed by the data."
    are = "is" if fixed == 1 else "are"
    decided = counted(pairs - fixed, "is a tie", "are ties")
    return (
        f"Other pairings are as good: {fixed:,} of {counted(pairs, 'pair')} {are} fixed by the data, "
        f"{decided} the lottery decided. The most different one changes {changed:,} of them."
    )
