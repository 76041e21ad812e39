import json
import runpy
from collections import Counter
from pathlib import Path

import pytest

from ipmatch.cli import main
from ipmatch.cohort import Cohort
from ipmatch.front_door import match, verify
from ipmatch.matching import Matching
from ipmatch.policy import Policy
from ipmatch.scoring.participants import participants

EXAMPLES = Path(__file__).parent.parent / "examples"
COHORTS = sorted(path.stem for path in EXAMPLES.glob("*.json") if "." not in path.stem)


def cohort(name):
    return Cohort.model_validate_json((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def codes(parts):
    return {part.code for part in parts}


@pytest.fixture(scope="module")
def tight():
    return match(cohort("tight"))


def test_every_made_file_is_what_the_script_makes():
    made = runpy.run_path(str(EXAMPLES / "make.py"))["made"]()
    stale = [path.name for path, text in made.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run: python examples/make.py"


@pytest.mark.parametrize("name", COHORTS)
def test_the_matching_of_every_example_verifies(name):
    people = cohort(name)
    assert verify(people, match(people)).faults == ()


@pytest.mark.parametrize("name", ["pairs", "contract"])
def test_a_shipped_matching_reads_back_and_verifies(name):
    text = (EXAMPLES / f"{name}.matching.json").read_text(encoding="utf-8")
    matching = Matching.model_validate_json(text)
    assert matching.model_dump(mode="json") == json.loads(text)
    assert verify(cohort(name), matching).faults == ()


def test_the_pilot_is_rebuilt_to_the_figures_of_its_report():
    """Report §4.1; its regions of mentors add up to 11 of 12, so one who withdrew has none."""
    pilot = cohort("pairs")
    people = participants(pilot, Policy(preset="pilot-2023"))
    assert (len(pilot.mentors), len(pilot.mentees)) == (12, 10)
    assert Counter(person.region for person in pilot.mentors) == {"London": 2, "Sussex": 9, None: 1}
    assert Counter(person.region for person in people.mentors) == {"London": 2, "Sussex": 7}
    assert Counter(person.region for person in people.mentees) == {"London": 4, "Sussex": 4, "Kent": 1}
    assert sum(person.mentored_before > 0 for person in people.mentors) == 5
    assert sum(person.qualified_year == 2022 for person in people.mentees) == 8
    sectors = {sector for person in pilot.people for sector in person.sectors}
    assert sectors == {"acute-hospital", "primary-care", "mental-health"}
    assert [person.past_sectors for person in people.mentors if person.past_sectors] == [
        ("community-pharmacy",)
    ]


def test_the_pilot_gives_three_pairs_by_scope_and_sector_and_six_by_sector():
    matching = match(cohort("pairs"))
    assert matching.summary.tiers == {"scope-and-sector": 3, "sector": 6}
    assert codes(matching.not_taking_part) == {"withdrawn"}
    assert len(matching.pairings) == 9
    assert not matching.unmatched_mentees
    assert not matching.spare_mentors


def test_the_tight_round_shows_every_reason_for_an_unmatched_mentee(tight):
    shown = {(left.code, left.decided_by) for left in tight.unmatched_mentees}
    assert shown == {
        ("no-eligible-mentor", None),
        ("below-floor", None),
        ("shortage", "score"),
        ("shortage", "lottery"),
        ("held-by-rule", None),
    }
    assert {(left.wanted, left.given) for left in tight.unmatched_mentees} == {(1, 0), (2, 1)}


def test_the_tight_round_shows_every_reason_for_a_spare_mentor(tight):
    assert codes(tight.spare_mentors) == {"no-eligible-mentee", "all-placed", "outscored", "lottery"}


def test_the_tight_round_shows_every_reason_for_not_taking_part(tight):
    assert codes(tight.not_taking_part) == {
        "withdrawn",
        "paused",
        "no-consent",
        "too-few-years",
        "not-qualified",
    }


def test_the_tight_round_shows_every_flag(tight):
    assert {flag.code for pairing in tight.pairings for flag in pairing.flags} == {
        "same-organisation",
        "unknown-organisation",
        "outlier",
        "past-sector",
        "exactly-minimum-years",
        "unknown-years",
        "frequent-prescriber",
        "unknown-consent",
        "unknown-scope",
        "unknown-sector",
        "required-despite",
    }


def test_a_criterion_of_ones_own_works_on_the_command_line(capsys, tmp_path):
    policy = tmp_path / "policy.toml"
    policy.write_text('preset = "pilot-2023"\n[weights]\ndpp_for_new = 15\n')
    own = f"{EXAMPLES / 'own_criterion.py'}:dpp_for_new"
    code = main(["match", str(EXAMPLES / "pairs.json"), "--policy", str(policy), "--criteria", own])
    assert code == 0
    assert "9 of 9 mentees" in capsys.readouterr().out


def test_a_criterion_of_ones_own_gives_points_and_removes_pairs():
    own = runpy.run_path(str(EXAMPLES / "own_criterion.py"))["dpp_for_new"]
    policy = Policy(weights={"dpp_for_new": 15})
    people = Cohort(
        mentors=[
            {"id": "M1", "sectors": ["primary-care"], "dpp": True, "confidence": 1},
            {"id": "M2", "sectors": ["primary-care"], "dpp": True, "confidence": 4},
            {"id": "M3", "sectors": ["primary-care"], "dpp": False},
        ],
        mentees=[
            {"id": "E1", "sectors": ["primary-care"], "qualified_year": 2023, "confidence": 1},
            {"id": "E2", "sectors": ["primary-care"], "qualified_year": 2019},
        ],
    )
    matching = match(people, policy, criteria=[own])
    pairing = next(pairing for pairing in matching.pairings if pairing.mentee == "E1")
    assert pairing.mentor == "M2"
    assert (pairing.contributions[-1].criterion, pairing.contributions[-1].points) == ("dpp_for_new", 15)
    assert pairing.contributions[-1].because == "M2 is a DPP, and E1 qualified in 2023."
    assert verify(people, matching, criteria=[own]).ok
    assert ("M1", "E1") not in match(people, policy, criteria=[own]).pairs()
