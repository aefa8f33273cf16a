"""The AWS stand-in for tests: one a session, on a free port, forgetting. Import `cloud` in a conftest to use it."""

import socket
from collections.abc import Iterator

import pytest

from infra.local.emulator import process as stand_in


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def cloud() -> Iterator[str]:
    """The address of a stand-in of this session; keys are test/test, the region us-east-1."""
    port = free_port()
    process = stand_in.start(port, None)
    yield stand_in.endpoint(port)
    stand_in.stop(process)
