from random import Random

import numpy as np

from ipmatch.solving.halfspaces import contradiction, ends, middle


def rows(draw, size, most):
    return [
        np.array([draw.randint(-4, 4) for _ in range(size)], np.int64) for _ in range(draw.randint(0, most))
    ]


def instances(count):
    for seed in range(count):
        draw = Random(f"halfspaces {seed}")
        size = draw.randint(1, 4)
        strict, weak = rows(draw, size, 5), rows(draw, size, 3)
        if strict or weak:
            yield strict, weak


def test_either_there_are_weights_or_there_is_a_proof_in_integers_and_never_both():
    kinds = {True: 0, False: 0}
    for strict, weak in instances(200):
        weights, times = middle(strict, weak, 120.0), contradiction(strict, weak)
        assert (weights is None) == (times is not None), (strict, weak)
        kinds[weights is None] += 1
        if weights is not None:
            assert abs(weights.sum() - 120) < 1e-6
            assert weights.min() >= -1e-9
            assert all(row @ weights > 0 for row in strict)
            assert all(row @ weights > -1e-6 for row in weak)
        else:
            summed = sum(one * row.astype(object) for one, row in zip(times, [*strict, *weak], strict=True))
            assert min(times) >= 0
            assert max(summed) <= 0
            assert any(times[: len(strict)]) or max(summed) < 0
    assert min(kinds.values()) > 25


def test_a_proof_needs_no_more_than_one_row_however_large_its_entries():
    """One example beaten by 2,000 steps of everything: the proof was rounded to nothing."""
    assert contradiction([], [np.array([-2000, -3000, -1000])]) == (1,)
    assert contradiction([np.array([0, 0])], [np.array([-750, -2000])]) in ((1, 0), (1, 1))


def test_the_middle_is_as_far_from_every_bound_as_can_be():
    """Between w1 > w2 and w1 < 3 w2, adding up to 4: the ball touches both bounds."""
    first, second = np.array([1, -1]), np.array([-1, 3])
    weights = middle([first, second], [], 4.0)
    away = [first @ weights / np.sqrt(2), second @ weights / np.sqrt(10)]
    assert abs(away[0] - away[1]) < 1e-9
    assert 2 < weights[0] < 3


def test_ends_are_the_corners_of_what_is_left_open():
    bounds = [np.array([1, -1]), np.array([-1, 3])]
    assert np.allclose(ends(bounds, 4.0, 0, most=False), [2, 2])
    assert np.allclose(ends(bounds, 4.0, 0, most=True), [3, 1])
