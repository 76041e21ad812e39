"""What a re-match remembers of the earlier matching besides its pairs: what was decided, and of whom."""

import pytest

import ipmatch as ip

COHORT = ip.Cohort(
    mentors=[{"id": "M1", "sectors": ["icb"]}, {"id": "M2", "sectors": ["icb"]}],
    mentees=[{"id": "E1", "sectors": ["icb"]}, {"id": "E2", "sectors": ["icb"]}],
)
DECIDED = (
    ip.Decision(kind="withdraw", id="E2"),
    ip.Decision(kind="forbid", mentor="M1", mentee="E1", by="Lead", reason="private"),
)


@pytest.fixture(scope="module")
def earlier():
    return ip.match(COHORT, decisions=DECIDED)


def told(matching):
    return {note.code: note.because for note in matching.warnings}


def test_what_was_decided_and_is_not_decided_again_is_warned_of(earlier):
    again = ip.rematch(COHORT, earlier)
    assert [one.words for one in again.rematch.forgotten] == ["withdraw E2", "forbid M1 E1"]
    assert told(again)["decisions-forgotten"] == (
        "Decided for the earlier matching, but neither in the cohort nor decided again: withdraw E2 and "
        "forbid M1 E1. Decide it again if it still holds."
    )
    assert "private" not in again.model_dump_json()
    assert ip.verify(COHORT, again).ok


@pytest.mark.parametrize(
    ("cohort", "decisions"),
    [
        (COHORT, DECIDED),
        (COHORT.with_decisions(DECIDED), ()),
        (COHORT.with_decisions(DECIDED[:1]), DECIDED[1:]),
    ],
)
def test_what_the_cohort_says_or_is_decided_again_is_not(earlier, cohort, decisions):
    again = ip.rematch(cohort, earlier, decisions=decisions)
    assert again.rematch.forgotten == ()
    assert "decisions-forgotten" not in told(again)


def test_a_claim_that_something_was_forgotten_which_stands_in_the_cohort_does_not_verify(earlier):
    cohort = COHORT.with_decisions(DECIDED)
    again = ip.rematch(cohort, earlier)
    lie = again.model_copy(update={"rematch": again.rematch.model_copy(update={"forgotten": DECIDED[:1]})})
    assert not ip.verify(cohort, lie).ok


def test_an_earlier_matching_of_other_people_is_warned_of(earlier):
    other = ip.Cohort(mentors=[{"id": "X1", "sectors": ["icb"]}], mentees=[{"id": "Y1", "sectors": ["icb"]}])
    again = ip.rematch(other, earlier)
    assert told(again)["another-round"].startswith("Nobody paired in the earlier matching is in this cohort")
    assert again.rematch.forgotten == ()
    assert ip.verify(other, again).ok
