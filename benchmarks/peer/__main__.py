"""``python -m benchmarks.peer NAME COHORT OUT``: read, score and solve a cohort, write pairs and times."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.held import held, peak
from benchmarks.peer.points import banned, takes_part, value_of
from benchmarks.peer.solvers import SOLVERS


def main() -> None:
    """Run one peer once."""
    name, source, target = sys.argv[1:]
    # Loads what the peer needs, so that loading does not count as solving.
    if name in SOLVERS:
        list(SOLVERS[name](np.ones((1, 1), np.float32)))
    else:
        from benchmarks.peer.mentor_match import solve
    laps = [time.perf_counter()]
    cohort = json.loads(Path(source).read_text(encoding="utf-8"))
    mentors, mentees = (sorted(filter(takes_part, cohort[side]), key=_id) for side in ("mentors", "mentees"))
    before = held()
    laps.append(time.perf_counter())
    if name == "mentor-match":
        bans = [(mentors[i]["id"], mentees[j]["id"]) for i, j in banned(cohort, mentors, mentees)]
        laps.append(time.perf_counter())
        pairs = solve(cohort, mentors, mentees, bans)
    else:
        value = value_of(cohort, mentors, mentees)
        places = [i for i, mentor in enumerate(mentors) for _ in range(mentor.get("capacity", 1))]
        if len(places) > len(mentors):
            value = value[:, places]
        laps.append(time.perf_counter())
        found = SOLVERS[name](value)
        # A pair worth nothing is none: somebody stays alone.
        pairs = [
            (mentors[places[i]]["id"], mentees[j]["id"])
            for j, i in found
            if i < len(places) and value[j, i] > 0
        ]
    laps.append(time.perf_counter())
    times = {stage: laps[k + 1] - laps[k] for k, stage in enumerate(("read", "score", "solve"))}
    told = {"pairs": sorted(pairs), "seconds": times, "beyond": max(0, peak() - before)}
    Path(target).write_text(json.dumps(told), encoding="utf-8")


def _id(person: dict[str, Any]) -> str:
    return str(person["id"])


if __name__ == "__main__":
    main()
