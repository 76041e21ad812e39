"""What the project's own pages say is so."""

import re
import shlex
import shutil
import tomllib
from importlib.metadata import version
from pathlib import Path

from ipmatch.cli import main
from ipmatch.cli.arguments import COMMANDS
from ipmatch.policy import Policy

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(language):
    """All blocks of a language, one after the other, as a reader would type them."""
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL))


def test_the_latest_entry_of_the_changelog_is_the_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    latest = re.search(r"^## \[(\d[^\]]*)\] - \d{4}-\d{2}-\d{2}$", changelog, re.MULTILINE)
    assert latest is not None
    assert latest[1] == project["version"] == version("ipmatch")


def test_the_readme_s_python_runs(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    exec(compile(block("python"), "README.md", "exec"), {})
    told = capsys.readouterr().out
    assert told.startswith("M01 E01 scope-and-sector 105\n  M01 prescribes in acute hospital")
    assert "M02 and E04 are paired." in told


def test_the_readme_s_round_can_be_run_from_survey_to_withdrawals(tmp_path, monkeypatch):
    """Line by line, in a copy of the folder with the survey exports."""
    shutil.copytree(ROOT / "examples" / "survey", tmp_path / "survey")
    monkeypatch.chdir(tmp_path / "survey")
    lines = [line for line in block("sh").splitlines() if line.startswith("ipmatch ")]
    assert len(lines) > 6
    for line in lines:
        assert main(shlex.split(line)[1:]) == 0, line


def test_the_readme_s_tables_name_every_command():
    named = re.findall(r"^\| `ipmatch ([\w-]+)", README, re.MULTILINE)
    assert set(named) == set(COMMANDS)


def test_the_readme_s_policy_is_one():
    policy = Policy.model_validate(tomllib.loads(block("toml")))
    assert (policy.weight("region"), policy.weight("sector"), policy.organisation.same) == (30, 65, "forbid")
    assert [quota.title for quota in policy.quotas] == ["mentees with sectors = community-pharmacy"]


def test_every_page_the_readme_links_to_is_there():
    made = re.findall(r"reference/\w+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md"), ROOT / "CONTRIBUTING.md"):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists() or link in made, f"{page.name}: {link}"
