"""Years and numbers as people write them: read, or asked about, never guessed."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipmatch.intake.numbers import read_count, read_year, read_years
from ipmatch.intake.readers import readers_for

READERS = readers_for(())


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        (2022, 2022),
        (2022.0, 2022),
        ("2022", 2022),
        (" 2022. ", 2022),
        ("Nov 2022", 2022),
        ("November 2022", 2022),
        ("Completed in 2022", 2022),
        ("01/03/2022", 2022),
        ("2022-03-01", 2022),
        ("2022 (March)", 2022),
        (date(2022, 3, 1), 2022),
        (datetime(2022, 3, 1, 9), 2022),
    ],
)
def test_a_year_named_plainly_is_read(cell, year):
    assert read_year(cell).value == year
    assert read_year(cell).said == ()


@pytest.mark.parametrize("cell", ["2021/22", "2021-22", "2021/2022", "Academic year 2021 - 2022"])
def test_of_an_academic_year_the_later_is_read_and_that_is_said(cell):
    assert read_year(cell).value == 2022
    assert [said.code for said in read_year(cell).said] == ["academic-year"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("22", "two-digit-year"),
        (22.0, "two-digit-year"),
        ("May '22", "two-digit-year"),
        ("1/11/22", "two-digit-year"),
        (44621.0, "not-a-year"),
        (time(9, 30), "not-a-year"),
        ("not sure", "unclear-year"),
        ("2019 or 2020", "unclear-year"),
        ("2021/2023", "unclear-year"),
        ("due 2024", "unclear-year"),
        ("approx 2020", "unclear-year"),
        ("2022?", "unclear-year"),
        ("before 2020", "unclear-year"),
        ("last summer", "not-a-year"),
        ("1066", "not-a-year"),
        (20222, "not-a-year"),
    ],
)
def test_a_year_that_could_be_another_is_asked_about(cell, code):
    assert read_year(cell).value is None
    assert [(said.level, said.code) for said in read_year(cell).said] == [("asked", code)]


def test_a_two_digit_year_is_shown_with_what_it_may_mean():
    (said,) = read_year("22").said
    assert said.what == '"22" is not a year. Read as 2022? Two digits are not accepted.'


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("1 person", 1),
        ("2 people", 2),
        ("4 or more people", 4),
        ("4+", 4),
        (7, 4),
        ("none", 0),
        (2.0, 2),
        ("two", 2),
    ],
)
def test_how_many_were_mentored_is_read_up_to_four_or_more(cell, count):
    assert read_count(cell, most=4).value == count
    assert read_count(cell, most=4).said == ()


@pytest.mark.parametrize("cell", ["1-2", "lots", "2.5", date(2022, 3, 2), "2 or 3", "-1", "no limit", "2+"])
def test_a_capacity_that_is_no_certain_number_is_asked_about(cell):
    reading = READERS["capacity"](cell)
    assert reading.value is None
    assert [said.level for said in reading.said] == ["asked"]


@pytest.mark.parametrize(
    ("cell", "years"),
    [
        ("3", "3"),
        (6.0, "6"),
        ("3.5", "3.5"),
        ("2.333", "2.333"),
        ("3 years", "3"),
        ("six years", "6"),
        ("18 months", "1.5"),
        ("2 years 6 months", "2.5"),
        ("2 years and 3 months", "2.25"),
    ],
)
def test_years_of_prescribing_are_read_exactly(cell, years):
    assert read_years(cell).value == Decimal(years)
    assert read_years(cell).said == ()


@pytest.mark.parametrize(
    "cell", ["3+", "more than 3 years", ">3", "over 3 years", "3 years or more", "3+ years"]
)
def test_at_least_so_many_years_are_read_as_the_least_and_that_is_said(cell):
    assert read_years(cell).value == 3
    assert [said.code for said in read_years(cell).said] == ["at-least"]


@pytest.mark.parametrize("cell", ["5-6", "since 2019", "years", date(2019, 1, 1), "99", "a while"])
def test_years_that_are_not_certain_are_asked_about(cell):
    assert read_years(cell).value is None
    assert [said.level for said in read_years(cell).said] == ["asked"]


@given(st.integers(min_value=0, max_value=9999), st.sampled_from(["{}", "{} people", "up to {}", " {} "]))
def test_every_whole_number_is_read_as_it_is(number, form):
    assert read_count(form.format(number)).value == number


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1,000", '"1,000" is not one whole number.'),
        ("44987", '"44987" looks like a date that lost its format.'),
        (100000.0, '"100000" is out of range.'),
        ("-1", '"-1" is out of range.'),
        ("2.5", '"2.5" is not one whole number.'),
    ],
)
def test_what_is_no_count_is_asked_about_for_what_it_is(cell, told):
    """A thousand with its comma was read as 1, and a whole number was said to be none."""
    read = read_count(cell)
    assert (read.value, [said.what for said in read.said]) == (None, [told])


def test_a_comma_is_that_of_a_decimal_only_where_it_parts_no_thousands():
    assert read_years("2,5").value == Decimal("2.5")
    assert read_years("1,000 years").value is None
