"""The pilot's whole story, every output as committed; and again from shuffled rows on another hash seed."""

from __future__ import annotations

import csv
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ipmatch.front_door import rematch, verify
from ipmatch.reading import read_cohort, read_decisions, read_matching

PILOT = Path(__file__).parents[1] / "examples" / "pilot"
STORY = runpy.run_path(str(PILOT / "pilot_story.py"))
MADE = PILOT / "made"


@pytest.fixture(scope="module")
def made():
    return STORY["made"]()


def test_every_step_leaves_what_is_committed(made):
    for path, text in made.items():
        assert path.read_text(encoding="utf-8") == text, (
            f"{path.name}: run python examples/pilot/pilot_story.py"
        )


def test_the_story_ends_with_the_figures_of_the_report():
    matching, decisions = read_matching(MADE / "matching.json"), read_decisions(MADE / "decisions.json")
    assert dict(matching.summary.tiers) == {"scope-and-sector": 3, "sector": 6}
    cohort = read_cohort(MADE / "cohort.json")
    assert (len(cohort.mentors), len(cohort.mentees)) == (12, 10)
    assert verify(cohort, matching).ok
    paired = {
        person.id: person
        for person in cohort.people
        if person.id in {i for pair in matching.pairs() for i in pair}
    }
    regions = [person.region for person in paired.values() if person.side == "mentee"]
    assert [regions.count(name) for name in ("London", "Sussex", "Kent")] == [4, 4, 1]
    mentors = [person for person in paired.values() if person.side == "mentor"]
    assert [sum(one.region == name for one in mentors) for name in ("London", "Sussex")] == [2, 7]
    assert sum(one.mentored_before > 0 for one in mentors) == 5
    assert {one.confidence for one in mentors} == {4, 5}
    # Matched once more at the end, with all that was decided, nobody moves.
    again = rematch(cohort, matching, decisions=decisions)
    assert again.pairs() == matching.pairs()
    assert {pairing.basis for pairing in again.pairings} == {"required"}


def test_shuffled_rows_and_another_hash_seed_give_the_same_files(tmp_path, made):
    names = dict(zip(STORY["GIVEN"], STORY["GIVEN"], strict=True))
    for name in names:
        shutil.copy(PILOT / name, tmp_path / name)
    for name in ("mentors.csv", "mentees.csv", "survey.csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            headings, *rows = csv.reader(file)
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *rows[::-1]])
    code = (
        "import runpy, shlex\n"
        "from ipmatch.cli import main\n"
        f"for step in runpy.run_path({str(PILOT / 'pilot_story.py')!r})['STEPS']:\n"
        "    assert main(shlex.split(step[2])) == 0, step\n"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": "77", "COLUMNS": "80"},
        check=True,
        capture_output=True,
    )
    for name in STORY["KEPT"]:
        assert (tmp_path / name).read_text(encoding="utf-8") == made[MADE / name], name


def test_no_name_and_no_address_of_the_pilot_is_in_anything_the_story_tells(made):
    with (PILOT / "mentors.csv").open(encoding="utf-8", newline="") as one:
        rows = list(csv.DictReader(one))
    with (PILOT / "mentees.csv").open(encoding="utf-8", newline="") as other:
        rows += list(csv.DictReader(other))
    planted = {row["a. Name"] for row in rows} | {row["b. Email address"] for row in rows}
    assert len(planted) == 44
    for path, text in made.items():
        assert not [word for word in planted if word in text], path.name
    # Who decided and why stays in the journal, and in what the lead is shown of it.
    for name in ("matching.json", "report.md", "figures.md"):
        assert "Programme lead" not in made[MADE / name]
        assert "no capacity" not in made[MADE / name]
