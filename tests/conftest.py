"""What the tests share: two small cohorts, their matchings, and golden files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ipmatch.cohort import Cohort
from ipmatch.document import Frozen, FrozenMap
from ipmatch.front_door import match
from ipmatch.matching import Matching

if TYPE_CHECKING:
    from ipmatch.reporting.material import Material

from .browsing import chromium  # noqa: F401 (a fixture)
from .offline import guard as offline

# Every Python that a test starts refuses connections too.
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(Path(__file__).parent / "offline"), os.environ.get("PYTHONPATH")])
)

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write the golden files and schemas anew")


@pytest.fixture(autouse=True)
def _offline(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No socket is opened, unless the test says that it needs one."""
    if any(request.node.get_closest_marker(marker) for marker in ("sockets", "browser")):
        monkeypatch.setenv(offline.ALLOWED, "yes")
    offline.tried.clear()
    yield
    assert offline.tried == []


@pytest.fixture(scope="session", autouse=True)
def _trusted() -> Iterator[None]:
    """Whatever ipmatch makes without validating it would be accepted, and left just as it is."""
    construct = Frozen.model_construct.__func__

    def checked(cls: type[Frozen], *given: Any, **values: Any) -> Frozen:
        made = construct(cls, *given, **values)
        assert alike(made, cls(**values)), made
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Frozen, "model_construct", classmethod(checked))
        yield


def alike(one: Any, other: Any) -> bool:
    """Whether these are equal, and of the same types to the bottom."""
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, Frozen):
        one, other = (tuple(vars(each).items()) for each in (one, other))
    elif isinstance(one, FrozenMap):
        one, other = (tuple(each.items()) for each in (one, other))
    if not isinstance(one, tuple) or one is other:
        return True
    return all(map(alike, one, other))


@pytest.fixture(scope="session")
def renew(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--renew-golden"))


@pytest.fixture
def golden(renew: bool) -> Callable[[str, str], None]:
    """Holds a text equal to a golden file, to the byte; ``--renew-golden`` writes the file instead."""

    def holds(name: str, text: str) -> None:
        path = GOLDEN / name
        if renew:
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode(), f"{name}: renew with --renew-golden if this is meant"

    return holds


def _cohort(name: str) -> Cohort:
    return Cohort.model_validate(json.loads((GOLDEN / name).read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def example() -> Cohort:
    """The cohort of the contract: one mentor with two places, three mentees."""
    return _cohort("cohort-example.json")


@pytest.fixture(scope="session")
def awkward() -> Cohort:
    """Wide, combining and invisible characters, formulas, markup; somebody in every kind of list."""
    return _cohort("cohort-awkward.json")


@pytest.fixture(scope="session")
def example_matching(example: Cohort) -> Matching:
    return match(example)


@pytest.fixture(scope="session")
def awkward_matching(awkward: Cohort) -> Matching:
    return match(awkward)


@pytest.fixture(scope="session")
def tight() -> Cohort:
    """The example in which every kind of reason occurs."""
    text = (GOLDEN.parents[1] / "examples" / "tight.json").read_text(encoding="utf-8")
    return Cohort.model_validate_json(text)


@pytest.fixture(scope="session")
def tight_matching(tight: Cohort) -> Matching:
    return match(tight)


@pytest.fixture(scope="session")
def tight_material(tight: Cohort, tight_matching: Matching) -> Material:
    """All that a report tells of it."""
    from ipmatch.reporting.material import gather

    return gather(tight, tight_matching)
