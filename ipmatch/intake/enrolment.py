"""From sheets of answers to a cohort, who the people are, and a report of everything noticed on the way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ipmatch.cohort import Cohort
from ipmatch.errors import Fault, InputError
from ipmatch.matching import Counts
from ipmatch.vocabulary.text import normalise, plain_words, spellings, suggest

from .answers import Answers, answers_of
from .column_map import ColumnMap
from .entries import entry_of
from .grid import short
from .headings import Layout, closest, shown
from .identity import Identity
from .organisations import Organisations
from .reading_of import Said
from .report import ColumnRead, Intake, Remark, SheetRead
from .same_person import identify, without_duplicates
from .unread import sheet_unread, unread_in
from .wishes import resolve_wishes

__all__ = ["Enrolment", "Known", "enrol", "lay_out_all"]

# A region given this seldom, and much like another, may be mistyped.
SELDOM = 2

_Entries = dict[str, list[tuple[dict[str, Any], Answers]]]
_ENTRY = re.compile(r"\b(mentors|mentees)\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier work decided: the column map, who has which id, what answers on scope mean."""

    columns: ColumnMap = field(default_factory=ColumnMap)
    people: Mapping[str, Identity] = field(default_factory=dict)
    scopes: Mapping[str, str] = field(default_factory=dict)
    organisations: Organisations = field(default_factory=Organisations)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A cohort read from answers, who its people are, how each column was read, and what there is to say.

    ``people`` holds everybody an earlier import knew, too; ``texts`` are free answers that no rule uses, as
    id, heading and answer.
    """

    cohort: Cohort
    people: tuple[Identity, ...]
    intake: Intake
    layouts: tuple[Layout, ...] = field(repr=False)
    texts: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)


def lay_out_all(layouts: Iterable[tuple[str, Layout | None]], chosen: ColumnMap) -> tuple[Layout, ...]:
    """The sheets that hold answers, once it is certain whose they are.

    Raises
    ------
    InputError
        If there are none, a sheet does not tell its side or holds nothing to match by, or a mapped heading is
        in no sheet.
    """
    found = [(place, layout) for place, layout in layouts if layout is not None]
    faults: list[Fault] = []
    for place, layout in found:
        if layout.side is None and not layout.by_row:
            mend = 'Name the sheet "mentors" or "mentees", or add a column "side".'
            faults.append(
                Fault(place, "its headings do not tell whether these are mentors or mentees.", mend)
            )
        elif not any(map(layout.of, ("scope", "scopes", "sectors"))):
            faults.append(_nothing_to_match_by(place, layout))
    headings = {plain_words(column.heading) for _, layout in found for column in layout.columns}
    for heading, place in chosen.headings.items():
        if heading not in headings:
            close = suggest(heading, headings)
            hint = f'Did you mean "{close}"?' if close else "Copy it from the sheet."
            faults.append(Fault(place, "no sheet has this heading.", hint))
    if not found:
        read = ", ".join(place for place, _ in layouts)
        faults.append(
            Fault(read, "no sheet holds answers of mentors or mentees.", "Check the headings, in row 1.")
        )
    if faults:
        raise InputError(faults)
    return tuple(layout for _, layout in found)


def _nothing_to_match_by(place: str, layout: Layout) -> Fault:
    what = 'no column looks like "scope of prescribing practice" or "sectors".'
    near = closest("scope", layout.columns) or closest("sectors", layout.columns)
    if near is None:
        return Fault(place, what, "Name them in the column map.")
    column, like = near
    mapped = f'scope = "{short(column.heading)}" under [{layout.side or "column"}s]'
    return Fault(place, what, f"Closest: {shown(column)} ({like}% alike). Write {mapped} in a column map.")


def enrol(layouts: Sequence[Layout], known: Known, left_out: Iterable[str] = ()) -> Enrolment:
    """The cohort of these sheets; ``left_out`` are the places of others that hold no answers.

    Raises
    ------
    InputError
        If answers contradict each other in a way no cohort can hold; every fault has its cell.
    """
    remarks = [sheet_unread(place) for place in left_out]
    remarks += [remark for layout in layouts for remark in unread_in(layout)]
    answered: list[Answers] = []
    for layout in layouts:
        answers, said = answers_of(layout, known.columns.regions)
        answered += answers
        remarks += said
    everyone, said = without_duplicates(answered)
    _spell_regions_alike(everyone)
    people = identify(everyone, known.people)
    remarks += [*said, *resolve_wishes(everyone, people), *_seldom_regions(everyone, known.columns.regions)]
    entries: _Entries = {"mentors": [], "mentees": []}
    scopes_read = 0
    for one, identity in zip(everyone, people, strict=True):
        entry, said = entry_of(one, identity, known.scopes, known.organisations)
        entries[f"{one.side}s"].append((entry, one))
        scopes_read += bool(entry.get("scopes"))
        remarks += said
    for side in entries.values():
        side.sort(key=lambda pair: _by_number(pair[0]["id"]))
    intake = Intake(
        people=Counts(mentors=len(entries["mentors"]), mentees=len(entries["mentees"])),
        known_before=sum(identity.id in known.people for identity in people),
        no_consent=sum(one.values.get("consent") is False for one in everyone),
        replaced=len(answered) - len(everyone),
        both_roles=sum(count > 1 for count in Counter(one.person for one in people if one.person).values()),
        scopes_read=scopes_read,
        sheets=tuple(map(_sheet, layouts)),
        remarks=tuple(sorted(remarks, key=_place_order(layouts))),
    )
    everybody = {**known.people, **{identity.id: identity for identity in people}}
    texts = tuple(_texts(everyone, people))
    return Enrolment(
        _cohort(entries, known.columns), tuple(everybody.values()), intake, tuple(layouts), texts
    )


def _cohort(entries: _Entries, chosen: ColumnMap) -> Cohort:
    programme = {"name": chosen.name, "regions": list(chosen.regions)}
    data = {side: [entry for entry, _ in pairs] for side, pairs in entries.items()}
    try:
        return Cohort.model_validate({"programme": programme, **data})
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    faults = [_fault(detail, entries) for detail in details]
    raise InputError(fault for _, fault in sorted(faults, key=lambda placed: placed[0]))


def _fault(detail: Any, entries: _Entries) -> tuple[tuple[int, str], Fault]:
    """What a model says is wrong, by the row and cell it came from."""
    side, index, name = (*detail["loc"], "", "", "")[:3]
    what = _ENTRY.sub(lambda found: entries[found[1]][int(found[2])][1].place, detail["ctx"]["what"])
    if side not in entries or not isinstance(index, int):
        return (0, ""), Fault("", what, detail["ctx"]["mend"])
    one = entries[str(side)][index][1]
    column = one.columns.get(str(name))
    return (one.row, column.letters if column else ""), Fault(
        one.cell(str(name)), what, detail["ctx"]["mend"]
    )


def _spell_regions_alike(everyone: Sequence[Answers]) -> None:
    """Regions are compared by their words; in every table and sentence one spelling stands for all."""
    spelt = spellings(one.values["region"] for one in everyone if one.values.get("region"))
    for one in everyone:
        if one.values.get("region"):
            one.values["region"] = spelt[one.values["region"]]


def _seldom_regions(everyone: Sequence[Answers], regions: Sequence[str]) -> Iterator[Remark]:
    if regions:
        return
    spelt = Counter(normalise(one.values["region"]) for one in everyone if one.values.get("region"))
    for one in everyone:
        region = normalise(one.values.get("region") or "")
        if region and spelt[region] <= SELDOM:
            often = [name for name, count in spelt.items() if count > SELDOM * spelt[region]]
            if close := suggest(region, often):
                what = f'this region looks like "{close.title()}", and is read as another one.'
                yield one.remark(
                    Said("asked", "seldom-region", what, "Correct it if it is the same."), "region"
                )


def _sheet(layout: Layout) -> SheetRead:
    grid = layout.grid
    columns = tuple(
        ColumnRead(column=column.letters, heading=column.heading, field=column.field, how=column.how)
        for column in layout.columns
    )
    rows = sum(any(cell != "" for cell in row) for row in grid.rows[layout.head + 1 :])
    return SheetRead(file=grid.file, sheet=grid.sheet, side=layout.side or "both", rows=rows, columns=columns)


def _place_order(layouts: Sequence[Layout]) -> Any:
    places = {layout.grid.place: order for order, layout in enumerate(layouts)}

    def order(remark: Remark) -> tuple[int, int, int, str]:
        sheet = max((place for place in places if remark.where.startswith(place)), key=len, default="")
        letters = remark.column or ""
        return (places.get(sheet, -1), remark.row or 0, len(letters), letters)

    return order


def _by_number(identifier: str) -> tuple[int, str]:
    return (len(identifier), identifier)


def _texts(everyone: Sequence[Answers], people: Sequence[Identity]) -> Iterator[tuple[str, str, str]]:
    for one, identity in zip(everyone, people, strict=True):
        if one.values.get("wishes") and one.values.get("consent") is not False:
            yield identity.id, one.columns["wishes"].heading, one.values["wishes"]
