"""Which report in which form: what each is made by, and which suffixes each may have."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ipmatch.cohort import Cohort
from ipmatch.expecting import PATH, expect, one_of, several, whole
from ipmatch.intake.identity import Identity
from ipmatch.matching import Matching
from ipmatch.reporting.material import Material, gather
from ipmatch.writing import files
from ipmatch.writing.whole import write_whole

if TYPE_CHECKING:
    from ipmatch.scoring.criteria import Criterion

__all__ = ["Kind", "check", "made", "write_report"]

Kind = Literal["report", "letters", "sheets", "publish"]

_SUFFIXES: Mapping[Kind, tuple[str, ...]] = {
    "report": (".html", ".xlsx", ".md", ".json"),
    "letters": (".csv", ".html"),
    "sheets": (".html",),
    "publish": (".html", ".xlsx", ".md"),
}


def write_report(
    matching: Matching,
    destination: str | os.PathLike[str],
    *,
    cohort: Cohort,
    kind: Kind = "report",
    people: Mapping[str, Identity] | None = None,
    threshold: int | None = None,
    criteria: Iterable[Criterion] = (),
    force: bool = False,
) -> None:
    """Write the report of a matching, its letters, its pair sheets or what may be published, by the suffix.

    Parameters
    ----------
    kind
        ``report``, ``letters``, ``sheets`` or ``publish``.
    people
        Who stands behind each id, as ``read_people`` gives it: the only source of names. What holds names
        can be read by its owner only.
    threshold
        The smallest count that may be published.
    criteria
        The user's own, if the matching was made with any.
    force
        Replace a file that exists.

    Raises
    ------
    UsageError
        If this kind has no such form, or the file exists.
    InputError
        If the matching is not what it says.
    OutputError
        If it could not be written.
    """
    expect(
        matching=(matching, Matching),
        destination=(destination, *PATH),
        cohort=(cohort, Cohort),
        people=(people, Mapping, None),
        force=(force, bool),
    )
    several("people", (people or {}).values(), Identity)
    one_of("kind", kind, _SUFFIXES)
    threshold = None if threshold is None else whole("threshold", threshold)
    path = os.fspath(destination)
    check([path], kind, force=force)
    material = gather(cohort, matching, criteria=criteria, people=people, asking=kind == "report")
    content = made(material, path, kind, people=people or {}, threshold=threshold)
    write_whole(Path(path), content, force=force, private=people is not None)


def check(destinations: Iterable[str], kind: Kind, *, force: bool, read: Iterable[str] = ()) -> None:
    """Find out before any work whether these could be written, and nothing that is ``read`` would be lost.

    Raises
    ------
    UsageError
        With everything wrong at once.
    OutputError
        If there is no folder to write one in.
    """
    files.check_destinations(destinations, force=force, suffixes=_SUFFIXES[kind], read=read)


def made(
    material: Material,
    destination: str,
    kind: Kind = "report",
    *,
    people: Mapping[str, Identity] | None = None,
    threshold: int | None = None,
) -> str | bytes:
    """The content of a file, by its suffix.

    Parameters
    ----------
    people
        Whom letters are addressed to.
    threshold
        The smallest count that may be published.

    Raises
    ------
    MissingExtraError
        If the library that a form needs is not installed.
    """
    suffix = Path(destination).suffix.lower()
    match kind:
        case "letters":
            from ipmatch.writing.report.letters import letters_csv, letters_page

            return letters_csv(material, people or {}) if suffix == ".csv" else letters_page(material)
        case "sheets":
            from ipmatch.writing.report.sheets import sheets_page

            return sheets_page(material)
        case "publish":
            from ipmatch.writing.report import publication

            return publication.made(material, suffix, threshold)
    if suffix == ".xlsx":
        from ipmatch.writing.report.workbook import workbook_bytes

        return workbook_bytes(material)
    if suffix == ".json":
        from ipmatch.writing.report.tables import tables_json

        return tables_json(material)
    if suffix == ".md":
        from ipmatch.writing.report.markdown import report_markdown

        return report_markdown(material)
    from ipmatch.writing.report.page import page_text

    return page_text(material)
