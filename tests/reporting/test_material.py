"""What a report gathers: of a matching that holds, whole, and with the names of the people file alone."""

import pytest

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decision
from ipmatch.errors import InputError
from ipmatch.front_door import match, rematch
from ipmatch.intake.identity import Identity
from ipmatch.policy import Policy
from ipmatch.reporting import material as module
from ipmatch.reporting.material import gather
from ipmatch.study import Study
from ipmatch.writing.report.outputs import made


def test_the_study_of_a_matching_answers_as_the_one_that_solved_it(tight, tight_matching):
    solved, remembered = Study(tight), Study.of(tight, tight_matching)
    assert remembered.matching is tight_matching
    assert remembered.why_not("M02", "E01") == solved.why_not("M02", "E01")
    assert remembered.recruit() == solved.recruit()
    assert remembered.resilience() == solved.resilience()
    assert remembered.ambiguity(drawings=3) == solved.ambiguity(drawings=3)
    assert remembered.sensitivity() == solved.sensitivity()


def test_the_study_of_a_matching_with_decisions_and_earlier_pairs_is_of_just_that(tight, tight_matching):
    again = rematch(tight, tight_matching, decisions=[Decision(kind="withdraw", id="M01")])
    study = Study.of(tight, again)
    assert study.why_not("M02", "E02").because.startswith("M02 and E02 are paired.")
    assert "keep" in study.why_not("M02", "E03").loss
    assert study.why_not("M01", "E01").code == "not-taking-part"


@pytest.mark.parametrize("pair", [("M05", "E12"), ("M01", "E02"), ("M09", "E11")])
def test_a_price_in_the_report_of_a_rematch_is_what_rematching_with_that_decision_gives(
    tight, tight_matching, pair
):
    again = rematch(tight, tight_matching, decisions=[Decision(kind="withdraw", id="M02")])
    promised = Study.of(tight, again).why_not(*pair).loss
    insist = Decision(kind="require", mentor=pair[0], mentee=pair[1])
    decided = rematch(tight, tight_matching, decisions=[*again.run.decisions, insist])
    before, after = ({level.level: level.value for level in one.objective} for one in (again, decided))
    assert promised == {level: before[level] - after[level] for level in before}
    assert promised["keep"] == 1


def test_what_a_withdrawal_would_do_to_a_rematch_of_few_changes_is_what_rematching_gives(
    tight, tight_matching
):
    gone = Decision(kind="withdraw", id="M02")
    again = rematch(tight, tight_matching, keep="tie-break", max_changes=1, decisions=[gone])
    found = gather(tight, again)
    for one in found.resilience:
        leaving = [*again.run.decisions, Decision(kind="withdraw", id=one.id)]
        then = rematch(tight, tight_matching, keep="tie-break", max_changes=1, decisions=leaving)
        before, after = ({level.level: level.value for level in each.objective} for each in (again, then))
        assert one.best.loss == {level: before[level] - after[level] for level in before}, one.id
    assert "--keep tie-break --max-changes 1 --decisions" in made(found, "x.html")


def test_a_matching_that_is_not_what_it_says_is_refused(tight, tight_matching):
    wrong = tight_matching.model_copy(update={"scale": 8})
    with pytest.raises(InputError, match="matching: scale: the file says 8, the pairing implies"):
        gather(tight, wrong)


def test_a_matching_of_another_cohort_is_refused(tight_matching):
    with pytest.raises(InputError, match="matching: This matching was made from another cohort"):
        gather(Cohort(), tight_matching)


def test_names_come_from_the_people_file_alone(awkward, awkward_matching):
    people = {"M01": Identity("M01", "mentor", name="Bo")}
    found = gather(awkward, awkward_matching, people=people, asking=False)
    assert {person.id: person.name for person in found.cohort.people if person.name} == {"M01": "Bo"}


def test_nobody_to_ask_about_leaves_nothing_out():
    found = gather(Cohort(), match(Cohort()))
    assert (found.prices, found.resilience, found.recruit, found.left_out) == (None, None, None, ())


def test_what_is_too_large_to_ask_is_said(monkeypatch, tight, tight_matching):
    monkeypatch.setattr(module, "MOST_SOLVED_AGAIN", 3)
    assert gather(tight, tight_matching).left_out == ()
    monkeypatch.setattr(module, "MOST_WITHDRAWALS", 3)
    found = gather(tight, tight_matching)
    assert found.resilience is None
    assert found.left_out == (
        "The round is too large for a report to ask what each mentor's withdrawal would do. "
        "The command line answers each.",
    )


def test_a_matching_that_is_not_proved_has_no_prices_and_says_so(monkeypatch, tight, tight_matching):
    monkeypatch.setattr("ipmatch.verifying.faults_of", lambda *_, **__: [])
    found = gather(tight, tight_matching.model_copy(update={"status": "feasible"}))
    assert (found.prices, found.resilience, found.sensitivity) == (None, None, None)
    assert "not proved best, so no exact price can be given" in found.left_out[0]
    assert any("Your mentee is E01." in letter.text for letter in found.letters())


def test_who_withdrew_or_did_not_consent_gets_no_letter(tight, tight_matching):
    letters = gather(tight, tight_matching, asking=False).letters()
    left_out = {out.id for out in tight_matching.not_taking_part if out.code in ("withdrawn", "no-consent")}
    assert len(left_out) == 2
    assert {letter.id for letter in letters} == {person.id for person in tight.people} - left_out
    assert [letter.side for letter in letters] == sorted((letter.side for letter in letters), reverse=True)


@pytest.mark.parametrize(
    "levels",
    [
        ["placed", "leximin"],
        ["placed", "score", "balance"],
        ["placed"],
        ["score"],
        ["placed", "tiers", "waiting"],
    ],
)
def test_whatever_the_levels_every_form_of_the_report_is_made(tight, levels):
    policy = tight.policy.replace(objective={"levels": levels})
    found = gather(tight, match(tight, policy))
    assert found.left_out == ()
    for name in ("x.html", "x.md", "x.xlsx", "x.json"):
        assert made(found, name)


def test_where_rules_overlap_prices_are_solved_for_one_by_one_and_the_rest_is_said_to_be_left_out():
    acute = [{"id": f"M{k}", "sectors": ["acute-hospital"], "region": "Kent"} for k in range(2)]
    asking = [
        {"id": f"E{k}", "sectors": ["acute-hospital"], "region": ("Kent", "Surrey")[k % 2]} for k in range(3)
    ]
    few = Cohort(mentors=acute, mentees=[*asking, {"id": "E3", "region": "Kent", "scopes": ["Asthma"]}])
    quotas = [
        {"side": "mentee", "where": {"region": "Kent"}, "max": 1},
        {"side": "mentee", "where": {"sectors": "acute-hospital"}, "max": 1},
    ]
    policy = Policy(quotas=quotas, tiers={"order": ["sector", "scope", "outlier"]})
    found = gather(few, match(few, policy))
    assert found.left_out[0].startswith("There are no prices of all changes at once where rules overlap")
    assert found.recruit is None
    study = Study(few, policy)
    for (mentor, mentee), told in found.prices.told.items():
        assert told == study.why_not(mentor, mentee)
    assert len(found.prices.told) == found.prices.price.size
    assert made(found, "x.html")


def test_a_stable_matching_has_no_prices_and_says_so(awkward):
    cohort = awkward.model_copy(update={"mentees": awkward.mentees[2:], "required_pairs": ()})
    found = gather(cohort, match(cohort, Policy(objective={"method": "stable"})))
    assert found.prices is None
    assert found.left_out[0].startswith("The pairs are stable: no two people would both rather")
    assert made(found, "x.html")
