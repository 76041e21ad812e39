"""Every format of two small matchings, byte for byte."""

import pytest

from ipmatch.writing import files


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize("name", ["example", "awkward"])
def test_the_text_is_the_golden_one_at_any_width(golden, request, name, columns):
    matching, cohort = request.getfixturevalue(f"{name}_matching"), request.getfixturevalue(name)
    golden(f"{name}.{columns}.txt", files.text_of(matching, "text", cohort=cohort, columns=columns))


@pytest.mark.parametrize("kind", ["json", "csv", "md"])
@pytest.mark.parametrize("name", ["example", "awkward"])
def test_the_data_is_the_golden_one(golden, request, name, kind):
    matching, cohort = request.getfixturevalue(f"{name}_matching"), request.getfixturevalue(name)
    golden(f"{name}.{kind}", files.text_of(matching, kind, cohort=cohort))
