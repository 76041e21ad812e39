"""The shape of the package: imports go down only, the solver has one door, files stay small."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "ipmatch").rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

# From the ground up; modules on one floor never import each other.
FLOORS = (
    {"errors", "words", "suppression", "parquet"},
    {"expecting"},
    {"document"},
    {"vocabulary", "solving"},
    {"people", "certificates"},
    {"costs", "decisions", "fingerprint", "quotas", "sessions"},
    {"checks", "policy"},
    {"cohort"},
    {"matching"},
    {"answers"},
    {"intake", "scoring", "synthetic"},
    {"limits", "requests"},
    {"posing"},
    {"crowds"},
    {"explaining"},
    {"crowded"},
    {"verifying"},
    {"answering"},
    {"studied"},
    {"programme", "study", "trying"},
    {"front_door"},
    {"fitting", "reporting", "sweeping"},
    {"reading", "writing"},
    {"forgetting", "notebook", "schemas"},
    {"cli"},
    {"__main__"},
)
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}

# What a module may import before anybody calls it; all else, extras above all, loads late.
EARLY = {*sys.stdlib_module_names, "ipmatch", "numpy", "pydantic", "pydantic_core"}


def part(path):
    """The part of the package a file belongs to: ``scoring`` for scoring/tables.py."""
    return path.relative_to(ROOT / "ipmatch").parts[0].removesuffix(".py")


def imported(path, nodes):
    """Dotted names of what these nodes import, relative ones made absolute."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join((*package[: len(package) + 1 - node.level], *filter(None, [node.module])))
            name = base if node.level else node.module
            yield from (f"{name}.{alias.name}" for alias in node.names)


def run_without(blocked, code):
    """Run code in a Python of its own where importing ``blocked`` fails."""
    block = f"import sys; sys.modules.update(dict.fromkeys({blocked!r}))\n"
    done = subprocess.run([sys.executable, "-c", block + code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_imports_go_down_only():
    upward = [
        f"{part(path)} imports {name}"
        for path, tree in TREES.items()
        for name in imported(path, ast.walk(tree))
        if part(path) != "__init__" and name.startswith("ipmatch.")
        if (there := name.split(".")[1]) in FLOOR
        and there != part(path)
        and FLOOR[there] >= FLOOR[part(path)]
    ]
    assert upward == []


def test_only_the_package_itself_what_a_notebook_shows_and_the_command_line_import_by_name():
    looking = [
        path.relative_to(ROOT / "ipmatch").as_posix()
        for path, tree in TREES.items()
        if "importlib.import_module" in imported(path, ast.walk(tree))
    ]
    assert looking == ["__init__.py", "cli/arguments.py", "document/shown.py"]


def test_every_part_of_the_package_has_a_floor():
    assert {part(path) for path in MODULES} - {"__init__"} <= set(FLOOR)


def test_only_the_flow_module_knows_the_solver():
    names = {
        path.name: {name.split(".")[0] for name in imported(path, ast.walk(TREES[path]))} for path in MODULES
    }
    assert [file for file, imports in names.items() if "ortools" in imports] == ["flow.py"]


def test_optional_and_heavy_libraries_load_late():
    for path in MODULES:
        early = {name.split(".")[0] for name in imported(path, TREES[path].body)} - EARLY
        assert early <= ({"ortools"} if path.name == "flow.py" else set()), path


def test_verify_needs_no_solver():
    run_without(
        ["ortools", "scipy"],
        "from pathlib import Path\n"
        "from ipmatch.cohort import Cohort\n"
        "from ipmatch.matching import Matching\n"
        "from ipmatch.front_door import verify\n"
        "cohort = Cohort.model_validate_json(Path('examples/pairs.json').read_text('utf-8'))\n"
        "matching = Matching.model_validate_json(Path('examples/pairs.matching.json').read_text('utf-8'))\n"
        "assert verify(cohort, matching).ok\n",
    )


def test_every_library_that_is_asked_for_is_used():
    """One came with every page and workbook, three more came with it, and nothing imported it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    ours = [
        *project["dependencies"],
        *(each for name in ("office", "notebook", "distributed", "columnar") for each in extras[name]),
    ]
    used = {name.partition(".")[0] for path, tree in TREES.items() for name in imported(path, ast.walk(tree))}
    assert {re.match(r"\w+", each)[0] for each in ours} - used == set()


def test_matching_needs_no_library_of_an_extra():
    run_without(
        ["pandas", "polars", "narwhals", "matplotlib", "jinja2"],
        "from ipmatch.front_door import match\n"
        "from ipmatch.synthetic import demo_cohort\n"
        "assert match(demo_cohort(10, 10, seed=0)).status == 'optimal'\n"
        "assert 'scipy' not in sys.modules  # only rules that leave the network need it\n",
    )


def test_a_small_match_loads_nothing_of_other_sizes_and_questions():
    run_without(
        [],
        "from ipmatch.front_door import match\n"
        "from ipmatch.synthetic import demo_cohort\n"
        "match(demo_cohort(200, 300, seed=0))\n"
        "needless = 'answers', 'scoring.crowd', 'solving.columns', 'solving.rows.core'\n"
        "loaded = [one for one in needless if 'ipmatch.' + one in sys.modules]\n"
        "assert loaded == [], loaded\n"
        "assert 'scipy' not in sys.modules\n"
        "from ipmatch.matching import Contribution, Matching\n"
        "assert not (Matching.__pydantic_complete__ or Contribution.__pydantic_complete__)\n",
    )


def test_a_big_match_loads_nothing_of_questions_and_workers():
    """A module of questions lent it one function, and came with twenty models that nobody asked for."""
    run_without(
        [],
        "from ipmatch import crowds\n"
        "from ipmatch.front_door import match\n"
        "from ipmatch.synthetic import demo_cohort\n"
        "crowds.CROWD = 0\n"
        "match(demo_cohort(60, 100, seed=0))\n"
        "assert 'ipmatch.solving.columns.search' in sys.modules\n"
        "needless = 'ipmatch.answers', 'ipmatch.explaining.why_not', 'concurrent.futures', 'scipy'\n"
        "loaded = [one for one in needless if one in sys.modules]\n"
        "assert loaded == [], loaded\n",
    )


def test_no_file_is_longer_than_300_lines():
    folders = ("ipmatch", "tests", "examples", "benchmarks")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    long = [str(path) for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 300]
    assert long == []


def test_every_module_says_what_it_is():
    assert [str(path) for path, tree in TREES.items() if tree.body and not ast.get_docstring(tree)] == []


def test_what_writes_neither_scores_nor_solves():
    forbidden = (
        "ipmatch.solving",
        "ipmatch.posing",
        "ipmatch.scoring.scores.score",
        "ipmatch.front_door.match",
    )
    found = [
        f"{path.name} imports {name}"
        for path, tree in TREES.items()
        if part(path) == "writing"
        for name in imported(path, ast.walk(tree))
        if name.startswith(forbidden[:2]) or name in forbidden
    ]
    assert found == []


def test_only_the_command_line_prints():
    printing = [
        str(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        if part(path) not in ("cli", "writing")
    ]
    assert printing == []
