"""What a withdrawal would do: the best repair that keeps every other pair, and the best new matching."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from ipmatch.answers.alternatives import Move, Rearranged, WhatIf, Withdrawal
from ipmatch.decisions import Decision
from ipmatch.errors import Fault, InfeasibleError, UsageError
from ipmatch.expecting import expect
from ipmatch.explaining.changing import Changes, loss_between
from ipmatch.explaining.moving import moves_told, price_words
from ipmatch.people import clean_id
from ipmatch.posing import Posed
from ipmatch.solving.arrays import BoolVector
from ipmatch.solving.best import best_pairing
from ipmatch.solving.conflict import RulesClash
from ipmatch.solving.faces import with_only
from ipmatch.solving.problem import Level
from ipmatch.words import counted, names

__all__ = ["clash_of_decisions", "outcome_of_decisions", "withdrawal", "withdrawals"]


def withdrawals(present: Changes) -> tuple[Withdrawal, ...]:
    """The withdrawal of every mentor who has a mentee, each on its own: two solves each."""
    mentors = sorted(set(present.posed.problem.mentor[present.used].tolist()))
    return tuple(withdrawal(present, present.mentors[i]) for i in mentors)


def withdrawal(present: Changes, identifier: str) -> Withdrawal:
    """What the withdrawal of one person would do: two solves, exact.

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
        raise UsageError([Fault("without", f'nobody here has the id "{identifier}".', "Check the id.")])
    here = present.rows if side == "mentor" else present.columns
    if identifier not in here:
        because = f"{identifier} does not take part: nobody else is affected."
        nothing = Rearranged(
            loss=loss_between(present.posed, present.used, present.posed, present.used),
            moves=(),
            newly_alone=(),
        )
        return Withdrawal(
            side=side,
            id=identifier,
            possible=True,
            partners=(),
            repair=nothing,
            best=nothing,
            because=because,
        )
    problem = present.posed.problem
    own, others = (problem.mentor, problem.mentee) if side == "mentor" else (problem.mentee, problem.mentor)
    ids = present.mentees if side == "mentor" else present.mentors
    partners = tuple(ids[k] for k in others[present.used & (own == here[identifier])])
    kept = own != here[identifier]
    minimum = problem.minimum.copy()
    if side == "mentor":
        minimum[here[identifier]] = 0
    # A limit of changes speaks of the pairs still possible: those that go with this person are none.
    limits = tuple(
        replace(limit, minimum=max(0, limit.minimum - int(limit.pairs[~kept].sum())))
        for limit in problem.limits
    )
    changed = replace(problem, minimum=minimum, limits=limits)
    smaller, levels = with_only(changed, present.posed.levels, kept)
    keep = Level("repair.kept", 1, pair=present.used[kept].astype(np.int64))
    try:
        answers = [best_pairing(smaller, order).used for order in ([keep, *levels], [*levels, keep])]
    except RulesClash:
        clash = present.clash_without(identifier)
        because = f"Without {identifier} the rules cannot all hold: {names(clash.conflict)}."
        return Withdrawal(
            side=side,
            id=identifier,
            possible=False,
            partners=partners,
            repair=None,
            best=None,
            conflict=clash.conflict,
            because=because,
        )
    outcomes = []
    for answer in answers:
        used = np.zeros_like(present.used)
        used[np.flatnonzero(kept)[answer]] = True
        outcomes.append(_rearranged(present, present.posed, used, gone=identifier))
    because = _told(present, identifier, partners, *outcomes)
    return Withdrawal(
        side=side,
        id=identifier,
        possible=True,
        partners=partners,
        repair=outcomes[0],
        best=outcomes[1],
        because=because,
    )


def _rearranged(present: Changes, now: Posed, used: BoolVector, *, gone: str | None = None) -> Rearranged:
    """Another matching of the same people, or of some of them, beside the present one; ``gone`` has left."""
    before, after = _mentors_of(present.posed, present.used), _mentors_of(now, used)
    moves = tuple(
        move for mentee in sorted({*before, *after}) for move in _moves(present, mentee, before, after)
    )
    alone = sorted({*before} - {*after} - {gone})
    return Rearranged(
        loss=loss_between(present.posed, present.used, now, used),
        moves=tuple(move for move in moves if move.mentee != gone),
        newly_alone=tuple(alone),
    )


def _mentors_of(posed: Posed, used: BoolVector) -> dict[str, set[str]]:
    people, problem = posed.scores.people, posed.problem
    found = dict[str, set[str]]()
    for i, j in zip(problem.mentor[used], problem.mentee[used], strict=True):
        found.setdefault(people.mentees[j].id, set()).add(people.mentors[i].id)
    return found


def _moves(
    present: Changes, mentee: str, before: dict[str, set[str]], after: dict[str, set[str]]
) -> Iterator[Move]:
    old, new = before.get(mentee, set()), after.get(mentee, set())
    for one, other in zip_longest(_rows(present, old - new), _rows(present, new - old)):
        yield present.move(present.columns[mentee], one, other)


def _rows(present: Changes, ids: Iterable[str]) -> list[int]:
    return sorted(present.rows[identifier] for identifier in ids)


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


def clash_of_decisions(decisions: tuple[Decision, ...], clash: InfeasibleError) -> WhatIf:
    """The answer where the rules cannot all hold any more."""
    because = f"{_solved_again(decisions)} The rules cannot all hold: {names(clash.conflict)}."
    return WhatIf(decisions=decisions, possible=False, outcome=None, conflict=clash.conflict, because=because)


def outcome_of_decisions(
    present: Changes, decisions: tuple[Decision, ...], now: Posed, used: BoolVector
) -> WhatIf:
    """The answer where they can: what the new matching loses, and who moves."""
    outcome = _rearranged(present, now, used)
    price = price_words(outcome.loss)
    because = f"{_solved_again(decisions)} This {price}: {_moved(present, outcome)}."
    return WhatIf(decisions=decisions, possible=True, outcome=outcome, because=because)


def _solved_again(decisions: tuple[Decision, ...]) -> str:
    if len(decisions) < 2:
        return f"Solved again with {counted(len(decisions), 'decision')}."
    return f"Solved again with all {len(decisions):,} decisions together, for single prices do not add up."


def _moved(present: Changes, found: Rearranged) -> str:
    return moves_told(found.moves, alone=found.newly_alone, with_points=present.counts_points)
