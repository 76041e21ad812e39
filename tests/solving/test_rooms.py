"""A session is overrun by one more exactly if the problem with it has a limit: judged by posing that."""

from __future__ import annotations

import numpy as np

from ipmatch.solving.rooms import Rooms
from ipmatch.solving.sessions import full_houses


def limited(able, places, allowed, capacity, wanted):
    """Whether some session could be overrun."""
    ends = np.stack(np.nonzero(allowed))
    return any(True for _ in full_houses(able[tuple(ends)], places, capacity, wanted, ends))


def roomy(seeds):
    """Random sessions that limit nothing."""
    for seed in range(seeds):
        draw = np.random.default_rng(seed)
        mentors, mentees, sessions = draw.integers(1, 4), draw.integers(1, 5), draw.integers(1, 4)
        able = draw.integers(0, 2**sessions, (mentors, mentees))
        places = [None if draw.random() < 0.2 else int(draw.integers(0, 6)) for _ in range(sessions)]
        allowed = (draw.random((mentors, mentees)) < 0.6) & (able > 0)
        capacity, wanted = draw.integers(1, 4, mentors), draw.integers(1, 3, mentees)
        if not limited(able, places, allowed, capacity, wanted):
            yield draw, able, places, allowed, capacity, wanted


def test_one_place_or_pair_more_overruns_what_then_is_limited():
    met = {True: 0, False: 0}
    for _, able, places, allowed, capacity, wanted in roomy(400):
        rooms = Rooms(able, places, allowed, capacity, wanted)
        every = np.arange(len(capacity))
        for i, over in enumerate(rooms.by_place(every).tolist()):
            met[over] += 1
            assert over == limited(able, places, allowed, capacity + (every == i), wanted)
        for i, j in np.argwhere(~allowed & (able > 0)):
            more = allowed.copy()
            more[i, j] = True
            (over,) = rooms.by_pair(np.array([i]), np.array([j])).tolist()
            met[over] += 1
            assert over == limited(able, places, more, capacity, wanted)
    assert min(met.values()) > 50


def test_a_newcomer_overruns_what_then_is_limited():
    met = {True: 0, False: 0}
    for draw, able, places, allowed, capacity, wanted in roomy(400):
        theirs = draw.integers(0, 2 ** len(places), len(wanted))
        pairs = (draw.random((3, len(wanted))) < 0.6) & (theirs > 0)
        rooms = Rooms(able, places, allowed, capacity, wanted)
        for k, over in enumerate(rooms.by_newcomer(theirs, pairs).tolist()):
            met[over] += 1
            all_able, all_pairs = np.vstack([able, theirs]), np.vstack([allowed, pairs[k]])
            assert over == limited(all_able, places, all_pairs, np.append(capacity, 1), wanted)
    assert min(met.values()) > 50
