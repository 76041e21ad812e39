"""The command line as a process of its own: what is loaded, pipes, closed and full outputs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = "{'numpy', 'ortools', 'pydantic', 'networkx'}"


def process(*words, **options):
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        **options,
    )


@pytest.mark.parametrize(
    "does",
    [
        "import ipmatch; dir(ipmatch)",
        "from ipmatch.cli import main; assert main(['--help']) == 0",
        "from ipmatch.cli import main; assert main(['match', '--help']) == 0",
        "from ipmatch.cli import main; assert main(['--version']) == 0",
        "from ipmatch.cli import main; assert main(['schema', 'cohort']) == 0",
    ],
)
def test_little_is_loaded_for_little(does):
    done = process("-c", f"import sys; {does}; print(sorted({HEAVY} & set(sys.modules)), file=sys.stderr)")
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_a_match_loads_no_other_command_and_no_other_format(folder):
    needless = ("cli.rematch", "reading.journals", "reading.toml_text", "writing.markdown", "writing.table")
    does = "from ipmatch.cli import main; assert main(['pairs.json', '-o', 'out.json', '-q']) == 0"
    asks = f"{{*sys.modules}} & {{'numpy.ma', *{[f'ipmatch.{name}' for name in needless]!r}}}"
    done = process("-c", f"import sys; {does}; print(sorted({asks}))")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "[]\n")


def test_verify_needs_no_solver(folder):
    without = "import sys; sys.modules['ortools'] = None; from ipmatch.cli import main; sys.exit(main())"
    done = process("-c", without, "verify", "pairs.json", "matching.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert process("-c", without, "verify", "pairs.json", "wrong.json").returncode == 5


def test_the_module_is_the_command(folder):
    done = process("-m", "ipmatch", "pairs.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2 of 3 mentees")


def test_no_plugin_of_pydantic_sees_the_people(folder, tmp_path):
    about = tmp_path / "spy-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: spy\nVersion: 1\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[pydantic]\nspy = spy:plugin\n", encoding="utf-8")
    (tmp_path / "spy.py").write_text("print('I see you')\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = process("-m", "ipmatch", "pairs.json", env={**os.environ, "PYTHONPATH": path})
    assert (done.returncode, done.stderr) == (0, "")
    assert "I see you" not in done.stdout


def test_a_command_that_ends_looks_for_no_garbage(folder):
    """The last look through all that is held took 0.07 s of the 0.5 that a small match takes."""
    tells = "atexit.register(lambda: print(gc.get_freeze_count() > 0))"
    does = f"import atexit, gc, sys; {tells}; from ipmatch.cli import main; sys.exit(main())"
    done = process("-c", does, "pairs.json", "-o", "out.json", "-q")
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "True\n")


def test_a_cohort_comes_through_a_pipe(folder):
    done = process("-m", "ipmatch", "-", input=Path("pairs.json").read_text(encoding="utf-8"))
    assert done.returncode == 0
    assert "Next" not in done.stdout


def test_a_reader_that_leaves_early_is_no_error(folder):
    command = [sys.executable, "-m", "ipmatch", "pairs.json", "--format", "json"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("words", [("pairs.json",), ("pairs.json", "--format", "json"), ("--help",)])
def test_a_full_disk_is_exit_8(folder, words):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ipmatch", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 8
    assert b"Traceback" not in done.stderr


def test_a_terminal_without_unicode_gets_ascii(folder):
    awkward = Path(__file__).parents[1] / "golden" / "cohort-awkward.json"
    done = process("-m", "ipmatch", str(awkward), env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "Ana S\\xedlva" in done.stdout
