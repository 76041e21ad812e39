"""``python -m benchmarks``: measure us and our peers, print the figures, and add them to ``RESULTS.md``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator

from benchmarks.cohorts import CROWDS, KINDS
from benchmarks.crew_report import crew_lines, write_crews
from benchmarks.crews import CrewMeasured, measure_crews
from benchmarks.crowd_report import crowd_lines, write_crowds
from benchmarks.crowds import CrowdCase, CrowdMeasured, measure_crowd
from benchmarks.measure import Case, Measured, measure
from benchmarks.peers import HERE, PEERS, Peer
from benchmarks.report import chapter, lines, write

SIZES, KIND_SIZE, SMOKE = (100, 500, 1000, 2000, 5000), 500, 60
REPEATS, CREW_REPEATS = 3, 5


def main() -> None:
    """Measure what is asked for, and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="one small size, nothing installed or written")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="mentees, and mentors"
    )
    parser.add_argument("--peers", nargs="*", choices=[peer.name for peer in PEERS], help="only these")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="of which the median counts")
    parser.add_argument("--crowds", type=int, nargs="+", metavar="N", help="big cohorts of N mentees instead")
    parser.add_argument("--kinds", nargs="+", choices=CROWDS, default=CROWDS[:1], help="of big cohorts")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes for each big cohort")
    parser.add_argument("--time-limit", type=float, metavar="S", help="seconds for each big cohort")
    parser.add_argument(
        "--crews", type=int, nargs="+", metavar="N", help="rounds of pricing shared out instead"
    )
    given = parser.parse_args()
    peers = [peer for peer in PEERS if given.peers is None or peer.name in given.peers]
    if given.smoke:
        _told(_all([Case(kind, SMOKE) for kind in KINDS], [HERE], 1))
        _told_crowds([CrowdCase("demo", SMOKE, workers=2, above=0)], failing=True)
        _told_crews([SMOKE], 1)
        return
    if given.crowds:
        crowds = [
            CrowdCase(kind, size, given.workers, given.time_limit)
            for kind in given.kinds
            for size in given.crowds
        ]
        write_crowds(_told_crowds(crowds))
        return
    if given.crews:
        repeats = max(given.repeats, CREW_REPEATS)
        write_crews(_told_crews(given.crews, repeats), repeats)
        return
    cases = [Case("skewed", size) for size in given.sizes]
    cases += [Case(kind, KIND_SIZE) for kind in KINDS if kind != "skewed"]
    measured = _told(_all(cases, peers, given.repeats))
    write(chapter(measured, given.repeats), measured)


def _all(cases: Iterable[Case], peers: list[Peer], repeats: int) -> Iterator[Measured]:
    for case in cases:
        yield from measure(case, peers, repeats)


def _told_crowds(cases: Iterable[CrowdCase], *, failing: bool = False) -> list[CrowdMeasured]:
    """Each big cohort measured, told as soon as it is known; one that fails ends it all if ``failing``."""
    found: list[CrowdMeasured] = []
    for case in cases:
        found.append(one := measure_crowd(case))
        sys.stdout.writelines(f"{line}\n" for line in crowd_lines([one], heading=len(found) == 1))
        sys.stdout.flush()
        if one.failure is not None:
            print(one.failure, file=sys.stderr)
            if failing:
                sys.exit(1)
    return found


def _told_crews(sizes: Iterable[int], repeats: int) -> list[CrewMeasured]:
    """Rounds of pricing measured, told size by size."""
    found: list[CrewMeasured] = []
    for size in sizes:
        measured = measure_crews(size, repeats)
        sys.stdout.writelines(f"{line}\n" for line in crew_lines(measured, heading=not found))
        sys.stdout.flush()
        found += measured
    return found


def _told(measured: Iterator[Measured]) -> list[Measured]:
    """Everything measured, each told as soon as it is known."""
    found: list[Measured] = []
    for one in measured:
        found.append(one)
        ours = next(other for other in found if other.case == one.case)
        sys.stdout.writelines(f"{line}\n" for line in lines(ours, [one], heading=len(found) == 1))
        sys.stdout.flush()
    return found


if __name__ == "__main__":
    main()
