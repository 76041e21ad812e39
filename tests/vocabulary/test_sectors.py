import pytest

from ipmatch.errors import InputError
from ipmatch.vocabulary.sectors import SECTORS, read_sector, sector_label, shared_sectors
from ipmatch.vocabulary.tables import read_table
from ipmatch.vocabulary.text import plain_words

ROWS = read_table("sectors")
SURVEY = {
    "Acute Hospital Settings": "acute-hospital",
    "Care Homes": "care-home",
    "Community Health Trusts": "community-health",
    "Community Pharmacy (including locum pharmacists)": "community-pharmacy",
    "Health and Justice Teams": "health-and-justice",
    "Integrated Care Board": "icb",
    "Mental Health Trusts": "mental-health",
    "Primary Care Teams and GP practices": "primary-care",
    "Substance Misuse services": "substance-misuse",
    "Academia": "academia",
    "Other (please describe)": "other",
}


def test_the_table_holds_the_sectors_of_the_contract_in_its_order_and_other():
    assert [row["slug"] for row in ROWS] == [*SECTORS, "other"]
    assert {row["survey"]: row["slug"] for row in ROWS} == SURVEY


def test_every_row_is_whole_and_every_alias_stands_once():
    for row in ROWS:
        assert set(row) == {"slug", "label", "survey", "aliases"}
        assert all(row.values())
        names = [plain_words(name) for name in (row["survey"], *row["aliases"].split(";"))]
        assert "" not in names
        assert len(names) == len(set(names)), row["slug"]


def test_no_alias_names_two_sectors():
    for row in ROWS:
        for name in (row["slug"], row["label"], row["survey"], *row["aliases"].split(";")):
            assert read_sector(name) == row["slug"], name


@pytest.mark.parametrize("option", SURVEY)
@pytest.mark.parametrize(
    "typed",
    [
        str,
        str.upper,
        str.lower,
        lambda option: f"  {option};",
        lambda option: option.replace(" ", "\u00a0"),
        lambda option: option.replace(" ", " \t\n "),
    ],
)
def test_every_survey_option_is_read_however_it_is_typed(option, typed):
    assert read_sector(typed(option)) == SURVEY[option]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Teaching Hospitals", "acute-hospital"),
        ("University hospital", "acute-hospital"),
        ("Acute NHS Foundation Trust", "acute-hospital"),
        ("nursing homes", "care-home"),
        ("Community NHS Trust", "community-health"),
        ("community_pharmacy", "community-pharmacy"),
        ("Locum", "community-pharmacy"),
        ("HMP", "health-and-justice"),
        ("Prison", "health-and-justice"),
        ("ICB", "icb"),
        ("ICS", "icb"),
        ("CMHT", "mental-health"),
        ("Mental Health NHS Foundation Trust", "mental-health"),
        ("GP", "primary-care"),
        ("PCN.", "primary-care"),
        ("GP/PCN", "primary-care"),
        ("Doctor’s surgery", "primary-care"),
        ("Drug & alcohol service", "substance-misuse"),
        ("University", "academia"),
    ],
)
def test_everyday_words_are_read(typed, slug):
    assert read_sector(typed) == slug


@pytest.mark.parametrize(
    "typed",
    ["", " ", ";", "health", "community", "care", "general", "trust", "NHS Foundation Trust", "pharmacy",
     "surgery", "mental", "justice", "services", "hospice", "otherwise", "mother: hospital", "no hospital"],
)  # fmt: skip
def test_false_friends_name_no_sector(typed):
    assert read_sector(typed) is None


@pytest.mark.parametrize(
    "typed", ["other", "Other ", "OTHER:", "others", "Other: n/a", "other (none)", "other: other"]
)
def test_other_without_words_is_only_other(typed):
    assert read_sector(typed) == "other"


@pytest.mark.parametrize(
    "typed",
    ["other: hospice care", "Other:Hospice  Care;", "OTHER (hospice care)", "Other – hospice\u00a0care.",
     "other: other: hospice care"],
)  # fmt: skip
def test_words_after_other_are_kept_normalised(typed):
    assert read_sector(typed) == "other: hospice care"


def test_words_after_other_that_name_a_sector_are_read_as_it():
    assert read_sector("Other: Teaching Hospitals") == "acute-hospital"
    assert read_sector("Other (please describe): PCN") == "primary-care"


def test_brackets_in_the_words_after_other_stay_balanced():
    assert read_sector("Other (hospice (day unit))") == "other: hospice (day unit)"


def test_a_sector_read_is_read_as_itself():
    for slug in (*SECTORS, "other", "other: hospice care"):
        assert read_sector(slug) == slug


def test_a_hostile_answer_is_answered_at_once():
    assert read_sector("other:" * 50_000 + "x") == "other: x"
    assert read_sector("other:" * 50_000) == "other"


def test_a_sector_has_a_label_for_sentences():
    assert sector_label("acute-hospital") == "acute hospital"
    assert sector_label("other") == "another sector"
    assert sector_label("other: hospice care") == "hospice care"


def test_an_unknown_sector_raises_and_suggests_the_right_one():
    with pytest.raises(InputError, match=r'^"primary-car" is not a sector\. Did you mean "primary-care"\?$'):
        sector_label("primary-car")


def test_a_sector_like_no_other_raises_and_lists_the_known_ones():
    with pytest.raises(
        InputError, match=r'^"zoo" is not a sector\. The sectors are acute-hospital, .*, other\.$'
    ):
        sector_label("zoo")


def test_shared_sectors_stand_in_the_order_of_the_contract():
    mine = ("other: hospice care", "academia", "icb", "acute-hospital")
    assert shared_sectors(mine, mine[::-1]) == ("acute-hospital", "icb", "academia", "other: hospice care")


def test_other_alone_is_shared_with_nobody_and_described_only_with_the_same_words():
    assert shared_sectors(("other",), ("other",)) == ()
    assert shared_sectors(("other: hospice care",), ("other",)) == ()
    assert shared_sectors(("other: hospice care",), ("other: defence",)) == ()
    assert shared_sectors(("other: hospice care",), ("other: hospice care",)) == ("other: hospice care",)
