"""Under fairness, leximin and balance every reason and every price is what trying everything says."""

from __future__ import annotations

from fractions import Fraction

from .asking import named, some_pairs, study
from .every_level import NOBODY, Judge, small
from .strategies import Case

# In the last, only somebody worse off makes room for one more place.
SEEDS = (*range(400), 544)


def loss_of(before, after):
    """What each level loses, first level first; None where only one of the two has a worst-off."""
    loss = {}
    for name, (amount, *rest) in before.items():
        then, *others = after[name]
        if NOBODY in (amount, then):
            loss[name] = 0 if amount == then else None
        else:
            loss[name] = amount - then
        if name == "leximin" and loss[name] == 0:
            loss |= first_class(name, [amount, *rest], [then, *others])
    return loss


def first_class(name, before, after):
    """By how many more pairs a lowest score is had, the lowest that tells two lists apart."""
    for score in sorted({*before, *after} - {NOBODY}):
        more = after.count(score) - before.count(score)
        if more:
            return {f"{name}.{score}": Fraction(more)}
    return {}


def readable(name):
    """A level's name; of a score that leximin counts, the score as a number."""
    kind, _, score = name.partition(".")
    return (kind, Fraction(score)) if kind == "leximin" and score else name


def same_amounts(found, exact, where):
    found, exact = ({readable(name): amount for name, amount in loss.items()} for loss in (found, exact))
    assert list(found) == list(exact), where
    for name, amount in exact.items():
        if amount is None:
            assert found[name] is None, (where, name)
        else:
            assert abs(Fraction(found[name]) - amount) <= abs(amount) / 10**12, (where, name)


def test_a_price_is_what_requiring_or_forbidding_the_pair_and_matching_again_loses():
    codes, ties = {}, 0
    for case, judge, matching in small(SEEDS):
        if matching is None:
            continue
        asked = study(case)
        for pair in some_pairs(case, 2):
            answer, where = asked.why_not(*pair), (case.seed, pair)
            codes[answer.code] = codes.get(answer.code, 0) + 1
            if answer.code == "not-taking-part":
                continue
            made = pair in matching.pairs()
            field = "forbidden_pairs" if made else "required_pairs"
            again = Case(case.seed, {**case.cohort, **named(case, field, pair)}, case.policy, case.criteria)
            other = Judge(again)
            best = None if other.clash or (made and pair in judge.scorer.required) else other.best()
            assert answer.possible == (best is not None), where
            if best is None:
                continue
            same_amounts(answer.loss, loss_of(judge.value(matching.pairs()), best), where)
            tied = "the lottery decided" in answer.because
            if tied:
                ties += 1
                # As good by the present rules too, which exempt no pair for being asked about.
                assert any(
                    judge.value(pairs) == judge.value(matching.pairs())
                    for pairs in judge.pairings()
                    if (pair in pairs) != made
                ), where
    assert codes["costs"] > 50
    assert codes["gains"] > 3
    assert ties > 10


def test_who_goes_without_and_what_decided_it_is_what_trying_everything_says():
    decided = {}
    for case, judge, matching in small(SEEDS):
        if matching is None:
            continue
        now, every = judge.value(matching.pairs()), judge.pairings()
        places = [
            *((left, 1, left.mentee) for left in matching.unmatched_mentees),
            *((left, 0, left.mentor) for left in matching.spare_mentors),
        ]
        for left, side, identifier in places:
            where = case.seed, identifier
            more = [
                pairs for pairs in every if sum(pair[side] == identifier for pair in pairs) == left.given + 1
            ]
            best = judge.best(more)
            by = getattr(left, "decided_by", None)
            if side == 0:
                by = {"lottery": "lottery", "outscored": "some level"}.get(left.code)
            if by is None:
                assert left.loss is None, where
                if side == 1:
                    assert best is None, where
                continue
            first = next((name for name in now if best[name] != now[name]), None)
            level = by.removeprefix("level:")
            decided[level] = decided.get(level, 0) + 1
            if level == "some level":
                assert first is not None, where
            else:
                assert level == (first or "lottery"), where
            if left.loss is not None:
                exact = loss_of(now, best)
                known = {name: exact[name] for name in left.loss}
                same_amounts(left.loss, known, where)
                # What is left out comes after a loss of the worst-off, or of a level before.
                assert len(left.loss) == len(now) or any(left.loss.values()), where
            else:
                # The number of leximin is its lowest score: only where that stays there is none.
                assert "leximin" in now, where
                assert best["leximin"][0] == now["leximin"][0], where
    assert decided["lottery"] > 10
    assert decided["fairness"] > 3
    assert decided["leximin"] > 0
    assert decided["balance"] > 0
