"""What each reader is told: the participant their own pair and nothing else, the lead all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from ipmatch.answers.alternatives import Letter
from ipmatch.answers.overviews import Explanation
from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import expect
from ipmatch.matching import Pairing
from ipmatch.people import Mentee, Mentor, Side, clean_id
from ipmatch.scoring.builtin import Builtin
from ipmatch.scoring.criteria import Finding, finding
from ipmatch.scoring.pairs import PairScores
from ipmatch.vocabulary.sectors import sector_label
from ipmatch.words import counted, listed

__all__ = ["Letters", "lead_words"]

Someone = Mentor | Mentee

_LEFT_OUT = {
    "withdrawn": "you have withdrawn from the programme",
    "paused": "you are taking a break",
    "no-consent": "you have not consented to it",
    "too-few-years": "the programme asks mentors to have prescribed for longer",
    "not-qualified": "the programme is for qualified independent prescribers",
}
_MANNERS = {"virtual": "online", "in-person": "in person", "either": "online or in person"}


class Letters:
    """The letters about one matching: whom each is paired with and what the two share.

    No points, nobody else, no wish of the other's, and no reason a programme keeps to itself.

    Parameters
    ----------
    scores, pairs
        The people as scored, and the matching's pairs by row and column, each with its session if any.
    """

    def __init__(self, scores: PairScores, pairs: Mapping[tuple[int, int], str | None]) -> None:
        self._scores = scores
        self._everyone: dict[tuple[Side, str], Someone] = {
            (person.side, person.id): person for person in scores.cohort.people
        }
        self._out = {person.id: person.code for person in scores.people.left_out}
        self._own = defaultdict[str, list[tuple[int, int, str | None]]](list)
        for i, j in sorted(pairs):
            for person in (scores.people.mentors[i], scores.people.mentees[j]):
                self._own[person.id].append((i, j, pairs[i, j]))

    def to(self, *, mentor: str | None = None, mentee: str | None = None) -> Letter:
        """The letter to one participant.

        Raises
        ------
        UsageError
            If not exactly one is named, or nobody of that side has the id.
        """
        if (mentor is None) == (mentee is None):
            raise UsageError([Fault("letter", "give exactly one of mentee and mentor.")])
        side: Side = "mentor" if mentee is None else "mentee"
        expect(mentor=(mentor, str, None), mentee=(mentee, str, None))
        identifier = clean_id(mentor or mentee or "")
        reader = self._everyone.get((side, identifier))
        if reader is None:
            raise UsageError([Fault(side, f'no {side} has the id "{identifier}".', "Check the id.")])
        own, out = self._own.get(identifier, []), self._out.get(identifier)
        programme = self._scores.cohort.programme.name
        head = [programme, ""] if programme else []
        lines = [*head, f"Dear {_called(reader)},", "", *_body(self._scores, reader, own, out)]
        return Letter(side=side, id=identifier, text="\n".join(lines) + "\n")


def lead_words(explanation: Explanation) -> str:
    """Everything that decided, in sentences for the programme lead, points and prices included."""
    lines = [explanation.because]
    for pairing in explanation.pairings:
        lines += ["", *_for_the_lead(pairing)]
    if explanation.alternatives:
        lines += ["", "Who else, and what it would cost the programme:"]
        lines += [f"- {alternative.because}" for alternative in explanation.alternatives]
    return "\n".join(lines) + "\n"


def _for_the_lead(pairing: Pairing) -> Iterator[str]:
    tier, points = pairing.tier.replace("-", " "), counted(pairing.score, "point")
    yield f"{pairing.mentor} with {pairing.mentee}: {tier}, {points}, {pairing.basis}."
    for part in pairing.contributions:
        yield f"- {part.because} ({part.points:+,f})"
    for flag in pairing.flags:
        yield f"- To check: {flag.because}"


def _body(
    scores: PairScores, reader: Someone, own: Sequence[tuple[int, int, str | None]], out: str | None
) -> Iterator[str]:
    other_side = "mentee" if reader.side == "mentor" else "mentor"
    if out is not None:
        yield f"You are not taking part in this round, because {_why_left_out(reader, out)}."
        yield "Please tell the programme team if that is not so."
        return
    if not own:
        thanks = " Thank you for offering your time." if reader.side == "mentor" else ""
        yield f"We have no {other_side} for you in this round.{thanks}"
        yield "Please ask the programme team what comes next."
        return
    partners = [
        (scores.people.mentees[j] if reader.side == "mentor" else scores.people.mentors[i], i, j, session)
        for i, j, session in own
    ]
    called = [_called(partner) for partner, *_ in partners]
    yield (
        f"Your {other_side} is {called[0]}." if len(own) == 1 else f"Your {other_side}s are {listed(called)}."
    )
    for partner, i, j, session in partners:
        yield ""
        yield from _about(scores, reader, partner, i, j)
        if session is not None:
            yield f"Please come to the session {session} together with {_called(partner)}."


def _why_left_out(reader: Someone, code: str) -> str:
    if code == "paused" and not reader.places:
        return "you offer no place" if reader.side == "mentor" else "you ask for no mentor"
    return "your part in the programme has ended" if reader.status == "ended" else _LEFT_OUT[code]


def _about(scores: PairScores, reader: Someone, partner: Someone, i: int, j: int) -> Iterator[str]:
    name = _called(partner)
    shared = [sentence for found in _findings(scores, i, j) if (sentence := _shared(found, reader, partner))]
    if shared:
        yield f"What you and {name} share:"
        yield from (f"- {sentence}" for sentence in shared)
    elif not scores.is_required(i, j):
        yield f"The rules of the programme paired you with {name}."
    if scores.is_required(i, j):
        yield f"The programme team has decided to pair you with {name}."


def _findings(scores: PairScores, i: int, j: int) -> Iterator[Finding]:
    """What ipmatch's own criteria found, sector and scope even where they carry no weight."""
    mentor, mentee = scores.people.mentors[i], scores.people.mentees[j]
    for name, table in scores.tables.items():
        if isinstance(table.criterion, Builtin) and (name in scores.unit or name in ("sector", "scope")):
            yield finding(table.criterion, mentor, mentee, table.strength_of(i, j))


def _shared(found: Finding, reader: Someone, partner: Someone) -> str | None:
    """What two people share in the words to one of them; ``None`` for what a letter leaves out."""
    told: dict[str, Callable[[], str | None]] = {
        "same-sector": lambda: _sector(found, reader, partner, "prescribe", "prescribes"),
        "past-sector": lambda: _sector(found, reader, partner, "used to prescribe", "used to prescribe"),
        "same-scope": lambda: f"You both prescribe in {found.facts['mentor_scope']}.",
        "related-scope": lambda: f"{_scopes(found, reader)} are related fields.",
        "same-scope-group": lambda: f"{_scopes(found, reader)} both belong to {found.facts['group']}.",
        "same-region": lambda: f"You are both in {found.facts['region']}.",
        "experienced-mentor": lambda: _experience(reader, partner),
        "shared-availability": lambda: f"You can both come to {listed(found.facts['shared'])}.",
        "compatible-meeting-mode": lambda: f"You can meet {_MANNERS[_mode(found)]}.",
        # Whether the other named you is theirs to say.
        "known-to-each-other": lambda: _if_named(
            reader.known_to, partner, f"You know {_called(partner)} already."
        ),
        "preferred": lambda: _if_named(reader.prefers, partner, f"You asked for {_called(partner)}."),
    }
    return told[found.code]() if found.code in told else None


def _sector(found: Finding, reader: Someone, partner: Someone, you: str, they: str) -> str:
    sectors = listed([sector_label(slug) for slug in found.facts["sectors"]])
    name = _called(partner)
    if reader.side == "mentor":
        return f"You {you} in {sectors}, where {name} works."
    return f"{name} {they} in {sectors}, where you work."


def _scopes(found: Finding, reader: Someone) -> str:
    mine, theirs = found.facts["mentor_scope"], found.facts["mentee_scope"]
    if reader.side == "mentor":
        return f"{mine}, your field, and {theirs}, your mentee's,"
    return f"{theirs}, your field, and {mine}, your mentor's,"


def _experience(reader: Someone, partner: Someone) -> str | None:
    return f"{_called(partner)} has mentored before." if reader.side == "mentee" else None


def _mode(found: Finding) -> str:
    modes = (found.facts["mentor_mode"], found.facts["mentee_mode"])
    return next((mode for mode in modes if mode != "either"), "either")


def _if_named(named: Sequence[str], partner: Someone, sentence: str) -> str | None:
    return sentence if partner.id in named else None


def _called(person: Someone) -> str:
    return (person.name or "").strip() or person.id
