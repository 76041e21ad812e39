"""Rules that cannot all hold, in the lead's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ipmatch.crowds import PosedCrowd
from ipmatch.errors import InfeasibleError
from ipmatch.explaining.naming import Naming
from ipmatch.limits import with_idle_limits
from ipmatch.posing import Posed
from ipmatch.words import counted, listed

if TYPE_CHECKING:
    # Behind it stands the solver, which verify must do without.
    from ipmatch.solving.conflict import Relaxation, RulesClash

__all__ = ["explain_clash"]

# A clash says of this many people how many mentors they ask for.
MOST_WISHES = 10


def explain_clash(posed: Posed | PosedCrowd, clash: RulesClash) -> InfeasibleError:
    """The error that names every rule of an irreducible clash, what it runs into, and what would mend it."""
    from ipmatch.solving.conflict import relaxations

    naming = Naming(posed)
    members, limits = list(_members(naming, clash)), list(_limits(naming, clash))
    mends = clash.mends
    if mends is None:
        # One place more could overrun a session that has room for all till now.
        problem = with_idle_limits(posed.scores, posed.problem) if isinstance(posed, Posed) else posed.problem
        mends = relaxations(problem, clash)
    changes = [words for found in mends if (words := _change(naming, found))]
    if changes:
        mend = f"{listed(changes, 'or')}."
        mend = mend[0].upper() + mend[1:]
    else:
        mend = "No single change mends this: drop one of these rules, and see whether others clash too."
    lines = "".join(f"  - {member}\n" for member in members)
    because = f"because {'; '.join(limits)}.\n" if limits else ""
    return InfeasibleError(f"The rules cannot all hold:\n{lines}{because}{mend}", members)


def _members(naming: Naming, clash: RulesClash) -> Iterator[str]:
    """The rules of a clash, in words."""
    minimum = naming.posed.problem.minimum
    for pair in clash.pairs:
        yield "required pair {} with {}".format(*naming.pair(pair))
    for i in clash.mentors:
        yield f"{naming.mentors[i]} must have at least {counted(int(minimum[i]), 'mentee')}"
    for k in clash.quota_minimums:
        quota = naming.quotas[k]
        must = counted(quota.min, f"{quota.side} must be paired", f"{quota.side}s must be paired")
        yield f'quota "{quota.title}": at least {must}'
    for k in clash.quota_maximums:
        quota = naming.quotas[k]
        yield f'quota "{quota.title}": at most {counted(quota.max or 0, "pair")}'
    for k in clash.limits:
        yield naming.posed.problem.limits[k].name


def _limits(naming: Naming, clash: RulesClash) -> Iterator[str]:
    """What the rules run into: places, wishes, and how many there are."""
    problem = naming.posed.problem
    pairs = list(clash.pairs)
    for i in sorted({*problem.mentor[pairs].tolist(), *clash.mentors}):
        yield f"{naming.mentors[i]} has {counted(int(problem.capacity[i]), 'place')}"
    eligible = {i: naming.posed.mentees_of(i).tolist() for i in clash.mentors}
    for i, mentees in eligible.items():
        yield f"{counted(len(mentees), 'mentee')} may be paired with {naming.mentors[i]}"
    for k in clash.quotas:
        yield naming.limit(k)
    if clash.quota_minimums:
        yield f"all mentors taking part have {counted(int(problem.capacity.sum()), 'place')}"
    asking = {*problem.mentee[pairs].tolist()}.union(*eligible.values())
    if len(asking) <= MOST_WISHES:
        for j in sorted(asking):
            yield f"{naming.mentees[j]} asks for {counted(int(problem.wanted[j]), 'mentor')}"


def _change(naming: Naming, found: Relaxation) -> str | None:
    """One change of one number that mends the clash; ``None`` if no number does."""
    if found.to is None:
        return None
    match found.kind:
        case "pair":
            return "drop the required pair {} with {}".format(*naming.pair(found.index))
        case "mentor":
            return f"lower the minimum of {naming.mentors[found.index]} to {found.to}"
        case "capacity":
            return f"raise the capacity of {naming.mentors[found.index]} to {found.to}"
        case "limit-minimum":
            limit = naming.posed.problem.limits[found.index]
            return f"allow {counted(int(limit.pairs.sum()) - found.to, 'change')}"
        case "limit-maximum":
            limit = naming.posed.problem.limits[found.index]
            return f"raise {limit.name} by {found.to - (limit.maximum or 0)}"
        case "quota-minimum":
            return f'lower the minimum of the quota "{naming.quotas[found.index].title}" to {found.to}'
    return f'raise the maximum of the quota "{naming.quotas[found.index].title}" to {found.to}'
