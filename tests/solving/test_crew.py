"""Work shared out over processes and over Dask: the same bytes, whoever works and whoever dies."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from ipmatch import crowds
from ipmatch.solving.columns import crew
from ipmatch.solving.columns.search import solve_grid
from ipmatch.study import match
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
        pool.submit(os.getpid).result()
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
    assert len(sent) > 3 * crew.PARTS
    assert 1 <= sum(sent) <= crew.PARTS


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
