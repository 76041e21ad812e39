"""The zip file a workbook is, unpacked within bounds, but for what no list of people needs."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping

from ipmatch.errors import Fault, InputError

__all__ = ["refused", "unpack"]

LARGEST_UNPACKED = 256 << 20
MOST_PARTS = 4_000
MOST_TAGS = 12_000_000

_LEFT_OUT = re.compile(
    r"xl/(externalLinks|media|drawings|embeddings|charts|printerSettings|vbaProject)", re.I
)
# What a cell can hold takes a third of it, however it is written; a tag with endless attributes takes more.
_ENDLESS = re.compile(rb"<[^<]{1048576}")
# Of others the standard library unpacks all that a few bytes become, however little is asked for.
_PACKED_BIT_BY_BIT = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SAVE_ANEW = "Open it in Excel, save it as .xlsx, and try again."


def refused(name: str, what: str, mend: str = _SAVE_ANEW) -> InputError:
    """A workbook that is not read, and why."""
    return InputError([Fault(name, what, mend)])


def unpack(content: bytes, name: str) -> Mapping[str, bytes]:
    """The parts of a workbook that matter, by their names in lower case.

    Raises
    ------
    InputError
        If it is no workbook, or unpacks to far more than a list of people.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        what = "this is protected by a password, or an old .xls workbook."
        raise refused(name, what, "Save it as .xlsx, without a password.")
    try:
        parts = _unpacked(content, name)
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        raise refused(name, "this is not a workbook that can be read.") from None
    if "xl/workbook.xml" not in parts:
        raise refused(name, "this is not an .xlsx workbook.")
    if sum(text.count(b"<") for text in parts.values()) > MOST_TAGS or any(
        map(_ENDLESS.search, parts.values())
    ):
        raise refused(name, "it holds far more than a list of people.")
    return parts


def _unpacked(content: bytes, name: str) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = LARGEST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        entries = file.infolist()
        if len(entries) > MOST_PARTS:
            raise refused(name, "it has far too many parts.")
        for entry in entries:
            part = entry.filename.lower()
            if not part.endswith((".xml", ".rels")) or _LEFT_OUT.match(part):
                continue
            if part in parts:
                raise refused(name, "a part of it is there twice.")
            if entry.flag_bits & 1:
                raise refused(name, "it is protected by a password.", "Save it without a password.")
            if entry.compress_type not in _PACKED_BIT_BY_BIT:
                raise refused(name, "it is packed as no spreadsheet program packs it.")
            with file.open(entry) as stream:
                text = stream.read(left + 1)
            left -= len(text)
            if left < 0:
                what = f"it unpacks to more than {LARGEST_UNPACKED >> 20} megabytes."
                raise refused(name, what, "Keep one row for each person, and no pictures.")
            parts[part] = text
    return parts
