from __future__ import annotations

import json

import pytest

from ipmatch.cohort import Cohort
from ipmatch.reading import read_cohort
from ipmatch.reading.enrolments import read_enrolment

SECRET = "Zebedee Quillfeather"
EMAIL = "zebedee@quill.example"
PRIVATE = {"name": SECRET, "email": EMAIL, "gphc_number": SECRET, "scope_text": SECRET}
FAULTY = {"id": "M01", **PRIVATE, "capacty": 1, "capacity": "one"}


def test_what_python_prints_of_people_is_not_who_they_are(tmp_path):
    """A cohort in a log or a notebook gave every name, while its frames and pages held none."""
    pair = {"mentor": "M1", "mentee": "E1", "reason": SECRET}
    people = {"mentors": [{"id": "M1", **PRIVATE}], "mentees": [{"id": "E1", **PRIVATE}]}
    cohort = Cohort.model_validate({**people, "required_pairs": [pair]})
    answers = tmp_path / "mentors.csv"
    answers.write_text(f"name,email,sectors,beneficial\n{SECRET},{EMAIL},icb,{SECRET}\n", encoding="utf-8")
    for made in (cohort, cohort.mentors[0], cohort.required_pairs[0], read_enrolment(answers)):
        assert "M" in repr(made)
        for printed in (repr(made), str(made)):
            assert "zebedee" not in printed.casefold()


@pytest.mark.parametrize(
    "data",
    [
        {"mentors": [FAULTY], "mentees": [{**FAULTY, "id": "M01"}]},
        {"mentors": [{"id": "M01", **{field: [text] for field, text in PRIVATE.items()}}]},
        {"mentors": [{"id": "M01", **{field: {SECRET: text} for field, text in PRIVATE.items()}}]},
        {"mentors": {"M01": FAULTY}},
        {"mentors": [[SECRET, EMAIL], SECRET]},
        {"mentors": SECRET},
        {"mentors": [{"id": "M01", "capacity": PRIVATE, "status": PRIVATE, "dpp": [SECRET]}]},
        {"mentors": [{"id": PRIVATE, "sectors": [PRIVATE], "known_to": SECRET, "consent": PRIVATE}]},
        {"kind": PRIVATE, "mentors": [FAULTY]},
        {
            "required_pairs": [
                {"mentor": "M1", "mentee": "E1", "reason": SECRET},
                SECRET,
                {"reason": [SECRET]},
            ]
        },
        {"forbidden_pairs": [{"mentor": "M1", "mentee": "E1", "reason": SECRET}] * 2},
        [FAULTY],
    ],
)
def test_no_name_address_or_reason_is_in_any_fault(faults, data):
    told = "\n".join(faults(read_cohort, data))
    assert "Zebedee" not in told
    assert "zebedee" not in told


@pytest.mark.parametrize("cut", range(60, 200, 7))
def test_no_name_is_in_the_fault_of_a_file_cut_short(faults, cut):
    text = json.dumps({"mentors": [FAULTY] * 2})
    assert "ebedee" not in "\n".join(faults(read_cohort, text[:cut]))


def test_a_key_written_twice_or_a_bad_number_tells_no_name(faults):
    text = f'{{"mentors": [{{"name": "{SECRET}", "name": "{SECRET}", "id": "M01", "email": NaN}}]}}'
    assert faults(read_cohort, text) == [
        "pairs.json, mentors[0].name (M01): this key is written twice. Keep one of them.",
        "pairs.json, mentors[0].email (M01): this is not a finite number. Write a finite number.",
    ]
