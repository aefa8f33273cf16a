"""Tests open no sockets but to this machine: an audit hook refuses the rest."""

import ipaddress
import sys
from pathlib import Path

LOCAL_NAMES = frozenset({"localhost", ""})


class OffTheMachine(Exception):  # noqa: N818 - says what happened
    """A test wanted to speak to another machine."""


def guard() -> None:
    """From now on a connection to anywhere but loopback or a local socket raises. It cannot be undone."""
    sys.addaudithook(_judge)


def _judge(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and not is_local(arguments[1]):
        raise OffTheMachine(f"a test may not connect to {arguments[1]}")


def is_local(address: object) -> bool:
    """Whether an address is of this machine."""
    if isinstance(address, str | bytes | Path):
        return True  # a Unix socket
    host = str(address[0]) if isinstance(address, tuple) else ""
    if host in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
