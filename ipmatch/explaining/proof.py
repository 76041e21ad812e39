"""The certificate as people keep it: prices by id, to and from the arrays that prove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ipmatch.certificates import Certificate
from ipmatch.crowds import PosedCrowd
from ipmatch.document import FrozenMap
from ipmatch.errors import InternalError
from ipmatch.matching import Matching
from ipmatch.posing import Posed
from ipmatch.solving.arrays import IntVector
from ipmatch.solving.problem import SIDES
from ipmatch.solving.quotas import tree

__all__ = ["Proof", "certificate_of", "check_values", "prices_of"]


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate and what it says of the levels, by name.

    Those with ``prices``, one per node, can reach no more than they do; of others ``bounds`` may hold what
    they cannot exceed, in units.
    """

    certificate: Certificate
    prices: Mapping[str, IntVector]
    bounds: Mapping[str, int | None]

    def proves(self, level: str) -> bool:
        """Whether its prices prove a level to the end; leximin has more to prove than its lowest score."""
        if level not in self.prices:
            return False
        # Where the search was cut short, the last level it came to may not be finished.
        return level != "leximin" or self.certificate.unique or not [*self.prices][-1].startswith(level)


def proof_by_prices(posed: Posed | PosedCrowd, prices: Mapping[str, IntVector], *, complete: bool) -> Proof:
    """The proof of the levels that have prices; ``complete`` with the lottery's."""
    certificate = certificate_of(posed, prices).model_copy(update={"unique": complete})
    return Proof(certificate, prices, {})


def certificate_of(posed: Posed | PosedCrowd, prices: Mapping[str, IntVector]) -> Certificate:
    """Prices by level, one per node, as prices by person, one per level."""
    people = [ids for _, ids in _nodes(posed, Certificate())]
    # Where nothing is proved yet, everybody has no price.
    nothing = np.zeros((1 + sum(map(len, people)) + _groups(posed), 0), dtype=np.int64)
    table = np.stack(list(prices.values()), axis=1) if prices else nothing
    rows = iter(table[1:].tolist())
    blocks = [FrozenMap({identifier: tuple(next(rows)) for identifier in ids}) for ids in people]
    groups = tuple(tuple(prices) for prices in rows)
    return Certificate.model_construct(
        method="stable" if posed.scores.policy.objective.method == "stable" else "network",
        order=tuple(prices),
        mentors=blocks[0],
        mentees=blocks[1],
        asks=blocks[2],
        quotas=groups,
    )


def prices_of(posed: Posed | PosedCrowd, certificate: Certificate) -> dict[str, IntVector]:
    """The prices of a certificate as arrays, one entry per node.

    Raises
    ------
    ValueError
        If the prices of a person or a group are missing, or there are not as many as levels.
    """
    by_node = [[0] * len(certificate.order)]
    for prices, ids in _nodes(posed, certificate):
        if set(prices) != set(ids):
            raise ValueError("the certificate does not speak of the people taking part.")
        by_node += [list(prices[identifier]) for identifier in ids]
    if len(certificate.quotas) != _groups(posed):
        raise ValueError("the certificate does not speak of the groups that quotas bound.")
    by_node += [list(prices) for prices in certificate.quotas]
    if any(len(row) != len(certificate.order) for row in by_node):
        raise ValueError("the certificate does not hold one price per level.")
    if any(abs(price) > 2**62 for row in by_node for price in row):
        raise ValueError("the certificate holds a price out of range.")
    table = np.array(by_node, dtype=np.int64).reshape(len(by_node), len(certificate.order))
    return {name: np.ascontiguousarray(table[:, place]) for place, name in enumerate(certificate.order)}


def _groups(posed: Posed | PosedCrowd) -> int:
    return sum(len(tree(posed.problem, side).low) for side in SIDES)


def _nodes(
    posed: Posed | PosedCrowd, certificate: Certificate
) -> list[tuple[Mapping[str, tuple[int, ...]], list[str]]]:
    """The people's nodes, which follow the root, in their order, beside the certificate's prices."""
    people = posed.scores.people
    return [
        (certificate.mentors, [mentor.id for mentor in people.mentors]),
        (certificate.mentees, [mentee.id for mentee in people.mentees]),
        (certificate.asks, [mentee.id for mentee in people.mentees if mentee.mentors_wanted > 1]),
    ]


def check_values(matching: Matching, reached: dict[str, int | None], posed: Posed | PosedCrowd) -> None:
    """The values the solver reached are those the reasons add up to.

    Raises
    ------
    InternalError
        If they are not.
    """
    for level in matching.objective:
        units = round(Fraction(level.value) * posed.scale_of(level.level))
        # Only loads shared out by thirds and the like have no finite form; rounding brings the units back.
        # After a search cut short, the later levels have no value of their own.
        if reached.get(level.level, units) != units:
            raise InternalError(
                f"Level {level.level}: the reasons add up to {level.value}, not to what was solved."
            )
