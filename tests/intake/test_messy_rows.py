"""Rows as people leave them: two names under one address, totals below, one region spelt in two ways."""

from ipmatch.reading.enrolments import read_enrolment

MENTORS = ("name", "email", "GPhC number", "sectors", "capacity", "avoids")


def mentor(n, **more):
    row = {"name": f"Mentor {n}", "email": f"m{n}@example.org", "sectors": "Academia", "capacity": n}
    return [(row | more).get(field, "") for field in MENTORS]


def said(enrolment):
    return [(remark.code, remark.where, remark.what) for remark in enrolment.intake.remarks]


def test_one_address_under_two_names_is_asked_about(sheet):
    rows = [mentor(1), mentor(2), mentor(1, name="Another")]
    enrolment = read_enrolment(sheet("mentors.csv", MENTORS, *rows))
    what = "row 4 has the same e-mail address and another name: taken for one person, the lower row counts."
    assert said(enrolment) == [("another-name", "mentors.csv, row 2", what)]
    assert enrolment.intake.remarks[0].level == "asked"
    assert {one.name for one in enrolment.people} == {"Another", "Mentor 2"}


def test_totals_and_notes_below_the_answers_are_nobody(sheet):
    rows = [
        mentor(1),
        MENTORS,
        ("Total", "", "", "", 31, ""),
        ("Grand total:", 24, "", 24, 31, ""),
        ("", "", "", "", 31, ""),
        ("Total", "m2@example.org", "", "Academia", 2, ""),
    ]
    enrolment = read_enrolment(sheet("mentors.csv", MENTORS, *rows))
    assert [person.capacity for person in enrolment.cohort.mentors] == [1, 2]
    totals = "this row holds totals, and nobody's answers: not read."
    assert said(enrolment) == [
        ("no-person", "mentors.csv, row 3", "this row repeats the headings: not read."),
        ("no-person", "mentors.csv, row 4", totals),
        ("no-person", "mentors.csv, row 5", totals),
        (
            "no-person",
            "mentors.csv, row 6",
            "nothing in this row tells who answered, or by what to match: left out.",
        ),
    ]
    assert [remark.level for remark in enrolment.intake.remarks] == ["noted", "noted", "noted", "asked"]


def test_answers_that_nobody_can_be_told_by_are_kept_and_asked_about(sheet):
    rows = [mentor(1), ("", "", "", "Academia", 1, ""), mentor(2, email=""), mentor(3, name="")]
    enrolment = read_enrolment(sheet("mentors.csv", MENTORS, *rows))
    assert len(enrolment.cohort.mentors) == 4
    assert said(enrolment) == [("unnamed", "mentors.csv, row 3", "nothing in this row tells who answered.")]
    assert enrolment.intake.remarks[0].level == "asked"


def test_one_spelling_stands_for_all_of_a_region(sheet):
    headings = ("name", "email", "sectors", "region")
    spelt = ["Sussex ", "SUSSEX", "Sussex", "kent", "Kent", "Surrey"]
    rows = [(f"M {n}", f"m{n}@example.org", "Academia", region) for n, region in enumerate(spelt)]
    enrolment = read_enrolment(sheet("mentors.csv", headings, *rows))
    assert sorted(person.region for person in enrolment.cohort.mentors) == [
        *["Kent"] * 2,
        "Surrey",
        *["Sussex"] * 3,
    ]
