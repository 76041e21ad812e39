from html.parser import HTMLParser

import pytest

from ipmatch.cohort import Cohort
from ipmatch.front_door import match
from ipmatch.notebook import pages
from ipmatch.policy import Policy
from ipmatch.synthetic import demo_cohort

VOID = {"meta", "br", "img"}


class Reader(HTMLParser):
    """Checks that every tag is closed in order, and collects tables as a screen reader would."""

    def __init__(self, text):
        super().__init__()
        self.open, self.words, self.tables, self.headings = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append({"caption": 0, "th": []})
        if tag == "caption":
            self.tables[-1]["caption"] += 1
        if tag == "th":
            self.tables[-1]["th"].append(dict(attributes)["scope"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, words):
        if "style" not in self.open:
            self.words.append(words)

    @property
    def text(self):
        return " ".join(self.words)


@pytest.fixture(scope="module")
def answers(study, tight, example):
    mentor, mentee = sorted(study.matching.pairs())[0]
    return [study.matching, study, tight, study.forbid(mentor, mentee), Policy(), Cohort(), match(Cohort())]


def test_every_page_is_whole_and_every_table_has_a_caption_and_scopes(answers):
    for answer in answers:
        for table in Reader(answer._repr_html_()).tables:
            assert table["caption"] == 1
            assert set(table["th"]) == {"col", "row"}


def test_pages_take_the_reader_s_colours_and_run_nothing(answers):
    for answer in answers:
        shown = answer._repr_html_()
        assert "<script" not in shown
        assert "http" not in shown
        assert "background: white" not in shown
        assert "currentColor" in shown


def test_a_matching_s_page_says_the_outcome_and_everybody(tight, study):
    text = Reader(study.matching._repr_html_()).text
    assert "taking part" in text
    for person in tight.people:
        assert person.id in text


def test_markup_in_an_id_is_shown_and_not_run(tight):
    wild = Cohort(mentors=[{"id": "<b>M1</b>", "sectors": ["primary-care"]}], mentees=[])
    assert "<b>M1" not in match(wild)._repr_html_()
    assert "&lt;b&gt;M1" in match(wild)._repr_html_()


def test_no_name_or_address_is_shown():
    secret = {"name": "Secretname", "email": "secret@example.org", "gphc_number": "2099999"}
    people = Cohort(
        mentors=[{"id": "M1", "sectors": ["primary-care"], **secret}],
        mentees=[{"id": "E1", "sectors": ["primary-care"]}],
    )
    shown = people._repr_html_() + match(people)._repr_html_()
    assert not [word for word in secret.values() if word in shown]


def test_a_long_list_is_cut_and_says_where_the_rest_is():
    text = Reader(match(demo_cohort(60, 60, seed=0))._repr_html_()).text
    assert "more: to_frame() has all" in text


def test_a_cohort_whose_rules_clash_is_shown_with_the_clash():
    pair = {"mentor": "M1", "mentee": "E1"}
    clash = {"avoids": ["E1"], "id": "M1"}
    people = Cohort(mentors=[clash], mentees=[{"id": "E1"}], required_pairs=[pair])
    assert "The rules cannot all hold" in Reader(people._repr_html_()).text


def test_a_very_large_cohort_is_counted_and_not_checked(monkeypatch, example):
    monkeypatch.setattr(pages, "MOST_PEOPLE", 3)
    assert "Supply" not in example._repr_html_()


def test_a_policy_s_page_tells_its_sessions():
    policy = Policy(sessions=[{"label": "Monday", "places": 1}, {"label": "Friday"}])
    shown = Reader(policy._repr_html_()).text
    assert "Monday: 1 place for pairs" in shown
    assert "Friday" in shown
