"""The pilot's story: matched, three mentors and one mentee withdraw, matched again, compared.

``python examples/story.py`` renews ``withdrawals.md``; nobody in it exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Literal

from ipmatch import Cohort, Decision, Matching, compare, match, rematch
from ipmatch.writing.comparison_text import comparison_text
from ipmatch.writing.files import text_of
from ipmatch.writing.layout import number

EXAMPLES = Path(__file__).resolve().parent
PAGE = EXAMPLES / "withdrawals.md"
COLUMNS = 96

KEEPS: dict[Literal["all", "after-placed", "tie-break"], str] = {
    "all": "Every earlier pair still possible stays: people have met. This is the default.",
    "after-placed": "A pair is given up only where that places one mentee more, and as few as possible are.",
    "tie-break": "The best matching of those who are left, as if nobody had met; "
    "among equally good ones, the one that keeps most.",
}


def enrolled() -> Cohort:
    """The pilot's people before anybody withdrew."""
    pilot = Cohort.model_validate_json((EXAMPLES / "pairs.json").read_text(encoding="utf-8"))
    everyone = {
        side: tuple(person.model_copy(update={"status": "enrolled"}) for person in getattr(pilot, side))
        for side in ("mentors", "mentees")
    }
    return pilot.model_copy(update=everyone)


def withdrawals() -> list[Decision]:
    """Those who withdrew, as ``pairs.json`` has them."""
    return [Decision(kind="withdraw", id=identifier) for identifier in ("M10", "M11", "M12", "E10")]


def made() -> str:
    """The text of the page."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    cohort, decisions = enrolled(), withdrawals()
    first = match(cohort)
    gone = [str(decision.id) for decision in decisions]
    yield "# Three mentors withdraw\n"
    yield (
        "The pilot of 2023 lost three of its twelve mentors and one of its ten mentees after pairing.\n"
        "This is that story on the rebuilt, synthetic cohort of `pairs.json`, everyone enrolled at first.\n"
        "It is made by `examples/story.py`, and a test holds it to the letter.\n"
    )
    yield f"## First: {first.summary.placed} of {len(cohort.mentees)} paired\n"
    yield _block(_before_the_proof(text_of(first, "text", cohort=cohort, columns=COLUMNS)))
    yield f"## Then {', '.join(gone[:-1])} and {gone[-1]} withdraw\n"
    options = " ".join(f"--withdraw {identifier}" for identifier in gone)
    yield _block(f"ipmatch rematch enrolled.json --previous matching.json {options}\n", "sh")
    again = {keep: rematch(cohort, previous=first, keep=keep, decisions=decisions) for keep in KEEPS}
    for keep, words in KEEPS.items():
        yield f"### `--keep {keep}`\n"
        yield f"{words}\n"
        if keep != "all" and again[keep].pairs() == again["all"].pairs():
            yield "Here that is the same as `--keep all`: giving up a pair would place nobody more.\n"
            continue
        yield _block(_before_the_pairs(text_of(again[keep], "text", cohort=cohort, columns=COLUMNS)))
    yield "## What keeping costs\n"
    yield from _costs(again)
    yield "## The first matching beside the second\n"
    yield _block("ipmatch compare matching.json rematched.json\n", "sh")
    names = ("matching.json", "rematched.json")
    yield _block(comparison_text(compare(first, again["all"]), names, width=COLUMNS))


def _costs(again: dict[Literal["all", "after-placed", "tie-break"], Matching]) -> Iterator[str]:
    yield "| keep | earlier pairs kept | mentees placed | total score |"
    yield "|---|---:|---:|---:|"
    for keep, matching in again.items():
        told, score = matching.rematch, sum((pairing.score for pairing in matching.pairings), Decimal(0))
        if told is not None:
            kept = f"{told.kept} of {told.still_possible} still possible"
            yield f"| `{keep}` | {kept} | {matching.summary.placed} | {number(score)} |"
    yield ""


def _before_the_proof(text: str) -> str:
    return text.partition("\nWarnings")[0].partition("\nMaximised")[0]


def _before_the_pairs(text: str) -> str:
    return text.partition("\nPairs")[0]


def _block(text: str, language: str = "text") -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(made(), encoding="utf-8", newline="\n")
