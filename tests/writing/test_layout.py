from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ipmatch.writing.characters import shown, width
from ipmatch.writing.layout import Paper, aligned, number, wrap

words = st.text(max_size=30)
visible = st.text(st.characters(categories=("L", "N", "P")), max_size=12)


def test_numbers_are_exact_and_plain():
    assert [number(Decimal(text)) for text in ("1E+3", "0.000001", "71.250", "-0")] == [
        "1000",
        "0.000001",
        "71.25",
        "0",
    ]


def test_decimal_points_stand_in_one_column():
    texts = aligned([Decimal("71.25"), Decimal(80), Decimal("-0.5")])
    assert texts == ["71.25", "80   ", "-0.5 "]
    assert aligned([]) == []


@given(words, st.integers(2, 40))
def test_wrapping_keeps_every_character_and_the_width(text, columns):
    text = shown(text)
    lines = wrap(text, columns)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= columns for line in lines)


@given(st.lists(st.tuples(visible, visible, visible), min_size=1, max_size=4), st.integers(30, 120))
def test_a_table_keeps_every_character_and_the_width(rows, columns):
    paper = Paper(columns)
    paper.table(("a", "b", "c"), rows)
    text = str(paper)
    assert all(width(line) <= columns for line in text.splitlines())
    for character in set("".join(map("".join, rows))):
        assert text.count(character) >= "".join(map("".join, rows)).count(character)


def test_columns_stay_under_their_headings_with_wide_and_combining_characters():
    paper = Paper(60)
    paper.table(("name", "why"), [("李小龍", "x"), ("Zoe\u0308", "x"), ("Ana", "x")])
    assert {width(line[: line.index("x")]) for line in str(paper).splitlines()[2:]} == {10}


def test_a_list_keeps_its_sentences_in_one_column_and_gives_long_labels_a_line_of_their_own():
    paper = Paper(40)
    paper.listing([("E1", "short"), ("a label that is longer than a third", "its sentence")])
    assert str(paper) == "  E1  short\n  a label that is longer than a third\n      its sentence\n"


def test_a_table_of_too_many_columns_becomes_a_list_of_its_rows():
    paper = Paper(24)
    headings = ["weight", *(f"part {place}" for place in range(6))]
    paper.table(headings, [["sector", "1", "", "3", "4", "5", "6"]], right=range(1, 7))
    assert str(paper).splitlines()[:4] == ["  sector", "    part 0  1", "    part 2  3", "    part 3  4"]
    assert max(map(len, paper.lines)) <= 24
