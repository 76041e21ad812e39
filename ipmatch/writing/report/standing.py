"""Whether the pairs of a matching are proposed or confirmed: a proposal until a person has decided."""

from __future__ import annotations

from ipmatch.matching import Matching
from ipmatch.programme.rounds import Round, numbered

__all__ = ["confirmed", "heading_of", "standing_of"]

_CONFIRMED = ("confirmed", "active", "completed")


def confirmed(matching: Matching) -> frozenset[tuple[str, str]]:
    """The pairs that somebody confirmed, by the decisions recorded."""
    stands = Round()
    for number, decision in numbered(matching.run.decisions):
        stands.take(number, decision)
    return frozenset(pair for pair in matching.pairs() if stands.state_of(pair) in _CONFIRMED)


def heading_of(matching: Matching) -> str:
    """``Proposed pairs``, until every one of them is confirmed."""
    pairs = matching.pairs()
    return "Confirmed pairs" if pairs and confirmed(matching) == pairs else "Proposed pairs"


def standing_of(matching: Matching) -> str:
    """What stands, and who has to decide."""
    pairs, sure = len(matching.pairings), len(confirmed(matching))
    if pairs and sure == pairs:
        return "Every pair is confirmed."
    begin = f"{sure} of {pairs} pairs are confirmed; the others are proposals." if sure else "A proposal."
    return (
        f"{begin} Nothing is decided until a person responsible for the programme has looked at it, changed "
        "what they would change, and confirmed it."
    )
