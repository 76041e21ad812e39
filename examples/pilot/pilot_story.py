"""The pilot from enrolment to results, command by command; nobody in it exists.

``python examples/pilot/pilot_story.py`` runs it elsewhere, and renews ``README.md`` and ``made/``.
"""

from __future__ import annotations

import io
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

from ipmatch.cli import main

HERE = Path(__file__).resolve().parent
MADE = HERE / "made"
PAGE = HERE / "README.md"
GIVEN = ("mentors.csv", "mentees.csv", "columns.toml", "survey.csv")
KEPT = ("cohort.json", "proposed.json", "decisions.json", "matching.json", "report.md", "figures.md")
# So much of what a command says is printed; the files in made/ hold all of it.
MOST_LINES = 100

BY = '--by "Programme lead"'
STEPS = (
    (
        "Enrolment",
        "Twelve mentors and ten mentees answered. Names and addresses go to a file of their own.",
        "import mentors.csv mentees.csv --columns columns.toml -o cohort.json --people people.private.csv",
    ),
    ("A look before matching", "Who takes part, what to ask, where mentors are scarce.", "check cohort.json"),
    (
        "The proposal",
        "By the pilot's own rule: scope and sector, else the same sector.",
        "match cohort.json --policy pilot-2023 -o proposed.json",
    ),
    (
        "Three mentors and a mentee withdraw",
        "Each decision says who, when and why; the journal is sealed, and nothing in it is ever edited.",
        f"decide cohort.json decisions.json withdraw M03 M07 M12 {BY} --when 2023-02-27 "
        '--reason "no capacity"',
    ),
    (
        "",
        "",
        f"decide cohort.json decisions.json withdraw E01 {BY} --when 2023-02-28 "
        '--reason "not in the job plan"',
    ),
    (
        "Matched again",
        "Nobody has met yet, so that the best pairing is taken afresh; equal ones go to the earlier pairs.",
        "rematch cohort.json --previous proposed.json --decisions decisions.json --keep tie-break "
        "-o matching.json",
    ),
    ("", "What changed, side by side.", "compare proposed.json matching.json"),
    ("", "Anybody can check the result, without a solver.", "verify cohort.json matching.json"),
    (
        "Confirmed",
        "A person confirms every pair; after the introduction they start, at the end they are completed.",
        f"decide cohort.json decisions.json confirm --all --matching matching.json {BY} --when 2023-03-01 "
        '--reason "looked at each pair"',
    ),
    (
        "",
        "",
        f"decide cohort.json decisions.json start --all --matching matching.json {BY} --when 2023-03-09 "
        '--reason "met at the introduction"',
    ),
    (
        "",
        "",
        f"decide cohort.json decisions.json complete --all --matching matching.json {BY} --when 2023-06-14 "
        '--reason "end of the pilot"',
    ),
    ("", "The story so far.", "history decisions.json"),
    (
        "Results",
        "The survey at the end gives the figures that the pilot's report published.",
        "followup cohort.json matching.json survey.csv",
    ),
    (
        "Report",
        "A report for the programme, and figures that may be published, in which small counts are hidden.",
        "report cohort.json matching.json -o report.md",
    ),
    ("", "", "report cohort.json matching.json --publish -o figures.md"),
)


def made() -> dict[Path, str]:
    """Every file the story leaves, and the page that tells it."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for name in GIVEN:
            shutil.copy(HERE / name, name)
        page = "\n".join(_page())
        files = {MADE / name: Path(name).read_text(encoding="utf-8") for name in KEPT}
    return {PAGE: page, **files}


def _page() -> Iterator[str]:
    yield "# The pilot, from enrolment to results\n"
    yield (
        "The NHS pilot of 2023, rebuilt from its report's figures; nobody here exists. Every command is run\n"
        "by `pilot_story.py`, and a test holds every output to the letter. The answers given are\n"
        "`mentors.csv`, `mentees.csv` and `survey.csv`; what comes of them is in `made/`. Where the report\n"
        "[disagrees with itself](../../docs/pilot-inconsistencies.md), the figures that agree are kept.\n"
    )
    for title, words, command in STEPS:
        if title:
            yield f"## {title}\n"
        if words:
            yield f"{words}\n"
        yield f"```sh\nipmatch {command}\n```\n"
        yield f"```text\n{_told(command)}\n```\n"


def _told(command: str) -> str:
    """What a command says, on a terminal of 80 columns."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.StringIO()
    columns, os.environ["COLUMNS"] = os.environ.get("COLUMNS"), "80"
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(shlex.split(command))
    finally:
        if columns is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = columns
    out.flush()
    buffer = out.detach()
    told = buffer.getvalue().decode("utf-8") if isinstance(buffer, io.BytesIO) else ""
    if code:
        raise SystemExit(f"{command}: exit {code}\n{told}{err.getvalue()}")
    lines = f"{told}{err.getvalue()}".rstrip().splitlines()
    more = [f"… and {len(lines) - MOST_LINES} lines more"] if len(lines) > MOST_LINES else []
    return "\n".join([*lines[:MOST_LINES], *more])


if __name__ == "__main__":
    MADE.mkdir(exist_ok=True)
    for path, text in made().items():
        path.write_text(text, encoding="utf-8", newline="\n")
