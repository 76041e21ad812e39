"""What an analyst asks of a matching, as text: how sure it is, how far weights may move, whom to recruit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ipmatch.answers.insights import Ambiguity, Analysis, Odds, Profile, Sensitivity, WeightSensitivity
from ipmatch.cohort import Cohort
from ipmatch.document import Rational, decimal_of
from ipmatch.words import counted
from ipmatch.writing import digest
from ipmatch.writing.layout import Paper, number

__all__ = ["analysis_text"]

# The text shows so many of the people whom the lottery decided about; JSON has all.
MOST_ODDS = 10


def analysis_text(
    analysis: Analysis, *, cohort: Cohort | None = None, width: int = 80, encoding: str = "utf-8"
) -> str:
    """All that an analysis tells, for a terminal; the cohort only for people's names."""
    paper, label = Paper(width, encoding), digest.labels_of(cohort)
    _ambiguity(paper, analysis.ambiguity, label)
    _sensitivity(paper, analysis.sensitivity)
    _recruit(paper, analysis.recruit)
    return str(paper)


def _ambiguity(paper: Paper, ambiguity: Ambiguity, label: digest.Label) -> None:
    paper.heading("How sure the pairing is")
    paper.say(ambiguity.because, indent=2)
    if not ambiguity.people:
        return
    seeds = f"sampled with the seeds 0 to {ambiguity.drawings - 1}"
    paper.say(f"Whom the lottery decides about, {seeds}:", indent=2)
    # Those whose odds are nearest to even say most about the lottery.
    even = sorted(ambiguity.people, key=lambda odds: (abs(2 * odds.drawn - ambiguity.drawings), odds.id))
    rows = [(label(odds.id), _odds(odds, ambiguity.drawings)) for odds in even[:MOST_ODDS]]
    paper.listing(rows, indent=4)
    if len(even) > MOST_ODDS:
        paper.say(f"and {counted(len(even) - MOST_ODDS, 'other')}.", indent=4)


def _odds(odds: Odds, drawings: int) -> str:
    now = "has one now" if odds.chosen else "has none now"
    partner = "mentor" if odds.side == "mentee" else "mentee"
    return f"given a {partner} in {odds.drawn:,} of {drawings:,} drawings; {now}"


def _sensitivity(paper: Paper, sensitivity: Sensitivity) -> None:
    paper.heading("How far each weight may move, the others unchanged")
    paper.say(sensitivity.because, indent=2)
    if not sensitivity.weights:
        return
    percents = [sample.percent for sample in next((w.samples for w in sensitivity.weights if w.samples), ())]
    headings = ["weight", "today", "from", "to", *(f"{percent:+d} %" for percent in percents), "steady"]
    rows = [_row(weight, sensitivity.pairs, percents) for weight in sensitivity.weights]
    paper.lines.append("")
    paper.table(headings, rows, right=range(1, len(headings)))
    paper.lines.append("")
    paper.say(
        '"-20 %" and so on: pairs unchanged if that weight alone is so much less or more. "steady": pairs in '
        "every best pairing at every weight within 10 %.",
        indent=2,
    )
    sentences = [(_name(weight), _sentences(weight)) for weight in sensitivity.weights if weight.interval]
    if sentences:
        paper.heading("What would change first")
        paper.listing(sentences)


def _row(weight: WeightSensitivity, pairs: int, percents: Sequence[int]) -> list[str]:
    kept = {sample.percent: sample.kept for sample in weight.samples}
    interval = weight.interval
    return [
        _name(weight),
        number(weight.weight),
        _decimal(interval.low) if interval else "",
        ("no end" if interval.high is None else _decimal(interval.high)) if interval else "",
        *(_share(kept.get(percent), pairs) for percent in percents),
        "" if weight.steady is None else f"{weight.steady:,}",
    ]


def _name(weight: WeightSensitivity) -> str:
    return weight.criterion.replace("_", " ")


def _sentences(weight: WeightSensitivity) -> str:
    interval = weight.interval
    parts = (interval, interval.below, interval.above) if interval else ()
    return " ".join(part.because for part in parts if part is not None)


def _decimal(value: Rational) -> str:
    """Three places; the sentences have the exact fraction."""
    return number(decimal_of(round(Fraction(value.numerator, value.denominator) * 1000), 1000))


def _share(kept: int | None, pairs: int) -> str:
    """A share in whole per cent; all and none are said only where they are."""
    if kept is None or not pairs:
        return ""
    percent = round(Fraction(100 * kept, pairs))
    if kept < pairs:
        percent = min(percent, 99)
    return f"{max(percent, 1) if kept else 0} %"


def _recruit(paper: Paper, profiles: Sequence[Profile]) -> None:
    paper.heading("Whom to look for")
    if not profiles:
        words = (
            "Of the kinds of one more mentor that were tried, by the mentees' sectors, scopes and regions, "
            "none is sure to help."
        )
        paper.say(words, indent=2)
        return
    for place, profile in enumerate(profiles, start=1):
        paper.say(f"{place}. {profile.because}", indent=2, further=3)
    paper.say(
        "Each is for one mentor alone, with one place, of whom nothing else is known; the gains of two do "
        "not add up.",
        indent=2,
    )
