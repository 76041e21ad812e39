"""Neighbouring programmes: every example solved exactly, and small instances against trying everything."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import InfeasibleError, InputError
from ipmatch.front_door import match, verify
from ipmatch.policy import Policy
from ipmatch.programme.neighbours import allow_only, in_periods, with_hours
from ipmatch.reading import read_cohort

from ..second_scorer import Second

EXAMPLES = Path(__file__).parents[2] / "examples" / "neighbours"
OPTIMAL = ("dpp-allocation", "supervision", "rotations", "peer-groups")
ROLES = {
    "consultant pharmacist": ["advanced pharmacist", "foundation trainee"],
    "educational supervisor": ["foundation trainee", "preceptee"],
    "practice supervisor": ["preceptee", "technician"],
}


def best(cohort, preset):
    """The levels' best values, by trying every way to pair each mentee, mentee by mentee."""
    policy = Policy(preset=preset)
    told = Second(cohort.model_dump(mode="json"), policy.model_dump(mode="json"))
    mentors = {mentor.id: mentor for mentor in cohort.mentors}
    order = sorted(mentors)
    reached = {(0,) * len(order): {(0, 0, Fraction(0))}}
    for mentee in cohort.mentees:
        ways = [
            some
            for size in range(mentee.mentors_wanted + 1)
            for some in combinations([m for m in order if (m, mentee.id) in told.allowed], size)
        ]
        further: dict[tuple[int, ...], set] = {}
        for loads, values in reached.items():
            for some in ways:
                after = tuple(load + (m in some) for load, m in zip(loads, order, strict=True))
                if all(load <= mentors[m].capacity for load, m in zip(after, order, strict=True)):
                    points = sum((told.points[m, mentee.id] for m in some), Fraction(0))
                    gained = bool(some), max(len(some) - 1, 0), points
                    further.setdefault(after, set()).add(
                        max(tuple(a + b for a, b in zip(value, gained, strict=True)) for value in values)
                    )
        reached = {loads: {max(values)} for loads, values in further.items()}
    found = []
    for loads, values in reached.items():
        if all(load >= mentors[m].min_mentees for load, m in zip(loads, order, strict=True)):
            balance = -sum(
                Fraction(load**2, mentors[m].capacity) for load, m in zip(loads, order, strict=True)
            )
            levels = {"placed": None, "further_mentors": None, "balance": balance, "score": None}
            for placed, others, points in values:
                levels |= {"placed": placed, "further_mentors": others, "score": points}
                names = ["placed", "further_mentors", *policy.objective.levels[1:]]
                found.append([levels[name] for name in names])
    return max(found) if found else None


def reached(matching, preset):
    values = {level.level: Fraction(level.value) for level in matching.objective}
    return [
        values.get(name, 0)
        for name in ("placed", "further_mentors", *Policy(preset=preset).objective.levels[1:])
    ]


@pytest.mark.parametrize("preset", OPTIMAL)
def test_the_example_of_each_programme_is_solved_exactly(preset):
    cohort = read_cohort(EXAMPLES / f"{preset}.json")
    matching = match(cohort, Policy(preset=preset))
    assert verify(cohort, matching).ok
    assert reached(matching, preset) == best(cohort, preset)


def random_round(preset, seed):
    """A small round as the programme has them."""
    draw = Random(f"{preset} {seed}")
    sectors, scopes, regions = ["acute-hospital", "primary-care"], ["Hypertension", "Asthma"], ["Kent", None]
    times = [["Tuesday"], ["Thursday"], ["Tuesday", "Thursday"], []]

    def person(identifier):
        return {
            "id": identifier,
            "sectors": [draw.choice(sectors)],
            "scopes": [draw.choice(scopes)],
            "region": draw.choice(regions),
            "organisation": draw.choice(["A", "B", None]),
            "availability": draw.choice(times),
        }

    mentors = [
        {**person(f"M{i}"), "capacity": draw.choice([1, 2, 4]), "tags": [draw.choice(list(ROLES))]}
        for i in range(3)
    ]
    mentees = [
        {**person(f"E{i}"), "tags": [draw.choice(["foundation trainee", "preceptee", "technician"])]}
        for i in range(4)
    ]
    if preset in ("dpp-allocation", "rotations"):
        for one in mentees:
            one["mentors_wanted"] = draw.choice([1, 2, 3])
            one["prefers"] = draw.sample(["M0", "M1", "M2"], draw.choice([0, 2, 3]))
    if preset == "peer-groups":
        mentors[0]["capacity"], mentors[0]["min_mentees"] = 3, draw.choice([0, 1, 2])
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees})
    return allow_only(cohort, ROLES) if preset == "supervision" else cohort


@pytest.mark.parametrize("preset", OPTIMAL)
def test_small_instances_equal_trying_everything(preset):
    for seed in range(25):
        cohort = random_round(preset, seed)
        expected = best(cohort, preset)
        if expected is None:
            with pytest.raises(InfeasibleError, match="cannot all hold"):
                match(cohort, Policy(preset=preset))
            continue
        matching = match(cohort, Policy(preset=preset))
        assert reached(matching, preset) == expected, seed
        assert verify(cohort, matching).ok


def serial(cohort, order):
    """Each in turn takes the best of their list that still has a place."""
    left = {mentor.id: mentor.capacity for mentor in cohort.mentors}
    lists = {mentee.id: mentee.prefers for mentee in cohort.mentees}
    pairs = set()
    for mentee in order:
        site = next((site for site in lists[mentee] if left[site]), None)
        if site:
            left[site] -= 1
            pairs.add((site, mentee))
    return pairs


def test_sites_with_one_order_of_trainees_let_them_choose_in_that_order():
    example = read_cohort(EXAMPLES / "placements.json")
    order = example.mentors[0].prefers
    assert match(example, Policy(preset="placements")).pairs() == serial(example, order)
    for seed in range(40):
        draw = Random(seed)
        sites, trainees = [f"S{i}" for i in range(3)], [f"T{i}" for i in range(5)]
        order = draw.sample(trainees, 5)
        cohort = Cohort.model_validate(
            {
                "mentors": [{"id": s, "capacity": draw.choice([1, 2]), "prefers": order} for s in sites],
                "mentees": [{"id": t, "prefers": draw.sample(sites, 3)} for t in trainees],
            }
        )
        matching = match(cohort, Policy(preset="placements"))
        assert matching.pairs() == serial(cohort, order), seed
        assert verify(cohort, matching).ok


def test_a_stable_placement_leaves_no_two_who_would_rather_have_each_other():
    for seed in range(30):
        draw = Random(seed)
        sites, trainees = ["S0", "S1", "S2"], ["T0", "T1", "T2", "T3"]
        mentors = [
            {"id": s, "capacity": draw.choice([1, 2]), "prefers": draw.sample(trainees, 4)} for s in sites
        ]
        mentees = [{"id": t, "prefers": draw.sample(sites, 3)} for t in trainees]
        cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees})
        pairs = match(cohort, Policy(preset="placements")).pairs()
        at = {mentee: mentor for mentor, mentee in pairs}
        for site in cohort.mentors:
            held = [mentee for mentor, mentee in pairs if mentor == site.id]
            for trainee in cohort.mentees:
                better = trainee.id not in at or trainee.prefers.index(site.id) < trainee.prefers.index(
                    at[trainee.id]
                )
                worst = max((site.prefers.index(one) for one in held), default=-1)
                wanted = len(held) < site.capacity or site.prefers.index(trainee.id) < worst
                assert not (better and wanted and trainee.id not in held), (seed, site.id, trainee.id)


def test_the_example_s_table_of_who_may_supervise_whom_is_what_it_forbids():
    example = read_cohort(EXAMPLES / "supervision.json")
    table = {**ROLES, "practice supervisor": ["preceptee", "technician"]}
    assert allow_only(example.model_copy(update={"forbidden_pairs": ()}), table) == example


def test_somebody_without_a_role_and_a_required_pair_beside_the_table_are_refused():
    people = {
        "mentors": [{"id": "M1", "tags": ["practice supervisor"]}, {"id": "M2"}],
        "mentees": [{"id": "E1"}],
    }
    with pytest.raises(InputError, match="no role of the table is among the tags of M2 and E1"):
        allow_only(Cohort.model_validate(people), ROLES)
    people["mentors"].pop()
    people["mentees"] = [{"id": "E1", "tags": ["foundation trainee"]}]
    people["required_pairs"] = [{"mentor": "M1", "mentee": "E1"}]
    with pytest.raises(InputError, match="required pairs that the table does not allow: M1 with E1"):
        allow_only(Cohort.model_validate(people), ROLES)


def test_hours_are_whole_places_and_unequal_needs_are_refused():
    cohort = read_cohort(EXAMPLES / "dpp-allocation.json")
    needs = dict.fromkeys((mentee.id for mentee in cohort.mentees), 45)
    with_places = with_hours(cohort, {"D1": 150, "D2": 90, "D3": 44}, needs)
    assert [mentor.capacity for mentor in with_places.mentors] == [3, 2, 0, 1]
    with pytest.raises(InputError, match=r"mentees need different hours of one mentor, or none \(45, 90\)"):
        with_hours(cohort, {"D1": 150}, {**needs, "T1": 90})
    with pytest.raises(InputError, match=r"or none \(none\)"):
        with_hours(cohort, {"D1": 150}, {})


def test_rotations_fit_into_their_periods_with_no_sector_overfull():
    cohorts = [read_cohort(EXAMPLES / "rotations.json")]
    for seed in range(60):
        draw = Random(seed)
        mentors = [{"id": f"M{i}", "capacity": draw.randint(1, 9)} for i in range(draw.randint(1, 5))]
        mentees = [{"id": f"E{i}", "mentors_wanted": draw.randint(1, 3)} for i in range(draw.randint(1, 9))]
        cohorts.append(Cohort.model_validate({"mentors": mentors, "mentees": mentees}))
    for cohort in cohorts:
        matching = match(cohort, Policy(preset="rotations"))
        legs = in_periods(matching, 3)
        assert {(leg.mentor, leg.mentee) for leg in legs} == matching.pairs()
        assert len(legs) == len(matching.pairs())
        assert len({(leg.mentee, leg.period) for leg in legs}) == len(legs)
        assert {leg.period for leg in legs} <= {1, 2, 3}
        for mentor in cohort.mentors:
            held = [leg.period for leg in legs if leg.mentor == mentor.id]
            assert max((held.count(period) for period in held), default=0) <= -(-mentor.capacity // 3)


def test_more_mentors_than_periods_are_refused():
    matching = match(read_cohort(EXAMPLES / "rotations.json"), Policy(preset="rotations"))
    with pytest.raises(InputError, match=r"more mentors than there are periods \(2\): R1, R2, R3, R4 and R5"):
        in_periods(matching, 2)


def test_the_rules_of_the_neighbours_never_change():
    expected = json.loads(
        (Path(__file__).parents[1] / "golden" / "neighbours.json").read_text(encoding="utf-8")
    )
    assert set(expected) == {*OPTIMAL, "placements"}
    for name, rules in expected.items():
        found = Policy(preset=name).model_dump(mode="json")
        assert {key: found[key] for key in rules} == rules, name
