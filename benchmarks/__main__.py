"""``python -m benchmarks [--smoke]``: measure, print a table, and (in full) add it to ``RESULTS.md``."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Measured, measure

RESULTS = Path(__file__).parent / "RESULTS.md"
SIZES, SMOKE = (100, 500, 1000, 2000), (60,)
REPEATS = 3

HEADING = """# Results

Made by `python -m benchmarks`: as many mentors as mentees (`demo_cohort(n, n, seed=1)`), `sector-first`;
seconds, median of three. Every answer was verified before its time counted. *Bare* is scipy's
`linear_sum_assignment` on scores ready made, in the same run: one objective in floats, without minimums,
ties, proof or reasons. Read ratios rather than seconds: machines differ.
"""
COLUMNS = ("n × n", "match", "whole process", "verify", "bare", "match / bare")


def main() -> None:
    """Measure every size and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="one small size, once; nothing is written")
    smoke = parser.parse_args().smoke
    table = []
    for line in _lines(measure(size, 1 if smoke else REPEATS) for size in (SMOKE if smoke else SIZES)):
        print(line, flush=True)
        table.append(line)
    if not smoke:
        earlier = RESULTS.read_text(encoding="utf-8").removeprefix(HEADING) if RESULTS.exists() else ""
        RESULTS.write_text(f"{HEADING}\n{_title()}\n\n" + "\n".join(table) + f"\n{earlier}", encoding="utf-8")


def _lines(measured: Iterable[Measured]) -> Iterable[str]:
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"|{'---:|' * len(COLUMNS)}"
    for one in measured:
        seconds = (one.library, one.process, one.check, one.bare)
        yield f"| {one.size} | {' | '.join(f'{value:.3f}' for value in seconds)} | {one.ratio:.0f} |"


def _title() -> str:
    """When, what and where: nothing here is part of any matching."""
    today = datetime.datetime.now(datetime.UTC).date()
    machine = (
        f"{os.cpu_count()} × {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    )
    return f"## {today}, ipmatch {version('ipmatch')} ({_commit()})\n\n{machine}."


def _commit() -> str:
    """The commit, and whether files differ from it."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"]
    done = subprocess.run(command, cwd=RESULTS.parent, capture_output=True, text=True, check=False)
    return f"commit {done.stdout.strip()}" if done.returncode == 0 else "no commit"


if __name__ == "__main__":
    main()
