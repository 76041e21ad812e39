"""The tuner where analysts use it: a notebook in JupyterLab, a real browser, the keyboard."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest

from ipmatch.cli import main
from ipmatch.front_door import match
from ipmatch.policy import Policy
from ipmatch.reading.documents import read_policy
from ipmatch.synthetic import demo_cohort
from ipmatch.writing.json_document import json_text

from ..browsing import axe_violations
from ..offline import guard as offline

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
COHORT = demo_cohort(24, 28, seed=4)
# Every answer takes its time, as on a busy machine.
CELL = """import time
import ipmatch as ip

class Slow(ip.Tuner):
    def answer(self, message):
        time.sleep(0.5)
        return super().answer(message)

tuner = Slow(ip.read_cohort("cohort.json"))
tuner"""
PATIENCE = 60_000


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a cohort and a notebook that shows a tuner."""
    place = tmp_path_factory.mktemp("lab")
    (place / "cohort.json").write_text(json_text(COHORT.model_dump(mode="json")), encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, place / "tuner.ipynb")
    return place


@pytest.fixture(scope="module", autouse=True)
def _connections_to_this_machine():
    """Fixtures of the module come before those of a test, which allow it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(offline.ALLOWED, "yes")
        yield


@pytest.fixture(scope="module")
def lab(folder, _connections_to_this_machine):
    """JupyterLab in that folder, with settings of its own; its address."""
    port, token = free_port(), secrets.token_hex(16)
    places = (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_RUNTIME_DIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
    )
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "IPYTHONDIR": str(folder / ".ipython")}
    env |= {name: str(folder / ".jupyter" / name.lower()) for name in places}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [
        f"--ServerApp.port={port}",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={folder}",
    ]
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/api?token={token}", server)
        yield f"{address}/lab/tree/tuner.ipynb?token={token}"
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address, server):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert server.poll() is None, "JupyterLab ended: see lab.log"
        try:
            with urlopen(address, timeout=5):
                return
        except URLError:
            server.poll()
    raise AssertionError("JupyterLab did not answer within a minute.")


@pytest.fixture(scope="module")
def page(lab, chromium):
    """The notebook with its cell run; the tuner is on the page."""
    tab = chromium.new_context(viewport={"width": 1500, "height": 1100}).new_page()
    tab.set_default_timeout(PATIENCE)
    tab.goto(lab)
    tab.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    tab.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    tab.keyboard.press("Shift+Enter")
    tab.locator(".jp-OutputArea-output").first.wait_for()
    shown = tab.locator(".ipmatch-tuner .t-summary").or_(tab.locator("[data-mime-type*=stderr]"))
    shown.first.wait_for()
    assert tab.locator("[data-mime-type*=stderr]").all_inner_texts() == []
    yield tab
    tab.context.close()


def turn(page):
    return int(page.locator("[data-turn]").get_attribute("data-turn"))


def settled(page, act):
    """Do something and wait until Python has answered all of it."""
    before = turn(page)
    act()
    page.wait_for_function(
        "before => Number(document.querySelector('[data-turn]').dataset.turn) > before"
        " && document.querySelector('.ipmatch-tuner').ariaBusy === 'false'",
        arg=before,
    )


def pairs_on(page):
    rows = page.locator(".ipmatch-tuner tbody tr")
    cells = [row.locator("th, td").all_inner_texts()[:2] for row in rows.all()]
    return {(mentor, mentee) for mentee, mentor in cells if mentor != "nobody"}


def summary(page):
    return page.locator(".ipmatch-tuner .t-summary").inner_text()


def slider(page, name):
    return page.get_by_role("slider", name=name, exact=True)


def press(page, name, key, times):
    slider(page, name).focus()
    for _ in range(times):
        page.keyboard.press(key)


def test_a_slider_moved_by_keyboard_changes_the_pairs_as_match_does(page):
    assert pairs_on(page) == match(COHORT).pairs()
    settled(page, lambda: press(page, "region", "ArrowRight", 30))
    assert slider(page, "region").input_value() == "40"
    base, after = match(COHORT).pairs(), match(COHORT, Policy(weights={"region": 40})).pairs()
    assert pairs_on(page) == after
    assert summary(page).startswith(f"{len(base - after)} of 20 pairs of the base changed")
    alone = {mentee for _, mentee in base} - {mentee for _, mentee in after}
    assert page.locator("tr.t-changed").count() == len(after - base) + len(alone)
    assert page.evaluate("document.activeElement.type") == "range"


def test_a_slider_moved_by_mouse_is_one_step_to_undo(page):
    before = pairs_on(page)
    box = slider(page, "sector").bounding_box()
    middle = box["y"] + box["height"] / 2

    def drag():
        page.mouse.move(box["x"] + box["width"] / 2, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + 2, middle, steps=15)
        page.mouse.up()

    settled(page, drag)
    weight = slider(page, "sector").input_value()
    assert pairs_on(page) == match(COHORT, Policy(weights={"region": 40, "sector": int(weight)})).pairs()
    settled(page, page.get_by_role("button", name="Undo").click)
    assert pairs_on(page) == before
    assert slider(page, "sector").input_value() == "65"


def test_a_slider_held_at_its_end_keeps_the_end_where_it_is(page):
    """It was moved away under the pointer with every answer: 100, 200, 400, … while it was held."""
    box = slider(page, "scope").bounding_box()
    middle, end = box["y"] + box["height"] / 2, box["x"] + box["width"] - 2

    def hold():
        page.mouse.move(box["x"] + box["width"] / 4, middle)
        page.mouse.down()
        for step in range(8):
            page.mouse.move(end + step % 2, middle)
            page.wait_for_timeout(300)
        assert slider(page, "scope").input_value() == "100"
        page.mouse.up()

    settled(page, hold)
    assert (slider(page, "scope").input_value(), slider(page, "scope").get_attribute("max")) == ("100", "200")
    settled(page, page.get_by_role("button", name="Undo").click)
    assert slider(page, "scope").input_value() == "25"


def test_what_cannot_be_is_said_beside_the_control(page):
    field = page.get_by_label("region, exactly")

    def too_fine():
        field.select_text()
        page.keyboard.type("1.23456")
        page.keyboard.press("Tab")

    settled(page, too_fine)
    assert "more than 3 decimal places" in page.locator(".t-wrong[role=alert]").inner_text()
    assert field.input_value() == "40"
    assert slider(page, "region").input_value() == "40"


def test_what_is_being_typed_stays_when_an_earlier_question_is_answered(page):
    field, before = page.get_by_label("scope, exactly"), turn(page)
    press(page, "organisation", "ArrowRight", 1)
    field.select_text()
    page.keyboard.type("31")
    page.wait_for_function(
        "before => Number(document.querySelector('[data-turn]').dataset.turn) > before", arg=before
    )
    assert (field.input_value(), slider(page, "scope").input_value()) == ("31", "25")
    settled(page, lambda: page.keyboard.press("Tab"))
    assert (field.input_value(), slider(page, "scope").input_value()) == ("31", "31")
    for _ in range(2):
        settled(page, page.get_by_role("button", name="Undo").click)
    assert (field.input_value(), slider(page, "organisation").input_value()) == ("25", "20")


def test_pairs_are_kept_and_forbidden_by_click_and_the_saved_rules_match_the_same(page, folder, capsys):
    mentor, mentee = sorted(pairs_on(page))[0]
    other = sorted(pairs_on(page))[1]
    keep = page.get_by_role("button", name=f"Keep {mentor} with {mentee}")
    settled(page, keep.click)
    assert keep.get_attribute("aria-pressed") == "true"
    assert axe_violations(page, ".ipmatch-tuner") == []
    settled(page, page.get_by_role("button", name=f"Not this {other[0]} with {other[1]}").click)
    assert other not in pairs_on(page)
    rule = page.get_by_label("Pairs inside one organisation")
    settled(page, lambda: rule.select_option("forbid"))
    settled(page, page.get_by_role("button", name="Save policy").click)
    assert page.locator(".t-saved").inner_text().startswith("Saved policy.toml and decisions.json")
    policy = read_policy(folder / "policy.toml")
    assert (policy.weight("region"), policy.organisation.same) == (40, "forbid")
    files = [str(folder / name) for name in ("cohort.json", "policy.toml", "decisions.json")]
    told = ["match", files[0], "--policy", files[1], "--decisions", files[2], "--format", "json"]
    assert main(told) == 0
    pairings = json.loads(capsys.readouterr().out)["pairings"]
    assert {(one["mentor"], one["mentee"]) for one in pairings} == pairs_on(page)
    assert (mentor, mentee) in pairs_on(page)


def test_back_to_the_base_and_every_step_undone_again(page):
    now = pairs_on(page)
    settled(page, page.get_by_role("button", name="Back to the base").click)
    assert pairs_on(page) == match(COHORT).pairs()
    assert summary(page).startswith("The pairs are those of the base")
    settled(page, page.get_by_role("button", name="Undo").click)
    assert pairs_on(page) == now


def test_the_page_can_be_read_by_screen_readers(page):
    tuner = page.locator(".ipmatch-tuner")
    unnamed = tuner.locator("input, select, button").evaluate_all(
        "all => all.filter(one => !(one.labels?.length || one.ariaLabel || one.textContent)).length"
    )
    assert unnamed == 0
    assert axe_violations(page, ".ipmatch-tuner") == []
    assert slider(page, "scope").get_attribute("aria-valuetext") == "25 points"
