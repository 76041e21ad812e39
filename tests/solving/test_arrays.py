"""Orders found by faster ways than the plain ones are the same."""

import numpy as np
import pytest

from ipmatch.solving.arrays import highest_first, ranks, sorted_by


@pytest.mark.parametrize("size", [1, 40, 1 << 16, (1 << 16) + 1, 1 << 20, 1 << 40])
def test_labels_of_any_size_are_sorted_and_equal_ones_keep_their_order(size):
    rng = np.random.default_rng(size)
    label = rng.integers(size, size=500)
    label[::3] = label[0]
    assert (sorted_by(label, size) == np.argsort(label, kind="stable")).all()


@pytest.mark.parametrize("most", [3, 1 << 20, 1 << 45, 1 << 60])
def test_the_highest_of_each_label_come_first_and_ties_go_by_the_last_number(most):
    rng = np.random.default_rng(most)
    label, value, tie = (
        rng.integers(9, size=300),
        rng.integers(most, size=300),
        rng.integers(1 << 16, size=300),
    )
    value[::2] = value[0]
    for values in (value, -value):
        order = highest_first(label, values, tie)
        own = list(zip(label[order].tolist(), (-values[order]).tolist(), tie[order].tolist(), strict=True))
        assert own == sorted(own)
        assert sorted(order.tolist()) == list(range(300))


def test_ranks_count_those_of_the_same_label_before():
    assert ranks(np.array([2, 2, 2, 5, 7, 7])).tolist() == [0, 1, 2, 0, 0, 1]
    assert ranks(np.zeros(0, np.int64)).tolist() == []
