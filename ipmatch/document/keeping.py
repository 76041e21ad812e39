"""Making many objects that stay: meanwhile no garbage is looked for among them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["keeping"]


@contextmanager
def keeping() -> Iterator[None]:
    """Collect no garbage meanwhile: all that is made is kept, and looking through it again takes long."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
