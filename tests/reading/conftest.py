from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ipmatch.errors import InputError

Faults = Callable[..., list[str]]


@pytest.fixture
def faults(tmp_path: Path) -> Faults:
    """The faults, as printed, of a file with this content; a value that is no text becomes JSON."""

    def read(reader: Callable[[Path], object], content: Any, name: str = "pairs.json") -> list[str]:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            reader(path)
        return [str(fault) for fault in caught.value.faults]

    return read
