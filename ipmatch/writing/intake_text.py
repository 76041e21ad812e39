"""What an import read and noticed, as text: each sheet's columns, then what to ask and what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ipmatch.intake.report import Intake, Remark, SheetRead
from ipmatch.words import counted, listed
from ipmatch.writing.layout import Paper

__all__ = ["intake_text", "summary"]

MOST_ALIKE = 20

_READ_AS = {None: "(not read)", "ignore": "(left out)"}
_BESIDE = "(left out: beside another)"
_TITLES = (
    ("asked", "To ask about ({}): not known until then"),
    ("noted", "Noted ({}): read or left out as told"),
)


def intake_text(
    intake: Intake, *, width: int = 80, encoding: str = "utf-8", hints: Sequence[str] = ()
) -> str:
    """The report of an import; at most twenty remarks of a kind, and how many more there are."""
    paper = Paper(width, encoding)
    paper.say(summary(intake))
    paper.say(_counts(intake))
    for sheet in intake.sheets:
        _sheet(paper, sheet)
    for level, title in _TITLES:
        remarks = [remark for remark in intake.remarks if remark.level == level]
        if remarks:
            paper.heading(title.format(len(remarks)))
            _remarks(paper, remarks)
    paper.hint(hints)
    return str(paper)


def summary(intake: Intake) -> str:
    """How many people were read, and how much there is to ask."""
    asked = sum(remark.level == "asked" for remark in intake.remarks)
    people = f"{counted(intake.people.mentors, 'mentor')} and {counted(intake.people.mentees, 'mentee')}"
    sheets = counted(len(intake.sheets), "sheet")
    return f"Read {people} from {sheets}; {counted(asked, 'answer') if asked else 'nothing'} to ask about."


def _counts(intake: Intake) -> str:
    everyone = intake.people.mentors + intake.people.mentees
    told = [f"The scope of {intake.scopes_read} of {everyone} could be read."]
    if intake.known_before:
        told.append(f"{counted(intake.known_before, 'person', 'people')} known before kept the id.")
    if intake.replaced:
        told.append(f"{counted(intake.replaced, 'earlier answer')} of people who answered again left out.")
    if intake.both_roles:
        told.append(
            f"{counted(intake.both_roles, 'person', 'people')} in both roles: never paired with themselves."
        )
    if intake.no_consent:
        told.append(f"{counted(intake.no_consent, 'person', 'people')} did not agree: only the id is kept.")
    return " ".join(told)


def _sheet(paper: Paper, sheet: SheetRead) -> None:
    name = sheet.file if sheet.sheet is None else f"{sheet.file}, sheet {sheet.sheet}"
    whose = "mentors and mentees" if sheet.side == "both" else f"{sheet.side}s"
    paper.heading(f"{name}: {whose}, {counted(sheet.rows, 'row')}")
    rows = [
        (column.column, _read_as(column.field, column.how), " ".join(column.heading.split()))
        for column in sheet.columns
    ]
    paper.table(("column", "read as", "heading"), rows)


def _read_as(field: str | None, how: str) -> str:
    if field == "ignore" and how == "beside":
        return _BESIDE
    return _READ_AS.get(field, (field or "").replace("_", " "))


def _remarks(paper: Paper, remarks: Sequence[Remark]) -> None:
    """In the order of the sheets, what is said of one column alike once; of a kind the first twenty."""
    alike: dict[str, list[list[Remark]]] = defaultdict(list)
    for same in _together(remarks):
        groups = alike[same[0].code]
        groups.append(same)
        if len(groups) <= MOST_ALIKE:
            paper.say(f"- {_where(same)}: {same[0].what} {same[0].mend}".rstrip(), indent=2, further=2)
    for groups in alike.values():
        if more := sum(map(len, groups[MOST_ALIKE:])):
            first = groups[0][0]
            like = f" like row {first.row}" if first.row else ""
            paper.say(f"  and {more} more{like}", indent=2, further=2)


def _together(remarks: Sequence[Remark]) -> Iterable[list[Remark]]:
    """What differs in nothing but the row."""
    found: dict[tuple[str, ...], list[Remark]] = defaultdict(list)
    for remark in remarks:
        found[remark.code, _rowless(remark, "row"), remark.what, remark.mend].append(remark)
    return found.values()


def _rowless(remark: Remark, rows: str) -> str:
    """Its place, with other words for its row."""
    beside = f", column {remark.column}" if remark.column else ""
    return remark.where.replace(f"row {remark.row}{beside}", f"{rows}{beside}", 1)


def _where(same: Sequence[Remark]) -> str:
    if len(same) == 1:
        return same[0].where
    rows = [str(remark.row) for remark in same[:MOST_ALIKE]]
    more = [f"{len(same) - MOST_ALIKE} more"] if len(same) > MOST_ALIKE else []
    return _rowless(same[0], f"rows {listed([*rows, *more])}")
