"""From rows to people: who is who, who answered twice, who is on both sides, and ids that no row decides."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipmatch.cohort import Cohort
from ipmatch.errors import InputError
from ipmatch.intake.identity import Identity
from ipmatch.reading.enrolments import read_enrolment, read_frames

MENTORS = ("name", "email", "GPhC number", "sectors", "capacity", "avoids")
MENTEES = ("name", "email", "GPhC number", "sectors", "qualified_year", "prefers", "avoids")


def mentor(n, **more):
    row = {"name": f"Mentor {n}", "email": f"m{n}@example.org", "sectors": "Academia", "capacity": n}
    return [(row | more).get(field.replace("GPhC number", "gphc"), "") for field in MENTORS]


def mentee(n, **more):
    row = {"name": f"Mentee {n}", "email": f"e{n}@example.org", "sectors": "Academia", "qualified_year": 2022}
    return [(row | more).get(field.replace("GPhC number", "gphc"), "") for field in MENTEES]


def said(enrolment):
    return [(remark.code, remark.where, remark.what) for remark in enrolment.intake.remarks]


def id_of(enrolment, name):
    return next(identity.id for identity in enrolment.people if identity.name == name)


def test_ids_do_not_depend_on_the_order_of_rows(sheet):
    rows = [mentor(n) for n in range(1, 9)]
    first = read_enrolment(sheet("mentors.csv", MENTORS, *rows))
    random.Random(1).shuffle(rows)
    again = read_enrolment(sheet("mentors.csv", MENTORS, *rows))
    assert again.cohort == first.cohort
    assert set(again.people) == set(first.people)
    assert sorted(person.id for person in first.cohort.mentors) == [f"M0{n}" for n in range(1, 9)]


def test_who_was_known_keeps_the_id_and_others_are_numbered_on(sheet):
    first = read_enrolment(sheet("mentors.csv", MENTORS, *(mentor(n) for n in range(1, 4))))
    known = {identity.id: identity for identity in first.people}
    rows = [mentor(9), mentor(3, capacity=5), mentor(1), mentor(8, email="", name="Mentor 8")]
    again = read_enrolment(sheet("mentors.csv", MENTORS, *rows), people=known)
    assert id_of(again, "Mentor 3") == id_of(first, "Mentor 3")
    assert id_of(again, "Mentor 1") == id_of(first, "Mentor 1")
    assert {id_of(again, "Mentor 8"), id_of(again, "Mentor 9")} == {"M04", "M05"}
    assert again.intake.known_before == 2
    assert {identity.id for identity in again.people} == {"M01", "M02", "M03", "M04", "M05"}


def test_somebody_without_address_or_number_is_known_again_by_a_name_that_only_one_bears(sheet):
    known = {
        "M07": Identity("M07", "mentor", None, "Jo Nobody"),
        "E07": Identity("E07", "mentee", None, "Jo Nobody"),
    }
    rows = [mentor(1, name="jo  nobody", email=""), mentor(2)]
    again = read_enrolment(sheet("mentors.csv", MENTORS, *rows), people=known)
    assert id_of(again, "jo nobody") == "M07"
    assert id_of(again, "Mentor 2") == "M08"


def test_of_two_answers_the_later_counts_by_time_else_by_row(sheet):
    timed = ("Completion time", *MENTORS)
    rows = [
        ("2023-03-02 10:00", *mentor(1, capacity=3)),
        ("2023-03-01 10:00", *mentor(1, name="Dr Mentor 1", capacity=2)),
        ("2023-03-01 09:00", *mentor(2, email="", gphc="2012345", capacity=4)),
        ("2023-03-01 11:00", *mentor(3, name="2, Mentor", gphc="2012345", capacity=5)),
    ]
    enrolment = read_enrolment(sheet("mentors.csv", timed, *rows))
    assert sorted(person.capacity for person in enrolment.cohort.mentors) == [3, 5]
    again, later = "the same person answered in", "the later answer counts."
    assert said(enrolment) == [
        ("answered-again", "mentors.csv, row 3", f"{again} row 2 (same e-mail address): {later}"),
        ("answered-again", "mentors.csv, row 4", f"{again} row 5 (same GPhC number): {later}"),
    ]
    untimed = read_enrolment(sheet("mentors.csv", MENTORS, *(row[1:] for row in rows)))
    assert sorted(person.capacity for person in untimed.cohort.mentors) == [2, 5]
    assert untimed.intake.replaced == 2
    assert said(untimed)[0][2].endswith("the lower row counts.")


def test_three_answers_of_one_person_are_one_even_where_no_mark_is_in_all(sheet):
    rows = [mentor(1, gphc="2012345"), mentor(2, gphc="2012345"), mentor(2, capacity=9)]
    enrolment = read_enrolment(sheet("mentors.csv", MENTORS, *rows))
    assert [person.capacity for person in enrolment.cohort.mentors] == [9]


def test_two_people_who_share_a_mailbox_stay_two(sheet):
    rows = [mentor(1, gphc="2012345"), mentor(1, name="Another", gphc="2012346")]
    enrolment = read_enrolment(sheet("mentors.csv", MENTORS, *rows))
    assert len(enrolment.cohort.mentors) == 2
    assert [(code, where) for code, where, _ in said(enrolment)] == [("shared-address", "mentors.csv, row 3")]


def test_the_address_of_the_form_s_filler_counts_only_where_none_was_given(sheet):
    forms = ("Start time", "Completion time", "Email", "Name", "Name2", "Email address", "sectors")
    rows = [
        ("2023-03-01", "2023-03-01", "boss@example.org", "The Boss", "A", "a@example.org", "Academia"),
        ("2023-03-01", "2023-03-01", "boss@example.org", "The Boss", "B", "b@example.org", "Academia"),
        ("2023-03-01", "2023-03-01", "c@example.org", "C", "", "", "Academia"),
    ]
    enrolment = read_enrolment(sheet("mentors.csv", forms, *rows))
    assert {(one.name, one.email) for one in enrolment.people} == {
        ("A", "a@example.org"),
        ("B", "b@example.org"),
        ("C", "c@example.org"),
    }


def test_somebody_on_both_sides_is_one_person_and_never_paired_with_themselves(sheet):
    files = (
        sheet("mentors.csv", MENTORS, mentor(1), mentor(2, gphc="2012345")),
        sheet(
            "mentees.csv", MENTEES, mentee(1, email="M1@Example.org"), mentee(2, gphc="2012345"), mentee(3)
        ),
    )
    enrolment = read_enrolment(*files)
    persons = {person.id: person.person for person in enrolment.cohort.people}
    pairs = [
        {one.id for one in enrolment.cohort.people if persons[one.id] == name} for name in ("P01", "P02")
    ]
    assert {frozenset(pair) for pair in pairs} == {
        frozenset({id_of(enrolment, "Mentor 1"), id_of(enrolment, "Mentee 1")}),
        frozenset({id_of(enrolment, "Mentor 2"), id_of(enrolment, "Mentee 2")}),
    }
    known = {identity.id: identity for identity in enrolment.people}
    assert read_enrolment(files[1], people=known).cohort.mentees == enrolment.cohort.mentees


def test_wishes_become_ids_and_whoever_is_not_certain_is_asked_about(sheet):
    enrolment = read_enrolment(
        sheet("mentors.csv", MENTORS, mentor(1, gphc="2012345"), mentor(2, name="Jo"), mentor(3, name="Jo")),
        sheet(
            "mentees.csv",
            MENTEES,
            mentee(1, avoids="mentor 1; M3@example.org"),
            mentee(2, avoids="Jo, Mrs Elsewhere", prefers="2012345"),
            mentee(3, avoids="m1@example.org", prefers="m1@example.org\nm2@example.org"),
        ),
    )
    people = {one.id: one for one in enrolment.cohort.mentees}
    by_address = {one.email: one.id for one in enrolment.people}
    m1, m2, m3 = (by_address[f"m{n}@example.org"] for n in (1, 2, 3))
    e1, e2, e3 = (people[by_address[f"e{n}@example.org"]] for n in (1, 2, 3))
    assert set(e1.avoids) == {m1, m3}
    assert (e2.avoids, e2.prefers) == ((), (m1,))
    assert (e3.avoids, e3.prefers) == ((m1,), (m2,))
    assert [(code, where) for code, where, _ in said(enrolment)] == [
        ("unclear-person", 'mentees.csv, row 3, column G "avoids"'),
        ("unknown-person", 'mentees.csv, row 3, column G "avoids"'),
        ("contradiction", 'mentees.csv, row 4, column F "prefers"'),
    ]
    assert "Elsewhere" not in str(said(enrolment))


def test_of_who_does_not_agree_only_the_id_is_kept(sheet):
    heads = ("I agree to participate", "sectors", "scope", "name", "email")
    rows = [
        ("Yes", "Academia", "HIV", "A", "a@x.org"),
        ("", "Academia", "HIV", "B", "b@x.org"),
        ("No", "Academia", "HIV", "C", "c@x.org"),
        ("unknown", "Academia", "HIV", "D", "d@x.org"),
    ]
    enrolment = read_enrolment(sheet("mentors.csv", heads, *rows))
    people = {one.id: one for one in enrolment.cohort.mentors}
    consents = {name: people[id_of(enrolment, name)] for name in "ABCD"}
    assert [consents[name].consent for name in "ABCD"] == [True, False, False, None]
    assert consents["B"].model_dump(exclude_defaults=True) == {"id": consents["B"].id, "consent": False}
    assert enrolment.intake.no_consent == 2


def test_one_form_for_both_with_a_branch_for_each_is_read_by_its_side_column(sheet):
    heads = (
        "side",
        "Which region do you work in as an IP",
        "Which region do you work in",
        "sectors",
        "capacity",
    )
    rows = [
        ("Mentor", "Kent", "", "Academia", "2"),
        ("mentee", "", "Surrey", "Care Homes", ""),
        ("", "", "", "Academia", ""),
    ]
    enrolment = read_enrolment(sheet("both.csv", heads, *rows))
    assert [(one.region, one.capacity) for one in enrolment.cohort.mentors] == [("Kent", 2)]
    assert [one.region for one in enrolment.cohort.mentees] == ["Surrey"]
    assert [(code, where) for code, where, _ in said(enrolment)] == [("unknown-side", "both.csv, row 4")]


def test_what_no_cohort_can_hold_is_a_fault_with_its_row(sheet, faults):
    heads = ("id", "sectors", "mentors_wanted", "qualified_year")
    rows = [("B", "Academia", 1, 2022), ("Z", "Academia", 500, 2022), ("B", "Academia", 1, 2022)]
    assert faults(sheet("mentees.csv", heads, *rows)) == [
        'mentees.csv, row 3, column C "mentors_wanted": 500 is too large. Use 100 or less.',
        'mentees.csv, row 4, column A "id": "B" is already the id of mentees.csv, row 2. '
        "Give every person an id of their own, mentors and mentees alike.",
    ]


def test_frames_and_lists_of_dicts_are_read_alike():
    import pandas as pd
    import polars as pl

    mentors = [
        {
            "id": "M1",
            "sectors": ["academia"],
            "scopes": ["HIV", "Own"],
            "capacity": 2,
            "email": None,
            "dpp": True,
        }
    ]
    mentees = [
        {"id": "E1", "sectors": ["academia"], "scope": "T2DM", "qualified_year": 2022.0, "avoids": ["M1"]}
    ]
    expected = Cohort(
        mentors=[{"id": "M1", "sectors": ["academia"], "scopes": ["HIV", "Own"], "capacity": 2, "dpp": True}],
        mentees=[
            {
                "id": "E1",
                "sectors": ["academia"],
                "scopes": ["Type 2 diabetes"],
                "scope_text": "T2DM",
                "qualified_year": 2022,
                "avoids": ["M1"],
            }
        ],
    )
    assert Cohort.from_frames(mentors, mentees) == expected
    assert Cohort.from_frames(mentors=pl.DataFrame(mentors), mentees=pd.DataFrame(mentees)) == expected
    assert Cohort.from_frames() == Cohort()
    assert Cohort.from_frames(mentees=pd.DataFrame({"id": []})) == Cohort()


def test_a_frame_with_an_answer_that_is_not_certain_is_refused_unless_told_otherwise():
    rows = [
        {"id": "E1", "sectors": "academia", "qualified_year": 2022},
        {"id": "E2", "sectors": "academia", "qualified_year": "22"},
    ]
    place = r'^mentees, row 2, column C "qualified_year": "22" is not a year\. Read as 2022\?'
    with pytest.raises(InputError, match=place):
        read_frames(mentees=rows)
    assert [one.qualified_year for one in read_frames(mentees=rows, strict=False).mentees] == [2022, None]


def test_what_is_no_frame_is_a_fault():
    with pytest.raises(InputError, match=r"^mentors: this is neither a data frame nor a list of dicts"):
        read_frames(mentors=42)


@given(st.permutations(range(6)), st.sets(st.integers(0, 5)))
def test_no_order_of_rows_changes_the_cohort_or_who_anybody_is(order, known_rows):
    rows = [{"name": f"N{n}", "email": f"n{n}@x.org", "sectors": "academia", "capacity": n} for n in range(6)]
    known = {f"M{n + 10}": Identity(f"M{n + 10}", "mentor", email=f"n{n}@x.org") for n in known_rows}
    from ipmatch.intake.column_map import ColumnMap
    from ipmatch.intake.enrolment import Known, enrol
    from ipmatch.intake.frames import grid_of_frame
    from ipmatch.intake.headings import lay_out

    def read(rows):
        layout = lay_out(grid_of_frame(rows, "mentors"), ColumnMap(), "mentor")
        return enrol([layout], Known(people=known))

    first, again = read(rows), read([rows[n] for n in order])
    assert first.cohort == again.cohort
    assert set(first.people) == set(again.people)
    assert {f"M{n + 10}" for n in known_rows} <= {one.id for one in first.cohort.mentors}
