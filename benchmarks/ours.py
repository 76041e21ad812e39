"""``python -m benchmarks.ours COHORT OUT``: what a match takes beyond what was loaded and read before."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ipmatch as ip
from benchmarks.held import held, peak
from ipmatch import crowds

__all__: list[str] = []


def main() -> None:
    """Match once, and write how many megabytes more there were than once the cohort was read."""
    source, target = sys.argv[1:]
    # Loads what a small cohort and a big one need, so that loading does not count, as for the peers.
    few, usual = ip.demo_cohort(12, 12, seed=1), crowds.CROWD
    for above in (0, usual):
        crowds.CROWD = above
        ip.write(ip.match(few), target, force=True)
    cohort = ip.read_cohort(source)
    before = held()
    ip.write(ip.match(cohort), target, force=True)
    Path(target).write_text(json.dumps({"beyond": max(0, peak() - before)}), encoding="utf-8")


if __name__ == "__main__":
    main()
