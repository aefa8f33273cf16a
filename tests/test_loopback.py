"""The guard over sockets holds."""

import socket

import pytest

from tests.loopback import OffTheMachine, is_local


def test_no_test_speaks_to_another_machine() -> None:
    with socket.socket() as probe, pytest.raises(OffTheMachine):
        probe.connect(("192.0.2.1", 80))


def test_a_test_speaks_to_this_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        assert is_local(server.getsockname())
