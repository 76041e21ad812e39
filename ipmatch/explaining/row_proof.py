"""The certificate under rules that leave the network: a bound for each level, to and from its integers."""

from __future__ import annotations

from collections.abc import Sequence

from ipmatch.certificates import Certificate, LevelProof
from ipmatch.explaining.proof import Proof
from ipmatch.posing import Posed
from ipmatch.solving.rows.entries import RowEntry

__all__ = ["entries_of", "proof_by_rows"]


def proof_by_rows(posed: Posed, entries: Sequence[RowEntry], *, unique: bool) -> Proof:
    """The entries of every level as people keep them, and the bounds they prove."""
    certificate = Certificate(
        method="tree" if any(entry.kind == "tree" for entry in entries) else "lagrangian",
        rows=tuple(row.name for row in posed.rows),
        levels=tuple(LevelProof.model_validate(entry.to_json()) for entry in entries),
        unique=unique,
    )
    return Proof(certificate, {}, {entry.level: entry.bound for entry in entries})


def entries_of(certificate: Certificate) -> list[RowEntry]:
    """The entries of a certificate, one for each level.

    Raises
    ------
    ValueError
        If some number is out of place or out of range.
    """
    return [RowEntry.from_json(level.model_dump()) for level in certificate.levels]
