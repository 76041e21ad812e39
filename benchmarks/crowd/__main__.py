"""``python -m benchmarks.crowd STEP …``: make a big cohort, match it and note what passed when, verify it."""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TextIO

import ipmatch as ip
from benchmarks.cohorts import crowd
from benchmarks.held import megabytes
from ipmatch import crowds
from ipmatch.cli import main as ipmatch


def main() -> None:
    """Do one step."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=__doc__)
    parser.add_argument("--above", type=int, default=crowds.CROWD, help="a crowd has more pairs than this")
    steps = parser.add_subparsers(required=True)
    make = _step(steps, _make, "make")
    make.add_argument("kind")
    make.add_argument("mentees", type=int)
    make.add_argument("cohort", type=Path)
    match = _step(steps, _match, "match")
    match.add_argument("cohort", type=Path)
    match.add_argument("matching", type=Path)
    match.add_argument("laps", type=Path)
    match.add_argument("--workers", type=int, default=1)
    match.add_argument("--time-limit", type=float)
    verify = _step(steps, _verify, "verify")
    verify.add_argument("cohort", type=Path)
    verify.add_argument("matching", type=Path)
    given = parser.parse_args()
    crowds.CROWD = given.above
    sys.exit(given.step(given))


def _step(
    steps: argparse._SubParsersAction[argparse.ArgumentParser],
    step: Callable[[argparse.Namespace], int],
    name: str,
) -> argparse.ArgumentParser:
    parser = steps.add_parser(name)
    parser.set_defaults(step=step)
    return parser


def _make(given: argparse.Namespace) -> int:
    ip.write_cohort(crowd(given.kind, given.mentees, seed=1), given.cohort)
    return 0


def _match(given: argparse.Namespace) -> int:
    with given.laps.open("w", encoding="utf-8") as file, _pool(given.workers) as executor:
        cohort = ip.read_cohort(given.cohort)
        laps = _Laps(file, given.workers)
        laps("read")
        matching = ip.match(cohort, time_limit=given.time_limit, executor=executor, progress=laps)
        if executor is not None:
            # What workers took is known once they are gone.
            executor.shutdown()
        laps("explained")
        result = {
            "pairs": len(matching.pairings),
            "gap": _gap(matching),
            "proved": matching.status == "optimal",
        }
        file.write(json.dumps(result) + "\n")
    ip.write(matching, given.matching)
    return 0


def _verify(given: argparse.Namespace) -> int:
    return ipmatch(["verify", str(given.cohort), str(given.matching)])


class _Laps:
    """Writes, of every word of progress, the seconds, processor seconds and peak megabytes till then."""

    def __init__(self, file: TextIO, workers: int) -> None:
        self._file, self._workers = file, workers if workers > 1 else 0
        self._start, self._cpu = time.perf_counter(), self._used()[0]

    def __call__(self, words: str) -> None:
        cpu, megabytes = self._used()
        lap = [time.perf_counter() - self._start, cpu - self._cpu, megabytes, words]
        self._file.write(json.dumps(lap) + "\n")
        # Should the process be killed, so much is known.
        self._file.flush()

    def _used(self) -> tuple[float, float]:
        """Processor seconds and peak megabytes, of workers too once they ended: each as the largest."""
        own, theirs = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        cpu = own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime
        return cpu, megabytes(own) + self._workers * megabytes(theirs)


def _gap(matching: ip.Matching) -> float | None:
    """How much better the score could be at most, as a part of it; ``None`` if nothing is proved of it."""
    score = next((level for level in matching.objective if level.level == "score"), None)
    if score is None or score.bound is None:
        return None
    more = score.bound - score.value
    return float(more / abs(score.value)) if more and score.value else float(more)


@contextmanager
def _pool(workers: int) -> Iterator[Executor | None]:
    """A pool of so many processes, or none if one will do."""
    if workers == 1:
        yield None
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        # The peak that the system tells of a worker starts at the size of this process when it was begun.
        pool.submit(os.getpid).result()
        yield pool


if __name__ == "__main__":
    main()
