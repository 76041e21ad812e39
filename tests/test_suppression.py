"""What a hidden count leaves to an onlooker: checked against every table there could be."""

from __future__ import annotations

from itertools import chain, product
from random import Random

import pytest

from ipmatch.suppression import HIDDEN, Flow, hidden_flows, shown_count, suppressed


def totalled(table):
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def possible(shown, most):
    """Every table with its totals that agrees with what is shown, counts up to ``most``."""
    rows, columns = len(shown) - 1, len(shown[0]) - 1
    free = [
        range(most + 1) if shown[i][j] is None else [shown[i][j]] for i in range(rows) for j in range(columns)
    ]
    for counts in product(*free):
        table = totalled([counts[i * columns : (i + 1) * columns] for i in range(rows)])
        cells = zip(chain(*shown), chain(*table), strict=True)
        if all(seen is None or seen == there for seen, there in cells):
            yield table


def random_table(seed):
    draw = Random(seed)
    rows, columns = draw.choice([(1, 2), (1, 3), (2, 2), (2, 3), (3, 2)])
    return [[draw.choice([0, 1, 2, 3, 4, 5]) for _ in range(columns)] for _ in range(rows)]


@pytest.mark.parametrize("seed", range(25))
def test_every_small_count_can_still_be_anything_small(seed):
    table, threshold = random_table(seed), 3
    whole, shown = totalled(table), suppressed(table, threshold=threshold)
    tables = list(possible(shown, most=7))
    for i, row in enumerate(whole):
        for j, value in enumerate(row):
            assert shown[i][j] in (None, value)
            if value < threshold:
                assert shown[i][j] is None
                assert {one[i][j] for one in tables} >= set(range(threshold)), (table, shown, (i, j))


def test_a_table_without_small_counts_is_shown_whole():
    table = [[5, 9], [12, 40]]
    assert suppressed(table) == tuple(map(tuple, totalled(table)))
    assert suppressed([[1, 0], [2, 1]], threshold=0) == ((1, 0, 1), (2, 1, 3), (3, 1, 4))


def test_one_small_count_hides_a_neighbour_in_its_row_and_its_column():
    shown = suppressed([[20, 3, 30], [40, 9, 50], [60, 10, 70]])
    hidden = [(i, j) for i, row in enumerate(shown) for j, value in enumerate(row) if value is None]
    assert hidden == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert shown[3][3] == 292


def test_a_neighbour_too_small_to_hide_behind_is_not_enough():
    # Behind the 0 alone, the 3 could never be 4: a second neighbour goes too.
    assert suppressed([[3, 1, 90, 80]])[0] == (None, None, 90, 80, 174)
    shown = suppressed([[3, 0, 90, 80]])
    assert shown[0] == (None, None, 90, None, 173)


def test_a_handful_of_people_shows_nothing():
    assert suppressed([[1, 1], [1, 1]]) == ((None,) * 3,) * 3


def test_a_hidden_count_is_printed_as_such():
    assert (shown_count(None), shown_count(1234)) == (HIDDEN, "1,234")


def split_twice(seed):
    """A total split in two ways, a part of the first split again."""
    draw = Random(seed)
    c0, c1, a1 = (draw.randrange(5) for _ in range(3))
    return added_up(c0, c1, a1, draw.randrange(c0 + c1 + a1 + 1))


def added_up(c0, c1, a1, b0):
    a0, total = c0 + c1, c0 + c1 + a1
    return {"c0": c0, "c1": c1, "a0": a0, "a1": a1, "b0": b0, "b1": total - b0, "total": total}


def as_flows(counts):
    ends = {"c0": "ax", "c1": "ax", "a0": "xb", "a1": "ab", "b0": "bc", "b1": "bc", "total": "ca"}
    return {name: Flow(*ends[name], count) for name, count in counts.items()}


def amounts(counts, hidden):
    """What each hidden count could be, none of them zero, by trying all that agrees with the rest."""
    could = {name: set() for name in hidden}
    most = range(counts["total"] + 4)
    for guess in product(most, repeat=4):
        value = added_up(*guess)
        if all(value[name] >= 1 if name in hidden else value[name] == counts[name] for name in counts):
            for name in hidden:
                could[name].add(value[name])
    return could


@pytest.mark.parametrize("seed", range(40))
def test_where_zeros_are_in_view_a_small_count_can_be_all_that_it_could_be_with_nothing_in_view(seed):
    counts, threshold = split_twice(seed), 3
    hidden = hidden_flows(as_flows(counts), threshold=threshold, zeros_shown=True)
    assert all(counts[name] for name in hidden)
    seen, blind = (amounts(counts, some) for some in (hidden, {name for name in counts if counts[name]}))
    for name, count in counts.items():
        if 0 < count < threshold:
            assert name in hidden
            assert blind[name] & set(range(threshold)) <= seen[name], (name, hidden)


def test_counts_of_no_table_tie_others_together_and_are_no_secret():
    flows = {
        "placed": Flow("in", "pairs", 9),
        "beyond": Flow("in", "pairs", 1),
        "pairs": Flow("pairs", "out", 10),
        "all": Flow("out", "in", 10),
    }
    hidden = hidden_flows(flows, untold=("beyond", "all"), zeros_shown=True)
    assert hidden == {"beyond", "all"}


def test_counts_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="do not add up"):
        hidden_flows({"a": Flow("x", "y", 3), "b": Flow("y", "x", 4)})
