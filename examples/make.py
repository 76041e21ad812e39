"""Renew what is made from the examples written by hand: ``python examples/make.py [--check]``.

Made are the matchings, the large cohort, the pilot's story, and the picture of the terminal in the README.
With ``--check`` nothing is written, and the exit code is 1 if a file is not what this script makes.
"""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

from ipmatch.cohort import Cohort
from ipmatch.front_door import match
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.json_document import json_text

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
README = ROOT / "README.md"
WITH_MATCHING = ("pairs", "contract")
PICTURE = re.compile(
    r"(?<=<!-- made by examples/make.py -->\n```text\n).*?(?=^```$)", re.DOTALL | re.MULTILINE
)


def made() -> dict[Path, str]:
    """The text of every made file."""
    files = {EXAMPLES / f"{name}.matching.json": _matching(name) for name in WITH_MATCHING}
    files[EXAMPLES / "demo-500.json"] = json_text(demo_cohort(480, 500, seed=1), brief=True)
    files |= runpy.run_path(str(EXAMPLES / "pilot" / "pilot_story.py"))["made"]()
    files[README] = PICTURE.sub(lambda _: _terminal(), _text(README), count=1)
    return files


def _matching(name: str) -> str:
    return json_text(match(Cohort.model_validate_json(_text(EXAMPLES / f"{name}.json"))))


def _terminal() -> str:
    """What the first command of the README prints where no terminal gives its width."""
    command = [sys.executable, "-m", "ipmatch", "examples/pairs.json"]
    quiet = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    done = subprocess.run(command, cwd=ROOT, env=quiet, check=True, capture_output=True, encoding="utf-8")
    return done.stdout


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    """Write the made files, or compare them; gives the exit code."""
    checking = "--check" in sys.argv
    stale = {path: text for path, text in made().items() if _text(path) != text}
    for path, text in stale.items():
        if not checking:
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{'stale' if checking else 'renewed'}: {path.relative_to(ROOT)}")
    return int(checking and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
