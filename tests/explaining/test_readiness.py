"""A cohort before matching: what there is room for, whom to ask, and who may yet not be right."""

from ipmatch.cohort import Cohort
from ipmatch.front_door import check


def cohort(places, wanted, **more):
    return Cohort(
        mentors=[{"id": "M1", "sectors": ["academia"], "capacity": places, **more.get("mentor", {})}],
        mentees=[{"id": f"E{n}", "sectors": ["academia"], **more.get("mentee", {})} for n in range(wanted)],
    )


def told(found):
    return {note.code: note.because for note in (*found.warnings, *found.to_ask)}


def test_a_quarter_in_reserve_is_enough_and_less_is_said():
    assert "low-spare-capacity" not in told(check(cohort(5, 4)))
    low = check(cohort(9, 8))
    assert told(low)["low-spare-capacity"] == (
        "With everybody placed only 1 place would be left: the pilot lost a quarter of its mentors."
    )
    assert "no place would be left" in told(check(cohort(4, 4)))["low-spare-capacity"]


def test_too_few_places_are_counted_before_any_matching():
    found = check(cohort(1, 3))
    assert told(found)["too-few-places"].startswith("2 places too few")
    assert "low-spare-capacity" not in told(found)


def test_who_may_yet_not_be_right_is_named():
    found = check(
        cohort(
            4,
            2,
            mentor={"years_prescribing": 3, "organisation_informed": False},
            mentee={"prescribing_frequency": "weekly", "protected_time": False},
        )
    )
    assert told(found)["exactly-minimum-years"] == (
        "Exactly 3 years of prescribing, the least the rules ask: M1 (1 person)."
    )
    assert (
        told(found)["frequent-prescriber"] == "Prescribing every day or week already: E0 and E1 (2 people)."
    )
    assert told(found)["organisation-not-informed"] == "Organisation not informed: M1 (1 person)."
    assert told(found)["no-protected-time"] == "No protected time: E0 and E1 (2 people)."
    assert not {"exactly-minimum-years", "frequent-prescriber"} & set(told(check(cohort(4, 2))))


def test_an_answer_on_scope_that_was_not_read_is_told_from_none_at_all():
    found = check(cohort(4, 2, mentor={"scope_text": "MS"}))
    assert told(found)["unknown-scope"] == (
        "The scope of practice of 3 people is not known: E0, E1 and M1. "
        "1 of them gave an answer that was not read: see ipmatch scopes."
    )


def test_a_region_spelt_in_two_ways_is_one():
    spelt = ["London", "london ", "London", "KENT"]
    people = [{"id": f"E{n}", "region": region} for n, region in enumerate(spelt)]
    found = check(
        Cohort(mentors=[{"id": "M1", "region": "LONDON"}, {"id": "M2", "region": "Kent"}], mentees=people)
    )
    regions = {row.name: (row.mentors, row.mentees) for row in found.supply if row.kind == "region"}
    assert regions == {"London": (1, 3), "Kent": (1, 1)}
