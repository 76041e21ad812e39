"""Material: one matching with all that a report tells of it; what was too large to ask is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ipmatch.cohort import Cohort
from ipmatch.errors import Fault, UsageError
from ipmatch.explaining.auditing import audit_sections
from ipmatch.explaining.readiness import check_readiness
from ipmatch.policy import WORST_OFF
from ipmatch.reporting.pricing import LARGEST, PriceTable, price_table
from ipmatch.study import Study
from ipmatch.words import listed

if TYPE_CHECKING:
    from ipmatch.answers.alternatives import Letter, Withdrawal
    from ipmatch.answers.insights import Ambiguity, Profile, Sensitivity
    from ipmatch.answers.overviews import Check
    from ipmatch.intake.identity import Identity
    from ipmatch.matching import Matching
    from ipmatch.scoring.criteria import Criterion
    from ipmatch.scoring.participants import Participants
    from ipmatch.scoring.scores import Scores

__all__ = ["Material", "gather", "named"]

# So many withdrawals where the proof's prices tell them, and where each is solved again.
MOST_WITHDRAWALS = 2_000
MOST_SOLVED_AGAIN = 400
# So many people, where each mentee's withdrawal is asked too.
MOST_LEAVING = 300
MOST_LEAVING_SOLVED_AGAIN = 60
# Each change of a weight is solved again.
MOST_WEIGHED = 300
MOST_PROFILES = 8
# Of so many pairs a list is made for what a report tells.
MOST_PAIRS = 16_000_000

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All that is told of one matching; what is ``None`` was not asked, and ``left_out`` says why.

    ``cohort`` holds what was decided, and names only where a people file gave them.
    """

    study: Study
    cohort: Cohort
    check: Check
    rules: tuple[tuple[str, tuple[str, ...]], ...]
    prices: PriceTable | None
    resilience: tuple[Withdrawal, ...] | None
    leaving: tuple[Withdrawal, ...] | None
    recruit: tuple[Profile, ...] | None
    ambiguity: Ambiguity | None
    sensitivity: Sensitivity | None
    left_out: tuple[str, ...]

    @property
    def matching(self) -> Matching:
        """The matching that is reported."""
        return self.study.matching

    @property
    def scores(self) -> Scores:
        """Every pair's points, of those who take part."""
        return self.study.scores

    @property
    def people(self) -> Participants:
        """Those who take part, and who does not."""
        return self.study.pair_scores.people

    @property
    def names(self) -> dict[str, str]:
        """By id, the name of each who has one."""
        return {person.id: person.name for person in self.cohort.people if person.name}

    def letters(self) -> tuple[Letter, ...]:
        """The letter to each, mentors first, by id; those who withdrew or did not consent get none."""
        people = sorted(self.cohort.people, key=lambda person: (person.side == "mentee", person.id))
        written_to = [
            person
            for person in people
            if person.status not in ("withdrawn", "ended") and person.consent is not False
        ]
        return tuple(self.study.letter(**{person.side: person.id}) for person in written_to)


def gather(
    cohort: Cohort,
    matching: Matching,
    *,
    criteria: Iterable[Criterion] = (),
    people: Mapping[str, Identity] | None = None,
    asking: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Material:
    """Verify a matching, and ask all that a report tells of it.

    Parameters
    ----------
    criteria
        The user's own, if it was made with any.
    people
        Who stands behind each id: the only source of names.
    asking
        Whether to ask for prices, withdrawals, recruits and the like, which letters and counts do without,
        at any size.
    progress
        Called with a few words as the work goes on.

    Raises
    ------
    InputError
        If the matching is not what it says; ``UsageError`` if the cohort has too many pairs.
    """
    tell = progress or (lambda words: None)
    tell("verifying the matching")
    study = Study.of(named(cohort, people or {}), matching, criteria=criteria)
    scores = study.pair_scores
    pairs = len(scores.people.mentors) * len(scores.people.mentees)
    if asking and not study.lists_pairs and pairs > MOST_PAIRS:
        what = "a report lists every pair, and these are too many people for that."
        raise UsageError([Fault("cohort", what, "Write the matching as .csv or .json instead.")])
    asked = _Asked(study, tell, asking=asking)
    return Material(
        study=study,
        cohort=scores.cohort,
        check=check_readiness(scores),
        rules=audit_sections(matching),
        prices=asked.unless_larger(pairs, LARGEST, "the price of every pair", lambda: price_table(study)),
        resilience=asked.unless_larger(
            len({pairing.mentor for pairing in matching.pairings}),
            MOST_WITHDRAWALS if _has_prices(matching) else MOST_SOLVED_AGAIN,
            "what each mentor's withdrawal would do",
            study.resilience,
        ),
        leaving=asked.unless_larger(
            asked.people,
            MOST_LEAVING if _has_prices(matching) else MOST_LEAVING_SOLVED_AGAIN,
            "what each mentee's withdrawal would do",
            lambda: tuple(study.without(mentee.id) for mentee in scores.people.mentees),
        ),
        recruit=asked.unless_larger(
            pairs,
            LARGEST,
            "whom to recruit",
            lambda: study.recruit(most=MOST_PROFILES),
        ),
        ambiguity=asked.unless_larger(
            asked.people, MOST_WEIGHED, "which pairs are ties", lambda: study.ambiguity(drawings=0)
        ),
        sensitivity=asked.unless_larger(
            asked.people, MOST_WEIGHED, "how far each weight may move", study.sensitivity
        ),
        left_out=tuple(asked.left_out()),
    )


def _has_prices(matching: Matching) -> bool:
    """Whether prices answer every single change: no rule leaves the network, no level is on the worst off."""
    levels = matching.run.policy.objective.levels
    return matching.certificate.method == "network" and not {*WORST_OFF} & {*levels}


def named(cohort: Cohort, people: Mapping[str, Identity]) -> Cohort:
    """The cohort with the names that a people file gives, and no others."""
    sides = {
        side: tuple(
            person.model_copy(update={"name": people[person.id].name if person.id in people else None})
            for person in getattr(cohort, side)
        )
        for side in ("mentors", "mentees")
    }
    return cohort.model_copy(update=sides)


class _Asked:
    """Asks what can be asked of a matching, and keeps what could not."""

    def __init__(self, study: Study, tell: Callable[[str], None], *, asking: bool) -> None:
        self._tell, self._asking = tell, asking
        self._stable = study.matching.run.policy.objective.method == "stable"
        self._proved = study.matching.status == "optimal"
        taking_part = study.matching.summary.taking_part
        self._anybody = bool(taking_part.mentors and taking_part.mentees)
        self.people = taking_part.mentors + taking_part.mentees
        self._too_large: list[str] = []
        self._refused: list[str] = []

    def left_out(self) -> Iterator[str]:
        """What was not asked, and why, in words."""
        if self._stable:
            yield _STABLE
        elif not self._proved:
            yield _NOT_PROVED
        for what in self._refused:
            yield what[:1].upper() + what[1:]
        if self._too_large:
            what = listed(self._too_large)
            yield f"The round is too large for a report to ask {what}. The command line answers each."

    def unless_larger(self, size: int, most: int, what: str, ask: Callable[[], Found]) -> Found | None:
        """The answer, unless there is nobody to ask about, no proof, or too much to ask."""
        if self._stable or not (self._asking and self._anybody and self._proved):
            return None
        if size > most:
            self._too_large.append(what)
            return None
        self._tell(f"asking {what}")
        try:
            return ask()
        except UsageError as error:
            # Where rules leave the network some questions have no answer for everybody at once.
            self._refused += [fault.what for fault in error.faults if fault.what not in self._refused]
            return None


_STABLE = (
    "The pairs are stable: no two people would both rather have each other. They were not chosen by price: "
    "prices, withdrawals, whom to recruit and how firm the pairs are are left out."
)
_NOT_PROVED = (
    "The matching is not proved best, so no exact price can be given: prices, withdrawals, whom to recruit "
    "and how firm the pairs are are left out."
)
