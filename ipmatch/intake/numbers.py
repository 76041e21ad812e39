"""Numbers and years as people write them; whatever could be meant in two ways is asked about."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from ipmatch.vocabulary.text import fold, normalise

from .cells import is_moment
from .grid import Cell
from .reading_of import ReadingOf, asked, echo, noted, text_of, value

__all__ = ["read_count", "read_year", "read_years"]

FIRST_YEAR = 2006  # the first pharmacist independent prescribers
EARLIEST, LATEST = 1950, 2100

_WORDS = dict(
    zip(
        "no one two three four five six seven eight nine ten eleven twelve fifteen twenty".split(),  # noqa: SIM905
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20),
        strict=True,
    )
) | {"none": 0, "nil": 0, "zero": 0, "nobody": 0, "never": 0, "a": 1, "an": 1}
# A comma before three digits may part thousands: that is asked about.
_NUMBER = (
    r"(?:\d{1,4}(?:\.\d{1,6}|,(?!\d{3}(?!\d))\d{1,6})?|"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r")"
)
_UNIT = r"(?:people|persons?|mentees?|mentors?|rounds?|times)"
_COUNT = re.compile(rf"(?:up to |max(?:imum)? |at most )?(?P<number>{_NUMBER})(?: {_UNIT})?")
_AT_LEAST = re.compile(
    rf"(?P<a>{_NUMBER})(?: {_UNIT})? ?(?:\+|or more|and over|or over)(?: {_UNIT})?"
    rf"|(?:more than|over|at least|>=?) ?(?P<b>{_NUMBER})(?: {_UNIT})?"
)
_YEARS = re.compile(
    rf"(?P<years>{_NUMBER}) ?(?:years?|yrs?|y)?(?:(?: and|,)? (?P<months>{_NUMBER}) ?(?:months?|mths?|m))?"
)
_MONTHS = re.compile(rf"(?P<months>{_NUMBER}) ?(?:months?|mths?)")
_YEARS_AT_LEAST = re.compile(
    rf"(?:(?P<a>{_NUMBER}) ?\+ ?(?:years?|yrs?)?|(?P<c>{_NUMBER}) (?:years?|yrs?) ?(?:\+|or more|plus)"
    rf"|(?:more than|over|at least|>=?) ?(?P<b>{_NUMBER}) ?(?:years?|yrs?)?)"
)
_FOUR_DIGITS = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ACADEMIC = re.compile(r"(?<!\d)(?P<first>(?:19|20)\d\d) ?[/-] ?(?P<second>\d\d|(?:19|20)\d\d)(?!\d)")
_TWO_DIGITS = re.compile(r"(?:.*\D)?(?P<year>\d\d)")
_NOT_YET = re.compile(
    r"\b(due|expect\w*|not|yet|ongoing|current\w*|await\w*|in progress|will|about|approx\w*|around|circa|c|"
    r"before|since|after|between|or|think|started|starting|began)\b|[~?]"
)
_LOST_FORMAT = re.compile(r"[34]\d{4}")
_WRITE_YEAR = "Write four digits, for example 2022."
_WRITE_NUMBER = "Write one number."


def read_year(cell: Cell) -> ReadingOf:
    """The year an answer names plainly: four digits, with or without a month or a day, or a date."""
    if isinstance(cell, date | datetime):
        return _plausible(cell.year, cell)
    text = normalise(text_of(cell))
    if is_moment(cell):
        return asked("not-a-year", "this cell holds a time of day.", _WRITE_YEAR)
    if _NOT_YET.search(fold(text_of(cell))):
        return asked("unclear-year", "this answer names no year for certain.", _WRITE_YEAR)
    spans = {match.span(): match for match in _ACADEMIC.finditer(text) if _next_year(match)}
    if len(spans) == 1:
        ((start, end), match) = next(iter(spans.items()))
        if not _FOUR_DIGITS.search(text[:start] + " " + text[end:]):
            later = int(match["first"]) + 1
            return noted(later, "academic-year", f"{echo(cell)} is read as {later}, the later year.")
    years = set(_FOUR_DIGITS.findall(text))
    if len(years) == 1:
        return _plausible(int(years.pop()), cell)
    if years:
        return asked("unclear-year", f"{echo(cell)} names more than one year.", _WRITE_YEAR)
    if _LOST_FORMAT.fullmatch(text):
        return asked("not-a-year", f"{echo(cell)} looks like a date that lost its format.", _WRITE_YEAR)
    if short := _TWO_DIGITS.fullmatch(text):
        what = f"{echo(cell)} is not a year. Read as 20{short['year']}? Two digits are not accepted."
        return asked("two-digit-year", what, f"Write 20{short['year']} if that is meant.")
    return asked("not-a-year", f"{echo(cell)} is not a year.", _WRITE_YEAR)


def _next_year(match: re.Match[str]) -> bool:
    return (int(match["first"]) + 1) % 100 == int(match["second"]) % 100


def _plausible(year: int, cell: Cell) -> ReadingOf:
    if not EARLIEST <= year <= LATEST:
        return asked("not-a-year", f"{echo(cell)} is not a year of our time.", _WRITE_YEAR)
    if year < FIRST_YEAR:
        what = f"{year} is before {FIRST_YEAR}, when pharmacists first could prescribe."
        return noted(year, "early-year", what, "Check that the year of the IP qualification is meant.")
    return value(year)


def read_count(cell: Cell, *, most: int | None = None, at_least: bool = True) -> ReadingOf:
    """A whole number: digits or words, with or without what is counted; ``most`` stands for it and more.

    ``at_least`` says whether "2 or more" may be read as 2.
    """
    if is_moment(cell):
        what = "this cell holds a date: Excel may have made one of an answer such as 2-3."
        return asked("not-a-number", what, _WRITE_NUMBER)
    text = normalise(text_of(cell))
    count = _COUNT.fullmatch(text)
    more = None if count else _AT_LEAST.fullmatch(text_of(cell).casefold().strip(" .;"))
    number = _amount(count["number"]) if count else _amount(more["a"] or more["b"]) if more else None
    if number is None or number != int(number):
        return asked("not-a-number", f"{echo(cell)} {_no_count(text)}.", _WRITE_NUMBER)
    counted = int(number)
    if more and "than" in text:
        counted += 1
    if most is not None and counted >= most:
        return value(most)
    if more and not at_least:
        return asked("unclear-number", f"{echo(cell)} names no certain number.", _WRITE_NUMBER)
    if more:
        return noted(counted, "at-least", f"{echo(cell)} is read as {counted}.")
    return value(counted)


def _no_count(text: str) -> str:
    if _LOST_FORMAT.fullmatch(text):
        return "looks like a date that lost its format"
    return "is out of range" if re.fullmatch(r"-?\d+", text) else "is not one whole number"


def read_years(cell: Cell) -> ReadingOf:
    """A length of time in years, exactly: "3", "3.5 years", "18 months", "2 years 6 months"."""
    if is_moment(cell):
        return asked(
            "not-a-number", "this cell holds a date, and not how many years.", "Write a number of years."
        )
    text = normalise(text_of(cell))
    if _FOUR_DIGITS.search(text):
        return asked(
            "not-a-number", f"{echo(cell)} names a year, and not how many.", "Write a number of years."
        )
    if months := _MONTHS.fullmatch(text):
        return value(_in_years(Decimal(0), _amount(months["months"])))
    if years := _YEARS.fullmatch(text):
        read = _amount(years["years"])
        if years["months"]:
            read = _in_years(read, _amount(years["months"]))
        if read <= 80:
            return value(read)
    if least := _YEARS_AT_LEAST.fullmatch(text_of(cell).casefold().strip(" .;")):
        read = _amount(least["a"] or least["b"] or least["c"])
        return noted(read, "at-least", f"{echo(cell)} is read as {read:f}, the least it can mean.")
    return asked("not-a-number", f"{echo(cell)} is not a number of years.", "Write a number of years.")


def _amount(text: str) -> Decimal:
    return Decimal(_WORDS[text]) if text in _WORDS else Decimal(text.replace(",", "."))


def _in_years(years: Decimal, months: Decimal) -> Decimal:
    return (years + months / 12).quantize(Decimal("0.01")).normalize() + 0
