"""The pages: one file each, nothing fetched, whatever people are called."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from ipmatch.cohort import Cohort
from ipmatch.front_door import match, rematch
from ipmatch.policy import Policy
from ipmatch.reporting import pricing
from ipmatch.reporting.material import gather
from ipmatch.study import Study
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.report import page as page_module
from ipmatch.writing.report import what_if
from ipmatch.writing.report.letters import letters_page
from ipmatch.writing.report.outputs import made
from ipmatch.writing.report.page import page_text
from ipmatch.writing.report.sheets import PROMPTS, sheets_page

from .conftest import FORMULA, LONG, RTL, SCRIPT


class Reader(HTMLParser):
    """What a browser would make of a page: its elements, its text, and the source of style and script."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.sources, self._open = [], [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag in ("style", "script"):
            self._open = f"{tag} {dict(attributes).get('type', '')}".strip()

    def handle_endtag(self, tag):
        if tag in ("style", "script"):
            self._open = None

    def handle_data(self, data):
        if self._open:
            self.sources[self._open] = self.sources.get(self._open, "") + data
        else:
            self.texts.append(data)

    @property
    def text(self):
        return "".join(self.texts)


def test_a_stable_round_is_told_as_one_and_no_pair_is_said_to_be_able_to_have_more_than_it_can():
    """It was "not proved best", no single change would place who is left, and the most was 120 points."""
    mentees = [{"id": f"E{n}", "sectors": ["icb"]} for n in (1, 2)]
    cohort = Cohort(mentors=[{"id": "M1", "sectors": ["icb"]}], mentees=mentees)
    stable = match(cohort, Policy(objective={"method": "stable"}))
    text = " ".join(Reader(page_text(gather(cohort, stable))).text.split())
    assert "stableProved" in text
    assert "No single change is known." in text
    assert "a share of the most a pair could have, 100 points." in text


@pytest.mark.parametrize("kind", ["page", "letters", "sheets"])
def test_every_name_is_shown_as_text_and_adds_no_element(hostile, awkward, awkward_matching, kind):
    make = {"page": page_text, "letters": letters_page, "sheets": sheets_page}[kind]
    read, plain = Reader(make(hostile[0])), Reader(make(gather(awkward, awkward_matching)))
    assert SCRIPT in read.text
    assert RTL in read.text
    assert LONG in read.text
    assert "\u202e" not in make(hostile[0])
    # Names are set apart by <bdi> and <span>; nothing else differs.
    ours = ("bdi", "span")
    assert [tag for tag, _ in read.tags if tag not in ours] == [
        tag for tag, _ in plain.tags if tag not in ours
    ]
    if kind != "sheets":
        assert FORMULA in read.text


def test_without_a_people_file_no_name_stands_in_any_page(awkward, awkward_matching):
    found = gather(awkward, awkward_matching)
    names = [person.name for person in awkward.people if person.name]
    for make in (page_text, letters_page, sheets_page):
        assert not [name for name in names if name in make(found)]


def test_the_policy_of_the_page_allows_its_own_style_and_script_alone(hostile):
    read = Reader(page_text(hostile[0]))
    policy = next(a["content"] for tag, a in read.tags if a.get("http-equiv") == "Content-Security-Policy")
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(read.sources[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert not [a for _, a in read.tags if "style" in a or any(name.startswith("on") for name in a)]
    fetched = [a[name] for _, a in read.tags for name in ("src", "href") if name in a]
    assert [link for link in fetched if not link.startswith(("#", "data:,"))] == []


def test_the_prices_in_the_page_are_those_that_asking_gives(tight, tight_material):
    study, read = Study(tight), Reader(page_text(tight_material))
    data = json.loads(read.sources["script application/json"])
    for mentee, offers in zip(data["mentees"], data["offers"], strict=True):
        assert sorted(offers["mentor"]) == list(range(len(data["mentors"])))
        for place, (i, price) in enumerate(zip(offers["mentor"], offers["price"], strict=True)):
            asked = study.why_not(data["mentors"][i], mentee)
            assert (place < offers["now"]) == (asked.code == "already-paired")
            if asked.code != "already-paired":
                assert (offers["allowed"][place] == "1") == (not asked.rules)
            if price < 0:
                assert not asked.possible
            else:
                assert data["losses"][price] == what_if.price_words(asked.loss)
            told = data["told"][mentee][asked.mentor]
            assert told["because"] == asked.because
            assert [move[:3] for move in told["moves"]] == [
                [move.mentee, move.mentor_before, move.mentor_after] for move in asked.moves
            ]


def test_what_a_withdrawal_would_do_is_told_of_everybody_in_a_small_round(tight, tight_material):
    """Of mentees and of mentors without one, the page sent people to a command that did not tell either."""
    data = json.loads(Reader(page_text(tight_material)).sources["script application/json"])
    asked = Study(tight)
    told = data["withdrawals"]
    assert set(told) == {*data["mentors"], *data["mentees"]}
    paired = {one for pair in tight_material.matching.pairs() for one in pair}
    assert paired < set(told)
    for person, words in told.items():
        if person in paired:
            assert words == asked.without(person).because
        else:
            assert words == f"{person} is paired with nobody: nobody else is affected."
            assert not any(asked.without(person).best.loss.values())


def test_offers_stand_in_order_those_made_then_the_cheapest_that_no_rule_is_against(tight_material):
    data = json.loads(Reader(page_text(tight_material)).sources["script application/json"])
    for offers in data["offers"]:
        rest = [
            (allowed == "0", price if price >= 0 else 10**6)
            for allowed, price in list(zip(offers["allowed"], offers["price"], strict=True))[offers["now"] :]
        ]
        assert rest == sorted(rest)


def test_where_the_worst_off_count_keeping_a_pair_is_not_said_to_cost_nothing(tight):
    found = {}
    for levels in (["placed", "score"], ["placed", "fairness"]):
        decided = match(tight, tight.policy.replace(objective={"levels": levels}))
        text = page_text(gather(tight, decided))
        found[levels[1]] = json.loads(Reader(text).sources["script application/json"])["keeping"]
    assert "costs nothing" in found["score"]
    assert "count no more among the worst off" in found["fairness"]


def test_without_a_script_the_page_still_tells_who_else_there_would_be(tight, tight_material):
    read = Reader(page_text(tight_material))
    assert Study(tight).why_not("M02", "E01").because in read.text
    assert ("div", {"id": "app", "hidden": None}) in read.tags


def test_a_page_has_one_first_heading_and_an_anchor_for_every_entry_of_its_contents(tight_material):
    tags = Reader(page_text(tight_material)).tags
    assert [tag for tag, _ in tags].count("h1") == 1
    ids = [a["id"] for _, a in tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for tag, a in tags if tag == "a"} <= set(ids)


def test_an_empty_round_has_a_report():
    read = Reader(page_text(gather(Cohort(), match(Cohort()))))
    assert "No mentee takes part, so there is nobody to pair." in read.text


def test_a_rematch_tells_its_story_and_how_to_solve_it_again(tight, tight_matching):
    again = rematch(tight.model_copy(update={"mentors": tight.mentors}), tight_matching, keep="tie-break")
    read = Reader(page_text(gather(tight, again)))
    assert "9 of 9 earlier pairs stay. Nobody changes." in read.text
    assert (
        "ipmatch rematch COHORT --previous EARLIER --keep tie-break --decisions decisions.json" in read.text
    )


def test_what_is_decided_already_is_saved_again_with_what_comes(tight):
    from ipmatch.decisions import Decision

    decided = match(tight, decisions=[Decision(kind="forbid", mentor="M02", mentee="E02", reason="private")])
    text = page_text(gather(tight, decided))
    data = json.loads(Reader(text).sources["script application/json"])
    assert data["decided"] == [{"kind": "forbid", "mentor": "M02", "mentee": "E02"}]
    assert "private" not in text


def test_a_matching_not_proved_says_so_and_has_no_prices(monkeypatch, tight, tight_matching):
    monkeypatch.setattr("ipmatch.verifying.faults_of", lambda *_, **__: [])
    read = Reader(page_text(gather(tight, tight_matching.model_copy(update={"status": "feasible"}))))
    assert "Not proved best: see the bounds." in read.text
    assert "script" not in [tag for tag, _ in read.tags]


def test_a_large_round_lists_pairs_without_unfolding_and_keeps_the_cheapest_prices(monkeypatch):
    monkeypatch.setattr(page_module, "MOST_UNFOLDED", 3)
    monkeypatch.setattr(what_if, "MOST_PRICES", 10)
    monkeypatch.setattr(pricing, "ALL_MOVES", 10)
    cohort = demo_cohort(14, 13, seed=3)
    read = Reader(page_text(gather(cohort, match(cohort))))
    data = json.loads(read.sources["script application/json"])
    assert {len(offers["mentor"]) - offers["now"] for offers in data["offers"]} == {what_if.FEW}
    assert "the page holds the 5 cheapest of each mentee" in read.text
    assert "So many pairs are listed without unfolding" in read.text


def test_confirmed_pairs_are_no_longer_called_proposed(tight, tight_matching):
    from ipmatch.decisions import Decision

    pairs = sorted(tight_matching.pairs())
    some = [Decision(kind="confirm", mentor=mentor, mentee=mentee) for mentor, mentee in pairs]
    every, one = (gather(tight, match(tight, decisions=some[:count]), asking=False) for count in (9, 1))
    assert "Confirmed pairs" in Reader(page_text(every)).text
    assert "Proposed pairs" in Reader(page_text(one)).text
    assert "1 of 9 pairs are confirmed; the others are proposals." in Reader(page_text(one)).text
    assert Reader(letters_page(every)).text.count("Proposed") < Reader(letters_page(one)).text.count(
        "Proposed"
    )
    assert "Proposed" not in Reader(sheets_page(every)).text


def test_a_letter_on_paper_has_the_lines_of_the_letter(tight_material):
    read = Reader(letters_page(tight_material))
    assert "\\n" not in read.text
    assert [tag for tag, _ in read.tags].count("br") > 9
    for letter in tight_material.letters():
        assert letter.text.replace("\n", "") in read.text.replace("\n", "")


def test_a_letter_tells_nothing_of_anybody_else(hostile):
    material, _ = hostile
    pairs = material.matching.pairs()
    for letter in material.letters():
        partners = {one for pair in pairs if letter.id in pair for one in pair}
        others = {person.id for person in material.cohort.people} - partners - {letter.id}
        assert not [one for one in others if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", letter.text)]


def test_every_pair_has_a_sheet_with_every_prompt(tight, tight_matching):
    text = Reader(sheets_page(gather(tight, tight_matching, asking=False))).text
    for title, question, _ in PROMPTS:
        assert text.count(question) == 9, title
    assert "You have in common: sector (acute hospital); scope (Anticoagulation); region (Sussex)." in text


@pytest.mark.parametrize("where", [{"id": "M01"}, {"known_to": "M01"}, {"person": "M01"}])
def test_figures_to_publish_do_not_tell_a_rule_about_one_person(example, where):
    """Below "There are no ids" stood "mentors with id = M01: at least 1 person paired"."""
    quotas = [{"side": "mentor", "where": where}, {"side": "mentor", "where": {"sectors": "icb"}}]
    text = made(gather(example, match(example, Policy(quotas=quotas)), asking=False), "x.md", "publish")
    assert "M01" not in text
    assert "1 quota names people and is not told here." in text
    assert "mentors with sectors = icb: no limit." in text


def test_figures_to_publish_hold_no_id_and_no_fingerprint(awkward, awkward_matching):
    material = gather(awkward, awkward_matching, asking=False)
    for suffix in (".html", ".md"):
        text = made(material, f"x{suffix}", "publish")
        assert not [person.id for person in awkward.people if person.id in text]
        assert awkward_matching.run.cohort_sha256 not in text
        assert "every count from 1 to 4" in text
