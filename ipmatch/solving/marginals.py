"""What one change would cost: exact losses by level, read off shortest paths without solving again.

Under a threshold they are the losses while everybody else stays at its lowest score or better; the threshold
itself loses nothing. A leximin level, and whatever comes after it, is left out: no single path tells.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ipmatch.solving.arrays import BoolVector, IndexVector, IntVector
from ipmatch.solving.change import Change
from ipmatch.solving.problem import Objective, Problem
from ipmatch.solving.ways import ways_of

__all__ = ["distances", "loss_of_placing", "loss_of_requiring", "loss_of_using"]


def distances(
    problem: Problem, levels: Sequence[Objective], used: BoolVector, *, to_root: bool
) -> tuple[list[IntVector], BoolVector]:
    """Measure what each level loses by the cheapest change that carries one unit between root and node.

    Parameters
    ----------
    problem, levels, used
        The problem, its levels without the lottery's, and its best pairing by them.
    to_root
        From every node to the root, or from the root to every node.

    Returns
    -------
    list of IntVector, BoolVector
        For each level [N] the loss, compared first level first; and [N] whether any change does it at all
        (losses are 0 where none does).

    Raises
    ------
    InternalError
        If a better pairing by these levels exists.

    References
    ----------
    Ahuja, Magnanti & Orlin (1993), *Network Flows*, sections 5.4 and 9.3.
    """
    return ways_of(problem, levels, used).distances(to_root=to_root)


def loss_of_placing(
    problem: Problem,
    levels: Sequence[Objective],
    used: BoolVector,
    *,
    among: BoolVector | None = None,
    within: IndexVector | None = None,
) -> tuple[list[IntVector], BoolVector]:
    """Price one more mentor for each mentee, whoever else must give way.

    Parameters
    ----------
    problem, levels, used
        As for ``distances``.
    among
        [J] the mentees to answer for, since fewer are quicker; None is everyone.
    within
        The arcs of the network that may change; None is all.

    Returns
    -------
    list of IntVector, BoolVector
        For each level [J] the loss (positive is worse, compared first level first; 0 where not possible); and
        [J] whether it is possible. It is not for mentees who have all they asked for or are
        not ``among``.
    """
    ways = ways_of(problem, levels, used, within)
    network = ways.network
    given = np.bincount(problem.mentee[used], minlength=len(problem.wanted))
    open_to = given < problem.wanted
    if among is not None:
        open_to &= among
    arc = network.first.start + np.arange(len(given))
    joined = network.joined()
    apart = np.zeros(len(given), np.bool_)
    apart[network.asking[~joined]] = True
    # The unit goes round from where it leaves the mentee's own arcs.
    end = network.head[network.first].copy()
    onward = joined | (given[network.asking] > 0)
    end[network.asking[onward]] = network.head[network.out][onward]
    own = open_to[network.asking] & (given[network.asking] > 0)
    more = network.asking[own]
    owner = np.full(len(network.tail), -1)
    owner[network.out.start + np.flatnonzero(own)] = more
    owner[arc[more[apart[more]]]] = more[apart[more]]
    arc[more] = network.further.start + np.flatnonzero(own)
    if within is not None:
        open_to &= np.isin(arc, within)
        out = network.out.start + np.flatnonzero(onward)
        open_to[network.asking[onward]] &= np.isin(out, within)
    node = 1 + len(problem.capacity) + np.arange(len(given))
    return ways.losses(node, arc, end, open_to, owner, apart, to_root=False)


def loss_of_using(
    problem: Problem,
    levels: Sequence[Objective],
    used: BoolVector,
    *,
    among: BoolVector | None = None,
    within: IndexVector | None = None,
) -> tuple[list[IntVector], BoolVector]:
    """Price one more mentee for each mentor with a spare place, whoever else must give way.

    As ``loss_of_placing``, for mentors [I]: not possible for those without a spare place or not ``among``.
    """
    ways = ways_of(problem, levels, used, within)
    network = ways.network
    load = np.bincount(problem.mentor[used], minlength=len(problem.capacity))
    open_to = load < problem.capacity
    if among is not None:
        open_to &= among
    arc = network.mentor_first.start + np.arange(len(load))
    apart = np.zeros(len(load), np.bool_)
    tails = network.tail[network.mentor_rest]
    apart[network.sharing] = tails != network.tail[network.mentor_first][network.sharing]
    owner = np.full(len(network.tail), -1)
    own = (open_to & (load > 0))[network.sharing]
    owner[network.mentor_rest] = np.where(own, network.sharing, -1)
    owner[arc[network.sharing[own]]] = network.sharing[own]
    # The next place: the one arc for all further places, or the first empty one of several.
    place = network.earlier == (load[network.sharing] if problem.spread else 1)
    arc[load > 0] = -1
    arc[network.sharing[own & place]] = network.mentor_rest.start + np.flatnonzero(own & place)
    open_to &= arc >= 0
    if within is not None:
        open_to &= np.isin(arc, within)
    arc = np.where(open_to, arc, 0)
    node = 1 + np.arange(len(load))
    return ways.losses(node, arc, network.tail[arc], open_to, owner, apart, to_root=True)


def loss_of_requiring(
    problem: Problem, levels: Sequence[Objective], used: BoolVector, pairs: IndexVector
) -> Change:
    """Price requiring each of some ``pairs`` that are not used: a search for each of their mentors.

    Parameters
    ----------
    problem, levels, used
        As for ``distances``.
    pairs
        Their places in the problem's list.

    Returns
    -------
    Change
        [P] of all pairs, like ``Exchange.force``: nothing lost, and not known, for those not asked for.
    """
    ways, size = ways_of(problem, levels, used), len(used)
    network, mentors = ways.network, 1 + problem.mentor[pairs]
    losses, possible = [np.zeros(size, np.int64) for _ in ways.costs], np.ones(size, np.bool_)
    for at in np.unique(mentors).tolist():
        own = pairs[mentors == at]
        found, reached = ways.distances(to_root=True, at=at)
        mentee, arc = 1 + len(problem.capacity) + problem.mentee[own], network.pairs.start + own
        possible[own] = reached[mentee]
        for loss, way, cost in zip(losses, found, ways.costs, strict=True):
            loss[own] = np.where(reached[mentee], cost[arc] + way[mentee], 0)
    known = np.zeros(size, np.bool_)
    known[pairs] = True
    return Change(tuple(losses), possible, known)
