"""Small counts: whoever knows all that is in view can take each for any number below the threshold."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from ipmatch.cohort import Cohort
from ipmatch.reporting.material import gather
from ipmatch.reporting.published import published
from ipmatch.reporting.suppressing import Sum, bounds_of, hidden_counts
from ipmatch.study import match
from ipmatch.synthetic import demo_cohort

counts = st.lists(st.integers(0, 6), min_size=1, max_size=3)


@st.composite
def rounds(draw):
    """A total split in two ways, one of its parts split again."""
    first = draw(counts)
    total, second = sum(first), draw(counts)
    # The second way has a rest that makes it add up.
    second = [min(count, total // len(second)) for count in second]
    second.append(total - sum(second))
    third = [first[0] // 2, first[0] - first[0] // 2]
    values = {"total": total}
    values |= {f"a{k}": count for k, count in enumerate(first)}
    values |= {f"b{k}": count for k, count in enumerate(second)}
    values |= {f"c{k}": count for k, count in enumerate(third)}
    sums = [Sum("total", tuple(name for name in values if name[0] == letter)) for letter in "ab"] + [
        Sum("a0", ("c0", "c1"))
    ]
    return values, sums, draw(st.integers(2, 5))


def onlooker(values, sums, hidden):
    """Every count each hidden one could be, by trying all numbers that agree with what is in view."""
    free = sorted({name for name in hidden if not any(name == each.total for each in sums)})
    possible = {name: set() for name in hidden}
    for guess in product(range(1, 11), repeat=len(free)):
        known = {name: value for name, value in values.items() if name not in hidden} | dict(
            zip(free, guess, strict=True)
        )
        # Totals follow, the deepest first.
        for each in reversed(sums):
            total = sum(known[part] for part in each.parts)
            if known.setdefault(each.total, total) != total:
                break
        else:
            if all(known[name] >= 1 for name in hidden):
                for name in hidden:
                    possible[name].add(known[name])
    return possible


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_a_hidden_small_count_can_still_be_any_that_it_could_be_with_nothing_in_view(made):
    values, sums, threshold = made
    hidden = hidden_counts(values, sums, threshold)
    small = {name for name, count in values.items() if 0 < count < threshold}
    assert small <= hidden
    assert all(values[name] for name in hidden)
    everything = {name for name, count in values.items() if count}
    if len([name for name in everything if not any(name == each.total for each in sums)]) <= 4:
        possible, otherwise = (onlooker(values, sums, some) for some in (hidden, everything))
        for name in small:
            assert otherwise[name] & set(range(1, threshold)) <= possible[name], (name, hidden)


def test_two_ones_that_add_up_to_a_total_in_view_are_no_secret():
    values, sums = {"total": 12, "a": 1, "b": 1, "c": 10}, [Sum("total", ("a", "b", "c"))]
    assert bounds_of(values, sums, {"a", "b"})["a"] == (1, 1)
    assert hidden_counts(values, sums, 5) == {"a", "b", "c"}


def test_large_counts_and_zeros_stay_in_view():
    values, sums = {"total": 30, "a": 20, "b": 10, "c": 0}, [Sum("total", ("a", "b", "c"))]
    assert hidden_counts(values, sums, 5) == frozenset()


def test_one_small_count_takes_the_smallest_other_with_it():
    values, sums = {"total": 36, "a": 20, "b": 12, "c": 4}, [Sum("total", ("a", "b", "c"))]
    assert hidden_counts(values, sums, 5) == {"b", "c"}


def test_a_published_round_shows_no_small_count_and_no_id():
    cohort = demo_cohort(120, 130, seed=2)
    tables = published(gather(cohort, match(cohort), asking=False), 5)
    shown = [count for table in tables for _, count in table.rows if count is not None]
    assert all(count == 0 or count >= 5 for count in shown)
    assert len(shown) > 30
    ids = {person.id for person in cohort.people}
    assert not ids & {words for table in tables for words, _ in table.rows}


def test_where_everybody_has_one_partner_three_counts_are_hidden_together():
    cohort = demo_cohort(5, 4, seed=1)
    tables = {
        table.title: dict(table.rows) for table in published(gather(cohort, match(cohort), asking=False), 5)
    }
    assert tables["Mentees taking part"]["with a mentor"] is None
    assert tables["Mentors taking part"]["with a mentee"] is None
    assert tables["What the two of each pair share"]["pairs"] is None


def figures(mentors, mentees):
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees})
    tables = published(gather(cohort, match(cohort), asking=False), 5)
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
