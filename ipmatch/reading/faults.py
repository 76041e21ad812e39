"""What is wrong with a document, in the order of its file: each fault with its place and its person's id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from ipmatch.errors import Fault
from ipmatch.people import clean_id

from .values import Finding, Loc

__all__ = ["cut", "faults_in_order", "findings_of", "in_brackets"]

_SIDES = ("mentors", "mentees")
_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$-]*")
LONGEST_KEY = 60
LONGEST_SENTENCE = 400


def findings_of(error: ValidationError, data: Any) -> list[Finding]:
    """What a model says is wrong; the models word it themselves, so this only finds the place."""
    return [
        Finding(_within(data, detail["loc"]), detail["ctx"]["what"], detail["ctx"]["mend"])
        for detail in error.errors(include_url=False, include_input=False)
    ]


def faults_in_order(
    parser: Iterable[Finding], model: Iterable[Finding], data: Any, name: str
) -> tuple[Fault, ...]:
    """What the parser and the model found, as faults, in the order in which their places stand in the data.

    What the model says of a place that could not even be read is left out.
    """
    parser, order = list(parser), _Order(data)
    unread = {finding.loc for finding in parser if finding.hides}
    kept = [*parser, *(finding for finding in model if finding.loc not in unread)]
    kept.sort(key=lambda finding: order.rank(finding.loc))
    return tuple(
        Fault(_place(finding.loc, data, name), cut(finding.what), cut(finding.mend)) for finding in kept
    )


def _within(data: Any, loc: Loc) -> Loc:
    """The place without what Pydantic adds to it, such as ``[key]``: only steps that the data can take."""
    steps: list[str | int] = []
    node = data
    for part in loc:
        if isinstance(node, dict):
            steps.append(part)
            node = node.get(part)
        elif isinstance(node, list):
            steps.append(part)
            node = _item(node, part)
        else:
            break
    return tuple(steps)


class _Order:
    """Ranks places by where they stand in the data; what is missing comes after what is there."""

    def __init__(self, data: Any) -> None:
        self._data = data
        self._positions: dict[int, Mapping[str, int]] = {}

    def rank(self, loc: Loc) -> tuple[int, ...]:
        node, ranks = self._data, []
        for part in loc:
            if isinstance(node, dict):
                positions = self._positions.get(id(node))
                if positions is None:
                    positions = self._positions[id(node)] = {key: rank for rank, key in enumerate(node)}
                ranks.append(positions.get(str(part), len(node)))
                node = node.get(part)
            else:
                ranks.append(part if isinstance(part, int) else 0)
                node = _item(node, part)
        return tuple(ranks)


def _item(node: Any, position: str | int) -> Any:
    """The item of a list; None where the data has none, as in a value that a repeated key replaced."""
    holds = isinstance(node, list) and isinstance(position, int) and position < len(node)
    return node[position] if holds else None


def _place(loc: Loc, data: Any, name: str) -> str:
    if not loc:
        return name
    path = "".join(f"[{part}]" if isinstance(part, int) else _key(part) for part in loc).removeprefix(".")
    return f"{name}, {path}{_person(loc, data)}"


def _key(key: str) -> str:
    if len(key) > LONGEST_KEY:
        key = key[: LONGEST_KEY - 1] + "…"
    return (
        f".{key}" if _PLAIN_KEY.fullmatch(key) else f"[{json.dumps(key, ensure_ascii=not key.isprintable())}]"
    )


def _person(loc: Loc, data: Any) -> str:
    """The id of the person the place belongs to, in brackets; never a name."""
    if len(loc) < 2 or loc[0] not in _SIDES:
        return ""
    entry = _item(data.get(loc[0]), loc[1])
    return in_brackets(entry.get("id") if isinstance(entry, dict) else None)


def in_brackets(identifier: object) -> str:
    """Somebody's id behind a place, if it is one that can be shown; else nothing."""
    if not isinstance(identifier, str):
        return ""
    identifier = clean_id(identifier)
    return f" ({identifier})" if identifier.isprintable() and 0 < len(identifier) <= LONGEST_KEY else ""


def cut(sentence: str) -> str:
    """A sentence cut short, if somebody's data made it very long."""
    return sentence if len(sentence) <= LONGEST_SENTENCE else sentence[: LONGEST_SENTENCE - 1] + "…"
