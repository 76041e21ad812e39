"""A real browser for the tests that are marked ``browser``: Debian's chromium, kept off every network."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

CHROMIUM = "/usr/bin/chromium"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, started once; each test opens contexts of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


def axe_violations(page: Any, within: str = "html") -> list[tuple[str, str]]:
    """What axe-core finds wrong within an element of a page: the rule, and the first that breaks it."""
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("([tags, within]) => axe.run(within, {runOnly: tags})", [WCAG, within])
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]]
