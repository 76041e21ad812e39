"""What a process took: seconds, processor seconds, peak megabytes (``python benchmarks/launch.py COMMAND…``).

A process of its own and nearly nothing else: the peak that the system tells of a child starts at the size of
whoever launched it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

__all__ = ["launched"]


def launched(command: Sequence[str]) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak megabytes of a process that must succeed, of one thread.

    Raises
    ------
    ValueError
        If it does not.
    """
    # One thread each: what is compared is the method.
    settings = os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    # An installed package is compiled once, as the peers' are.
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    here = Path(__file__)
    launch = [sys.executable, "-S", str(here), *command]
    done = subprocess.run(launch, cwd=here.parents[1], stdout=subprocess.PIPE, env=settings, check=False)
    if done.returncode:
        raise ValueError(f"{' '.join(command[1:5])} ended with {done.returncode}")
    seconds, cpu, megabytes = json.loads(done.stdout)
    return seconds, cpu, megabytes


def main() -> None:
    """Run the command, say nothing of what it says, and end as it ends."""
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    megabytes = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(json.dumps([seconds, used.ru_utime + used.ru_stime, megabytes]))
    # A process that was killed has a number that is no code to end with.
    sys.exit(process.returncode if process.returncode >= 0 else 128 - process.returncode)


if __name__ == "__main__":
    main()
