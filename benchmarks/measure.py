"""One size measured: the library, the whole process, and the bare assignment problem beside them."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from ipmatch.cohort import Cohort
from ipmatch.matching import Matching
from ipmatch.policy import Policy
from ipmatch.scoring.scores import Scores, score
from ipmatch.study import match, verify
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.json_document import json_text

__all__ = ["Measured", "measure"]

Answer = TypeVar("Answer")
SEED = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """Median seconds for one size; ``size`` mentors and as many mentees.

    Attributes
    ----------
    library
        ``match`` in a warm process.
    process
        ``python -m ipmatch match``, from the start of Python to the written file.
    check
        ``verify``.
    bare
        scipy's ``linear_sum_assignment`` on the scores ready made: one objective in floats, no rule about a
        minimum, no proof, no reason for anybody.
    """

    size: int
    library: float
    process: float
    check: float
    bare: float

    @property
    def ratio(self) -> float:
        """How many times the bare assignment the library takes."""
        return self.library / self.bare


def measure(size: int, repeats: int) -> Measured:
    """Times of one size.

    Raises
    ------
    ValueError
        If an answer does not verify.
    """
    cohort = demo_cohort(size, size, SEED)
    library, matching = _timed(lambda: match(cohort), repeats)
    check, verification = _timed(lambda: verify(cohort, matching), 1)
    if verification.faults:
        raise ValueError(f"{size}: the matching is wrong: {verification.faults[0]}")
    process, written = _timed_process(cohort, repeats)
    if written != matching:
        raise ValueError(f"{size}: the command line answers otherwise than the library")
    scores = score(cohort, Policy())
    bare, _ = _timed(lambda: _bare_assignment(scores), repeats)
    return Measured(size, library, process, check, bare)


def _timed(work: Callable[[], Answer], repeats: int) -> tuple[float, Answer]:
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - start)
    return median(seconds), answer


def _timed_process(cohort: Cohort, repeats: int) -> tuple[float, Matching]:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "cohort.json"), Path(folder, "matching.json")
        source.write_text(json_text(cohort, brief=True), encoding="utf-8")
        command = [sys.executable, "-m", "ipmatch", "match", str(source), "-o", str(target), "--force"]
        seconds, _ = _timed(lambda: subprocess.run(command, check=True, capture_output=True), repeats)
        return seconds, Matching.model_validate_json(target.read_text(encoding="utf-8"))


def _bare_assignment(scores: Scores) -> float:
    """The total of places against wishes; a pair that is not allowed costs more than all points together."""
    rows = np.repeat(np.arange(len(scores.people.mentors)), [one.capacity for one in scores.people.mentors])
    columns = np.repeat(
        np.arange(len(scores.people.mentees)), [one.mentors_wanted for one in scores.people.mentees]
    )
    value = np.where(scores.allowed, scores.points, -float(scores.bound * (len(rows) + 1)))
    value = value[np.ix_(rows, columns)]
    return float(value[linear_sum_assignment(value, maximize=True)].sum())
