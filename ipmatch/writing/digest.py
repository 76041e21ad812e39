"""A matching in the words a programme lead reads, before any layout: terminal and Markdown say the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from ipmatch.cohort import Cohort
from ipmatch.words import NOTHING_FURTHER, counted, listed, lost
from ipmatch.writing.layout import number

if TYPE_CHECKING:
    from ipmatch.matching import LevelResult, Matching, Note, NotTakingPart, Pairing, SpareMentor

__all__ = [
    "Group",
    "Label",
    "about_lottery",
    "decided_words",
    "enumerated",
    "flags_of_all",
    "groups_left_out",
    "groups_spare",
    "in_every_pair",
    "in_reserve",
    "labels_of",
    "level_rows",
    "level_words",
    "levels_heading",
    "tier_words",
    "told",
    "unmatched_heading",
    "unmatched_title",
    "verdict",
    "why",
]

Label = Callable[[str], str]

# So many left out for one reason are told of together.
MANY_LEFT_OUT = 4
# Of more than a screen can hold the first are named.
MOST_NAMED = 100
MOST_ALIKE = 20

_SHARED = {
    "scope-and-sector": "sector and scope shared",
    "sector": "sector shared",
    "scope": "scope shared",
    "outlier": "neither sector nor scope shared",
}
_SPARE_WORDS = {
    "all-placed": "Everyone they may be paired with has a mentor",
    "no-eligible-mentee": "No mentee they may be paired with",
    "outscored": "Others fit better; what using one more place would cost",
    "lottery": "As good as those chosen: the lottery decided",
    "held-by-rule": "Held by a rule",
    "not-priced": "Not priced: ask about each by itself",
}
_LEVEL_WORDS = {
    "placed": "mentees placed",
    "further_mentors": "further mentors",
    "score": "total score",
    "fairness": "lowest score",
    "leximin": "lowest scores",
    "balance": "balance of loads",
    "waiting": "rounds waited by those placed",
    "preferences": "wishes met",
    "keep": "earlier pairs kept",
}


@dataclass(frozen=True, slots=True)
class Group:
    """People told of together: what they have in common, and each one's label or sentence."""

    title: str
    people: tuple[str, ...]
    sentences: tuple[str, ...] = ()


def labels_of(cohort: Cohort | None) -> Label:
    """How each person is called: the id, and the name beside it where a cohort gives one."""
    names = {person.id: person.name for person in cohort.people if person.name} if cohort else {}
    return lambda identifier: f"{identifier} {names[identifier]}" if identifier in names else identifier


def verdict(matching: Matching) -> str:
    """The whole outcome in one line, and what fairness or stability costs where the policy asks for it."""
    summary, pairs = matching.summary, len(matching.pairings)
    asking = summary.taking_part.mentees
    if not asking:
        return "No mentee takes part, so there is nobody to pair."
    are = "is" if summary.placed == 1 else "are"
    words = f"{summary.placed:,} of {counted(asking, 'mentee')} taking part {are} paired"
    if pairs != summary.placed:
        words += f", in {counted(pairs, 'pair')}"
    if pairs:
        parts = [f"{count:,} {_by_tier(tier, count)}" for tier, count in summary.tiers.items()]
        words += f": {', '.join(parts)}"
    if summary.placed < asking:
        rest = asking - summary.placed
        left = f"{rest:,} {'is' if rest == 1 else 'are'} left"
        words += f"; {rest:,} could not be" if _most_are_placed(matching) else f"; {left}"
    cost = matching.stability.cost if matching.stability else None
    price = "".join(f" {told.because}" for told in (matching.fairness, cost) if told)
    return f"{words}. {_proof(matching)}{price}"


def _most_are_placed(matching: Matching) -> bool:
    """Whether it is known that no more people could be paired under the rules."""
    codes = {left.code for left in matching.unmatched_mentees if not left.given}
    if matching.run.policy.objective.method == "stable":
        return "stable" not in codes
    first = next((level for level in matching.objective if level.level == "placed"), None)
    is_first = first is not None and first is matching.objective[0] and first.bound == first.value
    return is_first or codes <= {"no-eligible-mentor", "below-floor"}


def in_reserve(matching: Matching) -> str:
    """Who there is, and how many places are left."""
    summary = matching.summary
    left = summary.places - len(matching.pairings)
    taking, mentors = summary.taking_part.mentors, counted(summary.mentors, "mentor")
    takes = "takes" if taking == 1 else "take"
    places = f"{counted(summary.places, 'place')}, {f'{left:,}' if left else 'none'} left"
    return f"{taking:,} of {mentors} {takes} part, with {places}."


def tier_words(tier: str) -> str:
    """A tier as people say it."""
    return tier.replace("-", " ")


def flags_of_all(matching: Matching) -> tuple[str, ...]:
    """The flags that every pair has: said once, not in every row."""
    if len(matching.pairings) < 2:
        return ()
    codes = [dict.fromkeys(flag.code for flag in pairing.flags) for pairing in matching.pairings]
    return tuple(code for code in codes[0] if all(code in others for others in codes))


def in_every_pair(matching: Matching) -> str | None:
    """The flags that every pair has, as a sentence."""
    codes = [_words(code) for code in flags_of_all(matching)]
    return f"To check in every pair: {', '.join(codes)}." if codes else None


def why(pairing: Pairing, but: Collection[str] = ()) -> str:
    """The reasons for a pair in few words: what gave or took points, then what to check, ``but`` these.

    Where nothing gave points, what the tier says the two share: a policy may count it without a weight.
    """
    basis = {"required": ["required"], "kept": ["kept from before"]}.get(pairing.basis, [])
    points = [
        f"{_words(part.code)} {'+' if part.points > 0 else ''}{number(part.points)}"
        for part in pairing.contributions
        if part.points
    ]
    share = ", ".join(points) or _SHARED[pairing.tier]
    flags = list(dict.fromkeys(_words(flag.code) for flag in pairing.flags if flag.code not in but))
    check = [f"check: {', '.join(flags)}"] if flags else []
    session = [f"session: {pairing.session}"] if pairing.session else []
    return "; ".join([*basis, share, *session, *check])


def unmatched_title(matching: Matching) -> str:
    """What the mentees who are short of a mentor have in common."""
    some = any(one.given for one in matching.unmatched_mentees)
    return "Fewer mentors than asked for" if some else "Not paired"


def unmatched_heading(matching: Matching) -> str:
    """The heading over the mentees who are short of a mentor."""
    return f"{unmatched_title(matching)} ({len(matching.unmatched_mentees):,})"


def decided_words(decided_by: str | None) -> str:
    """What chose among those who compete for the same places, as people say it."""
    kind, _, level = (decided_by or "").partition(":")
    return level_words(level) if level else {"score": "the score", "lottery": "the lottery"}.get(kind, "")


def groups_spare(matching: Matching, label: Label) -> list[Group]:
    """Mentors with places left, by reason."""
    codes, found = list(_SPARE_WORDS), dict[str, list[str]]()
    for spare in sorted(matching.spare_mentors, key=lambda spare: codes.index(spare.code)):
        found.setdefault(_spare_title(spare), []).append(_spare(spare, label))
    return [Group(title, tuple(people)) for title, people in found.items()]


def _spare_title(spare: SpareMentor) -> str:
    """Why a mentor has places left, in few words, as the whole sentence has it."""
    if spare.code == "no-eligible-mentee" and spare.given:
        return "No further mentee they may be paired with"
    if spare.code == "outscored" and spare.because.startswith(NOTHING_FURTHER):
        return f"{NOTHING_FURTHER}; what using one more place would cost"
    return _SPARE_WORDS[spare.code]


def groups_left_out(people: Sequence[NotTakingPart], label: Label) -> list[Group]:
    """Those not taking part, by side and reason; a sentence each where they are few."""
    groups: dict[tuple[str, str], list[NotTakingPart]] = {}
    for person in people:
        groups.setdefault((person.side, person.code), []).append(person)
    return [
        Group(
            f"{counted(len(some), side)}, {_words(code)}",
            tuple(label(person.id) for person in some),
            tuple(person.because for person in some) if len(some) < MANY_LEFT_OUT else (),
        )
        for (side, code), some in groups.items()
    ]


def enumerated(people: Sequence[str]) -> str:
    """People one after the other; of very many the first, and how many more there are."""
    more = len(people) - MOST_NAMED
    if more <= 0:
        return ", ".join(people)
    return f"{', '.join(people[:MOST_NAMED])} and {more:,} more: --format json names all"


def told(notes: Sequence[Note]) -> Iterator[str]:
    """What notes say; of very many of one kind the first, and how many more there are."""
    for _, kind in groupby(notes, key=lambda note: note.code):
        alike = [note.because for note in kind]
        yield from alike[:MOST_ALIKE]
        if (more := len(alike) - MOST_ALIKE) > 0:
            yield f"{more:,} more like these: --format json tells all."


def level_rows(matching: Matching) -> list[tuple[str, Decimal, str]]:
    """What was maximised, in order: the level in words, the value, and how sure it is."""
    return [
        (level_words(result.level), _short(result), _bound(result.value, result.bound))
        for result in matching.objective
    ]


def level_words(level: str) -> str:
    """A level as people say it."""
    kind, _, tier = level.partition(".")
    if kind == "leximin" and tier:
        return f"pairs at {tier}"
    return f"pairs by {tier_words(tier)}" if tier else _LEVEL_WORDS.get(kind, kind.replace("_", " "))


def levels_heading(matching: Matching) -> str:
    """The heading over the levels."""
    if matching.run.policy.objective.method == "stable":
        return "Beside the best by the policy's levels"
    return "Maximised, one after the other"


def about_lottery(matching: Matching) -> str:
    """How exact ties were settled, and who would rather have somebody else."""
    drawn = f"Exact ties are settled by a lottery drawn from ids and the seed ({matching.run.seed})."
    return f"{drawn} {matching.stability.because}" if matching.stability else drawn


def _proof(matching: Matching) -> str:
    if matching.run.policy.objective.method == "stable":
        return "Stable; once ties are drawn by lot, no other stable pairing is better for any mentee."
    return (
        "Proved best under the rules." if matching.status == "optimal" else "Not proved best: see the bounds."
    )


def _short(result: LevelResult) -> Decimal:
    """The value; of loads shared out by thirds and the like a few places are enough."""
    return round(result.value, 3) if result.level == "balance" else result.value


def _words(code: str) -> str:
    return code.replace("-", " ").replace("_", " ")


def _by_tier(tier: str, count: int) -> str:
    if tier == "outlier":
        return "outlier" if count == 1 else "outliers"
    return f"by {tier_words(tier)}"


def _spare(spare: SpareMentor, label: Label) -> str:
    free = spare.capacity - spare.given
    notes = [f"{free} places"] if free > 1 else []
    if spare.code == "outscored" and spare.loss is not None:
        notes.append(lost(spare.loss))
    return f"{label(spare.mentor)} ({listed(notes, 'each')})" if notes else label(spare.mentor)


def _bound(value: Decimal, bound: Decimal | None) -> str:
    if bound is None:
        return "not proved"
    return "proved best" if bound == value else f"at most {number(bound)}"
