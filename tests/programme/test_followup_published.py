"""The results of a round as they may be published: checked by whoever does the sums over all tables."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from ipmatch.cli import main
from ipmatch.cohort import Cohort
from ipmatch.errors import UsageError
from ipmatch.front_door import match
from ipmatch.programme.followup import follow_up
from ipmatch.programme.survey import Answer, Survey
from ipmatch.synthetic import demo_cohort

PILOT = Path(__file__).parents[2] / "examples" / "pilot"
THRESHOLD = 5
COMPARED = {
    "mentee-confidence": ("mentees", "up"),
    "frequency": ("mentees", "up"),
    "continuing": ("pairs", "yes"),
}
ASKED_AFTER = {
    "those who came": ("introduction-attended", "participants", "yes"),
    "mentors who are none": ("dpp", "mentors", "no"),
}


def a_round(seed):
    draw = Random(seed)
    cohort = demo_cohort(10 + 12 * seed, 10 + 14 * seed, seed=seed)
    matching = match(cohort)
    answers = []
    for person in cohort.people:
        if not any(person.id in pair for pair in matching.pairs()) or draw.random() < 0.2:
            continue
        said = {
            "confidence": draw.choice([2, 3, 4, 5, 5, 5, None]),
            "recommend": draw.choice([True, True, True, False, None]),
            "meetings": draw.choice([0, 2, 3, None]),
            "contract": draw.choice([True, False, None]),
            "continuing": draw.choice(["yes"] * 9 + ["no", "uncertain", None]),
            "introduction_attended": draw.choice([True] * 12 + [False, None]),
            "introduction_answered": draw.choice([True, False, None]),
            "enrolled_for": draw.choice([(), ("workforce",), None]),
        }
        answers.append(Answer.model_validate({"id": person.id, "side": person.side, **said}))
    return cohort, matching, Survey(answers=tuple(answers))


def counts_of(found):
    """Every count by name, None where it is not shown."""
    counts = {}
    for one in found.outcomes:
        counts[one.code, one.whose, "of"] = one.of
        counts[one.code, one.whose, "unknown"] = one.unknown
        counts |= {(one.code, one.whose, share.answer): share.count for share in one.shares}
    for one in found.breakdowns:
        for share, of in zip(one.groups, one.of, strict=True):
            counts[one.code, one.by, share.answer, "of"] = of
            counts[one.code, one.by, share.answer, "yes"] = share.count
    return counts


def sums_of(found, truth):
    """What is known to be equal: a number or a count, and the counts it is the sum of."""
    for one in found.outcomes:
        key = one.code, one.whose
        if not one.several:
            yield (*key, "of"), [(*key, share.answer) for share in one.shares]
        asked = ASKED_AFTER.get(one.whose)
        if asked is None and not one.whose.endswith(" one"):
            yield truth[(*key, "of")] + truth[(*key, "unknown")], [(*key, "of"), (*key, "unknown")]
        elif asked in truth:
            yield asked, [(*key, "of"), (*key, "unknown")]
    for answer in ("yes", "no", "of"):
        sides = [(f"{whose}-answered", whose, answer) for whose in ("mentors", "mentees")]
        yield ("participants-answered", "participants", answer), sides
    for one in found.breakdowns:
        whose, answer = COMPARED[one.code]
        for last, total in (("of", "of"), ("yes", answer)):
            parts = [(one.code, one.by, share.answer, last) for share in one.groups]
            whole = one.code, whose, total
            if whole in truth and sum(truth[part] for part in parts) == truth[whole]:
                yield whole, parts


def between(name, names, known, sums, truth):
    """The least and the most that a count can be for whoever knows the sums."""
    index = {each: place for place, each in enumerate(names)}
    rows, right = [], []
    for total, parts in sums:
        row = np.zeros(len(names))
        row[[index[part] for part in parts]] = 1
        if isinstance(total, tuple):
            row[index[total]] -= 1
        rows.append(row)
        right.append(0 if isinstance(total, tuple) else total)
    bounds = [(known[each],) * 2 if each in known else (min(truth[each], 1), None) for each in names]
    goal = np.zeros(len(names))
    goal[index[name]] = 1
    found = [linprog(sign * goal, A_eq=np.array(rows), b_eq=right, bounds=bounds) for sign in (1, -1)]
    return [
        np.inf if one.status == 3 else round(sign * one.fun, 6)
        for one, sign in zip(found, (1, -1), strict=True)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_whoever_does_the_sums_knows_of_a_small_count_only_that_it_is_small(seed):
    given = a_round(seed)
    whole, shown = follow_up(*given), follow_up(*given, threshold=THRESHOLD)
    truth, seen = counts_of(whole), counts_of(shown)
    assert set(truth) == set(seen)
    known = {name: count for name, count in seen.items() if count is not None}
    assert all(truth[name] == count for name, count in known.items())
    sums = list(sums_of(whole, truth))
    nothing = {name: 0 for name, count in truth.items() if count == 0}
    secret = [name for name, count in truth.items() if 0 < count < THRESHOLD and name[-1] != "unknown"]
    assert secret
    for name in secret:
        assert name not in known
        low, high = between(name, list(truth), known, sums, truth)
        least, most = between(name, list(truth), nothing, sums, truth)
        assert low <= max(1, least), (name, low)
        assert high >= min(THRESHOLD - 1, most), (name, high)


@pytest.mark.parametrize("towards", [1, 2, 3])
def test_who_works_towards_something_cannot_be_told_from_who_considered_it(towards):
    """Of 14 mentors 8 had not considered it, so that 8 of the 9 known to work towards it or not did not."""
    sector = {"sectors": ["icb"]}
    people = {side: [{"id": f"{side}{k}", **sector} for k in range(30)] for side in ("mentors", "mentees")}
    cohort = Cohort.model_validate(people)
    answers = [
        Answer(
            id=f"mentors{k}",
            side="mentor",
            dpp=k >= 14,
            dpp_considered=k < 6 if k < 14 else None,
            dpp_working_towards=True if k < towards else None,
        )
        for k in range(30)
    ]
    found = follow_up(cohort, match(cohort), Survey(answers=tuple(answers)), threshold=THRESHOLD)
    told = {one.code: one for one in found.outcomes}
    assert [share.count for share in told["dpp-considered"].shares] == [6, 8]
    assert told["dpp-working-towards"].of is None
    assert [share.count for share in told["dpp-working-towards"].shares] == [None, None]


def test_what_may_be_published_names_nobody_and_has_no_interval_of_what_is_hidden():
    shown = follow_up(*a_round(4), threshold=THRESHOLD)
    assert shown.notes == ()
    assert shown.threshold == THRESHOLD
    for one in shown.outcomes:
        for share in one.shares:
            assert (share.low is None) == (share.count is None or one.of is None)
    text = shown.model_dump_json()
    assert "M00" not in text
    assert "E00" not in text


def test_a_threshold_of_one_hides_nothing():
    given = a_round(2)
    assert follow_up(*given, threshold=1).outcomes == follow_up(*given).outcomes


def test_a_threshold_that_is_no_number_is_refused():
    with pytest.raises(UsageError, match="threshold: -1 is not a whole number"):
        follow_up(*a_round(0), threshold=-1)


def test_the_command_publishes_where_that_is_asked_for(capsys, monkeypatch):
    monkeypatch.chdir(PILOT)
    words = ("followup", "made/cohort.json", "made/matching.json", "survey.csv")
    assert main((*words, "--publish")) == 0
    out = capsys.readouterr().out
    assert "[c] of 9" in out
    assert "Notes" not in out
    assert main((*words, "--publish", "--threshold", "2", "--format", "json")) == 0
    assert json.loads(capsys.readouterr().out)["threshold"] == 2
    assert main((*words, "--threshold", "2")) == 2
    assert "there is nothing to suppress. Add --publish." in capsys.readouterr().err
