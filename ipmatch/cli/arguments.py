"""The arguments of every command; loads nothing heavy, so that --help is quick."""

from __future__ import annotations

import argparse
import difflib
import re
from collections import deque
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import NoReturn

from ipmatch.cli.common import Commands
from ipmatch.errors import Fault, UsageError
from ipmatch.words import listed
from ipmatch.writing.stdout import put

__all__ = ["COMMANDS", "parse"]

# In which module each command is; only that of the command named is loaded.
_MODULES = {
    "match": "match",
    "rematch": "rematch",
    "check": "check",
    "explain": "explain",
    "why-not": "why_not",
    "sensitivity": "sensitivity",
    "compare": "compare",
    "verify": "verify",
    "report": "report",
    "decide": "decide",
    "history": "history",
    "import": "importing",
    "scopes": "scopes",
    "template": "template",
    "followup": "followup",
    "equality": "equality",
    "forget": "forget",
    "schema": "schema",
    "demo": "demo",
}
COMMANDS = tuple(_MODULES)

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

# What people type who do not know the options yet.
_PLAIN = {"help": "--help", "version": "--version"}

# What is never an option: a word without a dash before it, a dash alone, a number below 0, a phrase.
_NO_OPTION = re.compile(r"|[^-].*|-|-\d+|-\d*\.\d+|.*\s.*", flags=re.DOTALL)

# What argparse says, and how ipmatch says it.
_IN_OUR_WORDS = (
    (r"the following arguments are required: COMMAND", r"{where}: name a file to match, or a command."),
    (r"the following arguments are required: ([^,]+)", r"{where}: {0} is missing."),
    (r"the following arguments are required: (.+), (.+)", r"{where}: {0} and {1} are missing."),
    (r"one of the arguments (.+) is required", r"{where}: one of {0} is needed."),
    (r"argument (.+): not allowed with argument (.+)", r"{where}: {0} and {1} cannot stand together."),
    (r"argument (.+): expected (one|\d+) arguments?", r"{where}, {0}: expects {1} after it."),
    (r"argument (.+): expected at least one argument", r"{where}, {0}: expects something after it."),
    (
        r"argument (.+): invalid choice: '(.*)' \(choose from (.+)\)",
        r'{where}, {0}: "{1}" is not known.{hint} Use {2}.',
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
                hint = _hint(parts[1], parts[2].split(", ")) if "{hint}" in ours else ""
                words = ours.format(*parts, where=self.prog, hint=hint)
                break
        raise UsageError([Fault("", words, f'See "{self.prog} --help".')])


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version

        put(f"ipmatch {version('ipmatch')}\n")
        parser.exit()


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The arguments, with ``run`` to call them with; ``match`` is put in where no command is named.

    The words ``help``, ``help COMMAND`` and ``version`` are understood too.

    Raises
    ------
    UsageError
        If they are not understood.
    SystemExit
        After ``--help`` and ``--version``.
    """
    words = list(words)
    at = next((place for place, word in enumerate(words) if word not in ("-q", "--quiet")), None)
    if at is not None and words[at] in _PLAIN and not Path(words[at]).exists():
        words[at:] = [*words[at + 1 : at + 2], _PLAIN[words[at]]]
    if at is not None and words[at] not in (*COMMANDS, "-h", "--help", "--version"):
        _refuse_a_misspelt_command(words[at])
        words.insert(at, "match")
    named = [] if at is None or words[at] not in COMMANDS else [words[at]]
    parser, commands = _parser(named or COMMANDS)
    for name in named:
        _refuse_unknown_options(commands.choices[name], words[words.index(name) + 1 :])
    given, more = parser.parse_known_args(words)
    if more:
        where = f"ipmatch {given.command}"
        raise UsageError([Fault(where, f'"{" ".join(more)}" is not expected.', f'See "{where} --help".')])
    return given


def _refuse_a_misspelt_command(word: str) -> None:
    hint = _hint(word, COMMANDS)
    if hint and not Path(word).exists():
        raise UsageError([Fault("ipmatch", f'"{word}" is neither a command nor a file here.', hint.strip())])


def _refuse_unknown_options(command: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Before argparse looks: it would ask for what is missing first, and never says what was meant."""
    options = command._option_string_actions
    rest = iter(words)
    for word in rest:
        name = word.partition("=")[0]
        if word == "--":
            return
        if word in options:
            # Whatever stands where its values should, argparse sees to.
            nargs = options[word].nargs
            deque(islice(rest, nargs if isinstance(nargs, int) else 1), maxlen=0)
        elif not (name in options or word[:2] in options or _NO_OPTION.fullmatch(word)):
            what, others = f'there is no option "{name}"', _commands_with(name)
            if not others:
                what = f"{what}.{_hint(name, options)}"
                raise UsageError([Fault(command.prog, what, f'See "{command.prog} --help".')])
            have = "has" if len(others) == 1 else "have"
            mend = f'See "ipmatch {others[0]} --help".'
            raise UsageError([Fault(command.prog, f"{what}; {listed(others)} {have} one.", mend)])


def _commands_with(option: str) -> list[str]:
    """The commands that have an option."""
    _, commands = _parser(COMMANDS)
    return [name for name, one in commands.choices.items() if option in one._option_string_actions]


def _hint(word: str, known: Iterable[str]) -> str:
    """The question whether the nearest of the known words was meant, after a space; dashes say nothing."""
    bare = {name.lstrip("-"): name for name in known}
    close = difflib.get_close_matches(word.lstrip("-").lower(), bare, n=1, cutoff=0.65)
    return f' Did you mean "{bare[close[0]]}"?' if close else ""


def _parser(names: Iterable[str]) -> tuple[argparse.ArgumentParser, Commands]:
    parser: argparse.ArgumentParser = _Parser(
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
        import_module(f"ipmatch.cli.{_MODULES[name]}").add(commands)
    for command in commands.choices.values():
        command.allow_abbrev = False
        _add_quiet(command, default=argparse.SUPPRESS)
    return parser, commands


def _add_quiet(parser: argparse.ArgumentParser, *, default: object) -> None:
    words = "no messages but errors"
    parser.add_argument("-q", "--quiet", action="store_true", default=default, help=words)
