from __future__ import annotations

import csv
import io

import pytest

from ipmatch.errors import InputError
from ipmatch.reading.enrolments import read_enrolment


@pytest.fixture
def sheet(tmp_path):
    """Writes rows (the first the headings) as a CSV file, and gives its path."""

    def write(name, *rows, encoding="utf-8"):
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


@pytest.fixture
def faults():
    """The faults, as printed, of an enrolment that is none."""

    def told(*files, **more):
        with pytest.raises(InputError) as caught:
            read_enrolment(*files, **more)
        return [str(fault) for fault in caught.value.faults]

    return told


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzzed")
