"""Refuses every connection of this Python and, by its place on PYTHONPATH, of every Python it starts."""

from __future__ import annotations

import os
import sys

# Set while a test with the marker "sockets" or "browser" runs.
ALLOWED = "IPMATCH_TEST_SOCKETS"

_EVENTS = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")

tried: list[str] = []


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in _EVENTS and ALLOWED not in os.environ:
        tried.append(event)
        raise ConnectionRefusedError(f'{event}: no test may open a connection without the marker "sockets"')


sys.addaudithook(_refuse)
