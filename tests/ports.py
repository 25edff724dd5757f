"""Ports for servers of the tests."""

import socket

__all__ = ["free_port"]

_GIVEN: set[int] = set()


def free_port() -> int:
    """Return a port that nothing listens at, and that was not returned before.

    Whoever asks for several would else get the same one twice, once in a while.
    """
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in _GIVEN:
            _GIVEN.add(port)
            return port
