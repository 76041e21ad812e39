"""Why somebody has nobody in a stable matching: every reason is recounted from the people and the pairs."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from ipmatch.explaining.stability import cost_against, stability_of
from ipmatch.explaining.stable_reasons import spare_in_stable, unmatched_in_stable
from ipmatch.posing import Posed

from ..stable_cases import cases, ids, person, posed_of, stable_of


def most_placed(posed: Posed, without: frozenset[tuple[str, str]] = frozenset()) -> int:
    """How many mentees can have a mentor, required pairs kept but for some: augmenting paths, one by one."""
    problem, had = posed.problem, dict[int, int]()
    mentors_of = {j: problem.mentor[problem.mentee == j].tolist() for j in np.unique(problem.mentee).tolist()}
    for p in np.flatnonzero(problem.required).tolist():
        people = posed.scores.people
        i, j = int(problem.mentor[p]), int(problem.mentee[p])
        if (people.mentors[i].id, people.mentees[j].id) not in without:
            mentors_of[j] = [i]

    def place(j: int, seen: set[int]) -> bool:
        for i in mentors_of[j]:
            if i in seen:
                continue
            seen.add(i)
            held = [k for k, mentor in had.items() if mentor == i]
            if len(held) < problem.capacity[i] or any(place(k, seen) for k in held):
                had[j] = i
                return True
        return False

    # Whoever has one choice only goes first, and is never without it.
    return sum(place(j, set()) for j in sorted(mentors_of, key=lambda j: len(mentors_of[j])))


def test_the_reasons_of_those_left_over_are_true():
    met = Counter[str]()
    for seed, posed, used in cases():
        people, had = posed.scores.people, ids(posed, used)
        alone = {mentee.id for mentee in people.mentees} - {mentee for _, mentee in had}
        reasons = unmatched_in_stable(posed, used)
        assert {reason.mentee for reason in reasons} == alone, seed
        for reason in reasons:
            met[reason.code] += 1
            eligible = {one for one, other in allowed(posed) if other == reason.mentee}
            assert bool(eligible) == (reason.code not in ("no-eligible-mentor", "below-floor")), seed
            assert (reason.decided_by == "stability") == bool(eligible)
            if not eligible:
                continue
            full = {each["mentor"]: set(each["mentees"]) for each in reason.facts["full"]}
            assert full == {i: {k for one, k in had if one == i} for i in eligible}, seed
            capacity = {mentor.id: mentor.capacity for mentor in people.mentors}
            assert all(len(full[i]) == capacity[i] for i in eligible), seed
            ties = {(tie["mentor"], tie["mentee"]) for tie in reason.facts["tied"]}
            assert ties <= had - ids(posed, posed.problem.required), seed
            if reason.code == "shortage":
                group = set(reason.facts["group"])
                open_to = {one for one, other in allowed(posed) if other in group}
                assert reason.mentee in group
                assert open_to == set(reason.facts["mentors"]), seed
                assert len(group) > sum(capacity[i] for i in open_to) == reason.facts["places"], seed
            elif reason.code == "held-by-rule":
                pairs = frozenset((rule["mentor"], rule["mentee"]) for rule in reason.facts["rules"])
                assert most_placed(posed, pairs) > len(had), seed
            else:
                assert most_placed(posed) > len(had), seed
    assert min(met[code] for code in ("no-eligible-mentor", "below-floor", "shortage", "stable")) >= 5, met
    assert met["held-by-rule"] >= 1, met


def allowed(posed: Posed) -> set[tuple[str, str]]:
    return ids(posed, np.ones(len(posed.problem.mentor), bool))


def test_whoever_could_have_a_spare_mentor_has_one_they_like_as_much():
    met = Counter[str]()
    for seed, posed, used in cases():
        people, had = posed.scores.people, ids(posed, used)
        load = Counter(mentor for mentor, _ in had)
        reasons = {reason.mentor: reason for reason in spare_in_stable(posed, used)}
        assert set(reasons) == {m.id for m in people.mentors if load[m.id] < m.capacity}, seed
        for mentor, reason in reasons.items():
            eligible = {other for one, other in allowed(posed) if one == mentor}
            assert reason.code == ("all-placed" if eligible else "no-eligible-mentee")
            assert eligible <= {mentee for _, mentee in had}, seed
            met[reason.code] += 1
    assert min(met.values()) > 20


def test_a_reason_names_who_has_the_places_and_where_lots_were_drawn():
    posed = posed_of(
        [person("M1"), person("M2", sectors=["primary-care"])],
        [person("E1", ["M1"]), person("E2"), person("E3", sectors=["primary-care", "acute-hospital"])],
    )
    used = stable_of(posed)
    (reason,) = unmatched_in_stable(posed, used)
    alone = reason.mentee
    other = next(mentee for mentor, mentee in ids(posed, used) if mentor == "M1")
    assert reason.facts["full"][0] == {"mentor": "M1", "mentees": (other,)}
    assert f"ranks {alone} and {other} alike" in reason.because
    assert reason.facts["tied"] == ({"mentor": "M1", "mentee": other},)


@pytest.mark.parametrize("sides", [([], []), ([person("M1")], []), ([], [person("E1")])])
def test_a_cohort_without_pairs_is_stable_and_accounts_for_everyone(sides):
    posed = posed_of(*sides)
    used = stable_of(posed)
    assert stability_of(posed, used).blocking_pairs == 0
    assert cost_against(posed, used, used).optimal_pairs == ()
    assert [spare.code for spare in spare_in_stable(posed, used)] == ["no-eligible-mentee"] * len(sides[0])
    alone = unmatched_in_stable(posed, used)
    assert [reason.because for reason in alone] == ["No mentor takes part."] * len(sides[1])
