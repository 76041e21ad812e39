"""Follow-up: a round's results out of how many, and how pairs of each tier and reason fared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ipmatch.cohort import Cohort
from ipmatch.document import Frozen
from ipmatch.errors import Fault, InputError
from ipmatch.expecting import expect, whole
from ipmatch.matching import Matching, Note
from ipmatch.programme.outcomes import Breakdown, Outcome, Paired, Share, interval, pairs_of, takers_of
from ipmatch.programme.publishing import published_breakdowns, published_outcomes, to_hide
from ipmatch.programme.questions import change_in_confidence, change_in_frequency, outcomes
from ipmatch.programme.survey import Survey, misfits
from ipmatch.words import counted, names

__all__ = ["FollowUp", "follow_up"]

# What a pair is asked about, group by group.
_ABOUT_A_PAIR: tuple[tuple[str, str, Callable[[Paired], bool | None]], ...] = (
    (
        "mentee-confidence",
        "mentee's confidence up",
        lambda pair: _is(change_in_confidence(pair.mentee), "up"),
    ),
    ("frequency", "mentee prescribes more often", lambda pair: _is(change_in_frequency(pair.mentee), "up")),
    ("continuing", "plan to continue", lambda pair: _is(pair.said("continuing"), "yes")),
)


_CAUTION = (
    "Do not read a difference between groups as an effect of the pairing; groups were not drawn by lot, and "
    "the scale of confidence is not validated."
)


class FollowUp(Frozen):
    """What a round came to; ``caution`` stands above every comparison of groups.

    Where there is a ``threshold``, counts from 1 up to it, and what would give them away, are not shown, and
    no id is named: so it may be published. How many did not answer a question is told beside its whole.
    """

    outcomes: tuple[Outcome, ...]
    breakdowns: tuple[Breakdown, ...]
    notes: tuple[Note, ...]
    caution: str
    threshold: int | None = None


def follow_up(
    cohort: Cohort, matching: Matching, survey: Survey, *, threshold: int | None = None
) -> FollowUp:
    """The results of a round, from what its pairs said at the end.

    Parameters
    ----------
    cohort
        The people, with what they said of themselves at enrolment.
    matching
        Who was paired with whom; people it left out are not counted.
    survey
        The answers, joined by id.
    threshold
        The least count that may be published; ``None`` for the programme's own eyes, every count shown.

    Raises
    ------
    InputError
        If the matching is of another cohort, or an answer of nobody in it, of the other side, or given
        twice; all such are listed.
    """
    expect(cohort=(cohort, Cohort), matching=(matching, Matching), survey=(survey, Survey))
    _check(cohort, matching, survey)
    takers = takers_of(cohort, matching, survey.answers)
    pairs = pairs_of(matching, takers)
    found, compared = outcomes(tuple(takers.values()), pairs), tuple(_breakdowns(pairs))
    if threshold is not None:
        least = whole("threshold", threshold)
        hidden = to_hide(found, compared, least)
        return FollowUp(
            outcomes=published_outcomes(found, hidden),
            breakdowns=published_breakdowns(compared, hidden),
            notes=(),
            caution=_CAUTION,
            threshold=least,
        )
    return FollowUp(
        outcomes=found,
        breakdowns=compared,
        notes=tuple(_notes(pairs, [answer.id for answer in survey.answers if answer.id not in takers])),
        caution=_caution(len(pairs)),
    )


def _check(cohort: Cohort, matching: Matching, survey: Survey) -> None:
    faults = []
    if matching.run.cohort_sha256 != cohort.fingerprint():
        what = "this matching was made from another cohort, or the cohort has changed since."
        faults.append(Fault("matching", what, "Give the cohort it was made from."))
    faults += misfits(cohort, survey.placed())
    if faults:
        raise InputError(faults)


def _is(given: object, wanted: str) -> bool | None:
    return None if given is None else given == wanted


def _breakdowns(pairs: Sequence[Paired]) -> Iterator[Breakdown]:
    criteria = sorted({part.criterion for pair in pairs for part in pair.pairing.contributions})
    by_tier: tuple[str, Callable[[Paired], str]] = "tier", lambda pair: pair.pairing.tier
    groupings = [by_tier, *((name, _code_of(name)) for name in criteria)]
    for code, title, holds in _ABOUT_A_PAIR:
        told = [(pair, known) for pair in pairs if (known := holds(pair)) is not None]
        for by, group_of in groupings:
            groups: dict[str, list[bool]] = {}
            for pair, known in told:
                groups.setdefault(group_of(pair), []).append(known)
            if len(groups) > 1 or (groups and by == "tier"):
                shares = tuple(
                    Share(answer=name, count=sum(each), **interval(sum(each), len(each)))
                    for name, each in sorted(groups.items())
                )
                of = tuple(len(each) for _, each in sorted(groups.items()))
                yield Breakdown(code=code, title=title, by=by, groups=shares, of=of)


def _code_of(criterion: str) -> Callable[[Paired], str]:
    """The group of a pair: what that criterion said of it."""

    def code(pair: Paired) -> str:
        found = (part.code for part in pair.pairing.contributions if part.criterion == criterion)
        return next(found, "not-counted")

    return code


def _notes(pairs: Sequence[Paired], others: Sequence[str]) -> Iterator[Note]:
    for field, words in (("contract", "a contract"), ("continuing", "whether they continue")):
        pairings = [pair.pairing for pair in pairs if pair.differs(field)]
        if pairings:
            told = [f"{pairing.mentor} with {pairing.mentee}" for pairing in pairings]
            because = f"Mentor and mentee differ about {words}: {names(told)}. The mentee's answer counts."
            facts = {"field": field, "pairs": [[one.mentor, one.mentee] for one in pairings]}
            yield Note(code="answers-differ", facts=facts, because=because)
    if others:
        answers = counted(len(others), "answer")
        because = f"{answers} of people who were not paired: {names(sorted(others))}. They are not counted."
        yield Note(code="not-paired", facts={"ids": sorted(others)}, because=because)


def _caution(pairs: int) -> str:
    return f"{counted(pairs, 'pair')}: the intervals say how little so few can show. {_CAUTION}"
