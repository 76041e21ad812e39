import pytest

from ipmatch.errors import InputError, UsageError
from ipmatch.reading.people_file import Identity, read_people

HEAD = "id,side,person,name,email,gphc_number\r\n"


def people_of(tmp_path, text, encoding="utf-8-sig"):
    path = tmp_path / "people.private.csv"
    path.write_bytes(text.encode(encoding))
    return read_people(path)


def test_people_are_read_by_id_in_the_order_of_the_file(tmp_path):
    rows = 'M02,mentor,P1,"Nobody, Jo",jo@example.org,2012345\r\nE01,mentee,P1,,,\r\n'
    assert people_of(tmp_path, HEAD + rows) == {
        "M02": Identity("M02", "mentor", "P1", "Nobody, Jo", "jo@example.org", "2012345"),
        "E01": Identity("E01", "mentee", "P1"),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_excel_saves_in_is_read(tmp_path, encoding):
    assert people_of(tmp_path, HEAD + "M1,mentor,,Zoë Übel,,\n", encoding)["M1"].name == "Zoë Übel"


def test_a_cell_kept_from_being_a_formula_is_read_as_it_was(tmp_path):
    assert people_of(tmp_path, HEAD + "M1,mentor,,'=cmd|' /C calc'!A0,,\n")["M1"].name == "=cmd|' /C calc'!A0"


def test_everything_wrong_is_said_by_row_and_no_cell_is_shown(tmp_path):
    rows = "M1,mentor,,Secret,,\n\nM1,mentor,,Secret,,\n,mentee,,Secret,,\nE1,Secret,,Secret,,\n"
    with pytest.raises(InputError) as caught:
        people_of(tmp_path, HEAD + rows)
    mend = "Write it anew with ipmatch import --people."
    assert [str(fault) for fault in caught.value.faults] == [
        f"people.private.csv, row 4: this id stands in an earlier row. {mend}",
        f"people.private.csv, row 5: no id. {mend}",
        f"people.private.csv, row 6: the side is neither mentor nor mentee. {mend}",
    ]


@pytest.mark.parametrize("text", ["", "\n", "name,email\nSecret,s@example.org\n"])
def test_another_file_is_no_people_file(tmp_path, text):
    with pytest.raises(InputError, match=r"^people.private.csv: this is not a people file: no column id or"):
        people_of(tmp_path, text)


def test_a_people_file_that_is_not_there_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="there is no such file"):
        read_people(tmp_path / "none.csv")


def test_who_somebody_is_does_not_show_when_printed():
    assert repr(Identity("M1", "mentor", name="Secret")) == "Identity('M1')"
