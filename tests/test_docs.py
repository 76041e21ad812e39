"""The documentation: what it says runs, and what the package has it tells of."""

import re
import runpy
import shlex
import tomllib
from pathlib import Path

import pytest

import ipmatch
from ipmatch.cli import main
from ipmatch.cli.arguments import COMMANDS
from ipmatch.people import Mentee, Mentor, Person
from ipmatch.policy import Eligibility, Objective, OrganisationRule, Policy, Tiers

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
MODELS = {
    model.__name__: model for model in (Person, Mentor, Mentee, Policy, OrganisationRule, Tiers, Eligibility)
}


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def reference():
    return runpy.run_path(str(DOCS / "make.py"))["made"]()


@pytest.fixture
def examples(tmp_path, monkeypatch):
    """A folder of one's own with the example, as somebody who follows a page has it."""
    (tmp_path / "pairs.json").write_bytes((ROOT / "examples" / "pairs.json").read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_tutorial_can_be_followed(examples, capsys):
    (examples / "policy.toml").write_text("".join(blocks("tutorial.md", "toml")), encoding="utf-8")
    lines = [line for block in blocks("tutorial.md", "sh") for line in block.splitlines()]
    assert len(lines) > 8
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "ipmatch"
        assert main(arguments) == 0, line
    exec(compile("".join(blocks("tutorial.md", "python")), "tutorial.md", "exec"), {})
    assert "M02 and E04" in capsys.readouterr().out


@pytest.fixture
def a_round(tmp_path, monkeypatch):
    """A folder with the answers of the pilot, as somebody who leads a programme has it."""
    for name in ("mentors.csv", "mentees.csv", "survey.csv"):
        (tmp_path / name).write_bytes((ROOT / "examples" / "pilot" / name).read_bytes())
    (tmp_path / "monitoring.csv").write_text("id,age band\nE02,30-39\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_pages_for_who_leads_a_programme_can_be_followed_from_top_to_bottom(a_round, capsys):
    """A second matching was to be written where the first stood, and was refused."""
    commands = [
        line.partition("   ")[0].replace("mentors.xlsx mentees.xlsx", "mentors.csv mentees.csv")
        for page in ("how-to/lead.md", "how-to/report.md")
        for block in blocks(page, "text")
        for line in block.splitlines()
    ]
    assert len(commands) > 20
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "ipmatch"
        assert main(arguments) == 0, f"{command}: {capsys.readouterr().err}"


def test_the_developer_s_page_runs(examples):
    exec(compile("".join(blocks("how-to/developer.md", "python")), "developer.md", "exec"), {})


def test_every_command_a_page_shows_is_one():
    for page in DOCS.rglob("*.md"):
        if page.parent.name == "reference":
            continue
        text = page.read_text(encoding="utf-8")
        for command in re.findall(r"(?:^|`)ipmatch (\w[\w-]*)", text, re.MULTILINE):
            assert command in COMMANDS, f"{page.name}: ipmatch {command}"


def test_every_page_is_in_the_navigation_once():
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = re.findall(r"[\w/-]+\.md$", text, re.MULTILINE)
    there = {
        page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md") if page.parent.name != "reference"
    }
    made = {f"reference/{page}.md" for page in ("python", "commands", "data")}
    assert sorted(listed) == sorted(there | made)


def test_every_link_of_a_page_is_to_a_page_of_the_site():
    """The site is built with --strict; a file elsewhere in the repository is named, not linked."""
    for page in DOCS.rglob("*.md"):
        if page.parent.name == "reference":
            continue
        for link in re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            target = (page.parent / link).resolve()
            assert target.is_relative_to(DOCS), f"{page.name}: {link}"
            assert target.exists() or target.parent.name == "reference", f"{page.name}: {link}"


def test_the_reference_tells_of_every_public_name_and_command(reference):
    pages = {path.name: text for path, text in reference.items()}
    for name in set(ipmatch.__all__) - {"__version__", "plots"}:
        assert re.search(rf"^::: ipmatch\.[\w.]+\.{name}$", pages["python.md"], re.MULTILINE), name
    for command in COMMANDS:
        assert f"\n## {command}\n" in pages["commands.md"]


def test_the_data_dictionary_says_what_every_field_of_people_and_rules_means(reference):
    page = next(text for path, text in reference.items() if path.name == "data.md")
    meanings = tomllib.loads((DOCS / "meanings.toml").read_text(encoding="utf-8"))
    for name, model in MODELS.items():
        inherited = set(Person.model_fields) if model in (Mentor, Mentee) else set()
        fields = set(model.model_fields) - inherited - {"kind", "version"}
        assert fields <= set(meanings[name]) <= set(model.model_fields), name
        for meaning in meanings[name].values():
            assert meaning in page
    assert "| `capacity` | whole number from 0 to 10000 | `1` |" in page
    assert set(meanings["Objective"]) == set(Objective.model_fields)
