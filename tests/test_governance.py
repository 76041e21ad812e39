"""The governance pack: its links lead somewhere, its commands are ours, and no licence is overlooked."""

from __future__ import annotations

import json
import re
import runpy
import shlex
from pathlib import Path

import pytest

from ipmatch.cli.arguments import COMMANDS, parse
from ipmatch.policy import PRESETS

ROOT = Path(__file__).parents[1]
PACK = sorted((ROOT / "docs" / "ig").glob("*.md"))
LICENCES = runpy.run_path(str(ROOT / "docs" / "ig" / "licences.py"))
TABLE = LICENCES["PAGE"].read_text(encoding="utf-8")
ROWS = {
    name: licences.split(", ")
    for name, licences in re.findall(r"^\| ([\w.-]+) \| \d[\w.]* \| ([^|]+) \|", TABLE, re.M)
}


def test_every_page_the_pack_links_to_is_there():
    for page in (*PACK, ROOT / "docs" / "neighbours.md", ROOT / "examples" / "pilot" / "README.md"):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_command_the_pack_names_is_one():
    told = "\n".join(page.read_text(encoding="utf-8") for page in (*PACK, ROOT / "docs" / "neighbours.md"))
    for command in re.findall(r"ipmatch ([a-z-]+)", told):
        if command != "with":
            assert command in COMMANDS, command
    for line in re.findall(r"`ipmatch (match examples[^`]+)`", told):
        given = parse(shlex.split(line))
        assert (ROOT / given.cohort).exists()
        assert given.policy in PRESETS


def test_every_dependency_stands_in_the_table_and_in_the_bill():
    bill = json.loads(LICENCES["BILL"].read_text(encoding="utf-8"))
    components = {component["name"].casefold() for component in bill["components"]}
    names = {name.casefold() for name in ROWS}
    assert components == names
    for extra in ("", "all"):
        for requirement in LICENCES["required"](extra):
            assert requirement.name.casefold() in names, requirement.name


def test_every_licence_is_taken_without_asking_or_named_as_an_exception():
    exceptions = TABLE.partition("## Exceptions")[2]
    for name, licences in ROWS.items():
        for licence in licences:
            assert licence in LICENCES["UNCONDITIONAL"] or re.search(
                rf"^- \*\*{re.escape(licence)}\*\* \(.*\b{re.escape(name)}\b.*\): \w", exceptions, re.M
            ), (name, licence)
    assert "To be looked into" not in exceptions
    assert "not told" not in TABLE


@pytest.mark.parametrize(
    ("metadata", "licences"),
    [
        ({"License-Expression": "Apache-2.0 OR BSD-2-Clause"}, ("Apache-2.0", "BSD-2-Clause")),
        ({"Classifier": "License :: OSI Approved :: MIT License"}, ("MIT",)),
        ({"Classifier": "License :: OSI Approved", "License": "BSD 3-Clause\nlong text"}, ("BSD-3-Clause",)),
        ({"License": "GPL-3.0"}, ()),
        ({}, ()),
    ],
)
def test_a_licence_is_read_from_wherever_the_metadata_tells_it(metadata, licences):
    from email.message import Message

    message = Message()
    message["Name"] = "something"
    for key, value in metadata.items():
        message[key] = value

    class Found:
        pass

    found = Found()
    found.metadata = message
    assert LICENCES["licences_of"](found) == licences
