"""A mentor with places left: what is told of one whom nobody waits for, and the entry of anyone."""

from __future__ import annotations

from typing import Any, Literal

from ipmatch.document import freeze
from ipmatch.matching import SpareMentor
from ipmatch.words import counted

__all__ = ["nobody_waits", "spare_mentor"]


def nobody_waits(
    mentor: str, load: int, eligible: int, *, own_waits: bool, others: bool
) -> tuple[Literal["no-eligible-mentee", "all-placed"], str] | None:
    """The code and the sentence for a mentor, by id, of whom nobody could want one place more; else ``None``.

    Parameters
    ----------
    load, eligible
        How many mentees he has, and how many he may have, those included.
    own_waits
        Whether one of those he has asks for another mentor.
    others
        Whether it may be somebody else who fills the place.
    """
    if not eligible:
        return "no-eligible-mentee", f"No mentee taking part may be paired with {mentor}."
    if eligible == load and own_waits:
        return "no-eligible-mentee", f"No further mentee may be paired with {mentor}."
    if others:
        return None
    everyone = "Everyone else" if own_waits else "Everyone"
    return "all-placed", f"{everyone} who may be paired with {mentor} has all the mentors they asked for."


def spare_mentor(mentor: str, capacity: int, load: int, code: Any, because: str, **more: Any) -> SpareMentor:
    """The entry of a mentor with places left, how many they are at the end of the reason."""
    left = counted(capacity - load, "place")
    return SpareMentor.model_construct(
        mentor=mentor,
        capacity=capacity,
        given=load,
        code=code,
        because=f"{because} {left} left.",
        **{name: freeze(value) for name, value in more.items()},
    )
