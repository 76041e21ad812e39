"""Everything ipmatch raises on purpose; each message says where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = [
    "Fault",
    "InfeasibleError",
    "InputError",
    "InternalError",
    "IpmatchError",
    "MissingExtraError",
    "OutputError",
    "TimeLimitError",
    "UsageError",
    "needing",
    "raise_all",
    "read_each",
    "taken",
]

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: the place, what was found there, and how to mend it."""

    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.what} {self.mend}".rstrip()


class IpmatchError(Exception):
    """The root of every error ipmatch raises on purpose."""


class InputError(IpmatchError, ValueError):
    """An input is not valid; ``faults`` lists everything wrong with it, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__()

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class UsageError(InputError):
    """What was asked for cannot be: a file that is not there, an unknown id, an output that exists."""


class InfeasibleError(IpmatchError):
    """The rules cannot all hold; ``conflict`` names an irreducible set of rules that clash."""

    def __init__(self, message: str, conflict: Iterable[str]) -> None:
        self.conflict = tuple(conflict)
        super().__init__(message)

    def __reduce__(self) -> tuple[type[InfeasibleError], tuple[str, tuple[str, ...]]]:
        return type(self), (str(self), self.conflict)


class TimeLimitError(IpmatchError):
    """The time limit came before anything could be found."""


class MissingExtraError(IpmatchError, ImportError):
    """An optional extra is not installed; the message gives the exact ``pip install``."""


class OutputError(IpmatchError, OSError):
    """An output could not be written; nothing half-written is left behind."""


class InternalError(IpmatchError):
    """An answer failed its own certificate: a bug in ipmatch; the answer is never returned."""


@contextmanager
def needing(extra: str, what: str) -> Iterator[None]:
    """Import inside it what an extra brings; if it is not there, say ``what`` needs it, and how to get it.

    Raises
    ------
    MissingExtraError
        If a module is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        mend = f'pip install "ipmatch[{extra}]"'
        raise MissingExtraError(f"{what} needs the {extra} extra: {mend}", name=missing.name) from None


def read_each(reads: Iterable[Callable[[], Read]]) -> list[Read]:
    """What each of these gives.

    Raises
    ------
    UsageError, InputError
        With the faults of all of them, in order.
    """
    errors, found = list[InputError](), list[Read]()
    for read in reads:
        try:
            found.append(read())
        except InputError as error:
            errors.append(error)
    raise_all(errors)
    return found


def taken(errors: list[InputError], read: Callable[[Any], Read], given: object) -> Read | None:
    """What is read of what is given, if anything is; what is wrong with it is put with the other errors."""
    try:
        return None if given is None else read(given)
    except InputError as error:
        errors.append(error)
        return None


def raise_all(errors: Sequence[InputError]) -> None:
    """Tell the faults of these at once, each once; of wrong usage, if any of them is.

    Raises
    ------
    UsageError, InputError
        Unless there are none.
    """
    if errors:
        kind = UsageError if any(isinstance(error, UsageError) for error in errors) else InputError
        raise kind(dict.fromkeys(fault for error in errors for fault in error.faults))
