import re

import pytest

from ipmatch.errors import InputError
from ipmatch.front_door import match
from ipmatch.policy import PRESETS, Policy
from ipmatch.scoring.participants import participants
from ipmatch.synthetic import _ELSEWHERE, _GROUPS, demo_cohort
from ipmatch.vocabulary.organisations import near_equal
from ipmatch.vocabulary.scopes import scope_group, scope_groups
from ipmatch.vocabulary.sectors import SECTORS

LARGE = demo_cohort(500, 500, seed=1)


def test_the_same_numbers_give_the_same_cohort():
    assert demo_cohort(30, 40, seed=5) == demo_cohort(30, 40, seed=5)


def test_another_seed_gives_another_cohort():
    assert demo_cohort(30, 40, seed=5) != demo_cohort(30, 40, seed=6)


@pytest.mark.parametrize(("mentors", "mentees"), [(0, 0), (0, 3), (3, 0), (1, 1), (7, 12)])
def test_a_cohort_has_as_many_people_as_asked_for(mentors, mentees):
    cohort = demo_cohort(mentors, mentees, seed=2)
    assert (len(cohort.mentors), len(cohort.mentees)) == (mentors, mentees)


@pytest.mark.parametrize("preset", [preset for preset in PRESETS if preset != "placements"])
@pytest.mark.parametrize("seed", range(4))
def test_the_rules_of_every_preset_can_be_met(preset, seed):
    cohort = demo_cohort(30, 30, seed=seed)
    assert match(cohort, Policy(preset=preset)).status == "optimal"


def test_mentors_are_a_little_scarce_where_both_numbers_are_alike():
    people = participants(LARGE, Policy())
    places = sum(mentor.capacity for mentor in people.mentors)
    wanted = sum(mentee.mentors_wanted for mentee in people.mentees)
    assert 0.9 * wanted < places < wanted


def test_a_large_cohort_shows_everything_that_happens_in_a_real_one():
    left_out = {person.code for person in participants(LARGE, Policy()).left_out}
    assert left_out == {"withdrawn", "paused", "no-consent", "too-few-years", "not-qualified"}
    assert len(LARGE.required_pairs) == 2
    assert LARGE.forbidden_pairs
    assert {mentor.capacity for mentor in LARGE.mentors} == {1, 2, 3}
    assert any(mentor.min_mentees for mentor in LARGE.mentors)
    assert any(mentor.past_sectors for mentor in LARGE.mentors)
    assert any(mentor.years_prescribing == 3 for mentor in LARGE.mentors)
    assert {mentee.mentors_wanted for mentee in LARGE.mentees} == {1, 2}
    for field in ("prefers", "avoids", "known_to", "person"):
        assert any(getattr(person, field) for person in LARGE.people), field
    for field in ("region", "organisation", "consent", "sectors", "scopes"):
        assert any(not getattr(person, field) for person in LARGE.people), field


def test_organisations_are_shared_by_a_few_people():
    given = [person.organisation for person in LARGE.people if person.organisation]
    assert 3 < len(given) / len(set(given)) < 9


def test_organisations_are_told_apart_easily():
    assert near_equal(person.organisation for person in LARGE.people if person.organisation) == []


def test_nobody_has_a_name_an_address_or_a_number():
    for person in LARGE.people:
        assert person.name is person.email is person.gphc_number is person.scope_text is None
        assert re.fullmatch(r"[ME]\d{4}", person.id)


def test_scopes_and_sectors_are_those_of_the_vocabulary():
    assert set(_GROUPS) <= set(SECTORS)
    for groups in (*_GROUPS.values(), _ELSEWHERE):
        assert set(groups) <= set(scope_groups())
    assert all(scope_group(scope) for person in LARGE.people for scope in person.scopes)


def test_a_negative_number_of_people_is_refused_on_both_sides_at_once():
    with pytest.raises(InputError, match=r"^mentors: -1 is not .*\nmentees: -2 is not .* Use 0 or more\.$"):
        demo_cohort(-1, -2, seed=0)
