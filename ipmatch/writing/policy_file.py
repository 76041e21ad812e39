"""A policy as TOML, complete and to be read: what ``read_policy`` gives back to the last digit."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from ipmatch.errors import Fault, UsageError
from ipmatch.expecting import PATH, expect
from ipmatch.policy import Policy, policy_of
from ipmatch.writing.layout import number
from ipmatch.writing.whole import write_whole

__all__ = ["policy_toml", "write_policy"]


def write_policy(policy: Policy | str, destination: str | os.PathLike[str], *, force: bool = False) -> None:
    """Write a policy to a TOML file, for ``--policy`` and for :func:`ipmatch.read_policy`.

    The file appears whole or not at all.

    Parameters
    ----------
    policy
        The rules, or a preset by name.
    force
        Replace a file that exists.

    Raises
    ------
    UsageError
        If the name does not end in ``.toml``, or the file exists.
    OutputError
        If it could not be written.
    """
    expect(destination=(destination, *PATH), force=(force, bool))
    path, rules = Path(destination), policy_of(policy)
    if path.suffix.lower() != ".toml":
        raise UsageError([Fault(os.fspath(path), "a policy is a .toml file.", "Name it policy.toml.")])
    write_whole(path, policy_toml(rules), force=force)


def policy_toml(policy: Policy) -> str:
    """The policy as TOML, every rule written out."""
    rules = {name: value for name, value in policy.model_dump().items() if name not in ("kind", "version")}
    return "".join(f"{line}\n" for line in _lines(rules))


def _lines(rules: Mapping[str, Any]) -> Iterator[str]:
    """Plain values first, then the tables, then the lists of tables, as TOML wants them."""
    tables = {name: value for name, value in rules.items() if isinstance(value, Mapping)}
    lists = {name: value for name, value in rules.items() if _is_tables(value)}
    for name, value in rules.items():
        if name not in tables and name not in lists and value is not None and value != ():
            yield f"{_key(name)} = {_value(value)}"
    for name, table in tables.items():
        yield f"\n[{_key(name)}]"
        yield from _entries(table)
    for name, items in lists.items():
        for item in items:
            yield f"\n[[{_key(name)}]]"
            yield from _entries(item)


def _entries(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        if value is not None:
            yield f"{_key(name)} = {_value(value)}"


def _is_tables(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and isinstance(next(iter(value), None), Mapping)
    )


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(_entries(value)) + "}"
    if isinstance(value, str):
        # JSON leaves this one character as it is, and TOML does not allow it.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal | int):
        return number(value)
    return "[" + ", ".join(_value(item) for item in value) + "]"


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _value(name)
