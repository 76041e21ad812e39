"""Parquet: the same people, the same rules, and the same faults in the same places as JSON."""

import io
import json
import sys
from decimal import Decimal

import polars
import pyarrow
import pytest
from pyarrow import parquet

import ipmatch as ip
from ipmatch.errors import InputError, MissingExtraError, UsageError
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.json_document import json_text
from ipmatch.writing.table import columns_of, rows_of

from .tables import as_json, by_row, told

PEOPLE = {
    "side": ["mentor", "mentee", "mentee"],
    "id": ["M1", "E1", "E2"],
    "sectors": [["acute-hospital"], ["acute-hospital"], []],
    "region": ["Kent", None, "Kent"],
    "capacity": [2, None, None],
    "years_prescribing": [Decimal("3.5"), None, None],
}


def saved(tmp_path, columns, rest=None):
    file = tmp_path / "cohort.parquet"
    metadata = {} if rest is None else {"ipmatch": json.dumps(rest)}
    polars.DataFrame(columns, strict=False).write_parquet(file, metadata=metadata)
    return file


def test_a_cohort_survives_being_written_and_read(tmp_path):
    cohort = demo_cohort(60, 60, 3).model_copy(update={"policy": ip.Policy(preset="pilot-2023")})
    file = tmp_path / "cohort.parquet"
    ip.write_cohort(cohort, file)
    assert ip.read_cohort(file) == cohort
    with pytest.raises(UsageError, match="it exists already"):
        ip.write_cohort(cohort, file)
    ip.write_cohort(cohort, file.with_suffix(".json"))
    assert file.with_suffix(".json").read_text("utf-8") == json_text(cohort, brief=True)


def test_nobody_and_people_of_one_side_survive_too(tmp_path):
    odd = {"id": "M1", "sectors": ["icb", "other: hospice; care"], "years_prescribing": Decimal("3.50")}
    for number, people in enumerate(
        ({}, {"mentors": [odd, {**odd, "id": "M2"}]}, {"mentees": [{"id": "é"}]})
    ):
        cohort = ip.Cohort(**people)
        file = tmp_path / f"{number}.parquet"
        ip.write_cohort(cohort, file)
        assert ip.read_cohort(file) == cohort


def test_columns_from_elsewhere_are_read_with_what_is_not_there_at_its_default(tmp_path):
    cohort = ip.read_cohort(saved(tmp_path, PEOPLE))
    (mentor,), (first, second) = cohort.mentors, cohort.mentees
    assert (mentor.capacity, mentor.years_prescribing, mentor.region) == (2, Decimal("3.5"), "Kent")
    assert (first.mentors_wanted, first.region, second.sectors) == (1, None, ())
    assert cohort.policy is None


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ["M1", "M1", "E2"]},
        {"id": ["M1", None, "E2"]},
        {"capacity": [-1, None, None]},
        {"capacity": [2, 1, None]},
        {"sectors": [["acute-hopsital"], [None], []]},
        {"years_prescribing": ["three", None, None], "region": ["Kint", None, "Kent"]},
        {"avoids": [["E3"], None, ["M1", "E1"]]},
        {"confidence": [0.5, 2.5, 9.0]},
        {"name": [7, None, None]},
        {"capacity": [float("inf"), None, None]},
    ],
)
def test_a_fault_has_the_same_words_as_in_json_and_its_row(tmp_path, changes):
    columns, rest = {**PEOPLE, **changes}, {"programme": {"regions": ["Kent"]}}
    other = tmp_path / "cohort.json"
    other.write_text(as_json(columns, rest), encoding="utf-8")
    in_json = [by_row(fault, columns, first=1) for fault in told(other)]
    assert told(saved(tmp_path, columns, rest)) == in_json != []


def test_a_column_nobody_knows_is_one_fault_with_a_suggestion(tmp_path):
    with pytest.raises(InputError) as refused:
        ip.read_cohort(saved(tmp_path, {**PEOPLE, "capacty": [1, 1, 1], "x_note": ["a", "b", "c"]}))
    (fault,) = refused.value.faults
    assert str(fault) == 'cohort.parquet, column "capacty": unknown column. Did you mean "capacity"?'


def test_a_file_without_sides_or_ids_says_what_to_add(tmp_path):
    with pytest.raises(InputError, match=r'no column "side".*\n.*no column "id"'):
        ip.read_cohort(saved(tmp_path, {"region": ["Kent"]}))
    assert told(saved(tmp_path, {**PEOPLE, "side": ["mentor", "mentees", None]})) == [
        'row 2, column "side" (E1): this is neither side. Write "mentor" or "mentee".',
        'row 3, column "side" (E2): this is neither side. Write "mentor" or "mentee".',
    ]


@pytest.mark.parametrize("content", [b"", b"PAR1", b'{"mentors": []}', b"PAR1" + bytes(40) + b"PAR1"])
def test_what_is_no_parquet_file_is_refused(tmp_path, content):
    file = tmp_path / "cohort.parquet"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"cohort\.parquet: this is not a Parquet file"):
        ip.read_cohort(file)


def test_half_a_parquet_file_is_refused(tmp_path):
    file = saved(tmp_path, PEOPLE)
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(InputError, match="this is not a Parquet file, or it is damaged"):
        ip.read_cohort(file)


def test_a_byte_changed_in_an_answer_is_damage(tmp_path):
    """Read without its checksum, it would be another answer, and nobody would know."""
    file = tmp_path / "cohort.parquet"
    ip.write_cohort(demo_cohort(4, 4, 0), file)
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    with pytest.raises(InputError, match="this is not a Parquet file, or it is damaged"):
        ip.read_cohort(file)


def test_a_name_that_is_no_text_is_damage(tmp_path):
    file = saved(tmp_path, PEOPLE)
    file.write_bytes(file.read_bytes().replace(b"capacity", b"capac\xfft\xff"))
    with pytest.raises(InputError, match="this is not a Parquet file, or it is damaged"):
        ip.read_cohort(file)


def test_more_rows_than_people_could_be_are_refused_before_they_are_read(tmp_path, monkeypatch):
    file = saved(tmp_path, PEOPLE)
    monkeypatch.setattr("ipmatch.reading.columnar.MOST_PEOPLE", 2)
    with pytest.raises(
        InputError, match=r"cohort\.parquet: it holds 3 rows, and a cohort has at most 2 people"
    ):
        ip.read_cohort(file)


def test_times_that_python_cannot_hold_are_told_by_column(tmp_path):
    times = pyarrow.array([1 << 60, None, None], pyarrow.timestamp("ms"))
    file = tmp_path / "cohort.parquet"
    parquet.write_table(pyarrow.table({"side": PEOPLE["side"], "id": PEOPLE["id"], "person": times}), file)
    with pytest.raises(InputError) as refused:
        ip.read_cohort(file)
    told = 'column "person": it holds timestamp[ms], which is no answer. Save this column as text.'
    assert str(refused.value) == f"cohort.parquet, {told}"


def test_a_matching_has_the_same_rows_as_its_csv_with_numbers_exact(tmp_path):
    matching = ip.match(demo_cohort(40, 40, 2))
    ip.write(matching, tmp_path / "matching.parquet")
    frame = polars.read_parquet(io.BytesIO((tmp_path / "matching.parquet").read_bytes()))
    assert tuple(frame.columns) == columns_of(matching)
    assert frame.rows() == list(rows_of(matching))
    assert frame.filter(outcome="paired")["score"].sum() == sum(
        pairing.score for pairing in matching.pairings
    )


def test_without_the_extra_the_exact_install_is_named(tmp_path, monkeypatch):
    file = saved(tmp_path, PEOPLE)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(
        MissingExtraError, match=r'needs the columnar extra: pip install "ipmatch\[columnar\]"'
    ):
        ip.read_cohort(file)
    with pytest.raises(MissingExtraError, match=r"Writing a \.parquet file needs the columnar extra"):
        ip.write(ip.match(demo_cohort(3, 3, 0)), tmp_path / "matching.parquet")
    assert not (tmp_path / "matching.parquet").exists()
