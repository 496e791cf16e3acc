"""Ports of this machine for the programs that the tests start."""

from __future__ import annotations

import itertools
import os
import socket

__all__ = ["free_port"]

# Below the ports that systems hand out to whoever connects: none of these is taken by chance
# between the moment that it is found free and the one that a program listens on it.
FIRST = 10_240
COUNT = 21_504
# So many ports are tried from a place of this process's own before those of another.
BLOCK = 64

_numbers = itertools.count()


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port on which nothing listens, another one each time."""
    for number in itertools.islice(_numbers, COUNT):
        port = FIRST + (os.getpid() * BLOCK + number) % COUNT
        with socket.socket() as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
        return port
    raise AssertionError("no port is free")
