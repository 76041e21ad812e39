from __future__ import annotations

from decimal import Decimal

import pytest

from ipmatch.reading import json_text, read_cohort
from ipmatch.reading.json_text import parse_json


@pytest.mark.parametrize(
    ("text", "place", "rest"),
    [
        ('{"a": 1,}', (1, 8), "a comma before the closing bracket. Remove the comma."),
        ('{"a": [1,\n ]}', (1, 9), "a comma before the closing bracket. Remove the comma."),
        (
            '{"a": 1 "b": 2}',
            (1, 9),
            "a comma or a closing bracket is missing. Put a comma between two entries.",
        ),
        ('{"a" 1}', (1, 6), "a colon is missing. Put a colon between the key and its value."),
        ("{\n 'a': 1}", (2, 2), "single quotes are not read here. Use double quotes."),
        ("{“a”: 1}", (1, 2), 'typographic quotes are not read here. Use straight double quotes (").'),
        ('{"a": None}', (1, 7), "None is not read here. Write null."),
        ('{"a": True}', (1, 7), "True is not read here. Write true."),
        (
            '{"a": 1} // ok',
            (1, 10),
            "there is more after the end of the document. Keep one object in the file.",
        ),
        ('{\n\n  # ok\n"a": 1}', (3, 3), "comments are not read here. Leave them out."),
        ("{a: 1}", (1, 2), 'a key in double quotes should stand here. Write it like "id".'),
        ('{"a": }', (1, 7), "a value should stand here. Write a text in double quotes, a number or null."),
        ('{"a": 1', (1, 8), "the text ends too early. Close every quote, bracket and brace."),
        ('{"a": "é', (1, 7), "this text has no closing quote. Close it with a double quote."),
        ('{"a": "x\ny"}', (1, 9), "a line break or tab inside a text. Write it as \\n or \\t."),
        ('{"a": "\\q"}', (1, 8), "this escape is not known. Write a backslash as two backslashes."),
        ("{} {}", (1, 4), "there is more after the end of the document. Keep one object in the file."),
    ],
)
def test_malformed_json_is_told_with_line_column_and_mend(faults, text, place, rest):
    line, column = place
    assert faults(read_cohort, text) == [f"pairs.json, line {line}, column {column}: {rest}"]


def test_numbers_are_read_exactly_as_written():
    data, findings = parse_json('{"a": 0.1, "b": 12345678901234567890, "c": 65.00}', "p.json")
    assert data == {"a": Decimal("0.1"), "b": 12345678901234567890, "c": Decimal("65.00")}
    assert str(data["c"]) == "65.00"
    assert findings == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_not_finite_is_refused_even_where_anything_may_stand(faults, number):
    text = f'{{"x_note": [0, {number}], "mentors": [{{"id": "M01", "capacity": {number}}}]}}'
    assert faults(read_cohort, text) == [
        "pairs.json, x_note[1]: this is not a finite number. Write a finite number.",
        "pairs.json, mentors[0].capacity (M01): this is not a finite number. Write a finite number.",
    ]


@pytest.mark.parametrize(
    "number",
    ["1e999999999", "1e-999999999", "-1E+99999999999999999999", "9" * 101, "9" * 1_000_000, "0." + "1" * 100],
)
def test_a_number_that_would_fill_a_page_is_refused_at_once(faults, number):
    assert faults(read_cohort, f'{{"mentors": [{{"id": "M01", "years_prescribing": {number}}}]}}') == [
        "pairs.json, mentors[0].years_prescribing (M01): "
        "this number has more than 100 digits. Write a number of sensible size."
    ]


def test_every_key_written_twice_is_told_with_its_path_and_beside_the_other_faults(faults):
    text = """{"mentors": [{"id": "M01"}, {"id": "M02", "region": "Kent", "capacty": 2, "region": "Sussex"}],
        "programme": {"name": "a", "name": "b", "name": "c"}, "mentees": [], "mentees": []}"""
    assert faults(read_cohort, text) == [
        "pairs.json, mentors[1].region (M02): this key is written twice. Keep one of them.",
        'pairs.json, mentors[1].capacty (M02): unknown field. Did you mean "capacity"?',
        "pairs.json, programme.name: this key is written 3 times. Keep one of them.",
        "pairs.json, mentees: this key is written twice. Keep one of them.",
    ]


def test_a_key_written_twice_inside_a_value_that_another_replaces_is_told_too(faults):
    assert faults(read_cohort, '{"mentors": [{"id": "M01", "id": "M02"}], "mentors": []}') == [
        "pairs.json, mentors: this key is written twice. Keep one of them.",
        "pairs.json, mentors[0].id: this key is written twice. Keep one of them.",
    ]


@pytest.mark.parametrize(
    "text",
    ['{"x_a": ' + "[" * 64 + "]" * 64 + "}", "[" * 500 + "]" * 500, "[" * 1_000_000, '{"a":' * 200_000],
)
def test_deep_nesting_is_one_fault(faults, text):
    assert faults(read_cohort, text) == [
        "pairs.json: lists and objects stand in one another more than 64 deep. "
        "Check that this is the right file."
    ]


def test_sixty_four_lists_and_objects_in_one_another_are_read():
    data, findings = parse_json("[" * 64 + "]" * 64, "p.json")
    assert findings == []
    assert data == [data[0]]


def test_half_a_character_is_refused_and_a_whole_one_is_not(faults):
    text = '{"mentors": [{"id": "M01", "name": "\\ud83d\\ude00", "region": "\\ud83d", "\\ude00": 1}]}'
    assert faults(read_cohort, text) == [
        "pairs.json, mentors[0] (M01): a key in here: half of a character "
        "(a \\u escape without its partner). Write the character itself.",
        "pairs.json, mentors[0].region (M01): half of a character "
        "(a \\u escape without its partner). Write the character itself.",
    ]


def test_data_without_faults_is_plain_dicts_and_lists():
    data, _ = parse_json('{"a": [{"b": "\\ud83d\\ude00"}]}', "p.json")
    assert type(data) is dict
    assert data == {"a": [{"b": "😀"}]}
    assert type(data["a"][0]) is dict


def test_equal_texts_are_held_once_whatever_else_is_read(monkeypatch):
    text = '{"a": ["London", 1, true], "b": {"c": "London", "d": "Leeds", "e": ["Leeds"], "f": 1.50}}'
    data, _ = parse_json(text, "p.json")
    assert data == {
        "a": ["London", 1, True],
        "b": {"c": "London", "d": "Leeds", "e": ["Leeds"], "f": Decimal("1.50")},
    }
    assert data["a"][0] is data["b"]["c"]
    assert data["b"]["d"] is data["b"]["e"][0]
    monkeypatch.setattr(json_text, "MOST_KNOWN", 1)
    assert parse_json(text, "p.json")[0] == data
