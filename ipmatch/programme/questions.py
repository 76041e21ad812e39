"""The questions of the pilot's report, each asked of those it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ipmatch.people import Mentee, Mentor
from ipmatch.programme.outcomes import Outcome, Paired, Taker, outcome
from ipmatch.programme.survey import Answer

__all__ = ["change_in_confidence", "change_in_frequency", "outcomes"]

_FREQUENCIES = ("never", "monthly", "weekly", "daily")
_CHANGES = ("up", "same", "down")
_YES_NO = ("yes", "no")
_REASONS = {
    "confidence": "prescribing confidence",
    "access": "a more experienced prescriber",
    "mentoring-skills": "mentoring skills",
    "workforce": "the future workforce",
    "development": "professional development",
    "interest": "personal interest",
    "other": "other",
}


def outcomes(takers: Sequence[Taker], pairs: Sequence[Paired]) -> tuple[Outcome, ...]:
    """Every question that anybody answered, in the order of the report."""
    mentors = [taker for taker in takers if taker.person.side == "mentor"]
    mentees = [taker for taker in takers if taker.person.side == "mentee"]
    found = [
        *_taking_part(takers, mentors, mentees),
        *_pairs(pairs),
        *_mentees(mentees),
        *_mentors(mentors),
        *_support("mentors", mentors),
        *_support("mentees", mentees),
    ]
    return tuple(one for one in found if one.of)


def change_in_confidence(taker: Taker) -> str | None:
    """Whether confidence is up, down or the same since enrolment; ``None`` where either is not known."""
    after = taker.answer.confidence if taker.answer else None
    return _change(taker.person.confidence, after)


def change_in_frequency(taker: Taker) -> str | None:
    """Whether a mentee prescribes more or less often than at enrolment; "other" cannot be compared."""
    if not isinstance(taker.person, Mentee) or taker.answer is None:
        return None
    ranks = [
        _FREQUENCIES.index(given) if given in _FREQUENCIES else None
        for given in (taker.person.prescribing_frequency, taker.answer.prescribing_frequency)
    ]
    return _change(*ranks)


def _change(before: int | None, after: int | None) -> str | None:
    if before is None or after is None:
        return None
    return "same" if after == before else "up" if after > before else "down"


def _taking_part(
    takers: Sequence[Taker], mentors: Sequence[Taker], mentees: Sequence[Taker]
) -> Iterator[Outcome]:
    for whose, some in (("participants", takers), ("mentors", mentors), ("mentees", mentees)):
        answered = _labels(taker.answer is not None for taker in some)
        yield outcome(f"{whose}-answered", "answered the survey at the end", whose, answered, _YES_NO)
    yield _yes_no("introduction-attended", "came to the introduction", "participants", takers)
    came = [taker for taker in takers if taker.answer and taker.answer.introduction_attended]
    yield _yes_no("introduction-answered", "answered the survey after it", "those who came", came)
    met = [_answer(taker).meetings for taker in takers]
    labels = [None if times is None else "yes" if times >= 2 else "no" for times in met]
    yield outcome("met-twice", "met at least twice", "participants", labels, _YES_NO)


def _pairs(pairs: Sequence[Paired]) -> Iterator[Outcome]:
    contract = [pair.said("contract") for pair in pairs]
    yield outcome("contract", "made a mentoring contract", "pairs", _labels(contract), _YES_NO)
    with_one = [pair for pair, made in zip(pairs, contract, strict=True) if made]
    for whose in ("mentor", "mentee"):
        some = {pair.pairing.mentor if whose == "mentor" else pair.pairing.mentee: pair for pair in with_one}
        takers = [getattr(pair, whose) for pair in some.values()]
        yield _yes_no("contract-beneficial", "found the contract useful", f"{whose}s with one", takers)
    going_on = [pair.said("continuing") for pair in pairs]
    labels = [None if value is None else str(value) for value in going_on]
    yield outcome("continuing", "plan to continue", "pairs", labels, ("yes", "no", "uncertain"))


def _mentees(mentees: Sequence[Taker]) -> Iterator[Outcome]:
    changes = [change_in_confidence(taker) for taker in mentees]
    yield outcome("mentee-confidence", "confidence in prescribing", "mentees", changes, _CHANGES)
    changes = [change_in_frequency(taker) for taker in mentees]
    yield outcome("frequency", "frequency of prescribing", "mentees", changes, _CHANGES)
    yield _yes_no("recommend", "recommend having a mentor", "mentees", mentees)
    yield _yes_no("had-mentor", "had a mentor before", "mentees", mentees, field="had_mentor")


def _mentors(mentors: Sequence[Taker]) -> Iterator[Outcome]:
    changes = [change_in_confidence(taker) for taker in mentors]
    yield outcome("mentor-confidence", "confidence as a mentor", "mentors", changes, _CHANGES)
    yield _yes_no("recommend", "recommend being a mentor", "mentors", mentors)
    yield outcome("dpp", "are a DPP", "mentors", [_labels([_dpp(taker)])[0] for taker in mentors], _YES_NO)
    others = [taker for taker in mentors if _dpp(taker) is False]
    yield _yes_no("dpp-considered", "have considered becoming a DPP", "mentors who are none", others)
    # Whoever has not considered it, and so was not asked, is not working towards it either.
    towards = [
        False if _answer(taker).dpp_considered is False else _answer(taker).dpp_working_towards
        for taker in others
    ]
    title = "are working towards becoming a DPP"
    yield outcome("dpp-working-towards", title, "mentors who are none", _labels(towards), _YES_NO)


def _support(whose: str, takers: Sequence[Taker]) -> Iterator[Outcome]:
    labels = [_supported(_answer(taker)) for taker in takers]
    words = ("supported", "not informed", "declined", "other")
    yield outcome("organisation", "support from their organisation", whose, labels, words)
    used = [taker.answer.resources for taker in takers if taker.answer and taker.answer.resources is not None]
    some: list[bool | None] = [bool(resources) for resources in used]
    some += [None] * (len(takers) - len(used))
    yield outcome("resources", "used a mentoring resource", whose, _labels(some), _YES_NO)
    yield _yes_no("understands-role", "understand the role of a mentor better", whose, takers)
    why = [_answer(taker).enrolled_for for taker in takers]
    given = [[_REASONS[reason] for reason in reasons] for reasons in why if reasons is not None]
    labels = [None if reasons is None else "asked" for reasons in why]
    title = "enrolled for"
    yield outcome("enrolled-for", title, whose, labels, tuple(_REASONS.values()), several=given)


def _supported(answer: Answer) -> str | None:
    if answer.organisational_support is None:
        return None
    reason = {"not-informed": "not informed", "declined": "declined"}
    return "supported" if answer.organisational_support else reason.get(answer.no_support or "", "other")


def _yes_no(
    code: str, title: str, whose: str, takers: Iterable[Taker], *, field: str | None = None
) -> Outcome:
    values = [getattr(_answer(taker), field or code.replace("-", "_")) for taker in takers]
    return outcome(code, title, whose, _labels(values), _YES_NO)


def _labels(values: Iterable[object]) -> list[str | None]:
    return [None if value is None else "yes" if value else "no" for value in values]


def _answer(taker: Taker) -> Answer:
    """What somebody answered; nothing, where they did not."""
    return taker.answer or Answer(id=taker.person.id, side=taker.person.side)


def _dpp(taker: Taker) -> bool | None:
    """What the survey says, failing that the cohort."""
    given = _answer(taker).dpp
    if given is None and isinstance(taker.person, Mentor):
        return taker.person.dpp
    return given
