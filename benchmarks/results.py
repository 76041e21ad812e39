"""``RESULTS.md``: a part for each sort of figures, and in each part the newest chapter first."""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
from collections.abc import Collection, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

__all__ = ["HOME", "PARTS", "add", "heading_of", "machine", "row_of", "stamp"]

HOME = Path(__file__).parent
RESULTS = HOME / "RESULTS.md"
HEADING = """# Results

Made by `python -m benchmarks`. No answer counts before it is checked. Read ratios rather than seconds:
machines differ, and are not idle.
"""
PARTS = {
    "Beside peers": """\
*n* mentees and as many mentors, of whom three in four take part (`benchmarks/cohorts.py`). Each tool
reads the same file, scores by the same default rules and writes its pairs, one thread each. *Process*
is the whole of that, from the start of Python; *inside* is what remains of it in a warm one: ours with
the proof and every reason, a peer's scoring and solving alone. Peers know no reason, proof, lottery,
quota, minimum or required pair, so the cohorts have no such rules. No answer counts before its pairs
keep every rule: ours is verified, and a peer with the same goal must place as many, with as many points
in all. Ratios are to ours.
""",
    "Big cohorts": """\
`python -m benchmarks --crowds N…`: *n* mentees, and mentors for them, read from a Parquet file by a
process that then calls `match`. All seconds but the last count from that call: until the score was
certified to be within 1 % and 0.1 % of the best, until it was proved best, until every level was (the
lottery's too), and until everybody had a reason and the answer was checked: the whole. *Processor s* is
that of the whole, workers included; *memory* the peak, workers included, and what of it came on top of
the peak of reading the cohort. *Verify s* is `ipmatch verify` on the written files, from the start of
Python, and behind it what that took of the processor.
""",
    "Executors": """\
`python -m benchmarks --crews N…`: all pairs priced once, in the parts that `match` makes (16, from
0.5.0 one for 6,000 mentees), at the prices of the first and the last round of the score of a demo
cohort of *n* mentees: by one process, by a pool of two, and by Dask on a local cluster of two. The
three take turns. *Processor s* is that of all processes together; *first time* is when workers are sent
the cohort; *worker killed* is a round in which one is, as soon as the first part is done. The answers
are the same to the byte, or nothing is told.
""",
}


def add(part: str, chapter: str) -> None:
    """Put a chapter before the earlier ones of its part."""
    chapters = _chapters(RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "")
    chapters[part] = "\n".join(filter(None, [chapter, chapters.get(part)]))
    parts = [f"## {title}\n\n{PARTS[title]}\n{chapters[title]}" for title in PARTS if title in chapters]
    RESULTS.write_text("\n".join([HEADING, *parts]), encoding="utf-8")


def heading_of(columns: Sequence[str], words: Collection[int]) -> list[str]:
    """The first two lines of a table in Markdown; columns but those of ``words`` stand flush right."""
    rule = ("---" if place in words else "---:" for place in range(len(columns)))
    return [row_of(columns), f"|{'|'.join(rule)}|"]


def row_of(cells: Iterable[str]) -> str:
    """A row of a table in Markdown."""
    return f"| {' | '.join(cells)} |"


def stamp() -> str:
    """The heading of a chapter: when, and of what."""
    return f"### {datetime.datetime.now(datetime.UTC).date()}, ipmatch {version('ipmatch')} ({_commit()})"


def machine() -> str:
    """Where the figures are from."""
    return f"{os.cpu_count()} × {platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def _chapters(text: str) -> dict[str, str]:
    """The chapters of each part, as they stand."""
    found = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        found[title] = body[body.index("\n### ") + 1 :].rstrip("\n") + "\n" if "\n### " in body else ""
    return found


def _commit() -> str:
    """The commit, and whether files differ from it."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    return f"commit {done.stdout.strip()}" if done.returncode == 0 else "no commit"
