"""The pilot's published results from its synthetic survey; and answers that do not fit are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import InputError
from ipmatch.front_door import match
from ipmatch.programme.followup import follow_up
from ipmatch.programme.survey import Answer, Survey
from ipmatch.reading import read_cohort, read_matching
from ipmatch.reading.survey_file import read_survey

PILOT = Path(__file__).parents[2] / "examples" / "pilot"

# The report's own figures (sections 4.1 to 4.3), each with what it counts.
PUBLISHED = [
    ("participants", "participants-answered", "yes", 18, 18),
    ("participants", "introduction-attended", "yes", 16, 18),
    ("those who came", "introduction-answered", "yes", 8, 16),
    ("participants", "met-twice", "yes", 18, 18),
    ("pairs", "contract", "yes", 5, 9),
    ("mentees with one", "contract-beneficial", "yes", 3, 5),
    ("mentors with one", "contract-beneficial", "yes", 4, 5),
    ("mentees", "mentee-confidence", "up", 5, 9),
    ("mentees", "mentee-confidence", "same", 4, 9),
    ("mentees", "frequency", "up", 1, 9),
    ("mentees", "frequency", "same", 8, 9),
    ("mentors", "mentor-confidence", "up", 2, 9),
    ("mentors", "mentor-confidence", "same", 7, 9),
    ("mentors", "dpp", "no", 6, 9),
    ("mentors who are none", "dpp-considered", "yes", 5, 6),
    ("mentors who are none", "dpp-working-towards", "yes", 2, 6),
    ("pairs", "continuing", "yes", 6, 9),
    ("mentees", "recommend", "yes", 7, 9),
    ("mentors", "recommend", "yes", 9, 9),
    ("mentees", "had-mentor", "no", 6, 9),
    ("mentees", "organisation", "not informed", 3, 9),
    ("mentors", "organisation", "not informed", 5, 9),
    ("mentors", "resources", "yes", 6, 9),
    ("mentees", "resources", "yes", 3, 9),
    ("mentees", "enrolled-for", "prescribing confidence", 9, 9),
    ("mentees", "enrolled-for", "a more experienced prescriber", 9, 9),
]


@pytest.fixture(scope="module")
def pilot():
    made = PILOT / "made"
    survey = read_survey(PILOT / "survey.csv")
    return read_cohort(made / "cohort.json"), read_matching(made / "matching.json"), survey


@pytest.mark.parametrize(("whose", "code", "answer", "count", "of"), PUBLISHED)
def test_the_pilot_s_published_figures_come_out(pilot, whose, code, answer, count, of):
    table = next(one for one in follow_up(*pilot).outcomes if (one.whose, one.code) == (whose, code))
    share = next(share for share in table.shares if share.answer == answer)
    assert (share.count, table.of) == (count, of)
    assert share.low <= count / of <= share.high


def test_everyone_in_a_table_is_counted_once_or_not_known(pilot):
    for table in follow_up(*pilot).outcomes:
        if not table.several:
            assert sum(share.count for share in table.shares) == table.of
    few = Survey(answers=pilot[2].answers[:4])
    for table in follow_up(pilot[0], pilot[1], few).outcomes:
        whole = {"mentees": 9, "mentors": 9, "pairs": 9, "participants": 18}.get(table.whose, table.of)
        assert table.of + table.unknown == whole or "with one" in table.whose, table


def test_tiers_and_reasons_are_compared_under_a_standing_caution(pilot):
    found = follow_up(*pilot)
    assert found.caution.startswith("9 pairs: the intervals say how little so few can show.")
    by_tier = next(one for one in found.breakdowns if (one.code, one.by) == ("mentee-confidence", "tier"))
    assert [(one.answer, one.count, of) for one, of in zip(by_tier.groups, by_tier.of, strict=True)] == [
        ("scope-and-sector", 2, 3),
        ("sector", 3, 6),
    ]
    assert {one.by for one in found.breakdowns} == {"tier", "scope"}


def test_two_who_differ_about_their_pair_are_named_and_the_mentee_counts(pilot):
    cohort, matching, survey = pilot
    pair = matching.pairings[0]
    answers = [
        answer.model_copy(update={"contract": False}) if answer.id == pair.mentor else answer
        for answer in survey.answers
    ]
    found = follow_up(cohort, matching, Survey(answers=answers))
    assert [note.code for note in found.notes] == ["answers-differ"]
    assert f"{pair.mentor} with {pair.mentee}" in found.notes[0].because
    assert next(one for one in found.outcomes if one.code == "contract").shares[0].count == 5


def test_what_somebody_with_several_partners_said_is_told_of_none_of_the_pairs():
    """One answer of a mentee was counted for both of their pairs, and said to differ from each mentor's."""
    mentors = [{"id": f"M{n}", "sectors": ["icb"]} for n in (1, 2)]
    cohort = Cohort(mentors=mentors, mentees=[{"id": "E1", "sectors": ["icb"], "mentors_wanted": 2}])
    answers = [Answer(id="E1", side="mentee", contract=True), Answer(id="M1", side="mentor", contract=False)]
    found = follow_up(cohort, match(cohort), Survey(answers=answers))
    contract = next(one for one in found.outcomes if one.code == "contract")
    assert ([share.count for share in contract.shares], contract.unknown) == ([0, 1], 1)
    assert found.notes == ()


def test_people_who_were_not_paired_are_named_and_not_counted(pilot):
    cohort, matching, survey = pilot
    more = Survey(answers=[*survey.answers, Answer(id="M12", side="mentor", recommend=False)])
    found = follow_up(cohort, matching, more)
    assert found.notes[0].because.startswith("1 answer of people who were not paired: M12.")
    assert found.outcomes == follow_up(*pilot).outcomes


def test_answers_that_do_not_fit_are_all_refused(pilot):
    cohort, _, survey = pilot
    wrong = [Answer(id="E99", side="mentee"), Answer(id="M01", side="mentee")]
    with pytest.raises(InputError) as caught:
        follow_up(
            cohort,
            match(cohort.model_copy(update={"mentors": ()})),
            Survey(answers=[*survey.answers, *wrong]),
        )
    assert str(caught.value).splitlines() == [
        "matching: this matching was made from another cohort, or the cohort has changed since. Give the "
        "cohort it was made from.",
        'answers[18]: nobody in the cohort has the id "E99". Check the id.',
        "answers[19]: M01 is a mentor in the cohort, not a mentee. Check the id, or the side.",
        "answers[19]: M01 answered before. Keep the answers that count.",
    ]
