"""From files to documents: every fault at once, each with its place and how to mend it."""

from .documents import read_cohort, read_decisions, read_matching, read_policy

__all__ = ["read_cohort", "read_decisions", "read_matching", "read_policy"]
