"""No test opens a connection unless it says so: neither in this Python nor in one it starts."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from .offline import guard as offline

CONNECT = "import socket; socket.socket().connect(('127.0.0.1', 9))"


def test_a_connection_is_refused_before_it_is_tried():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for attempt in (
            lambda: socket.create_connection(("example.org", 80)),
            lambda: sender.sendto(b"x", ("127.0.0.1", 9)),
        ):
            with pytest.raises(ConnectionRefusedError, match='without the marker "sockets"'):
                attempt()
    assert offline.tried == ["socket.getaddrinfo", "socket.sendto"]
    offline.tried.clear()


def test_a_python_that_a_test_starts_refuses_too():
    done = subprocess.run([sys.executable, "-c", CONNECT], capture_output=True, text=True)
    assert 'no test may open a connection without the marker "sockets"' in done.stderr


@pytest.mark.sockets
def test_a_test_that_needs_connections_says_so():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        socket.create_connection(listener.getsockname()).close()
