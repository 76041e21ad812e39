"""Whatever a file holds, reading it gives a document or an IpmatchError that can be printed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from ipmatch.cohort import Cohort
from ipmatch.errors import IpmatchError
from ipmatch.matching import Matching
from ipmatch.people import Mentor
from ipmatch.policy import Policy
from ipmatch.reading import read_cohort, read_matching, read_policy
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.columnar import cohort_parquet

READERS = [read_cohort, read_policy, read_matching]
FIELDS = {*Cohort.model_fields, *Policy.model_fields, *Matching.model_fields, *Mentor.model_fields}
OTHER_KEYS = {
    "mentor",
    "mentee",
    "regions",
    "sector",
    "levels",
    "order",
    "seed",
    "x_note",
    "$schema",
    "[key]",
}
KEYS = st.one_of(st.sampled_from(sorted(FIELDS | OTHER_KEYS)), st.text(max_size=3))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=4),
    st.sampled_from(
        ["M1", "E1", "placed", "scope", "cohort", "policy", "matching", "sector-first", "1e999999999"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
PEOPLE = st.lists(st.dictionaries(KEYS, VALUES, max_size=4) | VALUES, max_size=3)
DOCUMENTS = st.dictionaries(KEYS, VALUES | PEOPLE, max_size=6)
quickly = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def read(reader: Callable[[Path], object], path: Path, content: bytes) -> None:
    path.write_bytes(content)
    told = path.name
    try:
        reader(path)
    except IpmatchError as error:
        told = str(error)
    assert told.startswith(path.name)
    assert told.encode("utf-8")


@pytest.mark.parametrize("reader", READERS)
@quickly
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path, reader, content):
    read(reader, tmp_path / "any.json", content)


@pytest.mark.parametrize("reader", READERS)
@quickly
@given(data=VALUES | DOCUMENTS)
def test_any_json_is_read_or_refused(tmp_path, reader, data):
    read(reader, tmp_path / "any.json", json.dumps(data).encode("ascii"))


@quickly
@given(pairs=st.lists(st.tuples(KEYS, VALUES | PEOPLE), max_size=6))
def test_any_repeated_keys_are_read_or_refused(tmp_path, pairs):
    text = ",".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in pairs)
    read(read_cohort, tmp_path / "any.json", f"{{{text}}}".encode("ascii"))


@quickly
@given(text=st.text(alphabet="abc =[]{}.\"'\n0123456789-:_nfeT+", max_size=60))
def test_any_toml_is_read_or_refused(tmp_path, text):
    read(read_policy, tmp_path / "any.toml", text.encode("utf-8"))


CELLS = st.one_of(st.text(max_size=3), st.sampled_from(["mentor", "mentee", "M1", "1", "[1", ";", '"', "\r"]))


@quickly
@given(
    heads=st.lists(st.sampled_from([*Mentor.model_fields, "x_note"]), unique=True, max_size=3),
    rows=st.lists(st.lists(CELLS, max_size=6), max_size=4),
    tail=st.binary(max_size=4),
)
def test_any_table_is_read_or_refused(tmp_path, heads, rows, tail):
    lines = [",".join(["side", "id", *heads]), *map(",".join, rows)]
    read(read_cohort, tmp_path / "any.csv", "\n".join(lines).encode("utf-8", "surrogatepass") + tail)
    read(read_cohort, tmp_path / "any.parquet", "\n".join(lines).encode("utf-8", "surrogatepass") + tail)


@quickly
@given(place=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans(), checked=st.booleans())
def test_any_damaged_parquet_is_read_or_refused(tmp_path, capfd, place, byte, cut, checked):
    """Also where no checksum stops the damage: polars, which read Parquet before, could end the process."""
    whole = cohort_parquet(demo_cohort(4, 4, 0))
    if not checked:
        file = io.BytesIO()
        parquet.write_table(parquet.read_table(io.BytesIO(whole)), file)
        whole = file.getvalue()
    at = int(place * (len(whole) - 1))
    damaged = whole[:at] if cut else whole[:at] + bytes([byte]) + whole[at + 1 :]
    read(read_cohort, tmp_path / "any.parquet", damaged)
    assert capfd.readouterr().err == ""
