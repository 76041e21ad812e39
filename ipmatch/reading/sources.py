"""The text of a file or of standard input; what is not UTF-8 is refused, with the byte where that begins."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from ipmatch.errors import Fault, InputError, UsageError
from ipmatch.expecting import PATH, expect

__all__ = [
    "LARGEST_MATCHING",
    "LARGEST_SURVEY",
    "SPREADSHEETS",
    "STANDARD_INPUT",
    "Source",
    "known_suffix",
    "name_of",
    "read_bytes",
    "read_head",
    "read_text",
    "read_utf8",
    "suffix_of",
]

Source = str | PathLike[str]

STANDARD_INPUT = "-"
SPREADSHEETS = (".xlsx", ".xlsm", ".csv")
LARGEST = 1 << 30
LARGEST_MATCHING = 1 << 32
"""Bytes of a matching with its reasons: of a million people they are more than a gigabyte."""
PIECE = 1 << 24
LARGEST_SURVEY = 64 << 20
"""Bytes of a spreadsheet that people can have filled in."""
LONGEST_NAME = 100

_SAVE_AS_UTF_8 = "Save it as UTF-8."
_UTF_16 = ("this is UTF-16 text, not UTF-8.", _SAVE_AS_UTF_8)
_SIGNATURES = {
    b"\xff\xfe": _UTF_16,
    b"\xfe\xff": _UTF_16,
    b"PK\x03\x04": ("this is a workbook or a zip file, not text.", "Give a text file, saved as UTF-8."),
}


def name_of(source: Source) -> str:
    """What messages call the source: the file's name without its folder."""
    expect(source=(source, *PATH))
    if source == STANDARD_INPUT:
        return "standard input"
    path = Path(source)
    name = "".join(letter if letter.isprintable() else "?" for letter in path.name or str(path))
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def suffix_of(source: Source) -> str:
    """The suffix in lower case; standard input has none."""
    expect(source=(source, *PATH))
    return "" if source == STANDARD_INPUT else Path(source).suffix.lower()


def known_suffix(source: Source, known: Collection[str], mend: str) -> str:
    """The suffix, if it is one of these or none, as of a pipe, against which nothing speaks.

    Raises
    ------
    UsageError
        If it is another.
    """
    suffix = suffix_of(source)
    if suffix not in ("", *known):
        raise UsageError([Fault(name_of(source), f"files ending in {suffix} are not read here.", mend)])
    return suffix


def read_text(source: Source, largest: int | None = None) -> str:
    """The source decoded as UTF-8, with or without byte order mark.

    Raises
    ------
    UsageError
        If there is nothing to read: no such file, a folder, no permission.
    InputError
        If it is not UTF-8 text, is empty, or is larger than ``largest``, by default a gigabyte.
    """
    return _text(read_bytes(source, largest, _may_be_text), name_of(source))


def read_utf8(source: Source) -> bytes:
    """The source as it is, once it is certain that it is UTF-8 text: to be decoded bit by bit.

    Raises
    ------
    UsageError, InputError
        As :func:`read_text`.
    """
    content = read_bytes(source, fits=_may_be_text)
    _text(content, name_of(source))
    return content


def read_bytes(
    source: Source, largest: int | None = None, fits: Callable[[bytes], bool] = lambda _: True
) -> bytes:
    """What the source holds; no more than its beginning if that does not fit, for it may have no end.

    Raises
    ------
    UsageError
        If there is nothing to read: no such file, a folder, no permission.
    InputError
        If it is larger than ``largest``, by default a gigabyte.
    """
    name, largest = name_of(source), LARGEST if largest is None else largest
    if source == STANDARD_INPUT and sys.stdin is None:
        raise UsageError([Fault(name, "it is closed.", "Pipe a file into it, or name one.")])
    with _told(name), _opened(source) as stream:
        pieces = list(_pieces(stream, largest + 1, fits))
    if sum(map(len, pieces)) > largest:
        raise InputError([Fault(name, f"more than {largest:,} bytes.", "Give a smaller file.")])
    return b"".join(pieces)


def read_head(source: Source, most: int) -> tuple[bytes, int]:
    """The first bytes of a file, at most so many, and the number of all its bytes; of a pipe nothing.

    Raises
    ------
    UsageError
        As :func:`read_bytes`.
    """
    with _told(name_of(source)):
        path = Path(source)
        if path.is_fifo():
            return b"", 0  # what is taken out of it here would be lost to whoever reads it
        with path.open("rb") as stream:
            return stream.read(most), os.fstat(stream.fileno()).st_size


def _pieces(stream: BinaryIO, most: int, fits: Callable[[bytes], bool]) -> Iterator[bytes]:
    """So many bytes, or all; asked for at once, the memory for so many would be set aside."""
    piece = stream.read(min(most, PIECE))
    most = most if fits(piece) else len(piece)
    while piece:
        yield piece
        most -= len(piece)
        piece = stream.read(min(most, PIECE))


def _may_be_text(head: bytes) -> bool:
    """No text holds a zero byte."""
    return b"\0" not in head


def _text(content: bytes, name: str) -> str:
    text = _decoded(content, name)
    if not text or text.isspace():
        raise InputError([Fault(name, "the file is empty.", "Give a file with one document in it.")])
    return text


def _decoded(content: bytes, name: str) -> str:
    for signature, (what, mend) in _SIGNATURES.items():
        if content.startswith(signature):
            raise _not_text(name, 0, what, mend)
    # UTF-16 without its mark has a zero byte at every second place, and decodes as UTF-8.
    zero = content.find(0)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        first = error.start if zero < 0 else min(zero, error.start)
        raise _not_text(name, first) from None
    if zero >= 0:
        raise _not_text(name, zero)
    return text


def _not_text(
    name: str, offset: int, what: str = "this is not UTF-8 text.", mend: str = _SAVE_AS_UTF_8
) -> InputError:
    return InputError([Fault(f"{name}, byte offset {offset}", what, mend)])


@contextmanager
def _opened(source: Source) -> Iterator[BinaryIO]:
    if source == STANDARD_INPUT:
        yield sys.stdin.buffer
    else:
        with Path(source).open("rb") as stream:
            yield stream


@contextmanager
def _told(name: str) -> Iterator[None]:
    """The operating system's refusals as faults in plain words."""
    try:
        yield
    except FileNotFoundError:
        fault = Fault(name, "there is no such file.", "Check its name and its folder.")
    except IsADirectoryError:
        fault = Fault(name, "this is a folder.", "Give a file.")
    except PermissionError:
        fault = Fault(name, "this file may not be read.", "Check its permissions, and that it is no folder.")
    except OSError as error:
        reason = error.strerror or "unknown reason"
        fault = Fault(name, f"this file cannot be read ({reason}).", "Check its name and its disk.")
    except ValueError:
        fault = Fault(name, "this is not the name of a file.", "Check its name.")
    else:
        return
    raise UsageError([fault])
