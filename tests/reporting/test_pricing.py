"""Every price a report shows is the one that asking would give; so is everybody who would move."""

import pytest

from ipmatch.policy import Policy
from ipmatch.reporting import pricing
from ipmatch.reporting.pricing import price_table
from ipmatch.study import Study
from ipmatch.synthetic import demo_cohort


def loss_of(table, i, j):
    found = table.loss_of(i, j)
    return None if found is None else dict(found)


def assert_every_price_is_what_asking_gives(table, study):
    for i, mentor in enumerate(table.mentors):
        for j, mentee in enumerate(table.mentees):
            asked = study.why_not(mentor, mentee)
            assert loss_of(table, i, j) == (None if asked.loss is None else dict(asked.loss)), (
                mentor,
                mentee,
            )
            assert table.told.get((mentor, mentee), asked) == asked


def test_every_price_of_a_small_round_is_what_asking_gives_with_everybody_who_moves(tight):
    study = Study(tight)
    table = price_table(study)
    assert_every_price_is_what_asking_gives(table, study)
    assert len(table.told) == table.price.size


def test_a_larger_round_tells_who_moves_for_the_cheapest_only(monkeypatch):
    monkeypatch.setattr(pricing, "ALL_MOVES", 0)
    study = Study(demo_cohort(12, 11, seed=4))
    table = price_table(study)
    assert_every_price_is_what_asking_gives(table, study)
    assert set(table.told) == {
        (offer.mentor, offer.mentee) for mentee in table.mentees for offer in table.others(mentee, most=3)
    }


def test_a_price_that_only_asking_can_tell_is_asked(tight):
    study = Study(tight, Policy(objective={"levels": ["placed", "fairness"]}))
    table = price_table(study)
    assert not study.prices().known.any()
    assert_every_price_is_what_asking_gives(table, study)


def test_a_price_that_is_neither_known_nor_asked_is_said_to_be_so(monkeypatch, tight):
    monkeypatch.setattr(pricing, "ALL_MOVES", 0)
    table = price_table(Study(tight, Policy(objective={"levels": ["placed", "fairness"]})))
    assert (table.price == pricing.NOT_KNOWN).all()
    assert table.no_price(0, 0) == "ask: ipmatch why-not"
    assert table.others(table.mentees[0]) == ()


def test_a_price_that_is_not_proved_is_not_shown(monkeypatch, tight):
    study = Study(tight, Policy(objective={"levels": ["placed", "fairness"]}))
    asked = study.why_not
    monkeypatch.setattr(study, "why_not", lambda *pair: asked(*pair).model_copy(update={"exact": False}))
    assert set(price_table(study).price.flat) == {pricing.NOT_KNOWN, pricing.NOT_POSSIBLE}


@pytest.mark.parametrize("most", [1, 3])
def test_the_other_mentors_are_those_that_the_study_names(tight, most):
    study = Study(tight)
    table = price_table(study)
    for mentee in table.mentees:
        named = [(one.mentor, one.loss) for one in study.alternatives(mentee=mentee, most=most)]
        assert [(offer.mentor, dict(offer.loss)) for offer in table.others(mentee, most=most)] == named
