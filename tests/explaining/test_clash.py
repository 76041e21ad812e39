"""Rules that cannot all hold are named in the lead's own words, with what alone would mend them."""

from __future__ import annotations

import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError
from ipmatch.front_door import match
from ipmatch.policy import Policy

ICB = {"sectors": ["icb"]}
COHORT = {
    "mentors": [{"id": "M1", **ICB, "region": "Kent"}, {"id": "M2", **ICB, "region": "Surrey"}],
    "mentees": [{"id": f"E{j}", **ICB, "region": "Kent", "tags": ["new"]} for j in range(4)],
}
NEW = {"side": "mentee", "where": {"tags": "new"}}


def clash(quotas, **changes) -> InfeasibleError:
    with pytest.raises(InfeasibleError) as caught:
        match(Cohort.model_validate(COHORT | changes), Policy(quotas=quotas))
    return caught.value


def test_a_quota_that_asks_for_more_than_there_are_places_says_what_is_enough():
    error = clash([{**NEW, "min": 3}])
    assert str(error) == (
        "The rules cannot all hold:\n"
        '  - quota "mentees with tags = new": at least 3 mentees must be paired\n'
        'because of the quota "mentees with tags = new" 4 mentees take part, '
        "4 with somebody to be paired with; all mentors taking part have 2 places.\n"
        'Lower the minimum of the quota "mentees with tags = new" to 2.'
    )
    assert error.conflict == ('quota "mentees with tags = new": at least 3 mentees must be paired',)


def test_a_quota_and_a_required_pair_that_clash_are_both_named_with_each_mend():
    pairs = [{"mentor": "M1", "mentee": "E0"}]
    error = clash([{"side": "mentor", "where": {"region": "Kent"}, "max": 0}], required_pairs=pairs)
    assert error.conflict == (
        "required pair M1 with E0",
        'quota "mentors with region = Kent": at most 0 pairs',
    )
    last = str(error).splitlines()[-1]
    assert last == (
        "Drop the required pair M1 with E0 or "
        'raise the maximum of the quota "mentors with region = Kent" to 1.'
    )


def test_a_quota_has_the_name_the_lead_gave_it():
    error = clash([{**NEW, "min": 3, "name": "New prescribers first"}])
    assert 'Lower the minimum of the quota "New prescribers first" to 2.' in str(error)


def test_a_quota_that_asks_for_people_who_do_not_take_part_says_so():
    error = clash([{"side": "mentee", "where": {"region": "Surrey"}, "min": 1}])
    assert 'nobody who takes part is of the quota "mentees with region = Surrey"' in str(error)
    assert str(error).endswith('Lower the minimum of the quota "mentees with region = Surrey" to 0.')


def test_what_is_said_to_mend_a_clash_mends_it():
    assert match(Cohort.model_validate(COHORT), Policy(quotas=[{**NEW, "min": 2}])).summary.placed == 2


def test_numbers_beyond_all_people_are_as_good_as_none():
    quotas = [{**NEW, "max": 10**30}]
    assert match(Cohort.model_validate(COHORT), Policy(quotas=quotas)).summary.placed == 2
    assert clash([{**NEW, "min": 10**30}]).conflict
