"""All pairs of a big cohort priced once: by one process, by a pool of them, and by Dask."""

from __future__ import annotations

import importlib
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, fields, replace
from multiprocessing import get_context
from statistics import mean, median
from typing import Any

from benchmarks.cohorts import crowd
from ipmatch.answering import request_of
from ipmatch.crowds import crowd_of
from ipmatch.solving.columns.crew import Crew
from ipmatch.solving.columns.scan import Hits, Question, TooMany
from ipmatch.solving.columns.search import solve_grid
from ipmatch.solving.columns.terrain import Terrain

__all__ = ["POOL", "CrewMeasured", "measure_crews"]

WORKERS = 2
POOL, DASK = f"{WORKERS} processes", f"Dask, {WORKERS} workers"


@dataclass(frozen=True, slots=True)
class CrewMeasured:
    """One round of pricing by one sort of workers.

    Attributes
    ----------
    turn
        The round of the level ``score`` whose prices these are.
    hits
        Pairs that they call for.
    first, seconds, cpu
        The first time, when workers are told all pairs; the median of later times; the processor seconds of
        such a time, workers included.
    killed, left
        With a worker killed in the middle, and how many parts were not done then.
    """

    size: int
    turn: int
    hits: int
    who: str
    first: float
    seconds: float
    cpu: float
    killed: float | None = None
    left: int | None = None


def measure_crews(size: int, repeats: int) -> list[CrewMeasured]:
    """Price the pairs of a demo cohort of so many mentees by the prices of its first and last rounds.

    Raises
    ------
    ValueError
        If the answers are not the same to the byte.
    """
    terrain, asked = _questions(size)
    with ExitStack() as stack:
        crews: dict[str, Executor | None] = {"one process": None}
        crews |= {POOL: stack.enter_context(_pool()), DASK: stack.enter_context(_dask())}
        found = [
            one
            for turn, question in asked.items()
            for one in _timed(crews, terrain, size, turn, question, repeats)
        ]
        turn = min(asked)
        for k, one in enumerate(found):
            executor = crews[one.who]
            if executor is not None and one.turn == turn:
                found[k] = _killed(one, executor, terrain, asked[turn])
    return found


def _questions(size: int) -> tuple[Terrain, dict[int, Question]]:
    """The pairs of a demo cohort, and what solving it asked in the first and the last round of the score."""
    posed = crowd_of(request_of(crowd("demo", size, 1)), above=0)
    if posed is None:
        raise ValueError("A demo cohort is always a crowd.")
    ear, asked = _Ear(), dict[int, Question]()

    def told(level: str, turn: int, value: int, bound: int) -> None:
        if level == "score" and ear.asked is not None:
            asked[turn] = ear.asked
            if bound == value:
                raise _Enough

    with suppress(_Enough):
        # Nothing is listed: of a small cohort too every level asks.
        solve_grid(posed.grid, posed.goals, executor=ear, told=told, listed=0)
    return posed.grid.terrain, {turn: asked[turn] for turn in sorted({min(asked), max(asked)})}


def _timed(
    crews: dict[str, Executor | None],
    terrain: Terrain,
    size: int,
    turn: int,
    question: Question,
    repeats: int,
) -> Iterator[CrewMeasured]:
    """Take turns, so that what else the machine does falls on all."""
    crew = {who: Crew(terrain, executor, charted=False) for who, executor in crews.items()}
    expected = crew["one process"].scan(question)
    seconds: dict[str, list[float]] = {who: [] for who in crews}
    cpu: dict[str, list[float]] = {who: [] for who in crews}
    for _ in range(repeats + 1):
        for who, scanning in crew.items():
            before, start = _processor_seconds(), time.perf_counter()
            hits = scanning.scan(question)
            seconds[who].append(time.perf_counter() - start)
            cpu[who].append(_processor_seconds() - before)
            _check(hits, expected, who)
    for who in crews:
        first, *later = seconds[who]
        yield CrewMeasured(size, turn, len(expected.mentor), who, first, median(later), mean(cpu[who][1:]))


def _killed(one: CrewMeasured, executor: Executor, terrain: Terrain, question: Question) -> CrewMeasured:
    """The same figures, and those of a round in the middle of which a worker is killed."""
    expected = Crew(terrain, charted=False).scan(question)
    crew = Crew(terrain, killer := _Killer(executor), charted=False)
    start = time.perf_counter()
    hits = crew.scan(question)
    seconds = time.perf_counter() - start
    _check(hits, expected, one.who)
    return replace(one, killed=seconds, left=killer.left)


def _check(hits: Hits, expected: Hits, who: str) -> None:
    for field in fields(Hits):
        if getattr(hits, field.name).tobytes() != getattr(expected, field.name).tobytes():
            raise ValueError(f"{who}: not the same {field.name} as one process found.")


class _Enough(Exception):
    """All that is to be asked has been."""


class _Ear(Executor):
    """Works here and now, and remembers the last question."""

    asked: Question | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it."""
        self.asked = next((one for one in args if isinstance(one, Question)), None)
        future = Future[Any]()
        try:
            future.set_result(fn(*args, **kwargs))
        except TooMany as error:
            future.set_exception(error)
        return future


class _Killer(Executor):
    """Kills a worker of an executor as soon as the first part of a scan is done."""

    def __init__(self, executor: Executor) -> None:
        self._executor, self._futures = executor, list[Future[Any]]()
        self._victim = executor.submit(os.getpid).result()
        self.left: int | None = None

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have it done, and wait for the moment."""
        future = self._executor.submit(fn, *args, **kwargs)
        self._futures.append(future)
        future.add_done_callback(self._kill)
        return future

    def _kill(self, done: Future[Any]) -> None:
        # Who only asks to be told the pairs has not begun.
        if self.left is None and not done.cancelled() and isinstance(done.result(), Hits):
            self.left = sum(not future.done() for future in self._futures)
            os.kill(self._victim, signal.SIGKILL)


@contextmanager
def _pool() -> Iterator[Executor]:
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        yield pool


@contextmanager
def _dask() -> Iterator[Executor]:
    """As ``--dask`` does it, with a scheduler and workers on this machine."""
    # Its calls carry no types.
    dask: Any = importlib.import_module("distributed")
    options = {"dashboard_address": None, "silence_logs": 50, "processes": True}
    with (
        dask.LocalCluster(n_workers=WORKERS, threads_per_worker=1, **options) as cluster,
        dask.Client(cluster, set_as_default=False) as client,
    ):
        yield client.get_executor(pure=False)


def _processor_seconds() -> float:
    """Those of this process and of all it started that still run."""
    psutil: Any = importlib.import_module("psutil")
    this = psutil.Process()
    times = [one.cpu_times() for one in (this, *this.children(recursive=True))]
    return float(sum(one.user + one.system for one in times))
