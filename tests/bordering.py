"""What a big cohort is not told that a small one is, taken out of both, so that the rest can be compared."""

from __future__ import annotations


def without_repairs(ours, theirs):
    """Where other levels come first, repairs would each have to be priced: a big cohort is told none."""
    for left, other in zip(ours["unmatched_mentees"], theirs["unmatched_mentees"], strict=True):
        assert left.pop("repairs") == []
        repairs, because = other.pop("repairs"), other.pop("because")
        assert because in (
            left["because"],
            " ".join([left["because"], *(r["because"] for r in repairs[:1])]),
        )
        left.pop("because")
