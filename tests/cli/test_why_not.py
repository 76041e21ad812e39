"""ipmatch why-not and what ipmatch explain tells of prices and letters, through their front door."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from ipmatch.schemas import published

ROUND = {
    "mentors": [
        {"id": "M1", "name": "Ben Bell", "sectors": ["icb"], "region": "Kent"},
        {"id": "M2", "name": "Moy Marsh", "sectors": ["icb"]},
        {"id": "M3", "sectors": ["academia"]},
    ],
    "mentees": [
        {"id": "E1", "name": "Ana Alder", "sectors": ["icb"], "region": "Kent"},
        {"id": "E2", "sectors": ["icb"]},
    ],
}


@pytest.fixture
def kent(folder):
    """The round in Kent as a file."""
    Path("kent.json").write_text(json.dumps(ROUND), encoding="utf-8")


def answer(run, name, *words):
    code, out, err = run(*words, "--format", "json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    jsonschema.Draft202012Validator(json.loads(published(name))).validate(found)
    return found


@pytest.mark.usefixtures("kent")
def test_why_not_tells_the_price_the_levels_and_who_moves(run):
    code, out, err = run("why-not", "kent.json", "M2", "E1")
    assert (code, err) == (0, "")
    assert out == (
        "Insisting on M2 for E1 costs 10 points: E1 loses 10, E2 moves to M1 and scores\n"
        "the same.\n"
        "\n"
        "What it costs, first level first\n"
        "  level           lost\n"
        "  --------------  ----\n"
        "  mentees placed     0\n"
        "  total score       10\n"
        "\n"
        "Who moves (2)\n"
        "  mentee        from          to            points\n"
        "  ------------  ------------  ------------  ------\n"
        "  E1 Ana Alder  M1 Ben Bell   M2 Moy Marsh     -10\n"
        "  E2            M2 Moy Marsh  M1 Ben Bell        0\n"
    )


@pytest.mark.usefixtures("kent")
def test_why_not_as_json_is_the_model(run):
    found = answer(run, "alternative", "why-not", "kent.json", " M2", "E1")
    assert found["loss"] == {"placed": 0, "score": 10}
    assert (found["code"], found["change"], found["possible"]) == ("costs", "require", True)
    assert found["moves"][0] == {"mentee": "E1", "mentor_before": "M1", "mentor_after": "M2", "change": -10}


@pytest.mark.usefixtures("kent")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("M1", "E1"), "already-paired"),
        (("M3", "E1"), "not-allowed"),
        (("M2", "E1", "--withdraw", "M1"), "costs-nothing"),
        (("M2", "E1", "--require", "M2", "E2"), "not-possible"),
        (("M2", "E1", "--withdraw", "M2"), "not-taking-part"),
        (("M2", "E1", "--forbid", "M2", "E1"), "not-allowed"),
        (("M3", "E1", "--policy", "wide.toml"), "costs"),
    ],
)
def test_why_not_takes_rules_and_decisions(run, words, code):
    Path("wide.toml").write_text('[tiers]\norder = ["sector", "outlier"]\n', encoding="utf-8")
    found = answer(run, "alternative", "why-not", "kent.json", *words)
    assert found["code"] == code
    assert run("why-not", "kent.json", *words)[1].split()[:5] == found["because"].split()[:5]


@pytest.mark.usefixtures("kent")
def test_why_not_of_somebody_unknown_is_wrong_usage(run):
    code, out, err = run("why-not", "kent.json", "E1", "M9")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        'mentor: no mentor has the id "E1". Name the mentor first, then the mentee.',
        'mentee: no mentee has the id "M9". Check the id.',
    ]


def test_explain_tells_of_the_best_who_shares_too_little_in_a_lead_s_words(run, folder):
    people = {"mentors": [{"id": "M1", "sectors": ["icb"], "region": "Kent"}]}
    people["mentees"] = [{"id": "E1", "sectors": ["academia"], "region": "Kent"}]
    (folder / "cohort.json").write_text(json.dumps(people))
    code, out, _ = run("explain", "cohort.json", "--mentee", "E1")
    assert code == 0
    assert "\n  shares too little  M1, for 10 points\n" in out


@pytest.mark.usefixtures("kent")
def test_explain_tells_who_else_and_what_it_would_cost_the_programme(run):
    for words in (("--mentee", "E1"), ("--pair", "M1", "E1"), ("--mentor", "M2")):
        code, out, _ = run("explain", "kent.json", *words)
        assert code == 0
        assert "Who else, and what it would cost the programme" in out
        found = answer(run, "explanation", "explain", "kent.json", *words)
        assert "M2" in {one["mentor"] for one in found["alternatives"]}
        assert all(one["loss"] == {"placed": 0, "score": 10} for one in found["alternatives"])


@pytest.mark.usefixtures("kent")
def test_explain_prices_a_pair_that_was_not_made(run):
    code, out, _ = run("explain", "kent.json", "--pair", "M2", "E1")
    assert code == 0
    assert out.startswith("M2 and E1 may be paired, for 65 points. Insisting on M2 for E1 costs 10 points")
    assert "Who moves (2)" in out
    found = answer(run, "explanation", "explain", "kent.json", "--pair", "M2", "E1")
    assert found["price"] == answer(run, "alternative", "why-not", "kent.json", "M2", "E1")


@pytest.mark.usefixtures("kent")
def test_explain_prints_the_letter_of_one_person(run):
    code, out, err = run("explain", "kent.json", "--mentee", "E1", "--letter")
    assert (code, err) == (0, "")
    assert out.startswith("Dear Ana Alder,\n\nYour mentor is Ben Bell.\n")
    letter = answer(run, "letter", "explain", "kent.json", "--mentor", "M1", "--letter")
    assert (letter["side"], letter["id"]) == ("mentor", "M1")
    code, out, err = run("explain", "kent.json", "--pair", "M1", "E1", "--letter")
    assert (code, out) == (2, "")
    assert err == "--letter: a letter is to one person. Name --mentee or --mentor instead of --pair.\n"
