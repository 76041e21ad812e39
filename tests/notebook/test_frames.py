import sys
from decimal import Decimal

import pandas
import polars
import pytest

from ipmatch.cohort import Cohort
from ipmatch.errors import MissingExtraError, UsageError
from ipmatch.people import PRIVATE_FIELDS
from ipmatch.policy import Policy
from ipmatch.study import Study

MATCHING = ["pairings", "contributions", "flags", "people", "unmatched", "loads", "levels"]


@pytest.mark.parametrize("what", [*MATCHING, "prices", "resilience"])
def test_pandas_and_polars_hold_the_same_rows(study, what):
    ours, theirs = study.to_frame(what), study.to_frame(what, backend="polars")
    assert isinstance(ours, pandas.DataFrame)
    assert isinstance(theirs, polars.DataFrame)
    rows = ours.astype(object).where(ours.notna(), None).itertuples(index=False, name=None)
    assert list(ours.columns) == theirs.columns
    assert list(rows) == theirs.rows()


def test_pairings_come_with_the_points_of_every_criterion(study):
    frame = study.matching.to_frame()
    assert len(frame) == len(study.matching.pairings) > 0
    points = frame.filter(like="points_").sum(axis=1)
    assert points.tolist() == frame["score"].tolist()
    total = sum((pairing.score for pairing in study.matching.pairings), Decimal(0))
    assert study.matching.to_frame("contributions")["points"].sum() == float(total)


def test_everyone_stands_once_among_the_people(tight, study):
    people = study.matching.to_frame("people")
    assert sorted(people["id"]) == sorted(person.id for person in tight.people)
    assert set(people["outcome"]) == {"paired", "unmatched", "spare", "not-taking-part"}
    assert people.query("outcome == 'paired' and side == 'mentee'")["used"].sum() == len(
        study.matching.pairings
    )


def test_loads_add_up_to_the_places_of_those_who_take_part(study):
    loads = study.matching.to_frame("loads")
    assert loads["places"].sum() == study.matching.summary.places
    assert (loads["places"] - loads["mentees"]).tolist() == loads["left"].tolist()


def test_prices_are_those_of_every_why_not(study):
    prices = study.to_frame("prices")
    assert len(prices) == len(study.prices().mentors) * len(study.prices().mentees)
    for row in prices.itertuples():
        answer = study.forbid(row.mentor, row.mentee) if row.paired else study.why_not(row.mentor, row.mentee)
        assert answer.possible == row.possible
        assert row.possible == (row.loss_score == row.loss_score)
        if row.possible:
            assert float(answer.loss["score"]) == row.loss_score


def test_a_cohort_s_frame_keeps_names_and_addresses_to_itself(tight):
    people = tight.to_frame()
    assert not set(PRIVATE_FIELDS) & set(people.columns)
    assert len(people) == len(tight.people)


def test_what_is_not_known_is_not_false():
    people = Cohort(mentors=[{"id": "M1", "consent": True}, {"id": "M2"}])
    assert people.to_frame()["consent"].isna().tolist() == [False, True]
    assert people.to_frame(backend="polars")["consent"].to_list() == [True, None]


def test_no_people_make_a_frame_with_columns_and_no_rows():
    frame = Study(Cohort()).to_frame(backend="polars")
    assert frame.shape == (0, 9)
    assert frame.schema["score"] == polars.Float64


def test_the_other_answers_have_frames_too(study, tight):
    assert Policy().to_frame()["weight"].tolist() == [65.0, 25.0, 10.0, 20.0]
    assert set(tight.to_frame("supply")["kind"]) <= {"sector", "scope-group", "region"}
    mentor, mentee = sorted(study.matching.pairs())[0]
    moves = study.forbid(mentor, mentee)
    assert len(moves.to_frame()) == len(moves.moves)


def test_rows_or_a_backend_that_there_are_not_are_named(study):
    with pytest.raises(UsageError, match=r'what: "pairs" is not known\. Use pairings, contri'):
        study.to_frame("pairs")
    with pytest.raises(UsageError, match=r'backend: "spark" is not known\. Use pandas or polars\.'):
        study.to_frame(backend="spark")


def test_without_narwhals_the_extra_is_named(study, monkeypatch):
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(
        MissingExtraError, match=r'data frame needs the notebook extra: pip install "ipmatch\[n'
    ):
        study.to_frame()


def test_without_polars_its_install_is_named(study, monkeypatch):
    monkeypatch.setattr("ipmatch.notebook.frames.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install polars"):
        study.to_frame(backend="polars")
