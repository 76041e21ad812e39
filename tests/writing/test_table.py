import csv
import io

import pytest

import ipmatch as ip
from ipmatch.writing.table import csv_text


def rows_of(matching):
    return list(csv.DictReader(io.StringIO(csv_text(matching), newline="")))


def test_every_place_of_everyone_has_a_row(awkward_matching):
    rows, summary = rows_of(awkward_matching), awkward_matching.summary
    outcomes = [row["outcome"] for row in rows]
    assert outcomes.count("paired") == len(awkward_matching.pairings)
    assert outcomes.count("spare") == summary.places - len(awkward_matching.pairings)
    assert outcomes.count("unmatched") == sum(
        left.wanted - left.given for left in awkward_matching.unmatched_mentees
    )
    assert outcomes.count("not-taking-part") == len(awkward_matching.not_taking_part)


def test_points_add_up_to_the_score(awkward_matching):
    from decimal import Decimal

    for row in rows_of(awkward_matching):
        if row["outcome"] == "paired":
            points = [Decimal(text) for name, text in row.items() if name.startswith("points_")]
            assert sum(points) == Decimal(row["score"])


def test_text_that_a_spreadsheet_would_run_is_defused_and_numbers_are_not(awkward_matching, example_matching):
    rows = rows_of(awkward_matching)
    assert {"'=M04"} <= {row["mentor"] for row in rows}
    assert {"'-2+3"} <= {row["mentee"] for row in rows}
    assert "-20" in {row["points_organisation"] for row in rows_of(example_matching)}


def test_no_cell_starts_as_a_formula(awkward_matching):
    for row in rows_of(awkward_matching):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))


def test_lines_end_as_the_standard_says(example_matching):
    text = csv_text(example_matching)
    assert text.count("\n") == text.count("\r\n") == 5


@pytest.mark.parametrize("preset", ["sector-first", "pilot-2023-as-told"])
def test_every_row_says_why_even_a_pair_that_shares_nothing(preset):
    cohort = ip.Cohort(
        mentors=[{"id": "M1", "sectors": ["icb"]}],
        mentees=[{"id": "E1", "sectors": ["academia"]}],
        required_pairs=[{"mentor": "M1", "mentee": "E1"}],
    )
    rows = rows_of(ip.match(cohort, ip.Policy(preset=preset)))
    assert [row["outcome"] for row in rows] == ["paired"]
    assert rows[0]["because"].startswith(("M1 ", "The "))
