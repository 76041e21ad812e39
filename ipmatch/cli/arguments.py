"""The arguments of every command; loads nothing heavy, so that --help is quick."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from ipmatch.cli import (
    check,
    compare,
    decide,
    demo,
    equality,
    explain,
    followup,
    forget,
    history,
    importing,
    match,
    rematch,
    report,
    schema,
    scopes,
    sensitivity,
    template,
    verify,
    why_not,
)
from ipmatch.errors import Fault, UsageError
from ipmatch.writing.stdout import put

__all__ = ["COMMANDS", "parse"]

_FAMILIES = {
    "match": match,
    "rematch": rematch,
    "check": check,
    "explain": explain,
    "why-not": why_not,
    "sensitivity": sensitivity,
    "compare": compare,
    "verify": verify,
    "report": report,
    "decide": decide,
    "history": history,
    "import": importing,
    "scopes": scopes,
    "template": template,
    "followup": followup,
    "equality": equality,
    "forget": forget,
    "schema": schema,
    "demo": demo,
}
COMMANDS = tuple(_FAMILIES)

_EPILOG = """\
COHORT is a file with the mentors and mentees of one round; - is standard input.
"ipmatch pairs.json" is short for "ipmatch match pairs.json".

exit codes
  0    done, even if some mentees could not be paired: the answer says so
  1    a bug in ipmatch
  2    wrong usage: an argument, a file that is not there, an output that exists
  3    an input is not valid: every fault is listed
  4    the rules cannot all hold, or --require-all and somebody cannot be placed
  5    verify found the matching wrong
  6    an optional extra is missing
  7    the time limit ended the search
  8    the output could not be written
  130  interrupted
"""

# What argparse says, and how ipmatch says it.
_IN_OUR_WORDS = (
    (r"the following arguments are required: (.+)", r"{where}: {0} is missing."),
    (r"one of the arguments (.+) is required", r"{where}: one of {0} is needed."),
    (r"unrecognized arguments: (.+)", r'{where}: "{0}" is not understood.'),
    (r"argument (.+): not allowed with argument (.+)", r"{where}: {0} and {1} cannot stand together."),
    (r"argument (.+): expected (one|\d+) arguments?", r"{where}, {0}: expects {1} after it."),
    (r"argument (.+): expected at least one argument", r"{where}, {0}: expects something after it."),
    (
        r"argument (.+): invalid choice: '(.*)' \(choose from (.+)\)",
        r'{where}, {0}: "{1}" is not known. Use {2}.',
    ),
    (r"argument (.+): ignored explicit argument '(.*)'", r'{where}, {0}: takes no value ("{1}").'),
    (r"argument ([^:]+): (.+)", r"{where}, {0}: {1}."),
)


class _Parser(argparse.ArgumentParser):
    def print_help(self, file: object = None) -> None:
        put(self.format_help())

    def error(self, message: str) -> NoReturn:
        words = f"{self.prog}: {message}."
        for pattern, ours in _IN_OUR_WORDS:
            found = re.fullmatch(pattern, message, flags=re.DOTALL)
            if found:
                parts = [part.replace("'", "").replace(" --", ", --") for part in found.groups()]
                words = ours.format(*parts, where=self.prog)
                break
        raise UsageError([Fault("", words, f'See "{self.prog} --help".')])


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        put(f"ipmatch {version('ipmatch')}\n")
        parser.exit()


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The arguments, with ``run`` to call them with; ``match`` is put in where no command is named.

    Raises
    ------
    UsageError
        If they are not understood.
    SystemExit
        After ``--help`` and ``--version``.
    """
    words = list(words)
    at = next((place for place, word in enumerate(words) if word not in ("-q", "--quiet")), None)
    if at is not None and words[at] not in (*COMMANDS, "-h", "--help", "--version"):
        _refuse_a_misspelt_command(words[at])
        words.insert(at, "match")
    named = [] if at is None or words[at] not in COMMANDS else [words[at]]
    return _parser(named or COMMANDS).parse_args(words)


def _refuse_a_misspelt_command(word: str) -> None:
    close = difflib.get_close_matches(word, COMMANDS, n=1)
    if close and not Path(word).exists():
        what = f'"{word}" is neither a command nor a file here.'
        raise UsageError([Fault("ipmatch", what, f'Did you mean "{close[0]}"?')])


def _parser(names: Iterable[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="ipmatch",
        description="Pairs mentors with mentees provably best under stated rules, each explained.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    _add_quiet(parser, default=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", required=True)
    for name in names:
        _FAMILIES[name].add(commands)
    for command in commands.choices.values():
        command.allow_abbrev = False
        _add_quiet(command, default=argparse.SUPPRESS)
    return parser


def _add_quiet(parser: argparse.ArgumentParser, *, default: object) -> None:
    words = "no messages but errors"
    parser.add_argument("-q", "--quiet", action="store_true", default=default, help=words)
