"""What may be published: no small count, and nothing that gives one away to whoever does the sums."""

import numpy as np
import pytest
from scipy.optimize import linprog

from ipmatch.cohort import Cohort
from ipmatch.front_door import match
from ipmatch.reporting.material import gather
from ipmatch.reporting.published import published
from ipmatch.synthetic import demo_cohort

THRESHOLD = 5


class Onlooker:
    """Knows every table in view and how each adds up, and works out between which numbers a count lies.

    Counts of the same words are the same number, wherever they stand; what is kept from view is no zero.
    """

    def __init__(self, tables, several):
        self.names, self.shown, self.rows = {}, {}, []
        for table in tables:
            side = table.title.partition(" ")[0].lower()
            cells = [(self.called(table.title, side, words), count) for words, count in table.rows]
            for name, count in cells:
                self.names.setdefault(name, len(self.names))
                if count is not None:
                    assert self.shown.setdefault(name, count) == count
            names = [name for name, _ in cells]
            if "by sector" not in table.title:
                self.rows.append((names[0], names[1:]))
            elif side not in several:
                self.rows.append((f"{side} taking part", names))

    def called(self, title, side, words):
        if words == "taking part":
            return f"{side} taking part"
        if words in ("mentors taking part", "mentees taking part", f"all {side}", "pairs"):
            return words
        return f"{title}: {words}"

    def between(self, name, hidden):
        """The least and the most that a count can be, with these hidden."""
        known = {each: self.shown[each] for each in self.names if each not in hidden}
        equal = np.zeros((len(self.rows), len(self.names)))
        for row, (total, parts) in enumerate(self.rows):
            equal[row, self.names[total]] = 1
            equal[row, [self.names[part] for part in parts]] -= 1
        bounds = [(known[each], known[each]) if each in known else (1, None) for each in self.names]
        goal = np.zeros(len(self.names))
        goal[self.names[name]] = 1
        ends = []
        for sign in (1, -1):
            found = linprog(sign * goal, A_eq=equal, b_eq=np.zeros(len(self.rows)), bounds=bounds)
            ends.append(np.inf if found.status == 3 else round(sign * found.fun, 6))
        return ends


def tables_of(cohort, threshold):
    return published(gather(cohort, match(cohort), asking=False), threshold)


@pytest.mark.parametrize("seed", range(12))
def test_whoever_does_the_sums_knows_of_a_small_count_only_that_it_is_small(seed):
    cohort = demo_cohort(8 + 9 * seed, 6 + 11 * seed, seed=seed)
    whole, shown = tables_of(cohort, 0), tables_of(cohort, THRESHOLD)
    several = {
        side
        for side, people in (("mentors", cohort.mentors), ("mentees", cohort.mentees))
        if any(len({sector.partition(": ")[0] for sector in person.sectors}) > 1 for person in people)
    }
    truth, seen = Onlooker(whole, several), Onlooker(shown, several)
    hidden = {name for name in seen.names if name not in seen.shown}
    small = {name for name, count in truth.shown.items() if 0 < count < THRESHOLD}
    assert small <= hidden
    everything = {name for name, count in truth.shown.items() if count}
    for name in small:
        low, high = seen.between(name, hidden)
        least, most = truth.between(name, everything)
        assert low == max(1, least), (name, low)
        assert high >= min(THRESHOLD - 1, most), (name, high)


def test_a_published_round_shows_no_small_count_and_no_id():
    cohort = demo_cohort(120, 130, seed=2)
    tables = tables_of(cohort, THRESHOLD)
    shown = [count for table in tables for _, count in table.rows if count is not None]
    assert all(count == 0 or count >= 5 for count in shown)
    assert len(shown) > 30
    ids = {person.id for person in cohort.people}
    assert not ids & {words for table in tables for words, _ in table.rows}


def test_where_everybody_has_one_partner_three_counts_are_hidden_together():
    cohort = demo_cohort(5, 4, seed=1)
    tables = {table.title: dict(table.rows) for table in tables_of(cohort, THRESHOLD)}
    assert tables["Mentees taking part"]["with a mentor"] is None
    assert tables["Mentors taking part"]["with a mentee"] is None
    assert tables["What the two of each pair share"]["pairs"] is None


def figures(mentors, mentees):
    tables = tables_of(Cohort.model_validate({"mentors": mentors, "mentees": mentees}), THRESHOLD)
    return {table.title: dict(table.rows) for table in tables}


def people(letter, many, **said):
    return [{"id": f"{letter}{k}", "sectors": ["icb"], "region": "Kent", **said} for k in range(many)]


def test_sectors_that_add_up_to_a_round_in_view_do_not_give_each_other_away():
    sectors = ["academia", "acute-hospital", "care-home", "icb", "primary-care"]
    mentors = [{"id": f"M{k}", "sectors": [sector], "region": "Kent"} for k, sector in enumerate(sectors)]
    shown = figures(mentors, people("E", 9))
    assert set(shown["Mentors by sector"].values()) == {None}
    # Were the five known to be five, each of the sectors would have one.
    assert shown["Mentors by region"] == {"mentors taking part": None, "Kent": None}
    assert shown["Mentors of the round"] == {"all mentors": None, "taking part": None}


def test_what_anybody_wrote_of_their_sector_is_not_published():
    shown = figures(
        people("M", 6, sectors=["other: dr bloggs in hove", "other: hers"]), people("E", 6, sectors=["other"])
    )
    assert shown["Mentors by sector"] == {"other": 6}
    assert shown["Mentees by sector"] == {"other": 6}


def test_why_somebody_has_no_mentor_is_said_in_plain_words():
    alone = figures(people("M", 5), [*people("E", 12), *people("F", 6, sectors=["academia"])])
    assert alone["Mentees taking part"] == {
        "mentees taking part": 18,
        "with a mentor": 5,
        "without a mentor: too few places": 7,
        "without a mentor: too little in common with any": 6,
    }


def test_a_region_spelt_in_two_ways_is_one():
    mentors = [*people("M", 5, region="London"), *people("N", 3, region="london")]
    assert figures(mentors, people("E", 5))["Mentors by region"] == {"mentors taking part": 8, "London": 8}


def test_who_is_left_over_cannot_be_told_from_the_number_of_pairs():
    # Of 20 mentees 4 find nobody, and one has two: were 17 pairs in view, at least 3 would be without.
    mentees = [
        *people("E", 15),
        *people("F", 1, mentors_wanted=2),
        *people("G", 4, sectors=["academia"]),
    ]
    shown = figures(people("M", 17), mentees)
    assert shown["Mentees taking part"]["with a mentor"] is None
    seen = [shown["Mentees taking part"]["mentees taking part"], shown["Mentees by region"]["Kent"]]
    assert shown["What the two of each pair share"]["pairs"] is None or seen == [None, None]
    # Enough in view otherwise: so many pairs say nothing of the few who are without.
    shown = figures(people("M", 17, capacity=2), [*people("E", 28), *people("G", 2, mentors_wanted=2)])
    assert shown["What the two of each pair share"]["pairs"] == 32
    assert shown["Mentors taking part"]["with a mentee"] == 17
