"""The fingerprint: the SHA-256 of the canonical JSON of what rules can see, whatever way it is reckoned."""

import hashlib
import json

from ipmatch.cohort import Cohort
from ipmatch.document import plain_number
from ipmatch.people import PRIVATE_FIELDS
from ipmatch.synthetic import demo_cohort

EMPTY = '{"forbidden":[],"mentees":[],"mentors":[],"regions":[],"required":[]}'


def whole(cohort):
    """All of it as one text."""
    people = {
        side: [
            {name: value for name, value in vars(person).items() if name not in PRIVATE_FIELDS}
            for person in sorted(getattr(cohort, side), key=lambda person: person.id)
        ]
        for side in ("mentors", "mentees")
    }
    pairs = {
        key: [(pair.mentor, pair.mentee) for pair in getattr(cohort, f"{key}_pairs")]
        for key in ("required", "forbidden")
    }
    plain = {**people, **pairs, "regions": sorted(cohort.programme.regions)}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain_number)


def test_the_fingerprint_is_that_of_the_whole_text():
    odd = {"id": 'Ü"\\', "region": "Île\u2028", "tags": ["a", 'b"'], "name": "Ana", "years_prescribing": 2.5}
    cohorts = [demo_cohort(50, 60, 3), Cohort(mentors=[odd], mentees=[{"id": "é", "consent": False}])]
    for cohort in cohorts:
        assert cohort.fingerprint() == hashlib.sha256(whole(cohort).encode()).hexdigest()


def test_the_fingerprint_of_nobody_is_known():
    assert Cohort().fingerprint() == hashlib.sha256(EMPTY.encode()).hexdigest()
