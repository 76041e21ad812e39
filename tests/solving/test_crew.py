"""Work shared out over processes and over Dask: the same bytes, whoever works and whoever dies."""

from __future__ import annotations

import os
import pickle
import platform
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipmatch import crowds
from ipmatch.front_door import match
from ipmatch.solving.columns import crew
from ipmatch.solving.columns.scan import Hits
from ipmatch.solving.columns.search import solve_grid
from ipmatch.synthetic import demo_cohort
from tests.solving.grids import random_goals, random_grid


@pytest.fixture(scope="module")
def cohort():
    return demo_cohort(60, 80, seed=5)


@pytest.fixture
def crowded(monkeypatch):
    """Every cohort is a crowd."""
    monkeypatch.setattr(crowds, "CROWD", -1)


def bytes_of(matching):
    return matching.model_dump_json()


def test_two_processes_give_the_same_bytes(cohort, crowded):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert bytes_of(match(cohort, executor=pool)) == bytes_of(match(cohort))


def test_a_pool_whose_processes_die_gives_the_same_bytes(cohort, crowded):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        # Both are at work before they die: a process that starts while its pool breaks hangs Python 3.11.
        wait([pool.submit(time.sleep, 0.2) for _ in range(2)])
        assert len(pool._processes) == 2
        told = []

        def kill(words):
            if not told:
                told.append(words)
                for process in pool._processes.values():
                    os.kill(process.pid, signal.SIGKILL)

        assert bytes_of(match(cohort, executor=pool, progress=kill)) == bytes_of(match(cohort))


def test_a_terrain_travels_to_each_worker_once():
    grid = random_grid(np.random.default_rng(4), people=60, rules=False)
    goals, sent = random_goals(np.random.default_rng(1), grid), []

    class Counting(ThreadPoolExecutor):
        def submit(self, fn, /, *args, **kwargs):
            sent.append(args[1] is not None)
            return super().submit(fn, *args, **kwargs)

    with Counting(1) as pool:
        solve_grid(grid, goals, executor=pool)
        assert len(sent) > 3 * crew.FEWEST
        assert 1 <= sum(sent) <= crew.FEWEST
        told = sum(sent)
        solve_grid(grid, goals, executor=pool)
        assert sum(sent) == told, "who asks next about the same pairs need not tell them again"


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5), st.sampled_from([1, 2**10, 2**20, 2**40]))
def test_what_travels_arrives_as_it_was_in_less_room(numbers, shrink):
    values = np.array([number // shrink for number in numbers], dtype=np.int64)
    sent = Hits(values, values[:0], values[::-1], values, values)
    came = pickle.loads(pickle.dumps(sent))
    for name in ("mentor", "mentee", "excess", "worst_of", "worst"):
        array = getattr(came, name)
        assert array.dtype == np.int64
        assert array.tolist() == getattr(sent, name).tolist()


def test_places_of_people_travel_in_half_the_room():
    many = np.arange(100_000)
    assert len(pickle.dumps(Hits(many, many, many, many, many))) < 0.55 * 5 * many.nbytes


def test_a_terrain_that_travelled_gives_the_same_answers():
    grid = random_grid(np.random.default_rng(7), people=60, rules=False)
    came = replace(grid, terrain=pickle.loads(pickle.dumps(grid.terrain)))
    goals = random_goals(np.random.default_rng(3), grid)
    here, there = solve_grid(grid, goals), solve_grid(came, goals)
    assert here.keys.tolist() == there.keys.tolist()
    assert [level.prices.tolist() for level in here.levels] == [
        level.prices.tolist() for level in there.levels
    ]


def test_a_worker_told_to_give_memory_back_keeps_it_while_it_scans():
    """Dask tells its workers so: half their time went into asking for the same pages again."""
    code = """if True:
        import resource
        import numpy as np
        from ipmatch.solving.memory import memory_kept
        def faults():
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
            for _ in range(100):
                np.ones(1 << 18)
            return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
        faults()
        before = faults()
        with memory_kept():
            faults()
            kept = faults()
        print(before, kept, faults())
    """
    told = os.environ | {"MALLOC_TRIM_THRESHOLD_": "65536"}
    done = subprocess.run([sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True)
    before, kept, after = map(int, done.stdout.split())
    if platform.libc_ver()[0] == "glibc":
        assert 10 * kept < before
    assert 2 * after > before


def test_every_part_that_a_worker_scans_is_scanned_with_memory_kept(monkeypatch):
    held, inside = [], []

    @contextmanager
    def noted():
        held.append(True)
        yield
        held.pop()

    monkeypatch.setattr(crew, "memory_kept", noted)
    monkeypatch.setattr(crew, "scan", lambda *_: inside.append(bool(held)))
    crew.work(b"name", object(), None, None)
    assert inside == [True]


@pytest.mark.sockets
@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_same_bytes_though_a_worker_is_killed(cohort, crowded):
    from distributed import Client, LocalCluster

    options = {"dashboard_address": None, "silence_logs": 50}
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **options) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        executor = client.get_executor(pure=False)
        expected = bytes_of(match(cohort))
        assert bytes_of(match(cohort, executor=executor)) == expected
        told = []

        def kill(words):
            if "round" in words and not told:
                told.append(words)
                os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)

        assert bytes_of(match(cohort, executor=executor, progress=kill)) == expected
        assert told
