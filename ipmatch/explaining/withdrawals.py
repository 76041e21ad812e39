"""What a withdrawal would do: the best repair that keeps every other pair, and the best new matching."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import zip_longest

from ipmatch.answers.alternatives import Move, Rearranged, WhatIf, Withdrawal
from ipmatch.decisions import Decision, anonymous
from ipmatch.errors import Fault, InfeasibleError, UsageError
from ipmatch.expecting import expect
from ipmatch.explaining.changing import UNPROVED, Changes, loss_between
from ipmatch.explaining.moving import moves_told, price_words
from ipmatch.people import clean_id, id_mend
from ipmatch.requests import AnyPosed, pair_ids
from ipmatch.solving.arrays import BoolVector
from ipmatch.words import counted, names

__all__ = ["after_decisions", "withdrawal", "withdrawals"]


def withdrawals(present: Changes) -> tuple[Withdrawal, ...]:
    """The withdrawal of every mentor who has a mentee, each on its own."""
    mentors = sorted(set(present.posed.problem.mentor[present.used].tolist()))
    return tuple(withdrawal(present, present.mentors[i]) for i in mentors)


def withdrawal(present: Changes, identifier: str) -> Withdrawal:
    """What the withdrawal of one person would do, exactly.

    Both answers are those of a re-match, of ``keep="all"`` and of ``keep="tie-break"``.

    Raises
    ------
    UsageError
        If nobody has this id, or the matching is stable: such a one keeps no pair for its own sake.
    """
    if present.posed.is_stable:
        what = "a stable matching keeps no pair for its own sake, so there is no repair that keeps most."
        raise UsageError([Fault("without", what, "Ask what_if of the withdrawal: it matches again.")])
    expect(identifier=(identifier, str))
    identifier = clean_id(identifier)
    side = next((person.side for person in present.cohort.people if person.id == identifier), None)
    if side is None:
        mend = id_mend(identifier, (person.id for person in present.cohort.people))
        raise UsageError([Fault("without", f'nobody here has the id "{identifier}".', mend)])
    answer = partial(Withdrawal, side=side, id=identifier)
    here = present.rows if side == "mentor" else present.columns
    if identifier not in here:
        because = f"{identifier} does not take part: nobody else is affected."
        nothing = _rearranged(present, present.posed, present.used)
        return answer(possible=True, partners=(), repair=nothing, best=nothing, because=because)
    partners = tuple(
        mentee if side == "mentor" else mentor
        for mentor, mentee in present.pairs()
        if identifier == (mentor if side == "mentor" else mentee)
    )
    try:
        answers = present.repaired(side, identifier)
    except InfeasibleError as clash:
        because = f"Without {identifier} the rules cannot all hold: {names(clash.conflict)}."
        conflict = clash.conflict
        return answer(
            possible=False, partners=partners, repair=None, best=None, conflict=conflict, because=because
        )
    repair, best = (_rearranged(present, now, used, gone=identifier) for now, used in answers)
    because = _told(present, identifier, partners, repair, best)
    return answer(possible=True, partners=partners, repair=repair, best=best, because=because)


def _rearranged(present: Changes, now: AnyPosed, used: BoolVector, *, gone: str | None = None) -> Rearranged:
    """Another matching of the same people, or of some of them, beside the present one; ``gone`` has left."""
    had, has = set(present.pairs()), set(pair_ids(now, used))
    left, came = sorted(had - has), sorted(has - had)
    moved = sorted({mentee for _, mentee in (*left, *came)} - {gone})
    moves = tuple(move for mentee in moved for move in _moves(present, mentee, left, came))
    alone = {mentee for _, mentee in left} - {mentee for _, mentee in has} - {gone}
    return Rearranged(
        loss=loss_between(present.posed, present.used, now, used),
        moves=moves,
        newly_alone=tuple(sorted(alone)),
    )


def _moves(
    present: Changes, mentee: str, left: Iterable[tuple[str, str]], came: Iterable[tuple[str, str]]
) -> Iterator[Move]:
    before, after = (
        sorted(present.rows[mentor] for mentor, other in pairs if other == mentee) for pairs in (left, came)
    )
    for one, other in zip_longest(before, after):
        yield present.move(present.columns[mentee], one, other)


def _told(
    present: Changes, identifier: str, partners: tuple[str, ...], repair: Rearranged, best: Rearranged
) -> str:
    who = names(partners) if partners else "nobody"
    gone = {(identifier, partner) for partner in partners} | {(partner, identifier) for partner in partners}
    stay = all((move.mentor_before, move.mentee) in gone for move in repair.moves if move.mentor_before)
    others = "every other pair stays" if stay else "as many other pairs stay as the rules allow"
    price = f": this {price_words(repair.loss)}" if any(repair.loss.values()) else ""
    own = f", {identifier}'s own pair included" if partners and identifier in present.columns else ""
    then = f"If {identifier} withdraws and {others}, {_moved(present, repair)}{price}{own}."
    if repair.loss == best.loss:
        better = "No new matching is better."
    else:
        better = f"The best new matching {price_words(best.loss)}: {_moved(present, best)}."
    return f"{identifier} is paired with {who}. {then} {better}"


def after_decisions(present: Changes, decisions: tuple[Decision, ...]) -> WhatIf:
    """What several decisions do together, solved again; equal matchings are resolved towards the present one.

    Raises
    ------
    InputError
        As ``pose``; ``UsageError`` if a decision names an unknown id.
    """
    told = anonymous(decisions)
    try:
        now, used, proved = present.decided(decisions)
    except InfeasibleError as clash:
        because = f"{_solved_again(told)} The rules cannot all hold: {names(clash.conflict)}."
        return WhatIf(decisions=told, possible=False, outcome=None, conflict=clash.conflict, because=because)
    outcome = _rearranged(present, now, used)
    because = f"{_solved_again(told)} This {price_words(outcome.loss)}: {_moved(present, outcome)}."
    because += "" if proved else UNPROVED
    return WhatIf(decisions=told, possible=True, outcome=outcome, because=because)


def _solved_again(decisions: tuple[Decision, ...]) -> str:
    if len(decisions) < 2:
        return f"Solved again with {counted(len(decisions), 'decision')}."
    return f"Solved again with all {len(decisions):,} decisions together, for single prices do not add up."


def _moved(present: Changes, found: Rearranged) -> str:
    return moves_told(found.moves, alone=found.newly_alone, with_points=present.counts_points)
