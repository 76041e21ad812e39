"""The report in a real browser: reachable by all, quiet, and as good as its word."""

from __future__ import annotations

import json

import pytest

from ipmatch.cli import main
from ipmatch.explaining.moving import price_words
from ipmatch.front_door import match
from ipmatch.intake.identity import Identity
from ipmatch.reading.documents import read_matching
from ipmatch.reporting.material import gather
from ipmatch.study import Study
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.files import write
from ipmatch.writing.report.outputs import made

from ..browsing import axe_violations

pytestmark = pytest.mark.browser

HOSTILE = {
    "M01": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "M02": '=HYPERLINK("http://x","y")',
    "E01": "عبد الرحمن",
    "E02": "N" * 300,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, tight, tight_material):
    """The report of the tight round, with hostile names and without; letters, sheets, figures, cohort."""
    place = tmp_path_factory.mktemp("report")
    sides = {person.id: person.side for person in tight.people}
    people = {one: Identity(one, sides[one], name=name) for one, name in HOSTILE.items()}
    named = gather(tight, tight_material.matching, people=people)
    (place / "report.html").write_text(made(tight_material, "x.html"), "utf-8")
    (place / "named.html").write_text(made(named, "x.html"), "utf-8")
    for kind in ("letters", "sheets", "publish"):
        (place / f"{kind}.html").write_text(made(named, "x.html", kind), "utf-8")
    (place / "tight.json").write_text(tight.model_dump_json(), "utf-8")
    return place


@pytest.fixture
def opened(chromium, folder):
    """Opens a page of the folder, and holds that it fetched nothing and complained of nothing."""
    contexts, fetched, complaints = [], [], []

    def opens(name="report.html", *, width=1280, scheme="light", **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: fetched.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto((folder / name).as_uri())
        return page

    yield opens
    for context in contexts:
        context.close()
    assert [url for url in fetched if not url.startswith(("file://", "data:", "blob:"))] == []
    assert complaints == []


LOOKS = [(320, "light"), (320, "dark"), (1280, "light"), (1280, "dark")]


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        *(("named", *look) for look in LOOKS),
        *((name, *look) for name in ("letters", "sheets", "publish") for look in LOOKS[::3]),
    ],
)
def test_axe_finds_nothing_wrong_and_nothing_is_wider_than_the_window(opened, name, width, scheme):
    page = opened(f"{name}.html", width=width, scheme=scheme, bypass_csp=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_violations(page) == []


def test_the_figures_stand_below_each_other_at_one_edge(opened):
    """On a wide screen every other one stood in the column of the contents, which this page has not."""
    page = opened("publish.html")
    edges = page.eval_on_selector_all("h1, h2", "all => all.map(one => one.getBoundingClientRect().left)")
    assert len(edges) > 5
    assert len({*edges}) == 1


def test_the_recording_of_a_decision_is_reachable_by_all_too(opened):
    page = opened(bypass_csp=True, width=320)
    page.get_by_role("button", name="Insist on M02 with E01").click()
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_hostile_names_are_text(opened):
    page = opened("named.html")
    page.locator("#mentee").select_option("E01")
    shown = page.locator("body").inner_text()
    assert HOSTILE["M01"] in shown
    assert HOSTILE["M02"] in shown
    assert page.locator("main img").count() == 0


def test_without_a_script_the_report_is_whole(opened, tight_material):
    page = opened(java_script_enabled=False)
    assert page.locator(".pairs details").count() == len(tight_material.matching.pairings)
    assert page.get_by_text("Choosing and saving needs JavaScript").is_visible()
    assert page.locator("#app").is_hidden()


def test_every_price_shown_is_the_one_that_asking_gives(opened, tight):
    page, study = opened(), Study(tight)
    for mentee in study.prices().mentees:
        page.locator("#mentee").select_option(mentee)
        if page.locator("#more").is_visible():
            page.locator("#more").click()
        rows = page.locator("#offers tbody tr").all()
        assert len(rows) == len(study.prices().mentors)
        for row in rows:
            mentor = row.locator("th b").inner_text()
            asked, shown = study.why_not(mentor, mentee), row.locator("td b").first.inner_text()
            if not asked.possible:
                assert "not possible" in shown
            else:
                assert shown.removeprefix("Doing without ") == price_words(asked.loss)
                assert row.locator("li").count() == len(asked.moves)


def test_the_whole_way_to_a_saved_decision_goes_by_keyboard(opened, folder):
    page = opened()
    press = page.keyboard.press
    press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    for _ in range(200):
        press("Tab")
        if page.evaluate("document.activeElement.id") == "mentee":
            break
    press("ArrowDown")
    assert (
        page.locator("#offers-caption").inner_text()
        == "Mentors for E02: cheapest first, those against the rules last"
    )
    for _ in range(40):
        press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Insist on M01 with E02":
            break
    press("Enter")
    page.keyboard.type("A. Lead")
    press("Tab")
    page.keyboard.type("they know each other's clinic")
    press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Insist on M01 with E02"
    assert page.locator("#status").inner_text() == "Recorded: Insist on M01 with E02. 1 in all."
    for _ in range(200):
        press("Tab")
        if page.evaluate("document.activeElement.id") == "save":
            break
    with page.expect_download() as saving:
        press("Enter")
    saved = json.loads(saving.value.path().read_text("utf-8"))
    assert (saved["kind"], saved["version"]) == ("decisions", 1)
    (decision,) = saved["decisions"]
    assert decision.pop("when") == page.evaluate("new Date().toLocaleDateString('sv')")
    assert decision == {
        "kind": "require",
        "mentor": "M01",
        "mentee": "E02",
        "by": "A. Lead",
        "reason": "they know each other's clinic",
    }


def decided(page, name, folder, *presses):
    """Presses these buttons, says who and why each time, saves, and gives the file."""
    for mentee, button in presses:
        page.locator("#mentee").select_option(mentee)
        page.get_by_role("button", name=button, exact=True).click()
        page.get_by_label("Who decides").fill("A. Lead")
        page.get_by_label("Why", exact=True).fill("a reason")
        page.get_by_role("button", name="Record it").click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save decisions.json").click()
    saving.value.save_as(folder / name)
    return str(folder / name)


@pytest.mark.parametrize(
    ("mentee", "button", "kind"),
    [
        ("E01", "Insist on M02 with E01", "why_not"),
        ("E02", "Forbid M02 with E02", "forbid"),
        ("E04", "Keep M03 with E04", "keep"),
    ],
)
def test_one_saved_decision_solves_to_exactly_what_was_promised(
    opened, folder, tight, tight_matching, mentee, button, kind
):
    page = opened()
    file = decided(page, f"{kind}.json", folder, (mentee, button))
    mentor, study = button.split()[-3], Study(tight)
    if kind == "keep":
        promised = dict.fromkeys(["placed", "further_mentors", "score"], 0)
        assert "costs nothing" in page.locator("#decided").inner_text()
    else:
        asked = getattr(study, kind)(mentor, mentee)
        promised = dict(asked.loss)
        assert study.why_not(mentor, mentee).because in page.locator("#decided").inner_text()
    again = folder / f"{kind}.matching.json"
    assert main(["match", str(folder / "tight.json"), "--decisions", file, "-o", str(again), "-q"]) == 0
    before, after = (
        {level.level: level.value for level in one.objective}
        for one in (tight_matching, read_matching(again))
    )
    assert {level: before[level] - after[level] for level in before} == promised


def test_several_decisions_are_never_added_up(opened, folder, tight):
    page = opened()
    presses = (("E02", "Insist on M01 with E02"), ("E03", "Insist on M02 with E03"))
    file = decided(page, "several.json", folder, *presses)
    note = page.locator("#decided-note").inner_text()
    assert "Prices do not add up" in note
    assert "ipmatch match COHORT --decisions decisions.json" in page.locator("#then").inner_text()
    again = folder / "several.matching.json"
    assert main(["match", str(folder / "tight.json"), "--decisions", file, "-o", str(again), "-q"]) == 0
    assert {("M01", "E02"), ("M02", "E03")} <= read_matching(again).pairs()
    page.get_by_role("button", name="Remove: Insist on M01 with E02").click()
    page.get_by_role("button", name="Remove: Insist on M02 with E03").click()
    assert page.get_by_role("button", name="Save decisions.json").is_disabled()


def test_a_withdrawal_is_recorded_with_what_it_would_do(opened, folder, tight):
    page = opened()
    page.get_by_label("Person").select_option("M03")
    assert page.locator("#left").inner_text() == Study(tight).without("M03").because
    page.get_by_role("button", name="Record the withdrawal…").click()
    page.get_by_label("Who decides").fill("A. Lead")
    page.get_by_label("Why", exact=True).fill("new job")
    page.keyboard.press("Enter")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save decisions.json").click()
    (decision,) = json.loads(saving.value.path().read_text("utf-8"))["decisions"]
    assert (decision["kind"], decision["id"]) == ("withdraw", "M03")


def test_a_round_with_more_pairs_than_moves_opens_with_every_price(opened, folder):
    cohort = demo_cohort(45, 50, seed=1)
    write(match(cohort), folder / "demo.html", cohort=cohort)
    assert (folder / "demo.html").stat().st_size < 5_000_000
    page = opened("demo.html", width=320)
    assert page.locator("#app").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_on_paper_every_reason_is_there(opened, tight_material):
    page = opened()
    page.emulate_media(media="print")
    for pairing in tight_material.matching.pairings:
        assert page.get_by_text(pairing.contributions[0].because, exact=True).first.is_visible()
    assert page.locator("#what-if").is_hidden()


def test_no_table_makes_a_page_of_paper_smaller_or_is_cut(opened, folder):
    """The numbers of 25 mentees are wider than A4: all was printed smaller by a half to fit them."""
    cohort = demo_cohort(20, 25, seed=1)
    write(match(cohort), folder / "wide.html", cohort=cohort)
    page = opened("wide.html", width=718)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
