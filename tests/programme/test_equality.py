"""Groups are counted after matching, hidden where they are small, and can never reach a score."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random

import pytest
from scipy.optimize import linprog

from ipmatch.cohort import Cohort, NamedPair
from ipmatch.errors import InputError
from ipmatch.front_door import match
from ipmatch.people import Mentee, Mentor
from ipmatch.policy import TIERS
from ipmatch.programme.equality import Monitoring, equality
from ipmatch.programme.group_counts import EVERYONE
from ipmatch.reading.monitoring_file import read_monitoring

from ..test_architecture import FLOOR, MODULES, TREES, imported, part

PROTECTED = (
    "age",
    "disability",
    "sex",
    "gender",
    "race",
    "ethnic",
    "religion",
    "belief",
    "orientation",
    "marriage",
    "pregnan",
    "maternity",
)


def random_round(seed, people=9):
    """A round in which everything becomes of people, and two characteristics of each."""
    draw = Random(seed)
    sectors = ["icb", "academia"]
    mentors = [{"id": f"M{i}", "sectors": [draw.choice(sectors)]} for i in range(people - 3)]
    mentees = [
        {
            "id": f"E{i}",
            "sectors": [draw.choice(sectors)],
            "status": draw.choice(["enrolled", "enrolled", "withdrawn"]),
            "rounds_waited": draw.choice([0, 1]),
        }
        for i in range(people)
    ]
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees})
    groups = {person.id: {"a": draw.choice("xy"), "b": draw.choice("uvw")} for person in cohort.people}
    return cohort, match(cohort), Monitoring(("a", "b"), groups)


def counts(table, group):
    row = next(row for row in table.rows if row.group == group)
    return dict(zip(table.columns, row.counts, strict=True))


@pytest.mark.parametrize("seed", range(10))
def test_everybody_is_counted_once_in_each_table(seed):
    cohort, matching, monitoring = random_round(seed)
    found = equality(cohort, matching, monitoring, threshold=0)
    assert [(table.side, table.characteristic) for table in found.tables] == [
        (side, name) for side in ("mentor", "mentee") for name in ("a", "b")
    ]
    placed = len({pairing.mentee for pairing in matching.pairings})
    for table in found.tables[2:]:
        whole = counts(table, EVERYONE)
        assert (whole["total"], whole["paired"]) == (len(cohort.mentees), placed)
        assert whole["waiting"] == len(matching.unmatched_mentees)
        for column in table.columns:
            groups = [counts(table, row.group)[column] for row in table.rows if row.group != EVERYONE]
            assert sum(groups) == whole[column]
            inner = [name for name, of in zip(table.columns, table.part_of, strict=True) if of == column]
            assert not inner or whole[column] == sum(whole[name] for name in inner)


def bounds(*tables, tied=()):
    """The least and the most that each count can be, for somebody who knows all that is shown.

    ``tied`` are columns of which everyone of either side is known to have as many.
    """
    place = {}
    for table in tables:
        for row in table.rows:
            for column in table.columns:
                place[table.side, row.group, column] = len(place)
    equal, sums = [], []

    def says(parts, total):
        row = [0] * len(place)
        for key, sign in parts:
            row[place[key]] += sign
        equal.append(row)
        sums.append(total)

    for table in tables:
        side, groups = table.side, [row.group for row in table.rows]
        for row in table.rows:
            for column, count in zip(table.columns, row.counts, strict=True):
                if count is not None:
                    says([((side, row.group, column), 1)], count)
            wholes = {of for of in table.part_of if of} | {"total"}
            for whole in wholes:
                inner = [
                    name
                    for name, of in zip(table.columns, table.part_of, strict=True)
                    if name != "total" and of == (None if whole == "total" else whole)
                ]
                parts = (((side, row.group, name), 1) for name in inner)
                says([((side, row.group, whole), -1), *parts], 0)
        for column in table.columns:
            parts = (((side, group, column), 1) for group in groups if group != EVERYONE)
            says([((side, EVERYONE, column), -1), *parts], 0)
    for column in tied:
        says([(("mentor", EVERYONE, column), 1), (("mentee", EVERYONE, column), -1)], 0)
    for key, i in place.items():
        ends = []
        for sign in (1, -1):
            aim = [sign * (j == i) for j in range(len(place))]
            found = linprog(aim, A_eq=equal, b_eq=sums, bounds=(0, 50))
            assert found.status == 0
            ends.append(round(sign * found.fun))
        yield key, ends


@pytest.mark.parametrize("seed", [0, 1, 3, 4, 5, 6])
def test_a_count_that_is_not_shown_can_still_be_anything_small(seed):
    cohort, matching, monitoring = random_round(seed, people=16)
    one, threshold = Monitoring(("a",), monitoring.groups), 3
    hidden, whole = (equality(cohort, matching, one, threshold=t) for t in (threshold, 0))
    for table, truth in zip(hidden.tables, whole.tables, strict=True):
        true = {
            (row.group, c): n for row in truth.rows for c, n in zip(truth.columns, row.counts, strict=True)
        }
        shown = {
            (row.group, c): n for row in table.rows for c, n in zip(table.columns, row.counts, strict=True)
        }
        for (_, *cell), (least, most) in bounds(table):
            key = tuple(cell)
            assert shown[key] in (None, true[key])
            if true[key] < threshold:
                assert shown[key] is None
                assert least == 0, (seed, key)
                assert most >= threshold - 1, (seed, key)


def test_nor_does_the_other_side_give_it_away_where_everybody_has_one_partner():
    """As many mentees are paired as mentors: that was hidden of the ones, and shown of the others."""
    cohort, matching, monitoring = random_round(0, people=16)
    one, threshold = Monitoring(("a",), monitoring.groups), 3
    hidden, whole = (equality(cohort, matching, one, threshold=t) for t in (threshold, 0))
    true = {
        (table.side, row.group, column): count
        for table in whole.tables
        for row in table.rows
        for column, count in counts(table, row.group).items()
    }
    columns = {name for name in whole.tables[0].columns if name in ("paired", *TIERS)}
    for key, (least, most) in bounds(*hidden.tables, tied=columns):
        if true[key] < threshold:
            assert least == 0, key
            assert most >= threshold - 1, key


@pytest.mark.parametrize("with_two", [0, 1, 2])
def test_where_each_mentee_has_one_mentor_no_fewer_mentees_are_paired_than_mentors(with_two):
    """With 20 mentors paired in view, of 23 mentees 3 at the most have none."""
    states = ["enrolled"] * 20 + ["withdrawn"] * 6 + ["paused"] * 6
    mentors = [{"id": f"M{i}", "sectors": ["icb"], "status": state} for i, state in enumerate(states)]
    mentors += [{"id": f"S{i}", "sectors": ["academia"]} for i in range(6)]
    for mentor in mentors[:with_two]:
        mentor["capacity"] = 2
    mentees = [{"id": f"E{i}", "sectors": ["icb"]} for i in range(20 + with_two)]
    mentees += [{"id": f"W{i}", "status": "withdrawn"} for i in range(3 - with_two)]
    cohort = Cohort.model_validate({"mentors": mentors, "mentees": mentees})
    everybody = Monitoring(("a",), {person.id: {"a": "x"} for person in cohort.people})
    found = equality(cohort, match(cohort), everybody)
    shown = {table.side: counts(table, EVERYONE) for table in found.tables}
    assert shown["mentor"]["paired"] is None or shown["mentee"]["total"] is None


def test_no_group_can_be_called_what_a_row_of_several_is_called():
    """Of a group called "everyone" a person was lost without a word."""
    cohort, matching, _ = random_round(1)
    with pytest.raises(InputError, match='no group can be called "everyone"'):
        equality(cohort, matching, Monitoring(("a",), {"M1": {"a": "everyone"}}))


def test_what_one_table_hides_of_everyone_no_other_table_shows():
    for seed in range(20):
        found = equality(*random_round(seed, people=14), threshold=3)
        for side in ("mentor", "mentee"):
            wholes = [table.rows[-1] for table in found.tables if table.side == side]
            assert len({row.counts for row in wholes}) == 1


def test_the_groups_of_one_table_do_not_make_up_what_another_hides_of_everyone():
    together = 0
    for seed in range(40):
        found = equality(*random_round(seed, people=7), threshold=2)
        for table in found.tables:
            for *groups, everyone in zip(*(row.counts for row in table.rows), strict=True):
                if everyone is None:
                    assert set(groups) == {None}, (seed, table.characteristic)
                    together += len(groups)
    assert together > 100


def test_a_share_is_only_told_where_both_of_its_counts_are():
    for seed in range(10):
        for table in equality(*random_round(seed, people=20), threshold=4).tables:
            for row in table.rows:
                told = dict(zip(table.columns, row.counts, strict=True))
                left = told.get("waiting", told.get("spare"))
                assert (row.low is None) == (told["paired"] is None or left is None)


def test_groups_too_small_to_be_named_are_put_together():
    cohort, matching, _ = random_round(2, people=12)
    rare = {person.id: {"a": "common"} for person in cohort.people}
    rare |= {"E1": {"a": "rare"}, "E2": {"a": "rarer"}, "E3": {"a": "rarer"}}
    found = equality(cohort, matching, Monitoring(("a",), rare), threshold=3)
    assert [[row.group for row in table.rows] for table in found.tables] == [
        ["common", EVERYONE],
        ["common", "smaller groups", EVERYONE],
    ]
    named = equality(cohort, matching, Monitoring(("a",), rare), threshold=0).tables[1]
    assert [row.group for row in named.rows] == ["common", "rare", "rarer", EVERYONE]


def test_nothing_that_scores_or_solves_can_import_what_knows_of_groups():
    below = [path for path in MODULES if part(path) != "__init__" and FLOOR[part(path)] < FLOOR["programme"]]
    assert {"scoring", "solving", "posing", "policy", "cohort"} <= {part(path) for path in below}
    names = {name for path in below for name in imported(path, ast.walk(TREES[path]))}
    assert not [name for name in names if name.startswith("ipmatch.programme")]


def test_no_field_of_a_person_is_a_protected_characteristic_and_none_can_be_added():
    for field in {*Mentor.model_fields, *Mentee.model_fields}:
        assert not any(word in field for word in PROTECTED), field
    with pytest.raises(ValueError, match="unknown field"):
        Mentor.model_validate({"id": "M1", "ethnicity": "x"})


def monitoring_file(tmp_path, text):
    path = Path(tmp_path, "monitoring.csv")
    path.write_text(text, encoding="utf-8")
    return path


def test_a_monitoring_file_is_read_whatever_the_order_of_its_columns(tmp_path):
    one = read_monitoring(monitoring_file(tmp_path, "id,Sex,Age band\nM1,F,30-39\nE1,Prefer not to say,\n"))
    other = read_monitoring(monitoring_file(tmp_path, "age band,ID,sex\n30-39,M1,F\n,E1,\n"))
    assert (
        one == other == Monitoring(("age band", "sex"), {"M1": {"age band": "30-39", "sex": "F"}, "E1": {}})
    )


def test_a_monitoring_file_that_names_people_is_refused_and_nobody_is_named(tmp_path):
    text = "id,name,sex,sex\nM1,Zebedee,F,F\nM1,Zebedee,F,M\n,Zebedee,F,everyone\n"
    with pytest.raises(InputError) as caught:
        read_monitoring(monitoring_file(tmp_path, text))
    assert str(caught.value).splitlines() == [
        'monitoring.csv: the column "name" tells who people are. Take it out: this file is joined by id '
        "alone.",
        'monitoring.csv: two columns are headed "sex". Keep one of them.',
        "monitoring.csv, row 3: this id stands in an earlier row. Give every person one row.",
        "monitoring.csv, row 4: no id. Give every person one row.",
    ]
    with pytest.raises(InputError, match=r'there is no column "id"'):
        read_monitoring(monitoring_file(tmp_path, "age band\n30\n"))


def test_somebody_unknown_and_a_matching_of_another_cohort_are_refused():
    cohort, matching, _ = random_round(1)
    other = cohort.model_copy(update={"mentors": cohort.mentors[1:]})
    with pytest.raises(InputError) as caught:
        equality(other, matching, Monitoring(("a",), {"M0": {"a": "x"}}))
    assert [str(fault).partition(":")[0] for fault in caught.value.faults] == ["monitoring", "matching"]


def test_every_tier_that_pairs_can_have_is_a_column_whether_or_not_anybody_has_it():
    """That a tier was not listed told that nobody had it, though counts so small are not shown."""
    cohort = Cohort(mentors=[{"id": "M1", "sectors": ["icb"]}], mentees=[{"id": "E1", "sectors": ["icb"]}])
    pair = cohort.model_copy(update={"required_pairs": (NamedPair(mentor="M1", mentee="E1"),)})
    for people, tiers in ((cohort, TIERS[:3]), (pair, TIERS)):
        found = equality(people, match(people), Monitoring(("sex",), {}))
        assert {tuple(name for name in table.columns if name in TIERS) for table in found.tables} == {tiers}
