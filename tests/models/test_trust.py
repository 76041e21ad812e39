"""What ipmatch makes without validating it, or does not make anew."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from ipmatch.decisions import Decision
from ipmatch.document import FrozenMap
from ipmatch.matching import LevelResult, Note
from ipmatch.synthetic import demo_cohort


def test_what_is_made_on_trust_is_what_pydantic_makes_of_it():
    trusted = Note.of("unknown-scope", "The scope of M1 is not known.", id="M1")
    made = Note(code="unknown-scope", facts={"id": "M1"}, because="The scope of M1 is not known.")
    assert (trusted, repr(trusted), trusted.model_fields_set) == (made, repr(made), made.model_fields_set)
    assert trusted.model_dump_json() == made.model_dump_json()
    with pytest.raises(ValidationError, match="frozen"):
        trusted.code = "known-scope"
    # Fields stand in the model's order, whatever the order given; those left out stand at their defaults.
    level = LevelResult.model_construct(bound=None, value=Decimal(1), level="placed")
    assert [*vars(level)] == ["level", "value", "bound"]
    assert Note.model_construct(code="a", because="b").facts == FrozenMap()
    assert Note.model_construct(code="a", because="b").model_fields_set == {"code", "because"}


def test_keys_that_are_equal_are_told_apart_by_their_type():
    assert repr(FrozenMap({1: "a"})) == "{1: 'a'}"
    assert repr(FrozenMap({True: "a"})) == "{True: 'a'}"


def test_without_decisions_a_cohort_is_itself():
    cohort = demo_cohort(3, 3, 0)
    undone = [Decision(kind="withdraw", id=cohort.mentors[0].id), Decision(kind="undo", entry=1)]
    assert cohort.with_decisions(()) is cohort
    assert cohort.with_decisions(undone) is cohort
