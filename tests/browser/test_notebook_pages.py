"""The pages that answers show of themselves, as light and dark notebooks show them."""

import pytest

from ipmatch.policy import Policy
from ipmatch.study import Study
from ipmatch.sweeping import sweep

from ..browsing import axe_violations

pytestmark = pytest.mark.browser
THEMES = {"light": ("#ffffff", "#111111"), "dark": ("#111111", "#e0e0e0")}


@pytest.fixture(scope="module")
def shown(tight):
    """Every kind of page, one below the other."""
    study = Study(tight)
    mentor, mentee = sorted(study.matching.pairs())[0]
    answers = [
        study,
        tight,
        study.forbid(mentor, mentee),
        Policy(),
        sweep(tight, weights={"region": [0, 40]}),
    ]
    return "".join(answer._repr_html_() for answer in answers)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [320, 1000])
def test_a_page_can_be_read_by_all_in_light_and_dark_and_on_a_narrow_screen(chromium, shown, theme, width):
    back, text = THEMES[theme]
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    style = f"background:{back};color:{text};font-family:sans-serif"
    page.set_content(
        f'<html lang="en"><title>t</title><body style="{style}"><main>{shown}</main></body></html>'
    )
    for summary in page.locator("summary").all():
        summary.click()
    page.locator("details[open]").first.wait_for()
    # Several answers stand on one page here, each with regions of the same names.
    found = [rule for rule in axe_violations(page, "main") if rule[0] != "landmark-unique"]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
