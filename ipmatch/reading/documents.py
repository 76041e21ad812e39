"""read_cohort and its like: a file as its document, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from ipmatch.cohort import Cohort
from ipmatch.decisions import Decisions
from ipmatch.document import Document, called, keeping
from ipmatch.errors import Fault, InputError, UsageError
from ipmatch.expecting import expect
from ipmatch.policy import PRESETS, Policy
from ipmatch.vocabulary.text import suggest
from ipmatch.words import listed

from . import sources
from .json_text import parse_json
from .sources import SPREADSHEETS, STANDARD_INPUT, Source, known_suffix, name_of, read_text, suffix_of
from .values import Finding

if TYPE_CHECKING:
    from ipmatch.matching import Matching

    from .tables import Table

__all__ = ["is_table", "read_cohort", "read_decisions", "read_document", "read_matching", "read_policy"]

AnyDocument = TypeVar("AnyDocument", bound=Document)


def read_cohort(source: Source) -> Cohort:
    """The cohort of a ``.json`` file, of a table, or of a spreadsheet of answers; ``-`` reads JSON.

    A table is a ``.parquet`` file, or a ``.csv`` whose headings are ``side``, ``id`` and others of a cohort's
    own fields: it is read exactly, as JSON is. Any other ``.csv``, and ``.xlsx``, is read as
    :func:`ipmatch.read_enrolment` does, if every answer can be read for certain.

    Raises
    ------
    UsageError
        If there is no such file, or its suffix is not one that is read.
    InputError
        If it is not a cohort; ``faults`` lists everything wrong with it, in the order of the file.
    """
    with keeping():
        if (table := _table(source)) is not None:
            from .bulk import cohort_of_table

            return cohort_of_table(table)
    if suffix_of(source) in SPREADSHEETS:
        from .enrolments import read_spreadsheet

        return read_spreadsheet(source)
    return _read(source, Cohort, (".json", *SPREADSHEETS, ".parquet"))


def is_table(source: Source) -> bool:
    """Whether a cohort is read as a table of exact answers, rather than as answers in people's own words.

    Raises
    ------
    UsageError
        If there is no such file.
    """
    if suffix_of(source) != ".csv":
        return suffix_of(source) == ".parquet"
    from .cohort_csv import is_cohort_csv

    return is_cohort_csv(source)


def _table(source: Source) -> Table | None:
    if not is_table(source):
        return None
    if suffix_of(source) == ".csv":
        from .cohort_csv import csv_table

        return csv_table(source)
    from .columnar import parquet_table

    return parquet_table(source)


def read_matching(source: Source) -> Matching:
    """The matching of a ``.json`` file, as :func:`ipmatch.write` wrote it; ``-`` reads standard input.

    Raises
    ------
    UsageError
        If there is no such file, or its suffix is not one that is read.
    InputError
        If it is not a matching; ``faults`` lists everything wrong with it, in the order of the file.
    """
    from ipmatch.matching import Matching  # a dozen models, of which most commands need none

    return _read(source, Matching, (".json",), largest=sources.LARGEST_MATCHING)


def read_decisions(source: Source, *, cohort: Cohort | None = None) -> Decisions:
    """The decisions of a ``.json`` file; ``-`` reads standard input.

    Parameters
    ----------
    cohort
        The people: whom a decision names and who is not among them is then a fault of the file, too.

    Raises
    ------
    UsageError
        If there is no such file, or its suffix is not one that is read.
    InputError
        If it is not a document of decisions; ``faults`` lists everything wrong with it, in the order of the
        file. A journal changed by hand is refused, with the line.
    """
    from .journals import faults_of_journal, strangers_in

    expect(cohort=(cohort, Cohort, None))
    beside = partial(strangers_in, cohort) if cohort else None
    return _read(source, Decisions, (".json",), check=faults_of_journal, beside=beside)


def read_document(source: Source, model: type[AnyDocument]) -> AnyDocument:
    """The document of another kind in a ``.json`` file, by its model; ``-`` reads standard input.

    Raises
    ------
    UsageError, InputError
        As :func:`read_cohort`.
    """
    return _read(source, model, (".json",))


def read_policy(source: Source) -> Policy:
    """The policy of a ``.toml`` or ``.json`` file, or a preset by name; ``-`` reads JSON from standard input.

    Raises
    ------
    UsageError
        If there is no such preset or file, or its suffix is not one that is read.
    InputError
        If it is not a policy; ``faults`` lists everything wrong with it, in the order of the file.
    """
    if source in PRESETS:
        return Policy.model_validate({"preset": source})
    if isinstance(source, str) and _is_bare_word(source):
        close = suggest(source, PRESETS)
        hint = f'Did you mean "{close}"? ' if close else ""
        mend = f"{hint}Presets: {', '.join(PRESETS)}; or give a .toml or .json file."
        raise UsageError([Fault(name_of(source), "there is no preset of this name.", mend)])
    return _read(source, Policy, (".toml", ".json"))


def _is_bare_word(source: str) -> bool:
    bare = source != STANDARD_INPUT and not suffix_of(source) and Path(source).name == source
    try:
        return bare and not Path(source).exists()
    except (OSError, ValueError):
        return bare


def _read(
    source: Source,
    model: type[AnyDocument],
    suffixes: tuple[str, ...],
    *,
    largest: int | None = None,
    check: Callable[[dict[str, Any], str, str], list[Fault]] = lambda *_: [],
    beside: Callable[[dict[str, Any], str], Iterable[Fault]] | None = None,
) -> AnyDocument:
    """The document; ``check`` is done before its model is, and what ``beside`` finds is told with that."""
    named = tuple(known for known in suffixes if known != ".xlsm")
    suffix = known_suffix(source, suffixes, f"Give a {listed(named, 'or')} file.")
    name, text = name_of(source), read_text(source, largest)
    with keeping():
        data, findings = _parsed(text, name, suffix)
        kind = model.model_fields["kind"].default
        if not isinstance(data, dict):
            what = f"this is {_shape(data)}, not {called(kind)}."
            raise InputError([Fault(name, what, f"Give {called(kind)}: one object, in braces.")])
        if not findings and (wrong := check(data, text, name)):
            raise InputError(wrong)
        return _validated(model, data, findings, name, list(beside(data, name)) if beside else [])


def _parsed(text: str, name: str, suffix: str) -> tuple[Any, list[Finding]]:
    if suffix != ".toml":
        return parse_json(text, name)
    from .toml_text import parse_toml

    return parse_toml(text, name)


def _validated(
    model: type[AnyDocument], data: dict[str, Any], findings: list[Finding], name: str, beside: list[Fault]
) -> AnyDocument:
    """The document, or everything that the parser and the model found wrong with it, and ``beside``."""
    wrong: ValidationError | None = None
    try:
        document = model.model_validate(data)
    except ValidationError as error:
        wrong = error
    else:
        if not findings and not beside:
            return document
    from .faults import faults_in_order, findings_of

    found = [] if wrong is None else findings_of(wrong, data)
    raise InputError([*faults_in_order(findings, found, data, name), *beside])


def _shape(data: Any) -> str:
    if isinstance(data, list):
        return "a list"
    return "a text" if isinstance(data, str) else "a single value"
