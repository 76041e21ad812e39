"""Which report in which form: what each is made by, and which suffixes each may have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ipmatch.reporting.material import Material
from ipmatch.writing import files

if TYPE_CHECKING:
    from ipmatch.intake.identity import Identity

__all__ = ["Kind", "check", "made", "suffixes_of"]

Kind = Literal["report", "letters", "sheets", "publish"]

_SUFFIXES: Mapping[Kind, tuple[str, ...]] = {
    "report": (".html", ".xlsx", ".md", ".json"),
    "letters": (".csv", ".html"),
    "sheets": (".html",),
    "publish": (".html", ".xlsx", ".md"),
}


def suffixes_of(kind: Kind) -> tuple[str, ...]:
    """The forms that a kind of report has."""
    return _SUFFIXES[kind]


def check(destinations: Iterable[str], kind: Kind, *, force: bool) -> None:
    """Find out before any work whether these could be written.

    Raises
    ------
    UsageError
        With everything wrong at once.
    """
    files.check_destinations(destinations, force=force, suffixes=_SUFFIXES[kind])


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
