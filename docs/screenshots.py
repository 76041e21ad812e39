"""Takes the pictures of the report that the pages show: ``python docs/screenshots.py``.

Needs the ``dev`` extra and a browser: ``apt-get install chromium``. Nobody in the examples exists.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from ipmatch.front_door import match
from ipmatch.reading.documents import read_cohort
from ipmatch.writing.files import write

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def main() -> None:
    """Write every picture anew."""
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        cohort = read_cohort(ROOT / "examples" / "tight.json")
        report = Path(folder) / "report.html"
        write(match(cohort), report, cohort=cohort)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for scheme, width, name in (
            ("light", 1180, "report"),
            ("dark", 1180, "report-dark"),
            ("light", 360, "report-narrow"),
        ):
            page = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if scheme == "dark" else "light",
            ).new_page()
            page.goto(report.as_uri())
            page.screenshot(path=PICTURES / f"{name}.png")
            if name == "report":
                _part(page, "#what-if", "what-if", 760)
                _part(page, "#map", "score-map", 760)
        browser.close()


def _part(page: Any, section: str, name: str, height: int) -> None:
    """The beginning of one section."""
    box = page.locator(section).bounding_box()
    clip = {"x": box["x"] - 16, "y": box["y"] + 16, "width": box["width"] + 32, "height": height}
    page.screenshot(path=PICTURES / f"{name}.png", clip=clip, full_page=True)


if __name__ == "__main__":
    main()
