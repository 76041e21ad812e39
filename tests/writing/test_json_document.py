import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipmatch.document import FrozenMap
from ipmatch.front_door import match
from ipmatch.matching import Contribution, Note
from ipmatch.reading.documents import read_matching
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.json_document import json_pieces, json_text


@pytest.mark.parametrize("name", ["example", "awkward"])
def test_a_matching_survives_writing_and_reading(tmp_path, request, name):
    matching = request.getfixturevalue(f"{name}_matching")
    path = tmp_path / "matching.json"
    path.write_text(json_text(matching), encoding="utf-8")
    assert read_matching(str(path)) == matching


def test_the_json_says_what_the_model_says(example_matching):
    assert json.loads(json_text(example_matching)) == example_matching.model_dump(mode="json")


def test_a_reason_stands_on_one_line(example_matching):
    lines = json_text(example_matching).splitlines()
    assert sum('"criterion": ' in line and line.rstrip(",").endswith("}") for line in lines) == 8


@pytest.mark.parametrize("text", ["0.000001", "1E+3", "12.50", "0", "-0", "123456789012345"])
def test_numbers_have_no_exponent_and_no_trailing_zeros(text):
    part = Contribution(criterion="a", code="b", strength=Decimal(0), points=Decimal(text), because="c")
    written = json_text(part).partition('"points": ')[2].partition(",")[0]
    assert Decimal(written) == Decimal(text)
    assert "e" not in written.lower()
    assert "." not in written or not written.endswith("0")


@given(st.text())
def test_any_text_survives_and_nothing_invisible_is_written(text):
    note = Note(code="a", facts=FrozenMap({"text": text}), because=text)
    written = json_text(note)
    assert json.loads(written)["because"] == text
    assert not {"\x1b", "\x7f", "\u202e", "\u2028"} & set(written)


def test_a_brief_cohort_leaves_out_defaults_but_says_what_it_is(example):
    text = json_text(example, brief=True)
    assert json.loads(text)["kind"] == "cohort"
    assert '{"id": "E03", "sectors": ["acute-hospital"]}' in text
    assert type(example).model_validate(json.loads(text)) == example


def test_two_thousand_pairings_are_all_written():
    matching = match(demo_cohort(60, 50, 1))
    many = matching.model_copy(update={"pairings": (matching.pairings * 2000)[:2000]})
    text = json_text(many)
    assert text.count('"basis"') == 2000


@pytest.mark.parametrize("name", ["example", "awkward"])
def test_a_model_is_written_like_the_plain_data_it_holds(request, name):
    matching, cohort = request.getfixturevalue(f"{name}_matching"), request.getfixturevalue(name)
    assert json_text(matching) == json_text(matching.model_dump())
    always = {"kind": cohort.kind, "version": cohort.version}
    assert json_text(cohort, brief=True) == json_text(always | cohort.model_dump(exclude_defaults=True))
    for part in (*matching.pairings, *matching.warnings, matching.run, matching.certificate):
        assert json_text(part) == json_text(part.model_dump())


def test_a_big_document_comes_in_small_pieces(tmp_path):
    cohort = demo_cohort(60, 500, 1)
    matching = match(cohort)
    for document, brief in ((matching, False), (cohort, True)):
        pieces = list(json_pieces(document, brief=brief))
        assert "".join(pieces) == json_text(document, brief=brief)
        assert max(map(len, pieces)) < len("".join(pieces)) / 5
