"""Whole processes measured: ours and each peer's, from the same file to a written answer that is checked."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.cohorts import cohort as made
from benchmarks.judge import Judge, Outcome
from benchmarks.launch import launched
from benchmarks.peers import Peer
from ipmatch.front_door import match
from ipmatch.matching import Matching
from ipmatch.writing.json_document import json_text

__all__ = ["OURS", "Case", "Measured", "measure"]

OURS = "ipmatch"


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of cohort, and how many mentees it has."""

    kind: str
    size: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of one tool on one cohort.

    Attributes
    ----------
    seconds, cpu, megabytes
        The whole process: time, processor time, memory at its peak.
    beyond
        Megabytes of that beyond what it held once its libraries were loaded and the cohort was read.
    inside
        Within a warm process: ours with reasons and proof, a peer's scoring and solving alone.
    verify
        The process that checks our matching.
    outcome
        What the pairs are worth, reckoned by ipmatch.
    """

    tool: str
    case: Case
    seconds: float
    cpu: float
    megabytes: float
    beyond: float
    inside: float
    outcome: Outcome
    verify: float | None = None


def measure(case: Case, peers: Sequence[Peer], repeats: int) -> Iterator[Measured]:
    """Measure us, then each of the peers that is asked this size and can be installed.

    Raises
    ------
    ValueError
        If an answer breaks a rule, our own does not verify, or a peer with our goal does better.
    """
    cohort = made(case.kind, case.size, case.seed)
    judge = Judge(cohort)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "cohort.json"), Path(folder, "answer.json")
        source.write_text(json_text(cohort, brief=True), encoding="utf-8")
        command = [sys.executable, "-m", "ipmatch", "match", str(source), "-o", str(target), "--force", "-q"]
        runs = [launched(command) for _ in range(repeats)]
        matching = Matching.model_validate_json(target.read_text(encoding="utf-8"))
        check = launched([sys.executable, "-m", "ipmatch", "verify", str(source), str(target)])
        best = judge.outcome(matching.pairs())
        inside = median(_seconds(partial(match, cohort)) for _ in range(repeats))
        beyond = median(_beyond(source, target) for _ in range(repeats))
        yield Measured(OURS, case, *_medians(runs), beyond, inside, best, check[0])
        for peer in peers:
            if case.size > peer.largest or (python := peer.python()) is None:
                continue
            command = [python, "-m", "benchmarks.peer", peer.name, str(source), str(target)]
            runs, insides, more = [], [], []
            for _ in range(repeats):
                runs.append(launched(command))
                answer = json.loads(target.read_text(encoding="utf-8"))
                insides.append(answer["seconds"]["score"] + answer["seconds"]["solve"])
                more.append(answer["beyond"])
            outcome = judge.outcome({(mentor, mentee) for mentor, mentee in answer["pairs"]})
            if outcome > best or (peer.goal == "the same" and outcome != best):
                raise ValueError(f"{case}: {peer.name} says {outcome}, ipmatch {best}.")
            yield Measured(peer.name, case, *_medians(runs), median(more), median(insides), outcome)


def _seconds(work: partial[Matching]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _beyond(source: Path, target: Path) -> float:
    launched([sys.executable, "-m", "benchmarks.ours", str(source), str(target)])
    return float(json.loads(target.read_text(encoding="utf-8"))["beyond"])


def _medians(runs: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    seconds, cpu, megabytes = (median(values) for values in zip(*runs, strict=True))
    return seconds, cpu, megabytes
