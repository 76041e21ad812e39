"""--workers N and --dask SCHEDULER: where the pairs of a big cohort are priced."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ipmatch.cli import common

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["add_workers", "executor_of"]

PATIENCE_SECONDS = 15
_WITHOUT_PORT = ("ucx", "ws", "wss")


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Where the work of a big cohort is done; the matching is the same."""
    where = parser.add_mutually_exclusive_group()
    most = "processes to share the work of a big cohort among (the matching is the same)"
    where.add_argument("--workers", metavar="N", type=common.whole_number(256, 1), default=1, help=most)
    dask = "a Dask scheduler to share it out, such as tcp://host:8786"
    where.add_argument("--dask", metavar="SCHEDULER", help=dask)


@contextmanager
def executor_of(given: argparse.Namespace) -> Iterator[Executor | None]:
    """What the work is given to; nothing is started before there is work to share.

    Raises
    ------
    UsageError
        If no scheduler answers.
    MissingExtraError
        If Dask is asked for and not installed.
    """
    if given.dask is not None:
        with _dask(given.dask) as executor:
            yield executor
    elif given.workers > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # Forking a process that has threads may hang it.
        pool = ProcessPoolExecutor(given.workers, mp_context=get_context("spawn"))
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    else:
        yield None


@contextmanager
def _dask(scheduler: str) -> Iterator[Executor]:
    from ipmatch.errors import Fault, UsageError, needing

    with needing("distributed", "--dask"):
        import distributed
    # Its calls carry no types.
    dask: Any = distributed
    try:
        if scheduler.partition("://")[0] not in _WITHOUT_PORT:
            # Of an address without a port the client would complain once more, half a minute later.
            dask.comm.get_address_host_port(scheduler)
        client = dask.Client(scheduler, timeout=PATIENCE_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        what = f'no scheduler answers at "{scheduler}" ({type(error).__name__}).'
        raise UsageError([Fault("--dask", what, "Start one with: dask scheduler.")]) from None
    with client:
        yield client.get_executor(pure=False)
