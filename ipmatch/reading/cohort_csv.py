"""A cohort as a CSV file, of any size: people are rows, and the headings are the cohort's own fields."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from ipmatch.errors import InputError
from ipmatch.intake.csv_text import malformed

from .csv_cells import READERS
from .sources import LARGEST_SURVEY, Source, name_of, read_head, read_utf8
from .tables import CHUNK, FIELDS, NEEDED, Chunk, Found, Table, faults_of_columns, is_annotation
from .values import Finding

__all__ = ["csv_table", "is_cohort_csv"]

LONGEST_HEAD = 1 << 16
_SEPARATOR_LINE = re.compile(r"^sep=([,;\t|])\r?\n?", re.IGNORECASE)


def is_cohort_csv(source: Source) -> bool:
    """Whether a file is a cohort in columns: a CSV with ``side`` and ``id``, and no heading but fields.

    Raises
    ------
    UsageError
        If there is no such file.
    """
    content, size = read_head(source, LONGEST_HEAD)
    text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    first = _SEPARATOR_LINE.sub("", text.lstrip(), count=1).lstrip().partition("\n")[0]
    head = {part.strip(' "\r') for part in re.split(r"[,;\t|]", first)}
    asked = {column for column in head if not is_annotation(column)}
    return asked >= {*NEEDED} and (asked <= {"side", *FIELDS} or size > LARGEST_SURVEY)


def csv_table(source: Source) -> Table:
    """The people of a CSV file in columns; an empty cell is an answer that was not given.

    Raises
    ------
    UsageError, InputError
        If there is no such file; if it is no CSV in UTF-8, or no table of people, with every column at fault.
    """
    name = name_of(source)
    file = _File(read_utf8(source), name)
    columns = [heading.strip() for _, heading_row in islice(file.rows(), 1) for heading in heading_row]
    if faults := list(faults_of_columns(columns, name)):
        raise InputError(faults)
    kept = [place for place, column in enumerate(columns) if not is_annotation(column)]
    return Table(
        name,
        [columns[place] for place in kept],
        lambda found: _chunks(file.rows(), len(columns), kept, found),
        READERS,
    )


class _File:
    """The rows of a CSV file, as often as they are asked for, with the number that a spreadsheet shows."""

    def __init__(self, content: bytes, name: str) -> None:
        self._content, self._name = content, name

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row but empty ones, the headings first."""
        stream = io.TextIOWrapper(io.BytesIO(self._content), "utf-8-sig", newline="")
        first = next((line for line in stream if line.strip()), "")
        told = _SEPARATOR_LINE.fullmatch(first)
        if told is None:
            stream = io.TextIOWrapper(io.BytesIO(self._content), "utf-8-sig", newline="")
        separator = told[1] if told else max((",", ";", "\t"), key=first.count)
        reader = csv.reader(stream, delimiter=separator, strict=True)
        try:
            for row, cells in enumerate(reader, start=2 if told else 1):
                if any(cells):
                    yield row, cells
        except csv.Error as error:
            raise InputError([malformed(error, self._name, reader.line_num)]) from None


def _chunks(
    rows: Iterator[tuple[int, list[str]]], width: int, kept: Sequence[int], found: list[Found]
) -> Iterator[Chunk]:
    next(rows)
    while some := list(islice(rows, CHUNK)):
        ragged = {row: len(cells) for row, cells in some if len(cells) != width}
        found += [Found(row, None, _ragged(cells, width)) for row, cells in ragged.items()]
        if ragged:
            some = [(row, cells) for row, cells in some if row not in ragged]
        columns = list(zip(*(cells for _, cells in some), strict=True)) or [()] * width
        cells = [[cell.strip() or None for cell in columns[place]] for place in kept]
        yield Chunk([row for row, _ in some], cells)


def _ragged(cells: int, width: int) -> Finding:
    what = f"{cells:,} {'cell' if cells == 1 else 'cells'} under {width:,} headings."
    return Finding((), what, "Give each row a cell for every heading, empty ones too; check its quotes.")
