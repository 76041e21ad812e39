import pytest

from ipmatch.cohort import Cohort
from ipmatch.front_door import check, match
from ipmatch.people import Mentee, Mentor
from ipmatch.policy import Policy
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.answers_text import check_text
from ipmatch.writing.characters import width
from ipmatch.writing.markdown import markdown_text
from ipmatch.writing.terminal import matching_text


def test_the_first_line_is_the_verdict(example_matching):
    first = matching_text(example_matching, width=200).splitlines()[0]
    assert first.startswith(
        "2 of 3 mentees taking part are paired: 1 by scope and sector, 1 by sector; 1 could not be."
    )


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_line_is_wider_than_the_page(awkward, awkward_matching, columns):
    text = matching_text(awkward_matching, cohort=awkward, width=columns)
    assert max(map(width, text.splitlines())) <= columns


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_nobody_is_lost_however_many_there_are(columns):
    cohort = demo_cohort(150, 130, 3)
    matching = match(cohort)
    text = matching_text(matching, cohort=cohort, width=columns)
    markdown = markdown_text(matching)
    for person in cohort.people:
        assert person.id in text
        assert person.id in markdown


def test_of_thousands_left_out_the_first_are_named_and_the_others_counted():
    mentees = [Mentee(id=f"E{j:04d}", ip_qualified=False) for j in range(1200)]
    cohort = Cohort(mentors=[Mentor(id="M1", organisation=f"Kent {'x' * 12}")], mentees=mentees)
    for text in (matching_text(match(cohort)), check_text(check(cohort))):
        lines = " ".join(text.split())
        assert "Not taking part (1,200) 1,200 mentees, not qualified: E0000, E0001, E0002," in lines
        assert "E0098, E0099 and 1,100 more: --format json names all" in lines
        assert "E0100" not in lines


def test_of_many_warnings_of_one_kind_the_first_are_told_and_the_others_counted():
    mentors = [
        {"id": f"M{i:03d}", "email": f"team{i // 3}@example.org", "scopes": ["Zebra care"]} for i in range(75)
    ]
    text = " ".join(check_text(check(Cohort.model_validate({"mentors": mentors}))).split())
    assert "M057, M058 and M059 look like one person. - 5 more like these: --format json tells all." in text
    assert "M060, M061 and M062 look" not in text
    assert '"Zebra care" (M000,' in text


def test_nothing_that_steers_a_terminal_gets_through(awkward, awkward_matching):
    text = matching_text(awkward_matching, cohort=awkward)
    assert not {"\x1b", "\u202e", "\t", "\r"} & set(text)


def test_a_terminal_without_unicode_gets_ascii(awkward, awkward_matching):
    text = matching_text(awkward_matching, cohort=awkward, encoding="ascii")
    assert text.isascii()
    assert "Ana S\\xedlva" in text


def test_names_are_shown_only_with_the_cohort(awkward, awkward_matching):
    assert "Ana Sílva" not in matching_text(awkward_matching)
    assert "a private reason" not in matching_text(awkward_matching, cohort=awkward)


def test_nobody_at_all_is_said_plainly():
    assert matching_text(match(Cohort())).startswith("No mentee takes part, so there is nobody to pair.\n")


def test_nobody_paired_is_said_plainly():
    cohort = Cohort(mentees=(Mentee(id="E1", sectors=("primary-care",)),))
    assert matching_text(match(cohort)).startswith("0 of 1 mentee taking part are paired; 1 could not be.")


def test_who_goes_without_could_not_be_paired_only_where_no_more_could():
    """Two places went to the one who scores most; the other was said not to be possible to pair."""
    mentors = [Mentor(id=f"M{n}", sectors=["icb"], region="Kent") for n in (1, 2)]
    mentees = [
        Mentee(id="E1", sectors=["icb"], region="Kent", mentors_wanted=2),
        Mentee(id="E2", sectors=["icb"]),
    ]
    cohort = Cohort(mentors=mentors, mentees=mentees)
    one_of_two = "1 of 2 mentees taking part is paired, in 2 pairs: 2 by sector; 1 is left."
    assert matching_text(match(cohort, Policy(objective={"levels": ["score"]})), width=200).startswith(
        one_of_two
    )
    assert matching_text(match(cohort)).startswith("2 of 2 mentees taking part are paired")


def test_a_mentor_with_places_left_is_told_of_as_the_whole_reason_has_it():
    two_wanted = Mentee(id="E1", sectors=["icb"], mentors_wanted=2)
    text = matching_text(
        match(Cohort(mentors=[Mentor(id="M1", sectors=["icb"], capacity=2)], mentees=[two_wanted]))
    )
    assert "No further mentee they may be paired with: M1" in text
    inside = {"scopes": ["Asthma"], "organisation": "Trust"}
    cohort = Cohort(mentors=[Mentor(id="M1", **inside)], mentees=[Mentee(id="E1", **inside)])
    policy = Policy(objective={"levels": ["score"]}, weights={"organisation": 60})
    assert "No further pair is worth making; what using one more place would cost" in " ".join(
        matching_text(match(cohort, policy)).split()
    )


def test_a_pair_without_points_is_told_what_its_tier_says_the_two_share():
    cohort = Cohort(
        mentors=[Mentor(id="M1", sectors=["icb"]), Mentor(id="M2", scopes=["Asthma"])],
        mentees=[Mentee(id="E1", sectors=["icb"]), Mentee(id="E2", scopes=["Asthma"])],
    )
    lines = matching_text(match(cohort, Policy(preset="pilot-2023-as-told")), width=200).splitlines()
    assert [line.split("  ")[-1].split("; ")[0] for line in lines if line.startswith(("  M1", "  M2"))] == [
        "sector shared",
        "scope shared",
    ]


def test_a_flag_that_every_pair_has_is_said_once():
    mentors = tuple(Mentor(id=f"M{n}", sectors=("primary-care",)) for n in range(3))
    mentees = tuple(Mentee(id=f"E{n}", sectors=("primary-care",)) for n in range(3))
    text = matching_text(match(Cohort(mentors=mentors, mentees=mentees)), width=120)
    assert text.count("unknown years") == 1


def test_markdown_takes_nothing_people_typed_for_markup(awkward, awkward_matching):
    text = markdown_text(awkward_matching, cohort=awkward)
    row = next(line for line in text.splitlines() if "=M04" in line)
    assert "a\\|b &lt;i&gt;\\*c\\*&lt;/i&gt;" in row
    assert "://" not in row
    assert row.replace("\\|", "").count("|") == 6
