"""The tables of a report: the same rows for the page, the workbook and Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ipmatch.answers.overviews import SupplyRow
from ipmatch.explaining.intervals import weight_words
from ipmatch.matching import Matching, Unmatched
from ipmatch.reporting.material import Material
from ipmatch.vocabulary.sectors import sector_label
from ipmatch.words import gained, lost
from ipmatch.writing import digest
from ipmatch.writing.json_document import json_text
from ipmatch.writing.report.grid import Table, table
from ipmatch.writing.report.price_tables import other_mentors

__all__ = ["loads", "tables_json", "tables_of"]


def tables_of(material: Material) -> dict[str, Table]:
    """Every table of the report, by key; one that was not asked for is not there."""
    matching = material.matching
    found = [
        _pairs(matching),
        _reasons(matching),
        *([other_mentors(material.prices)] if material.prices else []),
        _unmatched(matching),
        _spare(matching),
        _left_out(matching),
        _loads(material),
        _tiers(matching),
        *_supply(material.check.supply),
        *([_resilience(material)] if material.resilience is not None else []),
        *([_recruit(material)] if material.recruit is not None else []),
        *([_weights(material)] if material.sensitivity is not None else []),
        _levels(matching),
        _checks(material),
        _rules(material),
    ]
    return {each.key: each for each in found}


def tables_json(material: Material) -> str:
    """Every table as JSON: its title, its columns, and a list of cells for each row."""
    tables = {
        key: {
            "title": each.title,
            "note": each.note,
            "columns": [column.title for column in each.columns],
            "rows": each.rows,
        }
        for key, each in tables_of(material).items()
    }
    return json_text({"kind": "report", "version": 1, "tables": tables})


def _pairs(matching: Matching) -> Table:
    rows = (
        (
            pairing.mentor,
            pairing.mentee,
            digest.tier_words(pairing.tier),
            pairing.score,
            pairing.basis,
            digest.why(pairing),
        )
        for pairing in matching.pairings
    )
    note = "One row for each proposed pair. The reasons add up to the score."
    return table("pairs", "Pairs", note, "Mentor@|Mentee@|Tier|Score#|Basis|Why", rows)


def _reasons(matching: Matching) -> Table:
    rows = (
        (
            pairing.mentor,
            pairing.mentee,
            part.criterion.replace("_", " "),
            part.strength,
            part.points,
            part.because,
        )
        for pairing in matching.pairings
        for part in pairing.contributions
    )
    note = (
        "What each criterion gives to each pair: its strength, from 0 to 1, times its weight; for one "
        "organisation that is taken off."
    )
    columns = "Mentor@|Mentee@|Criterion|Strength#|Points#|Because"
    return table("reasons", "Reasons", note, columns, rows)


def _unmatched(matching: Matching) -> Table:
    rows = (
        (
            left.mentee,
            left.wanted,
            left.given,
            left.because.removesuffix(left.repairs[0].because if left.repairs else "").rstrip(),
            digest.decided_words(left.decided_by),
            _price(left),
            " ".join(repair.because for repair in left.repairs) or "No single change is known.",
        )
        for left in matching.unmatched_mentees
    )
    note = "Mentees with fewer mentors than they asked for, why, and what would bring one more."
    columns = "Mentee@|Asked for#|Given#|Why|Decided by|Price of placing them|What would fix it"
    return table("unmatched", digest.unmatched_title(matching), note, columns, rows)


def _price(left: Unmatched) -> str:
    return "" if left.loss is None else lost(left.loss)


def _spare(matching: Matching) -> Table:
    rows = ((spare.mentor, spare.capacity, spare.given, spare.because) for spare in matching.spare_mentors)
    note = "The reserve: whom to ask first if somebody withdraws."
    return table("spare", "Mentors with places left", note, "Mentor@|Places#|Used#|Why", rows)


def _left_out(matching: Matching) -> Table:
    rows = ((out.id, out.side, out.code.replace("-", " "), out.because) for out in matching.not_taking_part)
    note = "People who were left out before any matching."
    return table("left-out", "Not taking part", note, "Person@|Side|Reason|Because", rows)


def loads(material: Material) -> list[tuple[str, int, int]]:
    """Each mentor taking part, with the places they offer and those that are used."""
    used = Counter(pairing.mentor for pairing in material.matching.pairings)
    return [(mentor.id, mentor.capacity, used[mentor.id]) for mentor in material.people.mentors]


def _loads(material: Material) -> Table:
    note = "How many mentees each mentor has, of those they offered to take."
    return table("loads", "Load of each mentor", note, "Mentor@|Places#|Used#", loads(material))


def _tiers(matching: Matching) -> Table:
    rows = ((digest.tier_words(tier), count) for tier, count in matching.summary.tiers.items())
    return table("tiers", "Tiers", "What the two of each pair share.", "Tier|Pairs#", rows)


def _supply(supply: Sequence[SupplyRow]) -> Iterator[Table]:
    titles = {"sector": "sector", "scope-group": "scope group", "region": "region"}
    for kind, word in titles.items():
        rows = (
            (_named(row), row.mentors, row.places, row.mentees, row.wanted, max(0, row.wanted - row.places))
            for row in supply
            if row.kind == kind
        )
        note = "Among those who take part. A person with two of them stands in two rows."
        columns = f"{word.capitalize()}|Mentors#|Places#|Mentees#|Mentors asked for#|Short by#"
        yield table(f"supply-{kind}", f"Supply and demand by {word}", note, columns, rows)


def _named(row: SupplyRow) -> str:
    return sector_label(row.name) if row.kind == "sector" else row.name


def _resilience(material: Material) -> Table:
    rows = (
        (
            one.id,
            ", ".join(one.partners),
            None if one.repair is None else len(one.repair.newly_alone),
            None if one.best is None else len(one.best.newly_alone),
            one.because,
        )
        for one in material.resilience or ()
    )
    note = (
        "For each mentor on their own: who would be left alone if every other pair stayed, and if all were "
        "matched anew. Each is solved again, exactly."
    )
    columns = "Mentor@|Mentees|Left alone if others stay#|Left alone at best#|In words"
    return table("resilience", "If a mentor withdraws", note, columns, rows)


def _recruit(material: Material) -> Table:
    rows = (
        (
            sector_label(one.sector) if one.sector else "any",
            one.scope_group or "any",
            one.region or "any",
            gained(one.gain),
            one.because,
        )
        for one in material.recruit or ()
    )
    note = "What one more mentor of a kind would bring, exactly. Each is for one mentor: two do not add up."
    columns = "Sector|Scope group|Region|Would|In words"
    return table("recruit", "Whom to recruit", note, columns, rows)


def _weights(material: Material) -> Table:
    weighed = material.sensitivity.weights if material.sensitivity else ()
    percents = [sample.percent for sample in next((one.samples for one in weighed if one.samples), ())]
    rows = (
        (
            one.criterion.replace("_", " "),
            one.weight,
            "" if one.interval is None else weight_words(one.interval.low),
            ""
            if one.interval is None
            else "no limit"
            if one.interval.high is None
            else weight_words(one.interval.high),
            *((sample.kept for sample in one.samples) if one.samples else (None,) * len(percents)),
        )
        for one in weighed
    )
    kept = "".join(f"|Pairs kept at {percent:+d} %#" for percent in percents)
    note = "How far each weight may move, the others unchanged, before another pairing is better."
    return table("weights", "How far each weight may move", note, f"Criterion|Weight#|From|To{kept}", rows)


def _levels(matching: Matching) -> Table:
    note = f"What was maximised, one after the other. {digest.about_lottery(matching)}"
    return table("levels", "What was maximised", note, "Level|Value#|Proof", digest.level_rows(matching))


def _checks(material: Material) -> Table:
    flags: dict[str, dict[str, None]] = {}
    for pairing in material.matching.pairings:
        for flag in pairing.flags:
            flags.setdefault(flag.code, {})[f"{pairing.mentor} with {pairing.mentee}"] = None
    rows = [
        *(("warning", note.because) for note in material.matching.warnings),
        *(("to ask", note.because) for note in material.check.to_ask),
        *((f"pair: {code.replace('-', ' ')}", ", ".join(pairs)) for code, pairs in sorted(flags.items())),
    ]
    note = "What is not known or looks odd. What is not known never excludes anybody."
    return table("checks", "Data to check", note, "What|Whom and why", rows)


def _rules(material: Material) -> Table:
    rows = ((title, sentence) for title, sentences in material.rules for sentence in sentences)
    return table("rules", "Rules and record", "How this matching was made.", "Section|Sentence", rows)
