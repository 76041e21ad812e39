"""Neighbouring programmes: what their facts come to in a cohort; what does not fit is refused, not bent."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from decimal import Decimal

from ipmatch.cohort import Cohort, NamedPair
from ipmatch.document import Frozen
from ipmatch.errors import Fault, InputError, UsageError
from ipmatch.expecting import expect, several, whole
from ipmatch.matching import Matching
from ipmatch.words import names

__all__ = ["Leg", "allow_only", "in_periods", "with_hours"]


class Leg(Frozen):
    """One period of a rotation: who is where; periods are counted from 1."""

    mentee: str
    period: int
    mentor: str


def with_hours(
    cohort: Cohort, offered: Mapping[str, Decimal | int], needed: Mapping[str, Decimal | int]
) -> Cohort:
    """The cohort with each mentor's hours as places, each of which holds one mentee's whole need.

    A mentee who is shared asks for several mentors (``mentors_wanted``), each giving the same part;
    ``needed`` is then the part.

    Parameters
    ----------
    offered
        Hours each mentor can give, by id; a mentor left out keeps their capacity.
    needed
        Hours each mentee needs of one mentor, by id.

    Raises
    ------
    InputError
        If the needs differ: then hours are no places, and a pairing by places would not be the best by hours.
        ``UsageError`` if nobody of that side has an id, or hours are no number.
    """
    expect(cohort=(cohort, Cohort), offered=(offered, Mapping), needed=(needed, Mapping))
    _check_hours("offered", offered, [mentor.id for mentor in cohort.mentors])
    _check_hours("needed", needed, [mentee.id for mentee in cohort.mentees])
    needs = {Decimal(hours) for hours in needed.values()}
    if len(needs) != 1 or min(needs) <= 0:
        listed = ", ".join(f"{hours:f}" for hours in sorted(needs)) or "none"
        what = f"mentees need different hours of one mentor, or none ({listed})."
        mend = "Places count alike only where needs are alike: allocate each kind of need on its own."
        raise InputError([Fault("hours", what, mend)])
    need = needs.pop()
    mentors = tuple(
        mentor.model_copy(update={"capacity": int(Decimal(offered[mentor.id]) // need)})
        if mentor.id in offered
        else mentor
        for mentor in cohort.mentors
    )
    return cohort.model_copy(update={"mentors": mentors})


def _check_hours(name: str, hours: Mapping[str, Decimal | int], known: Collection[str]) -> None:
    """Refuse hours of nobody, and what are no hours."""
    faults = []
    for identifier, number in hours.items():
        where = f"{name}[{identifier!r}]"
        if identifier not in known:
            faults.append(Fault(where, "nobody of this side has this id.", "Check the id."))
        elif not (isinstance(number, int | float | Decimal) and math.isfinite(number) and number >= 0):
            faults.append(Fault(where, f"{number} is not a number of hours.", "Write 0 or more."))
    if faults:
        raise UsageError(faults)


def allow_only(cohort: Cohort, table: Mapping[str, Collection[str]]) -> Cohort:
    """The cohort with every pair forbidden that the table does not allow.

    Parameters
    ----------
    table
        For each role of a mentor, the roles of those they may take. A role is one of a person's ``tags``;
        with several, any that allows will do.

    Raises
    ------
    InputError
        If somebody has no role of the table: it cannot be told whom they may supervise, or who them.
    """
    expect(cohort=(cohort, Cohort), table=(table, Mapping))
    table = {role: several(f"table[{role!r}]", roles, str) for role, roles in table.items()}
    receiving = {role for roles in table.values() for role in roles}
    lost = [person.id for person in cohort.mentors if not {*person.tags} & {*table}]
    lost += [person.id for person in cohort.mentees if not {*person.tags} & receiving]
    if lost:
        what = f"no role of the table is among the tags of {names(lost)}."
        raise InputError([Fault("roles", what, "Tag everybody with a role, or add theirs to the table.")])
    tags = {person.id: {*person.tags} for person in cohort.people}

    def allowed(mentor: str, mentee: str) -> bool:
        return any({*table[role]} & tags[mentee] for role in tags[mentor] & {*table})

    clash = [pair for pair in cohort.required_pairs if not allowed(*pair.ids)]
    if clash:
        told = names([f"{pair.mentor} with {pair.mentee}" for pair in clash])
        what = f"required pairs that the table does not allow: {told}."
        raise InputError([Fault("required_pairs", what, "Drop the pair, or allow it in the table.")])
    known = {pair.ids for pair in cohort.forbidden_pairs}
    forbidden = tuple(
        NamedPair(mentor=mentor.id, mentee=mentee.id, reason="role")
        for mentor in cohort.mentors
        for mentee in cohort.mentees
        if (mentor.id, mentee.id) not in known and not allowed(mentor.id, mentee.id)
    )
    return Cohort.model_validate({**dict(cohort), "forbidden_pairs": (*cohort.forbidden_pairs, *forbidden)})


def in_periods(matching: Matching, periods: int) -> tuple[Leg, ...]:
    """A matching as a timetable: each mentee with one mentor a period, each mentor's mentees spread evenly.

    Where no mentee has more mentors than there are periods, there is always such a timetable, in which a
    mentor with at most ``periods`` × n mentees has at most n in any period (König 1916: the edges of a
    bipartite graph can be coloured with as many colours as its largest degree).

    Raises
    ------
    InputError
        If a mentee has more mentors than there are periods.
    """
    expect(matching=(matching, Matching))
    periods = whole("periods", periods, 1)
    pairs = sorted(matching.pairs())
    asked = [mentee for _, mentee in pairs]
    over = sorted({mentee for mentee in asked if asked.count(mentee) > periods})
    if over:
        what = f"more mentors than there are periods ({periods}): {names(over)}."
        raise InputError([Fault("periods", what, "Add periods, or ask for fewer mentors.")])
    # Each mentor in copies of at most one mentee a period: the colouring then spreads them evenly.
    seats: dict[str, int] = {}
    colour: dict[tuple[str, int], dict[int, str]] = {}
    taken: dict[str, dict[int, tuple[str, int]]] = {}
    for mentor, mentee in pairs:
        copy = mentor, seats.get(mentor, 0) // periods
        seats[mentor] = seats.get(mentor, 0) + 1
        _colour(copy, mentee, periods, colour, taken)
    legs = [
        Leg(mentee=mentee, period=period + 1, mentor=copy[0])
        for mentee, held in taken.items()
        for period, copy in held.items()
    ]
    return tuple(sorted(legs, key=lambda leg: (leg.mentee, leg.period)))


def _colour(
    copy: tuple[str, int],
    mentee: str,
    periods: int,
    colour: dict[tuple[str, int], dict[int, str]],
    taken: dict[str, dict[int, tuple[str, int]]],
) -> None:
    """Give one pair a period free for both, by exchanging two periods along a chain where there is none."""
    here, there = colour.setdefault(copy, {}), taken.setdefault(mentee, {})
    free_here = next(period for period in range(periods) if period not in here)
    free_there = next(period for period in range(periods) if period not in there)
    if free_here not in there:
        here[free_here], there[free_here] = mentee, copy
        return
    # The chain from the mentee over pairs of the two periods in turn ends without reaching this copy.
    chain: list[tuple[tuple[str, int], str, int]] = []
    end = mentee
    while (partner := taken[end].get(free_here)) is not None:
        chain.append((partner, end, free_here))
        if (other := colour[partner].get(free_there)) is None:
            break
        chain.append((partner, other, free_there))
        end = other
    for one, other, was in chain:
        del colour[one][was], taken[other][was]
    for one, other, was in chain:
        now = free_there if was == free_here else free_here
        colour[one][now], taken[other][now] = other, one
    here[free_here], there[free_here] = mentee, copy
