"""Any content as an enrolment: what two files of tests do with whatever they make up."""

from contextlib import suppress
from pathlib import Path

from ipmatch.errors import InputError
from ipmatch.reading.enrolments import read_enrolment


def told_or_read(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with suppress(InputError):
        read_enrolment(path)
