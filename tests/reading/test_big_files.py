from __future__ import annotations

import pytest

from ipmatch.errors import InputError
from ipmatch.reading import read_cohort

FIFTY_MEGABYTES = 50_000_000
TOO_LONG = "a text of 50,000,000 characters. Use 100,000 characters or fewer."


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('{"mentors": [{"id": "M01", "region": "', '"}]}', "pairs.json, mentors[0].region (M01)"),
        ('{"required_pairs": [{"mentor": "M1", "mentee": "', '"}]}', "pairs.json, required_pairs[0].mentee"),
        ('{"mentors": [{"id": "M01", "', '": 1}]}', "pairs.json, mentors[0] (M01): a key in here"),
    ],
)
def test_fifty_megabytes_of_one_text_are_told(tmp_path, before, after, where):
    path = tmp_path / "pairs.json"
    path.write_text(before + "x" * FIFTY_MEGABYTES + after, encoding="ascii")
    with pytest.raises(InputError) as caught:
        read_cohort(path)
    assert f"{where}: {TOO_LONG}" in map(str, caught.value.faults)


def test_fifty_megabytes_of_blanks_do_not_matter(tmp_path):
    path = tmp_path / "pairs.json"
    path.write_text('{"mentors": [' + " " * FIFTY_MEGABYTES + '{"id": "M01"}]}', encoding="ascii")
    assert [mentor.id for mentor in read_cohort(path).mentors] == ["M01"]


def test_thousands_of_unknown_ids_are_all_told(faults):
    """A suggestion looks at everyone: given for every wrong id, 2,000 of them took half a minute."""
    mentors = [{"id": f"M{i:05}", "avoids": [f"X{i:05}"]} for i in range(2000)]
    mentees = [{"id": f"E{i:05}"} for i in range(2000)]
    found = faults(read_cohort, {"mentors": mentors, "mentees": mentees})
    assert len(found) == 2000
    assert found[-1] == (
        "pairs.json, mentors[1999].avoids[0] (M01999): "
        'no mentee has the id "X01999". Check the id, or add the person.'
    )
