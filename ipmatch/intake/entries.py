"""One person's answers as an entry of a cohort: pseudonymous, and nothing kept of who did not agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipmatch.people import Mentee, Mentor
from ipmatch.vocabulary.scope_answers import read_scope_answer

from .answers import Answers
from .identity import Identity
from .organisations import Organisations
from .reading_of import Said
from .report import Remark
from .scope_review import decided_scopes

__all__ = ["entry_of"]

_NAMED_ELSEWHERE = {"id", "person", "name", "email", "gphc_number", "sectors", "scopes", "scope_text", "tags"}
_FIELDS = {
    side: tuple(name for name in model.model_fields if name not in _NAMED_ELSEWHERE)
    for side, model in (("mentor", Mentor), ("mentee", Mentee))
}
_REVIEW = "Decide on it in the review sheet: ipmatch scopes."


def entry_of(
    one: Answers, identity: Identity, decisions: Mapping[str, str], organisations: Organisations
) -> tuple[dict[str, Any], list[Remark]]:
    """The entry, and what there is to say about the scope and the organisation."""
    entry: dict[str, Any] = {"id": identity.id}
    if identity.person:
        entry["person"] = identity.person
    if one.values.get("consent") is False:
        return {**entry, "consent": False}, []
    values = one.values
    remarks: list[Remark] = []
    entry |= {name: values[name] for name in _FIELDS[one.side] if values.get(name) is not None}
    sectors = (*values.get("sectors", ()), *values.get("sectors_other", ()))
    if any(sector.startswith("other: ") for sector in sectors) or values.get("sectors_other"):
        sectors = tuple(sector for sector in sectors if sector != "other")
    entry["sectors"] = sectors
    entry["tags"] = tuple(
        label for tools in ("tags", "platforms", "training") for label in values.get(tools, ())
    )
    entry["scopes"] = (*values.get("scopes", ()), *_scopes(one, decisions, remarks))
    if answer := values.get("scope"):
        entry["scope_text"] = answer
    if written := values.get("organisation"):
        entry["organisation"], in_table = organisations.now(written)
        if organisations.today and not in_table:
            what = "this organisation is not in the table of organisations, and stands for itself."
            remarks.append(
                one.remark(
                    Said("noted", "unknown-organisation", what, "Add it to the table."), "organisation"
                )
            )
    return entry, remarks


def _scopes(one: Answers, decisions: Mapping[str, str], remarks: list[Remark]) -> tuple[str, ...]:
    """The scopes an answer names, or those a person decided on; a column of scopes goes before free text."""
    answer = one.values.get("scope")
    if not answer or one.layout.of("scopes"):
        return ()
    decided = decided_scopes(answer, decisions)
    if decided is not None:
        return decided
    reading = read_scope_answer(answer)
    if reading.questions:
        what = " ".join(reading.questions)
        remarks.append(one.remark(Said("asked", "ambiguous-scope", what, _REVIEW), "scope"))
    if reading.hedged:
        named = " or ".join(dict.fromkeys(hint.scope for hint in reading.hedged))
        what = f"this names {named}, but not for certain: not used."
        remarks.append(one.remark(Said("asked", "uncertain-scope", what, _REVIEW), "scope"))
    if not (reading.found or reading.hedged or reading.questions):
        what = "no scope could be read from this answer."
        remarks.append(one.remark(Said("asked", "unread-scope", what, _REVIEW), "scope"))
    return reading.scopes
