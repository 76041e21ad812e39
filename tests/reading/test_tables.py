"""Tables are read in bulk: they accept and refuse what JSON does, with the same words, told by row."""

import copy
import json
import pickle

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ipmatch as ip
from ipmatch.people import Mentee, Mentor
from ipmatch.reading import cohort_csv, columnar
from ipmatch.synthetic import demo_cohort

from .tables import as_csv, as_json, by_row, told

TEXTS = st.sampled_from([None, None, "Kent", "Kint", "Brighton", "Île", "a" * 61, "=1+1"])
ODD_TEXTS = st.sampled_from([None, "Kent", " Kent ", "  ", "", "a\tb", "\u200b", "e\u0301"])
IDS = ["M1", "M2", "M3", "E1", "E2", "E3", "ME", "2"]
IDS_GIVEN = st.sampled_from([*IDS, *IDS, None])
LISTS = st.lists(st.sampled_from(IDS), max_size=3) | st.none()
SECTORS = ["acute-hospital", "Acute Hospital", "acute-hopsital", "other", "other: hospice care", "ICB"]
NUMBERS = st.sampled_from([None, None, -1, 0, 1, 2, 3, 4, 5, 6, 99, 101, 1899, 2024, 20_000])
ANSWERS = {
    "name": TEXTS,
    "person": TEXTS,
    "region": TEXTS,
    "organisation": TEXTS,
    "sectors": st.lists(st.sampled_from(SECTORS), max_size=3) | st.none(),
    "past_sectors": st.lists(st.sampled_from(SECTORS), max_size=2) | st.none(),
    "scopes": st.lists(st.sampled_from(["Asthma", "asthma", "Hypertension", "Zebra care"])) | st.none(),
    "status": st.sampled_from([None, "enrolled", "paused", "pausd"]),
    "consent": st.sampled_from([None, True, False]),
    "prefers": LISTS,
    "avoids": LISTS,
    "known_to": LISTS,
    "capacity": NUMBERS,
    "min_mentees": NUMBERS,
    "years_prescribing": st.sampled_from([None, -0.5, 0.0, 2.5, 3.0, 80.0, 80.5]),
    "confidence": NUMBERS,
    "dpp": st.sampled_from([None, True, False]),
    "mentors_wanted": NUMBERS,
    "qualified_year": NUMBERS,
    "rounds_waited": NUMBERS,
}
ODD_ANSWERS = {
    "region": ODD_TEXTS,
    "person": ODD_TEXTS,
    "sectors": st.lists(st.sampled_from([*SECTORS, "", None])) | st.none(),
    "prefers": st.lists(st.sampled_from(["M1", " M1", "E1", "", None])) | st.none(),
    "name": st.sampled_from([None, 7]),
    "email": st.sampled_from([None, True]),
    "capacity": st.sampled_from([None, 1.0, 1.5]),
    "years_prescribing": st.sampled_from([None, 3, True]),
    "consent": st.sampled_from([None, "true"]),
    "status": st.lists(st.lists(st.sampled_from(["paused"]), max_size=1), max_size=1) | st.none(),
    "tags": st.sampled_from([None, "a", "b"]),
    "availability": st.sampled_from([None, {"day": "Monday"}]),
}
RESTS = [
    {},
    {"programme": {"regions": ["Kent", "Brighton"]}},
    {"required_pairs": [{"mentor": "M1", "mentee": "E1"}, {"mentor": "M1"}]},
    {"forbidden_pairs": [{"mentor": "M9", "mentee": "M1"}], "polcy": {}},
    {"policy": {"preset": "sector-fist"}},
]


@st.composite
def frames(draw, answers):
    """Columns of a few people, most of them right, and the rest of their cohort."""
    size = draw(st.integers(0, 6))
    columns = {
        "side": draw(st.lists(st.sampled_from(["mentor", "mentee"]), min_size=size, max_size=size)),
        "id": draw(st.lists(IDS_GIVEN, min_size=size, max_size=size) | st.just(IDS[:size])),
    }
    for name in draw(st.lists(st.sampled_from([*answers]), unique=True, max_size=4)):
        column = draw(st.lists(answers[name], min_size=size, max_size=size))
        other = (
            Mentee if name not in Mentee.model_fields else Mentor if name not in Mentor.model_fields else None
        )
        if other and draw(st.booleans()):
            wrong = "mentee" if other is Mentee else "mentor"
            column = [
                None if side == wrong else cell for side, cell in zip(columns["side"], column, strict=True)
            ]
        columns[name] = column
    return columns, draw(st.sampled_from(RESTS))


def in_json(tmp, columns, rest, first):
    """What JSON says of it, told by row."""
    file = tmp / "cohort.json"
    file.write_text(as_json(columns, rest), encoding="utf-8")
    said = told(file)
    if isinstance(said, ip.Cohort):
        return said
    return sorted(by_row(fault, columns, first) for fault in said)


def in_order(said):
    return said if isinstance(said, ip.Cohort) else sorted(said)


@pytest.fixture(scope="module")
def tmp(tmp_path_factory):
    return tmp_path_factory.mktemp("tables")


@settings(deadline=None)
@given(frames(ANSWERS) | frames(ANSWERS | ODD_ANSWERS))
def test_parquet_accepts_and_refuses_what_json_does_in_the_same_words(tmp, frame):
    columns, rest = frame
    file = tmp / "cohort.parquet"
    polars.DataFrame(columns, strict=False).write_parquet(file, metadata={"ipmatch": json.dumps(rest)})
    columns = polars.read_parquet(file).to_dict(as_series=False)
    assert in_order(told(file)) == in_json(tmp, columns, rest, first=1)


@settings(deadline=None)
@given(frames(ANSWERS), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_csv_accepts_and_refuses_what_json_does_in_the_same_words(tmp, frame, separator, marked):
    # An empty list is an empty cell, and that is no answer.
    columns = {name: [None if cell == [] else cell for cell in cells] for name, cells in frame[0].items()}
    file = tmp / "cohort.csv"
    text = as_csv(columns, delimiter=separator)
    file.write_text(("\ufeff" if marked else "") + text, encoding="utf-8", newline="")
    assert in_order(told(file)) == in_json(tmp, columns, {}, first=2)


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_a_table_of_many_chunks_is_read_like_one_and_told_in_the_order_of_its_rows(tmp, monkeypatch, chunk):
    columns = {
        "side": ["mentee", "mentor", "mentee", "mentor", "mentee"],
        "id": ["E1", "M1", "E2", "M1", None],
        "capacity": [None, "two", 3, 1, None],
        "avoids": ["M1; M9", None, "", None, None],
        "rounds_waited": [1, None, 2, 4, 2000],
    }
    for reader in (columnar, cohort_csv):
        monkeypatch.setattr(reader, "CHUNK", chunk)
    file = tmp / "cohort.csv"
    file.write_text(as_csv(columns), encoding="utf-8")
    assert told(file) == [
        'row 2, column "avoids" (E1): no mentor has the id "M9". Check the id, or add the person.',
        'row 3, column "capacity" (M1): "two" is not a whole number. Write a whole number in digits.',
        'row 4, column "capacity" (E2): a mentee has no such field. Leave this cell empty.',
        'row 5, column "id" (M1): "M1" is already the id of row 3. '
        "Give every person an id of their own, mentors and mentees alike.",
        'row 5, column "rounds_waited" (M1): a mentor has no such field. Leave this cell empty.',
        'row 6, column "id": missing. Add "id".',
        'row 6, column "rounds_waited": 2000 is too large. Use 1000 or less.',
    ]
    cohort = demo_cohort(30, 30, 1)
    ip.write_cohort(cohort, tmp / f"chunks{chunk}.parquet")
    assert ip.read_cohort(tmp / f"chunks{chunk}.parquet") == cohort


def test_people_of_a_table_are_those_that_their_models_would_make(tmp):
    made, file = demo_cohort(40, 40, 5), tmp / "like.parquet"
    ip.write_cohort(made, file)
    for person, like in zip(ip.read_cohort(file).people, made.people, strict=True):
        assert (person, repr(person), hash(person)) == (like, repr(like), hash(like))
        assert person.model_dump_json() == like.model_dump_json()
        changed = person.model_copy(update={"gphc_number": "2"})
        assert (changed.gphc_number, person.gphc_number) == ("2", None)
        assert changed.model_fields_set - person.model_fields_set == {"gphc_number"}
        assert pickle.loads(pickle.dumps(person)) == copy.deepcopy(person) == like


def test_equal_answers_of_a_table_are_one_object(tmp):
    columns = {
        "side": ["mentor"] * 2,
        "id": ["M1", "M2"],
        "sectors": ["ICB; acute hospital", "icb;acute-hospital"],
    }
    file = tmp / "shared.csv"
    file.write_text(as_csv(columns), encoding="utf-8")
    first, second = ip.read_cohort(file).mentors
    assert first.sectors == ("acute-hospital", "icb")
    assert first.sectors is second.sectors
