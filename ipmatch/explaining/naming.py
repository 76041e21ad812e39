"""People and rules as reasons name them: by id, and in the field names the lead wrote."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from ipmatch.crowds import PosedCrowd
from ipmatch.errors import Fault, UsageError
from ipmatch.explaining.barriers import Rule
from ipmatch.posing import Posed
from ipmatch.requests import AnyPosed
from ipmatch.solving.arrays import IndexVector
from ipmatch.words import counted, listed, names

if TYPE_CHECKING:
    # Behind them stands the solver, which verify must do without.
    from ipmatch.solving.best import Solution
    from ipmatch.solving.lexicographic import Assignment

__all__ = ["MOST_FACTS", "Naming", "with_prices"]

# Facts name this many people at the most: the same large group stands behind many mentees.
MOST_FACTS = 100


def with_prices(posed: Posed, solution: Solution, asked: str) -> Assignment:
    """An assignment on the network, whose prices answer every single change at once.

    Raises
    ------
    UsageError
        If there are none: the matching is stable, rules leave the network or the search was cut short;
        ``asked`` is what was asked for.
    """
    # Its type alone tells, and loading it brings the solver.
    from ipmatch.solving.lexicographic import Assignment

    if posed.is_stable:
        what = "a stable matching follows people's orders, not totals, so it has no prices of all changes."
        mend = 'Ask why_not about one pair, or what_if of decisions; or use the method "optimal".'
        raise UsageError([Fault(asked, what, mend)])
    if isinstance(solution, Assignment) and solution.complete:
        return solution
    if isinstance(solution, Assignment):
        what = "this matching is not proved best, so there is nothing to compare a change with."
        raise UsageError([Fault(asked, what, "Match again without a time limit.")])
    what = f"there are no prices of all changes at once where rules overlap: {Naming(posed).overlap()}."
    mend = "Ask about one pair or person at a time: why_not and without solve again, exactly."
    raise UsageError([Fault(asked, what, mend)])


class Naming:
    """Ids by row and column, and words for every rule of a problem."""

    def __init__(self, posed: AnyPosed | PosedCrowd) -> None:
        self.posed = posed
        self.mentors = [mentor.id for mentor in posed.scores.people.mentors]
        self.mentees = [mentee.id for mentee in posed.scores.people.mentees]
        self.quotas = posed.request.policy.quotas

    def pair(self, pair: int) -> tuple[str, str]:
        """Mentor and mentee of an allowed pair."""
        problem = self.posed.problem
        return self.mentors[problem.mentor[pair]], self.mentees[problem.mentee[pair]]

    def rule(self, rule: Rule) -> str:
        """A rule in words that follow "but for"."""
        match rule.kind:
            case "required-pair":
                return "the required pair {} with {}".format(*self.pair(rule.index))
            case "mentor-minimum":
                return f"the minimum of {self.mentors[rule.index]}"
            case "quota-minimum":
                return f'the minimum of the quota "{self.quotas[rule.index].title}"'
            case "limit":
                return self.posed.problem.limits[rule.index].name
        return f'the maximum of the quota "{self.quotas[rule.index].title}"'

    def rules(self, rules: Sequence[Rule]) -> str:
        """Several rules in words; required pairs are told of together."""
        pairs = [rule for rule in rules if rule.kind == "required-pair"]
        words = [self.rule(rule) for rule in rules if rule.kind != "required-pair"]
        if len(pairs) > 1:
            both = ["{} with {}".format(*self.pair(rule.index)) for rule in pairs]
            words.append(f"the required pairs {listed(both)}")
        else:
            words += [self.rule(rule) for rule in pairs]
        return listed(words)

    def facts(self, rule: Rule) -> dict[str, Any]:
        """A rule as data."""
        match rule.kind:
            case "required-pair":
                mentor, mentee = self.pair(rule.index)
                return {"rule": rule.kind, "mentor": mentor, "mentee": mentee}
            case "mentor-minimum":
                least = int(self.posed.problem.minimum[rule.index])
                return {"rule": rule.kind, "mentor": self.mentors[rule.index], "min": least}
            case "limit":
                return {"rule": rule.kind, "limit": self.posed.problem.limits[rule.index].name}
        quota = self.quotas[rule.index]
        bound = {"min": quota.min} if rule.kind == "quota-minimum" else {"max": quota.max}
        return {"rule": rule.kind, "side": quota.side, "quota": quota.title, **bound}

    def group(self, mentees: Collection[int], mentors: IndexVector) -> dict[str, Any]:
        """Who competes, and for whose places: by name, or by number where they are many."""
        facts: dict[str, Any] = {}
        if len(mentees) <= MOST_FACTS:
            facts["group"] = tuple(self.mentees[j] for j in mentees)
        else:
            facts["group_size"] = len(mentees)
        if max(len(mentors), len(mentees)) <= MOST_FACTS:
            facts["mentors"] = tuple(self.mentors[i] for i in mentors)
        else:
            facts["mentor_count"] = len(mentors)
        return facts

    def overlap(self) -> str:
        """The rules that no network holds beside the others."""
        places = [row.name.removeprefix("quota ").partition(", ")[0] for row in self.posed.rows]
        titles = [f'the quota "{self.quotas[int(place)].title}"' for place in places if place.isdigit()]
        limits = [limit.name for limit in self.posed.problem.limits]
        return names(list(dict.fromkeys([*titles, *limits])))

    def limit(self, quota: int) -> str:
        """Of how many people a quota speaks, and how many of them may be paired with anybody."""
        bounds, problem = self.posed.problem.quotas[quota], self.posed.problem
        able = int((problem.most(bounds.side)[bounds.members] > 0).sum())
        title, many = self.quotas[quota].title, len(bounds.members)
        if not many:
            return f'nobody who takes part is of the quota "{title}"'
        people = counted(many, bounds.side)
        takes = "takes" if many == 1 else "take"
        return f'of the quota "{title}" {people} {takes} part, {able} with somebody to be paired with'
