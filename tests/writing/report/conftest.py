"""A hostile round: names that would run, break or hide something if they were not shown as text."""

from __future__ import annotations

import pytest

from ipmatch.intake.identity import Identity
from ipmatch.reporting.material import gather

SCRIPT, FORMULA, RTL, LONG = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
    "عبد الرحمن",
    "N" * 300,
)


@pytest.fixture(scope="session")
def hostile(awkward, awkward_matching):
    """The awkward round with a hostile name for everybody in it."""
    names = {
        "M01": SCRIPT,
        "M02": FORMULA,
        "E02": RTL,
        "E03": LONG,
        "-2+3": "a\u202eb",
        "M03": "</style>&amp;",
    }
    people = {
        person.id: Identity(person.id, person.side, name=names.get(person.id), email="=cmd|x")
        for person in awkward.people
    }
    return gather(awkward, awkward_matching, people=people), people
