"""The licence table and the bill of materials, from the metadata of what is installed.

``python docs/ig/licences.py`` renews ``dependencies.md`` and ``sbom.cdx.json``. Run it where everything of
``pip install "ipmatch[all]"`` is installed; what is not is named at the end of the table.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

HERE = Path(__file__).resolve().parent
PAGE, BILL = HERE / "dependencies.md", HERE / "sbom.cdx.json"

# Fine without asking, by the NHS Software Engineering Quality Framework.
UNCONDITIONAL = ("MIT", "BSD-2-Clause", "BSD-3-Clause", "BSD", "Apache-2.0", "BSL-1.0", "0BSD", "CC0-1.0")
EXCEPTIONS = {
    "PSF-2.0": "Python's own licence, permissive; pydantic cannot do without typing_extensions.",
    "ISC": "Permissive, in substance the MIT licence.",
    "MPL-2.0": "Weak copyleft by file; used unchanged as a library, nothing of it is distributed.",
    "Unlicense": "A dedication to the public domain.",
    "Zlib": "Permissive, for a part of numpy's build.",
    "MIT-CMU": "Permissive, in substance the MIT licence.",
    "HPND": "Permissive, in substance the MIT licence.",
    "matplotlib": "matplotlib's own licence, based on Python's; permissive.",
}
_WORDS = (
    (r"MIT-CMU", "MIT-CMU"),
    (r"Apache", "Apache-2.0"),
    (r"BSD[- ]?3", "BSD-3-Clause"),
    (r"BSD[- ]?2", "BSD-2-Clause"),
    (r"0BSD", "0BSD"),
    (r"\bBSD\b", "BSD"),
    (r"MIT", "MIT"),
    (r"MPL|Mozilla", "MPL-2.0"),
    (r"PSF|Python Software Foundation", "PSF-2.0"),
    (r"ISC", "ISC"),
    (r"HPND|Historical Permission", "HPND"),
    (r"Unlicense", "Unlicense"),
    (r"Zlib", "Zlib"),
    (r"CC0", "CC0-1.0"),
)
# Where the metadata names the licence only by its text.
_OWN = {"matplotlib": ("matplotlib",)}


def licences_of(found: Distribution) -> tuple[str, ...]:
    """The licences a distribution stands under, by their SPDX names; none if it does not say."""
    name = found.metadata["Name"]
    if name in _OWN:
        return _OWN[name]
    classifiers = found.metadata.get_all("Classifier") or []
    told = [
        text for text in classifiers if text.startswith("License ::") and not text.endswith("OSI Approved")
    ]
    long = (found.metadata.get("License") or "").strip().splitlines()
    said = found.metadata.get("License-Expression") or " ; ".join(told) or (long[0] if long else "")
    parts = re.split(r" AND | OR | WITH |;", said)
    names = [next((spdx for words, spdx in _WORDS if re.search(words, part)), "") for part in parts]
    return tuple(dict.fromkeys(name for name in names if name))


def required(extra: str = "") -> list[Requirement]:
    """What ``pyproject.toml`` asks for, with one of its extras."""
    project = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else ())]
    asked = [Requirement(text) for text in texts]
    own = [one for one in asked if one.name == project["name"]]
    return [one for one in asked if one not in own] + [
        inner for one in own for inner_extra in sorted(one.extras) for inner in required(inner_extra)
    ]


def needed(extra: str = "") -> tuple[dict[str, Distribution], set[str]]:
    """All that ipmatch with an extra brings along, by name, and what of it is not installed."""
    found: dict[str, Distribution] = {}
    missing: set[str] = set()
    waiting = [(one.name, frozenset(one.extras)) for one in required(extra)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        try:
            one = distribution(current[0])
        except PackageNotFoundError:
            missing.add(current[0])
            continue
        found[one.metadata["Name"]] = one
        for requirement in map(Requirement, one.requires or ()):
            extras = current[1] or {""}
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": e}) for e in extras):
                waiting.append((requirement.name, frozenset(requirement.extras)))
    return found, missing


def page() -> str:
    """The table, and the exceptions by name."""
    core, lost = needed()
    whole, also_lost = needed("all")
    lines = [
        "# Dependencies and licences",
        "",
        "Made by `docs/ig/licences.py` from the metadata of what was installed; a test holds that every",
        "dependency stands here, and that every licence is one of those the NHS Software Engineering Quality",
        "Framework takes without asking, or named as an exception. The same as a bill of materials:",
        "[sbom.cdx.json](sbom.cdx.json) (CycloneDX). Versions are those of the day it was made; `pip-audit`",
        "tells of known weaknesses.",
        "",
        "| distribution | version | licence | comes with |",
        "|---|---|---|---|",
    ]
    exceptions: dict[str, list[str]] = {}
    for name in sorted(whole, key=str.casefold):
        licences = licences_of(whole[name])
        comes = "core" if name in core else "an extra"
        lines.append(f"| {name} | {whole[name].version} | {', '.join(licences) or 'not told'} | {comes} |")
        for licence in licences or ("not told",):
            if licence not in UNCONDITIONAL:
                exceptions.setdefault(licence, []).append(name)
    lines += ["", "## Exceptions", ""]
    for licence, names in sorted(exceptions.items()):
        why = EXCEPTIONS.get(licence, "To be looked into before use.")
        lines.append(f"- **{licence}** ({', '.join(names)}): {why}")
    gone = sorted(lost | also_lost)
    if gone:
        lines += ["", f"Not installed where this was made: {', '.join(gone)}."]
    lines += ["", "For development only, and never distributed: hypothesis and axe-core (MPL-2.0)."]
    return "\n".join(lines) + "\n"


def bill() -> str:
    """The bill of materials, CycloneDX 1.5; no clock and no serial number, so that it can be compared."""
    whole, _ = needed("all")
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "library", "name": "ipmatch", "licenses": [_named("MIT")]}},
        "components": list(_components(whole)),
    }
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def _components(whole: dict[str, Distribution]) -> Iterator[dict[str, object]]:
    for name in sorted(whole, key=str.casefold):
        version = whole[name].version
        yield {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name.lower()}@{version}",
            "licenses": [_named(licence) for licence in licences_of(whole[name])],
        }


def _named(licence: str) -> dict[str, dict[str, str]]:
    return {"license": {"name": licence} if licence in ("BSD", "matplotlib") else {"id": licence}}


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    BILL.write_text(bill(), encoding="utf-8", newline="\n")
