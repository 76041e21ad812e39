"""Big cohorts measured: what is proved after how long, with how much memory, and how long checking takes."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cohorts import mentors_of
from benchmarks.launch import launched
from ipmatch.crowds import CROWD

__all__ = ["CLOSE", "CrowdCase", "CrowdMeasured", "Lap", "measure_crowd", "milestones"]

CLOSE = (0.01, 0.001)
"""How close to the best a score is to be certified, as a part of it."""
_SCORE = re.compile(r"best by score(?:, round \d+: (-?\d+)(?:, at most (\d+) more)?(?:, \d+ s left)?)?")


@dataclass(frozen=True, slots=True)
class CrowdCase:
    """A kind of cohort, its mentees, and how it is matched; a crowd if it has more pairs than ``above``."""

    kind: str
    size: int
    workers: int = 1
    time_limit: float | None = None
    above: int = CROWD

    @property
    def mentors(self) -> int:
        """How many mentors there are."""
        return mentors_of(self.size)


@dataclass(frozen=True, slots=True)
class Lap:
    """What was said as the work went on, and seconds, processor seconds and peak megabytes till then."""

    seconds: float
    cpu: float
    megabytes: float
    words: str


@dataclass(frozen=True, slots=True)
class CrowdMeasured:
    """One big cohort, as far as it came.

    Attributes
    ----------
    laps
        Of them the first is when the cohort was read, and the last when it was matched.
    pairs, gap, proved
        What came of it: pairings, how much better its score could be at most, as a part of it, and whether
        every level is proved.
    verify
        Seconds and processor seconds of the process that checks the answer.
    failure
        Where it ended if it did not come so far.
    """

    case: CrowdCase
    laps: Sequence[Lap]
    pairs: int | None = None
    gap: float | None = None
    proved: bool = False
    verify: tuple[float, float] | None = None
    failure: str | None = None


def measure_crowd(case: CrowdCase) -> CrowdMeasured:
    """Make a big cohort, match it and verify the answer, each in a process of its own."""
    laps, result, verify = list[Lap](), dict[str, Any](), None
    with tempfile.TemporaryDirectory() as folder:
        cohort, matching, told = (Path(folder, name) for name in ("cohort.parquet", "matching.json", "laps"))
        worker = [sys.executable, "-m", "benchmarks.crowd", f"--above={case.above}"]
        options = [f"--workers={case.workers}"]
        if case.time_limit is not None:
            options.append(f"--time-limit={case.time_limit}")
        failure = None
        try:
            launched([*worker, "make", case.kind, str(case.size), str(cohort)])
            launched([*worker, "match", str(cohort), str(matching), str(told), *options])
            verify = launched([*worker, "verify", str(cohort), str(matching)])[:2]
        except ValueError as error:
            failure = str(error)
        if told.exists():
            laps, result = _read(told)
    return CrowdMeasured(case, laps, **result, verify=verify, failure=failure)


def milestones(laps: Iterable[Lap], *, proved: bool) -> dict[str, float]:
    """Read off when what was reached, in seconds.

    The score within each of ``CLOSE`` (by its number), the ``score`` proved best, ``all`` levels (if they
    came to be ``proved``), everybody ``explained``.
    """
    found = dict[str, float]()
    for lap in laps:
        if told := _SCORE.fullmatch(lap.words):
            value, more = int(told[1] or 0), int(told[2] or 0)
            for close in CLOSE:
                if more <= close * abs(value):
                    found.setdefault(str(close), lap.seconds)
            if not more:
                found.setdefault("score", lap.seconds)
        elif lap.words == "explaining" and proved:
            found["all"] = lap.seconds
        elif lap.words == "explained":
            found["explained"] = lap.seconds
    return found


def _read(told: Path) -> tuple[list[Lap], dict[str, Any]]:
    lines = [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    return [Lap(*line) for line in lines if isinstance(line, list)], next(
        (line for line in lines if isinstance(line, dict)), {}
    )
