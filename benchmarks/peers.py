"""The peers: what each installs into an environment of its own, and up to which size it is worth asking."""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["HERE", "PEERS", "Peer"]

HOME = Path(__file__).parents[1] / ".benchmarks"


@dataclass(frozen=True, slots=True)
class Peer:
    """One other way to pair people.

    Attributes
    ----------
    name
        The package, which its environment installs; the process calls it by the same name.
    largest
        The largest size it is asked: beyond it would take minutes or more.
    needs
        What else its environment installs.
    goal
        What it aims at; only answers of those that aim at ours can be compared with ours.
    installed
        Whether our own environment has it.
    """

    name: str
    largest: int
    needs: tuple[str, ...] = ("numpy",)
    goal: str = "the same"
    installed: bool = False

    def python(self) -> str | None:
        """The Python that runs it; ``None`` if it cannot be installed here, for want of a network say."""
        return sys.executable if self.installed else _installed(self.name, self.needs)


PEERS = (
    Peer("scipy", 5000),
    Peer("lapx", 5000),
    Peer("ortools", 2000),
    Peer("networkx", 500, ("numpy", "scipy")),
    Peer("munkres", 500),
    Peer("matching", 100, goal="a stable pairing"),
    Peer("mentor-match", 500, goal="the best total, those it may not pair at 0"),
)

HERE = Peer("scipy", 5000, installed=True)
"""The one peer that needs no environment of its own."""


@cache
def _installed(name: str, needs: tuple[str, ...]) -> str | None:
    folder = HOME / name
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        try:
            venv.create(folder, clear=True, with_pip=True)
            command = [
                str(python),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                name,
                *needs,
            ]
            subprocess.run(command, check=True, capture_output=True, timeout=600)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"{name} cannot be installed here ({type(error).__name__}): left out", file=sys.stderr)
            return None
        done.touch()
    return str(python)
