"""Matching: the pairings, everyone not paired and why, and the proof; typed, frozen, ready for any reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict

from ipmatch.certificates import Certificate, Part
from ipmatch.costs import FairnessCost, Stability
from ipmatch.decisions import Decision
from ipmatch.document import Document, Exact, Facts, Frozen, FrozenMap
from ipmatch.document.shown import Shown
from ipmatch.people import Side
from ipmatch.policy import Policy, Tier

if TYPE_CHECKING:
    import networkx

__all__ = [
    "Certificate",
    "Change",
    "Contribution",
    "Counts",
    "EndedPair",
    "Keep",
    "LevelResult",
    "Matching",
    "NotTakingPart",
    "Note",
    "Pairing",
    "Rematch",
    "Repair",
    "Run",
    "SpareMentor",
    "Summary",
    "Unmatched",
    "Verification",
]

Loss = FrozenMap[str, Exact]
Keep = Literal["all", "after-placed", "tie-break"]


class Note(Part):
    """Something worth knowing: a stable ``code``, the facts, and one sentence."""

    code: str
    facts: Facts = FrozenMap()
    because: str

    @classmethod
    def of(cls, code: str, because: str, **facts: Any) -> Note:
        """A note of ipmatch's own, its facts frozen already: made without being validated."""
        return cls.model_construct(code=code, facts=FrozenMap(facts), because=because)


class Contribution(Part):
    """What one criterion adds to a pair: its strength (0 to 1), and strength × weight in points."""

    criterion: str
    code: str
    strength: Exact
    points: Exact
    facts: Facts = FrozenMap()
    because: str


class Pairing(Part):
    """One mentor with one mentee, with the reasons; contributions add up to the score exactly.

    ``session`` is the label of the session both come to, where the policy lists sessions.
    """

    mentor: str
    mentee: str
    basis: Literal["required", "kept", "chosen"]
    tier: Tier
    score: Exact
    session: str | None = None
    flags: tuple[Note, ...] = ()
    contributions: tuple[Contribution, ...] = ()


class Repair(Part):
    """One change after which a mentee could have one more mentor, and nobody would have fewer.

    ``facts`` name what to change; where they name several, any one will do. ``gain`` is what matching again
    brings at least: one mentee placed, or one further mentor.
    """

    code: Literal[
        "one-more-place",
        "raise-quota-maximum",
        "lower-quota-minimum",
        "lower-mentor-minimum",
        "raise-session-places",
        "drop-required-pair",
        "allow-below-floor",
        "lift-forbidden-pair",
        "lift-avoidance",
    ]
    facts: Facts = FrozenMap()
    because: str
    gain: Loss


class Unmatched(Part):
    """A mentee who has fewer mentors than wanted, with the one true reason.

    ``decided_by`` says what chose among those who compete for the same places: ``score``, ``lottery``,
    ``level:<name>`` or ``stability``; ``loss`` is what placing this mentee would cost the programme, level by
    level; ``repairs`` are a few changes that would place one more, the simplest first. Where rules leave the
    network or the search was cut short, nothing is priced: ``not-priced`` says that the rest is for single
    questions.
    """

    mentee: str
    wanted: int
    given: int
    code: Literal[
        "no-eligible-mentor",
        "below-floor",
        "shortage",
        "held-by-rule",
        "not-worth-it",
        "not-priced",
        "stable",
    ]
    decided_by: str | None = None
    loss: Loss | None = None
    facts: Facts = FrozenMap()
    because: str
    repairs: tuple[Repair, ...] = ()


class SpareMentor(Part):
    """A mentor with places left, and why; ``loss`` is what using one more place would cost."""

    mentor: str
    capacity: int
    given: int
    code: Literal["no-eligible-mentee", "all-placed", "outscored", "lottery", "held-by-rule", "not-priced"]
    loss: Loss | None = None
    facts: Facts = FrozenMap()
    because: str


class NotTakingPart(Part):
    """A person left out before any matching, by the first rule that holds."""

    side: Side
    id: str
    code: Literal["withdrawn", "paused", "no-consent", "too-few-years", "not-qualified"]
    facts: Facts = FrozenMap()
    because: str


class LevelResult(Part):
    """One level of the objective: what was reached, and the proved upper bound (None: not proved)."""

    level: str
    value: Exact
    bound: Exact | None


class Counts(Part):
    """How many of each side."""

    mentors: int
    mentees: int


class Summary(Part):
    """The matching in numbers; ``places`` are those of the mentors taking part."""

    mentors: int
    mentees: int
    taking_part: Counts
    places: int
    placed: int
    tiers: FrozenMap[str, int]


class EndedPair(Part):
    """An earlier pair that is no longer possible, and why; it does not count as a change."""

    mentor: str
    mentee: str
    code: Literal["not-in-cohort", "not-taking-part", "removed-by-rule"]
    facts: Facts = FrozenMap()
    because: str


class Change(Part):
    """A mentee whose mentors are not those of the earlier matching, and why."""

    mentee: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    code: Literal["moved", "newly-placed", "newly-alone", "fewer-mentors", "more-mentors", "left"]
    because: str


class Rematch(Part):
    """How a matching follows on from an earlier one: what was kept, what ended, and who changes.

    At most ``max_changes`` of the earlier pairs still possible were to be given up; ``None`` is any number.
    ``forgotten`` was decided for the earlier matching, and neither stands in the cohort nor was given again.
    """

    keep: Keep
    max_changes: int | None = None
    earlier: tuple[tuple[str, str], ...]
    still_possible: int
    kept: int
    ended: tuple[EndedPair, ...]
    changes: tuple[Change, ...]
    forgotten: tuple[Decision, ...] = ()


class Run(Part):
    """What made this matching: enough to make it again; no clock, host or path."""

    ipmatch: str
    cohort_sha256: str
    seed: int
    policy: Policy
    decisions: tuple[Decision, ...] = ()
    criteria: tuple[str, ...] = ()


class Matching(Shown, Document):
    """Who is paired with whom, and why; everyone else, and why not; and the proof that it is best."""

    model_config = ConfigDict(extra="ignore")

    kind: Literal["matching"] = "matching"
    version: Literal[1] = 1
    status: Literal["optimal", "feasible"]
    scale: int
    summary: Summary
    objective: tuple[LevelResult, ...]
    pairings: tuple[Pairing, ...]
    unmatched_mentees: tuple[Unmatched, ...]
    spare_mentors: tuple[SpareMentor, ...]
    not_taking_part: tuple[NotTakingPart, ...]
    warnings: tuple[Note, ...]
    rematch: Rematch | None = None
    fairness: FairnessCost | None = None
    stability: Stability | None = None
    certificate: Certificate
    run: Run

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The ``(mentor, mentee)`` ids of all pairings."""
        return frozenset((pairing.mentor, pairing.mentee) for pairing in self.pairings)

    def to_graph(self) -> networkx.Graph[str]:
        """The matching as a bipartite graph: people as nodes with a ``side``, pairings as edges."""
        import networkx

        graph: networkx.Graph[str] = networkx.Graph()
        graph.add_nodes_from(_everyone(self))
        for pairing in self.pairings:
            graph.add_edge(
                pairing.mentor, pairing.mentee, tier=pairing.tier, score=pairing.score, basis=pairing.basis
            )
        return graph


class Verification(Frozen):
    """What a check of a matching found; ``ok`` when nothing is wrong."""

    ok: bool
    faults: tuple[str, ...] = ()


def _everyone(matching: Matching) -> list[tuple[str, dict[str, str]]]:
    mentors = {pairing.mentor for pairing in matching.pairings} | {
        spare.mentor for spare in matching.spare_mentors
    }
    mentees = {pairing.mentee for pairing in matching.pairings} | {
        left.mentee for left in matching.unmatched_mentees
    }
    sides = [(identifier, "mentor") for identifier in mentors] + [
        (identifier, "mentee") for identifier in mentees
    ]
    sides += [(person.id, person.side) for person in matching.not_taking_part]
    return [(identifier, {"side": side}) for identifier, side in sorted(sides)]
