"""Makes the reference pages of the site from the package itself; run it before building the site."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import ipmatch
from ipmatch.cli import main
from ipmatch.cli.arguments import COMMANDS
from ipmatch.cohort import Cohort, NamedPair, Programme
from ipmatch.decisions import Decision, Decisions
from ipmatch.matching import Matching
from ipmatch.people import Mentee, Mentor, Person
from ipmatch.policy import Eligibility, Objective, OrganisationRule, Policy, Tiers
from ipmatch.quotas import QuotaRule

DOCS = Path(__file__).parent
REFERENCE = DOCS / "reference"

# What stands together on the page of the Python reference; what is named nowhere comes last.
PARTS = {
    "Match, check, ask": ("front_door", "study", "explaining.comparing"),
    "People and rules": ("cohort", "people", "policy", "decisions"),
    "Read and write": ("reading", "intake", "writing"),
    "Analyse": ("sweeping", "fitting", "notebook", "synthetic"),
    "A criterion of your own": ("scoring.criteria",),
    "After matching": ("programme",),
    "Answers": ("matching", "answers"),
    "Errors": ("errors",),
}
_KINDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}
WRITTEN: Mapping[str, tuple[type[BaseModel], ...]] = {
    "A cohort": (Cohort, Programme, NamedPair, Person, Mentor, Mentee),
    "A policy": (Policy, OrganisationRule, Tiers, Eligibility, Objective, QuotaRule),
    "Decisions": (Decisions, Decision),
}


def made() -> dict[Path, str]:
    """Every generated page, by its place."""
    return {
        REFERENCE / "python.md": "\n".join(_python()) + "\n",
        REFERENCE / "commands.md": "\n".join(_commands()) + "\n",
        REFERENCE / "data.md": "\n".join(_data()) + "\n",
    }


def _python() -> Iterator[str]:
    yield "# Python\n"
    yield "Everything public is a name of `ipmatch`; arrays and modules behind it are free to change.\n"
    left = {name: home for name, home in sorted(ipmatch._HOME.items()) if name != "plots"}
    for title, homes in PARTS.items():
        names = [name for name, home in left.items() if any(_is_in(home, part) for part in homes)]
        yield f"## {title}\n"
        for name in names:
            yield f"::: ipmatch.{left.pop(name)}.{name}\n"
    yield "## Plots\n\nAs `ipmatch.plots`.\n"
    for name in ipmatch.plots.__all__:
        yield f"::: {getattr(ipmatch.plots, name).__module__}.{name}\n"
    if left:
        yield "## More\n"
        for name, home in left.items():
            yield f"::: ipmatch.{home}.{name}\n"


def _is_in(home: str, part: str) -> bool:
    return home == part or home.startswith(f"{part}.")


def _commands() -> Iterator[str]:
    yield "# Command line\n"
    yield "What each command says of itself with `--help`. `-` is standard input or output.\n"
    yield f"```text\n{_help([])}```\n"
    for command in COMMANDS:
        yield f"## {command}\n"
        yield f"```text\n{_help([command])}```\n"


def _help(arguments: list[str]) -> str:
    said, columns = StringIO(), os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "90"
    try:
        with redirect_stdout(said), suppress(SystemExit):
            main([*arguments, "--help"])
    finally:
        os.environ.pop("COLUMNS")
        if columns is not None:
            os.environ["COLUMNS"] = columns
    return said.getvalue()


def _data() -> Iterator[str]:
    yield "# Data dictionary\n"
    yield (
        "The fields of every document, from the models that read them. What people write refuses unknown "
        "keys, but for `$schema` and `x_…`; unknown values are `null`. Schemas: `ipmatch schema cohort`.\n"
    )
    meanings = tomllib.loads((DOCS / "meanings.toml").read_text(encoding="utf-8"))
    for title, models in WRITTEN.items():
        yield f"## {title}\n"
        for model in models:
            yield from _model(model, meanings)
    yield "## A matching\n"
    for name, schema in {"Matching": Matching.model_json_schema(), **_parts(Matching)}.items():
        if name not in _told():
            yield from _table(name, schema, {})


def _told() -> set[str]:
    return {model.__name__ for models in WRITTEN.values() for model in models}


def _parts(model: type[BaseModel]) -> dict[str, Any]:
    return dict(sorted(model.model_json_schema(mode="serialization").get("$defs", {}).items()))


def _model(model: type[BaseModel], meanings: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    base = set(Person.model_fields) if model in (Mentor, Mentee) else set()
    schema = model.model_json_schema()
    named = meanings.get(model.__name__, {})
    properties = {
        name: field
        for name, field in schema["properties"].items()
        if name not in ("kind", "version", "$schema") and (name not in base or name in named)
    }
    yield from _table(model.__name__, {**schema, "properties": properties}, named)


def _table(name: str, schema: Mapping[str, Any], meanings: Mapping[str, str]) -> Iterator[str]:
    yield f"### {name}\n"
    first = schema.get("description", "").partition("\n\nRaises")[0].partition("\n\nParameters")[0]
    yield f"{first.replace('``', '`')}\n"
    yield "| field | type | default |" + (" meaning |" if meanings else "")
    yield "|---|---|---|" + ("---|" if meanings else "")
    for field, about in schema["properties"].items():
        default = _shown(about["default"]) if "default" in about else ""
        if field in schema.get("required", ()):
            default = "needed"
        row = f"| `{field}` | {_type(about)} | {default} |"
        yield row + (f" {meanings.get(field, '')} |" if meanings else "")
    yield ""


def _shown(default: Any) -> str:
    if default is None:
        return "`null`"
    if isinstance(default, dict):
        return "see there"
    if default == [] or default == "":
        return "none"
    return f"`{', '.join(map(str, default)) if isinstance(default, list) else str(default).lower()}`"


def _type(about: Mapping[str, Any]) -> str:
    if "anyOf" in about:
        kinds = [_type(one) for one in about["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if "$ref" in about:
        name = about["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "allOf" in about:
        return _type(about["allOf"][0])
    if "enum" in about:
        return ", ".join(f"`{one}`" for one in about["enum"])
    if "const" in about:
        return f"`{about['const']}`"
    if about.get("type") == "array":
        items = about.get("items") or {}
        return f"list of {_type(items)}" if items else "list"
    if about.get("type") == "object":
        values = about.get("additionalProperties")
        return f"object of {_type(values)}" if isinstance(values, dict) and values else "object"
    limits = [
        f"{word} {about[key]}" for word, key in (("from", "minimum"), ("to", "maximum")) if key in about
    ]
    kind = about.get("type", "anything")
    return " ".join([_KINDS.get(kind, kind), *limits])


if __name__ == "__main__":
    REFERENCE.mkdir(exist_ok=True)
    for place, text in made().items():
        place.write_text(text, encoding="utf-8", newline="\n")
