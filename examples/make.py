"""Renew what is made from the examples written by hand: ``python examples/make.py [--check]``.

With ``--check`` nothing is written, and the exit code is 1 if a file is not what this script makes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ipmatch.cohort import Cohort
from ipmatch.study import match
from ipmatch.synthetic import demo_cohort

HERE = Path(__file__).parent
GOLDEN = ("pairs", "contract")


def made() -> dict[str, str]:
    """The text of every made file, by its name."""
    files = {f"{name}.matching.json": _matching(HERE / f"{name}.json") for name in GOLDEN}
    return files | {"demo-500.json": "".join(_one_person_a_line(demo_cohort(480, 500, seed=1)))}


def _matching(path: Path) -> str:
    matching = match(Cohort.model_validate_json(path.read_text(encoding="utf-8")))
    return json.dumps(matching.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def _one_person_a_line(cohort: Cohort) -> Iterator[str]:
    """The cohort as JSON, without what is unknown or usual, so that a change shows as one line."""
    plain = cohort.model_dump(mode="json", exclude_defaults=True)
    yield f'{{"kind":"cohort","version":1,\n"programme":{_compact(plain["programme"])}'
    for field in ("mentors", "mentees", "required_pairs", "forbidden_pairs"):
        yield f',\n"{field}":[\n' + ",\n".join(map(_compact, plain[field])) + "]"
    yield "}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def main() -> int:
    """Write the made files, or compare them; gives the exit code."""
    stale = []
    for name, text in made().items():
        path = HERE / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8", newline="\n")
    print(
        f"{'Stale' if '--check' in sys.argv else 'Renewed'}: {', '.join(stale)}" if stale else "Up to date."
    )
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
