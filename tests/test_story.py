"""The pilot's story, as ``examples/withdrawals.md`` prints it."""

import runpy
from pathlib import Path

from ipmatch import compare, match, rematch, verify

STORY = runpy.run_path(str(Path(__file__).parent.parent / "examples" / "story.py"))


def test_the_page_is_what_the_script_makes():
    assert STORY["PAGE"].read_text(encoding="utf-8") == STORY["made"](), "run: python examples/story.py"


def test_three_mentors_and_a_mentee_withdraw_and_every_untouched_pair_keeps_its_mentor():
    cohort, decisions = STORY["enrolled"](), STORY["withdrawals"]()
    first = match(cohort)
    assert (len(cohort.mentors), len(cohort.mentees), first.summary.placed) == (12, 10, 10)
    gone = {decision.id for decision in decisions}
    untouched = {pair for pair in first.pairs() if not gone & {*pair}}
    for keep in ("all", "after-placed"):
        again = rematch(cohort, first, keep=keep, decisions=decisions)
        assert untouched <= again.pairs()
        assert again.rematch.kept == len(untouched) == again.rematch.still_possible
        assert verify(cohort, again).ok
        told = {change.mentee for change in again.rematch.changes}
        changed = {person.mentee for person in compare(first, again).mentees if person.code != "same"}
        assert told == changed
    best = rematch(cohort, first, keep="tie-break", decisions=decisions)
    assert best.pairs() == match(cohort, decisions=decisions).pairs()
