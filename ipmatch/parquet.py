"""How documents lie in columns: what the readers and the writers of Parquet files agree on."""

from __future__ import annotations

__all__ = ["REST", "SIDES"]

REST = "ipmatch"
"""The key of a cohort file's metadata under which all but its people stands, as JSON."""
SIDES = {"mentors": "mentor", "mentees": "mentee"}
"""By the cohort's field the word in the column ``side``."""
