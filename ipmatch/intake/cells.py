"""Answers to closed questions in every form they are given: yes or no, a choice, a point of a scale."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from functools import partial

from ipmatch.vocabulary.text import normalise, plain_words, suggest

from .grid import Cell
from .reading_of import ReadingOf, asked, echo, noted, text_of, value

__all__ = [
    "read_choice",
    "read_confidence",
    "read_frequency",
    "read_meeting_mode",
    "read_status",
    "read_yes_no",
]

CONFIDENCE = (
    "not at all confident",
    "not very confident",
    "neither confident nor unconfident",
    "quite confident",
    "confident",
)
_YES = re.compile(r"(?:yes|y|true|agree|agreed|i agree|i do|i consent|consent|1|✓|✔|☑)(?![\w'])")
_NO = re.compile(
    r"(?:no|n|false|disagree|i disagree|i do not agree|i do not consent|i do not|i don't|0|✗|✘|☐)(?![\w'])"
)
_SKIP = re.compile(r"[\s,.;:(-]*(?:please|thanks|thank you|continue|skip|go to)\b.*", re.DOTALL)
_RESERVE = re.compile(r"\b(?:but|unless|except)\b")
_SCALE = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?: ?/ ?5| out of 5)?[\s.:,;)(-]*(?P<label>.*)", re.DOTALL)
_NOTHING = frozenset(
    [
        "",
        "n/a",
        "na",
        "n.a",
        "not applicable",
        "-",
        "--",
        "?",
        "unknown",
        "not known",
        "prefer not to say",
        "tbc",
    ]
)
# A hard space or two may stand around it.
LONGEST_NOTHING = 24


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing: empty, a dash, "n/a"."""
    return isinstance(cell, str) and len(cell) <= LONGEST_NOTHING and normalise(cell) in _NOTHING


def read_yes_no(cell: Cell) -> ReadingOf:
    """True or False; a survey's own words may follow ("Yes – please continue"), but no other answer."""
    text = normalise(text_of(cell))
    for pattern, answer in ((_YES, True), (_NO, False)):
        if start := pattern.match(text):
            rest = text[start.end() :]
            if not rest or (_SKIP.fullmatch(rest) and not _RESERVE.search(rest)):
                return value(answer)
            if re.match(r"\s*[-,.;:(]", rest) and not re.search(
                r"\b(but|not|no|yes|unless|except|if)\b", rest
            ):
                return value(answer)
            break
    return asked("unclear", f"{echo(cell)} is neither a plain yes nor a plain no.", "Write Yes or No.")


def read_choice(cell: Cell, options: Mapping[str, str], other: str | None = None) -> ReadingOf:
    """The choice whose name or alias the answer is; ``options`` maps plain words to choices."""
    words = plain_words(text_of(cell))
    if words in options:
        return value(options[words])
    shown = list(dict.fromkeys(options.values()))
    if other and (words == "other" or words.startswith("other ")):
        return value(other)
    close = suggest(words, options)
    hint = f'Did you mean "{options[close]}"? ' if close else ""
    mend = f"{hint}The options are {', '.join(shown)}."
    if other and not close:
        return noted(other, "read-as-other", f"{echo(cell)} is not among them: read as other.", mend)
    return asked("not-an-option", f"{echo(cell)} is not one of the options.", mend)


def read_confidence(cell: Cell) -> ReadingOf:
    """1 to 5: a number, a label, or both if they agree."""
    text = normalise(text_of(cell))
    scale = _SCALE.fullmatch(text)
    label = plain_words(scale["label"] if scale else text)
    by_label = CONFIDENCE.index(label) + 1 if label in CONFIDENCE else None
    mend = "Write 1 (not at all confident) to 5 (confident)."
    if scale is None:
        return (
            value(by_label)
            if by_label
            else asked("not-an-option", "this answer is no point of the scale.", mend)
        )
    number = float(scale["number"])
    if number not in (1, 2, 3, 4, 5):
        return asked("not-an-option", f"{echo(cell)} is no point of the scale.", mend)
    if label and by_label is None:
        return asked("unclear", "the words beside the number are not those of the scale.", mend)
    if by_label and by_label != number:
        return asked("contradiction", "the number and the words are two points of the scale.", mend)
    return value(int(number))


_FREQUENCY = {
    "daily": "daily",
    "every day": "daily",
    "most days": "daily",
    "weekly": "weekly",
    "every week": "weekly",
    "once a week": "weekly",
    "monthly": "monthly",
    "every month": "monthly",
    "once a month": "monthly",
    "never": "never",
    "not at all": "never",
}
_MEETING = {
    "virtual": "virtual",
    "virtually": "virtual",
    "online": "virtual",
    "remote": "virtual",
    "teams": "virtual",
    "in person": "in-person",
    "face to face": "in-person",
    "either": "either",
    "both": "either",
    "mixed": "either",
    "hybrid": "either",
    "mixed virtual and in person": "either",
    "virtual or in person": "either",
    "no preference": "either",
    "don t mind": "either",
}
_STATUS = {name: name for name in ("enrolled", "paused", "withdrawn", "ended")}

Reader = Callable[[Cell], ReadingOf]
read_frequency: Reader = partial(read_choice, options=_FREQUENCY, other="other")
read_meeting_mode: Reader = partial(read_choice, options=_MEETING)
read_status: Reader = partial(read_choice, options=_STATUS)


def is_moment(cell: Cell) -> bool:
    """Whether a spreadsheet holds the cell as a date or a time."""
    return isinstance(cell, date | time | timedelta)
