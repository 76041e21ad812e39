"""What one place, pair or mentor more brings where a session then has no room: asked of single changes."""

from __future__ import annotations

from itertools import product

import pytest

import ipmatch as ip
from ipmatch.errors import InfeasibleError

from .test_sessions import matched

ONE_MENTOR = {"mentors": [{"id": "M1", "sectors": ["icb"]}]}


def test_one_more_place_is_no_repair_where_the_session_has_no_place_for_the_pair():
    """One mentor with one place never overran the one place on Monday, so the repair left Monday out."""
    people = {**ONE_MENTOR, "mentees": [{"id": f"E{n}", "sectors": ["icb"]} for n in (1, 2)]}
    for places, enough in ((1, False), (2, True)):
        sessions = [{"label": "Mon 18:00", "places": places}]
        (left,) = matched(sessions, **people).unmatched_mentees
        assert left.code == "shortage"
        assert ("one-more-place" in [repair.code for repair in left.repairs]) == enough
        two = {"mentors": [{**ONE_MENTOR["mentors"][0], "capacity": 2}]}
        assert len(matched(sessions, **people | two).pairings) == 1 + enough


def test_no_pair_is_said_to_place_somebody_whom_no_session_has_a_place_for():
    mentees = [{"id": "E1", "sectors": ["icb"]}, {"id": "E2"}, {"id": "E3", "sectors": ["icb"]}]
    banned = [{"mentor": "M1", "mentee": "E3"}]
    mentor = [{"id": "M1", "sectors": ["icb"], "capacity": 3}]
    for places, told in ((1, None), (2, {"placed": 1, "score": 0})):
        sessions = [{"label": "Mon 18:00", "places": places}]
        matching = matched(sessions, mentors=mentor, mentees=mentees, forbidden_pairs=banned)
        below, forbidden = matching.unmatched_mentees
        assert below.facts["just_below_floor"]["gain"] == told
        assert [repair.code for repair in forbidden.repairs] == ["lift-forbidden-pair"] * bool(told)


def test_one_more_mentor_brings_what_the_sessions_have_places_for():
    mentees = [{"id": f"E{n}", "sectors": ["icb"], "region": "Kent"} for n in (1, 2)]
    for places, levels in product((1, 2), (["placed", "score"], ["placed", "fairness"])):
        policy = ip.Policy(sessions=[{"label": "Mon", "places": places}], objective={"levels": levels})
        cohort = ip.Cohort.model_validate(ONE_MENTOR | {"mentees": mentees})
        gains = [dict(profile.gain) for profile in ip.Study(cohort, policy).recruit()]
        if places == 2:
            assert gains[0]["placed"] == 1
        else:
            assert gains == ([{"placed": 0, "score": 10}] if "score" in levels else [])


def test_requiring_a_pair_beside_which_fairness_cannot_be_found_is_told_as_not_possible():
    """The question was refused as if the policy were at fault, and with it the whole report."""
    people = ONE_MENTOR | {"mentees": [{"id": "E1", "sectors": ["icb"]}, {"id": "E2"}]}
    mentors = [{"id": "M1", "sectors": ["icb"], "capacity": 2}]
    policy = ip.Policy(
        sessions=[{"label": "Mon", "places": 1}], objective={"levels": ["placed", "fairness", "score"]}
    )
    study = ip.Study(ip.Cohort.model_validate(people | {"mentors": mentors}), policy)
    answer = study.why_not("M1", "E2")
    assert (answer.possible, answer.code, answer.rules) == (False, "not-allowed", ("floor",))
    assert '"fairness" cannot stand beside rules that overlap' in answer.because


def test_one_place_more_beside_which_no_stable_matching_may_exist_is_told_as_not_possible():
    mentees = [{"id": f"E{n}", "sectors": ["icb"]} for n in (1, 2)]
    policy = ip.Policy(sessions=[{"label": "Mon", "places": 1}], objective={"method": "stable"})
    answer = ip.Study(ip.Cohort.model_validate(ONE_MENTOR | {"mentees": mentees}), policy).one_place_more(
        "M1"
    )
    assert (answer.possible, answer.code) == (False, "not-possible")
    assert (
        'a "stable" matching may not exist with sessions (the places of the session "Mon")' in answer.because
    )


def test_no_mend_of_a_clash_is_told_that_a_session_with_room_till_now_would_undo():
    """Raising the capacity to 2 was told, though Monday has one place, which limited nothing till then."""
    mentees = [{"id": f"E{n}", "sectors": ["icb"]} for n in (1, 2)]
    pairs = [{"mentor": "M1", "mentee": f"E{n}"} for n in (1, 2)]
    for places, enough in ((1, False), (2, True)):
        sessions = [{"label": "Mon 18:00", "places": places}]
        with pytest.raises(InfeasibleError) as caught:
            matched(sessions, **ONE_MENTOR, mentees=mentees, required_pairs=pairs)
        assert "rop the required pair M1 with E1" in str(caught.value)
        assert ("raise the capacity of M1 to 2" in str(caught.value)) == enough


def test_places_of_a_session_are_places_of_every_group_that_it_is_in():
    """Only the places of Monday alone were raised, not those of Monday and Tuesday together."""
    mentors = [{"id": "M1", "sectors": ["icb"], "availability": ["Mon"]}, {"id": "M2", "sectors": ["icb"]}]
    mentees = [{"id": f"E{n}", "sectors": ["icb"], "availability": ["Mon", "Tue"]} for n in (1, 2)]
    sessions = [{"label": "Mon", "places": 0}, {"label": "Tue", "places": 0}]
    with pytest.raises(InfeasibleError) as caught:
        matched(sessions, mentors=mentors, mentees=mentees, required_pairs=[{"mentor": "M1", "mentee": "E1"}])
    assert 'raise the places of the session "Mon" by 1' in str(caught.value)
