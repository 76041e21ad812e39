"""``python benchmarks/launch.py COMMAND…``: what a process took: seconds, processor seconds, megabytes.

A process of its own and nearly nothing else: the peak that the system tells of a child starts at the size of
whoever launched it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Run the command, say nothing of what it says, and end as it ends."""
    start = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    megabytes = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(json.dumps([seconds, used.ru_utime + used.ru_stime, megabytes]))
    sys.exit(process.returncode)


if __name__ == "__main__":
    main()
