"""What a re-match did with the earlier pairs: which ended and why, which were kept, and who changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ipmatch.cohort import Cohort
from ipmatch.crowds import PairedCrowd
from ipmatch.decisions import Decision, standing
from ipmatch.explaining.releasing import Releases
from ipmatch.matching import Change, EndedPair, Note, Rematch
from ipmatch.people import Side
from ipmatch.posing import Posed
from ipmatch.requests import AnyPosed, Earlier
from ipmatch.solving.arrays import BoolVector
from ipmatch.words import listed, names, rule_words

__all__ = ["explain_rematch", "forgotten_of", "is_of_another_round"]

Pair = tuple[str, str]


def explain_rematch(
    posed: Posed | PairedCrowd, earlier: Earlier, used: BoolVector, *, is_best: bool = True
) -> tuple[Rematch, tuple[Note, ...]]:
    """How the pairs used follow on from the earlier matching, and what the lead should know of that one.

    ``is_best`` tells whether they are proved to be the best.
    """
    released = Releases(posed, used, is_best=is_best)
    ended = tuple(_ended(posed, sorted(earlier.pairs.difference(released.possible))))
    why = {(pair.mentor, pair.mentee): pair.because for pair in ended} | released.reasons()
    rematch = Rematch(
        keep=earlier.keep,
        max_changes=earlier.max_changes,
        earlier=tuple(sorted(earlier.pairs)),
        still_possible=int(posed.earlier.sum()),
        kept=int((posed.earlier & used).sum()),
        ended=ended,
        changes=tuple(_changes(posed, earlier.pairs, released.now, why)),
        forgotten=forgotten_of(posed.request.cohort, earlier.decided, posed.request.decisions),
    )
    return rematch, tuple(_notes(posed.request.cohort, rematch))


def forgotten_of(
    cohort: Cohort, decided: Iterable[Decision], again: Iterable[Decision]
) -> tuple[Decision, ...]:
    """What was decided earlier that the cohort does not say itself and nobody decided again."""
    given = {(one.kind, one.people) for one in standing(again)}
    status = {person.id: person.status for person in cohort.people}
    named = {
        "require": {pair.ids for pair in cohort.required_pairs},
        "forbid": {pair.ids for pair in cohort.forbidden_pairs},
    }

    def holds(old: Decision) -> bool:
        if old.kind == "withdraw":
            return status[old.id or ""] in ("withdrawn", "ended")
        return (old.mentor, old.mentee) in named.get(old.kind, ())

    return tuple(
        old
        for old in decided
        if (old.kind, old.people) not in given
        and all(identifier in status for identifier, _ in old.people)
        and not holds(old)
    )


def is_of_another_round(cohort: Cohort, earlier: Collection[Pair]) -> bool:
    """Whether of all those who were paired nobody is in the cohort."""
    people = {person.id for person in cohort.people}
    return bool(earlier) and not any({*pair} & people for pair in earlier)


def _notes(cohort: Cohort, rematch: Rematch) -> Iterator[Note]:
    """What the lead should know of the earlier matching before relying on the one that follows it."""
    if is_of_another_round(cohort, rematch.earlier):
        because = "Nobody paired in the earlier matching is in this cohort: it may be of another round."
        yield Note(code="another-round", because=because)
    if rematch.forgotten:
        words = tuple(old.words for old in rematch.forgotten)
        told = "Decided for the earlier matching, but neither in the cohort nor decided again"
        because = f"{told}: {names(words)}. Decide it again if it still holds."
        yield Note(code="decisions-forgotten", facts={"decisions": words}, because=because)


def _ended(posed: AnyPosed, pairs: Iterable[Pair]) -> Iterator[EndedPair]:
    """The earlier pairs that nobody could keep, each with every reason."""
    scores = posed.scores
    rows, columns = scores.people.rows(), scores.people.columns()
    out = {(person.side, person.id): person for person in scores.people.left_out}
    for mentor, mentee in pairs:
        both: tuple[tuple[Side, str], ...] = (("mentor", mentor), ("mentee", mentee))
        left = {one: out[side, one] for side, one in both if (side, one) in out}
        gone = [one for (side, one), known in zip(both, (rows, columns), strict=True) if one not in known]
        if gone:
            because = " ".join(left[one].because if one in left else _absence(posed, one) for one in gone)
            yield EndedPair(
                mentor=mentor,
                mentee=mentee,
                code="not-taking-part" if left else "not-in-cohort",
                facts={"ids": gone, "codes": [person.code for person in left.values()]},
                because=because,
            )
        else:
            rules = scores.rules_against(rows[mentor], columns[mentee])
            words = listed([rule_words(rule) for rule in rules])
            because = f"{mentor} and {mentee} may no longer be paired: {words}."
            yield EndedPair(
                mentor=mentor, mentee=mentee, code="removed-by-rule", facts={"rules": rules}, because=because
            )


def _absence(posed: AnyPosed, identifier: str) -> str:
    side = next((person.side for person in posed.request.cohort.people if person.id == identifier), None)
    return f"{identifier} is a {side} now." if side else f"{identifier} is not in this cohort."


def _changes(
    posed: AnyPosed, pairs: Iterable[Pair], now: Iterable[Pair], why: Mapping[Pair, str]
) -> Iterator[Change]:
    """Every mentee whose mentors are others than before; nobody else."""
    before, after = _mentors_by_mentee(pairs), _mentors_by_mentee(now)
    taking_part = {person.id for person in posed.scores.people.mentees}
    for mentee in sorted({*before, *after}):
        old, new = tuple(before[mentee]), tuple(after[mentee])
        if old == new:
            continue
        code, told = _told(mentee, old, new) if mentee in taking_part else _left(mentee)
        reasons = dict.fromkeys(why[mentor, mentee] for mentor in old if mentor not in new)
        yield Change.model_validate(
            {
                "mentee": mentee,
                "before": old,
                "after": new,
                "code": code,
                "because": " ".join([told, *reasons]),
            }
        )


def _mentors_by_mentee(pairs: Iterable[Pair]) -> defaultdict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for mentor, mentee in sorted(pairs):
        found[mentee].append(mentor)
    return found


def _left(mentee: str) -> tuple[str, str]:
    return "left", f"{mentee} no longer takes part."


def _told(mentee: str, old: Sequence[str], new: Sequence[str]) -> tuple[str, str]:
    """What became of a mentee who takes part: a code and a sentence."""
    lost = [mentor for mentor in old if mentor not in new]
    found = [mentor for mentor in new if mentor not in old]
    if not old:
        return "newly-placed", f"{mentee} now has {names(new)}."
    if not new:
        return "newly-alone", f"{mentee} had {names(old)} and is now without a mentor."
    if len(new) == len(old):
        return "moved", f"{mentee} moves from {names(lost)} to {names(found)}."
    code = "more-mentors" if len(new) > len(old) else "fewer-mentors"
    return code, f"{mentee} had {names(old)} and now has {names(new)}."
