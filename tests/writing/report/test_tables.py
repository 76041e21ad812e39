"""The workbook, Markdown and the merge file: text stays text, numbers are numbers, the same cells again."""

import csv
import io
import json
import zipfile

import pytest

import ipmatch as ip
from ipmatch.errors import MissingExtraError, UsageError
from ipmatch.front_door import match
from ipmatch.reporting.material import gather
from ipmatch.synthetic import demo_cohort
from ipmatch.writing import files
from ipmatch.writing.report.grid import Column, Table
from ipmatch.writing.report.letters import letters_csv
from ipmatch.writing.report.outputs import made
from ipmatch.writing.report.standing import standing_of
from ipmatch.writing.report.workbook import workbook_bytes, workbook_of

from .conftest import FORMULA, LONG, RTL, SCRIPT


def sheets(content):
    from python_calamine import load_workbook

    book = load_workbook(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(hostile):
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(hostile[0]))) as parts:
        xml = [parts.read(name) for name in parts.namelist() if "worksheets" in name]
    assert len(xml) > 10
    assert not [part for part in xml if b"<f>" in part or b"<hyperlink" in part]


def test_every_name_stands_in_the_workbook_as_it_is(hostile):
    cells = {cell for rows in sheets(workbook_bytes(hostile[0])).values() for row in rows for cell in row}
    assert {SCRIPT, FORMULA, RTL, LONG, "a\\u202eb"} <= cells


def test_a_sheet_has_a_title_a_note_headings_and_real_numbers(tight_matching, tight_material):
    found = sheets(workbook_bytes(tight_material))
    assert [*found][:2] == ["Cover", "1 Pairs"]
    assert [*found][-1] == "Notes"
    pairs = found["1 Pairs"]
    assert pairs[0][0] == "Pairs"
    assert pairs[2] == ["Mentor", "Mentee", "Tier", "Score", "Basis", "Why"]
    assert [row[3] for row in pairs[3:]] == [float(one.score) for one in tight_matching.pairings]
    assert len({name.casefold() for name in found}) == len(found)


def test_every_pair_stands_in_the_workbook_with_its_price(tight_material):
    found = sheets(workbook_bytes(tight_material))
    rows = next(rows for name, rows in found.items() if name.endswith("Every pair"))
    assert len(rows) == 3 + 11 * 14
    priced = {(row[0], row[1]): row for row in rows[3:]}
    assert priced["M02", "E01"][4:] == ["yes", "no", "costs 25 points", 0.0, 0.0, 25.0]


def test_how_far_a_weight_may_move_is_a_decimal_where_that_is_exact():
    """It read "75/4 (about 18.75)"."""
    cohort = demo_cohort(8, 8, seed=0)
    found = sheets(workbook_bytes(gather(cohort, match(cohort))))
    rows = next(rows for name, rows in found.items() if name.endswith("How far each weight may move"))
    assert [row[2] for row in rows if row[0] in ("sector", "region")] == ["18.75", "6.25"]


def test_the_same_matching_gives_the_same_workbook(tight_material):
    material = tight_material
    assert workbook_bytes(material) == workbook_bytes(material)


def test_a_text_longer_than_a_cell_can_hold_ends_with_a_mark():
    long = Table("x", "X", "", (Column("One"),), (("y" * 40_000,),))
    cell = sheets(workbook_of("T", [], [long], {}))["1 X"][3][0]
    assert (len(cell), cell[-1]) == (32_767, "…")


def test_markdown_shows_every_name_as_text(hostile):
    text = made(hostile[0], "x.md")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>" not in text
    assert RTL in text
    assert LONG in text


def test_the_rows_to_merge_are_harmless_and_whole(hostile):
    material, people = hostile
    text = letters_csv(material, people)
    assert text.startswith("\ufeffside,id,name,email,standing,letter\r\n")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert {row["name"] for row in rows} >= {SCRIPT, f"'{FORMULA}", RTL, LONG, "a\\u202eb"}
    assert {row["email"] for row in rows} == {"'=cmd|x"}
    assert {row["standing"] for row in rows} == {"proposed"}
    assert all("Dear" in row["letter"] for row in rows)


def test_the_report_as_json_is_its_tables(tight_material):
    tables = json.loads(made(tight_material, "x.json"))["tables"]
    assert tables["pairs"]["rows"][0][:4] == ["M01", "E01", "scope and sector", 80]
    assert {"unmatched", "resilience", "recruit", "supply-sector", "rules"} <= set(tables)


def test_a_report_is_written_like_any_other_form(tmp_path, tight, tight_matching, tight_material):
    for name in ("x.html", "x.xlsx"):
        files.write(tight_matching, tmp_path / name, cohort=tight)
        assert (tmp_path / name).read_bytes() == as_bytes(made(tight_material, name))


def test_a_report_needs_the_cohort(tmp_path, tight_matching):
    with pytest.raises(UsageError, match=r"html: a report needs the cohort beside the matching\."):
        files.write(tight_matching, tmp_path / "x.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("suffix", "libraries"), [(".xlsx", ["xlsxwriter"]), (".html", ["jinja2", "markupsafe"])]
)
def test_without_the_extra_the_message_says_what_to_install(
    monkeypatch, tight, tight_matching, suffix, libraries
):
    from ipmatch.writing.report import environment

    environment.environment.cache_clear()
    for library in libraries:
        monkeypatch.setitem(__import__("sys").modules, library, None)
    material = gather(tight, tight_matching)
    with pytest.raises(MissingExtraError, match=r'needs the office extra: pip install "ipmatch\[office\]"'):
        made(material, f"x{suffix}")


def as_bytes(content):
    return content.encode() if isinstance(content, str) else content


def test_where_no_repair_is_looked_for_none_is_said_not_to_exist(tmp_path):
    """It said that no single change would, though one more place at M1 places whoever is left."""
    mentees = [{"id": f"E{n}", "sectors": ["icb"]} for n in (1, 2)]
    cohort = ip.Cohort(mentors=[{"id": "M1", "sectors": ["icb"]}], mentees=mentees)
    matching = ip.match(cohort, ip.Policy(objective={"method": "stable"}))
    ip.write_report(matching, tmp_path / "report.md", cohort=cohort)
    told = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "No single change is known." in told
    assert "No single change would" not in told


def test_a_pair_stays_confirmed_when_it_is_locked_and_is_proposed_anew_when_it_is_swapped_back():
    """Only the last decision about a pair was looked at, and of a swap only the pair named first."""
    one, two = {"mentor": "M1", "mentee": "E1"}, {"mentor": "M2", "mentee": "E2"}
    swaps = [
        ip.Decision(kind="swap", mentor="M1", mentee=a, other_mentor="M2", other_mentee=b)
        for a, b in (("E1", "E2"), ("E2", "E1"))
    ]
    both = [ip.Decision(kind="confirm", **pair) for pair in (one, two)]
    people = [[{"id": f"{side}{n}", "sectors": ["icb"]} for n in (1, 2)] for side in "ME"]
    cohort = ip.Cohort(mentors=people[0], mentees=people[1])
    for decisions, told in (
        ([*both, ip.Decision(kind="lock", **one)], "Every pair is confirmed."),
        ([both[0], ip.Decision(kind="lock", **one)], "1 of 2 pairs are confirmed"),
        ([*both, *swaps], "A proposal."),
    ):
        assert standing_of(ip.match(cohort, decisions=decisions)).startswith(told)
